/* SPDX-License-Identifier: MIT */
/* Film and sound. */
#include "intake/document_formats.h"

#include <string.h>

static uint64_t big(const unsigned char *bytes, int count)
{
    uint64_t value = 0;
    for (int i = 0; i < count; i++)
        value = value << 8 | bytes[i];
    return value;
}

/* ---- MP4, QuickTime: boxes (ISO 14496-12, 4.2) ---- */

/* The size of the box at offset; 0: it extends to the end of the file. False where no box can be.
 * */
static bool box_size(const struct document_file *file, int64_t offset, char name[4], uint64_t *size)
{
    unsigned char head[16];
    if (!document_bytes(file, offset, head, 8))
        return false;
    memcpy(name, head + 4, 4);
    *size = big(head, 4);
    if (*size == 1) {
        if (!document_bytes(file, offset, head, 16))
            return false;
        *size = big(head + 8, 8);
        return *size >= 16;
    }
    return *size == 0 || *size >= 8;
}

bool document_boxes_have_end(const struct document_file *file)
{
    enum { BOXES_MAXIMUM = 100000 };

    bool has_index = false; /* moov: without it nothing can be played */
    int64_t offset = 0;
    for (int i = 0; i < BOXES_MAXIMUM && offset < file->size; i++) {
        char name[4];
        uint64_t size;
        if (!box_size(file, offset, name, &size))
            return has_index; /* too few bytes for another box: padding */
        has_index = has_index || memcmp(name, "moov", 4) == 0;
        if (size == 0)
            return has_index;
        if (size > (uint64_t)(file->size - offset))
            return false;
        offset += (int64_t)size;
    }
    return has_index || offset < file->size;
}

/* ---- WebM: EBML (RFC 8794) ---- */

/* Reads a number of variable length at offset and moves the offset behind it. False where there is
 * none. */
static bool ebml_size(const struct document_file *file, int64_t *offset, uint64_t *size,
                      bool *is_unknown)
{
    unsigned char bytes[8];
    int length = 1;
    if (!document_bytes(file, *offset, bytes, 1) || bytes[0] == 0)
        return false;
    while (!(bytes[0] & 0x80 >> (length - 1)))
        length++;
    if (!document_bytes(file, *offset, bytes, length))
        return false;
    uint64_t mask = (UINT64_C(1) << 7 * length) - 1;
    *size = big(bytes, length) & mask;
    *is_unknown = *size == mask;
    *offset += length;
    return true;
}

/* A file is a head and one segment that holds all else. Recordings of live streams do not say how
 * long it is. */
bool document_webm_has_end(const struct document_file *file)
{
    unsigned char id[4];
    uint64_t size;
    bool is_unknown;
    int64_t offset = 4;
    if (!ebml_size(file, &offset, &size, &is_unknown) || size > (uint64_t)(file->size - offset))
        return false;
    offset += (int64_t)size;
    if (!document_bytes(file, offset, id, 4))
        return false;
    if (memcmp(id, "\x18\x53\x80\x67", 4) != 0)
        return true;
    offset += 4;
    return ebml_size(file, &offset, &size, &is_unknown) &&
           (is_unknown || size <= (uint64_t)(file->size - offset));
}

/* ---- WAV: RIFF ---- */

bool document_wav_has_end(const struct document_file *file)
{
    unsigned char head[8];
    if (!document_bytes(file, 0, head, 8))
        return false;
    uint64_t size = head[4] | (uint64_t)head[5] << 8 | (uint64_t)head[6] << 16 |
                    (uint64_t)head[7] << 24;
    /* Programs that write while they record put 0 or the maximum here, which says nothing. */
    return size == 0 || size >= 0x7FFFFF00U || size + 8 <= (uint64_t)file->size + 1;
}

/* ---- MP3 ---- */

/* Where the sound begins: behind an ID3 tag (ID3v2.4, 3.1), which holds pictures and the like. */
static int64_t sound_offset(const struct document_file *file)
{
    unsigned char tag[10];
    if (!document_bytes(file, 0, tag, 10) || memcmp(tag, "ID3", 3) != 0)
        return 0;
    return 10 + ((int64_t)(tag[6] & 0x7F) << 21 | (tag[7] & 0x7F) << 14 | (tag[8] & 0x7F) << 7 |
                 (tag[9] & 0x7F));
}

/* LAME and similar encoders write a first frame that holds no sound but the length of all of it.
 * */
bool document_mp3_has_end(const struct document_file *file)
{
    enum { HEAD = 64, SLACK = 8192, HAS_FRAMES = 1, HAS_BYTES = 2 };

    unsigned char head[HEAD];
    int64_t start = sound_offset(file);
    if (start >= file->size)
        return false;
    if (!document_bytes(file, start, head, HEAD))
        return true;
    for (size_t at = 13; at <= 36; at++) {
        if (memcmp(head + at, "Xing", 4) != 0 && memcmp(head + at, "Info", 4) != 0)
            continue;
        uint64_t flags = big(head + at + 4, 4);
        uint64_t bytes = big(head + at + (flags & HAS_FRAMES ? 12 : 8), 4);
        return !(flags & HAS_BYTES) || bytes <= (uint64_t)(file->size - start) + SLACK;
    }
    return true;
}
