/* SPDX-License-Identifier: MIT */
#include "cmocka_all.h"

#include "base/arena.h"
#include "intake/reader.h"
#include "intake/text_heading.h"
#include "intake/text_line.h"
#include "release/body.h"
#include "release/release.h"
#include "unit/words.h"

#include <string.h>

static struct language_words *words;

/* Two blocks of the kind that headings stand between. */
#define ABOVE                                                                                      \
    "Region Nordhav har i dag besluttet, at der skal bygges tre nye sundhedshuse i Vesterhavn, "   \
    "Lillesund og Ådal."
#define BELOW                                                                                      \
    "Husene kommer til at koste 48 millioner kroner, og de første af dem åbner for borgerne "    \
    "efter sommerferien."

static bool is_heading(const char *language, const char *above, const char *line, const char *below)
{
    struct arena arena = { 0 };
    struct intake_problem_list problems;
    struct release release = { .language = language };
    intake_problem_list_init(&problems, &arena, "x.txt");
    struct intake_reading reading = { .arena = &arena,
                                      .text = "",
                                      .language = "da",
                                      .words = words,
                                      .release = &release,
                                      .problems = &problems };
    struct text_lines lines = text_lines_split(
        &arena, arena_format(&arena, "%s\n\n%s\n\n%s\n", above, line, below), 1);
    assert_int_equal(lines.count, 3);
    bool result = text_heading_is(&reading, &lines, 1, text_heading_wants_gap(&lines));
    arena_release(&arena);
    return result;
}

static void short_lines_between_blocks_are_headings(void **state)
{
    static const char *const danish[] = { "Baggrund",
                                          "Arbejdet er allerede i gang",
                                          "Hvad betyder det for borgerne?",
                                          "FAKTA OM HUSENE",
                                          "Budget 2027",
                                          "Flere læger, kortere ventetid",
                                          "Om Region Nordhav og broerne",
                                          NULL };
    static const char *const english[] = { "Background",
                                           "Why at night",
                                           "What the Clean Harbours Act Means for the Coast",
                                           "NEXT STEPS FOR THE COUNCIL",
                                           "How to apply",
                                           NULL };
    (void)state;
    for (const char *const *line = danish; *line; line++)
        if (!is_heading("da", ABOVE, *line, BELOW))
            fail_msg("%s", *line);
    for (const char *const *line = english; *line; line++)
        if (!is_heading("en", ABOVE, *line, BELOW))
            fail_msg("%s", *line);
}

static void signatures_dates_amounts_and_the_like_are_none(void **state)
{
    static const char *const danish[] = {
        "Mads Overby, regionsrådsformand",
        "KØBENHAVN, 9. juni",
        "9. juni 2026",
        "tirsdag den 9. juni",
        "Kære redaktør",
        "Med venlig hilsen",
        "12 mio. kroner",
        "I alt 12 mio. kr.",
        "Side 2 af 3",
        "$5 million",
        "5,4 %",
        "Tid: kl. 10",
        "(Foto: Ole Dam)",
        "Foto Ole Dam",
        "[1] Rapport fra 2025",
        "”Det er en god dag”",
        "- Det er en god dag",
        "• Et punkt",
        "1. Et punkt",
        "a) Et punkt",
        "og så videre",
        "Det er sket.",
        "Det er disse:",
        "Læs mere på siden",
        "presse@nordhav.example",
        "www.nordhav.example",
        "Ring 51 00 00 10",
        "###",
        "TIL OMGÅENDE BRUG",
        "Mads Overby –",
        "Det er en meget lang linje, som ingen ville skrive som overskrift i en meddelelse",
        "En to tre fire fem seks syv otte ni ti elleve tolv tretten",
        NULL
    };
    static const char *const english[] = { "Senator Rowe voted for the bill",
                                           "Dear Secretary Roe",
                                           "Sincerely",
                                           "Thank you",
                                           "June 9, 2026",
                                           "Mr. President",
                                           "Click here to watch",
                                           "Ann Rowe, Chair",
                                           "WASHINGTON, D.C.",
                                           "Total Amount of Grants: $412,000",
                                           "The council passed the act today",
                                           NULL };
    (void)state;
    for (const char *const *line = danish; *line; line++)
        if (is_heading("da", ABOVE, *line, BELOW))
            fail_msg("%s", *line);
    for (const char *const *line = english; *line; line++)
        if (is_heading("en", ABOVE, *line, BELOW))
            fail_msg("%s", *line);
}

static void what_stands_around_decides(void **state)
{
    (void)state;
    assert_false(is_heading("da", "Kort linje", "Baggrund", BELOW));
    assert_false(is_heading("da", ABOVE, "Baggrund", "Kort linje"));
    assert_false(is_heading("da", ABOVE, "Region Nordhav", "har i dag besluttet, at der bygges."));
    assert_false(is_heading("da",
                            "Husene ligger i Vesterhavn og koster 48 millioner kroner efter "
                            "tallene fra finansministeriet og",
                            "Region Nordhav", BELOW));
    assert_false(is_heading("en", "\"This bridge carries twelve thousand people every morning.\"",
                            "Ann Rowe", "\"We have asked for it for twenty years and more now.\""));
    assert_true(is_heading("da", "• Det sidste punkt på listen", "Baggrund", BELOW));
    assert_true(is_heading("da", ABOVE, "Det får I", "• Det første punkt"));
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
        cmocka_unit_test(short_lines_between_blocks_are_headings),
        cmocka_unit_test(signatures_dates_amounts_and_the_like_are_none),
        cmocka_unit_test(what_stands_around_decides),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
