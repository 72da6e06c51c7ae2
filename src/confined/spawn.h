/* SPDX-License-Identifier: MIT */
#ifndef CONFINED_SPAWN_H
#define CONFINED_SPAWN_H

#include <stdbool.h>
#include <sys/types.h>

struct error;

/* Inside confined/ only. Starts a template of the function; *socket is our end of the line to it,
 * which does not block. ERROR_SYSTEM. */
bool spawn_template(const char *function, pid_t *process, int *socket, struct error *error);

/* Both ends of a line, ours not blocking; closed in what is executed. */
bool spawn_line(int *ours, int *theirs, struct error *error);

#endif
