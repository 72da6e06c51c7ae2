/* SPDX-License-Identifier: MIT */
#include "colour_profile.h"
#include "unit/picture/picture_scene.h"

#include "base/error.h"

#include <libdeflate.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* A PNG may say by a gamma and by primaries what its numbers mean. At full size it keeps them, and
 * browsers go by them: what is made smaller has to look the same. */

enum { SIDE = 320, SCALED = 80, BANDS = 3, TOLERANCE = 2, HEADER_END = 33 };

#define GAMMA_LINEAR "\0\0\0\4gAMA\0\1\x86\xA0"
#define GAMMA_USUAL "\0\0\0\4gAMA\0\0\xB1\x8F"
#define GAMMA_NONE "\0\0\0\4gAMA\0\0\0\0"
#define POINTS_USUAL                                                                               \
    "\0\0\0\x20"                                                                                   \
    "cHRM\0\0\x7A\x26\0\0\x80\x84\0\0\xFA\0\0\0\x80\xE8\0\0\x75\x30\0\0\xEA\x60\0\0\x3A\x98\0\0\x17\x70"
#define POINTS_ADOBE                                                                               \
    "\0\0\0\x20"                                                                                   \
    "cHRM\0\0\x7A\x26\0\0\x80\x84\0\0\xFA\0\0\0\x80\xE8\0\0\x52\x08\0\1\x15\x58\0\0\x3A\x98\0\0\x17\x70"
#define INTENT "\0\0\0\1sRGB\0"

static VipsImage *flat(const double *colour, int bands)
{
    VipsImage *black = NULL;
    VipsImage *filled = NULL;
    VipsImage *image = NULL;
    double factors[BANDS] = { 1, 1, 1 };
    assert_int_equal(vips_black(&black, SIDE, SIDE, "bands", bands, NULL), 0);
    assert_int_equal(vips_linear(black, &filled, factors, colour, bands, NULL), 0);
    assert_int_equal(vips_cast(filled, &image, VIPS_FORMAT_UCHAR, NULL), 0);
    g_object_unref(filled);
    g_object_unref(black);
    return image;
}

/* A chunk behind the header of a PNG, with its check sum. */
static size_t insert(unsigned char *file, size_t length, const char *chunk, size_t size)
{
    enum { LENGTH_SIZE = 4, CHECK_SIZE = 4 };

    unsigned char *at = file + HEADER_END;
    uint32_t sum = libdeflate_crc32(0, chunk + LENGTH_SIZE, size - LENGTH_SIZE);
    memmove(at + size + CHECK_SIZE, at, length - HEADER_END);
    memcpy(at, chunk, size);
    for (size_t i = 0; i < CHECK_SIZE; i++)
        at[size + i] = (unsigned char)(sum >> 8 * (CHECK_SIZE - 1 - i) & 0xFF);
    return length + size + CHECK_SIZE;
}

struct part {
    const char *chunk;
    size_t size;
};

#define PART(literal)                                                                              \
    {                                                                                              \
        literal, sizeof(literal) - 1                                                               \
    }

struct colour_case {
    struct part parts[3];
    int bands;
    double stored[BANDS];
    double seen[BANDS];
};

static int source_of(const struct colour_case *test)
{
    enum { ROOM = 200 };

    void *bytes = NULL;
    size_t length = 0;
    VipsImage *image = flat(test->stored, test->bands);
    int descriptor = memfd_create("picture", MFD_CLOEXEC);
    assert_true(descriptor >= 0);
    assert_int_equal(vips_pngsave_buffer(image, &bytes, &length, NULL), 0);
    unsigned char *file = malloc(length + ROOM);
    assert_non_null(file);
    memcpy(file, bytes, length);
    for (int i = 0; i < 3 && test->parts[i].chunk; i++)
        length = insert(file, length, test->parts[i].chunk, test->parts[i].size);
    assert_int_equal(write(descriptor, file, length), (ssize_t)length);
    free(file);
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

static void assert_seen(size_t index, const struct colour_case *test,
                        const struct picture_image *made)
{
    double *pixel = NULL;
    int bands = 0;
    VipsImage *image = vips_image_new_from_buffer(made->bytes, made->length, "", NULL);
    assert_non_null(image);
    assert_int_equal(vips_getpoint(image, &pixel, &bands, SCALED / 2, SCALED / 2, NULL), 0);
    for (int i = 0; i < bands; i++)
        if (pixel[i] < test->seen[i] - TOLERANCE || pixel[i] > test->seen[i] + TOLERANCE)
            fail_msg("case %zu, band %d: %.0f instead of %.0f", index, i, pixel[i], test->seen[i]);
    g_free(pixel);
    g_object_unref(image);
}

/* clang-format off */
static const struct colour_case cases[] = {
    { { { 0 } }, 3, { 100, 100, 100 }, { 100, 100, 100 } },
    { { PART(GAMMA_LINEAR) }, 3, { 100, 100, 100 }, { 168, 168, 168 } },
    { { PART(GAMMA_LINEAR) }, 3, { 255, 255, 255 }, { 255, 255, 255 } },
    { { PART(GAMMA_LINEAR) }, 3, { 10, 100, 200 }, { 56, 168, 229 } },
    { { PART(GAMMA_LINEAR) }, 1, { 100 }, { 168, 168, 168 } },
    { { PART(GAMMA_LINEAR), PART(POINTS_USUAL) }, 3, { 100, 100, 100 }, { 168, 168, 168 } },
    { { PART(GAMMA_LINEAR), PART(INTENT) }, 3, { 100, 100, 100 }, { 100, 100, 100 } },
    { { PART(GAMMA_USUAL) }, 3, { 20, 94, 162 }, { 20, 94, 162 } },
    { { PART(GAMMA_USUAL), PART(POINTS_USUAL) }, 3, { 20, 94, 162 }, { 20, 94, 162 } },
    { { PART(GAMMA_NONE) }, 3, { 20, 94, 162 }, { 20, 94, 162 } },
};

/* clang-format on */

static void a_gamma_means_the_same_at_every_size(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct picture_image made;
        int descriptor = source_of(&cases[i]);
        make(descriptor, SCALED, PICTURE_PNG, &made);
        assert_seen(i, &cases[i], &made);
        assert_null(memmem(made.bytes, made.length, "gAMA", 4));
        picture_image_release(&made);
        make(descriptor, SCALED, PICTURE_JPEG, &made);
        assert_seen(i, &cases[i], &made);
        picture_image_release(&made);
        make(descriptor, 0, PICTURE_PNG, &made);
        for (int part = 0; part < 3 && cases[i].parts[part].chunk; part++)
            assert_non_null(memmem(made.bytes, made.length, cases[i].parts[part].chunk,
                                   cases[i].parts[part].size));
        picture_image_release(&made);
        (void)close(descriptor);
    }
}

/* What a profile of the same primaries, which are written in another way there, makes of it. */
static void primaries_mean_what_a_profile_of_them_means(void **state)
{
    static const struct colour_primary adobe[BANDS] = { { 0.60974, 0.31111, 0.01947 },
                                                        { 0.20528, 0.62567, 0.06087 },
                                                        { 0.14919, 0.06322, 0.74457 } };
    struct colour_case test = {
        { PART(GAMMA_USUAL), PART(POINTS_ADOBE) }, 3, { 100, 150, 110 }, { 0 }
    };
    struct colour_profile profile;
    struct picture_image made;
    VipsImage *seen = NULL;
    double *pixel = NULL;
    int bands = 0;
    (void)state;
    profile_make(&profile, 2.2, adobe);
    VipsImage *image = flat(test.stored, BANDS);
    vips_image_set_blob_copy(image, VIPS_META_ICC_NAME, profile.bytes, profile.length);
    assert_int_equal(vips_icc_transform(image, &seen, "srgb", "embedded", TRUE, NULL), 0);
    assert_int_equal(vips_getpoint(seen, &pixel, &bands, 1, 1, NULL), 0);
    memcpy(test.seen, pixel, sizeof test.seen);
    assert_true(test.seen[0] < test.stored[0] - 2 * TOLERANCE);
    int descriptor = source_of(&test);
    make(descriptor, SCALED, PICTURE_PNG, &made);
    assert_seen(0, &test, &made);
    picture_image_release(&made);
    (void)close(descriptor);
    g_free(pixel);
    g_object_unref(seen);
    g_object_unref(image);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_gamma_means_the_same_at_every_size),
        cmocka_unit_test(primaries_mean_what_a_profile_of_them_means),
    };
    return cmocka_run_group_tests(tests, open_reader, close_reader);
}
