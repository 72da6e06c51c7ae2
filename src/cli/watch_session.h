/* SPDX-License-Identifier: MIT */
#ifndef CLI_WATCH_SESSION_H
#define CLI_WATCH_SESSION_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "cli/context.h"

struct json_t;

/* Inside cli/ only: the configuration and database of a --watch command: a context of its own,
 * which a reload replaces. */
struct watch_session {
    struct arena arena;
    struct command_context
        context; /* its clock is the command's, so that a reload does not set it back */
};

/* Sets the signal handlers and opens a session. NULL: the command ends with *exit_code. */
struct watch_session *watch_begin(struct command_context *context, int *exit_code);

/* Takes NULL. */
void watch_session_close(struct watch_session *session);

/* Replaces the session where SIGHUP asked for it and the new configuration can be used. True: it
 * was replaced. */
bool watch_session_renew(struct watch_session **session, const struct command_context *outer);

/* A step that is repeated. */
struct watch_step {
    const char *name;
    int (*run)(struct command_context *context, struct json_t *report);
    struct context_step_state step_state;
    int64_t pause_ms;
    int64_t not_before_ms; /* clock_monotonic_now() */
};

/* Runs it in an arena of its own, unless it backs off after a failure. True: it ran and did not
 * fail. */
bool watch_step_run(struct watch_step *step, struct command_context *context);

/* Backs off: the pause until the next run doubles, up to 5 minutes. */
void watch_step_back_off(struct watch_step *step);

/* Backs off for exactly so many milliseconds, because the time of the next attempt is known. */
void watch_step_back_off_until(struct watch_step *step, int64_t left_ms);

/* Milliseconds left of that pause; 0: none. */
int64_t watch_step_backoff_ms(const struct watch_step *step);

#endif
