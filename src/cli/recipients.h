/* SPDX-License-Identifier: MIT */
#ifndef CLI_RECIPIENTS_H
#define CLI_RECIPIENTS_H

#include <stdbool.h>
#include <stdint.h>

struct command_context;
struct error;
struct json_t;

/* Inside cli/ only: prints the recipients of a mailing, each row as it is read, so that a million
 * people take no more memory than one. */

bool recipients_print_csv(struct command_context *context, int64_t mailing, struct error *error);

/* A table for people; nothing where there is nobody. */
bool recipients_print_table(struct command_context *context, int64_t mailing, struct error *error);

/* Prints the object, which is taken, with "recipients" as its last member. On failure the document
 * is left open, so that no program takes it for whole. */
bool recipients_print_json(struct command_context *context, int64_t mailing, struct json_t *object,
                           struct error *error);

#endif
