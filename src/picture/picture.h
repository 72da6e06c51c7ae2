/* SPDX-License-Identifier: MIT */
#ifndef PICTURE_PICTURE_H
#define PICTURE_PICTURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct confined_function;
struct error;

/* Pictures of releases, looked at and made by a confined process (confined/confined.h): one a run,
 * started with the first picture. */
struct picture_reader;

/* What runs in it, for the table of cli/. */
extern const struct confined_function picture_confined;

/* Opens nothing yet. */
struct picture_reader *picture_reader_new(void);
void picture_reader_free(struct picture_reader *reader); /* takes NULL */

enum picture_format {
    PICTURE_UNKNOWN,
    PICTURE_JPEG,
    PICTURE_PNG,
    PICTURE_GIF,
    PICTURE_WEBP,
    PICTURE_TIFF,
    PICTURE_HEIC,
    PICTURE_AVIF,
    PICTURE_FORMATS
};

enum picture_trouble {
    PICTURE_GOOD,
    PICTURE_NONE,      /* it is no picture of these formats */
    PICTURE_CUT,       /* its end is missing */
    PICTURE_DAMAGED,   /* it cannot be read to its end */
    PICTURE_CODING,    /* it is coded in a way that is not read, or that no browser shows */
    PICTURE_TOO_LARGE, /* its pixels need more memory than there is: needed_bytes */
    PICTURE_FATAL,     /* its reader died of it, hung, or said too much */
    PICTURE_TROUBLES
};

/* What a picture says of itself (IPTC Photo Metadata 2025.1: XMP first, then IIM, EXIF and
 * PNG's own texts).
 * UTF-8, NFC, one line (caption: lines), without control characters; NULL: nothing. */
struct picture_rights {
    const char *creator;
    const char *credit; /* Credit Line */
    const char *copyright;
    const char *source_type; /* DigitalSourceType, a URI of cv.iptc.org */
    const char *alt;         /* Alt Text (Accessibility) */
    const char *caption;     /* Description */
};

struct picture_facts {
    enum picture_format format;
    enum picture_trouble trouble;
    int width; /* upright; also of what is too large */
    int height;
    bool is_animated;
    enum picture_format shown; /* what it becomes: PICTURE_JPEG or PICTURE_PNG */
    int64_t needed_bytes;      /* memory that it takes */
    int64_t allowed_bytes;     /* and that there is */
    struct picture_rights rights;
};

/* Reads the file behind descriptor to its last pixel. What it says of itself in several languages
 * is taken in language (BCP 47), else in its default (NULL: at once). What is wrong with it is
 * facts->trouble, and true; strings in arena. False: ERROR_USAGE where nothing can be confined,
 * ERROR_SYSTEM. */
bool picture_examine(struct picture_reader *reader, int descriptor, const char *language,
                     struct arena *arena, struct picture_facts *facts, struct error *error)
    __attribute__((warn_unused_result));

/* A picture encoded; freed by picture_image_release(). */
struct picture_image {
    void *bytes;
    size_t length;
    int width;
    int height;
};

/* Bytes: what is longer weighs on a page. */
enum { PICTURE_HEAVY = 200 * 1000 };

/* Makes one rendition of the file behind descriptor. width: to fit in, 0 for full size; never made
 * larger. shown: PICTURE_JPEG or PICTURE_PNG, with a palette where the file has one; one that is
 * heavy and cannot be JPEG, because it has a palette or is transparent, gets fewer colours. At full
 * size a JPEG or PNG is not encoded anew: only metadata goes; but a JPEG that lies on its side is,
 * in high quality, where there is memory and it does not grow: else it keeps the mark that tells
 * its reader to turn it. Never longer than the original where format and size are the same. Keeps
 * rights (struct picture_rights), drops everything else. ERROR_INPUT with *trouble where it cannot
 * be; ERROR_USAGE and ERROR_SYSTEM as above. */
bool picture_make(struct picture_reader *reader, int descriptor, int width,
                  enum picture_format shown, struct picture_image *image,
                  enum picture_trouble *trouble, struct error *error)
    __attribute__((warn_unused_result));

void picture_image_release(struct picture_image *image);

const char *picture_media_type(enum picture_format format); /* "image/jpeg" … */

/* By the first bytes (at most PICTURE_HEAD_SIZE are looked at), brands of ISO media included (HEIC
 * is no film). Reads nothing else; for intake's media types too. */
enum { PICTURE_HEAD_SIZE = 4096 };
enum picture_format picture_format_of(const void *head, size_t length);

/* The media type of film or sound in ISO base media (MP4, QuickTime) by the brands in its first
 * bytes: "video/mp4", "video/quicktime", "audio/mp4". NULL for anything else, pictures included. */
const char *picture_film_type(const void *head, size_t length);

#endif
