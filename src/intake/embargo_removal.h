/* SPDX-License-Identifier: MIT */
#ifndef INTAKE_EMBARGO_REMOVAL_H
#define INTAKE_EMBARGO_REMOVAL_H

#include "intake/embargo_phrase.h"

#include <stdbool.h>

struct intake_reading;

/* Inside intake/ only: embargo phrases of one line, and which of them are taken out of the text. A
 * phrase is taken out where its line, bracket or bold run holds nothing else and it names day and
 * hour: the release's own field then says all of it. */

/* A line that heads a section is not longer than this, in bytes. */
enum { EMBARGO_SECTION_MAXIMUM = 100 };

/* The phrases of a line, in the language of the release. following: the line below it; may be NULL.
 * is_raw: as it stands in the file. */
struct embargo_phrase *embargo_find_in_line(struct intake_reading *reading, const char *line,
                                            const char *following, bool is_raw);

/* Whether a line heads a section ("Kontakt") or is a standard line for editors ("ENDS"). */
bool embargo_is_section(const struct intake_reading *reading, const char *line);

/* Whether the phrase is to be taken out of the text. */
bool embargo_may_go(const struct intake_reading *reading, const struct embargo_phrase *phrase);

/* The first of phrases that is to be taken out with its container; NULL: none. */
struct embargo_phrase *embargo_find_removable(const struct intake_reading *reading,
                                              struct embargo_phrase *phrases,
                                              enum embargo_container container);

/* The text without the bracket that holds nothing but an embargo; text itself where there is
 * none. */
const char *embargo_cut_bracket(struct intake_reading *reading, const char *text);

#endif
