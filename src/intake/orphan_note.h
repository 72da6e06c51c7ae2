/* SPDX-License-Identifier: MIT */
#ifndef INTAKE_ORPHAN_NOTE_H
#define INTAKE_ORPHAN_NOTE_H

#include <stdbool.h>

#include "intake/message.h"

struct drop_file;
struct error;
struct intake_stage;

/* Inside intake/ only: the row and the note of a file that belongs to no release. In the caller's
 * transaction; a note that cannot be written is logged. */

/* What is said of one that no release is near. */
struct intake_message orphan_message(struct arena *arena, const char *path);

/* file: NULL where its name cannot be read, and path is what of it can. */
bool orphan_note_write(struct intake_stage *stage, const char *path, const struct drop_file *file,
                       struct error *error);
bool orphan_note_remove(struct intake_stage *stage, const char *path, struct error *error);

#endif
