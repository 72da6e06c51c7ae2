/* SPDX-License-Identifier: MIT */
#ifndef INTAKE_REPORT_DELETED_H
#define INTAKE_REPORT_DELETED_H

#include <stdbool.h>

struct error;
struct intake_stage;

/* Inside intake/ only: a note that somebody deleted has been read, so nothing is said of its file
 * any more until there is something else to say. That a file is refused is said again: its release
 * waits. The cost is that of the notes alone. A transaction of its own where there are any. */
bool report_forget_deleted(struct intake_stage *stage, struct error *error);

#endif
