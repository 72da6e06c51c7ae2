/* SPDX-License-Identifier: MIT */
#include "picture/png_chunks.h"

#include "base/arena.h"
#include "picture/iim.h"
#include "picture/xmp.h"

#include <stdlib.h>
#include <strings.h>

#define XMP_KEYWORD "XML:com.adobe.xmp"
#define PROFILE_KEYWORD "Raw profile type "
#define APP1_NAME "http://ns.adobe.com/xap/1.0/"

/* What is read of one file. */
struct texts {
    struct arena *arena;
    int packed_left; /* how many may yet be unpacked */
};

/* Unpacked in arena; empty where it is damaged or longer than any metadata that is read. */
static struct span unpack(struct texts *texts, struct span packed)
{
    if (texts->packed_left-- <= 0)
        return (struct span){ 0 };
    void *bytes = malloc(XMP_PACKET_MAXIMUM);
    size_t length = bytes ? png_unpack(packed, bytes, XMP_PACKET_MAXIMUM) : 0;
    struct span plain = { 0 };
    if (length)
        plain = (struct span){ .bytes = (const uint8_t *)arena_copy_bytes(texts->arena, bytes,
                                                                          length),
                               .length = length };
    free(bytes);
    return plain;
}

/* Behind the next NUL. */
static struct span behind_nul(struct span span)
{
    const uint8_t *nul = span.length ? memchr(span.bytes, 0, span.length) : NULL;
    return nul ? span_rest(span, (size_t)(nul - span.bytes) + 1) : (struct span){ 0 };
}

/* Keyword, whether packed, method, language, translated keyword, text. */
static struct span international_text(struct texts *texts, struct span data)
{
    struct span flags = behind_nul(data);
    struct span text = behind_nul(behind_nul(span_rest(flags, 2)));
    return span_byte(flags, 0) ? unpack(texts, text) : text;
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

/* Behind its name, however it is kept; empty for a chunk that is no text. */
static struct span text_of(struct texts *texts, const struct png_chunk *chunk)
{
    if (png_is(chunk, "iTXt"))
        return international_text(texts, chunk->data);
    if (png_is(chunk, "zTXt"))
        return unpack(texts, span_rest(behind_nul(chunk->data), 1));
    return png_is(chunk, "tEXt") ? behind_nul(chunk->data) : (struct span){ 0 };
}

/* Names of texts are ended by a NUL; programs differ in their capitals. */
static bool has_name(const struct png_chunk *chunk, const char *name)
{
    size_t size = strlen(name) + 1;
    return span_has(chunk->data, 0, size) &&
           strncasecmp((const char *)chunk->data.bytes, name, size) == 0;
}

static void chunk_parts(struct texts *texts, const struct png_chunk *chunk,
                        struct picture_parts *parts)
{
    struct span data = chunk->data;
    bool is_international = png_is(chunk, "iTXt");
    if (png_is(chunk, "eXIf") && !parts->exif.length)
        parts->exif = data;
    else if (is_international && !parts->xmp.length &&
             span_is_at(data, 0, XMP_KEYWORD, sizeof XMP_KEYWORD))
        parts->xmp = text_of(texts, chunk);
    else if (!is_international && span_is_at(data, 0, PROFILE_KEYWORD, sizeof PROFILE_KEYWORD - 1))
        profile_parts(texts->arena, text_of(texts, chunk), parts);
    else if (has_name(chunk, "Author") && !parts->author.length)
        parts->author = text_of(texts, chunk);
    else if (has_name(chunk, "Copyright") && !parts->copyright.length)
        parts->copyright = text_of(texts, chunk);
}

void png_parts(struct arena *arena, struct span file, struct picture_parts *parts)
{
    enum { PACKED_MAXIMUM = 20 };

    struct texts texts = { .arena = arena, .packed_left = PACKED_MAXIMUM };
    struct png_chunk chunk = { 0 };
    for (size_t at = 0; png_next(file, &at, &chunk) && !png_is(&chunk, "IEND");)
        chunk_parts(&texts, &chunk, parts);
}
