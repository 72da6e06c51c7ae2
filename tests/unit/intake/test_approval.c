/* SPDX-License-Identifier: MIT */
/* What waits for a yes, what asks for it anew, and what becomes of it. */
#include "stage.h"

#include "intake/approval.h"
#include "release/release_notification.h"

static const char *const text = "Regionen åbner tre nye sundhedshuse i Vesterhavn, Lillesund og "
                                "Ådal, og det første slår dørene op til august.\n";

static int setup(void **state)
{
    (void)stage_setup(state);
    struct stage *stage = *state;
    stage->settings.needs_approval = true;
    return 0;
}

static void stage_update(struct stage *stage, const struct release_row *row)
{
    struct error error = { 0 };
    bool done = database_begin(stage->database, &error) &&
                release_update(stage->database, row, &error);
    if (!database_end(stage->database, done, &error))
        fail_msg("%s", error.message);
}

/* How many times a yes was asked for, of the newest revision of that row alone; 0: of all. */
static int asked(struct stage *stage, int64_t row_id)
{
    struct error error = { 0 };
    struct release_notification event = { .row_id = 0 };
    bool found = true;
    int count = 0;
    while (found) {
        assert_true(release_notification_next(stage->database, &stage->arena, event.row_id, &event,
                                              &found, &error));
        count += found && event.kind == RELEASE_NOTIFICATION_APPROVAL &&
                 (!row_id || event.release == row_id);
    }
    return count;
}

static bool approve(struct stage *stage, int64_t row_id, int64_t revision)
{
    struct error error = { 0 };
    bool approved = false;
    bool done = database_begin(stage->database, &error) &&
                intake_approve(stage->database, row_id, revision, stage->clock.fixed_at, &approved,
                               &error);
    if (!database_end(stage->database, done, &error))
        fail_msg("%s", error.message);
    return approved;
}

static bool is_due(struct stage *stage, const char *path)
{
    struct error error = { 0 };
    const struct release_filter filter = { .only_unpublished_due = true,
                                           .now_at = stage->clock.fixed_at };
    struct release_cursor cursor;
    const struct release_row *row;
    bool is = false;
    release_cursor_open(&cursor, stage->database, &filter);
    while (release_cursor_next(&cursor, &row, &error))
        is = is || strcmp(row->path, path) == 0;
    assert_true(release_cursor_close(&cursor));
    return is;
}

/* Holds I1. */
static void what_is_ready_waits_for_a_yes(void **state)
{
    struct stage *stage = *state;
    stage_write(stage, "a.md", "Huse", "", text);
    stage_write(stage, "kladde.md", "Andre huse", "status: draft\n", "Noget helt andet her.\n");
    (void)stage_run(stage);
    const struct release_row *row = stage_row(stage, "a.md");
    assert_int_equal(row->approval, RELEASE_APPROVAL_AWAITED);
    assert_int_equal(stage_row(stage, "kladde.md")->approval, RELEASE_APPROVAL_NONE);
    assert_int_equal(asked(stage, 0), 1);
    assert_false(is_due(stage, "a.md"));
    (void)stage_run(stage); /* nothing new: nobody is asked again */
    assert_int_equal(asked(stage, 0), 1);
    assert_false(approve(stage, row->row_id, 2));
    assert_true(approve(stage, row->row_id, 1));
    assert_false(approve(stage, row->row_id, 1));
    assert_true(is_due(stage, "a.md"));
    stage_write(stage, "kladde.md", "Andre huse", "", "Noget helt andet her.\n");
    (void)stage_run(stage);
    assert_int_equal(stage_row(stage, "kladde.md")->approval, RELEASE_APPROVAL_AWAITED);
    assert_int_equal(asked(stage, stage_row(stage, "kladde.md")->row_id), 1);
}

static void it_is_public_from_the_yes_on_and_not_before(void **state)
{
    struct stage *stage = *state;
    stage_write(stage, "a.md", "Huse", "published: 2026-06-07 10:30\n", text);
    stage_write(stage, "b.md", "Andet", "published: 2026-06-20 06:00\n", "Noget andet.\n");
    (void)stage_run(stage);
    stage->clock.fixed_at = AT("2026-06-08T09:00:00Z");
    assert_true(approve(stage, stage_row(stage, "a.md")->row_id, 1));
    assert_true(approve(stage, stage_row(stage, "b.md")->row_id, 1));
    assert_int_equal(stage_row(stage, "a.md")->due_at, AT("2026-06-08T09:00:00Z"));
    assert_int_equal(stage_row(stage, "b.md")->due_at, AT("2026-06-20T04:00:00Z"));
    /* Read again as it is: the yes and its instant stay. */
    stage_write(stage, "a.md", "Huse", "published: 2026-06-07 10:30\nx-note: a\n", text);
    (void)stage_run(stage);
    assert_int_equal(stage_row(stage, "a.md")->approval, RELEASE_APPROVAL_GIVEN);
    assert_int_equal(stage_row(stage, "a.md")->due_at, AT("2026-06-08T09:00:00Z"));
    /* Later than was approved may be, sooner is asked for again. */
    stage_write(stage, "b.md", "Andet", "published: 2026-06-21 06:00\n", "Noget andet.\n");
    (void)stage_run(stage);
    assert_int_equal(stage_row(stage, "b.md")->approval, RELEASE_APPROVAL_GIVEN);
    stage_write(stage, "b.md", "Andet", "published: 2026-06-08 06:00\n", "Noget andet.\n");
    (void)stage_run(stage);
    assert_int_equal(stage_row(stage, "b.md")->approval, RELEASE_APPROVAL_AWAITED);
    assert_false(approve(stage, stage_row(stage, "b.md")->row_id, 1));
    assert_true(approve(stage, stage_row(stage, "b.md")->row_id, 2));
}

/* Holds I1. */
static void what_is_public_stays_as_it_is_until_the_yes(void **state)
{
    struct stage *stage = *state;
    stage_write(stage, "a.md", "Huse", "topics: [sundhed]\n", text);
    (void)stage_run(stage);
    assert_true(approve(stage, stage_row(stage, "a.md")->row_id, 1));
    stage_publish(stage, "a.md");
    struct release_row *row = stage_row(stage, "a.md");
    stage_write(stage, "a.md", "Hemmelige huse",
                "topics: [hemmeligt]\ntype: statement\ncorrection: Hemmeligt.\n", text);
    (void)stage_run(stage);
    for (int run = 0; run < 2; run++) { /* also where the file is read again */
        row = stage_row(stage, "a.md");
        assert_int_equal(row->approval, RELEASE_APPROVAL_AWAITED);
        assert_int_equal(row->revision, 2);
        assert_int_equal(release_row_open_revision(row), 1);
        assert_string_equal(row->title, "Huse");
        assert_string_equal(row->topics, "sundhed");
        assert_string_equal(row->type, "press-release");
        assert_string_equal(row->correction, "");
        row->stat_fingerprint = "";
        stage_update(stage, row);
        (void)stage_run(stage);
    }
    assert_int_equal(asked(stage, row->row_id), 2);
    assert_true(approve(stage, row->row_id, 2));
    row = stage_row(stage, "a.md");
    assert_string_equal(row->title, "Hemmelige huse");
    assert_string_equal(row->topics, "hemmeligt");
    assert_string_equal(row->type, "statement");
    assert_string_equal(row->correction, "Hemmeligt.");
    assert_true(is_due(stage, "a.md"));
}

static void a_text_that_is_put_back_asks_nobody(void **state)
{
    struct stage *stage = *state;
    stage_write(stage, "a.md", "Huse", "", text);
    (void)stage_run(stage);
    assert_true(approve(stage, stage_row(stage, "a.md")->row_id, 1));
    stage_publish(stage, "a.md");
    struct release_row *row = stage_row(stage, "a.md");
    stage_write(stage, "a.md", "Husene", "", text);
    (void)stage_run(stage);
    assert_int_equal(asked(stage, row->row_id), 2);
    stage_write(stage, "a.md", "Huse", "", text);
    (void)stage_run(stage);
    assert_int_equal(stage_row(stage, "a.md")->approval, RELEASE_APPROVAL_NONE);
    assert_int_equal(asked(stage, row->row_id), 2);
    assert_string_equal(stage_row(stage, "a.md")->title, "Huse");
}

/* Holds I1. A version has a yes of its own, and none of them goes ahead of its original. */
static void a_version_is_approved_by_itself(void **state)
{
    struct stage *stage = *state;
    stage_write(stage, "a.md", "Huse", "", text);
    (void)stage_run(stage);
    stage_write(stage, "a.en.md", "Houses", "translation_of: a.md\nlanguage: en\n",
                "The region opens three new houses.\n");
    (void)stage_run(stage);
    const struct release_row *version = stage_row(stage, "a.en.md");
    assert_int_equal(version->approval, RELEASE_APPROVAL_AWAITED);
    stage->clock.fixed_at = AT("2026-06-07T11:00:00Z");
    assert_true(approve(stage, version->row_id, version->revision));
    assert_false(is_due(stage, "a.en.md"));
    stage->clock.fixed_at = AT("2026-06-07T12:00:00Z");
    assert_true(approve(stage, stage_row(stage, "a.md")->row_id, 1));
    assert_true(is_due(stage, "a.md") && is_due(stage, "a.en.md"));
    assert_int_equal(stage_row(stage, "a.en.md")->due_at, AT("2026-06-07T12:00:00Z"));
}

static void the_setting_holds_for_what_waits_already(void **state)
{
    struct stage *stage = *state;
    stage->settings.needs_approval = false;
    stage_write(stage, "a.md", "Huse", "published: 2026-06-20 06:00\n", text);
    (void)stage_run(stage);
    assert_int_equal(asked(stage, 0), 0);
    stage->settings.needs_approval = true;
    (void)stage_run(stage);
    (void)stage_run(stage);
    assert_int_equal(stage_row(stage, "a.md")->approval, RELEASE_APPROVAL_AWAITED);
    assert_int_equal(asked(stage, 0), 1);
    stage->settings.needs_approval = false;
    (void)stage_run(stage);
    assert_int_equal(stage_row(stage, "a.md")->approval, RELEASE_APPROVAL_NONE);
    assert_int_equal(stage_row(stage, "a.md")->due_at, AT("2026-06-20T04:00:00Z"));
}

/* ---- stops ---- */

static size_t stop_or_resume(struct stage *stage, const char *path, bool stops)
{
    struct error error = { 0 };
    size_t count = 0;
    int64_t row_id = stage_row(stage, path)->original_row_id;
    int64_t now_at = stage->clock.fixed_at;
    bool done = database_begin(stage->database, &error) &&
                (stops ? intake_stop(stage->database, row_id, now_at, &count, &error)
                       : intake_resume(stage->database, row_id, now_at, &count, &error));
    if (!database_end(stage->database, done, &error))
        fail_msg("%s", error.message);
    return count;
}

/* Holds I1. */
static void what_is_stopped_waits_for_another_text_or_the_operator(void **state)
{
    struct stage *stage = *state;
    stage->settings.needs_approval = false;
    stage_write(stage, "a.md", "Huse", "", text);
    (void)stage_run(stage);
    assert_int_equal(stop_or_resume(stage, "a.md", true), 1);
    assert_int_equal(stop_or_resume(stage, "a.md", true), 0);
    assert_false(is_due(stage, "a.md"));
    stage_write(stage, "a.md", "Huse", "x-note: the same\n", text);
    (void)stage_run(stage);
    assert_false(is_due(stage, "a.md"));
    stage->clock.fixed_at = AT("2026-06-07T11:00:00Z");
    stage_write(stage, "a.md", "Huse igen", "", text);
    (void)stage_run(stage);
    assert_true(is_due(stage, "a.md"));
    assert_int_equal(stage_row(stage, "a.md")->due_at, AT("2026-06-07T11:00:00Z"));
    assert_int_equal(stop_or_resume(stage, "a.md", true), 1);
    stage_write(stage, "a.en.md", "Houses", "translation_of: a.md\nlanguage: en\n",
                "The region opens three new houses.\n");
    (void)stage_run(stage);
    assert_false(is_due(stage, "a.en.md"));
    stage->clock.fixed_at = AT("2026-06-07T12:00:00Z");
    assert_int_equal(stop_or_resume(stage, "a.md", false), 2);
    assert_true(is_due(stage, "a.md") && is_due(stage, "a.en.md"));
    assert_int_equal(stage_row(stage, "a.md")->due_at, AT("2026-06-07T12:00:00Z"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_is_ready_waits_for_a_yes, setup, stage_teardown),
        cmocka_unit_test_setup_teardown(it_is_public_from_the_yes_on_and_not_before, setup,
                                        stage_teardown),
        cmocka_unit_test_setup_teardown(what_is_public_stays_as_it_is_until_the_yes, setup,
                                        stage_teardown),
        cmocka_unit_test_setup_teardown(a_text_that_is_put_back_asks_nobody, setup, stage_teardown),
        cmocka_unit_test_setup_teardown(a_version_is_approved_by_itself, setup, stage_teardown),
        cmocka_unit_test_setup_teardown(the_setting_holds_for_what_waits_already, setup,
                                        stage_teardown),
        cmocka_unit_test_setup_teardown(what_is_stopped_waits_for_another_text_or_the_operator,
                                        setup, stage_teardown),
    };
    return cmocka_run_group_tests_name("approval", tests, NULL, NULL);
}
