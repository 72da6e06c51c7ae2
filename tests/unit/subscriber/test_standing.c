/* SPDX-License-Identifier: MIT */
#include "unit/subscriber/subscriber_scene.h"

#include "database/write_transaction.h"
#include "queue/sending.h"
#include "queue/trouble.h"
#include "subscriber/standing.h"

#include <stdio.h>
#include <string.h>

enum { SUBSCRIBERS_MAXIMUM = 1000 };

static const struct feed all = { .id = "alt", .signup_open = true };

/* A newsroom whose mailings are sent by hand: whom they reach, and what comes back. */
static struct {
    struct standing_totals totals;
    int64_t subscribers[SUBSCRIBERS_MAXIMUM];
    int count;
    int releases;
} mailed;

/* A Monday morning. */
#define START_AT INT64_C(1780297200000)

static int scene_make(void **state)
{
    static struct scene scene;
    memset(&mailed, 0, sizeof mailed);
    scene_open(&scene, ":memory:", -1, START_AT, &all);
    *state = &scene;
    return 0;
}

static int scene_remove(void **state)
{
    scene_close(*state);
    return 0;
}

static int64_t number(struct scene *scene, const char *text)
{
    return test_store_number(scene->database, text);
}

static void pass(struct scene *scene, int64_t duration_ms)
{
    scene->clock.fixed_at += duration_ms;
}

static void crowd(struct scene *scene, int count)
{
    const char *feed = "alt";
    for (int i = 0; i < count; i++) {
        char address[64];
        struct subscriber_outcome outcome = { 0 };
        (void)snprintf(address, sizeof address, "p%d@avisen.example", i);
        const struct subscription_request subscription_request = {
            .address = address,
            .feeds = &feed,
            .feed_count = 1,
            .proof = { .way = SUBSCRIBER_BY_CLI, .evidence = "list" }
        };
        DONE(subscriber_grant(&scene->service, &subscription_request, scene->clock.fixed_at,
                              &outcome, &scene->error));
        mailed.subscribers[mailed.count++] = outcome.subscriber;
    }
}

/* ---- mailings ---- */

static void begin(struct scene *scene)
{
    DONE(database_begin(scene->database, &scene->error));
}

static void commit(struct scene *scene)
{
    DONE(database_commit(scene->database, &scene->error));
}

/* Whether the person is among the first `refused` of the crowd. */
static bool is_among(int64_t subscriber, int refused)
{
    for (int i = 0; i < refused; i++)
        if (mailed.subscribers[i] == subscriber)
            return true;
    return false;
}

static struct queue_mailing announce(struct scene *scene)
{
    static const struct queue_candidate candidate = { "alt", 1, "da", true };
    static const struct queue_candidates candidates = { &candidate, 1 };
    int64_t added = 0;
    bool is_new = false;
    int64_t now_at = scene->clock.fixed_at;
    const struct queue_announcement announcement = { ++mailed.releases, QUEUE_RELEASE, "" };
    struct queue_mailing mailing = { .created_at = now_at, .starts_at = now_at };
    begin(scene);
    DONE(queue_announcement_open(scene->database, &announcement, &mailing.announcement, &is_new,
                                 &scene->error));
    DONE(queue_mailing_create(scene->database, &mailing, &scene->error));
    DONE(queue_add_audience(scene->database, &mailing, &candidates, &added, &scene->error));
    commit(scene);
    return mailing;
}

static void refuse(struct scene *scene, const struct standing_refusal *refusal)
{
    DONE(standing_refuse(&scene->service, refusal, &scene->error));
}

/* Sends so many rows; the first `refused` of the crowd are refused to our face. */
static void send_some(struct scene *scene, size_t maximum, int refused)
{
    struct queue_batch batch;
    const struct queue_claim wanted = { .worker = 1,
                                        .now_at = scene->clock.fixed_at,
                                        .maximum = maximum };
    begin(scene);
    DONE(queue_claim(scene->database, &wanted, &scene->arena, &batch, &scene->error));
    for (size_t i = 0; i < batch.count; i++) {
        const struct queue_row *row = &batch.rows[i];
        enum queue_mark mark = QUEUE_MARK_GONE;
        bool is_refused = is_among(row->subscriber, refused);
        const struct queue_result result = { .state = is_refused ? QUEUE_FAILED : QUEUE_SENT,
                                             .smtp_code = is_refused ? 550 : 250,
                                             .enhanced = is_refused ? "5.1.1" : "2.0.0" };
        DONE(queue_mark_sending(scene->database, row, 1, scene->clock.fixed_at, &mark,
                                &scene->error));
        if (mark != QUEUE_MARK_SENDING)
            continue;
        DONE(queue_record(scene->database, row, &result, scene->clock.fixed_at, &scene->error));
        if (is_refused)
            refuse(scene,
                   &(struct standing_refusal){ .subscriber = row->subscriber,
                                               .mailing = row->transactional ? 0 : row->mailing,
                                               .transactional = row->transactional,
                                               .sent_at = scene->clock.fixed_at,
                                               .smtp_code = 550,
                                               .enhanced = "5.1.1",
                                               .text = "5.1.1 unknown user" });
    }
    commit(scene);
}

static void finish(struct scene *scene)
{
    int64_t finished = 0;
    begin(scene);
    DONE(queue_finish(scene->database, scene->clock.fixed_at, &finished, &scene->error));
    commit(scene);
}

static struct queue_mailing mail_all(struct scene *scene, int refused)
{
    struct queue_mailing mailing = announce(scene);
    send_some(scene, 1000, refused);
    finish(scene);
    return mailing;
}

/* A bounce of the mailing, as inbound/ writes it down. */
static void bounce(struct scene *scene, const struct queue_mailing *mailing, int64_t subscriber)
{
    struct queue_feedback_row row;
    const struct queue_feedback feedback = { .kind = QUEUE_BOUNCED,
                                             .announcement = mailing->announcement,
                                             .subscriber = subscriber,
                                             .at = scene->clock.fixed_at };
    begin(scene);
    DONE(queue_record_feedback(scene->database, &feedback, &row, &scene->error));
    assert_true(row.is_there);
    refuse(scene, &(struct standing_refusal){ .subscriber = subscriber,
                                              .mailing = row.mailing,
                                              .sent_at = row.sent_at,
                                              .enhanced = "5.1.1" });
    commit(scene);
}

static void settle(struct scene *scene)
{
    mailed.totals = (struct standing_totals){ 0 };
    DONE(standing_process(&scene->service, &mailed.totals, &scene->error));
}

/* The day's mailing comes back from the first `refused` of the crowd, an hour later. */
static struct queue_mailing mail_back(struct scene *scene, int refused)
{
    struct queue_mailing mailing = mail_all(scene, 0);
    pass(scene, DURATION_HOUR);
    for (int i = 0; i < refused; i++)
        bounce(scene, &mailing, mailed.subscribers[i]);
    settle(scene);
    return mailing;
}

/* ---- what is seen ---- */

static struct standing standing_of(struct scene *scene, int64_t subscriber)
{
    struct standing standing;
    DONE(standing_find(scene->database, &scene->arena, subscriber, scene->clock.fixed_at, &standing,
                       &scene->error));
    return standing;
}

/* In hundredths. */
static int points(struct scene *scene)
{
    return (int)(standing_of(scene, mailed.subscribers[0]).points * 100 + 0.5);
}

static bool is_probed(struct scene *scene)
{
    return standing_of(scene, mailed.subscribers[0]).probe_since_at != INSTANT_NONE;
}

static int64_t probes_made(struct scene *scene)
{
    return number(scene, "SELECT count(*) FROM transactional_mail WHERE kind = 8");
}

static enum subscriber_state state_of(struct scene *scene, int64_t row_id)
{
    bool failed = false;
    const struct subscriber *subscriber = subscriber_find_by_row_id(scene->database, &scene->arena,
                                                                    row_id, &failed, &scene->error);
    DONE(!failed && subscriber);
    return subscriber->state;
}

/* The probe of the first of the crowd comes back. */
static void bounce_probe(struct scene *scene)
{
    const struct standing standing = standing_of(scene, mailed.subscribers[0]);
    assert_true(standing.probe != 0);
    refuse(scene, &(struct standing_refusal){ .subscriber = mailed.subscribers[0],
                                              .transactional = standing.probe,
                                              .sent_at = standing.probe_since_at,
                                              .enhanced = "5.1.1",
                                              .text = "550 5.1.1 no such mailbox" });
}

/* ---- points ---- */

static void a_day_has_one_point(void **state)
{
    struct scene *scene = *state;
    crowd(scene, 3);
    for (int i = 0; i < 3; i++)
        (void)mail_back(scene, 1);
    assert_int_equal(points(scene), 100);
    assert_int_equal(probes_made(scene), 0);
    assert_int_equal(standing_of(scene, mailed.subscribers[1]).points, 0);
}

static void the_same_bounce_a_hundred_times_is_one(void **state)
{
    struct scene *scene = *state;
    crowd(scene, 3);
    const struct queue_mailing mailing = mail_back(scene, 1);
    for (int i = 0; i < 100; i++) {
        pass(scene, DURATION_HOUR);
        bounce(scene, &mailing, mailed.subscribers[0]);
        settle(scene);
    }
    assert_int_equal(points(scene), 100);
    assert_int_equal(probes_made(scene), 0);
    assert_int_equal(number(scene, "SELECT refused FROM mailing_return"), 1);
}

static void two_points_send_one_probe(void **state)
{
    struct scene *scene = *state;
    crowd(scene, 3);
    (void)mail_back(scene, 1);
    pass(scene, DURATION_DAY);
    (void)mail_back(scene, 1);
    assert_int_equal(points(scene), 200);
    assert_true(is_probed(scene));
    assert_int_equal(mailed.totals.probes, 1);
    assert_int_equal(state_of(scene, mailed.subscribers[0]), SUBSCRIBER_CONFIRMED);
    pass(scene, DURATION_DAY);
    (void)mail_back(scene, 1);
    assert_int_equal(probes_made(scene), 1);
}

/* What somebody beside us wrote down a moment later than we began. */
static void what_is_dated_ahead_counts(void **state)
{
    struct scene *scene = *state;
    crowd(scene, 3);
    (void)mail_back(scene, 1);
    pass(scene, DURATION_DAY);
    const struct queue_mailing mailing = mail_all(scene, 0);
    pass(scene, DURATION_MINUTE);
    bounce(scene, &mailing, mailed.subscribers[0]);
    pass(scene, -DURATION_MINUTE);
    settle(scene);
    assert_int_equal(points(scene), 200);
    assert_true(is_probed(scene));
    bounce_probe(scene);
    assert_int_equal(state_of(scene, mailed.subscribers[0]), SUBSCRIBER_BOUNCED);
}

static void refusals_to_our_face_count_alike(void **state)
{
    struct scene *scene = *state;
    crowd(scene, 3);
    (void)mail_all(scene, 1);
    settle(scene);
    assert_int_equal(points(scene), 100);
    pass(scene, DURATION_DAY);
    (void)mail_all(scene, 1);
    settle(scene);
    assert_true(is_probed(scene));
    send_some(scene, 10, 1); /* the probe, refused */
    assert_int_equal(state_of(scene, mailed.subscribers[0]), SUBSCRIBER_BOUNCED);
    assert_int_equal(state_of(scene, mailed.subscribers[1]), SUBSCRIBER_CONFIRMED);
}

static void weeks_with_mail_that_arrived_halve(void **state)
{
    struct scene *scene = *state;
    crowd(scene, 3);
    (void)mail_back(scene, 1);
    pass(scene, 3 * DURATION_DAY);
    (void)mail_all(scene, 0);
    assert_int_equal(points(scene), 100);
    pass(scene, 4 * DURATION_DAY);
    assert_int_equal(points(scene), 50);
    pass(scene, 7 * DURATION_DAY); /* nothing was mailed: nothing is known */
    assert_int_equal(points(scene), 50);
    (void)mail_back(scene, 1);
    assert_int_equal(points(scene), 150);
    assert_int_equal(probes_made(scene), 0);
    pass(scene, DURATION_DAY);
    (void)mail_back(scene, 1);
    assert_int_equal(points(scene), 250);
    assert_true(is_probed(scene));
}

static void thirty_days_are_the_window(void **state)
{
    struct scene *scene = *state;
    crowd(scene, 3);
    (void)mail_back(scene, 1);
    pass(scene, 31 * DURATION_DAY);
    (void)mail_back(scene, 1);
    assert_int_equal(points(scene), 100);
    pass(scene, 29 * DURATION_DAY - DURATION_HOUR);
    (void)mail_back(scene, 1);
    assert_int_equal(points(scene), 200);
    assert_true(is_probed(scene));
}

/* Once in three weeks a bounce, and mail that arrives between, for two years. */
static void an_address_that_is_mostly_well_is_never_asked(void **state)
{
    struct scene *scene = *state;
    crowd(scene, 3);
    for (int week = 0; week < 104; week++) {
        (void)mail_back(scene, week % 3 == 0);
        pass(scene, 7 * DURATION_DAY - DURATION_HOUR);
        settle(scene);
        assert_true(points(scene) < 200);
    }
    assert_int_equal(probes_made(scene), 0);
    assert_true(number(scene, "SELECT count(*) FROM standing_return") < 6); /* 90 days are kept */
}

/* ---- the probe ---- */

/* Holds I10. */
static void a_probe_that_comes_back_ends_it(void **state)
{
    struct scene *scene = *state;
    crowd(scene, 3);
    (void)mail_back(scene, 1);
    pass(scene, DURATION_DAY);
    (void)mail_back(scene, 1);
    send_some(scene, 10, 0);
    pass(scene, DURATION_HOUR);
    bounce_probe(scene);
    assert_int_equal(state_of(scene, mailed.subscribers[0]), SUBSCRIBER_BOUNCED);
    assert_int_equal(number(scene, "SELECT ending FROM standing_probe"), STANDING_PROBE_BOUNCED);
    assert_int_equal(number(scene, "SELECT count(*) FROM event WHERE event = 7"
                                   " AND evidence LIKE '%550 5.1.1 no such mailbox'"),
                     1);
}

static void a_probe_of_which_nothing_is_heard_clears(void **state)
{
    struct scene *scene = *state;
    crowd(scene, 3);
    (void)mail_back(scene, 1);
    pass(scene, DURATION_DAY);
    (void)mail_back(scene, 1);
    send_some(scene, 10, 0);
    pass(scene, 7 * DURATION_DAY - 1);
    settle(scene);
    assert_true(is_probed(scene));
    pass(scene, 1);
    settle(scene);
    assert_int_equal(mailed.totals.cleared, 1);
    assert_false(is_probed(scene));
    assert_int_equal(points(scene), 0);
    pass(scene, DURATION_DAY);
    (void)mail_back(scene, 1);
    assert_int_equal(points(scene), 100);
    assert_int_equal(probes_made(scene), 1);
}

static void what_came_back_while_the_probe_was_out_counts_on(void **state)
{
    struct scene *scene = *state;
    crowd(scene, 3);
    (void)mail_back(scene, 1);
    pass(scene, DURATION_DAY);
    (void)mail_back(scene, 1);
    send_some(scene, 10, 0);
    for (int i = 0; i < 2; i++) {
        pass(scene, DURATION_DAY);
        (void)mail_back(scene, 1);
    }
    pass(scene, 6 * DURATION_DAY);
    settle(scene);
    assert_int_equal(mailed.totals.cleared, 1);
    assert_int_equal(mailed.totals.probes, 1); /* of two points after the first one left */
    assert_int_equal(probes_made(scene), 2);
}

static void a_probe_that_waits_for_its_relay_is_waited_for(void **state)
{
    struct scene *scene = *state;
    crowd(scene, 3);
    (void)mail_back(scene, 1);
    pass(scene, DURATION_DAY);
    (void)mail_back(scene, 1);
    pass(scene, 8 * DURATION_DAY);
    settle(scene);
    assert_true(is_probed(scene));
    send_some(scene, 10, 0);
    pass(scene, 6 * DURATION_DAY);
    settle(scene);
    assert_true(is_probed(scene));
    bounce_probe(scene);
    assert_int_equal(state_of(scene, mailed.subscribers[0]), SUBSCRIBER_BOUNCED);
}

static void who_leaves_is_not_probed(void **state)
{
    struct scene *scene = *state;
    bool known = false;
    const struct subscriber_proof proof = { .way = SUBSCRIBER_BY_WEB };
    crowd(scene, 3);
    (void)mail_back(scene, 1);
    pass(scene, DURATION_DAY);
    (void)mail_back(scene, 1);
    DONE(subscriber_unsubscribe(&scene->service, mailed.subscribers[0], &proof, &known,
                                &scene->error));
    assert_false(is_probed(scene));
    assert_int_equal(number(scene, "SELECT state FROM transactional_mail WHERE kind = 8"),
                     QUEUE_SUPPRESSED);
    const int64_t transactional = number(scene, "SELECT transactional FROM standing_probe");
    refuse(scene, &(struct standing_refusal){ .subscriber = mailed.subscribers[0],
                                              .transactional = transactional });
    assert_int_equal(state_of(scene, mailed.subscribers[0]), SUBSCRIBER_UNSUBSCRIBED);
}

/* ---- too many of one mailing ---- */

/* Holds I10. */
static void two_in_a_hundred_count_and_more_do_not(void **state)
{
    struct scene *scene = *state;
    crowd(scene, 500);
    const struct queue_mailing first = mail_back(scene, 10); /* 2 % */
    assert_int_equal(points(scene), 100);
    pass(scene, DURATION_DAY);
    const struct queue_mailing second = mail_back(scene, 11);
    assert_int_equal(points(scene), 100);
    assert_int_equal(probes_made(scene), 0);
    assert_int_equal(standing_of(scene, mailed.subscribers[0]).returns->next->weight,
                     STANDING_NOBODY);
    DONE(standing_accept(&scene->service, second.row_id, &scene->error));
    settle(scene);
    assert_int_equal(points(scene), 200);
    assert_int_equal(probes_made(scene), 10); /* the eleventh has one point */
    assert_true(first.row_id != second.row_id);
}

static void below_ten_any_share_counts(void **state)
{
    struct scene *scene = *state;
    crowd(scene, 12);
    (void)mail_back(scene, 9);
    pass(scene, DURATION_DAY);
    (void)mail_back(scene, 9);
    assert_int_equal(probes_made(scene), 9);
}

/* The eleventh comes after the probes of the first ten were made. */
static void a_mailing_that_turns_out_broken_takes_its_points_back(void **state)
{
    struct scene *scene = *state;
    crowd(scene, 500);
    (void)mail_back(scene, 10);
    pass(scene, DURATION_DAY);
    const struct queue_mailing broken = mail_back(scene, 10);
    assert_int_equal(probes_made(scene), 10);
    send_some(scene, 1, 0); /* one is on its way */
    for (int i = 10; i < 60; i++)
        bounce(scene, &broken, mailed.subscribers[i]);
    /* The probe that left comes back before anybody looked. */
    const int64_t sent = number(scene, "SELECT subscriber FROM transactional_mail WHERE state = 2");
    refuse(scene, &(struct standing_refusal){
                      .subscriber = sent,
                      .transactional = number(
                          scene, "SELECT row_id FROM transactional_mail WHERE state = 2") });
    assert_int_equal(state_of(scene, sent), SUBSCRIBER_CONFIRMED);
    settle(scene);
    assert_int_equal(mailed.totals.withdrawn, 9);
    assert_int_equal(
        number(scene, "SELECT count(*) FROM transactional_mail WHERE kind = 8 AND state = 5"), 9);
    assert_int_equal(number(scene, "SELECT count(*) FROM subscriber WHERE state <> 2"), 0);
    DONE(standing_accept(&scene->service, broken.row_id, &scene->error));
    settle(scene);
    assert_int_equal(probes_made(scene), 20);
}

/* Its counts were also counted while the last ones were read. */
static void whatever_the_number_at_which_it_stays(void **state)
{
    struct scene *scene = *state;
    const int64_t refused = 2 * QUEUE_RETURNED_STOPPED_FROM;
    crowd(scene, 500);
    (void)mail_back(scene, 10);
    pass(scene, DURATION_DAY);
    const struct queue_mailing broken = mail_back(scene, 10);
    assert_int_equal(probes_made(scene), 10);
    for (int i = 10; i < refused; i++)
        bounce(scene, &broken, mailed.subscribers[i]);
    settle(scene);
    assert_int_equal(mailed.totals.withdrawn, 10);
}

static void a_mailing_under_way_is_waited_for_where_it_may_be_too_many(void **state)
{
    struct scene *scene = *state;
    crowd(scene, 400);
    (void)mail_back(scene, 8);
    pass(scene, DURATION_DAY);
    const struct queue_mailing mailing = announce(scene);
    for (int i = 0; i < 4 && number(scene, "SELECT count(*) FROM mailing_return") < 2; i++)
        send_some(scene, 50, 8);
    settle(scene);
    assert_int_equal(probes_made(scene), 0);
    assert_int_equal(number(scene, "SELECT state FROM mailing ORDER BY row_id DESC LIMIT 1"),
                     QUEUE_MAILING_ACTIVE);
    for (int i = 0; i < 8; i++)
        send_some(scene, 50, 8);
    finish(scene);
    settle(scene);
    assert_int_equal(probes_made(scene), 8);
    assert_true(mailing.row_id > 0);
}

/* ---- all of it, for a year ---- */

enum { CROWD = 20, DAYS = 400 };

static bool happens(struct random *random, int percent)
{
    return random_positive(random) % 100 < percent;
}

/* Probes that left come back or do not; *lost: people, all in all. */
static void answer_probes(struct scene *scene, struct random *random, int *lost)
{
    for (int i = 0; i < CROWD; i++) {
        const struct standing now = standing_of(scene, mailed.subscribers[i]);
        if (now.probe == 0 || !happens(random, 4))
            continue;
        refuse(scene, &(struct standing_refusal){ .subscriber = mailed.subscribers[i],
                                                  .transactional = now.probe,
                                                  .enhanced = "5.1.1" });
        (*lost)++;
        assert_int_equal(state_of(scene, mailed.subscribers[i]), SUBSCRIBER_BOUNCED);
    }
}

static void check_subscriber(struct scene *scene, int64_t subscriber)
{
    const struct standing now = standing_of(scene, subscriber);
    int64_t last_day = 0;
    int days = 0;
    int out = 0;
    for (const struct standing_return *item = now.returns; item; item = item->next) {
        bool is_new_day = item->at / DURATION_DAY != last_day;
        days += is_new_day && item->at > scene->clock.fixed_at - STANDING_WINDOW_MS;
        last_day = item->at / DURATION_DAY;
    }
    for (const struct standing_probe *probe = now.probes; probe; probe = probe->next)
        out += probe->end == STANDING_PROBE_OUT;
    assert_true(now.points <= days);
    assert_true(out <= 1);
    assert_int_equal(out != 0, now.probe != 0);
    if (state_of(scene, subscriber) == SUBSCRIBER_CONFIRMED)
        assert_true(now.points < STANDING_POINTS_TO_PROBE || now.probe != 0);
}

static void a_year_of_chance_breaks_no_rule(void **state)
{
    struct scene *scene = *state;
    struct random random = random_seeded(17);
    int lost = 0;
    crowd(scene, CROWD);
    for (int day = 0; day < DAYS; day++) {
        if (happens(&random, 40)) {
            const struct queue_mailing mailing = mail_all(scene, 0);
            pass(scene, DURATION_HOUR);
            for (int i = 0; i < 9; i++) /* fewer than count against nobody */
                if (state_of(scene, mailed.subscribers[i]) == SUBSCRIBER_CONFIRMED &&
                    happens(&random, 12))
                    bounce(scene, &mailing, mailed.subscribers[i]);
        }
        settle(scene);
        for (int i = 0; i < CROWD; i++)
            check_subscriber(scene, mailed.subscribers[i]);
        send_some(scene, 100, 0);
        answer_probes(scene, &random, &lost);
        pass(scene, DURATION_DAY - DURATION_HOUR);
        arena_release(&scene->arena);
    }
    assert_true(lost > 0);
    assert_int_equal(number(scene, "SELECT count(*) FROM subscriber WHERE state = 4"), lost);
    assert_true(number(scene, "SELECT count(*) FROM event WHERE event = 7") == lost);
    assert_true(number(scene, "SELECT count(*) FROM standing_return WHERE mailing <> 0") > 0);
    for (int i = 9; i < CROWD; i++)
        assert_null(standing_of(scene, mailed.subscribers[i]).returns);
}

/* ---- who can lose ---- */

static struct subscriber_outcome ask(struct scene *scene, const char *address)
{
    const char *feed = "alt";
    struct subscriber_outcome outcome = { 0 };
    const struct subscription_request subscription_request = {
        .address = address, .feeds = &feed, .feed_count = 1, .proof = { .way = SUBSCRIBER_BY_WEB }
    };
    DONE(subscriber_subscribe(&scene->service, &subscription_request, &outcome, &scene->error));
    return outcome;
}

static void confirm(struct scene *scene, int64_t request)
{
    char token[TOKEN_SIZE];
    enum subscriber_token_result result = SUBSCRIBER_TOKEN_NOT_OURS;
    const struct subscriber_proof proof = { .way = SUBSCRIBER_BY_WEB };
    const struct token content = { TOKEN_CONFIRM, request, 0 };
    token_write(scene->keys, &content, token);
    DONE(subscriber_confirm(&scene->service, token, &proof, &result, NULL, &scene->error));
    assert_int_equal(result, SUBSCRIBER_TOKEN_WORKED);
}

static void refuse_confirmation(struct scene *scene, const struct subscriber_outcome *asked)
{
    char text[96];
    (void)snprintf(text, sizeof text, "SELECT row_id FROM transactional_mail WHERE request = %lld",
                   (long long)asked->request);
    refuse(scene, &(struct standing_refusal){ .subscriber = asked->subscriber,
                                              .transactional = number(scene, text),
                                              .sent_at = scene->clock.fixed_at,
                                              .enhanced = "5.1.1" });
}

static void a_confirmation_that_comes_back_ends_the_request_at_once(void **state)
{
    struct scene *scene = *state;
    const struct subscriber_outcome asked = ask(scene, "ny@avisen.example");
    refuse_confirmation(scene, &asked);
    assert_int_equal(state_of(scene, asked.subscriber), SUBSCRIBER_EXPIRED);
    refuse_confirmation(scene, &asked);
    assert_int_equal(state_of(scene, asked.subscriber), SUBSCRIBER_EXPIRED);
}

static void who_asked_again_since_waits_for_the_newer_mail(void **state)
{
    struct scene *scene = *state;
    const struct subscriber_outcome first = ask(scene, "ny@avisen.example");
    pass(scene, DURATION_HOUR);
    const struct subscriber_outcome second = ask(scene, "ny@avisen.example");
    refuse_confirmation(scene, &first);
    assert_int_equal(state_of(scene, first.subscriber), SUBSCRIBER_PENDING);
    refuse_confirmation(scene, &second);
    assert_int_equal(state_of(scene, first.subscriber), SUBSCRIBER_EXPIRED);
}

static void what_was_sent_before_the_person_confirmed_anew_does_not_count(void **state)
{
    struct scene *scene = *state;
    crowd(scene, 2);
    const struct queue_mailing first = mail_all(scene, 0);
    pass(scene, DURATION_DAY);
    const struct queue_mailing second = mail_all(scene, 0);
    pass(scene, DURATION_HOUR);
    bounce(scene, &first, mailed.subscribers[0]);
    pass(scene, DURATION_DAY);
    bounce(scene, &second, mailed.subscribers[0]);
    settle(scene);
    assert_int_equal(points(scene), 200);
    send_some(scene, 10, 0); /* the probe */
    pass(scene, DURATION_HOUR);
    const char *feed = "alt";
    struct subscriber_outcome outcome = { 0 };
    const struct subscription_request subscription_request = { .address = "p0@avisen.example",
                                                               .feeds = &feed,
                                                               .feed_count = 1,
                                                               .cadence = SUBSCRIBER_WEEKLY,
                                                               .proof = {
                                                                   .way = SUBSCRIBER_BY_WEB } };
    DONE(subscriber_subscribe(&scene->service, &subscription_request, &outcome, &scene->error));
    assert_true(outcome.request != 0);
    confirm(scene, outcome.request);
    assert_int_equal(points(scene), 0);
    bounce_probe(scene);
    assert_int_equal(state_of(scene, mailed.subscribers[0]), SUBSCRIBER_CONFIRMED);
    settle(scene);
    assert_false(is_probed(scene));
}

static void only_who_is_confirmed_loses(void **state)
{
    struct scene *scene = *state;
    bool known = false;
    const struct subscriber_proof proof = { .way = SUBSCRIBER_BY_WEB };
    crowd(scene, 3);
    DONE(subscriber_unsubscribe(&scene->service, mailed.subscribers[2], &proof, &known,
                                &scene->error));
    for (int i = 0; i < 3; i++) {
        refuse(scene, &(struct standing_refusal){ .subscriber = mailed.subscribers[2],
                                                  .mailing = 1 + i,
                                                  .sent_at = scene->clock.fixed_at });
        pass(scene, DURATION_DAY);
        settle(scene);
    }
    assert_int_equal(probes_made(scene), 0);
    assert_int_equal(state_of(scene, mailed.subscribers[2]), SUBSCRIBER_UNSUBSCRIBED);
    refuse(scene, &(struct standing_refusal){ .subscriber = 424242, .mailing = 1 });
    refuse(scene, &(struct standing_refusal){ .subscriber = mailed.subscribers[0],
                                              .transactional = 4711 });
    assert_int_equal(points(scene), 0);
}

static void who_is_forgotten_leaves_nothing_of_it(void **state)
{
    struct scene *scene = *state;
    bool known = false;
    bool is_pending = false;
    crowd(scene, 3);
    (void)mail_back(scene, 1);
    pass(scene, DURATION_DAY);
    (void)mail_back(scene, 1);
    DONE(subscriber_forget(&scene->service, "p0@avisen.example", &known, &is_pending,
                           &scene->error));
    assert_true(known);
    assert_int_equal(number(scene, "SELECT (SELECT count(*) FROM standing_return)"
                                   " + (SELECT count(*) FROM standing_probe)"),
                     0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, scene_make, scene_remove)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_day_has_one_point),
        TEST(the_same_bounce_a_hundred_times_is_one),
        TEST(two_points_send_one_probe),
        TEST(what_is_dated_ahead_counts),
        TEST(refusals_to_our_face_count_alike),
        TEST(weeks_with_mail_that_arrived_halve),
        TEST(thirty_days_are_the_window),
        TEST(an_address_that_is_mostly_well_is_never_asked),
        TEST(a_probe_that_comes_back_ends_it),
        TEST(a_probe_of_which_nothing_is_heard_clears),
        TEST(what_came_back_while_the_probe_was_out_counts_on),
        TEST(a_probe_that_waits_for_its_relay_is_waited_for),
        TEST(who_leaves_is_not_probed),
        TEST(two_in_a_hundred_count_and_more_do_not),
        TEST(below_ten_any_share_counts),
        TEST(a_mailing_that_turns_out_broken_takes_its_points_back),
        TEST(whatever_the_number_at_which_it_stays),
        TEST(a_mailing_under_way_is_waited_for_where_it_may_be_too_many),
        TEST(a_year_of_chance_breaks_no_rule),
        TEST(a_confirmation_that_comes_back_ends_the_request_at_once),
        TEST(who_asked_again_since_waits_for_the_newer_mail),
        TEST(what_was_sent_before_the_person_confirmed_anew_does_not_count),
        TEST(only_who_is_confirmed_loses),
        TEST(who_is_forgotten_leaves_nothing_of_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
