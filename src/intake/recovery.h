/* SPDX-License-Identifier: MIT */
#ifndef INTAKE_RECOVERY_H
#define INTAKE_RECOVERY_H

#include <stdbool.h>
#include <stdint.h>

struct database;
struct error;
struct intake_settings;

/* Inside intake/ only: a new store takes over what is public already. */

/* Takes over ids and first publication from every public/releases/YYYY/SLUG/release.json, in one
 * transaction; only for a store without any release. Files of other content are logged and left
 * out. *recovered: how many. */
bool recovery_run(const struct intake_settings *settings, struct database *database, int64_t now_at,
                  int64_t *recovered, struct error *error);

#endif
