/* SPDX-License-Identifier: MIT */
#ifndef PREVIEW_FILES_H
#define PREVIEW_FILES_H

#include <stdbool.h>
#include <stdint.h>

struct arena;
struct release_row;

/* Inside preview/ only. */

#define PREVIEW_FOLDER "previews" /* in state/ */

/* "previews/123.html", relative to state/; in arena. */
const char *preview_file_path(struct arena *arena, int64_t row_id);

/* Whether that revision stands in public/, or has stood there. */
bool preview_is_public(const struct release_row *row, int64_t revision);

#endif
