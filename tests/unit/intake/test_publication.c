/* SPDX-License-Identifier: MIT */
/* Status, schedule, embargo, correction and withdrawal, before and after a release is public. */
#include "stage.h"

static const char *const text = "Regionen åbner tre nye sundhedshuse i Vesterhavn, Lillesund og "
                                "Ådal, og det første slår dørene op til august.\n";

/* Holds I1. */
static void due_is_the_later_of_published_and_embargo(void **state)
{
    static const struct {
        const char *fields;
        const char *due;
    } cases[] = {
        { "", "2026-06-07T10:00:00Z" },
        { "published: 2020-01-01 12:00\n", "2020-01-01T11:00:00Z" },
        { "published: 2026-06-08T06:00:00+02:00\n", "2026-06-08T04:00:00Z" },
        { "embargo: 2026-06-09 06:00\n", "2026-06-09T04:00:00Z" },
        { "published: 2026-06-08 06:00\nembargo: 2026-06-09 06:00\n", "2026-06-09T04:00:00Z" },
        { "published: 2026-06-10 06:00\nembargo: 2026-06-09 06:00\n", "2026-06-10T04:00:00Z" },
        { "embargo: 2026-06-06 13:00\n", "2026-06-07T10:00:00Z" },
        { "published: 1952-05-02 10:00\n", "1952-05-02T09:00:00Z" },
        { "published: 1970-01-01T00:00:00Z\n", "1970-01-01T00:00:01Z" },
        { "published: 1952-05-02 10:00\nembargo: 2026-06-09 06:00\n", "2026-06-09T04:00:00Z" },
    };
    struct stage *stage = *state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const char *path = arena_format(&stage->arena, "%zu.md", i);
        stage_write(stage, path, arena_format(&stage->arena, "Huse %zu", i), cases[i].fields, text);
        (void)stage_run(stage);
        assert_int_equal(stage_row(stage, path)->due_at, AT(cases[i].due));
        assert_int_equal(stage_row(stage, path)->ready_at, AT("2026-06-07T10:00:00Z"));
    }
}

static void an_archive_from_before_1970_is_edited_like_any_other(void **state)
{
    struct stage *stage = *state;
    stage_write(stage, "a.md", "Huse", "published: 1952-05-02 10:00\n", text);
    assert_int_equal(stage_run(stage)->added, 1);
    stage_publish(stage, "a.md");
    stage_write(stage, "a.md", "Huset", "published: 1952-05-02 10:00\n", text);
    assert_int_equal(stage_run(stage)->changed, 1);
    assert_int_equal(stage->counts.warned, 0);
    stage_write(stage, "a.md", "Huset", "published: 1953-05-02 10:00\n", text);
    assert_int_equal(stage_run(stage)->warned, 1);
}

static void times_may_move_until_it_is_public(void **state)
{
    struct stage *stage = *state;
    stage_write(stage, "a.md", "Huse", "published: 2026-06-08 06:00\n", text);
    (void)stage_run(stage);
    stage_write(stage, "a.md", "Huse", "published: 2026-06-09 06:00\n", text);
    assert_int_equal(stage_run(stage)->changed, 1);
    assert_int_equal(stage_row(stage, "a.md")->due_at, AT("2026-06-09T04:00:00Z"));
    assert_int_equal(stage_row(stage, "a.md")->revision, 1);
    stage_write(stage, "a.md", "Huse", "status: draft\n", text);
    (void)stage_run(stage);
    assert_int_equal(stage_row(stage, "a.md")->due_at, INSTANT_NONE);
    /* Ready again, later: seen as ready then. */
    stage->clock.fixed_at = AT("2026-06-20T10:00:00Z");
    stage_write(stage, "a.md", "Huse", "", text);
    (void)stage_run(stage);
    assert_int_equal(stage_row(stage, "a.md")->due_at, AT("2026-06-20T10:00:00Z"));
}

static void once_public_draft_and_later_times_change_nothing(void **state)
{
    struct stage *stage = *state;
    stage_write(stage, "a.md", "Huse", "", text);
    (void)stage_run(stage);
    stage_publish(stage, "a.md");
    stage_write(stage, "a.md", "Huse", "status: draft\n", text);
    assert_int_equal(stage_run(stage)->warned, 1);
    assert_non_null(strstr(stage_read(stage, "a.md.problems.txt"), "er allerede offentlig"));
    assert_non_null(strstr(stage_read(stage, "a.md.problems.txt"), "uden virkning"));
    assert_int_equal(stage_row(stage, "a.md")->status, RELEASE_READY);
    stage_write(stage, "a.md", "Huse", "embargo: 2026-06-09 06:00\n", text);
    assert_int_equal(stage_run(stage)->warned, 1);
    assert_non_null(strstr(stage_read(stage, "a.md.problems.txt"), "“embargo”"));
    assert_int_equal(stage_row(stage, "a.md")->due_at, AT("2026-06-07T10:00:00Z"));
    assert_int_equal(stage_row(stage, "a.md")->embargo_at, INSTANT_NONE);
    stage_write(stage, "a.md", "Huse", "published: 2026-06-09 06:00\n", text);
    assert_int_equal(stage_run(stage)->warned, 1);
    stage_write(stage, "a.md", "Huse", "", text);
    assert_int_equal(stage_run(stage)->warned, 0);
    assert_null(stage_read(stage, "a.md.problems.txt"));
    assert_int_equal(stage_row(stage, "a.md")->revision, 1);
}

static void an_edit_without_effect_says_so(void **state)
{
    struct stage *stage = *state;
    stage_write(stage, "a.md", "Huse", "published: 2026-06-07 09:00\nx-sag: 17\n", text);
    (void)stage_run(stage);
    stage_publish(stage, "a.md");
    stage_write(stage, "a.md", "Huse", "published: 2026-06-07 09:00\nx-sag: 17\n", text);
    assert_int_equal(stage_run(stage)->unchanged, 1);
    stage_write(stage, "a.md", "Huse", "published: 2026-06-07 09:00\nx-sag: 18\n", text);
    assert_int_equal(stage_run(stage)->unchanged, 1);
    assert_int_equal(stage->counts.warned, 0);
    /* Another time is asked for: that is in the note. */
    stage_write(stage, "a.md", "Huse", "published: 2026-06-06 09:00\n", text);
    assert_int_equal(stage_run(stage)->warned, 1);
    assert_non_null(strstr(stage_read(stage, "a.md.problems.txt"),
                           "et andet tidspunkt i “published” ændrer ikke noget"));
    stage_write(stage, "a.md", "Huse", "published: 2026-06-07 09:00\n", text);
    assert_int_equal(stage_run(stage)->warned, 0);
    assert_null(stage_read(stage, "a.md.problems.txt"));
}

static void a_correction_is_a_revision_with_its_text(void **state)
{
    struct stage *stage = *state;
    stage_write(stage, "a.md", "Huse", "", text);
    (void)stage_run(stage);
    stage_publish(stage, "a.md");
    stage_write(stage, "a.md", "Huse", "correction: Der er tre huse.\n", text);
    (void)stage_run(stage);
    const struct release_row *row = stage_row(stage, "a.md");
    assert_int_equal(row->revision, 2);
    assert_int_equal(row->public_revision, 1);
    assert_string_equal(row->correction, "Der er tre huse.");
}

static void withdrawal_takes_versions_along_and_is_final(void **state)
{
    struct stage *stage = *state;
    stage_write(stage, "da.md", "Huse", "id: huse\n", text);
    stage_write(stage, "en.md", "Houses", "translation_of: huse\nlanguage: en\nstatus: ready\n",
                text);
    stage_write(stage, "de.md", "Häuser", "translation_of: huse\nlanguage: de\n", text);
    (void)stage_run(stage);
    stage_publish(stage, "da.md");
    stage_publish(stage, "en.md");
    stage_publish(stage, "de.md");
    stage_remove_file(stage, "de.md");
    stage_write(stage, "da.md", "Huse", "id: huse\nstatus: withdrawn\ncorrection: En fejl.\n",
                text);
    stage->clock.fixed_at = AT("2026-06-08T10:00:00Z");
    assert_int_equal(stage_run(stage)->withdrawn, 3);
    static const char *const paths[] = { "da.md", "en.md", "de.md" };
    for (size_t i = 0; i < 3; i++) {
        const struct release_row *row = stage_row(stage, paths[i]);
        assert_int_equal(row->status, RELEASE_WITHDRAWN);
        assert_int_equal(row->withdrawn_at, stage->clock.fixed_at);
        assert_int_equal(row->due_at, AT("2026-06-07T10:00:00Z"));
        assert_int_not_equal(row->public_revision, row->revision);
    }
    assert_string_equal(stage_row(stage, "da.md")->withdrawal_reason, "En fejl.");
    stage_write(stage, "da.md", "Huse", "id: huse\n", text);
    assert_int_equal(stage_run(stage)->warned, 1);
    assert_int_equal(stage_row(stage, "da.md")->status, RELEASE_WITHDRAWN);
    assert_non_null(strstr(stage_read(stage, "da.md.problems.txt"), "er trukket tilbage"));
}

static void what_was_never_public_is_withdrawn_without_a_notice(void **state)
{
    struct stage *stage = *state;
    stage_write(stage, "a.md", "Huse", "published: 2026-06-08 06:00\n", text);
    (void)stage_run(stage);
    stage_write(stage, "a.md", "Huse", "status: withdrawn\n", text);
    (void)stage_run(stage);
    assert_int_equal(stage_row(stage, "a.md")->status, RELEASE_WITHDRAWN);
    assert_int_equal(stage_row(stage, "a.md")->due_at, INSTANT_NONE);
    stage_write(stage, "b.md", "Broer", "status: withdrawn\n", "Broen er åben.\n");
    assert_int_equal(stage_run(stage)->added, 1);
    assert_int_equal(stage_row(stage, "b.md")->due_at, INSTANT_NONE);
}

static void an_emptied_file_may_be_withdrawn(void **state)
{
    struct stage *stage = *state;
    stage_write(stage, "a.md", "Huse", "", text);
    (void)stage_run(stage);
    stage_publish(stage, "a.md");
    stage_write(stage, "a.md", "Trukket tilbage", "status: withdrawn\n", "");
    assert_int_equal(stage_run(stage)->withdrawn, 1);
}

static void the_command_withdraws_and_the_file_does_not_bring_it_back(void **state)
{
    struct stage *stage = *state;
    struct error error = { 0 };
    int64_t cancelled = 0;
    const struct intake_withdrawing withdrawing = { .database = stage->database,
                                                    .now_at = stage->clock.fixed_at };
    stage_write(stage, "da.md", "Huse", "id: huse\n", text);
    stage_write(stage, "en.md", "Houses", "translation_of: huse\nlanguage: en\n", text);
    (void)stage_run(stage);
    stage_publish(stage, "da.md");
    assert_true(intake_withdraw(&withdrawing, stage_row(stage, "da.md")->row_id, "En fejl.",
                                &cancelled, &error));
    assert_string_equal(stage_row(stage, "da.md")->withdrawal_reason, "En fejl.");
    assert_int_equal(stage_row(stage, "da.md")->public_revision, 0);
    assert_int_equal(stage_row(stage, "en.md")->status, RELEASE_WITHDRAWN);
    assert_int_equal(stage_row(stage, "en.md")->due_at, INSTANT_NONE);
    stage_write(stage, "da.md", "Huse, rettet", "id: huse\n", text);
    (void)stage_run(stage);
    assert_int_equal(stage_row(stage, "da.md")->status, RELEASE_WITHDRAWN);
    assert_int_equal(stage_row(stage, "da.md")->revision, 1);
    assert_false(
        intake_withdraw(&withdrawing, stage_row(stage, "da.md")->row_id, NULL, &cancelled, &error));
    assert_int_equal(error.kind, ERROR_INPUT);
    assert_false(intake_withdraw(&withdrawing, 999, NULL, &cancelled, &error));
}

static void what_was_asked_to_be_withdrawn_is_so_by_whoever_writes_next(void **state)
{
    struct stage *stage = *state;
    struct error error = { 0 };
    int64_t cancelled = 0;
    const struct intake_withdrawing withdrawing = { .database = stage->database,
                                                    .now_at = stage->clock.fixed_at };
    stage_write(stage, "da.md", "Huse", "id: huse\n", text);
    stage_write(stage, "en.md", "Houses", "translation_of: huse\nlanguage: en\n", text);
    (void)stage_run(stage);
    stage_publish(stage, "da.md");
    int64_t row_id = stage_row(stage, "da.md")->row_id;
    assert_true(intake_ask_withdrawal(stage->database, row_id, "En fejl.", stage->clock.fixed_at,
                                      &cancelled, &error));
    assert_int_equal(stage_row(stage, "da.md")->status, RELEASE_READY);
    assert_true(release_row_awaits_withdrawal(stage_row(stage, "en.md")));
    assert_true(intake_finish_withdrawals(&withdrawing, &error));
    assert_string_equal(stage_row(stage, "da.md")->withdrawal_reason, "En fejl.");
    assert_int_equal(stage_row(stage, "da.md")->public_revision, 0);
    assert_int_equal(stage_row(stage, "en.md")->status, RELEASE_WITHDRAWN);
    assert_int_equal(stage_row(stage, "da.md")->withdrawal_asked_at, INSTANT_NONE);
    assert_false(intake_ask_withdrawal(stage->database, row_id, NULL, 1, &cancelled, &error));
    assert_int_equal(error.kind, ERROR_INPUT);
}

static void what_its_file_withdrew_meanwhile_is_not_withdrawn_twice(void **state)
{
    struct stage *stage = *state;
    struct error error = { 0 };
    int64_t cancelled = 0;
    const struct intake_withdrawing withdrawing = { .database = stage->database, .now_at = 1 };
    stage_write(stage, "a.md", "Huse", "id: huse\n", text);
    (void)stage_run(stage);
    assert_true(intake_ask_withdrawal(stage->database, stage_row(stage, "a.md")->row_id, "En fejl.",
                                      stage->clock.fixed_at, &cancelled, &error));
    stage_write(stage, "a.md", "Huse, trukket", "id: huse\nstatus: withdrawn\n", text);
    assert_int_equal(stage_run(stage)->withdrawn, 1);
    assert_true(intake_finish_withdrawals(&withdrawing, &error));
    assert_int_not_equal(stage_row(stage, "a.md")->withdrawn_at, 1);
    assert_int_equal(stage_row(stage, "a.md")->withdrawal_asked_at, INSTANT_NONE);
}

static void put_json(struct stage *stage, const char *slug, const char *members)
{
    struct error error = { 0 };
    const char *folder = arena_format(&stage->arena, "releases/2025/%s", slug);
    const char *json = arena_format(&stage->arena, "{%s}", members);
    assert_true(file_make_directories(stage->public, folder, &error));
    assert_true(file_write_atomic(stage->public,
                                  arena_format(&stage->arena, "%s/release.json", folder), json,
                                  strlen(json), 0644, &error));
}

static const char *hex_of(struct stage *stage, const char *string)
{
    struct hash hash;
    char hex[HASH_HEX_SIZE];
    hash_bytes(string, strlen(string), &hash);
    hash_to_hex(&hash, hex);
    return arena_copy(&stage->arena, hex);
}

static const char *content_hex(struct stage *stage, const char *path)
{
    char hex[HASH_HEX_SIZE];
    hash_to_hex(&stage_row(stage, path)->content_hash, hex);
    return arena_copy(&stage->arena, hex);
}

/* Members of release.json as publish writes them. */
static const char *members(struct stage *stage, const char *public_id, const char *title,
                           const char *content, const char *path)
{
    return arena_format(
        &stage->arena,
        "\"id\":\"%s\",\"tag\":\"tag:nordhav.example,2024-05-06:release/x\","
        "\"language\":\"da\",\"type\":\"press-release\","
        "\"title\":\"%s\",\"slug\":\"x\",\"published\":\"2025-03-01T10:00:00+01:00\","
        "\"updated\":\"2025-03-02T10:00:00+01:00\",\"content_hash\":\"%s\","
        "\"path_hash\":\"%s\",\"status\":\"ready\"",
        public_id, title, content, hex_of(stage, path));
}

static void a_new_store_adopts_what_is_public(void **state)
{
    struct stage *stage = *state;
    stage_write(stage, "a.md", "Huse", "", text);
    stage_write(stage, "b.md", "Broer", "", "Broen over Ådal er åben igen efter et halvt år.\n");
    (void)stage_run(stage);
    const char *same = content_hex(stage, "a.md");
    const char *other = hex_of(stage, "anything");
    database_close(stage->database);
    stage_open_store(stage);
    put_json(stage, "huse", members(stage, "gammelhus1", "Huse", same, "forsvundet.md"));
    put_json(stage, "broer", members(stage, "gammelbro1", "Broer", other, "b.md"));
    put_json(stage, "vandet", members(stage, "gammelvand", "Vand", other, "vand.md"));
    put_json(
        stage, "bridges",
        "\"id\":\"oldbridge1\",\"language\":\"en\",\"translation_of\":\"gammelbro1\","
        "\"type\":\"press-release\",\"title\":\"Bridges\",\"slug\":\"bridges\","
        "\"published\":\"2025-03-01T10:00:00+01:00\",\"status\":\"withdrawn\","
        "\"content_hash\":\"0000000000000000000000000000000000000000000000000000000000000000\"");
    put_json(stage, "broken", "\"id\":\"../x\"");
    const char *authority = NULL;
    const char *date = NULL;
    assert_true(intake_public_tag(arena_format(&stage->arena, "%s/public", stage->path),
                                  &stage->arena, &authority, &date));
    assert_string_equal(authority, "nordhav.example");
    assert_string_equal(date, "2024-05-06");
    assert_int_equal(stage_run(stage)->recovered, 4);
    assert_int_equal(stage->counts.added, 0);

    const struct release_row *house = stage_row(stage, "a.md"); /* by content */
    assert_string_equal(house->public_id, "gammelhus1");
    assert_string_equal(house->slug, "huse");
    assert_int_equal(house->year, 2025);
    assert_int_equal(house->public_at, AT("2025-03-01T09:00:00Z"));
    assert_int_equal(house->updated_at, AT("2025-03-02T09:00:00Z"));
    assert_int_not_equal(house->announced_at, INSTANT_NONE);
    assert_int_equal(house->revision, 2);
    assert_int_equal(house->public_revision, 0);
    assert_non_null(stage_release(stage, "a.md")->body->first_child);

    const struct release_row *bridge = stage_row(stage, "b.md"); /* by path */
    assert_string_equal(bridge->public_id, "gammelbro1");
    assert_int_equal(bridge->public_revision, 1);
    assert_int_equal(bridge->revision, 2);

    const struct release_row *lost = stage_row_of(stage, "gammelvand");
    assert_null(lost->path);
    assert_true(lost->is_missing);
    assert_int_equal(lost->revision, lost->public_revision);
    struct error error;
    assert_null(release_load(stage->database, &stage->arena, lost->row_id, 0, &error)->body);
    const struct release_row *version = stage_row_of(stage, "oldbridge1");
    assert_int_equal(version->original_row_id, bridge->row_id);
    assert_int_equal(version->status, RELEASE_WITHDRAWN);
    /* By id, later; and nothing is adopted twice. */
    stage_write(stage, "vandet.md", "Vand", "id: gammelvand\n", "Vandet er rent.\n");
    assert_int_equal(stage_run(stage)->recovered, 0);
    assert_string_equal(stage_row(stage, "vandet.md")->public_id, "gammelvand");
    assert_int_equal(stage_run(stage)->unchanged, 3);
}

int main(void)
{
#define STAGE_TEST(name) cmocka_unit_test_setup_teardown(name, stage_setup, stage_teardown)
    const struct CMUnitTest tests[] = {
        STAGE_TEST(due_is_the_later_of_published_and_embargo),
        STAGE_TEST(an_archive_from_before_1970_is_edited_like_any_other),
        STAGE_TEST(times_may_move_until_it_is_public),
        STAGE_TEST(once_public_draft_and_later_times_change_nothing),
        STAGE_TEST(an_edit_without_effect_says_so),
        STAGE_TEST(a_correction_is_a_revision_with_its_text),
        STAGE_TEST(withdrawal_takes_versions_along_and_is_final),
        STAGE_TEST(what_was_never_public_is_withdrawn_without_a_notice),
        STAGE_TEST(an_emptied_file_may_be_withdrawn),
        STAGE_TEST(the_command_withdraws_and_the_file_does_not_bring_it_back),
        STAGE_TEST(what_was_asked_to_be_withdrawn_is_so_by_whoever_writes_next),
        STAGE_TEST(what_its_file_withdrew_meanwhile_is_not_withdrawn_twice),
        STAGE_TEST(a_new_store_adopts_what_is_public),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
