/* SPDX-License-Identifier: MIT */
#ifndef PUBLISH_PICTURE_H
#define PUBLISH_PICTURE_H

#include "picture/picture.h"

#include <stdbool.h>
#include <stdint.h>

struct arena;
struct error;
struct hash;
struct release_asset;
struct view_asset;

/* Inside publish/ only: which sizes of a picture pages, mails and feeds need, and what they are
 * called. The pictures themselves are made by picture/. */

enum {
    PICTURE_SMALL = 640, /* pixels of width: lists */
    PICTURE_WEB = 1200,  /* pages, mails and feeds; what is heavy too, however few its pixels */
    PICTURE_RECIPE = 2   /* number of the way pictures are made: a new one makes all anew */
};

#define PICTURE_SMALL_SUFFIX "-640"
#define PICTURE_WEB_SUFFIX "-1200"

enum picture_size { PICTURE_SIZE_FULL, PICTURE_SIZE_WEB, PICTURE_SIZE_SMALL, PICTURE_SIZES };

/* A picture in one size, as it was made. */
struct picture_rendition {
    int width; /* 0: not made; what is next larger is shown in its place */
    int height;
    int64_t size_bytes; /* 0: not known */
    bool is_recoded;    /* a JPEG, though the picture at full size is a PNG */
};

struct picture_made {
    struct picture_rendition renditions[PICTURE_SIZES];
    struct picture_image images[PICTURE_SIZES]; /* of those that are made */
};

/* Makes the file behind descriptor at full size, and smaller ones where they are lighter: nothing
 * that is shown is longer than the picture itself. *trouble and errors as picture_make() has them;
 * then nothing is made. The caller releases what is. */
bool picture_made_fill(struct picture_made *made, struct picture_reader *reader, int descriptor,
                       enum picture_format shown, enum picture_trouble *trouble,
                       struct error *error) __attribute__((warn_unused_result));
void picture_made_release(struct picture_made *made);

/* What a picture of a release is shown as: PICTURE_JPEG or PICTURE_PNG. */
enum picture_format picture_shown(const struct release_asset *asset);

/* "jpg" or "png" */
const char *picture_extension(enum picture_format shown);

/* What a trouble means for who reads the log. */
const char *picture_trouble_words(enum picture_trouble trouble);

/* Names what the picture is made from: its bytes and what it is shown as. */
void picture_key(const struct release_asset *asset, struct hash *key);

/* What a rendition is made from: tells whether it must be made again. */
void picture_rendition_hash(const struct hash *key, enum picture_size size, int recipe,
                            struct hash *hash);

/* Fills the renditions of a picture that was made. */
void picture_measure(struct arena *arena, struct view_asset *asset,
                     const struct picture_rendition *renditions);

#endif
