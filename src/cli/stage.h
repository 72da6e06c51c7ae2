/* SPDX-License-Identifier: MIT */
#ifndef CLI_STAGE_H
#define CLI_STAGE_H

#include <stdbool.h>

struct command_context;
struct json_t;

/* The steps of a run. Each does its work on the open database, logs what went wrong, and adds what
 * it did: a member to the JSON object report where that is not NULL, else a line to standard
 * output. Returns an exit code. */
int stage_ingest(struct command_context *context, struct json_t *report);
int stage_publish(struct command_context *context, struct json_t *report);
int stage_announce(struct command_context *context, struct json_t *report);
/* Makes the digest whose instant is over. Says nothing where there was nothing new for anybody. */
int stage_digest(struct command_context *context, struct json_t *report);
int stage_deliver(struct command_context *context, struct json_t *report);
/* Nothing where no mail.inbox is configured. */
int stage_collect(struct command_context *context, struct json_t *report);
/* Forgets what is not kept: the rows of mailings that ended 2 years ago, the texts of outcomes
 * after 90 days, who never confirmed after 30 days, who left after 2 years. Says nothing where
 * there was nothing. */
int stage_retain(struct command_context *context, struct json_t *report);

#endif
