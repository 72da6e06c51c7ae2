/* SPDX-License-Identifier: MIT */
#include "cmocka_all.h"

#include "base/arena.h"
#include "rich_text/rich_text.h"
#include "unit/zip.h"

/* A file of one entry is of which kind? */
static void assert_other(const char *name, const char *text, enum rich_text_fault fault,
                         const char *detail)
{
    struct arena arena = { 0 };
    struct test_zip zip;
    zip_begin(&zip);
    zip_add(&zip, name, text);
    zip_end(&zip);
    const struct rich_text *read = rich_text_reader.read(&arena, RICH_TEXT_DOCX, NULL,
                                                         zip.file.data, zip.file.length);
    assert_int_equal(read->fault, fault);
    assert_string_equal(read->detail, detail);
    assert_non_null(read->body);
    zip_release(&zip);
    arena_release(&arena);
}

static void other_packages_are_named(void **state)
{
    (void)state;
    assert_other("mimetype", "application/vnd.oasis.opendocument.text", RICH_TEXT_FAULT_OTHER,
                 "odt");
    assert_other("mimetype", "application/vnd.oasis.opendocument.spreadsheet\n",
                 RICH_TEXT_FAULT_OTHER, "ods");
    assert_other("mimetype", "application/epub+zip", RICH_TEXT_FAULT_OTHER, "epub");
    assert_other("[Content_Types].xml",
                 "<Types><Override PartName='/xl/workbook.xml' ContentType='application/"
                 "vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml'/></Types>",
                 RICH_TEXT_FAULT_OTHER, "xlsx");
    assert_other("[Content_Types].xml",
                 "<Override ContentType='application/vnd.openxmlformats-officedocument."
                 "presentationml.presentation.main+xml'/>",
                 RICH_TEXT_FAULT_OTHER, "pptx");
    assert_other("Index/Document.iwa", "", RICH_TEXT_FAULT_OTHER, "pages");
    assert_other("hej.txt", "hej", RICH_TEXT_FAULT_OTHER, "zip");
    assert_other("../hej.txt", "hej", RICH_TEXT_FAULT_UNSAFE, "name");
}

static void other_files_are_named(void **state)
{
    static const struct {
        const char *bytes;
        size_t length;
        enum rich_text_fault fault;
        const char *detail;
    } rows[] = {
        { "{\\rtf1\\ansi", 11, RICH_TEXT_FAULT_OTHER, "rtf" },
        { "%PDF-1.7", 8, RICH_TEXT_FAULT_OTHER, "pdf" },
        { "\xEF\xBB\xBF <HTML>", 10, RICH_TEXT_FAULT_OTHER, "html" },
        { "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1W\0o\0r\0d\0", 16, RICH_TEXT_FAULT_OTHER, "doc" },
        { "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"
          "E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e\0",
          40, RICH_TEXT_FAULT_ENCRYPTED, "" },
        { "", 0, RICH_TEXT_FAULT_BROKEN, "no zip" },
        { "hej", 3, RICH_TEXT_FAULT_BROKEN, "no zip" },
    };
    struct arena arena = { 0 };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct rich_text *read = rich_text_reader.read(&arena, RICH_TEXT_DOCX, NULL,
                                                             rows[i].bytes, rows[i].length);
        assert_int_equal(read->fault, rows[i].fault);
        assert_string_equal(read->detail, rows[i].detail);
    }
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(other_packages_are_named),
        cmocka_unit_test(other_files_are_named),
    };
    rich_text_reader.start(NULL);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
