/* SPDX-License-Identifier: MIT */
#ifndef TESTS_FUZZ_PICTURE_FUZZ_PICTURE_H
#define TESTS_FUZZ_PICTURE_FUZZ_PICTURE_H

#include "base/arena.h"
#include "base/string_builder.h"
#include "base/utf8.h"
#include "picture/container.h"
#include "picture/rights.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static inline void fuzz_demand(bool holds)
{
    if (!holds)
        abort();
}

/* A field is short, well-formed and without controls, or it is not there. */
static inline void fuzz_field(const char *field, bool has_lines)
{
    enum { FIELD_MAXIMUM = 5000 };

    if (!field)
        return;
    size_t length = strlen(field);
    fuzz_demand(length > 0 && length <= FIELD_MAXIMUM && utf8_is_valid(field, length));
    for (size_t i = 0; i < length; i++)
        fuzz_demand((unsigned char)field[i] >= ' ' || (has_lines && field[i] == '\n'));
}

static inline void fuzz_rights(const struct picture_rights *rights)
{
    fuzz_field(rights->creator, false);
    fuzz_field(rights->credit, false);
    fuzz_field(rights->copyright, false);
    fuzz_field(rights->source_type, false);
    fuzz_field(rights->alt, false);
    fuzz_field(rights->caption, true);
}

static inline bool fuzz_is_same(const char *one, const char *other)
{
    return one && other ? strcmp(one, other) == 0 : one == other;
}

/* What is whole can be filtered; the result is whole, has the same rights and no EXIF but one
 * orientation, is no longer than it may be, and is filtered to itself. */
static inline void fuzz_filter(enum picture_format format, struct span file)
{
    struct arena arena = { 0 };
    struct picture_rights rights;
    struct picture_rights found;
    struct picture_parts parts;
    struct string_builder out;
    struct string_builder again;
    size_t frames;
    rights_read(&arena, format, file, NULL, &rights);
    fuzz_rights(&rights);
    bool is_whole = container_structure(format, file, &frames) == PICTURE_GOOD;
    string_builder_init(&out, file.length + RIGHTS_ROOM);
    string_builder_init(&again, file.length + RIGHTS_ROOM);
    fuzz_demand(rights_filter(format, file, &rights, 6, &out) == is_whole);
    if (is_whole) {
        struct span made = { .bytes = (const uint8_t *)out.data, .length = out.length };
        fuzz_demand(container_structure(format, made, &frames) == PICTURE_GOOD);
        rights_read(&arena, format, made, NULL, &found);
        fuzz_demand(fuzz_is_same(rights.creator, found.creator));
        fuzz_demand(fuzz_is_same(rights.credit, found.credit));
        fuzz_demand(fuzz_is_same(rights.copyright, found.copyright));
        fuzz_demand(fuzz_is_same(rights.source_type, found.source_type));
        fuzz_demand(fuzz_is_same(rights.alt, found.alt));
        fuzz_demand(fuzz_is_same(rights.caption, found.caption));
        container_parts(&arena, format, made, &parts);
        fuzz_demand(parts.exif.length == (format == PICTURE_JPEG ? 26 : 0));
        fuzz_demand(rights_filter(format, made, &rights, 6, &again));
        fuzz_demand(again.length == out.length && memcmp(again.data, out.data, out.length) == 0);
    }
    string_builder_release(&again);
    string_builder_release(&out);
    arena_release(&arena);
}

#endif
