/* SPDX-License-Identifier: MIT */
#ifndef LOCALE_DATE_TOKEN_H
#define LOCALE_DATE_TOKEN_H

#include <stdbool.h>
#include <stddef.h>

#include "locale/language_words.h"

struct arena;
struct written_date;

/* What written_date.c and its parts share, and who looks for dates in running text (intake/): a
 * piece of text as numbers, words and marks. */

enum { DATE_TOKENS_MAXIMUM = 48, DATE_FOLDED_SIZE = 400 };

enum date_token_kind { DATE_NUMBER, DATE_WORD, DATE_MARK };

struct date_token {
    enum date_token_kind kind;
    size_t end;     /* of its bytes in the text */
    size_t folded;  /* where it begins in date_reader.folded */
    int value;      /* of a number of up to 9 digits */
    int digits;     /* how many */
    char mark;      /* dashes are '-', what is not ASCII '?' */
    bool is_spaced; /* white space before it */
    bool is_upper;  /* a word in capitals */
};

struct date_reader {
    const struct language_words *words;
    const char *language;
    struct date_token tokens[DATE_TOKENS_MAXIMUM];
    int count;
    char folded[DATE_FOLDED_SIZE]; /* case-folded, single spaces: words are looked for in it */
    struct written_date *date;
    int next;        /* token */
    bool is_english; /* the language, or a word of it */
    bool may_be_half_day;
    bool is_iso; /* a T parts day and time */
};

/* Reads the first tokens of text. Soft hyphens and characters without width are passed over. */
void date_reader_init(struct date_reader *reader, struct arena *arena, const char *text);

/* The token, or one that is nothing. */
const struct date_token *date_token_at(const struct date_reader *reader, int index);

bool date_is_mark(const struct date_reader *reader, int index, char mark);

/* The same, and no white space before it. */
bool date_is_tight_mark(const struct date_reader *reader, int index, char mark);

/* A number of so many digits. */
bool date_is_number(const struct date_reader *reader, int index, int least, int most);
bool date_is_tight_number(const struct date_reader *reader, int index, int least, int most);

/* The word of a group that begins at a token; NULL: none. *index moves behind it. */
const struct language_word *date_take_word(struct date_reader *reader, int *index,
                                           enum word_group group);

/* The same among the words for one name: a word may stand for several. */
const struct language_word *date_take_name(struct date_reader *reader, int *index,
                                           enum word_group group, const char *name);

/* Notes that the date is in English where the word is: only there do numbers and hours read two
 * ways. */
void date_note_language(struct date_reader *reader, const struct language_word *word);

/* A time of day at *index, with is_at behind a word such as "kl." (written_time.c). */
bool date_take_time(struct date_reader *reader, int *index, bool is_at);

/* A time zone at *index. */
bool date_take_zone(struct date_reader *reader, int *index);

/* Whether what follows may be a zone that is not known. */
bool date_has_foreign_zone(struct date_reader *reader);

#endif
