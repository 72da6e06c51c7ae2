/* SPDX-License-Identifier: MIT */
#ifndef CLI_REPORT_NOTICES_H
#define CLI_REPORT_NOTICES_H

struct command_context;
struct error;
struct json_t;

/* Inside cli/ only: notices to the operator that are not resolved, the oldest first: [{"kind",
 * "subject", "since", "cause"}]. NULL: the store failed. */
struct json_t *report_notices(struct command_context *context, struct error *error);

/* The same for people, a line each, without those that other lines of `status` show: the relay's
 * trouble, held domains, and the feedback (cli/report_feedback.h). */
void report_print_notices(struct command_context *context, const struct json_t *notices,
                          const struct json_t *returned);

#endif
