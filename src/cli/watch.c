/* SPDX-License-Identifier: MIT */
#include "cli/watch.h"

#include "approval/approval.h"
#include "base/clock.h"
#include "base/error.h"
#include "cli/child_process.h"
#include "cli/command.h"
#include "cli/drop_watch.h"
#include "cli/service.h"
#include "cli/stage.h"
#include "cli/watch_due.h"
#include "cli/watch_session.h"
#include "config/config.h"
#include "database/database.h"
#include "digest/digest.h"
#include "receipt/receipt.h"
#include "release/release_store.h"

#include <poll.h>

/* The drop directory is scanned at least this often, because the kernel's hints are not complete;
 * but scanning takes at most a twentieth of the time. */
enum { SCAN_EVERY_MS = 10000, SCAN_SHARE = 20 };

/* How often other processes' commits are noticed, so that a withdrawal by command does not wait for
 * the next scan. */
enum { TICK_MS = 500 };

/* Files come in groups, so a round begins when none has come for a moment, or after the maximum. */
enum { CROWD_MS = 200, CROWD_MAXIMUM_MS = 2000 };

enum {
    STEP_INGEST,
    STEP_PUBLISH,
    STEP_ANNOUNCE,
    STEP_RECEIPTS,
    STEP_DIGEST,
    STEP_APPROVAL,
    STEP_STATUS_PAGE,
    STEP_COUNT
};

enum { CHILD_DELIVER, CHILD_COLLECT, CHILD_COUNT };

struct watch {
    const struct command_context *outer;
    struct watch_session *session;
    struct drop_watch *drop;
    struct watch_step steps[STEP_COUNT];
    struct child_process children[CHILD_COUNT];
    int64_t scan_ms;  /* the next scan, with or without a hint */
    int64_t round_at; /* when the last round began, by the clock that releases wait for */
    int64_t change_number;
    int64_t withdrawal; /* the withdrawn release that a round was run for; 0: none */
    int64_t due;        /* a release that was due then; 0: none */
    struct context_step_state due_state;
};

static void run_round(struct watch *watch)
{
    struct command_context *context = &watch->session->context;
    int64_t began_ms = clock_monotonic_now();
    watch->round_at = clock_now(&context->clock);
    for (size_t i = 0; i < STEP_COUNT && !service_is_stopping(); i++) {
        (void)watch_step_run(&watch->steps[i], context);
        if (i >= STEP_PUBLISH)
            context_unlock_run(context);
        service_ping_watchdog();
    }
    context_unlock_run(context);
    int64_t now_ms = clock_monotonic_now();
    int64_t pause_ms = (now_ms - began_ms) * SCAN_SHARE;
    watch->scan_ms = now_ms + (pause_ms > SCAN_EVERY_MS ? pause_ms : SCAN_EVERY_MS);
}

static bool find_due(const struct watch *watch, int64_t now_at, int64_t *due_at,
                     struct error *error)
{
    const struct command_context *context = &watch->session->context;
    const struct config *config = context->config;
    int64_t times[] = { INSTANT_NONE, INSTANT_NONE, INSTANT_NONE, INSTANT_NONE };
    if (!release_next_due(context->database, now_at, &times[0], error) ||
        !digest_next_at(context->database, &config->digest, now_at, &times[1], error) ||
        (config->receipt.is_wanted && !receipt_next_due(context->database, &times[2], error)) ||
        !approval_next_at(context->database, &times[3], error))
        return false;
    /* It says now for as long as the step has not done it. */
    if (watch_step_backoff_ms(&watch->steps[STEP_DIGEST]) > 0)
        times[1] = INSTANT_NONE;
    *due_at = watch_due_first(times, sizeof times / sizeof times[0], watch->round_at);
    return true;
}

/* Milliseconds until the next release is to appear, or the next digest or receipt is due. */
static int64_t due_wait_ms(struct watch *watch)
{
    struct command_context *context = &watch->session->context;
    struct error error;
    int64_t now_at = clock_now(&context->clock);
    int64_t due_at = INSTANT_NONE;
    context->step_state = &watch->due_state;
    if (!find_due(watch, now_at, &due_at, &error))
        (void)context_fail(context, &error);
    else
        watch->due_state.failure[0] = '\0';
    context->step_state = NULL;
    return due_at == INSTANT_NONE ? INT64_MAX : due_at - now_at + 1;
}

/* What somebody has let go, by an answer or a command, is due at once. The same one causes no
 * second round, as with withdrawals. */
static bool find_let_go(struct watch *watch, bool *is_new, struct error *error)
{
    struct database *database = watch->session->context.database;
    const struct release_filter filter = { .only_unpublished_due = true,
                                           .now_at = clock_now(&watch->session->context.clock) };
    struct release_cursor cursor;
    const struct release_row *row;
    int64_t before = watch->due;
    release_cursor_open(&cursor, database, &filter);
    watch->due = release_cursor_next(&cursor, &row, error) ? row->row_id : 0;
    *is_new = watch->due && watch->due != before;
    return release_cursor_close(&cursor);
}

static bool find_withdrawal(struct watch *watch, bool *is_new, struct error *error)
{
    struct database *database = watch->session->context.database;
    int64_t change_number;
    int64_t before = watch->withdrawal;
    if (!database_change_number(database, &change_number, error))
        return false;
    if (change_number == watch->change_number)
        return true;
    watch->change_number = change_number;
    if (!release_next_withdrawal(database, &watch->withdrawal, error))
        return false;
    *is_new = watch->withdrawal && watch->withdrawal != before;
    return *is_new || find_let_go(watch, is_new, error);
}

/* Whether a command has withdrawn another release. The same one causes no second round; where its
 * withdrawal failed, publishing is tried again later anyway. */
static bool withdrawal_arrived(struct watch *watch)
{
    struct command_context *context = &watch->session->context;
    struct error error;
    bool is_new = false;
    context->step_state = &watch->due_state;
    if (!find_withdrawal(watch, &is_new, &error))
        (void)context_fail(context, &error);
    context->step_state = NULL;
    return is_new;
}

static int64_t least(int64_t left, int64_t right)
{
    return left < right ? left : right;
}

/* Milliseconds until the next scan, or until a step that failed is tried again. */
static int64_t round_wait_ms(struct watch *watch)
{
    int64_t wait_ms = watch->scan_ms - clock_monotonic_now();
    for (size_t i = 0; i < STEP_COUNT; i++) {
        int64_t backoff_ms = watch_step_backoff_ms(&watch->steps[i]);
        if (backoff_ms > 0)
            wait_ms = least(wait_ms, backoff_ms);
    }
    return wait_ms;
}

/* Reads the kernel's hints until none has come for a moment. */
static bool drop_arrived(struct watch *watch)
{
    struct pollfd heard = { .fd = drop_watch_descriptor(watch->drop), .events = POLLIN };
    int64_t until_ms = clock_monotonic_now() + CROWD_MAXIMUM_MS;
    if (!drop_watch_take(watch->drop))
        return false;
    while (!service_is_stopping() && clock_monotonic_now() < until_ms) {
        heard.revents = 0;
        service_wait(&heard, 1, CROWD_MS);
        if (!heard.revents || !drop_watch_take(watch->drop))
            break;
    }
    return true;
}

/* Waits for something to do. */
static void wait_for_round(struct watch *watch)
{
    int64_t due_ms = due_wait_ms(watch);
    if (due_ms < INT64_MAX)
        due_ms += clock_monotonic_now();
    while (!*service_interrupt()) {
        struct pollfd heard = { .fd = drop_watch_descriptor(watch->drop), .events = POLLIN };
        child_processes_keep(watch->children, CHILD_COUNT, &watch->session->context);
        service_ping_watchdog();
        int64_t wait_ms = least(round_wait_ms(watch), due_ms - clock_monotonic_now());
        if (wait_ms <= 0 || drop_arrived(watch) || withdrawal_arrived(watch))
            return;
        wait_ms = least(wait_ms, child_processes_wait_ms(watch->children, CHILD_COUNT));
        service_wait(&heard, 1, least(least(wait_ms, TICK_MS), service_watchdog_wait_ms()));
    }
}

/* What depends on the configuration. */
static void configure(struct watch *watch)
{
    const struct config *config = watch->session->context.config;
    drop_watch_close(watch->drop);
    watch->drop = drop_watch_open(config->releases_path);
    watch->children[CHILD_COLLECT].is_wanted = config->inbox.url != NULL;
}

static void stay(struct watch *watch)
{
    configure(watch);
    service_notify("READY=1");
    while (!service_is_stopping()) {
        if (watch_session_renew(&watch->session, watch->outer)) {
            configure(watch);
            child_processes_signal(watch->children, CHILD_COUNT, SIGHUP);
        }
        child_processes_keep(watch->children, CHILD_COUNT, &watch->session->context);
        drop_watch_renew(watch->drop);
        run_round(watch);
        wait_for_round(watch);
    }
    service_notify("STOPPING=1");
    child_processes_end(watch->children, CHILD_COUNT);
}

int watch_run(struct command_context *context)
{
    int code;
    struct watch watch = {
        .outer = context,
        .steps = { [STEP_INGEST] = { .name = "ingest", .run = stage_ingest },
                   [STEP_PUBLISH] = { .name = "publish", .run = stage_publish },
                   [STEP_ANNOUNCE] = { .name = "announce", .run = stage_announce },
                   [STEP_RECEIPTS] = { .name = "receipts", .run = stage_receipts },
                   [STEP_DIGEST] = { .name = "digest", .run = stage_digest },
                   [STEP_APPROVAL] = { .name = "approval", .run = stage_approval },
                   [STEP_STATUS_PAGE] = { .name = "status page", .run = stage_status_page } },
        .children = { [CHILD_DELIVER] = { .command = "deliver", .is_wanted = true },
                      [CHILD_COLLECT] = { .command = "collect" } },
    };
    watch.session = watch_begin(context, &code);
    if (!watch.session)
        return code;
    stay(&watch);
    drop_watch_close(watch.drop);
    watch_session_close(watch.session);
    return EXIT_WELL;
}
