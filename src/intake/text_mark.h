/* SPDX-License-Identifier: MIT */
#ifndef INTAKE_TEXT_MARK_H
#define INTAKE_TEXT_MARK_H

#include <stdbool.h>
#include <stddef.h>

struct intake_reading;

/* Inside intake/ only: what a line of text without a format begins with, or consists of. */

/* Behind "- ", "– " or "— "; NULL where the line begins with no dash. */
const char *text_behind_dash(const char *line);

/* Behind "• " and the like, whose bytes are *size; NULL where the line begins with no bullet. "o "
 * is one only among others (intake/text_block.h). */
const char *text_behind_bullet(const char *line, size_t *size);

/* Behind "1.", "1)", "(1)", "a)" or "(a)" and a space. */
struct text_number {
    int value;      /* of "a": 1 */
    bool is_letter; /* the words of an item hold it */
    char mark;      /* '.' or ')' */
    const char *words;
};

bool text_number_read(const char *line, struct text_number *number);

/* A line that is no text: "FOR IMMEDIATE RELEASE", "###", "-30-", "ENDS", "* * *", "-----". */
enum text_furniture {
    TEXT_FURNITURE_NONE,
    TEXT_FURNITURE_NOTICE, /* words to editors, at the beginning or end of a text */
    TEXT_FURNITURE_END,    /* the mark at its end */
    TEXT_FURNITURE_MORE,   /* "(more)", at the end of a page */
    TEXT_FURNITURE_RULE    /* a line of dashes */
};

/* is_plain: nothing marks the words, so that only their place can decide ("Slut"). */
enum text_furniture text_furniture_of(const struct intake_reading *reading, const char *line,
                                      bool *is_plain);

/* Our name for the furniture word that the line begins with ("greeting": "Kære redaktør"); "". */
const char *text_furniture_begins(const struct intake_reading *reading, const char *line);

#endif
