/* SPDX-License-Identifier: MIT */
#ifndef LOCALE_STRINGS_H
#define LOCALE_STRINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct catalog;
struct error;

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

/* The text in language, else in it without its region, else in the fallback language, else key
 * itself, so that a missing text is seen and breaks nothing. Borrowed until strings_free(). */
const char *strings_get(const struct strings *strings, const char *language, const char *key);

/* Whether some language of that chain has the key. */
bool strings_has(const struct strings *strings, const char *language, const char *key);

/* "key.one", "key.few", "key.other" … by the plural rules (CLDR) of the language whose text is
 * taken. */
const char *strings_plural(struct strings *strings, const char *language, const char *key,
                           int64_t count);

/* Whether any text was added for exactly this language. */
bool strings_has_language(const struct strings *strings, const char *language);

/* Every key that strings_get() knows for language, once, with the text that it would give: how a
 * template's context gets them all. Nothing to close; no key is added meanwhile. */
enum { STRINGS_CHAIN_LENGTH = 3 };

struct strings_cursor {
    struct catalog
        *chain[STRINGS_CHAIN_LENGTH]; /* where strings_get() looks, one after the other */
    int catalog;
    size_t entry;
};

void strings_cursor_open(struct strings_cursor *cursor, const struct strings *strings,
                         const char *language);
bool strings_cursor_next(struct strings_cursor *cursor, const char **key, const char **text);

/* pattern with each {name} replaced by its value; the arguments are pairs of const char *, name and
 * value, ended by NULL. A name that is not given stays as it is; "{{" is a brace. */
const char *strings_format(struct arena *arena, const char *pattern, ...) __attribute__((sentinel));

#endif
