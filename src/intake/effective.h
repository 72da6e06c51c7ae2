/* SPDX-License-Identifier: MIT */
#ifndef INTAKE_EFFECTIVE_H
#define INTAKE_EFFECTIVE_H

#include <stdint.h>

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
    struct intake_problem_list *problems; /* gets what is not done (INTAKE_WARNING) */
};

/* Fills title, language, type, topics with their labels, status, times, urgent, mail and correction
 * of *result, which is a copy of *row, or zeros for a new release. A version takes from its
 * original what it does not say itself, and is never more public than it: withdrawn with it, no
 * draft's or embargoed release's version goes ahead. Once public, times stay, `draft` does not
 * count, and a withdrawn release stays withdrawn. Strings live in arena or are shared. */
void effective_fill(struct arena *arena, const struct effective_input *input,
                    struct release_row *result);

#endif
