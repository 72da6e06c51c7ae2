/* SPDX-License-Identifier: MIT */
#ifndef QUEUE_SELECTION_H
#define QUEUE_SELECTION_H

#include "queue/queue.h"

/* Inside queue/ only: writes down which feeds select what of a mailing, so that whoever leaves one
 * of them can be told from who still follows another (queue_suppress_unselected). */
bool selection_write(struct database *database, int64_t mailing,
                     const struct queue_candidates *candidates, struct error *error);

/* Whether two languages are the same but for their regions. */
bool selection_is_same_language(const char *a, const char *b);

/* A version that is taken back is nobody's choice any more. */
bool selection_remove_version(struct database *database, int64_t version, struct error *error);

#endif
