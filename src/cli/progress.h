/* SPDX-License-Identifier: MIT */
#ifndef CLI_PROGRESS_H
#define CLI_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

struct command_context;

/* Inside cli/ only: one line that is written over and over on a terminal's standard error, from the
 * second second on; nothing elsewhere, and nothing with --quiet or --json. */
struct progress {
    bool is_on;
    bool is_shown;
    int64_t started_ms; /* CLOCK_MONOTONIC */
    int64_t shown_ms;
};

void progress_init(struct progress *progress, const struct command_context *context);
void progress_show(struct progress *progress, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Takes the line away: before a log line, and at the end. */
void progress_clear(struct progress *progress);

#endif
