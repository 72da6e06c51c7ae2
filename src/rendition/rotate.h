/* SPDX-License-Identifier: MIT */
#ifndef RENDITION_ROTATE_H
#define RENDITION_ROTATE_H

#include "picture/maker.h"

/* Inside rendition/ only: what struct rendition_maker calls rotate. */

bool rotate_upright(const void *bytes, size_t length, int orientation,
                    const struct rendition_room *room, struct picture_image *image);

#endif
