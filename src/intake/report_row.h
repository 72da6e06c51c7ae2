/* SPDX-License-Identifier: MIT */
#ifndef INTAKE_REPORT_ROW_H
#define INTAKE_REPORT_ROW_H

#include <stdbool.h>
#include <stdint.h>

#include "intake/problem.h"

struct arena;
struct database;
struct error;
struct intake_settings;
struct note;

/* Inside intake/ only: writing the rows of intake/report.h. What reading a file said and what is
 * said of its release besides come from different steps, so each is kept; a note has both. None of
 * these begins a transaction. */

struct report_row {
    const char *path;
    const char *note;    /* path of the note */
    int64_t release;     /* row id of that file's release; 0: is none */
    const char *title;   /* NULL: not known */
    const char *advice;  /* lines; "" for none, as with the next two */
    const char *said;    /* what reading the file said, and how bad that is */
    const char *remarks; /* what else is to be known, and how bad that is */
    enum intake_severity said_severity;
    enum intake_severity remarks_severity;
    const char *told; /* hash of the refusal that a notification was made of last; "": none */
    int64_t at;       /* since when it says so */
};

/* One that says nothing. */
struct report_row report_row_of_none(const char *path);

/* Whether there is any row. */
bool report_row_exists(struct database *database, bool *exists, struct error *error);

/* *found false: *row is a row that says nothing. In arena. */
bool report_row_find(struct database *database, struct arena *arena, const char *path,
                     struct report_row *row, bool *found, struct error *error);

/* Stores row where it says something, else removes it. before: what report_row_find() gave; NULL:
 * there was none. row->at stays what it was where a reader would see no difference. */
bool report_row_put(struct database *database, const struct report_row *before,
                    struct report_row *row, struct error *error);

bool report_row_remove(struct database *database, const char *path, struct error *error);

/* Puts the problems of a file into row->said and row->advice, as lines in the newsroom's language.
 * file: what the note calls it. */
void report_row_say(struct report_row *row, const struct intake_settings *settings,
                    const char *file, const struct intake_problem_list *problems,
                    struct arena *arena);

/* Both parts, as they stand in a note; "" where there is none to be. In arena. */
const char *report_row_words(const struct report_row *row, struct arena *arena);

#endif
