/* SPDX-License-Identifier: MIT */
#ifndef CLI_EXPLAIN_H
#define CLI_EXPLAIN_H

struct arena;
struct command_context;
struct inbound_reading;
struct json_t;

/* Inside cli/ only: what a message was understood as, in words and as JSON. */

/* {"file", "kind", "status", "recipients": [{"address", "class", "certain"}], "reason"}. */
struct json_t *explain_json(struct arena *arena, const char *name,
                            const struct inbound_reading *reading);

/* A line, and one for each recipient. */
const char *explain_text(struct arena *arena, const char *name,
                         const struct inbound_reading *reading);

/* The command `collect --explain FILE…` (cmd_collect_explain.c). */
int collect_explain(struct command_context *context);

#endif
