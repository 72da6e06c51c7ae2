/* SPDX-License-Identifier: MIT */
#include "cmocka_all.h"

#include "base/arena.h"
#include "base/memory.h"
#include "rich_text/package.h"
#include "unit/zip.h"

#include <libdeflate.h>
#include <stdio.h>
#include <stdlib.h>

/* What opening says, "" for nothing; the package is closed. */
static const char *word_of(struct arena *arena, const char *bytes, size_t length)
{
    static const char *const faults[] = { "",       "broken ",    "encrypted ",
                                          "other ", "too large ", "unsafe " };
    enum rich_text_fault fault;
    const char *detail;
    struct package *package = package_open(arena, bytes, length, &fault, &detail);
    assert_int_equal(!package, fault != RICH_TEXT_FAULT_NONE);
    package_close(package);
    return arena_format(arena, "%s%s", faults[fault], detail);
}

/* Ends the file, and says how it is taken. */
static void assert_taken(struct test_zip *zip, const char *word)
{
    struct arena arena = { 0 };
    zip_end(zip);
    assert_string_equal(word_of(&arena, zip->file.data, zip->file.length), word);
    zip_release(zip);
    arena_release(&arena);
}

/* ---- sound files ---- */

static void parts_are_found_by_their_names(void **state)
{
    struct arena arena = { 0 };
    struct test_zip zip;
    enum rich_text_fault fault;
    const char *detail;
    size_t length;
    (void)state;
    zip_begin(&zip);
    zip_add(&zip, "mimetype", "x/y");
    zip_add(&zip, "word/", "");
    zip_add(&zip, "word/Document.xml", "<a>et</a>");
    zip_add(&zip, "empty", "");
    zip_end(&zip);
    struct package *package = package_open(&arena, zip.file.data, zip.file.length, &fault, &detail);
    assert_non_null(package);
    assert_string_equal(package_name(package, 0), "mimetype");
    assert_string_equal(package_name(package, 3), "empty");
    assert_null(package_name(package, 4));
    assert_string_equal(package_part(package, "word/Document.xml", &length), "<a>et</a>");
    assert_int_equal(length, 9);
    assert_string_equal(package_part(package, "/WORD/document.XML", &length), "<a>et</a>");
    assert_string_equal(package_part(package, "empty", &length), "");
    assert_int_equal(length, 0);
    assert_null(package_part(package, "word/", &length));
    assert_null(package_part(package, "word", &length));
    assert_null(package_part(package, "", &length));
    assert_int_equal(package_fault(package, &detail), RICH_TEXT_FAULT_NONE);
    package_close(package);
    zip_release(&zip);
    arena_release(&arena);
}

static void blank_bytes_behind_it_are_no_rubbish(void **state)
{
    static const struct {
        const char *behind;
        size_t length;
        const char *word;
    } rows[] = {
        { "\r\n", 2, "" },
        { "\0\0\0\0", 4, "" },
        { " \n\n", 3, "" },
        { "x", 1, "broken trailing" },
        { "\r\n--b--\r\n", 9, "broken trailing" },
    };
    struct arena arena = { 0 };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct test_zip zip;
        zip_begin(&zip);
        zip_add(&zip, "a", "et");
        zip_end(&zip);
        string_builder_append_bytes(&zip.file, rows[i].behind, rows[i].length);
        assert_string_equal(word_of(&arena, zip.file.data, zip.file.length), rows[i].word);
        zip_release(&zip);
    }
    arena_release(&arena);
}

/* ---- damaged files ---- */

static void what_is_no_zip_file_is_broken(void **state)
{
    struct arena arena = { 0 };
    struct test_zip zip;
    (void)state;
    assert_string_equal(word_of(&arena, "", 0), "broken no zip");
    assert_string_equal(word_of(&arena, "hej med dig", 11), "broken no zip");
    assert_string_equal(word_of(&arena, "PK\3\4", 4), "broken cut");
    zip_begin(&zip);
    zip_add(&zip, "a", "et ord");
    zip_add(&zip, "b", "et ord til");
    zip_end(&zip);
    /* Cut off anywhere: each is read as a copy of its own length, for the sanitizer to see. */
    for (size_t length = 0; length < zip.file.length; length++) {
        char *cut = memory_copy_bytes(zip.file.data, length);
        const char *word = word_of(&arena, cut, length);
        assert_true(strcmp(word, "broken cut") == 0 || strcmp(word, "broken no zip") == 0);
        free(cut);
    }
    zip_release(&zip);
    arena_release(&arena);
}

/* A bit of it changed: it is refused, or the part is, or nothing that counts was changed. */
static void no_damaged_byte_changes_a_word(void **state)
{
    struct test_zip zip;
    (void)state;
    zip_begin(&zip);
    zip_add(&zip, "a", "et ord");
    zip_end(&zip);
    for (size_t i = 0; i < zip.file.length * 8; i++) {
        struct arena arena = { 0 };
        enum rich_text_fault fault;
        const char *detail;
        size_t length;
        zip.file.data[i / 8] = (char)(zip.file.data[i / 8] ^ 1 << i % 8);
        struct package *package = package_open(&arena, zip.file.data, zip.file.length, &fault,
                                               &detail);
        const char *part = package ? package_part(package, "a", &length) : NULL;
        assert_true(!part || strcmp(part, "et ord") == 0);
        package_close(package);
        arena_release(&arena);
        zip.file.data[i / 8] = (char)(zip.file.data[i / 8] ^ 1 << i % 8);
    }
    zip_release(&zip);
}

static void an_encrypted_entry_is_told(void **state)
{
    struct test_zip zip;
    (void)state;
    zip_begin(&zip);
    zip_add(&zip, "mimetype", "x/y");
    zip_add_entry(
        &zip, &(struct test_entry){
                  .name = "a", .bytes = "0123456789abxx", .packed = 14, .size = 2, .flags = 1 });
    assert_taken(&zip, "encrypted ");
}

/* ---- hostile files ---- */

static void names_that_lead_elsewhere_refuse_the_file(void **state)
{
    static const char *const names[] = { "../a", "a/../b", "..",  "/a",   "a\\b", "..\\a",
                                         "C:/a", "a/.",    "./a", "a\nb", "" };
    static const char *const sound[] = { "a..b",    "..a/b",        ".a",
                                         "a/.b/c.", "\xC3\xA6.xml", "[Content_Types].xml" };
    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        struct test_zip zip;
        zip_begin(&zip);
        zip_add(&zip, "x", "et");
        zip_add(&zip, names[i], "et");
        assert_taken(&zip, "unsafe name");
    }
    for (size_t i = 0; i < sizeof sound / sizeof sound[0]; i++) {
        struct test_zip zip;
        zip_begin(&zip);
        zip_add(&zip, sound[i], "et");
        assert_taken(&zip, "");
    }
}

static void a_name_stands_once(void **state)
{
    struct test_zip zip;
    (void)state;
    zip_begin(&zip);
    zip_add(&zip, "word/document.xml", "<a/>");
    zip_add(&zip, "other", "");
    zip_add(&zip, "Word/Document.xml", "<b/>");
    assert_taken(&zip, "unsafe duplicate");
    zip_begin(&zip);
    zip_add(&zip, "a", "1");
    zip_add(&zip, "a", "2");
    assert_taken(&zip, "broken zip");
}

static void two_names_of_one_entry_refuse_the_file(void **state)
{
    struct test_zip zip;
    (void)state;
    zip_begin(&zip);
    zip_add_entry(&zip, &(struct test_entry){ .name = "a",
                                              .local_name = "b",
                                              .bytes = "1",
                                              .packed = 1,
                                              .size = 1,
                                              .check_sum = zip_check_sum("1", 1) });
    assert_taken(&zip, "broken zip");
}

/* An entry within the extra field of the one before it: both lead to the same bytes, and so could
 * thousands. */
static void entries_that_overlap_refuse_the_file(void **state)
{
    struct test_zip zip;
    struct test_zip inner;
    (void)state;
    zip_begin(&inner);
    zip_add(&inner, "b", "et ord");
    struct string_builder extra;
    string_builder_init(&extra, 0);
    zip_number(&extra, 0x4142, 2);
    zip_number(&extra, inner.file.length - 6, 2);
    string_builder_append_bytes(&extra, inner.file.data, inner.file.length - 6);
    zip_begin(&zip);
    zip_add_entry(&zip, &(struct test_entry){ .name = "a",
                                              .bytes = "et ord",
                                              .packed = 6,
                                              .size = 6,
                                              .check_sum = zip_check_sum("et ord", 6),
                                              .extra = extra.data,
                                              .extra_length = extra.length });
    size_t length = zip.file.length;
    zip_add_entry(&zip, &(struct test_entry){ .name = "b",
                                              .packed = 6,
                                              .bytes = "et ord",
                                              .size = 6,
                                              .check_sum = zip_check_sum("et ord", 6),
                                              .offset = 30 + 1 + 4 });
    string_builder_truncate(&zip.file, length);
    assert_taken(&zip, "unsafe overlap");
    string_builder_release(&extra);
    zip_release(&inner);
}

static void sizes_are_not_believed(void **state)
{
    static const size_t sizes[] = { 1, 5, 7, 4096 };
    (void)state;
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        struct arena arena = { 0 };
        struct libdeflate_compressor *compressor = libdeflate_alloc_compressor(9);
        struct test_zip zip;
        enum rich_text_fault fault;
        const char *detail;
        size_t length;
        char packed[64];
        size_t count = libdeflate_deflate_compress(compressor, "et ord", 6, packed, sizeof packed);
        zip_begin(&zip);
        zip_add_entry(&zip, &(struct test_entry){ .name = "a",
                                                  .bytes = packed,
                                                  .packed = count,
                                                  .size = sizes[i],
                                                  .method = 8,
                                                  .check_sum = zip_check_sum("et ord", 6) });
        zip_add(&zip, "b", "et");
        zip_end(&zip);
        struct package *package = package_open(&arena, zip.file.data, zip.file.length, &fault,
                                               &detail);
        assert_non_null(package);
        assert_null(package_part(package, "a", &length));
        assert_int_equal(package_fault(package, &detail), RICH_TEXT_FAULT_BROKEN);
        assert_null(package_part(package, "b", &length));
        package_close(package);
        zip_release(&zip);
        libdeflate_free_compressor(compressor);
        arena_release(&arena);
    }
    struct test_zip zip;
    zip_begin(&zip);
    zip_add_entry(&zip, &(struct test_entry){ .name = "a",
                                              .bytes = "et",
                                              .packed = 2,
                                              .size = 2,
                                              .check_sum = zip_check_sum("et", 2),
                                              .directory_size = 400 });
    assert_taken(&zip, "broken zip");
}

/* A part of so many bytes, all alike, as it is packed. */
static void add_bomb(struct test_zip *zip, const char *name, size_t size)
{
    struct libdeflate_compressor *compressor = libdeflate_alloc_compressor(9);
    char *bytes = memory_allocate(size);
    size_t most = libdeflate_deflate_compress_bound(compressor, size);
    char *packed = memory_allocate(most);
    size_t count = libdeflate_deflate_compress(compressor, bytes, size, packed, most);
    zip_add_entry(zip, &(struct test_entry){ .name = name,
                                             .bytes = packed,
                                             .packed = count,
                                             .size = size,
                                             .method = 8,
                                             .check_sum = zip_check_sum(bytes, size) });
    free(packed);
    free(bytes);
    libdeflate_free_compressor(compressor);
}

static void bombs_are_not_inflated(void **state)
{
    static const size_t sizes[] = { 2 * 1024 * 1024, PACKAGE_PART_MAXIMUM + 1 };
    (void)state;
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        struct arena arena = { 0 };
        struct test_zip zip;
        enum rich_text_fault fault;
        const char *detail;
        size_t length;
        zip_begin(&zip);
        zip_add(&zip, "b", "et");
        add_bomb(&zip, "a", sizes[i]);
        zip_end(&zip);
        struct package *package = package_open(&arena, zip.file.data, zip.file.length, &fault,
                                               &detail);
        assert_non_null(package);
        assert_non_null(package_part(package, "b", &length));
        assert_null(package_part(package, "a", &length));
        assert_int_equal(package_fault(package, &detail), RICH_TEXT_FAULT_TOO_LARGE);
        assert_string_equal(detail, "a");
        assert_null(package_part(package, "b", &length));
        package_close(package);
        zip_release(&zip);
        arena_release(&arena);
    }
}

/* Each of its parts is small enough; all of them are not. */
static void all_that_is_read_has_a_bound(void **state)
{
    struct arena arena = { 0 };
    struct test_zip zip;
    enum rich_text_fault fault;
    const char *detail;
    size_t length;
    size_t read = 0;
    (void)state;
    zip_begin(&zip);
    add_bomb(&zip, "a", 1024 * 1024);
    zip_end(&zip);
    struct package *package = package_open(&arena, zip.file.data, zip.file.length, &fault, &detail);
    assert_non_null(package);
    while (package_part(package, "a", &length))
        read += length;
    assert_int_equal(read, PACKAGE_ALL_MAXIMUM);
    assert_int_equal(package_fault(package, &detail), RICH_TEXT_FAULT_TOO_LARGE);
    package_close(package);
    zip_release(&zip);
    arena_release(&arena);
}

/* As many as the end of the directory can count, and more than that. */
static void many_entries_are_counted_first(void **state)
{
    static const size_t counts[] = { PACKAGE_ENTRIES_MAXIMUM + 1, 70000 };
    (void)state;
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
        struct test_zip zip;
        zip_begin(&zip);
        for (size_t k = 0; k < counts[i]; k++) {
            char name[32];
            (void)snprintf(name, sizeof name, "%zu", k);
            zip_add(&zip, name, "");
        }
        assert_taken(&zip, "too large entries");
    }
}

/* A package in a package is a part like any other: nobody opens it. */
static void what_is_nested_stays_closed(void **state)
{
    struct arena arena = { 0 };
    struct test_zip inner;
    struct test_zip zip;
    enum rich_text_fault fault;
    const char *detail;
    size_t length;
    (void)state;
    zip_begin(&inner);
    zip_add(&inner, "a", "inde");
    zip_end(&inner);
    zip_begin(&zip);
    zip_add_bytes(&zip, "inner.zip", inner.file.data, inner.file.length);
    zip_end(&zip);
    struct package *package = package_open(&arena, zip.file.data, zip.file.length, &fault, &detail);
    assert_non_null(package);
    assert_null(package_name(package, 1));
    const char *part = package_part(package, "inner.zip", &length);
    assert_int_equal(length, inner.file.length);
    assert_memory_equal(part, inner.file.data, length);
    package_close(package);
    zip_release(&inner);
    zip_release(&zip);
    arena_release(&arena);
}

/* Another file before it: two programs would read two files. */
static void what_stands_before_it_refuses_the_file(void **state)
{
    struct arena arena = { 0 };
    struct test_zip zip;
    (void)state;
    zip_begin(&zip);
    string_builder_append(&zip.file, "PK-1.7 something else\n");
    zip_add(&zip, "a", "et");
    zip_end(&zip);
    assert_string_equal(word_of(&arena, zip.file.data, zip.file.length), "unsafe before");
    zip_release(&zip);
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parts_are_found_by_their_names),
        cmocka_unit_test(blank_bytes_behind_it_are_no_rubbish),
        cmocka_unit_test(what_is_no_zip_file_is_broken),
        cmocka_unit_test(no_damaged_byte_changes_a_word),
        cmocka_unit_test(an_encrypted_entry_is_told),
        cmocka_unit_test(names_that_lead_elsewhere_refuse_the_file),
        cmocka_unit_test(a_name_stands_once),
        cmocka_unit_test(two_names_of_one_entry_refuse_the_file),
        cmocka_unit_test(entries_that_overlap_refuse_the_file),
        cmocka_unit_test(sizes_are_not_believed),
        cmocka_unit_test(bombs_are_not_inflated),
        cmocka_unit_test(all_that_is_read_has_a_bound),
        cmocka_unit_test(many_entries_are_counted_first),
        cmocka_unit_test(what_is_nested_stays_closed),
        cmocka_unit_test(what_stands_before_it_refuses_the_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
