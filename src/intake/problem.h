/* SPDX-License-Identifier: MIT */
#ifndef INTAKE_PROBLEM_H
#define INTAKE_PROBLEM_H

#include <stdbool.h>
#include <stddef.h>

#include "intake/message.h"

struct arena;

/* Part of intake.h: what is wrong with a file. */

/* What becomes of the file for it. */
enum intake_severity {
    INTAKE_ADVICE,  /* used as it is, could be better: said by `check` and in the log only */
    INTAKE_NOTICE,  /* nothing is wrong, but somebody should know: said in a note too */
    INTAKE_WARNING, /* used, but something that the file asks for is not done: said in a note too */
    INTAKE_REFUSED  /* not used; the last good revision stays */
};

/* One thing wrong with a file of the drop directory, in two forms: for logs and programs in
 * English, for the press officer in the newsroom's language. Both are "what is wrong; what to do",
 * one line. */
struct intake_problem {
    enum intake_severity severity;
    const char *file; /* within the drop directory: "x.md", "folder/text.md", "x.yaml" */
    int line;         /* counted from 1; 0: the file as a whole */
    const char *message;
    const char *note;
    struct intake_problem *next;
    const struct intake_message_parts *parts; /* where the list keeps it; else NULL */
};

/* The parts of a message, from which another process makes it again: its values as they were
 * given, cut where they would not be shown. */
struct intake_message_parts {
    enum intake_message_id id;
    const char *values[3];
};

/* At most so many are kept of one release, and as many that decide what becomes of it (refusals
 * and notices): a hundred warnings must not hide why a file is refused, or until when it is held.
 * Further ones are only counted, and so are repetitions for the same line. */
enum { INTAKE_PROBLEM_MAXIMUM = 50 };

struct intake_problem_list {
    struct arena *arena;  /* borrowed; what all of it lives in */
    const char *language; /* of the notes: "da…" Danish, everything else English */
    const char *file;     /* stamped on each problem added from now on; borrowed */
    struct intake_problem *first;
    size_t kept;
    size_t kept_decisive;
    size_t refused; /* how many of severity INTAKE_REFUSED, those not kept included */
    size_t warnings;
    size_t notices;
    size_t advice;
    bool keeps_parts;        /* each problem from now on keeps the parts of its message */
    size_t letters_left_out; /* letters and digits of the text that are not in the release as words,
                                all reported or marks (intake/left_out.h): with them, what came in
                                went out */
};

void intake_problem_list_init(struct intake_problem_list *list, struct arena *arena,
                              const char *language, const char *file);

/* Adds a message of our own; a and b fill its {a} and {b}, NULL where it has none. Control
 * characters are replaced and long values cut, so that it stays one readable line. */
void intake_problem_add(struct intake_problem_list *list, enum intake_severity severity, int line,
                        enum intake_message_id id, const char *a, const char *b);

/* The same with a third, {c}, which is cut later: a list of what could stand there. A value that is
 * another in each language is the English one, this mark, and the Danish one. */
#define INTAKE_VALUE_DANISH "\x1F"
void intake_problem_add_three(struct intake_problem_list *list, enum intake_severity severity,
                              int line, enum intake_message_id id, const char *a, const char *b,
                              const char *c);

/* The message id within another: its words become that one's {a}. */
void intake_problem_add_within(struct intake_problem_list *list, enum intake_severity severity,
                               int line, enum intake_message_id frame, enum intake_message_id id,
                               const char *a, const char *b, const char *c);

/* to becomes a copy of from, all of it in arena. */
void intake_problem_list_copy(struct intake_problem_list *to,
                              const struct intake_problem_list *from, struct arena *arena);

/* "releases/x.md:3: what is wrong; what to do", with drop_directory ("releases") before the file;
 * in arena. */
const char *intake_problem_line(struct arena *arena, const char *drop_directory,
                                const struct intake_problem *problem);

#endif
