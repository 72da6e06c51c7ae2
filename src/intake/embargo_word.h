/* SPDX-License-Identifier: MIT */
#ifndef INTAKE_EMBARGO_WORD_H
#define INTAKE_EMBARGO_WORD_H

#include <stddef.h>

struct arena;

/* The word for an embargo that text begins with, as it stands there ("KLAUSULERET"), or that stands
 * in it in capitals; NULL for none. What is no letter before it (markup, quotes, a picture
 * character) does not count, nor does its case. A word that only begins so ("Embargoen mod …") is
 * none. In arena. */
const char *embargo_word(struct arena *arena, const char *text);

/* The same for a file: its first lines that are not empty. *line is where it was found. */
const char *embargo_word_of_lines(struct arena *arena, const char *text, int *line);

#endif
