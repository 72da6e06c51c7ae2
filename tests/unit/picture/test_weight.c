/* SPDX-License-Identifier: MIT */
#include "unit/picture/picture_scene.h"

#include "base/error.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* What a picture weighs: at full size no more than it came with, and made smaller no more than the
 * page can bear, whatever it is drawn with. */

enum { WIDTH = 1600, HEIGHT = 1000, COLOUR_TYPE = 25, PALETTE = 3 };

/* Slopes with the noise of a photograph: deviation 0 is a drawing. */
static VipsImage *scene(int bands, double deviation)
{
    VipsImage *places = NULL;
    VipsImage *slopes = NULL;
    VipsImage *noise = NULL;
    VipsImage *noisy = NULL;
    VipsImage *cast = NULL;
    VipsImage *named = NULL;
    double factors[4] = { 0.1, 0.05, -0.1, 0.08 };
    double offsets[4] = { 40, 60, 200, 120 };
    VipsImage *parts[4];
    assert_int_equal(vips_xyz(&places, WIDTH, HEIGHT, NULL), 0);
    VipsImage *across = NULL;
    assert_int_equal(vips_extract_band(places, &across, 0, NULL), 0);
    for (int i = 0; i < bands; i++)
        parts[i] = across;
    assert_int_equal(vips_bandjoin(parts, &noisy, bands, NULL), 0);
    assert_int_equal(vips_linear(noisy, &slopes, factors, offsets, bands, NULL), 0);
    g_object_unref(noisy);
    assert_int_equal(vips_gaussnoise(&noise, WIDTH, HEIGHT, "mean", 0.0, "sigma", deviation, NULL),
                     0);
    assert_int_equal(vips_add(slopes, noise, &noisy, NULL), 0);
    assert_int_equal(vips_cast(noisy, &cast, VIPS_FORMAT_UCHAR, NULL), 0);
    assert_int_equal(vips_copy(cast, &named, "interpretation",
                               bands <= 2 ? VIPS_INTERPRETATION_B_W : VIPS_INTERPRETATION_sRGB,
                               NULL),
                     0);
    g_object_unref(cast);
    g_object_unref(noisy);
    g_object_unref(noise);
    g_object_unref(slopes);
    g_object_unref(across);
    g_object_unref(places);
    VipsImage *held = vips_image_copy_memory(named);
    g_object_unref(named);
    return held;
}

static int source_of(int bands, double deviation, const char *suffix, size_t *length)
{
    void *bytes = NULL;
    VipsImage *image = scene(bands, deviation);
    if (vips_image_write_to_buffer(image, suffix, &bytes, length, NULL) != 0)
        fail_msg("%s: %s", suffix, vips_error_buffer());
    int descriptor = memfd_create("picture", MFD_CLOEXEC);
    assert_int_equal(write(descriptor, bytes, *length), (ssize_t)*length);
    g_free(bytes);
    g_object_unref(image);
    return descriptor;
}

static void make(int descriptor, int width, enum picture_format shown, struct picture_image *made)
{
    enum picture_trouble trouble;
    struct error error = { 0 };
    if (!picture_make(reader, descriptor, width, shown, made, &trouble, &error))
        fail_msg("trouble %d, %s", (int)trouble, error.message);
}

static void at_full_size_none_grows(void **state)
{
    static const struct {
        int bands;
        double deviation;
        const char *suffix;
        enum picture_format shown;
    } cases[] = {
        { 3, 4, ".jpg[Q=30]", PICTURE_JPEG },
        { 3, 4, ".jpg[Q=60,interlace,optimize_coding]", PICTURE_JPEG },
        { 3, 4, ".jpg[Q=97,no_subsample]", PICTURE_JPEG },
        { 1, 4, ".jpg[Q=50]", PICTURE_JPEG },
        { 3, 4, ".png[palette]", PICTURE_PNG },
        { 3, 0, ".png[palette,bitdepth=4,compression=9]", PICTURE_PNG },
        { 4, 2, ".png[compression=9]", PICTURE_PNG },
        { 1, 0, ".png[compression=9,bitdepth=1]", PICTURE_PNG },
        { 3, 0, ".png[interlace]", PICTURE_PNG },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        size_t length;
        struct picture_image made;
        int descriptor = source_of(cases[i].bands, cases[i].deviation, cases[i].suffix, &length);
        make(descriptor, 0, cases[i].shown, &made);
        if (made.length > length)
            fail_msg("%s: %zu bytes become %zu", cases[i].suffix, length, made.length);
        picture_image_release(&made);
        (void)close(descriptor);
    }
}

/* Converted to three samples a pixel: as near to the original as it may be without growing. */
static void ink_does_not_grow_when_it_becomes_light(void **state)
{
    static const char *const suffixes[] = { ".jpg[Q=30]", ".jpg[Q=75]", ".jpg[Q=96]" };
    (void)state;
    for (size_t i = 0; i < sizeof suffixes / sizeof suffixes[0]; i++) {
        VipsImage *ink = NULL;
        void *bytes = NULL;
        size_t length;
        struct picture_image made;
        VipsImage *image = scene(3, 6);
        assert_int_equal(vips_icc_transform(image, &ink, "cmyk", "input_profile", "srgb", NULL), 0);
        vips_image_remove(ink, VIPS_META_ICC_NAME); /* which is half a megabyte */
        assert_int_equal(vips_image_write_to_buffer(ink, suffixes[i], &bytes, &length, NULL), 0);
        int descriptor = memfd_create("picture", MFD_CLOEXEC);
        assert_int_equal(write(descriptor, bytes, length), (ssize_t)length);
        make(descriptor, 0, PICTURE_JPEG, &made);
        if (made.length > length)
            fail_msg("%s: %zu bytes become %zu", suffixes[i], length, made.length);
        picture_image_release(&made);
        (void)close(descriptor);
        g_free(bytes);
        g_object_unref(ink);
        g_object_unref(image);
    }
}

/* Many colours that are none of a drawing: fewer are told apart. */
static void what_must_stay_a_png_is_light_all_the_same(void **state)
{
    static const struct {
        int bands;
        const char *suffix;
    } cases[] = { { 4, ".png" }, { 2, ".png" }, { 3, ".png[palette,Q=70]" } };

    enum { SHOWN_WIDTH = 1200 };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        size_t length;
        struct picture_image made;
        int descriptor = source_of(cases[i].bands, 6, cases[i].suffix, &length);
        assert_true(length > PICTURE_HEAVY);
        make(descriptor, SHOWN_WIDTH, PICTURE_PNG, &made);
        assert_int_equal(made.width, SHOWN_WIDTH);
        if (made.length >= length)
            fail_msg("%s of %d bands: %zu bytes become %zu", cases[i].suffix, cases[i].bands,
                     length, made.length);
        assert_int_equal(((const unsigned char *)made.bytes)[COLOUR_TYPE], PALETTE);
        picture_image_release(&made);
        (void)close(descriptor);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(at_full_size_none_grows),
        cmocka_unit_test(ink_does_not_grow_when_it_becomes_light),
        cmocka_unit_test(what_must_stay_a_png_is_light_all_the_same),
    };
    return cmocka_run_group_tests(tests, open_reader, close_reader);
}
