/* SPDX-License-Identifier: MIT */
#ifndef INTAKE_SIMILARITY_H
#define INTAKE_SIMILARITY_H

#include <stdbool.h>
#include <stdint.h>

struct arena;
struct database;
struct error;
struct release;
struct text_sketch;

/* Inside intake/ only: which releases a new text may be a near duplicate of. */

/* Which releases a new text may be a near duplicate of: in one run all releases of a title are
 * read once, as sketches (release/text_sketch.h), and compared in memory. */
struct similarity_index;

/* In arena, which lives as long as the run. */
struct similarity_index *similarity_index_new(struct arena *arena, struct database *database);

/* The row id of a release that has the title and most of the text of this one, or has its title
 * alone where nothing but a title is known of it, or most of the text of one that waits and whose
 * file is gone. 0: none. own_row_id: a release that does not count; 0: none. */
bool similarity_index_find(struct similarity_index *similarity, const struct release *release,
                           const struct text_sketch *sketch, int64_t own_row_id, int64_t *row_id,
                           struct error *error);

/* Stores what a release's text is now; is_new: it was not there before. In the caller's
 * transaction.
 */
bool similarity_index_put(struct similarity_index *similarity, int64_t row_id, const char *title,
                          const struct text_sketch *sketch, bool is_new, struct error *error);

/* To be called when a release is newly held: the list of those is read anew. */
void similarity_index_note_held(struct similarity_index *similarity);

/* To be called when a transaction in which it was used was undone: all is read anew. */
void similarity_index_forget(struct similarity_index *similarity);

/* Whether two texts are so similar that they may be the same release. */
bool similarity_is_near_duplicate(const struct text_sketch *a, const struct text_sketch *b);

#endif
