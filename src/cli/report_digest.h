/* SPDX-License-Identifier: MIT */
#ifndef CLI_REPORT_DIGEST_H
#define CLI_REPORT_DIGEST_H

#include <stdbool.h>

struct command_context;
struct error;
struct json_t;
struct queue_mailing;

/* What commands tell of digests, for programs and for people. */

/* Of a digest's mailing: "releases", the ids that its edition took; "weekly", whether those who
 * follow weekly are in it. Nothing of another. */
bool report_digest(struct command_context *context, const struct queue_mailing *mailing,
                   struct json_t *object, struct error *error);
bool report_digest_subscribers(struct command_context *context, const struct queue_mailing *mailing,
                               struct error *error);

/* When the next ones are, and how many releases wait for them: members of object; and that as a
 * line for people. */
bool report_digests_to_come(struct command_context *context, struct json_t *object,
                            struct error *error);
void report_print_digests(struct command_context *context, const struct json_t *object);

#endif
