/* SPDX-License-Identifier: MIT */
#ifndef PROOFREADING_FACT_H
#define PROOFREADING_FACT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "proofreading/prose.h"

struct arena;
struct proofreading_settings;

/* Inside proofreading/ only: what a text says that is the same in every language. */

enum fact_kind { FACT_NUMBER, FACT_PERCENT, FACT_AMOUNT, FACT_DATE, FACT_TIME, FACT_TELEPHONE };

struct fact {
    enum fact_kind kind;
    const char *text;  /* as written: "1.240", "9. juni 2026" */
    const char *value; /* the same for equal ones: "124e1", "0609", "10:00", last digits */
    const char *unit;  /* AMOUNT: our name of the currency */
    int64_t year;      /* DATE; 0: none is said */
    int parts[3];      /* DATE: day, month, year; TIME: hour, hour of twelve, minute */
};

struct facts {
    struct fact *facts;
    size_t count;
    size_t capacity;
    bool is_cut; /* there are more: what is not among them may be said all the same */
};

enum {
    FACTS_MAXIMUM = 500,
    FACT_DATES_MAXIMUM = 2000 /* places of a text at which a date is looked for */
};

/* All of a text in language, in their order; no more than FACTS_MAXIMUM. */
void facts_read(const struct proofreading_settings *settings, struct arena *arena,
                const struct prose *prose, const char *language, struct facts *facts);

#endif
