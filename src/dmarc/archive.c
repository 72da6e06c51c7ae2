/* SPDX-License-Identifier: MIT */
#include "dmarc/dmarc.h"

#include <libdeflate.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* Sizes that an archive says of itself are never believed: what is counted is what comes out, and
 * that has one bound. */

enum {
    ZIP_END_SIZE = 22,    /* end of central directory, without its comment */
    ZIP_ENTRY_SIZE = 46,  /* of the central directory, without its names */
    ZIP_LOCAL_SIZE = 30,  /* local file header, likewise */
    ZIP_COMMENT = 0xffff, /* longest */
    ZIP_ENTRIES = 100,    /* looked at */
    ZIP_STORED = 0,
    ZIP_DEFLATED = 8,
    ZIP_ENCRYPTED = 1,
    LAYERS = 2,       /* a zip of one gzip is seen */
    SMALL = 64 * 1024 /* what the smallest may grow to */
};

static unsigned two(const unsigned char *bytes)
{
    return bytes[0] | (unsigned)bytes[1] << 8;
}

static uint32_t four(const unsigned char *bytes)
{
    return two(bytes) | (uint32_t)two(bytes + 2) << 16;
}

static size_t room_for(size_t length)
{
    size_t room = SMALL + length * DMARC_RATIO_MAXIMUM;
    return room < DMARC_INFLATED_MAXIMUM ? room : (size_t)DMARC_INFLATED_MAXIMUM;
}

static bool is_gzip(const unsigned char *bytes, size_t length)
{
    return length > 2 && bytes[0] == 0x1f && bytes[1] == 0x8b;
}

static bool is_zip(const unsigned char *bytes, size_t length)
{
    return length > ZIP_END_SIZE && memcmp(bytes, "PK\3\4", 4) == 0;
}

/* All members one behind the other (RFC 1952 section 2.2); what is none ends it. */
static char *inflate_gzip(const unsigned char *bytes, size_t length, size_t *inflated)
{
    size_t room = room_for(length);
    size_t used = 0;
    struct libdeflate_decompressor *tool = libdeflate_alloc_decompressor();
    char *out = malloc(room);
    bool is_good = tool && out;
    while (is_good && is_gzip(bytes, length)) {
        size_t taken = 0;
        size_t made = 0;
        is_good = libdeflate_gzip_decompress_ex(tool, bytes, length, out + used, room - used,
                                                &taken, &made) == LIBDEFLATE_SUCCESS;
        bytes += taken;
        length -= taken;
        used += made;
    }
    libdeflate_free_decompressor(tool);
    if (!is_good) {
        free(out);
        return NULL;
    }
    *inflated = used;
    return out;
}

/* ---- zip (APPNOTE sections 4.3.7, 4.3.12 and 4.3.16) ---- */

struct zip_entry {
    const unsigned char *data;
    size_t length;
    unsigned method;
    uint32_t check;
};

static const unsigned char *zip_end(const unsigned char *bytes, size_t length)
{
    for (size_t back = ZIP_END_SIZE; back <= length && back <= ZIP_END_SIZE + ZIP_COMMENT; back++)
        if (memcmp(bytes + length - back, "PK\5\6", 4) == 0)
            return bytes + length - back;
    return NULL;
}

static bool is_xml_name(const unsigned char *name, size_t length)
{
    return length > 4 && (strncasecmp((const char *)name + length - 4, ".xml", 4) == 0 ||
                          strncasecmp((const char *)name + length - 3, ".gz", 3) == 0);
}

/* What the entry of the directory points to. */
static bool zip_data(const unsigned char *bytes, size_t length, const unsigned char *entry,
                     struct zip_entry *found)
{
    size_t local = four(entry + 42);
    found->length = four(entry + 20);
    found->method = two(entry + 10);
    found->check = four(entry + 16);
    if (local >= length || length - local < ZIP_LOCAL_SIZE ||
        memcmp(bytes + local, "PK\3\4", 4) != 0 || (two(entry + 8) & ZIP_ENCRYPTED))
        return false;
    size_t start = local + ZIP_LOCAL_SIZE + two(bytes + local + 26) + two(bytes + local + 28);
    if (start > length || length - start < found->length)
        return false;
    found->data = bytes + start;
    return true;
}

static bool zip_find(const unsigned char *bytes, size_t length, struct zip_entry *found)
{
    const unsigned char *end = zip_end(bytes, length);
    size_t at = end ? four(end + 16) : length;
    for (unsigned left = ZIP_ENTRIES; left && at < length && length - at >= ZIP_ENTRY_SIZE;
         left--) {
        const unsigned char *entry = bytes + at;
        size_t name = two(entry + 28);
        if (memcmp(entry, "PK\1\2", 4) != 0 || length - at - ZIP_ENTRY_SIZE < name)
            return false;
        if (is_xml_name(entry + ZIP_ENTRY_SIZE, name))
            return zip_data(bytes, length, entry, found);
        at += ZIP_ENTRY_SIZE + name + two(entry + 30) + two(entry + 32);
    }
    return false;
}

static bool zip_unpack(const struct zip_entry *entry, char *out, size_t room, size_t *made)
{
    if (entry->method == ZIP_STORED && entry->length <= room) {
        memcpy(out, entry->data, entry->length);
        *made = entry->length;
        return true;
    }
    struct libdeflate_decompressor *tool = libdeflate_alloc_decompressor();
    bool is_good = entry->method == ZIP_DEFLATED && tool &&
                   libdeflate_deflate_decompress(tool, entry->data, entry->length, out, room,
                                                 made) == LIBDEFLATE_SUCCESS;
    libdeflate_free_decompressor(tool);
    return is_good;
}

static char *inflate_zip(const unsigned char *bytes, size_t length, size_t *inflated)
{
    struct zip_entry entry = { .data = NULL };
    if (!zip_find(bytes, length, &entry))
        return NULL;
    size_t room = room_for(entry.length);
    char *out = malloc(room);
    if (out && zip_unpack(&entry, out, room, inflated) &&
        libdeflate_crc32(0, out, *inflated) == entry.check)
        return out;
    free(out);
    return NULL;
}

/* ---- all ---- */

static char *copy(const unsigned char *bytes, size_t length, size_t *inflated)
{
    char *out = length <= DMARC_INFLATED_MAXIMUM ? malloc(length + 1) : NULL;
    if (out)
        memcpy(out, bytes, length);
    *inflated = length;
    return out;
}

char *dmarc_inflate(const void *bytes, size_t length, size_t *inflated)
{
    const unsigned char *at = bytes;
    char *out = NULL;
    for (unsigned layer = 0; layer < LAYERS && (is_gzip(at, length) || is_zip(at, length));
         layer++) {
        char *inner = is_gzip(at, length) ? inflate_gzip(at, length, inflated)
                                          : inflate_zip(at, length, inflated);
        free(out);
        if (!inner)
            return NULL;
        out = inner;
        at = (const unsigned char *)inner;
        length = *inflated;
    }
    return out ? out : copy(at, length, inflated);
}

bool dmarc_report_is_likely(const void *bytes, size_t length)
{
    static const char *const starts[] = { "<?xml", "<feedback", "<!--" };
    const char *text = bytes;
    if (is_gzip(bytes, length) || is_zip(bytes, length))
        return true;
    if (length > 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0) {
        text += 3;
        length -= 3;
    }
    while (length && (*text == ' ' || (*text >= '\t' && *text <= '\r'))) {
        text++;
        length--;
    }
    for (size_t i = 0; i < sizeof starts / sizeof starts[0]; i++)
        if (length > strlen(starts[i]) && memcmp(text, starts[i], strlen(starts[i])) == 0)
            return true;
    return false;
}
