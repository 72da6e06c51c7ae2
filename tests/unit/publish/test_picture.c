/* SPDX-License-Identifier: MIT */
#include "cmocka_all.h"

#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "publish/picture.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#define EXAMPLES TEST_SOURCE_DIRECTORY "/tests/example/newsroom/releases/"

static struct picture_image make(const char *path, int width, const char *extension)
{
    struct text bytes;
    struct error error = { 0 };
    struct picture_image image = { 0 };
    text_init(&bytes, 0);
    if (!file_read(AT_FDCWD, path, &bytes, &error) ||
        !picture_make(bytes.data, bytes.length, width, extension, &image, &error))
        fail_msg("%s", error.message);
    text_release(&bytes);
    return image;
}

/* Components of a JPEG: 1 is grey, 3 is colour. -1 where it has an APP1 segment, which is where
 * cameras write position and serial number. */
static int jpeg_components(const struct picture_image *image)
{
    const unsigned char *bytes = image->bytes;
    size_t at = 2;
    while (at + 10 < image->length && bytes[at] == 0xFF) {
        unsigned marker = bytes[at + 1];
        if (marker == 0xE1)
            return -1;
        if (marker >= 0xC0 && marker <= 0xC2)
            return bytes[at + 9];
        at += 2 + ((size_t)bytes[at + 2] << 8 | bytes[at + 3]);
    }
    return 0;
}

static void a_colour_picture_stays_in_colour(void **state)
{
    (void)state;
    static const int widths[] = { 0, PICTURE_SMALL, PICTURE_WEB };
    for (size_t i = 0; i < sizeof widths / sizeof *widths; i++) {
        struct picture_image image = make(EXAMPLES "akutmodtagelse/indgang.jpg", widths[i], "jpg");
        assert_int_equal(jpeg_components(&image), 3);
        assert_int_equal(image.width, widths[i] ? widths[i] : 1600);
        assert_int_equal(image.height, (widths[i] ? widths[i] : 1600) * 5 / 8);
        picture_image_release(&image);
    }
}

static void a_picture_is_never_made_larger(void **state)
{
    (void)state;
    struct picture_image image = make(EXAMPLES "ventetider/ventetid.png", 4000, "png");
    assert_int_equal(image.width, 1400);
    assert_memory_equal(image.bytes, "\x89PNG", 4);
    picture_image_release(&image);
}

static void a_png_becomes_a_jpeg_in_colour(void **state)
{
    (void)state;
    struct picture_image image = make(EXAMPLES "ventetider/ventetid.png", PICTURE_SMALL, "jpg");
    assert_int_equal(jpeg_components(&image), 3);
    picture_image_release(&image);
}

/* A camera held upright: EXIF says "turn right", and where the picture was taken. */
static void a_camera_s_notes_are_followed_and_dropped(void **state)
{
    static const char segment[] = "\xFF\xE1\x00\x44" /* APP1, 68 bytes with these two */
                                  "Exif\0\0II*\0\x08\0\0\0"
                                  "\x02\0"                             /* two entries */
                                  "\x0E\x01\x02\0\x10\0\0\0\x26\0\0\0" /* description, at 38 */
                                  "\x12\x01\x03\0\x01\0\0\0\x06\0\0\0" /* orientation 6 */
                                  "\0\0\0\0"                           /* no further directory */
                                  "55.1 N 11.2 E..\0\0\0\0\0\0\0";
    struct text source;
    struct text bytes;
    struct error error = { 0 };
    struct picture_image image = { 0 };
    (void)state;
    assert_int_equal(sizeof segment - 1, 2 + 0x44);
    text_init(&source, 0);
    text_init(&bytes, 0);
    assert_true(file_read(AT_FDCWD, EXAMPLES "akutmodtagelse/indgang.jpg", &source, &error));
    text_append_bytes(&bytes, source.data, 2);
    text_append_bytes(&bytes, segment, sizeof segment - 1);
    text_append_bytes(&bytes, source.data + 2, source.length - 2);
    if (!picture_make(bytes.data, bytes.length, 0, "jpg", &image, &error))
        fail_msg("%s", error.message);
    assert_int_equal(image.width, 1000);
    assert_int_equal(image.height, 1600);
    assert_int_equal(jpeg_components(&image), 3); /* -1 would be an APP1 segment */
    assert_null(memmem(image.bytes, image.length, "55.1 N", 6));
    picture_image_release(&image);
    text_release(&source);
    text_release(&bytes);
}

static void what_is_no_picture_is_refused(void **state)
{
    (void)state;
    struct error error = { 0 };
    struct picture_image image = { 0 };
    assert_false(picture_make("GIF89a but not really", 21, 0, "jpg", &image, &error));
    assert_int_equal(error.kind, ERROR_INPUT);
    assert_null(image.bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_colour_picture_stays_in_colour),
        cmocka_unit_test(a_picture_is_never_made_larger),
        cmocka_unit_test(a_png_becomes_a_jpeg_in_colour),
        cmocka_unit_test(a_camera_s_notes_are_followed_and_dropped),
        cmocka_unit_test(what_is_no_picture_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
