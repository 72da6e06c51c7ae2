/* SPDX-License-Identifier: MIT */
#include "cli/watch.h"

#include "base/clock.h"
#include "base/error.h"
#include "cli/command.h"
#include "cli/companion.h"
#include "cli/drop_watch.h"
#include "cli/service.h"
#include "cli/stage.h"
#include "cli/watch_session.h"
#include "config/config.h"
#include "database/database.h"
#include "digest/digest.h"
#include "release/release_store.h"

#include <poll.h>

/* A look at the drop directory without a hint from the kernel: as often as this, but never so often
 * that looking takes more than a twentieth of the time. */
enum { LOOK_EVERY_MS = 10000, LOOK_SHARE = 20 };

/* How often others' commits are looked for: a withdrawal by command waits for no look. */
enum { TICK_MS = 500 };

/* Files come in crowds: a round waits until none has come for a moment, but not for ever. */
enum { CROWD_MS = 200, CROWD_MAXIMUM_MS = 2000 };

enum { STEP_INGEST, STEP_PUBLISH, STEP_ANNOUNCE, STEP_DIGEST, STEP_COUNT };

enum { COMPANION_DELIVER, COMPANION_COLLECT, COMPANION_COUNT };

struct watch {
    const struct command_context *outer;
    struct watch_session *session;
    struct drop_watch *drop;
    struct watch_step steps[STEP_COUNT];
    struct companion companions[COMPANION_COUNT];
    int64_t look_ms; /* when to look, whatever is heard */
    int64_t change_number;
    int64_t withdrawal; /* the release for whose sake there was a round; 0: none */
    struct context_memory due_memory;
};

static void run_round(struct watch *watch)
{
    struct command_context *context = &watch->session->context;
    int64_t began_ms = clock_monotonic_now();
    for (size_t i = 0; i < STEP_COUNT && !service_is_stopping(); i++) {
        (void)watch_step_run(&watch->steps[i], context);
        if (i >= STEP_PUBLISH)
            context_unlock_run(context);
        service_beat();
    }
    context_unlock_run(context);
    int64_t now_ms = clock_monotonic_now();
    int64_t pause_ms = (now_ms - began_ms) * LOOK_SHARE;
    watch->look_ms = now_ms + (pause_ms > LOOK_EVERY_MS ? pause_ms : LOOK_EVERY_MS);
}

/* Milliseconds until the next release is to appear, or the next digest is due. */
static int64_t due_wait_ms(struct watch *watch)
{
    struct command_context *context = &watch->session->context;
    struct error error;
    int64_t now_at = clock_now(&context->clock);
    int64_t due_at = INSTANT_NONE;
    int64_t digest_at = INSTANT_NONE;
    context->memory = &watch->due_memory;
    if (!release_next_due(context->database, now_at, &due_at, &error) ||
        !digest_next_at(context->database, &context->config->digest, now_at, &digest_at, &error))
        (void)context_fail(context, &error);
    else
        watch->due_memory.failure[0] = '\0';
    context->memory = NULL;
    if (due_at == INSTANT_NONE || (digest_at != INSTANT_NONE && digest_at < due_at))
        due_at = digest_at;
    return due_at == INSTANT_NONE ? INT64_MAX : due_at - now_at + 1;
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
    return true;
}

/* Whether somebody has withdrawn a release. One that is still there after the round that it caused
 * waits until publishing is tried again. */
static bool hear_withdrawal(struct watch *watch)
{
    struct command_context *context = &watch->session->context;
    struct error error;
    bool is_new = false;
    context->memory = &watch->due_memory;
    if (!find_withdrawal(watch, &is_new, &error))
        (void)context_fail(context, &error);
    context->memory = NULL;
    return is_new;
}

static int64_t least(int64_t left, int64_t right)
{
    return left < right ? left : right;
}

/* Until when nothing is to be done unless something is heard. */
static int64_t round_wait_ms(struct watch *watch)
{
    int64_t wait_ms = watch->look_ms - clock_monotonic_now();
    for (size_t i = 0; i < STEP_COUNT; i++) {
        int64_t rests_ms = watch_step_rests_ms(&watch->steps[i]);
        if (rests_ms > 0)
            wait_ms = least(wait_ms, rests_ms);
    }
    return wait_ms;
}

/* Takes what has been heard of the drop directory, until it is quiet. */
static bool hear_drop(struct watch *watch)
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
        companions_keep(watch->companions, COMPANION_COUNT, &watch->session->context);
        service_beat();
        int64_t wait_ms = least(round_wait_ms(watch), due_ms - clock_monotonic_now());
        if (wait_ms <= 0 || hear_drop(watch) || hear_withdrawal(watch))
            return;
        wait_ms = least(wait_ms, companions_wait_ms(watch->companions, COMPANION_COUNT));
        service_wait(&heard, 1, least(least(wait_ms, TICK_MS), service_beat_ms()));
    }
}

/* What depends on the configuration. */
static void configure(struct watch *watch)
{
    const struct config *config = watch->session->context.config;
    drop_watch_close(watch->drop);
    watch->drop = drop_watch_open(config->releases_path);
    watch->companions[COMPANION_COLLECT].is_wanted = config->inbox.url != NULL;
}

static void stay(struct watch *watch)
{
    configure(watch);
    service_tell("READY=1");
    while (!service_is_stopping()) {
        if (watch_session_renew(&watch->session, watch->outer)) {
            configure(watch);
            companions_signal(watch->companions, COMPANION_COUNT, SIGHUP);
        }
        companions_keep(watch->companions, COMPANION_COUNT, &watch->session->context);
        drop_watch_renew(watch->drop);
        run_round(watch);
        wait_for_round(watch);
    }
    service_tell("STOPPING=1");
    companions_end(watch->companions, COMPANION_COUNT);
}

int watch_run(struct command_context *context)
{
    int code;
    struct watch watch = {
        .outer = context,
        .steps = { [STEP_INGEST] = { .name = "ingest", .run = stage_ingest },
                   [STEP_PUBLISH] = { .name = "publish", .run = stage_publish },
                   [STEP_ANNOUNCE] = { .name = "announce", .run = stage_announce },
                   [STEP_DIGEST] = { .name = "digest", .run = stage_digest } },
        .companions = { [COMPANION_DELIVER] = { .command = "deliver", .is_wanted = true },
                        [COMPANION_COLLECT] = { .command = "collect" } },
    };
    watch.session = watch_begin(context, &code);
    if (!watch.session)
        return code;
    stay(&watch);
    drop_watch_close(watch.drop);
    watch_session_close(watch.session);
    return EXIT_WELL;
}
