/* SPDX-License-Identifier: MIT */
/* An embargo in words: what it holds, what its note says, and what of the text is left. It is
 * Sunday 7 June 2026, 12:00 in Copenhagen. */
#include "stage.h"

#include "base/utf8.h"

#define STAGE_TEST(test) cmocka_unit_test_setup_teardown(test, stage_setup, stage_teardown)

static const char *const text = "Regionen åbner tre nye sundhedshuse i Vesterhavn, Lillesund og "
                                "Ådal, og det første slår dørene op til august.";

#define JUNE9 AT("2026-06-09T04:00:00Z")

/* The body of the release at path as plain text. */
static const char *body_of(struct stage *stage, const char *path)
{
    struct error error = { 0 };
    const struct release_row *row = stage_row(stage, path);
    assert_non_null(row);
    const struct release *release = release_load(stage->database, &stage->arena, row->row_id, 0,
                                                 &error);
    assert_non_null(release);
    return body_plain_text(&stage->arena, release->body);
}

static const char *note_of(struct stage *stage, const char *path)
{
    const char *note = stage_read(stage, arena_format(&stage->arena, "%s.problems.txt", path));
    return note ? note : "";
}

#define assert_holds(text, part) assert_part(text, part, __FILE__, __LINE__)

static void assert_part(const char *all, const char *part, const char *file, int line)
{
    if (!all || !strstr(all, part))
        _fail(file, line);
    if (!all || !strstr(all, part))
        fail_msg("“%s” is not in “%s”", part, all ? all : "");
}

static const char *with(struct stage *stage, const char *first)
{
    return arena_format(&stage->arena, "%s\n\n%s", first, text);
}

static void words_with_day_and_hour_are_the_embargo(void **state)
{
    static const char *const lines[] = {
        "Embargo til tirsdag den 9. juni kl. 6",
        "**Til frigivelse tirsdag den 9. juni kl. 6**",
        "Under embargo til tirsdag den 9. juni kl. 6.",
        "# KLAUSULERET TIL 9. JUNI 2026 KL. 06.00",
        "EMBARGOED UNTIL TUESDAY 9 JUNE 2026, 6 A.M.",
        "*Sperrfrist: 9. Juni 2026, 6 Uhr*",
        "> Får ej publiceras före tisdag 9 juni kl. 06.00",
        "- Må ikke publiseres før 9. juni 2026 kl. 06.00",
        "EM\u00ADBARGO: 9/6-2026 kl. 6",
        "E M B A R G O til 9. juni 2026 kl. 6",
        "Embargo:\\\n9. juni 2026 kl. 6",
    };
    struct stage *stage = *state;
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        const char *path = arena_format(&stage->arena, "%zu.md", i);
        const char *title = arena_format(&stage->arena, "Huse %zu", i);
        stage_write(stage, path, title, "",
                    arena_format(&stage->arena, "%s\n\n%s %zu", lines[i], text, i));
        (void)stage_run(stage);
        const struct release_row *row = stage_row(stage, path);
        if (!row || row->embargo_at != JUNE9)
            fail_msg("“%s” is no embargo: %s", lines[i], note_of(stage, path));
        assert_int_equal(row->due_at, JUNE9);
        assert_holds(note_of(stage, path), "holdes tilbage til tirsdag den 9. juni 2026 kl. 06.00");
        assert_holds(note_of(stage, path), "er taget ind. Bemærk:");
    }
}

static void a_line_of_its_own_is_taken_out_and_reported(void **state)
{
    struct stage *stage = *state;
    stage_write(stage, "a.md", "Huse", "", with(stage, "Embargo til tirsdag den 9. juni kl. 6"));
    (void)stage_run(stage);
    assert_string_equal(body_of(stage, "a.md"), text);
    assert_holds(note_of(stage, "a.md"), "er udeladt af teksten");
    /* The same where it stands last, in a bracket, in a bold run, in one of two lines. */
    stage_write(
        stage, "b.md", "Busser", "",
        "Nye busser kører i byen.\n\nDe er grønne.\n\nMå ikke bringes før 9. juni 2026 kl. 6.");
    stage_write(stage, "c.md", "Cykler (embargo til 9. juni 2026 kl. 6)", "",
                "Nye cykler kører [klausuleret til 9. juni 2026 kl. 6] i byen.");
    stage_write(stage, "d.md", "Tog", "",
                "**Embargo til 9. juni 2026 kl. 6** Nye tog kører i byen.");
    stage_write(stage, "e.md", "Fly", "",
                "Embargo til 9. juni 2026 kl. 6\\\nNye fly flyver over byen.");
    (void)stage_run(stage);
    assert_string_equal(body_of(stage, "b.md"), "Nye busser kører i byen. De er grønne.");
    assert_string_equal(body_of(stage, "c.md"), "Nye cykler kører i byen.");
    assert_string_equal(stage_row(stage, "c.md")->title, "Cykler");
    assert_string_equal(body_of(stage, "d.md"), "Nye tog kører i byen.");
    assert_string_equal(body_of(stage, "e.md"), "Nye fly flyver over byen.");
    for (const char *name = "bcde"; *name; name++)
        assert_int_equal(stage_row(stage, arena_format(&stage->arena, "%c.md", *name))->embargo_at,
                         JUNE9);
}

static void a_note_is_in_the_language_of_the_newsroom(void **state)
{
    static const struct {
        const char *language;
        const char *said;
    } notes[] = {
        { "sv",
          "väntar till tisdag 9 juni 2026 kl. 06.00, för ”Embargo: 9. juni 2026 kl. 6” är dess embargo" },
        { "nb-NO",
          "holdes tilbake til tirsdag 9. juni 2026 kl. 06.00, for «Embargo: 9. juni 2026 kl. 6»" },
        { "no",
          "«no.md» er tatt inn. Merk:\n\n  linje 4: holdes tilbake til tirsdag 9. juni 2026" },
        { "nn", "holdes tilbake til tirsdag 9. juni 2026 kl. 06.00" },
        { "de-AT",
          "Zeile 4: wird zurückgehalten bis Dienstag, 9. Juni 2026, 06:00 Uhr, denn „Embargo" },
        { "la", "line 4: held until Tuesday 9 June 2026 at 06:00, for “Embargo" },
    };
    struct stage *stage = *state;
    for (size_t i = 0; i < sizeof notes / sizeof notes[0]; i++) {
        const char *path = arena_format(&stage->arena, "%s.md", notes[i].language);
        stage->settings.language = notes[i].language;
        stage_write(stage, path, path, "",
                    arena_format(&stage->arena, "Embargo: 9. juni 2026 kl. 6\n\n%s %zu", text, i));
        (void)stage_run(stage);
        assert_holds(note_of(stage, path), notes[i].said);
    }
}

static void words_within_a_text_stay(void **state)
{
    struct stage *stage = *state;
    const char *line = "Embargo til 9. juni 2026 kl. 6: Regionen åbner huse. Læs mere nedenfor.";
    stage_write(stage, "a.md", "Huse", "", line);
    (void)stage_run(stage);
    assert_int_equal(stage_row(stage, "a.md")->embargo_at, JUNE9);
    assert_string_equal(body_of(stage, "a.md"), line);
    assert_null(strstr(note_of(stage, "a.md"), "udeladt"));
}

static void words_that_are_not_full_hold_with_both_lines_to_paste(void **state)
{
    static const struct {
        const char *line;
        const char *pasted;
    } cases[] = {
        { "EMBARGO", "embargo: 8. juni 2026 kl. 06.00" },
        { "Embargo til tirsdag kl. 9", "embargo: 9. juni 2026 kl. 09.00" },
        { "Embargo til 9. juni 2026", "embargo: 9. juni 2026 kl. 06.00" },
        { "Embargo til 9. juni kl. 7", "embargo: 9. juni 2026 kl. 07.00" },
        { "Embargo til mandag den 9. juni 2026 kl. 7", "tirsdag" },
        { "Embargo til 31. juni 2026 kl. 7", "findes" },
        { "Embargo until 9 June 2026 at 6", "embargo: 9. juni 2026 kl. 18.00" },
        { "Embargo until 9 June 2026, 6 a.m. ET", "tidszone" },
        { "Embargo til midnat den 9. juni 2026", "embargo: 10. juni 2026 kl. 00.00" },
        { "Embargo til 9. juni 2026 kl. 9-11", "embargo: 9. juni 2026 kl. 09.00" },
        { "Embargo til 9. juni 2026 kl. 6. Klausuleret til 10. juni 2026 kl. 6.", "andre ord" },
    };
    struct stage *stage = *state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const char *path = arena_format(&stage->arena, "%zu.md", i);
        stage_write(stage, path, arena_format(&stage->arena, "Huse %zu", i), "",
                    arena_format(&stage->arena, "%s\n\nNummer %zu. %s", cases[i].line, i, text));
        (void)stage_run(stage);
        if (stage_row(stage, path))
            fail_msg("“%s” is not held", cases[i].line);
        assert_holds(note_of(stage, path), cases[i].pasted);
        assert_holds(note_of(stage, path), "embargo: ingen");
    }
}

static void the_lines_of_the_note_decide(void **state)
{
    struct stage *stage = *state;
    const char *body = with(stage, "Embargo til 9. juni kl. 6");
    stage_write(stage, "a.md", "Huse", "embargo: 2026-06-09 06:00\n", body);
    stage_write(stage, "b.md", "Busser", "embargo: none\n",
                "Embargo til 9. juni kl. 6\n\nNye busser kører i byen.");
    stage_write(stage, "c.md", "Tog", "embargo: ingen\n",
                "Embargo til 9. juni 2026 kl. 6\n\nNye tog kører i byen.");
    (void)stage_run(stage);
    assert_int_equal(stage_row(stage, "a.md")->embargo_at, JUNE9);
    assert_int_equal(stage_row(stage, "b.md")->embargo_at, INSTANT_NONE);
    assert_int_equal(stage_row(stage, "b.md")->due_at, AT("2026-06-07T10:00:00Z"));
    assert_int_equal(stage_row(stage, "c.md")->embargo_at, INSTANT_NONE);
    assert_holds(body_of(stage, "c.md"), "Embargo til 9. juni 2026 kl. 6");
}

static void a_field_that_says_otherwise_holds(void **state)
{
    static const char *const lines[] = {
        "Embargo til 9. juni 2026 kl. 7",     "Embargo til 10. juni 2026 kl. 6",
        "Embargo til 9. juni kl. 7",          "Embargo til onsdag",
        "Embargo til 9. juni 2027",           "Embargo til mandag den 9. juni kl. 6",
        "Embargo til 9. juni 2026 kl. 6 GMT",
    };
    static const char *const fitting[] = {
        "EMBARGO",
        "Embargo til tirsdag",
        "Embargo til 9. juni",
        "Embargo til kl. 6",
        "Embargo until 9 June 2026 at 6",
        "Embargo until 9 June 2026, midnight ET",
        "Embargo til 9. juni 2026 kl. 4 GMT",
    };
    struct stage *stage = *state;
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        const char *path = arena_format(&stage->arena, "%zu.md", i);
        stage_write(stage, path, arena_format(&stage->arena, "Huse %zu", i),
                    "embargo: 2026-06-09 06:00\n",
                    arena_format(&stage->arena, "%s\n\nNummer %zu. %s", lines[i], i, text));
        (void)stage_run(stage);
        if (stage_row(stage, path))
            fail_msg("“%s” is not held", lines[i]);
        assert_holds(note_of(stage, path), "embargo: 9. juni 2026 kl. 06.00");
        assert_holds(note_of(stage, path), "embargo: ingen");
    }
    for (size_t i = 0; i < sizeof fitting / sizeof fitting[0]; i++) {
        const char *path = arena_format(&stage->arena, "f%zu.md", i);
        stage_write(
            stage, path, arena_format(&stage->arena, "Hytter %zu", i),
            "embargo: 2026-06-09 06:00\n",
            arena_format(&stage->arena, "%s\n\nHytte nummer %zu er bygget.", fitting[i], i));
        (void)stage_run(stage);
        if (!stage_row(stage, path))
            fail_msg("“%s”: %s", fitting[i], note_of(stage, path));
        assert_int_equal(stage_row(stage, path)->embargo_at, JUNE9);
    }
}

static void nothing_hides_the_words(void **state)
{
    static const char *const bodies[] = {
        "<!-- EMBARGO til mandag -->\n\nRegionen åbner.",
        "[//]: # (EMBARGO til mandag)\n\nRegionen åbner.",
        "| EMBARGO | til mandag |\n|---|---|\n| a | b |\n\nRegionen åbner.",
        ("Regionen åbner.\n\nDer er mere.\n\nOg mere.\n\nOg mere.\n\nEMBARGO til mandag\n\n"
         "## Kontakt\n\nMette Holm\n\nHans Holm\n\nIb Holm\n\nOle Holm\n\nKaj Holm"),
        ("Regionen åbner.\n\nMere.\n\nMere igen.\n\nMere endnu.\n\nDer bygges. Må ikke bringes før "
         "mandag.\n\n###\n\nRegion Nordhav\n\nHavnegade 1\n\nVesterhavn\n\nDanmark"),
        "```\nEMBARGO til mandag\n```\n\nRegionen åbner.",
        "1. EMBARGO til mandag\n2. Regionen åbner.",
        "Region\n\nNordhav\n\nEMBARGO til mandag\n\nHuse.\n\nHuse.\n\nHuse.\n\nHuse.\n\nHuse.",
    };
    struct stage *stage = *state;
    for (size_t i = 0; i < sizeof bodies / sizeof bodies[0]; i++) {
        const char *path = arena_format(&stage->arena, "%zu.md", i);
        stage_write(stage, path, arena_format(&stage->arena, "Huse %zu", i), "", bodies[i]);
        (void)stage_run(stage);
        if (stage_row(stage, path))
            fail_msg("“%s” is not held", bodies[i]);
        assert_holds(note_of(stage, path), "embargo: ingen");
    }
    stage_put(stage, "k.md", "---\n# EMBARGO til mandag\ntitle: Kajak\n---\nRegionen åbner.\n");
    stage_put(stage, "l.md", "---\ntitle: Lastbil\nlead: EMBARGO til mandag\n---\nRegionen.\n");
    stage_put(stage, "m.md", "---\ntitle: Motor\n---\nRegionen har motor.\n");
    stage_put(stage, "m.yaml", "# Embargo til mandag\ntopics: [natur]\n");
    (void)stage_run(stage);
    assert_null(stage_row(stage, "k.md"));
    assert_null(stage_row(stage, "l.md"));
    assert_null(stage_row(stage, "m.md"));
}

static void embargoes_that_a_text_is_about_hold_nothing(void **state)
{
    static const char *const titles[] = { "Regionen kræver et STOP FOR EMBARGO MOD OST",
                                          "Byrådet vil have embargo til debat",
                                          "Embargoen mod nabolandet rammer havnen",
                                          "Embargo ophævet", "Til frigivelse straks" };
    struct stage *stage = *state;
    for (size_t i = 0; i < sizeof titles / sizeof titles[0]; i++) {
        const char *path = arena_format(&stage->arena, "%zu.md", i);
        stage_write(stage, path, titles[i], "",
                    arena_format(&stage->arena, "Nummer %zu. Sagen om embargo til debat.", i));
        (void)stage_run(stage);
        if (!stage_row(stage, path))
            fail_msg("“%s” is held: %s", titles[i], note_of(stage, path));
        assert_string_equal(note_of(stage, path), "");
    }
    /* A date line of today is none; one of tomorrow is. */
    stage_write(stage, "d.md", "Daglig", "", "Til frigivelse 7. juni 2026\n\nAlt om i dag.");
    stage_write(stage, "m.md", "Morgen", "", "Til frigivelse 8. juni 2026\n\nAlt om i morgen.");
    (void)stage_run(stage);
    assert_non_null(stage_row(stage, "d.md"));
    assert_null(stage_row(stage, "m.md"));
}

static void an_embargo_long_over_in_a_new_file_is_held(void **state)
{
    struct stage *stage = *state;
    stage_write(stage, "a.md", "Huse", "embargo: 2025-06-09 06:00\n", text);
    stage_write(stage, "b.md", "Busser", "",
                "Embargo til 9. juni 2025 kl. 6\n\nNye busser kører i byen.");
    stage_write(stage, "c.md", "Tog", "embargo: 2026-06-06 14:00\n", "Nye tog kører i byen.");
    stage_write(stage, "d.md", "Kladde", "status: draft\nembargo: 2025-06-09 06:00\n",
                "Et udkast.");
    (void)stage_run(stage);
    assert_null(stage_row(stage, "a.md"));
    assert_holds(note_of(stage, "a.md"), "embargo: 9. juni 2026 kl. 06.00");
    assert_holds(note_of(stage, "a.md"), "embargo: ingen");
    assert_null(stage_row(stage, "b.md"));
    assert_non_null(stage_row(stage, "c.md"));
    assert_non_null(stage_row(stage, "d.md"));
    /* What was a draft is first seen when it is ready. */
    stage_write(stage, "d.md", "Kladde", "embargo: 2025-06-09 06:00\n", "Et udkast.");
    (void)stage_run(stage);
    assert_int_equal(stage_row(stage, "d.md")->due_at, INSTANT_NONE);
    assert_holds(note_of(stage, "d.md"), "årstallet");
}

static void an_edit_of_what_waits_may_not_move_it_into_the_past(void **state)
{
    struct stage *stage = *state;
    stage_write(stage, "a.md", "Huse", "embargo: 2026-06-09 06:00\n", text);
    (void)stage_run(stage);
    stage_write(stage, "a.md", "Huse", "embargo: 2025-06-09 06:00\n", text);
    (void)stage_run(stage);
    assert_int_equal(stage_row(stage, "a.md")->due_at, JUNE9);
    assert_true(stage_row(stage, "a.md")->held_at != INSTANT_NONE);
    /* Nor does time make an embargo wrong that was right. */
    stage->clock.fixed_at = AT("2026-06-20T10:00:00Z");
    stage_write(stage, "a.md", "Huse", "embargo: 2026-06-09 06:00\n", text);
    (void)stage_run(stage);
    assert_int_equal(stage_row(stage, "a.md")->held_at, INSTANT_NONE);
}

static bool words_cannot_be_read(void *payload, struct language_words *words, struct error *error)
{
    (void)payload;
    (void)words;
    return error_set(error, ERROR_USAGE, "words.yaml: cannot be read");
}

/* An edit may have put an embargo in: without its words nobody can tell. */
static void without_words_nothing_new_is_read_and_what_waits_is_held(void **state)
{
    struct stage *stage = *state;
    struct error error = { 0 };
    stage_write(stage, "a.md", "Huse", "embargo: 2026-06-09 06:00\n", text);
    (void)stage_run(stage);
    struct language_words *broken = language_words_new();
    language_words_read_later(broken, words_cannot_be_read, NULL);
    stage->settings.words = broken;
    stage_run(stage); /* nothing is to be read */
    assert_int_equal(stage_row(stage, "a.md")->held_at, INSTANT_NONE);
    stage_write(stage, "b.md", "Busser", "", "Embargo til 9. juni 2026 kl. 6\n\nNye busser kører.");
    assert_false(intake_run(&stage->settings, stage->database, &stage->clock, &stage->random,
                            &stage->counts, &error));
    assert_string_equal(error.message, "words.yaml: cannot be read");
    assert_null(stage_row(stage, "b.md"));
    assert_true(stage_row(stage, "a.md")->held_at != INSTANT_NONE);
    stage->settings.words = stage->words;
    (void)stage_run(stage);
    assert_int_equal(stage_row(stage, "a.md")->held_at, INSTANT_NONE);
    assert_int_equal(stage_row(stage, "b.md")->due_at, JUNE9);
    language_words_free(broken);
}

static void a_year_that_was_found_stays_found(void **state)
{
    struct stage *stage = *state;
    stage_write(stage, "a.md", "Huse", "", with(stage, "Embargo til tirsdag den 9. juni kl. 6"));
    (void)stage_run(stage);
    stage->clock.fixed_at = AT("2026-06-12T10:00:00Z");
    stage_write(stage, "a.md", "Huse", "topics: [natur]\n",
                with(stage, "Embargo til tirsdag den 9. juni kl. 6"));
    (void)stage_run(stage);
    assert_int_equal(stage_row(stage, "a.md")->embargo_at, JUNE9);
    stage_publish(stage, "a.md");
    stage->clock.fixed_at = AT("2026-06-20T10:00:00Z");
    stage_write(stage, "a.md", "Huse", "correction: Nyt.\n",
                with(stage, "Embargo til tirsdag den 9. juni kl. 6\n\nNyt."));
    assert_int_equal(stage_run(stage)->changed, 1);
}

static void an_edit_of_what_is_public_cannot_wait(void **state)
{
    struct stage *stage = *state;
    stage_write(stage, "a.md", "Huse", "", text);
    (void)stage_run(stage);
    stage_publish(stage, "a.md");
    stage_write(stage, "a.md", "Huse", "",
                with(stage, "Embargo til 9. juni 2026 kl. 6\n\nHemmeligt."));
    assert_int_equal(stage_run(stage)->refused, 1);
    assert_null(strstr(body_of(stage, "a.md"), "Hemmeligt"));
    stage_write(stage, "a.md", "Huse", "", with(stage, "Embargo til mandag\n\nHemmeligt."));
    assert_int_equal(stage_run(stage)->refused, 1);
    assert_null(strstr(body_of(stage, "a.md"), "Hemmeligt"));
}

static void drafts_and_what_is_withdrawn_wait_for_nothing(void **state)
{
    struct stage *stage = *state;
    stage_write(stage, "a.md", "Huse", "status: draft\n", with(stage, "EMBARGO"));
    stage_write(stage, "b.md", "Busser", "", "Nye busser kører i byen.");
    (void)stage_run(stage);
    assert_non_null(stage_row(stage, "a.md"));
    stage_publish(stage, "b.md");
    stage_write(stage, "b.md", "Busser", "status: withdrawn\n",
                "EMBARGO\n\nNye busser kører i byen.");
    (void)stage_run(stage);
    assert_int_equal(stage_row(stage, "b.md")->status, RELEASE_WITHDRAWN);
    stage_write(stage, "a.md", "Huse", "", with(stage, "EMBARGO"));
    assert_int_equal(stage_run(stage)->refused, 1);
    assert_int_equal(stage_row(stage, "a.md")->due_at, INSTANT_NONE);
}

static void a_version_is_held_by_its_own_words(void **state)
{
    struct stage *stage = *state;
    stage_write(stage, "da.md", "Huse", "id: huse\nembargo: 2026-06-09 06:00\n", text);
    stage_write(stage, "en.md", "Houses", "translation_of: huse\nlanguage: en\n",
                "EMBARGOED UNTIL 9 JUNE\n\nThree new houses open in August.");
    stage_write(stage, "sv.md", "Hus", "translation_of: huse\nlanguage: sv\n",
                "Embargo till 10 juni 2026 kl. 6\n\nTre nya hus öppnar i augusti.");
    stage_write(stage, "de.md", "Haus", "translation_of: huse\nlanguage: de\n",
                "Drei neue Häuser öffnen im August.");
    (void)stage_run(stage);
    assert_int_equal(stage_row(stage, "en.md")->embargo_at, JUNE9);
    assert_null(stage_row(stage, "sv.md")); /* against its original */
    assert_int_equal(stage_row(stage, "de.md")->embargo_at, JUNE9);
    stage_write(stage, "a.md", "Busser", "id: bus\n", "Nye busser kører i byen.");
    stage_write(stage, "b.md", "Buses", "translation_of: bus\nlanguage: en\n",
                "EMBARGO\n\nNew buses run in town.");
    stage_write(stage, "c.md", "Bussar", "translation_of: bus\nlanguage: sv\n",
                "Embargo till 9 juni 2026 kl. 6\n\nNya bussar går i stan.");
    (void)stage_run(stage);
    assert_null(stage_row(stage, "b.md"));
    assert_int_equal(stage_row(stage, "c.md")->due_at, JUNE9);
}

static void copies_with_words_are_no_disagreement(void **state)
{
    struct stage *stage = *state;
    stage_write(stage, "a.md", "Huse", "", with(stage, "Embargo til 9. juni 2026 kl. 6"));
    stage_write(stage, "b.md", "Huse", "", with(stage, "Embargo til 9. juni 2026 kl. 6"));
    (void)stage_run(stage);
    assert_int_equal(stage_row(stage, "a.md")->embargo_at, JUNE9);
    assert_int_equal(stage_row(stage, "a.md")->held_at, INSTANT_NONE);
    assert_null(stage_row(stage, "b.md"));
}

static void days_alone_are_refused_where_something_waits_for_them(void **state)
{
    struct stage *stage = *state;
    stage_write(stage, "a.md", "Huse", "embargo: 2026-06-09\n", text);
    stage_write(stage, "b.md", "Busser", "published: 9. juni 2026\n", "Nye busser kører i byen.");
    stage_write(stage, "c.md", "Tog", "published: 2026-06-05\n", "Nye tog kører i byen.");
    stage_write(stage, "d.md", "Fly", "published: 2026-06-07\n", "Nye fly flyver over byen.");
    (void)stage_run(stage);
    assert_holds(note_of(stage, "a.md"), "“embargo: 9. juni 2026 kl. 06.00”");
    assert_holds(note_of(stage, "b.md"), "published: 9. juni 2026 kl. 06.00”");
    assert_null(stage_row(stage, "a.md"));
    assert_null(stage_row(stage, "b.md"));
    assert_int_equal(stage_row(stage, "c.md")->published_at, AT("2026-06-04T22:00:00Z"));
    assert_int_equal(stage_row(stage, "d.md")->published_at, AT("2026-06-06T22:00:00Z"));
}

static void a_press_services_text_is_looked_through_as_well(void **state)
{
    struct stage *stage = *state;
    stage_put(stage, "a.txt",
              "Nye huse i Vesterhavn\n7.6.2026 10:00 CEST | Region Nordhav | Pressemeddelelse\n\n"
              "Embargo til 9. juni 2026 kl. 6\n\nRegionen åbner tre nye huse i august i år.\n");
    stage_put(stage, "b.txt",
              "Nye busser i byen\n7.6.2026 10:00 CEST | Region Nordhav | Pressemeddelelse\n\n"
              "Regionen får tre nye busser i august i år.\n\nDe er grønne og kører på strøm.\n\n"
              "De koster en million.\n\nMå ikke bringes før mandag.\n\nKontakter\n\nMette Holm, "
              "55 10 20 30\n\nInformation om Region Nordhav\n\nRegionen er stor.\n\nFølg "
              "pressemeddelelser fra Region Nordhav\n\nSkriv din mail.\n\nTilmeld\n\nSe mere\n");
    stage_put(stage, "c.txt",
              "Weekly radio address\n7.6.2026 10:00 EST | X | Press release\n\nThis release is "
              "embargoed until Saturday, August 13, 2036 at 11:06 a.m. ET.\n\nSecret text.\n");
    stage_put(stage, "d.txt",
              "COUNCIL CALLS FOR END TO EMBARGO ON BEEF\n7.6.2026 10:00 CEST | X | Press "
              "release\n\nText about it.\n");
    (void)stage_run(stage);
    assert_int_equal(stage_row(stage, "a.txt")->embargo_at, JUNE9);
    assert_null(strstr(body_of(stage, "a.txt"), "Embargo"));
    assert_null(stage_row(stage, "b.txt"));
    assert_null(stage_row(stage, "c.txt"));
    assert_non_null(stage_row(stage, "d.txt"));
}

static void a_date_that_a_mail_program_has_broken_is_read(void **state)
{
    struct stage *stage = *state;
    stage_put(
        stage, "a.txt",
        "Nye huse i Vesterhavn\n\nDenne pressemeddelelse om regionens nye huse er klausuleret\n"
        "til tirsdag den 9. juni kl. 6.\n\nRegionen åbner tre nye huse i august, og det første af\n"
        "dem ligger midt i Vesterhavn, hvor det gamle rådhus har\nligget i mange år, før det "
        "blev revet ned sidste sommer.\n");
    stage_put(stage, "b.txt",
              "Nye busser i byen\n\nThis press release is under strict embargo, please, until\n"
              "Tuesday 9 June 2026 at 06:00.\n\nRegionen får tre nye busser, og den første af dem "
              "skal\nkøre midt i Vesterhavn, hvor den gamle sporvogn har kørt i\nmange år, før "
              "sporene blev taget op sidste sommer.\n");
    stage_put(
        stage, "c.md",
        "---\ntitle: Nye tog\n---\nMeddelelsen er under embargo til tirsdag den\n9. juni 2026 kl. "
        "6.\n\nRegionen får nye tog.\n");
    (void)stage_run(stage);
    assert_int_equal(stage_row(stage, "a.txt")->embargo_at, JUNE9);
    assert_int_equal(stage_row(stage, "b.txt")->embargo_at, JUNE9);
    assert_int_equal(stage_row(stage, "c.md")->embargo_at, JUNE9);
}

static void a_title_that_is_only_an_embargo_is_none(void **state)
{
    struct stage *stage = *state;
    stage_put(stage, "a.txt",
              "EMBARGO TIL 9. JUNI 2026 KL. 6\n\nNye huse i Vesterhavn\n\nRegionen "
              "åbner tre nye huse i august i år.\n");
    stage_put(stage, "b.md",
              "# Embargo til tirsdag den 9. juni kl. 6\n\nNye busser i byen\n\nRegionen "
              "får tre nye busser.\n");
    (void)stage_run(stage);
    assert_int_equal(stage_row(stage, "a.txt")->embargo_at, JUNE9);
    assert_string_equal(stage_row(stage, "a.txt")->title, "Nye huse i Vesterhavn");
    assert_int_equal(stage_row(stage, "b.md")->embargo_at, JUNE9);
    assert_string_equal(stage_row(stage, "b.md")->title, "Nye busser i byen");
}

static void an_invitation_without_event_gets_the_line_for_it(void **state)
{
    struct stage *stage = *state;
    stage_write(
        stage, "a.md", "Invitation til pressemøde på mandag", "type: invitation\n",
        "Vi blev spurgt den 3. juni 2026 kl. 9.\n\nKom til pressemøde mandag den 15. juni kl. 13 "
        "i Regionshuset.");
    stage_write(stage, "b.md", "Invitation til vandretur", "type: invitation\n",
                "Kom med på tur en dag i juni.");
    stage_write(stage, "c.md", "Invitation til fest",
                "type: invitation\nevent: {start: 2026-06-20 "
                "18:00}\n",
                "Kom til fest lørdag den 20. juni 2026 kl. 18 hos os.");
    (void)stage_run(stage);
    assert_holds(note_of(stage, "a.md"), "“arrangement: 15. juni 2026 kl. 13.00, ”");
    assert_holds(note_of(stage, "a.md"), "mandag den 15. juni 2026 kl. 13.00");
    assert_null(stage_release(stage, "a.md")->event);
    assert_int_equal(stage_row(stage, "a.md")->due_at, AT("2026-06-07T10:00:00Z"));
    assert_holds(note_of(stage, "b.md"), "kommer ikke i nogen kalender");
    assert_string_equal(note_of(stage, "c.md"), "");
}

/* The same words in every place where they count, in every dress: nothing of it is due before. */
static void nothing_is_due_before_its_minute(void **state)
{
    static const char *const phrases[] = {
        "Embargo til tirsdag den 9. juni kl. 6",
        "KLAUSULERET TIL 9. JUNI 2026 KL. 6",
        "Må ikke offentliggøres før den 9. juni 2026 kl. 06.00",
        "Embargoed until 6 a.m. on 9 June 2026",
        "Not for release before 06:00 on Tuesday 9 June",
        "Frigives tirsdag den 9. juni kl. 6",
        "Embargo til tirsdag",
        "STRENG EMBARGO",
        "For release at 6 a.m. on Tuesday",
        "Gesperrt bis 9. Juni",
    };
    static const char *const dresses[] = { "%s",        "**%s**", "*%s*",       "(%s)",
                                           "🔴 %s 🔴",    "„%s“",   "*** %s ***", "%s.",
                                           "<b>%s</b>", "## %s",  "> %s",       "Obs: %s" };
    static const char *const places[] = {
        "%s\n\nHuset åbner i %s.\n\nDet er stort.\n\nDet er gult.\n\nDet er nyt.\n\nSlut herfra.\n",
        "Huset åbner i %2$s.\n\n%1$s\n\nDet er stort.\n\nDet er gult.\n\nDet er nyt.\n\nSlut herfra.\n",
        "Huset åbner i %2$s.\n\nDet er stort.\n\n%1$s\n\nDet er gult.\n\nDet er nyt.\n\nSlut herfra.\n",
        "Huset åbner i %2$s.\n\nDet er stort.\n\nDet er gult.\n\nDet er nyt.\n\n%1$s\n",
        ("Huset åbner i %2$s.\n\nDet er stort.\n\nDet er gult.\n\nDet er nyt.\n\n%1$s\n\nKontakt\n\n"
         "Mette Holm, 55 10 20 30\n\nIb Holm, 55 10 20 31\n\nAsta Holm, 55 10 20 32\n"),
    };
    struct stage *stage = *state;
    size_t count = 0;
    for (size_t p = 0; p < sizeof phrases / sizeof phrases[0]; p++)
        for (size_t d = 0; d < sizeof dresses / sizeof dresses[0]; d++)
            for (size_t l = 0; l < sizeof places / sizeof places[0]; l++, count++) {
                const char *format = places[l];
                const char *word = arena_format(&stage->arena, "by%zu", count * 7919);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
                const char *dressed = arena_format(&stage->arena, dresses[d], phrases[p]);
                const char *body = arena_format(&stage->arena, format, dressed, word);
#pragma GCC diagnostic pop
                const char *ending = count % 2 ? "md" : "txt";
                stage_put(stage, arena_format(&stage->arena, "%zu.%s", count, ending),
                          arena_format(&stage->arena, "---\ntitle: Huset i %s\nid: r%zu\n---\n%s",
                                       word, count, body));
            }
    (void)stage_run(stage);
    size_t waiting = 0;
    for (size_t i = 0; i < count; i++) {
        const char *path = arena_format(&stage->arena, "%zu.%s", i, i % 2 ? "md" : "txt");
        const struct release_row *row = stage_row(stage, path);
        if (row && row->due_at < JUNE9)
            fail_msg("due before its minute:\n%s", stage_read(stage, path));
        waiting += row != NULL;
    }
    assert_int_equal(waiting, 360); /* six of ten phrases are full */
}

static void an_edit_lifts_an_embargo_only_in_words(void **state)
{
    struct stage *stage = *state;
    stage_write(stage, "a.md", "Tre huse", "embargo: 2026-06-09 06:00\n", text);
    stage_put(stage, "b.md",
              "# En bro\n\nEmbargo til 9. juni 2026 kl. 6\n\nBroen over fjorden er malet.\n");
    (void)stage_run(stage);
    stage_write(stage, "a.md", "Tre huse", "", text);
    stage_put(stage, "b.md", "# En bro\n\nBroen over fjorden er malet.\n");
    (void)stage_run(stage);
    assert_holds(note_of(stage, "a.md"), "embargo: 9. juni 2026 kl. 06.00");
    assert_holds(note_of(stage, "b.md"), "embargo: ingen");
    assert_int_equal(stage_row(stage, "a.md")->due_at, JUNE9);
    assert_int_equal(stage_row(stage, "b.md")->due_at, JUNE9);
    stage_write(stage, "a.md", "Tre huse", "embargo: ingen\n", text);
    stage_write(stage, "b.md", "En bro", "published: 2026-06-10 06:00\n",
                "Broen over fjorden er malet.");
    (void)stage_run(stage);
    assert_int_equal(stage_row(stage, "a.md")->embargo_at, INSTANT_NONE);
    assert_int_equal(stage_row(stage, "b.md")->due_at, AT("2026-06-10T04:00:00Z"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STAGE_TEST(words_with_day_and_hour_are_the_embargo),
        STAGE_TEST(a_line_of_its_own_is_taken_out_and_reported),
        STAGE_TEST(a_note_is_in_the_language_of_the_newsroom),
        STAGE_TEST(words_within_a_text_stay),
        STAGE_TEST(words_that_are_not_full_hold_with_both_lines_to_paste),
        STAGE_TEST(the_lines_of_the_note_decide),
        STAGE_TEST(a_field_that_says_otherwise_holds),
        STAGE_TEST(nothing_hides_the_words),
        STAGE_TEST(embargoes_that_a_text_is_about_hold_nothing),
        STAGE_TEST(an_embargo_long_over_in_a_new_file_is_held),
        STAGE_TEST(without_words_nothing_new_is_read_and_what_waits_is_held),
        STAGE_TEST(an_edit_of_what_waits_may_not_move_it_into_the_past),
        STAGE_TEST(a_year_that_was_found_stays_found),
        STAGE_TEST(an_edit_of_what_is_public_cannot_wait),
        STAGE_TEST(drafts_and_what_is_withdrawn_wait_for_nothing),
        STAGE_TEST(a_version_is_held_by_its_own_words),
        STAGE_TEST(copies_with_words_are_no_disagreement),
        STAGE_TEST(days_alone_are_refused_where_something_waits_for_them),
        STAGE_TEST(a_press_services_text_is_looked_through_as_well),
        STAGE_TEST(nothing_is_due_before_its_minute),
        STAGE_TEST(a_title_that_is_only_an_embargo_is_none),
        STAGE_TEST(a_date_that_a_mail_program_has_broken_is_read),
        STAGE_TEST(an_invitation_without_event_gets_the_line_for_it),
        STAGE_TEST(an_edit_lifts_an_embargo_only_in_words),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
