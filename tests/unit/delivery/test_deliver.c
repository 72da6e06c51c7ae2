/* SPDX-License-Identifier: MIT */
#include "cmocka_all.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/log.h"
#include "database/database.h"
#include "database/write_transaction.h"
#include "delivery/deliver.h"
#include "delivery/message_source.h"
#include "digest/digest.h"
#include "net/net.h"
#include "queue/queue.h"
#include "queue/sending.h"
#include "queue/transactional_mail.h"
#include "subscriber/subscriber.h"

#include "relay.h"
#include "unit/phrases.h"
#include "unit/store.h"

#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#define NOW INT64_C(1780000000000)
#define PIPELINING "250-PIPELINING\r\n"

struct scene {
    char folder[64];
    int directory;
    struct database *database;
    int64_t mailing;
    struct relay relay;
    struct clock clock;
    struct deliver_settings settings;
    struct deliver_totals totals;
    struct error error;
    char text[512]; /* of the message composed last */
    char sender[128];
    volatile sig_atomic_t stop;
    int receipt_at; /* the how manieth message it was (ask_in_between) */
    int stall_ms;   /* so long each fifteenth message takes to compose */
};

static int64_t running_now(const struct clock *clock)
{
    const struct clock timer = clock_monotonic();
    return clock->fixed_at + clock_now(&timer);
}

/* It runs on from there, as pauses end by it. */
static struct clock clock_from(int64_t at)
{
    const struct clock timer = clock_monotonic();
    return (struct clock){ .now = running_now, .fixed_at = at - clock_now(&timer) };
}

static void open_store(struct scene *scene)
{
    char path[128];
    const struct database_schema *schemas[] = { &subscriber_schema, &queue_schema, &digest_schema };
    (void)snprintf(path, sizeof path, "%s/pressroom.db", scene->folder);
    scene->database = test_store_open(path, scene->directory, schemas, 3);
}

static bool compose(void *payload, const struct queue_row *row, struct delivery_message *message,
                    struct error *error)
{
    struct scene *scene = payload;
    if (strncmp(row->address, "unable", 6) == 0)
        return error_set(error, ERROR_INPUT, "the address is broken");
    if (scene->stall_ms && row->subscriber % 15 == 0)
        (void)poll(NULL, 0, scene->stall_ms);
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
    struct scene *scene = calloc(1, sizeof *scene);
    assert_non_null(scene);
    (void)snprintf(scene->folder, sizeof scene->folder, "/tmp/pressroom-deliver-XXXXXX");
    assert_non_null(mkdtemp(scene->folder));
    scene->directory = open(scene->folder, O_RDONLY | O_DIRECTORY);
    open_store(scene);
    scene->clock = clock_from(NOW);
    scene->relay.extensions = PIPELINING;
    scene->settings = (struct deliver_settings){ .connections = 4,
                                                 .resend_unknown = true,
                                                 .phrases = kept_phrases(),
                                                 .patience_ms = 60000,
                                                 .pause_ms = 5,
                                                 .compose = compose,
                                                 .compose_payload = scene,
                                                 .stop = &scene->stop };
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

/* A release mailed to p1@n.example … pN@n.example. */
static void mail_to(struct scene *scene, int64_t count)
{
    char text[512];
    static const struct queue_candidate candidate = { "all", 10, "da", true };
    static const struct queue_candidates candidates = { &candidate, 1 };
    struct queue_announcement announcement = { .release = 10,
                                               .kind = QUEUE_RELEASE,
                                               .deduplication_key = "" };
    struct queue_mailing mailing = { .note = "", .created_at = NOW, .starts_at = NOW };
    bool is_new = false;
    int64_t added = 0;
    DONE(database_begin(scene->database, &scene->error));
    for (int64_t i = 1; i <= count; i++) {
        (void)snprintf(text, sizeof text,
                       "INSERT INTO subscriber VALUES (%" PRId64 ", 'p%" PRId64 "@n%" PRId64
                       ".example', 'p%" PRId64 "', 'p', 'da', 2, 0, 0)",
                       i, i, i % 7, i);
        sql(scene, text);
        (void)snprintf(text, sizeof text,
                       "INSERT INTO subscription VALUES (%" PRId64 ", 'all', 0, 1, 0, 0)", i);
        sql(scene, text);
    }
    DONE(queue_announcement_open(scene->database, &announcement, &mailing.announcement, &is_new,
                                 &scene->error));
    DONE(queue_mailing_create(scene->database, &mailing, &scene->error));
    DONE(queue_add_audience(scene->database, &mailing, &candidates, &added, &scene->error));
    assert_int_equal(added, count);
    DONE(database_commit(scene->database, &scene->error));
    scene->mailing = mailing.row_id;
}

/* What was sent waits once more, till a second from now. */
static void mail_to_again_later(struct scene *scene)
{
    char text[256];
    DONE(database_begin(scene->database, &scene->error));
    (void)snprintf(text, sizeof text, "UPDATE delivery SET state = 3, next_at = %" PRId64,
                   NOW + 1000);
    sql(scene, text);
    sql(scene, "UPDATE mailing SET state = 0, is_counted = 0, finished_at = NULL");
    DONE(database_commit(scene->database, &scene->error));
}

static bool deliver(struct scene *scene)
{
    return deliver_run(scene->database, &scene->settings, &scene->clock, &scene->totals,
                       &scene->error);
}

/* The relay runs while the stage does, once. */
static bool deliver_to_relay(struct scene *scene)
{
    relay_start(&scene->relay);
    scene->settings.smtp.url = scene->relay.url;
    bool done = deliver(scene);
    relay_stop(&scene->relay);
    return done;
}

static void fresh_relay(struct scene *scene)
{
    scene->relay = (struct relay){ .extensions = PIPELINING };
}

static struct queue_delivery_counts counts(struct scene *scene)
{
    struct queue_delivery_counts counts;
    DONE(queue_counts_of_mailing(scene->database, scene->mailing, &counts, &scene->error));
    int64_t sum = 0;
    for (int i = 0; i < QUEUE_STATE_COUNT; i++)
        sum += counts.count[i];
    assert_int_equal(sum, counts.audience);
    return counts;
}

/* Nobody has it twice. */
static int64_t accepted(const struct relay *relay)
{
    int64_t sum = 0;
    for (int i = 0; i < RELAY_RECIPIENTS; i++) {
        assert_in_range(relay->accepted[i], 0, 1);
        sum += relay->accepted[i];
    }
    return sum;
}

/* ---- the way it should go ---- */

static void everybody_gets_it_once(void **state)
{
    struct scene *scene = *state;
    mail_to(scene, 2000);
    DONE(deliver_to_relay(scene));
    assert_int_equal(scene->totals.sent, 2000);
    assert_int_equal(scene->totals.finished, 1);
    assert_int_equal(accepted(&scene->relay), 2000);
    assert_int_equal(scene->relay.bad_sequences, 0);
    assert_in_range(scene->relay.open_maximum, 1, 4);
    assert_int_equal(counts(scene).count[QUEUE_SENT], 2000);

    fresh_relay(scene);
    DONE(deliver_to_relay(scene));
    assert_int_equal(scene->relay.connections, 0); /* nothing due: nobody is bothered */
}

/* Somebody writes all the while: whoever wanted to write would wait for him in vain. */
/* Holds I18. */
static void where_nothing_is_due_nothing_is_written(void **state)
{
    struct scene *scene = *state;
    const struct database_schema *schemas[] = { &subscriber_schema, &queue_schema, &digest_schema };
    char path[128];
    (void)snprintf(path, sizeof path, "%s/pressroom.db", scene->folder);
    struct database_settings settings = { .path = path, .state_directory = scene->directory };
    mail_to(scene, 3);
    DONE(deliver_to_relay(scene));
    assert_int_equal(scene->totals.finished, 1);
    mail_to_again_later(scene);
    struct database *writer = database_open(&settings, &scene->error);
    DONE(writer && database_migrate(writer, schemas, 3, &scene->error));
    DONE(database_begin(writer, &scene->error));
    scene->settings.smtp.url = "smtp://127.0.0.1:1";
    DONE(deliver(scene));
    assert_int_equal(scene->totals.sent + scene->totals.deferred + scene->totals.finished, 0);
    DONE(database_commit(writer, &scene->error));
    database_close(writer);
    scene->clock = clock_from(NOW + 1000);
    fresh_relay(scene);
    DONE(deliver_to_relay(scene));
    assert_int_equal(scene->totals.sent, 3);
}

static void relays_without_pipelining_and_in_one_byte_pieces_work(void **state)
{
    struct scene *scene = *state;
    scene->relay.extensions = "";
    scene->relay.in_pieces = true;
    mail_to(scene, 50);
    DONE(deliver_to_relay(scene));
    assert_int_equal(accepted(&scene->relay), 50);
}

static void refused_recipients_cost_no_connection(void **state)
{
    struct scene *scene = *state;
    scene->relay.fault_at = "RCPT";
    scene->relay.fault = RELAY_FAULT_REPLY;
    scene->relay.text = "550 5.1.1 no such user\r\n";
    scene->relay.address_modulus = 30;
    mail_to(scene, 500);
    DONE(deliver_to_relay(scene));
    assert_int_equal(scene->totals.sent, 484);
    assert_int_equal(scene->totals.failed, 16);
    assert_int_equal(accepted(&scene->relay), 484);
    assert_int_equal(scene->relay.bad_sequences, 0);
    assert_in_range(scene->relay.connections, 1, 4);
    struct queue_delivery_counts now = counts(scene);
    assert_int_equal(now.count[QUEUE_FAILED], 16);
    assert_int_equal(
        test_store_number(scene->database,
                          "SELECT count(*) FROM standing_return WHERE smtp_code = 550"),
        16);
}

/* One in five at the relay of a newsroom whose list, or whose relay's map of recipients, is broken.
 */
static void too_many_unknown_recipients_stop_the_mailing(void **state)
{
    struct scene *scene = *state;
    scene->relay.fault_at = "RCPT";
    scene->relay.fault = RELAY_FAULT_REPLY;
    scene->relay.text = "550 5.1.1 no such user\r\n";
    scene->relay.address_modulus = 5;
    mail_to(scene, 1000);
    DONE(deliver_to_relay(scene));
    assert_int_equal(test_store_number(scene->database, "SELECT state FROM mailing"),
                     QUEUE_MAILING_PAUSED);
    assert_in_range(scene->totals.failed, 20, 40); /* what was on its way then ends as it does */
    assert_in_range(counts(scene).count[QUEUE_QUEUED], 700, 980);
    assert_int_equal(test_store_number(scene->database, "SELECT refused FROM mailing_return"),
                     scene->totals.failed);
}

static void greylisted_recipients_are_tried_again_later(void **state)
{
    struct scene *scene = *state;
    scene->relay.fault_at = "RCPT";
    scene->relay.fault = RELAY_FAULT_REPLY;
    scene->relay.text = "450 4.7.1 greylisted, come back\r\n";
    scene->relay.address_modulus = 10;
    mail_to(scene, 100);
    DONE(deliver_to_relay(scene));
    assert_int_equal(scene->totals.sent, 90);
    assert_int_equal(counts(scene).count[QUEUE_DEFERRED], 10);

    scene->clock = clock_from(NOW + 4 * DURATION_MINUTE);
    fresh_relay(scene);
    DONE(deliver_to_relay(scene));
    assert_int_equal(scene->totals.sent, 0);

    scene->clock = clock_from(NOW + 6 * DURATION_MINUTE);
    fresh_relay(scene);
    DONE(deliver_to_relay(scene));
    assert_int_equal(scene->totals.sent, 10);
    assert_int_equal(counts(scene).count[QUEUE_SENT], 100);
}

/* All that waits hears it at once, and it is the same news as for thousands. */
static void one_message_that_meets_a_days_quota_ends_the_run_with_a_word(void **state)
{
    struct scene *scene = *state;
    scene->relay.fault_at = "RCPT";
    scene->relay.fault = RELAY_FAULT_REPLY;
    scene->relay.text = "452 4.5.3 Daily sending quota exceeded\r\n";
    mail_to(scene, 1);
    assert_false(deliver_to_relay(scene));
    assert_non_null(strstr(scene->error.message, "Daily sending quota exceeded"));
    assert_int_equal(counts(scene).count[QUEUE_QUEUED], 1);
}

/* ---- relays that fail ---- */

struct fault {
    const char *at;
    enum relay_fault_kind kind;
    const char *text;
};

/* Whatever happens for a while, nobody is lost and nobody has it twice, once the relay is well. */
static void try_fault(const struct fault *fault, const char *extensions)
{
    void *state = NULL;
    assert_int_equal(make_scene(&state), 0);
    struct scene *scene = state;
    scene->relay.extensions = extensions;
    scene->relay.fault_at = fault->at;
    scene->relay.fault = fault->kind;
    scene->relay.text = fault->text;
    scene->relay.fault_every = 3;
    scene->relay.fault_count = 4;
    scene->settings.patience_ms = fault->kind == RELAY_FAULT_SILENCE ? 3000 : 60000;
    scene->settings.smtp.connect_timeout_ms = scene->settings.patience_ms;
    scene->settings.pause_ms = 1;
    mail_to(scene, 60);
    (void)deliver_to_relay(scene);
    int64_t first = accepted(&scene->relay);
    bool is_indeterminate = strcmp(fault->at, "DOT") == 0 && fault->kind != RELAY_FAULT_REPLY;
    struct queue_delivery_counts now = counts(scene);
    if (now.count[QUEUE_SENT] != first)
        fail_msg("%s %d: %d accepted, %d sent", fault->at, (int)fault->kind, (int)first,
                 (int)now.count[QUEUE_SENT]);
    assert_int_equal(now.count[QUEUE_SENDING], 0);
    /* Where the relay says something before it goes, its answer is known. */
    assert_int_equal(now.count[QUEUE_UNKNOWN] > 0, is_indeterminate && !*fault->text);
    assert_int_equal(now.count[QUEUE_FAILED], 0);
    if (!is_indeterminate)
        assert_true(first >= 40);

    DONE(database_execute(scene->database, "UPDATE mailing SET state = 0 WHERE state = 2",
                          &scene->error));
    scene->clock = clock_from(NOW + DURATION_HOUR);
    scene->settings.patience_ms = 60000;
    fresh_relay(scene);
    DONE(deliver_to_relay(scene));
    if (accepted(&scene->relay) + first != 60)
        fail_msg("%s %d: %d, then %d", fault->at, (int)fault->kind, (int)first,
                 (int)accepted(&scene->relay));
    assert_int_equal(counts(scene).count[QUEUE_SENT], 60);
    assert_int_equal(remove_scene(&state), 0);
}

static const char *const steps[] = { "CONNECT", "EHLO", "MAIL", "RCPT", "DATA", "DOT" };

static void temporary_and_permanent_answers_at_each_step_lose_nobody(void **state)
{
    (void)state;
    static const char *const replies[] = { "421 4.3.2 closing\r\n", "450 4.3.0 later\r\n",
                                           "550 5.7.1 no\r\n" };
    for (size_t step = 0; step < sizeof steps / sizeof steps[0]; step++) {
        for (size_t reply = 0; reply < sizeof replies / sizeof replies[0]; reply++) {
            struct fault fault = { steps[step], reply ? RELAY_FAULT_REPLY : RELAY_FAULT_CLOSE,
                                   replies[reply] };
            if (reply == 0 && step == 5)
                fault.kind = RELAY_FAULT_CLOSE;
            try_fault(&fault, PIPELINING);
            try_fault(&fault, "");
        }
    }
}

static void a_relay_that_closes_at_any_step_loses_nobody(void **state)
{
    (void)state;
    for (size_t step = 0; step < sizeof steps / sizeof steps[0]; step++) {
        struct fault fault = { steps[step], RELAY_FAULT_CLOSE, "" };
        try_fault(&fault, PIPELINING);
        try_fault(&fault, "");
    }
}

static void a_relay_that_falls_silent_at_any_step_loses_nobody(void **state)
{
    (void)state;
    for (size_t step = 0; step < sizeof steps / sizeof steps[0]; step++) {
        struct fault fault = { steps[step], RELAY_FAULT_SILENCE, "" };
        try_fault(&fault, PIPELINING);
    }
}

static void nonsense_at_any_step_loses_nobody(void **state)
{
    (void)state;
    static const struct fault faults[] = {
        { "MAIL", RELAY_FAULT_CLOSE, "what do you mean?\r\n" },
        { "RCPT", RELAY_FAULT_CLOSE, "354 go\r\n" },
        { "DATA", RELAY_FAULT_CLOSE, "250 ok\r\n" },
        { "DATA", RELAY_FAULT_CLOSE, "999 ok\r\n" },
        /* With its 354: said later, it may follow the dot, and then nobody can tell it is a lie. */
        { "DATA", RELAY_FAULT_CLOSE, "354 go\r\n250 accepted already\r\n" },
        { "BODY", RELAY_FAULT_CLOSE, "552 5.3.4 too big\r\n" },
        { "MAIL", RELAY_FAULT_CLOSE, "250-one\r\n250-two\r\n550 three\r\n" },
    };
    for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++)
        try_fault(&faults[i], PIPELINING);
}

static void no_relay_is_one_clear_error_and_the_rows_wait(void **state)
{
    struct scene *scene = *state;
    mail_to(scene, 10);
    relay_start(&scene->relay);
    relay_stop(&scene->relay); /* its port is free now */
    scene->settings.smtp.url = scene->relay.url;
    assert_false(deliver(scene));
    assert_int_equal(scene->error.kind, ERROR_TEMPORARY);
    assert_non_null(strstr(scene->error.message, scene->relay.url));
    assert_int_equal(counts(scene).count[QUEUE_QUEUED], 10);

    fresh_relay(scene);
    DONE(deliver_to_relay(scene));
    assert_int_equal(accepted(&scene->relay), 10);
}

static bool read_nothing(void *payload, struct mail_phrases *phrases, struct error *error)
{
    (void)payload;
    (void)phrases;
    return error_set(error, ERROR_USAGE, "mail.yaml: is broken");
}

/* Else the first refusal would end the program, and nobody knew who got what. */
static void where_servers_words_cannot_be_read_nothing_is_sent(void **state)
{
    struct scene *scene = *state;
    struct mail_phrases *phrases = mail_phrases_new();
    mail_phrases_read_later(phrases, read_nothing, NULL);
    scene->settings.phrases = phrases;
    mail_to(scene, 10);
    relay_start(&scene->relay);
    scene->settings.smtp.url = scene->relay.url;
    assert_false(deliver(scene));
    relay_stop(&scene->relay);
    assert_string_equal(scene->error.message, "mail.yaml: is broken");
    assert_int_equal(accepted(&scene->relay), 0);
    assert_int_equal(counts(scene).count[QUEUE_QUEUED], 10);
    mail_phrases_free(phrases);
}

/* Refused for a reason of the relay's own: nobody is charged a try, and all have it in one run. */
static void a_relay_that_wants_us_slower_is_asked_again(void **state)
{
    struct scene *scene = *state;
    scene->relay.fault_at = "MAIL";
    scene->relay.fault = RELAY_FAULT_REPLY;
    scene->relay.text = "451 4.7.0 too fast\r\n";
    scene->relay.fault_count = 3;
    mail_to(scene, 100);
    DONE(deliver_to_relay(scene));
    assert_int_equal(scene->totals.sent, 100);
    assert_int_equal(scene->totals.deferred, 0);
    assert_int_equal(accepted(&scene->relay), 100);
}

static void twenty_refusals_that_blame_nobody_pause_the_mailing(void **state)
{
    struct scene *scene = *state;
    scene->relay.fault_at = "DOT";
    scene->relay.fault = RELAY_FAULT_REPLY;
    scene->relay.text = "554 5.7.1 you look like spam\r\n";
    scene->settings.connections = 1;
    log_set_level(LOG_ERROR);
    mail_to(scene, 300);
    DONE(deliver_to_relay(scene));
    assert_int_equal(scene->totals.paused, 1);
    assert_int_equal(scene->totals.failed, 0);
    struct queue_delivery_counts now = counts(scene);
    assert_int_equal(now.count[QUEUE_FAILED], 0);
    assert_in_range(now.count[QUEUE_DEFERRED], 20, 25);
    assert_int_equal(now.count[QUEUE_QUEUED], 300 - now.count[QUEUE_DEFERRED]);

    fresh_relay(scene);
    scene->clock = clock_from(NOW + DURATION_HOUR);
    DONE(deliver_to_relay(scene)); /* paused: nothing goes */
    assert_int_equal(scene->relay.connections, 0);
    DONE(database_begin(scene->database, &scene->error));
    DONE(queue_mailing_resume(scene->database, scene->mailing, NOW + DURATION_HOUR, &scene->error));
    DONE(database_commit(scene->database, &scene->error));
    fresh_relay(scene);
    DONE(deliver_to_relay(scene));
    assert_int_equal(accepted(&scene->relay), 300);
}

/* ---- what happens meanwhile ---- */

/* For the relay's threads. */
static struct database *open_second(struct scene *scene)
{
    struct error error = { 0 };
    char path[128];
    (void)snprintf(path, sizeof path, "%s/pressroom.db", scene->folder);
    static const struct database_schema *const schemas[] = { &subscriber_schema, &queue_schema };
    struct database_settings settings = {
        .path = path, .state_directory = scene->directory, .schemas = schemas, .schema_count = 2
    };
    struct database *second = database_open(&settings, &error);
    assert_non_null(second);
    return second;
}

static void leave(void *payload, int total)
{
    struct scene *scene = payload;
    if (total != 5)
        return;
    struct error error = { 0 };
    struct database *second = open_second(scene);
    assert_true(database_begin(second, &error));
    assert_true(
        database_execute(second, "UPDATE subscriber SET state = 3 WHERE row_id > 100", &error));
    assert_true(database_commit(second, &error));
    database_close(second);
}

/* Holds I2. */
static void who_leaves_while_it_runs_gets_nothing_more(void **state)
{
    struct scene *scene = *state;
    scene->settings.connections = 1;
    scene->settings.interval_ns = 2000000;
    scene->relay.on_accepted = leave;
    scene->relay.payload = scene;
    mail_to(scene, 120);
    DONE(deliver_to_relay(scene));
    struct queue_delivery_counts now = counts(scene);
    assert_int_equal(now.count[QUEUE_SENT], scene->totals.sent);
    assert_int_equal(now.count[QUEUE_SUPPRESSED], scene->totals.suppressed);
    assert_int_equal(accepted(&scene->relay), now.count[QUEUE_SENT]);
    assert_in_range(now.count[QUEUE_SUPPRESSED], 10, 20);
    assert_int_equal(now.count[QUEUE_SENT] + now.count[QUEUE_SUPPRESSED], 120);
}

static void cancel(void *payload, int total)
{
    struct scene *scene = payload;
    if (total != 5)
        return;
    struct error error = { 0 };
    int64_t count = 0;
    struct database *second = open_second(scene);
    assert_true(database_begin(second, &error));
    assert_true(queue_mailing_cancel(second, scene->mailing, "", NOW, &count, &error));
    assert_true(database_commit(second, &error));
    database_close(second);
}

/* A mark that was denied lets no final dot go, whatever it was denied for. */
/* Holds I3. */
static void a_mailing_that_is_cancelled_while_it_runs_sends_nothing_more(void **state)
{
    struct scene *scene = *state;
    scene->settings.connections = 1;
    scene->settings.interval_ns = 2000000;
    scene->relay.on_accepted = cancel;
    scene->relay.payload = scene;
    mail_to(scene, 120);
    DONE(deliver_to_relay(scene));
    struct queue_delivery_counts now = counts(scene);
    assert_in_range(now.count[QUEUE_SENT], 5, 6);
    assert_int_equal(accepted(&scene->relay), now.count[QUEUE_SENT]);
    assert_int_equal(now.count[QUEUE_CANCELLED], 120 - now.count[QUEUE_SENT]);
}

/* Another program, which knows nothing of the fair lock, writes for so many turns of the sender: it
 * cannot commit meanwhile. */
enum { TURNS_HELD = 5, HELD_FROM = 8 };

static struct holding {
    struct scene *scene;
    struct database *second;
    int turns;
    int before; /* accepted when it began, and when it ended */
    int behind;
} holding;

static int relay_total(struct relay *relay)
{
    pthread_mutex_lock(&relay->mutex);
    int total = relay->total;
    pthread_mutex_unlock(&relay->mutex);
    return total;
}

static int wait_while_another_writes(int epoll, struct epoll_event *events, int maximum,
                                     int wait_ms, bool is_expecting)
{
    struct error error = { 0 };
    int total = relay_total(&holding.scene->relay);
    (void)is_expecting;
    if (!holding.turns && total >= HELD_FROM) {
        holding.second = open_second(holding.scene);
        assert_true(database_execute(holding.second, "BEGIN IMMEDIATE", &error));
        holding.before = total;
    } else if (holding.second && holding.turns == TURNS_HELD) {
        holding.behind = total;
        assert_true(database_execute(holding.second, "ROLLBACK", &error));
        database_close(holding.second);
        holding.second = NULL;
    }
    holding.turns += holding.second != NULL;
    return epoll_wait(epoll, events, maximum, wait_ms);
}

/* What a failed commit would have marked waits: besides messages that had left, one a connection,
 * nothing arrives until a commit has gone through. */
/* Holds I3. */
static void without_a_commit_no_final_dot_leaves(void **state)
{
    struct scene *scene = *state;
    char path[128];
    (void)snprintf(path, sizeof path, "%s/pressroom.db", scene->folder);
    struct database_settings settings = { .path = path,
                                          .state_directory = scene->directory,
                                          .busy_timeout_ms = 10 };
    /* It stands, so that nothing else is asked of the store by the clock. */
    const struct deliver_time time = { .timer = clock_fixed(1000),
                                       .wait = wait_while_another_writes };
    mail_to(scene, 200);
    database_close(scene->database);
    scene->database = database_open(&settings, &scene->error);
    DONE(scene->database != NULL);
    const struct database_schema *schemas[] = { &subscriber_schema, &queue_schema, &digest_schema };
    DONE(database_migrate(scene->database, schemas, 3, &scene->error));
    holding = (struct holding){ .scene = scene };
    scene->settings.time = &time;
    DONE(deliver_to_relay(scene));
    assert_int_equal(holding.turns, TURNS_HELD);
    assert_in_range(holding.behind - holding.before, 0, scene->settings.connections);
    assert_int_equal(accepted(&scene->relay), 200);
    assert_int_equal(counts(scene).count[QUEUE_SENT], 200);
}

/* Our own slowness is not the relay's: what it answered meanwhile is heard before it is judged. */
static void an_answer_that_came_while_we_were_busy_is_no_silence(void **state)
{
    struct scene *scene = *state;
    scene->settings.patience_ms = 1000;
    scene->stall_ms = 1100;
    mail_to(scene, 60);
    DONE(deliver_to_relay(scene));
    assert_int_equal(scene->totals.sent, 60);
    assert_int_equal(accepted(&scene->relay), 60);
    assert_int_equal(scene->relay.connections, 4);
}

static void interrupt(void *payload, int total)
{
    struct scene *scene = payload;
    if (total == 50)
        scene->stop = 1;
}

static void told_to_stop_it_ends_what_has_left_and_gives_the_rest_back(void **state)
{
    struct scene *scene = *state;
    scene->relay.on_accepted = interrupt;
    scene->relay.payload = scene;
    mail_to(scene, 1000);
    DONE(deliver_to_relay(scene));
    struct queue_delivery_counts now = counts(scene);
    assert_in_range(now.count[QUEUE_SENT], 50, 999);
    assert_int_equal(now.count[QUEUE_SENT], accepted(&scene->relay));
    assert_int_equal(now.count[QUEUE_QUEUED], 1000 - now.count[QUEUE_SENT]);

    int64_t first = now.count[QUEUE_SENT];
    scene->stop = 0;
    fresh_relay(scene);
    DONE(deliver_to_relay(scene));
    assert_int_equal(scene->totals.recovered, 0);
    assert_int_equal(accepted(&scene->relay), 1000 - first);
}

static void the_rate_is_kept(void **state)
{
    struct scene *scene = *state;
    scene->settings.interval_ns = 5000000;
    mail_to(scene, 100);
    struct timespec before;
    struct timespec after;
    (void)clock_gettime(CLOCK_MONOTONIC, &before);
    DONE(deliver_to_relay(scene));
    (void)clock_gettime(CLOCK_MONOTONIC, &after);
    int64_t took_ms = (after.tv_sec - before.tv_sec) * 1000 +
                      (after.tv_nsec - before.tv_nsec) / 1000000;
    assert_int_equal(scene->totals.sent, 100);
    assert_true(took_ms >= 400); /* never faster; how much slower is the machine's */
}

/* Where the rate lets one of several through, none waits for ever behind the others: the relay
 * would give up on a text that has no end. */
static void connections_take_turns_under_a_rate(void **state)
{
    struct scene *scene = *state;

    enum { MESSAGES = 40 };

    int furthest = 0;
    scene->settings.interval_ns = 100 * 1000000;
    mail_to(scene, MESSAGES);
    DONE(deliver_to_relay(scene));
    assert_int_equal(scene->totals.sent, MESSAGES);
    for (int i = 1; i <= MESSAGES; i++) {
        int overtaken_by = i - scene->relay.order[i];
        furthest = overtaken_by > furthest ? overtaken_by : furthest;
    }
    assert_in_range(furthest, 0, MESSAGES / 2);
}

static void rows_that_cannot_be_made_fail_alone(void **state)
{
    struct scene *scene = *state;
    mail_to(scene, 20);
    sql(scene, "UPDATE subscriber SET address = 'unable' WHERE row_id = 7");
    sql(scene, "UPDATE subscriber SET address = 'a@x.example>' || char(13) || char(10) || "
               "'RCPT TO:<b@x.example' WHERE row_id = 8");
    DONE(deliver_to_relay(scene));
    assert_int_equal(scene->totals.sent, 18);
    assert_int_equal(scene->totals.failed, 2);
    assert_int_equal(accepted(&scene->relay), 18);
}

static void add_receipt(struct database *database)
{
    struct queue_transactional_mail mail = { .kind = QUEUE_TRANSACTIONAL_RECEIPT,
                                             .address = "p15000@n.example",
                                             .language = "da",
                                             .created_at = NOW };
    int64_t row_id = 0;
    struct error error = { 0 };
    assert_true(database_begin(database, &error));
    assert_true(queue_add_transactional(database, &mail, &row_id, &error));
    assert_true(database_commit(database, &error));
}

static void single_mails_go_first(void **state)
{
    struct scene *scene = *state;
    scene->settings.connections = 1;
    mail_to(scene, 10);
    add_receipt(scene->database);
    DONE(deliver_to_relay(scene));
    assert_int_equal(scene->relay.first_recipient, 15000);
    assert_int_equal(scene->totals.sent, 11);
}

/* Whether the mail that was asked for is in a worker's hands. */
static bool is_claimed(struct database *database)
{
    bool found = false;
    struct error error = { 0 };
    struct statement *statement = database_prepare(
        database, "SELECT 1 FROM transactional_mail WHERE worker <> 0", &error);
    assert_true(statement_find(statement, &found, &error));
    if (found)
        statement_reset(statement);
    return found;
}

/* Asks while the relay leaves the sender without an answer, until that has noticed by itself. */
static void ask_in_between(void *payload, int total)
{
    struct scene *scene = payload;
    if (total == 60) {
        struct database *second = open_second(scene);
        add_receipt(second);
        while (!is_claimed(second))
            (void)poll(NULL, 0, 1);
        database_close(second);
    }
    if (!scene->receipt_at && scene->relay.accepted[15000])
        scene->receipt_at = total;
}

/* Of the 61st the envelope had left already; the 62nd, given out and not begun, stands back. */
static void a_single_mail_waits_for_one_message_at_most(void **state)
{
    struct scene *scene = *state;
    scene->settings.connections = 1;
    scene->relay.on_accepted = ask_in_between;
    scene->relay.payload = scene;
    mail_to(scene, 300);
    DONE(deliver_to_relay(scene));
    assert_int_equal(scene->totals.sent, 301);
    assert_int_equal(accepted(&scene->relay), 301);
    assert_int_equal(scene->receipt_at, 62);
}

static void a_single_mail_waits_for_its_turn_with_a_simple_relay(void **state)
{
    struct scene *scene = *state;
    scene->settings.connections = 1;
    scene->relay.extensions = "";
    scene->relay.on_accepted = ask_in_between;
    scene->relay.payload = scene;
    mail_to(scene, 100);
    DONE(deliver_to_relay(scene));
    assert_int_equal(scene->totals.sent, 101);
    assert_int_equal(accepted(&scene->relay), 101);
    assert_in_range(scene->receipt_at, 61, 62);
}

static void a_maildir_gets_everybodys_message_once(void **state)
{
    struct scene *scene = *state;
    char path[96];
    (void)snprintf(path, sizeof path, "%s/mail", scene->folder);
    scene->settings.maildir = path;
    mail_to(scene, 30);
    sql(scene, "UPDATE subscriber SET state = 3 WHERE row_id = 4");
    DONE(deliver(scene));
    assert_int_equal(scene->totals.sent, 29);
    assert_int_equal(scene->totals.suppressed, 1);
    assert_int_equal(counts(scene).count[QUEUE_SENT], 29);
    char command[160];
    (void)snprintf(command, sizeof command, "test $(ls '%s/new' | wc -l) = 29", path);
    assert_int_equal(system(command), 0); /* NOLINT(cert-env33-c,concurrency-mt-unsafe) */
    DONE(deliver(scene));
    assert_int_equal(scene->totals.sent, 0);
}

static int start_network(void **state)
{
    (void)state;
    struct error error;
    return net_initialize(&error) ? 0 : 1;
}

#define SCENE(name) cmocka_unit_test_setup_teardown(name, make_scene, remove_scene)

int main(void)
{
    const struct CMUnitTest tests[] = {
        SCENE(everybody_gets_it_once),
        SCENE(where_nothing_is_due_nothing_is_written),
        SCENE(relays_without_pipelining_and_in_one_byte_pieces_work),
        SCENE(refused_recipients_cost_no_connection),
        SCENE(too_many_unknown_recipients_stop_the_mailing),
        SCENE(greylisted_recipients_are_tried_again_later),
        SCENE(one_message_that_meets_a_days_quota_ends_the_run_with_a_word),
        cmocka_unit_test(temporary_and_permanent_answers_at_each_step_lose_nobody),
        cmocka_unit_test(a_relay_that_closes_at_any_step_loses_nobody),
        cmocka_unit_test(a_relay_that_falls_silent_at_any_step_loses_nobody),
        cmocka_unit_test(nonsense_at_any_step_loses_nobody),
        SCENE(no_relay_is_one_clear_error_and_the_rows_wait),
        SCENE(where_servers_words_cannot_be_read_nothing_is_sent),
        SCENE(a_relay_that_wants_us_slower_is_asked_again),
        SCENE(twenty_refusals_that_blame_nobody_pause_the_mailing),
        SCENE(who_leaves_while_it_runs_gets_nothing_more),
        SCENE(a_mailing_that_is_cancelled_while_it_runs_sends_nothing_more),
        SCENE(without_a_commit_no_final_dot_leaves),
        SCENE(an_answer_that_came_while_we_were_busy_is_no_silence),
        SCENE(told_to_stop_it_ends_what_has_left_and_gives_the_rest_back),
        SCENE(the_rate_is_kept),
        SCENE(connections_take_turns_under_a_rate),
        SCENE(rows_that_cannot_be_made_fail_alone),
        SCENE(single_mails_go_first),
        SCENE(a_single_mail_waits_for_one_message_at_most),
        SCENE(a_single_mail_waits_for_its_turn_with_a_simple_relay),
        SCENE(a_maildir_gets_everybodys_message_once),
    };
    return cmocka_run_group_tests(tests, start_network, NULL);
}
