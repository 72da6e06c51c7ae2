/* SPDX-License-Identifier: MIT */
#ifndef CLI_SUMMARY_H
#define CLI_SUMMARY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct command_context;
struct json_t;

/* Inside cli/ only: one number of what a stage did. */
struct summary_count {
    int64_t count;
    const char *name; /* the member with --json */
    const char *what; /* behind the number, for people; NULL: not printed */
    const char *one;  /* the same behind 1; NULL: as what */
    bool is_standing; /* was counted by an earlier run already, so it is no news */
};

/* Reports what a stage did: as a member of that name of the JSON object report where that is not
 * NULL; without --json and --quiet as a line of what is not 0, or "nothing new". A --watch command
 * prints no line without news, and a stage that failed (done false) prints no "nothing new". */
void report_summary(const struct command_context *context, struct json_t *report, const char *stage,
                    const struct summary_count *counts, size_t count, bool done);

#endif
