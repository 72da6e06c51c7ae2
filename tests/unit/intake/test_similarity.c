/* SPDX-License-Identifier: MIT */
#include "database/write_transaction.h"
#include "stage.h"

static const char *const text =
    "Regionen åbner tre nye sundhedshuse i Vesterhavn, Lillesund og Ådal, og det første slår "
    "dørene op til august. Husene får egne jordemødre, blodprøver og et lille røntgenrum.\n";
static const char *const other_text =
    "Badevandet ved alle strande i Nordhav er rent, viser sommerens første prøver, som blev taget "
    "i går ved daggry af kommunens folk i selskab med en håndfuld skoleelever.\n";

/* A text with nothing in common with that of another number. */
static const char *numbered_text(struct stage *stage, int number)
{
    struct string_builder words;
    string_builder_init(&words, 0);
    for (int i = 0; i < 40; i++)
        string_builder_append_format(&words, "ord%d%c ", number * 40 + i, "abc"[i % 3]);
    const char *result = arena_copy_bytes(&stage->arena, words.data, words.length);
    string_builder_release(&words);
    return result;
}

static const char *one_line_more(struct stage *stage, const char *of)
{
    return arena_format(&stage->arena, "%sDet sker i år.\n", of);
}

static void a_near_copy_is_found_however_many_share_its_title(void **state)
{
    struct stage *stage = *state;
    stage_write(stage, "a.md", "Dagsorden", "", text);
    (void)stage_run(stage);
    for (int i = 0; i < 60; i++)
        stage_write(stage, arena_format(&stage->arena, "m%02d.md", i), "Dagsorden", "",
                    numbered_text(stage, i));
    assert_int_equal(stage_run(stage)->added, 60);
    stage_write(stage, "b.md", "Dagsorden", "", one_line_more(stage, text));
    assert_int_equal(stage_run(stage)->added, 0);
    stage_assert_refused(stage, "b.md", "ligner “a.md”");
    /* Also of those that come in together. */
    stage_write(stage, "x1.md", "Dagsorden", "", other_text);
    for (int i = 60; i < 100; i++)
        stage_write(stage, arena_format(&stage->arena, "x1%02d.md", i), "Dagsorden", "",
                    numbered_text(stage, i));
    stage_write(stage, "x2.md", "Dagsorden", "", one_line_more(stage, other_text));
    assert_int_equal(stage_run(stage)->added, 41);
    stage_assert_refused(stage, "x2.md", "ligner “x1.md”");
}

static void a_near_copy_stays_refused_until_a_person_decides(void **state)
{
    struct stage *stage = *state;
    stage_write(stage, "a.md", "Huse", "id: huse\n", text);
    (void)stage_run(stage);
    stage_write(stage, "b.md", "Huse", "", one_line_more(stage, text));
    (void)stage_run(stage);
    stage_assert_refused(stage, "b.md", "ligner “a.md”");
    /* The other one becomes another text, under another title, and goes. */
    stage_write(stage, "a.md", "Strande", "id: huse\n", other_text);
    assert_int_equal(stage_run(stage)->changed, 1);
    assert_int_equal(stage->counts.added, 0);
    assert_int_equal(stage->counts.still_refused, 1);
    stage_remove_file(stage, "a.md");
    assert_int_equal(stage_run(stage)->added, 0);
    assert_int_equal(stage->counts.still_refused + stage->counts.refused, 1);
    /* Nor is another name, or a word more, a decision. */
    stage_rename(stage, "b.md", "c.md");
    assert_int_equal(stage_run(stage)->added, 0);
    assert_non_null(stage_read(stage, "c.md.problems.txt"));
    stage_write(stage, "c.md", "Nye huse", "", one_line_more(stage, one_line_more(stage, text)));
    assert_int_equal(stage_run(stage)->added, 0);
    assert_int_equal(stage->counts.refused, 1);
    stage_write(stage, "c.md", "Nye huse", "id: nye-huse\n", text);
    assert_int_equal(stage_run(stage)->added, 1);
    assert_null(stage_read(stage, "c.md.problems.txt"));
}

static void a_copy_stays_refused_when_the_other_is_edited(void **state)
{
    struct stage *stage = *state;
    stage_write(stage, "a.md", "Huse", "id: huse\n", text);
    stage_write(stage, "b.md", "Huse", "", text);
    (void)stage_run(stage);
    stage_assert_refused(stage, "b.md", "har samme indhold som a.md");
    stage_write(stage, "a.md", "Strande", "id: huse\n", other_text);
    assert_int_equal(stage_run(stage)->added, 0);
    stage_assert_refused(stage, "b.md", "ligner “a.md”");
}

static void another_text_in_a_refused_file_is_judged_anew(void **state)
{
    struct stage *stage = *state;
    stage_write(stage, "a.md", "Huse", "id: huse\n", text);
    stage_write(stage, "b.md", "Huse", "", one_line_more(stage, text));
    (void)stage_run(stage);
    stage_write(stage, "b.md", "Huse", "", other_text);
    assert_int_equal(stage_run(stage)->added, 1);
}

static void a_refusal_is_reported_once_and_then_counted(void **state)
{
    struct stage *stage = *state;
    stage_write(stage, "a.md", "Huse", "", text);
    stage_write(stage, "b.md", "Huse", "", one_line_more(stage, text));
    unsigned before = log_error_count();
    assert_int_equal(stage_run(stage)->refused, 1);
    assert_int_equal(log_error_count(), before + 1);
    /* It is read again with every other file that changes. */
    for (int i = 0; i < 3; i++) {
        stage_write(stage, arena_format(&stage->arena, "m%d.md", i), "Andet", "",
                    numbered_text(stage, i));
        assert_int_equal(stage_run(stage)->added, 1);
        assert_int_equal(stage->counts.refused, 0);
        assert_int_equal(stage->counts.still_refused, 1);
        assert_int_equal(log_error_count(), before + 1);
        assert_non_null(stage_read(stage, "b.md.problems.txt"));
    }
    stage_write(stage, "b.md", "Huse", "", one_line_more(stage, one_line_more(stage, text)));
    assert_int_equal(stage_run(stage)->refused, 1);
    assert_int_equal(log_error_count(), before + 2);
}

static void a_store_from_before_learns_the_texts_when_they_are_asked_for(void **state)
{
    struct stage *stage = *state;
    struct error error = { 0 };
    stage_write(stage, "a.md", "Huse", "", text);
    (void)stage_run(stage);
    assert_true(database_begin(stage->database, &error));
    assert_true(database_execute(stage->database, "DELETE FROM intake_sketch", &error));
    assert_true(database_commit(stage->database, &error));
    stage_write(stage, "b.md", "Huse", "", one_line_more(stage, text));
    assert_int_equal(stage_run(stage)->refused, 1);
}

#define STAGE_TEST(test) cmocka_unit_test_setup_teardown(test, stage_setup, stage_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        STAGE_TEST(a_near_copy_is_found_however_many_share_its_title),
        STAGE_TEST(a_near_copy_stays_refused_until_a_person_decides),
        STAGE_TEST(a_copy_stays_refused_when_the_other_is_edited),
        STAGE_TEST(another_text_in_a_refused_file_is_judged_anew),
        STAGE_TEST(a_refusal_is_reported_once_and_then_counted),
        STAGE_TEST(a_store_from_before_learns_the_texts_when_they_are_asked_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
