/* SPDX-License-Identifier: MIT */
#include "cmocka_all.h"

#include "base/error.h"
#include "base/file.h"
#include "base/string_builder.h"
#include "intake/pdf_tags.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

/* Made by tests/golden/pdf/make_pdf.py. */
static void tags_are_missed_only_where_that_is_certain(void **state)
{
    static const struct {
        const char *file;
        enum pdf_tags tags;
    } cases[] = {
        { "plain.pdf", PDF_TAGS_NONE },           { "packed.pdf", PDF_TAGS_NONE },
        { "not_marked.pdf", PDF_TAGS_NONE },      { "tagged.pdf", PDF_TAGS_THERE },
        { "tagged_packed.pdf", PDF_TAGS_THERE },  { "marked.pdf", PDF_TAGS_THERE },
        { "revised.pdf", PDF_TAGS_THERE },        { "encrypted.pdf", PDF_TAGS_UNKNOWN },
        { "other_filter.pdf", PDF_TAGS_UNKNOWN }, { "damaged.pdf", PDF_TAGS_UNKNOWN },
        { "cut.pdf", PDF_TAGS_UNKNOWN },          { "no_catalog.pdf", PDF_TAGS_UNKNOWN },
        { "bomb.pdf", PDF_TAGS_UNKNOWN },
    };

    int directory = open(TEST_DATA_DIRECTORY "/pdf", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct string_builder bytes;
        struct error error;
        string_builder_init(&bytes, 0);
        assert_true(file_read_beneath(directory, cases[i].file, &bytes, &error));
        if (pdf_tags_read(bytes.data, bytes.length) != cases[i].tags)
            fail_msg("%s: %d", cases[i].file, pdf_tags_read(bytes.data, bytes.length));
        string_builder_release(&bytes);
    }
    assert_int_equal(pdf_tags_read("", 0), PDF_TAGS_UNKNOWN);
    assert_int_equal(pdf_tags_read("%PDF-", 5), PDF_TAGS_UNKNOWN);
}

static void what_is_too_long_is_not_read(void **state)
{
    static const char head[] = "%PDF-1.4 /Type /Catalog startxref";
    size_t length = (size_t)PDF_TAGS_FILE_MAXIMUM + 1;
    char *bytes = calloc(length, 1);
    (void)state;
    assert_non_null(bytes);
    memcpy(bytes, head, sizeof head);
    assert_int_equal(pdf_tags_read(bytes, length), PDF_TAGS_UNKNOWN);
    assert_int_equal(pdf_tags_read(bytes, length - 1), PDF_TAGS_NONE);
    free(bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tags_are_missed_only_where_that_is_certain),
        cmocka_unit_test(what_is_too_long_is_not_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
