/* SPDX-License-Identifier: MIT */
#ifndef TESTS_UNIT_PICTURE_PICTURE_FILES_H
#define TESTS_UNIT_PICTURE_PICTURE_FILES_H

#include "cmocka_all.h"

#include "base/arena.h"
#include "base/string_builder.h"
#include "picture/span.h"

#include <stdio.h>
#include <string.h>

#define SPAN(literal)                                                                              \
    ((struct span){ .bytes = (const uint8_t *)(literal), .length = sizeof(literal) - 1 })

/* A file of tests/golden/picture, in arena. */
static inline struct span picture_file(struct arena *arena, const char *name)
{
    enum { SIZE_MAXIMUM = 64 * 1024 };

    FILE *file = fopen(arena_format(arena, TEST_DATA_DIRECTORY "/picture/%s", name), "rb");
    assert_non_null(file);
    uint8_t *bytes = arena_allocate(arena, SIZE_MAXIMUM);
    size_t length = fread(bytes, 1, SIZE_MAXIMUM, file);
    assert_int_equal(fclose(file), 0);
    assert_in_range(length, 1, SIZE_MAXIMUM - 1);
    return (struct span){ .bytes = bytes, .length = length };
}

static inline struct span text_span(const struct string_builder *text)
{
    return (struct span){ .bytes = (const uint8_t *)text->data, .length = text->length };
}

static inline bool span_holds(struct span span, const char *string)
{
    return memmem(span.bytes, span.length, string, strlen(string)) != NULL;
}

#endif
