/* SPDX-License-Identifier: MIT */
#ifndef INTAKE_OPEN_CHANGES_H
#define INTAKE_OPEN_CHANGES_H

#include <stdbool.h>

#include "release/release_store.h"

struct error;
struct source_bundle;
struct source_bundle_target;

/* Inside intake/ only: texts with changes, comments or struck words that nobody has dealt with.
 * Such a revision waits as one that an approval is awaited for, until somebody accepts what it
 * looks like: in its file, by moving the file out of the drafts once a mail that shows it went, or
 * by a yes. */
struct open_changes {
    enum release_changes changes; /* NONE, OPEN or ACCEPTED; ASKED where they are known as that */
    bool is_another; /* they are open in another file than before: whatever was said counted for
                        that */
};

/* Finds them for a bundle that is about to become row. before: the stored one; NULL: a new release.
 */
bool open_changes_find(const struct source_bundle_target *place, const struct source_bundle *bundle,
                       const struct release_row *before, const struct release_row *row,
                       struct open_changes *found, struct error *error);

/* Tells what they mean for its release in the bundle's note. row: as it is stored, with the
 * approval and the changes that it has now. */
void open_changes_tell(const struct source_bundle_target *place, struct source_bundle *bundle,
                       const struct release_row *row);

#endif
