/* SPDX-License-Identifier: MIT */
/* Whatever a file is too much of, it is refused alone: the one beside it is taken in. */
#include "stage.h"

#include "intake/reader.h"

static const char *const text = "Regionen åbner tre nye sundhedshuse i Vesterhavn, Lillesund og "
                                "Ådal, og det første slår dørene op til august.\n";

/* before, count times middle, after. */
static const char *repeat(struct stage *stage, const char *before, const char *middle, size_t count,
                          const char *after)
{
    struct string_builder all;
    string_builder_init(&all, 0);
    string_builder_append(&all, before);
    for (size_t i = 0; i < count; i++)
        string_builder_append(&all, middle);
    string_builder_append(&all, after);
    const char *result = arena_copy_bytes(&stage->arena, all.data, all.length);
    string_builder_release(&all);
    return result;
}

static void assert_refused_alone(struct stage *stage, const char *label, const char *bytes)
{
    stage_put(stage, "for-meget.md", bytes);
    stage_write(stage, arena_format(&stage->arena, "god-%s.md", label), label, "",
                arena_format(&stage->arena, "%s: %s", label, text));
    (void)stage_run(stage);
    const char *note = stage_read(stage, "for-meget.md.problems.txt");
    if (stage->counts.added != 1 || stage->counts.refused != 1 || !note)
        fail_msg("%s: %d new, %d refused", label, (int)stage->counts.added,
                 (int)stage->counts.refused);
    if (!strstr(note, "\n  ")) /* a line in the note's frame */
        fail_msg("%s: the note does not say why:\n%s", label, note);
    (void)stage_run(stage);
    assert_int_equal(stage->counts.still_refused, 1);
    stage_remove_file(stage, "for-meget.md");
}

static void every_limit_refuses_its_own_file_alone(void **state)
{
    struct stage *stage = *state;
    const char *const head = "---\ntitle: For meget\n---\n";
    const char *const address = repeat(stage, "[x]: https://nordhav.example/", "y", 4000, "\n\n");
    stage->settings.text_maximum_bytes = 3000000;
    assert_refused_alone(stage, "bytes", repeat(stage, head, "ord ", 800000, "\n"));
    assert_refused_alone(
        stage, "document",
        repeat(stage, arena_format(&stage->arena, "%s%s", head, address), "[x] ", 2500, "\n"));
    assert_refused_alone(stage, "escaped", repeat(stage, head, "\"<&\" ", 590000, "\n"));
    assert_refused_alone(stage, "depth", repeat(stage, head, "> ", 79, "dybt\n"));
    assert_refused_alone(stage, "nodes", repeat(stage, head, "*a* ", 150000, "\n"));
    assert_refused_alone(stage, "title", repeat(stage, "---\ntitle: ", "lang ", 500, "\n---\nx\n"));
    assert_refused_alone(stage, "yaml-depth",
                         repeat(stage, "---\ntitle: x\ntopics: ", "[", 300, "\n---\nx\n"));
    assert_refused_alone(
        stage, "contacts",
        repeat(stage, "---\ntitle: x\ncontacts:\n", "  - {name: Mads}\n", 300, "---\nx\n"));
}

static void pictures_within_pictures_harm_nobody(void **state)
{
    struct stage *stage = *state;
    struct string_builder nested;
    string_builder_init(&nested, 0);
    string_builder_append(&nested, "---\ntitle: Indeni\n---\n");
    for (int i = 0; i < 79; i++)
        string_builder_append(&nested, "![");
    string_builder_append(&nested, "bus");
    for (int i = 0; i < 79; i++)
        string_builder_append(&nested, "](bus.png)");
    assert_refused_alone(stage, "nested", nested.data);
    string_builder_release(&nested);
}

static void warnings_hide_nothing_that_decides(void **state)
{
    struct stage *stage = *state;
    struct string_builder many;
    string_builder_init(&many, 0);
    string_builder_append(&many, "---\ntitle: Advarsler\n---\n");
    for (int i = 0; i < 3 * INTAKE_PROBLEM_MAXIMUM; i++)
        string_builder_append_format(&many, "~~streget %d~~ %s\n", i, text);
    string_builder_append(&many, "Embargo til tirsdag den 9. juni.\n");
    stage_put(stage, "advarsler.md", many.data);
    (void)stage_run(stage);
    assert_int_equal(stage->counts.refused, 1);
    const char *note = stage_read(stage, "advarsler.md.problems.txt");
    assert_non_null(note);
    assert_non_null(strstr(note, "embargo: "));
    string_builder_release(&many);
}

static void what_is_wrong_with_a_line_is_reported_once(void **state)
{
    struct arena arena = { 0 };
    struct intake_problem_list list;
    (void)state;
    intake_problem_list_init(&list, &arena, "x.md");
    for (int i = 0; i < 5; i++)
        intake_problem_add(&list, INTAKE_REFUSED, 4, INTAKE_MESSAGE_TITLE_MISSING, NULL, NULL);
    intake_problem_add(&list, INTAKE_REFUSED, 5, INTAKE_MESSAGE_TITLE_MISSING, NULL, NULL);
    assert_int_equal(list.refused, 6);
    assert_int_equal(list.first->line, 4);
    assert_int_equal(list.first->next->line, 5);
    assert_null(list.first->next->next);
    arena_release(&arena);
}

static void too_many_topics_are_reported_once(void **state)
{
    struct stage *stage = *state;
    struct string_builder many;
    string_builder_init(&many, 0);
    string_builder_append(&many, "---\ntitle: Mange\ntopics: [");
    for (int i = 0; i < 3000; i++)
        string_builder_append_format(&many, "emne%d, ", i);
    string_builder_append(&many, "sidste]\n---\nTekst.\n");
    assert_refused_alone(stage, "topics", many.data);
    stage_put(stage, "mange.md", many.data);
    (void)stage_run(stage);
    const char *note = stage_read(stage, "mange.md.problems.txt");
    const char *first = strstr(note, "flere end 50 emner");
    assert_non_null(first);
    assert_null(strstr(first + 1, "flere end 50 emner"));
    string_builder_release(&many);
}

/* Where the store itself fails, nothing is counted that is not in it. */
static void only_what_is_stored_is_counted(void **state)
{
    struct stage *stage = *state;
    struct error error = { 0 };
    assert_true(
        database_execute(stage->database,
                         "CREATE TRIGGER full BEFORE INSERT ON release"
                         " WHEN NEW.title = 'Sidste' BEGIN SELECT RAISE(ABORT, 'full'); END",
                         &error));
    stage_write(stage, "a.md", "Første", "", text);
    stage_put(stage, "b.md", "\n");
    stage_write(stage, "c.md", "Sidste", "", "En helt anden tekst.\n");
    assert_false(intake_run(&stage->settings, stage->database, &stage->clock, &stage->random,
                            &stage->counts, &error));
    assert_int_equal(stage->counts.added + stage->counts.refused, 0);
    assert_null(stage_row(stage, "a.md"));
}

static void too_many_pictures_are_reported_once(void **state)
{
    struct stage *stage = *state;
    struct string_builder many;
    string_builder_init(&many, 0);
    string_builder_append(&many, "---\ntitle: Mange\n---\n");
    for (int i = 0; i < INTAKE_ASSETS_MAXIMUM + 20; i++)
        string_builder_append_format(&many, "![a](b%d.png)\n\n", i);
    assert_refused_alone(stage, "assets", many.data);
    stage_put(stage, "mange.md", many.data);
    (void)stage_run(stage);
    const char *note = stage_read(stage, "mange.md.problems.txt");
    const char *first = strstr(note, "flere end 500");
    assert_non_null(first);
    assert_null(strstr(first + 1, "flere end 500"));
    string_builder_release(&many);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_limit_refuses_its_own_file_alone, stage_setup,
                                        stage_teardown),
        cmocka_unit_test_setup_teardown(pictures_within_pictures_harm_nobody, stage_setup,
                                        stage_teardown),
        cmocka_unit_test_setup_teardown(warnings_hide_nothing_that_decides, stage_setup,
                                        stage_teardown),
        cmocka_unit_test(what_is_wrong_with_a_line_is_reported_once),
        cmocka_unit_test_setup_teardown(too_many_topics_are_reported_once, stage_setup,
                                        stage_teardown),
        cmocka_unit_test_setup_teardown(only_what_is_stored_is_counted, stage_setup,
                                        stage_teardown),
        cmocka_unit_test_setup_teardown(too_many_pictures_are_reported_once, stage_setup,
                                        stage_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
