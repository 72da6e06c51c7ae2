/* SPDX-License-Identifier: MIT */
#ifndef CLI_REPORT_RELAY_H
#define CLI_REPORT_RELAY_H

struct command_context;
struct error;
struct json_t;

/* Inside cli/ only: how the relay is: {"state", "since", "next", "reply", "suggested_rate"}, each
 * null where there is none. state: "free", "paused", "easing" or "unreachable". NULL: the store
 * failed. */
struct json_t *report_relay(struct command_context *context, struct error *error);

/* The same for people, where there is something to say. */
void report_print_relay(struct command_context *context, const struct json_t *relay);

#endif
