/* SPDX-License-Identifier: MIT */
#include "cmocka_all.h"

#include "../words.h"
#include "base/clock.h"
#include "base/error.h"
#include "intake/embargo_phrase.h"
#include "locale/zone.h"

#include <string.h>

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

/* "2026-06-09T06:00" where the first phrase of the line is full, "held" where one is there, "none";
 * " alone" where nothing else stands in its line, bracket or bold run. It is 1 June 2026 in
 * Copenhagen. */
static const char *described(struct arena *arena, const char *language, const char *line,
                             bool is_raw)
{
    struct error error;
    struct written_instant instant;
    int64_t now_at;
    struct zone *zone = zone_open("Europe/Copenhagen", &error);
    const char *clean = embargo_line_clean(words, arena, line, is_raw);
    const struct embargo_phrase *phrase = embargo_phrase_find(words, language, arena, clean, NULL);
    const char *result = "none";
    assert_non_null(zone);
    assert_true(instant_parse_rfc3339("2026-06-01T10:00:00Z", &now_at));
    if (phrase) {
        const char *alone = phrase->alone_in != EMBARGO_IN_TEXT ? " alone" : "";
        written_date_resolve(&phrase->date, zone, now_at, &instant);
        result = arena_format(arena, "held%s", alone);
        if (instant.fault == WRITTEN_FULL)
            result = arena_format(arena, "%.16s%s",
                                  zone_format_rfc3339(zone, arena, instant.at, false), alone);
    }
    zone_close(zone);
    return result;
}

struct line {
    const char *language;
    const char *line;
    const char *expected;
};

static void check_all(const struct line *lines, size_t count, bool is_raw)
{
    int wrong = 0;
    for (size_t i = 0; i < count; i++) {
        struct arena arena = { 0 };
        const char *result = described(&arena, lines[i].language, lines[i].line, is_raw);
        if (strcmp(result, lines[i].expected) != 0) {
            print_message("%s “%s”: %s, not %s\n", lines[i].language, lines[i].line, result,
                          lines[i].expected);
            wrong++;
        }
        arena_release(&arena);
    }
    assert_int_equal(wrong, 0);
}

#define CHECK_ALL(lines, is_raw) check_all(lines, sizeof(lines) / sizeof(lines)[0], is_raw)

#define FULL "2026-06-09T06:00"
#define ALONE "2026-06-09T06:00 alone"

/* A day that only a person can tell, and words that repeat or misspell themselves. */
static void embargoes_without_a_date(void **state)
{
    static const struct line lines[] = {
        { "da", "Embargo i morgen", "held alone" },
        { "da", "Embargo i morgen kl. 6", "held alone" },
        { "da", "Klausuleret indtil videre", "held alone" },
        { "da", "Må ikke bruges endnu", "held alone" },
        { "da", "Må først bruges i morgen", "held alone" },
        { "da", "Ikke til offentliggørelse endnu", "held alone" },
        { "da", "EMBARGO EMBARGO EMBARGO", "held alone" },
        { "da", "EMBARGO 090626", "held alone" },
        { "da", "Embargo 20260609", "held alone" },
        { "da", "Bedes tilbageholdt til torsdag", "held alone" },
        { "da", "Vent venligst med publicering til 9. juni 2026 kl. 6", ALONE },
        { "da", "Til brug fra 9. juni 2026 kl. 6", ALONE },
        { "da", "Der er embargo på denne nyhed indtil torsdag", "held alone" },
        { "da", "Embago til 9. juni 2026 kl. 6", ALONE },
        { "en", "Embargo tomorrow 6 a.m.", "held alone" },
        { "en", "Embargo TBC", "held alone" },
        { "en", "Not for release yet", "held alone" },
        { "en", "Embrago: 9 June 2026 06:00", ALONE },
        { "en", "Embargo lift: Tuesday 9 June, 6am", ALONE },
        { "en", "For release on or after 9 June 2027", "held alone" },
        { "en", "Released under embargo until 9 June", "held alone" },
        { "sv", "Embargo till i morgon", "held" },
        { "sv", "Får inte publiceras än", "held alone" },
        { "nb", "Sperrefrist i morgen kl. 6", "held alone" },
        { "de", "Sperrfrist morgen 6 Uhr", "held alone" },
        { "de", "Embargo bis auf weiteres", "held alone" },
        { "de", "Es gilt das gesprochene Wort – Sperrfrist: Beginn der Rede", "held" },
    };

    (void)state;
    CHECK_ALL(lines, false);
}

static void danish_embargoes(void **state)
{
    static const struct line lines[] = {
        { "da", "EMBARGO", "held alone" },
        { "da", "EMBARGO:", "held alone" },
        { "da", "Embargo!", "held alone" },
        { "da", "STRENG EMBARGO", "held alone" },
        { "da", "EMBARGO – EMBARGO – EMBARGO", "held" },
        { "da", "EMBARGO: Ny bro åbner", "held" },
        { "da", "EMBARGO – ny bro åbner", "held" },
        { "da", "Embargo indtil mandag den 8. juni 2026 kl. 06.00", "2026-06-08T06:00 alone" },
        { "da", "Embargo til tirsdag den 9. juni kl. 6", ALONE },
        { "da", "Embargo til tirsdag d. 9/6 kl. 6", ALONE },
        { "da", "EMBARGO TIL 9. JUNI 2026 KL. 06.00", ALONE },
        { "da", "EMBARGO til 9/6-2026 kl. 6", ALONE },
        { "da", "EMBARGO 9/6 kl. 6", "held alone" },
        { "da", "EMBARGO: 9. juni 2026, kl. 6.00", ALONE },
        { "da", "Embargo: Tirsdag den 9. juni 2026 kl. 06.00", ALONE },
        { "da", "Embargo: indtil tirsdag den 9. juni 2026 kl. 06.00", ALONE },
        { "da", "Embargo frem til den 9. juni 2026 kl. 6", ALONE },
        { "da", "Embargo (til tirsdag den 9. juni kl. 6)", ALONE },
        { "da", "Embargofrist: 9. juni 2026 kl. 6", ALONE },
        { "da", "Embargo gælder til tirsdag den 9. juni kl. 6", ALONE },
        { "da", "Embargo ophæves tirsdag den 9. juni kl. 6", ALONE },
        { "da", "Embargo til mandag", "held alone" },
        { "da", "Embargo til kl. 6 i morgen", "held" },
        { "da", "Embargo til offentliggørelsen i Folketinget", "held" },
        { "da", "Klausuleret", "held alone" },
        { "da", "KLAUSULERET TIL 9. juni 2026 kl. 6", ALONE },
        { "da", "Klausuleret indtil tirsdag den 9. juni kl. 06:00", ALONE },
        { "da", "Klausuleret: tirsdag den 9. juni 2026 kl. 06.00", ALONE },
        { "da", "Pressemeddelelsen er klausuleret til tirsdag den 9. juni 2026 kl. 6.", ALONE },
        { "da", "Denne pressemeddelelse er klausuleret indtil den 9. juni 2026 kl. 6.", ALONE },
        { "da", "Meddelelsen er under embargo frem til tirsdag den 9. juni kl. 6", ALONE },
        { "da", "Under embargo til tirsdag den 9. juni kl. 6.", ALONE },
        { "da", "Pressemeddelelse – embargo til tirsdag den 9. juni kl. 6", ALONE },
        { "da", "PRESSEMEDDELELSE - KLAUSULERET TIL 9. JUNI 2026 KL. 6", ALONE },
        { "da", "Pressemeddelelse, klausuleret til den 9. juni 2026 kl. 6", ALONE },
        { "da", "OBS: Embargo til 9. juni 2026 kl. 6", ALONE },
        { "da", "Bemærk: Klausuleret til 9. juni 2026 kl. 6", ALONE },
        { "da", "(EMBARGO 9/6 kl. 6)", "held alone" },
        { "da", "(EMBARGO tirsdag 9/6 kl. 6)", ALONE },
        { "da", "Ny bro åbner (EMBARGO til tirsdag den 9. juni kl. 6)", ALONE },
        { "da", "Ny bro åbner [klausuleret til 9. juni 2026 kl. 6]", ALONE },
        { "da", "Ny bro åbner – embargo til 9. juni 2026 kl. 6", FULL },
        { "da", "Region Nordhav: Klausuleret til tirsdag den 9. juni kl. 6", FULL },
        { "da", "Regionen åbner en bro. Embargo til tirsdag den 9. juni kl. 6.", FULL },
        { "da", "Må ikke offentliggøres før tirsdag den 9. juni kl. 6.", ALONE },
        { "da", "Må ikke offentliggøres før den 9. juni 2026, kl. 06.00", ALONE },
        { "da", "Må først offentliggøres den 9. juni 2026 kl. 6", ALONE },
        { "da", "Må først offentliggøres efter kl. 6 den 9. juni 2026", ALONE },
        { "da", "Må ikke bringes før mandag", "held alone" },
        { "da", "HOLD: offentliggøres ikke før budgettet er vedtaget", "held" },
        { "da", "Vent venligst med at offentliggøre til mandag", "held alone" },
        { "da", "Ikke til offentliggørelse endnu", "held alone" },
        { "da", "Til fri afbenyttelse efter tirsdag den 9. juni kl. 6", ALONE },
        { "da", "Kan frit bringes efter den 9. juni 2026 kl. 6", ALONE },
        { "da", "Presseklausul: 9. juni 2026 kl. 6", ALONE },
        { "da", "Embargo i morgen kl. 6", "held alone" },
        { "da", "Bemærk, at denne nyhed først må bringes den 9. juni 2026 kl. 6", ALONE },
        { "da", "Til fri afbenyttelse", "none" },
        { "da", "Må ikke offentliggøres", "held alone" },
        { "da", "Pressemeddelelsen må ikke offentliggøres før den 9. juni 2026 kl. 6.", ALONE },
        { "da", "Pressemeddelelsen må først offentliggøres tirsdag den 9. juni kl. 6.", ALONE },
        { "da", "Rapporten må ikke omtales før tirsdag den 9. juni kl. 6.", ALONE },
        { "da", "Må ikke offentliggøres eller omtales på nogen måde før den 9. juni 2026 kl. 6",
          ALONE },
        { "da", "Ikke til offentliggørelse før 9. juni 2026 kl. 6", ALONE },
        { "da", "Offentliggøres tidligst tirsdag den 9. juni kl. 6", ALONE },
        { "da", "Tidligst til offentliggørelse den 9. juni 2026 kl. 6", ALONE },
        { "da", "Til offentliggørelse tirsdag den 9. juni kl. 6", ALONE },
        { "da", "Til offentliggørelse tidligst tirsdag den 9. juni kl. 6", ALONE },
        { "da", "Til frigivelse tirsdag den 9. juni kl. 6", ALONE },
        { "da", "TIL FRIGIVELSE: 9. juni 2026 kl. 6", ALONE },
        { "da", "Til frigivelse den 9. juni", "held alone" },
        { "da", "Frigives tirsdag den 9. juni kl. 6", ALONE },
        { "da", "Frigives den 9. juni 2026 kl. 6.00 dansk tid", ALONE },
        { "da", "Embargo til 9. juni 2026 kl. 6 lokal tid", "held" },
        { "da", "Embargo til mandag den 9. juni 2026 kl. 6", "held alone" },
        { "da", "9. juni 2026 kl. 6 – EMBARGO", "held alone" },
        { "da", "Embargo t/m 9. juni", "held alone" },
        { "da", "Tirsdag den 9. juni kl. 6: Embargo", "held alone" },
        { "da", "Embargo ind til 9. juni 2026 kl. 6", ALONE },
        { "da", "Embargo indtil videre", "held alone" },
        { "da", "Embargo kl. 12", "held alone" },
        { "da", "Embargoen udløber tirsdag den 9. juni kl. 6", ALONE },
        { "da", "Embargoen gælder til tirsdag den 9. juni kl. 6", ALONE },
        { "da", "Bemærk embargo: 9. juni 2026 kl. 6", ALONE },
        { "da", "Kan bringes fra tirsdag den 9. juni kl. 6", ALONE },
        { "da", "Må offentliggøres fra den 9. juni 2026 kl. 6", ALONE },
        { "da", "Fortroligt indtil den 9. juni 2026 kl. 6", ALONE },
        { "da", "Bring ikke før den 9. juni 2026 kl. 6", ALONE },
        { "da", "Frigivelsestidspunkt: 9. juni 2026 kl. 6", ALONE },
        { "da", "Indtil den 9. juni 2026 kl. 6 er meddelelsen under embargo", "held alone" },
    };

    (void)state;
    CHECK_ALL(lines, false);
}

static void english_embargoes(void **state)
{
    static const struct line lines[] = {
        { "en", "EMBARGOED", "held alone" },
        { "en", "STRICTLY EMBARGOED", "held alone" },
        { "en", "UNDER STRICT EMBARGO", "held alone" },
        { "en", "EMBARGOED UNTIL 00:01 BST ON TUESDAY", "held alone" },
        { "en", "EMBARGOED UNTIL 0001 TUESDAY 9 JUNE 2026", "2026-06-09T00:01 alone" },
        { "en", "Embargoed until Tuesday 9 June 2026 at 06:00", ALONE },
        { "en", "Embargo until Tuesday 9 June at 06:00", ALONE },
        { "en", "EMBARGO: 9 June 2026, 06:00 CEST", ALONE },
        { "en", "Embargo: 06:00 CET, 9 June 2026", ALONE },
        { "en", "Strictly embargoed: 9 June 2026, 6 a.m.", ALONE },
        { "en", "Strictly embargoed until 6 a.m. on Tuesday 9 June", ALONE },
        { "en", "Under embargo until June 9, 2026, 6 a.m.", ALONE },
        { "en", "This press release is embargoed until 9 June 2026 at 06:00.", ALONE },
        { "en", "This release is under strict embargo until 06:00 on 9 June 2026", ALONE },
        { "en", "This release is embargoed until Tuesday, June 9, 2026 at 6:00 a.m. ET.", "held" },
        { "en", "Press release – embargoed until 9 June 2026, 06:00", ALONE },
        { "en", "Please note that this release is embargoed until 9 June 2026 06:00", ALONE },
        { "en", "EMBARGOED FOR RELEASE UNTIL 6 A.M., JUNE 9, 2026", ALONE },
        { "en", "Embargoed for publication in all media until 9 June 2026 at 06:00", ALONE },
        { "en", "Embargo lifts at 06:00 on Tuesday 9 June 2026", ALONE },
        { "en", "Embargo expires: 9 June 2026, 06:00", ALONE },
        { "en", "Not for release before 06:00 on 9 June 2026", ALONE },
        { "en", "Not for release until 9 June 2026 at 06:00", ALONE },
        { "en", "NOT FOR PUBLICATION BEFORE 9 JUNE 2026, 06:00", ALONE },
        { "en", "Not for publication or broadcast before 06:00 on Tuesday 9 June 2026", ALONE },
        { "en", "NOT FOR RELEASE", "held alone" },
        { "en", "Not to be published before 9 June", "held alone" },
        { "en", "Do not publish before 9 June 2026, 06:00", ALONE },
        { "en", "Hold for release until 9 June 2026 at 06:00", ALONE },
        { "en", "HOLD FOR RELEASE", "held alone" },
        { "en", "HOLD FOR RELEASE: Tuesday 9 June 2026, 06:00", ALONE },
        { "en", "Hold until Tuesday 9 June 2026 06:00", ALONE },
        { "en", "FOR RELEASE AT 6 AM ON 9 JUNE 2026", ALONE },
        { "en", "FOR RELEASE AT 6 AM ON TUESDAY", "held alone" },
        { "en", "For release on Tuesday 9 June at 06:00", ALONE },
        { "en", "For release: 06:00, 9 June 2026", ALONE },
        { "en", "For release 9 June 2026", "held alone" },
        { "en", "FOR PUBLICATION AFTER 06:00 ON 9 JUNE 2026", ALONE },
        { "en", "The results may not be published before 06:00 on 9 June 2026.", ALONE },
        { "en", "EMBARGO – 9 June 2026 at 06:00", ALONE },
        { "en", "RELEASE EMBARGOED UNTIL 06:00 ON 9 JUNE 2026", ALONE },
        { "en", "FOR RELEASE – EMBARGOED UNTIL 06:00 ON 9 JUNE 2026", ALONE },
        { "en", "Embargo: not before 06:00 on 9 June 2026", ALONE },
        { "en", "EMBARGO 00.01 HRS TUESDAY 9TH JUNE 2026", "2026-06-09T00:01 alone" },
        { "en", "Embargoed to 00.01 Tuesday 9 June 2026", "2026-06-09T00:01 alone" },
        { "en", "NOT FOR IMMEDIATE RELEASE", "held alone" },
        { "en",
          "Transmission of material in this release is embargoed until 8:30 a.m. (ET) 9 June 2026",
          "held" },
        { "en", "All of the figures below are embargoed until 6 a.m. on 9 June 2026.", FULL },
        { "en", "Embargoed for all media in Eastern time until 06:00 on 9 June 2026",
          "held alone" },
        { "en", "Embargo, New York time: 06:00, 9 June 2026", "held alone" },
        { "en", "Embargo until (New York time) 06:00 on 9 June 2026", "held" },
        { "en", "Embargo (ET): 06:00 on 9 June 2026", "held alone" },
        { "en", "Strictly confidential until 06:00 on 9 June 2026", ALONE },
        { "en", "CONTENTS UNDER EMBARGO UNTIL 06:00 ON 9 JUNE 2026", ALONE },
        { "en", "Please respect the embargo: 06:00, 9 June 2026", ALONE },
        { "en", "Release date: 06:00 on 9 June 2026", ALONE },
        { "en", "ADVANCE COPY – EMBARGOED", "held alone" },
        { "en", "Embargo until 06/09/2026 06:00", "held alone" },
        { "en", "New bridge opens (embargoed until 9 June 2026, 06:00)", ALONE },
        { "en", "Media advisory | Embargoed until 9 June 2026, 06:00", ALONE },
        { "en", "Until 06:00 on 9 June 2026 this release is embargoed", "held alone" },
    };

    (void)state;
    CHECK_ALL(lines, false);
}

static void swedish_norwegian_and_german_embargoes(void **state)
{
    static const struct line lines[] = {
        { "sv", "Embargo till tisdag 9 juni kl. 06.00", ALONE },
        { "sv", "EMBARGO: tisdag 9 juni 2026 kl 06.00", ALONE },
        { "sv", "Embargo t.o.m. den 9 juni 2026 kl. 06.00", ALONE },
        { "sv", "Pressmeddelandet är embargobelagt till den 9 juni 2026 klockan 06.00.", ALONE },
        { "sv", "Under embargo fram till tisdagen den 9 juni kl 06.00", ALONE },
        { "sv", "Får ej publiceras före tisdag 9 juni kl. 06.00", ALONE },
        { "sv", "Får inte publiceras före den 9 juni 2026 klockan 06.00", ALONE },
        { "sv", "Får ej publiceras förrän den 9 juni 2026 klockan 06.00", ALONE },
        { "sv", "Publiceras tidigast 9 juni 2026 kl 06.00", ALONE },
        { "sv", "Ej för publicering före 9 juni", "held alone" },
        { "sv", "För publicering tisdag 9 juni kl. 06.00", ALONE },
        { "sv", "Publiceringsembargo", "held alone" },
        { "sv", "Observera att materialet är under embargo till 9 juni 2026 kl. 06.00", ALONE },
        { "nb", "Sperrefrist til tirsdag 9. juni kl. 06.00", ALONE },
        { "nb", "SPERREFRIST: 9. juni 2026 kl. 06.00", ALONE },
        { "nb", "Sperrefrist tirsdag 9. juni 2026 klokken 06.00", ALONE },
        { "nb", "Embargo til 9. juni 2026 kl. 06.00", ALONE },
        { "nb", "Klausulert til tirsdag 9. juni kl. 06.00", ALONE },
        { "nb", "Pressemeldingen er underlagt embargo frem til 9. juni 2026 kl. 6", ALONE },
        { "nb", "Må ikke publiseres før tirsdag 9. juni kl. 06.00", ALONE },
        { "nb", "Kan tidligst publiseres 9. juni 2026 kl. 06.00", ALONE },
        { "nb", "Ikke for publisering før tirsdag", "held alone" },
        { "nb", "Tidligst publisering: 9. juni 2026 kl. 06.00", ALONE },
        { "nb", "Tidligst for publisering 9. juni 2026 kl. 06.00", ALONE },
        { "nb", "Fri publisering fra 9. juni 2026 kl. 06.00", ALONE },
        { "nb", "Bes ikke publisert før 9. juni 2026 kl. 06.00", ALONE },
        { "sv", "Embargo till 9/6 2026 kl. 06.00", ALONE },
        { "sv", "Embargo till den 9/6-2026 kl. 6", ALONE },
        { "en", "Embargo till 9/6/2026 06:00", "held alone" },
        { "sv", "Publiceringsstopp till 9 juni 2026 kl. 06.00", ALONE },
        { "sv", "Publiceringsförbud till 9 juni 2026 kl. 06.00", ALONE },
        { "sv", "Bron får användas från den 9 juni 2026 kl. 06.00", "none" },
        { "sv", "Publiceringsförbud för tidningen i Lillsund", "none" },
        { "sv", "Informationen får användas från den 9 juni 2026 kl. 06.00", ALONE },
        { "de", "Sperrfrist: 9. Juni 2026, 6 Uhr", ALONE },
        { "de", "SPERRFRIST", "held alone" },
        { "de", "Sperrfrist: Redebeginn", "held" },
        { "de", "Achtung: Sperrfrist!", "held alone" },
        { "de", "Sperrfrist bis Dienstag, 9. Juni 2026, 6.00 Uhr", ALONE },
        { "de", "Sperrfrist Dienstag, 9. Juni, 06:00 Uhr", ALONE },
        { "de", "Achtung, Sperrfrist: 9. Juni 2026, 06:00 Uhr!", ALONE },
        { "de", "Bitte beachten Sie die Sperrfrist: 9. Juni 2026, 6 Uhr", ALONE },
        { "de", "Gesperrt bis 9. Juni 2026, 6 Uhr", ALONE },
        { "de", "Gesperrt bis zum 9. Juni 2026, 6 Uhr", ALONE },
        { "de", "Frei ab Dienstag, 9. Juni, 6 Uhr", ALONE },
        { "de", "Frei ab 9. Juni 2026, 6 Uhr", ALONE },
        { "de", "Nicht zur Veröffentlichung vor dem 9. Juni 2026, 6 Uhr", ALONE },
        { "de", "Veröffentlichung nicht vor dem 9. Juni 2026, 6 Uhr", ALONE },
        { "de", "Darf nicht vor dem 9. Juni 2026, 6 Uhr veröffentlicht werden", ALONE },
        { "de", "Bitte nicht vor dem 9. Juni 2026, 6.00 Uhr veröffentlichen!", ALONE },
        { "de", "Nicht vor dem 9. Juni 2026, 6 Uhr MESZ zu veröffentlichen.", ALONE },
        { "de", "Diese Meldung darf erst ab dem 9. Juni 2026, 6 Uhr veröffentlicht werden.",
          ALONE },
        { "de", "Darf nicht vor dem 9. Juni 2026, 6 Uhr New Yorker Zeit veröffentlicht werden",
          "held" },
        { "de", "Unter Sperrfrist bis 9. Juni 2026 um 6 Uhr MESZ", ALONE },
        { "de", "Diese Pressemitteilung ist gesperrt bis 9. Juni 2026, 6 Uhr.", ALONE },
        { "de", "Embargo bis Dienstag, den 9. Juni 2026, 6 Uhr", ALONE },
        { "de", "Zur Veröffentlichung ab 9. Juni 2026, 6 Uhr", ALONE },
        { "de", "Freigegeben ab 9. Juni 2026, 6 Uhr", ALONE },
        { "de", "Sperrfrist beachten: 9. Juni 2026, 6 Uhr", ALONE },
        { "de", "Bitte die Sperrfrist beachten: 9. Juni 2026, 6 Uhr", ALONE },
        { "de", "Die Sperrfrist endet am 9. Juni 2026 um 6 Uhr", ALONE },
        { "de", "Frei für Dienstag, 9. Juni 2026, 6 Uhr", ALONE },
        { "de", "Sperrfrist für alle Medien: 9. Juni 2026, 6 Uhr", ALONE },
        { "de", "Wir bitten um Beachtung der Sperrfrist: 9. Juni 2026, 6 Uhr", ALONE },
        { "de", "Verwendung erst ab 9. Juni 2026, 6 Uhr", ALONE },
        { "de", "Berichterstattung frei ab Dienstag, 9. Juni 2026, 6 Uhr", ALONE },
        { "sv", "Publicera inte före den 9 juni 2026 kl. 06.00", ALONE },
        { "sv", "Embargot hävs den 9 juni 2026 kl. 06.00", ALONE },
        { "nb", "Ikke publiser før 9. juni 2026 kl. 06.00", ALONE },
        { "nb", "Sperrefristen er 9. juni 2026 kl. 06.00", ALONE },
        /* In a text of another language. */
        { "da", "EMBARGOED UNTIL 9 JUNE 2026, 06:00", ALONE },
        { "en", "KLAUSULERET TIL 9. juni 2026 kl. 6", ALONE },
        { NULL, "Sperrfrist: 9. Juni 2026, 6 Uhr", ALONE },
    };

    (void)state;
    CHECK_ALL(lines, false);
}

static void hidden_embargoes(void **state)
{
    static const struct line shown[] = {
        { "da", "E M B A R G O", "held alone" },
        { "da", "E M B A R G O til 9. juni 2026 kl. 6", ALONE },
        { "da", "S T R E N G  E M B A R G O til 9. juni 2026 kl. 6", ALONE },
        { "da", "E M B A R G O: 9. juni 2026 kl. 6", ALONE },
        { "da", "E M B A R G O   T I L   9. juni 2026 kl. 6", ALONE },
        { "da", "E M B A R G O T I L 9. juni 2026 kl. 6", ALONE },
        { "da", "E.M.B.A.R.G.O. til 9. juni 2026 kl. 6", "held" },
        { "da", "K L A U S U L E R E T  til 9. juni 2026 kl. 6", ALONE },
        { "da",
          "EM\xC2\xAD"
          "BAR\xC2\xADGO til 9. juni 2026 kl. 6",
          ALONE },
        { "da", "Klausu\xE2\x80\x8Bleret til 9. juni 2026 kl. 6", ALONE },
        { "da",
          "\xEF\xBB\xBF\xE2\x80\x8E"
          "EMBARGO til 9. juni 2026 kl. 6",
          ALONE },
        { "da",
          "EMBARGO\xC2\xA0til\xC2\xA0"
          "9.\xC2\xA0juni 2026 kl. 6",
          ALONE },
        { "da", "🔴 EMBARGO til 9. juni 2026 kl. 6", ALONE },
        { "da", "‼️🚨EMBARGO‼️ til 9. juni 2026 kl. 6", ALONE },
        { "da", "*** EMBARGO til 9. juni 2026 kl. 6 ***", ALONE },
        { "da", ">>> EMBARGO <<<", "held alone" },
        { "da", "„EMBARGO“ til 9. juni 2026 kl. 6", ALONE },
        { "da", "ＥＭＢＡＲＧＯ til 9. juni 2026 kl. 6", ALONE },
        { "da", "𝐄𝐌𝐁𝐀𝐑𝐆𝐎 til 9. juni 2026 kl. 6", ALONE },
        { "da", "eMbArGo TiL 9. jUnI 2026 Kl. 6", ALONE },
        { "da",
          "Nyt fra os " EMBARGO_BOLD_BEGINS "Embargo til 9. juni 2026 kl. 6" EMBARGO_BOLD_ENDS
          " om broen",
          ALONE },
        { "da", EMBARGO_BOLD_BEGINS "EMBARGO" EMBARGO_BOLD_ENDS " til 9. juni 2026 kl. 6", ALONE },
    };
    static const struct line raw[] = {
        { "da", "**Til frigivelse tirsdag den 9. juni kl. 6**", ALONE },
        { "da", "# EMBARGO til 9. juni 2026 kl. 6", ALONE },
        { "da", "**E**MBARGO til 9. juni 2026 kl. 6", ALONE },
        { "da", "EM**BAR**GO til 9. juni 2026 kl. 6", ALONE },
        { "da", "`EMBARGO` til 9. juni 2026 kl. 6", ALONE },
        { "da", "> - *EMBARGO* til 9. juni 2026 kl. 6", ALONE },
        { "da", "<p class=\"x\"><b>EMBARGO</b> til 9. juni 2026 kl. 6</p>", ALONE },
        { "da", "<!-- EMBARGO til 9. juni 2026 kl. 6 -->", ALONE },
        { "da", "[//]: # (EMBARGO til 9. juni 2026 kl. 6)", ALONE },
        { "da", "| EMBARGO | 9. juni 2026 kl. 6 |", ALONE },
        { "da", "__EMBARGO:__ 9. juni 2026 kl. 6", ALONE },
        { "da", "1. Embargo til 9. juni 2026 kl. 6", FULL },
    };

    (void)state;
    CHECK_ALL(shown, false);
    CHECK_ALL(raw, true);
}

static void what_is_none(void **state)
{
    static const struct line lines[] = {
        { "en", "FOR IMMEDIATE RELEASE", "none" },
        { "en", "For immediate release: 9 June 2026", "none" },
        { "en", "FOR RELEASE", "none" },
        { "en", "For release: immediately", "none" },
        { "en", "Embargo: none", "none" },
        { "en", "Private owners of the bridge", "none" },
        { "da", "Rapporten offentliggøres i morgen", "none" },
        { "da", "Til brug for skolerne", "none" },
        { "en", "No embargo", "none" },
        { "en", "Embargo lifted", "none" },
        { "en", "Embargo: lifted", "none" },
        { "en", "COUNCIL CALLS FOR END TO EMBARGO ON BEEF", "none" },
        { "en", "The embargo until now has hurt exports", "none" },
        { "en", "Embargo on beef hurts farmers in the west", "none" },
        { "en", "Embargoes are no answer, says minister", "none" },
        { "en", "The EU extends its arms embargo until 9 June 2027", "none" },
        { "en", "Farmers ask for an embargo before the harvest", "none" },
        { "en", "Embargo, boycott and sanctions: what works?", "none" },
        { "en", "Oil embargo: prices rise", "none" },
        { "en", "Russia: Embargo hurts exports", "none" },
        { "en", "After the embargo – a new start for the port", "none" },
        { "en", "Release of three films in the spring", "none" },
        { "en", "Published by Region Nordhav on 9 June 2026", "none" },
        { "en", "The report was released on 9 June 2026 at 06:00", "none" },
        { "en", "Until 9 June 2026 the bridge is closed", "none" },
        { "en", "Hold on to your hat", "none" },
        { "en", "For use in schools", "none" },
        /* What stands above and below the releases of listed companies. */
        { "en", "NOT FOR RELEASE, PUBLICATION OR DISTRIBUTION IN THE UNITED STATES OR CANADA",
          "none" },
        { "en", "Not for publication or distribution, directly or indirectly, in Japan", "none" },
        { "en", "This press release may not be released or published, wholly or in part, in the US",
          "none" },
        { "en",
          "The information was submitted for publication by the contact above at 08:00 CET on 5 January 2026.",
          "none" },
        { "en", "Interim report for the second quarter to be published on 16 July 2026", "none" },
        { "sv", "Informationen lämnades för offentliggörande den 5 januari 2026 kl. 08.00 CET.",
          "none" },
        { "sv", "Delårsrapport publiceras den 16 juli 2026", "none" },
        { "nb", "Denne meldingen ble offentliggjort den 5. januar 2026 kl. 08.00", "none" },
        { "da", "Ikke til offentliggørelse, hverken helt eller delvist, i USA", "none" },
        { "de", "Nicht zur Veröffentlichung oder Verbreitung in den USA", "none" },
        { "de", "Es gilt das gesprochene Wort.", "none" },
        { "da", "Til frigivelse", "none" },
        { "da", "Til frigivelse straks", "none" },
        { "da", "Til omgående offentliggørelse", "none" },
        { "da", "Ingen embargo", "none" },
        { "da", "Embargo ophævet", "none" },
        { "da", "Embargo: ingen", "none" },
        { "da", "Embargo: Ophævet.", "none" },
        { "da", "Embargoen mod Rusland rammer havnen", "none" },
        { "da", "Embargo mod Rusland rammer havnen", "none" },
        { "da", "Byrådet vil have embargo til debat", "none" },
        { "da", "Debat om embargo: Byrådet vil vide mere", "none" },
        { "da", "Klausulerede arealer bliver til naturpark", "none" },
        { "da", "Klausul i lejekontrakten gav ballade", "none" },
        { "da", "Regionen ophæver klausuleret aftale før tid", "none" },
        { "da", "Pressemeddelelse", "none" },
        { "da", "Pressemeddelelse den 9. juni 2026 kl. 6", "none" },
        { "da", "Frigivelse af gidsler er en lettelse", "none" },
        { "da", "Udgives af Region Nordhav", "none" },
        { "da", "Offentliggørelse af karakterer er forbudt", "none" },
        { "da", "Navnene må ikke offentliggøres, siger retten", "none" },
        { "da", "Til og med 9. juni 2026 er broen lukket", "none" },
        { "da", "Hold til sommer: Sådan får du en god ferie", "none" },
        { "da", "Fri parkering i juni", "none" },
        { "da", "Må offentliggøres", "none" },
        { "da", "Klausuleret tilskud til medicin", "none" },
        { "da", "Rapporten var under embargo til mandag, siger ministeren", "none" },
        { "en", "The goods were embargoed until 2026, the report says", "none" },
        { "de", "Die Straße ist gesperrt bis 9. Juni, 18 Uhr", "none" },
        { "da", "Embargoen mod naboen gælder til 9. juni 2026", "none" },
        { "da", "Hemmelig skat fundet under gulvet", "none" },
        { "da", "Fortrolig rapport lækket", "none" },
        { "en", "Confidential report finds no fault", "none" },
        { "en", "The embargo on steel ends in June", "none" },
        { "en", "Release of the report", "none" },
        { "en", "Contents: one book, two maps", "none" },
        { "sv", "Inget embargo", "none" },
        { "sv", "Embargot mot grannlandet drabbar hamnen", "none" },
        { "sv", "Publiceras av Region Nordhav", "none" },
        { "sv", "Regionen vill ha embargo till debatt", "none" },
        { "nb", "Ingen sperrefrist", "none" },
        { "nb", "Sperrefrister i pressen: Derfor bruker vi dem", "none" },
        { "nb", "Sperret vei til sommeren", "none" },
        { "de", "Keine Sperrfrist", "none" },
        { "de", "Gesperrte Straße in der Innenstadt", "none" },
        { "de", "Frei nach Schiller", "none" },
        { "de", "Veröffentlichung der Ergebnisse im Herbst", "none" },
        { "de", "Das Embargo bis heute", "none" },
        { "de", "Die Sperrfrist für Vereine endet am 9. Juni 2026", "none" },
        { "de", "Verwendung der Mittel ab 9. Juni 2026", "none" },
        { "de", "Wir bitten um Beachtung der Verkehrsregeln ab 9. Juni, 6 Uhr", "none" },
    };

    (void)state;
    CHECK_ALL(lines, false);
}

static void the_date_may_stand_in_the_line_below(void **state)
{
    struct arena arena = { 0 };
    (void)state;
    const struct embargo_phrase *phrase = embargo_phrase_find(words, "da", &arena,
                                                              "EMBARGO:", "**9. juni 2026 kl. 6**");
    assert_non_null(phrase);
    assert_true(phrase->date.has_day);
    phrase = embargo_phrase_find(words, "da", &arena, "FRIGIVES", "tirsdag den 9. juni kl. 6");
    assert_non_null(phrase);
    /* A date that a mail program has broken. */
    static const char *const broken[][2] = {
        { "This press release is under embargo until", "Tuesday 9 June 2026 at 06:00." },
        { "This release is strictly embargoed until 06:00 on", "9 June 2026." },
        { "Denne pressemeddelelse er klausuleret til tirsdag den 9. juni", "2026 kl. 06.00." },
        { "Embargo til tirsdag den 9. juni 2026", "kl. 06.00" },
        { "Må ikke offentliggøres før den", "9. juni 2026 kl. 6" },
    };
    for (size_t i = 0; i < sizeof broken / sizeof broken[0]; i++) {
        phrase = embargo_phrase_find(words, "da", &arena, broken[i][0], broken[i][1]);
        assert_non_null(phrase);
        assert_true(phrase->date.has_day && phrase->date.has_time);
        assert_int_equal(phrase->alone_in, EMBARGO_IN_TEXT);
    }
    phrase = embargo_phrase_find(words, "da", &arena, "Frigives", "Ny bro");
    assert_null(phrase);
    arena_release(&arena);
}

static void hostile_lines_are_looked_through_in_bounded_time(void **state)
{
    static const char *const parts[] = { "(embargo ",         "**embargo til ", "e. ", "EMBARGO. ",
                                         "pressemeddelelse ", "E M B A R G O ", "<",   "1 " };
    struct arena arena = { 0 };
    (void)state;
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        size_t length = strlen(parts[i]);
        char *line = arena_allocate(&arena, length * 200000 + 1);
        for (size_t j = 0; j < 200000; j++)
            memcpy(line + j * length, parts[i], length);
        const char *clean = embargo_line_clean(words, &arena, line, true);
        assert_true(strlen(clean) < 40000);
        (void)embargo_phrase_find(words, "da", &arena, clean, clean);
    }
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(embargoes_without_a_date),
        cmocka_unit_test(danish_embargoes),
        cmocka_unit_test(english_embargoes),
        cmocka_unit_test(swedish_norwegian_and_german_embargoes),
        cmocka_unit_test(hidden_embargoes),
        cmocka_unit_test(what_is_none),
        cmocka_unit_test(the_date_may_stand_in_the_line_below),
        cmocka_unit_test(hostile_lines_are_looked_through_in_bounded_time),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
