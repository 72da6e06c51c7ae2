/* SPDX-License-Identifier: MIT */
#include "cmocka_all.h"

#include "base/clock.h"
#include "base/error.h"
#include "base/log.h"
#include "database/database.h"
#include "database/write_transaction.h"
#include "delivery/deliver.h"
#include "delivery/message_source.h"
#include "digest/digest.h"
#include "queue/queue.h"
#include "queue/sending.h"
#include "queue/transactional_mail.h"
#include "queue/trouble.h"
#include "subscriber/subscriber.h"

#include "relay.h"
#include "unit/phrases.h"
#include "unit/store.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define NOW INT64_C(1780000000000)
#define PIPELINING "250-PIPELINING\r\n"
#define NOT_AUTHENTICATED                                                                          \
    "550 5.7.515 Access denied, sending domain nordhav.example does not meet the required "        \
    "authentication level.\r\n"
#define NOT_AUTHENTICATED_YET "451 4.7.26 Unauthenticated mail from nordhav.example is put off\r\n"
#define UNKNOWN_USER "550 5.1.1 User unknown in local recipient table\r\n"

/* Of these every third person, counted by number, is a reader at one great provider. */
enum { EACH = 3, SUBSCRIBERS = 120, READERS = SUBSCRIBERS / EACH };

struct scene {
    char folder[64];
    int directory;
    struct database *database;
    struct relay relay;
    int64_t now_at;
    struct deliver_settings settings;
    struct deliver_totals totals;
    struct error error;
    char text[512];
    char sender[128];
};

static bool compose(void *payload, const struct queue_row *row, struct delivery_message *message,
                    struct error *error)
{
    struct scene *scene = payload;
    (void)error;
    (void)snprintf(scene->text, sizeof scene->text,
                   "To: %s\r\nMessage-ID: <d%" PRId64 "-%" PRId64 "@n.example>\r\n\r\nHej.\r\n",
                   row->address, row->announcement, row->subscriber);
    (void)snprintf(scene->sender, sizeof scene->sender, "presse+%" PRId64 "@n.example",
                   row->subscriber);
    *message = (struct delivery_message){ .bytes = scene->text,
                                          .length = strlen(scene->text),
                                          .sender = scene->sender,
                                          .recipient = row->address,
                                          .revision = 1 };
    return true;
}

static int make_scene(void **state)
{
    static const struct database_schema *const schemas[] = { &subscriber_schema, &queue_schema,
                                                             &digest_schema };
    char path[128];
    struct scene *scene = calloc(1, sizeof *scene);
    assert_non_null(scene);
    (void)snprintf(scene->folder, sizeof scene->folder, "/tmp/pressroom-held-XXXXXX");
    assert_non_null(mkdtemp(scene->folder));
    scene->directory = open(scene->folder, O_RDONLY | O_DIRECTORY);
    (void)snprintf(path, sizeof path, "%s/pressroom.db", scene->folder);
    scene->database = test_store_open(path, scene->directory, schemas, 3);
    scene->now_at = NOW;
    scene->settings = (struct deliver_settings){ .connections = 4,
                                                 .resend_unknown = true,
                                                 .phrases = kept_phrases(),
                                                 .patience_ms = 60000,
                                                 .pause_ms = 5,
                                                 .compose = compose,
                                                 .compose_payload = scene };
    scene->settings.smtp.tls = SMTP_TLS_NONE;
    log_set_level(LOG_ERROR);
    *state = scene;
    return 0;
}

static int remove_scene(void **state)
{
    char command[128];
    struct scene *scene = *state;
    database_close(scene->database);
    (void)close(scene->directory);
    (void)snprintf(command, sizeof command, "rm -rf '%s'", scene->folder);
    free(scene);
    return system(command); /* NOLINT(cert-env33-c,concurrency-mt-unsafe) */
}

static void sql(struct scene *scene, const char *text)
{
    DONE(database_execute(scene->database, text, &scene->error));
}

static int64_t number(struct scene *scene, const char *text)
{
    return test_store_number(scene->database, text);
}

static const char *address_of(int64_t person, char address[64])
{
    static const char *const domains[] = { "hotmail.dk", "live.dk", "outlook.com" };
    if (person % EACH == 0)
        (void)snprintf(address, 64, "p%" PRId64 "@%s", person, domains[person / EACH % 3]);
    else
        (void)snprintf(address, 64, "p%" PRId64 "@n%" PRId64 ".example", person, person % 7);
    return address;
}

static void add_subscribers(struct scene *scene, int64_t count)
{
    char text[512];
    char address[64];
    DONE(database_begin(scene->database, &scene->error));
    for (int64_t i = 1; i <= count; i++) {
        (void)snprintf(text, sizeof text,
                       "INSERT INTO subscriber VALUES (%" PRId64
                       ", '%s', '%s', 'p', 'da', 2, 0, 0)",
                       i, address_of(i, address), address);
        sql(scene, text);
        (void)snprintf(text, sizeof text,
                       "INSERT INTO subscription VALUES (%" PRId64 ", 'all', 0, 1, 0, 0)", i);
        sql(scene, text);
    }
    DONE(database_commit(scene->database, &scene->error));
}

static int64_t mail_release(struct scene *scene, int64_t release)
{
    const struct queue_candidate candidate = { "all", release, "da", true };
    const struct queue_candidates candidates = { &candidate, 1 };
    struct queue_announcement announcement = { .release = release,
                                               .kind = QUEUE_RELEASE,
                                               .deduplication_key = "" };
    struct queue_mailing mailing = { .note = "",
                                     .created_at = scene->now_at,
                                     .starts_at = scene->now_at };
    bool is_new = false;
    int64_t added = 0;
    DONE(database_begin(scene->database, &scene->error));
    DONE(queue_announcement_open(scene->database, &announcement, &mailing.announcement, &is_new,
                                 &scene->error));
    DONE(queue_mailing_create(scene->database, &mailing, &scene->error));
    DONE(queue_add_audience(scene->database, &mailing, &candidates, &added, &scene->error));
    DONE(database_commit(scene->database, &scene->error));
    return mailing.row_id;
}

/* A relay that refuses each modulus-th person with text, at that step; NULL: nobody. */
static void deliver_to_relay_at(struct scene *scene, const char *step, const char *text,
                                int modulus)
{
    const struct clock clock = clock_fixed(scene->now_at);
    scene->relay = (struct relay){ .extensions = PIPELINING };
    if (text) {
        scene->relay.fault_at = step;
        scene->relay.fault = strncmp(text, "421", 3) == 0 ? RELAY_FAULT_CLOSE : RELAY_FAULT_REPLY;
        scene->relay.text = text;
        scene->relay.address_modulus = modulus;
    }
    relay_start(&scene->relay);
    scene->settings.smtp.url = scene->relay.url;
    bool done = deliver_run(scene->database, &scene->settings, &clock, &scene->totals,
                            &scene->error);
    relay_stop(&scene->relay);
    DONE(done);
}

static void deliver_to_relay(struct scene *scene, const char *text, int modulus)
{
    deliver_to_relay_at(scene, "RCPT", text, modulus);
}

static struct queue_delivery_counts counts(struct scene *scene, int64_t mailing)
{
    struct queue_delivery_counts counts;
    int64_t sum = 0;
    DONE(queue_counts_of_mailing(scene->database, mailing, &counts, &scene->error));
    for (int i = 0; i < QUEUE_STATE_COUNT; i++)
        sum += counts.count[i];
    assert_int_equal(sum, counts.audience);
    return counts;
}

static void resume_domain(struct scene *scene, const char *domain, int64_t want)
{
    char name[ADDRESS_GROUP_SIZE];
    int64_t waiting = 0;
    DONE(database_begin(scene->database, &scene->error));
    DONE(
        queue_receiver_free(scene->database, domain, scene->now_at, name, &waiting, &scene->error));
    DONE(database_commit(scene->database, &scene->error));
    assert_int_equal(waiting, want);
}

/* ---- one provider refuses what is ours ---- */

static void nobody_is_lost_where_a_provider_refuses_three_releases(void **state)
{
    struct scene *scene = *state;
    int64_t mailings[3];
    add_subscribers(scene, SUBSCRIBERS);
    for (int i = 0; i < 3; i++) {
        mailings[i] = mail_release(scene, 10 + i);
        deliver_to_relay(scene, NOT_AUTHENTICATED, EACH);
        assert_int_equal(scene->totals.failed, 0);
        assert_int_equal(scene->totals.paused, 0);
        assert_int_equal(counts(scene, mailings[i]).count[QUEUE_SENT], SUBSCRIBERS - READERS);
        scene->now_at += DURATION_MINUTE;
    }
    /* Only the first mailing learnt it, and only so many were tried. */
    assert_in_range(number(scene, "SELECT count(*) FROM delivery WHERE state = 3"), 20, 24);
    assert_int_equal(number(scene, "SELECT count(*) FROM delivery WHERE attempts > 0"
                                   " AND state <> 2"),
                     0);
    assert_int_equal(number(scene, "SELECT count(*) FROM delivery WHERE mailing > 1"
                                   " AND subscriber % 3 = 0 AND attempts > 0"),
                     0);
    assert_int_equal(number(scene, "SELECT count(*) FROM delivery WHERE state = 4"), 0);
    assert_int_equal(number(scene, "SELECT count(*) FROM subscriber WHERE state <> 2"), 0);
    assert_int_equal(number(scene, "SELECT count(*) FROM mailing WHERE state <> 0"), 0);
    assert_int_equal(number(scene, "SELECT count(*) FROM notice WHERE kind = 2"
                                   " AND subject = 'outlook.com' AND until_at IS NULL"
                                   " AND cause LIKE '2_ messages in a row refused: 550 5.7.515 %'"),
                     1);

    resume_domain(scene, "hotmail.dk", 3L * READERS);
    assert_int_equal(number(scene, "SELECT count(*) FROM notice WHERE until_at IS NULL"), 0);
    scene->now_at += DURATION_MINUTE;
    deliver_to_relay(scene, NULL, 0);
    for (int i = 1; i <= SUBSCRIBERS; i++)
        assert_int_equal(scene->relay.accepted[i], i % EACH == 0 ? 3 : 0);
    for (int i = 0; i < 3; i++)
        assert_int_equal(counts(scene, mailings[i]).count[QUEUE_SENT], SUBSCRIBERS);
    assert_int_equal(number(scene, "SELECT count(*) FROM mailing WHERE state = 3"), 3);
    assert_int_equal(number(scene, "SELECT count(*) FROM receiver"), 0);
}

static void a_held_provider_is_asked_every_half_hour_and_freed_after_two(void **state)
{
    struct scene *scene = *state;
    add_subscribers(scene, SUBSCRIBERS);
    int64_t mailing = mail_release(scene, 10);
    deliver_to_relay(scene, NOT_AUTHENTICATED, EACH);
    assert_true(number(scene, "SELECT count(*) FROM delivery WHERE worker < 0") > 0);
    int64_t tried = number(scene, "SELECT sum(attempts) FROM delivery");

    scene->now_at += 29 * DURATION_MINUTE;
    deliver_to_relay(scene, NOT_AUTHENTICATED, EACH);
    assert_int_equal(scene->relay.connections, 0);
    for (int i = 0; i < 8; i++) { /* one each, which is charged nothing */
        scene->now_at += i ? 30 * DURATION_MINUTE : DURATION_MINUTE;
        deliver_to_relay(scene, NOT_AUTHENTICATED, EACH);
        assert_int_equal(scene->relay.faults, 1);
    }
    assert_int_equal(number(scene, "SELECT sum(attempts) FROM delivery"), tried);
    assert_int_equal(counts(scene, mailing).count[QUEUE_SENT], SUBSCRIBERS - READERS);
    assert_int_equal(number(scene, "SELECT count(*) FROM mailing WHERE state = 0"), 1);

    for (int i = 1; i <= 3; i++) { /* it is well again */
        scene->now_at += 30 * DURATION_MINUTE;
        deliver_to_relay(scene, NULL, 0);
        assert_int_equal(scene->relay.total, 1);
    }
    assert_int_equal(number(scene, "SELECT count(*) FROM notice WHERE until_at IS NULL"), 1);
    scene->now_at += 30 * DURATION_MINUTE;
    deliver_to_relay(scene, NULL, 0);
    assert_int_equal(counts(scene, mailing).count[QUEUE_SENT], SUBSCRIBERS);
    assert_int_equal(number(scene, "SELECT count(*) FROM notice WHERE until_at IS NULL"), 0);
    assert_int_equal(number(scene, "SELECT count(*) FROM delivery WHERE attempts > 2"), 0);
}

/* A provider that says so without closing the door for good is held as any, and nobody is charged
 * for it. */
static void what_is_ours_and_not_for_good_waits_uncharged_too(void **state)
{
    struct scene *scene = *state;
    add_subscribers(scene, SUBSCRIBERS);
    int64_t mailing = mail_release(scene, 10);
    scene->settings.connections = 1; /* or five in a row may look like the relay's own trouble */
    for (int i = 0; i < 4; i++) {
        deliver_to_relay_at(scene, "DOT", NOT_AUTHENTICATED_YET, EACH);
        scene->now_at += 30 * DURATION_MINUTE;
    }
    assert_int_equal(counts(scene, mailing).count[QUEUE_SENT], SUBSCRIBERS - READERS);
    assert_int_equal(number(scene, "SELECT count(*) FROM receiver WHERE state = 1"
                                   " AND name = 'outlook.com'"),
                     1);
    assert_int_equal(number(scene, "SELECT count(*) FROM delivery WHERE worker < 0"), READERS);
    assert_int_equal(number(scene, "SELECT count(*) FROM delivery WHERE state <> 2"
                                   " AND attempts > 0"),
                     0);
    assert_int_equal(number(scene, "SELECT count(*) FROM relay WHERE state = 1"), 0);
}

/* A full mailbox says nothing of us, whatever the code: neither a hold nor a resumption makes it
 * due, or gives its try back. */
static void what_is_the_mailboxs_keeps_its_time(void **state)
{
    struct scene *scene = *state;
    add_subscribers(scene, SUBSCRIBERS);
    int64_t first = mail_release(scene, 10);
    deliver_to_relay(scene, "552 5.2.2 Mailbox full\r\n", EACH);
    assert_int_equal(counts(scene, first).count[QUEUE_DEFERRED], READERS);
    (void)mail_release(scene, 11);
    deliver_to_relay(scene, NOT_AUTHENTICATED, EACH);
    assert_int_equal(number(scene, "SELECT count(*) FROM receiver WHERE state = 1"), 1);
    assert_int_equal(number(scene, "SELECT count(*) FROM delivery WHERE worker < 0"
                                   " AND mailing = 1"),
                     0);
    DONE(database_begin(scene->database, &scene->error));
    DONE(queue_mailing_pause(scene->database, first, "by hand", &scene->error));
    DONE(queue_mailing_resume(scene->database, first, scene->now_at, &scene->error));
    DONE(database_commit(scene->database, &scene->error));
    assert_int_equal(number(scene, "SELECT count(*) FROM delivery WHERE mailing = 1 AND state = 3"
                                   " AND attempts = 1 AND next_at = 1780000000000 + 300000"),
                     READERS);
}

/* Greylisting that hangs up is one message's all the same. */
static void greylisting_that_closes_the_session_is_that_messages_alone(void **state)
{
    struct scene *scene = *state;
    add_subscribers(scene, SUBSCRIBERS);
    int64_t mailing = mail_release(scene, 10);
    deliver_to_relay(scene, "421 4.7.0 Greylisted, come back in five minutes\r\n", EACH);
    assert_int_equal(number(scene, "SELECT count(*) FROM relay WHERE pauses > 0 OR state <> 0"), 0);
    assert_int_equal(counts(scene, mailing).count[QUEUE_SENT], SUBSCRIBERS - READERS);
    assert_int_equal(number(scene, "SELECT count(*) FROM delivery WHERE state = 3 AND attempts = 1"
                                   " AND next_at = 1780000000000 + 300000"),
                     READERS);
}

/* When its turn comes is known, so that nobody sleeps through it, and nobody is woken before. */
static void the_next_probe_is_what_a_watcher_waits_for(void **state)
{
    struct scene *scene = *state;
    bool is_idle = false;
    int64_t due_at = 0;
    add_subscribers(scene, SUBSCRIBERS);
    (void)mail_release(scene, 10);
    deliver_to_relay(scene, NOT_AUTHENTICATED, EACH);
    int64_t probe_at = number(scene, "SELECT probe_at FROM receiver WHERE state = 1");
    DONE(database_begin(scene->database, &scene->error));
    sql(scene, "UPDATE delivery SET worker = -1 WHERE state = 3");
    DONE(database_commit(scene->database, &scene->error));
    const struct queue_claim claim = { .now_at = scene->now_at };
    DONE(queue_next_due(scene->database, &claim, &due_at, &scene->error));
    assert_int_equal(due_at, probe_at);
    DONE(queue_is_idle(scene->database, true, probe_at - 1, &is_idle, &scene->error));
    assert_true(is_idle);
    DONE(queue_is_idle(scene->database, true, probe_at, &is_idle, &scene->error));
    assert_false(is_idle);
}

static void a_single_mail_goes_to_a_held_provider_all_the_same(void **state)
{
    struct scene *scene = *state;
    int64_t transactional = 0;
    add_subscribers(scene, SUBSCRIBERS);
    (void)mail_release(scene, 10);
    deliver_to_relay(scene, NOT_AUTHENTICATED, EACH);
    scene->now_at += 29 * DURATION_MINUTE;
    const struct queue_transactional_mail mail = { .kind = QUEUE_TRANSACTIONAL_WELCOME,
                                                   .subscriber = 3,
                                                   .language = "da",
                                                   .created_at = scene->now_at };
    DONE(database_begin(scene->database, &scene->error));
    DONE(queue_add_transactional(scene->database, &mail, &transactional, &scene->error));
    DONE(database_commit(scene->database, &scene->error));
    deliver_to_relay(scene, NULL, 0);
    assert_int_equal(scene->relay.accepted[3], 1);
    assert_int_equal(number(scene, "SELECT state FROM transactional_mail"), QUEUE_SENT);
    /* It was a probe. */
    assert_int_equal(number(scene, "SELECT probe_at FROM receiver WHERE state = 1"),
                     scene->now_at + 30 * DURATION_MINUTE);
}

static void what_is_parked_is_cancelled_and_suppressed_as_anything(void **state)
{
    struct scene *scene = *state;
    int64_t count = 0;
    add_subscribers(scene, SUBSCRIBERS);
    int64_t first = mail_release(scene, 10);
    deliver_to_relay(scene, NOT_AUTHENTICATED, EACH);
    int64_t second = mail_release(scene, 11);
    deliver_to_relay(scene, NOT_AUTHENTICATED, EACH);
    DONE(database_begin(scene->database, &scene->error));
    DONE(queue_mailing_cancel(scene->database, second, "by hand", scene->now_at, &count,
                              &scene->error));
    assert_int_equal(count, READERS);
    sql(scene, "UPDATE subscriber SET state = 3 WHERE row_id = 120");
    DONE(queue_suppress_subscriber(scene->database, 120, scene->now_at, &count, &scene->error));
    assert_int_equal(count, 1);
    DONE(database_commit(scene->database, &scene->error));
    resume_domain(scene, "outlook.com",
                  number(scene, "SELECT count(*) FROM delivery"
                                " WHERE worker < 0"));
    scene->now_at += DURATION_HOUR;
    deliver_to_relay(scene, NULL, 0);
    assert_int_equal(counts(scene, first).count[QUEUE_SENT], SUBSCRIBERS - 1);
    assert_int_equal(counts(scene, first).count[QUEUE_SUPPRESSED], 1);
    assert_int_equal(counts(scene, second).count[QUEUE_CANCELLED], READERS);
    assert_int_equal(scene->relay.accepted[120], 0);
}

/* Thirty-nine mailings of one person each, and so on from run to run. */
static void no_row_of_refusals_is_forgotten_however_many_mailings_run(void **state)
{
    struct scene *scene = *state;
    add_subscribers(scene, EACH);
    for (int i = 0; i < 19; i++)
        (void)mail_release(scene, 10 + i);
    deliver_to_relay(scene, NOT_AUTHENTICATED, EACH);
    assert_int_equal(number(scene, "SELECT count(*) FROM receiver WHERE state = 1"), 0);
    assert_int_equal(number(scene, "SELECT in_a_row FROM receiver"), 19);
    (void)mail_release(scene, 40);
    deliver_to_relay(scene, NOT_AUTHENTICATED, EACH);
    assert_int_equal(number(scene, "SELECT count(*) FROM receiver WHERE state = 1"), 1);
}

static void a_relay_that_refuses_everybody_pauses_the_mailing_over_many_runs(void **state)
{
    struct scene *scene = *state;
    add_subscribers(scene, 13);
    int64_t mailing = mail_release(scene, 10);
    deliver_to_relay(scene, "554 5.7.1 you look like spam\r\n", 1);
    assert_int_equal(scene->totals.paused, 0);
    scene->now_at += DURATION_HOUR;
    deliver_to_relay(scene, "554 5.7.1 you look like spam\r\n", 1);
    assert_int_equal(scene->totals.paused, 1);
    assert_int_equal(number(scene, "SELECT count(*) FROM notice WHERE kind = 3 AND subject = '1'"
                                   " AND until_at IS NULL"),
                     1);
    DONE(database_begin(scene->database, &scene->error));
    DONE(queue_mailing_resume(scene->database, mailing, scene->now_at, &scene->error));
    DONE(database_commit(scene->database, &scene->error));
    assert_int_equal(number(scene, "SELECT count(*) FROM notice WHERE until_at IS NULL"), 0);
    scene->now_at += 3 * DURATION_HOUR;
    deliver_to_relay(scene, NULL, 0);
    assert_int_equal(counts(scene, mailing).count[QUEUE_SENT], 13);
}

/* ---- addresses that are said to be unknown ---- */

/* Addresses that count against their people. */
static int64_t count_counted(struct scene *scene)
{
    return number(scene, "SELECT count(*) FROM standing_return");
}

/* Holds I10. */
static void a_broken_list_of_recipients_pauses_and_counts_against_nobody(void **state)
{
    struct scene *scene = *state;
    add_subscribers(scene, SUBSCRIBERS);
    int64_t mailing = mail_release(scene, 10);
    deliver_to_relay(scene, UNKNOWN_USER, 1);
    assert_int_equal(scene->totals.paused, 1);
    assert_int_equal(number(scene, "SELECT state FROM mailing"), QUEUE_MAILING_PAUSED);
    assert_int_equal(counts(scene, mailing).count[QUEUE_QUEUED], SUBSCRIBERS);
    assert_int_equal(number(scene, "SELECT sum(attempts) FROM delivery"), 0);
    assert_int_equal(number(scene, "SELECT count(*) FROM notice WHERE kind = 4"), 1);
    assert_int_equal(count_counted(scene), 0);

    DONE(database_begin(scene->database, &scene->error));
    DONE(queue_mailing_resume(scene->database, mailing, scene->now_at, &scene->error));
    DONE(database_commit(scene->database, &scene->error));
    deliver_to_relay(scene, NULL, 0);
    assert_int_equal(counts(scene, mailing).count[QUEUE_SENT], SUBSCRIBERS);
    assert_int_equal(count_counted(scene), 0);
}

/* Somebody has looked, and lets it go on: it does not stop at the same people for ever. */
static void who_resumes_over_a_long_row_gets_further_each_time(void **state)
{
    struct scene *scene = *state;
    add_subscribers(scene, SUBSCRIBERS);
    int64_t mailing = mail_release(scene, 10);
    int pauses = 0;
    do {
        deliver_to_relay(scene, UNKNOWN_USER, 1);
        DONE(database_begin(scene->database, &scene->error));
        if (scene->totals.paused)
            DONE(queue_mailing_resume(scene->database, mailing, scene->now_at, &scene->error));
        DONE(database_commit(scene->database, &scene->error));
        pauses += (int)scene->totals.paused;
    } while (scene->totals.paused && pauses < 10);
    assert_int_equal(pauses, 2); /* after 20, after 80, and not after 320 */
    assert_int_equal(counts(scene, mailing).count[QUEUE_FAILED], SUBSCRIBERS);
    assert_int_equal(count_counted(scene), 0); /* everybody: so the list is believed broken */
}

static void addresses_count_once_others_were_accepted_or_the_mailing_ended(void **state)
{
    struct scene *scene = *state;
    add_subscribers(scene, SUBSCRIBERS);
    int64_t mailing = mail_release(scene, 10);
    deliver_to_relay(scene, UNKNOWN_USER, 10);
    assert_int_equal(counts(scene, mailing).count[QUEUE_FAILED], SUBSCRIBERS / 10);
    assert_int_equal(count_counted(scene),
                     SUBSCRIBERS / 10); /* the last of them is the last of all */
    assert_int_equal(number(scene, "SELECT count(*) FROM standing_return WHERE subscriber % 10 = 0"
                                   " AND smtp_code = 550 AND enhanced = '5.1.1'"),
                     SUBSCRIBERS / 10);
    assert_int_equal(number(scene, "SELECT count(*) FROM refused_address"), 0);
    assert_int_equal(number(scene, "SELECT count(*) FROM streak"), 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, make_scene, remove_scene)
    const struct CMUnitTest tests[] = {
        TEST(nobody_is_lost_where_a_provider_refuses_three_releases),
        TEST(a_held_provider_is_asked_every_half_hour_and_freed_after_two),
        TEST(what_is_ours_and_not_for_good_waits_uncharged_too),
        TEST(what_is_the_mailboxs_keeps_its_time),
        TEST(greylisting_that_closes_the_session_is_that_messages_alone),
        TEST(the_next_probe_is_what_a_watcher_waits_for),
        TEST(a_single_mail_goes_to_a_held_provider_all_the_same),
        TEST(what_is_parked_is_cancelled_and_suppressed_as_anything),
        TEST(no_row_of_refusals_is_forgotten_however_many_mailings_run),
        TEST(a_relay_that_refuses_everybody_pauses_the_mailing_over_many_runs),
        TEST(a_broken_list_of_recipients_pauses_and_counts_against_nobody),
        TEST(who_resumes_over_a_long_row_gets_further_each_time),
        TEST(addresses_count_once_others_were_accepted_or_the_mailing_ended),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
