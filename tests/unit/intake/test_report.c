/* SPDX-License-Identifier: MIT */
/* What was said last of each path is kept as rows, which agree with the notes that stand there. */
#include "intake/report.h"
#include "unit/intake/stage.h"

static bool find(struct stage *stage, const char *path, struct intake_report *report)
{
    struct error error = { 0 };
    bool found = false;
    if (!intake_report_find(stage->database, &stage->arena, path, report, &found, &error))
        fail_msg("%s", error.message);
    return found;
}

static int count(struct stage *stage)
{
    struct error error = { 0 };
    struct intake_report_cursor cursor;
    const struct intake_report *report;
    int found = 0;
    intake_report_cursor_open(&cursor, stage->database);
    while (intake_report_cursor_next(&cursor, &report, &error))
        found++;
    assert_true(intake_report_cursor_close(&cursor));
    return found;
}

static void a_good_file_has_no_row(void **state)
{
    struct stage *stage = *state;
    struct intake_report report;
    stage_write(stage, "x.md", "Titel", "", "Tekst.");
    stage_run(stage);
    assert_false(find(stage, "x.md", &report));
    assert_int_equal(count(stage), 0);
}

static void a_refused_file_has_its_lines_until_it_is_mended(void **state)
{
    struct stage *stage = *state;
    struct intake_report report;
    stage_write(stage, "x.md", "Titel", "mail: måske\n", "Tekst.");
    stage_run(stage);
    assert_true(find(stage, "x.md", &report));
    assert_int_equal(report.severity, INTAKE_REFUSED);
    assert_string_equal(report.words, "linje 3: “mail” er “måske”; skriv ja eller nej");
    assert_string_equal(report.title, "Titel");
    assert_string_equal(report.note, "x.md.problems.txt");
    assert_string_equal(report.advice, "");
    assert_int_equal(report.release, 0);
    assert_int_equal(report.at, AT("2026-06-07T10:00:00Z"));
    assert_int_equal(count(stage), 1);
    stage_write(stage, "x.md", "Titel", "", "Tekst.");
    stage_run(stage);
    assert_false(find(stage, "x.md", &report));
}

static void a_known_release_is_named_by_its_row(void **state)
{
    struct stage *stage = *state;
    struct intake_report report;
    stage_write(stage, "x.md", "Titel", "", "Tekst.");
    stage_run(stage);
    stage_write(stage, "x.md", "Andet", "embago: i morgen\n", "Tekst.");
    stage_run(stage);
    assert_true(find(stage, "x.md", &report));
    assert_int_equal(report.release, stage_row(stage, "x.md")->row_id);
    assert_string_equal(report.title, "Titel");
}

static void advice_has_a_row_but_no_note(void **state)
{
    struct stage *stage = *state;
    struct intake_report report;
    stage_write(stage, "x.md", "Titel", "", "");
    stage_run(stage);
    assert_true(find(stage, "x.md", &report));
    assert_int_equal(report.severity, INTAKE_ADVICE);
    assert_string_equal(report.words, "");
    assert_string_equal(report.advice, "har en overskrift, men ingen tekst");
    assert_int_equal(count(stage), 0);
    assert_null(stage_read(stage, "x.md.problems.txt"));
}

/* The row goes with the path. */
static void a_file_that_is_renamed_is_spoken_of_by_its_new_name(void **state)
{
    struct stage *stage = *state;
    struct intake_report report;
    stage_write(stage, "x.md", "Titel", "", "Tekst med ~~gamle~~ ord.");
    stage_run(stage);
    assert_true(find(stage, "x.md", &report));
    assert_int_equal(report.severity, INTAKE_WARNING);
    stage_rename(stage, "x.md", "y.md");
    stage_run(stage);
    assert_false(find(stage, "x.md", &report));
    assert_true(find(stage, "y.md", &report));
    assert_int_equal(count(stage), 1);
}

static void a_refused_file_that_is_taken_away_leaves_nothing(void **state)
{
    struct stage *stage = *state;
    stage_put(stage, "x.md", "");
    stage_run(stage);
    assert_int_equal(count(stage), 1);
    stage_remove_file(stage, "x.md");
    stage_run(stage);
    assert_int_equal(count(stage), 0);
    assert_null(stage_read(stage, "x.md.problems.txt"));
}

/* Who deletes a note has read it. */
static void a_deleted_note_is_not_repeated_unless_the_file_is_refused(void **state)
{
    struct stage *stage = *state;
    stage_write(stage, "x.md", "Titel", "", "Tekst med ~~gamle~~ ord.");
    stage_write(stage, "y.md", "Titel y", "mail: måske\n", "Tekst.");
    stage_run(stage);
    assert_int_equal(count(stage), 2);
    stage_remove_file(stage, "x.md.problems.txt");
    stage_remove_file(stage, "y.md.problems.txt");
    stage_run(stage);
    assert_int_equal(count(stage), 1);
    assert_null(stage_read(stage, "x.md.problems.txt"));
    assert_non_null(stage_read(stage, "y.md.problems.txt"));
}

/* A disk that was full for a while takes no note away. */
static void a_note_that_could_not_be_written_is_written_later(void **state)
{
    struct stage *stage = *state;
    struct intake_report report;
    stage->has_foreign_notes = true;
    stage_write(stage, "x.md", "Titel", "", "Tekst med ~~gamle~~ ord.");
    assert_int_equal(mkdirat(stage->state, ".pressroom-note.tmp", 0755), 0);
    assert_int_equal(mkdirat(stage->state, ".pressroom-note.tmp/full", 0755), 0);
    stage_run(stage);
    stage_run(stage);
    assert_null(stage_read(stage, "x.md.problems.txt"));
    assert_true(find(stage, "x.md", &report));
    assert_int_equal(report.severity, INTAKE_WARNING);
    assert_int_equal(unlinkat(stage->state, ".pressroom-note.tmp/full", AT_REMOVEDIR), 0);
    assert_int_equal(unlinkat(stage->state, ".pressroom-note.tmp", AT_REMOVEDIR), 0);
    stage_run(stage);
    assert_non_null(stage_read(stage, "x.md.problems.txt"));
    stage_remove_file(stage, "x.md.problems.txt");
    stage_run(stage);
    assert_null(stage_read(stage, "x.md.problems.txt"));
    assert_int_equal(count(stage), 0);
}

static void a_file_that_is_gone_is_missed_until_it_is_back(void **state)
{
    struct stage *stage = *state;
    struct intake_report report;
    stage_write(stage, "x.md", "Titel", "", "Tekst.");
    stage_write(stage, "vent.md", "Titlen", "embargo: 2026-07-01 10:00\n", "Noget andet her.");
    stage_write(stage, "k.md", "Kladden", "status: draft\n", "En kladde om ingenting.");
    stage_run(stage);
    stage_publish(stage, "x.md");
    stage_remove_file(stage, "x.md");
    stage_remove_file(stage, "vent.md");
    stage_remove_file(stage, "k.md");
    stage_run(stage);
    assert_int_equal(count(stage), 2);
    assert_true(find(stage, "x.md", &report));
    assert_non_null(strstr(report.words, "“Titel”"));
    assert_true(find(stage, "vent.md", &report));
    assert_non_null(strstr(report.words, "onsdag den 1. juli 2026 kl. 10.00"));
    stage_write(stage, "x.md", "Titel", "", "Tekst.");
    stage_run(stage);
    assert_int_equal(count(stage), 1);
    assert_false(find(stage, "x.md", &report));
}

static void a_stray_file_is_told_with_the_release_that_it_seems_to_belong_to(void **state)
{
    struct stage *stage = *state;
    struct intake_report report;
    stage_write(stage, "nybus.md", "Den nye bus", "", "Tekst.");
    stage_put(stage, "nybus-1.pdf", "%PDF");
    stage_put(stage, "andet.pdf", "%PDF");
    stage_run(stage);
    assert_true(find(stage, "nybus-1.pdf", &report));
    assert_non_null(strstr(report.words, "nybus.md (“Den nye bus”)"));
    assert_true(find(stage, "andet.pdf", &report));
    stage_remove_file(stage, "andet.pdf");
    stage_remove_file(stage, "nybus-1.pdf");
    stage_run(stage);
    assert_int_equal(count(stage), 0);
}

static void a_cursor_reads_all_of_many(void **state)
{
    struct stage *stage = *state;
    for (int i = 0; i < 300; i++)
        stage_put(stage, arena_format(&stage->arena, "x%d.md", i), "");
    stage_run(stage);
    assert_int_equal(count(stage), 300);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_good_file_has_no_row, stage_setup, stage_teardown),
        cmocka_unit_test_setup_teardown(a_refused_file_has_its_lines_until_it_is_mended,
                                        stage_setup, stage_teardown),
        cmocka_unit_test_setup_teardown(a_known_release_is_named_by_its_row, stage_setup,
                                        stage_teardown),
        cmocka_unit_test_setup_teardown(advice_has_a_row_but_no_note, stage_setup, stage_teardown),
        cmocka_unit_test_setup_teardown(a_file_that_is_renamed_is_spoken_of_by_its_new_name,
                                        stage_setup, stage_teardown),
        cmocka_unit_test_setup_teardown(a_refused_file_that_is_taken_away_leaves_nothing,
                                        stage_setup, stage_teardown),
        cmocka_unit_test_setup_teardown(a_deleted_note_is_not_repeated_unless_the_file_is_refused,
                                        stage_setup, stage_teardown),
        cmocka_unit_test_setup_teardown(a_note_that_could_not_be_written_is_written_later,
                                        stage_setup, stage_teardown),
        cmocka_unit_test_setup_teardown(a_file_that_is_gone_is_missed_until_it_is_back, stage_setup,
                                        stage_teardown),
        cmocka_unit_test_setup_teardown(
            a_stray_file_is_told_with_the_release_that_it_seems_to_belong_to, stage_setup,
            stage_teardown),
        cmocka_unit_test_setup_teardown(a_cursor_reads_all_of_many, stage_setup, stage_teardown),
    };
    return cmocka_run_group_tests_name("what was said of each path", tests, NULL, NULL);
}
