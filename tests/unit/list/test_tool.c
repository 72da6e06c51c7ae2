/* SPDX-License-Identifier: MIT */
#include "cmocka_all.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/text.h"
#include "list/list.h"
#include "locale/zone.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What other programs write: each file of golden/list_tool/ gives what stands beside it. */

static void append_note(void *payload, int64_t line, const char *text)
{
    text_append_format(payload, "%" PRId64 " note: %s\n", line, text);
}

static void append_record(struct text *text, const struct list_reader *reader)
{
    text_append_format(text, "%" PRId64, list_reader_line(reader));
    for (enum list_key key = 0; key < LIST_KEY_COUNT; key++)
        text_append_format(text, "|%s", list_reader_field(reader, key));
    text_append_character(text, '\n');
}

/* All that the file says, a line each. */
static void append_list(struct text *text, FILE *stream, struct list_settings *settings)
{
    struct error error = { 0 };
    enum list_result result = LIST_FAILED;
    settings->note = append_note;
    settings->payload = text;
    struct list_reader *reader = list_reader_new(stream, settings, &error);
    if (!reader) {
        text_append_format(text, "refused: %s\n", error.message);
        return;
    }
    while ((result = list_reader_next(reader, &error)) != LIST_END && result != LIST_FAILED)
        if (result == LIST_RECORD)
            append_record(text, reader);
        else
            text_append_format(text, "%" PRId64 "! %s: %s\n", list_reader_line(reader),
                               list_reader_field(reader, LIST_ADDRESS), error.message);
    if (result == LIST_FAILED)
        text_append_format(text, "failed: %s\n", error.message);
    list_reader_free(reader);
}

static char *read_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    char *bytes = calloc(1, 1 << 20);
    if (file) {
        (void)fread(bytes, 1, (1 << 20) - 1, file);
        assert_int_equal(fclose(file), 0);
    }
    return bytes;
}

/* What came stands in the output where it is something else. */
static void compare(const char *stem, const char *got)
{
    struct arena arena = { 0 };
    const char *path = arena_format(&arena, "%s/list_tool/%s.expected", TEST_DATA_DIRECTORY, stem);
    char *expected = read_file(path);
    assert_string_equal(got, expected);
    free(expected);
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
        struct text got;
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
        text_init(&got, 0);
        append_list(&got, stream, &settings);
        assert_int_equal(fclose(stream), 0);
        compare(table[i].stem, got.data);
        text_release(&got);
        arena_release(&arena);
    }
    zone_close(zone);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_program_is_understood),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
