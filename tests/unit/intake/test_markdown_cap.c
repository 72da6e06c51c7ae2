/* SPDX-License-Identifier: MIT */
#include "cmocka_all.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/string_builder.h"
#include "html/html.h"
#include "intake/markdown_body.h"
#include "intake/reader.h"
#include "locale/zone.h"
#include "release/body.h"
#include "release/release.h"

#include <string.h>

struct row {
    const char *first; /* once, before */
    const char *piece; /* so many times */
    size_t count;
};

static void fill(struct string_builder *text, const struct row *row)
{
    string_builder_init(text, 0);
    string_builder_append(text, "---\ntitle: En titel\n---\n");
    string_builder_append(text, row->first);
    for (size_t i = 0; i < row->count; i++)
        string_builder_append(text, row->piece);
}

/* How many problems refuse it. */
static size_t read(const struct row *row, size_t *letters)
{
    struct arena arena = { 0 };
    struct error error;
    struct string_builder text;
    struct intake_text read;
    struct intake_problem_list problems;
    struct zone *zone = zone_open("Europe/Copenhagen", &error);
    fill(&text, row);
    struct intake_source source = { .html = &html_reader,
                                    .name = "x.md",
                                    .bytes = text.data,
                                    .length = text.length,
                                    .zone = zone,
                                    .language = "da" };
    intake_problem_list_init(&problems, &arena, "x.md");
    intake_read_source(&arena, &source, &read, &problems);
    const struct release *release = read.release;
    *letters = strlen(body_plain_text(&arena, release->body));
    size_t refused = problems.refused;
    string_builder_release(&text);
    zone_close(zone);
    arena_release(&arena);
    return refused;
}

/* Each of them would cost the parser minutes or gigabytes. */
static void what_costs_more_than_its_length_is_refused(void **state)
{
    static const struct row rows[] = {
        { "", "[", 1000000 },
        { "", "*a_ ", 500000 },
        { "", ">", 1000000 },
        { "", "- ", 500000 },
        { "", "1. ", 500000 },
        { "", "|", 1000000 },
        { "|a|b|c|d|e|f|g|h|i|j|k|l|\n|-|-|-|-|-|-|-|-|-|-|-|-|\n", "|\n", 100000 },
        { "[a]: https://a.example/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n", "[a]\n",
          600000 },
        { "", "`a``", 250000 },
        { "", "<a ", 300000 },
        { "", "&amp;", 600000 },
        { "", "www.", 600000 },
        { "", "\n", 300000 },
        { "", "a@b.c ", 600000 },
        { "", "~~a~~ ", 600000 },
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        size_t letters;
        if (read(&rows[i], &letters) == 0)
            fail_msg("%s", rows[i].piece);
    }
}

static void what_people_write_is_read(void **state)
{
    static const struct row rows[] = {
        { "", "Et afsnit med **fed**, *kursiv* og [et link](https://nordhav.example/).\n\n", 5000 },
        { "", "- et punkt med **fed** og [et link](https://nordhav.example/)\n", 3000 },
        { "|a|b|c|d|e|f|\n|-|-|-|-|-|-|\n", "|1|2|3|4|5|6|\n", 3000 },
        { "Tekst.\n\n", "-", 150 },
        { "Tekst.\n\n", "* ", 150 },
        { "Et par ord ", "og et par ord til ", 100000 },
        { "> > > citat\n\n- - - 1. 2. punkt\n\n", "Ord.\n", 1000 },
        { "[a]: https://nordhav.example/\n\n", "Se [a].\n\n", 3000 },
        { "Se [^1].\n\n[^1]: ", "en lang note ", 3000 },
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        size_t letters;
        if (read(&rows[i], &letters) != 0 || letters < 3)
            fail_msg("%s", rows[i].piece);
    }
}

static void the_line_is_said(void **state)
{
    struct string_builder text;
    int line;
    (void)state;
    string_builder_init(&text, 0);
    string_builder_append(&text, "Et\n\nto\n");
    for (int i = 0; i < 2000; i++)
        string_builder_append_character(&text, '|');
    assert_false(markdown_is_within_caps(text.data, text.length, &line));
    assert_int_equal(line, 4);
    assert_true(markdown_is_within_caps(text.data, 8, &line));
    assert_int_equal(line, 0);
    string_builder_release(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_costs_more_than_its_length_is_refused),
        cmocka_unit_test(what_people_write_is_read),
        cmocka_unit_test(the_line_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
