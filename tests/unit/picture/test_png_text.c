/* SPDX-License-Identifier: MIT */
#include "picture_files.h"

#include "picture/png_chunks.h"
#include "picture/rights.h"

#include <libdeflate.h>
#include <stdlib.h>

/* Author and Copyright as PNG itself has them, in files that are put together here. */

enum { BOMB = 200 * 1000 * 1000, PACKED_MAXIMUM = 300 * 1000 };

static struct arena arena;
static struct string_builder file;

static int open_file(void **state)
{
    (void)state;
    string_builder_init(&file, 0);
    string_builder_append_bytes(&file, "\x89PNG\r\n\x1A\n", 8);
    return 0;
}

static int close_file(void **state)
{
    (void)state;
    string_builder_release(&file);
    arena_release(&arena);
    return 0;
}

static void append_big32(uint32_t number)
{
    for (int shift = 24; shift >= 0; shift -= 8)
        string_builder_append_character(&file, (char)(number >> shift & 0xFF));
}

static void append_chunk(const char *type, const void *data, size_t length)
{
    append_big32((uint32_t)length);
    string_builder_append(&file, type);
    string_builder_append_bytes(&file, data, length);
    append_big32(libdeflate_crc32(0, file.data + file.length - length - 4, length + 4));
}

#define CHUNK(type, data) append_chunk(type, data, sizeof(data) - 1)

static void begin(void)
{
    CHUNK("IHDR", "\0\0\0\1\0\0\0\1\x08\0\0\0\0");
}

static void end(void)
{
    CHUNK("IDAT", "\x78\x9c\x63\x60\0\0\0\2\0\1");
    CHUNK("IEND", "");
}

/* head, and behind it length bytes packed. */
static void append_packed(const char *type, const void *head, size_t head_length, const void *bytes,
                          size_t length)
{
    struct libdeflate_compressor *compressor = libdeflate_alloc_compressor(6);
    char *data = arena_allocate(&arena, head_length + PACKED_MAXIMUM);
    memcpy(data, head, head_length);
    size_t packed = libdeflate_zlib_compress(compressor, bytes, length, data + head_length,
                                             PACKED_MAXIMUM);
    assert_in_range(packed, 1, PACKED_MAXIMUM);
    append_chunk(type, data, head_length + packed);
    libdeflate_free_compressor(compressor);
}

#define PACKED(type, head, literal)                                                                \
    append_packed(type, head, sizeof(head) - 1, literal, sizeof(literal) - 1)

static struct picture_rights rights_of(struct span png)
{
    struct picture_rights rights;
    rights_read(&arena, PICTURE_PNG, png, NULL, &rights);
    return rights;
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

/* All, in the file and in what is made of it. */
static void assert_said(const char *creator, const char *copyright)
{
    struct string_builder out;
    struct picture_rights rights = rights_of(text_span(&file));
    assert_field(rights.creator, creator);
    assert_field(rights.copyright, copyright);
    string_builder_init(&out, file.length + RIGHTS_ROOM);
    assert_true(rights_filter(PICTURE_PNG, text_span(&file), &rights, 1, &out));
    assert_false(span_holds(text_span(&out), "tEXt"));
    assert_false(span_holds(text_span(&out), "zTXt"));
    rights = rights_of(text_span(&out));
    assert_field(rights.creator, creator);
    assert_field(rights.copyright, copyright);
    string_builder_release(&out);
}

static void texts_say_whose_a_picture_is(void **state)
{
    (void)state;
    begin();
    CHUNK("tEXt", "Author\0Anna \xC5. Holm");
    CHUNK("tEXt", "Copyright\0\xA9 2026 Region Nordhav");
    CHUNK("tEXt", "Comment\0nothing of ours");
    end();
    assert_said("Anna Å. Holm", "© 2026 Region Nordhav");
}

static void packed_texts_count_too(void **state)
{
    (void)state;
    begin();
    PACKED("zTXt", "Author\0\0", "Anna \xC5. Holm");
    PACKED("iTXt", "copyright\0\1\0da\0Ophavsret\0", "© 2026 Region Nordhav");
    end();
    assert_said("Anna Å. Holm", "© 2026 Region Nordhav");
}

static void international_texts_count_too_behind_the_pixels_and_many_others(void **state)
{
    enum { OTHERS = 60 };

    (void)state;
    begin();
    for (int i = 0; i < OTHERS; i++)
        CHUNK("tEXt", "Comment\0nothing of ours");
    CHUNK("IDAT", "");
    CHUNK("iTXt", "Author\0\0\0\0\0Åse Ørum");
    CHUNK("iTXt", "Copyright\0\0\0da\0Ophavsret\0© Nordhav");
    end();
    assert_said("Åse Ørum", "© Nordhav");
}

static void all_else_that_says_it_comes_first(void **state)
{
    (void)state;
    begin();
    CHUNK("tEXt", "Author\0text");
    CHUNK("tEXt", "Copyright\0text");
    CHUNK("iTXt", "XML:com.adobe.xmp\0\0\0\0\0"
                  "<r:RDF xmlns:r='http://www.w3.org/1999/02/22-rdf-syntax-ns#'"
                  " xmlns:d='http://purl.org/dc/elements/1.1/'><r:Description><d:rights><r:Alt>"
                  "<r:li xml:lang='x-default'>XMP</r:li></r:Alt></d:rights></r:Description>"
                  "</r:RDF>");
    CHUNK("eXIf", "MM\0*\0\0\0\x08\0\1\x01\x3B\0\2\0\0\0\4EXI\0\0\0\0\0");
    end();
    assert_said("EXI", "XMP");
}

static void texts_that_unpack_to_too_much_or_not_at_all_are_not_there(void **state)
{
    char *bomb = calloc(1, BOMB);
    (void)state;
    assert_non_null(bomb);
    begin();
    append_packed("zTXt", "Author\0", 8, bomb, BOMB);
    CHUNK("zTXt", "Copyright\0\0no zlib");
    CHUNK("iTXt", "Copyright");
    CHUNK("iTXt", "Copyright\0\1");
    CHUNK("zTXt", "Copyright\0");
    CHUNK("tEXt", "Copyright\0 \r\n");
    end();
    free(bomb);
    assert_said(NULL, NULL);
}

/* ---- profiles ---- */

static bool profile_is_kept(void)
{
    static const struct span nothing;
    struct string_builder out;
    string_builder_init(&out, file.length + RIGHTS_ROOM);
    assert_true(png_filter(text_span(&file), nothing, &out));
    bool has_profile = span_holds(text_span(&out), "iCCP");
    string_builder_release(&out);
    return has_profile;
}

static void profiles_stay_unless_they_cannot_be_any(void **state)
{
    enum { USUAL = 3000, AT = 36 };

    static const char name[] = "icc\0"; /* and the method, 0 */
    char *profile = calloc(1, BOMB);
    (void)state;
    assert_non_null(profile);
    memcpy(profile + AT, "acsp", 4);
    size_t start = file.length;
    begin();
    append_packed("iCCP", name, sizeof name, profile, USUAL);
    end();
    assert_true(profile_is_kept());
    string_builder_truncate(&file, start);
    begin();
    CHUNK("iCCP", "icc");
    append_packed("iCCP", name, sizeof name, profile, USUAL);
    end();
    assert_false(profile_is_kept()); /* one is allowed, and the first counts */
    string_builder_truncate(&file, start);
    begin();
    append_packed("iCCP", name, sizeof name, profile, BOMB);
    end();
    assert_false(profile_is_kept());
    free(profile);
    string_builder_truncate(&file, start);
    begin();
    PACKED("iCCP", "icc\0\0", "this is no profile, whatever the name of its chunk may be");
    CHUNK("iCCP", "icc\0\0and this is not packed");
    CHUNK("iCCP", "icc");
    end();
    assert_false(profile_is_kept());
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(texts_say_whose_a_picture_is, open_file, close_file),
        cmocka_unit_test_setup_teardown(packed_texts_count_too, open_file, close_file),
        cmocka_unit_test_setup_teardown(
            international_texts_count_too_behind_the_pixels_and_many_others, open_file, close_file),
        cmocka_unit_test_setup_teardown(all_else_that_says_it_comes_first, open_file, close_file),
        cmocka_unit_test_setup_teardown(texts_that_unpack_to_too_much_or_not_at_all_are_not_there,
                                        open_file, close_file),
        cmocka_unit_test_setup_teardown(profiles_stay_unless_they_cannot_be_any, open_file,
                                        close_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
