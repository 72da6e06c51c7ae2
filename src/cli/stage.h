/* SPDX-License-Identifier: MIT */
#ifndef CLI_STAGE_H
#define CLI_STAGE_H

#include <stdbool.h>

struct command_context;
struct json_t;

/* Inside cli/ only: the stages of a run. Each does its work on the open database, logs what went
 * wrong, and reports its totals: as a member of the JSON object report where that is not NULL, else
 * as a line on standard output. Returns an exit code. */
int stage_ingest(struct command_context *context, struct json_t *report);
int stage_publish(struct command_context *context, struct json_t *report);
int stage_announce(struct command_context *context, struct json_t *report);
/* Makes the digests that are due. Prints nothing where there was nothing new for anybody. */
int stage_digest(struct command_context *context, struct json_t *report);
/* Queues what press officers are told. Does nothing where nobody is to be told; prints nothing
 * where there was nothing. */
int stage_receipts(struct command_context *context, struct json_t *report);
/* Asks approvers for a yes, and reminds them. Prints nothing where there was nothing. */
int stage_approval(struct command_context *context, struct json_t *report);
int stage_deliver(struct command_context *context, struct json_t *report);
/* Does nothing where mail.inbox is not configured. */
int stage_collect(struct command_context *context, struct json_t *report);
/* Erases what is past its retention period: rows of mailings that ended 2 years ago, texts of
 * outcomes after 90 days, subscribers who never confirmed after 30 days, those who unsubscribed
 * after 2 years. Prints nothing where there was nothing. */
int stage_retain(struct command_context *context, struct json_t *report);

/* Writes releases/status.html anew where it would say something else. Prints nothing. */
int stage_status_page(struct command_context *context, struct json_t *report);

#endif
