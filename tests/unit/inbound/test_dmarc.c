/* SPDX-License-Identifier: MIT */
#include "cmocka_all.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/error.h"
#include "database/database.h"
#include "database/write_transaction.h"
#include "dmarc/dmarc.h"
#include "inbound/dmarc_store.h"
#include "inbound/inbound.h"
#include "mime/mime.h"
#include "queue/queue.h"
#include "queue/trouble.h"
#include "subscriber/subscriber.h"
#include "unit/store.h"

#include <stdio.h>
#include <string.h>

/* Reports in the store: each once, of our domains alone, bounded, and forgotten. */

#define NOW_AT (INT64_C(20612) * DURATION_DAY + DURATION_HOUR) /* 8 June 2026 */

struct scene {
    struct database *database;
    struct token_keys *keys;
    struct inbound_context context;
    struct arena arena;
    struct error error;
};

static int scene_make(void **state)
{
    static struct scene the_scene;
    struct scene *scene = &the_scene;
    static const struct inbound_settings settings = { .replies = "svar@nordhav.example",
                                                      .bounces = "retur@retur.example",
                                                      .from = "presse@presse.nordhav.example",
                                                      .delimiter = "+",
                                                      .mailbox_name = "inbox" };
    const struct database_schema *schemas[] = { &queue_schema, &inbound_schema };
    *scene = (struct scene){ .keys = token_keys_fixed(9) };
    scene->database = test_store_in_memory(schemas, 2);
    DONE(inbound_context_init(&scene->context, &scene->arena, &settings, scene->keys,
                              &scene->error));
    *state = scene;
    return 0;
}

static int scene_remove(void **state)
{
    struct scene *scene = *state;
    database_close(scene->database);
    token_keys_free(scene->keys);
    arena_release(&scene->arena);
    return 0;
}

/* A report of one day with one row. */
static struct dmarc_report report_of(const char *organization, const char *identity,
                                     const struct dmarc_row *rows)
{
    return (struct dmarc_report){ .organization = organization,
                                  .contact = "mx.example",
                                  .identity = identity,
                                  .domain = "nordhav.example",
                                  .begin_at = NOW_AT - DURATION_DAY - DURATION_HOUR,
                                  .end_at = NOW_AT - DURATION_HOUR,
                                  .rows = rows };
}

/* False: it is not ours. */
static bool take(struct scene *scene, const struct dmarc_report *report, int64_t now_at)
{
    const struct mime_message message = {
        .type = "text/plain", .subject = "", .from = "Rapport@Storpost.Example", .dmarc = report
    };
    struct inbound_reading reading = { .effect = INBOUND_NOT_OURS };
    const struct subscriber_service service = { .database = scene->database };
    assert_true(dmarc_take(&scene->context, &scene->arena, &message, &reading));
    assert_int_equal(reading.kind, KIND_DMARC);
    if (reading.effect != INBOUND_DMARC)
        return false;
    struct effect_line *lines = NULL;
    const struct effect_job job = { .service = &service,
                                    .arena = &scene->arena,
                                    .message = &message,
                                    .reading = &reading,
                                    .now_at = now_at,
                                    .lines = &lines };
    DONE(database_begin(scene->database, &scene->error));
    bool done = dmarc_store(&job, &scene->error);
    DONE(database_end(scene->database, done, &scene->error));
    return true;
}

static struct inbound_dmarc summary_at(struct scene *scene, int64_t now_at)
{
    struct inbound_dmarc summary;
    DONE(inbound_dmarc_read(scene->database, &scene->arena, now_at, &summary, &scene->error));
    return summary;
}

static void each_report_counts_once(void **state)
{
    struct scene *scene = *state;
    const struct dmarc_row row = {
        .source = "192.0.2.10", .domain = "presse.nordhav.example", .result = DMARC_DKIM, .count = 5
    };
    struct dmarc_report first = report_of("Storpost", "1", &row);
    struct dmarc_report second = report_of("Storpost", "2", &row);
    struct dmarc_report other = report_of("Smaapost", "1", &row);
    for (int i = 0; i < 3; i++)
        assert_true(take(scene, &first, NOW_AT));
    assert_true(take(scene, &second, NOW_AT));
    assert_true(take(scene, &other, NOW_AT));
    struct inbound_dmarc summary = summary_at(scene, NOW_AT);
    assert_int_equal(summary.reports, 3);
    assert_int_equal(summary.messages, 15);
    assert_int_equal(summary.passed, 15);
    assert_string_equal(summary.sources->source, "192.0.2.10");
    assert_string_equal(summary.sources->reporters, "Smaapost, Storpost");
    assert_null(summary.sources->next);
}

static void rows_of_others_do_not_count(void **state)
{
    struct scene *scene = *state;
    const struct dmarc_row below = { .source = "192.0.2.13",
                                     .domain = "a.presse.nordhav.example",
                                     .count = 1 };
    const struct dmarc_row bounces = {
        .source = "192.0.2.12", .domain = "retur.example", .count = 3, .next = &below
    };
    const struct dmarc_row above = {
        .source = "192.0.2.11", .domain = "nordhav.example", .count = 7, .next = &bounces
    };
    const struct dmarc_row alike = { .source = "192.0.2.11",
                                     .domain = "ikkepresse.nordhav.example",
                                     .count = 7 };
    struct dmarc_report report = report_of("Storpost", "1", &above);
    struct dmarc_report none = report_of("Storpost", "2", &alike);
    assert_true(take(scene, &report, NOW_AT));
    assert_false(take(scene, &none, NOW_AT));
    none.domain = "presse.nordhav.example"; /* ours, whatever it holds */
    assert_true(take(scene, &none, NOW_AT));
    struct inbound_dmarc summary = summary_at(scene, NOW_AT);
    assert_int_equal(summary.messages, 4);
    assert_string_equal(summary.sources->source, "192.0.2.12");
    assert_string_equal(summary.sources->next->source, "192.0.2.13");
}

static void results_are_added_up(void **state)
{
    struct scene *scene = *state;
    struct dmarc_row rows[] = {
        { .source = "192.0.2.10", .result = DMARC_DKIM | DMARC_SPF, .count = 10 },
        { .source = "192.0.2.10", .result = DMARC_SPF | DMARC_DKIM_OF_ANOTHER, .count = 20 },
        { .source = "192.0.2.10", .result = DMARC_SPF | DMARC_DKIM_OF_ANOTHER, .count = 1 },
        { .source = "192.0.2.10", .result = DMARC_SPF_OF_ANOTHER | DMARC_REJECTED, .count = 3 },
        { .source = "192.0.2.11", .result = DMARC_FORWARDED | DMARC_QUARANTINED, .count = 40 },
    };
    const size_t count = sizeof rows / sizeof rows[0];
    for (size_t i = 0; i < count; i++) {
        rows[i].domain = "presse.nordhav.example";
        rows[i].next = i + 1 < count ? &rows[i + 1] : NULL;
    }
    struct dmarc_report report = report_of("Storpost", "1", rows);
    assert_true(take(scene, &report, NOW_AT));
    struct inbound_dmarc summary = summary_at(scene, NOW_AT);
    const struct inbound_dmarc_source *forwarder = summary.sources;
    const struct inbound_dmarc_source *relay = forwarder->next;
    assert_int_equal(summary.messages, 74);
    assert_int_equal(summary.passed, 31);
    assert_int_equal(forwarder->forwarded, 40);
    assert_int_equal(forwarder->quarantined, 40);
    assert_int_equal(forwarder->passed, 0);
    assert_int_equal(relay->messages, 34);
    assert_int_equal(relay->dkim, 10);
    assert_int_equal(relay->spf, 31);
    assert_int_equal(relay->passed, 31);
    assert_int_equal(relay->signed_by_another, 21);
    assert_int_equal(relay->sent_for_another, 3);
    assert_int_equal(relay->rejected, 3);
}

static void a_reporter_is_no_person(void **state)
{
    struct scene *scene = *state;
    const struct dmarc_row row = { .source = "192.0.2.10",
                                   .domain = "presse.nordhav.example",
                                   .count = 5 };
    struct dmarc_report report = report_of("Ida Hansen <ida@avis.example>", "1", &row);
    assert_true(take(scene, &report, NOW_AT));
    report.contact = "";
    report.identity = "2";
    assert_true(take(scene, &report, NOW_AT));
    report.organization = "";
    report.identity = "";
    assert_true(take(scene, &report, NOW_AT));
    report.begin_at += DURATION_HOUR; /* without a name its day alone tells it apart */
    assert_true(take(scene, &report, NOW_AT));
    assert_string_equal(summary_at(scene, NOW_AT).sources->reporters,
                        "mx.example, storpost.example");
    assert_int_equal(summary_at(scene, NOW_AT).messages, 20);
}

static void a_flood_is_bounded(void **state)
{
    struct scene *scene = *state;
    for (int i = 0; i < 4; i++) {
        static struct dmarc_row rows[DMARC_ROWS_MAXIMUM];
        const char *identity = arena_format(&scene->arena, "%d", i);
        for (int n = 0; n < DMARC_ROWS_MAXIMUM; n++) {
            rows[n] = (struct dmarc_row){ .domain = "presse.nordhav.example", .count = 1 };
            (void)snprintf(rows[n].source, sizeof rows[n].source, "10.%d.%d.%d", i, n / 250,
                           n % 250);
            rows[n].next = n + 1 < DMARC_ROWS_MAXIMUM ? &rows[n + 1] : NULL;
        }
        struct dmarc_report report = report_of(arena_format(&scene->arena, "r%d", i), identity,
                                               rows);
        assert_true(take(scene, &report, NOW_AT));
    }
    struct inbound_dmarc summary = summary_at(scene, NOW_AT);
    int count = 0;
    const char *last = "none";
    for (const struct inbound_dmarc_source *at = summary.sources; at; at = at->next) {
        last = at->source;
        count++;
    }
    assert_int_equal(count, INBOUND_DMARC_ROWS_A_DAY + 1);
    assert_string_equal(last, "");
    assert_int_equal(summary.messages, 4 * DMARC_ROWS_MAXIMUM);
}

static void what_is_old_is_forgotten(void **state)
{
    struct scene *scene = *state;
    const struct dmarc_row row = { .source = "192.0.2.10",
                                   .domain = "presse.nordhav.example",
                                   .count = 5 };
    struct dmarc_report report = report_of("Storpost", "1", &row);
    struct dmarc_report late = report_of("Storpost", "2", &row);
    struct dmarc_report ahead = report_of("Storpost", "3", &row);
    late.begin_at -= 40 * DURATION_DAY;
    late.end_at -= 40 * DURATION_DAY;
    ahead.begin_at += 40 * DURATION_DAY;
    ahead.end_at += 40 * DURATION_DAY;
    assert_true(take(scene, &report, NOW_AT));
    assert_true(take(scene, &late, NOW_AT));
    assert_true(take(scene, &ahead, NOW_AT));
    assert_int_equal(summary_at(scene, NOW_AT).messages, 5);
    assert_int_equal(summary_at(scene, NOW_AT).reports, 1);
    assert_int_equal(summary_at(scene, NOW_AT + 28 * DURATION_DAY).messages, 5);
    assert_int_equal(summary_at(scene, NOW_AT + 29 * DURATION_DAY).messages, 0);
    /* Sent again when it is about to go, it does not count anew. */
    assert_true(take(scene, &report, NOW_AT + 28 * DURATION_DAY));
    assert_int_equal(summary_at(scene, NOW_AT + 28 * DURATION_DAY).messages, 5);
    DONE(dmarc_expire(scene->database, NOW_AT + 60 * DURATION_DAY, &scene->error));
    bool found = false;
    struct statement *statement = database_prepare(
        scene->database,
        "SELECT (SELECT count(*) FROM inbound_dmarc) + (SELECT count(*) FROM inbound_dmarc_report)",
        &scene->error);
    DONE(statement_find(statement, &found, &scene->error));
    assert_int_equal(statement_integer(statement, 0), 0);
    statement_reset(statement);
}

/* ---- what is told ---- */

static void tells(struct scene *scene, int64_t now_at, bool has_news, int open, int closed)
{
    struct queue_notice_cursor cursor;
    const struct queue_notice *notice;
    int open_count = 0;
    int closed_count = 0;
    DONE(dmarc_update_notice(&scene->context, &scene->arena, scene->database, now_at, has_news,
                             &scene->error));
    queue_notice_cursor_open(&cursor, scene->database, false);
    while (queue_notice_cursor_next(&cursor, &notice, &scene->error)) {
        assert_int_equal(notice->kind, QUEUE_NOTICE_DMARC);
        assert_string_equal(notice->subject, "presse.nordhav.example");
        if (notice->until_at == INSTANT_NONE)
            open_count++;
        else
            closed_count++;
    }
    DONE(queue_notice_cursor_close(&cursor));
    assert_int_equal(open_count, open);
    assert_int_equal(closed_count, closed);
}

static void what_does_not_pass_is_told_once(void **state)
{
    struct scene *scene = *state;
    struct dmarc_row row = { .source = "192.0.2.10",
                             .domain = "presse.nordhav.example",
                             .result = DMARC_DKIM,
                             .count = 190 };
    struct dmarc_report report = report_of("Storpost", "1", &row);
    assert_true(take(scene, &report, NOW_AT));
    tells(scene, NOW_AT, true, 0, 0);
    row.result = DMARC_FORWARDED;
    report.identity = "2";
    assert_true(take(scene, &report, NOW_AT));
    tells(scene, NOW_AT, true, 0, 0);
    row.result = 0;
    row.count = 19; /* of 399: less than 5 % */
    report.identity = "3";
    assert_true(take(scene, &report, NOW_AT));
    tells(scene, NOW_AT, true, 0, 0);
    row.count = 2;
    report.identity = "4";
    assert_true(take(scene, &report, NOW_AT));
    tells(scene, NOW_AT, true, 1, 0);
    tells(scene, NOW_AT, true, 1, 0);
    tells(scene, NOW_AT + DURATION_DAY, false, 1, 0);
    tells(scene, NOW_AT + 31 * DURATION_DAY, false, 0, 1);
    tells(scene, NOW_AT + 32 * DURATION_DAY, false, 0, 1);
}

static void a_handful_is_not_told(void **state)
{
    struct scene *scene = *state;
    const struct dmarc_row row = { .source = "192.0.2.10",
                                   .domain = "presse.nordhav.example",
                                   .count = INBOUND_DMARC_FAILED_LEAST - 1 };
    struct dmarc_report report = report_of("Storpost", "1", &row);
    assert_true(take(scene, &report, NOW_AT));
    tells(scene, NOW_AT, true, 0, 0);
}

int main(void)
{
#define SCENE(name) cmocka_unit_test_setup_teardown(name, scene_make, scene_remove)
    const struct CMUnitTest tests[] = {
        SCENE(each_report_counts_once),
        SCENE(rows_of_others_do_not_count),
        SCENE(results_are_added_up),
        SCENE(a_reporter_is_no_person),
        SCENE(a_flood_is_bounded),
        SCENE(what_is_old_is_forgotten),
        SCENE(what_does_not_pass_is_told_once),
        SCENE(a_handful_is_not_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
