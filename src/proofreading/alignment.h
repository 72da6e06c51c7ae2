/* SPDX-License-Identifier: MIT */
#ifndef PROOFREADING_ALIGNMENT_H
#define PROOFREADING_ALIGNMENT_H

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct fact;
struct facts;

/* Inside proofreading/ only: which place of a version stands for which of its original. What both
 * say once is a fixed point; a translation keeps the order of what lies between, nearly. */
struct alignment {
    struct anchor *anchors; /* in the version's order, and from behind the first to the last */
    size_t count;
    size_t length_here; /* of the texts */
    size_t length_there;
};

/* Whether the two say the same. */
bool fact_is_same(const struct fact *one, const struct fact *other);

/* here: of the version. Lives in arena. */
void alignment_make(struct alignment *alignment, struct arena *arena, const struct facts *here,
                    const struct facts *there);

/* Whether the two may be the same thing by where they stand. */
bool alignment_is_near(const struct alignment *alignment, const struct fact *here,
                       const struct fact *there);

#endif
