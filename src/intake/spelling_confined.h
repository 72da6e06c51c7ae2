/* SPDX-License-Identifier: MIT */
#ifndef INTAKE_SPELLING_CONFINED_H
#define INTAKE_SPELLING_CONFINED_H

#include <stdbool.h>
#include <stddef.h>

/* Inside intake/ only: which words a dictionary knows, asked of confined processes, one a
 * language, which live until they are freed. */

struct proofreading_dictionary;
struct spelling;

/* Starts nothing yet. */
struct spelling *spelling_new(void);

/* Marks those of words that the dictionary does not have. False: nothing is known of any, because
 * it is not there, or its reader is not, or died, or was not done in time: a text is not worse for
 * it, so this is logged only where the reader came to grief. */
bool spelling_ask(struct spelling *spelling, const struct proofreading_dictionary *dictionary,
                  const char *const *words, size_t count, bool *are_unknown);

/* Takes NULL. */
void spelling_free(struct spelling *spelling);

#endif
