/* SPDX-License-Identifier: MIT */
#include "stage.h"

static const char *const text = "Regionen åbner tre nye sundhedshuse i Vesterhavn, Lillesund og "
                                "Ådal, og det første slår dørene op til august.\n";
static const char *const other_text =
    "Badevandet ved alle strande i Nordhav er rent, viser sommerens første prøver, som blev taget "
    "i går ved daggry.\n";

static void a_new_file_becomes_a_release(void **state)
{
    struct stage *stage = *state;
    stage_write(stage, "huse.md", "Tre nye huse", "topics: [sundhed, natur]\n", text);
    const struct intake_counts *counts = stage_run(stage);
    assert_int_equal(counts->added, 1);
    assert_int_equal(counts->refused, 0);
    const struct release_row *row = stage_row(stage, "huse.md");
    assert_non_null(row);
    assert_int_equal(strlen(row->public_id), 10);
    assert_string_equal(row->language, "da");
    assert_string_equal(row->type, "press-release");
    assert_string_equal(row->topics, "natur sundhed");
    assert_int_equal(row->status, RELEASE_READY);
    assert_int_equal(row->ready_at, stage->clock.fixed_at);
    assert_int_equal(row->published_at, stage->clock.fixed_at);
    assert_int_equal(row->due_at, stage->clock.fixed_at);
    assert_true(row->mail);
    assert_string_equal(stage_release(stage, "huse.md")->title, "Tre nye huse");
}

static void a_second_run_changes_nothing(void **state)
{
    struct stage *stage = *state;
    stage_write(stage, "huse.md", "Tre nye huse", "", text);
    (void)stage_run(stage);
    const struct intake_counts *counts = stage_run(stage);
    assert_int_equal(counts->unchanged, 1);
    assert_int_equal(counts->added + counts->changed + counts->refused, 0);
    /* Touched, but the same: read, and nothing made of it. */
    stage_write(stage, "huse.md", "Tre nye huse", "", text);
    counts = stage_run(stage);
    assert_int_equal(counts->unchanged, 1);
    assert_int_equal(stage_row(stage, "huse.md")->revision, 1);
}

static void an_edit_is_a_new_revision_and_so_is_the_way_back(void **state)
{
    struct stage *stage = *state;
    stage_write(stage, "huse.md", "Tre nye huse", "", text);
    (void)stage_run(stage);
    const char *public_id = stage_row(stage, "huse.md")->public_id;
    stage_write(stage, "huse.md", "Fire nye huse", "", text);
    assert_int_equal(stage_run(stage)->changed, 1);
    assert_int_equal(stage_row(stage, "huse.md")->revision, 2);
    assert_string_equal(stage_row(stage, "huse.md")->title, "Fire nye huse");
    stage_write(stage, "huse.md", "Tre nye huse", "", text);
    assert_int_equal(stage_run(stage)->changed, 1);
    assert_int_equal(stage_row(stage, "huse.md")->revision, 3);
    assert_string_equal(stage_row(stage, "huse.md")->public_id, public_id);
}

static void a_bad_file_is_noted_and_taken_when_it_is_good(void **state)
{
    struct stage *stage = *state;
    stage_put(stage, "huse.md", "---\ntitle: Huse\nembago: 2026-06-08\n---\nTekst.\n");
    stage_write(stage, "god.md", "God", "", text);
    assert_int_equal(stage_run(stage)->added, 1);
    stage_assert_refused(stage, "huse.md",
                         "linje 3: der er ikke noget felt “embago”; mente du “embargo”?");
    assert_null(stage_row(stage, "huse.md"));
    /* Untouched: not read again, not reported again. */
    assert_int_equal(stage_run(stage)->refused, 0);
    assert_int_equal(stage->counts.still_refused, 1);
    stage_put(stage, "huse.md", "---\ntitle: Huse\nembargo: 2026-06-08 06:00\n---\nTekst.\n");
    assert_int_equal(stage_run(stage)->added, 1);
    assert_null(stage_read(stage, "huse.md.problems.txt"));
    assert_int_equal(stage_run(stage)->unchanged, 2);
}

/* Holds I7. */
static void a_bad_edit_leaves_the_last_good_revision(void **state)
{
    struct stage *stage = *state;
    stage_write(stage, "huse.md", "Huse", "", text);
    (void)stage_run(stage);
    stage_write(stage, "huse.md", "Huse", "status: måske\n", text);
    assert_int_equal(stage_run(stage)->refused, 1);
    stage_assert_refused(stage, "huse.md", "“status” er “måske”");
    assert_int_equal(stage_row(stage, "huse.md")->revision, 1);
    assert_false(stage_row(stage, "huse.md")->is_missing);
    stage_write(stage, "huse.md", "Huse", "", text);
    assert_int_equal(stage_run(stage)->unchanged, 1);
    assert_null(stage_read(stage, "huse.md.problems.txt"));
}

static void a_file_that_vanishes_is_reported_once_and_changes_nothing(void **state)
{
    struct stage *stage = *state;
    stage_write(stage, "huse.md", "Huse", "", text);
    (void)stage_run(stage);
    stage_remove_file(stage, "huse.md");
    assert_int_equal(stage_run(stage)->missing, 1);
    const struct release_row *row = stage_row(stage, "huse.md");
    assert_true(row->is_missing);
    assert_int_equal(row->status, RELEASE_READY);
    assert_int_equal(stage_run(stage)->missing, 0);
    stage_write(stage, "huse.md", "Huse", "", text);
    (void)stage_run(stage);
    assert_false(stage_row(stage, "huse.md")->is_missing);
    assert_int_equal(stage_row(stage, "huse.md")->revision, 1);
}

static void a_note_goes_with_its_file(void **state)
{
    struct stage *stage = *state;
    stage_put(stage, "tom.md", "\n");
    assert_int_equal(stage_run(stage)->refused, 1);
    stage_remove_file(stage, "tom.md");
    (void)stage_run(stage);
    assert_null(stage_read(stage, "tom.md.problems.txt"));
    assert_int_equal(stage->counts.still_refused, 0);
}

static void a_note_that_somebody_deleted_is_written_again(void **state)
{
    struct stage *stage = *state;
    stage_put(stage, "tom.md", "\n");
    (void)stage_run(stage);
    stage_remove_file(stage, "tom.md.problems.txt");
    assert_int_equal(stage_run(stage)->still_refused, 1);
    assert_non_null(stage_read(stage, "tom.md.problems.txt"));
    /* What a rule that came later would take is taken then. */
    struct error error;
    stage_write(stage, "huse.md", "Huse", "status: måske\n", text);
    (void)stage_run(stage);
    stage_write(stage, "huse.md", "Huse", "", text);
    (void)stage_run(stage);
    assert_true(
        database_execute(stage->database,
                         "INSERT INTO intake_refusal (path, stat_fingerprint, is_retried)"
                         " SELECT path, stat_fingerprint, 0 FROM release WHERE path = 'huse.md'",
                         &error));
    assert_int_equal(stage_run(stage)->still_refused, 1);
    assert_int_equal(stage_run(stage)->still_refused, 1);
}

static void temporary_and_own_names_are_never_read(void **state)
{
    static const char *const names[] = { "~$huse.md",   ".huse.md",      "huse.md.part",
                                         "huse.md.tmp", "a.md.filepart", "huse.md.problems.txt" };
    struct stage *stage = *state;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        stage_write(stage, names[i], "Huse", "", text);
    const struct intake_counts *counts = stage_run(stage);
    assert_int_equal(counts->added + counts->refused + counts->unstable, 0);
    assert_non_null(stage_read(stage, "huse.md.problems.txt")); /* not ours: left alone */
}

static void a_note_never_goes_through_a_link(void **state)
{
    struct stage *stage = *state;
    stage->has_foreign_notes = true;
    stage_put(stage, "victim.png", "safe");
    assert_int_equal(symlinkat("victim.png", stage->releases, "tom.md.problems.txt"), 0);
    stage_put(stage, "tom.md", "\n");
    assert_int_equal(stage_run(stage)->refused, 1);
    assert_string_equal(stage_read(stage, "victim.png"), "safe");
    struct stat status;
    assert_int_equal(fstatat(stage->releases, "tom.md.problems.txt", &status, AT_SYMLINK_NOFOLLOW),
                     0);
    assert_true(S_ISLNK(status.st_mode));
}

static void a_sidecar_gives_fields_and_is_missed_when_alone(void **state)
{
    struct stage *stage = *state;
    stage_put(
        stage, "huse.txt",
        "Tre nye huse\n7.6.2026 08:00 CEST | Region Nordhav | Pressemeddelelse\nTekst er her.\n");
    stage_put(stage, "huse.yaml", "topics: [sundhed]\nembargo: 2026-06-09 06:00\n");
    (void)stage_run(stage);
    const struct release_row *row = stage_row(stage, "huse.txt");
    assert_string_equal(row->topics, "sundhed");
    assert_int_equal(row->due_at, AT("2026-06-09T04:00:00Z"));
    assert_int_equal(row->published_at, AT("2026-06-07T06:00:00Z"));
    stage_put(stage, "hus.yaml", "embargo: 2026-06-09 06:00\n");
    (void)stage_run(stage);
    stage_assert_refused(stage, "hus.yaml", "hører ikke til nogen tekst");
    /* A changed sidecar is a changed release. */
    stage_put(stage, "huse.yaml", "topics: [natur]\nembargo: 2026-06-09 06:00\n");
    (void)stage_run(stage);
    assert_string_equal(stage_row(stage, "huse.txt")->topics, "natur");
    /* One that was cut short does not publish. */
    stage_put(stage, "huse.yaml", "topics: [natur]\n");
    (void)stage_run(stage);
    stage_assert_refused(stage, "huse.txt", "embargo: 9. juni 2026 kl. 06.00");
}

/* What a browser or a careful person makes of the name must not publish the text without it. */
static void a_sidecar_whose_name_goes_on_holds_its_text(void **state)
{
    static const char *const names[] = { "bro (1).yaml", "bro - kopi.yaml", "bro-embargo.yaml",
                                         "bro.en.yaml", "bro_.yaml" };
    struct stage *stage = *state;
    stage_write(stage, "bro.md", "En bro", "", "Broen over fjorden er malet.");
    stage_write(stage, "brod.md", "Et brød", "", "Bageren i Lillesund har bagt i nat.");
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        stage_put(stage, names[i], "embargo: 2026-06-09 06:00\n");
        (void)stage_run(stage);
        assert_null(stage_row(stage, "bro.md"));
        assert_non_null(strstr(stage_read(stage, "bro.md.problems.txt"), names[i]));
        assert_non_null(stage_row(stage, "brod.md"));
        stage_remove_file(stage, names[i]);
    }
    (void)stage_run(stage);
    assert_non_null(stage_row(stage, "bro.md"));
}

static void warnings_in_english_where_the_newsroom_is(void **state)
{
    struct stage *stage = *state;
    stage->settings.language = "en-GB";
    stage_write(stage, "x.md", "Houses", "", other_text);
    (void)stage_run(stage);
    stage_publish(stage, "x.md");
    stage_write(stage, "x.md", "Houses", "status: draft\n", other_text);
    assert_int_equal(stage_run(stage)->warned, 1);
    const char *note = stage_read(stage, "x.md.problems.txt");
    assert_non_null(strstr(note, "left out or has no effect:"));
    assert_non_null(strstr(note, "is public already, so “status: draft” changes nothing"));
    assert_int_equal(stage_row(stage, "x.md")->status, RELEASE_READY);
}

/* "Contacts" is French too, "Kontakt" is German: what tells Danish from English tells nothing else.
 */
static void words_show_the_language_only_where_they_can(void **state)
{
    static const struct {
        const char *newsroom;
        const char *kind;
        const char *section;
        const char *language;
    } cases[] = {
        { "fr", "Invitation", "Contacts", "fr" },      { "fr", "Document", "Images", "fr" },
        { "de", "Dokument", "Kontakt", "de" },         { "fr", "Press release", "Contacts", "en" },
        { "de", "Pressemeddelelse", "Kontakt", "da" }, { "da", "Invitation", "Contacts", "en" },
        { "en-GB", "Invitation", "Kontakt", "da" },    { "da-DK", "Invitation", "Sted", "da-DK" },
        { "da", "Document", "Kontakt", "en" },
    };
    struct stage *stage = *state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const char *name = arena_format(&stage->arena, "aktion-%zu.txt", i);
        stage->settings.language = cases[i].newsroom;
        stage_put(stage, name,
                  arena_format(&stage->arena,
                               "Aktion %zu\n7.6.2026 08:00 CEST | Region Nordhav | %s\n"
                               "Aktion %zu.\n%s\nAnna Holm, anna@nordhav.example\n",
                               i, cases[i].kind, i, cases[i].section));
        (void)stage_run(stage);
        assert_string_equal(stage_row(stage, name)->language, cases[i].language);
    }
}

static void a_text_without_a_format_is_a_release(void **state)
{
    struct stage *stage = *state;
    stage_put(stage, "klinik.txt",
              "Ny klinik for unge\n\nDen åbner ved nytår.\n\nKontakt: Mads Overby, 51 00 00 10\n");
    assert_int_equal(stage_run(stage)->added, 1);
    const struct release *release = stage_release(stage, "klinik.txt");
    assert_string_equal(release->title, "Ny klinik for unge");
    assert_string_equal(release->contacts->name, "Mads Overby");
    assert_null(release->contacts->next);
    assert_null(stage_read(stage, "klinik.txt.problems.txt"));
}

static void an_editors_second_ending_changes_no_format(void **state)
{
    struct stage *stage = *state;
    stage_put(stage, "skov.md.txt", "# Ny skov\n\nDen er *grøn*.\n");
    stage_put(stage, "skov.yaml", "topics: [natur]\n");
    assert_int_equal(stage_run(stage)->added, 1);
    assert_int_equal(stage->counts.refused, 0);
    assert_string_equal(stage_row(stage, "skov.md.txt")->topics, "natur");
    const struct release *release = stage_release(stage, "skov.md.txt");
    assert_string_equal(release->title, "Ny skov");
    assert_string_equal(body_plain_text(&stage->arena, release->body), "Den er grøn.");
}

static void another_publisher_s_release_is_reported(void **state)
{
    static const char *const publishers[] = { "Kystvagten", "REGION NORDHAV", "Region Nordhav A/S",
                                              "Region Nordhav Presse" };
    struct stage *stage = *state;
    stage->settings.publisher = "Region Nordhav";
    for (size_t i = 0; i < sizeof publishers / sizeof publishers[0]; i++) {
        const char *name = arena_format(&stage->arena, "nyt-%zu.txt", i);
        const char *note = arena_format(&stage->arena, "%s.problems.txt", name);
        stage_put(stage, name,
                  arena_format(&stage->arena,
                               "Nyt %zu\n7.6.2026 08:00 CEST | %s | Pressemeddelelse\nTekst %zu.\n",
                               i, publishers[i], i));
        assert_int_equal(stage_run(stage)->added, 1);
        if (i)
            assert_null(stage_read(stage, note));
        else
            assert_non_null(strstr(stage_read(stage, note), "nævner “Kystvagten” som afsender"));
    }
}

int main(void)
{
#define STAGE_TEST(name) cmocka_unit_test_setup_teardown(name, stage_setup, stage_teardown)
    const struct CMUnitTest tests[] = {
        STAGE_TEST(a_new_file_becomes_a_release),
        STAGE_TEST(a_second_run_changes_nothing),
        STAGE_TEST(an_edit_is_a_new_revision_and_so_is_the_way_back),
        STAGE_TEST(a_bad_file_is_noted_and_taken_when_it_is_good),
        STAGE_TEST(a_bad_edit_leaves_the_last_good_revision),
        STAGE_TEST(a_file_that_vanishes_is_reported_once_and_changes_nothing),
        STAGE_TEST(a_note_goes_with_its_file),
        STAGE_TEST(a_note_that_somebody_deleted_is_written_again),
        STAGE_TEST(temporary_and_own_names_are_never_read),
        STAGE_TEST(a_note_never_goes_through_a_link),
        STAGE_TEST(a_sidecar_gives_fields_and_is_missed_when_alone),
        STAGE_TEST(a_sidecar_whose_name_goes_on_holds_its_text),
        STAGE_TEST(warnings_in_english_where_the_newsroom_is),
        STAGE_TEST(words_show_the_language_only_where_they_can),
        STAGE_TEST(a_text_without_a_format_is_a_release),
        STAGE_TEST(an_editors_second_ending_changes_no_format),
        STAGE_TEST(another_publisher_s_release_is_reported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
