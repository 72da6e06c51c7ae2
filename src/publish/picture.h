/* SPDX-License-Identifier: MIT */
#ifndef PUBLISH_PICTURE_H
#define PUBLISH_PICTURE_H

#include "picture/maker.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct error;
struct hash;
struct view_asset;

/* Pictures for pages and for downloading, made with libvips: turned upright, in sRGB, without
 * metadata (a camera's position must not be published). the module picture is opened with the first
 * one. */

enum {
    PICTURE_SMALL = 640, /* pixels of width: lists */
    PICTURE_WEB = 1200,  /* pages and mails */
    PICTURE_RECIPE = 1,  /* number of the way pictures are made: a new one makes all anew */
    PICTURE_BYTES_MAXIMUM = 128 * 1024 * 1024
};

#define PICTURE_SMALL_SUFFIX "-640"
#define PICTURE_WEB_SUFFIX "-1200"

/* bytes: the file as it was handed in, of a format that libvips trusts itself to read from
 * strangers. width: to fit in, 0 for full size; never made larger. extension: "jpg" or "png".
 * ERROR_INPUT where it cannot be read or is too large, ERROR_SYSTEM where the module picture is not
 * installed. */
bool picture_make(const void *bytes, size_t length, int width, const char *extension,
                  struct picture_image *image, struct error *error)
    __attribute__((warn_unused_result));

/* What picture_make() filled, or an empty one. */
void picture_image_release(struct picture_image *image);

const char *picture_media_type(const char *extension);

/* What a rendition of a source is made from: tells whether it must be made again. width 0 for full
 * size. */
void picture_rendition_hash(const struct hash *source, int width, struct hash *hash);

/* Fills the renditions of a picture whose full size is known. */
void picture_measure(struct arena *arena, struct view_asset *asset, int width, int height,
                     int64_t size_bytes);

#endif
