/* SPDX-License-Identifier: MIT */
#ifndef DIGEST_PAST_H
#define DIGEST_PAST_H

#include "digest/issue.h"

/* Inside digest/ only: where the releases of an issue may have reached somebody already: the
 * announcements of the releases themselves, and the other digests that held them. */
struct digest_past;

/* In arena; issue and items are borrowed. */
struct digest_past *digest_past_new(struct database *database, const struct digest_issue *issue,
                                    const struct digest_items *items, struct arena *arena,
                                    struct error *error);

/* Sets had[i] where the release of items->items[i] reached the subscriber, or waits to. had: as
 * many as there are items, all false. */
bool digest_past_read(struct digest_past *past, int64_t subscriber, bool *had, struct error *error);

#endif
