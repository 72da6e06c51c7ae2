/* SPDX-License-Identifier: MIT */
#ifndef RENDITION_PNG_COLOURS_H
#define RENDITION_PNG_COLOURS_H

#include <stdbool.h>
#include <stddef.h>

struct string_builder;

/* Inside rendition/ only. */

/* Appends an ICC profile of what a PNG says of its colours in a gamma (gAMA) and primaries (cHRM),
 * which browsers go by and libvips does not. False, with nothing appended, where it says nothing,
 * says it better (sRGB, iCCP, cICP), or says what is sRGB anyway. */
bool png_colours_append(const void *bytes, size_t length, struct string_builder *profile);

#endif
