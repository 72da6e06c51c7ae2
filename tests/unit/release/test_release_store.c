/* SPDX-License-Identifier: MIT */
#include "cmocka_all.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/string_builder.h"
#include "database/database.h"
#include "database/write_transaction.h"
#include "release/body.h"
#include "release/release_store.h"

#include <string.h>

struct store {
    struct database *database;
    struct arena arena;
    struct error error;
};

static int open_store(void **state)
{
    static const struct database_settings settings = { .path = ":memory:", .state_directory = -1 };
    static const struct database_schema *const schemas[] = { &release_schema };
    static struct store store;
    store = (struct store){ .database = NULL };
    store.database = database_open(&settings, &store.error);
    if (!store.database || !database_migrate(store.database, schemas, 1, &store.error))
        fail_msg("%s", store.error.message);
    *state = &store;
    return 0;
}

static int close_store(void **state)
{
    struct store *store = *state;
    database_close(store->database);
    arena_release(&store->arena);
    return 0;
}

static void check(const struct store *store, bool done)
{
    if (!done)
        fail_msg("%s", store->error.message);
}

static struct release *make_release(struct store *store, const char *title)
{
    struct release *release = arena_allocate(&store->arena, sizeof *release);
    release->title = title;
    release->status = RELEASE_READY;
    release->mail = true;
    release->body = body_new(&store->arena);
    struct body_node *paragraph = body_append(&store->arena, release->body, BODY_PARAGRAPH);
    body_append_text(&store->arena, paragraph, title, strlen(title));
    return release;
}

static struct release_row *insert(struct store *store, const char *public_id,
                                  int64_t original_row_id)
{
    struct release *release = make_release(store, public_id);
    struct release_row *row = arena_allocate(&store->arena, sizeof *row);
    row->public_id = public_id;
    row->original_row_id = original_row_id;
    row->path = arena_format(&store->arena, "%s.md", public_id);
    row->stat_fingerprint = "1 2 3";
    row->title = release->title;
    row->language = "da";
    row->type = "press-release";
    row->topics = "";
    row->status = RELEASE_READY;
    row->mail = true;
    release_content_hash(release, &row->content_hash);
    check(store, release_insert(store->database, row, release, 1000, &store->error));
    return row;
}

static void publish(struct store *store, struct release_row *row, int64_t at)
{
    row->public_at = at;
    row->due_at = at;
    row->published_at = at;
    row->public_revision = row->revision;
    row->slug = row->public_id;
    row->year = 2026;
    check(store, release_update(store->database, row, &store->error));
}

/* The ids that a filter lets through, each with a space behind. */
static const char *list(struct store *store, const struct release_filter *filter)
{
    struct string_builder text;
    struct release_cursor cursor;
    const struct release_row *row;
    string_builder_init(&text, 0);
    release_cursor_open(&cursor, store->database, filter);
    while (release_cursor_next(&cursor, &row, &store->error)) {
        string_builder_append(&text, row->public_id);
        string_builder_append_character(&text, ' ');
    }
    check(store, release_cursor_close(&cursor));
    const char *public_ids = arena_copy(&store->arena, text.data);
    string_builder_release(&text);
    return public_ids;
}

static void a_row_comes_back_as_it_was_written(void **state)
{
    struct store *store = *state;
    struct release_row *row = insert(store, "r-1", 0);
    assert_int_equal(row->original_row_id, row->row_id);
    assert_int_equal(row->revision, 1);
    assert_null(release_row_page_path(&store->arena, row));
    struct release_row want = *row;
    want.path = NULL;
    want.stat_fingerprint = "neu";
    want.is_missing = true;
    want.content_hash.bytes[5] ^= 1;
    want.title = "Titel";
    want.language = "en";
    want.type = "statement";
    want.topics = "akut sundhed";
    want.topic_labels = "akut Akut!\n";
    want.status = RELEASE_WITHDRAWN;
    want.published_at = 1;
    want.embargo_at = 2;
    want.due_at = 3;
    want.ready_at = 4;
    want.is_urgent = true;
    want.mail = false;
    want.correction = "rettet";
    want.public_at = 5;
    want.public_revision = 1;
    want.updated_at = 6;
    want.withdrawn_at = 7;
    want.withdrawal_reason = "fejl";
    want.slug = "titel";
    want.year = 2026;
    want.announced_at = 8;
    want.announce_note = "gammel";
    want.announced_revision = 9;
    want.withdrawal_announced_at = 10;
    check(store, release_update(store->database, &want, &store->error));

    bool failed = true;
    const struct release_row *have = release_find_by_public_id(store->database, &store->arena,
                                                               "r-1", &failed, &store->error);
    assert_non_null(have);
    assert_false(failed);
    assert_int_equal(have->row_id, want.row_id);
    assert_int_equal(have->original_row_id, want.row_id);
    assert_null(have->path);
    assert_string_equal(have->stat_fingerprint, "neu");
    assert_true(have->is_missing);
    assert_true(hash_equal(&have->content_hash, &want.content_hash));
    assert_string_equal(have->title, "Titel");
    assert_string_equal(have->language, "en");
    assert_string_equal(have->type, "statement");
    assert_string_equal(have->topics, "akut sundhed");
    assert_string_equal(have->topic_labels, "akut Akut!\n");
    assert_int_equal(have->status, RELEASE_WITHDRAWN);
    assert_int_equal(have->published_at, 1);
    assert_int_equal(have->embargo_at, 2);
    assert_int_equal(have->due_at, 3);
    assert_int_equal(have->ready_at, 4);
    assert_true(have->is_urgent);
    assert_false(have->mail);
    assert_int_equal(have->revision, 1);
    assert_string_equal(have->correction, "rettet");
    assert_int_equal(have->public_at, 5);
    assert_int_equal(have->public_revision, 1);
    assert_int_equal(have->updated_at, 6);
    assert_int_equal(have->withdrawn_at, 7);
    assert_string_equal(have->withdrawal_reason, "fejl");
    assert_string_equal(release_row_page_path(&store->arena, have), "releases/2026/titel/");
    assert_int_equal(have->announced_at, 8);
    assert_string_equal(have->announce_note, "gammel");
    assert_int_equal(have->announced_revision, 9);
    assert_int_equal(have->withdrawal_announced_at, 10);
}

static void rows_are_found_by_public_id_path_row_id_and_content(void **state)
{
    struct store *store = *state;
    struct database *database = store->database;
    struct arena *arena = &store->arena;
    bool failed = true;
    const struct release_row *row = insert(store, "r-1", 0);
    insert(store, "r-2", 0);
    assert_string_equal(
        release_find_by_path(database, arena, "r-1.md", &failed, &store->error)->public_id, "r-1");
    assert_string_equal(
        release_find_by_row_id(database, arena, row->row_id, &failed, &store->error)->public_id,
        "r-1");
    assert_string_equal(
        release_find_by_hash(database, arena, &row->content_hash, &failed, &store->error)
            ->public_id,
        "r-1");
    assert_null(release_find_by_public_id(database, arena, "r-3", &failed, &store->error));
    assert_false(failed);
    assert_null(release_find_by_path(database, arena, "r-1", &failed, &store->error));
    assert_null(release_find_by_row_id(database, arena, 99, &failed, &store->error));

    struct release_row *copy = insert(store, "r-3", 0);
    copy->content_hash = row->content_hash;
    copy->is_missing = true;
    check(store, release_update(database, copy, &store->error));
    assert_string_equal(
        release_find_by_hash(database, arena, &row->content_hash, &failed, &store->error)
            ->public_id,
        "r-3");
}

static void the_same_id_or_path_twice_is_refused(void **state)
{
    struct store *store = *state;
    struct release_row row = *insert(store, "r-1", 0);
    const struct release *release = make_release(store, "r-1");
    row.path = "other.md";
    assert_false(release_insert(store->database, &row, release, 1, &store->error));
    row.public_id = "r-2";
    row.path = "r-1.md";
    assert_false(release_insert(store->database, &row, release, 1, &store->error));
    row.row_id = 77;
    assert_false(release_update(store->database, &row, &store->error));
}

static void a_version_is_loaded_with_its_inheritance(void **state)
{
    struct store *store = *state;
    struct release_row *original = insert(store, "r-1", 0);
    struct release_row *version = insert(store, "r-1-en", original->row_id);
    struct release *changed = make_release(store, "Anden udgave");
    changed->type = "invitation";
    changed->embargo_at = 500;
    check(store, release_add_revision(store->database, original, changed, 2000, &store->error));
    assert_int_equal(original->revision, 2);

    struct arena *arena = &store->arena;
    const struct release *loaded = release_load(store->database, arena, version->row_id, 0,
                                                &store->error);
    assert_non_null(loaded);
    assert_string_equal(loaded->title, "r-1-en");
    assert_string_equal(loaded->type, "invitation");
    assert_int_equal(loaded->embargo_at, 500);
    loaded = release_load(store->database, arena, original->row_id, 1, &store->error);
    assert_string_equal(loaded->title, "r-1");
    loaded = release_load(store->database, arena, original->row_id, 0, &store->error);
    assert_string_equal(loaded->title, "Anden udgave");
    assert_null(release_load(store->database, arena, original->row_id, 3, &store->error));
    assert_int_equal(store->error.kind, ERROR_SYSTEM);
    assert_null(release_load(store->database, arena, 99, 0, &store->error));

    const struct release_filter versions = { .original_row_id = original->row_id };
    assert_string_equal(list(store, &versions), "r-1 r-1-en ");
}

static void filters_let_through_what_they_say(void **state)
{
    struct store *store = *state;
    struct release_row *a = insert(store, "a", 0);
    struct release_row *b = insert(store, "b", 0);
    struct release_row *c = insert(store, "c", 0);
    struct release_row *d = insert(store, "d", 0);
    publish(store, a, 300);
    publish(store, b, 100);
    publish(store, c, 200);
    c->status = RELEASE_WITHDRAWN;
    check(store, release_update(store->database, c, &store->error));
    d->published_at = d->due_at = 400;
    check(store, release_update(store->database, d, &store->error));

    static const struct {
        struct release_filter filter;
        const char *want;
    } table[] = {
        { { .only_public = false }, "a b c d " },
        { { .only_public = true }, "a b c " },
        { { .only_public = true, .order = RELEASE_ORDER_NEWEST_FIRST }, "a c b " },
        { { .order = RELEASE_ORDER_NEWEST_FIRST }, "a c b " },
        { { .only_unpublished = true, .order = RELEASE_ORDER_LAST_FIRST }, "d " },
        { { .only_public = true, .without_withdrawn = true }, "a b " },
        { { .title = "b" }, "b " },
        { { .title = "B" }, "" },
        { { .only_unpublished_due = true, .now_at = 399 }, "" },
        { { .only_unpublished_due = true, .now_at = 400 }, "d " },
        { { .only_unannounced = true }, "a b " },
        { { .only_unannounced = true, .order = RELEASE_ORDER_OLDEST_FIRST }, "b a " },
        { { .only_changed = true }, "" },
    };

    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
        assert_string_equal(list(store, &table[i].filter), table[i].want);

    int64_t due_at = -1;
    check(store, release_next_due(store->database, 399, &due_at, &store->error));
    assert_int_equal(due_at, 400);
    check(store, release_next_due(store->database, 400, &due_at, &store->error));
    assert_int_equal(due_at, INSTANT_NONE);
    struct release_counts counts;
    check(store, release_count(store->database, &counts, &store->error));
    assert_int_equal(counts.ready, 3);
    assert_int_equal(counts.public_now, 2);
    assert_int_equal(counts.withdrawn, 1);
    assert_int_equal(counts.draft, 0);
    bool taken = false;
    check(store, release_slug_is_taken(store->database, 2026, "a", 0, &taken, &store->error));
    assert_true(taken);
    check(store,
          release_slug_is_taken(store->database, 2026, "a", a->row_id, &taken, &store->error));
    assert_false(taken);
    check(store, release_slug_is_taken(store->database, 2025, "a", 0, &taken, &store->error));
    assert_false(taken);
}

static void what_waits_is_not_due(void **state)
{
    struct store *store = *state;
    static const struct release_filter due = { .only_unpublished_due = true, .now_at = 200 };
    static const struct release_filter due_first = { .only_unpublished_due = true,
                                                     .now_at = 200,
                                                     .order = RELEASE_ORDER_DUE_FIRST };
    static const struct release_filter held = { .only_held = true };
    int64_t due_at = -1;
    struct release_row *a = insert(store, "a", 0);
    struct release_row *b = insert(store, "b", a->row_id);
    a->published_at = a->due_at = 150;
    b->published_at = b->due_at = 100;
    check(store, release_update(store->database, a, &store->error));
    check(store, release_update(store->database, b, &store->error));
    assert_string_equal(list(store, &due), "a b ");
    assert_string_equal(list(store, &due_first), "b a ");
    assert_false(release_row_waits(b, a, 200));
    /* a version never goes ahead of its original */
    assert_true(release_row_waits(b, a, 120));
    a->held_at = 50;
    a->due_at = 300;
    check(store, release_update(store->database, a, &store->error));
    assert_string_equal(list(store, &due), "");
    assert_string_equal(list(store, &held), "a ");
    assert_true(release_row_waits(a, NULL, 200) && release_row_waits(b, a, 400));
    check(store, release_next_due(store->database, 200, &due_at, &store->error));
    assert_int_equal(due_at, INSTANT_NONE);
    publish(store, a, 100);
    a->held_at = INSTANT_NONE;
    check(store, release_update(store->database, a, &store->error));
    assert_string_equal(list(store, &due), "b ");
    a->status = RELEASE_WITHDRAWN;
    check(store, release_update(store->database, a, &store->error));
    assert_string_equal(list(store, &due), "");
    assert_true(release_row_waits(b, a, 200));
}

static void a_withdrawal_is_found_until_the_page_says_so(void **state)
{
    struct store *store = *state;
    int64_t row_id = -1;
    struct release_row *a = insert(store, "a", 0);
    struct release_row *b = insert(store, "b", 0);
    publish(store, a, 100);
    check(store, release_next_withdrawal(store->database, &row_id, &store->error));
    assert_int_equal(row_id, 0);
    a->status = b->status = RELEASE_WITHDRAWN;
    a->public_revision = b->public_revision = 0;
    check(store, release_update(store->database, a, &store->error));
    check(store, release_update(store->database, b, &store->error));
    check(store, release_next_withdrawal(store->database, &row_id, &store->error));
    assert_int_equal(row_id, a->row_id); /* the other was never public */
    a->public_revision = a->revision;
    check(store, release_update(store->database, a, &store->error));
    check(store, release_next_withdrawal(store->database, &row_id, &store->error));
    assert_int_equal(row_id, 0);
}

static void the_newest_withdrawal_is_found(void **state)
{
    struct store *store = *state;
    int64_t row_id = -1;
    struct release_row *a = insert(store, "a", 0);
    struct release_row *b = insert(store, "b", 0);
    struct release_row *c = insert(store, "c", 0);
    publish(store, a, 100);
    publish(store, b, 100);
    publish(store, c, 100);
    a->status = b->status = RELEASE_WITHDRAWN;
    a->public_revision = b->public_revision = 0;
    b->withdrawn_at = 200;
    check(store, release_update(store->database, b, &store->error));
    a->withdrawn_at = 201;
    check(store, release_update(store->database, a, &store->error));
    check(store, release_next_withdrawal(store->database, &row_id, &store->error));
    assert_int_equal(row_id, a->row_id);
    check(store, release_ask_withdrawal(store->database, c->row_id, 202, NULL, &store->error));
    check(store, release_next_withdrawal(store->database, &row_id, &store->error));
    assert_int_equal(row_id, c->row_id);
}

static const struct release_row *find(struct store *store, const char *public_id)
{
    bool failed = true;
    const struct release_row *row = release_find_by_public_id(store->database, &store->arena,
                                                              public_id, &failed, &store->error);
    assert_non_null(row);
    return row;
}

static void who_asks_for_a_withdrawal_is_not_undone_by_who_writes_the_row(void **state)
{
    struct store *store = *state;
    int64_t row_id = -1;
    const char *reason = NULL;
    struct release_row *a = insert(store, "a", 0);
    struct release_row *version = insert(store, "a-en", a->row_id);
    assert_false(release_row_awaits_withdrawal(find(store, "a")));
    static const struct release_filter due = { .only_unpublished_due = true, .now_at = 100 };
    a->due_at = 100;
    check(store, release_update(store->database, a, &store->error));
    assert_string_equal(list(store, &due), "a ");
    check(store, release_ask_withdrawal(store->database, a->row_id, 50, "fejl", &store->error));
    assert_string_equal(list(store, &due), "");
    publish(store, a, 100); /* as it was read before */
    assert_true(release_row_awaits_withdrawal(find(store, "a")));
    assert_true(release_row_awaits_withdrawal(find(store, "a-en")));
    check(store, release_find_asked_withdrawal(store->database, &store->arena, &row_id, &reason,
                                               &store->error));
    assert_int_equal(row_id, a->row_id);
    assert_string_equal(reason, "fejl");
    version->status = RELEASE_WITHDRAWN;
    check(store, release_update(store->database, version, &store->error));
    assert_false(release_row_awaits_withdrawal(find(store, "a-en")));
    check(store,
          release_ask_withdrawal(store->database, a->row_id, INSTANT_NONE, NULL, &store->error));
    assert_false(release_row_awaits_withdrawal(find(store, "a")));
    check(store, release_find_asked_withdrawal(store->database, &store->arena, &row_id, &reason,
                                               &store->error));
    assert_int_equal(row_id, 0);
}

static void what_changed_after_its_announcement_is_found(void **state)
{
    struct store *store = *state;
    static const struct release_filter changed = { .only_changed = true };
    struct release_row *a = insert(store, "a", 0);
    publish(store, a, 100);
    a->announced_at = 100;
    a->announced_revision = 1;
    check(store, release_update(store->database, a, &store->error));
    assert_string_equal(list(store, &changed), "");
    check(store,
          release_add_revision(store->database, a, make_release(store, "ny"), 200, &store->error));
    static const struct release_filter due = { .only_unpublished_due = true, .now_at = 200 };
    assert_string_equal(list(store, &due), "a ");
    a->public_revision = 2;
    check(store, release_update(store->database, a, &store->error));
    assert_string_equal(list(store, &due), "");
    assert_string_equal(list(store, &changed), "a ");
    a->announced_revision = 2;
    a->withdrawn_at = 300;
    check(store, release_update(store->database, a, &store->error));
    assert_string_equal(list(store, &changed), "a ");
    a->withdrawal_announced_at = 301;
    check(store, release_update(store->database, a, &store->error));
    assert_string_equal(list(store, &changed), "");
}

/* The first run of a transaction may be undone, and the second begin with what it left in the
 * row. */
static void a_release_that_is_inserted_again_is_an_original_still(void **state)
{
    struct store *store = *state;
    insert(store, "a", 0);
    check(store, database_begin(store->database, &store->error));
    struct release_row row = *insert(store, "b", 0);
    database_rollback(store->database);
    insert(store, "c", 0); /* has the number by now */
    check(store,
          release_insert(store->database, &row, make_release(store, "b"), 1000, &store->error));
    assert_int_equal(row.original_row_id, row.row_id);
    assert_int_equal(find(store, "b")->original_row_id, row.row_id);
}

static void a_revision_is_numbered_by_the_store(void **state)
{
    struct store *store = *state;
    struct release_row *a = insert(store, "a", 0);
    const struct release *changed = make_release(store, "ny");
    check(store, database_begin(store->database, &store->error));
    check(store, release_add_revision(store->database, a, changed, 200, &store->error));
    database_rollback(store->database);
    check(store, release_add_revision(store->database, a, changed, 200, &store->error));
    assert_int_equal(a->revision, 2);
    assert_int_equal(find(store, "a")->revision, 2);
    a->row_id = 77;
    assert_false(release_add_revision(store->database, a, changed, 200, &store->error));
}

static void publishing_writes_what_it_decides_alone(void **state)
{
    struct store *store = *state;
    struct release_row planned = *insert(store, "a", 0);
    struct release_row *now = insert(store, "b", 0);
    bool failed = true;
    now->row_id = planned.row_id;
    now->public_id = planned.public_id;
    now->path = planned.path;
    now->original_row_id = planned.row_id;
    now->title = "Ny titel";
    now->topics = "akut";
    check(store, release_update(store->database, now, &store->error));
    planned.public_at = 100;
    planned.public_revision = 1;
    planned.updated_at = 101;
    planned.withdrawn_at = 102;
    planned.slug = "titel";
    planned.year = 2026;
    check(store, release_update_public(store->database, &planned, &store->error));
    const struct release_row *row = release_find_by_row_id(store->database, &store->arena,
                                                           planned.row_id, &failed, &store->error);
    assert_string_equal(row->title, "Ny titel");
    assert_int_equal(row->public_at, 100);
    assert_int_equal(row->public_revision, 1);
    assert_int_equal(row->updated_at, 101);
    assert_int_equal(row->withdrawn_at, 102);
    assert_string_equal(release_row_page_path(&store->arena, row), "releases/2026/titel/");
    assert_string_equal(row->topics, "akut");
    planned.row_id = 77;
    check(store, release_update_public(store->database, &planned, &store->error));
}

/* More rows than a page has, in every order, each met once; and rows may be written meanwhile. */
static void a_cursor_reads_on_from_page_to_page(void **state)
{
    enum { ROWS = 200 };
    struct store *store = *state;

    static const struct {
        struct release_filter filter;
        bool is_descending;
    } table[] = {
        { { .only_public = false }, false },
        { { .only_public = true }, false },
        { { .only_unannounced = true }, false },
        { { .only_unannounced = true, .order = RELEASE_ORDER_OLDEST_FIRST }, false },
        { { .order = RELEASE_ORDER_LAST_FIRST }, true },
        { { .order = RELEASE_ORDER_NEWEST_FIRST }, true },
        { { .only_unpublished_due = true, .now_at = 1000 }, false },
        { { .only_unpublished_due = true, .now_at = 1000, .order = RELEASE_ORDER_DUE_FIRST },
          false },
        { { .original_row_id = 1 }, false },
    };

    check(store, database_begin(store->database, &store->error));
    for (int i = 0; i < ROWS; i++) {
        struct release_row *row = insert(store, arena_format(&store->arena, "r-%d", i), i ? 1 : 0);
        row->topics = "akut";
        row->due_at = 100 + i / 50; /* many at the same time */
        publish(store, row, 100 + i / 50);
        row->public_revision = 0;
        row->announced_at = INSTANT_NONE;
        check(store, release_update(store->database, row, &store->error));
    }
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        struct release_cursor cursor;
        const struct release_row *row;
        int count = 0;
        release_cursor_open(&cursor, store->database, &table[i].filter);
        while (release_cursor_next(&cursor, &row, &store->error)) {
            int want = table[i].is_descending ? ROWS - 1 - count : count;
            assert_string_equal(row->public_id, arena_format(&store->arena, "r-%d", want));
            check(store, release_update(store->database, row, &store->error));
            count++;
        }
        check(store, release_cursor_close(&cursor));
        assert_int_equal(count, ROWS);
        release_cursor_open(&cursor, store->database, &table[i].filter);
        assert_true(release_cursor_next(&cursor, &row, &store->error));
        check(store, release_cursor_close(&cursor)); /* who has seen enough */
    }
    check(store, database_end(store->database, true, &store->error));
    int64_t row_id = -1;
    check(store, release_last_row_id(store->database, &row_id, &store->error));
    assert_int_equal(row_id, ROWS);
}

static void paths_come_in_their_order(void **state)
{
    struct store *store = *state;
    insert(store, "b", 0);
    insert(store, "B", 0);
    struct release_row *a = insert(store, "a", 0);
    a->is_missing = true;
    check(store, release_update(store->database, a, &store->error));
    struct release_row *none = insert(store, "c", 0);
    none->path = NULL;
    check(store, release_update(store->database, none, &store->error));
    struct string_builder text;
    string_builder_init(&text, 0);
    struct release_path_cursor cursor;
    const struct release_path *path;
    release_path_cursor_open(&cursor, store->database);
    while (release_path_cursor_next(&cursor, &path, &store->error))
        string_builder_append_format(&text, "%s %s %d\n", path->path, path->stat_fingerprint,
                                     path->is_missing);
    check(store, release_path_cursor_close(&cursor));
    assert_string_equal(text.data, "B.md 1 2 3 0\na.md 1 2 3 1\nb.md 1 2 3 0\n");
    string_builder_release(&text);
}

static void a_newsroom_value_is_made_once(void **state)
{
    struct store *store = *state;
    const char *value = "x";
    struct arena *arena = &store->arena;
    check(store,
          newsroom_value_once(store->database, arena, "tag.date", NULL, &value, &store->error));
    assert_null(value);
    check(store, newsroom_value_once(store->database, arena, "tag.date", "2026-06-07", &value,
                                     &store->error));
    assert_string_equal(value, "2026-06-07");
    check(store, newsroom_value_once(store->database, arena, "tag.date", "2027-01-01", &value,
                                     &store->error));
    assert_string_equal(value, "2026-06-07");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_row_comes_back_as_it_was_written, open_store,
                                        close_store),
        cmocka_unit_test_setup_teardown(rows_are_found_by_public_id_path_row_id_and_content,
                                        open_store, close_store),
        cmocka_unit_test_setup_teardown(the_same_id_or_path_twice_is_refused, open_store,
                                        close_store),
        cmocka_unit_test_setup_teardown(a_version_is_loaded_with_its_inheritance, open_store,
                                        close_store),
        cmocka_unit_test_setup_teardown(filters_let_through_what_they_say, open_store, close_store),
        cmocka_unit_test_setup_teardown(what_waits_is_not_due, open_store, close_store),
        cmocka_unit_test_setup_teardown(a_withdrawal_is_found_until_the_page_says_so, open_store,
                                        close_store),
        cmocka_unit_test_setup_teardown(the_newest_withdrawal_is_found, open_store, close_store),
        cmocka_unit_test_setup_teardown(
            who_asks_for_a_withdrawal_is_not_undone_by_who_writes_the_row, open_store, close_store),
        cmocka_unit_test_setup_teardown(what_changed_after_its_announcement_is_found, open_store,
                                        close_store),
        cmocka_unit_test_setup_teardown(a_release_that_is_inserted_again_is_an_original_still,
                                        open_store, close_store),
        cmocka_unit_test_setup_teardown(a_revision_is_numbered_by_the_store, open_store,
                                        close_store),
        cmocka_unit_test_setup_teardown(publishing_writes_what_it_decides_alone, open_store,
                                        close_store),
        cmocka_unit_test_setup_teardown(a_cursor_reads_on_from_page_to_page, open_store,
                                        close_store),
        cmocka_unit_test_setup_teardown(paths_come_in_their_order, open_store, close_store),
        cmocka_unit_test_setup_teardown(a_newsroom_value_is_made_once, open_store, close_store),
    };
    return cmocka_run_group_tests_name("release store", tests, NULL, NULL);
}
