/* SPDX-License-Identifier: MIT */
#ifndef PUBLISH_PRESENT_H
#define PUBLISH_PRESENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "presentation/presentation.h"

struct database;
struct error;
struct site;

/* Inside publish/ only: presentations of what stands in the store. For other modules there is
 * publish_present(). */

/* A version that will stand in public/ together with the presentation: of the same batch. */
struct planned_version {
    int64_t original_row_id;
    struct presentation_version version;
    bool is_shown; /* false: it is not to be shown, whatever the cards say */
};

/* Fills the versions from the cards, and from planned, ordered by original_row_id, in their place.
 */
bool present_versions(struct presentation *shown, struct database *database,
                      const struct planned_version *planned, size_t planned_count,
                      struct error *error);

/* A public release as it stands, with files and versions; NULL with *failed false: there is none,
 * or none with a text. */
const struct presentation *present_load(struct arena *arena, const struct site *site,
                                        int64_t row_id, bool *failed, struct error *error);

#endif
