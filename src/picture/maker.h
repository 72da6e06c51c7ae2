/* SPDX-License-Identifier: MIT */
#ifndef PICTURE_MAKER_H
#define PICTURE_MAKER_H

#include "picture/picture.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct error;

/* What rendition/ does for picture/: pictures decoded and encoded with libvips, in a confined
 * process alone. The library brings over a hundred shared objects with it, which would be the
 * dearest part of every start: so rendition/ is a shared object of its own,
 * lib/pressroom/rendition.so, opened with the first picture, and exports rendition_maker alone. It
 * reads no file before picture/ has told its format by its first bytes. */

enum { RENDITION_VERSION = 3 /* of this header: a file left by another installation is refused */ };

/* What the head of a picture says. */
struct rendition_properties {
    int width; /* as it is stored; upright the other way round where it is rotated by 90 degrees */
    int height;
    int orientation; /* of EXIF, 1 to 8 */
    bool has_alpha;
    bool is_palette;
    bool is_cmyk;
    bool is_animated;
    int64_t scan_bytes; /* memory that reading it to its end takes, and making it smaller */
    int64_t
        upright_bytes; /* memory that rotating it at full size takes besides; 0: it is upright */
};

struct rendition_order {
    enum picture_format shown; /* PICTURE_JPEG or PICTURE_PNG */
    int width;                 /* to fit in; 0: full size */
    int quality;               /* of JPEG; of colours in a palette, 100: as near as 256 can be */
    bool is_palette;           /* PNG: at most 256 colours */
};

/* What there is for rotating a picture. */
struct rendition_room {
    int64_t memory_bytes;
    size_t reply_bytes; /* the longest result of use */
};

struct rendition_maker {
    int version;

    /* Once, before the process is confined. */
    bool (*start)(struct error *error);

    /* All take a whole file and its format. PICTURE_DAMAGED where the head cannot be read. */
    enum picture_trouble (*inspect)(const void *bytes, size_t length, enum picture_format format,
                                    struct rendition_properties *properties);

    /* Reads every pixel: PICTURE_CUT or PICTURE_DAMAGED where that cannot be. */
    enum picture_trouble (*scan)(const void *bytes, size_t length, enum picture_format format);

    /* Upright, in sRGB where it says which colours it has, else with the values it has, without
     * metadata. image is freed by release. */
    enum picture_trouble (*make)(const void *bytes, size_t length, enum picture_format format,
                                 const struct rendition_order *order, struct picture_image *image);

    /* A JPEG whose orientation is 2 to 8, upright without loss: its blocks change places, and
     * nothing is decoded. Its profile stays, and nothing else beside the picture. False where it
     * has no room, is damaged, or has half a block at an edge that would become another one. */
    bool (*rotate)(const void *bytes, size_t length, int orientation,
                   const struct rendition_room *room, struct picture_image *image);

    void (*release)(struct picture_image *image);
};

#define RENDITION_SYMBOL "rendition_maker"

extern const struct rendition_maker rendition_maker;

#endif
