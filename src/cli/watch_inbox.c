/* SPDX-License-Identifier: MIT */
#include "cli/watch.h"

#include "base/clock.h"
#include "base/error.h"
#include "base/log.h"
#include "cli/command.h"
#include "cli/service.h"
#include "cli/stage.h"
#include "cli/watch_session.h"
#include "net/mailbox.h"

/* ASK: how often a mailbox is read that cannot notify. LOST: a server may close the waiting
 * connection as often as it likes, so reconnecting backs off where it does so at once. */
enum {
    ASK_EVERY_MS = 60000,
    WAIT_MS = 3600000,
    LOST_PAUSE_FIRST_MS = 500,
    LOST_PAUSE_MAXIMUM_MS = 60000,
    LASTED_MS = 60000
};

struct collecting {
    struct watch_session *session;
    struct watch_step step;
    int64_t lost_pause_ms;
};

static void close_inbox(struct command_context *context)
{
    struct error error;
    struct mailbox *inbox = context->inbox;
    context->inbox = NULL;
    if (!mailbox_close(inbox, &error))
        log_line(LOG_DEBUG, "%s", error.message);
}

static void pause_for(int64_t pause_ms)
{
    int64_t until_ms = clock_monotonic_now() + pause_ms;
    for (; !*service_interrupt() && clock_monotonic_now() < until_ms; service_ping_watchdog())
        service_wait(NULL, 0, until_ms - clock_monotonic_now());
}

/* Losing the connection while waiting is no failure: the next round opens it again, and logs where
 * that fails. */
static void take_lost(struct collecting *collecting, const struct error *error, int64_t lasted_ms)
{
    int64_t pause_ms = collecting->lost_pause_ms * 2;
    log_line(LOG_DEBUG, "while waiting for mail: %s", error->message);
    close_inbox(&collecting->session->context);
    if (pause_ms < LOST_PAUSE_FIRST_MS || lasted_ms > LASTED_MS)
        pause_ms = LOST_PAUSE_FIRST_MS;
    if (pause_ms > LOST_PAUSE_MAXIMUM_MS)
        pause_ms = LOST_PAUSE_MAXIMUM_MS;
    collecting->lost_pause_ms = pause_ms;
    pause_for(pause_ms);
}

static void wait_for_mail(struct collecting *collecting)
{
    struct command_context *context = &collecting->session->context;
    struct error error;
    enum mailbox_news news = MAILBOX_QUIET;
    int64_t began_ms = clock_monotonic_now();
    if (!mailbox_wait(context->inbox, WAIT_MS, &news, &error)) {
        take_lost(collecting, &error, clock_monotonic_now() - began_ms);
        return;
    }
    if (news == MAILBOX_AGAIN)
        close_inbox(context);
}

int watch_collect(struct command_context *context)
{
    int code;
    struct collecting collecting = { .step = { .name = "collect", .run = stage_collect } };
    collecting.session = watch_begin(context, &code);
    if (!collecting.session)
        return code;
    service_notify("READY=1");
    while (!service_is_stopping()) {
        (void)watch_session_renew(&collecting.session, context);
        (void)watch_step_run(&collecting.step, &collecting.session->context);
        service_ping_watchdog();
        int64_t backoff_ms = watch_step_backoff_ms(&collecting.step);
        if (collecting.session->context.inbox && !backoff_ms)
            wait_for_mail(&collecting);
        else
            pause_for(backoff_ms ? backoff_ms : ASK_EVERY_MS);
    }
    service_notify("STOPPING=1");
    watch_session_close(collecting.session);
    return EXIT_WELL;
}
