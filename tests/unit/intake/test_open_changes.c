/* SPDX-License-Identifier: MIT */
/* A text with changes that nobody has dealt with waits; what lets it go, and what does not. */
#include "stage.h"

#include "intake/approval.h"
#include "queue/sending.h"
#include "queue/transactional_mail.h"
#include "release/release_notification.h"
#include "release/release_shown.h"

static const char *const text = "Regionen åbner tre nye sundhedshuse i Vesterhavn, Lillesund og "
                                "Ådal, og det første slår dørene op til august.\n";

/* What a word processor's file has beside its text: an unknown field says so here. */
static bool read_marked(struct intake_reader *reader, struct arena *arena,
                        const struct intake_source *source, struct intake_text *result,
                        struct intake_problem_list *problems, struct error *error)
{
    bool done = reader_here_read(reader, arena, source, result, problems, error);
    if (result->release)
        result->release->has_open_changes = strstr(source->bytes, "\nx-open: ") != NULL;
    return done;
}

static struct intake_reader marked_reader = { .open = reader_here_open,
                                              .read = read_marked,
                                              .close = reader_here_close };

static const struct intake_container folders[] = {
    { .name = "kladder", .place = RELEASE_PLACE_DRAFTS, .next = &folders[1] },
    { .name = "trukket tilbage", .place = RELEASE_PLACE_WITHDRAWN },
};

static int setup(void **state)
{
    (void)stage_setup(state);
    struct stage *stage = *state;
    stage->settings.reader = &marked_reader;
    stage->settings.containers = folders;
    stage->settings.notifies = true;
    stage->settings.hears = true;
    struct error error = { 0 };
    assert_true(file_make_directories(stage->releases, "Kladder", &error) &&
                file_make_directories(stage->releases, "Trukket tilbage", &error));
    return 0;
}

/* How many times RELEASE_NOTIFICATION_HELD was told for open changes. */
static int told(struct stage *stage, enum release_notification_kind kind)
{
    struct error error = { 0 };
    struct release_notification event = { .row_id = 0 };
    bool found = true;
    int count = 0;
    while (found) {
        assert_true(release_notification_next(stage->database, &stage->arena, event.row_id, &event,
                                              &found, &error));
        count += found && event.kind == kind &&
                 (kind != RELEASE_NOTIFICATION_HELD ||
                  strncmp(event.cause, INTAKE_CAUSE_CHANGES, strlen(INTAKE_CAUSE_CHANGES)) == 0);
    }
    return count;
}

static bool accept(struct stage *stage, const char *path, int64_t revision)
{
    struct error error = { 0 };
    bool accepted = false;
    bool done = database_begin(stage->database, &error) &&
                intake_accept_changes(stage->database, stage_row(stage, path)->row_id, revision,
                                      stage->clock.fixed_at, &accepted, &error);
    if (!database_end(stage->database, done, &error))
        fail_msg("%s", error.message);
    return accepted;
}

/* A mail shows the newest revision; it is queued, and has left where sent says so. */
static void show(struct stage *stage, const char *path, bool sent)
{
    struct error error = { 0 };
    const struct release_row *row = stage_row(stage, path);
    const struct queue_transactional_mail mail = { .kind = QUEUE_TRANSACTIONAL_RECEIPT,
                                                   .address = "presse@nordhav.example",
                                                   .language = "da",
                                                   .created_at = stage->clock.fixed_at };
    struct release_shown shown = { .release = row->row_id, .revision = row->revision };
    assert_true(database_begin(stage->database, &error));
    bool done = queue_add_transactional(stage->database, &mail, &shown.mail, &error) &&
                release_shown_add(stage->database, &shown, &error);
    if (done && sent) {
        struct statement *statement = database_prepare(
            stage->database, "UPDATE transactional_mail SET state = @QUEUE_SENT@ WHERE row_id = $1",
            &error);
        statement_bind_integer(statement, 1, shown.mail);
        done = statement_run(statement, &error);
    }
    if (!database_end(stage->database, done, &error))
        fail_msg("%s", error.message);
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

static void assert_waits(struct stage *stage, const char *path, int64_t revision)
{
    const struct release_row *row = stage_row(stage, path);
    assert_int_equal(row->approval, RELEASE_APPROVAL_AWAITED);
    assert_int_equal(row->changes, RELEASE_CHANGES_OPEN);
    assert_int_equal(row->revision, revision);
    assert_false(is_due(stage, path));
}

static bool note_says(struct stage *stage, const char *path, const char *words)
{
    const char *note = stage_read(stage, arena_format(&stage->arena, "%s.problems.txt", path));
    return note && strstr(note, words);
}

/* Holds I1. */
static void a_text_with_open_changes_waits_until_they_are_settled(void **state)
{
    struct stage *stage = *state;
    stage_write(stage, "a.md", "Huse", "x-open: 12\n", text);
    (void)stage_run(stage);
    assert_waits(stage, "a.md", 1);
    assert_int_equal(told(stage, RELEASE_NOTIFICATION_HELD), 1);
    assert_int_equal(told(stage, RELEASE_NOTIFICATION_APPROVAL), 0);
    assert_true(note_says(stage, "a.md", "ændringer: godkendt"));
    assert_true(note_says(stage, "a.md", "JA"));
    (void)stage_run(stage); /* nothing new: nobody is told again, and no setting lets it go */
    assert_waits(stage, "a.md", 1);
    assert_int_equal(told(stage, RELEASE_NOTIFICATION_HELD), 1);
    /* Other changes in the same text: what was shown was another file. */
    stage_write(stage, "a.md", "Huse", "x-open: 14\n", text);
    (void)stage_run(stage);
    assert_waits(stage, "a.md", 2);
    assert_int_equal(told(stage, RELEASE_NOTIFICATION_HELD), 2);
    /* None, in the same text: it goes, from now on and not from when it came. */
    stage->clock.fixed_at = AT("2026-06-07T13:00:00Z");
    stage_write(stage, "a.md", "Huse", "", text);
    (void)stage_run(stage);
    const struct release_row *row = stage_row(stage, "a.md");
    assert_int_equal(row->approval, RELEASE_APPROVAL_NONE);
    assert_int_equal(row->changes, RELEASE_CHANGES_NONE);
    assert_int_equal(row->due_at, AT("2026-06-07T13:00:00Z"));
    assert_true(is_due(stage, "a.md"));
    assert_null(stage_read(stage, "a.md.problems.txt"));
}

/* Holds I1. */
static void what_is_public_stays_as_it_is_while_its_changes_are_open(void **state)
{
    struct stage *stage = *state;
    stage_write(stage, "a.md", "Huse", "topics: [sundhed]\n", text);
    (void)stage_run(stage);
    stage_publish(stage, "a.md");
    stage_write(stage, "a.md", "Hemmelige huse",
                "x-open: 1\ntopics: [hemmeligt]\ntype: statement\ncorrection: Hemmeligt.\n", text);
    (void)stage_run(stage);
    assert_waits(stage, "a.md", 2);
    struct release_row *row = stage_row(stage, "a.md");
    assert_int_equal(release_row_open_revision(row), 1);
    assert_string_equal(row->title, "Huse");
    assert_string_equal(row->topics, "sundhed");
    assert_string_equal(row->correction, "");
    assert_int_equal(told(stage, RELEASE_NOTIFICATION_HELD), 1);
    assert_true(note_says(stage, "a.md", "den gamle bliver stående"));
    assert_false(accept(stage, "a.md", 1)); /* a yes to what is not the newest */
    assert_true(accept(stage, "a.md", 2));
    assert_false(accept(stage, "a.md", 2));
    for (int run = 0; run < 2; run++) { /* its file is read again, and what was accepted stays so */
        row = stage_row(stage, "a.md");
        assert_int_equal(row->approval, RELEASE_APPROVAL_NONE);
        assert_int_equal(row->changes, RELEASE_CHANGES_ACCEPTED);
        assert_string_equal(row->title, "Hemmelige huse");
        assert_string_equal(row->topics, "hemmeligt");
        (void)stage_run(stage);
    }
    assert_true(is_due(stage, "a.md"));
    assert_false(note_says(stage, "a.md", "JA"));
    stage_publish(stage, "a.md");
    /* The text of the page with a comment more: nothing of it would be seen. */
    stage_write(stage, "a.md", "Hemmelige huse",
                "x-open: 2\ntopics: [hemmeligt]\ntype: statement\ncorrection: Hemmeligt.\n", text);
    (void)stage_run(stage);
    row = stage_row(stage, "a.md");
    assert_int_equal(row->approval, RELEASE_APPROVAL_NONE);
    assert_int_equal(row->revision, 2);
    /* A text that is put back is public as it was. */
    stage_write(stage, "a.md", "Andet", "x-open: 3\n", text);
    (void)stage_run(stage);
    assert_waits(stage, "a.md", 3);
    stage_write(stage, "a.md", "Hemmelige huse",
                "x-open: 2\ntopics: [hemmeligt]\ntype: statement\ncorrection: Hemmeligt.\n", text);
    (void)stage_run(stage);
    assert_int_equal(stage_row(stage, "a.md")->approval, RELEASE_APPROVAL_NONE);
    assert_string_equal(stage_row(stage, "a.md")->title, "Hemmelige huse");
}

static void the_field_lets_its_own_revision_go(void **state)
{
    struct stage *stage = *state;
    stage_write(stage, "a.md", "Huse", "x-open: 1\n", text);
    (void)stage_run(stage);
    assert_waits(stage, "a.md", 1);
    stage_write(stage, "a.md", "Huse", "x-open: 1\nændringer: godkendt\n", text);
    (void)stage_run(stage);
    assert_int_equal(stage_row(stage, "a.md")->changes, RELEASE_CHANGES_ACCEPTED);
    assert_true(is_due(stage, "a.md"));
    assert_true(note_says(stage, "a.md", "ændringer: godkendt"));
    /* It was written there for that revision. */
    stage_write(stage, "a.md", "Husene", "x-open: 2\n", text);
    (void)stage_run(stage);
    assert_int_equal(stage_row(stage, "a.md")->approval, RELEASE_APPROVAL_AWAITED);
    /* Beside the file it counts as much. */
    stage_put(stage, "a.yaml", "changes: accepted\n");
    (void)stage_run(stage);
    assert_int_equal(stage_row(stage, "a.md")->changes, RELEASE_CHANGES_ACCEPTED);
    assert_true(is_due(stage, "a.md"));
    stage_remove_file(stage, "a.yaml");
    stage_write(stage, "a.md", "Husene", "x-open: 2\nchanges: ja\n", text);
    (void)stage_run(stage);
    stage_assert_refused(stage, "a.md", "skriv “godkendt”");
}

/* Holds I1. Only what somebody could see goes out by being moved. */
static void a_draft_that_is_moved_out_goes_once_its_preview_went(void **state)
{
    struct stage *stage = *state;
    static const char *const names[] = { "unshown.md", "queued.md", "sent.md", "other.md" };
    for (size_t i = 0; i < 4; i++)
        stage_write(stage, arena_format(&stage->arena, "Kladder/%s", names[i]),
                    arena_format(&stage->arena, "Huse %zu", i), "x-open: 1\n",
                    arena_format(&stage->arena, "Helt egne ord, nummer %zu, om noget.\n", i));
    (void)stage_run(stage);
    assert_int_equal(stage_row(stage, "Kladder/sent.md")->changes, RELEASE_CHANGES_OPEN);
    assert_int_equal(stage_row(stage, "Kladder/sent.md")->approval, RELEASE_APPROVAL_NONE);
    assert_int_equal(told(stage, RELEASE_NOTIFICATION_HELD), 0);
    show(stage, "Kladder/queued.md", false);
    show(stage, "Kladder/sent.md", true);
    show(stage, "Kladder/other.md", true);
    stage_write(stage, "Kladder/other.md", "Huse 3", "x-open: 2\n",
                "Helt egne ord, nummer 3, om noget.\n");
    (void)stage_run(stage);
    assert_int_equal(stage_row(stage, "Kladder/other.md")->revision, 2);
    for (size_t i = 0; i < 4; i++)
        stage_rename(stage, arena_format(&stage->arena, "Kladder/%s", names[i]), names[i]);
    (void)stage_run(stage);
    assert_waits(stage, "unshown.md", 2);
    assert_waits(stage, "queued.md", 2);
    assert_waits(stage, "other.md", 3);
    assert_int_equal(told(stage, RELEASE_NOTIFICATION_HELD), 3);
    const struct release_row *row = stage_row(stage, "sent.md");
    assert_int_equal(row->changes, RELEASE_CHANGES_ACCEPTED);
    assert_int_equal(row->revision, 1);
    assert_true(is_due(stage, "sent.md"));
    (void)stage_run(stage);
    assert_true(is_due(stage, "sent.md"));
    stage_write(stage, "sent.md", "Huse 2", "x-open: 2\n", "Helt egne ord, nummer 2, om noget.\n");
    (void)stage_run(stage);
    assert_waits(stage, "sent.md", 2);
}

static void where_approval_is_required_an_approver_alone_accepts(void **state)
{
    struct stage *stage = *state;
    struct error error = { 0 };
    bool approved = false;
    stage->settings.needs_approval = true;
    stage_write(stage, "a.md", "Huse", "x-open: 1\n", text);
    (void)stage_run(stage);
    struct release_row *row = stage_row(stage, "a.md");
    assert_int_equal(row->changes, RELEASE_CHANGES_ASKED);
    assert_int_equal(told(stage, RELEASE_NOTIFICATION_APPROVAL), 1);
    assert_int_equal(told(stage, RELEASE_NOTIFICATION_HELD), 0);
    assert_false(accept(stage, "a.md", 1));
    /* Without the setting it is let go by no run; who gets its receipts is asked. */
    stage->settings.needs_approval = false;
    (void)stage_run(stage);
    (void)stage_run(stage);
    assert_waits(stage, "a.md", 1);
    assert_int_equal(told(stage, RELEASE_NOTIFICATION_HELD), 1);
    stage->settings.needs_approval = true;
    (void)stage_run(stage);
    (void)stage_run(stage);
    row = stage_row(stage, "a.md");
    assert_int_equal(row->changes, RELEASE_CHANGES_ASKED);
    assert_int_equal(row->approval, RELEASE_APPROVAL_AWAITED);
    assert_int_equal(told(stage, RELEASE_NOTIFICATION_APPROVAL), 2);
    assert_true(database_begin(stage->database, &error));
    assert_true(
        intake_approve(stage->database, row->row_id, 1, stage->clock.fixed_at, &approved, &error));
    assert_true(database_commit(stage->database, &error));
    assert_true(approved);
    row = stage_row(stage, "a.md");
    assert_int_equal(row->changes, RELEASE_CHANGES_ACCEPTED);
    assert_int_equal(row->approval, RELEASE_APPROVAL_GIVEN);
    (void)stage_run(stage);
    assert_true(is_due(stage, "a.md"));
    /* Accepted in the file, it still awaits the yes that the newsroom wants. */
    stage_write(stage, "a.md", "Andre huse", "x-open: 1\nchanges: accepted\n", text);
    (void)stage_run(stage);
    row = stage_row(stage, "a.md");
    assert_int_equal(row->changes, RELEASE_CHANGES_ACCEPTED);
    assert_int_equal(row->approval, RELEASE_APPROVAL_AWAITED);
}

/* Holds I1. The notice of a withdrawal says nothing that waited. */
static void what_waits_may_be_withdrawn_and_says_no_word_then(void **state)
{
    struct stage *stage = *state;
    stage_write(stage, "a.md", "Huse", "", text);
    (void)stage_run(stage);
    stage_publish(stage, "a.md");
    stage_write(stage, "a.md", "Hemmelige huse", "x-open: 1\nstatus: withdrawn\n", text);
    (void)stage_run(stage);
    const struct release_row *row = stage_row(stage, "a.md");
    assert_int_equal(row->status, RELEASE_WITHDRAWN);
    assert_int_equal(release_row_open_revision(row), 1);
    assert_string_equal(row->title, "Huse");
}

/* Holds I1. What is public and changed among the drafts is shown to nobody by itself: moved out it
 * waits. */
static void what_is_public_and_changed_among_the_drafts_waits_when_it_is_moved_out(void **state)
{
    struct stage *stage = *state;
    stage_write(stage, "a.md", "Huse", "", text);
    (void)stage_run(stage);
    stage_publish(stage, "a.md");
    stage_rename(stage, "a.md", "Kladder/a.md");
    (void)stage_run(stage);
    stage_write(stage, "Kladder/a.md", "Hemmelige huse", "x-open: 1\n", text);
    (void)stage_run(stage);
    assert_int_equal(stage_row(stage, "Kladder/a.md")->approval, RELEASE_APPROVAL_NONE);
    assert_string_equal(stage_row(stage, "Kladder/a.md")->title, "Huse");
    assert_false(note_says(stage, "Kladder/a.md", "forhåndsvisningen"));
    stage_rename(stage, "Kladder/a.md", "a.md");
    (void)stage_run(stage);
    const struct release_row *row = stage_row(stage, "a.md");
    assert_int_equal(row->approval, RELEASE_APPROVAL_AWAITED);
    assert_int_equal(release_row_open_revision(row), 1);
    assert_string_equal(row->title, "Huse");
    assert_int_equal(told(stage, RELEASE_NOTIFICATION_HELD), 1);
}

/* Holds I1. What was accepted counts for the file that it was said of. */
static void another_file_of_the_same_text_is_accepted_anew(void **state)
{
    struct stage *stage = *state;
    stage_write(stage, "a.md", "Huse", "x-open: 1\npublished: 2026-06-20 06:00\n", text);
    (void)stage_run(stage);
    assert_true(accept(stage, "a.md", 1));
    assert_int_equal(stage_row(stage, "a.md")->due_at, AT("2026-06-20T04:00:00Z"));
    (void)stage_run(stage);
    assert_int_equal(stage_row(stage, "a.md")->changes, RELEASE_CHANGES_ACCEPTED);
    stage_write(stage, "a.md", "Huse", "x-open: 2\npublished: 2026-06-20 06:00\n", text);
    (void)stage_run(stage);
    assert_waits(stage, "a.md", 2);
    assert_false(accept(stage, "a.md", 1));
    /* A detour by the withdrawn ones accepts nothing. */
    stage_rename(stage, "a.md", "Trukket tilbage/a.md");
    (void)stage_run(stage);
    stage_rename(stage, "Trukket tilbage/a.md", "a.md");
    (void)stage_run(stage);
    const struct release_row *row = stage_row(stage, "a.md");
    assert_int_equal(row->approval, RELEASE_APPROVAL_AWAITED);
    assert_true(release_row_has_open_changes(row));
}

/* The note of who gets no mail names none. */
static void without_receipts_the_note_says_what_lets_it_go(void **state)
{
    struct stage *stage = *state;
    stage->settings.notifies = false;
    stage->settings.hears = false;
    stage_write(stage, "a.md", "Huse", "x-open: 1\n", text);
    stage_write(stage, "Kladder/b.md", "Andet", "x-open: 1\n", "Noget helt andet her.\n");
    (void)stage_run(stage);
    assert_waits(stage, "a.md", 1);
    assert_int_equal(told(stage, RELEASE_NOTIFICATION_HELD), 0);
    assert_true(note_says(stage, "a.md", "ændringer: godkendt"));
    assert_false(note_says(stage, "a.md", "JA"));
    assert_true(note_says(stage, "Kladder/b.md", "ellers venter den"));
    stage_rename(stage, "Kladder/b.md", "b.md");
    (void)stage_run(stage);
    assert_waits(stage, "b.md", 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_text_with_open_changes_waits_until_they_are_settled,
                                        setup, stage_teardown),
        cmocka_unit_test_setup_teardown(what_is_public_stays_as_it_is_while_its_changes_are_open,
                                        setup, stage_teardown),
        cmocka_unit_test_setup_teardown(the_field_lets_its_own_revision_go, setup, stage_teardown),
        cmocka_unit_test_setup_teardown(a_draft_that_is_moved_out_goes_once_its_preview_went, setup,
                                        stage_teardown),
        cmocka_unit_test_setup_teardown(where_approval_is_required_an_approver_alone_accepts, setup,
                                        stage_teardown),
        cmocka_unit_test_setup_teardown(what_waits_may_be_withdrawn_and_says_no_word_then, setup,
                                        stage_teardown),
        cmocka_unit_test_setup_teardown(
            what_is_public_and_changed_among_the_drafts_waits_when_it_is_moved_out, setup,
            stage_teardown),
        cmocka_unit_test_setup_teardown(another_file_of_the_same_text_is_accepted_anew, setup,
                                        stage_teardown),
        cmocka_unit_test_setup_teardown(without_receipts_the_note_says_what_lets_it_go, setup,
                                        stage_teardown),
    };
    return cmocka_run_group_tests_name("open changes", tests, NULL, NULL);
}
