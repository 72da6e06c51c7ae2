/* SPDX-License-Identifier: MIT */
/* What happens to files is written down for those who are told by mail, once each. */
#include "release/release_notification.h"
#include "unit/intake/stage.h"

/* All that waits to be told, as "KIND path cause, …", and takes it away; causes without what stands
 * behind their colon. */
static const char *told(struct stage *stage)
{
    static const char *const kinds[] = {
        "",        "dropped", "changed",   "held",     "public",
        "correct", "refused", "withdrawn", "restored", "approval"
    };
    struct error error = { 0 };
    struct release_notification event;
    bool found = true;
    const char *all = "";
    while (true) {
        assert_true(
            release_notification_next(stage->database, &stage->arena, 0, &event, &found, &error));
        if (!found)
            return all;
        const char *cause = event.cause && event.kind == RELEASE_NOTIFICATION_HELD ? event.cause
                                                                                   : "";
        all = arena_format(&stage->arena, "%s%s%s %s%s%.*s", all, *all ? ", " : "",
                           kinds[event.kind], event.path ? event.path : "-", *cause ? " " : "",
                           (int)strcspn(cause, ":"), cause);
        assert_true(database_begin(stage->database, &error));
        assert_true(release_notification_remove(stage->database, event.row_id, &error));
        assert_true(database_commit(stage->database, &error));
    }
}

static void a_release_is_told_when_it_comes_and_changes(void **state)
{
    struct stage *stage = *state;
    stage_write(stage, "x.md", "Titel", "status: draft\n", "Tekst.");
    stage_write(stage, "x.en.md", "Title", "", "Text.");
    stage_run(stage);
    assert_string_equal(told(stage), "dropped x.md");
    stage_run(stage);
    assert_string_equal(told(stage), "");
    stage_write(stage, "x.md", "Titel", "status: draft\n", "Tekst, en anden.");
    stage_run(stage);
    stage_write(stage, "x.en.md", "Title", "", "Another text.");
    stage_run(stage);
    assert_string_equal(told(stage), "changed x.md, changed x.en.md");
    stage_write(stage, "x.en.md", "Title", "", "A third text.");
    stage_run(stage);
    assert_string_equal(told(stage), "changed x.en.md");
    stage_write(stage, "x.md", "Titel", "embargo: 2026-07-01 10:00\n", "Tekst, en anden.");
    stage_run(stage);
    assert_non_null(strstr(told(stage), "held x.md scheduled"));
    stage_write(stage, "x.md", "Titel", "status: withdrawn\n", "Tekst, en anden.");
    stage_run(stage);
    assert_string_equal(told(stage), "withdrawn x.md");
}

static void what_is_public_is_told_by_others(void **state)
{
    struct stage *stage = *state;
    stage_write(stage, "x.md", "Titel", "", "Tekst.");
    stage_run(stage);
    stage_publish(stage, "x.md");
    (void)told(stage);
    stage_write(stage, "x.md", "Titel", "", "Tekst, en anden.");
    stage_run(stage);
    assert_string_equal(told(stage), "");
}

static void a_refused_file_is_told_once_for_each_report(void **state)
{
    struct stage *stage = *state;
    stage_write(stage, "x.md", "Titel", "mail: måske\n", "Tekst.");
    stage_run(stage);
    assert_string_equal(told(stage), "refused x.md");
    stage_write(stage, "x.md", "Titel", "topics: a\nmail: måske\n", "Tekst, en anden.");
    stage_run(stage);
    assert_string_equal(told(stage), "");
    stage_write(stage, "x.md", "Titel", "mail: nok\n", "Tekst.");
    stage_run(stage);
    assert_string_equal(told(stage), "refused x.md");
    stage_write(stage, "x.md", "Titel", "", "Tekst.");
    stage_run(stage);
    assert_string_equal(told(stage), "dropped x.md");
}

static void what_waits_for_a_decision_is_held(void **state)
{
    struct stage *stage = *state;
    stage_write(stage, "ord.md", "Titel", "", "Embargo til mandag.\n\nTekst.");
    stage_write(stage, "a.md", "Samme", "", "Den samme tekst.");
    stage_run(stage);
    stage_write(stage, "b.md", "Samme", "", "Den samme tekst.");
    stage_run(stage);
    assert_string_equal(told(stage), "dropped a.md, held ord.md embargo, held b.md copy");
}

static void a_withdrawal_by_command_is_told_once_for_all_versions(void **state)
{
    struct stage *stage = *state;
    struct error error = { 0 };
    int64_t cancelled = 0;
    const struct intake_withdrawing withdrawing = { .database = stage->database,
                                                    .now_at = stage->clock.fixed_at,
                                                    .notifies = true };
    stage_write(stage, "x.md", "Titel", "", "Tekst.");
    stage_write(stage, "x.en.md", "Title", "", "Text.");
    stage_run(stage);
    (void)told(stage);
    assert_true(
        intake_withdraw(&withdrawing, stage_row(stage, "x.md")->row_id, NULL, &cancelled, &error));
    assert_string_equal(told(stage), "withdrawn x.md");
}

static void nothing_is_written_where_nobody_is_told(void **state)
{
    struct stage *stage = *state;
    stage->settings.notifies = false;
    stage_write(stage, "x.md", "Titel", "", "Tekst.");
    stage_write(stage, "y.md", "Titel", "mail: måske\n", "Tekst.");
    stage_run(stage);
    assert_string_equal(told(stage), "");
}

static int setup(void **state)
{
    int code = stage_setup(state);
    ((struct stage *)*state)->settings.notifies = true;
    return code;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_release_is_told_when_it_comes_and_changes, setup,
                                        stage_teardown),
        cmocka_unit_test_setup_teardown(what_is_public_is_told_by_others, setup, stage_teardown),
        cmocka_unit_test_setup_teardown(a_refused_file_is_told_once_for_each_report, setup,
                                        stage_teardown),
        cmocka_unit_test_setup_teardown(what_waits_for_a_decision_is_held, setup, stage_teardown),
        cmocka_unit_test_setup_teardown(a_withdrawal_by_command_is_told_once_for_all_versions,
                                        setup, stage_teardown),
        cmocka_unit_test_setup_teardown(nothing_is_written_where_nobody_is_told, setup,
                                        stage_teardown),
    };
    return cmocka_run_group_tests_name("what is told by mail", tests, NULL, NULL);
}
