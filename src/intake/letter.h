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

/* Inside intake/ only: a mail that somebody lays down as a release. */

/* The words in one line, with one space between them; marks before the first of them say nothing in
 * a note. */
const char *letter_line_of(struct arena *arena, const char *words);

/* The lines that are OWN, of which words are told as left out. *left_out: all others, for looking
 * for an embargo. */
const char *letter_own(struct intake_reading *reading, const char *text, const char **left_out);

/* The subject without "Re:", "VS:" and the name of a list before it, whose letters are counted. */
const char *letter_subject(struct intake_reading *reading, const char *subject);

/* ---- letter_file.c ---- */

/* The names that files of the letter have as assets: made safe, unlike each other, one for each
 * leaf in their order. In arena. */
const char **letter_names(struct intake_reading *reading, const struct mime_letter *letter);

/* Makes pictures and documents of the letter's files but those that are shown or taken[i], and
 * tells of what is neither. */
void letter_take_files(struct intake_reading *reading, const struct mime_letter *letter,
                       const char *const *names, const bool *taken);

#endif
