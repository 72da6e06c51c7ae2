/* SPDX-License-Identifier: MIT */
#ifndef INTAKE_NOTE_H
#define INTAKE_NOTE_H

#include <stdbool.h>

#include "intake/problem.h"

struct arena;
struct error;
struct intake_settings;

/* Inside intake/ only: FILE.problems.txt beside a file of which a press officer should know
 * something, in the newsroom's language. Made with O_EXCL|O_NOFOLLOW in state/ and renamed into
 * place; a file of that name that is not ours, or a link, is left alone. */

/* Which sentences stand around the lines. */
enum note_frame { NOTE_NOTICE, NOTE_WARNING, NOTE_REFUSED, NOTE_GONE, NOTE_STRAY, NOTE_MANY };

enum note_frame note_frame_of(enum intake_severity severity);

/* What a note says; all borrowed. */
struct note {
    const char *path; /* where it stands in the drop directory */
    const char *file; /* what it is about, by that name */
    enum note_frame frame;
    const char *words; /* lines */
};

/* The problems of at least that severity and at most the other as lines, each beginning with where
 * it is, unless it is in file as a whole; in arena. "" for none. */
const char *note_lines(const struct intake_wording *wording, const char *file,
                       const struct intake_problem_list *problems, enum intake_severity least,
                       enum intake_severity most, struct arena *arena);

/* Writes the note where it does not stand there already. ERROR_INPUT or ERROR_SYSTEM where it
 * cannot (a drop directory that may only be read): the run goes on. */
bool note_write(const struct intake_settings *settings, const struct note *note,
                struct error *error);

/* Whether a note that could not be written, as error says, may be once there is room again: a name
 * too long for it stays so, and where nobody may write none is owed. */
bool note_is_owed(const struct intake_settings *settings, const char *path,
                  const struct error *error);

/* Takes a note of ours away. Nothing there is fine. */
bool note_remove(const struct intake_settings *settings, const char *path, struct error *error);

#endif
