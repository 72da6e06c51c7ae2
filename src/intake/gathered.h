/* SPDX-License-Identifier: MIT */
#ifndef INTAKE_GATHERED_H
#define INTAKE_GATHERED_H

#include <stdbool.h>
#include <stdint.h>

struct database;
struct error;
struct intake_settings;

/* Inside intake/ only: the one note about many files or releases of which the same is to be said
 * (release_gather()). It says of each kind how many there are and names the first. */

/* Writes it anew, in a transaction of its own, where something was gathered or may be mended since;
 * else costs nothing. What is mended, or has a note of its own by now, is left out and forgotten. A
 * note that cannot be written is logged. */
bool gathered_write(const struct intake_settings *settings, struct database *database,
                    int64_t now_at, struct error *error);

#endif
