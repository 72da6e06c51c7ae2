/* SPDX-License-Identifier: MIT */
#include "cmocka_all.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/error.h"
#include "database/database.h"
#include "database/write_transaction.h"
#include "queue/queue.h"
#include "queue/sending.h"
#include "queue/trouble.h"
#include "unit/queue/subscriber_tables.h"
#include "unit/store.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NOW INT64_C(1780000000000)

struct scene {
    struct database *database;
    struct arena arena;
    struct error error;
    struct queue_receiver_hold hold; /* of the last refusal */
    int64_t mailing;
    int64_t announcement;
};

static int make_scene(void **state)
{
    static const struct database_schema *const schemas[] = { &subscriber_tables_schema,
                                                             &queue_schema };
    struct scene *scene = calloc(1, sizeof *scene);
    assert_non_null(scene);
    scene->database = test_store_in_memory(schemas, 2);
    DONE(database_begin(scene->database, &scene->error));
    *state = scene;
    return 0;
}

static int remove_scene(void **state)
{
    struct scene *scene = *state;
    database_close(scene->database);
    arena_release(&scene->arena);
    free(scene);
    return 0;
}

static int64_t number(struct scene *scene, const char *text)
{
    return test_store_number(scene->database, text);
}

static void sql(struct scene *scene, const char *text)
{
    DONE(database_execute(scene->database, text, &scene->error));
}

/* Whether it is held since this one. */
static bool refuse(struct scene *scene, const char *address, bool is_late)
{
    const struct queue_receiver_refusal refusal = { .address = address,
                                                    .code = 550,
                                                    .enhanced = "5.7.1",
                                                    .text = "no <kari@nordhav.example> today.",
                                                    .is_late = is_late,
                                                    .at = NOW };
    DONE(queue_receiver_note(scene->database, &refusal, &scene->hold, &scene->error));
    return scene->hold.is_new;
}

static void accept_some(struct scene *scene, const char *group, int64_t count)
{
    DONE(queue_receiver_tried(scene->database, group, count, true, NOW, &scene->error));
}

static int count_until_held(struct scene *scene, const char *address, bool is_late)
{
    for (int i = 1; i <= 1000; i++) {
        if (refuse(scene, address, is_late))
            return i;
    }
    return 0;
}

/* A release to people with ids from 1 at one domain each way. */
static void mail_to(struct scene *scene, int64_t count, const char *domain)
{
    char text[256];
    static const struct queue_candidate candidate = { "all", 10, "da", true };
    static const struct queue_candidates candidates = { &candidate, 1 };
    const struct queue_announcement announcement = { 10, QUEUE_RELEASE, "" };
    struct queue_mailing mailing = { .note = "", .created_at = NOW, .starts_at = NOW };
    bool is_new = false;
    int64_t added = 0;
    for (int64_t i = 1; i <= count; i++) {
        (void)snprintf(text, sizeof text,
                       "INSERT INTO subscriber VALUES (%" PRId64 ", 'p%" PRId64 "@%s', 'da', 2)", i,
                       i, domain);
        sql(scene, text);
        (void)snprintf(text, sizeof text,
                       "INSERT INTO subscription VALUES (%" PRId64 ", 'all', 0, 1)", i);
        sql(scene, text);
    }
    DONE(queue_announcement_open(scene->database, &announcement, &mailing.announcement, &is_new,
                                 &scene->error));
    DONE(queue_mailing_create(scene->database, &mailing, &scene->error));
    DONE(queue_add_audience(scene->database, &mailing, &candidates, &added, &scene->error));
    assert_int_equal(added, count);
    scene->mailing = mailing.row_id;
    scene->announcement = mailing.announcement;
}

/* ---- when it is held ---- */

static void twenty_in_a_row_hold_and_an_acceptance_ends_the_row(void **state)
{
    struct scene *scene = *state;
    for (int i = 0; i < 19; i++)
        assert_false(refuse(scene, "a@nordhav.example", false));
    accept_some(scene, "nordhav.example", 1);
    assert_int_equal(count_until_held(scene, "b@NORDHAV.example", false), 20);
    assert_string_equal(scene->hold.name, "nordhav.example");
    assert_string_equal(scene->hold.cause,
                        "20 messages in a row refused: 550 5.7.1 no <\xe2\x80\xa6@nordhav.example> "
                        "today");
    assert_false(refuse(scene, "a@nordhav.example", false)); /* told once */
    assert_false(refuse(scene, "a@fjord.example", false));   /* another one */
    assert_int_equal(number(scene, "SELECT count(*) FROM notice WHERE kind = 2"), 1);
}

static void one_in_twenty_of_at_least_four_hundred_holds(void **state)
{
    struct scene *scene = *state;
    int held_at = 0;
    for (int tried = 1; tried <= 1000 && !held_at; tried += 20) {
        if (refuse(scene, "a@nordhav.example", false))
            held_at = tried;
        accept_some(scene, "nordhav.example", 19);
    }
    assert_in_range(held_at, 400, 440);
    for (int i = 0; i < 100; i++) { /* one in twenty-five is less */
        assert_false(refuse(scene, "a@fjord.example", false));
        accept_some(scene, "fjord.example", 24);
    }
}

/* A relay takes all in, and what the receiver says comes back while more is accepted. */
static void bounces_among_acceptances_are_a_row_too(void **state)
{
    struct scene *scene = *state;
    for (int i = 1; i < 20; i++) {
        assert_false(refuse(scene, "a@nordhav.example", true));
        accept_some(scene, "nordhav.example", 1);
    }
    assert_true(refuse(scene, "a@nordhav.example", true));
    for (int i = 0; i < 19; i++)
        assert_false(refuse(scene, "a@fjord.example", true));
    accept_some(scene, "fjord.example", 20); /* so many came through since */
    assert_int_equal(count_until_held(scene, "a@fjord.example", true), 20);
}

static void learn(struct scene *scene, const char *domain)
{
    char address[80];
    (void)snprintf(address, sizeof address, "kari@%s", domain);
    const struct queue_receiver_refusal refusal = {
        .address = address, .remote_host = "firma-example.mail.protection.outlook.com", .at = NOW
    };
    DONE(queue_receiver_note(scene->database, &refusal, &scene->hold, &scene->error));
}

static void hosts_tell_who_takes_some_firms_mail(void **state)
{
    struct scene *scene = *state;
    char group[ADDRESS_GROUP_SIZE];
    learn(scene, "firma.example");
    learn(scene, "kommune.example");
    DONE(queue_receiver_group(scene->database, "ole@Firma.example", group, &scene->error));
    assert_string_equal(group, "firma.example");
    learn(scene, "skole.example");
    DONE(queue_receiver_group(scene->database, "ole@Firma.example", group, &scene->error));
    assert_string_equal(group, "outlook.com");
    assert_int_equal(number(scene, "SELECT in_a_row FROM receiver WHERE name = 'outlook.com'"), 1);
    (void)refuse(scene, "a@hotmail.dk", false);
    assert_int_equal(number(scene, "SELECT in_a_row FROM receiver WHERE name = 'outlook.com'"), 2);
}

/* A firm's own rules, or a bounce that anybody wrote, do not hold a whole provider. */
static void one_firms_trouble_is_its_own(void **state)
{
    struct scene *scene = *state;
    for (int i = 0; i < 20; i++)
        learn(scene, "firma.example");
    assert_true(scene->hold.is_new);
    assert_string_equal(scene->hold.name, "firma.example");
    assert_int_equal(number(scene, "SELECT count(*) FROM receiver WHERE name = 'outlook.com'"), 0);
}

/* Nobody would ever ask again for what waits under a name that is nobody's any more. */
static void what_waits_for_a_domain_goes_to_its_provider(void **state)
{
    struct scene *scene = *state;
    struct queue_batch batch;
    const struct queue_claim wanted = { .worker = 7, .now_at = NOW, .maximum = 200 };
    mail_to(scene, 60, "firma.example");
    assert_int_equal(count_until_held(scene, "kari@firma.example", false), 20);
    DONE(queue_claim(scene->database, &wanted, &scene->arena, &batch, &scene->error));
    assert_int_equal(batch.parked, 60);
    learn(scene, "kommune.example");
    learn(scene, "firma.example");
    assert_int_equal(number(scene, "SELECT count(*) FROM delivery WHERE worker < 0"), 60);
    learn(scene, "skole.example");
    DONE(queue_claim(scene->database, &wanted, &scene->arena, &batch, &scene->error));
    assert_int_equal(batch.count, 60);
    assert_int_equal(number(scene, "SELECT count(*) FROM delivery WHERE worker < 0"), 0);
    assert_int_equal(number(scene, "SELECT count(*) FROM notice WHERE until_at IS NULL"), 0);
}

static void old_trouble_is_forgotten_and_nothing_that_is_held(void **state)
{
    struct scene *scene = *state;
    (void)refuse(scene, "a@nordhav.example", false);
    assert_int_equal(count_until_held(scene, "a@fjord.example", false), 20);
    const struct queue_receiver_refusal later = { .address = "a@c.example",
                                                  .at = NOW + 31 * DURATION_DAY };
    DONE(queue_receiver_note(scene->database, &later, &scene->hold, &scene->error));
    assert_int_equal(number(scene, "SELECT count(*) FROM receiver WHERE name = 'nordhav.example'"),
                     0);
    assert_int_equal(number(scene, "SELECT state FROM receiver WHERE name = 'fjord.example'"), 1);
    for (int i = 0; i < 100; i++)
        accept_some(scene, "c.example", 100);
    assert_int_equal(number(scene, "SELECT count(*) FROM receiver"), 1); /* all is well there */
}

/* ---- what came back ---- */

static void send_all(struct scene *scene)
{
    int64_t finished = 0;
    sql(scene, "UPDATE delivery SET state = 2, attempts = 1, updated_at = 5");
    DONE(queue_finish(scene->database, NOW, &finished, &scene->error));
    assert_int_equal(finished, 1);
}

static void come_back(struct scene *scene, int64_t subscriber, const char *address)
{
    struct queue_feedback_row row;
    const struct queue_feedback feedback = { .kind = QUEUE_BOUNCED,
                                             .announcement = scene->announcement,
                                             .subscriber = subscriber,
                                             .at = NOW };
    const struct queue_receiver_return back = {
        .announcement = scene->announcement,
        .subscriber = subscriber,
        .address = address,
        .refusal = { .code = 550, .enhanced = "5.7.515", .text = "not authenticated", .at = NOW }
    };
    DONE(queue_record_feedback(scene->database, &feedback, &row, &scene->error));
    DONE(queue_receiver_returned(scene->database, &back, &scene->hold, &scene->error));
}

static void what_came_back_waits_again_once_its_receiver_is_held(void **state)
{
    struct scene *scene = *state;
    char address[64];
    struct queue_delivery_counts counts;
    mail_to(scene, 30, "hotmail.dk");
    send_all(scene);
    for (int64_t i = 1; i <= 25; i++) {
        (void)snprintf(address, sizeof address, "P%" PRId64 "@hotmail.dk", i);
        if (i == 3)
            (void)snprintf(address, sizeof address, "another@outlook.com"); /* sent on there */
        if (i == 4)
            *address = '\0'; /* left out */
        if (i == 5)
            (void)snprintf(address, sizeof address, "p5@gmail.com"); /* sent on, elsewhere */
        for (int copy = 0; copy < 3; copy++)
            come_back(scene, i, address);
        if (i < 21)
            assert_int_equal(number(scene, "SELECT count(*) FROM receiver WHERE state = 1"), 0);
    }
    assert_int_equal(number(scene, "SELECT refusals FROM receiver"), 24);
    assert_int_equal(number(scene, "SELECT count(*) FROM delivery WHERE worker < 0 AND state = 3"),
                     22);
    DONE(queue_counts_of_mailing(scene->database, scene->mailing, &counts, &scene->error));
    assert_int_equal(counts.count[QUEUE_SENT], 8);
    assert_int_equal(counts.count[QUEUE_DEFERRED], 22);
    assert_int_equal(counts.bounced, 3);
    assert_int_equal(number(scene, "SELECT state FROM mailing"), QUEUE_MAILING_ACTIVE);
}

/* A probe that the relay took, and that came back as before, is another refusal. */
static void what_is_tried_again_may_come_back_again(void **state)
{
    struct scene *scene = *state;
    char address[64];
    mail_to(scene, 30, "hotmail.dk");
    send_all(scene);
    for (int64_t i = 1; i <= 20; i++) {
        (void)snprintf(address, sizeof address, "p%" PRId64 "@hotmail.dk", i);
        come_back(scene, i, address);
    }
    assert_int_equal(number(scene, "SELECT count(*) FROM delivery WHERE worker < 0"), 20);
    for (int i = 0; i < 2; i++) {
        sql(scene, "UPDATE delivery SET state = 2, worker = 0 WHERE subscriber = 7");
        for (int copy = 0; copy < 100; copy++)
            come_back(scene, 7, "p7@hotmail.dk");
        assert_int_equal(number(scene, "SELECT refusals FROM receiver"), 21 + i);
        assert_int_equal(number(scene, "SELECT count(*) FROM delivery WHERE worker < 0"), 20);
    }
}

/* The withdrawal told everybody: nobody gets the release after it. */
static void what_came_back_of_a_release_withdrawn_since_is_left(void **state)
{
    struct scene *scene = *state;
    char address[64];
    bool is_new = false;
    int64_t withdrawal = 0;
    const struct queue_announcement announcement = { 10, QUEUE_WITHDRAWAL, "" };
    mail_to(scene, 30, "hotmail.dk");
    send_all(scene);
    DONE(queue_announcement_open(scene->database, &announcement, &withdrawal, &is_new,
                                 &scene->error));
    for (int64_t i = 1; i <= 25; i++) {
        (void)snprintf(address, sizeof address, "p%" PRId64 "@hotmail.dk", i);
        for (int copy = 0; copy < 3; copy++)
            come_back(scene, i, address);
    }
    for (int copy = 0; copy < 100; copy++)
        come_back(scene, 1, "p1@hotmail.dk");
    assert_int_equal(number(scene, "SELECT refusals FROM receiver"), 25);
    assert_int_equal(number(scene, "SELECT count(*) FROM receiver WHERE state = 1"), 1);
    assert_int_equal(number(scene, "SELECT count(*) FROM delivery WHERE state = 2"), 30);
    assert_int_equal(number(scene, "SELECT state FROM mailing"), QUEUE_MAILING_FINISHED);
}

/* ---- claims ---- */

static size_t claim(struct scene *scene, int64_t now_at, size_t *parked)
{
    struct queue_batch batch;
    const struct queue_claim wanted = { .worker = 7, .now_at = now_at, .maximum = 200 };
    DONE(queue_claim(scene->database, &wanted, &scene->arena, &batch, &scene->error));
    *parked = batch.parked;
    return batch.count;
}

static void claims_park_what_is_held_and_meet_it_no_more(void **state)
{
    struct scene *scene = *state;
    size_t parked = 0;
    int64_t due_at = 0;
    bool is_idle = false;
    mail_to(scene, 450, "hotmail.dk");
    sql(scene,
        "UPDATE subscriber SET address = 'x' || row_id || '@nordhav.example' WHERE row_id % 10 = 0");
    assert_int_equal(count_until_held(scene, "a@outlook.com", false), 20);
    assert_int_equal(claim(scene, NOW, &parked), 20);
    assert_int_equal(parked, 180);
    assert_int_equal(claim(scene, NOW, &parked), 20);
    assert_int_equal(claim(scene, NOW, &parked), 5);
    assert_int_equal(parked, 45);
    assert_int_equal(claim(scene, NOW, &parked), 0);
    assert_int_equal(parked, 0);
    sql(scene, "UPDATE delivery SET state = 2, worker = 0 WHERE worker = 7");
    const struct queue_claim wanted = { .now_at = NOW };
    DONE(queue_next_due(scene->database, &wanted, &due_at, &scene->error));
    assert_int_equal(due_at, NOW + QUEUE_RECEIVER_PROBE_MS);
    DONE(queue_is_idle(scene->database, true, NOW, &is_idle, &scene->error));
    assert_true(is_idle);
    /* One probe, whoever asks first. */
    assert_int_equal(claim(scene, NOW + QUEUE_RECEIVER_PROBE_MS, &parked), 1);
    assert_int_equal(claim(scene, NOW + QUEUE_RECEIVER_PROBE_MS, &parked), 0);
    int64_t finished = 0;
    DONE(queue_finish(scene->database, NOW, &finished, &scene->error));
    assert_int_equal(finished, 0);
}

/* Who is let go by hand once it is mended gets all, not the first twenty half an hour later. */
static void what_was_refused_before_the_hold_waits_with_the_rest(void **state)
{
    struct scene *scene = *state;
    size_t parked = 0;
    int64_t waiting = 0;
    char name[ADDRESS_GROUP_SIZE];
    mail_to(scene, 60, "hotmail.dk");
    sql(scene,
        "UPDATE subscriber SET address = 'x' || row_id || '@nordhav.example' WHERE row_id <= 10");
    sql(scene, "UPDATE delivery SET state = 3, attempts = 1, smtp_code = 550, is_ours = 1,"
               " next_at = 1780000000000 + 1800000 WHERE subscriber <= 30");
    sql(scene, "UPDATE delivery SET is_ours = 0 WHERE subscriber = 30");
    assert_int_equal(count_until_held(scene, "a@outlook.com", false), 20);
    assert_int_equal(number(scene, "SELECT count(*) FROM delivery WHERE worker < 0"
                                   " AND attempts = 0 AND state = 3"),
                     19);
    DONE(queue_receiver_free(scene->database, "live.dk", NOW + 5, name, &waiting, &scene->error));
    assert_int_equal(waiting, 19);
    assert_int_equal(claim(scene, NOW + 6, &parked), 49);
}

static void what_is_let_go_is_due_at_once_and_given_back_in_pieces(void **state)
{
    struct scene *scene = *state;
    size_t parked = 0;
    int64_t since_at = 0;
    int64_t waiting = 0;
    char name[ADDRESS_GROUP_SIZE];
    mail_to(scene, 2500, "hotmail.dk");
    assert_int_equal(count_until_held(scene, "a@outlook.com", false), 20);
    do
        assert_int_equal(claim(scene, NOW, &parked), 0);
    while (parked);
    DONE(queue_receiver_free(scene->database, "live.dk", NOW + 5, name, &waiting, &scene->error));
    assert_string_equal(name, "outlook.com");
    assert_int_equal(waiting, 2500);
    DONE(queue_oldest_waiting(scene->database, NOW + 6, &since_at, &scene->error));
    assert_int_equal(since_at, NOW + 5);
    for (int64_t left = 1500; left >= 0; left -= 1000) {
        assert_int_equal(claim(scene, NOW + 6, &parked), 200);
        assert_int_equal(number(scene, "SELECT count(*) FROM delivery WHERE worker < 0"), left);
    }
    assert_false(
        queue_receiver_free(scene->database, "live.dk", NOW + 7, name, &waiting, &scene->error));
    assert_int_equal(scene->error.kind, ERROR_INPUT);
    assert_int_equal(claim(scene, NOW + 8, &parked), 200);
    assert_int_equal(claim(scene, NOW + 8, &parked), 200);
    assert_int_equal(number(scene, "SELECT count(*) FROM receiver"), 0);
}

static void refusals_while_it_is_given_back_are_a_row_of_their_own(void **state)
{
    struct scene *scene = *state;
    size_t parked = 0;
    int64_t waiting = 0;
    char name[ADDRESS_GROUP_SIZE];
    mail_to(scene, 100, "hotmail.dk");
    assert_int_equal(count_until_held(scene, "a@outlook.com", false), 20);
    assert_int_equal(claim(scene, NOW, &parked), 0);
    DONE(queue_receiver_free(scene->database, "hotmail.dk", NOW, name, &waiting, &scene->error));
    for (int i = 0; i < 19; i++)
        assert_false(refuse(scene, "a@hotmail.dk", false));
    assert_int_equal(claim(scene, NOW, &parked), 100);
    assert_int_equal(claim(scene, NOW, &parked), 0); /* all are given back */
    assert_int_equal(number(scene, "SELECT in_a_row FROM receiver WHERE state = 0"), 19);
    assert_true(refuse(scene, "a@hotmail.dk", false));
}

/* A relay that takes nothing is asked with one message, and not with one for who is held. */
static void a_relays_probe_stands_behind_no_parked_row(void **state)
{
    struct scene *scene = *state;
    struct queue_batch batch;
    mail_to(scene, 450, "hotmail.dk");
    sql(scene,
        "UPDATE subscriber SET address = 'x' || row_id || '@nordhav.example' WHERE row_id > 190");
    assert_int_equal(count_until_held(scene, "a@outlook.com", false), 20);
    const struct queue_claim wanted = {
        .worker = 7, .now_at = NOW, .maximum = 1, .is_probe = true
    };
    DONE(queue_claim(scene->database, &wanted, &scene->arena, &batch, &scene->error));
    assert_int_equal(batch.count, 1);
    assert_string_equal(batch.rows[0].address, "x191@nordhav.example");
    assert_int_equal(batch.parked, 190);
    assert_int_equal(number(scene, "SELECT count(*) FROM delivery WHERE worker = 7"), 1);
    assert_int_equal(number(scene, "SELECT count(*) FROM delivery WHERE worker = 0"), 259);
}

/* The parked rows of paused mailings wait for these, and are probed with by nobody. */
static void a_paused_mailing_is_not_probed_with(void **state)
{
    struct scene *scene = *state;
    size_t parked = 0;
    mail_to(scene, 30, "hotmail.dk");
    assert_int_equal(count_until_held(scene, "a@outlook.com", false), 20);
    assert_int_equal(claim(scene, NOW, &parked), 0);
    assert_int_equal(parked, 30);
    DONE(queue_mailing_pause(scene->database, scene->mailing, "by hand", &scene->error));
    for (int i = 1; i < 20; i++)
        assert_int_equal(claim(scene, NOW + i * QUEUE_RECEIVER_PROBE_MS, &parked), 0);
    DONE(queue_mailing_resume(scene->database, scene->mailing, NOW, &scene->error));
    assert_int_equal(claim(scene, NOW + 20 * QUEUE_RECEIVER_PROBE_MS, &parked), 1);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, make_scene, remove_scene)
    const struct CMUnitTest tests[] = {
        TEST(twenty_in_a_row_hold_and_an_acceptance_ends_the_row),
        TEST(one_in_twenty_of_at_least_four_hundred_holds),
        TEST(bounces_among_acceptances_are_a_row_too),
        TEST(hosts_tell_who_takes_some_firms_mail),
        TEST(one_firms_trouble_is_its_own),
        TEST(what_waits_for_a_domain_goes_to_its_provider),
        TEST(old_trouble_is_forgotten_and_nothing_that_is_held),
        TEST(what_came_back_waits_again_once_its_receiver_is_held),
        TEST(what_is_tried_again_may_come_back_again),
        TEST(what_came_back_of_a_release_withdrawn_since_is_left),
        TEST(claims_park_what_is_held_and_meet_it_no_more),
        TEST(what_was_refused_before_the_hold_waits_with_the_rest),
        TEST(what_is_let_go_is_due_at_once_and_given_back_in_pieces),
        TEST(refusals_while_it_is_given_back_are_a_row_of_their_own),
        TEST(a_relays_probe_stands_behind_no_parked_row),
        TEST(a_paused_mailing_is_not_probed_with),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
