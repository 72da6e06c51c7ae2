/* SPDX-License-Identifier: MIT */
#ifndef INTAKE_ORPHAN_H
#define INTAKE_ORPHAN_H

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct drop_directory;
struct error;
struct intake_settings;
struct intake_stage;
struct string_builder;

/* Inside intake/ only: orphans, which lie in the drop directory and can be neither a release nor a
 * part of one: files that no text names once all texts are read, and names that no text could hold.
 * Whoever put them there waits for them in vain, so each is reported once, then only counted, until
 * it changes. */

/* The files beside the texts that are no longer being written and that no text names: *names, in
 * arena, in the order of the scan. named as in struct intake_stage. */
size_t orphan_find(const struct intake_settings *settings, const struct drop_directory *scan,
                   const struct string_builder *named, struct arena *arena, const char ***names);

/* Logs the orphans that are new since the last run and counts all of them. */
bool orphan_report(struct intake_stage *stage, struct error *error);

#endif
