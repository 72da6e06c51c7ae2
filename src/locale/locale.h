/* SPDX-License-Identifier: MIT */
#ifndef LOCALE_LOCALE_H
#define LOCALE_LOCALE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct catalog;
struct error;
struct zone;

/* How things are said in a language. Beside it for others: zone.h (time zones), unicode.h,
 * language_words.h (words that people write) and written_date.h (dates as they write them). */

/* ---- languages (language.c) ---- */

/* Languages are BCP 47 tags: "da", "en-GB", "zh-Hant". */

/* The tag in canonical form ("EN-gb" → "en-GB", "dan" → "da"); NULL where it is no well-formed tag
 * of a language that CLDR knows by name. */
const char *language_canonical(struct arena *arena, const char *tag);

/* What the language is called in in_language: ("da", "en") → "Danish", ("da", "da") → "dansk".
 * The tag itself where there is no name. */
const char *language_name(struct arena *arena, const char *tag, const char *in_language);

/* "da" → "da_DK", "en-GB" → "en_GB", for Open Graph: a language without a country is given the one
 * where most speak it, but English Britain. */
const char *language_with_country(struct arena *arena, const char *tag);

/* Whether ISO 3166 has the country, two capital letters: "DK". */
bool country_is_known(const char *country);

/* "ltr" or "rtl", for the attribute dir. */
const char *language_direction(const char *tag);

/* ---- dates, numbers and names (context.c, format.c, slug.c) ---- */

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

/* ---- texts in each language (strings.c) ---- */

/* The interface's texts in each language: what pages, feeds and mails say around the releases. No
 * files are read here: config/ adds what it read. */
struct strings;

/* fallback_language is where a text is looked for that another language has not. */
struct strings *strings_new(const char *fallback_language);

/* Takes NULL. */
void strings_free(struct strings *strings);

/* Copies all three. A later text for the same language and key takes the place of the earlier one
 * (a newsroom overrides the share folder's). */
void strings_add(struct strings *strings, const char *language, const char *key, const char *text);

/* Adds the language's texts with strings_add(); ERROR_USAGE where they cannot be read. */
typedef bool strings_read(void *payload, struct strings *strings, struct error *error);

/* Most runs of a program ask for the texts of few languages or none: read is called with the first
 * question that needs the language, and what has been added by then stands over what it adds.
 * payload is borrowed. */
void strings_read_later(struct strings *strings, const char *language, strings_read *read,
                        void *payload);

/* The same for those texts whose keys begin with one of prefixes (ended by NULL, kept; one list for
 * all languages): what few processes say need not be read by the others, nor stand in each page's
 * context. */
void strings_read_rest_later(struct strings *strings, const char *language,
                             const char *const *prefixes, strings_read *read, void *payload);

/* tags, ended by NULL and borrowed: what is asked in them, or in one of their regions, is looked
 * for in language before the fallback: "no" in "nb". */
void strings_also(struct strings *strings, const char *language, const char *const *tags);

/* Reads now all that was put off, so that the caller gets the error and several threads may ask. A
 * look-up that has to read a language ends the program where it cannot be read. Takes NULL. */
bool strings_open(const struct strings *strings, struct error *error)
    __attribute__((warn_unused_result));

/* The text in language, else in it without its region, else in the language that it is read as
 * (strings_also()), else in the fallback language, else key itself, so that a missing text is seen
 * and breaks nothing. Borrowed until strings_free(). */
const char *strings_get(const struct strings *strings, const char *language, const char *key);

/* The text that exactly this language was given first for the key, whatever took its place; NULL:
 * none. */
const char *strings_get_first(const struct strings *strings, const char *language, const char *key);

/* Whether some language of that chain has the key. */
bool strings_has(const struct strings *strings, const char *language, const char *key);

/* The language of that chain in which the text is; the fallback where none has it. */
const char *strings_language(const struct strings *strings, const char *language, const char *key);

/* "key.one", "key.few", "key.other" … by the plural rules (CLDR) of the language whose text is
 * taken. */
const char *strings_plural(struct strings *strings, const char *language, const char *key,
                           int64_t count);

/* Whether exactly this language has texts, or a reader for them. */
bool strings_has_language(const struct strings *strings, const char *language);

/* The languages that strings_has_language() knows, one an index; NULL behind the last. Borrowed. */
const char *strings_language_at(const struct strings *strings, size_t index);

/* Every key that strings_get() knows for language, once, with the text that it would give: how a
 * template's context gets them all. Nothing to close; no key is added meanwhile. */
enum { STRINGS_CHAIN_LENGTH = 4 };

struct strings_cursor {
    const struct strings *strings;
    struct catalog
        *chain[STRINGS_CHAIN_LENGTH]; /* where strings_get() looks, one after the other */
    int catalog;
    size_t entry;
};

void strings_cursor_open(struct strings_cursor *cursor, const struct strings *strings,
                         const char *language);

/* The same with what strings_read_rest_later() put off, which else is not met unless it was read.
 */
void strings_cursor_open_whole(struct strings_cursor *cursor, const struct strings *strings,
                               const char *language);
bool strings_cursor_next(struct strings_cursor *cursor, const char **key, const char **text);

/* pattern with each {name} replaced by its value; the arguments are pairs of const char *, name and
 * value, ended by NULL. A name that is not given stays as it is; "{{" is a brace. */
const char *strings_format(struct arena *arena, const char *pattern, ...) __attribute__((sentinel));

/* ---- what is said alike everywhere (wording.c) ---- */

/* What pages and mails say in the same words. Results are made in the arena given, or borrowed from
 * the strings. */
struct wording {
    struct locale_context *locale;
    const struct strings *strings;
    const char *language;
};

/* "7. juni 2022 kl. 18.57", "7. Juni 2022 um 18:57 Uhr": string date_and_time around
 * DATE_LONG_TIME. */
const char *wording_date(const struct wording *wording, struct arena *arena, int64_t at);

/* "fredag den 12. juni 2026 kl. 10.00–11.30", over more days "… til …"; end_at INSTANT_NONE: no end
 * is said. Strings event_when, event_when_open, event_when_days. */
const char *wording_event_when(const struct wording *wording, struct arena *arena, int64_t start_at,
                               int64_t end_at);

/* "2026-12-15": the instant's day in the locale's zone. */
const char *wording_day(const struct wording *wording, struct arena *arena, int64_t at);

/* When an all-day event is: "tirsdag den 15. december 2026", over more days "… til …". end_at is
 * the midnight behind the last day. */
const char *wording_event_days(const struct wording *wording, struct arena *arena, int64_t start_at,
                               int64_t end_at);

/* "PDF, 84 kB" of "bilag/fakta.pdf", "JPEG, 84 kB" of "a.jpg": string file_size. */
const char *wording_file(const struct wording *wording, struct arena *arena, const char *file,
                         int64_t size_bytes);

/* "JPEG, 1,2 MB, 4000 × 2250 pixel": string picture_size. */
const char *wording_picture(const struct wording *wording, struct arena *arena, const char *file,
                            int64_t size_bytes, int width, int height);

/* "Kredit: Lars Juul", string picture_credit; a credit that says itself what it is ("Foto: Lars
 * Juul", "Photo credit: …") as it is. */
const char *wording_credit(const struct wording *wording, struct arena *arena, const char *credit);

/* A line cut at a word after at most maximum characters, with "…" behind it. */
const char *wording_cut(struct arena *arena, const char *line, size_t maximum);

/* A name of a–z, 0–9 and hyphens as a person writes it: "Faglig nyhed" of "faglig-nyhed". */
const char *wording_name(struct arena *arena, const char *name);

/* "Pressemeddelelse", plural "Pressemeddelelser": the string type_TYPE, types_TYPE; a type that has
 * none by its name. */
const char *wording_type(const struct wording *wording, struct arena *arena, const char *type,
                         bool is_plural);

#endif
