/* SPDX-License-Identifier: MIT */
#include "intake/document_end.h"

#include "intake/document_formats.h"

#include <stddef.h>
#include <string.h>

static uint64_t little(const unsigned char *bytes, int count)
{
    uint64_t value = 0;
    while (count-- > 0)
        value = value << 8 | bytes[count];
    return value;
}

/* ---- PDF (ISO 32000, annex H.3.18) ---- */

static bool pdf_has_end(const struct document_file *file)
{
    enum { TAIL = 1024 };

    unsigned char tail[TAIL];
    int64_t length = file->size < TAIL ? file->size : TAIL;
    return document_bytes(file, file->size - length, tail, length) &&
           memmem(tail, (size_t)length, "%%EOF", 5);
}

/* ---- zip (APPNOTE 4.3.16) ---- */

enum { ZIP_RECORD = 22, ZIP_COMMENT_MAXIMUM = 65535 };

/* The end record says where the directory begins, which must be there. Larger archives (zip64)
 * have another record for that. */
static bool zip_record_fits(const struct document_file *file, const unsigned char *record,
                            int64_t record_at)
{
    uint64_t size = little(record + 12, 4);
    uint64_t offset = little(record + 16, 4);
    uint64_t count = little(record + 10, 2);
    unsigned char first[4];
    if (size == UINT32_MAX || offset == UINT32_MAX || count == UINT16_MAX)
        return document_bytes(file, record_at - 20, first, 4) &&
               memcmp(first, "PK\x06\x07", 4) == 0;
    if (offset + size > (uint64_t)record_at)
        return false;
    return count == 0 ||
           (document_bytes(file, (int64_t)offset, first, 4) && memcmp(first, "PK\x01\x02", 4) == 0);
}

static bool zip_has_end(const struct document_file *file)
{
    enum { TAIL = ZIP_RECORD + ZIP_COMMENT_MAXIMUM };

    unsigned char tail[TAIL];
    int64_t length = file->size < TAIL ? file->size : TAIL;
    if (!document_bytes(file, file->size - length, tail, length))
        return false;
    for (int64_t at = length - ZIP_RECORD; at >= 0; at--)
        if (memcmp(tail + at, "PK\x05\x06", 4) == 0 &&
            at + ZIP_RECORD + (int64_t)little(tail + at + 20, 2) == length &&
            zip_record_fits(file, tail + at, file->size - length + at))
            return true;
    return false;
}

/* ---- all ---- */

static const struct {
    const char *media_type; /* or its beginning, followed by a star */
    bool (*has_end)(const struct document_file *file);
} ends[] = {
    { "application/pdf", pdf_has_end },
    { "application/zip", zip_has_end },
    { "application/vnd.openxmlformats-officedocument.*", zip_has_end },
    { "application/vnd.oasis.opendocument.*", zip_has_end },
    { "application/msword", document_ole_has_end },
    { "application/vnd.ms-*", document_ole_has_end },
    { "video/mp4", document_boxes_have_end },
    { "video/quicktime", document_boxes_have_end },
    { "audio/mp4", document_boxes_have_end },
    { "video/webm", document_webm_has_end },
    { "audio/wav", document_wav_has_end },
    { "audio/mpeg", document_mp3_has_end },
};

static bool is_of(const char *media_type, const char *pattern)
{
    size_t length = strlen(pattern);
    return pattern[length - 1] == '*' ? strncmp(media_type, pattern, length - 1) == 0
                                      : strcmp(media_type, pattern) == 0;
}

bool document_has_end(int descriptor, const char *media_type, int64_t size_bytes)
{
    const struct document_file file = { descriptor, size_bytes };
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++)
        if (is_of(media_type, ends[i].media_type))
            return ends[i].has_end(&file);
    return true;
}
