/* SPDX-License-Identifier: MIT */
#include "picture/png_chunks.h"

#include "base/string_builder.h"

#include <libdeflate.h>
#include <stdlib.h>

#define SIGNATURE "\x89PNG\r\n\x1A\n"
#define XMP_KEYWORD "XML:com.adobe.xmp"

enum {
    SIGNATURE_SIZE = sizeof SIGNATURE - 1,
    LENGTH_SIZE = 4,
    CHECK_SIZE = 4,
    CHUNK_SIZE = LENGTH_SIZE + PNG_TYPE_SIZE + CHECK_SIZE, /* of an empty one */
    CHUNK_MAXIMUM = 0x7FFFFFFF,
    HEADER_SIZE = 13
};

bool png_next(struct span file, size_t *at, struct png_chunk *chunk)
{
    *chunk = (struct png_chunk){ 0 };
    if (*at == 0)
        *at = SIGNATURE_SIZE;
    uint64_t length = span_big(file, *at, LENGTH_SIZE);
    if (length > CHUNK_MAXIMUM || !span_has(file, *at, CHUNK_SIZE + (size_t)length))
        return false;
    chunk->type = span_part(file, *at + LENGTH_SIZE, PNG_TYPE_SIZE);
    chunk->data = span_part(file, *at + LENGTH_SIZE + PNG_TYPE_SIZE, (size_t)length);
    chunk->whole = span_part(file, *at, CHUNK_SIZE + (size_t)length);
    *at += chunk->whole.length;
    return true;
}

bool png_is(const struct png_chunk *chunk, const char *type)
{
    return span_is_at(chunk->type, 0, type, PNG_TYPE_SIZE);
}

size_t png_unpack(struct span packed, void *bytes, size_t size)
{
    size_t length = 0;
    struct libdeflate_decompressor *decompressor = libdeflate_alloc_decompressor();
    if (!decompressor || !packed.length ||
        libdeflate_zlib_decompress(decompressor, packed.bytes, packed.length, bytes, size,
                                   &length) != LIBDEFLATE_SUCCESS)
        length = 0;
    libdeflate_free_decompressor(decompressor);
    return length;
}

bool png_is_sound(const struct png_chunk *chunk)
{
    uint32_t sum = libdeflate_crc32(0, chunk->type.bytes, PNG_TYPE_SIZE + chunk->data.length);
    return sum == span_big(chunk->whole, chunk->whole.length - CHECK_SIZE, CHECK_SIZE);
}

/* A capital first letter: nobody can show the picture without it. */
static bool is_critical(const struct png_chunk *chunk)
{
    return !(span_byte(chunk->type, 0) & 0x20);
}

enum picture_trouble png_structure(struct span file, size_t *frames)
{
    struct png_chunk chunk;
    bool has_pixels = false;
    *frames = 1;
    if (!span_is_at(file, 0, SIGNATURE, SIGNATURE_SIZE))
        return PICTURE_NONE;
    for (size_t at = 0, count = 0; png_next(file, &at, &chunk); count++) {
        if (is_critical(&chunk) && !png_is_sound(&chunk))
            return PICTURE_DAMAGED;
        if ((count == 0) != (png_is(&chunk, "IHDR") && chunk.data.length == HEADER_SIZE))
            return PICTURE_DAMAGED;
        if (png_is(&chunk, "IEND"))
            return has_pixels ? PICTURE_GOOD : PICTURE_DAMAGED;
        if (png_is(&chunk, "IDAT"))
            has_pixels = true;
        if (png_is(&chunk, "acTL") && span_big(chunk.data, 0, 4) > 1)
            *frames = (size_t)span_big(chunk.data, 0, 4);
    }
    return PICTURE_CUT;
}

/* The filter */

/* Name, NUL, method, and the profile packed: whatever reads the picture will unpack it whole. */
static bool is_profile(struct span data)
{
    enum { PROFILE_MAXIMUM = 4 * 1024 * 1024, SIGNATURE_AT = 36 };

    static const char signature[] = "acsp";
    const uint8_t *nul = data.length ? memchr(data.bytes, 0, data.length) : NULL;
    uint8_t *bytes = nul ? malloc(PROFILE_MAXIMUM) : NULL;
    if (!bytes)
        return false;
    struct span packed = span_rest(data, (size_t)(nul - data.bytes) + 2);
    struct span profile = { .bytes = bytes, .length = png_unpack(packed, bytes, PROFILE_MAXIMUM) };
    bool is_one = span_is_at(profile, SIGNATURE_AT, signature, sizeof signature - 1);
    free(bytes);
    return is_one;
}

/* profiles: how many came before; there may be one, and unpacking takes time. */
static bool is_kept(const struct png_chunk *chunk, int *profiles)
{
    static const char kept[][PNG_TYPE_SIZE + 1] = { "IHDR", "PLTE", "tRNS", "gAMA", "cHRM",
                                                    "sRGB", "iCCP", "cICP", "sBIT", "bKGD",
                                                    "pHYs", "IDAT", "IEND" };
    for (size_t i = 0; i < sizeof kept / sizeof kept[0]; i++)
        if (png_is(chunk, kept[i]))
            return is_critical(chunk) ||
                   (png_is_sound(chunk) &&
                    (!png_is(chunk, "iCCP") || ((*profiles)++ == 0 && is_profile(chunk->data))));
    return false;
}

static void append_big32(struct string_builder *out, uint32_t number)
{
    for (int shift = 24; shift >= 0; shift -= 8)
        string_builder_append_character(out, (char)(number >> shift & 0xFF));
}

/* International text, neither packed nor of a language. */
static void append_xmp(struct string_builder *out, struct span xmp)
{
    static const char before[] = "iTXt" XMP_KEYWORD "\0\0\0\0"; /* and the NUL of the literal */
    if (!xmp.length || xmp.length > CHUNK_MAXIMUM - sizeof before)
        return;
    append_big32(out, (uint32_t)(sizeof before - PNG_TYPE_SIZE + xmp.length));
    string_builder_append_bytes(out, before, sizeof before);
    string_builder_append_bytes(out, xmp.bytes, xmp.length);
    uint32_t sum = libdeflate_crc32(0, before, sizeof before);
    append_big32(out, libdeflate_crc32(sum, xmp.bytes, xmp.length));
}

bool png_filter(struct span file, struct span xmp, struct string_builder *out)
{
    struct png_chunk chunk = { 0 };
    size_t frames;
    int profiles = 0;
    size_t before = out->length;
    if (png_structure(file, &frames) != PICTURE_GOOD)
        return false;
    string_builder_append_bytes(out, SIGNATURE, SIGNATURE_SIZE);
    for (size_t at = 0; !png_is(&chunk, "IEND") && png_next(file, &at, &chunk);) {
        if (is_kept(&chunk, &profiles))
            string_builder_append_bytes(out, chunk.whole.bytes, chunk.whole.length);
        if (png_is(&chunk, "IHDR"))
            append_xmp(out, xmp);
    }
    if (!string_builder_overflowed(out))
        return true;
    string_builder_truncate(out, before);
    return false;
}
