/* SPDX-License-Identifier: MIT */
#ifndef PICTURE_ISO_BOXES_H
#define PICTURE_ISO_BOXES_H

#include "picture/parts.h"
#include "picture/picture.h"
#include "picture/span.h"

/* Inside picture/ only: HEIF (HEIC, AVIF; ISO 23008-12) as the list of its boxes. */

/* PICTURE_GOOD, PICTURE_CUT (a box, or what an item is made of, ends behind the file, or in zeros
 * that nobody coded), or PICTURE_DAMAGED (no items, or such zeros within one). *frames: 2 where it
 * says that it is a sequence, else 1. */
enum picture_trouble iso_structure(struct span file, size_t *frames);

void iso_parts(struct span file, struct picture_parts *parts);

#endif
