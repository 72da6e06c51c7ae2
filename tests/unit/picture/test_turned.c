/* SPDX-License-Identifier: MIT */
#include "unit/picture/picture_scene.h"

#include "base/error.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* Photographs that were taken with the camera on its side or head are offered whole: upright where
 * that costs nothing, and never longer than they came. */

/* What only one of the eight ways shows as it is meant: brightness rises to the right, red
 * downwards, and there is something of everything in between. */
static VipsImage *scene(int width, int height)
{
    VipsImage *places = NULL;
    VipsImage *slopes = NULL;
    VipsImage *waves = NULL;
    VipsImage *texture = NULL;
    VipsImage *joined = NULL;
    VipsImage *cast = NULL;
    VipsImage *named = NULL;
    double factors[2] = { 200.0 / width, 200.0 / height };
    double offsets[2] = { 20, 20 };
    assert_int_equal(vips_xyz(&places, width, height, NULL), 0);
    assert_int_equal(vips_linear(places, &slopes, factors, offsets, 2, NULL), 0);
    assert_int_equal(vips_sines(&waves, width, height, "hfreq", 9.0, "vfreq", 5.0, NULL), 0);
    assert_int_equal(vips_linear1(waves, &texture, 60, 128, NULL), 0);
    assert_int_equal(vips_bandjoin2(slopes, texture, &joined, NULL), 0);
    assert_int_equal(vips_cast(joined, &cast, VIPS_FORMAT_UCHAR, NULL), 0);
    assert_int_equal(vips_copy(cast, &named, "interpretation", VIPS_INTERPRETATION_sRGB, NULL), 0);
    g_object_unref(cast);
    g_object_unref(joined);
    g_object_unref(texture);
    g_object_unref(waves);
    g_object_unref(slopes);
    g_object_unref(places);
    return named;
}

/* As a camera that is held so stores the scene, and says it. */
static VipsImage *stored(VipsImage *upright, int orientation)
{
    static const struct {
        VipsAngle angle;
        bool is_mirrored; /* after that */
    } ways[] = { { VIPS_ANGLE_D0, false },  { VIPS_ANGLE_D0, true },   { VIPS_ANGLE_D180, false },
                 { VIPS_ANGLE_D180, true }, { VIPS_ANGLE_D270, true }, { VIPS_ANGLE_D270, false },
                 { VIPS_ANGLE_D90, true },  { VIPS_ANGLE_D90, false } };

    VipsImage *turned = NULL;
    VipsImage *out = NULL;
    assert_int_equal(vips_rot(upright, &turned, ways[orientation - 1].angle, NULL), 0);
    if (ways[orientation - 1].is_mirrored)
        assert_int_equal(
            vips_flip(turned, &out,
                      orientation < 5 ? VIPS_DIRECTION_HORIZONTAL : VIPS_DIRECTION_VERTICAL, NULL),
            0);
    else
        assert_int_equal(vips_copy(turned, &out, NULL), 0);
    g_object_unref(turned);
    VipsImage *held = vips_image_copy_memory(out);
    g_object_unref(out);
    vips_image_set_int(held, VIPS_META_ORIENTATION, orientation);
    return held;
}

static VipsImage *shown(const struct picture_image *made)
{
    VipsImage *upright = NULL;
    VipsImage *image = vips_image_new_from_buffer(made->bytes, made->length, "", NULL);
    assert_non_null(image);
    assert_int_equal(vips_autorot(image, &upright, NULL), 0);
    assert_int_equal(vips_image_get_width(upright), made->width);
    assert_int_equal(vips_image_get_height(upright), made->height);
    g_object_unref(image);
    return upright;
}

/* The mean difference of two pictures, in values of a sample. */
static double apart(VipsImage *one, VipsImage *other)
{
    VipsImage *difference = NULL;
    VipsImage *size = NULL;
    double mean = 0;
    assert_int_equal(vips_image_get_width(one), vips_image_get_width(other));
    assert_int_equal(vips_image_get_height(one), vips_image_get_height(other));
    assert_int_equal(vips_subtract(one, other, &difference, NULL), 0);
    assert_int_equal(vips_abs(difference, &size, NULL), 0);
    assert_int_equal(vips_avg(size, &mean, NULL), 0);
    g_object_unref(size);
    g_object_unref(difference);
    return mean;
}

struct turned_case {
    int width; /* upright */
    int height;
    const char *suffix;
    bool is_whole; /* whole blocks on all sides, and packed as cameras do: turned without loss */
};

/* Made at full size from what it is stored as; compared with what the source itself shows. */
static void turn(const struct turned_case *test, int orientation)
{
    struct picture_image made;
    enum picture_trouble trouble;
    struct error error = { 0 };
    void *bytes = NULL;
    size_t length = 0;
    VipsImage *upright = scene(test->width, test->height);
    VipsImage *source = stored(upright, orientation);
    assert_int_equal(vips_image_write_to_buffer(source, test->suffix, &bytes, &length, NULL), 0);
    int descriptor = memfd_create("picture", MFD_CLOEXEC);
    assert_int_equal(write(descriptor, bytes, length), (ssize_t)length);
    if (!picture_make(reader, descriptor, 0, PICTURE_JPEG, &made, &trouble, &error))
        fail_msg("%d: trouble %d, %s", orientation, (int)trouble, error.message);
    assert_int_equal(made.width, test->width);
    assert_int_equal(made.height, test->height);
    if (made.length > length)
        fail_msg("%d × %d, %s, %d: %zu bytes become %zu", test->width, test->height, test->suffix,
                 orientation, length, made.length);
    VipsImage *seen = shown(&made);
    const struct picture_image before = { bytes, length, test->width, test->height };
    VipsImage *expected = shown(&before);
    assert_true(apart(seen, upright) < 20);
    if (apart(seen, expected) >= 3)
        fail_msg("%d × %d, %s, %d: %.2f apart", test->width, test->height, test->suffix,
                 orientation, apart(seen, expected));
    if (test->is_whole) {
        assert_true(apart(seen, expected) < 0.2);
        assert_null(memmem(made.bytes, made.length, "Exif", 4));
    }
    g_object_unref(expected);
    g_object_unref(seen);
    g_object_unref(source);
    g_object_unref(upright);
    g_free(bytes);
    picture_image_release(&made);
    (void)close(descriptor);
}

static const struct turned_case cases[] = {
    { 640, 480, ".jpg[Q=80]", true },
    { 640, 480, ".jpg[Q=97,no_subsample]", true },
    { 640, 480, ".jpg[Q=80,optimize_coding,interlace]", false },
    { 632, 472, ".jpg[Q=90,no_subsample]", true },
    { 632, 472, ".jpg[Q=80]", false },
    { 631, 477, ".jpg[Q=60]", false },
    { 631, 477, ".jpg[Q=98,no_subsample]", false },
    { 17, 9, ".jpg[Q=80]", false },
};

static void all_eight_ways_are_upright_and_none_grows(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        for (int orientation = 1; orientation <= 8; orientation++)
            turn(&cases[i], orientation);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_eight_ways_are_upright_and_none_grows),
    };
    return cmocka_run_group_tests(tests, open_reader, close_reader);
}
