/* SPDX-License-Identifier: MIT */
#ifndef PROOFREADING_FACT_H
#define PROOFREADING_FACT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "proofreading/prose.h"

struct arena;
struct fact_words;
struct proofreading_settings;

/* Inside proofreading/ only: what a text says that is the same in every language. */

enum fact_kind {
    FACT_NUMBER,
    FACT_PERCENT,
    FACT_AMOUNT,
    FACT_DATE,
    FACT_TIME,
    FACT_TELEPHONE,
    FACT_MONTH /* without a day */
};

struct fact {
    enum fact_kind kind;
    const char *text;        /* as written: "1.240", "9. juni 2026" */
    const char *value;       /* the same for equal ones: "124e1", "0609", "10:00", last digits */
    const char *other_value; /* another reading of the same: "2" of "2-3 million"; NULL: none */
    const char *digits;      /* of a number as written, without marks: "1240"; NULL: it is none */
    int decimals;            /* how many of them stand behind the mark */
    int shift;               /* the power of ten that a word behind it says */
    const char *unit;        /* AMOUNT: our name of the currency */
    int64_t year;            /* DATE; 0: none is said */
    int parts[3];            /* DATE, MONTH: day, month, year; TIME: hour, of twelve, minute */
    bool is_spelled;         /* a number in letters */
    bool is_joined;          /* DATE, TIME: what makes it one stands beside it: 9 of "9-11 June" */
    size_t begin;            /* where it stands, in bytes of all blocks one behind the other */
    size_t end;
};

struct facts {
    struct fact *facts;
    size_t count;
    size_t capacity;
    size_t length; /* of the text, in bytes */
    bool is_cut;   /* there are more: what is not among them may be said all the same */
};

enum {
    FACTS_MAXIMUM = 500,
    FACT_DATES_MAXIMUM = 2000 /* places of a text at which a date is looked for */
};

/* All of a text in language, in their order; no more than FACTS_MAXIMUM. */
void facts_read(const struct proofreading_settings *settings, struct arena *arena,
                const struct prose *prose, const char *language, struct facts *facts);

/* What one fact says of the one beside it, in the facts of one block, text, that begins at start:
 * in "9.-11. juni", "kl. 10-12", "2-3 mio. kr." the first is of the other's kind. */
void facts_join(const struct fact_words *words, struct fact *facts, size_t count, const char *text,
                size_t start);

#endif
