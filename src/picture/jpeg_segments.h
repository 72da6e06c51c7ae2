/* SPDX-License-Identifier: MIT */
#ifndef PICTURE_JPEG_SEGMENTS_H
#define PICTURE_JPEG_SEGMENTS_H

#include "picture/parts.h"
#include "picture/picture.h"
#include "picture/span.h"

struct arena;
struct string_builder;

/* Inside picture/ only: a JPEG file (ITU-T T.81, annex B) as the list of its segments: nothing is
 * decoded. */

enum jpeg_marker {
    JPEG_SOI = 0xD8,
    JPEG_EOI = 0xD9,
    JPEG_SOS = 0xDA,
    JPEG_APP0 = 0xE0,
    JPEG_APP1 = 0xE1,
    JPEG_APP2 = 0xE2,
    JPEG_APP13 = 0xED,
    JPEG_APP14 = 0xEE,
    JPEG_APP15 = 0xEF
};

struct jpeg_segment {
    uint8_t marker;
    struct span payload; /* behind marker and length */
    struct span scan;    /* what is coded behind a start of scan, up to the next marker */
};

/* The segment at *at, which moves behind it; begin with *at = 2. False where the file ends first.
 * Nothing that counts comes behind JPEG_EOI. */
bool jpeg_next(struct span file, size_t *at, struct jpeg_segment *segment);

/* PICTURE_GOOD, PICTURE_CUT (no end), PICTURE_DAMAGED (no picture between start and end),
 * PICTURE_CODING (of a kind that is not read), or PICTURE_NONE. */
enum picture_trouble jpeg_structure(struct span file);

/* Its metadata; what came in several segments is put together in arena. */
void jpeg_parts(struct arena *arena, struct span file, struct picture_parts *parts);

/* What jpeg_filter() puts in. */
struct jpeg_insertion {
    int orientation; /* 2 to 8: an EXIF segment that says this alone; else none */
    struct span xmp; /* a packet of at most JPEG_XMP_MAXIMUM bytes; empty: none */
    struct span iim; /* data sets of at most JPEG_IIM_MAXIMUM bytes; empty: none */
};

enum { JPEG_XMP_MAXIMUM = 65000, JPEG_IIM_MAXIMUM = 65000 };

/* Appends the picture to out, its coded pixels byte for byte, with tables, JFIF header, ICC profile
 * and Adobe's colour mark; everything else goes: EXIF, XMP, IPTC, previews, comments, what stands
 * behind the end. False, with nothing appended, unless jpeg_structure() finds it good and out takes
 * it: file and insertion with JPEG_INSERTION_ROOM more always suffice. */
bool jpeg_filter(struct span file, const struct jpeg_insertion *insertion,
                 struct string_builder *out);

enum { JPEG_INSERTION_ROOM = 256 };

#endif
