/* SPDX-License-Identifier: MIT */
#ifndef RENDITION_DECODE_H
#define RENDITION_DECODE_H

#include "picture/maker.h"

/* Inside rendition/ only. */

typedef struct _VipsImage VipsImage; /* NOLINT(bugprone-reserved-identifier): libvips's own */

/* The picture behind the loader of its format; pixels are read as they are asked for, and a file
 * that ends too early fails. shrink: JPEG alone, 1, 2, 4 or 8. NULL: it cannot be read; the
 * library's words are in its error buffer. The bytes outlive it. */
VipsImage *decode(const void *bytes, size_t length, enum picture_format format, int shrink);

/* What the failure that the library has just told of means; forgets it. */
enum picture_trouble decode_trouble(void);

#endif
