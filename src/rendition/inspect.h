/* SPDX-License-Identifier: MIT */
#ifndef RENDITION_INSPECT_H
#define RENDITION_INSPECT_H

#include "picture/maker.h"

/* Inside rendition/ only: what struct rendition_maker calls inspect and scan. */

enum picture_trouble inspect(const void *bytes, size_t length, enum picture_format format,
                             struct rendition_properties *properties);
enum picture_trouble scan_all(const void *bytes, size_t length, enum picture_format format);

#endif
