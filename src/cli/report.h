/* SPDX-License-Identifier: MIT */
#ifndef CLI_REPORT_H
#define CLI_REPORT_H

#include <stdbool.h>
#include <stdint.h>

struct arena;
struct command_context;
struct error;
struct json_t;
struct queue_delivery_counts;
struct queue_mailing;

/* Inside cli/ only: pieces of JSON and of tables that several commands print. JSON values are new:
 * the caller owns them. */

/* "1 problem", "2 problems". */
const char *report_counted(struct arena *arena, int64_t count, const char *one, const char *many);

/* "0.33 %"; from 10 up whole, rounded down, so that 100 % is all; "-" of none. */
const char *report_share(struct arena *arena, int64_t count, int64_t of);

/* A string, or null for NULL. */
struct json_t *report_text(const char *text);
struct json_t *report_instant(const struct command_context *context, int64_t instant);

/* The same for people: "2026-11-29 15:45" of what report_instant() wrote; "" for none. In arena. */
const char *report_minute(struct arena *arena, const struct json_t *instant);

/* Adds the delivery counts as members: the eight states, audience, bounced and complained. */
void report_add_counts(struct json_t *object, const struct queue_delivery_counts *counts);

/* One mailing with its delivery counts. */
struct json_t *report_mailing(struct command_context *context, const struct queue_mailing *mailing);

/* Why rows of the mailing are deferred or failed, grouped, the commonest first: an array of
 * objects. NULL: the store failed. */
struct json_t *report_reasons(struct command_context *context, int64_t mailing,
                              struct error *error);

/* "3 failed: 550 5.1.1 no such user", a line each. */
void report_print_reasons(const struct json_t *reasons);

/* What a mailing is of: the release's id, or the date of a digest. */
const char *report_mailing_subject(struct command_context *context,
                                   const struct queue_mailing *mailing);

/* id of a release row; "" where there is none. */
const char *report_release_public_id(struct command_context *context, int64_t row_id);

/* "active", "held", "waiting" (its time has not come) …, for people and JSON alike. */
const char *report_mailing_state(const struct command_context *context,
                                 const struct queue_mailing *mailing);

#endif
