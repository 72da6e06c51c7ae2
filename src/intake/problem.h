/* SPDX-License-Identifier: MIT */
#ifndef INTAKE_PROBLEM_H
#define INTAKE_PROBLEM_H

#include <stdbool.h>
#include <stddef.h>

#include "database/sql_macro.h"
#include "intake/message.h"

struct arena;

/* What is wrong with a file of the drop directory, and how it is reported to a press officer. */

/* What becomes of the file for it. Numbers stand in the database: they never change. */
#define INTAKE_SEVERITIES(X)                                                                       \
    X(INTAKE_ADVICE, 0)  /* used as it is, could be better: said by `check` and in the log only */ \
    X(INTAKE_NOTICE, 1)  /* nothing is wrong, but somebody should know: said in a note too */      \
    X(INTAKE_WARNING, 2) /* used, but something that the file asks for is not done: as well */     \
    X(INTAKE_REFUSED, 3) /* not used; the last good revision stays */

enum intake_severity { INTAKE_SEVERITIES(SQL_ENUMERATOR) };

/* One thing wrong with a file of the drop directory: "what is wrong; what to do". */
struct intake_problem {
    enum intake_severity severity;
    const char *file; /* within the drop directory: "x.md", "folder/text.md", "x.yaml" */
    int line;         /* counted from 1; 0: the file as a whole */
    struct intake_message message;
    struct intake_problem *next;
};

/* At most so many are kept of one release, and as many that decide what becomes of it (refusals
 * and notices): a hundred warnings must not hide why a file is refused, or until when it is held.
 * Further ones are only counted, and so are repetitions for the same line. */
enum { INTAKE_PROBLEM_MAXIMUM = 50 };

struct intake_problem_list {
    struct arena *arena; /* borrowed; what all of it lives in */
    const char *file;    /* stamped on each problem added from now on; borrowed */
    struct intake_problem *first;
    size_t kept;
    size_t kept_decisive;
    size_t refused; /* how many of severity INTAKE_REFUSED, those not kept included */
    size_t warnings;
    size_t notices;
    size_t advice;
    size_t letters_left_out; /* letters and digits of the text that are not words of the release,
                                because they were reported or are marks (intake/left_out.h): with
                                those of the release they are all that came in */
};

void intake_problem_list_init(struct intake_problem_list *list, struct arena *arena,
                              const char *file);

/* Adds what a message says of the line; its values are copied. */
void intake_problem_add_message(struct intake_problem_list *list, enum intake_severity severity,
                                int line, const struct intake_message *message);

/* The same with texts for the message's {a}, {b} and {c}, NULL where it has none. */
void intake_problem_add(struct intake_problem_list *list, enum intake_severity severity, int line,
                        enum intake_message_id id, const char *a, const char *b);
void intake_problem_add_three(struct intake_problem_list *list, enum intake_severity severity,
                              int line, enum intake_message_id id, const char *a, const char *b,
                              const char *c);

/* to becomes a copy of from, all of it in arena. */
void intake_problem_list_copy(struct intake_problem_list *to,
                              const struct intake_problem_list *from, struct arena *arena);

/* "releases/x.md:3: what is wrong; what to do", with drop_directory ("releases") before the file;
 * in arena. */
const char *intake_problem_line(struct arena *arena, const struct intake_wording *wording,
                                const char *drop_directory, const struct intake_problem *problem);

#endif
