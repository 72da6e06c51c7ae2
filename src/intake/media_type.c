/* SPDX-License-Identifier: MIT */
#include "intake/media_type.h"

#include "intake/problem.h"
#include "picture/format.h"
#include "picture/picture.h"

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
    SIGNATURE(0, "%PDF-", "application/pdf"), SIGNATURE(0, "PK\x03\x04", ZIP),
    SIGNATURE(0, "PK\x05\x06", ZIP),          SIGNATURE(0, "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", OLE),
    SIGNATURE(0, "ID3", "audio/mpeg"),        SIGNATURE(0, "\xFF\xFB", "audio/mpeg"),
    SIGNATURE(0, "\xFF\xF3", "audio/mpeg"),   SIGNATURE(0, "\x1A\x45\xDF\xA3", "video/webm"),
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
    { "jfif", "image/jpeg", NULL },
    { "png", "image/png", NULL },
    { "gif", "image/gif", NULL },
    { "webp", "image/webp", NULL },
    { "tif", "image/tiff", NULL },
    { "tiff", "image/tiff", NULL },
    { "heic", "image/heic", NULL },
    { "heif", "image/heic", NULL },
    { "hif", "image/heic", NULL },
    { "avif", "image/avif", NULL },
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

static const struct ending *ending_row(const char *name)
{
    const char *ending = ending_of(name);
    for (size_t i = 0; i < ENDING_COUNT; i++)
        if (strcasecmp(endings[i].ending, ending) == 0)
            return &endings[i];
    return NULL;
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

/* What cameras write raw begins as TIFF or as film does, and only shows a thumbnail to others: such
 * bytes are a picture, or film, under a name that says it. */
static const char *picture_or_film(const char *name, const unsigned char *head, size_t length)
{
    enum picture_format format = picture_format_of(head, length);
    if (format == PICTURE_TIFF)
        return media_type_name_is_image(name) ? picture_media_type(format) : NULL;
    if (format != PICTURE_UNKNOWN)
        return picture_media_type(format);
    if (picture_film_type(head, length))
        return ISO_MEDIA;
    const struct ending *ending = ending_row(name);
    bool is_film = ending && (strncmp(ending->media_type, "video/", 6) == 0 ||
                              strcmp(ending->media_type, "audio/mp4") == 0);
    return is_film && length >= 8 && memcmp(head + 4, "ftyp", 4) == 0 ? ISO_MEDIA : NULL;
}

static const char *by_bytes(const char *name, const unsigned char *head, size_t length)
{
    const char *type = picture_or_film(name, head, length);
    for (size_t i = 0; !type && i < sizeof signatures / sizeof signatures[0]; i++) {
        const struct signature *signature = &signatures[i];
        if (length >= signature->offset + signature->length &&
            memcmp(head + signature->offset, signature->bytes, signature->length) == 0)
            type = signature->media_type;
    }
    if (type)
        return type;
    return is_plain_text(head, length) ? "text/plain" : NULL;
}

const char *media_type_of(const char *name, const unsigned char *head, size_t length)
{
    const char *type = by_bytes(name, head, length);
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
    const struct ending *ending = ending_row(name);
    return ending && strcmp(ending->media_type, media_type) == 0;
}

bool media_type_name_is_image(const char *name)
{
    const struct ending *ending = ending_row(name);
    return ending && media_type_is_image(ending->media_type);
}

bool media_type_name_is_known(const char *name)
{
    return ending_row(name) || strcasecmp(ending_of(name), "svg") == 0;
}

/* ---- in words ---- */

static const struct {
    const char *media_type; /* or how it begins, with a star */
    const char *words;
} kinds[] = {
    { "image/jpeg", "a JPEG picture" INTAKE_VALUE_DANISH "et JPEG-billede" },
    { "image/png", "a PNG picture" INTAKE_VALUE_DANISH "et PNG-billede" },
    { "image/gif", "a GIF picture" INTAKE_VALUE_DANISH "et GIF-billede" },
    { "image/webp", "a WebP picture" INTAKE_VALUE_DANISH "et WebP-billede" },
    { "image/tiff", "a TIFF picture" INTAKE_VALUE_DANISH "et TIFF-billede" },
    { "image/heic", "a HEIC picture" INTAKE_VALUE_DANISH "et HEIC-billede" },
    { "image/avif", "an AVIF picture" INTAKE_VALUE_DANISH "et AVIF-billede" },
    { "application/pdf", "a PDF" INTAKE_VALUE_DANISH "en PDF" },
    { ZIP, "a ZIP archive" INTAKE_VALUE_DANISH "et ZIP-arkiv" },
    { "video/*", "a film" INTAKE_VALUE_DANISH "en film" },
    { "audio/*", "a sound recording" INTAKE_VALUE_DANISH "en lydoptagelse" },
    { "text/csv", "a table as text (CSV)" INTAKE_VALUE_DANISH "en tabel som tekst (CSV)" },
    { "*", "an Office document" INTAKE_VALUE_DANISH "et Office-dokument" },
};

const char *media_type_words(const char *media_type)
{
    size_t i = 0;
    while (strncmp(kinds[i].media_type, media_type, strcspn(kinds[i].media_type, "*")) != 0)
        i++;
    return kinds[i].words;
}
