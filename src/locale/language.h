/* SPDX-License-Identifier: MIT */
#ifndef LOCALE_LANGUAGE_H
#define LOCALE_LANGUAGE_H

#include <stdbool.h>

struct arena;

/* Languages are BCP 47 tags: "da", "en-GB", "zh-Hant". */

/* The tag in canonical form ("EN-gb" → "en-GB", "dan" → "da"); NULL where it is no well-formed tag
 * of a language that CLDR knows by name. */
const char *language_canonical(struct arena *arena, const char *tag);

/* What the language is called in in_language: ("da", "en") → "Danish", ("da", "da") → "dansk".
 * The tag itself where there is no name. */
const char *language_name(struct arena *arena, const char *tag, const char *in_language);

/* "ltr" or "rtl", for the attribute dir. */
const char *language_direction(const char *tag);

#endif
