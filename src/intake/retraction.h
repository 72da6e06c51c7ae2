/* SPDX-License-Identifier: MIT */
#ifndef INTAKE_RETRACTION_H
#define INTAKE_RETRACTION_H

#include <stdbool.h>
#include <stdint.h>

struct database;
struct error;
struct release_row;

/* Takes a release back, in the caller's transaction: first cancels all that is not sent of it, then
 * marks the row, so that publish puts a notice in the place of its page. An original takes all its
 * versions with it. *row is changed too. reason: shown to readers, NULL for none. *cancelled:
 * messages that will not be sent. Harmless when repeated. */
bool retract_release(struct database *database, struct release_row *row, const char *reason,
                     int64_t now_at, int64_t *cancelled, struct error *error);

#endif
