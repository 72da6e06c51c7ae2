/* SPDX-License-Identifier: MIT */
#ifndef LOCALE_MAIL_QUOTE_H
#define LOCALE_MAIL_QUOTE_H

#include <stdbool.h>
#include <stddef.h>

#include "locale/mail_phrases.h"

struct arena;
struct language_words;

/* How mail programs quote, and what they put below what a person wrote: by the phrases of
 * templates/languages/LANG/mail.yaml. What is done with it, whoever asks decides. */

/* Words as they are compared, however a program wrapped, marked or linked them: folded, without
 * punctuation around them; addresses of pages are left out. */
struct mail_word {
    const char *text;
    bool begins_line;
};

struct mail_words {
    struct mail_word *items;
    size_t count;
};

struct mail_words mail_words_of(struct arena *arena, const char *text);

/* Whether a word of the line says no, not, never, unsubscribe or the like. */
bool mail_says_no(struct arena *arena, const struct language_words *words, const char *line);

struct mail_lines {
    char **lines; /* without white space around them; "" for an empty one */
    size_t count;
    const struct language_words *words; /* that say no */
    const struct mail_phrases *phrases;
};

struct mail_lines mail_lines_split(struct arena *arena, const struct language_words *words,
                                   const struct mail_phrases *phrases, const char *text);

/* Nothing but words that such a line is known to have: whatever else stands in it is somebody's. */
bool mail_line_is_made_of(struct arena *arena, const struct mail_lines *lines, const char *line,
                          enum phrase_meaning meaning);

/* "Fra:", "*Fra:*", "De :". */
bool mail_line_is_field(const struct mail_lines *lines, enum phrase_meaning meaning,
                        const char *line);

/* How many lines from at on are "Fra: …" with "Sendt: …" or the like close behind: where Outlook
 * begins to quote, without marks; 0: none. */
size_t mail_header_length(const struct mail_lines *lines, size_t at);

/* "-----Original Message-----", "Begin forwarded message:", a long line. */
bool mail_line_is_separator(const struct mail_lines *lines, const char *line);

/* How many lines from at on are one "Den 9. juni 2026 kl. 10.12 skrev Region Nordhav <…>:", which
 * programs wrap as they please; 0: none. */
size_t mail_attribution_length(struct arena *arena, const struct mail_lines *lines, size_t at);

/* "-- ", below which a program puts the sender's name. */
bool mail_line_is_signature(const char *line);

/* What telephones and mail programs put below. */
bool mail_line_is_advertisement(struct arena *arena, const struct mail_lines *lines,
                                const char *line);

#endif
