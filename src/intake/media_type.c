/* SPDX-License-Identifier: MIT */
#include "intake/media_type.h"

#include "base/utf8.h"

#include <stdint.h>
#include <string.h>
#include <strings.h>

/* What a type's files begin with. */
struct signature {
    size_t offset;
    const char *bytes;
    size_t length;
    const char *media_type;
};

#define SIGNATURE(at, begins, type)                                                                \
    {                                                                                              \
        .offset = (at), .bytes = (begins), .length = sizeof(begins) - 1, .media_type = (type)      \
    }

/* Containers: what is in them is told by the name. */
#define ZIP "application/zip"
#define OLE "application/x-ole-storage"
#define ISO_MEDIA "video/mp4"

static const struct signature signatures[] = {
    SIGNATURE(0, "\xFF\xD8\xFF", "image/jpeg"),
    SIGNATURE(0, "\x89PNG\r\n\x1A\n", "image/png"),
    SIGNATURE(0, "GIF87a", "image/gif"),
    SIGNATURE(0, "GIF89a", "image/gif"),
    SIGNATURE(8, "WEBP", "image/webp"),
    SIGNATURE(0, "%PDF-", "application/pdf"),
    SIGNATURE(0, "PK\x03\x04", ZIP),
    SIGNATURE(0, "PK\x05\x06", ZIP),
    SIGNATURE(0, "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", OLE),
    SIGNATURE(4, "ftyp", ISO_MEDIA),
    SIGNATURE(0, "ID3", "audio/mpeg"),
    SIGNATURE(0, "\xFF\xFB", "audio/mpeg"),
    SIGNATURE(0, "\xFF\xF3", "audio/mpeg"),
    SIGNATURE(0, "\x1A\x45\xDF\xA3", "video/webm"),
    SIGNATURE(8, "WAVE", "audio/wav"),
};

/* Which endings a type may have; the first type with both container and ending is it. */
struct ending {
    const char *ending;
    const char *media_type;
    const char *container; /* NULL: the type shows in the bytes */
};

static const struct ending endings[] = {
    { "jpg", "image/jpeg", NULL },
    { "jpeg", "image/jpeg", NULL },
    { "jpe", "image/jpeg", NULL },
    { "png", "image/png", NULL },
    { "gif", "image/gif", NULL },
    { "webp", "image/webp", NULL },
    { "pdf", "application/pdf", NULL },
    { "zip", ZIP, ZIP },
    { "docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", ZIP },
    { "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ZIP },
    { "pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation", ZIP },
    { "odt", "application/vnd.oasis.opendocument.text", ZIP },
    { "ods", "application/vnd.oasis.opendocument.spreadsheet", ZIP },
    { "odp", "application/vnd.oasis.opendocument.presentation", ZIP },
    { "doc", "application/msword", OLE },
    { "xls", "application/vnd.ms-excel", OLE },
    { "ppt", "application/vnd.ms-powerpoint", OLE },
    { "mp4", "video/mp4", NULL },
    { "m4v", "video/mp4", NULL },
    { "mov", "video/quicktime", ISO_MEDIA },
    { "m4a", "audio/mp4", ISO_MEDIA },
    { "webm", "video/webm", NULL },
    { "mp3", "audio/mpeg", NULL },
    { "wav", "audio/wav", NULL },
    { "csv", "text/csv", "text/plain" },
};

enum { ENDING_COUNT = sizeof endings / sizeof endings[0] };

static const char *ending_of(const char *name)
{
    const char *slash = strrchr(name, '/');
    const char *dot = strrchr(slash ? slash + 1 : name, '.');
    return dot ? dot + 1 : "";
}

/* Whether the first bytes are text: UTF-8 or some 8-bit set, without control characters, and
 * nothing that a browser could take for markup. */
static bool is_plain_text(const unsigned char *head, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (head[i] < 0x20 && head[i] != '\t' && head[i] != '\n' && head[i] != '\r')
            return false;
    return length > 0 && !memchr(head, '<', length < 512 ? length : 512);
}

static const char *by_bytes(const unsigned char *head, size_t length)
{
    for (size_t i = 0; i < sizeof signatures / sizeof signatures[0]; i++) {
        const struct signature *signature = &signatures[i];
        if (length >= signature->offset + signature->length &&
            memcmp(head + signature->offset, signature->bytes, signature->length) == 0)
            return signature->media_type;
    }
    return is_plain_text(head, length) ? "text/plain" : NULL;
}

const char *media_type_of(const char *name, const unsigned char *head, size_t length)
{
    const char *type = by_bytes(head, length);
    const char *ending = ending_of(name);
    if (!type)
        return NULL;
    for (size_t i = 0; i < ENDING_COUNT; i++)
        if (endings[i].container && strcmp(endings[i].container, type) == 0 &&
            strcasecmp(endings[i].ending, ending) == 0)
            return endings[i].media_type;
    /* A container under a name that does not say what is in it: a zip or film is one, the other
     * two could be anything. */
    return strcmp(type, OLE) == 0 || strcmp(type, "text/plain") == 0 ? NULL : type;
}

bool media_type_is_image(const char *media_type)
{
    return strncmp(media_type, "image/", 6) == 0;
}

bool media_type_fits_name(const char *media_type, const char *name)
{
    const char *ending = ending_of(name);
    for (size_t i = 0; i < ENDING_COUNT; i++)
        if (strcasecmp(endings[i].ending, ending) == 0)
            return strcmp(endings[i].media_type, media_type) == 0;
    return false;
}

bool media_type_name_is_known(const char *name)
{
    const char *ending = ending_of(name);
    for (size_t i = 0; i < ENDING_COUNT; i++)
        if (strcasecmp(endings[i].ending, ending) == 0)
            return true;
    return strcasecmp(ending, "svg") == 0 || strcasecmp(ending, "tif") == 0 ||
           strcasecmp(ending, "tiff") == 0 || strcasecmp(ending, "heic") == 0;
}
