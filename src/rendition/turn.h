/* SPDX-License-Identifier: MIT */
#ifndef RENDITION_TURN_H
#define RENDITION_TURN_H

#include "picture/maker.h"

/* Inside rendition/ only: what struct rendition_maker calls turn. */

bool turn_upright(const void *bytes, size_t length, int orientation,
                  const struct rendition_room *room, struct picture_image *image);

#endif
