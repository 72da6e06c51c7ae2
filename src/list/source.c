/* SPDX-License-Identifier: MIT */
#include "list/source.h"

#include <stdint.h>
#include <string.h>

/* Two octets become three at most. */
enum { UTF16_SIZE = SOURCE_SIZE / 2 };

static uint32_t unit_at(enum source_kind kind, const unsigned char *octets)
{
    return kind == SOURCE_UTF16_BIG ? (uint32_t)(octets[0] << 8 | octets[1])
                                    : (uint32_t)(octets[1] << 8 | octets[0]);
}

static bool is_high(uint32_t unit)
{
    return unit >= 0xD800 && unit <= 0xDBFF;
}

static bool is_low(uint32_t unit)
{
    return unit >= 0xDC00 && unit <= 0xDFFF;
}

static char *character_put(char *out, uint32_t c)
{
    if (c < 0x80) {
        *out++ = (char)c;
        return out;
    }
    if (c < 0x800) {
        *out++ = (char)(0xC0 | c >> 6);
    } else {
        if (c < 0x10000) {
            *out++ = (char)(0xE0 | c >> 12);
        } else {
            *out++ = (char)(0xF0 | c >> 18);
            *out++ = (char)(0x80 | (c >> 12 & 0x3F));
        }
        *out++ = (char)(0x80 | (c >> 6 & 0x3F));
    }
    *out++ = (char)(0x80 | (c & 0x3F));
    return out;
}

/* length is even, and no pair is cut in two, except at the end of the file. */
static void utf16_convert(struct source *source, const unsigned char *octets, size_t length)
{
    char *out = source->octets;
    for (size_t i = 0; i < length; i += 2) {
        uint32_t c = i + 1 < length ? unit_at(source->kind, octets + i) : 0;
        uint32_t low = i + 3 < length ? unit_at(source->kind, octets + i + 2) : 0;
        if (is_high(c) && is_low(low)) {
            c = 0x10000 + ((c - 0xD800) << 10) + (low - 0xDC00);
            i += 2;
        } else if (is_high(c) || is_low(c)) {
            c = 0;
        }
        out = character_put(out, c);
    }
    source->length = (size_t)(out - source->octets);
}

/* octets: UTF16_SIZE of them, and room for a second half of the last character. */
static void utf16_take(struct source *source, unsigned char *octets, size_t length)
{
    if (length == UTF16_SIZE && is_high(unit_at(source->kind, octets + length - 2)))
        length += fread(octets + length, 1, 2, source->stream);
    utf16_convert(source, octets, length);
}

/* UTF-16 without a mark: one half of an ASCII letter is NUL. */
static enum source_kind kind_of(const unsigned char *octets, size_t length)
{
    static const unsigned char zip[] = { 'P', 'K', 3, 4 };
    static const unsigned char compound[] = { 0xD0, 0xCF, 0x11, 0xE0 };
    if (length >= sizeof zip &&
        (memcmp(octets, zip, sizeof zip) == 0 || memcmp(octets, compound, sizeof compound) == 0))
        return SOURCE_WORKBOOK;
    if (length < 2)
        return SOURCE_OCTETS;
    if ((octets[0] == 0xFF && octets[1] == 0xFE) || (octets[0] && !octets[1]))
        return SOURCE_UTF16_LITTLE;
    if ((octets[0] == 0xFE && octets[1] == 0xFF) || (!octets[0] && octets[1]))
        return SOURCE_UTF16_BIG;
    return SOURCE_OCTETS;
}

void source_init(struct source *source, FILE *stream)
{
    static const char mark[] = { '\xEF', '\xBB', '\xBF' };
    unsigned char octets[UTF16_SIZE + 2];
    size_t length = fread(octets, 1, UTF16_SIZE, stream);
    source->stream = stream;
    source->at = 0;
    source->length = 0;
    source->kind = kind_of(octets, length);
    if (source->kind == SOURCE_UTF16_LITTLE || source->kind == SOURCE_UTF16_BIG) {
        utf16_take(source, octets, length);
    } else if (source->kind == SOURCE_OCTETS) {
        memcpy(source->octets, octets, length);
        source->length = length;
    }
    if (source->length >= sizeof mark && memcmp(source->octets, mark, sizeof mark) == 0)
        source->at = sizeof mark;
}

bool source_refill(struct source *source)
{
    unsigned char octets[UTF16_SIZE + 2];
    source->at = 0;
    source->length = 0;
    switch (source->kind) {
    case SOURCE_UTF16_LITTLE:
    case SOURCE_UTF16_BIG:
        utf16_take(source, octets, fread(octets, 1, UTF16_SIZE, source->stream));
        break;
    case SOURCE_OCTETS:
        source->length = fread(source->octets, 1, sizeof source->octets, source->stream);
        break;
    case SOURCE_WORKBOOK:
        break;
    }
    return source->length > 0;
}
