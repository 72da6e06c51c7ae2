/* SPDX-License-Identifier: MIT */
#ifndef LOCALE_WORDING_H
#define LOCALE_WORDING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct locale_context;
struct strings;

/* What pages and mails say in the same words. Results are made in the arena given, or borrowed from
 * the strings. */
struct wording {
    struct locale_context *locale;
    const struct strings *strings;
    const char *language;
};

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
