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

/* What a file says of its embargo besides the instant in its field: its phrases, and whether they
 * are to be ignored. Lives in the release's arena. */
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
    bool is_scheduled; /* its place has it wait for a time, whichever field says it */
    struct intake_problem_list *problems;
};

/* Sets the embargo where the phrases name exactly one instant and no field does. Reports nothing.
 * */
void embargo_fill(const struct embargo_input *input);

/* Does what embargo_fill() does, then refuses what is not certain, with the lines that would
 * settle it: phrases without a full date, with several, or against the field; an embargo that
 * ended long before the release was first seen, as with a wrong year; so a `published` of what is
 * scheduled. Reports until when a phrase
 * holds the release. Drafts and withdrawn releases wait for nothing. */
void embargo_judge(const struct embargo_input *input);

#endif
