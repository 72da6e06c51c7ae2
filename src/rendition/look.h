/* SPDX-License-Identifier: MIT */
#ifndef RENDITION_LOOK_H
#define RENDITION_LOOK_H

#include "picture/maker.h"

/* Inside rendition/ only: what struct rendition_maker calls look and scan. */

enum picture_trouble look_at(const void *bytes, size_t length, enum picture_format format,
                             struct rendition_look *look);
enum picture_trouble scan_all(const void *bytes, size_t length, enum picture_format format);

#endif
