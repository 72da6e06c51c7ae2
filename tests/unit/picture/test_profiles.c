/* SPDX-License-Identifier: MIT */
#include "cmocka_all.h"
#include "colour_profile.h"

#include "base/error.h"
#include "confined/confined.h"
#include "picture/picture.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <vips/vips.h>

/* Pictures that say by a profile what their numbers mean are shown in the colours that they mean,
 * whatever reads them: made smaller and without a profile, or whole and with theirs. */

enum { SIDE = 320, SCALED = 80, BANDS = 3, TOLERANCE = 4 };

static struct picture_reader *reader;
static char folder[] = "/tmp/pressroom-profiles-XXXXXX";

static int open_reader(void **state)
{
    static const struct colour_primary adobe[BANDS] = { { 0.60974, 0.31111, 0.01947 },
                                                        { 0.20528, 0.62567, 0.06087 },
                                                        { 0.14919, 0.06322, 0.74457 } };
    struct colour_profile profile;
    (void)state;
    confined_set_program(PRESSROOM_PROGRAM);
    reader = picture_reader_new();
    if (!mkdtemp(folder) || chdir(folder) != 0)
        return -1;
    profile_make(&profile, 2.19921875, adobe);
    profile_save(&profile, "adobe.icc");
    profile_make(&profile, 1.8, NULL);
    profile_save(&profile, "grey18.icc");
    profile_make(&profile, 2.2, NULL);
    profile_save(&profile, "grey22.icc");
    memset(profile.bytes + 128, 0xAA, profile.length - 128);
    profile_save(&profile, "broken.icc");
    return vips_init("test");
}

static int close_reader(void **state)
{
    static const char *const files[] = { "adobe.icc", "grey18.icc", "grey22.icc", "broken.icc" };
    (void)state;
    picture_reader_free(reader);
    vips_shutdown();
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++)
        (void)unlink(files[i]);
    return rmdir(folder);
}

struct profile_case {
    const char *profile; /* a file, or one that libvips has */
    int bands;
    int depth; /* bits a sample */
    const char *suffix;
    enum picture_format shown;
};

static const double colours[][BANDS] = {
    { 200, 36, 56 }, { 40, 94, 162 }, { 130, 130, 130 }, { 255, 255, 255 }, { 250, 190, 60 }
};

/* One colour, as numbers of sRGB. */
static VipsImage *flat(const double *colour, int bands)
{
    VipsImage *black = NULL;
    VipsImage *filled = NULL;
    VipsImage *cast = NULL;
    VipsImage *named = NULL;
    double factors[BANDS] = { 1, 1, 1 };
    assert_int_equal(vips_black(&black, SIDE, SIDE, "bands", bands, NULL), 0);
    assert_int_equal(vips_linear(black, &filled, factors, colour, bands, NULL), 0);
    assert_int_equal(vips_cast(filled, &cast, VIPS_FORMAT_UCHAR, NULL), 0);
    assert_int_equal(vips_copy(cast, &named, "interpretation",
                               bands == 1 ? VIPS_INTERPRETATION_B_W : VIPS_INTERPRETATION_sRGB,
                               NULL),
                     0);
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

static int save(VipsImage *image, const char *suffix)
{
    void *bytes = NULL;
    size_t length = 0;
    if (vips_image_write_to_buffer(image, suffix, &bytes, &length, NULL) != 0)
        fail_msg("%s: %s", suffix, vips_error_buffer());
    int descriptor = descriptor_of(bytes, length);
    g_free(bytes);
    return descriptor;
}

/* What is in the middle of it, and forgets it. */
static void take_pixel(VipsImage *image, double *pixel)
{
    double *found = NULL;
    int bands = 0;
    assert_int_equal(vips_getpoint(image, &found, &bands, vips_image_get_width(image) / 2,
                                   vips_image_get_height(image) / 2, NULL),
                     0);
    assert_int_equal(bands, BANDS);
    memcpy(pixel, found, BANDS * sizeof *pixel);
    g_free(found);
    g_object_unref(image);
}

/* A colour with the numbers of the profile, which is in the file. meant: what it can hold of it,
 * which is not all in ink. */
static int source_of(const struct profile_case *test, const double *colour, double *meant)
{
    VipsImage *inside = NULL;
    VipsImage *back = NULL;
    VipsImage *image = flat(colour, BANDS);
    if (vips_icc_transform(image, &inside, test->profile, "input_profile", "srgb", "depth",
                           test->depth, NULL) != 0 ||
        vips_icc_transform(inside, &back, "srgb", "embedded", TRUE, NULL) != 0)
        fail_msg("%s: %s", test->profile, vips_error_buffer());
    assert_int_equal(vips_image_get_bands(inside), test->bands);
    take_pixel(back, meant);
    int descriptor = save(inside, test->suffix);
    g_object_unref(inside);
    g_object_unref(image);
    return descriptor;
}

/* What a program that knows of profiles shows in the middle. */
static void see(const struct picture_image *made, double *seen)
{
    VipsImage *shown = NULL;
    VipsImage *image = vips_image_new_from_buffer(made->bytes, made->length, "", NULL);
    assert_non_null(image);
    if (vips_image_get_typeof(image, VIPS_META_ICC_NAME) != 0)
        assert_int_equal(vips_icc_transform(image, &shown, "srgb", "embedded", TRUE, NULL), 0);
    else
        assert_int_equal(vips_colourspace(image, &shown, VIPS_INTERPRETATION_sRGB, NULL), 0);
    take_pixel(shown, seen);
    g_object_unref(image);
}

static double distance(const double *one, const double *other)
{
    double most = 0;
    for (int i = 0; i < BANDS; i++) {
        double apart = one[i] > other[i] ? one[i] - other[i] : other[i] - one[i];
        most = apart > most ? apart : most;
    }
    return most;
}

static void assert_seen(const struct profile_case *test, int descriptor, int width,
                        const double *colour)
{
    struct picture_image made;
    enum picture_trouble trouble;
    struct error error = { 0 };
    double seen[BANDS];
    if (!picture_make(reader, descriptor, width, test->shown, &made, &trouble, &error))
        fail_msg("%s in %s: trouble %d, %s", test->profile, test->suffix, (int)trouble,
                 error.message);
    see(&made, seen);
    picture_image_release(&made);
    if (distance(seen, colour) > TOLERANCE)
        fail_msg("%s in %s at %d: (%.0f, %.0f, %.0f) is seen as (%.0f, %.0f, %.0f)", test->profile,
                 test->suffix, width, colour[0], colour[1], colour[2], seen[0], seen[1], seen[2]);
}

static const struct profile_case cases[] = {
    { "p3", 3, 8, ".jpg[Q=100,no_subsample]", PICTURE_JPEG },
    { "p3", 3, 8, ".png", PICTURE_PNG },
    { "p3", 3, 16, ".png", PICTURE_PNG },
    { "p3", 3, 8, ".tif", PICTURE_JPEG },
    { "p3", 3, 16, ".tif", PICTURE_PNG },
    { "p3", 3, 8, ".webp[lossless]", PICTURE_JPEG },
    { "p3", 3, 8, ".avif[Q=100,effort=0]", PICTURE_JPEG },
    { "adobe.icc", 3, 8, ".jpg[Q=100,no_subsample]", PICTURE_JPEG },
    { "adobe.icc", 3, 8, ".png", PICTURE_JPEG },
    { "adobe.icc", 3, 16, ".tif", PICTURE_JPEG },
    { "cmyk", 4, 8, ".jpg[Q=100]", PICTURE_JPEG },
    { "cmyk", 4, 8, ".tif", PICTURE_JPEG },
};

static const struct profile_case grey_cases[] = {
    { "grey18.icc", 1, 8, ".jpg[Q=100]", PICTURE_JPEG },
    { "grey18.icc", 1, 8, ".png", PICTURE_PNG },
    { "grey18.icc", 1, 16, ".png", PICTURE_PNG },
    { "grey18.icc", 1, 8, ".tif", PICTURE_JPEG },
    { "grey22.icc", 1, 8, ".jpg[Q=100]", PICTURE_JPEG },
    { "grey22.icc", 1, 8, ".tif", PICTURE_PNG },
};

static void try(const struct profile_case *test, const double *colour)
{
    double meant[BANDS];
    int descriptor = source_of(test, colour, meant);
    if (test->bands != BANDS + 1 && distance(meant, colour) > TOLERANCE)
        fail_msg("%s %d: %.0f %.0f %.0f holds %.0f %.0f %.0f", test->profile, test->depth,
                 colour[0], colour[1], colour[2], meant[0], meant[1], meant[2]);
    assert_seen(test, descriptor, 0, meant);
    assert_seen(test, descriptor, SCALED, meant);
    (void)close(descriptor);
}

static void colours_are_those_that_a_profile_means(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        for (size_t j = 0; j < sizeof colours / sizeof colours[0]; j++)
            try(&cases[i], colours[j]);
    for (size_t i = 0; i < sizeof grey_cases / sizeof grey_cases[0]; i++)
        for (size_t j = 2; j < 4; j++)
            try(&grey_cases[i], colours[j]);
}

/* What cannot be understood, or is about other samples than there are, says nothing. */
static void a_profile_that_does_not_fit_is_as_none(void **state)
{
    static const struct {
        const char *profile;
        int bands;
        const char *suffix;
    } odd[] = { { "broken.icc", 3, ".jpg[Q=100,no_subsample]" },
                { "broken.icc", 3, ".png" },
                { "broken.icc", 1, ".jpg[Q=100]" },
                { "grey18.icc", 3, ".jpg[Q=100,no_subsample]" },
                { "grey18.icc", 3, ".png" },
                { "adobe.icc", 1, ".jpg[Q=100]" },
                { "adobe.icc", 1, ".png" } };

    (void)state;
    for (size_t i = 0; i < sizeof odd / sizeof odd[0]; i++) {
        const double colour[BANDS] = { 130, 130, 130 };
        const struct profile_case test = { odd[i].profile, odd[i].bands, 8, odd[i].suffix,
                                           PICTURE_JPEG };
        gchar *profile = NULL;
        gsize length = 0;
        assert_true(g_file_get_contents(test.profile, &profile, &length, NULL));
        VipsImage *image = flat(colour, test.bands);
        vips_image_set_blob_copy(image, VIPS_META_ICC_NAME, profile, length);
        int descriptor = save(image, test.suffix);
        assert_seen(&test, descriptor, SCALED, colour);
        (void)close(descriptor);
        g_object_unref(image);
        g_free(profile);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(colours_are_those_that_a_profile_means),
        cmocka_unit_test(a_profile_that_does_not_fit_is_as_none),
    };
    return cmocka_run_group_tests(tests, open_reader, close_reader);
}
