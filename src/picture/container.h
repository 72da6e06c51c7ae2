/* SPDX-License-Identifier: MIT */
#ifndef PICTURE_CONTAINER_H
#define PICTURE_CONTAINER_H

#include "picture/parts.h"
#include "picture/picture.h"
#include "picture/span.h"

struct arena;

/* Inside picture/ only: whether a file of that format has an end, by its own structure and
 * without decoding a pixel. PICTURE_GOOD, PICTURE_CUT, PICTURE_DAMAGED, PICTURE_CODING, or
 * PICTURE_NONE where it is no picture for us. *frames: how many pictures it shows one after
 * another, as far as its structure tells (at least 2 for what is animated). */
enum picture_trouble container_structure(enum picture_format format, struct span file,
                                         size_t *frames);

/* Its metadata. */
void container_parts(struct arena *arena, enum picture_format format, struct span file,
                     struct picture_parts *parts);

#endif
