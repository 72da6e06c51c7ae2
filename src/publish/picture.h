/* SPDX-License-Identifier: MIT */
#ifndef PUBLISH_PICTURE_H
#define PUBLISH_PICTURE_H

#include "picture/picture.h"
#include "presentation/presentation.h"

#include <stdbool.h>
#include <stdint.h>

struct arena;
struct error;
struct hash;
struct release_asset;

/* Inside publish/ only: a picture in the sizes that pages, mails and feeds need. The pictures
 * themselves are made by picture/. */

enum { PICTURE_RECIPE = 2 }; /* number of the way pictures are made: a new one makes all anew */

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

/* What a trouble means for who reads the log. */
const char *picture_trouble_words(enum picture_trouble trouble);

/* Names what the picture is made from: its bytes and what it is shown as. */
void picture_key(const struct release_asset *asset, struct hash *key);

/* What a rendition is made from: tells whether it must be made again. */
void picture_rendition_hash(const struct hash *key, enum picture_size size, int recipe,
                            struct hash *hash);

#endif
