/* SPDX-License-Identifier: MIT */
#include "intake/media_type.h"

#include "base/media_type.h"
#include "picture/picture.h"

#include <string.h>

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

/* Only the file's name says what is in these containers. */
#define ZIP MEDIA_TYPE_ZIP
#define OLE MEDIA_TYPE_OLE
#define ISO_MEDIA "video/mp4"

static const struct signature signatures[] = {
    SIGNATURE(0, "%PDF-", "application/pdf"), SIGNATURE(0, "PK\x03\x04", ZIP),
    SIGNATURE(0, "PK\x05\x06", ZIP),          SIGNATURE(0, "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", OLE),
    SIGNATURE(0, "ID3", "audio/mpeg"),        SIGNATURE(0, "\xFF\xFB", "audio/mpeg"),
    SIGNATURE(0, "\xFF\xF3", "audio/mpeg"),   SIGNATURE(0, "\x1A\x45\xDF\xA3", "video/webm"),
    SIGNATURE(8, "WAVE", "audio/wav"),
};

/* The type that a picture or document of the name has; NULL for one that a newsroom does not take.
 */
static const struct media_type *type_by_name(const char *name)
{
    const struct media_type *type = media_type_find(name);
    return type && type->is_asset ? type : NULL;
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
    const struct media_type *named = type_by_name(name);
    bool is_film = named && (strncmp(named->name, "video/", 6) == 0 ||
                             strcmp(named->name, "audio/mp4") == 0);
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
    const struct media_type *named = type_by_name(name);
    if (!type)
        return NULL;
    if (named && named->container && strcmp(named->container, type) == 0)
        return named->name;
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
    const struct media_type *named = type_by_name(name);
    return named && strcmp(named->name, media_type) == 0;
}

bool media_type_name_is_image(const char *name)
{
    const struct media_type *named = type_by_name(name);
    return named && media_type_is_image(named->name);
}

bool media_type_name_is_known(const char *name)
{
    const struct media_type *named = media_type_find(name);
    return named && (named->is_asset || strcmp(named->name, "image/svg+xml") == 0);
}

/* ---- in words ---- */

static const struct {
    const char *media_type; /* or how it begins, with a star */
    enum intake_message_id id;
} kinds[] = {
    { "image/jpeg", INTAKE_MESSAGE_KIND_JPEG }, { "image/png", INTAKE_MESSAGE_KIND_PNG },
    { "image/gif", INTAKE_MESSAGE_KIND_GIF },   { "image/webp", INTAKE_MESSAGE_KIND_WEBP },
    { "image/tiff", INTAKE_MESSAGE_KIND_TIFF }, { "image/heic", INTAKE_MESSAGE_KIND_HEIC },
    { "image/avif", INTAKE_MESSAGE_KIND_AVIF }, { "application/pdf", INTAKE_MESSAGE_KIND_PDF },
    { ZIP, INTAKE_MESSAGE_KIND_ZIP },           { "video/*", INTAKE_MESSAGE_KIND_FILM },
    { "audio/*", INTAKE_MESSAGE_KIND_SOUND },   { "text/csv", INTAKE_MESSAGE_KIND_CSV },
    { "*", INTAKE_MESSAGE_KIND_OFFICE },
};

enum intake_message_id media_type_message(const char *media_type)
{
    size_t i = 0;
    while (strncmp(kinds[i].media_type, media_type, strcspn(kinds[i].media_type, "*")) != 0)
        i++;
    return kinds[i].id;
}
