/* SPDX-License-Identifier: MIT */
#include "stage.h"

static const char *const text = "Regionen åbner tre nye sundhedshuse i Vesterhavn, Lillesund og "
                                "Ådal, og det første slår dørene op til august.\n";
static const char *const other_text =
    "Badevandet ved alle strande i Nordhav er rent, viser sommerens første prøver, som blev taget "
    "i går ved daggry.\n";

static void a_renamed_file_is_the_same_release(void **state)
{
    struct stage *stage = *state;
    stage_write(stage, "a.md", "Huse", "", text);
    (void)stage_run(stage);
    const char *public_id = stage_row(stage, "a.md")->public_id;
    stage_rename(stage, "a.md", "b.md");
    assert_int_equal(stage_run(stage)->changed, 1);
    assert_int_equal(stage->counts.missing, 0);
    assert_null(stage_row(stage, "a.md"));
    assert_string_equal(stage_row(stage, "b.md")->public_id, public_id);
    assert_int_equal(stage_row(stage, "b.md")->revision, 1);
    assert_int_equal(stage_run(stage)->unchanged, 1);
}

static void a_renamed_file_is_found_beside_its_copy(void **state)
{
    struct stage *stage = *state;
    stage_write(stage, "a.md", "Huse", "", text);
    (void)stage_run(stage);
    stage_write(stage, "a2.md", "Huse", "id: andet-hus\n", text);
    (void)stage_run(stage);
    const char *public_id = stage_row(stage, "a.md")->public_id;
    /* The same content stands at a2.md: a.md has moved all the same. */
    stage_rename(stage, "a.md", "b.md");
    assert_int_equal(stage_run(stage)->refused, 0);
    assert_string_equal(stage_row(stage, "b.md")->public_id, public_id);
}

static void a_file_becomes_a_folder(void **state)
{
    struct stage *stage = *state;
    stage_write(stage, "a.md", "Huse", "", text);
    (void)stage_run(stage);
    const char *public_id = stage_row(stage, "a.md")->public_id;
    assert_int_equal(mkdirat(stage->releases, "huse", 0755), 0);
    stage_rename(stage, "a.md", "huse/a.md");
    (void)stage_run(stage);
    assert_string_equal(stage_row(stage, "huse/")->public_id, public_id);
}

static void a_copy_is_refused_until_an_id_decides(void **state)
{
    struct stage *stage = *state;
    stage_write(stage, "a.md", "Huse", "", text);
    stage_write(stage, "b.md", "Huse", "", text);
    assert_int_equal(stage_run(stage)->added, 1);
    stage_assert_refused(stage, "b.md", "har samme indhold som a.md");
    stage_write(stage, "b.md", "Huse", "id: huse-2\n", text);
    assert_int_equal(stage_run(stage)->added, 1);
    assert_string_equal(stage_row(stage, "b.md")->public_id, "huse-2");
    assert_null(stage_read(stage, "b.md.problems.txt"));
}

static void a_copy_is_taken_when_the_other_has_gone(void **state)
{
    struct stage *stage = *state;
    stage_write(stage, "a.md", "Huse", "", text);
    stage_write(stage, "b.md", "Huse", "", text);
    (void)stage_run(stage);
    const char *public_id = stage_row(stage, "a.md")->public_id;
    stage_remove_file(stage, "a.md");
    (void)stage_run(stage);
    assert_string_equal(stage_row(stage, "b.md")->public_id, public_id);
    assert_int_equal(stage->counts.missing, 0);
}

static void of_near_duplicates_that_disagree_the_one_that_stays_names_the_id(void **state)
{
    struct stage *stage = *state;
    const char *near = arena_format(&stage->arena, "%sDet sker i år.\n", text);
    stage_write(stage, "a.md", "Huse", "embargo: 2030-06-09 06:00\n", text);
    stage_write(stage, "b.md", "Huse", "embargo: 2030-06-10 06:00\n", near);
    assert_int_equal(stage_run(stage)->refused, 2);
    const char *public_id = stage_row(stage, "a.md")->public_id;
    const char *advice = arena_format(&stage->arena, "“id: %s”", public_id);
    assert_non_null(strstr(stage_read(stage, "a.md.problems.txt"), advice));
    assert_non_null(strstr(stage_read(stage, "b.md.problems.txt"), advice));
    /* As the notes say: the wrong one goes, the one that stays says which release it is. */
    stage_remove_file(stage, "a.md");
    stage_write(stage, "b.md", "Huse",
                arena_format(&stage->arena, "id: %s\nembargo: 2030-06-10 06:00\n", public_id),
                near);
    assert_int_equal(stage_run(stage)->refused, 0);
    assert_string_equal(stage_row(stage, "b.md")->public_id, public_id);
    assert_int_equal(stage_row(stage, "b.md")->held_at, INSTANT_NONE);
}

static void a_known_file_that_becomes_a_copy_is_refused(void **state)
{
    struct stage *stage = *state;
    stage_write(stage, "a.md", "Huse", "", text);
    stage_write(stage, "b.md", "Huse", "", "Regionen åbner tre nye sundhedshuse i Vesterhavn.\n");
    (void)stage_run(stage);
    stage_write(stage, "b.md", "Huse", "", text);
    (void)stage_run(stage);
    stage_assert_refused(stage, "b.md", "har samme indhold som a.md");
}

static void a_reused_name_is_refused_until_an_id_decides(void **state)
{
    struct stage *stage = *state;
    stage_write(stage, "presse.md", "Huse", "", text);
    (void)stage_run(stage);
    const char *public_id = stage_row(stage, "presse.md")->public_id;
    stage_write(stage, "presse.md", "Rent badevand", "", other_text);
    assert_int_equal(stage_run(stage)->refused, 1);
    stage_assert_refused(stage, "presse.md", "rummede før “Huse”");
    assert_string_equal(stage_row(stage, "presse.md")->title, "Huse");
    /* The old id: an edit. */
    stage_write(stage, "presse.md", "Rent badevand",
                arena_format(&stage->arena, "id: %s\n", public_id), other_text);
    assert_int_equal(stage_run(stage)->changed, 1);
    assert_string_equal(stage_row(stage, "presse.md")->title, "Rent badevand");
    assert_string_equal(stage_row(stage, "presse.md")->public_id, public_id);
}

static void a_reused_name_with_a_new_id_is_a_new_release(void **state)
{
    struct stage *stage = *state;
    stage_write(stage, "presse.md", "Huse", "", text);
    (void)stage_run(stage);
    const char *public_id = stage_row(stage, "presse.md")->public_id;
    stage_write(stage, "presse.md", "Rent badevand", "id: badevand\n", other_text);
    assert_int_equal(stage_run(stage)->added, 1);
    assert_string_equal(stage_row(stage, "presse.md")->public_id, "badevand");
    const struct release_row *old = stage_row_of(stage, public_id);
    assert_null(old->path);
    assert_true(old->is_missing);
    assert_int_equal(old->status, RELEASE_READY);
    /* And back again, by its id. */
    stage_write(stage, "huse.md", "Huse", arena_format(&stage->arena, "id: %s\n", public_id), text);
    (void)stage_run(stage);
    assert_string_equal(stage_row(stage, "huse.md")->public_id, public_id);
    assert_int_equal(stage_row(stage, "huse.md")->revision, 1);
}

static void another_title_over_the_same_text_is_an_edit(void **state)
{
    struct stage *stage = *state;
    stage_write(stage, "a.md", "Huse", "", text);
    (void)stage_run(stage);
    stage_write(stage, "a.md", "Tre huse til august", "", text);
    assert_int_equal(stage_run(stage)->changed, 1);
    stage_write(stage, "a.md", "Tre huse til august", "", other_text);
    assert_int_equal(stage_run(stage)->changed, 1);
}

static void a_draft_may_become_anything(void **state)
{
    struct stage *stage = *state;
    stage_write(stage, "a.md", "Huse", "status: draft\n", text);
    (void)stage_run(stage);
    assert_int_equal(stage_row(stage, "a.md")->ready_at, INSTANT_NONE);
    assert_int_equal(stage_row(stage, "a.md")->due_at, INSTANT_NONE);
    stage_write(stage, "a.md", "Rent badevand", "", other_text);
    assert_int_equal(stage_run(stage)->changed, 1);
    assert_int_equal(stage_row(stage, "a.md")->due_at, stage->clock.fixed_at);
}

static void two_files_with_one_public_id(void **state)
{
    struct stage *stage = *state;
    stage_write(stage, "a.md", "Huse", "id: huse\n", text);
    stage_write(stage, "b.md", "Rent badevand", "id: huse\n", other_text);
    assert_int_equal(stage_run(stage)->added, 1);
    stage_assert_refused(stage, "b.md", "id'et “huse” tilhører a.md");
    assert_string_equal(stage_row_of(stage, "huse")->title, "Huse");
    /* When the first gives its name up, the second is right. */
    stage_remove_file(stage, "a.md");
    (void)stage_run(stage);
    assert_int_equal(stage->counts.refused, 0);
    assert_string_equal(stage_row_of(stage, "huse")->path, "b.md");
}

static void an_id_never_changes(void **state)
{
    struct stage *stage = *state;
    stage_write(stage, "a.md", "Huse", "id: huse\n", text);
    (void)stage_run(stage);
    stage_write(stage, "a.md", "Huse", "id: huse-ny\n", text);
    (void)stage_run(stage);
    stage_assert_refused(stage, "a.md", "id er “huse” og ændres aldrig");
    stage_write(stage, "a.md", "Huse", "", text);
    assert_int_equal(stage_run(stage)->unchanged, 1);
}

static void names_may_be_swapped_by_ids(void **state)
{
    struct stage *stage = *state;
    stage_write(stage, "a.md", "Huse", "id: huse\n", text);
    stage_write(stage, "b.md", "Rent badevand", "id: badevand\n", other_text);
    (void)stage_run(stage);
    stage_rename(stage, "a.md", "c");
    stage_rename(stage, "b.md", "a.md");
    stage_rename(stage, "c", "b.md");
    assert_int_equal(stage_run(stage)->refused, 0);
    assert_string_equal(stage_row_of(stage, "huse")->path, "b.md");
    assert_string_equal(stage_row_of(stage, "badevand")->path, "a.md");
    assert_int_equal(stage_row_of(stage, "huse")->revision, 1);
}

static void a_version_waits_for_its_original(void **state)
{
    struct stage *stage = *state;
    stage_write(stage, "en.md", "Houses", "translation_of: huse\nlanguage: en\n", text);
    assert_int_equal(stage_run(stage)->refused, 1);
    stage_assert_refused(stage, "en.md", "“oversættelse af” er “huse”");
    stage_write(stage, "z.md", "Huse", "id: huse\ntype: statement\ntopics: [sundhed]\n", text);
    assert_int_equal(stage_run(stage)->added, 2);
    const struct release_row *version = stage_row(stage, "en.md");
    assert_int_equal(version->original_row_id, stage_row(stage, "z.md")->row_id);
    assert_string_equal(version->type, "statement");
    assert_string_equal(version->topics, "sundhed");
    assert_null(stage_read(stage, "en.md.problems.txt"));
}

static void a_version_is_of_an_original_alone(void **state)
{
    struct stage *stage = *state;
    stage_write(stage, "da.md", "Huse", "id: huse\n", text);
    stage_write(stage, "en.md", "Houses", "id: houses\ntranslation_of: huse\nlanguage: en\n", text);
    assert_int_equal(stage_run(stage)->added, 2);
    stage_write(stage, "x.md", "Häuser", "translation_of: houses\nlanguage: de\n", text);
    (void)stage_run(stage);
    stage_assert_refused(stage, "x.md", "nævn originalen, “huse”");
    stage_write(stage, "x.md", "Häuser", "id: haus\ntranslation_of: haus\nlanguage: de\n", text);
    (void)stage_run(stage);
    stage_assert_refused(stage, "x.md", "nævner meddelelsen selv");
    stage_write(stage, "x.md", "More houses", "translation_of: huse\nlanguage: EN\n", text);
    (void)stage_run(stage);
    stage_assert_refused(stage, "x.md", "findes allerede på “en”: en.md");
    stage_write(stage, "x.md", "Huse igen", "translation_of: huse\n", text);
    (void)stage_run(stage);
    stage_assert_refused(stage, "x.md", "findes allerede på “da”: da.md");
    stage_remove_file(stage, "x.md");
    stage_write(stage, "en.md", "Houses", "id: houses\nlanguage: en\n", text);
    (void)stage_run(stage);
    stage_assert_refused(stage, "en.md", "kan ikke ændres for en kendt meddelelse");
}

static void versions_follow_their_original(void **state)
{
    struct stage *stage = *state;
    stage_write(stage, "da.md", "Huse", "id: huse\nembargo: 2026-06-09 06:00\n", text);
    stage_write(stage, "en.md", "Houses", "translation_of: huse\nlanguage: en\n", text);
    (void)stage_run(stage);
    assert_int_equal(stage_row(stage, "en.md")->due_at, AT("2026-06-09T04:00:00Z"));
    stage_write(stage, "da.md", "Huse", "id: huse\nembargo: 2026-06-10 06:00\ntopics: [natur]\n",
                text);
    (void)stage_run(stage);
    assert_int_equal(stage_row(stage, "en.md")->due_at, AT("2026-06-10T04:00:00Z"));
    assert_string_equal(stage_row(stage, "en.md")->topics, "natur");
    /* Neither does it go ahead of one that is only scheduled, nor with an embargo of its own. */
    stage_write(stage, "da.md", "Huse", "id: huse\npublished: 2026-06-11 06:00\n", text);
    stage_write(stage, "en.md", "Houses",
                "translation_of: huse\nlanguage: en\nembargo: 2026-06-08 06:00\n", text);
    (void)stage_run(stage);
    assert_int_equal(stage_row(stage, "en.md")->due_at, AT("2026-06-11T04:00:00Z"));
    stage_write(stage, "da.md", "Huse", "id: huse\nstatus: draft\n", text);
    (void)stage_run(stage);
    assert_int_equal(stage_row(stage, "en.md")->status, RELEASE_DRAFT);
    assert_int_equal(stage_row(stage, "en.md")->due_at, INSTANT_NONE);
    stage_write(stage, "da.md", "Huse", "id: huse\n", text);
    (void)stage_run(stage);
    assert_int_equal(stage_row(stage, "en.md")->status, RELEASE_READY);
    assert_int_equal(stage->counts.unchanged, 0);
}

static void a_stored_text_that_nobody_can_read_stops_no_run(void **state)
{
    struct stage *stage = *state;
    struct error error;
    stage_write(stage, "a.md", "Før", "", "En tekst om et hus ved havnen.\n");
    (void)stage_run(stage);
    assert_true(
        database_execute(stage->database, "UPDATE release_revision SET document = '<x'", &error));
    stage_write(stage, "a.md", "Efter", "", "En anden tekst om noget helt andet.\n");
    stage_write(stage, "b.md", "Ny", "", "Den tredje tekst taler om broen over åen.\n");
    assert_int_equal(stage_run(stage)->added, 1);
    stage_assert_refused(stage, "a.md", "id: ");
}

int main(void)
{
#define STAGE_TEST(name) cmocka_unit_test_setup_teardown(name, stage_setup, stage_teardown)
    const struct CMUnitTest tests[] = {
        STAGE_TEST(a_renamed_file_is_the_same_release),
        STAGE_TEST(a_renamed_file_is_found_beside_its_copy),
        STAGE_TEST(a_file_becomes_a_folder),
        STAGE_TEST(a_copy_is_refused_until_an_id_decides),
        STAGE_TEST(a_copy_is_taken_when_the_other_has_gone),
        STAGE_TEST(of_near_duplicates_that_disagree_the_one_that_stays_names_the_id),
        STAGE_TEST(a_known_file_that_becomes_a_copy_is_refused),
        STAGE_TEST(a_reused_name_is_refused_until_an_id_decides),
        STAGE_TEST(a_reused_name_with_a_new_id_is_a_new_release),
        STAGE_TEST(another_title_over_the_same_text_is_an_edit),
        STAGE_TEST(a_draft_may_become_anything),
        STAGE_TEST(two_files_with_one_public_id),
        STAGE_TEST(an_id_never_changes),
        STAGE_TEST(names_may_be_swapped_by_ids),
        STAGE_TEST(a_version_waits_for_its_original),
        STAGE_TEST(a_version_is_of_an_original_alone),
        STAGE_TEST(versions_follow_their_original),
        STAGE_TEST(a_stored_text_that_nobody_can_read_stops_no_run),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
