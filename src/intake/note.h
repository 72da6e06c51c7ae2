/* SPDX-License-Identifier: MIT */
#ifndef INTAKE_NOTE_H
#define INTAKE_NOTE_H

#include <stdbool.h>

struct drop_entry;
struct error;
struct intake_problem_list;
struct intake_settings;

/* Inside intake/ only: FILE.problems.txt beside a file that is refused, or used in part: what a
 * press officer reads, in the newsroom's language. Made with O_EXCL|O_NOFOLLOW in state/ and
 * renamed into place; a file of that name that is not ours, or a link, is left alone. */

/* Writes the note where it does not stand there already. ERROR_INPUT or ERROR_SYSTEM where it
 * cannot (a drop directory that may only be read): the run goes on. */
bool note_write(const struct intake_settings *settings, const struct drop_entry *entry,
                const struct intake_problem_list *problems, struct error *error);

/* Takes a note of ours away. Nothing there is fine. */
bool note_remove(const struct intake_settings *settings, const char *path, struct error *error);

#endif
