/* SPDX-License-Identifier: MIT */
#include "picture/maker.h"

#include "base/error.h"

#include <string.h>
#include <vips/vips.h>

enum { QUALITY_FULL = 92, QUALITY_SMALL = 82, COMPRESSION_PNG = 6, CONCURRENCY = 2 };

/* What is wrong with a picture we say ourselves. */
static void message_drop(const gchar *domain, GLogLevelFlags level, const gchar *message,
                         gpointer payload)
{
    (void)domain;
    (void)level;
    (void)message;
    (void)payload;
}

static bool vips_started(struct error *error)
{
    static bool started;
    if (started)
        return true;
    if (VIPS_INIT("pressroom") != 0)
        return error_set(error, ERROR_SYSTEM, "libvips: %s", vips_error_buffer());
    (void)g_log_set_handler("VIPS", G_LOG_LEVEL_WARNING, message_drop, NULL);
    vips_block_untrusted_set(TRUE);
    vips_concurrency_set(CONCURRENCY);
    vips_cache_set_max(0); /* nothing is asked for twice */
    started = true;
    return true;
}

/* The library's first line; it leaves one for each layer. */
static bool vips_failed(const char *what, struct error *error)
{
    char line[200];
    (void)g_strlcpy(line, vips_error_buffer(), sizeof line);
    line[strcspn(line, "\n")] = '\0';
    vips_error_clear();
    return error_set(error, ERROR_INPUT, "%s (%s); save it anew as JPEG or PNG", what, line);
}

/* Only the header is read here: sizes are checked before any pixel is. */
static bool size_is_allowed(const void *bytes, size_t length, struct error *error)
{
    VipsImage *image = vips_image_new_from_buffer(bytes, length, "", NULL);
    if (!image)
        return vips_failed("is no picture that can be read", error);
    int64_t pixels = (int64_t)vips_image_get_width(image) * vips_image_get_height(image);
    g_object_unref(image);
    if (pixels > PICTURE_PIXELS_MAXIMUM)
        return error_set(error, ERROR_INPUT, "has more than %d million pixels; make it smaller",
                         PICTURE_PIXELS_MAXIMUM / 1000000);
    return true;
}

/* vips_thumbnail turns upright and converts to sRGB; with room for any size it only does those. */
static VipsImage *picture_fit(const void *bytes, size_t length, int width)
{
    VipsImage *image = NULL;

    /* The library takes a pointer that is not const, and only reads from it. */
    union {
        const void *constant;
        void *plain;
    } source = { bytes };

    if (vips_thumbnail_buffer(source.plain, length, &image, width ? width : VIPS_MAX_COORD,
                              "height", VIPS_MAX_COORD, "size", VIPS_SIZE_DOWN, "export_profile",
                              "srgb", NULL) != 0)
        return NULL;
    return image;
}

/* JPEG knows no transparency. vips_flatten takes the last band for alpha, whatever it is: of a
 * picture without, blue would be lost. */
static int picture_flatten(VipsImage *image, VipsImage **flat)
{
    if (!vips_image_hasalpha(image))
        return vips_copy(image, flat, NULL);
    VipsArrayDouble *white = vips_array_double_newv(1, 255.0);
    int result = vips_flatten(image, flat, "background", white, NULL);
    vips_area_unref(VIPS_AREA(white));
    return result;
}

static int picture_encode(VipsImage *image, int width, const char *extension,
                          struct picture_image *out)
{
    if (strcmp(extension, "png") == 0)
        return vips_pngsave_buffer(image, &out->bytes, &out->length, "strip", TRUE, "compression",
                                   COMPRESSION_PNG, NULL);
    VipsImage *flat = NULL;
    int result = picture_flatten(image, &flat);
    if (result == 0)
        result = vips_jpegsave_buffer(flat, &out->bytes, &out->length, "Q",
                                      width ? QUALITY_SMALL : QUALITY_FULL, "strip", TRUE,
                                      "optimize_coding", TRUE, "interlace", FALSE, NULL);
    if (flat)
        g_object_unref(flat);
    return result;
}

static bool picture_make(const void *bytes, size_t length, int width, const char *extension,
                         struct picture_image *image, struct error *error)
{
    if (!vips_started(error) || !size_is_allowed(bytes, length, error))
        return false;
    struct picture_image made = { 0 };
    VipsImage *fitted = picture_fit(bytes, length, width);
    if (!fitted)
        return vips_failed("is no picture that can be read", error);
    made.width = vips_image_get_width(fitted);
    made.height = vips_image_get_height(fitted);
    int result = picture_encode(fitted, width, extension, &made);
    g_object_unref(fitted);
    if (result != 0)
        return vips_failed("is damaged", error);
    *image = made;
    return true;
}

static void picture_release(struct picture_image *image)
{
    g_free(image->bytes);
    *image = (struct picture_image){ 0 };
}

__attribute__((visibility("default"))) const struct picture_maker picture_maker = {
    .version = PICTURE_MAKER_VERSION,
    .make = picture_make,
    .release = picture_release,
};
