/* SPDX-License-Identifier: MIT */
#include "picture_files.h"

#include "picture/container.h"
#include "picture/iim.h"
#include "picture/jpeg_segments.h"
#include "picture/png_chunks.h"
#include "picture/rights.h"
#include "picture/tiff_directory.h"

static struct arena arena;

static int release_arena(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

static void assert_field(const char *found, const char *expected)
{
    if (!expected) {
        assert_null(found);
        return;
    }
    assert_non_null(found);
    assert_string_equal(found, expected);
}

static void assert_all(const struct picture_rights *rights)
{
    assert_field(rights->creator, "Anna Å. Holm, Bo Friis");
    assert_field(rights->credit, "Foto: Anna Å. Holm / Region Nordhav");
    assert_field(rights->copyright, "© 2026 Region Nordhav");
    assert_field(rights->source_type,
                 "http://cv.iptc.org/newscodes/digitalsourcetype/digitalCapture");
    assert_field(rights->alt, "En bro over blåt vand");
    assert_field(rights->caption, "Broen åbner \"i dag\" & i morgen.");
}

static void every_format_says_whose_it_is(void **state)
{
    static const char *const endings[] = { "jpg", "png", "gif", "tif", "webp", "heic", "avif" };
    (void)state;
    for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++) {
        struct picture_rights rights;
        struct span file = picture_file(&arena, arena_format(&arena, "rights.%s", endings[i]));
        rights_read(&arena, picture_format_of(file.bytes, file.length), file, NULL, &rights);
        assert_all(&rights);
    }
}

/* The same file without its XMP: the name that marks the segment is spoiled. */
static void without_xmp_iim_counts_and_then_exif(void **state)
{
    struct picture_rights rights;
    struct span file = picture_file(&arena, "rights.jpg");
    uint8_t *bytes = (uint8_t *)arena_copy_bytes(&arena, file.bytes, file.length);
    uint8_t *name = memmem(bytes, file.length, "http://ns.adobe.com/xap/1.0/", 28);
    (void)state;
    assert_non_null(name);
    *name = 'X';
    file.bytes = bytes;
    rights_read(&arena, PICTURE_JPEG, file, NULL, &rights);
    assert_field(rights.creator, "IIM Bo");
    assert_field(rights.credit, "IIM credit æøå");
    assert_field(rights.copyright, "IIM (c) Nordhav");
    assert_field(rights.caption, "IIM billedtekst");
    assert_field(rights.source_type, NULL);
    name = memmem(bytes, file.length, "Photoshop 3.0", 13);
    assert_non_null(name);
    *name = 'X';
    rights_read(&arena, PICTURE_JPEG, file, NULL, &rights);
    assert_field(rights.creator, "EXIF Åse");
    assert_field(rights.credit, NULL);
    assert_field(rights.copyright, "EXIF © Nordhav");
    assert_field(rights.caption, "EXIF beskrivelse");
}

/* What no file of ours may tell of who made it, with what and where. */
static void assert_nothing_private(struct span file)
{
    static const char *const words[] = { "SERIAL", "LENS-0815", "Ejersen", "kommentar", "GPS",
                                         "SECRET", "EXIF",      "IIM",     "eXIf",      "tEXt" };
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        assert_false(span_holds(file, words[i]));
}

static void assert_filter_is_stable(enum picture_format format, struct span file,
                                    const struct picture_rights *rights, int orientation)
{
    struct string_builder again;
    string_builder_init(&again, file.length + RIGHTS_ROOM);
    assert_true(rights_filter(format, file, rights, orientation, &again));
    assert_int_equal(again.length, file.length);
    assert_memory_equal(again.data, file.bytes, file.length);
    string_builder_release(&again);
}

static void assert_turned_and_nothing_else(struct span exif, uint32_t orientation)
{
    enum { TAG_ORIENTATION = 0x0112, ONE_ENTRY_SIZE = 26 };

    struct tiff_file file;
    struct tiff_entry entry;
    assert_int_equal(exif.length, ONE_ENTRY_SIZE);
    assert_true(tiff_open(exif, &file));
    assert_true(tiff_find(&file, tiff_first(&file), TAG_ORIENTATION, &entry));
    assert_int_equal(span_big(entry.values, 0, 2), orientation);
}

static void a_filtered_jpeg_tells_rights_alone(void **state)
{
    struct picture_rights rights;
    struct picture_rights found;
    struct picture_parts parts;
    struct string_builder out;
    struct span file = picture_file(&arena, "rights.jpg");
    (void)state;
    rights_read(&arena, PICTURE_JPEG, file, NULL, &rights);
    string_builder_init(&out, file.length + RIGHTS_ROOM);
    assert_true(rights_filter(PICTURE_JPEG, file, &rights, 6, &out));
    struct span made = text_span(&out);
    assert_in_range(made.length, 1, file.length - 1);
    assert_nothing_private(made);
    rights_read(&arena, PICTURE_JPEG, made, NULL, &found);
    assert_all(&found);
    container_parts(&arena, PICTURE_JPEG, made, &parts);
    assert_turned_and_nothing_else(parts.exif, 6);
    found = (struct picture_rights){ 0 };
    iim_read(&arena, parts.iim, &found);
    assert_field(found.creator, "Anna Å. Holm, Bo Friis");
    assert_field(found.copyright, "© 2026 Region Nordhav");
    assert_filter_is_stable(PICTURE_JPEG, made, &rights, 6);
    string_builder_release(&out);
}

static struct jpeg_segment scan_of(struct span file)
{
    struct jpeg_segment segment;
    size_t at = 2;
    do
        assert_true(jpeg_next(file, &at, &segment));
    while (segment.marker != JPEG_SOS);
    return segment;
}

static void a_filtered_jpeg_has_the_same_pixels_and_no_word_that_nobody_said(void **state)
{
    struct picture_rights none = { 0 };
    struct string_builder out;
    struct span file = picture_file(&arena, "rights.jpg");
    (void)state;
    string_builder_init(&out, file.length + RIGHTS_ROOM);
    assert_true(rights_filter(PICTURE_JPEG, file, &none, 1, &out));
    struct span made = text_span(&out);
    struct span before = scan_of(file).scan;
    struct span after = scan_of(made).scan;
    assert_int_equal(before.length, after.length);
    assert_memory_equal(before.bytes, after.bytes, before.length);
    assert_false(span_holds(made, "Exif"));
    assert_false(span_holds(made, "Photoshop"));
    assert_false(span_holds(made, "adobe"));
    string_builder_release(&out);
}

static void a_filtered_png_tells_rights_alone(void **state)
{
    struct picture_rights rights;
    struct picture_rights found;
    struct string_builder out;
    struct span file = picture_file(&arena, "rights.png");
    (void)state;
    rights_read(&arena, PICTURE_PNG, file, NULL, &rights);
    string_builder_init(&out, file.length + RIGHTS_ROOM);
    assert_true(rights_filter(PICTURE_PNG, file, &rights, 1, &out));
    assert_nothing_private(text_span(&out));
    rights_read(&arena, PICTURE_PNG, text_span(&out), NULL, &found);
    assert_all(&found);
    assert_filter_is_stable(PICTURE_PNG, text_span(&out), &rights, 1);
    string_builder_release(&out);
}

static void what_is_neither_whole_nor_of_these_formats_is_not_filtered(void **state)
{
    struct picture_rights none = { 0 };
    struct string_builder out;
    struct span file = picture_file(&arena, "rights.png");
    (void)state;
    string_builder_init(&out, file.length + RIGHTS_ROOM);
    assert_false(rights_filter(PICTURE_PNG, span_part(file, 0, file.length - 1), &none, 1, &out));
    assert_false(rights_filter(PICTURE_JPEG, file, &none, 1, &out));
    assert_false(rights_filter(PICTURE_GIF, picture_file(&arena, "rights.gif"), &none, 1, &out));
    string_builder_release(&out);
    string_builder_init(&out, 100);
    assert_false(rights_filter(PICTURE_PNG, file, &none, 1, &out));
    assert_int_equal(out.length, 0);
    string_builder_release(&out);
}

static void a_png_with_a_wrong_check_sum_is_damaged(void **state)
{
    size_t frames;
    struct span file = picture_file(&arena, "rights.png");
    uint8_t *bytes = (uint8_t *)arena_copy_bytes(&arena, file.bytes, file.length);
    uint8_t *pixels = memmem(bytes, file.length, "IDAT", 4);
    (void)state;
    assert_non_null(pixels);
    pixels[8] ^= 1;
    file.bytes = bytes;
    assert_int_equal(png_structure(file, &frames), PICTURE_DAMAGED);
}

/* IIM of 1,000 bytes and more in segments of a byte each, as no program but a hostile one writes.
 */
static void iim_is_put_together_from_any_number_of_segments(void **state)
{
    enum { SEGMENTS = 200 * 1000 };

    static const char start[] = "8BIM\4\4\0\0\0\0\0\x08\x1C\2\x50\0\3Åse";
    static const char name[] = "Photoshop 3.0"; /* with its NUL */
    struct picture_rights rights;
    struct string_builder file;
    (void)state;
    string_builder_init(&file, 0);
    string_builder_append(&file, "\xFF\xD8");
    for (size_t i = 0; i < SEGMENTS; i++) {
        char byte = i < sizeof start - 1 ? start[i] : 'x';
        string_builder_append_bytes(&file, "\xFF\xED\0\x11", 4);
        string_builder_append_bytes(&file, name, sizeof name);
        string_builder_append_character(&file, byte);
    }
    rights_read(&arena, PICTURE_JPEG, text_span(&file), NULL, &rights);
    assert_field(rights.creator, "Ås");
    string_builder_release(&file);
}

static void a_jpegs_thumbnail_in_its_jfif_header_goes(void **state)
{
    /* 1 x 1 pixel of thumbnail behind the header; a frame and a scan that are none. */
    static const char file[] = "\xFF\xD8\xFF\xE0\0\x13JFIF\0\1\1\1\0\x48\0\x48\1\1ABC"
                               "\xFF\xFF\xC0\0\x05\x08\0\1\xFF\xDA\0\3\1zz\xFF\0z\xFF\xD0z"
                               "\xFF\xFF\xD9more";
    static const char expected[] = "\xFF\xD8\xFF\xE0\0\x10JFIF\0\1\1\1\0\x48\0\x48\0\0"
                                   "\xFF\xC0\0\x05\x08\0\1\xFF\xDA\0\3\1zz\xFF\0z\xFF\xD0z"
                                   "\xFF\xD9";
    struct jpeg_insertion nothing = { 0 };
    struct string_builder out;
    (void)state;
    string_builder_init(&out, 0);
    assert_true(jpeg_filter(SPAN(file), &nothing, &out));
    assert_int_equal(out.length, sizeof expected - 1);
    assert_memory_equal(out.data, expected, sizeof expected - 1);
    string_builder_release(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(every_format_says_whose_it_is, release_arena),
        cmocka_unit_test_teardown(without_xmp_iim_counts_and_then_exif, release_arena),
        cmocka_unit_test_teardown(a_filtered_jpeg_tells_rights_alone, release_arena),
        cmocka_unit_test_teardown(a_filtered_jpeg_has_the_same_pixels_and_no_word_that_nobody_said,
                                  release_arena),
        cmocka_unit_test_teardown(a_filtered_png_tells_rights_alone, release_arena),
        cmocka_unit_test_teardown(what_is_neither_whole_nor_of_these_formats_is_not_filtered,
                                  release_arena),
        cmocka_unit_test_teardown(a_png_with_a_wrong_check_sum_is_damaged, release_arena),
        cmocka_unit_test_teardown(iim_is_put_together_from_any_number_of_segments, release_arena),
        cmocka_unit_test(a_jpegs_thumbnail_in_its_jfif_header_goes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
