/* SPDX-License-Identifier: MIT */
#include "publish/picture.h"

#include "base/hash.h"
#include "release/release.h"

#include <string.h>

/* ---- what a picture is ---- */

const char *picture_trouble_words(enum picture_trouble trouble)
{
    switch (trouble) {
    case PICTURE_NONE:
        return "is no picture that can be read";
    case PICTURE_CUT:
        return "has lost its end";
    case PICTURE_DAMAGED:
        return "is damaged";
    case PICTURE_CODING:
        return "is of a kind that cannot be read";
    case PICTURE_TOO_LARGE:
        return "has more pixels than there is memory for";
    case PICTURE_FATAL:
        return "cannot be read: its reader died of it";
    case PICTURE_GOOD:
    case PICTURE_TROUBLES:
        break;
    }
    return "cannot be read";
}

void picture_key(const struct release_asset *asset, struct hash *key)
{
    struct hash_state state;
    /* The same bytes shown as another type are other files: a record each. */
    *key = asset->hash;
    if (!asset->shown_type)
        return;
    hash_init(&state);
    hash_update(&state, asset->hash.bytes, HASH_SIZE);
    hash_update_string(&state, asset->shown_type);
    hash_final(&state, key);
}

void picture_rendition_hash(const struct hash *key, enum picture_size size, int recipe,
                            struct hash *hash)
{
    struct hash_state state;
    /* Of what it is made from and how, because the bytes of a rendition are known only after the
     * dear work of making it. */
    const int numbers[2] = { recipe, picture_widths[size] };
    hash_init(&state);
    hash_update(&state, key->bytes, HASH_SIZE);
    hash_update(&state, numbers, sizeof numbers);
    hash_final(&state, hash);
}

/* ---- making it ---- */

/* What a picture is made from, and with. */
struct making {
    struct picture_reader *reader;
    int descriptor;
    enum picture_format shown;
    enum picture_trouble *trouble;
    struct error *error;
};

static bool image_make(const struct making *making, enum picture_size size,
                       enum picture_format format, struct picture_image *image)
{
    return picture_make(making->reader, making->descriptor, picture_widths[size], format, image,
                        making->trouble, making->error);
}

/* A PNG that is neither drawn with a palette nor has room for transparency (RFC 2083, 4.1.1): it
 * may be a photograph, which JPEG holds in a fraction of the bytes. */
static bool is_opaque(const struct picture_image *image)
{
    enum { COLOUR_TYPE = 25, GREY = 0, RGB = 2 };

    const unsigned char *bytes = image->bytes;
    return image->length > COLOUR_TYPE && (bytes[COLOUR_TYPE] == GREY || bytes[COLOUR_TYPE] == RGB);
}

/* Takes the JPEG in place of the PNG where it is a third of it or less: drawings stay sharp. */
static bool image_recode(const struct making *making, enum picture_size size,
                         struct picture_image *image, bool *is_recoded)
{
    struct picture_image other = { 0 };
    /* Both are made and measured, because nothing cheaper tells a photograph from a drawing. */
    if (!image_make(making, size, PICTURE_JPEG, &other))
        return false;
    *is_recoded = other.length <= image->length / 3;
    if (*is_recoded) {
        /* Swapped, so that the one that is not wanted is the one released. */
        struct picture_image png = *image;
        *image = other;
        other = png;
    }
    picture_image_release(&other);
    return true;
}

/* The picture in one size, kept where it is shorter than the next larger one. */
static bool rendition_make(const struct making *making, struct picture_made *made,
                           enum picture_size size, enum picture_size larger)
{
    const struct picture_rendition *next = &made->renditions[larger];
    struct picture_image image = { 0 };
    /* What the larger size decided holds for the smaller one, else a page would show two kinds of
     * one picture. */
    bool is_recoded = next->is_recoded;
    bool done = image_make(making, size, is_recoded ? PICTURE_JPEG : making->shown, &image);
    if (done && making->shown == PICTURE_PNG && !is_recoded && image.length > PICTURE_HEAVY &&
        is_opaque(&image))
        done = image_recode(making, size, &image, &is_recoded);
    /* A rendition that is no shorter costs a file and gives nobody anything. */
    if (!done || (int64_t)image.length >= next->size_bytes) {
        picture_image_release(&image);
        return done;
    }
    made->images[size] = image;
    made->renditions[size] = (struct picture_rendition){
        .width = image.width,
        .height = image.height,
        .size_bytes = (int64_t)image.length,
        .is_recoded = is_recoded,
    };
    return true;
}

/* A rendition is wanted where the next larger one is wider than its size, and for pages also where
 * the picture at full size is heavy in bytes. */
static bool is_wanted(const struct picture_made *made, enum picture_size size,
                      enum picture_size larger)
{
    const struct picture_rendition *next = &made->renditions[larger];
    return next->width > picture_widths[size] ||
           (larger == PICTURE_SIZE_FULL && size == PICTURE_SIZE_WEB &&
            next->size_bytes > PICTURE_HEAVY);
}

bool picture_made_fill(struct picture_made *made, struct picture_reader *reader, int descriptor,
                       enum picture_format shown, enum picture_trouble *trouble,
                       struct error *error)
{
    const struct making making = { reader, descriptor, shown, trouble, error };
    *made = (struct picture_made){ .images = { { 0 } } };
    *trouble = PICTURE_GOOD;
    struct picture_image *full = &made->images[PICTURE_SIZE_FULL];
    bool done = image_make(&making, PICTURE_SIZE_FULL, shown, full);
    if (done)
        made->renditions[PICTURE_SIZE_FULL] = (struct picture_rendition){
            .width = full->width, .height = full->height, .size_bytes = (int64_t)full->length
        };
    enum picture_size larger = PICTURE_SIZE_FULL;
    for (enum picture_size size = PICTURE_SIZE_WEB; done && size < PICTURE_SIZES; size++) {
        if (!is_wanted(made, size, larger))
            continue;
        done = rendition_make(&making, made, size, larger);
        /* Where none was made, the next smaller one is compared with the size that stands in for
         * it. */
        if (made->renditions[size].width)
            larger = size;
    }
    if (!done)
        picture_made_release(made);
    return done;
}

void picture_made_release(struct picture_made *made)
{
    for (enum picture_size size = 0; size < PICTURE_SIZES; size++)
        picture_image_release(&made->images[size]);
    *made = (struct picture_made){ .images = { { 0 } } };
}
