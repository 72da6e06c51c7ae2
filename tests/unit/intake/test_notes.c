/* SPDX-License-Identifier: MIT */
/* The texts of notes.yaml: each message has one, each text belongs to a message, and every language
 * says the same values. */
#include "cmocka_all.h"

#include "base/error.h"
#include "locale/language_words.h"
#include "locale/written_date.h"
#include "locale/zone.h"
#include "unit/languages.h"
#include "unit/notes.h"
#include "unit/words.h"

#include <string.h>

static void each_message_has_its_text_and_no_text_is_left_over(void **state)
{
#define NAME_OF(name) #name,
    static const char *const names[] = { INTAKE_MESSAGES(NAME_OF) };
#undef NAME_OF
    (void)state;
    for (const char *const *language = shipped_languages; *language; language++) {
        struct arena arena = { 0 };
        struct strings *notes = strings_new(*language);
        const struct intake_wording wording = { .notes = notes, .language = *language };
        struct strings_cursor cursor;
        const char *key;
        const char *text;
        int count = 0;
        notes_add(notes, *language, &arena);
        for (int id = 0; id < INTAKE_MESSAGE_ID_COUNT; id++)
            if (strcmp(intake_message_pattern((enum intake_message_id)id, &wording), names[id]) ==
                0)
                fail_msg("notes.yaml of %s lacks %s", *language, names[id]);
        strings_cursor_open(&cursor, notes, *language);
        while (strings_cursor_next(&cursor, &key, &text))
            count++;
        if (count != INTAKE_MESSAGE_ID_COUNT)
            fail_msg("notes.yaml of %s has %d keys, and there are %d messages", *language, count,
                     INTAKE_MESSAGE_ID_COUNT);
        strings_free(notes);
        arena_release(&arena);
    }
}

static unsigned places_of(enum intake_message_id id, const struct strings *notes,
                          const char *language)
{
    static const char *const names[] = { "{a}",    "{b}",    "{c}",      "{file}",
                                         "{line}", "{text}", "{day}",    "{month}",
                                         "{year}", "{hour}", "{minute}", "{weekday}" };
    const struct intake_wording wording = { .notes = notes, .language = language };
    const char *text = intake_message_pattern(id, &wording);
    unsigned places = 0;
    for (unsigned i = 0; i < sizeof names / sizeof names[0]; i++)
        places |= strstr(text, names[i]) ? 1U << i : 0;
    return places;
}

static void every_language_says_the_same_values(void **state)
{
    struct strings *notes = shipped_notes();
    (void)state;
    for (enum intake_message_id id = 0; id < INTAKE_MESSAGE_ID_COUNT; id++)
        for (const char *const *language = shipped_languages; *language; language++)
            if (places_of(id, notes, *language) != places_of(id, notes, "en"))
                fail_msg("notes.yaml of %s: message %d has other values than in English", *language,
                         (int)id);
    strings_free(notes);
}

/* A message within a message, a weekday and a time: each in the words of the reader. */
static void values_are_shown_in_the_language_of_the_reader(void **state)
{
    static const struct {
        const char *language;
        const char *weekday;
        const char *until;
        const char *fault;
    } expected[] = {
        { "en", "“a: b” does not fit: that day is a Tuesday; correct the day or the weekday",
          "held until Tuesday 9 June 2026 at 06:05, for “c” is its embargo",
          "d.jpg: is really a PNG picture; give it the right ending, so that it opens for everybody "
          "(until then the release goes out without it)" },
        { "da", "“a: b” passer ikke: den dag er en tirsdag; ret datoen eller ugedagen",
          "holdes tilbage til tirsdag den 9. juni 2026 kl. 06.05, for “c” er dens embargo",
          "d.jpg: er i virkeligheden et PNG-billede; giv filen den rigtige endelse, så alle kan åbne "
          "den (indtil da udgives meddelelsen uden)" },
        { "sv", "”a: b” stämmer inte: den dagen är en tisdag; rätta datumet eller veckodagen",
          "väntar till tisdag 9 juni 2026 kl. 06.05, för ”c” är dess embargo",
          "d.jpg: är i själva verket en PNG-bild; ge filen rätt ändelse, så att alla kan öppna den (tills dess publiceras pressmeddelandet utan)" },
        { "nb", "«a: b» stemmer ikke: den dagen er en tirsdag; rett datoen eller ukedagen",
          "holdes tilbake til tirsdag 9. juni 2026 kl. 06.05, for «c» er sperrefristen",
          "d.jpg: er egentlig et PNG-bilde; gi filen riktig endelse, så alle kan åpne den (inntil da publiseres pressemeldingen uten)" },
        { "de",
          "„a: b“ passt nicht zusammen: dieser Tag ist ein Dienstag; korrigieren Sie das Datum oder den Wochentag",
          "wird zurückgehalten bis Dienstag, 9. Juni 2026, 06:05 Uhr, denn „c“ ist eine Sperrfrist",
          "d.jpg: ist in Wirklichkeit ein PNG-Bild; geben Sie der Datei die richtige Endung, damit alle sie öffnen können (bis dahin erscheint die Mitteilung ohne diese Datei)" },
    };

    static const struct {
        const char *tag;
        const char *as;
    } same[] = { { "nb-NO", "nb" }, { "no", "nb" },    { "nn", "nb" }, { "nn-NO", "nb" },
                 { "sv-FI", "sv" }, { "de-AT", "de" }, { "la", "en" }, { "en-GB", "en" } };

    struct error error;
    struct arena arena = { 0 };
    struct strings *notes = shipped_notes();
    struct language_words *words = shipped_words();
    struct zone *zone = zone_open("Europe/Copenhagen", &error);
    const struct intake_message weekday = { INTAKE_MESSAGE_TIME_WEEKDAY,
                                            { intake_value_given("a"), intake_value_given("b"),
                                              intake_value_weekday(2) } };
    const struct intake_message until = { INTAKE_MESSAGE_EMBARGO_UNTIL,
                                          { intake_value_given("c"),
                                            intake_value_time(zone, INT64_C(1780977900000)) } };
    const struct intake_message kind = { .id = INTAKE_MESSAGE_KIND_PNG };
    const struct intake_message lies = {
        INTAKE_MESSAGE_ASSET_LIES, { intake_value_given("d.jpg"), intake_value_message(&kind) }
    };
    const struct intake_message fault = { INTAKE_MESSAGE_ASSET_WITHOUT,
                                          { intake_value_message(&lies) } };
    (void)state;
    for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++) {
        const struct intake_wording wording = { notes, words, expected[i].language };
        assert_string_equal(intake_message_show(&weekday, &wording, &arena), expected[i].weekday);
        assert_string_equal(intake_message_show(&until, &wording, &arena), expected[i].until);
        assert_string_equal(intake_message_show(&fault, &wording, &arena), expected[i].fault);
    }
    for (size_t i = 0; i < sizeof same / sizeof same[0]; i++) {
        const struct intake_wording one = { notes, words, same[i].tag };
        const struct intake_wording other = { notes, words, same[i].as };
        assert_string_equal(intake_message_show(&until, &one, &arena),
                            intake_message_show(&until, &other, &arena));
    }
    zone_close(zone);
    language_words_free(words);
    strings_free(notes);
    arena_release(&arena);
}

/* A time that a note shows to be copied means the same where it is copied to, be that file in
 * whatever language. */
static void a_time_that_a_note_shows_is_read_again(void **state)
{
    (void)state;
    struct strings *notes = shipped_notes();
    struct language_words *words = shipped_words();
    struct error error;
    struct zone *zone = zone_open("Europe/Copenhagen", &error);
    assert_non_null(zone);
    for (const char *const *language = shipped_languages; *language; language++) {
        const struct intake_wording wording = { notes, words, *language };
        struct arena arena = { 0 };
        for (int month = 1; month <= 12; month++) {
            const struct civil_time civil = {
                .year = 2026, .month = month, .day = month, .hour = (month * 5) % 24, .minute = 0
            };
            const struct intake_value value = intake_value_written_time(&civil);
            const char *text = intake_value_show(&value, &wording, &arena);
            for (const char *const *read_in = shipped_languages; *read_in; read_in++) {
                struct written_date date;
                struct written_instant instant;
                struct civil_time again;
                written_date_read(words, *read_in, &arena, text, &date);
                written_date_resolve(&date, zone, 0, &instant);
                if (instant.fault != WRITTEN_FULL || date.length != strlen(text))
                    fail_msg("“%s” is not read in a text of %s", text, *read_in);
                zone_civil(zone, instant.at, &again);
                assert_int_equal(again.month, civil.month);
                assert_int_equal(again.day, civil.day);
                assert_int_equal(again.hour, civil.hour);
            }
        }
        arena_release(&arena);
    }
    zone_close(zone);
    language_words_free(words);
    strings_free(notes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_time_that_a_note_shows_is_read_again),
        cmocka_unit_test(each_message_has_its_text_and_no_text_is_left_over),
        cmocka_unit_test(every_language_says_the_same_values),
        cmocka_unit_test(values_are_shown_in_the_language_of_the_reader),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
