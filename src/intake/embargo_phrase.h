/* SPDX-License-Identifier: MIT */
#ifndef INTAKE_EMBARGO_PHRASE_H
#define INTAKE_EMBARGO_PHRASE_H

#include <stdbool.h>

#include "locale/written_date.h"

struct arena;
struct language_words;

/* Inside intake/ only: embargoes in words, found in one line. */

/* An embargo in words, as it stands in a line: "EMBARGO til tirsdag den 9. juni kl. 6". It counts
 * where it begins the line, a sentence, a bracket or a bold run, with at most words for the release
 * itself before it, and where what follows says when, or nothing. Elsewhere "embargo" is a subject
 * that releases are about. */
enum embargo_container { EMBARGO_IN_TEXT, EMBARGO_IN_LINE, EMBARGO_IN_BRACKET, EMBARGO_IN_BOLD };

struct embargo_phrase {
    const char *quote;               /* as it stands there, cut where it is long */
    enum embargo_container alone_in; /* what it stands in alone; IN_TEXT: it does not stand alone */
    bool has_limit;           /* "until" leads to a date, or to what is none that we can read */
    bool is_release;          /* "for release": it is an embargo only with a date */
    struct written_date date; /* length 0: none is said */
    int line;                 /* of the file; 0: not known */
    bool is_left_out;         /* of the text */
    struct embargo_phrase *next;
};

/* In a line that embargo_line_clean() made, these two stand around a bold run. */
#define EMBARGO_BOLD_BEGINS "\x01"
#define EMBARGO_BOLD_ENDS "\x02"

/* The line as it is searched, which may be line itself: invisible characters removed, compatible
 * forms of letters made plain, spaced-out letters ("E M B A R G O") joined; with is_raw, for a
 * line of the file, tags and marks of comments removed and marks of bold runs replaced. */
const char *embargo_line_clean(const struct language_words *words, struct arena *arena,
                               const char *line, bool is_raw);

/* Finds all phrases of a clean line, in order. language: of the text. following: the line below,
 * where the date of words that stand alone may be; may be NULL. */
struct embargo_phrase *embargo_phrase_find(const struct language_words *words, const char *language,
                                           struct arena *arena, const char *line,
                                           const char *following);

#endif
