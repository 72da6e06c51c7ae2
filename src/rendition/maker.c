/* SPDX-License-Identifier: MIT */
#include "picture/maker.h"

#include "rendition/decode.h"
#include "rendition/inspect.h"
#include "rendition/png_colours.h"
#include "rendition/rotate.h"

#include "base/error.h"
#include "base/string_builder.h"

#include <stdlib.h>
#include <string.h>
#include <vips/vips.h>

#include <vips/vector.h> /* needs the one above */

enum {
    COMPRESSION_QUICK = 5,
    COMPRESSION_GOOD = 7,
    COMPRESSION_BEST = 9,
    EFFORT_PALETTE = 7,
    SHRINK_MAXIMUM = 8,
    OPTIMIZED_PIXELS = 4 * 1000 * 1000 /* above it, what optimizing keeps in memory is too much */
};

/* Drops the library's messages, because we report what is wrong with a picture ourselves. */
static void message_drop(const gchar *domain, GLogLevelFlags level, const gchar *message,
                         gpointer payload)
{
    (void)domain;
    (void)level;
    (void)message;
    (void)payload;
}

static bool start(struct error *error)
{
    /* Its compiler would write a file and make it executable, and dies where it may not. */
    vips_vector_set_enabled(FALSE);
    /* Above 100 MB it would decode into a file, which a confined process cannot have: how much
     * memory there may be is decided by what inspect() tells. */
    if (setenv("VIPS_DISC_THRESHOLD", "64g", 1) != 0) /* NOLINT(concurrency-mt-unsafe) */
        return error_set(error, ERROR_SYSTEM, "libvips: out of memory");
    if (VIPS_INIT("pressroom") != 0)
        return error_set(error, ERROR_SYSTEM, "libvips: %s", vips_error_buffer());
    (void)g_log_set_handler("VIPS", G_LOG_LEVEL_WARNING, message_drop, NULL);
    vips_block_untrusted_set(TRUE);
    vips_concurrency_set(1);
    vips_cache_set_max(0); /* nothing is asked for twice, and metadata that went would come back */
    return true;
}

/* ---- sizes and colours ---- */

/* How much smaller a JPEG may be decoded: twice the width that is wanted is left to be made from.
 */
static int shrink_for(const struct rendition_properties *properties, int width)
{
    bool is_rotated = properties->orientation >= 5;
    int64_t stored = is_rotated ? properties->height : properties->width;
    int shrink = 1;
    while (width > 0 && shrink < SHRINK_MAXIMUM &&
           stored / ((int64_t)shrink * 2) >= 2 * (int64_t)width)
        shrink *= 2;
    return shrink;
}

/* Whether the profile is about samples such as the picture has (ICC.1:2001-04, 6.1): of another one
 * the library makes other colours, where all who show pictures pass it over. */
static bool has_fitting_profile(VipsImage *image)
{
    enum { SPACE = 16, SPACE_SIZE = 4, LONGEST = 4 * 1024 * 1024 };

    const void *profile = NULL;
    size_t length = 0;
    int bands = vips_image_get_bands(image) - (vips_image_hasalpha(image) ? 1 : 0);
    const char *space = bands == 1 ? "GRAY" : bands == 4 ? "CMYK" : "RGB ";
    if (vips_image_get_typeof(image, VIPS_META_ICC_NAME) == 0 ||
        vips_image_get_blob(image, VIPS_META_ICC_NAME, &profile, &length) != 0)
        return false;
    return length >= SPACE + SPACE_SIZE && length <= LONGEST &&
           memcmp((const char *)profile + SPACE, space, SPACE_SIZE) == 0;
}

/* Turns CMYK into RGB by its profile before anything else, because vips_thumbnail does it without
 * the profile (blue ink loses all its red). A picture without a profile gets the one that libvips
 * takes for usual. */
static int lighten(VipsImage *image, VipsImage **light)
{
    if (vips_image_get_interpretation(image) != VIPS_INTERPRETATION_CMYK)
        return vips_copy(image, light, NULL);
    if (vips_icc_transform(image, light, "srgb", "embedded", has_fitting_profile(image),
                           "input_profile", "cmyk", NULL) != 0)
        return -1;
    (void)vips_image_remove(*light, VIPS_META_ICC_NAME); /* it is sRGB now, as what says nothing */
    return 0;
}

/* vips_thumbnail turns upright, and converts to sRGB where the picture says which colours it has;
 * with room for any size it only does those. Where it says nothing, its values are what it means.
 */
static int fit(VipsImage *image, int width, VipsImage **fitted)
{
    VipsImage *light = NULL;
    int room = width ? width : VIPS_MAX_COORD;
    int result = lighten(image, &light);
    if (result == 0 && has_fitting_profile(light))
        result = vips_thumbnail_image(light, fitted, room, "height", VIPS_MAX_COORD, "size",
                                      VIPS_SIZE_DOWN, "export_profile", "srgb", NULL);
    else if (result == 0)
        result = vips_thumbnail_image(light, fitted, room, "height", VIPS_MAX_COORD, "size",
                                      VIPS_SIZE_DOWN, NULL);
    if (light)
        g_object_unref(light);
    return result;
}

/* JPEG knows no transparency. vips_flatten takes the last band for alpha, whatever it is: of a
 * picture without, blue would be lost. */
static int flatten(VipsImage *image, VipsImage **flat)
{
    if (!vips_image_hasalpha(image))
        return vips_copy(image, flat, NULL);
    VipsArrayDouble *white = vips_array_double_newv(1, 255.0);
    int result = vips_flatten(image, flat, "background", white, NULL);
    vips_area_unref(VIPS_AREA(white));
    return result;
}

static bool is_large(VipsImage *image)
{
    return (int64_t)vips_image_get_width(image) * vips_image_get_height(image) > OPTIMIZED_PIXELS;
}

/* Keeps the decoded pixels in memory, because they are read several times; those of a large picture
 * take too much memory and are read once. */
static int hold(VipsImage *image, VipsImage **held)
{
    if (is_large(image))
        return vips_copy(image, held, NULL);
    *held = vips_image_copy_memory(image);
    return *held ? 0 : -1;
}

/* Drops an alpha channel that is opaque everywhere, as screenshots have it: it takes up to a third
 * of the bytes and hides that the picture may be a photograph. */
static int drop_alpha(VipsImage *held, VipsImage **dropped)
{
    VipsImage *alpha = NULL;
    double least = 0;
    int bands = vips_image_get_bands(held);
    if (!vips_image_hasalpha(held) || is_large(held))
        return vips_copy(held, dropped, NULL);
    int result = vips_extract_band(held, &alpha, bands - 1, NULL);
    if (result == 0)
        result = vips_min(alpha, &least, NULL);
    if (result == 0)
        result = least >= 255 ? vips_extract_band(held, dropped, 0, "n", bands - 1, NULL)
                              : vips_copy(held, dropped, NULL);
    if (alpha)
        g_object_unref(alpha);
    return result;
}

/* ---- encoding ---- */

static int save_palette(VipsImage *image, const struct rendition_order *order,
                        struct picture_image *out)
{
    return vips_pngsave_buffer(image, &out->bytes, &out->length, "strip", TRUE, "compression",
                               COMPRESSION_BEST, "palette", TRUE, "effort", EFFORT_PALETTE, "Q",
                               order->quality, "dither", order->quality < 100 ? 1.0 : 0.0, NULL);
}

static int save_png(VipsImage *image, int compression, VipsForeignPngFilter filter,
                    struct picture_image *out)
{
    return vips_pngsave_buffer(image, &out->bytes, &out->length, "strip", TRUE, "compression",
                               compression, "filter", filter, NULL);
}

/* The best compression takes ten times as long as a good one where there is noise (five seconds a
 * megapixel), which makes a PNG heavy; and a good one four times as long as a quick one, for six
 * per cent of the bytes: too long for a large picture. What is light after a good one is a drawing:
 * it gets the best, and is tried without filters too, which suit flat colours badly. */
static int save_shortest(VipsImage *image, struct picture_image *out)
{
    static const VipsForeignPngFilter filters[] = { VIPS_FOREIGN_PNG_FILTER_ALL,
                                                    VIPS_FOREIGN_PNG_FILTER_NONE };
    int first = is_large(image) ? COMPRESSION_QUICK : COMPRESSION_GOOD;
    int result = save_png(image, first, VIPS_FOREIGN_PNG_FILTER_ALL, out);
    if (is_large(image) || out->length > PICTURE_HEAVY)
        return result;
    for (size_t i = 0; result == 0 && i < sizeof filters / sizeof filters[0]; i++) {
        struct picture_image other = { 0 };
        struct picture_image longer = { 0 };
        result = save_png(image, COMPRESSION_BEST, filters[i], &other);
        if (result == 0 && other.length < out->length) {
            longer = *out;
            *out = other;
        } else {
            longer = other;
        }
        g_free(longer.bytes);
    }
    return result;
}

static int encode_png(VipsImage *image, const struct rendition_order *order,
                      struct picture_image *out)
{
    VipsImage *held = NULL;
    VipsImage *plain = NULL;
    if (order->is_palette)
        return save_palette(image, order, out);
    int result = hold(image, &held);
    if (result == 0)
        result = drop_alpha(held, &plain);
    if (result == 0)
        result = save_shortest(plain, out);
    if (plain)
        g_object_unref(plain);
    if (held)
        g_object_unref(held);
    return result;
}

static int encode_jpeg(VipsImage *image, const struct rendition_order *order,
                       struct picture_image *out)
{
    VipsImage *flat = NULL;
    int result = flatten(image, &flat);
    if (result == 0)
        result = vips_jpegsave_buffer(flat, &out->bytes, &out->length, "Q", order->quality, "strip",
                                      TRUE, "optimize_coding", !is_large(image), "interlace", FALSE,
                                      NULL);
    if (flat)
        g_object_unref(flat);
    return result;
}

/* 16 bits a sample become 8: no page shows more. */
static int narrow(VipsImage *image, VipsImage **narrowed)
{
    if (vips_image_get_format(image) == VIPS_FORMAT_UCHAR)
        return vips_copy(image, narrowed, NULL);
    bool is_grey = vips_image_get_bands(image) <= 2;
    return vips_colourspace(image, narrowed,
                            is_grey ? VIPS_INTERPRETATION_B_W : VIPS_INTERPRETATION_sRGB, NULL);
}

/* With a profile of the colours that a PNG says it has without one. */
static VipsImage *decode_named(const void *bytes, size_t length, enum picture_format format,
                               int shrink)
{
    enum { PROFILE_MAXIMUM = 1024 };

    struct string_builder profile;
    VipsImage *named = NULL;
    VipsImage *image = decode(bytes, length, format, shrink);
    string_builder_init(&profile, PROFILE_MAXIMUM);
    if (image && format == PICTURE_PNG && png_colours_append(bytes, length, &profile) &&
        vips_copy(image, &named, NULL) == 0) {
        vips_image_set_blob_copy(named, VIPS_META_ICC_NAME, profile.data, profile.length);
        g_object_unref(image);
        image = named;
    }
    string_builder_release(&profile);
    return image;
}

static enum picture_trouble make(const void *bytes, size_t length, enum picture_format format,
                                 const struct rendition_order *order, struct picture_image *image)
{
    struct rendition_properties properties;
    struct picture_image made = { 0 };
    VipsImage *fitted = NULL;
    VipsImage *narrowed = NULL;
    enum picture_trouble trouble = inspect(bytes, length, format, &properties);
    if (trouble != PICTURE_GOOD)
        return trouble;
    VipsImage *source = decode_named(bytes, length, format, shrink_for(&properties, order->width));
    int result = source ? fit(source, order->width, &fitted) : -1;
    if (result == 0)
        result = narrow(fitted, &narrowed);
    if (result == 0)
        result = order->shown == PICTURE_PNG ? encode_png(narrowed, order, &made)
                                             : encode_jpeg(narrowed, order, &made);
    if (result == 0) {
        made.width = vips_image_get_width(narrowed);
        made.height = vips_image_get_height(narrowed);
        *image = made;
    } else {
        g_free(made.bytes);
    }
    if (narrowed)
        g_object_unref(narrowed);
    if (fitted)
        g_object_unref(fitted);
    if (source)
        g_object_unref(source);
    return result == 0 ? PICTURE_GOOD : decode_trouble();
}

static void release(struct picture_image *image)
{
    g_free(image->bytes); /* free(), since GLib 2.46 */
    *image = (struct picture_image){ 0 };
}

__attribute__((visibility("default"))) const struct rendition_maker rendition_maker = {
    .version = RENDITION_VERSION,
    .start = start,
    .inspect = inspect,
    .scan = scan_all,
    .make = make,
    .rotate = rotate_upright,
    .release = release,
};
