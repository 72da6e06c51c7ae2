/* SPDX-License-Identifier: MIT */
#include "rendition/decode.h"

#include <string.h>
#include <vips/vips.h>

/* The library takes a pointer that is not const, and only reads from it. */
union source {
    const void *constant;
    void *plain;
};

/* By name: asked to choose, the library would try what ImageMagick makes of it as well. The
 * option is of the loaders: that of vips_thumbnail does nothing (8.14). */
VipsImage *decode(const void *bytes, size_t length, enum picture_format format, int shrink)
{
    VipsImage *image = NULL;
    const union source source = { bytes };
    void *buffer = source.plain;
    int result = -1;
#define CAREFULLY "access", VIPS_ACCESS_SEQUENTIAL, "fail_on", VIPS_FAIL_ON_TRUNCATED
    switch (format) {
    case PICTURE_JPEG:
        result = vips_jpegload_buffer(buffer, length, &image, "shrink", shrink, CAREFULLY, NULL);
        break;
    case PICTURE_PNG:
        result = vips_pngload_buffer(buffer, length, &image, CAREFULLY, NULL);
        break;
    case PICTURE_GIF:
        result = vips_gifload_buffer(buffer, length, &image, CAREFULLY, NULL);
        break;
    case PICTURE_WEBP:
        result = vips_webpload_buffer(buffer, length, &image, CAREFULLY, NULL);
        break;
    case PICTURE_TIFF:
        result = vips_tiffload_buffer(buffer, length, &image, CAREFULLY, NULL);
        break;
    case PICTURE_HEIC:
    case PICTURE_AVIF:
        result = vips_heifload_buffer(buffer, length, &image, CAREFULLY, NULL);
        break;
    case PICTURE_UNKNOWN:
    case PICTURE_FORMATS:
        break;
    }
#undef CAREFULLY
    return result == 0 ? image : NULL;
}

enum picture_trouble decode_trouble(void)
{
    static const char *const of_memory[] = { "out of memory", "nsufficient memory",
                                             "cannot allocate", "ot enough memory", NULL };
    static const char *const of_end[] = {
        "premature end",   "Premature end",  "truncated", "EOF", "end of file",
        "not enough data", "unexpected end", "eof",       NULL
    };
    const char *words = vips_error_buffer();
    enum picture_trouble trouble = PICTURE_DAMAGED;
    for (const char *const *phrase = of_end; *phrase; phrase++)
        if (strstr(words, *phrase))
            trouble = PICTURE_CUT;
    for (const char *const *phrase = of_memory; *phrase; phrase++)
        if (strstr(words, *phrase))
            trouble = PICTURE_TOO_LARGE;
    vips_error_clear();
    return trouble;
}
