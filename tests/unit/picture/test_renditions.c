/* SPDX-License-Identifier: MIT */
#include "unit/picture/picture_scene.h"

#include "base/arena.h"
#include "base/error.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* Flat colours go through the confined process and come back: as they are in PNG, and as near as
 * JPEG can in JPEG. */

enum { SIDE = 320, SCALED = 80, BANDS = 4 };

/* How a picture is told apart from others. */
struct colour_case {
    const char *name;
    const char *suffix; /* of libvips's savers, with options */
    int bands;
    VipsBandFormat samples;
    VipsInterpretation colours;
    double stored[BANDS];
    enum picture_format shown;
    int shown_bands;
    double seen[BANDS];
    double tolerance;
};

static VipsImage *flat(const struct colour_case *test)
{
    VipsImage *black = NULL;
    VipsImage *filled = NULL;
    VipsImage *cast = NULL;
    VipsImage *named = NULL;
    double factors[BANDS] = { 1, 1, 1, 1 };
    assert_int_equal(vips_black(&black, SIDE, SIDE, "bands", test->bands, NULL), 0);
    assert_int_equal(vips_linear(black, &filled, factors, test->stored, test->bands, NULL), 0);
    assert_int_equal(vips_cast(filled, &cast, test->samples, NULL), 0);
    assert_int_equal(vips_copy(cast, &named, "interpretation", test->colours, NULL), 0);
    g_object_unref(cast);
    g_object_unref(filled);
    g_object_unref(black);
    return named;
}

static int descriptor_of(const void *bytes, size_t length)
{
    int descriptor = memfd_create("picture", MFD_CLOEXEC);
    assert_true(descriptor >= 0);
    assert_int_equal(write(descriptor, bytes, length), (ssize_t)length);
    return descriptor;
}

static int source_of(const struct colour_case *test)
{
    void *bytes = NULL;
    size_t length = 0;
    VipsImage *image = flat(test);
    if (vips_image_write_to_buffer(image, test->suffix, &bytes, &length, NULL) != 0)
        fail_msg("%s: %s", test->name, vips_error_buffer());
    int descriptor = descriptor_of(bytes, length);
    g_free(bytes);
    g_object_unref(image);
    return descriptor;
}

/* In the middle: not what an edge makes of it. */
static void compare(const struct colour_case *test, const struct picture_image *made)
{
    double *pixel = NULL;
    int bands = 0;
    VipsImage *image = vips_image_new_from_buffer(made->bytes, made->length, "", NULL);
    assert_non_null(image);
    assert_int_equal(vips_image_get_width(image), made->width);
    assert_int_equal(vips_image_get_format(image), VIPS_FORMAT_UCHAR);
    assert_int_equal(vips_getpoint(image, &pixel, &bands, made->width / 2, made->height / 2, NULL),
                     0);
    bool hides_nothing = test->shown_bands == BANDS && test->seen[BANDS - 1] == 255;
    if (bands != test->shown_bands && !(hides_nothing && bands == BANDS - 1))
        fail_msg("%s at %d: %d bands instead of %d", test->name, made->width, bands,
                 test->shown_bands);
    for (int i = 0; i < bands; i++)
        if (pixel[i] < test->seen[i] - test->tolerance ||
            pixel[i] > test->seen[i] + test->tolerance)
            fail_msg("%s at %d, band %d: %.0f instead of %.0f", test->name, made->width, i,
                     pixel[i], test->seen[i]);
    g_free(pixel);
    g_object_unref(image);
}

static void show(const struct colour_case *test, int descriptor, int width)
{
    struct picture_image made;
    enum picture_trouble trouble;
    struct error error = { 0 };
    if (!picture_make(reader, descriptor, width, test->shown, &made, &trouble, &error))
        fail_msg("%s at %d: trouble %d, %s", test->name, width, (int)trouble, error.message);
    assert_int_equal(made.width, width ? width : SIDE);
    compare(test, &made);
    picture_image_release(&made);
}

#define RGB(name, suffix, shown, tolerance, r, g, b)                                               \
    {                                                                                              \
        name, suffix, 3, VIPS_FORMAT_UCHAR, VIPS_INTERPRETATION_sRGB, { r, g, b }, shown, 3,       \
            { r, g, b }, tolerance                                                                 \
    }
#define GREY(name, suffix, shown, tolerance, grey)                                                 \
    {                                                                                              \
        name, suffix, 1, VIPS_FORMAT_UCHAR, VIPS_INTERPRETATION_B_W, { grey }, shown, 1, { grey }, \
            tolerance                                                                              \
    }

/* clang-format off */
static const struct colour_case cases[] = {
    RGB("RGB in PNG", ".png", PICTURE_PNG, 0, 0, 94, 162),
    RGB("RGB in PNG as JPEG", ".png", PICTURE_JPEG, 2, 0, 94, 162),
    RGB("white RGB in PNG", ".png", PICTURE_PNG, 0, 255, 255, 255),
    RGB("white RGB in PNG as JPEG", ".png", PICTURE_JPEG, 0, 255, 255, 255),
    RGB("RGB in JPEG", ".jpg[Q=100,no_subsample]", PICTURE_JPEG, 3, 0, 94, 162),
    RGB("white RGB in JPEG", ".jpg", PICTURE_JPEG, 0, 255, 255, 255),
    RGB("RGB in TIFF", ".tif", PICTURE_PNG, 0, 200, 16, 46),
    RGB("RGB in TIFF as JPEG", ".tif", PICTURE_JPEG, 3, 200, 16, 46),
    RGB("RGB in WebP", ".webp[lossless]", PICTURE_PNG, 0, 200, 16, 46),
    RGB("RGB in WebP as JPEG", ".webp[lossless]", PICTURE_JPEG, 3, 200, 16, 46),
    RGB("RGB in an interlaced PNG", ".png[interlace]", PICTURE_PNG, 0, 0, 94, 162),
    RGB("RGB in a progressive JPEG", ".jpg[Q=100,interlace]", PICTURE_JPEG, 3, 0, 94, 162),
    RGB("palette in PNG", ".png[palette]", PICTURE_PNG, 0, 0, 94, 162),
    RGB("white palette in PNG", ".png[palette]", PICTURE_PNG, 0, 255, 255, 255),
    RGB("GIF", ".gif", PICTURE_PNG, 0, 0, 94, 162),
    GREY("grey in PNG", ".png", PICTURE_PNG, 0, 130),
    GREY("grey in PNG as JPEG", ".png", PICTURE_JPEG, 1, 130),
    GREY("grey in JPEG", ".jpg[Q=100]", PICTURE_JPEG, 1, 130),
    GREY("white grey in PNG", ".png", PICTURE_PNG, 0, 255),
    GREY("grey in TIFF", ".tif", PICTURE_PNG, 0, 130),
    { "alpha in PNG", ".png", 4, VIPS_FORMAT_UCHAR, VIPS_INTERPRETATION_sRGB,
      { 200, 16, 46, 255 }, PICTURE_PNG, 4, { 200, 16, 46, 255 }, 0 },
    { "half seen through in PNG", ".png", 4, VIPS_FORMAT_UCHAR, VIPS_INTERPRETATION_sRGB,
      { 200, 16, 46, 128 }, PICTURE_PNG, 4, { 200, 16, 46, 128 }, 1 },
    { "clear in PNG as JPEG", ".png", 4, VIPS_FORMAT_UCHAR, VIPS_INTERPRETATION_sRGB,
      { 200, 16, 46, 0 }, PICTURE_JPEG, 3, { 255, 255, 255 }, 0 },
    { "alpha in WebP", ".webp[lossless]", 4, VIPS_FORMAT_UCHAR, VIPS_INTERPRETATION_sRGB,
      { 200, 16, 46, 128 }, PICTURE_PNG, 4, { 200, 16, 46, 128 }, 1 },
    { "16 bit RGB in TIFF", ".tif", 3, VIPS_FORMAT_USHORT, VIPS_INTERPRETATION_RGB16,
      { 0, 94 * 257, 162 * 257 }, PICTURE_PNG, 3, { 0, 94, 162 }, 0 },
    { "16 bit RGB in PNG as JPEG", ".png", 3, VIPS_FORMAT_USHORT, VIPS_INTERPRETATION_RGB16,
      { 0, 94 * 257, 162 * 257 }, PICTURE_JPEG, 3, { 0, 94, 162 }, 2 },
    { "16 bit grey in TIFF", ".tif", 1, VIPS_FORMAT_USHORT, VIPS_INTERPRETATION_GREY16,
      { 130 * 257 }, PICTURE_PNG, 1, { 130 }, 0 },
    { "white 16 bit in TIFF", ".tif", 3, VIPS_FORMAT_USHORT, VIPS_INTERPRETATION_RGB16,
      { 65535, 65535, 65535 }, PICTURE_PNG, 3, { 255, 255, 255 }, 0 },
    { "white CMYK in JPEG", ".jpg[Q=100]", 4, VIPS_FORMAT_UCHAR, VIPS_INTERPRETATION_CMYK,
      { 0, 0, 0, 0 }, PICTURE_JPEG, 3, { 255, 255, 255 }, 1 },
    { "white CMYK in TIFF", ".tif", 4, VIPS_FORMAT_UCHAR, VIPS_INTERPRETATION_CMYK,
      { 0, 0, 0, 0 }, PICTURE_JPEG, 3, { 255, 255, 255 }, 1 },
};

/* clang-format on */

static void flat_colours_stay_what_they_are(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        int descriptor = source_of(&cases[i]);
        show(&cases[i], descriptor, 0);
        show(&cases[i], descriptor, SCALED);
        (void)close(descriptor);
    }
}

/* Decoded whole, and above 100 MB: libvips's own way of saving memory is a file. */
static void much_is_decoded_without_a_file(void **state)
{
    enum { LARGE = 6000 };

    void *bytes = NULL;
    size_t length = 0;
    struct arena arena = { 0 };
    struct picture_facts facts;
    struct error error = { 0 };
    VipsImage *black = NULL;
    (void)state;
    assert_int_equal(vips_black(&black, LARGE, LARGE, "bands", 3, NULL), 0);
    assert_int_equal(vips_webpsave_buffer(black, &bytes, &length, "effort", 0, NULL), 0);
    int descriptor = descriptor_of(bytes, length);
    if (!picture_examine(reader, descriptor, NULL, &arena, &facts, &error))
        fail_msg("%s", error.message);
    assert_int_equal(facts.trouble, PICTURE_GOOD);
    assert_int_equal(facts.width, LARGE);
    (void)close(descriptor);
    arena_release(&arena);
    g_free(bytes);
    g_object_unref(black);
}

/* Read line by line, and still more than there is: each line is long, and in floating point while
 * it is scaled. */
static void wide_lines_count_as_memory(void **state)
{
    enum { WIDE = 32000, HIGH = 1200 };

    void *bytes = NULL;
    size_t length = 0;
    struct arena arena = { 0 };
    struct picture_facts facts;
    struct error error = { 0 };
    VipsImage *black = NULL;
    (void)state;
    assert_int_equal(vips_black(&black, WIDE, HIGH, "bands", 4, NULL), 0);
    assert_int_equal(vips_pngsave_buffer(black, &bytes, &length, "compression", 1, NULL), 0);
    int descriptor = descriptor_of(bytes, length);
    if (!picture_examine(reader, descriptor, NULL, &arena, &facts, &error))
        fail_msg("%s", error.message);
    assert_int_equal(facts.trouble, PICTURE_TOO_LARGE);
    assert_true(facts.needed_bytes > facts.allowed_bytes);
    assert_int_equal(facts.width, WIDE);
    (void)close(descriptor);
    arena_release(&arena);
    g_free(bytes);
    g_object_unref(black);
}

/* It needs little memory, and nobody could show it. */
static void a_side_too_long_is_told_with_its_length(void **state)
{
    enum { WIDE = 1200000 };

    void *bytes = NULL;
    size_t length = 0;
    struct arena arena = { 0 };
    struct picture_facts facts;
    struct error error = { 0 };
    VipsImage *black = NULL;
    (void)state;
    assert_int_equal(vips_black(&black, WIDE, 1, NULL), 0);
    assert_int_equal(vips_pngsave_buffer(black, &bytes, &length, NULL), 0);
    int descriptor = descriptor_of(bytes, length);
    if (!picture_examine(reader, descriptor, NULL, &arena, &facts, &error))
        fail_msg("%s", error.message);
    assert_int_equal(facts.trouble, PICTURE_TOO_LARGE);
    assert_int_equal(facts.width, WIDE);
    assert_int_equal(facts.height, 1);
    (void)close(descriptor);
    arena_release(&arena);
    g_free(bytes);
    g_object_unref(black);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(flat_colours_stay_what_they_are),
        cmocka_unit_test(wide_lines_count_as_memory),
        cmocka_unit_test(a_side_too_long_is_told_with_its_length),
        cmocka_unit_test(much_is_decoded_without_a_file),
    };
    return cmocka_run_group_tests(tests, open_reader, close_reader);
}
