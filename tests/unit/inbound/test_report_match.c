/* SPDX-License-Identifier: MIT */
#include "cmocka_all.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/random.h"
#include "database/database.h"
#include "database/write_transaction.h"
#include "digest/digest.h"
#include "feed/feed.h"
#include "inbound/report_match.h"
#include "queue/queue.h"
#include "subscriber/subscriber.h"
#include "unit/store.h"
#include "unit/subscriber/service.h"

/* Whose a report is that holds no token of ours. */

#define SENT_AT INT64_C(1780000000000)

struct scene {
    struct clock clock;
    struct random random;
    struct token_keys *keys;
    struct database *database;
    struct subscriber_service service;
    struct arena arena;
    struct error error;
    int64_t ida;
};

static int64_t granted(struct scene *scene, const char *address)
{
    struct subscriber_outcome outcome;
    const struct subscription_request subscription_request = {
        .address = address, .proof = { .way = SUBSCRIBER_BY_CLI, .evidence = "blanket" }
    };
    DONE(
        subscriber_grant(&scene->service, &subscription_request, SENT_AT, &outcome, &scene->error));
    return outcome.subscriber;
}

static void be_sent(struct scene *scene)
{
    DONE(database_begin(scene->database, &scene->error));
    DONE(database_execute(scene->database, "INSERT INTO announcement VALUES (7, 1, 0, '')",
                          &scene->error));
    DONE(database_execute(
        scene->database,
        arena_format(&scene->arena,
                     "INSERT INTO delivery (announcement, subscriber, mailing, version, state,"
                     " next_at, updated_at) VALUES (7, %lld, 1, 1, 2, 0, %lld)",
                     (long long)scene->ida, (long long)SENT_AT),
        &scene->error));
    DONE(database_commit(scene->database, &scene->error));
}

/* Ida was sent announcement 7; Ole nothing. */
static int scene_make(void **state)
{
    static struct scene scene;
    static const struct feed feed = { .id = "alt", .signup_open = true };
    const struct database_schema *schemas[] = { &queue_schema, &digest_schema, &subscriber_schema,
                                                &inbound_schema };
    scene = (struct scene){ .clock = clock_fixed(SENT_AT),
                            .random = random_seeded(3),
                            .keys = token_keys_fixed(9) };
    scene.database = test_store_in_memory(schemas, 4);
    scene.service = test_subscriber_service(scene.database, &scene.clock, &scene.random, scene.keys,
                                            &feed);
    scene.ida = granted(&scene, "Ida@avisen.example");
    (void)granted(&scene, "ole@avisen.example");
    be_sent(&scene);
    *state = &scene;
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

/* What comes of a bounce about those addresses that many days later: the announcement that it is
 * about; 0: it is left. */
static int64_t settled(struct scene *scene, enum inbound_knowledge known_by, const char *address,
                       const char *other, int days)
{
    struct inbound_recipient recipient = { .address = address, .other = other };
    struct inbound_reading reading = { .effect = INBOUND_BOUNCED,
                                       .known_by = known_by,
                                       .recipients = &recipient };
    const struct effect_job job = { .service = &scene->service,
                                    .arena = &scene->arena,
                                    .reading = &reading,
                                    .now_at = SENT_AT + days * DURATION_DAY };
    DONE(report_match(&job, &reading, &scene->error));
    if (reading.effect == INBOUND_NOT_OURS)
        return 0;
    assert_int_equal(reading.token.purpose, TOKEN_BOUNCE);
    assert_int_equal(reading.token.row_id, scene->ida);
    assert_ptr_equal(reading.recipient, &recipient);
    return reading.token.announcement;
}

static void an_address_that_was_mailed_is_known(void **state)
{
    struct scene *scene = *state;
    assert_int_equal(settled(scene, KNOWN_BY_REPORT, "ida@AVISEN.example", "", 1), 7);
    assert_int_equal(settled(scene, KNOWN_BY_FORM, "ida@avisen.example", "", 1), 7);
    assert_int_equal(settled(scene, KNOWN_BY_REPORT, "per@blad.example", "ida@avisen.example", 1),
                     7);
}

static void words_count_for_a_week_and_reports_for_a_month(void **state)
{
    struct scene *scene = *state;
    assert_int_equal(settled(scene, KNOWN_BY_FORM, "ida@avisen.example", "", 7), 7);
    assert_int_equal(settled(scene, KNOWN_BY_FORM, "ida@avisen.example", "", 8), 0);
    assert_int_equal(settled(scene, KNOWN_BY_REPORT, "ida@avisen.example", "", 30), 7);
    assert_int_equal(settled(scene, KNOWN_BY_REPORT, "ida@avisen.example", "", 31), 0);
}

static void who_was_mailed_nothing_is_nobody(void **state)
{
    struct scene *scene = *state;
    assert_int_equal(settled(scene, KNOWN_BY_REPORT, "ole@avisen.example", "", 1), 0);
    assert_int_equal(settled(scene, KNOWN_BY_REPORT, "ukendt@avisen.example", "", 1), 0);
    assert_int_equal(settled(scene, KNOWN_BY_REPORT, "no address @ all", "", 1), 0);
    assert_int_equal(settled(scene, KNOWN_BY_REPORT, "", "", 1), 0);
}

static void what_is_known_otherwise_is_left_as_it_is(void **state)
{
    struct scene *scene = *state;
    struct inbound_reading reading = { .effect = INBOUND_BOUNCED,
                                       .known_by = KNOWN_BY_TOKEN,
                                       .token = { TOKEN_BOUNCE, 5, 6 } };
    const struct effect_job job = {
        .service = &scene->service, .arena = &scene->arena, .reading = &reading, .now_at = SENT_AT
    };
    DONE(report_match(&job, &reading, &scene->error));
    assert_int_equal(reading.effect, INBOUND_BOUNCED);
    assert_int_equal(reading.token.row_id, 5);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, scene_make, scene_remove)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(an_address_that_was_mailed_is_known),
        TEST(words_count_for_a_week_and_reports_for_a_month),
        TEST(who_was_mailed_nothing_is_nobody),
        TEST(what_is_known_otherwise_is_left_as_it_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
