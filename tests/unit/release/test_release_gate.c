/* SPDX-License-Identifier: MIT */
#include "cmocka_all.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/error.h"
#include "database/database.h"
#include "database/write_transaction.h"
#include "release/body.h"
#include "release/release.h"
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
    release->type = title;
    release->body = body_new(&store->arena);
    return release;
}

/* Ready, due since 100, with two revisions of which the first is titled "one". */
static struct release_row *insert(struct store *store, const char *public_id,
                                  int64_t original_row_id)
{
    struct release_row *row = arena_allocate(&store->arena, sizeof *row);
    *row = (struct release_row){
        .public_id = public_id,
        .original_row_id = original_row_id,
        .title = "one",
        .language = "da",
        .type = "one",
        .topics = "",
        .status = RELEASE_READY,
        .mail = true,
        .published_at = 100,
        .due_at = 100,
        .ready_at = 100,
    };
    struct release *one = make_release(store, "one");
    release_content_hash(one, &row->content_hash);
    check(store, release_insert(store->database, row, one, 100, &store->error));
    struct release *two = make_release(store, "two");
    release_content_hash(two, &row->content_hash);
    check(store, release_add_revision(store->database, row, two, 200, &store->error));
    return row;
}

static bool is_due(struct store *store, const struct release_row *row)
{
    const struct release_filter filter = { .only_unpublished_due = true, .now_at = 1000 };
    struct release_cursor cursor;
    const struct release_row *found;
    bool is = false;
    release_cursor_open(&cursor, store->database, &filter);
    while (release_cursor_next(&cursor, &found, &store->error))
        is = is || found->row_id == row->row_id;
    check(store, release_cursor_close(&cursor));
    return is;
}

static struct release_row *again(struct store *store, const struct release_row *row)
{
    bool failed = true;
    struct release_row *found = release_find_by_row_id(store->database, &store->arena, row->row_id,
                                                       &failed, &store->error);
    assert_non_null(found);
    return found;
}

/* Holds I1. Every way in which a release can stand, by whether it is due and which revision of it
 * may be seen. */
static void what_is_closed_is_not_due(void **state)
{
    struct store *store = *state;

    enum { FORCED = 0, FIRST = 1, NEWEST = 2, NOT_PUBLIC = -1 };

    static const struct {
        enum release_approval approval;
        bool is_stopped;
        enum release_status status;
        int public_revision;
        bool is_due;
        int open_revision;
    } table[] = {
        { RELEASE_APPROVAL_NONE, false, RELEASE_READY, NOT_PUBLIC, true, 2 },
        { RELEASE_APPROVAL_GIVEN, false, RELEASE_READY, NOT_PUBLIC, true, 2 },
        { RELEASE_APPROVAL_AWAITED, false, RELEASE_READY, NOT_PUBLIC, false, 2 },
        { RELEASE_APPROVAL_NONE, true, RELEASE_READY, NOT_PUBLIC, false, 2 },
        { RELEASE_APPROVAL_GIVEN, true, RELEASE_READY, NOT_PUBLIC, false, 2 },
        { RELEASE_APPROVAL_AWAITED, true, RELEASE_READY, NOT_PUBLIC, false, 2 },
        { RELEASE_APPROVAL_AWAITED, true, RELEASE_DRAFT, NOT_PUBLIC, false, 2 },
        /* what was never public may be withdrawn: nothing of it is shown */
        { RELEASE_APPROVAL_AWAITED, true, RELEASE_WITHDRAWN, NOT_PUBLIC, true, 2 },
        /* a new revision of what is public */
        { RELEASE_APPROVAL_NONE, false, RELEASE_READY, FIRST, true, 2 },
        { RELEASE_APPROVAL_GIVEN, false, RELEASE_READY, FIRST, true, 2 },
        { RELEASE_APPROVAL_AWAITED, false, RELEASE_READY, FIRST, false, 1 },
        { RELEASE_APPROVAL_NONE, true, RELEASE_READY, FIRST, false, 1 },
        { RELEASE_APPROVAL_GIVEN, false, RELEASE_READY, NEWEST, false, 2 },
        /* forced to be published again: with the text that stood there */
        { RELEASE_APPROVAL_NONE, false, RELEASE_READY, FORCED, true, 2 },
        { RELEASE_APPROVAL_AWAITED, false, RELEASE_READY, FORCED, true, 1 },
        { RELEASE_APPROVAL_NONE, true, RELEASE_READY, FORCED, true, 1 },
        /* withdrawn: its notice names it as it stood there */
        { RELEASE_APPROVAL_AWAITED, false, RELEASE_WITHDRAWN, FORCED, true, 1 },
        { RELEASE_APPROVAL_NONE, true, RELEASE_WITHDRAWN, FORCED, true, 1 },
        { RELEASE_APPROVAL_AWAITED, false, RELEASE_WITHDRAWN, FIRST, false, 1 },
    };

    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        struct release_row *row = insert(store, arena_format(&store->arena, "r-%zu", i), 0);
        row->status = table[i].status;
        if (table[i].public_revision != NOT_PUBLIC) {
            row->public_at = 100;
            row->public_revision = table[i].public_revision;
            row->text_revision = table[i].public_revision == NEWEST ? 2 : 1;
        }
        check(store, release_update(store->database, row, &store->error));
        check(store,
              release_set_approval(store->database, row->row_id, table[i].approval, &store->error));
        check(store, release_set_stopped(store->database, row->row_id,
                                         table[i].is_stopped ? 300 : INSTANT_NONE, &store->error));
        row = again(store, row);
        int64_t open = release_row_open_revision(row);
        if (is_due(store, row) != table[i].is_due || open != table[i].open_revision)
            fail_msg("line %zu: due %d, open %d", i, is_due(store, row), (int)open);
    }
}

/* Holds I1. */
static void a_version_waits_for_the_approval_of_its_original(void **state)
{
    struct store *store = *state;
    struct release_row *original = insert(store, "a", 0);
    struct release_row *version = insert(store, "a-en", original->row_id);
    assert_true(is_due(store, version));
    check(store, release_set_approval(store->database, original->row_id, RELEASE_APPROVAL_AWAITED,
                                      &store->error));
    assert_false(is_due(store, version));
    assert_true(release_row_waits(again(store, version), again(store, original), 1000));
    check(store, release_set_approval(store->database, original->row_id, RELEASE_APPROVAL_GIVEN,
                                      &store->error));
    check(store, release_set_stopped(store->database, original->row_id, 300, &store->error));
    assert_false(is_due(store, version));
    check(store,
          release_set_stopped(store->database, original->row_id, INSTANT_NONE, &store->error));
    assert_true(is_due(store, version));
    check(store, release_set_approval(store->database, version->row_id, RELEASE_APPROVAL_AWAITED,
                                      &store->error));
    assert_true(is_due(store, original));
    assert_false(is_due(store, version));
}

/* Holds I1. What a version inherits is of the text that may be seen. */
static void nothing_is_inherited_from_what_awaits_approval(void **state)
{
    struct store *store = *state;
    struct release_row *original = insert(store, "a", 0);
    original->public_at = 100;
    original->public_revision = original->text_revision = 1;
    check(store, release_update(store->database, original, &store->error));
    struct release_row *version = insert(store, "a-en", original->row_id);
    struct release *own = make_release(store, "own");
    own->type = NULL;
    check(store, release_add_revision(store->database, version, own, 300, &store->error));
    check(store, release_set_approval(store->database, original->row_id, RELEASE_APPROVAL_AWAITED,
                                      &store->error));
    const struct release *loaded = release_load(store->database, &store->arena, version->row_id, 0,
                                                &store->error);
    assert_string_equal(loaded->type, "one");
    check(store, release_set_approval(store->database, original->row_id, RELEASE_APPROVAL_GIVEN,
                                      &store->error));
    loaded = release_load(store->database, &store->arena, version->row_id, 0, &store->error);
    assert_string_equal(loaded->type, "two");
}

static void the_row_that_may_be_seen_has_the_hash_of_its_text(void **state)
{
    struct store *store = *state;
    struct hash one;
    struct release_row *row = insert(store, "a", 0);
    release_content_hash(make_release(store, "one"), &one);
    row->public_at = 100;
    row->text_revision = 1;
    check(store, release_update(store->database, row, &store->error));
    struct release_row *shown = again(store, row);
    check(store, release_row_show_open(store->database, shown, &store->error));
    assert_int_equal(shown->revision, 2);
    check(store, release_set_approval(store->database, row->row_id, RELEASE_APPROVAL_AWAITED,
                                      &store->error));
    shown = again(store, row);
    check(store, release_row_show_open(store->database, shown, &store->error));
    assert_int_equal(shown->revision, 1);
    assert_true(hash_equal(&shown->content_hash, &one));
}

static void nobody_is_woken_for_what_is_closed(void **state)
{
    struct store *store = *state;
    int64_t due_at = -1;
    struct release_row *row = insert(store, "a", 0);
    check(store, release_next_due(store->database, 50, &due_at, &store->error));
    assert_int_equal(due_at, 100);
    check(store, release_set_approval(store->database, row->row_id, RELEASE_APPROVAL_AWAITED,
                                      &store->error));
    check(store, release_next_due(store->database, 50, &due_at, &store->error));
    assert_int_equal(due_at, INSTANT_NONE);
    check(store, release_set_approval(store->database, row->row_id, RELEASE_APPROVAL_GIVEN,
                                      &store->error));
    check(store, release_set_stopped(store->database, row->row_id, 10, &store->error));
    check(store, release_next_due(store->database, 50, &due_at, &store->error));
    assert_int_equal(due_at, INSTANT_NONE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_is_closed_is_not_due, open_store, close_store),
        cmocka_unit_test_setup_teardown(a_version_waits_for_the_approval_of_its_original,
                                        open_store, close_store),
        cmocka_unit_test_setup_teardown(nothing_is_inherited_from_what_awaits_approval, open_store,
                                        close_store),
        cmocka_unit_test_setup_teardown(the_row_that_may_be_seen_has_the_hash_of_its_text,
                                        open_store, close_store),
        cmocka_unit_test_setup_teardown(nobody_is_woken_for_what_is_closed, open_store,
                                        close_store),
    };
    return cmocka_run_group_tests_name("publication gate", tests, NULL, NULL);
}
