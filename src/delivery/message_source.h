/* SPDX-License-Identifier: MIT */
#ifndef DELIVERY_MESSAGE_SOURCE_H
#define DELIVERY_MESSAGE_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct error;
struct message_source;
struct queue_row;
struct string_builder;

/* Inside delivery/ only: the messages of a source (deliver.h), one by one. */

/* What goes over the wire for one row. Borrowed from the source until its next call. */
struct delivery_message {
    const char *bytes; /* CRLF, dot-stuffed, without the final dot line; ends in CRLF */
    size_t length;
    struct string_builder *text; /* whose bytes they are: who wants to keep them may put another one
                          into its place, whose bytes do not matter; NULL: nobody may */
    const char *sender;          /* envelope, different for each delivery */
    const char *recipient;       /* envelope, as typed but for an A-label domain */
    bool is_eight_bit;           /* it has octets beyond ASCII: the relay must offer 8BITMIME */
    int64_t revision; /* of the release that the message holds; 0: a transactional mail */
};

/* For each batch claimed: the next message of each mailing looks up anew whether its release has
 * been corrected or withdrawn. */
void message_source_renew(struct message_source *source);

/* ERROR_INPUT: this row can never be made (a broken address, a withdrawn release): fail the row.
 * Other kinds: templates or store are broken: stop. */
bool message_source_compose(struct message_source *source, const struct queue_row *row,
                            struct delivery_message *message, struct error *error);

#endif
