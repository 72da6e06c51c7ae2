/* SPDX-License-Identifier: MIT */
#ifndef CLI_REPORT_HELD_H
#define CLI_REPORT_HELD_H

struct command_context;
struct error;
struct json_t;

/* Inside cli/ only: receiving domains and providers that are held, as they refuse what is ours:
 * [{"domain", "since", "refused", "reply", "waiting"}]. NULL: the store failed. */
struct json_t *report_held_domains(struct command_context *context, struct error *error);

/* The same for people, a line each; nothing where none is held. */
void report_print_held_domains(struct command_context *context, const struct json_t *array);

#endif
