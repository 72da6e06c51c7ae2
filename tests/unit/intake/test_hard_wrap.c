/* SPDX-License-Identifier: MIT */
#include "cmocka_all.h"

#include "intake/hard_wrap.h"

#include <string.h>

enum { LINES = 12 };

/* The lines of a text, "|" where two of them are joined and "/" where the end stays. */
static void check(const char *text, const char *want)
{
    struct hard_wrap_line lines[LINES];
    size_t count = 0;
    char marks[LINES + 1] = "";
    for (const char *line = text; *line && count < LINES; count++) {
        size_t length = strcspn(line, "\n");
        lines[count] = (struct hard_wrap_line){ line, length };
        line += length + (line[length] == '\n');
    }
    size_t width = hard_wrap_width(lines, count);
    for (size_t i = 0; i + 1 < count; i++)
        marks[i] = width && hard_wrap_joins(&lines[i], &lines[i + 1], width) ? '|' : '/';
    assert_string_equal(marks, want);
}

static void lines_broken_at_a_width_are_joined(void **state)
{
    (void)state;
    check("Region Nordhav åbner på mandag den nye akutmodtagelse på sygehuset i\n"
          "Vesterhavn. Den samler alle akutte patienter fra Vesterhavn, Lillesund\n"
          "og Ådal under ét tag, og den har åbent hele døgnet.",
          "||");
    check("The county council has today decided to give five million for the new\n"
          "bridge, which will be opened in the spring of the year after next.",
          "|");
    /* Broken by hand within, and with an address that fits no line. */
    check(
        "Region Nordhav giver fem millioner til broen over åen og til vejen dertil og\n"
        "til den nye bro\n"
        "Pengene udbetales i to rater, den første i januar, efter at byggeriet\n"
        "er begyndt, og den anden når det er slut. Se også\n"
        "https://nordhav.example/presse/2026/juni/femmillionertilbroenoveraaenogtilvejendertilogmere",
        "|/||");
}

static void lines_that_somebody_ended_stay(void **state)
{
    (void)state;
    check("Region Nordhav\nHavnevej 1\n9999 Vesterhavn", "//");
    check("Kære alle\nvi ses på mandag", "/");
    check("Mette Holm, formand for regionsrådet i Region Nordhav, tlf. 55 10 20 30\n"
          "Mads Overby, pressechef i Region Nordhav, tlf. 51 00 00 10",
          "/");
    check("Kl. 10.00: Velkomst ved formanden for regionsrådet, Mette Holm, i salen.\n"
          "Kl. 10.30: Rundvisning på den nye akutmodtagelse med overlæge Ole Dam og\n"
          "Kl. 12.00: Frokost.",
          "//");
    check("En linje, der er så lang, at den er et helt afsnit for sig, og som derfor ikke kan være "
          "brudt af et program, men er skrevet sådan\nog en til",
          "/");
    check("Kun en linje", "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_broken_at_a_width_are_joined),
        cmocka_unit_test(lines_that_somebody_ended_stay),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
