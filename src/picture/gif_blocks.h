/* SPDX-License-Identifier: MIT */
#ifndef PICTURE_GIF_BLOCKS_H
#define PICTURE_GIF_BLOCKS_H

#include "picture/parts.h"
#include "picture/picture.h"
#include "picture/span.h"

/* Inside picture/ only: GIF 89a as the list of its blocks. */

/* PICTURE_GOOD, PICTURE_CUT (no trailer), PICTURE_DAMAGED or PICTURE_NONE. *frames: how many
 * pictures it has. */
enum picture_trouble gif_structure(struct span file, size_t *frames);

void gif_parts(struct span file, struct picture_parts *parts);

#endif
