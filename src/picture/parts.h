/* SPDX-License-Identifier: MIT */
#ifndef PICTURE_PARTS_H
#define PICTURE_PARTS_H

#include "picture/span.h"

/* Inside picture/ only: what a container carries beside its pixels, each empty where it has none.
 */
struct picture_parts {
    struct span xmp;    /* a packet */
    struct span iim;    /* IPTC IIM data sets */
    struct span exif;   /* from its TIFF header on */
    struct span author; /* texts of PNG that have these names */
    struct span copyright;
};

#endif
