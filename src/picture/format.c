/* SPDX-License-Identifier: MIT */
#include "picture/picture.h"

#include "picture/span.h"
#include "picture/tiff_directory.h"

/* Four letters of ISO base media (ISO 14496-12), and what a file of them is. */
struct brand {
    char name[5];
    enum picture_format format;
    const char *film; /* NULL: a picture */
};

static const struct brand brands[] = {
    { "avif", PICTURE_AVIF, NULL },
    { "avis", PICTURE_AVIF, NULL },
    { "heic", PICTURE_HEIC, NULL },
    { "heix", PICTURE_HEIC, NULL },
    { "heim", PICTURE_HEIC, NULL },
    { "heis", PICTURE_HEIC, NULL },
    { "hevc", PICTURE_HEIC, NULL },
    { "hevx", PICTURE_HEIC, NULL },
    { "hevm", PICTURE_HEIC, NULL },
    { "hevs", PICTURE_HEIC, NULL },
    { "M4A ", PICTURE_UNKNOWN, "audio/mp4" },
    { "M4B ", PICTURE_UNKNOWN, "audio/mp4" },
    { "qt  ", PICTURE_UNKNOWN, "video/quicktime" },
    { "isom", PICTURE_UNKNOWN, "video/mp4" },
    { "iso2", PICTURE_UNKNOWN, "video/mp4" },
    { "iso3", PICTURE_UNKNOWN, "video/mp4" },
    { "iso4", PICTURE_UNKNOWN, "video/mp4" },
    { "iso5", PICTURE_UNKNOWN, "video/mp4" },
    { "iso6", PICTURE_UNKNOWN, "video/mp4" },
    { "mp41", PICTURE_UNKNOWN, "video/mp4" },
    { "mp42", PICTURE_UNKNOWN, "video/mp4" },
    { "avc1", PICTURE_UNKNOWN, "video/mp4" },
    { "M4V ", PICTURE_UNKNOWN, "video/mp4" },
    { "M4VH", PICTURE_UNKNOWN, "video/mp4" },
    { "M4VP", PICTURE_UNKNOWN, "video/mp4" },
    { "dash", PICTURE_UNKNOWN, "video/mp4" },
    { "MSNV", PICTURE_UNKNOWN, "video/mp4" },
    { "XAVC", PICTURE_UNKNOWN, "video/mp4" },
    { "3gp4", PICTURE_UNKNOWN, "video/mp4" },
    { "3gp5", PICTURE_UNKNOWN, "video/mp4" },
    { "3gp6", PICTURE_UNKNOWN, "video/mp4" },
};

enum { BRAND_SIZE = 4, BRANDS_FROM = 16 };

static const struct brand *brand_at(struct span head, size_t offset)
{
    for (size_t i = 0; i < sizeof brands / sizeof brands[0]; i++)
        if (span_is_at(head, offset, brands[i].name, BRAND_SIZE))
            return &brands[i];
    return NULL;
}

/* Major brands of pictures in general: which coding is in it, a compatible brand tells. */
static bool is_general_picture(struct span head)
{
    return span_is_at(head, 8, "mif1", 4) || span_is_at(head, 8, "msf1", 4) ||
           span_is_at(head, 8, "mif2", 4) || span_is_at(head, 8, "miaf", 4);
}

/* What the file is by its major brand, or by the first compatible one that we know. What is a
 * picture in general is no film, whatever it can be read as. */
static const struct brand *brand_of(struct span head)
{
    if (!span_is_at(head, 4, "ftyp", 4))
        return NULL;
    const struct brand *brand = brand_at(head, 8);
    bool is_picture = is_general_picture(head);
    uint64_t size = span_big(head, 0, 4);
    size_t end = size < head.length ? (size_t)size : head.length;
    for (size_t at = BRANDS_FROM; !brand && at + BRAND_SIZE <= end; at += BRAND_SIZE) {
        brand = brand_at(head, at);
        if (brand && brand->film && is_picture)
            brand = NULL;
    }
    return brand;
}

static enum picture_format iso_format(struct span head)
{
    const struct brand *brand = brand_of(head);
    if (brand)
        return brand->format;
    return span_is_at(head, 4, "ftyp", 4) && is_general_picture(head) ? PICTURE_HEIC
                                                                      : PICTURE_UNKNOWN;
}

/* Canon's raw files begin as TIFF does, but what TIFF readers find in them is a thumbnail. */
static bool is_tiff(struct span head)
{
    bool is_usual = span_is_at(head, 0, "II*\0", 4) || span_is_at(head, 0, "MM\0*", 4);
    return (is_usual && !span_is_at(head, 8, "CR\x02", 3)) || tiff_is_big(head);
}

enum picture_format picture_format_of(const void *bytes, size_t length)
{
    struct span head = { .bytes = bytes,
                         .length = length < PICTURE_HEAD_SIZE ? length : PICTURE_HEAD_SIZE };
    if (span_is_at(head, 0, "\xFF\xD8\xFF", 3))
        return PICTURE_JPEG;
    if (span_is_at(head, 0, "\x89PNG\r\n\x1A\n", 8))
        return PICTURE_PNG;
    if (span_is_at(head, 0, "GIF87a", 6) || span_is_at(head, 0, "GIF89a", 6))
        return PICTURE_GIF;
    if (span_is_at(head, 0, "RIFF", 4) && span_is_at(head, 8, "WEBP", 4))
        return PICTURE_WEBP;
    if (is_tiff(head))
        return PICTURE_TIFF;
    return iso_format(head);
}

const char *picture_film_type(const void *bytes, size_t length)
{
    struct span head = { .bytes = bytes,
                         .length = length < PICTURE_HEAD_SIZE ? length : PICTURE_HEAD_SIZE };
    if (picture_format_of(bytes, length) != PICTURE_UNKNOWN)
        return NULL;
    const struct brand *brand = brand_of(head);
    if (brand)
        return brand->film;
    /* The oldest QuickTime files say nothing of what they are. */
    return span_is_at(head, 4, "moov", 4) || span_is_at(head, 4, "wide", 4) ? "video/quicktime"
                                                                            : NULL;
}

const char *picture_media_type(enum picture_format format)
{
    static const char *const types[PICTURE_FORMATS] = {
        [PICTURE_JPEG] = "image/jpeg", [PICTURE_PNG] = "image/png",   [PICTURE_GIF] = "image/gif",
        [PICTURE_WEBP] = "image/webp", [PICTURE_TIFF] = "image/tiff", [PICTURE_HEIC] = "image/heic",
        [PICTURE_AVIF] = "image/avif",
    };
    return (unsigned)format < PICTURE_FORMATS ? types[format] : NULL;
}
