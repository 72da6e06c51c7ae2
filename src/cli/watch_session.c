/* SPDX-License-Identifier: MIT */
#include "cli/watch_session.h"

#include "base/clock.h"
#include "base/error.h"
#include "base/log.h"
#include "base/memory.h"
#include "cli/command.h"
#include "cli/service.h"

#include <stdlib.h>

enum { PAUSE_FIRST_MS = 1000, PAUSE_MAXIMUM_MS = 300000 };

void watch_session_close(struct watch_session *session)
{
    if (!session)
        return;
    context_close(&session->context);
    arena_release(&session->arena);
    free(session);
}

/* Opens configuration and database, to write. NULL: every reason is logged, *exit_code says how the
 * command ends. outer: the command's own context. */
static struct watch_session *watch_session_open(const struct command_context *outer, int *exit_code)
{
    struct watch_session *session = memory_allocate(sizeof *session);
    context_init(&session->context, &session->arena, outer->command, outer->arguments);
    session->context.clock = outer->clock;
    if (context_open_database(&session->context, CONTEXT_WRITE, exit_code))
        return session;
    watch_session_close(session);
    return NULL;
}

static bool refuse_json(const struct command_context *context, int *code)
{
    struct error error;
    if (!context->json)
        return false;
    (void)error_set(&error, ERROR_USAGE,
                    "%s: --watch does not end and so makes no JSON document" ERROR_ADVICE
                    "leave out --json, and "
                    "ask `pressroom status --json`",
                    context->command->name);
    *code = context_fail(context, &error);
    return true;
}

struct watch_session *watch_begin(struct command_context *context, int *code)
{
    context->is_watching = true;
    if (refuse_json(context, code))
        return NULL;
    service_begin();
    return watch_session_open(context, code);
}

bool watch_session_renew(struct watch_session **session, const struct command_context *outer)
{
    int code;
    if (!service_take_reload())
        return false;
    service_notify_reloading();
    struct watch_session *renewed = watch_session_open(outer, &code);
    if (renewed) {
        watch_session_close(*session);
        *session = renewed;
        log_line(LOG_DEBUG, "the configuration was read again");
    } else {
        log_line(LOG_ERROR, "newsroom.yaml: not used as it is now; the configuration from before "
                            "stays in use; mend the file and send SIGHUP again");
    }
    service_notify("READY=1");
    return renewed != NULL;
}

void watch_step_back_off(struct watch_step *step)
{
    step->pause_ms = step->pause_ms ? 2 * step->pause_ms : PAUSE_FIRST_MS;
    if (step->pause_ms > PAUSE_MAXIMUM_MS)
        step->pause_ms = PAUSE_MAXIMUM_MS;
    step->not_before_ms = clock_monotonic_now() + step->pause_ms;
}

void watch_step_back_off_until(struct watch_step *step, int64_t left_ms)
{
    step->pause_ms = 0;
    step->not_before_ms = clock_monotonic_now() + (left_ms > 0 ? left_ms : 0);
}

int64_t watch_step_backoff_ms(const struct watch_step *step)
{
    int64_t left_ms = step->not_before_ms - clock_monotonic_now();
    return left_ms > 0 ? left_ms : 0;
}

bool watch_step_run(struct watch_step *step, struct command_context *context)
{
    struct arena round = { 0 };
    struct arena *whole = context->arena;
    if (watch_step_backoff_ms(step) > 0)
        return false;
    step->step_state.has_failed = false;
    context->arena = &round;
    context->step_state = &step->step_state;
    (void)step->run(context, NULL);
    context->arena = whole;
    context->step_state = NULL;
    arena_release(&round);
    if (step->step_state.has_failed) {
        watch_step_back_off(step);
        return false;
    }
    if (step->step_state.failure[0])
        log_line(LOG_NOTICE, "%s: works again", step->name);
    step->step_state.failure[0] = '\0';
    step->pause_ms = 0;
    return true;
}
