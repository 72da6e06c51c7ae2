/* SPDX-License-Identifier: MIT */
#ifndef CLI_REPORT_DIGEST_H
#define CLI_REPORT_DIGEST_H

#include <stdbool.h>

struct command_context;
struct error;
struct json_t;
struct queue_mailing;

/* Inside cli/ only: what commands print about digests, as JSON and for people. */

/* Adds to a digest's mailing "releases", the ids of what it holds, and "weekly", whether weekly
 * subscribers get it. Adds nothing to other mailings. */
bool report_digest(struct command_context *context, const struct queue_mailing *mailing,
                   struct json_t *object, struct error *error);
bool report_digest_subscribers(struct command_context *context, const struct queue_mailing *mailing,
                               struct error *error);

/* Adds to object when the next digests are due and how many releases wait for them; prints the same
 * as a line for people. */
bool report_digests_to_come(struct command_context *context, struct json_t *object,
                            struct error *error);
void report_print_digests(struct command_context *context, const struct json_t *object);

#endif
