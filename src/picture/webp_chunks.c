/* SPDX-License-Identifier: MIT */
#include "picture/webp_chunks.h"

enum { HEAD_SIZE = 12, CHUNK_HEAD_SIZE = 8, NAME_SIZE = 4 };

struct webp_chunk {
    struct span name;
    struct span data;
};

/* The chunk at *at, which moves behind it; begin with *at = HEAD_SIZE. */
static bool next_chunk(struct span file, size_t *at, struct webp_chunk *chunk)
{
    size_t length = (size_t)span_little(file, *at + NAME_SIZE, 4);
    if (!span_has(file, *at, CHUNK_HEAD_SIZE) || !span_has(file, *at + CHUNK_HEAD_SIZE, length))
        return false;
    chunk->name = span_part(file, *at, NAME_SIZE);
    chunk->data = span_part(file, *at + CHUNK_HEAD_SIZE, length);
    *at += CHUNK_HEAD_SIZE + length + length % 2;
    return true;
}

static bool is_named(const struct webp_chunk *chunk, const char *name)
{
    return span_is_at(chunk->name, 0, name, NAME_SIZE);
}

enum picture_trouble webp_structure(struct span file, size_t *frames)
{
    struct webp_chunk chunk;
    size_t pixels = 0;
    *frames = 0;
    if (!span_is_at(file, 0, "RIFF", 4) || !span_is_at(file, 8, "WEBP", 4))
        return PICTURE_NONE;
    size_t length = (size_t)span_little(file, 4, 4);
    if (!span_has(file, CHUNK_HEAD_SIZE, length))
        return PICTURE_CUT;
    struct span whole = span_part(file, 0, CHUNK_HEAD_SIZE + length);
    size_t at = HEAD_SIZE;
    while (next_chunk(whole, &at, &chunk)) {
        *frames += is_named(&chunk, "ANMF");
        pixels += is_named(&chunk, "VP8 ") || is_named(&chunk, "VP8L");
        if (span_is_unwritten(chunk.data))
            return PICTURE_CUT;
    }
    if (at < whole.length)
        return PICTURE_CUT;
    if (*frames == 0)
        *frames = pixels ? 1 : 0;
    return *frames ? PICTURE_GOOD : PICTURE_DAMAGED;
}

void webp_parts(struct span file, struct picture_parts *parts)
{
    struct webp_chunk chunk;
    for (size_t at = HEAD_SIZE; next_chunk(file, &at, &chunk);) {
        if (is_named(&chunk, "XMP ") && !parts->xmp.length)
            parts->xmp = chunk.data;
        /* Some programs keep the name that EXIF has in JPEG. */
        if (is_named(&chunk, "EXIF") && !parts->exif.length)
            parts->exif = span_rest(chunk.data, span_is_at(chunk.data, 0, "Exif\0", 6) ? 6 : 0);
    }
}
