/* SPDX-License-Identifier: MIT */
#ifndef INTAKE_REPORT_H
#define INTAKE_REPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "intake/problem.h"

struct database;
struct error;

/* What was said last of a path of the drop directory, in the newsroom's language: the same as in
 * the note beside it. A row is written in the transaction that stores the file, and goes when there
 * is nothing to say any more; a file that is as it should be has none. A note that a person deletes
 * has been read: its row goes with it, unless the file is refused. */
struct intake_report {
    const char *path;  /* "x.md", "folder/", "folder/x.en.md", "bus.jpg", "Kladder/x.md"; of a
                          file that is gone, where it was */
    int64_t release;   /* release_row.row_id of that very file, so a version's own; 0: is none */
    const char *title; /* of that release, or what the file says; NULL: not known */
    enum intake_severity severity; /* the worst of words; INTAKE_ADVICE: there is advice only */
    enum intake_severity said_severity; /* of what reading the file said, without what became of its
                                           release since */
    const char *words;                  /* lines without indent, as in the note; "" for none */
    const char *advice; /* lines of severity INTAKE_ADVICE, of which there is no note; "" for none
                         */
    const char *note;   /* path of the note: "x.md.problems.txt", "folder/text.md.problems.txt" */
    int64_t at;         /* when words, advice or title were last another */
};

/* The path of what is said of many at once: of no file, and title is what the note is called. */
#define INTAKE_REPORT_MANY "/"

/* The row of a path; *found false: nothing is said of it. In arena. */
bool intake_report_find(struct database *database, struct arena *arena, const char *path,
                        struct intake_report *report, bool *found, struct error *error);

/* Those that somebody should look at (severity >= INTAKE_NOTICE), in the byte order of their paths.
 * No statement is open between two rows; the cost is that of the rows alone.
 *
 *     intake_report_cursor_open(&cursor, database);
 *     while (intake_report_cursor_next(&cursor, &report, error))
 *         …
 *     if (!intake_report_cursor_close(&cursor))
 *         return false;
 */
struct intake_report_cursor {
    struct database *database;
    struct arena arena; /* of the page */
    struct intake_report *reports;
    size_t count;
    size_t next;
    bool is_last_page;
    bool has_failed;
};

void intake_report_cursor_open(struct intake_report_cursor *cursor, struct database *database);

/* *report lives until the next call: copy what must stay. False at the end and on failure. */
bool intake_report_cursor_next(struct intake_report_cursor *cursor,
                               const struct intake_report **report, struct error *error);

/* Releases; false where reading failed, with the error of intake_report_cursor_next(). */
bool intake_report_cursor_close(struct intake_report_cursor *cursor)
    __attribute__((warn_unused_result));

#endif
