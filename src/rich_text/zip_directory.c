/* SPDX-License-Identifier: MIT */
#include "rich_text/zip_directory.h"

#include "base/arena.h"
#include "rich_text/package.h"

#include <stdlib.h>
#include <string.h>

enum {
    LOCAL_LENGTH = 30,   /* of a local file header, without name and extra field */
    CENTRAL_LENGTH = 46, /* of an entry of the directory */
    END_LENGTH = 22,     /* of the end of the directory, without its comment */
    LOCATOR_LENGTH = 20, /* of what leads to the longer end (zip64) */
    END64_LENGTH = 56,
    EXTRA_ZIP64 = 1 /* extra field with numbers of 64 bits */
};

static const char local_mark[] = "PK\3\4";
static const char central_mark[] = "PK\1\2";
static const char end_mark[] = "PK\5\6";
static const char end64_mark[] = "PK\6\6";
static const char locator_mark[] = "PK\6\7";

struct source {
    const unsigned char *bytes;
    size_t length;
};

static uint64_t number_at(const struct source *source, size_t offset, int bytes)
{
    uint64_t number = 0;
    for (int i = bytes - 1; i >= 0; i--)
        number = number << 8 | source->bytes[offset + (size_t)i];
    return number;
}

/* Whether length bytes stand at offset, and begin with the mark. */
static bool stands_at(const struct source *source, uint64_t offset, size_t length, const char *mark)
{
    return offset <= source->length && length <= source->length - offset &&
           memcmp(source->bytes + offset, mark, 4) == 0;
}

/* ---- its end ---- */

struct end {
    uint64_t count, size, offset; /* of the directory */
    uint64_t at;                  /* of the first of the records behind the directory */
};

/* Numbers that are too large for the end stand in another record before it. */
static bool read_end(const struct source *source, size_t at, struct end *end)
{
    bool is_one = number_at(source, at + 4, 2) == 0 && number_at(source, at + 6, 2) == 0;
    *end = (struct end){ .count = number_at(source, at + 10, 2),
                         .size = number_at(source, at + 12, 4),
                         .offset = number_at(source, at + 16, 4),
                         .at = at };
    if (end->count != 0xFFFF && end->size != 0xFFFFFFFF && end->offset != 0xFFFFFFFF)
        return is_one && end->count == number_at(source, at + 8, 2);
    if (at < LOCATOR_LENGTH ||
        !stands_at(source, at - LOCATOR_LENGTH, LOCATOR_LENGTH, locator_mark))
        return is_one; /* they are what they are */
    uint64_t record = number_at(source, at - LOCATOR_LENGTH + 8, 8);
    if (!stands_at(source, record, END64_LENGTH, end64_mark))
        return false;
    end->count = number_at(source, (size_t)record + 32, 8);
    end->size = number_at(source, (size_t)record + 40, 8);
    end->offset = number_at(source, (size_t)record + 48, 8);
    end->at = record;
    return true;
}

/* Where nothing but blank bytes and line ends follows. */
static size_t blank_from(const struct source *source)
{
    size_t at = source->length;
    while (at > 0 && (!source->bytes[at - 1] || strchr(" \r\n", source->bytes[at - 1])))
        at--;
    return at;
}

/* Where the end of the directory is whose comment the file ends with. Some mail programs put a line
 * end behind what they carry: blank bytes are taken off source. Whatever else stands there refuses
 * the file: nobody can tell which of its ends is meant. */
static bool find_end(struct source *source, struct end *end, const char **detail)
{
    size_t at = source->length < END_LENGTH ? 0 : source->length - END_LENGTH + 1;
    size_t blank = blank_from(source);
    *detail = "cut";
    while (at-- > 0) {
        if (!stands_at(source, at, END_LENGTH, end_mark) || !read_end(source, at, end))
            continue;
        uint64_t behind = at + END_LENGTH + number_at(source, at + 20, 2);
        if (behind > source->length || end->offset > end->at || end->size > end->at - end->offset)
            continue;
        if (behind >= blank) {
            source->length = (size_t)behind;
            return true;
        }
        *detail = "trailing";
    }
    return false;
}

/* ---- its entries ---- */

/* The next of the numbers that are too large for 32 bits; false where there is none. */
static bool take_large(const struct source *source, size_t *at, size_t end, uint64_t *number)
{
    if (*number != 0xFFFFFFFF)
        return true;
    if (*at + 8 > end)
        return false;
    *number = number_at(source, *at, 8);
    *at += 8;
    return true;
}

static bool read_large(const struct source *source, size_t at, size_t length,
                       struct zip_entry *entry)
{
    size_t end = at + length;
    bool is_large = entry->size == 0xFFFFFFFF || entry->packed == 0xFFFFFFFF ||
                    entry->offset == 0xFFFFFFFF;
    while (is_large && at + 4 <= end) {
        size_t kind = (size_t)number_at(source, at, 2);
        size_t field = (size_t)number_at(source, at + 2, 2);
        at += 4;
        if (field > end - at)
            return false;
        if (kind == EXTRA_ZIP64)
            return take_large(source, &at, at + field, &entry->size) &&
                   take_large(source, &at, at + field, &entry->packed) &&
                   take_large(source, &at, at + field, &entry->offset);
        at += field;
    }
    return !is_large;
}

static bool read_entry(struct arena *arena, const struct source *source, size_t *at, size_t end,
                       struct zip_entry *entry)
{
    if (end - *at < CENTRAL_LENGTH || memcmp(source->bytes + *at, central_mark, 4) != 0)
        return false;
    size_t name = (size_t)number_at(source, *at + 28, 2);
    size_t extra = (size_t)number_at(source, *at + 30, 2);
    size_t comment = (size_t)number_at(source, *at + 32, 2);
    if (end - *at - CENTRAL_LENGTH < name + extra + comment ||
        memchr(source->bytes + *at + CENTRAL_LENGTH, 0, name))
        return false;
    *entry = (struct zip_entry){
        .name = arena_copy_bytes(arena, source->bytes + *at + CENTRAL_LENGTH, name),
        .flags = (unsigned)number_at(source, *at + 8, 2),
        .method = (unsigned)number_at(source, *at + 10, 2),
        .packed = number_at(source, *at + 20, 4),
        .size = number_at(source, *at + 24, 4),
        .offset = number_at(source, *at + 42, 4),
    };
    size_t behind = *at + CENTRAL_LENGTH + name;
    *at = behind + extra + comment;
    return read_large(source, behind, extra, entry);
}

/* ---- two in one place ---- */

static int by_offset(const void *a, const void *b)
{
    const struct zip_entry *const *first = a;
    const struct zip_entry *const *second = b;
    return ((*first)->offset > (*second)->offset) - ((*first)->offset < (*second)->offset);
}

/* An entry has its local header, name, extra field and bytes for itself, before the directory. */
static bool stand_apart(struct arena *arena, const struct source *source,
                        const struct zip_directory *directory, uint64_t before)
{
    const struct zip_entry **sorted = arena_allocate_array(arena, directory->count + 1,
                                                           sizeof *sorted);
    uint64_t free_from = 0;
    for (size_t i = 0; i < directory->count; i++)
        sorted[i] = &directory->entries[i];
    qsort(sorted, directory->count, sizeof *sorted, by_offset);
    for (size_t i = 0; i < directory->count; i++) {
        uint64_t offset = sorted[i]->offset;
        if (offset < free_from || !stands_at(source, offset, LOCAL_LENGTH, local_mark))
            return false;
        uint64_t begin = offset + LOCAL_LENGTH + number_at(source, (size_t)offset + 26, 2) +
                         number_at(source, (size_t)offset + 28, 2);
        if (begin > before || sorted[i]->packed > before - begin)
            return false;
        free_from = begin + sorted[i]->packed;
    }
    return true;
}

bool zip_directory_read(struct arena *arena, const char *bytes, size_t length,
                        struct zip_directory *directory, enum rich_text_fault *fault,
                        const char **detail)
{
    struct source source = { (const unsigned char *)bytes, length };
    struct end end;
    *directory = (struct zip_directory){ .length = length };
    *fault = RICH_TEXT_FAULT_BROKEN;
    if (!find_end(&source, &end, detail))
        return false;
    if (end.count > PACKAGE_ENTRIES_MAXIMUM) {
        *fault = RICH_TEXT_FAULT_TOO_LARGE;
        *detail = "entries";
        return false;
    }
    directory->length = source.length;
    directory->count = (size_t)end.count;
    directory->entries = arena_allocate_array(arena, directory->count + 1,
                                              sizeof *directory->entries);
    size_t at = (size_t)end.offset;
    *detail = "directory";
    for (size_t i = 0; i < directory->count; i++)
        if (!read_entry(arena, &source, &at, (size_t)(end.offset + end.size),
                        &directory->entries[i]))
            return false;
    *fault = RICH_TEXT_FAULT_UNSAFE;
    *detail = "before";
    if (memcmp(bytes, directory->count ? local_mark : end_mark, 4) != 0)
        return false;
    *detail = "overlap";
    return stand_apart(arena, &source, directory, end.offset);
}
