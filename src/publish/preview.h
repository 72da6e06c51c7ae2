/* SPDX-License-Identifier: MIT */
#ifndef PUBLISH_PREVIEW_H
#define PUBLISH_PREVIEW_H

#include <stdint.h>

struct arena;
struct publish_settings;
struct release;
struct release_row;

/* Inside publish/ only: the row that intake and publish would make of a release that no run has
 * taken. */
void preview_row_fill(const struct publish_settings *settings, struct arena *arena,
                      const struct release *release, int64_t now_at, struct release_row *row);

#endif
