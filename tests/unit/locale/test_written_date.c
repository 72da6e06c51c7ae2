/* SPDX-License-Identifier: MIT */
#include "cmocka_all.h"

#include "../words.h"
#include "base/clock.h"
#include "base/error.h"
#include "locale/written_date.h"
#include "locale/zone.h"

#include <string.h>

/* Now is Monday 1 June 2026, 12:00 in Copenhagen. */
#define NOW "2026-06-01T10:00:00Z"

static struct language_words *words;

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

static const char *const fault_names[] = { "full",    "no day",   "impossible", "no year",
                                           "weekday", "two ways", "other zone", "no time" };

/* "06-09 06:00" style: what is expected, as text. */
static const char *described(struct arena *arena, const char *language, const char *place,
                             const char *text, size_t *length)
{
    struct error error;
    struct written_date date;
    struct written_instant instant;
    int64_t now_at;
    struct zone *zone = zone_open(place, &error);
    assert_non_null(zone);
    assert_true(instant_parse_rfc3339(NOW, &now_at));
    written_date_read(words, language, arena, text, &date);
    written_date_resolve(&date, zone, now_at, &instant);
    *length = date.length;
    const char *first = zone_format_rfc3339(zone, arena, instant.at, false);
    const char *last = zone_format_rfc3339(zone, arena, instant.other_at, false);
    const char *result = fault_names[instant.fault];
    if (instant.fault == WRITTEN_FULL)
        result = arena_format(arena, "%.16s", first);
    else if (instant.fault == WRITTEN_NO_TIME)
        result = arena_format(arena, "%.10s", first);
    else if (instant.fault == WRITTEN_TWO_WAYS)
        result = arena_format(arena, "%.16s or %.16s", first, last);
    else if (instant.fault == WRITTEN_WEEKDAY)
        result = arena_format(arena, "weekday %d", instant.weekday);
    else if (date.length == 0)
        result = "nothing";
    zone_close(zone);
    return result;
}

struct form {
    const char *language;
    const char *text;
    const char *expected;
    const char *rest; /* what is not taken; NULL: nothing */
};

#define JUNE9 "2026-06-09T06:00"

static void check_all(const struct form *forms, size_t count, const char *place)
{
    int wrong = 0;
    for (size_t i = 0; i < count; i++) {
        struct arena arena = { 0 };
        size_t length;
        const char *rest = forms[i].rest ? forms[i].rest : "";
        const char *result = described(&arena, forms[i].language, place, forms[i].text, &length);
        if (strcmp(result, forms[i].expected) != 0 || strcmp(forms[i].text + length, rest) != 0) {
            print_message("%s “%s”: %s, rest “%s”, not %s\n", forms[i].language, forms[i].text,
                          result, forms[i].text + length, forms[i].expected);
            wrong++;
        }
        arena_release(&arena);
    }
    assert_int_equal(wrong, 0);
}

#define CHECK_ALL(forms, place) check_all(forms, sizeof(forms) / sizeof(forms)[0], place)

static void danish_forms(void **state)
{
    static const struct form forms[] = {
        { "da", "9. juni 2026 kl. 6", JUNE9, NULL },
        { "da", "9. juni 2026 kl 6", JUNE9, NULL },
        { "da", "9. juni 2026 kl. 06.00", JUNE9, NULL },
        { "da", "9. juni 2026 kl. 6.30", "2026-06-09T06:30", NULL },
        { "da", "9. juni 2026 kl. 06:00", JUNE9, NULL },
        { "da", "9. juni 2026, kl. 6", JUNE9, NULL },
        { "da", "9. juni 2026 klokken 6", JUNE9, NULL },
        { "da", "9. JUNI 2026 KL. 6", JUNE9, NULL },
        { "da", "9. Juni 2026 Kl.6", JUNE9, NULL },
        { "da", "9.juni 2026 kl.6", JUNE9, NULL },
        { "da", "den 9. juni 2026 kl. 6", JUNE9, NULL },
        { "da", "d. 9. juni 2026 kl. 6", JUNE9, NULL },
        { "da", "9 juni 2026 06.00", JUNE9, NULL },
        { "da", "9. jun. 2026 kl. 6", JUNE9, NULL },
        { "da", "9. juni 2026", "2026-06-09", NULL },
        { "da", "9.6.2026", "2026-06-09", NULL },
        { "da", "09.06.2026", "2026-06-09", NULL },
        { "da", "09.06.2026 06.00", JUNE9, NULL },
        { "da", "09.06.2026 kl. 06.00", JUNE9, NULL },
        { "da", "09.06.2026 06:00:00", JUNE9, NULL },
        { "da", "09-06-2026 06:00", JUNE9, NULL },
        { "da", "9. 6. 2026 kl. 6", JUNE9, NULL },
        { "da", "9/6-2026", "2026-06-09", NULL },
        { "da", "9/6 2026 kl. 6", JUNE9, NULL },
        { "da", "9/6-2026 kl. 6", JUNE9, NULL },
        { "da", "9/6/2026 6.00", JUNE9, NULL },
        { "da", "09/06/2026", "2026-06-09", NULL },
        { "da", "13/06/2026", "2026-06-13", NULL },
        { "da", "06/13/2026", "impossible", NULL },
        { "da", "2026-06-09 06:00", JUNE9, NULL },
        { "da", "2026-06-09 kl. 06.00", JUNE9, NULL },
        { "da", "2026-06-09", "2026-06-09", NULL },
        { "da", "2026/06/09 06:00", JUNE9, NULL },
        { "da", "2026-06-09T06:00:00+02:00", JUNE9, NULL },
        { "da", "2026-06-09T06:00", JUNE9, NULL },
        { "da", "2026-06-09T06:00:00.250+02:00", JUNE9, NULL },
        { "da", "2026-06-09T04:00Z", JUNE9, NULL },
        { "da", "2026-06-09T00:00-04:00", JUNE9, NULL },
        { "da", "2026-06-09T00:00:00-0400", JUNE9, NULL },
        { "da", "2026-06-09 06:00 +02:00", JUNE9, NULL },
        { "da", "2026-06-09 06:00 +0200", JUNE9, NULL },
        { "da", "9. juni 2026 kl. 24", "2026-06-10T00:00", NULL },
        { "da", "9. juni 2026 kl. 00.00", "2026-06-09T00:00", NULL },
        { "da", "9. juni 2026 kl. 0.01", "2026-06-09T00:01", NULL },
        { "da", "9. juni 2026 kl. 12", "2026-06-09T12:00", NULL },
        { "da", "9. juni 2026 kl. 0600", JUNE9, NULL },
        { "da", "9. juni 2026 kl. 2030", "2026-06-09T20:30", NULL },
        { "da", "9. juni 2026 kl. 6 præcis", JUNE9, NULL },
        { "da", "9. juni 2026 kl. 6 om morgenen", JUNE9, NULL },
        { "da", "9. juni 2026 kl. 6 om aftenen", "2026-06-09T18:00", NULL },
        { "da", "9. juni 2026 kl. 12 om aftenen", "impossible", NULL },
        { "da", "9. juni 2026 kl. 6 dansk tid", JUNE9, NULL },
        { "da", "9. juni 2026 kl. 6 (dansk tid)", JUNE9, NULL },
        { "da", "9. juni 2026 kl. 6, dansk tid", JUNE9, NULL },
        { "da", "9. juni 2026 kl. 6 CEST", JUNE9, NULL },
        { "da", "9. juni 2026 kl. 6 CET", JUNE9, NULL },
        { "da", "9. juni 2026 kl. 4 GMT", JUNE9, NULL },
        { "da", "9. juni 2026 kl. 6 UTC+2", JUNE9, NULL },
        { "da", "9. juni 2026 kl. 6 svensk tid", "other zone", NULL },
        { "da", "9. juni 2026 kl. 6 lokal tid", "other zone", " lokal tid" },
        { "da", "9. juni 2026 kl. 6 BST", "other zone", NULL },
        { "da", "9. juni 2026 kl. 6 (ET)", "other zone", " (ET)" },
        { "da", "tirsdag den 9. juni 2026 kl. 6", JUNE9, NULL },
        { "da", "tirsdag den 9. juni kl. 6", JUNE9, NULL },
        { "da", "tirsdag den 9. juni (kl. 6)", JUNE9, ")" },
        { "da", "Tirsdag d. 9. juni, kl. 6", JUNE9, NULL },
        { "da", "tirsdag d. 9/6 kl. 6", JUNE9, NULL },
        { "da", "tirsdag 9/6 kl. 6.00", JUNE9, NULL },
        { "da", "tirs. 9/6 kl. 6", JUNE9, NULL },
        { "da", "tirsdag den 9.6. kl. 6", JUNE9, NULL },
        { "da", "tirsdag den 9.6 kl. 6", JUNE9, NULL },
        { "da", "tirsdag d. 9/6", "2026-06-09", NULL },
        { "da", "kl. 6 tirsdag den 9. juni", JUNE9, NULL },
        { "da", "kl. 06.00 den 9. juni 2026", JUNE9, NULL },
        { "da", "10.10 den 9. juni 2026", "2026-06-09T10:10", NULL },
        { "da", "9.6.2026 10.10.", "2026-06-09T10:10", "." },
        { "da", "mandag den 9. juni 2026 kl. 6", "weekday 2", NULL },
        { "da", "mandag den 9. juni kl. 6", "weekday 2", NULL },
        { "da", "9. juni kl. 6", "no year", NULL },
        { "da", "9/6 kl. 6", "no year", NULL },
        { "da", "søndag den 31. maj kl. 6", "no year", NULL },
        { "da", "tirsdag den 30. marts kl. 6", "no year", NULL },
        { "da", "fredag den 26. marts kl. 6", "2027-03-26T06:00", NULL },
        { "da", "mandag den 1. juni kl. 18", "2026-06-01T18:00", NULL },
        { "da", "9/6-26 kl. 6", "no year", NULL },
        { "da", "9.6.26 kl. 6", "no year", NULL },
        { "da", "31. juni 2026 kl. 6", "impossible", NULL },
        { "da", "9. juni 2026 kl. 25", "impossible", NULL },
        { "da", "9. juni 2026 kl. 6.75", "impossible", NULL },
        { "da", "29. marts 2026 kl. 02.30", "impossible", NULL },
        { "da", "25. oktober 2026 kl. 02.30", "2026-10-25T02:30", NULL },
        { "da", "9.-10. juni 2026", "nothing", "9.-10. juni 2026" },
        { "da", "9. juni 2026 kl. 9-11", "no day", "-11" },
        { "da", "9. juni 2026 kl. 9.00–11.00", "no day", "–11.00" },
        { "da", "9. juni 2026 kl. 10:00-12:00", "no day", "-12:00" },
        { "da", "9. juni - 10. juni 2026", "no day", NULL },
        { "da", "i morgen kl. 6", "nothing", "i morgen kl. 6" },
        { "da", "kl. 6", "no day", NULL },
        { "da", "tirsdag", "no day", NULL },
        { "da", "man", "nothing", "man" },
        { "da", "midnat den 9. juni 2026", "2026-06-09T00:00 or 2026-06-10T00:00", NULL },
        { "da", "juni 2026", "nothing", "juni 2026" },
        { "da", "7. klasse", "nothing", "7. klasse" },
        { "da", "20 borgere", "nothing", "20 borgere" },
        { "da", "", "nothing", NULL },
    };

    (void)state;
    CHECK_ALL(forms, "Europe/Copenhagen");
}

static void english_forms(void **state)
{
    static const struct form forms[] = {
        { "en", "Tuesday 9 June 2026 at 06:00", JUNE9, NULL },
        { "en", "Tuesday, 9 June 2026, 06:00", JUNE9, NULL },
        { "en", "Tuesday 9 June at 06:00", JUNE9, NULL },
        { "en", "June 9, 2026, 6 a.m.", JUNE9, NULL },
        { "en", "June 9, 2026 at 6 a.m.", JUNE9, NULL },
        { "en", "June 9, 2026, 6am", JUNE9, NULL },
        { "en", "June 9th, 2026 at 6 AM", JUNE9, NULL },
        { "en", "JUNE 9, 2026 6 A.M.", JUNE9, NULL },
        { "en", "6 a.m. on Tuesday 9 June", JUNE9, NULL },
        { "en", "6 a.m. Tuesday, June 9", JUNE9, NULL },
        { "en", "6am on the 9th of June 2026", JUNE9, NULL },
        { "en", "6.00am on 9 June 2026", JUNE9, NULL },
        { "en", "6:00 p.m. on 9 June 2026", "2026-06-09T18:00", NULL },
        { "en", "06:00 CET, 9 June 2026", JUNE9, NULL },
        { "en", "06:00 (CET), 9 June 2026", JUNE9, NULL },
        { "en", "06:00 CET on 9 June 2026", JUNE9, NULL },
        { "en", "04:00 GMT on 9 June 2026", JUNE9, NULL },
        { "en", "04:00 UTC, 9 June 2026", JUNE9, NULL },
        { "en", "0400 GMT 9 June 2026", JUNE9, NULL },
        { "en", "0600 hours on 9 June 2026", JUNE9, NULL },
        { "en", "9 June 2026, 0600", JUNE9, NULL },
        { "en", "6 o'clock in the morning on 9 June 2026", JUNE9, NULL },
        { "en", "6 o'clock on 9 June 2026", "2026-06-09T06:00 or 2026-06-09T18:00", NULL },
        { "en", "9 June 2026 at 6", "2026-06-09T06:00 or 2026-06-09T18:00", NULL },
        { "en", "9 June 2026 at 6:00", "2026-06-09T06:00 or 2026-06-09T18:00", NULL },
        { "en", "9 June 2026 at 10:00", "2026-06-09T10:00", NULL },
        { "en", "9 June 2026 at 14:30", "2026-06-09T14:30", NULL },
        { "en", "9 June 2026, 12 a.m.", "2026-06-09T00:00", NULL },
        { "en", "9 June 2026, 12 p.m.", "2026-06-09T12:00", NULL },
        { "en", "noon on 9 June 2026", "2026-06-09T12:00", NULL },
        { "en", "12 noon on 9 June 2026", "2026-06-09T12:00", NULL },
        { "en", "midnight on 9 June 2026", "2026-06-09T00:00 or 2026-06-10T00:00", NULL },
        { "en", "12 midnight, 9 June 2026", "2026-06-09T00:00 or 2026-06-10T00:00", NULL },
        { "en", "00:01 on Tuesday 9 June", "2026-06-09T00:01", NULL },
        { "en", "9-Jun-2026 06:00", JUNE9, NULL },
        { "en", "9 June 2026 at 06:00 sharp", JUNE9, NULL },
        { "en", "9 June 2026 at 06:00 Danish time", JUNE9, NULL },
        { "en", "9 June 2026 at 06:00 Copenhagen time", JUNE9, NULL },
        { "en", "9 June 2026 at 06:00 London time", "other zone", NULL },
        { "en", "9 June 2026 at 06:00 ET", "other zone", " ET" },
        { "en", "9 June 2026 at 06:00 EST", "other zone", NULL },
        { "en", "9 June 2026 at 06:00 PT", "other zone", " PT" },
        { "en", "9 June 2026 at 06:00 Eastern", "other zone", " Eastern" },
        { "en", "9 June 2026 at 06:00, New York time", "other zone", ", New York time" },
        { "en", "9 June 2026 at 06:00, ET", "other zone", ", ET" },
        { "en", "9 June 2026 at 06:00 local time", "other zone", " local time" },
        { "en", "9 June 2026 at 06:00 – ET", "other zone", " – ET" },
        { "en", "9 June 2026 at 06:00. Eastern time", "other zone", ". Eastern time" },
        { "en", "9 June 2026 at 06:00 | New York time", "other zone", " | New York time" },
        { "en", "9 June 2026 at 06:00 [New York]", "other zone", " [New York]" },
        { "en", "9 June 2026 at 06:00 – NEW BRIDGE OPENS", JUNE9, " – NEW BRIDGE OPENS" },
        { "en", "9 June 2026 at 06:00. The bridge opens", JUNE9, ". The bridge opens" },
        { "en", "9 June 2026 at 06:00 BST", "other zone", NULL },
        { "en", "06:00 BST on 9 June 2026", "other zone", NULL },
        { "en", "06:00 CET/05:00 GMT on 9 June 2026", "no day", "/05:00 GMT on 9 June 2026" },
        { "en", "06/09/2026", "2026-06-09T00:00 or 2026-09-06T00:00", NULL },
        { "en", "09/06/2026 06:00", "2026-06-09T06:00 or 2026-09-06T06:00", NULL },
        { "en", "13/06/2026 06:00", "2026-06-13T06:00", NULL },
        { "en", "06/13/2026 06:00", "2026-06-13T06:00", NULL },
        { "en", "06/06/2026 06:00", "2026-06-06T06:00", NULL },
        { "en", "Tuesday 06/09/2026 06:00", JUNE9, NULL },
        { "en", "Sunday 06/09/2026 06:00", "2026-09-06T06:00", NULL },
        { "en", "Monday 06/09/2026 06:00", "weekday 7", NULL },
        { "en", "6/9 6am", "no year", NULL },
        { "en", "2026-06-09 06:00", JUNE9, NULL },
        { "en", "Wednesday 9 June 2026 at 06:00", "weekday 2", NULL },
        { "en", "9 June at 6am", "no year", NULL },
        { "en", "9 June 26 at 6am", "no year", NULL },
        { "en", "9–10 June 2026", "nothing", "9–10 June 2026" },
        { "en", "June 2026", "nothing", "June 2026" },
        { "en", "May I ask", "nothing", "May I ask" },
        { "en", "tomorrow", "nothing", "tomorrow" },
        /* A Dane who writes English. */
        { "da", "Tuesday 9 June 2026 at 6", "2026-06-09T06:00 or 2026-06-09T18:00", NULL },
        { "da", "June 9, 2026, 6:00", "2026-06-09T06:00 or 2026-06-09T18:00", NULL },
    };

    (void)state;
    CHECK_ALL(forms, "Europe/Copenhagen");
}

static void swedish_norwegian_and_german_forms(void **state)
{
    static const struct form forms[] = {
        { "sv", "den 9 juni 2026 klockan 06.00", JUNE9, NULL },
        { "sv", "tisdagen den 9 juni kl 06.00", JUNE9, NULL },
        { "sv", "tisdag 9 juni 2026, kl. 6", JUNE9, NULL },
        { "sv", "9:e juni 2026 kl. 6", JUNE9, NULL },
        { "sv", "den 9/6 2026 kl 06:00", JUNE9, NULL },
        { "sv", "2026-06-09 kl 06.00", JUNE9, NULL },
        { "sv", "2026-06-09, 06:00", JUNE9, NULL },
        { "sv", "9 juni 2026 kl. 6 på kvällen", "2026-06-09T18:00", NULL },
        { "sv", "måndagen den 9 juni kl. 6", "weekday 2", NULL },
        { "sv", "9 augusti 2026", "2026-08-09", NULL },
        { "sv", "09/06/2026", "2026-06-09", NULL },
        { "sv", "9 juni kl. 6", "no year", NULL },
        { "sv", "midnatt 9 juni 2026", "2026-06-09T00:00 or 2026-06-10T00:00", NULL },
        { "nb", "9. juni 2026 kl. 06.00", JUNE9, NULL },
        { "nb", "tirsdag 9. juni kl. 06.00", JUNE9, NULL },
        { "nb", "tirsdag 9. juni klokka 6", JUNE9, NULL },
        { "nb", "9.6.2026 kl. 6", JUNE9, NULL },
        { "nb", "24. desember 2026 kl. 12", "2026-12-24T12:00", NULL },
        { "nb", "1. mai 2027", "2027-05-01", NULL },
        { "nb", "9. juni 2026 kl. 6 om kvelden", "2026-06-09T18:00", NULL },
        { "nb", "mandag 9. juni 2026 kl. 6", "weekday 2", NULL },
        { "de", "Dienstag, 9. Juni 2026, 6 Uhr", JUNE9, NULL },
        { "de", "Dienstag, den 9. Juni 2026, um 6 Uhr", JUNE9, NULL },
        { "de", "9. Juni 2026, 06:00 Uhr", JUNE9, NULL },
        { "de", "9. Juni 2026, 6.00 Uhr", JUNE9, NULL },
        { "de", "9. Juni 2026, 6 Uhr 30", "2026-06-09T06:30", NULL },
        { "de", "9. Juni 2026 um 6:00 Uhr MESZ", JUNE9, NULL },
        { "de", "9. Juni 2026, 6 Uhr (MEZ)", JUNE9, NULL },
        { "de", "am 9. Juni 2026 ab 6 Uhr", JUNE9, NULL },
        { "de", "6 Uhr am 9. Juni 2026", JUNE9, NULL },
        { "de", "18 Uhr am Dienstag, 9. Juni 2026", "2026-06-09T18:00", NULL },
        { "de", "12 Uhr am Dienstag, 9. Juni 2026", "2026-06-09T12:00", NULL },
        { "da", "12.00 am Dienstag, 9. Juni 2026", "2026-06-09T12:00", NULL },
        { "da", "12.00 am 9. Juni 2026", "2026-06-09T12:00", NULL },
        { "en", "12.00 am Tuesday 9 June 2026", "2026-06-09T00:00", NULL },
        { "de", "09.06.2026, 06:00 Uhr", JUNE9, NULL },
        { "de", "9.6.2026, 6h", JUNE9, NULL },
        { "de", "9. Juni 2026, 6 Uhr morgens", JUNE9, NULL },
        { "de", "9. Juni 2026, 6 Uhr abends", "2026-06-09T18:00", NULL },
        { "de", "9. Juni 2026, 12 Uhr mittags", "2026-06-09T12:00", NULL },
        { "de", "9. Juni 2026, 24 Uhr", "2026-06-10T00:00", NULL },
        { "de", "9. Juni 2026, 6 Uhr deutscher Zeit", "other zone", NULL },
        { "de", "9. Juni 2026, 6 Uhr Ortszeit", "other zone", " Ortszeit" },
        { "de", "Di, 9. Juni, 6 Uhr", JUNE9, NULL },
        { "de", "Montag, 9. Juni 2026, 6 Uhr", "weekday 2", NULL },
        { "de", "9. März 2027", "2027-03-09", NULL },
        { "de", "9. Mrz. 2027", "2027-03-09", NULL },
        { "de", "Mitternacht am 9. Juni 2026", "2026-06-09T00:00 or 2026-06-10T00:00", NULL },
        /* Any language of a newsroom in a text of another. */
        { "da", "Dienstag, 9. Juni 2026, 6 Uhr", JUNE9, NULL },
        { "en", "tirsdag den 9. juni 2026 kl. 06.00", JUNE9, NULL },
        { NULL, "9. juni 2026 kl. 6", JUNE9, NULL },
    };

    (void)state;
    CHECK_ALL(forms, "Europe/Copenhagen");
}

static void spaces_and_invisible_characters_between_the_parts(void **state)
{
    static const struct form forms[] = {
        { "da",
          "9.\xC2\xA0juni\xC2\xA0"
          "2026\xC2\xA0kl.\xC2\xA0"
          "6",
          JUNE9, NULL },
        { "da",
          "9.\xE2\x80\xAFjuni 2026 kl.\xE2\x80\xAF"
          "6",
          JUNE9, NULL },
        { "da", "9. ju\xC2\xADni 2026 kl. 6", JUNE9, NULL },
        { "da",
          "tirs\xC2\xAD"
          "dag den 9. juni kl. 6",
          JUNE9, NULL },
        { "da",
          "9. juni 20\xE2\x80\x8B"
          "26 kl. 6",
          JUNE9, NULL },
        { "da",
          "\xEF\xBB\xBF"
          "9. juni 2026 kl. 6",
          JUNE9, NULL },
        { "da", "9. juni 2026\n  kl. 6", JUNE9, NULL },
        { "da", "9.\tjuni  2026   kl. \t 6", JUNE9, NULL },
        { "da", "9. juni 2026 \xE2\x80\x93 kl. 6", JUNE9, NULL },
        { "da",
          "2026\xE2\x80\x91"
          "06\xE2\x80\x91"
          "09 06:00",
          JUNE9, NULL },
        { "en",
          "6 a.m. on Tues\xC2\xAD"
          "day 9 June",
          JUNE9, NULL },
        { "en",
          "6 o\xE2\x80\x99"
          "clock on 9 June 2026",
          "2026-06-09T06:00 or 2026-06-09T18:00", NULL },
    };

    (void)state;
    CHECK_ALL(forms, "Europe/Copenhagen");
}

static void zones_of_another_newsroom(void **state)
{
    static const struct form london[] = {
        { "en", "9 June 2026 at 06:00 London time", JUNE9, NULL },
        { "en", "00:01 BST on Tuesday 9 June 2026", "2026-06-09T00:01", NULL },
        { "en", "0001 BST TUESDAY 9 JUNE 2026", "2026-06-09T00:01", NULL },
        { "en", "9 June 2026 at 05:00 GMT", JUNE9, NULL },
        { "en", "9 June 2026 at 06:00 CET", "other zone", NULL },
    };
    static const struct form berlin[] = {
        { "de", "9. Juni 2026, 6 Uhr deutscher Zeit", JUNE9, NULL },
        { "de", "9. Juni 2026, 6 Uhr MESZ", JUNE9, NULL },
        { "en", "9 June 2026 at 06:00 BST", "other zone", NULL },
    };
    static const struct form york[] = {
        { "en", "June 9, 2026, 6 a.m. EDT", JUNE9, NULL },
        { "en", "June 9, 2026, 6 a.m. ET", "other zone", " ET" },
        { "en", "June 9, 2026, 6 a.m. PDT", "other zone", NULL },
    };

    (void)state;
    CHECK_ALL(london, "Europe/London");
    CHECK_ALL(berlin, "Europe/Berlin");
    CHECK_ALL(york, "America/New_York");
}

static void no_year_is_found_without_a_now(void **state)
{
    struct error error;
    struct arena arena = { 0 };
    struct written_date date;
    struct written_instant instant;
    struct zone *zone = zone_open("Europe/Copenhagen", &error);
    (void)state;
    written_date_read(words, "da", &arena, "tirsdag den 9. juni kl. 6", &date);
    written_date_resolve(&date, zone, INSTANT_NONE, &instant);
    assert_int_equal(instant.fault, WRITTEN_NO_YEAR);
    zone_close(zone);
    arena_release(&arena);
}

static void without_words_numbers_are_read(void **state)
{
    struct error error;
    struct arena arena = { 0 };
    struct written_date date;
    struct written_instant instant;
    struct zone *zone = zone_open("Europe/Copenhagen", &error);
    (void)state;
    written_date_read(NULL, "da", &arena, "9.6.2026 06.00", &date);
    written_date_resolve(&date, zone, INSTANT_NONE, &instant);
    assert_int_equal(instant.fault, WRITTEN_FULL);
    written_date_read(NULL, "da", &arena, "9. juni 2026", &date);
    assert_int_equal(date.length, 0);
    zone_close(zone);
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(danish_forms),
        cmocka_unit_test(english_forms),
        cmocka_unit_test(swedish_norwegian_and_german_forms),
        cmocka_unit_test(spaces_and_invisible_characters_between_the_parts),
        cmocka_unit_test(zones_of_another_newsroom),
        cmocka_unit_test(no_year_is_found_without_a_now),
        cmocka_unit_test(without_words_numbers_are_read),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
