/* SPDX-License-Identifier: MIT */
#ifndef CLI_RETURNED_H
#define CLI_RETURNED_H

#include <stdbool.h>

struct command_context;
struct error;
struct json_t;
struct queue_mailing;
struct standing;
struct subscriber_service;

/* What came back, as people read it: of a mailing, and of one address. */

/* Sees to what came back since (subscriber/standing.h) and says on standard error what was found of
 * mailings. */
bool returned_settle(struct command_context *context, const struct subscriber_service *service,
                     struct error *error);

/* `mailing show --accept-bounces`: what came back counts from now on, what follows is done, and
 * both are said. */
bool returned_accept(struct command_context *context, const struct queue_mailing *mailing,
                     struct error *error);

/* `status`: an array of mailings of which too much came back; NULL: the store failed. */
struct json_t *returned_array(struct command_context *context, struct error *error);

/* The same as lines, nothing where there are none. */
void returned_print(const struct json_t *array);

/* `mailing show`: member "returned" of object, or lines. */
bool returned_add(struct command_context *context, const struct queue_mailing *mailing,
                  struct json_t *object, struct error *error);
bool returned_show(struct command_context *context, const struct queue_mailing *mailing,
                   struct error *error);

/* `subscriber show`: one line on how the address stands, and below the events what came back. */
void standing_print(struct command_context *context, const struct standing *standing);
void standing_print_returns(struct command_context *context, const struct standing *standing);

#endif
