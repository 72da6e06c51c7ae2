/* SPDX-License-Identifier: MIT */
#include "cmocka_all.h"

#include "rich_text/builder.h"
#include "unit/rich_text/describe.h"

#include <stdio.h>

static struct arena arena;
static struct rich_text text;
static struct builder *builder;

static int begin(void **state)
{
    (void)state;
    arena = (struct arena){ 0 };
    text = (struct rich_text){ .detail = "" };
    builder = builder_new(&arena, &text);
    return 0;
}

static int end(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

static void words(const char *bytes, unsigned style)
{
    builder_text(builder, bytes, strlen(bytes), style);
}

static void paragraph(struct builder_paragraph as, const char *bytes)
{
    builder_begin_paragraph(builder, &as);
    words(bytes, 0);
    builder_end_paragraph(builder);
}

static void plain(const char *bytes)
{
    paragraph((struct builder_paragraph){ 0 }, bytes);
}

static void expect(const char *wanted)
{
    assert_true(builder_finish(builder));
    assert_string_equal(describe(&arena, &text), wanted);
}

#define PNG "\x89PNG\r\n\x1A\nx"
#define JPEG "\xFF\xD8\xFFx"

static void runs_of_a_style_are_joined(void **state)
{
    (void)state;
    builder_begin_paragraph(builder, &(struct builder_paragraph){ 0 });
    words("  Vi ", BUILDER_BOLD);
    words("la", BUILDER_BOLD);
    words("ver", BUILDER_BOLD | BUILDER_ITALIC);
    words(" ", 0);
    words("mad", BUILDER_BOLD);
    words(".", 0);
    words("\n Og", 0);
    words(",", BUILDER_BOLD);
    words(" mere ", 0);
    words("a < b", BUILDER_CODE);
    words(" ", BUILDER_BOLD);
    builder_end_paragraph(builder);
    expect("p: **Vi la_ver_ mad**. Og, mere `a < b`\n");
}

static void links_are_whole(void **state)
{
    (void)state;
    builder_begin_paragraph(builder, &(struct builder_paragraph){ 0 });
    words("Se ", BUILDER_BOLD);
    builder_begin_link(builder, "https://a.example/");
    words(" vor", BUILDER_BOLD);
    words(" side", 0);
    builder_begin_link(builder, "https://b.example/");
    words(" her ", 0);
    builder_end_link(builder);
    builder_end_link(builder);
    builder_begin_link(builder, "javascript:x()");
    words("og her", 0);
    builder_end_link(builder);
    builder_end_paragraph(builder);
    builder_begin_paragraph(builder, &(struct builder_paragraph){ 0 });
    words("Alt ", BUILDER_BOLD);
    builder_begin_link(builder, "https://a.example/");
    words("fedt", BUILDER_BOLD);
    builder_end_link(builder);
    builder_end_paragraph(builder);
    expect("p: **Se **[**vor** side her](https://a.example/) og her\n"
           "bold p: **Alt [fedt](https://a.example/)**\n");
}

static void links_lead_to_headings(void **state)
{
    (void)state;
    builder_begin_link(builder, "#slut");
    words("ned", 0);
    builder_end_link(builder);
    words(", ", 0);
    builder_begin_link(builder, "#ingen");
    words("væk", 0);
    builder_end_link(builder);
    builder_begin_paragraph(builder, &(struct builder_paragraph){ .outline = 2 });
    builder_anchor(builder, "slut");
    words("Til slut", BUILDER_BOLD);
    builder_end_paragraph(builder);
    expect("p: [ned](#1), væk\n"
           "h2 bold p #1: Til slut\n");
}

static void white_space_is_folded(void **state)
{
    (void)state;
    plain("\xC2\xA0\xC2\xA0 \n");
    plain(" a\xC2\xA0"
          "b \xC2\xA0 c\xC2\xA0");
    builder_begin_paragraph(builder, &(struct builder_paragraph){ 0 });
    builder_break(builder);
    words("Ida ", 0);
    builder_break(builder);
    words(" 12", 0);
    builder_tab(builder);
    words("34", 0);
    builder_break(builder);
    builder_break(builder);
    words("e\xCC\x81t \xC2\xADnyt", 0);
    builder_break(builder);
    builder_end_paragraph(builder);
    expect("p: a\xC2\xA0"
           "b c\n"
           "p: Ida\\ 12 34\n"
           "p: ét nyt\n");
}

static void lists_nest_by_level_and_identity(void **state)
{
    static const int one = 1, two = 2;
    (void)state;
    paragraph((struct builder_paragraph){ .list_level = 1, .list = &one }, "a");
    paragraph(
        (struct builder_paragraph){
            .list_level = 2, .list = &one, .is_ordered = true, .number = 1 },
        "a1");
    paragraph(
        (struct builder_paragraph){
            .list_level = 2, .list = &one, .is_ordered = true, .number = 2 },
        "a2");
    paragraph((struct builder_paragraph){ .list_level = 2, .list = &one, .continues_item = true },
              "mere");
    paragraph((struct builder_paragraph){ .list_level = 1, .list = &one }, "b");
    paragraph((struct builder_paragraph){ .list_level = 1, .list = &two }, "c");
    plain("ord");
    paragraph(
        (struct builder_paragraph){
            .list_level = 3, .list = &two, .is_ordered = true, .number = 4 },
        "d");
    paragraph(
        (struct builder_paragraph){
            .list_level = 3, .list = &two, .is_ordered = true, .number = 5, .label = "§ 5" },
        "e");
    expect("ul:\n"
           "  li: a\n"
           "    ol:\n"
           "      li: a1\n"
           "      li:\n"
           "        p: a2\n"
           "        p: mere\n"
           "  li: b\n"
           "ul:\n"
           "  li: c\n"
           "p: ord\n"
           "ol from 4:\n"
           "  li: d\n"
           "p: § 5 e\n");
}

static void deep_lists_stay_within_bounds(void **state)
{
    (void)state;
    for (int level = 1; level <= 100; level++)
        paragraph((struct builder_paragraph){ .list_level = level, .is_quote = true }, "x");
    assert_true(builder_finish(builder));
    int depth = 0;
    for (const struct body_node *node = text.body; node; node = node->last_child)
        depth++;
    assert_in_range(depth, 20, BODY_DEPTH_MAXIMUM - 1);
}

static void headings_have_no_bold_and_one_line(void **state)
{
    (void)state;
    builder_begin_paragraph(builder,
                            &(struct builder_paragraph){
                                .outline = 1, .list_level = 1, .is_ordered = true, .number = 3 });
    words("Nyt ", BUILDER_BOLD);
    builder_break(builder);
    words("hus", BUILDER_BOLD | BUILDER_LARGE);
    builder_end_paragraph(builder);
    builder_begin_paragraph(builder, &(struct builder_paragraph){ 0 });
    words("Stort", BUILDER_BOLD | BUILDER_LARGE);
    words("!", 0);
    builder_end_paragraph(builder);
    paragraph((struct builder_paragraph){ .marks = RICH_TEXT_SUBTITLE }, "under");
    expect("h1 bold p: 3. Nyt hus\n"
           "bold large p: **Stort**!\n"
           "subtitle p: under\n");
    assert_int_equal(text.letters, 1); /* the number is ours */
}

static void pictures_are_figures(void **state)
{
    (void)state;
    paragraph((struct builder_paragraph){ .is_caption = true }, "Foran");
    builder_begin_paragraph(builder, &(struct builder_paragraph){ 0 });
    builder_picture(builder, PNG, sizeof PNG - 1, "media/image1.bin", " et \n hus");
    words("Ord", 0);
    builder_picture(builder, JPEG, sizeof JPEG - 1, "media/image2.png", NULL);
    words("flere", 0);
    builder_picture(builder, PNG, sizeof PNG - 1, "media/image1.bin", "");
    builder_end_paragraph(builder);
    paragraph((struct builder_paragraph){ .is_caption = true }, "Bagved");
    paragraph((struct builder_paragraph){ .is_caption = true }, "Alene");
    builder_picture(builder, "\x01\0\0\0EMF", 7, "image3.emf", "kort");
    builder_picture_file(builder, "mappe/picture-3.jpg", "fil");
    builder_picture_file(builder, "../x.jpg", NULL);
    builder_end_paragraph(builder);
    builder_picture(builder, JPEG "y", sizeof JPEG, "image4.jpg", NULL);
    builder_picture_file(builder, "Picture-2.jpg", "");
    expect("figure: ![et hus](picture-1.png)\n"
           "  caption: Foran\n"
           "p: Ord![](picture-3.jpg)flere\n"
           "figure: ![](picture-1.png)\n"
           "  caption: Bagved\n"
           "figure: ![fil](mappe/picture-3.jpg)\n"
           "  caption: Alene\n"
           "figure: ![](picture-4.jpg)\n"
           "figure: ![](Picture-2.jpg)\n"
           "= picture-1.png, 9 bytes, \"et hus\", \"Foran\"\n"
           "= picture-3.jpg, 4 bytes, \"\", \"\"\n"
           "= picture-4.jpg, 5 bytes, \"\", \"\"\n"
           "= unreadable 2, 4 letters: image3.emf\n");
}

static void cell(const char *first, const char *second)
{
    builder_begin_cell(builder, false, 1);
    plain(first);
    if (second)
        plain(second);
    builder_end_cell(builder);
}

static void tables_have_lines(void **state)
{
    (void)state;
    builder_begin_table(builder);
    builder_begin_row(builder, true);
    builder_begin_cell(builder, false, 2);
    words("Hoved", BUILDER_BOLD);
    builder_end_cell(builder);
    builder_end_row(builder);
    builder_begin_row(builder, false);
    cell("Kontakt", NULL);
    builder_begin_cell(builder, false, 1);
    plain("Ida");
    paragraph((struct builder_paragraph){ .list_level = 1, .is_ordered = true, .number = 2 }, "to");
    paragraph((struct builder_paragraph){ .list_level = 1 }, "punkt");
    builder_begin_table(builder);
    builder_begin_row(builder, false);
    cell("x", "y");
    cell("z", NULL);
    builder_end_row(builder);
    builder_end_table(builder);
    paragraph((struct builder_paragraph){ .is_preformatted = true }, "l1\n\nl2\n");
    builder_end_cell(builder);
    builder_end_row(builder);
    builder_begin_row(builder, false);
    builder_begin_cell(builder, false, 1);
    builder_end_cell(builder);
    builder_end_row(builder);
    builder_end_table(builder);
    expect("table:\n"
           "  row:\n"
           "    cell header: **Hoved**\n"
           "    cell header:\n"
           "  row:\n"
           "    cell: Kontakt\n"
           "    cell: Ida\\ 2. to\\ • punkt\\ x\\ y | z\\ l1\\ l2\n");
}

static void a_table_of_one_cell_is_none(void **state)
{
    (void)state;
    builder_begin_table(builder);
    builder_begin_row(builder, false);
    builder_begin_cell(builder, false, 1);
    paragraph((struct builder_paragraph){ .outline = 1 }, "Titel");
    plain("ord");
    builder_begin_table(builder);
    builder_begin_row(builder, false);
    cell("inde", NULL);
    builder_end_row(builder);
    builder_end_table(builder);
    builder_end_cell(builder);
    cell(" ", NULL);
    builder_end_row(builder);
    builder_end_table(builder);
    builder_begin_table(builder);
    builder_end_table(builder);
    plain("efter");
    expect("h1 p: Titel\np: ord\np: inde\np: efter\n");
}

static void tables_without_end_are_taken(void **state)
{
    (void)state;
    for (int i = 0; i < 50; i++) {
        builder_begin_table(builder);
        builder_begin_row(builder, false);
        cell("a", NULL);
        builder_begin_cell(builder, false, 1);
    }
    words("dybt", 0);
    assert_true(builder_finish(builder));
    const char *line = body_plain_text(&arena, text.body);
    assert_non_null(strstr(line, "dybt"));
    size_t cells = 0;
    for (; *line; line++)
        cells += *line == 'a';
    assert_int_equal(cells, 50);
}

static void notes_stand_at_the_end(void **state)
{
    (void)state;
    builder_begin_note(builder, "b");
    plain("note b");
    builder_end_note(builder);
    builder_begin_paragraph(builder, &(struct builder_paragraph){ 0 });
    words("Ord", BUILDER_BOLD);
    builder_note_reference(builder, "a");
    builder_begin_note(builder, "a");
    plain("note a");
    plain("mere");
    builder_end_note(builder);
    words(" og ", 0);
    builder_note_reference(builder, "b");
    builder_note_reference(builder, "a");
    builder_end_paragraph(builder);
    builder_begin_note(builder, "c");
    plain("ingen");
    builder_end_note(builder);
    builder_begin_note(builder, "tom");
    builder_end_note(builder);
    expect("p: **Ord[1]** og [2][1]\n"
           "rule:\n"
           "ol:\n"
           "  li:\n"
           "    p: note a\n"
           "    p: mere\n"
           "  li: note b\n"
           "  li: ingen\n");
}

static void quotes_and_code_are_joined(void **state)
{
    (void)state;
    paragraph((struct builder_paragraph){ .is_quote = true }, "et");
    paragraph((struct builder_paragraph){ .is_quote = true }, "to");
    paragraph((struct builder_paragraph){ .is_quote = true, .list_level = 1 }, "tre");
    plain("ord");
    paragraph((struct builder_paragraph){ .is_preformatted = true }, "  a  b\n\n");
    paragraph((struct builder_paragraph){ .is_preformatted = true }, "\tc");
    builder_rule(builder);
    builder_rule(builder);
    paragraph((struct builder_paragraph){ .list_level = 1 }, "punkt");
    paragraph(
        (struct builder_paragraph){ .list_level = 1, .continues_item = true, .is_quote = true },
        "citat");
    expect("quote:\n"
           "  p: et\n"
           "  p: to\n"
           "  ul:\n"
           "    li: tre\n"
           "p: ord\n"
           "pre:   a  b\n\tc\n"
           "rule:\n"
           "ul:\n"
           "  li:\n"
           "    p: punkt\n"
           "    quote:\n"
           "      p: citat\n");
}

static void findings_are_counted(void **state)
{
    (void)state;
    builder_finding(builder, RICH_TEXT_DELETED, "");
    builder_finding(builder, RICH_TEXT_DELETED, " 12 \n kr. ");
    builder_finding(builder, RICH_TEXT_DELETED, "mere");
    builder_finding(builder, RICH_TEXT_INSERTED, "nyt");
    builder_finding(builder, RICH_TEXT_MACROS, NULL);
    builder_finding_letters(builder, RICH_TEXT_FURNITURE, "æøå", 6);
    assert_null(text.findings->lines);
    builder_field(builder, RICH_TEXT_FIELD_TITLE, " Et \xC2\xAD hus\n");
    builder_field(builder, RICH_TEXT_FIELD_KEYWORD, "  ");
    expect("= title: Et hus\n"
           "= deleted 3, 8 letters: 12 kr.\n"
           "= inserted 1, 0 letters: nyt\n"
           "= macros 1, 0 letters: \n"
           "= furniture 0, 3 letters: \n");
}

static void words_beside_the_text_are_kept(void **state)
{
    (void)state;
    builder_finding(builder, RICH_TEXT_FURNITURE, " Menu\n et ");
    builder_finding(builder, RICH_TEXT_FURNITURE, "Embargo");
    assert_string_equal(text.findings->lines, "Menu et\nEmbargo");
    for (int i = 0; i < 2000; i++)
        builder_finding(builder, RICH_TEXT_FURNITURE, "mere og mere");
    assert_in_range(strlen(text.findings->lines), 4000, 4100);
}

static void letters_are_counted_as_they_come_out(void **state)
{
    (void)state;
    assert_int_equal(builder_letters("Ab 1, é e\xCC\x81 ½ Ω", strlen("Ab 1, é e\xCC\x81 ½ Ω")), 7);
    /* Hangul in parts and whole */
    assert_int_equal(builder_letters("\xE1\x84\x92\xE1\x85\xA1\xE1\x86\xAB", 9), 1);
    assert_int_equal(builder_letters("\xED\x95\x9C", 3), 1);
    assert_int_equal(builder_letters("\xFFx\xEF\xBF\xBF", 5), 1);
}

static void too_much_is_a_fault(void **state)
{
    (void)state;
    for (int i = 0; i < BODY_NODES_MAXIMUM; i++) {
        builder_begin_paragraph(builder, &(struct builder_paragraph){ 0 });
        words("x", 0);
    }
    assert_false(builder_finish(builder));
    assert_string_equal(text.detail, "text");
    assert_null(text.body);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(runs_of_a_style_are_joined, begin, end),
        cmocka_unit_test_setup_teardown(links_are_whole, begin, end),
        cmocka_unit_test_setup_teardown(links_lead_to_headings, begin, end),
        cmocka_unit_test_setup_teardown(white_space_is_folded, begin, end),
        cmocka_unit_test_setup_teardown(lists_nest_by_level_and_identity, begin, end),
        cmocka_unit_test_setup_teardown(deep_lists_stay_within_bounds, begin, end),
        cmocka_unit_test_setup_teardown(headings_have_no_bold_and_one_line, begin, end),
        cmocka_unit_test_setup_teardown(pictures_are_figures, begin, end),
        cmocka_unit_test_setup_teardown(tables_have_lines, begin, end),
        cmocka_unit_test_setup_teardown(a_table_of_one_cell_is_none, begin, end),
        cmocka_unit_test_setup_teardown(tables_without_end_are_taken, begin, end),
        cmocka_unit_test_setup_teardown(notes_stand_at_the_end, begin, end),
        cmocka_unit_test_setup_teardown(quotes_and_code_are_joined, begin, end),
        cmocka_unit_test_setup_teardown(findings_are_counted, begin, end),
        cmocka_unit_test_setup_teardown(words_beside_the_text_are_kept, begin, end),
        cmocka_unit_test_setup_teardown(letters_are_counted_as_they_come_out, begin, end),
        cmocka_unit_test_setup_teardown(too_much_is_a_fault, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
