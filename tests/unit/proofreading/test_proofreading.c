/* SPDX-License-Identifier: MIT */
#include "cmocka_all.h"

#include "base/clock.h"
#include "base/error.h"
#include "base/string_builder.h"
#include "locale/locale.h"
#include "proofreading/proofreading.h"
#include "release/body.h"
#include "release/release.h"
#include "unit/words.h"

#include <stdio.h>
#include <string.h>

static struct language_words *words;
static struct locale_context *locale;

static int set_up(void **state)
{
    struct error error;
    (void)state;
    words = shipped_words();
    locale = locale_context_new("Europe/Copenhagen", &error);
    assert_non_null(locale);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    language_words_free(words);
    locale_context_free(locale);
    return 0;
}

static struct proofreading_settings settings_of(void)
{
    return (struct proofreading_settings){ .words = words,
                                           .locale = locale,
                                           .has_contacts = true,
                                           .site_url = "https://presse.nordhav.example/" };
}

static struct body_node *add(struct arena *arena, struct body_node *parent, enum body_kind kind,
                             const char *text)
{
    struct body_node *node = body_append(arena, parent, kind);
    body_append_text(arena, node, text, strlen(text));
    return node;
}

static struct release *release_of(struct arena *arena, const char *language, const char *text)
{
    struct release *release = arena_allocate(arena, sizeof *release);
    *release = (struct release){ .title = "Nyt", .language = language, .body = body_new(arena) };
    release->status = RELEASE_READY;
    add(arena, release->body, BODY_PARAGRAPH, text);
    return release;
}

/* "kind quote | other" of each finding, a line each. */
static const char *shown(struct arena *arena, const struct proofreading_finding *finding)
{
    static const char *const names[] = {
        [PROOFREADING_NO_CONTACT] = "contact",  [PROOFREADING_HEADING_SKIPS] = "heading",
        [PROOFREADING_LINK_DEAD] = "link",      [PROOFREADING_LINK_ANCHOR] = "anchor",
        [PROOFREADING_HARD_TO_READ] = "lix",    [PROOFREADING_WEEKDAY] = "weekday",
        [PROOFREADING_SPELLING] = "spelling",   [PROOFREADING_DIFFERS] = "differs",
        [PROOFREADING_DISAGREES] = "disagrees", [PROOFREADING_MISSING] = "missing",
    };
    const char *text = "";
    for (; finding; finding = finding->next)
        text = arena_format(arena, "%s%s%s %s | %s", text, *text ? "\n" : "", names[finding->kind],
                            finding->quote ? finding->quote : "",
                            finding->other ? finding->other : "");
    return text;
}

static void versions_are_compared_by_what_is_the_same_in_every_language(void **state)
{
    static const struct {
        const char *from;
        const char *original;
        const char *to;
        const char *version;
        const char *expected;
    } cases[] = {
        /* the same in other words */
        { "da", "Der er 1.204 busser.", "en", "There are 1,204 buses.", "" },
        { "da", "Den koster 1,5 mia. kr.", "en", "It costs DKK 1.5 billion.", "" },
        { "da", "Den koster 3 mio. kr.", "de", "Sie kostet 3 Millionen Kronen.", "" },
        { "da", "12,5 pct. af dem", "sv", "12,5 procent av dem", "" },
        { "da", "12 procent af dem", "de", "12 % von ihnen", "" },
        { "da", "Den 9. juni 2026 kl. 10.00", "en", "On June 9, 2026 at 10 am", "" },
        { "da", "Den 9. juni 2026", "en", "On 9 June", "" },
        { "da", "kl. 14.30", "en", "at 2:30 pm", "" },
        { "sv", "klockan 14.30", "de", "um 14:30 Uhr", "" },
        { "da", "Ring 55 10 20 30.", "en", "Call +45 55 10 20 30.", "" },
        { "da", "Der er 3 busser og fire tog.", "en", "There are three buses and 4 trains.", "" },
        { "da", "Se https://nordhav.example/123 nu.", "en", "See https://nordhav.example/456 now.",
          "" },
        { "da", "Mette Holms hus er stort.", "en", "Karen Holm's house is large.", "" },
        { "da", "Linje 5G og B12 og 2.0", "en", "Line 6G and B13 and 2.0", "" },
        { "da", "I 2026 bygger vi.", "en", "We build, in 2026.", "" },
        { "da", "Det koster 2,5 mio. euro.", "en", "It costs €2.5m.", "" },
        { "da", "Den 9.-11. juni", "en", "June 9–11", "" },
        { "da", "Den 9., 10. og 11. juni kl. 10-12.30", "en",
          "9, 10 and 11 June, 10 am to 12:30 pm", "" },
        { "da", "mellem kl. 13 og 15", "en", "between 1 and 3 p.m.", "" },
        { "da", "2-3 mio. kr.", "en", "DKK 2 to 3 million", "" },
        { "da", "10-12 pct. af dem", "en", "between 10 and 12 per cent of them", "" },
        { "da", "1.204,50 kr.", "en", "DKK 1,204.50", "" },
        { "da", "i halvanden time", "en", "for 1.5 hours", "" },
        { "da", "hver femte af 4.000", "en", "1 in 5 of four thousand", "" },
        { "da", "Det er 4 000 byer.", "de", "Es sind 4.000 Städte.", "" },
        { "en", "Call (020) 7946 0123", "da", "Ring +44 20 7946 0123", "" },
        { "en", "Call +44 (0)20 7946 0123", "da", "Ring 020 7946 0123", "" },
        { "da", "Ring 45 88 00 00.", "en", "Call +45 4588 0000.", "" },
        { "da", "I januar og juni 2026", "en", "In January and June 2026", "" },
        { "da", "den 1. december", "en", "by 1 December", "" },
        /* another number more on one side is no pair of it */
        { "da", "Det gælder 4.000 borgere i hele regionen.", "en",
          "It concerns people in all 21 municipalities of the region.", "missing  | 4.000" },
        { "da", "Det gælder 4.000 borgere.", "en", "It concerns 400 people.",
          "disagrees 400 | 4.000" },
        { "da", "I juni bygger vi.", "en", "In July we build.", "differs July | juni" },
        { "da", "Ring 020 7946 0123.", "en", "Call +44 21 7946 0123.",
          "disagrees +44 21 7946 0123 | 020 7946 0123" },
        /* not the same */
        { "da", "Der er 1.204 busser.", "en", "There are 1,240 buses.", "disagrees 1,240 | 1.204" },
        { "da", "Den koster 1,5 mia. kr.", "en", "It costs DKK 1.5 million.",
          "disagrees DKK 1.5 million | 1,5 mia. kr" },
        { "da", "Den koster 100 kr. nu", "en", "It costs €100 now", "disagrees €100 | 100 kr" },
        { "da", "12 pct. af dem", "en", "13 per cent of them", "disagrees 13 per cent | 12 pct" },
        { "da", "den 9. juni 2026", "en", "on 10 June 2026",
          "disagrees on 10 June 2026 | den 9. juni 2026" },
        { "da", "den 9. juni 2026", "en", "on 9 June 2027",
          "disagrees on 9 June 2027 | den 9. juni 2026" },
        { "da", "Ring 55 10 20 30.", "en", "Call 55 10 20 31.",
          "disagrees 55 10 20 31 | 55 10 20 30" },
        { "da", "Spørg Mette Sørensen om det.", "en", "Ask Mette Sorensen about it.",
          "disagrees Mette Sorensen | Mette Sørensen" },
        { "da", "Det er 40 pct. af alle her", "en", "It is a large part of all those",
          "missing  | 40 pct" },
    };
    const struct proofreading_settings settings = settings_of();
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct arena arena = { 0 };
        const char *found = shown(
            &arena, proofreading_compare(&settings, &arena,
                                         release_of(&arena, cases[i].to, cases[i].version),
                                         release_of(&arena, cases[i].from, cases[i].original)));
        if (strcmp(found, cases[i].expected) != 0)
            print_error("%s / %s\n", cases[i].original, cases[i].version);
        assert_string_equal(found, cases[i].expected);
        arena_release(&arena);
    }
}

static void a_weekday_that_is_another_is_said_where_it_is_certain(void **state)
{
    static const struct {
        const char *language;
        const char *text;
        const char *expected;
        int weekday;
    } cases[] = {
        { "da", "Vi mødes tirsdag den 9. juni 2026 kl. 10-12.", "", 0 },
        { "da", "Vi mødes mandag den 9. juni 2026.", "weekday mandag den 9. juni 2026 | ", 2 },
        { "en", "We meet on Monday 9 June 2026.", "weekday Monday 9 June 2026 | ", 2 },
        { "sv", "Vi ses måndag 9 juni 2026.", "weekday måndag 9 juni 2026 | ", 2 },
        { "nb", "Vi møtes mandag 9. juni 2026.", "weekday mandag 9. juni 2026 | ", 2 },
        { "de", "Am Montag, 9. Juni 2026, geht es los.", "weekday Montag, 9. Juni 2026 | ", 2 },
        { "da", "Frist: onsdag den 10. juni.", "", 0 },
        { "da", "Frist: onsdag den 9. juni.", "weekday onsdag den 9. juni | ", 2 },
        /* half a year away it may be another year's */
        { "da", "Frist: onsdag den 1. december.", "", 0 },
        { "da", "Hver mandag kl. 10 og den 9. juni.", "", 0 },
        { "da", "Fredag den 31. februar 2026", "", 0 },
        { "da", "Vi ses man. den 9. juni 2026.", "weekday man. den 9. juni 2026 | ", 2 },
        { "en", "Open day, Mon 9 June", "weekday Mon 9 June | ", 2 },
        { "sv", "Tors 9 juni kl. 10", "weekday Tors 9 juni kl. 10 | ", 2 },
        { "en", "Monday, June 9", "weekday Monday, June 9 | ", 2 },
        { "en", "Monday 9 June 2025 was hot", "", 0 },
        /* short forms that are words */
        { "da", "Når man den 9. juni 2026 kommer", "", 0 },
        { "en", "They sat 10 June 2026", "", 0 },
        { "de", "Das ist so 9. Juni 2026", "", 0 },
        /* the day is said of more than that weekday */
        { "en", "Monday to Friday, 9 June to 13 June 2026", "", 0 },
        { "da", "mandag-torsdag den 9. juni 2026", "", 0 },
        { "da", "hver mandag fra den 9. juni 2026", "", 0 },
        { "en", "every Monday from 9 June 2026", "", 0 },
        { "da", "mandag den 8.-10. juni 2026", "", 0 },
        { "da", "Det var onsdag. Den 9. juni 2026 var det slut.", "", 0 },
    };
    const struct proofreading_settings settings = settings_of();
    int64_t now_at;
    (void)state;
    assert_true(instant_parse_rfc3339("2026-05-20T10:00:00Z", &now_at));
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct arena arena = { 0 };
        const struct proofreading_finding *finding = proofreading_read(
            &settings, NULL, NULL, &arena, release_of(&arena, cases[i].language, cases[i].text),
            now_at);
        assert_string_equal(shown(&arena, finding), cases[i].expected);
        assert_int_equal(finding ? finding->weekday : 0, cases[i].weekday);
        arena_release(&arena);
    }
}

static enum proofreading_place find(void *payload, const char *path, const char *anchor)
{
    (void)payload;
    if (strcmp(path, "releases/2026/ny bro/") != 0)
        return PROOFREADING_NO_PAGE;
    return anchor && strcmp(anchor, "1") != 0 ? PROOFREADING_NO_ANCHOR : PROOFREADING_THERE;
}

static void links_to_what_is_not_public_are_said(void **state)
{
    static const char base[] = "https://presse.nordhav.example/";

    static const struct {
        const char *rest;
        const char *expected;
    } cases[] = {
        { "releases/2026/ny%20bro/", "" },
        { "releases/2026/ny%20bro/#1", "" },
        { "releases/2026/ny%20bro/#2", "anchor" },
        { "releases/2026/kladde/", "link" },
        { "releases/%00", "link" },
        { "subscribe?feed=a", "" },
        { "%", "link" },
    };
    const struct proofreading_settings settings = settings_of();
    const struct proofreading_site site = { find, NULL };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct arena arena = { 0 };
        struct release *release = release_of(&arena, "da", "Se ");
        const char *target = arena_format(&arena, "%s%s", base, cases[i].rest);
        add(&arena, release->body->first_child, BODY_LINK, "her")->target = target;
        const char *expected = *cases[i].expected
                                   ? arena_format(&arena, "%s %s | ", cases[i].expected, target)
                                   : "";
        assert_string_equal(
            shown(&arena, proofreading_read(&settings, &site, NULL, &arena, release, 0)), expected);
        release->body->first_child->last_child->target = "https://andre.example/nix/";
        assert_null(proofreading_read(&settings, &site, NULL, &arena, release, 0));
        arena_release(&arena);
    }
}

static void headings_and_contacts(void **state)
{
    struct arena arena = { 0 };
    struct proofreading_settings settings = settings_of();
    struct release *release = release_of(&arena, "da", "Kort.");
    struct release_contact contact = { .name = "Mette Holm" };
    static const int levels[] = { 2, 3, 4, 2, 4, 4 };
    (void)state;
    for (size_t i = 0; i < sizeof levels / sizeof levels[0]; i++)
        add(&arena, release->body, BODY_HEADING, i == 4 ? "Dybt" : "Trin")->level = levels[i];
    assert_string_equal(shown(&arena, proofreading_read(&settings, NULL, NULL, &arena, release, 0)),
                        "heading Dybt | ");
    settings.has_contacts = false;
    assert_string_equal(shown(&arena, proofreading_read(&settings, NULL, NULL, &arena, release, 0)),
                        "contact  | \nheading Dybt | ");
    release->contacts = &contact;
    assert_string_equal(shown(&arena, proofreading_read(&settings, NULL, NULL, &arena, release, 0)),
                        "heading Dybt | ");
    arena_release(&arena);
}

/* 100 words in 5 sentences of 20, of which two in five are long: 20 + 40 = 60. */
static void a_text_that_is_hard_to_read_is_said_with_its_lix(void **state)
{
    struct arena arena = { 0 };
    struct proofreading_settings settings = settings_of();
    const char *text = "";
    (void)state;
    for (int i = 1; i <= 100; i++)
        text = arena_format(&arena, "%s%s%s", text, i % 5 < 2 ? "sundhed" : "huset",
                            i % 20 ? " " : ". ");
    assert_string_equal(shown(&arena, proofreading_read(&settings, NULL, NULL, &arena,
                                                        release_of(&arena, "da", text), 0)),
                        "lix  | 60");
    assert_null(
        proofreading_read(&settings, NULL, NULL, &arena, release_of(&arena, "de", text), 0));
    assert_null(proofreading_read(&settings, NULL, NULL, &arena,
                                  release_of(&arena, "da", "Regionsrådsformanden."), 0));
    arena_release(&arena);
}

/* Past the first dates of a text none is looked at, and what may be said there is not missing. */
static void of_a_text_full_of_dates_the_first_are_looked_at(void **state)
{
    enum { DATES = 1000 };

    struct arena arena = { 0 };
    struct string_builder text;
    (void)state;
    string_builder_init(&text, 0);
    for (int i = 0; i < DATES; i++)
        string_builder_append(&text, "The day is 9 June 2026 there. ");
    string_builder_append(&text, "It costs DKK 12 million.");
    const struct release *full = release_of(&arena, "en", text.data);
    const struct release *original = release_of(&arena, "da", "Det er 45 mio. kr. i 1.240 byer.");
    const struct proofreading_settings settings = settings_of();
    assert_string_equal(shown(&arena, proofreading_compare(&settings, &arena, full, original)), "");
    string_builder_release(&text);

    string_builder_init(&text, 0);
    for (int i = 0; i < DATES; i++)
        string_builder_append(&text, "tirsdag den 9. juni 2026. ");
    string_builder_append(&text, "mandag den 9. juni 2026.");
    full = release_of(&arena, "da", text.data);
    assert_null(strstr(shown(&arena, proofreading_read(&settings, NULL, NULL, &arena, full, 1)),
                       "weekday"));
    string_builder_release(&text);
    arena_release(&arena);
}

/* ---- spelling ---- */

struct asked {
    size_t count;
    const char *unknown; /* " ord ord " */
};

static bool look_up(void *payload, const struct proofreading_dictionary *dictionary,
                    const char *const *asked_words, size_t count, bool *are_unknown)
{
    struct asked *asked = payload;
    assert_string_equal(dictionary->package, "hunspell-da");
    assert_in_range(count, 1, PROOFREADING_WORDS_MAXIMUM);
    asked->count = count;
    for (size_t i = 0; i < count; i++) {
        char word[PROOFREADING_WORD_BYTES + 3];
        assert_true((size_t)snprintf(word, sizeof word, " %s ", asked_words[i]) < sizeof word);
        are_unknown[i] = strstr(asked->unknown, word) != NULL;
    }
    return true;
}

static const struct proofreading_dictionary danish = { .language = "da", .package = "hunspell-da" };

static const char *misspelt(struct arena *arena, const char *language, const char *text,
                            const char *unknown)
{
    struct proofreading_settings settings = settings_of();
    struct asked asked = { .unknown = unknown };
    const struct proofreading_speller speller = { look_up, &asked };
    settings.dictionaries = &danish;
    return shown(arena, proofreading_read(&settings, NULL, &speller, arena,
                                          release_of(arena, language, text), 0));
}

static void words_that_no_dictionary_has_are_named_once(void **state)
{
    static const struct {
        const char *text;
        const char *unknown;
        const char *expected;
    } cases[] = {
        { "Den nye (busser) linje er åbnett for alle i dag.", " åbnett ", "åbnett" },
        { "De fik busserr i dag, og alle fik en tuurr med dem ud til den nye sø.",
          " busserr tuurr ", "busserr, tuurr" },
        { "De fik busserr i dag, og andre fik busserr i går ude ved den nye sø og skov.",
          " busserr ", "busserr" },
        /* who writes it three times means it */
        { "En busserr her, to busserr dér og tre busserr i går aftes.", " busserr ", "" },
        /* names, abbreviations, numbers, addresses, files, words in one */
        { "Vi fra Xqzz og iPhone hos McXqz skriver til alle i dag.", " xqzz iphone mcxqz ", "" },
        { "Vi ses hos qwer@nordhav.example, på www.qwer.dk/qwer og i qwer.txt i dag.", " qwer ",
          "" },
        { "Vi har ekskl. moms og bl.a. et qwer-asdf og qwer/asdf og 7qwer i dag.",
          " ekskl qwer asdf ", "" },
        { "Det er xyz for alle og enhver.", " xyz ", "" },
        /* another language: a passage, a quotation, two words in a row */
        { "Han sagde: “This thing will never work” til alle de andre i dag.",
          " this thing will never work ", "" },
        { "Den nye linje med fast food bliver god for alle i dag.", " fast food ", "" },
        { "Dann kommt dieser neue bus nach hause.", " kommt dieser neue nach hause ", "" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct arena arena = { 0 };
        const char *found = misspelt(&arena, "da-DK", cases[i].text, cases[i].unknown);
        const char *words_found = strstr(found, "| ");
        assert_string_equal(words_found ? words_found + 2 : "", cases[i].expected);
        arena_release(&arena);
    }
}

static void spelling_is_read_in_its_own_language_and_ten_words_are_named(void **state)
{
    struct arena arena = { 0 };
    (void)state;
    assert_string_equal(misspelt(&arena, "fi", "Den nye linje er åbnett.", " åbnett "), "");
    assert_string_equal(
        misspelt(
            &arena, "da",
            "Den ene og den anden aaaa er alle her. Den ene og den anden bbbb er alle her. Den ene og den anden cccc er alle her. Den ene og den anden dddd er alle her. Den ene og den anden eeee er alle her. Den ene og den ande"
            "n ffff er alle her. Den ene og den anden gggg er alle her. Den ene og den anden hhhh er alle her. Den ene og den anden iiii er alle her. Den ene og den anden jjjj er alle her. Den ene og den anden kkkk er alle her. ",
            " aaaa bbbb cccc dddd eeee ffff gggg hhhh iiii jjjj kkkk "),
        "spelling aaaa | aaaa, bbbb, cccc, dddd, eeee, ffff, gggg, hhhh, iiii, jjjj");
    arena_release(&arena);
}

static void of_very_many_words_no_more_are_asked_for_than_fit(void **state)
{
    struct arena arena = { 0 };
    struct string_builder text;
    struct asked asked = { .unknown = " qaaaa " };
    const struct proofreading_speller speller = { look_up, &asked };
    struct proofreading_settings settings = settings_of();
    (void)state;
    settings.dictionaries = &danish;
    string_builder_init(&text, 0);
    for (int i = 0; i < 60000; i++)
        string_builder_append_format(&text, "q%c%c%c%c, ", 'a' + i % 26, 'a' + i / 26 % 26,
                                     'a' + i / 676 % 26, 'a' + i / 17576 % 26);
    (void)proofreading_read(&settings, NULL, &speller, &arena, release_of(&arena, "da", text.data),
                            0);
    assert_int_equal(asked.count, PROOFREADING_WORDS_MAXIMUM);
    string_builder_release(&text);
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(of_a_text_full_of_dates_the_first_are_looked_at),
        cmocka_unit_test(versions_are_compared_by_what_is_the_same_in_every_language),
        cmocka_unit_test(a_weekday_that_is_another_is_said_where_it_is_certain),
        cmocka_unit_test(links_to_what_is_not_public_are_said),
        cmocka_unit_test(headings_and_contacts),
        cmocka_unit_test(a_text_that_is_hard_to_read_is_said_with_its_lix),
        cmocka_unit_test(words_that_no_dictionary_has_are_named_once),
        cmocka_unit_test(spelling_is_read_in_its_own_language_and_ten_words_are_named),
        cmocka_unit_test(of_very_many_words_no_more_are_asked_for_than_fit),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
