/* SPDX-License-Identifier: MIT */
#ifndef NET_MAILBOX_IMAP_RESPONSE_H
#define NET_MAILBOX_IMAP_RESPONSE_H

#include "net/mailbox_lines.h"

/* Inside net/ only: what an IMAP server sends (RFC 3501 section 9), taken apart without calling
 * itself however deep it nests, and in linear time. */

/* Puts the next response in place of what bytes held: a line, and where it ends with the length of
 * a literal, that and the line behind it, and so on. False: the server sends no more, or no
 * response, or a longer one than bytes can hold. */
bool imap_response_next(struct mailbox_lines *lines, struct string_builder *bytes);

/* A place in a response. Nothing is read past its end. */
struct imap_cursor {
    const char *at;
    const char *end; /* before the line's end */
};

void imap_cursor_init(struct imap_cursor *cursor, const struct string_builder *response);

/* Behind that word and the space after it, in any case of letters. False: it does not stand here,
 * and the cursor stays. */
bool imap_take_word(struct imap_cursor *cursor, const char *word);

/* Behind a number of 32 bits and the space after it. False: the cursor is before the space behind
 * whatever stands here. */
bool imap_take_number(struct imap_cursor *cursor, uint32_t *number);

/* Whether a word stands in "[NAME word word]" or "NAME word word" here. */
bool imap_has_word(const struct imap_cursor *cursor, const char *word);

/* One of "(ATTRIBUTE VALUE ATTRIBUTE VALUE)". */
struct imap_attribute {
    const char *name; /* "BODY[]<0>" */
    size_t name_length;
    const char
        *value; /* a literal's or quoted string's inside, an atom, or a list with its parentheses */
    size_t value_length;

    enum { IMAP_ATOM, IMAP_QUOTED, IMAP_LITERAL, IMAP_LIST } kind;
};

/* The cursor stands behind the first parenthesis at first. *found false: behind the last one.
 * False: there is no such list. */
bool imap_take_attribute(struct imap_cursor *cursor, struct imap_attribute *attribute, bool *found);

#endif
