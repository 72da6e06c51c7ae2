/* SPDX-License-Identifier: MIT */
#ifndef INTAKE_EMBARGO_ATTEMPT_H
#define INTAKE_EMBARGO_ATTEMPT_H

#include <stdbool.h>

#include "intake/embargo_phrase.h"
#include "locale/date_token.h"
#include "locale/written_date.h"

/* Inside intake/ only: what embargo_phrase.c and embargo_limit.c share: one place of a line being
 * looked at. */

/* Where a phrase may begin: a line, or a part of it that stands for itself. Behind a colon or a
 * dash ("Rusland: Embargo …") it only counts with a date. */
enum embargo_start {
    EMBARGO_START_LINE,
    EMBARGO_START_BOLD,
    EMBARGO_START_BRACKET,
    EMBARGO_START_SENTENCE,
    EMBARGO_START_WEAK,
    EMBARGO_START_WITHIN
};

enum embargo_kind {
    EMBARGO_KIND_NONE,
    EMBARGO_KIND_EMBARGO,
    EMBARGO_KIND_EMBARGOED,
    EMBARGO_KIND_NOT_BEFORE,
    EMBARGO_KIND_RELEASE
};

struct embargo_finder {
    const struct language_words *words;
    const char *language;
    struct arena *arena;
    const char *line;
    const char *following;
    struct embargo_phrase *first;
    struct embargo_phrase **place;
};

/* One place where a phrase may begin. */
struct embargo_attempt {
    struct embargo_finder *finder;
    struct date_reader reader; /* of the text from the start on */
    const char *text;
    enum embargo_start start;
    enum embargo_kind kind;
    bool has_limit;    /* "until" */
    bool is_below;     /* whether this is the line below the one with the words */
    bool is_over_line; /* whether the date continues in the line below */
    struct written_date date;
    const char *end; /* behind the phrase */
};

/* The word of an embargo's group at a token, which *index moves behind; NULL: none. */
const struct language_word *embargo_take(struct embargo_attempt *attempt, int *index);

/* The same among the words for one of our names. */
bool embargo_take_name(struct embargo_attempt *attempt, int *index, const char *name);

bool embargo_is_named(const struct language_word *word, const char *name);
bool embargo_is_mark(const struct embargo_attempt *attempt, int index, const char *marks);
bool embargo_is_end(const struct embargo_attempt *attempt, int index);

/* Where the text goes on before a token. */
const char *embargo_text_before(const struct embargo_attempt *attempt, int index);

/* A date, a weekday or a time of day at a token. */
bool embargo_read_date(struct embargo_attempt *attempt, int index, struct written_date *date);

/* Whether that says anything of a time. */
bool embargo_tells_when(const struct written_date *date);

/* What stands behind the word for an embargo, from a token on; fills has_limit, date and end. False
 * where it makes the word the subject of a sentence. */
bool embargo_take_end(struct embargo_attempt *attempt, int index);

#endif
