/* SPDX-License-Identifier: MIT */
#ifndef LOCALE_CONTEXT_H
#define LOCALE_CONTEXT_H

#include <stddef.h>
#include <stdint.h>

struct arena;
struct error;
struct zone;

/* The formatters of ICU that have been needed so far, kept because each is dear to make: open one
 * for a run and pass it on. For one thread at a time. Results are made in the arena given. An
 * unknown language is formatted as English. "en" alone means British forms. */
struct locale_context;

/* ERROR_USAGE where there is no such time zone. */
struct locale_context *locale_context_new(const char *timezone, struct error *error);

/* Takes NULL. */
void locale_context_free(struct locale_context *context);

const struct zone *locale_context_zone(const struct locale_context *context);

enum date_style {
    DATE_LONG,      /* 7. juni 2022 · 7 June 2022 */
    DATE_LONG_TIME, /* 7. juni 2022 kl. 18.57 · 7 June 2022 at 18:57 */
    DATE_WEEKDAY,   /* tirsdag den 7. juni 2022 · Tuesday, 7 June 2022 */
    DATE_TIME,      /* 18.57 · 18:57 */
    DATE_MONTH,     /* juni 2022 · June 2022 */
    DATE_SHORT,     /* 07.06.2022 · 07/06/2022 */
    DATE_STYLE_COUNT
};

/* The instant in the context's zone and a language's usual words (CLDR). */
const char *locale_date(struct locale_context *context, struct arena *arena, const char *language,
                        enum date_style style, int64_t instant);

/* 12.345 · 12,345 */
const char *locale_number(struct locale_context *context, struct arena *arena, const char *language,
                          int64_t number);

/* 812 bytes · 1,2 MB · 1.2 MB: powers of 1000, one decimal below 10. */
const char *locale_size(struct locale_context *context, struct arena *arena, const char *language,
                        int64_t bytes);

/* A name for an address: a–z, 0–9 and single hyphens, at most maximum characters, cut at a word
 * where there is one; fallback (given by the caller, used as it is) where nothing remains, and
 * behind a name that Windows keeps for itself ("con-FALLBACK"). Letters outside a–z are
 * transliterated; in Danish and Norwegian æ ø å become ae oe aa, in German ä ö ü ae oe ue. */
const char *locale_slug(struct locale_context *context, struct arena *arena, const char *title,
                        const char *language, size_t maximum, const char *fallback);

#endif
