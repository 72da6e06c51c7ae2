/* SPDX-License-Identifier: MIT */
#include "cmocka_all.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/random.h"
#include "database/connection.h"
#include "database/database.h"
#include "database/write_transaction.h"
#include "queue/queue.h"
#include "queue/sending.h"
#include "queue/transactional_mail.h"
#include "queue/trouble.h"
#include "unit/queue/subscriber_tables.h"
#include "unit/store.h"

#include <fcntl.h>
#include <inttypes.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct scene {
    char folder[64];
    int directory;
    struct database *database;
    struct arena arena;
    struct error error;
};

static struct database *scene_open(const struct scene *scene)
{
    char path[128];
    const struct database_schema *schemas[] = { &subscriber_tables_schema, &queue_schema };
    (void)snprintf(path, sizeof path, "%s/pressroom.db", scene->folder);
    return test_store_open(path, scene->directory, schemas, 2);
}

static int scene_make(void **state)
{
    static struct scene scene;
    scene = (struct scene){ 0 };
    (void)snprintf(scene.folder, sizeof scene.folder, "/tmp/pressroom-queue-XXXXXX");
    assert_non_null(mkdtemp(scene.folder));
    scene.directory = open(scene.folder, O_RDONLY | O_DIRECTORY);
    scene.database = scene_open(&scene);
    *state = &scene;
    return 0;
}

static int scene_remove(void **state)
{
    char command[128];
    struct scene *scene = *state;
    database_close(scene->database);
    arena_release(&scene->arena);
    (void)close(scene->directory);
    (void)snprintf(command, sizeof command, "rm -rf '%s'", scene->folder);
    return system(command); /* NOLINT(cert-env33-c,concurrency-mt-unsafe) */
}

static void begin(struct scene *scene)
{
    DONE(database_begin(scene->database, &scene->error));
}

static void commit(struct scene *scene)
{
    DONE(database_commit(scene->database, &scene->error));
}

static void sql(struct scene *scene, const char *text)
{
    DONE(database_execute(scene->database, text, &scene->error));
}

static int64_t number(struct scene *scene, const char *text)
{
    return test_store_number(scene->database, text);
}

static void person(struct scene *scene, int64_t row_id, const char *language, const char *feeds)
{
    char text[512];
    (void)snprintf(text, sizeof text,
                   "INSERT INTO subscriber VALUES (%" PRId64 ", 'p%" PRId64 "@n.example', '%s', 2)",
                   row_id, row_id, language);
    sql(scene, text);
    for (const char *feed = strtok(arena_copy(&scene->arena, feeds), " "); feed; /* NOLINT */
         feed = strtok(NULL, " ")) {                                             /* NOLINT */
        (void)snprintf(text, sizeof text,
                       "INSERT INTO subscription VALUES (%" PRId64 ", '%s', 0, 1)", row_id, feed);
        sql(scene, text);
    }
}

/* n people with ids from 1, all followers of "all", in Danish. */
static void crowd(struct scene *scene, int n)
{
    begin(scene);
    for (int i = 1; i <= n; i++)
        person(scene, i, "da", "all");
    commit(scene);
}

static const struct queue_candidate danish_and_english[] = {
    { "all", 10, "da", true },
    { "all", 11, "en", false },
    { "english", 11, "en", false },
};
static const struct queue_candidates both = { danish_and_english, 3 };
static const struct queue_candidates english_later = { danish_and_english + 1, 2 };

static struct queue_mailing mailing_of(struct scene *scene, int64_t release, enum queue_kind kind,
                                       const char *deduplication_key)
{
    bool is_new = false;
    struct queue_announcement announcement = { release, kind, deduplication_key };
    struct queue_mailing mailing = { .created_at = 1000, .starts_at = 1000 };
    DONE(queue_announcement_open(scene->database, &announcement, &mailing.announcement, &is_new,
                                 &scene->error));
    DONE(queue_mailing_create(scene->database, &mailing, &scene->error));
    return mailing;
}

/* A release mailing to all; how many rows came. */
static struct queue_mailing announce(struct scene *scene, int64_t release, int64_t want)
{
    int64_t added = -1;
    begin(scene);
    struct queue_mailing mailing = mailing_of(scene, release, QUEUE_RELEASE, "");
    DONE(queue_add_audience(scene->database, &mailing, &both, &added, &scene->error));
    assert_int_equal(added, want);
    commit(scene);
    return mailing;
}

static struct queue_batch claim(struct scene *scene, int64_t worker, int64_t now_at, size_t maximum)
{
    struct queue_batch batch;
    struct queue_claim wanted = { .worker = worker, .now_at = now_at, .maximum = maximum };
    begin(scene);
    DONE(queue_claim(scene->database, &wanted, &scene->arena, &batch, &scene->error));
    commit(scene);
    return batch;
}

static enum queue_mark mark(struct scene *scene, const struct queue_row *row, int64_t revision)
{
    enum queue_mark result = QUEUE_MARK_GONE;
    begin(scene);
    DONE(queue_mark_sending(scene->database, row, revision, 2000, &result, &scene->error));
    commit(scene);
    return result;
}

static void record(struct scene *scene, const struct queue_row *row, enum queue_state state,
                   int64_t next_at)
{
    struct queue_result result = { .state = state,
                                   .next_at = next_at,
                                   .smtp_code = state == QUEUE_SENT ? 250 : 450,
                                   .enhanced = "4.2.0",
                                   .text = "text" };
    begin(scene);
    DONE(queue_record(scene->database, row, &result, 3000, &scene->error));
    commit(scene);
}

static struct queue_delivery_counts counts(struct scene *scene, int64_t mailing)
{
    struct queue_delivery_counts result;
    DONE(queue_counts_of_mailing(scene->database, mailing, &result, &scene->error));
    return result;
}

static int64_t finish(struct scene *scene)
{
    int64_t finished = 0;
    begin(scene);
    DONE(queue_finish(scene->database, 9000, &finished, &scene->error));
    commit(scene);
    return finished;
}

static struct queue_recovery recover(struct scene *scene, bool resend)
{
    struct queue_recovery recovery;
    begin(scene);
    DONE(queue_recover(scene->database, resend, 4000, &recovery, &scene->error));
    commit(scene);
    return recovery;
}

struct found {
    int64_t row_id[16];
    int64_t version[16];
    size_t count;
};

static struct found find_audience(struct scene *scene, int64_t announcement,
                                  const struct queue_candidates *candidates)
{
    struct found found = { .count = 0 };
    struct queue_audience_cursor cursor;
    const struct queue_audience_member *member;
    queue_audience_cursor_open(&cursor, scene->database, announcement, candidates);
    while (queue_audience_cursor_next(&cursor, &member, &scene->error)) {
        assert_non_null(member->address);
        assert_non_null(member->language);
        assert_true(found.count < 16);
        found.row_id[found.count] = member->subscriber;
        found.version[found.count++] = member->version;
    }
    DONE(queue_audience_cursor_close(&cursor));
    return found;
}

static int64_t unselected(struct scene *scene, int64_t row_id, const char *feed)
{
    char text[128];
    int64_t count = -1;
    (void)snprintf(text, sizeof text,
                   "DELETE FROM subscription WHERE subscriber = %" PRId64 " AND feed = '%s'",
                   row_id, feed);
    begin(scene);
    sql(scene, text);
    DONE(queue_suppress_unselected(scene->database, row_id, 2500, &count, &scene->error));
    commit(scene);
    return count;
}

static void who_leaves_a_feed_is_not_mailed_what_waits_for_it(void **state)
{
    struct scene *scene = *state;
    enum queue_mark left = QUEUE_MARK_SENDING;
    begin(scene);
    person(scene, 1, "da", "all other");
    person(scene, 2, "da", "all english");
    person(scene, 3, "da", "all other");
    person(scene, 4, "da", "all other");
    person(scene, 5, "da", "all");
    commit(scene);
    struct queue_mailing mailing = announce(scene, 1, 5);
    /* Claimed, as by a worker that has the message in its hands already. */
    struct queue_batch batch = claim(scene, 100, 2000, 5);
    assert_int_equal(batch.count, 5);
    assert_int_equal(unselected(scene, 1, "all"), 1);
    assert_int_equal(mark(scene, &batch.rows[0], 1), QUEUE_MARK_GONE);
    assert_int_equal(number(scene, "SELECT state FROM delivery WHERE subscriber = 1"),
                     QUEUE_SUPPRESSED);
    /* Follows another feed of it, which has the English version only. */
    assert_int_equal(unselected(scene, 2, "all"), 0);
    assert_int_equal(number(scene, "SELECT version FROM delivery WHERE subscriber = 2"), 11);
    assert_int_equal(mark(scene, &batch.rows[1], 1), QUEUE_MARK_GONE);
    batch = claim(scene, 101, 2000, 5);
    assert_int_equal(batch.count, 1);
    assert_int_equal(batch.rows[0].version, 11);
    /* Just being sent: not tried again. */
    batch.rows[0] = (struct queue_row){ .worker = 100,
                                        .claim = 1,
                                        .announcement = mailing.announcement,
                                        .mailing = mailing.row_id,
                                        .subscriber = 3 };
    assert_int_equal(mark(scene, &batch.rows[0], 1), QUEUE_MARK_SENDING);
    assert_int_equal(unselected(scene, 3, "all"), 0);
    record(scene, &batch.rows[0], QUEUE_DEFERRED, 5000);
    assert_int_equal(number(scene, "SELECT state FROM delivery WHERE subscriber = 3"),
                     QUEUE_CANCELLED);
    /* Less often counts as well; another feed does not matter. */
    assert_int_equal(unselected(scene, 4, "other"), 0);
    begin(scene);
    sql(scene, "UPDATE subscription SET cadence = 2 WHERE subscriber = 4");
    commit(scene);
    assert_int_equal(unselected(scene, 4, "none"), 1);
    batch.rows[0].subscriber = 5;
    left = mark(scene, &batch.rows[0], 1);
    assert_int_equal(left, QUEUE_MARK_SENDING);
    assert_int_equal(counts(scene, mailing.row_id).audience, 5);
}

static void a_correction_reaches_who_left_the_feed_meanwhile(void **state)
{
    struct scene *scene = *state;
    int64_t added = 0;
    begin(scene);
    person(scene, 1, "da", "all other");
    commit(scene);
    announce(scene, 1, 1);
    struct queue_batch batch = claim(scene, 100, 2000, 5);
    assert_int_equal(mark(scene, &batch.rows[0], 1), QUEUE_MARK_SENDING);
    record(scene, &batch.rows[0], QUEUE_SENT, 0);
    const struct queue_mailed mailed = { .release = 1 };
    begin(scene);
    struct queue_mailing correction = mailing_of(scene, 1, QUEUE_CORRECTION, "x");
    DONE(queue_add_mailed(scene->database, &correction, &mailed, &added, &scene->error));
    commit(scene);
    assert_int_equal(added, 1);
    assert_int_equal(unselected(scene, 1, "all"), 0);
    assert_int_equal(counts(scene, correction.row_id).count[QUEUE_QUEUED], 1);
}

static void everybody_gets_one_version_the_best_for_him(void **state)
{
    struct scene *scene = *state;
    struct arena arena = { 0 };
    struct queue_version_counts counts;
    begin(scene);
    person(scene, 1, "da", "all");
    person(scene, 2, "en", "all english");
    person(scene, 3, "en-GB", "all");
    person(scene, 4, "de", "all english");
    person(scene, 5, "da", "english");
    person(scene, 6, "da", "other");
    person(scene, 7, "da", "all");
    person(scene, 8, "da", "all");
    person(scene, 9, "da", "all");
    sql(scene, "UPDATE subscriber SET state = 3 WHERE row_id = 7");
    sql(scene, "UPDATE subscription SET cadence = 1 WHERE subscriber = 8");
    sql(scene, "UPDATE subscription SET state = 0 WHERE subscriber = 9");
    commit(scene);
    struct found found = find_audience(scene, 0, &both);
    static const int64_t row_ids[] = { 1, 2, 3, 4, 5 };
    static const int64_t versions[] = { 10, 11, 11, 10, 11 };
    assert_int_equal(found.count, 5);
    assert_memory_equal(found.row_id, row_ids, sizeof row_ids);
    assert_memory_equal(found.version, versions, sizeof versions);
    DONE(queue_audience_count(scene->database, &arena, 0, &both, &counts, &scene->error));
    assert_int_equal(counts.count, 2);
    assert_int_equal(counts.items[0].version, 10);
    assert_int_equal(counts.items[0].subscribers, 2);
    assert_int_equal(counts.items[1].version, 11);
    assert_int_equal(counts.items[1].subscribers, 3);

    struct queue_mailing mailing = announce(scene, 10, 5);
    assert_int_equal(number(scene, "SELECT version FROM delivery WHERE subscriber = 3"), 11);
    assert_int_equal(find_audience(scene, mailing.announcement, &both).count, 0);
    arena_release(&arena);
}

/* Some have two subscriptions, some none that counts: pages of each size follow each other. */
static void an_audience_is_read_page_by_page(void **state)
{
    enum { SUBSCRIBERS = 3500 };
    struct scene *scene = *state;
    struct queue_audience_cursor cursor;
    const struct queue_audience_member *member;
    int64_t last = 0;
    begin(scene);
    for (int64_t row_id = 1; row_id <= SUBSCRIBERS; row_id++)
        person(scene, row_id, "en", row_id % 3 ? "all" : row_id % 2 ? "all english" : "other");
    commit(scene);
    queue_audience_cursor_open(&cursor, scene->database, 0, &both);
    while (queue_audience_cursor_next(&cursor, &member, &scene->error)) {
        last += (last + 1) % 6 == 0 ? 2 : 1; /* each sixth wants "other" alone */
        assert_int_equal(member->subscriber, last);
    }
    DONE(queue_audience_cursor_close(&cursor));
    assert_int_equal(last, SUBSCRIBERS);
}

/* The store itself refuses a second one, whoever forgets to ask. */
/* Holds I4, I5. */
static void what_is_handed_over_has_a_key_that_exists_once(void **state)
{
    static const char *const again[] = {
        "INSERT INTO announcement (row_id, release_row_id, kind, deduplication_key)"
        " SELECT row_id + 1, release_row_id, kind, deduplication_key FROM announcement",
        "INSERT INTO delivery (announcement, subscriber, mailing, version, state, next_at,"
        " updated_at) SELECT announcement, subscriber, mailing, version, 0, 0, 1 FROM delivery",
    };
    struct scene *scene = *state;
    crowd(scene, 1);
    (void)announce(scene, 10, 1);
    for (size_t i = 0; i < sizeof again / sizeof again[0]; i++) {
        struct error error = { 0 };
        assert_false(database_execute(scene->database, again[i], &error));
        assert_non_null(strstr(error.message, "UNIQUE"));
    }
}

/* Holds I4. */
static void nobody_is_queued_twice_for_one_release(void **state)
{
    struct scene *scene = *state;
    int64_t added = -1;
    crowd(scene, 3);
    struct queue_mailing first = announce(scene, 10, 3);
    begin(scene);
    person(scene, 4, "en", "english");
    struct queue_mailing second = mailing_of(scene, 10, QUEUE_RELEASE, "");
    assert_int_equal(second.announcement, first.announcement);
    DONE(queue_add_audience(scene->database, &second, &english_later, &added, &scene->error));
    commit(scene);
    assert_int_equal(added, 1);
    assert_int_equal(counts(scene, first.row_id).audience, 3);
    assert_int_equal(counts(scene, second.row_id).audience, 1);
    /* Another release is another matter. */
    (void)announce(scene, 20, 4);
}

static void a_mailing_without_candidates_or_people_reaches_nobody(void **state)
{
    struct scene *scene = *state;
    struct queue_candidates none = { NULL, 0 };
    int64_t added = -1;
    struct queue_mailing mailing = announce(scene, 10, 0);
    begin(scene);
    DONE(queue_add_audience(scene->database, &mailing, &none, &added, &scene->error));
    assert_int_equal(added, 0);
    DONE(queue_mailing_discard(scene->database, mailing.row_id, &scene->error));
    commit(scene);
    assert_int_equal(number(scene, "SELECT count(*) FROM announcement"), 0);
}

static void rows_go_from_queued_to_sent(void **state)
{
    struct scene *scene = *state;
    crowd(scene, 3);
    struct queue_mailing mailing = announce(scene, 10, 3);
    assert_int_equal(claim(scene, 1, 999, 10).count, 0);
    struct queue_batch batch = claim(scene, 1, 1000, 2);
    assert_int_equal(batch.count, 2);
    assert_string_equal(batch.rows[0].address, "p1@n.example");
    assert_string_equal(batch.rows[0].language, "da");
    assert_int_equal(batch.rows[0].version, 10);
    assert_int_equal(batch.rows[0].attempts, 0);
    assert_int_equal(claim(scene, 2, 1000, 10).count, 1);
    assert_int_equal(mark(scene, &batch.rows[0], 5), QUEUE_MARK_SENDING);
    assert_int_equal(mark(scene, &batch.rows[0], 5), QUEUE_MARK_GONE);
    assert_int_equal(counts(scene, mailing.row_id).count[QUEUE_SENDING], 1);
    record(scene, &batch.rows[0], QUEUE_SENT, 0);
    assert_int_equal(mark(scene, &batch.rows[1], 5), QUEUE_MARK_SENDING);
    record(scene, &batch.rows[1], QUEUE_DEFERRED, 5000);
    struct queue_delivery_counts now = counts(scene, mailing.row_id);
    assert_int_equal(now.count[QUEUE_SENT], 1);
    assert_int_equal(now.count[QUEUE_DEFERRED], 1);
    assert_int_equal(now.count[QUEUE_QUEUED], 1);
    assert_int_equal(now.audience, 3);
    assert_int_equal(claim(scene, 1, 4999, 10).count, 0);
    batch = claim(scene, 1, 5000, 10);
    assert_int_equal(batch.count, 1);
    assert_int_equal(batch.rows[0].attempts, 1);
    assert_int_equal(number(scene, "SELECT revision FROM delivery WHERE subscriber = 1"), 5);
}

/* Whoever is in the batch is held by its worker, and nobody else is. */
static void holds_exactly(struct scene *scene, const struct queue_batch *batch, int64_t worker,
                          size_t count)
{
    char text[128];
    assert_int_equal(batch->count, count);
    (void)snprintf(text, sizeof text, "SELECT count(*) FROM delivery WHERE worker = %" PRId64,
                   worker);
    assert_int_equal(number(scene, text), count);
    for (size_t i = 0; i < count; i++) {
        (void)snprintf(text, sizeof text, "SELECT worker FROM delivery WHERE subscriber = %" PRId64,
                       batch->rows[i].subscriber);
        assert_int_equal(number(scene, text), worker);
        (void)snprintf(text, sizeof text, "p%" PRId64 "@n.example", batch->rows[i].subscriber);
        assert_string_equal(batch->rows[i].address, text);
    }
}

/* Side by side, far apart, of one instant and of several: the rows given are the rows held. */
/* Holds I5. */
static void what_is_claimed_is_what_is_given(void **state)
{
    struct scene *scene = *state;
    crowd(scene, 300);
    (void)announce(scene, 10, 300);
    struct queue_batch batch = claim(scene, 101, 2000, 50);
    holds_exactly(scene, &batch, 101, 50);
    sql(scene, "UPDATE delivery SET state = 2 WHERE subscriber > 50 AND subscriber % 40 <> 0");
    batch = claim(scene, 102, 2000, 3); /* 80, 120, 160 */
    holds_exactly(scene, &batch, 102, 3);
    sql(scene, "UPDATE delivery SET state = 3, next_at = 1500 - subscriber WHERE worker = 0");
    batch = claim(scene, 103, 2000, 50); /* 200, 240, 280 and those done: of 248 instants */
    holds_exactly(scene, &batch, 103, 50);
    assert_int_equal(batch.rows[0].subscriber, 300); /* the longest due first */
    sql(scene, "UPDATE delivery SET next_at = CASE WHEN subscriber < 200 THEN 1300 ELSE 1400 END"
               " WHERE worker = 0");
    batch = claim(scene, 104, 1300, 1000); /* those due then are neighbours of others */
    assert_true(batch.count > 100);
    holds_exactly(scene, &batch, 104, batch.count);
    for (size_t i = 0; i < batch.count; i++)
        assert_true(batch.rows[i].subscriber < 200);
}

/* Holds I2. */
static void who_left_a_moment_ago_is_not_mailed(void **state)
{
    struct scene *scene = *state;
    int64_t count = 0;
    crowd(scene, 3);
    struct queue_mailing mailing = announce(scene, 10, 3);
    struct queue_batch batch = claim(scene, 1, 1000, 10);
    sql(scene, "UPDATE subscriber SET state = 3 WHERE row_id = 1");
    assert_int_equal(mark(scene, &batch.rows[0], 1), QUEUE_MARK_SUPPRESSED);
    begin(scene);
    DONE(queue_suppress_subscriber(scene->database, 2, 2000, &count, &scene->error));
    commit(scene);
    assert_int_equal(count, 1);
    assert_int_equal(mark(scene, &batch.rows[1], 1), QUEUE_MARK_GONE);
    assert_int_equal(counts(scene, mailing.row_id).count[QUEUE_SUPPRESSED], 2);
    sql(scene, "DELETE FROM subscriber WHERE row_id = 3");
    begin(scene);
    DONE(queue_release(scene->database, 1, &scene->error));
    commit(scene);
    assert_int_equal(claim(scene, 1, 1000, 10).count, 0);
    assert_int_equal(counts(scene, mailing.row_id).count[QUEUE_SUPPRESSED], 3);
}

static void defer(struct scene *scene, const struct queue_row *row, int code, bool is_ours)
{
    const struct queue_result result = {
        .state = QUEUE_DEFERRED, .next_at = 5000, .smtp_code = code, .is_ours = is_ours
    };
    begin(scene);
    DONE(queue_record(scene->database, row, &result, 3000, &scene->error));
    commit(scene);
}

/* Whoever mended what was refused gets all mailed at once, whatever the code; what is not ours
 * keeps its time, and every row its try. */
static void what_was_refused_goes_when_its_mailing_is_resumed(void **state)
{
    struct scene *scene = *state;
    crowd(scene, 4);
    struct queue_mailing mailing = announce(scene, 10, 4);
    struct queue_batch batch = claim(scene, 1, 1000, 3);
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(mark(scene, &batch.rows[i], 1), QUEUE_MARK_SENDING);
    defer(scene, &batch.rows[0], 550, true);
    defer(scene, &batch.rows[1], 451, true);
    defer(scene, &batch.rows[2], 552, false);
    begin(scene);
    DONE(queue_mailing_pause(scene->database, mailing.row_id, "20 refusals", &scene->error));
    DONE(queue_mailing_resume(scene->database, mailing.row_id, 1500, &scene->error));
    commit(scene);
    assert_int_equal(claim(scene, 2, 1500, 10).count, 3);
    batch = claim(scene, 2, 5000, 10);
    assert_int_equal(batch.count, 1);
    assert_int_equal(batch.rows[0].attempts, 1);
}

static void a_mailing_is_held_paused_resumed_and_cancelled(void **state)
{
    struct scene *scene = *state;
    int64_t count = 0;
    crowd(scene, 4);
    struct queue_mailing mailing = announce(scene, 10, 4);
    struct queue_batch batch = claim(scene, 1, 1000, 3);
    begin(scene);
    DONE(queue_mailing_pause(scene->database, mailing.row_id, "20 refusals", &scene->error));
    commit(scene);
    assert_int_equal(mark(scene, &batch.rows[0], 1), QUEUE_MARK_RELEASED);
    assert_int_equal(claim(scene, 1, 1000, 10).count, 0);
    begin(scene);
    DONE(queue_mailing_resume(scene->database, mailing.row_id, 1500, &scene->error));
    commit(scene);
    assert_int_equal(mark(scene, &batch.rows[1], 1), QUEUE_MARK_SENDING);
    begin(scene);
    DONE(queue_mailing_cancel(scene->database, mailing.row_id, "mistake", 2000, &count,
                              &scene->error));
    commit(scene);
    assert_int_equal(count, 3);
    assert_int_equal(mark(scene, &batch.rows[2], 1), QUEUE_MARK_GONE);
    assert_int_equal(finish(scene), 0);
    /* The one under way was put off by the relay: it is not tried again. */
    record(scene, &batch.rows[1], QUEUE_DEFERRED, 5000);
    assert_int_equal(counts(scene, mailing.row_id).count[QUEUE_CANCELLED], 4);
    assert_int_equal(finish(scene), 0);
    assert_int_equal(counts(scene, mailing.row_id).count[QUEUE_CANCELLED], 4);
    begin(scene);
    assert_false(queue_mailing_resume(scene->database, mailing.row_id, 2000, &scene->error));
    assert_int_equal(scene->error.kind, ERROR_INPUT);
    database_rollback(scene->database);
}

static void withdrawing_cancels_and_tells_those_who_got_it(void **state)
{
    struct scene *scene = *state;
    int64_t count = 0;
    int64_t added = 0;
    crowd(scene, 5);
    struct queue_mailing mailing = announce(scene, 10, 5);
    struct queue_batch batch = claim(scene, 1, 1000, 3);
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(mark(scene, &batch.rows[i], 1), QUEUE_MARK_SENDING);
    record(scene, &batch.rows[0], QUEUE_SENT, 0);
    record(scene, &batch.rows[1], QUEUE_FAILED, 0);
    begin(scene);
    struct queue_cancellation cancellation = { 10, 0, "withdrawn", 2000 };
    DONE(queue_cancel_release(scene->database, &cancellation, &count, &scene->error));
    assert_int_equal(count, 2);
    struct queue_mailing notice = mailing_of(scene, 10, QUEUE_WITHDRAWAL, "");
    struct queue_mailed mailed = { 10, 0, 0 };
    DONE(queue_add_mailed(scene->database, &notice, &mailed, &added, &scene->error));
    commit(scene);
    assert_int_equal(added, 2); /* the one sent, and the one on its way */
    struct queue_mailing *found = NULL;
    bool failed = false;
    found = queue_mailing_find(scene->database, &scene->arena, mailing.row_id, &failed,
                               &scene->error);
    assert_int_equal(found->state, QUEUE_MAILING_CANCELLED);
    assert_string_equal(found->note, "withdrawn");
    assert_int_equal(found->counts.audience, 5);
    found = queue_mailing_find(scene->database, &scene->arena, notice.row_id, &failed,
                               &scene->error);
    assert_int_equal(found->state, QUEUE_MAILING_ACTIVE);
    assert_int_equal(found->kind, QUEUE_WITHDRAWAL);
}

static void a_correction_goes_to_those_with_the_older_text(void **state)
{
    struct scene *scene = *state;
    int64_t added = 0;
    crowd(scene, 4);
    (void)announce(scene, 10, 4);
    struct queue_batch batch = claim(scene, 1, 1000, 3);
    for (size_t i = 0; i < 3; i++) {
        (void)mark(scene, &batch.rows[i], i == 2 ? 2 : 1);
        record(scene, &batch.rows[i], QUEUE_SENT, 0);
    }
    sql(scene, "UPDATE subscriber SET state = 3 WHERE row_id = 2");
    begin(scene);
    struct queue_mailing correction = mailing_of(scene, 10, QUEUE_CORRECTION, "hash");
    struct queue_mailed mailed = { 10, 10, 2 };
    DONE(queue_add_mailed(scene->database, &correction, &mailed, &added, &scene->error));
    assert_int_equal(added, 1);
    DONE(queue_add_mailed(scene->database, &correction, &mailed, &added, &scene->error));
    commit(scene);
    assert_int_equal(added, 0);
}

static void mailings_take_turns_and_digests_come_last(void **state)
{
    struct scene *scene = *state;
    int64_t transactional = 0;
    crowd(scene, 4);
    begin(scene);
    struct queue_mailing digest = mailing_of(scene, 0, QUEUE_DIGEST, "daily 2026-06-07");
    sql(scene, "INSERT INTO delivery (announcement, subscriber, mailing, version, state, next_at,"
               " updated_at) SELECT 1, row_id, 1, 0, 0, 0, 0 FROM subscriber");
    commit(scene);
    struct queue_mailing first = announce(scene, 10, 4);
    struct queue_mailing second = announce(scene, 20, 4);
    begin(scene);
    sql(scene, "INSERT INTO request VALUES (77, NULL, NULL, 5000)");
    struct queue_transactional_mail mail = { .kind = QUEUE_TRANSACTIONAL_CONFIRMATION,
                                             .subscriber = 4,
                                             .request = 77,
                                             .language = "da",
                                             .created_at = 1000 };
    DONE(queue_add_transactional(scene->database, &mail, &transactional, &scene->error));
    commit(scene);

    struct queue_batch batch = claim(scene, 1, 1000, 3);
    assert_int_equal(batch.rows[0].transactional, transactional);
    assert_string_equal(batch.rows[0].address, "p4@n.example");
    assert_int_equal(batch.rows[1].mailing, first.row_id);
    assert_int_equal(claim(scene, 1, 1000, 2).rows[0].mailing, second.row_id);
    assert_int_equal(claim(scene, 1, 1000, 2).rows[0].mailing, first.row_id);
    assert_int_equal(claim(scene, 1, 1000, 2).rows[0].mailing, second.row_id);
    batch = claim(scene, 1, 1000, 10);
    assert_int_equal(batch.rows[0].mailing, digest.row_id);
    assert_int_equal(batch.count, 4);
}

static void outside_hours_only_urgent_rows_are_due(void **state)
{
    struct scene *scene = *state;
    struct queue_batch batch;
    int64_t due_at = 0;
    struct queue_claim wanted = { .worker = 1, .now_at = 1000, .maximum = 5, .only_urgent = true };
    crowd(scene, 1);
    struct queue_mailing mailing = announce(scene, 10, 1);
    begin(scene);
    DONE(queue_claim(scene->database, &wanted, &scene->arena, &batch, &scene->error));
    assert_int_equal(batch.count, 0);
    DONE(queue_next_due(scene->database, &wanted, &due_at, &scene->error));
    assert_int_equal(due_at, 0);
    wanted.only_urgent = false;
    DONE(queue_next_due(scene->database, &wanted, &due_at, &scene->error));
    assert_int_equal(due_at, 1000);
    DONE(queue_oldest_waiting(scene->database, 999, &due_at, &scene->error));
    assert_int_equal(due_at, 0);
    DONE(queue_oldest_waiting(scene->database, 1001, &due_at, &scene->error));
    assert_int_equal(due_at, 1000);
    sql(scene, "UPDATE mailing SET is_urgent = 1");
    wanted.only_urgent = true;
    DONE(queue_claim(scene->database, &wanted, &scene->arena, &batch, &scene->error));
    assert_int_equal(batch.count, 1);
    assert_int_equal(batch.rows[0].mailing, mailing.row_id);
    commit(scene);
}

static void a_confirmation_dies_with_its_request(void **state)
{
    struct scene *scene = *state;
    int64_t transactional = 0;
    static const char *const ends[] = { "UPDATE request SET voided_at = 1",
                                        "UPDATE request SET voided_at = NULL, used_at = 1",
                                        "UPDATE request SET used_at = NULL, expires_at = 2000",
                                        "UPDATE request SET expires_at = 2001" };
    sql(scene, "INSERT INTO subscriber VALUES (4, 'p4@n.example', 'da', 1)");
    sql(scene, "INSERT INTO request VALUES (77, NULL, NULL, 5000)");
    struct queue_transactional_mail mail = { .kind = QUEUE_TRANSACTIONAL_CONFIRMATION,
                                             .subscriber = 4,
                                             .request = 77,
                                             .language = "da",
                                             .created_at = 1000 };
    for (size_t i = 0; i < 4; i++) {
        begin(scene);
        DONE(queue_add_transactional(scene->database, &mail, &transactional, &scene->error));
        commit(scene);
        struct queue_batch batch = claim(scene, 1, 1000, 3);
        assert_int_equal(batch.count, 1);
        sql(scene, ends[i]);
        assert_int_equal(mark(scene, &batch.rows[0], 0),
                         i < 3 ? QUEUE_MARK_SUPPRESSED : QUEUE_MARK_SENDING);
    }
    struct queue_delivery_counts now;
    DONE(queue_counts_of_transactional(scene->database, &now, &scene->error));
    assert_int_equal(now.audience, 4);
    assert_int_equal(now.count[QUEUE_SUPPRESSED], 3);
    /* A welcome wants a confirmed person. */
    mail.request = 0;
    begin(scene);
    DONE(queue_add_transactional(scene->database, &mail, &transactional, &scene->error));
    commit(scene);
    struct queue_batch batch = claim(scene, 1, 1000, 3);
    assert_int_equal(mark(scene, &batch.rows[0], 0), QUEUE_MARK_SUPPRESSED);
    /* The one that is being sent alone is in a worker's hands: else no run would ever be idle. */
    assert_int_equal(number(scene, "SELECT count(*) FROM transactional_mail WHERE worker <> 0"), 1);
}

/* Holds I3, I4, I12. */
static void a_dead_workers_rows_are_freed_or_indeterminate(void **state)
{
    struct scene *scene = *state;
    crowd(scene, 4);
    struct queue_mailing mailing = announce(scene, 10, 4);
    struct database_worker *alive = database_worker_open(scene->database, &scene->error);
    struct database *other = scene_open(scene);
    struct database_worker *dying = database_worker_open(other, &scene->error);
    int64_t dead = database_worker_number(dying);
    struct queue_batch lost = claim(scene, dead, 1000, 2);
    struct queue_batch kept = claim(scene, database_worker_number(alive), 1000, 1);
    assert_int_equal(mark(scene, &lost.rows[0], 1), QUEUE_MARK_SENDING);
    assert_int_equal(mark(scene, &kept.rows[0], 1), QUEUE_MARK_SENDING);
    struct queue_recovery recovery = recover(scene, false);
    assert_int_equal(recovery.released + recovery.unknown, 0);
    database_worker_close(dying);
    database_close(other);

    recovery = recover(scene, false);
    assert_int_equal(recovery.released, 1);
    assert_int_equal(recovery.unknown, 1);
    assert_int_equal(recovery.resent, 0);
    struct queue_delivery_counts now = counts(scene, mailing.row_id);
    assert_int_equal(now.count[QUEUE_UNKNOWN], 1);
    assert_int_equal(now.count[QUEUE_SENDING], 1);
    assert_int_equal(now.count[QUEUE_QUEUED], 2);

    /* The rest is sent, the mailing ends; then the newsroom changes its mind about indeterminate
     * rows. */
    record(scene, &kept.rows[0], QUEUE_SENT, 0);
    struct queue_batch rest = claim(scene, database_worker_number(alive), 1000, 9);
    assert_int_equal(rest.count, 2);
    for (size_t i = 0; i < 2; i++) {
        (void)mark(scene, &rest.rows[i], 1);
        record(scene, &rest.rows[i], QUEUE_SENT, 0);
    }
    assert_int_equal(finish(scene), 1);
    assert_int_equal(counts(scene, mailing.row_id).count[QUEUE_UNKNOWN], 1);
    recovery = recover(scene, true);
    assert_int_equal(recovery.resent, 1);
    assert_int_equal(counts(scene, mailing.row_id).count[QUEUE_QUEUED], 1);
    rest = claim(scene, database_worker_number(alive), 4000, 9);
    assert_int_equal(rest.count, 1);
    assert_int_equal(rest.rows[0].attempts, 1);
    (void)mark(scene, &rest.rows[0], 1);
    record(scene, &rest.rows[0], QUEUE_SENT, 0);
    assert_int_equal(finish(scene), 1);
    assert_int_equal(counts(scene, mailing.row_id).count[QUEUE_SENT], 4);
    database_worker_close(alive);
}

/* Holds I5. */
static void a_row_that_three_runs_died_on_is_set_aside(void **state)
{
    struct scene *scene = *state;
    crowd(scene, 1);
    (void)announce(scene, 10, 1);
    for (int run = 1; run <= 3; run++) {
        struct queue_batch batch = claim(scene, 100 + run, 5000, 1);
        assert_int_equal(batch.count, 1);
        assert_int_equal(mark(scene, &batch.rows[0], 1), QUEUE_MARK_SENDING);
        struct queue_recovery recovery = recover(scene, true);
        assert_int_equal(recovery.unknown, 1);
        assert_int_equal(recovery.resent, run < 3);
        assert_int_equal(recovery.set_aside, run == 3);
    }
    assert_int_equal(claim(scene, 200, 5000, 1).count, 0);
    assert_int_equal(number(scene, "SELECT state FROM delivery"), QUEUE_UNKNOWN);
}

static void a_connection_lost_behind_the_final_dot_is_indeterminate(void **state)
{
    struct scene *scene = *state;
    int64_t due_at = 0;
    struct queue_claim wanted = { .now_at = 4000 };
    crowd(scene, 1);
    struct queue_mailing mailing = announce(scene, 10, 1);
    for (int loss = 1; loss <= 3; loss++) {
        struct queue_batch batch = claim(scene, 1, 4000, 1);
        assert_int_equal(batch.count, 1);
        assert_int_equal(mark(scene, &batch.rows[0], 1), QUEUE_MARK_SENDING);
        record(scene, &batch.rows[0], QUEUE_UNKNOWN, 4100);
        assert_int_equal(finish(scene), 1);
        assert_int_equal(number(scene, "SELECT indeterminate_count FROM delivery"), loss);
        assert_int_equal(counts(scene, mailing.row_id).count[QUEUE_UNKNOWN], 1);
        /* Not before its pause is over, and not where indeterminate rows are held. */
        assert_int_equal(recover(scene, true).resent, 0);
        wanted.resend_unknown = false;
        DONE(queue_next_due(scene->database, &wanted, &due_at, &scene->error));
        assert_int_equal(due_at, 0);
        wanted.resend_unknown = true;
        DONE(queue_next_due(scene->database, &wanted, &due_at, &scene->error));
        assert_int_equal(due_at, loss < 3 ? 4100 : 0);
        begin(scene);
        sql(scene, "UPDATE delivery SET next_at = 4000");
        commit(scene);
        assert_int_equal(recover(scene, false).resent, 0);
        assert_int_equal(recover(scene, true).resent, loss < 3);
    }
    assert_int_equal(claim(scene, 1, 9000, 1).count, 0);
    assert_int_equal(counts(scene, mailing.row_id).count[QUEUE_UNKNOWN], 1);
}

/* The correction holds all that the original would bring: who was sent it needs no indeterminate
 * first mail any more, however the row waits. */
static void an_indeterminate_original_is_not_sent_again_behind_its_correction(void **state)
{
    struct scene *scene = *state;
    const struct queue_mailed mailed = { .release = 10 };
    int64_t added = 0;
    crowd(scene, 4); /* 1 was sent it, 2 is indeterminate, 3 and 4 were so and are put back */
    struct queue_mailing original = announce(scene, 10, 4);
    sql(scene, "UPDATE delivery SET state = 2 WHERE subscriber = 1");
    sql(scene, "UPDATE delivery SET state = 6, indeterminate_count = 1 WHERE subscriber = 2");
    sql(scene, "UPDATE delivery SET indeterminate_count = 1 WHERE subscriber IN (3, 4)");
    begin(scene);
    struct queue_mailing correction = mailing_of(scene, 10, QUEUE_CORRECTION, "x");
    DONE(queue_add_mailed(scene->database, &correction, &mailed, &added, &scene->error));
    assert_int_equal(added, 4);
    commit(scene);
    struct queue_batch before = claim(scene, 1, 4000, 2); /* the originals have the first turn */
    assert_int_equal(before.count, 2);
    assert_int_equal(before.rows[0].mailing, original.row_id);
    struct queue_batch corrected = claim(scene, 1, 4000, 9);
    assert_int_equal(corrected.count, 4);
    for (size_t i = 0; i < corrected.count - 1; i++) {
        assert_int_equal(mark(scene, &corrected.rows[i], 2), QUEUE_MARK_SENDING);
        record(scene, &corrected.rows[i], QUEUE_SENT, 0);
    }
    assert_int_equal(mark(scene, &corrected.rows[3], 2), QUEUE_MARK_SENDING);
    record(scene, &corrected.rows[3], QUEUE_FAILED, 0);

    assert_int_equal(mark(scene, &before.rows[0], 2), QUEUE_MARK_RELEASED);
    assert_int_equal(mark(scene, &before.rows[1], 2), QUEUE_MARK_SENDING); /* has nothing else */
    record(scene, &before.rows[1], QUEUE_SENT, 0);
    assert_int_equal(recover(scene, true).resent, 0);
    struct queue_delivery_counts now = counts(scene, original.row_id);
    assert_int_equal(now.count[QUEUE_UNKNOWN], 2);
    assert_int_equal(now.count[QUEUE_SENT], 2);
    assert_int_equal(finish(scene), 2);
    assert_int_equal(recover(scene, true).resent, 0);
    assert_int_equal(claim(scene, 1, 90000000, 9).count, 0);
    bool is_idle = false;
    DONE(queue_is_idle(scene->database, true, 90000000, &is_idle, &scene->error));
    assert_true(is_idle);
}

/* Holds I5. */
static void what_may_have_arrived_counts_as_mailed(void **state)
{
    static const enum queue_state states[] = { QUEUE_QUEUED, QUEUE_DEFERRED, QUEUE_CANCELLED,
                                               QUEUE_UNKNOWN };
    struct scene *scene = *state;
    char text[160];
    int64_t added = 0;
    const struct queue_mailed mailed = { .release = 10 };
    const struct queue_cancellation all = { .release = 10, .note = "withdrawn", .now_at = 3000 };
    crowd(scene, 5); /* the fifth was never indeterminate */
    (void)announce(scene, 10, 5);
    for (int id = 1; id <= 4; id++) {
        (void)snprintf(
            text, sizeof text,
            "UPDATE delivery SET state = %d, indeterminate_count = 1 WHERE subscriber = %d",
            (int)states[id - 1], id);
        sql(scene, text);
    }
    begin(scene);
    struct queue_mailing correction = mailing_of(scene, 10, QUEUE_CORRECTION, "x");
    DONE(queue_add_mailed(scene->database, &correction, &mailed, &added, &scene->error));
    assert_int_equal(added, 4);
    DONE(queue_cancel_release(scene->database, &all, &added, &scene->error));
    struct queue_mailing withdrawal = mailing_of(scene, 10, QUEUE_WITHDRAWAL, "");
    DONE(queue_add_mailed(scene->database, &withdrawal, &mailed, &added, &scene->error));
    assert_int_equal(added, 4);
    commit(scene);
    begin(scene);
    struct queue_mailing again = mailing_of(scene, 10, QUEUE_RELEASE, "");
    again.created_at = 9000;
    DONE(queue_add_missed(scene->database, &again, &both, &added, &scene->error));
    commit(scene);
    assert_int_equal(added, 1);
    assert_int_equal(number(scene,
                            "SELECT subscriber FROM delivery WHERE state = 0 AND version < 12"
                            " AND announcement = (SELECT announcement FROM mailing"
                            " WHERE row_id = (SELECT MAX(row_id) FROM mailing))"),
                     5);
}

static void a_bounce_counts_once_also_after_the_end(void **state)
{
    struct scene *scene = *state;
    struct queue_feedback_row row;
    crowd(scene, 2);
    struct queue_mailing mailing = announce(scene, 10, 2);
    struct queue_batch batch = claim(scene, 1, 1000, 2);
    for (size_t i = 0; i < 2; i++) {
        (void)mark(scene, &batch.rows[i], 1);
        record(scene, &batch.rows[i], QUEUE_SENT, 0);
    }
    struct queue_feedback feedback = { .kind = QUEUE_BOUNCED,
                                       .announcement = mailing.announcement,
                                       .subscriber = 1,
                                       .enhanced = "5.1.1",
                                       .at = 5000 };
    for (int i = 0; i < 4; i++) {
        if (i == 2) {
            assert_int_equal(finish(scene), 1);
            feedback.kind = QUEUE_COMPLAINED;
        }
        begin(scene);
        DONE(queue_record_feedback(scene->database, &feedback, &row, &scene->error));
        commit(scene);
        assert_true(row.is_there);
    }
    struct queue_delivery_counts now = counts(scene, mailing.row_id);
    assert_int_equal(now.bounced, 1);
    assert_int_equal(now.complained, 1);
    assert_int_equal(now.count[QUEUE_SENT], 2);
    feedback.subscriber = 99;
    begin(scene);
    DONE(queue_record_feedback(scene->database, &feedback, &row, &scene->error));
    commit(scene);
    assert_false(row.is_there);
}

/* Holds I12. */
static void missed_followers_get_a_second_mailing(void **state)
{
    struct scene *scene = *state;
    int64_t added = 0;
    crowd(scene, 3);
    struct queue_mailing first = announce(scene, 10, 3);
    struct queue_batch batch = claim(scene, 1, 1000, 3);
    for (size_t i = 0; i < 3; i++) {
        (void)mark(scene, &batch.rows[i], 1);
        record(scene, &batch.rows[i], i == 0 ? QUEUE_SENT : QUEUE_FAILED, 0);
    }
    begin(scene);
    person(scene, 9, "da", "all");
    sql(scene, "UPDATE subscriber SET state = 4 WHERE row_id = 3");
    struct queue_mailing second = mailing_of(scene, 10, QUEUE_RELEASE, "");
    second.created_at = 9000;
    DONE(queue_add_missed(scene->database, &second, &both, &added, &scene->error));
    commit(scene);
    assert_int_equal(added, 2);
    assert_int_equal(counts(scene, first.row_id).audience, 3);
    assert_int_equal(counts(scene, first.row_id).count[QUEUE_FAILED], 2);
    assert_int_equal(counts(scene, second.row_id).count[QUEUE_QUEUED], 2);
}

static void what_is_old_is_forgotten_and_the_counts_stay(void **state)
{
    enum { SUBSCRIBERS = 2500 };
    struct scene *scene = *state;
    struct queue_retention retention = { .texts_before_at = 5000, .rows_before_at = 1000 };
    int64_t sum = 0;
    int64_t count = 0;
    int64_t finished = 0;
    int steps = 0;
    bool more = true;
    crowd(scene, SUBSCRIBERS);
    struct queue_mailing old = announce(scene, 10, SUBSCRIBERS);
    begin(scene);
    sql(scene, "UPDATE delivery SET state = 2, outcome = 'ok', updated_at = 3000");
    DONE(queue_finish(scene->database, 4000, &finished, &scene->error));
    commit(scene);
    struct queue_mailing young = announce(scene, 20, SUBSCRIBERS);
    begin(scene);
    sql(scene, "UPDATE delivery SET state = 2, outcome = 'ok' WHERE state = 0");
    DONE(queue_finish(scene->database, 6000, &finished, &scene->error));
    commit(scene);
    for (; more; steps++) {
        begin(scene);
        DONE(queue_retain(scene->database, &retention, &count, &more, &scene->error));
        commit(scene);
        assert_true(count <= 1000);
        sum += count;
    }
    assert_int_equal(sum, SUBSCRIBERS);
    assert_true(steps >= 3);
    assert_int_equal(number(scene, "SELECT count(*) FROM delivery WHERE outcome IS NOT NULL"),
                     SUBSCRIBERS);
    retention = (struct queue_retention){ .texts_before_at = 7000, .rows_before_at = 5000 };
    for (more = true; more;) {
        begin(scene);
        DONE(queue_retain(scene->database, &retention, &count, &more, &scene->error));
        commit(scene);
    }
    assert_int_equal(number(scene, "SELECT count(*) FROM delivery"), SUBSCRIBERS);
    assert_int_equal(number(scene, "SELECT count(*) FROM delivery WHERE outcome IS NOT NULL"), 0);
    assert_int_equal(counts(scene, old.row_id).count[QUEUE_SENT], SUBSCRIBERS);
    assert_int_equal(counts(scene, young.row_id).count[QUEUE_SENT], SUBSCRIBERS);
    assert_int_equal(number(scene, "SELECT sum(forgotten) FROM mailing"), 3 + 1);
}

/* Who sends waits for a thousand rows at most, and comes in between. */
static void what_is_old_is_forgotten_in_small_steps(void **state)
{
    enum { SUBSCRIBERS = 3500, STEP = 1000 };
    struct scene *scene = *state;
    struct queue_retention retention = { .texts_before_at = 9500, .rows_before_at = 9500 };
    int64_t rows = SUBSCRIBERS;
    size_t sent = 0;
    crowd(scene, SUBSCRIBERS);
    (void)announce(scene, 10, SUBSCRIBERS);
    sql(scene, "UPDATE delivery SET state = 2, outcome = 'ok'");
    assert_int_equal(finish(scene), 1);
    (void)announce(scene, 20, SUBSCRIBERS);
    for (bool more = true; more; sent++) {
        int64_t count = 0;
        begin(scene);
        DONE(queue_retain(scene->database, &retention, &count, &more, &scene->error));
        commit(scene);
        assert_in_range(count, 0, STEP);
        rows -= count;
        struct queue_batch batch = claim(scene, 100, 2000, 1);
        assert_int_equal(batch.count, 1);
        assert_int_equal(mark(scene, &batch.rows[0], 1), QUEUE_MARK_SENDING);
    }
    assert_int_equal(rows, 0);
    assert_in_range(sent, SUBSCRIBERS / STEP + 1, SUBSCRIBERS / STEP + 4);
}

static int progress_count(void *payload)
{
    ++*(int *)payload;
    return 0;
}

/* What is kept is neither read nor does it make others wait. */
static void what_is_kept_costs_nothing(void **state)
{
    enum { OPERATIONS = 100 };
    struct scene *scene = *state;
    struct queue_retention retention = { .texts_before_at = 5000, .rows_before_at = 1000 };
    int64_t count = 0;
    int steps = 0;
    bool found = true;
    bool more = true;
    begin(scene);
    sql(scene, "INSERT INTO announcement (row_id, release_row_id, kind, deduplication_key)"
               " VALUES (1, 1, 0, '')");
    sql(scene,
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)"
        " INSERT INTO transactional_mail (kind, subscriber, language, created_at, state, next_at,"
        " updated_at, outcome) SELECT 1, i, 'da', 1, 2 + 2 * (i % 3), 0, 6000 + i, 'ok' FROM n");
    sql(scene, "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000)"
               " INSERT INTO mailing (announcement, state, note, is_urgent, created_at, starts_at,"
               " message_at, finished_at, is_counted, forgotten)"
               " SELECT 1, 3, '', 0, 1, 1, 1, CASE i % 2 WHEN 0 THEN 2000 ELSE 6000 END, 1,"
               " 1 - i % 2 FROM n");
    commit(scene);
    struct database *other = scene_open(scene);
    DONE(database_begin(other, &scene->error));
    sqlite3_progress_handler(scene->database->handle, OPERATIONS, progress_count, &steps);
    DONE(queue_retain_find(scene->database, &retention, &found, &scene->error));
    assert_false(found);
    DONE(database_commit(other, &scene->error));
    database_close(other);
    begin(scene);
    DONE(queue_retain(scene->database, &retention, &count, &more, &scene->error));
    commit(scene);
    sqlite3_progress_handler(scene->database->handle, 0, NULL, NULL);
    assert_false(more);
    assert_int_equal(count, 0);
    assert_in_range(steps, 0, 10);
    retention = (struct queue_retention){ .texts_before_at = 6002, .rows_before_at = 1000 };
    DONE(queue_retain_find(scene->database, &retention, &found, &scene->error));
    assert_true(found);
}

/* The order is the same when a version is chosen again: that of another region before the original.
 */
static void who_leaves_a_feed_gets_the_version_that_a_new_mailing_would_choose(void **state)
{
    struct scene *scene = *state;
    static const struct queue_candidate versions[] = { { "danish", 10, "da", true },
                                                       { "american", 11, "en-US", false },
                                                       { "british", 12, "en-GB", false } };
    const struct queue_candidates three = { versions, 3 };
    int64_t added;
    begin(scene);
    person(scene, 1, "en-GB", "danish american british");
    struct queue_mailing mailing = mailing_of(scene, 10, QUEUE_RELEASE, "");
    DONE(queue_add_audience(scene->database, &mailing, &three, &added, &scene->error));
    commit(scene);
    assert_int_equal(number(scene, "SELECT version FROM delivery"), 12);
    sql(scene, "UPDATE delivery SET worker = -4"); /* parked for a held receiver */
    assert_int_equal(unselected(scene, 1, "british"), 0);
    assert_int_equal(number(scene, "SELECT version FROM delivery"), 11);
    assert_int_equal(number(scene, "SELECT worker FROM delivery"), -4);
    assert_int_equal(unselected(scene, 1, "american"), 0);
    assert_int_equal(number(scene, "SELECT version FROM delivery"), 10);
}

/* Thousands set aside as indeterminate, of mailings long over, cost the next look nothing. */
static void a_look_for_work_reads_nothing_that_was_set_aside(void **state)
{
    enum { OPERATIONS = 100 };
    struct scene *scene = *state;
    const struct queue_claim claim = { .now_at = 9000, .resend_unknown = true };
    int64_t due_at = 0;
    int steps = 0;
    bool is_idle = false;
    begin(scene);
    sql(scene,
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)"
        " INSERT INTO delivery (announcement, subscriber, mailing, version, state, next_at,"
        " indeterminate_count, is_cancelled, updated_at) SELECT 1, i, 1, 10, 6, 0, 1 + i % 2 * 2,"
        " 1 - i % 2, 1 FROM n");
    sql(scene,
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)"
        " INSERT INTO transactional_mail (kind, subscriber, language, created_at, state, next_at,"
        " indeterminate_count, updated_at) SELECT 1, i, 'da', 1, 6, 0, 3, 1 FROM n");
    commit(scene);
    sqlite3_progress_handler(scene->database->handle, OPERATIONS, progress_count, &steps);
    DONE(queue_is_idle(scene->database, true, 9000, &is_idle, &scene->error));
    DONE(queue_next_due(scene->database, &claim, &due_at, &scene->error));
    sqlite3_progress_handler(scene->database->handle, 0, NULL, NULL);
    assert_true(is_idle);
    assert_int_equal(due_at, 0);
    assert_in_range(steps, 0, 10);
}

static int64_t sum_of_recipients(struct scene *scene, int64_t mailing, enum queue_state state)
{
    struct queue_recipient_cursor cursor;
    const struct queue_recipient *recipient;
    int64_t sum = 0;
    queue_recipient_cursor_open(&cursor, scene->database, mailing, state);
    while (queue_recipient_cursor_next(&cursor, &recipient, &scene->error)) {
        assert_non_null(recipient->address);
        sum += recipient->subscriber;
    }
    DONE(queue_recipient_cursor_close(&cursor));
    return sum;
}

static void recipients_and_reasons_are_listed(void **state)
{
    struct scene *scene = *state;
    struct arena arena = { 0 };
    struct queue_reason *reasons;
    size_t count;
    crowd(scene, 4);
    struct queue_mailing mailing = announce(scene, 10, 4);
    struct queue_batch batch = claim(scene, 1, 1000, 3);
    for (size_t i = 0; i < 3; i++) {
        (void)mark(scene, &batch.rows[i], 1);
        record(scene, &batch.rows[i], i == 0 ? QUEUE_DEFERRED : QUEUE_FAILED, 0);
    }
    DONE(queue_reasons_read(scene->database, &arena, mailing.row_id, &reasons, &count,
                            &scene->error));
    assert_int_equal(count, 2);
    assert_int_equal(reasons[0].state, QUEUE_FAILED);
    assert_int_equal(reasons[0].smtp_code, 450);
    assert_int_equal(reasons[0].count, 2);
    assert_int_equal(reasons[1].state, QUEUE_DEFERRED);
    assert_int_equal(reasons[1].smtp_code, 450);
    assert_int_equal(reasons[1].count, 1);
    arena_release(&arena);
    assert_int_equal(sum_of_recipients(scene, mailing.row_id, QUEUE_STATE_COUNT), 1 + 2 + 3 + 4);
    assert_int_equal(sum_of_recipients(scene, mailing.row_id, QUEUE_QUEUED), 4);
}

/* A worker holds the message as it was and, having claimed the row again, as it is now. */
/* Holds I5. */
static void of_a_row_that_a_worker_claimed_twice_only_the_second_may_leave(void **state)
{
    struct scene *scene = *state;
    begin(scene);
    person(scene, 1, "da", "all english");
    commit(scene);
    (void)announce(scene, 1, 1);
    struct queue_batch before = claim(scene, 100, 2000, 5);
    assert_int_equal(before.count, 1);
    assert_int_equal(before.rows[0].version, 10);
    assert_int_equal(unselected(scene, 1, "all"), 0);
    struct queue_batch after = claim(scene, 100, 2000, 5);
    assert_int_equal(after.count, 1);
    assert_int_equal(after.rows[0].version, 11);
    assert_int_equal(mark(scene, &before.rows[0], 1), QUEUE_MARK_GONE);
    assert_int_equal(number(scene, "SELECT worker FROM delivery"), 100);
    assert_int_equal(mark(scene, &after.rows[0], 1), QUEUE_MARK_SENDING);
}

/* Else the row would be queued, and mailed, once more while its message is on its way. */
static void what_is_left_of_a_first_claim_changes_nothing_of_the_second(void **state)
{
    struct scene *scene = *state;
    crowd(scene, 1);
    (void)announce(scene, 1, 1);
    struct queue_batch before = claim(scene, 100, 2000, 5);
    sql(scene, "UPDATE delivery SET worker = 0"); /* let go */
    struct queue_batch after = claim(scene, 100, 2000, 5);
    assert_int_equal(mark(scene, &after.rows[0], 1), QUEUE_MARK_SENDING);
    record(scene, &before.rows[0], QUEUE_QUEUED, 0);
    record(scene, &before.rows[0], QUEUE_FAILED, 0);
    assert_int_equal(number(scene, "SELECT state FROM delivery"), QUEUE_SENDING);
    record(scene, &after.rows[0], QUEUE_SENT, 0);
    assert_int_equal(number(scene, "SELECT state FROM delivery"), QUEUE_SENT);
    assert_int_equal(number(scene, "SELECT attempts FROM delivery"), 1);
    assert_int_equal(claim(scene, 100, 9000, 5).count, 0);
}

/* As slow as a person with a pager: others' erasings must get their bytes out of the journal. */
static void nothing_is_held_open_while_recipients_are_looked_at(void **state)
{
    enum { SUBSCRIBERS = 2000 }; /* whole pages, and an empty one behind them */
    struct scene *scene = *state;
    struct queue_recipient_cursor cursor;
    const struct queue_recipient *recipient;
    int64_t count = 0;
    int64_t last = 0;
    crowd(scene, SUBSCRIBERS);
    struct queue_mailing mailing = announce(scene, 10, SUBSCRIBERS);
    queue_recipient_cursor_open(&cursor, scene->database, mailing.row_id, QUEUE_STATE_COUNT);
    while (queue_recipient_cursor_next(&cursor, &recipient, &scene->error)) {
        assert_true(recipient->subscriber > last);
        assert_non_null(recipient->address);
        last = recipient->subscriber;
        if (count++ % 500 == 0)
            DONE(database_checkpoint(scene->database, &scene->error));
    }
    DONE(queue_recipient_cursor_close(&cursor));
    assert_int_equal(count, SUBSCRIBERS);
}

/* ---- anything, in any order ---- */

struct hands {
    struct queue_row held[64]; /* claimed or marked rows, some stale */
    size_t count;
    int64_t mailing;
};

static void random_claim(struct scene *scene, struct hands *hands, uint64_t value)
{
    struct queue_batch batch = claim(scene, (int64_t)(1000 + value % 3),
                                     (int64_t)(1000 + value % 4000), value % 5 + 1);
    for (size_t i = 0; i < batch.count; i++)
        hands->held[(hands->count++) % 64] = batch.rows[i];
}

static void random_record(struct scene *scene, const struct queue_row *row, uint64_t value)
{
    static const enum queue_state outcomes[] = { QUEUE_SENT, QUEUE_DEFERRED, QUEUE_FAILED,
                                                 QUEUE_QUEUED };

    record(scene, row, outcomes[value % 4], (int64_t)(value % 5000));
}

static void random_steer(struct scene *scene, const struct hands *hands, uint64_t value)
{
    int64_t count = 0;
    begin(scene);
    if (value % 16 == 0)
        (void)queue_mailing_cancel(scene->database, hands->mailing, "x", 2000, &count,
                                   &scene->error);
    else if (value % 3 == 0)
        DONE(queue_mailing_pause(scene->database, hands->mailing, "x", &scene->error));
    else
        (void)queue_mailing_resume(scene->database, hands->mailing, 2000, &scene->error);
    commit(scene);
}

/* Every other one leaves in the moment between the claim and the mark, which finds that out. */
static void random_leave(struct scene *scene, uint64_t value)
{
    int64_t count = 0;
    char text[96];
    if (value % 2) {
        (void)snprintf(text, sizeof text, "UPDATE subscriber SET state = 3 WHERE row_id = %d",
                       (int)(value % 40 + 1));
        sql(scene, text);
        return;
    }
    begin(scene);
    DONE(queue_suppress_subscriber(scene->database, (int64_t)(value % 40 + 1), 2000, &count,
                                   &scene->error));
    commit(scene);
}

static void random_act(struct scene *scene, struct hands *hands, uint64_t value)
{
    const struct queue_row *row =
        hands->count ? &hands->held[(value >> 8) % (hands->count < 64 ? hands->count : 64)] : NULL;
    value >>= 16;
    switch (value % 16) {
    case 0:
        random_steer(scene, hands, value >> 4);
        break;
    case 1:
        random_leave(scene, value >> 4);
        break;
    case 2:
        (void)recover(scene, (value >> 4) % 2);
        break;
    case 3:
        (void)finish(scene);
        break;
    case 4:
    case 5:
    case 6:
        random_claim(scene, hands, value >> 4);
        break;
    case 7:
    case 8:
    case 9:
    case 10:
        if (row)
            (void)mark(scene, row, 1);
        break;
    default:
        if (row)
            random_record(scene, row, value >> 4);
    }
}

/* Holds I12. */
static void the_books_balance_whatever_happens(void **state)
{
    enum { SUBSCRIBERS = 40, STEPS = 600 };
    struct scene *scene = *state;
    struct random random = random_seeded(7);
    struct hands hands = { 0 };
    int64_t row_ids[2];
    crowd(scene, SUBSCRIBERS);
    row_ids[0] = announce(scene, 10, SUBSCRIBERS).row_id;
    row_ids[1] = announce(scene, 20, SUBSCRIBERS).row_id;
    sql(scene, "PRAGMA synchronous=OFF");
    for (int step = 0; step < STEPS; step++) {
        uint64_t value = (uint64_t)random_positive(&random);
        hands.mailing = row_ids[value % 2];
        random_act(scene, &hands, value >> 1);
        for (size_t i = 0; i < 2; i++) {
            struct queue_delivery_counts now = counts(scene, row_ids[i]);
            int64_t sum = 0;
            for (int j = 0; j < QUEUE_STATE_COUNT; j++)
                sum += now.count[j];
            assert_int_equal(sum, SUBSCRIBERS);
            assert_int_equal(now.audience, SUBSCRIBERS);
        }
        assert_int_equal(number(scene, "SELECT count(*) FROM delivery WHERE state = 1"
                                       " AND worker = 0"),
                         0);
        assert_int_equal(number(scene, "SELECT count(*) FROM delivery WHERE worker <> 0"
                                       " AND state NOT IN (0, 1, 3)"),
                         0);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, scene_make, scene_remove)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(who_leaves_a_feed_is_not_mailed_what_waits_for_it),
        TEST(of_a_row_that_a_worker_claimed_twice_only_the_second_may_leave),
        TEST(what_is_left_of_a_first_claim_changes_nothing_of_the_second),
        TEST(a_correction_reaches_who_left_the_feed_meanwhile),
        TEST(everybody_gets_one_version_the_best_for_him),
        TEST(an_audience_is_read_page_by_page),
        TEST(what_is_handed_over_has_a_key_that_exists_once),
        TEST(nobody_is_queued_twice_for_one_release),
        TEST(a_mailing_without_candidates_or_people_reaches_nobody),
        TEST(rows_go_from_queued_to_sent),
        TEST(what_is_claimed_is_what_is_given),
        TEST(who_left_a_moment_ago_is_not_mailed),
        TEST(what_was_refused_goes_when_its_mailing_is_resumed),
        TEST(a_mailing_is_held_paused_resumed_and_cancelled),
        TEST(withdrawing_cancels_and_tells_those_who_got_it),
        TEST(a_correction_goes_to_those_with_the_older_text),
        TEST(mailings_take_turns_and_digests_come_last),
        TEST(outside_hours_only_urgent_rows_are_due),
        TEST(a_confirmation_dies_with_its_request),
        TEST(a_dead_workers_rows_are_freed_or_indeterminate),
        TEST(a_row_that_three_runs_died_on_is_set_aside),
        TEST(a_connection_lost_behind_the_final_dot_is_indeterminate),
        TEST(an_indeterminate_original_is_not_sent_again_behind_its_correction),
        TEST(who_leaves_a_feed_gets_the_version_that_a_new_mailing_would_choose),
        TEST(a_look_for_work_reads_nothing_that_was_set_aside),
        TEST(what_may_have_arrived_counts_as_mailed),
        TEST(a_bounce_counts_once_also_after_the_end),
        TEST(missed_followers_get_a_second_mailing),
        TEST(what_is_old_is_forgotten_and_the_counts_stay),
        TEST(what_is_old_is_forgotten_in_small_steps),
        TEST(what_is_kept_costs_nothing),
        TEST(recipients_and_reasons_are_listed),
        TEST(nothing_is_held_open_while_recipients_are_looked_at),
        TEST(the_books_balance_whatever_happens),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
