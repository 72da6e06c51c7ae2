/* SPDX-License-Identifier: MIT */
#ifndef CLI_WATCH_SESSION_H
#define CLI_WATCH_SESSION_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "cli/context.h"

struct json_t;

/* A command that stays, under one configuration: a context of its own that a reload replaces. */
struct watch_session {
    struct arena arena;
    struct command_context context; /* its clock is the command's: it runs on over reloads */
};

/* First in a command that stays: listens to signals, then opens a session. NULL: the command
 * ends with *exit_code. */
struct watch_session *watch_begin(struct command_context *context, int *exit_code);

/* Takes NULL. */
void watch_session_close(struct watch_session *session);

/* Where SIGHUP asked for it: a new session in place of the old, or the old one as it was. True: it
 * is a new one. */
bool watch_session_renew(struct watch_session **session, const struct command_context *outer);

/* One step that is done over and over. */
struct watch_step {
    const char *name;
    int (*run)(struct command_context *context, struct json_t *report);
    struct context_memory memory;
    int64_t pause_ms;
    int64_t not_before_ms; /* clock_monotonic_now() */
};

/* Runs it in an arena of its own, unless it rests after a failure. True: it was run and did not
 * fail. */
bool watch_step_run(struct watch_step *step, struct command_context *context);

/* It came to nothing: the next time is later, each time twice as late, at most 5 minutes. */
void watch_step_rest(struct watch_step *step);

/* The same, and the next time is known: in so many milliseconds. */
void watch_step_rest_until(struct watch_step *step, int64_t left_ms);

/* Milliseconds that it rests still; 0: none. */
int64_t watch_step_rests_ms(const struct watch_step *step);

#endif
