/* SPDX-License-Identifier: MIT */
#include "cmocka_all.h"

#include "base/arena.h"
#include "base/string_builder.h"
#include "intake/hard_wrap.h"

#include <string.h>

/* The text with each line end that means nothing written as it is to be read. */
static const char *joined_text(struct arena *arena, const char *text)
{
    struct hard_wrap_line lines[64];
    bool ends[64] = { false };
    struct string_builder result;
    size_t count = 0;
    for (const char *at = text; *at && count < 64; at += *at == '\n') {
        lines[count] = (struct hard_wrap_line){ at, strcspn(at, "\n") };
        at += lines[count++].length;
    }
    hard_wrap_find(arena, lines, count, ends);
    string_builder_init(&result, 0);
    for (size_t i = 0; i < count; i++) {
        string_builder_append_bytes(&result, lines[i].bytes, lines[i].length);
        if (i + 1 < count)
            string_builder_append(&result, !ends[i]                                          ? "\n"
                                           : hard_wrap_is_hyphened(&lines[i], &lines[i + 1]) ? ""
                                                                                             : " ");
    }
    const char *copy = arena_copy_bytes(arena, result.data, result.length);
    string_builder_release(&result);
    return copy;
}

static void check(const char *input, const char *want)
{
    struct arena arena = { 0 };
    assert_string_equal(joined_text(&arena, input), want);
    arena_release(&arena);
}

static void a_paragraph_broken_at_a_column_is_one(void **state)
{
    (void)state;
    check("Region Nordhav vil gøre det lettere at få en tid hos egen læge, og\n"
          "derfor åbner der til august tre nye sundhedshuse, hvor borgerne kan\n"
          "få taget blodprøver, blive røntgenfotograferet og træne efter en\n"
          "operation.\n"
          "\n"
          "Det koster 48 millioner kroner om året, og pengene er fundet i det\n"
          "budget, som regionsrådet vedtog i oktober.",
          "Region Nordhav vil gøre det lettere at få en tid hos egen læge, og derfor åbner der til "
          "august tre nye sundhedshuse, hvor borgerne kan få taget blodprøver, blive "
          "røntgenfotograferet og træne efter en operation.\n"
          "\n"
          "Det koster 48 millioner kroner om året, og pengene er fundet i det budget, som "
          "regionsrådet vedtog i oktober.");
}

static void a_short_line_ends_its_paragraph_without_an_empty_one(void **state)
{
    (void)state;
    check("The board of Great Sound Harbour has today agreed with the Department\n"
          "of Roads that the old bridge over the sound is to be repaired before\n"
          "the winter\n"
          "The work will cost twelve million and be paid in two parts, the first\n"
          "of them in January.\n"
          "Closed at night\n"
          "The bridge will be closed between midnight and five in the morning for\n"
          "as long as the work goes on.",
          "The board of Great Sound Harbour has today agreed with the Department of Roads that the "
          "old bridge over the sound is to be repaired before the winter\n"
          "The work will cost twelve million and be paid in two parts, the first of them in "
          "January.\n"
          "Closed at night\n"
          "The bridge will be closed between midnight and five in the morning for as long as the "
          "work goes on.");
}

static void sentences_and_short_lines_keep_their_ends(void **state)
{
    static const char *const texts[] = {
        "Husene holder åbent til klokken 20 på hverdage i hele regionen.\n"
        "Der er også åbent lørdag formiddag, men kun for blodprøver.\n"
        "Om søndagen er der lukket, og det samme gælder på helligdage.",
        "Sengetorvet 12\nPostboks 4\n4700 Lillesund",
        "Tid: onsdag den 18. marts kl. 10\nSted: Hovedindgangen på Lillesund Sygehus\n"
        "Tilmelding: senest mandag til presse@nordhav.example",
        "Vi har brug for:\nen saks\nen blyant\net stykke papir",
        "Karen Holm, regionsrådsformand i Region Nordhav og medlem af bestyrelsen\n"
        "Ole Dam, centerleder på sundhedshuset i Ådal og formand for rådet",
        "",
        "En enkelt linje",
    };
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        check(texts[i], texts[i]);
}

static void items_and_quotes_begin_on_their_own(void **state)
{
    (void)state;
    check("Det nye hus i Vesterhavn får fire ting, som borgerne har savnet, og\n"
          "som der ikke var plads til i det gamle hus ved havnen og kirken på\n"
          "- blodprøver uden tid\n"
          "• røntgen samme dag\n"
          "2) træning i stort bassin med varmt vand, en ny sal til holdtræning og\n"
          "et rum til samtaler",
          "Det nye hus i Vesterhavn får fire ting, som borgerne har savnet, og som der ikke var "
          "plads til i det gamle hus ved havnen og kirken på\n"
          "- blodprøver uden tid\n"
          "• røntgen samme dag\n"
          "2) træning i stort bassin med varmt vand, en ny sal til holdtræning og et rum til "
          "samtaler");
}

static void a_dash_within_a_sentence_is_no_quote(void **state)
{
    (void)state;
    check("Regionsrådet har efter lang tids debat besluttet, at sygehuset i Ådal\n"
          "– som er regionens ældste – skal lukke, når det nye hus er færdigt og\n"
          "taget i brug.",
          "Regionsrådet har efter lang tids debat besluttet, at sygehuset i Ådal – som er "
          "regionens ældste – skal lukke, når det nye hus er færdigt og taget i brug.");
}

static void hyphens_at_a_line_s_end_are_kept(void **state)
{
    (void)state;
    check(
        "Regionsrådet har i dag besluttet at samle arbejdet på sundheds-\n"
        "og ældreområdet i et nyt udvalg, og formanden er Karen Holm, der er gen-\n"
        "indtrådt i rådet efter orlov.",
        "Regionsrådet har i dag besluttet at samle arbejdet på sundheds- og ældreområdet i et nyt "
        "udvalg, og formanden er Karen Holm, der er gen-indtrådt i rådet efter orlov.");
}

/* Where every line of a paragraph begins with a capital letter, what the others show counts. */
static void german_nouns_may_begin_a_line(void **state)
{
    (void)state;
    check("Die Region Nordhav eröffnet im August drei neue Häuser, in denen die\n"
          "Menschen aus Vesterhavn und Lillesund ohne lange Wege und ohne einen\n"
          "Termin zum Arzt gehen können. Die Häuser kosten achtundvierzig\n"
          "Millionen Kronen.\n"
          "\n"
          "Geöffnet ist bis zwanzig Uhr, und wer Blut abgeben muss, der kommt\n"
          "einfach vorbei. Geröntgt wird am gleichen Tag, sofern der Hausarzt\n"
          "das am Morgen angemeldet hat.",
          "Die Region Nordhav eröffnet im August drei neue Häuser, in denen die Menschen aus "
          "Vesterhavn und Lillesund ohne lange Wege und ohne einen Termin zum Arzt gehen können. "
          "Die Häuser kosten achtundvierzig Millionen Kronen.\n"
          "\n"
          "Geöffnet ist bis zwanzig Uhr, und wer Blut abgeben muss, der kommt einfach vorbei. "
          "Geröntgt wird am gleichen Tag, sofern der Hausarzt das am Morgen angemeldet hat.");
}

enum { LINES = 12 };

/* The lines of a text, "|" where two of them are joined and "/" where the end stays. */
static void check_ends(const char *text, const char *want)
{
    struct hard_wrap_line lines[LINES];
    bool joined[LINES] = { false };
    size_t count = 0;
    struct arena arena = { 0 };
    char marks[LINES + 1] = "";
    for (const char *line = text; *line && count < LINES; count++) {
        size_t length = strcspn(line, "\n");
        lines[count] = (struct hard_wrap_line){ line, length };
        line += length + (line[length] == '\n');
    }
    hard_wrap_find(&arena, lines, count, joined);
    for (size_t i = 0; i + 1 < count; i++)
        marks[i] = joined[i] ? '|' : '/';
    arena_release(&arena);
    assert_string_equal(marks, want);
}

static void a_block_alone_shows_its_width(void **state)
{
    (void)state;
    check_ends("Region Nordhav åbner på mandag den nye akutmodtagelse på sygehuset i\n"
               "Vesterhavn. Den samler alle akutte patienter fra Vesterhavn, Lillesund\n"
               "og Ådal under ét tag, og den har åbent hele døgnet.",
               "||");
    check_ends("The county council has today decided to give five million for the new\n"
               "bridge, which will be opened in the spring of the year after next.",
               "|");
    /* Broken by hand within, and with an address that fits no line. */
    check_ends(
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
    check_ends("Region Nordhav\nHavnevej 1\n9999 Vesterhavn", "//");
    check_ends("Kære alle\nvi ses på mandag", "/");
    check_ends("Mette Holm, formand for regionsrådet i Region Nordhav, tlf. 55 10 20 30\n"
               "Mads Overby, pressechef i Region Nordhav, tlf. 51 00 00 10",
               "/");
    check_ends("Kl. 10.00: Velkomst ved formanden for regionsrådet, Mette Holm, i salen.\n"
               "Kl. 10.30: Rundvisning på den nye akutmodtagelse med overlæge Ole Dam og\n"
               "Kl. 12.00: Frokost.",
               "//");
    check_ends(
        "En linje, der er så lang, at den er et helt afsnit for sig, og som derfor ikke kan være "
        "brudt af et program, men er skrevet sådan\nog en til",
        "/");
    check_ends("Kun en linje", "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_paragraph_broken_at_a_column_is_one),
        cmocka_unit_test(a_short_line_ends_its_paragraph_without_an_empty_one),
        cmocka_unit_test(sentences_and_short_lines_keep_their_ends),
        cmocka_unit_test(items_and_quotes_begin_on_their_own),
        cmocka_unit_test(a_dash_within_a_sentence_is_no_quote),
        cmocka_unit_test(hyphens_at_a_line_s_end_are_kept),
        cmocka_unit_test(german_nouns_may_begin_a_line),
        cmocka_unit_test(a_block_alone_shows_its_width),
        cmocka_unit_test(lines_that_somebody_ended_stay),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
