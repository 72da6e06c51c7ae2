/* SPDX-License-Identifier: MIT */
#ifndef LOCALE_CONTEXT_PARTS_H
#define LOCALE_CONTEXT_PARTS_H

#include "locale/locale.h"

#include <unicode/udat.h>
#include <unicode/unum.h>
#include <unicode/unumberformatter.h>
#include <unicode/utrans.h>

/* Inside locale/ only: what a context keeps. */
enum { SIZE_UNIT_COUNT = 5 };

enum { KNOWN_DATES = 256, KNOWN_DATE_SIZE = 84 };

/* A date in words: the same few are asked for on page after page, and ICU takes its time. */
struct known_date {
    int64_t instant;
    enum date_style style;
    char words[KNOWN_DATE_SIZE]; /* "": a free place */
};

/* The formatters of one language, each made when first asked for. */
struct locale_formats {
    char language[36];
    char locale[64]; /* ICU's name of it, or en_GB where ICU does not know it */
    UDateFormat *dates[DATE_STYLE_COUNT];
    struct known_date known[KNOWN_DATES];
    UNumberFormat *number;
    UNumberFormatter *sizes[SIZE_UNIT_COUNT];
    struct locale_formats *next;
};

struct locale_context {
    struct zone *zone;
    struct locale_formats *formats;
    UTransliterator *to_latin; /* made when first asked for */
};

/* The formats of language, made where they are not there; never NULL. */
struct locale_formats *locale_formats_get(struct locale_context *context, const char *language);

#endif
