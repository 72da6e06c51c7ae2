/* SPDX-License-Identifier: MIT */
#ifndef PICTURE_MAKER_H
#define PICTURE_MAKER_H

#include <stdbool.h>
#include <stddef.h>

struct error;

/* Pictures made with libvips. The library brings over a hundred shared objects with it, which would
 * be the dearest part of every start: so this module is a shared object of its own,
 * lib/pressroom/picture.so, opened with the first picture. It exports picture_maker alone. */

enum {
    PICTURE_MAKER_VERSION = 1, /* of this header: a file left by another installation is refused */
    PICTURE_PIXELS_MAXIMUM = 150 * 1000 * 1000
};

/* A picture encoded; freed with release. */
struct picture_image {
    void *bytes;
    size_t length;
    int width;
    int height;
};

struct picture_maker {
    int version;

    /* bytes: the file as it was handed in. width: to fit in, 0 for full size; never made larger.
     * extension: "jpg" or "png". ERROR_INPUT where it cannot be read or is too large. */
    bool (*make)(const void *bytes, size_t length, int width, const char *extension,
                 struct picture_image *image, struct error *error);

    void (*release)(struct picture_image *image);
};

#define PICTURE_MAKER_SYMBOL "picture_maker"

extern const struct picture_maker picture_maker;

#endif
