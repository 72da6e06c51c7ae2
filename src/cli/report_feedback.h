/* SPDX-License-Identifier: MIT */
#ifndef CLI_REPORT_FEEDBACK_H
#define CLI_REPORT_FEEDBACK_H

#include <stdbool.h>

struct command_context;
struct error;
struct json_t;
struct queue_mailing;
struct subscriber_service;

/* Inside cli/ only: bounces and complaints of mailings, as people read them. */

/* Processes bounces and complaints that came since the last call (subscriber/standing.h), and logs
 * which mailings got too many. */
bool report_feedback_process(struct command_context *context,
                             const struct subscriber_service *service, struct error *error);

/* `mailing show --accept-bounces`: the mailing's bounces count against addresses from now on. Does
 * what follows from that, and prints both. */
bool report_feedback_accept(struct command_context *context, const struct queue_mailing *mailing,
                            struct error *error);

/* `status`: an array of the mailings with too many bounces or complaints; NULL: the store failed.
 */
struct json_t *report_feedback_array(struct command_context *context, struct error *error);

/* The same as lines, nothing where there are none. */
void report_feedback_print(const struct json_t *array);

/* `mailing show`: member "returned" of object, or lines. */
bool report_feedback_add(struct command_context *context, const struct queue_mailing *mailing,
                         struct json_t *object, struct error *error);
bool report_feedback_show(struct command_context *context, const struct queue_mailing *mailing,
                          struct error *error);

#endif
