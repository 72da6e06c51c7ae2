/* SPDX-License-Identifier: MIT */
#ifndef RENDITION_WEBP_SCAN_H
#define RENDITION_WEBP_SCAN_H

#include "picture/maker.h"

/* Inside rendition/ only. */

/* Of a WebP that can be read to its last pixel: PICTURE_DAMAGED where that takes none of its last
 * bytes. What is coded in it has no check sums, but damaged in its middle it hardly ever ends where
 * it did; the library notices only that it ends too late. An animated one is not looked at. */
enum picture_trouble webp_scan(const void *bytes, size_t length);

#endif
