/* SPDX-License-Identifier: MIT */
#include "picture/png_chunks.h"

#include "base/arena.h"
#include "picture/iim.h"
#include "picture/xmp.h"

#include <libdeflate.h>
#include <stdlib.h>

#define XMP_KEYWORD "XML:com.adobe.xmp"
#define PROFILE_KEYWORD "Raw profile type "
#define APP1_NAME "http://ns.adobe.com/xap/1.0/"

/* Unpacked in arena; empty where it is damaged or longer than any metadata that is read. */
static struct span unpack(struct arena *arena, struct span packed)
{
    struct span plain = { 0 };
    struct libdeflate_decompressor *decompressor = libdeflate_alloc_decompressor();
    void *bytes = malloc(XMP_PACKET_MAXIMUM);
    size_t length = 0;
    if (decompressor && bytes && packed.length &&
        libdeflate_zlib_decompress(decompressor, packed.bytes, packed.length, bytes,
                                   XMP_PACKET_MAXIMUM, &length) == LIBDEFLATE_SUCCESS)
        plain = (struct span){ .bytes = (const uint8_t *)arena_copy_bytes(arena, bytes, length),
                               .length = length };
    free(bytes);
    libdeflate_free_decompressor(decompressor);
    return plain;
}

/* Behind the next NUL. */
static struct span behind_nul(struct span span)
{
    const uint8_t *nul = span.length ? memchr(span.bytes, 0, span.length) : NULL;
    return nul ? span_rest(span, (size_t)(nul - span.bytes) + 1) : (struct span){ 0 };
}

/* Keyword, whether packed, method, language, translated keyword, text. */
static struct span international_text(struct arena *arena, struct span data)
{
    struct span flags = behind_nul(data);
    struct span text = behind_nul(behind_nul(span_rest(flags, 2)));
    return span_byte(flags, 0) ? unpack(arena, text) : text;
}

static int digit_value(uint8_t digit)
{
    if (digit >= '0' && digit <= '9')
        return digit - '0';
    if (digit >= 'a' && digit <= 'f')
        return digit - 'a' + 10;
    return digit >= 'A' && digit <= 'F' ? digit - 'A' + 10 : -1;
}

/* The third line and all others of a profile that was written in hexadecimal digits: the first two
 * are its name and length. */
static struct span profile_bytes(struct arena *arena, struct span text)
{
    size_t at = 0;
    for (int lines = 0; lines < 3 && at < text.length; at++)
        lines += text.bytes[at] == '\n';
    uint8_t *bytes = arena_allocate(arena, (text.length - at) / 2 + 1);
    size_t digits = 0;
    for (; at < text.length; at++) {
        int value = digit_value(text.bytes[at]);
        if (value < 0)
            continue;
        bytes[digits / 2] = (uint8_t)(bytes[digits / 2] << 4 | value);
        digits++;
    }
    return (struct span){ .bytes = bytes, .length = digits / 2 };
}

/* Some programs put what a JPEG has in segments into texts. */
static void profile_parts(struct arena *arena, struct span text, struct picture_parts *parts)
{
    if (!text.length || text.length > XMP_PACKET_MAXIMUM)
        return;
    struct span bytes = profile_bytes(arena, text);
    if (span_is_at(bytes, 0, "8BIM", 4) && !parts->iim.length)
        parts->iim = iim_in_photoshop(bytes);
    else if (span_is_at(bytes, 0, "Exif\0", 6) && !parts->exif.length)
        parts->exif = span_rest(bytes, 6);
    else if (span_is_at(bytes, 0, APP1_NAME, sizeof APP1_NAME) && !parts->xmp.length)
        parts->xmp = span_rest(bytes, sizeof APP1_NAME);
    else if (span_is_at(bytes, 0, "<", 1) && !parts->xmp.length)
        parts->xmp = bytes;
}

static void chunk_parts(struct arena *arena, const struct png_chunk *chunk,
                        struct picture_parts *parts)
{
    struct span data = chunk->data;
    bool is_profile = span_is_at(data, 0, PROFILE_KEYWORD, sizeof PROFILE_KEYWORD - 1);
    if (png_is(chunk, "eXIf") && !parts->exif.length)
        parts->exif = data;
    else if (png_is(chunk, "iTXt") && !parts->xmp.length &&
             span_is_at(data, 0, XMP_KEYWORD, sizeof XMP_KEYWORD))
        parts->xmp = international_text(arena, data);
    else if (png_is(chunk, "zTXt") && is_profile)
        profile_parts(arena, unpack(arena, span_rest(behind_nul(data), 1)), parts);
    else if (png_is(chunk, "tEXt") && is_profile)
        profile_parts(arena, behind_nul(data), parts);
}

void png_parts(struct arena *arena, struct span file, struct picture_parts *parts)
{
    enum { TEXTS_MAXIMUM = 20 }; /* each may be unpacked */

    struct png_chunk chunk = { 0 };
    int texts = 0;
    for (size_t at = 0; texts < TEXTS_MAXIMUM && png_next(file, &at, &chunk);) {
        if (png_is(&chunk, "IEND"))
            break;
        texts += png_is(&chunk, "iTXt") || png_is(&chunk, "zTXt") || png_is(&chunk, "tEXt");
        chunk_parts(arena, &chunk, parts);
    }
}
