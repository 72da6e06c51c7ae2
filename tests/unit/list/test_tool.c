/* SPDX-License-Identifier: MIT */
#include "cmocka_all.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/string_builder.h"
#include "list/list.h"
#include "locale/zone.h"
#include "unit/golden.h"
#include "unit/list/reported.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What other programs write: each file of golden/list_tool/ gives what stands beside it. */

static void compare(const char *stem, const char *got)
{
    struct arena arena = { 0 };
    assert_true(golden_is(arena_format(&arena, "list_tool/%s.expected", stem), got));
    arena_release(&arena);
}

static void each_program_is_understood(void **state)
{
    static const struct list_map press[] = { { "press", "news" } };
    static const struct list_map tags[] = { { "Press", "news" }, { "vesterhavn, city", "city" } };
    static const struct list_map groups[] = { { "health", "health" },
                                              { "Roads and rails", "roads" } };
    static const struct list_map interests[] = { { "interests", "feeds" } };

    static const struct {
        const char *file;
        const char *stem; /* of what is expected */
        const char *tool;
        const struct list_map *lists;
        size_t list_count;
        const struct list_map *columns;
        size_t column_count;
    } table[] = {
        { "listmonk.csv", "listmonk", "listmonk", press, 1, NULL, 0 },
        { "mailchimp-subscribed.csv", "mailchimp-subscribed", "mailchimp", tags, 2, NULL, 0 },
        { "mailchimp-subscribed.csv", "mailchimp-groups", "mailchimp", groups, 2, interests, 1 },
        { "mailchimp-subscribed.csv", "mailchimp-unmapped", "Mailchimp", NULL, 0, NULL, 0 },
        { "mailchimp-unsubscribed.csv", "mailchimp-unsubscribed", "mailchimp", tags, 2, NULL, 0 },
        { "mailchimp-cleaned.csv", "mailchimp-cleaned", "mailchimp", NULL, 0, NULL, 0 },
        { "mailman2-fullnames.txt", "mailman2-fullnames", "mailman", press, 1, NULL, 0 },
        { "mailman2-notepad.txt", "mailman2-fullnames", "mailman", press, 1, NULL, 0 },
        { "mailman3-members.txt", "mailman3-members", "mailman", NULL, 0, NULL, 0 },
        { "mailman3-web.csv", "mailman3-web", "mailman", press, 1, NULL, 0 },
        { "mailman3-nobody.txt", "mailman3-nobody", "mailman", press, 1, NULL, 0 },
        { "mlmmj.txt", "mlmmj", "mlmmj", press, 1, NULL, 0 },
        { "sympa-dump.txt", "sympa-dump", "sympa", press, 1, NULL, 0 },
        { "sympa-review.txt", "sympa-review", "sympa", press, 1, NULL, 0 },
        { "sympa-review.txt", "sympa-other-list", "sympa", groups, 2, NULL, 0 },
        { "sympa-web.txt", "sympa-web", "sympa", press, 1, NULL, 0 },
    };
    struct error error = { 0 };
    struct zone *zone = zone_open("Europe/Copenhagen", &error);
    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        struct arena arena = { 0 };
        struct string_builder got;
        struct list_settings settings = {
            .tool = table[i].tool,
            .lists = table[i].lists,
            .list_count = table[i].list_count,
            .columns = table[i].columns,
            .column_count = table[i].column_count,
            .zone = zone,
        };
        FILE *stream = fopen(
            arena_format(&arena, "%s/list_tool/%s", TEST_DATA_DIRECTORY, table[i].file), "rb");
        assert_non_null(stream);
        string_builder_init(&got, 0);
        reported_append(&got, stream, &settings);
        assert_int_equal(fclose(stream), 0);
        compare(table[i].stem, got.data);
        string_builder_release(&got);
        arena_release(&arena);
    }
    zone_close(zone);
}

struct saying {
    const char *label;
    const char *tool;
    const char *input;
    struct list_map lists[2];
    struct list_map columns[2];
    const char *want; /* a part of what comes */
};

static size_t map_count(const struct list_map maps[2])
{
    return (maps[0].name ? 1U : 0U) + (maps[1].name ? 1U : 0U);
}

static void each_is_said(const struct saying *table, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct string_builder got;
        char input[512];
        struct list_settings settings = {
            .tool = table[i].tool,
            .lists = table[i].lists,
            .list_count = map_count(table[i].lists),
            .columns = table[i].columns,
            .column_count = map_count(table[i].columns),
        };
        (void)snprintf(input, sizeof input, "%s", table[i].input);
        FILE *stream = fmemopen(input, strlen(input) + (*input == '\0'), "r");
        assert_non_null(stream);
        string_builder_init(&got, 0);
        reported_append(&got, stream, &settings);
        if (!strstr(got.data, table[i].want))
            fail_msg("%s: %s", table[i].label, got.data);
        string_builder_release(&got);
        assert_int_equal(fclose(stream), 0);
    }
}

static void a_file_that_cannot_be_meant_is_refused(void **state)
{
    static const struct saying table[] = {
        { "no program", "mailmn", "a@x.example\n", { { 0 } }, { { 0 } }, "mailman" },
        { "no address",
          "listmonk",
          "uuid,name,status\n1,A,enabled\n",
          { { 0 } },
          { { 0 } },
          "refused: line 1: " },
        { "two addresses",
          "mailchimp",
          "Email Address,Email\na@x.example,b@x.example\n",
          { { 0 } },
          { { 0 } },
          "refused: line 1: " },
        { "two lists, none named",
          "mlmmj",
          "a@x.example\n",
          { { "press", "news" }, { "staff", "city" } },
          { { 0 } },
          "refused: the file does not say who is on \"press\" and who on \"staff\"" },
        { "two lists of a table",
          "listmonk",
          "email,status\na@x.example,enabled\n",
          { { "press", "news" }, { "staff", "city" } },
          { { 0 } },
          "refused: the file does not say" },
        { "two lists of a dump",
          "sympa",
          "email a@x.example\n",
          { { "press", "news" }, { "staff", "city" } },
          { { 0 } },
          "failed: " },
        { "columns of lines",
          "mailman",
          "a@x.example\n",
          { { 0 } },
          { { "email", "address" } },
          "refused: what Mailman writes has no columns" },
        { "a column that is not there",
          "mailchimp",
          "Email Address\na@x.example\n",
          { { 0 } },
          { { "Interests", "feeds" } },
          "refused: line 1: " },
        { "a ZIP file of the CSV files",
          "mailchimp",
          "PK\3\4 and so on",
          { { 0 } },
          { { 0 } },
          "refused: this is a ZIP file" },
        { "Mailchimp's, and nobody says so",
          NULL,
          "Email Address,Address,CONFIRM_TIME,LEID,EUID\na@x.example,,,1,2\n",
          { { 0 } },
          { { 0 } },
          "--from mailchimp" },
        { "a column that may say who left",
          "mailchimp",
          "Email Address,Afmeldt\na@x.example,1\n",
          { { 0 } },
          { { 0 } },
          "refused: line 1: \"Afmeldt\" may say who left" },
        { "such a column beside a plain list",
          "mailman",
          "\"email\",\"status\"\na@x.example,unsubscribed\n",
          { { 0 } },
          { { 0 } },
          "failed: line 1: \"status\" may say who left" },
        { "lists that nobody says the feeds of",
          "listmonk",
          "email,lists\na@x.example,Press\n",
          { { 0 } },
          { { 0 } },
          "1 note: what \"lists\" says is left out" },
        { "nothing", "listmonk", "", { { 0 } }, { { 0 } }, "refused: " },
    };
    (void)state;
    each_is_said(table, sizeof table / sizeof table[0]);
}

static void small_things_come_right(void **state)
{
    static const struct saying table[] = {
        { "everybody",
          "mailchimp",
          "Email Address,TAGS\na@x.example,\n",
          { { "*", "news" }, { "Press", "city" } },
          { { 0 } },
          "2|a@x.example|news|" },
        { "one list, two feeds",
          "mlmmj",
          "a@x.example\n",
          { { "press", "News" }, { "PRESS", "city" } },
          { { 0 } },
          "1|a@x.example|news city|" },
        { "a list named with its domain",
          "sympa",
          "1 member(s) in list press@x.example.\na@x.example\n",
          { { "Press@x.example", "news" } },
          { { 0 } },
          "2|a@x.example|news|" },
        { "several lists in a row",
          "sympa",
          "1 member(s) in list press@x.example.\na@x.example\n"
          "1 member(s) in list staff@x.example.\nb@x.example\n",
          { { "press", "news" }, { "staff", "city" } },
          { { 0 } },
          "2|a@x.example|news|||||\n4|b@x.example|city|" },
        { "never confirmed, and the status says why",
          "mailchimp",
          "Email Address,Status,CONFIRM_TIME\na@x.example,Non-Subscribed,2023-06-21 12:00:00\n",
          { { 0 } },
          { { 0 } },
          "2|a@x.example||||pending|" },
        { "archived",
          "mailchimp",
          "Email Address,Status,CONFIRM_TIME\na@x.example,Archived,2023-06-21 12:00:00\n",
          { { 0 } },
          { { 0 } },
          "2! a@x.example: the status \"Archived\" is not taken over" },
        { "left one list",
          "listmonk",
          "email,status,subscription_status\na@x.example,enabled,unsubscribed\n",
          { { 0 } },
          { { 0 } },
          "2|a@x.example||||unsubscribed|" },
        { "a date of zeros",
          "mailchimp",
          "Email Address,OPTIN_TIME,CONFIRM_TIME\na@x.example,2023-06-21 12:00:00,0000-00-00 "
          "00:00:00\n",
          { { 0 } },
          { { 0 } },
          "2|a@x.example|||||2023-06-21T12:00:00Z|" },
        { "a name behind, a header line before",
          "sympa",
          "email;gecos\na@x.example;Anna\n\"Bo, B.\";b@x.example\nc@x.example c@x.example\n",
          { { 0 } },
          { { 0 } },
          "2|a@x.example||||||\n3|b@x.example||||||\n4|c@x.example||||||\n" },
        { "several addresses",
          "mailman",
          "a@x.example, b@x.example\nc@x.example\n",
          { { 0 } },
          { { 0 } },
          "1! a@x.example: several addresses" },
        { "several addresses in brackets",
          "mailman",
          "A <a@x.example>, B <b@x.example>\n",
          { { 0 } },
          { { 0 } },
          "1! A <a@x.example>, B <b@x.example>: not one address" },
        { "empty lines count",
          "mlmmj",
          "\n\na@x.example\n",
          { { 0 } },
          { { 0 } },
          "3|a@x.example|" },
        { "Windows-1252",
          "mailman",
          "S\xF8ren <s@x.example>\n",
          { { 0 } },
          { { 0 } },
          "1|s@x.example|" },
    };
    (void)state;
    each_is_said(table, sizeof table / sizeof table[0]);
}

/* Only the name tells who never subscribed from who did. */
static void the_name_of_a_mailchimp_file_says_who_is_in_it(void **state)
{
    static const struct {
        const char *file;
        const char *want;
    } table[] = {
        { "subscribed_members_export_3f2a.csv", "2|a@x.example||||confirmed|" },
        { "unsubscribed/subscribed_email_audience_export_3f2a.csv", "2|a@x.example||||confirmed|" },
        { "export/nonsubscribed_members_export_3f2a.csv", "2|a@x.example||||pending|" },
        { "Unsubscribed_email_audience_export_3f2a.csv", "2|a@x.example||||unsubscribed|" },
        { "Kopi af nonsubscribed_members_export_3f2a.csv", "2|a@x.example||||pending|" },
        { "2026-05-01 unsubscribed (1).csv", "2|a@x.example||||unsubscribed|" },
        { "cleaned.csv", "2|a@x.example||||bounced|" },
        { "liste cleaned.csv", "2|a@x.example||||confirmed|" },
        { "/tmp/cleaned_members_export_3f2a.csv", "2|a@x.example||||bounced|" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        struct string_builder got;
        char input[] = "Email Address,CONFIRM_TIME\na@x.example,2023-06-21 12:00:00\n";
        struct list_settings settings = { .tool = "mailchimp", .file = table[i].file };
        FILE *stream = fmemopen(input, sizeof input - 1, "r");
        assert_non_null(stream);
        string_builder_init(&got, 0);
        reported_append(&got, stream, &settings);
        if (!strstr(got.data, table[i].want))
            fail_msg("%s: %s", table[i].file, got.data);
        string_builder_release(&got);
        assert_int_equal(fclose(stream), 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_program_is_understood),
        cmocka_unit_test(a_file_that_cannot_be_meant_is_refused),
        cmocka_unit_test(small_things_come_right),
        cmocka_unit_test(the_name_of_a_mailchimp_file_says_who_is_in_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
