/* SPDX-License-Identifier: MIT */
#ifndef INTAKE_EMBARGO_H
#define INTAKE_EMBARGO_H

#include <stdbool.h>
#include <stdint.h>

struct embargo_phrase;
struct intake_problem_list;
struct language_words;
struct release;
struct release_row;
struct zone;

/* Inside intake/ only: the decision when a release may be seen, by its fields and its words. */

/* What a file says of its embargo besides the instant in its field: its words, and that they are
 * none. Lives in the release's arena. */
struct embargo_words {
    const struct embargo_phrase *phrases; /* NULL: none */
    bool has_field;                       /* an instant, or none */
    bool is_none;                         /* `embargo: none` */
};

/* All that decides when a release may be seen. */
struct embargo_input {
    const struct embargo_words *words;
    struct release *release; /* embargo_at as its field says it, or as embargo_fill() did */
    const struct zone *zone;
    const struct language_words *language_words;
    int64_t now_at;
    const struct release_row *row;      /* what is known of it; NULL: it is new */
    const struct release_row *original; /* of a version */
    struct intake_problem_list *problems;
};

/* Where the words name one plain instant and no field does, that is the embargo. Says nothing. */
void embargo_fill(const struct embargo_input *of);

/* Fills, and then refuses, with the lines that would decide it, what nobody can be sure of: words
 * without a full date, or with several, or against the field; an embargo that was over long before
 * the release was seen, as one in the wrong year is. Tells until when words hold it. Drafts and
 * what is withdrawn wait for nothing. */
void embargo_judge(const struct embargo_input *of);

#endif
