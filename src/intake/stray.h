/* SPDX-License-Identifier: MIT */
#ifndef INTAKE_STRAY_H
#define INTAKE_STRAY_H

#include <stdbool.h>

struct error;
struct intake_stage;

/* What lies in the drop directory and can be no release, nor a part of one: files that no text
 * names when all texts are read, and names that no text could hold. Somebody waits for them in
 * vain: each is told of once, then counted, until it changes. */
bool stray_tell(struct intake_stage *stage, struct error *error);

#endif
