/* SPDX-License-Identifier: MIT */
#include "cmocka_all.h"

#include "base/arena.h"
#include "base/string_builder.h"
#include "confined/packet.h"
#include "dmarc/dmarc.h"
#include "unit/golden.h"

#include <glob.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What reporters write: each file of golden/dmarc/ gives what stands beside it. */

static char *read_file(const char *path, size_t *length)
{
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    char *bytes = calloc(1, 1 << 20);
    *length = fread(bytes, 1, (1 << 20) - 1, file);
    assert_int_equal(fclose(file), 0);
    return bytes;
}

static void append_result(struct string_builder *text, unsigned result)
{
    static const char *const names[] = { "dkim",        "spf",      "other-dkim", "other-spf",
                                         "quarantined", "rejected", "forwarded" };
    for (unsigned i = 0; i < sizeof names / sizeof names[0]; i++)
        if (result & 1U << i)
            string_builder_append_format(text, " %s", names[i]);
    string_builder_append_character(text, '\n');
}

static void append_report(struct string_builder *text, const struct dmarc_report *report)
{
    string_builder_append_format(text, "%s | %s | %s | %s | %" PRId64 "-%" PRId64 "\n",
                                 report->organization, report->contact, report->identity,
                                 report->domain, report->begin_at / 1000, report->end_at / 1000);
    for (const struct dmarc_row *row = report->rows; row; row = row->next) {
        string_builder_append_format(text, "%s %s %" PRId64, row->source, row->domain, row->count);
        append_result(text, row->result);
    }
}

/* In the form in which it leaves its process too. */
static void same_behind_packet(const struct dmarc_report *report, const char *expected)
{
    struct arena arena = { 0 };
    struct string_builder bytes;
    struct string_builder text;
    struct packet packet;
    string_builder_init(&bytes, 0);
    string_builder_init(&text, 0);
    dmarc_report_put(&bytes, report);
    packet_init(&packet, bytes.data, bytes.length);
    append_report(&text, dmarc_report_take(&packet, &arena));
    assert_true(packet_is_good(&packet));
    assert_string_equal(text.data, expected);
    string_builder_release(&bytes);
    string_builder_release(&text);
    arena_release(&arena);
}

static void each_reporter_is_understood(void **state)
{
    glob_t files;
    (void)state;
    assert_int_equal(glob(TEST_DATA_DIRECTORY "/dmarc/*.xml", 0, NULL, &files), 0);
    assert_true(files.gl_pathc >= 5);
    for (size_t i = 0; i < files.gl_pathc; i++) {
        struct arena arena = { 0 };
        struct string_builder text;
        size_t length = 0;
        char *bytes = read_file(files.gl_pathv[i], &length);
        const char *name = strrchr(files.gl_pathv[i], '/') + 1;
        const struct dmarc_report *report = dmarc_report_read(&arena, bytes, length);
        if (!report)
            fail_msg("%s is not understood", files.gl_pathv[i]);
        string_builder_init(&text, 0);
        append_report(&text, report);
        assert_true(golden_is(
            arena_format(&arena, "dmarc/%.*s.expected", (int)strlen(name) - 4, name), text.data));
        same_behind_packet(report, text.data);
        string_builder_release(&text);
        free(bytes);
        arena_release(&arena);
    }
    globfree(&files);
}

/* ---- what is none ---- */

#define META                                                                                       \
    "<report_metadata><org_name>a.example</org_name><email>d@a.example</email>"                    \
    "<report_id>1</report_id><date_range><begin>1780790400</begin><end>1780876799</end>"           \
    "</date_range></report_metadata>"
#define POLICY "<policy_published><domain>nordhav.example</domain><p>none</p></policy_published>"
#define RECORD                                                                                     \
    "<record><row><source_ip>192.0.2.10</source_ip><count>1</count></row><identifiers>"            \
    "<header_from>nordhav.example</header_from></identifiers></record>"

static bool is_report(const char *xml)
{
    struct arena arena = { 0 };
    bool is_one = dmarc_report_read(&arena, xml, strlen(xml)) != NULL;
    arena_release(&arena);
    return is_one;
}

static void what_is_no_report_is_none(void **state)
{
    (void)state;
    assert_true(is_report("<feedback>" META POLICY RECORD "</feedback>"));
    assert_true(is_report("\xEF\xBB\xBF\r\n<!-- x --><feedback>" META POLICY RECORD "</feedback>"));
    assert_true(is_report("<feedback>" RECORD POLICY META "</feedback>"));
    assert_false(is_report(""));
    assert_false(is_report("unused"));
    assert_false(is_report("<feedback></feedback>"));
    assert_true(is_report("<feedback>" META POLICY "</feedback>"));         /* no record */
    assert_false(is_report("<feedback>" POLICY RECORD "</feedback>"));      /* no day */
    assert_false(is_report("<feedback>" META RECORD "</feedback>"));        /* whose? */
    assert_false(is_report("<feedback>" META POLICY RECORD));               /* cut */
    assert_false(is_report("<feedback>" META POLICY RECORD "<record><ro")); /* cut */
    assert_false(is_report("<html><feedback>" META POLICY RECORD "</feedback></html>"));
    assert_false(is_report("<rss>feedback</rss>"));
}

/* ---- bombs ---- */

static void a_document_type_is_refused(void **state)
{
    static const char bomb[] =
        "<?xml version=\"1.0\"?><!DOCTYPE feedback [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;&a;\">"
        "<!ENTITY c \"&b;&b;&b;&b;\">]><feedback>" META POLICY
        "<record><row><source_ip>192.0.2.10</source_ip><count>1&c;</count></row></record>" RECORD
        "</feedback>";
    (void)state;
    assert_false(is_report(bomb));
    assert_false(
        is_report("<!DOCTYPE feedback SYSTEM \"file:///etc/passwd\"><feedback>" META POLICY RECORD
                  "</feedback>"));
}

/* start, so many times what is repeated, end */
static bool is_report_of(const char *start, const char *repeated, size_t times, const char *end)
{
    struct string_builder text;
    struct arena arena = { 0 };
    string_builder_init(&text, 0);
    string_builder_append(&text, start);
    for (size_t i = 0; i < times; i++)
        string_builder_append(&text, repeated);
    string_builder_append(&text, end);
    const struct dmarc_report *report = dmarc_report_read(&arena, text.data, text.length);
    bool is_one = report != NULL;
    size_t rows = 0;
    for (const struct dmarc_row *row = report ? report->rows : NULL; row; row = row->next)
        rows++;
    assert_true(rows <= DMARC_ROWS_MAXIMUM);
    if (times == DMARC_ROWS_MAXIMUM + 5 && is_one)
        assert_int_equal(report->rows_left_out, 5);
    string_builder_release(&text);
    arena_release(&arena);
    return is_one;
}

static void what_passes_a_bound_costs_little(void **state)
{
    (void)state;
    assert_true(
        is_report_of("<feedback>" META POLICY, RECORD, DMARC_ROWS_MAXIMUM + 5, "</feedback>"));
    assert_false(is_report_of("<feedback>" META POLICY RECORD, "<a>", 2000000, "</feedback>"));
    assert_false(is_report_of("<feedback>" META POLICY RECORD, "<a/>", 1000000, "</feedback>"));
    assert_false(is_report_of("<feedback ", "a=\"\" ", 500000, "></feedback>"));
    assert_false(
        is_report_of("<feedback>" META POLICY RECORD "<a b='", "x", 1000000, "'/></feedback>"));
    assert_false(is_report_of("<feedback>" META POLICY RECORD, "          ", 1000000,
                              "</feedback>")); /* longer than may be */
    assert_false(is_report_of("<feedback>" META POLICY RECORD, "&", 1000000, "</feedback>"));
    assert_true(is_report_of("<feedback>" META POLICY "<record>", "&", 5000, RECORD "</feedback>"));
    /* A long value is none: the rest counts. */
    assert_true(is_report_of("<feedback>" META "<report_metadata><org_name>", "x", 1000000,
                             "</org_name></report_metadata>" POLICY RECORD "</feedback>"));
}

static void a_packet_out_of_bounds_is_bad(void **state)
{
    static const struct dmarc_row rows[] = {
        { .source = "192.0.2.10", .domain = "nordhav.example", .count = 0 },
        { .source = "192.0.2.10", .domain = "nord hav", .count = 1 },
        { .source = "192.0.2.999", .domain = "nordhav.example", .count = 1 },
        { .source = "192.0.2.10", .domain = "nordhav.example", .count = 1, .result = 128 },
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct arena arena = { 0 };
        struct string_builder bytes;
        struct packet packet;
        const struct dmarc_report report = { .organization = "a",
                                             .contact = "",
                                             .identity = "",
                                             .domain = "nordhav.example",
                                             .begin_at = 1,
                                             .end_at = 1,
                                             .rows = &rows[i] };
        string_builder_init(&bytes, 0);
        dmarc_report_put(&bytes, &report);
        packet_init(&packet, bytes.data, bytes.length);
        assert_null(dmarc_report_take(&packet, &arena));
        assert_false(packet_is_good(&packet));
        string_builder_release(&bytes);
        arena_release(&arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_reporter_is_understood),
        cmocka_unit_test(what_is_no_report_is_none),
        cmocka_unit_test(a_document_type_is_refused),
        cmocka_unit_test(what_passes_a_bound_costs_little),
        cmocka_unit_test(a_packet_out_of_bounds_is_bad),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
