/* SPDX-License-Identifier: MIT */
#ifndef INTAKE_LOOSE_H
#define INTAKE_LOOSE_H

#include <stddef.h>

struct arena;
struct drop_directory;
struct intake_settings;
struct string_builder;

/* The loose files of the drop directory that are still and that no text names: *names, in arena,
 * in the order of the look. named as in struct intake_stage. */
size_t loose_find(const struct intake_settings *settings, const struct drop_directory *look,
                  const struct string_builder *named, struct arena *arena, const char ***names);

#endif
