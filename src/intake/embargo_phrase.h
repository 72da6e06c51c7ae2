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
    enum embargo_container alone_in; /* which holds nothing else; IN_TEXT: there is more */
    bool has_limit;           /* "until" leads to a date, or to what is none that we can read */
    bool is_release;          /* "for release": only its date tells that it is an embargo */
    struct written_date date; /* length 0: none is said */
    int line;                 /* of the file; 0: not known */
    bool is_left_out;         /* of the text */
    struct embargo_phrase *next;
};

/* In a line that embargo_line_clean() made, these two stand around a bold run. */
#define EMBARGO_BOLD_BEGINS "\x01"
#define EMBARGO_BOLD_ENDS "\x02"

/* The line as it is looked through, which may be line itself: compatible forms of letters and
 * characters that nobody sees gone, letters set apart ("E M B A R G O") together; with is_raw, as
 * it stands in a file, also tags, marks of comments and of bold runs. */
const char *embargo_line_clean(const struct language_words *words, struct arena *arena,
                               const char *line, bool is_raw);

/* All of a clean line, in their order. language: of the text. following: the line below it, where a
 * date may stand that belongs to a line of the words alone; may be NULL. */
struct embargo_phrase *embargo_phrase_find(const struct language_words *words, const char *language,
                                           struct arena *arena, const char *line,
                                           const char *following);

#endif
