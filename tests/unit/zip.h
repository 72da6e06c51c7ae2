/* SPDX-License-Identifier: MIT */
#ifndef TESTS_UNIT_ZIP_H
#define TESTS_UNIT_ZIP_H

#include "base/string_builder.h"

#include <stdint.h>
#include <string.h>

/* Zip files made in memory, byte by byte, so that they can say of themselves what no program would
 * write:
 *
 *     zip_begin(&zip);
 *     zip_add(&zip, "mimetype", "application/vnd.oasis.opendocument.text");
 *     zip_add_bytes(&zip, "Pictures/1.png", bytes, length);
 *     zip_end(&zip);                  zip.file.data, zip.file.length
 *     zip_release(&zip);
 */
struct test_zip {
    struct string_builder file;
    struct string_builder directory;
    size_t count;
};

/* What an entry says of itself, and its bytes. */
struct test_entry {
    const char *name;
    const void *bytes; /* as they are packed */
    size_t packed;
    size_t size; /* unpacked */
    uint32_t check_sum;
    unsigned method;        /* 0: stored; 8: deflated */
    unsigned flags;         /* 1: encrypted */
    const char *local_name; /* in its own header; NULL: the same */
    const char *extra;      /* field of its own header */
    size_t extra_length;
    size_t offset;         /* that the directory says; 0: where it is */
    size_t directory_size; /* that the directory says; 0: size */
};

static inline void zip_begin(struct test_zip *zip)
{
    *zip = (struct test_zip){ .count = 0 };
    string_builder_init(&zip->file, 0);
    string_builder_init(&zip->directory, 0);
}

static inline void zip_release(struct test_zip *zip)
{
    string_builder_release(&zip->file);
    string_builder_release(&zip->directory);
}

/* The lowest byte first. */
static inline void zip_number(struct string_builder *text, uint64_t number, int bytes)
{
    for (int i = 0; i < bytes; i++)
        string_builder_append_character(text, (char)(i < 8 ? number >> (8 * i) & 0xFF : 0));
}

static inline uint32_t zip_check_sum(const void *bytes, size_t length)
{
    const unsigned char *at = bytes;
    uint32_t sum = 0xFFFFFFFF;
    for (size_t i = 0; i < length; i++) {
        sum ^= at[i];
        for (int bit = 0; bit < 8; bit++)
            sum = sum & 1 ? sum >> 1 ^ 0xEDB88320 : sum >> 1;
    }
    return ~sum;
}

/* Version, flags, method, time, check sum and sizes: the same in both headers. */
static inline void zip_common(struct string_builder *text, const struct test_entry *entry,
                              size_t size)
{
    zip_number(text, 20, 2);
    zip_number(text, entry->flags, 2);
    zip_number(text, entry->method, 2);
    zip_number(text, 0, 2);
    zip_number(text, 0x5821, 2);
    zip_number(text, entry->check_sum, 4);
    zip_number(text, entry->packed, 4);
    zip_number(text, size, 4);
}

static inline void zip_add_entry(struct test_zip *zip, const struct test_entry *entry)
{
    size_t offset = entry->offset ? entry->offset : zip->file.length;
    const char *local = entry->local_name ? entry->local_name : entry->name;
    string_builder_append_bytes(&zip->file, "PK\3\4", 4);
    zip_common(&zip->file, entry, entry->size);
    zip_number(&zip->file, strlen(local), 2);
    zip_number(&zip->file, entry->extra_length, 2);
    string_builder_append(&zip->file, local);
    if (entry->extra)
        string_builder_append_bytes(&zip->file, entry->extra, entry->extra_length);
    if (entry->packed)
        string_builder_append_bytes(&zip->file, entry->bytes, entry->packed);
    string_builder_append_bytes(&zip->directory, "PK\1\2\x14\0", 6);
    zip_common(&zip->directory, entry, entry->directory_size ? entry->directory_size : entry->size);
    zip_number(&zip->directory, strlen(entry->name), 2);
    zip_number(&zip->directory, 0, 12); /* extra field, comment, disk, kind */
    zip_number(&zip->directory, offset, 4);
    string_builder_append(&zip->directory, entry->name);
    zip->count++;
}

static inline void zip_add_bytes(struct test_zip *zip, const char *name, const void *bytes,
                                 size_t length)
{
    const struct test_entry entry = { .name = name,
                                      .bytes = bytes,
                                      .packed = length,
                                      .size = length,
                                      .check_sum = zip_check_sum(bytes, length) };
    zip_add_entry(zip, &entry);
}

static inline void zip_add(struct test_zip *zip, const char *name, const char *text)
{
    zip_add_bytes(zip, name, text, strlen(text));
}

static inline void zip_end(struct test_zip *zip)
{
    size_t offset = zip->file.length;
    if (zip->count)
        string_builder_append_bytes(&zip->file, zip->directory.data, zip->directory.length);
    string_builder_append_bytes(&zip->file, "PK\5\6\0\0\0\0", 8);
    zip_number(&zip->file, zip->count & 0xFFFF, 2);
    zip_number(&zip->file, zip->count & 0xFFFF, 2);
    zip_number(&zip->file, zip->directory.length, 4);
    zip_number(&zip->file, offset, 4);
    zip_number(&zip->file, 0, 2);
}

#endif
