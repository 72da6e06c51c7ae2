/* SPDX-License-Identifier: MIT */
#ifndef PICTURE_EXIF_H
#define PICTURE_EXIF_H

#include "picture/picture.h"
#include "picture/span.h"

struct arena;

/* Inside picture/ only: EXIF 3.0, from its TIFF header on. */

/* Fills what is NULL of creator, copyright and caption in rights, strings in arena. */
void exif_read(struct arena *arena, struct span exif, struct picture_rights *rights);

#endif
