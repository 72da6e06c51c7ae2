/* SPDX-License-Identifier: MIT */
#include "picture/tiff_directory.h"

#include "picture/iim.h"

enum { HEAD_SIZE = 8, COUNT_SIZE = 2, ENTRY_SIZE = 12, VALUE_OFFSET = 8, VALUE_SIZE = 4 };

enum tag {
    TAG_SUBFILE_TYPE = 0x00FE,
    TAG_STRIP_OFFSETS = 0x0111,
    TAG_STRIP_SIZES = 0x0117,
    TAG_TILE_OFFSETS = 0x0144,
    TAG_TILE_SIZES = 0x0145,
    TAG_SUB_DIRECTORIES = 0x014A,
    TAG_XMP = 0x02BC,
    TAG_IIM = 0x83BB,
    TAG_PHOTOSHOP = 0x8649,
    TAG_DNG_VERSION = 0xC612
};

static uint32_t number_at(const struct tiff_file *file, struct span span, size_t offset,
                          size_t size)
{
    return (uint32_t)(file->is_little ? span_little(span, offset, size)
                                      : span_big(span, offset, size));
}

bool tiff_open(struct span bytes, struct tiff_file *file)
{
    bool is_little = span_is_at(bytes, 0, "II*\0", 4);
    *file = (struct tiff_file){ .bytes = bytes, .is_little = is_little };
    return is_little || span_is_at(bytes, 0, "MM\0*", 4);
}

bool tiff_is_big(struct span bytes)
{
    return span_is_at(bytes, 0, "II+\0\x08\0\0\0", 8) || span_is_at(bytes, 0, "MM\0+\0\x08\0\0", 8);
}

size_t tiff_first(const struct tiff_file *file)
{
    return number_at(file, file->bytes, 4, 4);
}

/* The entries of the directory that lie within the file. */
static struct span entries_of(const struct tiff_file *file, size_t directory)
{
    size_t length = (size_t)number_at(file, file->bytes, directory, COUNT_SIZE) * ENTRY_SIZE;
    struct span rest = span_rest(file->bytes, directory + COUNT_SIZE);
    if (directory < HEAD_SIZE)
        return (struct span){ 0 };
    return span_part(rest, 0,
                     length < rest.length ? length : rest.length - rest.length % ENTRY_SIZE);
}

/* Where the next one is; 0 for none. */
static size_t next_directory(const struct tiff_file *file, size_t directory)
{
    return number_at(file, file->bytes, directory + COUNT_SIZE + entries_of(file, directory).length,
                     4);
}

static size_t type_size(unsigned type)
{
    enum { UTF8 = 129 }; /* of EXIF 3.0 */

    static const uint8_t sizes[] = { 0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4 };
    if (type == UTF8)
        return 1;
    return type < sizeof sizes ? sizes[type] : 0;
}

static void read_entry(const struct tiff_file *file, struct span at, struct tiff_entry *entry)
{
    entry->type = number_at(file, at, 2, 2);
    entry->count = number_at(file, at, 4, 4);
    uint64_t size = (uint64_t)entry->count * type_size(entry->type);
    if (size <= VALUE_SIZE)
        entry->values = span_part(at, VALUE_OFFSET, (size_t)size);
    else
        entry->values = span_part(file->bytes, number_at(file, at, VALUE_OFFSET, 4), (size_t)size);
}

bool tiff_find(const struct tiff_file *file, size_t directory, unsigned tag,
               struct tiff_entry *entry)
{
    struct span entries = entries_of(file, directory);
    *entry = (struct tiff_entry){ 0 };
    for (size_t at = 0; at < entries.length; at += ENTRY_SIZE) {
        struct span here = span_part(entries, at, ENTRY_SIZE);
        if (number_at(file, here, 0, 2) != tag)
            continue;
        read_entry(file, here, entry);
        return entry->values.length > 0;
    }
    return false;
}

/* The entry's value number index, where it is a whole number; 0 for others. */
static uint32_t number_of(const struct tiff_file *file, const struct tiff_entry *entry,
                          size_t index)
{
    enum { BYTE = 1, SHORT = 3, LONG = 4, DIRECTORY = 13 };

    bool is_whole = entry->type == BYTE || entry->type == SHORT || entry->type == LONG ||
                    entry->type == DIRECTORY;
    size_t size = type_size(entry->type);
    if (!is_whole || index >= entry->count)
        return 0;
    return number_at(file, entry->values, index * size, size);
}

static bool has_tag(const struct tiff_file *file, size_t directory, unsigned tag)
{
    struct tiff_entry entry;
    return tiff_find(file, directory, tag, &entry);
}

/* Whether the directory's strips or tiles are there, and within the file. */
static bool has_pixels(const struct tiff_file *file, size_t directory)
{
    struct tiff_entry offsets;
    struct tiff_entry sizes;
    if (!tiff_find(file, directory, TAG_STRIP_OFFSETS, &offsets) &&
        !tiff_find(file, directory, TAG_TILE_OFFSETS, &offsets))
        return false;
    /* Some programs leave the sizes out of a picture of one strip. */
    if (!tiff_find(file, directory, TAG_STRIP_SIZES, &sizes) &&
        !tiff_find(file, directory, TAG_TILE_SIZES, &sizes))
        return span_has(file->bytes, number_of(file, &offsets, 0), 1);
    for (size_t i = 0; i < offsets.count; i++)
        if (!span_has(file->bytes, number_of(file, &offsets, i), number_of(file, &sizes, i)))
            return false;
    return true;
}

/* Cameras' raw files are TIFF whose first directory is a small preview, or say that they are DNG.
 */
static bool is_raw(const struct tiff_file *file, size_t directory)
{
    struct tiff_entry subfile;
    bool is_reduced = tiff_find(file, directory, TAG_SUBFILE_TYPE, &subfile) &&
                      number_of(file, &subfile, 0) & 1;
    return has_tag(file, directory, TAG_DNG_VERSION) ||
           (is_reduced && has_tag(file, directory, TAG_SUB_DIRECTORIES));
}

enum picture_trouble tiff_structure(struct span bytes, size_t *frames)
{
    enum { DIRECTORIES_MAXIMUM = 1000 };

    struct tiff_file file;
    *frames = 1;
    if (tiff_is_big(bytes))
        return PICTURE_CODING;
    if (!tiff_open(bytes, &file))
        return PICTURE_NONE;
    size_t directory = tiff_first(&file);
    if (is_raw(&file, directory))
        return PICTURE_NONE;
    if (!has_pixels(&file, directory))
        return PICTURE_CUT;
    for (int i = 0; i < DIRECTORIES_MAXIMUM && (directory = next_directory(&file, directory)); i++)
        if (!span_has(bytes, directory, COUNT_SIZE))
            return PICTURE_CUT;
    return PICTURE_GOOD;
}

void tiff_parts(struct span bytes, struct picture_parts *parts)
{
    struct tiff_file file;
    struct tiff_entry entry;
    if (!tiff_open(bytes, &file))
        return;
    size_t directory = tiff_first(&file);
    parts->exif = bytes;
    if (tiff_find(&file, directory, TAG_XMP, &entry))
        parts->xmp = entry.values;
    if (tiff_find(&file, directory, TAG_IIM, &entry))
        parts->iim = entry.values;
    else if (tiff_find(&file, directory, TAG_PHOTOSHOP, &entry))
        parts->iim = iim_in_photoshop(entry.values);
}
