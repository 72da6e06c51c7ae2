/* SPDX-License-Identifier: MIT */
#include "rendition/inspect.h"

#include "rendition/decode.h"
#include "rendition/jpeg_scan.h"
#include "rendition/webp_scan.h"

#include <string.h>
#include <vips/vips.h>

/* What one pixel takes while it is decoded, in bytes, as measured (docs/performance.md). */
enum {
    RGB_BYTES = 3,
    COEFFICIENT_BYTES = 2, /* of a sample of a JPEG in several passes: all of them are kept */
    GIF_BYTES = 5,         /* four a pixel, and what changed of it */
    WEBP_BYTES = 9,        /* the library's own four, what it works with, and ours */
    HEIF_BYTES = 10,       /* planes, their copy in RGB, and ours */
    KEPT_LINES = 1000,     /* of a picture that is read line by line, around those being scaled */
    SCALED_LINES = 1100,   /* and what they become, in floating point where there is alpha */
    FLOAT_BYTES = 4,
    PER_MILLE = 1000,
    MARGIN = 1100 /* of 1000 */
};

static int metadata_number(VipsImage *image, const char *name)
{
    int number = 0;
    if (vips_image_get_typeof(image, name) == 0 || vips_image_get_int(image, name, &number) != 0)
        number = 0;
    vips_error_clear();
    return number;
}

static int64_t sample_bytes(VipsImage *image)
{
    return (int64_t)vips_format_sizeof(vips_image_get_format(image)) * vips_image_get_bands(image);
}

/* Of one pixel, of the whole picture kept at once; 0: it is read line by line. */
static int64_t pixel_bytes(VipsImage *image, enum picture_format format)
{
    switch (format) {
    case PICTURE_JPEG:
        return metadata_number(image, "jpeg-multiscan")
                   ? (int64_t)COEFFICIENT_BYTES * vips_image_get_bands(image)
                   : 0;
    case PICTURE_PNG:
        return metadata_number(image, "interlaced") ? sample_bytes(image) : 0;
    case PICTURE_GIF:
        return GIF_BYTES;
    case PICTURE_WEBP:
        return WEBP_BYTES;
    case PICTURE_TIFF:
        return sample_bytes(image);
    case PICTURE_HEIC:
    case PICTURE_AVIF:
        return HEIF_BYTES;
    case PICTURE_UNKNOWN:
    case PICTURE_FORMATS:
        break;
    }
    return 0;
}

/* What the lines at work take while a picture is made smaller: it grows with its width. */
static int64_t line_bytes(VipsImage *image)
{
    int64_t width = vips_image_get_width(image);
    int64_t height = vips_image_get_height(image);
    int64_t sample = sample_bytes(image);
    int64_t scaled = vips_image_hasalpha(image) ? (int64_t)FLOAT_BYTES * vips_image_get_bands(image)
                                                : sample;
    return width * ((height < KEPT_LINES ? height : KEPT_LINES) * sample +
                    (height < SCALED_LINES ? height : SCALED_LINES) * scaled);
}

enum picture_trouble inspect(const void *bytes, size_t length, enum picture_format format,
                             struct rendition_properties *properties)
{
    VipsImage *image = decode(bytes, length, format, 1);
    if (!image)
        return decode_trouble();
    int64_t pixels = (int64_t)vips_image_get_width(image) * vips_image_get_height(image);
    VipsInterpretation colours = vips_image_get_interpretation(image);
    *properties = (struct rendition_properties){
        .width = vips_image_get_width(image),
        .height = vips_image_get_height(image),
        .orientation = vips_image_get_orientation(image),
        .has_alpha = vips_image_hasalpha(image),
        .is_palette = format == PICTURE_GIF ||
                      vips_image_get_typeof(image, "palette-bit-depth") != 0,
        .is_cmyk = colours == VIPS_INTERPRETATION_CMYK,
        .is_animated = metadata_number(image, "n-pages") > 1 &&
                       (format == PICTURE_GIF || format == PICTURE_WEBP),
        .scan_bytes = pixels * pixel_bytes(image, format) * MARGIN / PER_MILLE + line_bytes(image),
    };
    if (properties->orientation > 1)
        properties->upright_bytes = pixels * RGB_BYTES * MARGIN / PER_MILLE;
    g_object_unref(image);
    return PICTURE_GOOD;
}

static enum picture_trouble read_all(const void *bytes, size_t length, enum picture_format format)
{
    double average = 0;
    VipsImage *image = decode(bytes, length, format, 1);
    if (!image)
        return decode_trouble();
    enum picture_trouble trouble = vips_avg(image, &average, NULL) == 0 ? PICTURE_GOOD
                                                                        : decode_trouble();
    g_object_unref(image);
    return trouble;
}

enum picture_trouble scan_all(const void *bytes, size_t length, enum picture_format format)
{
    if (format == PICTURE_JPEG)
        return jpeg_scan(bytes, length);
    enum picture_trouble trouble = read_all(bytes, length, format);
    if (trouble == PICTURE_GOOD && format == PICTURE_WEBP)
        trouble = webp_scan(bytes, length);
    return trouble;
}
