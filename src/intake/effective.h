/* SPDX-License-Identifier: MIT */
#ifndef INTAKE_EFFECTIVE_H
#define INTAKE_EFFECTIVE_H

#include <stdint.h>

#include "intake/drop_container.h"

struct arena;
struct intake_problem_list;
struct release;
struct release_row;

/* Inside intake/ only: what a release becomes by what its file asks for and what it is already.
 * */

/* What a file asks for, and what the release is so far. */
struct effective_input {
    const struct release *release;
    const struct release_row *row;      /* NULL: a new release */
    const struct release_row *original; /* of a version; NULL: an original */
    int64_t now_at;
    struct drop_place place; /* where its file lies; of one that lies elsewhere zeros */
    struct intake_problem_list *problems; /* gets what is not done (INTAKE_WARNING) */
};

/* Fills title, language, type, topics with their labels, status, place, times, urgent, mail and
 * correction of *result, which is a copy of *row, or zeros for a new release. A version takes from
 * its original what it does not say itself, and is never more public than it: withdrawn with it, no
 * draft's or embargoed release's version goes ahead. Where place and header differ, the more
 * careful one counts: withdrawn before draft, draft before waiting, waiting before ready. Once
 * public, times stay, a draft only means that nobody more is mailed (its place says so then), and a
 * withdrawn release stays withdrawn, unless its place alone withdrew it, its file lies elsewhere
 * now, and nobody was mailed so. Strings live in arena or are shared. */
void effective_fill(struct arena *arena, const struct effective_input *input,
                    struct release_row *result);

#endif
