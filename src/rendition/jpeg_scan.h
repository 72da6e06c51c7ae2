/* SPDX-License-Identifier: MIT */
#ifndef RENDITION_JPEG_SCAN_H
#define RENDITION_JPEG_SCAN_H

#include "picture/maker.h"

/* Inside rendition/ only. */

/* Reads a JPEG to its last coded coefficient. PICTURE_CUT where its bytes end before its pixels do,
 * PICTURE_DAMAGED where what is coded makes no sense: libvips reads on, and shows grey. */
enum picture_trouble jpeg_scan(const void *bytes, size_t length);

#endif
