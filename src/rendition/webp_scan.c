/* SPDX-License-Identifier: MIT */
#include "rendition/webp_scan.h"

#include "rendition/decode.h"

#include <stdlib.h>
#include <string.h>
#include <vips/vips.h>

enum { HEAD_SIZE = 12, CHUNK_HEAD_SIZE = 8, NAME_SIZE = 4 };

/* What encoders may leave over: they end with the last byte that is needed, or a few more. */
enum { LAST_BYTES = 64, FEWEST = 4 * LAST_BYTES };

static size_t number_at(const unsigned char *bytes)
{
    return bytes[0] | (size_t)bytes[1] << 8 | (size_t)bytes[2] << 16 | (size_t)bytes[3] << 24;
}

static void put_number(unsigned char *bytes, size_t number)
{
    for (int i = 0; i < 4; i++)
        bytes[i] = (unsigned char)(number >> 8 * i & 0xFF);
}

/* The chunk of the only picture, with its head; NULL: there is none. */
static const unsigned char *find_picture(const unsigned char *bytes, size_t length)
{
    for (size_t at = HEAD_SIZE; at <= length && length - at >= CHUNK_HEAD_SIZE;) {
        const unsigned char *chunk = bytes + at;
        size_t size = number_at(chunk + NAME_SIZE);
        if (size > length - at - CHUNK_HEAD_SIZE)
            return NULL;
        if (memcmp(chunk, "VP8 ", NAME_SIZE) == 0 || memcmp(chunk, "VP8L", NAME_SIZE) == 0)
            return chunk;
        at += CHUNK_HEAD_SIZE + size + size % 2;
    }
    return NULL;
}

static bool is_readable(const void *bytes, size_t length)
{
    double average = 0;
    VipsImage *image = decode(bytes, length, PICTURE_WEBP, 1);
    bool done = image && vips_avg(image, &average, NULL) == 0;
    if (image)
        g_object_unref(image);
    vips_error_clear();
    return done;
}

enum picture_trouble webp_scan(const void *bytes, size_t length)
{
    const unsigned char *chunk = find_picture(bytes, length);
    if (!chunk || number_at(chunk + NAME_SIZE) < FEWEST)
        return PICTURE_GOOD;
    size_t size = (number_at(chunk + NAME_SIZE) - LAST_BYTES) & ~(size_t)1;
    size_t shorter = HEAD_SIZE + CHUNK_HEAD_SIZE + size;
    unsigned char *copy = malloc(shorter);
    if (!copy)
        return PICTURE_TOO_LARGE;
    memcpy(copy, bytes, HEAD_SIZE);
    memcpy(copy + HEAD_SIZE, chunk, CHUNK_HEAD_SIZE + size);
    put_number(copy + NAME_SIZE, shorter - CHUNK_HEAD_SIZE);
    put_number(copy + HEAD_SIZE + NAME_SIZE, size);
    bool is_readable_without = is_readable(copy, shorter);
    free(copy);
    return is_readable_without ? PICTURE_DAMAGED : PICTURE_GOOD;
}
