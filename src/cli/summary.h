/* SPDX-License-Identifier: MIT */
#ifndef CLI_SUMMARY_H
#define CLI_SUMMARY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct command_context;
struct json_t;

struct summary_count {
    int64_t count;
    const char *name; /* the member with --json */
    const char *what; /* behind the number, for people; NULL: not told to them */
    const char *one;  /* the same behind 1; NULL: as what */
    bool is_standing; /* it is so since an earlier run: no news by itself */
};

/* What a stage did: a member of that name to the JSON object report where that is not NULL; without
 * --json and --quiet a line to standard output, of what happened only: "nothing new" where nothing
 * did, but no line at all in a command that stays, unless there is news, or where the stage failed
 * (done false), which says so itself. */
void summary_tell(const struct command_context *context, struct json_t *report, const char *stage,
                  const struct summary_count *counts, size_t count, bool done);

#endif
