/* SPDX-License-Identifier: MIT */
#ifndef PICTURE_WEBP_CHUNKS_H
#define PICTURE_WEBP_CHUNKS_H

#include "picture/parts.h"
#include "picture/picture.h"
#include "picture/span.h"

/* Inside picture/ only: WebP as the list of its RIFF chunks. */

/* PICTURE_GOOD, PICTURE_CUT (it says that it is longer), PICTURE_DAMAGED (no pixels) or
 * PICTURE_NONE. *frames: how many pictures it has. */
enum picture_trouble webp_structure(struct span file, size_t *frames);

void webp_parts(struct span file, struct picture_parts *parts);

#endif
