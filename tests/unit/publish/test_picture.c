/* SPDX-License-Identifier: MIT */
#include "cmocka_all.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/string_builder.h"
#include "confined/confined.h"
#include "publish/picture.h"
#include "release/release.h"
#include "unit/publish/noise_picture.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define EXAMPLES TEST_SOURCE_DIRECTORY "/tests/example/newsroom/releases/"

static struct picture_reader *reader;

static int open_reader(void **state)
{
    (void)state;
    confined_set_program(PRESSROOM_PROGRAM);
    reader = picture_reader_new();
    return 0;
}

static int close_reader(void **state)
{
    (void)state;
    picture_reader_free(reader);
    return 0;
}

static void make(int descriptor, enum picture_format shown, struct picture_made *made)
{
    enum picture_trouble trouble;
    struct error error = { 0 };
    assert_true(descriptor >= 0);
    if (!picture_made_fill(made, reader, descriptor, shown, &trouble, &error))
        fail_msg("%s", error.message);
    (void)close(descriptor);
}

static int noise_open(int width, int height, unsigned strength, int alpha, int64_t *length)
{
    struct string_builder png;
    string_builder_init(&png, 0);
    noise_png(&png, width, height, strength, alpha);
    int descriptor = memfd_create("noise", MFD_CLOEXEC);
    assert_true(descriptor >= 0);
    assert_int_equal(write(descriptor, png.data, png.length), (ssize_t)png.length);
    if (length)
        *length = (int64_t)png.length;
    string_builder_release(&png);
    return descriptor;
}

/* Every rendition is what was made, and shorter than the next larger one. */
static void check(const struct picture_made *made, const int *widths)
{
    int64_t before = INT64_MAX;
    for (enum picture_size size = 0; size < PICTURE_SIZES; size++) {
        const struct picture_rendition *rendition = &made->renditions[size];
        assert_int_equal(rendition->width, widths[size]);
        assert_int_equal(made->images[size].length, rendition->size_bytes);
        if (!widths[size])
            continue;
        assert_true(rendition->size_bytes < before);
        before = rendition->size_bytes;
    }
}

static void a_wide_picture_has_all_sizes(void **state)
{
    (void)state;
    struct picture_made made;
    make(open(EXAMPLES "akutmodtagelse/indgang.jpg", O_RDONLY | O_CLOEXEC), PICTURE_JPEG, &made);
    check(&made, (const int[]){ 1600, PICTURE_WEB, PICTURE_SMALL });
    for (enum picture_size size = 0; size < PICTURE_SIZES; size++) {
        assert_int_equal(made.renditions[size].height, made.renditions[size].width * 5 / 8);
        assert_memory_equal(made.images[size].bytes, "\xFF\xD8\xFF", 3);
    }
    picture_made_release(&made);
    assert_null(made.images[PICTURE_SIZE_FULL].bytes);
}

static void a_small_light_picture_is_shown_as_it_is(void **state)
{
    (void)state;
    struct picture_made made;
    make(noise_open(200, 150, 120, -1, NULL), PICTURE_PNG, &made);
    check(&made, (const int[]){ 200, 0, 0 });
    picture_made_release(&made);
}

/* 1.6 MB of a photograph's noise: as PNG nothing makes it lighter. */
static void a_heavy_picture_is_made_lighter_however_few_its_pixels(void **state)
{
    (void)state;
    static const int alphas[] = { -1, 255 }; /* programs that take screens write an alpha of 255 */
    for (size_t i = 0; i < sizeof alphas / sizeof alphas[0]; i++) {
        int64_t length;
        struct picture_made made;
        make(noise_open(900, 600, 40, alphas[i], &length), PICTURE_PNG, &made);
        check(&made, (const int[]){ 900, 900, PICTURE_SMALL });
        assert_true(made.renditions[PICTURE_SIZE_FULL].size_bytes <= length);
        assert_true(made.renditions[PICTURE_SIZE_WEB].size_bytes < length / 3);
        assert_memory_equal(made.images[PICTURE_SIZE_FULL].bytes, "\x89PNG", 4);
        assert_false(made.renditions[PICTURE_SIZE_FULL].is_recoded);
        for (enum picture_size size = PICTURE_SIZE_WEB; size < PICTURE_SIZES; size++) {
            assert_true(made.renditions[size].is_recoded);
            assert_memory_equal(made.images[size].bytes, "\xFF\xD8\xFF", 3);
        }
        picture_made_release(&made);
    }
}

static void what_is_transparent_stays_so(void **state)
{
    (void)state;
    struct picture_made made;
    make(noise_open(900, 600, 40, 254, NULL), PICTURE_PNG, &made);
    for (enum picture_size size = 0; size < PICTURE_SIZES; size++) {
        assert_false(made.renditions[size].is_recoded);
        if (made.images[size].bytes)
            assert_memory_equal(made.images[size].bytes, "\x89PNG", 4);
    }
    picture_made_release(&made);
}

/* Flat areas and text: the PNG is light at any size, and stays sharp. */
static void a_drawing_stays_a_png(void **state)
{
    (void)state;
    struct picture_made made;
    make(open(EXAMPLES "ventetider/ventetid.png", O_RDONLY | O_CLOEXEC), PICTURE_PNG, &made);
    assert_int_equal(made.renditions[PICTURE_SIZE_FULL].width, 1400);
    int64_t full = made.renditions[PICTURE_SIZE_FULL].size_bytes;
    for (enum picture_size size = PICTURE_SIZE_WEB; size < PICTURE_SIZES; size++) {
        assert_false(made.renditions[size].is_recoded);
        assert_true(made.renditions[size].size_bytes < full);
        if (made.renditions[size].width)
            assert_memory_equal(made.images[size].bytes, "\x89PNG", 4);
    }
    picture_made_release(&made);
}

static void what_is_no_picture_is_refused(void **state)
{
    (void)state;
    struct error error = { 0 };
    struct picture_made made;
    enum picture_trouble trouble = PICTURE_GOOD;
    int descriptor = memfd_create("text", MFD_CLOEXEC);
    assert_int_equal(write(descriptor, "GIF89a but not really", 21), 21);
    assert_false(picture_made_fill(&made, reader, descriptor, PICTURE_PNG, &trouble, &error));
    assert_int_equal(error.kind, ERROR_INPUT);
    assert_int_not_equal(trouble, PICTURE_GOOD);
    assert_null(made.images[PICTURE_SIZE_FULL].bytes);
    (void)close(descriptor);
}

static void the_same_bytes_shown_otherwise_are_another_picture(void **state)
{
    (void)state;
    const struct release_asset plain = { .media_type = "image/webp" };
    const struct release_asset other = { .media_type = "image/webp", .shown_type = "image/png" };
    struct hash keys[2];
    picture_key(&plain, &keys[0]);
    picture_key(&other, &keys[1]);
    assert_true(hash_equal(&keys[0], &plain.hash));
    assert_false(hash_equal(&keys[0], &keys[1]));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_wide_picture_has_all_sizes),
        cmocka_unit_test(a_small_light_picture_is_shown_as_it_is),
        cmocka_unit_test(a_heavy_picture_is_made_lighter_however_few_its_pixels),
        cmocka_unit_test(what_is_transparent_stays_so),
        cmocka_unit_test(a_drawing_stays_a_png),
        cmocka_unit_test(what_is_no_picture_is_refused),
        cmocka_unit_test(the_same_bytes_shown_otherwise_are_another_picture),
    };
    return cmocka_run_group_tests(tests, open_reader, close_reader);
}
