/* SPDX-License-Identifier: MIT */
#ifndef INTAKE_REFUSED_PLACE_H
#define INTAKE_REFUSED_PLACE_H

#include <stdbool.h>
#include <stdint.h>

struct arena;
struct error;
struct intake_stage;
struct source_bundle;

/* Inside intake/ only: a file that is refused still says by its place what is to become of its
 * release. */

/* Who moved it among the drafts or the withdrawn ones wants it mailed to nobody more, or taken
 * down, whatever is wrong with what stands in it. In the caller's transaction. *withdrawn: row id
 * of the release that was withdrawn now, its versions not; 0: none was. */
bool refused_place_apply(struct intake_stage *stage, const struct source_bundle *bundle,
                         struct arena *arena, int64_t *withdrawn, struct error *error);

#endif
