/* SPDX-License-Identifier: MIT */
#ifndef PICTURE_SPAN_H
#define PICTURE_SPAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Inside picture/ only: bytes of a stranger's file, never read past their end. What lies outside
 * reads as nothing: an empty span, or zero. */
struct span {
    const uint8_t *bytes;
    size_t length;
};

static inline bool span_has(struct span span, size_t offset, size_t length)
{
    return offset <= span.length && length <= span.length - offset;
}

static inline struct span span_part(struct span span, size_t offset, size_t length)
{
    if (!span.bytes || !span_has(span, offset, length))
        return (struct span){ 0 };
    return (struct span){ .bytes = span.bytes + offset, .length = length };
}

/* All from offset on. */
static inline struct span span_rest(struct span span, size_t offset)
{
    return offset < span.length ? span_part(span, offset, span.length - offset)
                                : (struct span){ 0 };
}

static inline bool span_is_at(struct span span, size_t offset, const char *bytes, size_t length)
{
    return span_has(span, offset, length) && memcmp(span.bytes + offset, bytes, length) == 0;
}

static inline uint8_t span_byte(struct span span, size_t offset)
{
    return offset < span.length ? span.bytes[offset] : 0;
}

/* Whether its end was never written: a file that is being copied may have its whole length at once,
 * and zeros where its bytes are to come, page by page. No picture is coded so. */
static inline bool span_is_unwritten(struct span span)
{
    enum { PAGE = 4096, FEWEST = 64 };

    struct span end = span_rest(span, span.length > PAGE ? span.length - PAGE : 0);
    return end.length >= FEWEST && end.bytes[0] == 0 &&
           memcmp(end.bytes, end.bytes + 1, end.length - 1) == 0;
}

/* An unsigned number of size (1 to 8) bytes, the high one first. */
static inline uint64_t span_big(struct span span, size_t offset, size_t size)
{
    uint64_t number = 0;
    if (!span_has(span, offset, size))
        return 0;
    for (size_t i = 0; i < size; i++)
        number = number << 8 | span.bytes[offset + i];
    return number;
}

/* The same, the low one first. */
static inline uint64_t span_little(struct span span, size_t offset, size_t size)
{
    uint64_t number = 0;
    if (!span_has(span, offset, size))
        return 0;
    for (size_t i = size; i > 0; i--)
        number = number << 8 | span.bytes[offset + i - 1];
    return number;
}

#endif
