/* SPDX-License-Identifier: MIT */
#ifndef CLI_SUMMARY_H
#define CLI_SUMMARY_H

#include <stdbool.h>
#include <stdint.h>

struct command_context;

/* One line to standard output of what a stage did: only what happened; "nothing new" where nothing
 * did, but in a command that stays. Nothing with --json or --quiet. */
struct summary {
    bool is_on;
    bool is_begun;
    bool is_silent; /* where nothing happened */
    const char *stage;
};

struct summary summary_begin(const struct command_context *context, const char *stage);
void summary_add(struct summary *summary, int64_t count, const char *what);
void summary_end(const struct summary *summary);

#endif
