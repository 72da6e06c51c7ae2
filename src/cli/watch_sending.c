/* SPDX-License-Identifier: MIT */
#include "cli/watch.h"

#include "base/clock.h"
#include "base/error.h"
#include "cli/command.h"
#include "cli/service.h"
#include "cli/stage.h"
#include "cli/watch_session.h"
#include "config/config.h"
#include "database/database.h"
#include "delivery/deliver.h"
#include "queue/queue.h"
#include "queue/sending.h"

/* TICK: how often other processes' commits are noticed. CHECK: how often the queue is read without
 * one, because the hours for bulk mail begin by themselves. ROUND: how often rows of dead runs and
 * expired requests are cleaned up. */
enum { TICK_MS = 250, CHECK_EVERY_MS = 10000, ROUND_EVERY_MS = 300000, RETAIN_EVERY_MS = 3600000 };

struct sending {
    struct watch_session *session;
    struct watch_step step;
    struct watch_step retain;
    int64_t retain_ms;
    struct context_step_state step_state; /* of find_due() */
    int64_t change_number;
    int64_t due_at;      /* INSTANT_NONE: nothing waits */
    bool is_unreachable; /* the relay: it is tried at due_at, however often that failed */
    int64_t check_ms;
    int64_t round_ms;
};

/* While the relay is paused nothing is due before the pause ends. */
static bool wait_for_relay(struct sending *sending, struct error *error)
{
    struct command_context *context = &sending->session->context;
    struct deliver_relay relay;
    if (!deliver_find_relay(context->database, &context->config->deliver,
                            clock_now(&context->clock), &relay, error))
        return false;
    sending->is_unreachable = relay.row.state == QUEUE_RELAY_UNREACHABLE;
    if (sending->due_at != INSTANT_NONE && relay.is_closed && relay.row.next_at > sending->due_at)
        sending->due_at = relay.row.next_at;
    return true;
}

static bool find_due(struct sending *sending, struct error *error)
{
    struct command_context *context = &sending->session->context;
    const struct deliver_settings *deliver = &context->config->deliver;
    int64_t now_at = clock_now(&context->clock);
    const struct queue_claim claim = { .resend_unknown = deliver->resend_unknown,
                                       .now_at = now_at,
                                       .only_urgent = !deliver_is_open(deliver, now_at) };
    int64_t number;
    if (!database_change_number(context->database, &number, error))
        return false;
    if (number == sending->change_number && clock_monotonic_now() < sending->check_ms)
        return true;
    sending->change_number = number;
    sending->check_ms = clock_monotonic_now() + CHECK_EVERY_MS;
    return queue_next_due(context->database, &claim, &sending->due_at, error) &&
           wait_for_relay(sending, error);
}

static bool is_due(struct sending *sending)
{
    struct command_context *context = &sending->session->context;
    struct error error;
    context->step_state = &sending->step_state;
    bool done = find_due(sending, &error);
    if (!done)
        (void)context_fail(context, &error);
    else
        sending->step_state.failure[0] = '\0';
    context->step_state = NULL;
    return done && sending->due_at != INSTANT_NONE && sending->due_at <= clock_now(&context->clock);
}

static void send_due(struct sending *sending)
{
    if (watch_step_backoff_ms(&sending->step) > 0)
        return;
    sending->round_ms = clock_monotonic_now() + ROUND_EVERY_MS;
    bool done = watch_step_run(&sending->step, &sending->session->context);
    sending->check_ms = 0;
    if (*service_interrupt())
        return;
    bool is_due_still = is_due(sending);
    if (done && is_due_still)
        watch_step_back_off(&sending->step); /* due, but nothing could be claimed */
    else if (!done && sending->is_unreachable)
        watch_step_back_off_until(&sending->step,
                                  sending->due_at - clock_now(&sending->session->context.clock));
}

/* Retention runs only when nothing is due, because mails go first. */
static void retain_some(struct sending *sending)
{
    if (clock_monotonic_now() < sending->retain_ms)
        return;
    if (watch_step_run(&sending->retain, &sending->session->context) &&
        !sending->retain.step_state.has_more)
        sending->retain_ms = clock_monotonic_now() + RETAIN_EVERY_MS;
}

static int64_t tick_ms(const struct sending *sending)
{
    int64_t left_ms = sending->due_at - clock_now(&sending->session->context.clock);
    if (sending->due_at == INSTANT_NONE || left_ms <= 0 || left_ms > TICK_MS)
        return TICK_MS;
    return left_ms;
}

int watch_deliver(struct command_context *context)
{
    int code;
    struct sending sending = { .step = { .name = "deliver", .run = stage_deliver },
                               .retain = { .name = "retain", .run = stage_retain } };
    sending.session = watch_begin(context, &code);
    if (!sending.session)
        return code;
    service_notify("READY=1");
    while (!service_is_stopping()) {
        if (watch_session_renew(&sending.session, context))
            sending.check_ms = 0;
        if (is_due(&sending) || clock_monotonic_now() >= sending.round_ms)
            send_due(&sending);
        else
            retain_some(&sending);
        service_ping_watchdog();
        service_wait(NULL, 0, tick_ms(&sending));
    }
    service_notify("STOPPING=1");
    watch_session_close(sending.session);
    return EXIT_WELL;
}
