/* SPDX-License-Identifier: MIT */
#ifndef CLI_REPORT_NOTICES_H
#define CLI_REPORT_NOTICES_H

struct command_context;
struct error;
struct json_t;

/* What the operator was told and is not over, the oldest first:
 * [{"kind", "subject", "since", "cause"}]. NULL: the store failed. */
struct json_t *report_notices(struct command_context *context, struct error *error);

/* The same for people, a line each, but for what other lines of `status` tell already: the relay's
 * trouble, held domains, and what returned (cli/returned.h) says of a mailing. */
void report_print_notices(struct command_context *context, const struct json_t *notices,
                          const struct json_t *returned);

#endif
