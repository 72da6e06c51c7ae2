/* SPDX-License-Identifier: MIT */
#ifndef INTAKE_LETTER_H
#define INTAKE_LETTER_H

#include <stdbool.h>
#include <stddef.h>

#include "intake/message.h"

struct arena;
struct intake_reading;
struct mime_leaf;
struct mime_letter;
struct rich_text;

/* Inside intake/ only: a mail that somebody lays down as a release. */

/* The words in one line, with one space between them; marks before the first of them say nothing in
 * a note. */
const char *letter_line_of(struct arena *arena, const char *words);

/* The lines that are OWN, of which words are told as left out. *left_out: all others, for looking
 * for an embargo. */
const char *letter_own(struct intake_reading *reading, const char *text, const char **left_out);

/* Whether each line of the text, which ends in LF but for the last, is OWN; *count: of them. In
 * arena; behind a last LF stands one more. Tells nothing. */
const bool *letter_own_lines(struct intake_reading *reading, const char *text, size_t *count);

/* Whether a line is "Med venlig hilsen" or the like. */
bool letter_is_closing(const struct intake_reading *reading, const char *line);

/* The subject without "Re:", "VS:" and the name of a list before it, whose letters are counted. */
const char *letter_subject(struct intake_reading *reading, const char *subject);

/* ---- letter_page.c ---- */

/* The page that the letter's text is, where it is one alone and can be read; NULL. */
struct rich_text *letter_page_read(struct intake_reading *reading,
                                   const struct mime_letter *letter);

/* Its words, a line each, those that it quotes behind "> "; in arena. */
const char *letter_page_lines(struct intake_reading *reading, const struct rich_text *page);

/* Takes the blocks whose lines are not all OWN out of the page. False, and nothing is changed: one
 * is cut in two by that. */
bool letter_page_keep_own(struct intake_reading *reading, struct rich_text *page);

/* Puts one more paragraph before the page, as a title or not. */
void letter_page_begin(struct intake_reading *reading, struct rich_text *page, const char *words,
                       bool is_title);

/* The pictures that the page shows become files of the release, taken[i]; what it names beside
 * that comes with no mail, and goes. */
void letter_page_take_files(struct intake_reading *reading, struct rich_text *page,
                            const struct mime_letter *letter, const char *const *names,
                            bool *taken);

/* ---- letter_file.c ---- */

/* Makes a picture or document of the release of one file of the letter; false: it can be none. */
bool letter_take_file(struct intake_reading *reading, const struct mime_leaf *leaf,
                      const char *name);

/* The names that files of the letter have as assets: made safe, unlike each other, one for each
 * leaf in their order. In arena. */
const char **letter_names(struct intake_reading *reading, const struct mime_letter *letter);

/* Makes pictures and documents of the letter's files but those that are shown or taken[i], and
 * tells of what is neither. */
void letter_take_files(struct intake_reading *reading, const struct mime_letter *letter,
                       const char *const *names, const bool *taken);

#endif
