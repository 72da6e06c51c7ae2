/* SPDX-License-Identifier: MIT */
#include "cmocka_all.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/string_builder.h"
#include "locale/locale.h"
#include "locale/unicode.h"
#include "unit/locale/shipped_strings.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct arena arena;
static struct locale_context *context;

static int open_context(void **state)
{
    struct error error;
    (void)state;
    /* What the process's own locale is must not show. */
    if (setenv("LC_ALL", "fr_FR.UTF-8", 1) != 0) /* NOLINT(concurrency-mt-unsafe) */
        return -1;
    context = locale_context_new("Europe/Copenhagen", &error);
    return context ? 0 : -1;
}

static int close_context(void **state)
{
    (void)state;
    locale_context_free(context);
    locale_context_free(NULL);
    arena_release(&arena);
    return 0;
}

static void dates_read_as_each_language_writes_them(void **state)
{
    (void)state;

    static const struct {
        const char *language;
        enum date_style style;
        const char *text;
    } cases[] = {
        { "da", DATE_LONG, "7. juni 2022" },
        { "da", DATE_LONG_TIME, "7. juni 2022 kl. 18.57" },
        { "da", DATE_WEEKDAY, "tirsdag den 7. juni 2022" },
        { "da", DATE_TIME, "18.57" },
        { "da", DATE_MONTH, "juni 2022" },
        { "da", DATE_SHORT, "07.06.2022" },
        { "en", DATE_LONG, "7 June 2022" },
        { "en", DATE_LONG_TIME, "7 June 2022 at 18:57" },
        { "en", DATE_WEEKDAY, "Tuesday, 7 June 2022" },
        { "en", DATE_TIME, "18:57" },
        { "en", DATE_MONTH, "June 2022" },
        { "en", DATE_SHORT, "07/06/2022" },
        { "en-US", DATE_LONG, "June 7, 2022" },
        { "sv", DATE_LONG, "7 juni 2022" },
        { "sv", DATE_LONG_TIME, "7 juni 2022 kl. 18:57" },
        { "sv", DATE_WEEKDAY, "tisdag 7 juni 2022" },
        { "sv", DATE_TIME, "18:57" },
        { "sv", DATE_MONTH, "juni 2022" },
        { "sv", DATE_SHORT, "2022-06-07" },
        { "nb", DATE_LONG, "7. juni 2022" },
        { "nb", DATE_LONG_TIME, "7. juni 2022 kl. 18:57" },
        { "nb", DATE_WEEKDAY, "tirsdag 7. juni 2022" },
        { "nb", DATE_TIME, "18:57" },
        { "nb", DATE_MONTH, "juni 2022" },
        { "nb", DATE_SHORT, "07.06.2022" },
        { "no", DATE_LONG_TIME, "7. juni 2022 kl. 18:57" },
        { "nn", DATE_WEEKDAY, "tysdag 7. juni 2022" },
        { "de", DATE_LONG, "7. Juni 2022" },
        { "de", DATE_LONG_TIME, "7. Juni 2022 um 18:57" }, /* wording_date() adds "Uhr" */
        { "de", DATE_WEEKDAY, "Dienstag, 7. Juni 2022" },
        { "de", DATE_TIME, "18:57" },
        { "de", DATE_MONTH, "Juni 2022" },
        { "de", DATE_SHORT, "07.06.2022" },
        { "xx", DATE_LONG, "7 June 2022" },
    };

    int64_t instant;
    assert_true(instant_parse_rfc3339("2022-06-07T16:57:25Z", &instant));
    for (int round = 0; round < 2; round++)
        for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
            assert_string_equal(
                locale_date(context, &arena, cases[i].language, cases[i].style, instant),
                cases[i].text);
}

/* Dates are kept for a while: none may be taken for another. */
static void a_date_asked_for_again_is_the_same(void **state)
{
    (void)state;

    enum { DATES = 600 };

    const char *words[DATES];
    struct error error;
    struct locale_context *other = locale_context_new("Europe/Copenhagen", &error);
    int64_t instant;
    assert_true(instant_parse_rfc3339("2022-06-07T16:57:25Z", &instant));
    for (int i = 0; i < DATES; i++)
        words[i] = locale_date(context, &arena, "da", (enum date_style)(i % DATE_STYLE_COUNT),
                               instant + i / DATE_STYLE_COUNT * 7 * DURATION_HOUR);
    for (int i = DATES - 1; i >= 0; i--)
        assert_string_equal(locale_date(other, &arena, "da",
                                        (enum date_style)(i % DATE_STYLE_COUNT),
                                        instant + i / DATE_STYLE_COUNT * 7 * DURATION_HOUR),
                            words[i]);
    for (int i = 0; i < DATES; i++)
        assert_string_equal(locale_date(other, &arena, "da",
                                        (enum date_style)(i % DATE_STYLE_COUNT),
                                        instant + i / DATE_STYLE_COUNT * 7 * DURATION_HOUR),
                            words[i]);
    locale_context_free(other);
}

static void numbers_and_sizes_follow_the_language(void **state)
{
    (void)state;
    assert_string_equal(locale_number(context, &arena, "da", 12345), "12.345");
    assert_string_equal(locale_number(context, &arena, "en", -12345), "-12,345");
    assert_string_equal(locale_size(context, &arena, "da", 812), "812 bytes");
    assert_string_equal(locale_size(context, &arena, "en", 0), "0 bytes");
    assert_string_equal(locale_size(context, &arena, "da", 1234567), "1,2 MB");
    assert_string_equal(locale_size(context, &arena, "en", 1234567), "1.2 MB");
    assert_string_equal(locale_size(context, &arena, "en", 48400), "48 kB");
    assert_string_equal(locale_size(context, &arena, "en", 999499), "999 kB");
    assert_string_equal(locale_size(context, &arena, "en", 999600), "1 MB");
}

static void slugs_are_plain_and_readable(void **state)
{
    (void)state;

    static const struct {
        const char *title;
        const char *language;
        const char *slug;
    } cases[] = {
        { "Ny bro over Vesterhavn åbner – og café", "da", "ny-bro-over-vesterhavn-aabner-og-cafe" },
        { "Ærø, ØST og Ådal", "nb", "aeroe-oest-og-aadal" },
        { "A\xcc\x8a"
          "dal",
          "da", "aadal" }, /* A with a combining ring */
        { "Ångström’s ærø", "en", "angstroms-aero" },
        { "Größe ändern", "de-AT", "groesse-aendern" },
        { "Привет, мир", "ru", "privet-mir" },
        { "!!! ???", "da", "release" },
        { "", "da", "release" },
        { "../../etc/passwd", "da", "etc-passwd" },
        { "Sund\xc2\xadheds\xe2\x80\x8bhus åb\xe2\x81\xa0ner", "da", "sundhedshus-aabner" },
        { "\xe2\x80\xaeKød\xe2\x80\xac \xe2\x81\xa6ude\xe2\x81\xa9", "da", "koed-ude" },
        { "می\xe2\x80\x8cخواهم", "fa", "mykhwahm" },
        { "CON", "da", "con-release" },
        { "aux!", "en", "aux-release" },
        { "Lpt9", "en", "lpt9-release" },
        { "Com1 år", "en", "com1-ar" },
        { "Region Nordhavs nye sygehus i Lillesund åbner dørene", "da",
          "region-nordhavs-nye-sygehus-i-lillesund" },
        { "Donaudampfschifffahrtselektrizitätenhauptbetriebswerk", "da",
          "donaudampfschifffahrtselektrizitaetenhau" },
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_string_equal(
            locale_slug(context, &arena, cases[i].title, cases[i].language, 40, "release"),
            cases[i].slug);
}

static void languages_are_checked_and_named(void **state)
{
    (void)state;
    assert_string_equal(language_canonical(&arena, "DA"), "da");
    assert_string_equal(language_canonical(&arena, "en-gb"), "en-GB");
    assert_string_equal(language_canonical(&arena, "zh-hant-tw"), "zh-Hant-TW");
    static const char *const wrong[] = { "", "danish", "da_DK", "x-own", "und", "qaa", "d", "da-" };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_null(language_canonical(&arena, wrong[i]));
    assert_string_equal(language_name(&arena, "da", "da"), "dansk");
    assert_string_equal(language_name(&arena, "da", "en"), "Danish");
    assert_string_equal(language_name(&arena, "qaa", "en"), "qaa");
    assert_string_equal(language_direction("ar"), "rtl");
    assert_string_equal(language_direction("da"), "ltr");
    assert_string_equal(language_direction("?"), "ltr");
}

static void a_language_is_given_its_country(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        { "da", "da_DK" },    { "en", "en_GB" },      { "de", "de_DE" },    { "sv", "sv_SE" },
        { "nb", "nb_NO" },    { "no", "nb_NO" },      { "fi", "fi_FI" },    { "kl", "kl_GL" },
        { "en-US", "en_US" }, { "zh-Hant", "zh_TW" }, { "de-AT", "de_AT" }, { "qaa", "qaa" },
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_string_equal(language_with_country(&arena, cases[i][0]), cases[i][1]);
}

static void text_is_composed_and_folded(void **state)
{
    (void)state;
    struct string_builder text;
    string_builder_init(&text, 0);
    assert_string_equal(unicode_nfc(&arena, "A\xcc\x8a"
                                            "dal"),
                        "Ådal");
    assert_string_equal(unicode_nfd(&arena, "\xc3\x85"), "A\xcc\x8a");
    assert_string_equal(unicode_nfd(&arena, "Ab"), "Ab");
    unicode_append_nfc(&text, "e\xcc\x81t", 4);
    unicode_append_nfc(&text, "x", 1);
    assert_string_equal(text.data, "étx");
    assert_string_equal(unicode_fold(&arena, "STRASSE Ærø"), unicode_fold(&arena, "Straße ærØ"));
    assert_string_equal(unicode_nfc(&arena, "\xff"), "\xef\xbf\xbd");
    string_builder_release(&text);
}

static void strings_fall_back_and_count(void **state)
{
    (void)state;
    char all[200] = "";
    struct strings *strings = strings_new("da");
    strings_add(strings, "da", "read", "Læs");
    strings_add(strings, "da", "only", "Kun");
    strings_add(strings, "da", "files.one", "{count} fil");
    strings_add(strings, "da", "files.other", "{count} filer");
    strings_add(strings, "en", "read", "Red");
    strings_add(strings, "en", "read", "Read");
    strings_add(strings, "pl", "files.one", "{count} plik");
    strings_add(strings, "pl", "files.few", "{count} pliki");
    strings_add(strings, "pl", "files.many", "{count} plików");
    assert_string_equal(strings_get(strings, "en", "read"), "Read");
    assert_string_equal(strings_get(strings, "en-GB", "read"), "Read");
    assert_string_equal(strings_get(strings, "en", "only"), "Kun");
    assert_string_equal(strings_get(strings, "fr", "read"), "Læs");
    assert_string_equal(strings_get(strings, "en", "missing"), "missing");
    assert_true(strings_has(strings, "en", "only"));
    assert_false(strings_has(strings, "en", "missing"));
    assert_true(strings_has_language(strings, "pl"));
    assert_false(strings_has_language(strings, "p"));
    assert_string_equal(strings_plural(strings, "da", "files", 1), "{count} fil");
    assert_string_equal(strings_plural(strings, "da", "files", 0), "{count} filer");
    assert_string_equal(strings_plural(strings, "en", "files", 1), "{count} fil");
    assert_string_equal(strings_plural(strings, "pl", "files", 3), "{count} pliki");
    assert_string_equal(strings_plural(strings, "pl", "files", 5), "{count} plików");
    assert_string_equal(strings_plural(strings, "pl", "none", 5), "none");
    struct strings_cursor cursor;
    const char *key;
    const char *text;
    strings_cursor_open(&cursor, strings, "en");
    while (strings_cursor_next(&cursor, &key, &text)) {
        size_t length = strlen(all);
        (void)snprintf(all + length, sizeof all - length, "%s=%s;", key, text);
    }
    assert_string_equal(all, "read=Read;files.one={count} fil;files.other={count} filer;only=Kun;");
    strings_free(strings);
    strings_free(NULL);
}

static void patterns_are_filled(void **state)
{
    (void)state;
    assert_string_equal(
        strings_format(&arena, "{a} af {b}, {a}{{{c} {", "a", "1", "b", "{a}", NULL),
        "1 af {a}, 1{{c} {");
    assert_string_equal(strings_format(&arena, "tom {}", NULL), "tom {}");
}

static void pages_and_mails_share_their_wording(void **state)
{
    (void)state;
    const int64_t at = INT64_C(1780299000000); /* 2026-06-01T09:30:00+02:00 */
    struct strings *strings = strings_new("en");
    strings_add(strings, "en", "event_when", "{date}, {start}–{end}");
    strings_add(strings, "en", "event_when_open", "{date} at {start}");
    strings_add(strings, "en", "event_when_days", "{start} to {end}");
    strings_add(strings, "en", "file_size", "{type}, {size}");
    strings_add(strings, "en", "type_statement", "Statement");
    strings_add(strings, "en", "picture_credit", "Credit");
    const struct wording wording = { context, strings, "en" };
    assert_string_equal(wording_event_when(&wording, &arena, at, at + DURATION_HOUR),
                        "Monday, 1 June 2026, 09:30–10:30");
    assert_string_equal(wording_event_days(&wording, &arena, at, at + DURATION_HOUR),
                        wording_event_days(&wording, &arena, at, at + 1));
    assert_string_equal(wording_event_when(&wording, &arena, at, INSTANT_NONE),
                        "Monday, 1 June 2026 at 09:30");
    assert_string_equal(wording_event_when(&wording, &arena, at, at + DURATION_DAY),
                        "Monday, 1 June 2026 at 09:30 to Tuesday, 2 June 2026 at 09:30");
    assert_string_equal(wording_file(&wording, &arena, "v1.2/kort.jpg", 84000), "JPEG, 84 kB");
    assert_string_equal(wording_file(&wording, &arena, "v1.2/fakta", 84000), ", 84 kB");
    assert_string_equal(wording_credit(&wording, &arena, "Lars Juul"), "Credit: Lars Juul");
    assert_string_equal(wording_credit(&wording, &arena, "Foto: Lars Juul"), "Foto: Lars Juul");
    assert_string_equal(wording_credit(&wording, &arena, "PHOTO : Lars Juul"), "PHOTO : Lars Juul");
    assert_string_equal(wording_credit(&wording, &arena, "Bild und Grafik: Ö. Ähre"),
                        "Bild und Grafik: Ö. Ähre");
    assert_string_equal(wording_credit(&wording, &arena, "© Lars Juul"), "Credit: © Lars Juul");
    assert_string_equal(wording_credit(&wording, &arena, "https://nordhav.example/foto"),
                        "Credit: https://nordhav.example/foto");
    assert_string_equal(wording_credit(&wording, &arena, ": Lars"), "Credit: : Lars");
    assert_string_equal(wording_credit(&wording, &arena, "Lars Juul, who took it at dawn: twice"),
                        "Credit: Lars Juul, who took it at dawn: twice");
    assert_string_equal(wording_type(&wording, &arena, "statement", false), "Statement");
    assert_string_equal(wording_type(&wording, &arena, "own-type", true), "Own type");
    strings_free(strings);
}

static void dates_in_sentences_read_aloud_well(void **state)
{
    (void)state;

    static const struct {
        const char *language;
        const char *date;
        const char *when;
        const char *open;
        const char *days;
    } cases[] = {
        { "da", "1. juni 2026 kl. 09.30", "mandag den 1. juni 2026 kl.\u00a009.30–10.30",
          "mandag den 1. juni 2026 kl.\u00a009.30",
          "mandag den 1. juni 2026 kl.\u00a009.30 til tirsdag den 2. juni 2026 kl.\u00a009.30" },
        { "en", "1 June 2026 at 09:30", "Monday, 1 June 2026, 09:30–10:30",
          "Monday, 1 June 2026 at 09:30",
          "Monday, 1 June 2026 at 09:30 to Tuesday, 2 June 2026 at 09:30" },
        { "sv", "1 juni 2026 kl. 09:30", "måndag 1 juni 2026 kl.\u00a009:30–10:30",
          "måndag 1 juni 2026 kl.\u00a009:30",
          "måndag 1 juni 2026 kl.\u00a009:30 till tisdag 2 juni 2026 kl.\u00a009:30" },
        { "nb", "1. juni 2026 kl. 09:30", "mandag 1. juni 2026 kl.\u00a009:30–10:30",
          "mandag 1. juni 2026 kl.\u00a009:30",
          "mandag 1. juni 2026 kl.\u00a009:30 til tirsdag 2. juni 2026 kl.\u00a009:30" },
        { "de", "1. Juni 2026 um 09:30\u00a0Uhr", "Montag, 1. Juni 2026, 09:30–10:30\u00a0Uhr",
          "Montag, 1. Juni 2026, 09:30\u00a0Uhr",
          "Montag, 1. Juni 2026, 09:30\u00a0Uhr bis Dienstag, 2. Juni 2026, 09:30\u00a0Uhr" },
    };

    const int64_t at = INT64_C(1780299000000); /* 2026-06-01T09:30:00+02:00 */
    struct strings *strings = strings_new("en");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct wording wording = { context, strings, cases[i].language };
        test_strings_add(strings, &arena, cases[i].language);
        assert_string_equal(wording_date(&wording, &arena, at), cases[i].date);
        assert_string_equal(wording_event_when(&wording, &arena, at, at + DURATION_HOUR),
                            cases[i].when);
        assert_string_equal(wording_event_when(&wording, &arena, at, INSTANT_NONE), cases[i].open);
        assert_string_equal(wording_event_when(&wording, &arena, at, at + DURATION_DAY),
                            cases[i].days);
    }
    strings_free(strings);
}

static bool read_rest(void *payload, struct strings *strings, struct error *error)
{
    (void)error;
    (*(int *)payload)++;
    strings_add(strings, "da", "receipt_why", "Hvorfor");
    strings_add(strings, "da", "receipt_what", "Hvad");
    return true;
}

static void texts_of_few_are_read_when_the_first_of_them_is_asked_for(void **state)
{
    static const char *const prefixes[] = { "receipt_", NULL };
    struct strings *strings = strings_new("da");
    struct strings_cursor cursor;
    const char *key;
    const char *text;
    int count = 0;
    int times = 0;
    (void)state;
    strings_add(strings, "da", "nav_front", "Nyt");
    strings_add(strings, "da", "receipt_why", "Derfor");
    strings_read_rest_later(strings, "da", prefixes, read_rest, &times);
    assert_string_equal(strings_get(strings, "da", "nav_front"), "Nyt");
    assert_false(strings_has(strings, "da", "nav_media"));
    strings_cursor_open(&cursor, strings, "da");
    assert_int_equal(times, 0);
    /* A newsroom's own stands over what is read, and what it took the place of is known. */
    assert_string_equal(strings_get(strings, "da", "receipt_why"), "Derfor");
    assert_string_equal(strings_get(strings, "da", "receipt_what"), "Hvad");
    assert_string_equal(strings_get_first(strings, "da", "receipt_why"), "Hvorfor");
    assert_false(strings_has(strings, "da", "receipt_who"));
    assert_int_equal(times, 1);
    strings_cursor_open_whole(&cursor, strings, "da");
    while (strings_cursor_next(&cursor, &key, &text))
        count++;
    assert_int_equal(count, 3);
    strings_free(strings);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dates_read_as_each_language_writes_them),
        cmocka_unit_test(a_date_asked_for_again_is_the_same),
        cmocka_unit_test(numbers_and_sizes_follow_the_language),
        cmocka_unit_test(slugs_are_plain_and_readable),
        cmocka_unit_test(languages_are_checked_and_named),
        cmocka_unit_test(a_language_is_given_its_country),
        cmocka_unit_test(text_is_composed_and_folded),
        cmocka_unit_test(strings_fall_back_and_count),
        cmocka_unit_test(patterns_are_filled),
        cmocka_unit_test(dates_in_sentences_read_aloud_well),
        cmocka_unit_test(texts_of_few_are_read_when_the_first_of_them_is_asked_for),
        cmocka_unit_test(pages_and_mails_share_their_wording),
    };
    return cmocka_run_group_tests(tests, open_context, close_context);
}
