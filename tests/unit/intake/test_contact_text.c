/* SPDX-License-Identifier: MIT */
#include "cmocka_all.h"

#include "base/arena.h"
#include "base/string_builder.h"
#include "intake/contact_text.h"
#include "intake/reader.h"
#include "release/body.h"
#include "release/release.h"
#include "unit/words.h"

#include <string.h>

static struct language_words *words;

static const char *shown(struct arena *arena, const struct release *release)
{
    struct string_builder text;
    string_builder_init(&text, 0);
    for (const struct release_contact *one = release->contacts; one; one = one->next)
        string_builder_append_format(&text, "%s|%s|%s|%s\n", one->name ? one->name : "",
                                     one->title ? one->title : "", one->phone ? one->phone : "",
                                     one->email ? one->email : "");
    if (text.length)
        string_builder_truncate(&text, text.length - 1);
    const char *result = arena_copy_bytes(arena, text.data, text.length);
    string_builder_release(&text);
    return result;
}

static struct intake_reading reading_in(struct arena *arena, struct intake_problem_list *problems)
{
    struct release *release = arena_allocate(arena, sizeof *release);
    release->body = body_new(arena);
    intake_problem_list_init(problems, arena, "x.txt");
    return (struct intake_reading){
        .arena = arena, .text = "", .words = words, .release = release, .problems = problems
    };
}

struct row {
    const char *input;
    const char *want;
};

static void entries_of_one_line_are_read_however_they_are_parted(void **state)
{
    static const struct row rows[] = {
        { "Mads Overby, 51 00 00 10", "Mads Overby||51 00 00 10|" },
        { "Mads Overby, pressechef, 51 00 00 10.", "Mads Overby|pressechef|51 00 00 10|" },
        { "Mads Overby, pressechef, tlf. 51 00 00 10, mads@nordhav.example",
          "Mads Overby|pressechef|51 00 00 10|mads@nordhav.example" },
        { "Mads Overby tlf. 51000010", "Mads Overby||51000010|" },
        { "Mads Overby på telefon 51 00 00 10 eller mads@nordhav.example",
          "Mads Overby||51 00 00 10|mads@nordhav.example" },
        { "Mads Overby 51 00 00 10 (mobil)", "Mads Overby||51 00 00 10|" },
        { "Mads Overby (mads@nordhav.example)", "Mads Overby|||mads@nordhav.example" },
        { "Mads Overby <mads@nordhav.example>", "Mads Overby|||mads@nordhav.example" },
        { "Jane Doe (202) 555-0172", "Jane Doe||(202) 555-0172|" },
        { "Jane Doe at (202) 555-0172 or jane@senate.example",
          "Jane Doe||(202) 555-0172|jane@senate.example" },
        { "Jane Doe, 202-555-0172", "Jane Doe||202-555-0172|" },
        { "Jane Doe/202.555.0172", "Jane Doe/202.555.0172|||" },
        { "Jane Doe - 202.555.0172", "Jane Doe||202.555.0172|" },
        { "Contact: Jane Doe, Press Office, +1 202 555 0172",
          "Jane Doe|Press Office|+1 202 555 0172|" },
        { "For more information, please contact: Jane Doe, 202-555-0172",
          "Jane Doe||202-555-0172|" },
        { "Kontakt: Eva Lind, presschef, 08-555 01 72", "Eva Lind|presschef|08-555 01 72|" },
        { "Pressekontakt: Jens Kröger, Telefon 0431 988-1704, E-Mail: presse@nordhav.example",
          "Jens Kröger||0431 988-1704|presse@nordhav.example" },
        { "Pressevagten", "Pressevagten|||" },
        { "Tlf. 1818", "||1818|" },
        { "M: 51 00 00 10", "||51 00 00 10|" },
        { "T. Holm, chef, 51 00 00 10", "T. Holm|chef|51 00 00 10|" },
        { "Overby, Mads, Sengetorvet 12, 4700 Lillesund, 51 00 00 10",
          "Overby|Mads, Sengetorvet 12, 4700 Lillesund|51 00 00 10|" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct arena arena = { 0 };
        struct intake_problem_list problems;
        struct intake_reading reading = reading_in(&arena, &problems);
        assert_int_equal(contact_text_read(&reading, rows[i].input, 3), 1);
        assert_string_equal(shown(&arena, reading.release), rows[i].want);
        assert_int_equal(problems.refused, 0);
        arena_release(&arena);
    }
}

/* A number that has no field left stands in the title: no digit is lost. */
static void further_numbers_are_kept(void **state)
{
    static const struct row rows[] = {
        { "Mads Overby, 51 00 00 10, mobil 51 00 00 11",
          "Mads Overby|mobil 51 00 00 11|51 00 00 10|" },
        { "Mads Overby, 51 00 00 10, 51 00 00 10", "Mads Overby||51 00 00 10|" },
        { "Jane Doe, 202-555-0172 or 202-555-0173", "Jane Doe|or 202-555-0173|202-555-0172|" },
        { "Jens Kröger, Tel. 0431 988-1704, Fax 0431 988-1705",
          "Jens Kröger|Fax 0431 988-1705|0431 988-1704|" },
        { "Jane Doe, a@senate.example, b@senate.example",
          "Jane Doe|b@senate.example||a@senate.example" },
        { "Jane Doe, 202-555-0172/202-555-0173", "Jane Doe|/202-555-0173|202-555-0172|" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct arena arena = { 0 };
        struct intake_problem_list problems;
        struct intake_reading reading = reading_in(&arena, &problems);
        (void)contact_text_read(&reading, rows[i].input, 3);
        assert_string_equal(shown(&arena, reading.release), rows[i].want);
        arena_release(&arena);
    }
}

static void several_contacts_stand_in_one_text(void **state)
{
    struct arena arena = { 0 };
    struct intake_problem_list problems;
    struct intake_reading reading = reading_in(&arena, &problems);
    (void)state;
    assert_int_equal(contact_text_read(&reading, "Mads Overby; 51 00 00 10", 3), 1);
    assert_int_equal(
        contact_text_read(&reading, "Karen Holm, formand, 51 00 00 01; Ole Dam, 51 00 00 02", 3),
        2);
    assert_string_equal(shown(&arena, reading.release), "Mads Overby||51 00 00 10|\n"
                                                        "Karen Holm|formand|51 00 00 01|\n"
                                                        "Ole Dam||51 00 00 02|");
    arena_release(&arena);
}

static void the_next_name_before_a_number_is_the_next_contact(void **state)
{
    static const struct row rows[] = {
        { "Jane Doe (202) 555-0172 or John Roe (202) 555-0173",
          "Jane Doe||(202) 555-0172|\nJohn Roe||(202) 555-0173|" },
        { "Jane Doe 202-555-0172 / John Roe 202-555-0173",
          "Jane Doe||202-555-0172|\nJohn Roe||202-555-0173|" },
        { "Karen Holm, formand, 51 00 00 01, og Ole Dam, 51 00 00 02",
          "Karen Holm|formand|51 00 00 01|\nOle Dam||51 00 00 02|" },
        { "Karen Holm 51 00 00 01, direkte 51 00 00 02",
          "Karen Holm|direkte 51 00 00 02|51 00 00 01|" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct arena arena = { 0 };
        struct intake_problem_list problems;
        struct intake_reading reading = reading_in(&arena, &problems);
        (void)contact_text_read(&reading, rows[i].input, 3);
        assert_string_equal(shown(&arena, reading.release), rows[i].want);
        arena_release(&arena);
    }
}

static void an_entry_may_go_over_several_lines(void **state)
{
    static const char *const lines[] = { "Mette Lund",
                                         "Pressechef",
                                         "Region Nordhav",
                                         "Tlf. 51 00 00 03",
                                         "mette.lund@nordhav.example",
                                         "Ole Dam, centerleder",
                                         "51 00 00 02",
                                         "Presseenheden",
                                         "Telefon:",
                                         "51 00 00 04",
                                         NULL };
    struct arena arena = { 0 };
    struct intake_problem_list problems;
    struct intake_reading reading = reading_in(&arena, &problems);
    (void)state;
    for (const char *const *line = lines; *line; line++)
        contact_text_add(&reading, *line, 1, false);
    assert_string_equal(shown(&arena, reading.release),
                        "Mette Lund|Pressechef, Region Nordhav|51 00 00 03|"
                        "mette.lund@nordhav.example\n"
                        "Ole Dam|centerleder|51 00 00 02|\n"
                        "Presseenheden||51 00 00 04|");
    arena_release(&arena);
}

static void sentences_are_no_entries(void **state)
{
    static const struct {
        const char *line;
        bool want;
    } rows[] = {
        { "Jane Doe", true },
        { "(202) 555-0172", true },
        { "Karen Holm, regionsrådsformand i Region Nordhav, 51 00 00 01.", true },
        { "Ole Dam, centerleder, tlf. +45 51 00 00 02, ole.dam@nordhav.example", true },
        { "For more information, please contact Jane Doe, 202-555-0172.", true },
        { "Formand for udvalget for det nære sundhedsvæsen", true },
        { "Martin Luther King, Jr.", true },
        { "Karen Holm, Ph.D.", true },
        { "WASHINGTON, D.C. - Senator X today announced a grant of $5 million for the city.",
          false },
        { "Region Nordhav driver sygehuse i Vesterhavn, Lillesund og Ådal.", false },
        { "Vi glæder os til at se jer!", false },
        { "The senator also spoke to the press about the new bridge over the river", false },
        { "Pressen kan ringe til Mads Overby. Han svarer hele dagen", false },
    };
    struct arena arena = { 0 };
    struct intake_problem_list problems;
    struct intake_reading reading = reading_in(&arena, &problems);
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_int_equal(contact_text_is_entry(&reading, rows[i].line), rows[i].want);
    arena_release(&arena);
}

static void what_only_looks_like_a_number_is_none(void **state)
{
    static const char *const lines[] = {
        "9.6.2026",   "den 09.06.2026",   "2022-2025",  "4700 Lillesund",
        "$5,000,000", "kl. 10.30",        "ABC1234567", "Notice 12345678x",
        "20510",      "Washington 20510", "a@b",        NULL
    };
    struct arena arena = { 0 };
    struct intake_problem_list problems;
    struct intake_reading reading = reading_in(&arena, &problems);
    (void)state;
    for (const char *const *line = lines; *line; line++)
        if (strcmp(*line, "20510") != 0)
            assert_false(contact_text_has_number(&reading, *line));
    assert_true(contact_text_has_number(&reading, "51 00 00 10"));
    assert_true(contact_text_has_number(&reading, "tlf. 1818"));
    arena_release(&arena);
}

static int set_up(void **state)
{
    (void)state;
    words = shipped_words();
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    language_words_free(words);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(entries_of_one_line_are_read_however_they_are_parted),
        cmocka_unit_test(further_numbers_are_kept),
        cmocka_unit_test(several_contacts_stand_in_one_text),
        cmocka_unit_test(the_next_name_before_a_number_is_the_next_contact),
        cmocka_unit_test(an_entry_may_go_over_several_lines),
        cmocka_unit_test(sentences_are_no_entries),
        cmocka_unit_test(what_only_looks_like_a_number_is_none),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
