/* SPDX-License-Identifier: MIT */
#include "unit/picture/picture_scene.h"

#include "base/arena.h"
#include "base/error.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* Files that have both ends, and lost a page between them. Nobody may see the grey or garbled rest;
 * and nothing that is whole may be taken for one of them. */

enum { WIDE = 700, HIGH = 500, PAGE = 4096 };

static enum picture_trouble examine(const void *bytes, size_t length)
{
    struct arena arena = { 0 };
    struct picture_facts facts;
    struct error error = { 0 };
    int descriptor = memfd_create("picture", MFD_CLOEXEC);
    assert_true(descriptor >= 0);
    assert_int_equal(write(descriptor, bytes, length), (ssize_t)length);
    if (!picture_examine(reader, descriptor, NULL, &arena, &facts, &error))
        fail_msg("%s", error.message);
    (void)close(descriptor);
    arena_release(&arena);
    return facts.trouble;
}

/* Encoded; freed by g_free(). */
static unsigned char *save(VipsImage *image, const char *suffix, size_t *length)
{
    void *bytes = NULL;
    VipsImage *cast = NULL;
    assert_int_equal(vips_cast(image, &cast, VIPS_FORMAT_UCHAR, NULL), 0);
    if (vips_image_write_to_buffer(cast, suffix, &bytes, length, NULL) != 0)
        fail_msg("%s: %s", suffix, vips_error_buffer());
    g_object_unref(cast);
    return bytes;
}

static VipsImage *noise(void)
{
    VipsImage *image = NULL;
    VipsImage *coloured = NULL;
    assert_int_equal(
        vips_gaussnoise(&image, WIDE, HIGH, "mean", 128.0, "sigma", 40.0, "seed", 7, NULL), 0);
    assert_int_equal(vips_bandjoin2(image, image, &coloured, NULL), 0);
    g_object_unref(image);
    VipsImage *bands[] = { coloured, NULL };
    assert_int_equal(vips_extract_band(coloured, &bands[1], 0, NULL), 0);
    assert_int_equal(vips_bandjoin(bands, &image, 2, NULL), 0);
    g_object_unref(bands[1]);
    g_object_unref(coloured);
    return image;
}

static const char *const codings[] = {
    ".jpg",
    ".jpg[Q=95,no_subsample]",
    ".jpg[optimize_coding]",
    ".jpg[restart_interval=10]",
    ".jpg[interlace]",
    ".webp",
    ".webp[Q=20]",
    ".webp[lossless]",
    ".webp[near_lossless]",
    ".png",
    ".png[interlace]",
    ".tif[compression=lzw]",
};

static void a_page_that_is_missing_in_the_middle_is_told(void **state)
{
    enum { PLACES = 5 };

    VipsImage *image = noise();
    (void)state;
    for (size_t i = 0; i < sizeof codings / sizeof codings[0]; i++) {
        size_t length;
        unsigned char *bytes = save(image, codings[i], &length);
        if (examine(bytes, length) != PICTURE_GOOD)
            fail_msg("%s: whole, and refused", codings[i]);
        /* In the first scan of those in several: what later ones add is fine detail. */
        size_t end = strstr(codings[i], "interlace") ? length / 3 : length - PAGE - 100;
        for (size_t place = 0; place < PLACES; place++) {
            unsigned char page[PAGE];
            unsigned char *at = bytes + 2000 + (end - 2000) * place / PLACES;
            memcpy(page, at, PAGE);
            memset(at, 0, PAGE);
            if (examine(bytes, length) == PICTURE_GOOD)
                fail_msg("%s: damaged at %zu of %zu, and taken", codings[i], (size_t)(at - bytes),
                         length);
            memcpy(at, page, PAGE);
        }
        g_free(bytes);
    }
    g_object_unref(image);
}

/* What a coder says of flat colours is nothing but zeros at times. */
static void flat_pictures_are_whole(void **state)
{
    static const double greys[] = { 0, 130 };
    static const char *const more[] = { ".gif", ".jpg[optimize_coding,interlace]",
                                        ".jpg[Q=100,optimize_coding]", ".webp[Q=1]" };
    (void)state;
    for (size_t grey = 0; grey < sizeof greys / sizeof greys[0]; grey++)
        for (int bands = 1; bands <= 3; bands += 2)
            for (size_t i = 0;
                 i < sizeof codings / sizeof codings[0] + sizeof more / sizeof more[0]; i++) {
                const char *coding = i < sizeof codings / sizeof codings[0]
                                         ? codings[i]
                                         : more[i - sizeof codings / sizeof codings[0]];
                VipsImage *black = NULL;
                VipsImage *flat = NULL;
                size_t length;
                assert_int_equal(
                    vips_black(&black, 3 * WIDE + 1, 2 * HIGH + 1, "bands", bands, NULL), 0);
                assert_int_equal(vips_linear1(black, &flat, 1, greys[grey], NULL), 0);
                unsigned char *bytes = save(flat, coding, &length);
                if (examine(bytes, length) != PICTURE_GOOD)
                    fail_msg("flat %.0f in %s: refused", greys[grey], coding);
                g_free(bytes);
                g_object_unref(flat);
                g_object_unref(black);
            }
}

/* Cameras that write a JPEG of a length that was planned fill it up before its end. */
static void padding_before_the_end_is_no_damage(void **state)
{
    enum { MARKER_SIZE = 2, PADDING = 10000 };

    static const unsigned char padding[] = { 0, 0xFF };
    VipsImage *image = noise();
    size_t length;
    unsigned char *bytes = save(image, ".jpg", &length);
    unsigned char *padded = malloc(length + PADDING);
    (void)state;
    assert_non_null(padded);
    for (size_t i = 0; i < sizeof padding; i++) {
        memcpy(padded, bytes, length - MARKER_SIZE);
        memset(padded + length - MARKER_SIZE, padding[i], PADDING);
        memcpy(padded + length - MARKER_SIZE + PADDING, bytes + length - MARKER_SIZE, MARKER_SIZE);
        assert_int_equal(examine(padded, length + PADDING), PICTURE_GOOD);
    }
    free(padded);
    g_free(bytes);
    g_object_unref(image);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_page_that_is_missing_in_the_middle_is_told),
        cmocka_unit_test(flat_pictures_are_whole),
        cmocka_unit_test(padding_before_the_end_is_no_damage),
    };
    return cmocka_run_group_tests(tests, open_reader, close_reader);
}
