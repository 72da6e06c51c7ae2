/* SPDX-License-Identifier: MIT */
#include "picture_files.h"

#include "picture/container.h"
#include "picture/picture.h"

static struct arena arena;

struct head {
    const char *bytes;
    size_t length;
    enum picture_format format;
    const char *film;
};

#define HEAD(literal, format, film)                                                                \
    {                                                                                              \
        literal, sizeof(literal) - 1, format, film                                                 \
    }
#define BOX(major, compatible)                                                                     \
    "\0\0\0\x18"                                                                                   \
    "ftyp" major "\0\0\0\0" compatible

static void formats_are_told_by_their_first_bytes(void **state)
{
    static const struct head heads[] = {
        HEAD("\xFF\xD8\xFF\xE0", PICTURE_JPEG, NULL),
        HEAD("\x89PNG\r\n\x1A\n", PICTURE_PNG, NULL),
        HEAD("GIF89a", PICTURE_GIF, NULL),
        HEAD("RIFF\x10\0\0\0WEBPVP8 ", PICTURE_WEBP, NULL),
        HEAD("RIFFmoovWEBPVP8 ", PICTURE_WEBP, NULL),
        HEAD("RIFF\x10\0\0\0WAVEfmt ", PICTURE_UNKNOWN, NULL),
        HEAD("II*\0\x08\0\0\0", PICTURE_TIFF, NULL),
        HEAD("MM\0*\0\0\0\x08", PICTURE_TIFF, NULL),
        HEAD("II+\0\x08\0\0\0", PICTURE_TIFF, NULL),
        HEAD("MM\0+\0\x08\0\0", PICTURE_TIFF, NULL),
        HEAD("II*\0\x10\0\0\0CR\x02\0", PICTURE_UNKNOWN, NULL),
        HEAD(BOX("heic", "mif1heic"), PICTURE_HEIC, NULL),
        HEAD(BOX("heix", "mif1heic"), PICTURE_HEIC, NULL),
        HEAD(BOX("hevc", "msf1isom"), PICTURE_HEIC, NULL),
        HEAD(BOX("mif1", "isomheic"), PICTURE_HEIC, NULL),
        HEAD(BOX("mif1", "mif1avif"), PICTURE_AVIF, NULL),
        HEAD(BOX("msf1", "isomavis"), PICTURE_AVIF, NULL),
        HEAD(BOX("mif1", "miafMiHB"), PICTURE_HEIC, NULL),
        HEAD(BOX("avif", "mif1miaf"), PICTURE_AVIF, NULL),
        HEAD(BOX("avis", "msf1isom"), PICTURE_AVIF, NULL),
        HEAD(BOX("isom", "iso2mp41"), PICTURE_UNKNOWN, "video/mp4"),
        HEAD(BOX("mp42", "isommp42"), PICTURE_UNKNOWN, "video/mp4"),
        HEAD(BOX("M4V ", "mp42isom"), PICTURE_UNKNOWN, "video/mp4"),
        HEAD(BOX("M4A ", "mp42isom"), PICTURE_UNKNOWN, "audio/mp4"),
        HEAD(BOX("qt  ", "qt  \0\0\0\0"), PICTURE_UNKNOWN, "video/quicktime"),
        HEAD(BOX("XYZ1", "XYZ2isom"), PICTURE_UNKNOWN, "video/mp4"),
        HEAD(BOX("XYZ1", "XYZ2XYZ3"), PICTURE_UNKNOWN, NULL),
        HEAD("\0\0\0\x08wide\0\0\0\0mdat", PICTURE_UNKNOWN, "video/quicktime"),
        HEAD("\0\0\0\x18"
             "ftyp",
             PICTURE_UNKNOWN, NULL),
        HEAD("hello", PICTURE_UNKNOWN, NULL),
        HEAD("", PICTURE_UNKNOWN, NULL),
    };
    (void)state;
    for (size_t i = 0; i < sizeof heads / sizeof heads[0]; i++) {
        const struct head *head = &heads[i];
        const char *film = picture_film_type(head->bytes, head->length);
        assert_int_equal(picture_format_of(head->bytes, head->length), head->format);
        assert_int_equal(film == NULL, head->film == NULL);
        if (film)
            assert_string_equal(film, head->film);
    }
}

static const struct {
    const char *name;
    enum picture_format format;
    const char *media_type;
} files[] = {
    { "rights.jpg", PICTURE_JPEG, "image/jpeg" },  { "rights.png", PICTURE_PNG, "image/png" },
    { "rights.gif", PICTURE_GIF, "image/gif" },    { "rights.webp", PICTURE_WEBP, "image/webp" },
    { "rights.tif", PICTURE_TIFF, "image/tiff" },  { "rights.heic", PICTURE_HEIC, "image/heic" },
    { "rights.avif", PICTURE_AVIF, "image/avif" },
};

static void whole_files_are_whole(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        struct span file = picture_file(&arena, files[i].name);
        size_t frames;
        assert_int_equal(picture_format_of(file.bytes, file.length), files[i].format);
        assert_string_equal(picture_media_type(files[i].format), files[i].media_type);
        assert_int_equal(container_structure(files[i].format, file, &frames), PICTURE_GOOD);
        assert_int_equal(frames, 1);
    }
    arena_release(&arena);
}

/* How much may be missing of a file: what stands behind its end, or fills up to an even length. */
static size_t spare_bytes(enum picture_format format)
{
    static const char behind[] = "BEHIND-EOI-SECRET";
    if (format == PICTURE_JPEG)
        return sizeof behind - 1;
    return format == PICTURE_TIFF;
}

static void cut_files_are_never_whole(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        enum picture_format format = files[i].format;
        struct span file = picture_file(&arena, files[i].name);
        size_t frames;
        for (size_t length = 1; length < file.length - spare_bytes(format); length++)
            assert_int_not_equal(container_structure(format, span_part(file, 0, length), &frames),
                                 PICTURE_GOOD);
    }
    arena_release(&arena);
}

/* A file that is copied over a network often has its length first, and its bytes later. JPEG, PNG,
 * GIF and TIFF have ends of their own, or checksums. */
static void files_with_zeros_for_bytes_to_come_are_not_whole(void **state)
{
    enum { SIZE = 10000, HEAD_SIZE = 20 };

    static const char head[] = "RIFF\x08\x27\0\0WEBPVP8 \xFC\x26\0\0";
    uint8_t *bytes = arena_allocate(&arena, SIZE);
    const struct span webp = { .bytes = bytes, .length = SIZE };
    size_t frames;
    (void)state;
    memset(bytes, 0, SIZE);
    memcpy(bytes, head, HEAD_SIZE);
    assert_int_equal(container_structure(PICTURE_WEBP, webp, &frames), PICTURE_CUT);
    memset(bytes + HEAD_SIZE, 1, SIZE / 2);
    assert_int_equal(container_structure(PICTURE_WEBP, webp, &frames), PICTURE_CUT);
    bytes[SIZE - 1000] = 1;
    assert_int_equal(container_structure(PICTURE_WEBP, webp, &frames), PICTURE_GOOD);

    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        struct span whole = picture_file(&arena, files[i].name);
        bool is_iso = files[i].format == PICTURE_HEIC || files[i].format == PICTURE_AVIF;
        const uint8_t *pixels = is_iso ? memmem(whole.bytes, whole.length, "mdat", 4) : NULL;
        if (!is_iso)
            continue;
        assert_non_null(pixels);
        uint8_t *copy = (uint8_t *)arena_copy_bytes(&arena, whole.bytes, whole.length);
        size_t at = (size_t)(pixels - whole.bytes) + 4;
        memset(copy + at, 0, whole.length - at);
        const struct span unwritten = { .bytes = copy, .length = whole.length };
        assert_int_equal(container_structure(files[i].format, unwritten, &frames), PICTURE_CUT);
    }
    arena_release(&arena);
}

#define HEIF_FULL_BOX "\0\0\0\0"

/* One item of 2,000 bytes at its end. */
static struct span heif_of(const char *type)
{
    enum { PIXELS = 2000 };

    static const char head[] = "\0\0\0\x18"
                               "ftypheic\0\0\0\0mif1heic"
                               "\0\0\0\x4F"
                               "meta" HEIF_FULL_BOX "\0\0\0\x23"
                               "iinf" HEIF_FULL_BOX "\0\1\0\0\0\x15"
                               "infe\2\0\0\0\0\1\0\0....\0"
                               "\0\0\0\x20"
                               "iloc" HEIF_FULL_BOX "\x44\0\0\1\0\1\0\0\0\1\0\0\0\x6F\0\0\7\xD0"
                               "\0\0\0\0"
                               "\0\0\x07\xD8"
                               "mdat";
    uint8_t *bytes = arena_allocate(&arena, sizeof head - 1 + PIXELS);
    memcpy(bytes, head, sizeof head - 1);
    memset(bytes + sizeof head - 1, 0x55, PIXELS);
    uint8_t *name = memmem(bytes, sizeof head - 1, "....", 4);
    memcpy(name, type, 4);
    return (struct span){ .bytes = bytes, .length = sizeof head - 1 + PIXELS };
}

static enum picture_trouble with_zeros(const char *type, size_t before_end, size_t count)
{
    struct span file = heif_of(type);
    uint8_t *bytes = (uint8_t *)arena_copy_bytes(&arena, file.bytes, file.length);
    size_t frames;
    memset(bytes + file.length - before_end, 0, count);
    file.bytes = bytes;
    return container_structure(PICTURE_HEIC, file, &frames);
}

static void pixels_of_heif_have_no_holes(void **state)
{
    static const char *const coded[] = { "hvc1", "av01" };
    (void)state;
    for (size_t i = 0; i < sizeof coded / sizeof coded[0]; i++) {
        assert_int_equal(with_zeros(coded[i], 0, 0), PICTURE_GOOD);
        assert_int_equal(with_zeros(coded[i], 1500, 3), PICTURE_GOOD);
        assert_int_equal(with_zeros(coded[i], 1500, 600), PICTURE_DAMAGED);
        assert_int_equal(with_zeros(coded[i], 1695, 1695), PICTURE_CUT);
        assert_int_equal(with_zeros(coded[i], 300, 300), PICTURE_CUT);
    }
    /* Cameras' notes have zeros. */
    assert_int_equal(with_zeros("Exif", 1500, 600), PICTURE_GOOD);
    assert_int_equal(with_zeros("Exif", 1500, 1500), PICTURE_GOOD);
    arena_release(&arena);
}

static void what_is_animated_says_so(void **state)
{
    static const char gif[] = "GIF89a\1\0\1\0\x80\0\0\0\0\0\xFF\xFF\xFF"
                              "!\xF9\4\0\0\0\0\0,\0\0\0\0\1\0\1\0\0\2\2D\1\0"
                              "!\xF9\4\0\0\0\0\0,\0\0\0\0\1\0\1\0\0\2\2D\1\0;";
    size_t frames;
    (void)state;
    assert_int_equal(container_structure(PICTURE_GIF, SPAN(gif), &frames), PICTURE_GOOD);
    assert_int_equal(frames, 2);
}

static void a_cameras_raw_file_is_no_tiff(void **state)
{
    /* One directory: a reduced picture, with the real one in a sub-directory. */
    static const char raw[] = "II*\0\x08\0\0\0\2\0"
                              "\xFE\0\4\0\1\0\0\0\1\0\0\0"
                              "\x4A\1\4\0\1\0\0\0\x40\0\0\0\0\0\0\0";
    size_t frames;
    (void)state;
    assert_int_equal(container_structure(PICTURE_TIFF, SPAN(raw), &frames), PICTURE_NONE);
}

#define JPEG_OF(frame) "\xFF\xD8\xFF" frame "\xFF\xDA\0\3\1zz\xFF\xD9"

#define KIND(format, literal, trouble)                                                             \
    {                                                                                              \
        format, literal, sizeof(literal) - 1, trouble                                              \
    }

static void rare_kinds_are_neither_damaged_nor_no_pictures(void **state)
{
    static const struct {
        enum picture_format format;
        const char *bytes;
        size_t length;
        enum picture_trouble trouble;
    } kinds[] = {
        KIND(PICTURE_JPEG, JPEG_OF("\xC0\0\x05\x08\0\1"), PICTURE_GOOD),
        KIND(PICTURE_JPEG, JPEG_OF("\xC2\0\x05\x08\0\1"), PICTURE_GOOD),
        KIND(PICTURE_JPEG, JPEG_OF("\xC1\0\x05\x0C\0\1"), PICTURE_CODING), /* 12 bits */
        KIND(PICTURE_JPEG, JPEG_OF("\xC3\0\x05\x08\0\1"), PICTURE_CODING), /* lossless */
        KIND(PICTURE_JPEG, JPEG_OF("\xC9\0\x05\x08\0\1"), PICTURE_CODING), /* arithmetic */
        KIND(PICTURE_TIFF, "II+\0\x08\0\0\0\x10\0\0\0\0\0\0\0", PICTURE_CODING),
        KIND(PICTURE_TIFF, "MM\0+\0\x08\0\0\0\0\0\0\0\0\0\x10", PICTURE_CODING),
    };

    (void)state;
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        size_t frames;
        struct span file = { (const uint8_t *)kinds[i].bytes, kinds[i].length };
        assert_int_equal(container_structure(kinds[i].format, file, &frames), kinds[i].trouble);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(formats_are_told_by_their_first_bytes),
        cmocka_unit_test(whole_files_are_whole),
        cmocka_unit_test(cut_files_are_never_whole),
        cmocka_unit_test(files_with_zeros_for_bytes_to_come_are_not_whole),
        cmocka_unit_test(pixels_of_heif_have_no_holes),
        cmocka_unit_test(what_is_animated_says_so),
        cmocka_unit_test(a_cameras_raw_file_is_no_tiff),
        cmocka_unit_test(rare_kinds_are_neither_damaged_nor_no_pictures),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
