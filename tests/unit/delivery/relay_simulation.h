/* SPDX-License-Identifier: MIT */
#ifndef TESTS_UNIT_DELIVERY_RELAY_SIMULATION_H
#define TESTS_UNIT_DELIVERY_RELAY_SIMULATION_H

#include "base/clock.h"
#include "base/error.h"
#include "database/database.h"
#include "database/write_transaction.h"
#include "delivery/deliver.h"
#include "delivery/message_source.h"
#include "queue/queue.h"
#include "queue/sending.h"

#include "unit/delivery/relay.h"
#include "unit/phrases.h"
#include "unit/queue/subscriber_tables.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdatomic.h>
#include <sys/epoll.h>

/* A mailing to a relay that takes so many messages in so much time, with a clock that stands still
 * while anything is under way and jumps where the sender waits: hours pass in seconds, and nothing
 * depends on the machine. */

#define SIMULATED_START INT64_C(1780000000000)

enum { SIMULATED_TURNS = 400, SIMULATED_PATIENCE_MS = 60000 };

/* A relay's limit. */
struct simulated_limit {
    const char *name;
    const char *at;       /* "MAIL", "RCPT", "DOT" */
    const char *reply;    /* to what is too much; a complete line */
    int count;            /* messages … */
    int64_t window_ms;    /* … in any such time; 0: none */
    bool is_by_the_clock; /* the time is an hour or a day of the calendar */
    int outage_after;     /* messages, and then nothing … */
    int64_t outage_ms;    /* … for so long */
    int person;           /* whom alone the outage is for, from the first; 0: everybody */
    int session;          /* messages in a session, then reply at MAIL; 0: any number */
    int connections;      /* at once; 0: any number */
};

struct simulation {
    const struct simulated_limit *limit;
    int people;
    int64_t ideal_ms; /* in which it could be done */

    struct relay relay;
    pthread_mutex_t mutex;
    int64_t taken_at[RELAY_RECIPIENTS]; /* when each message was let through */
    int taken;
    int refused; /* transmissions */
    int64_t outage_until;

    /* what came of it */
    int64_t passed_ms;
    int64_t sent;
    int64_t failed;
    int64_t deferred;
    int64_t most_tries; /* that somebody was charged */
    int64_t charged;    /* people who were charged more than the one that got through */
    int runs;
    struct queue_relay known;

    char text[256];
    char sender[64];
};

static _Atomic int64_t simulated_ms;

static int64_t simulated_now(const struct clock *clock)
{
    return clock->fixed_at + atomic_load(&simulated_ms);
}

static int64_t simulated_now_ns(void)
{
    return (SIMULATED_START + atomic_load(&simulated_ms)) * 1000000;
}

static int simulated_wait(int epoll, struct epoll_event *events, int maximum, int wait_ms,
                          bool is_expecting)
{
    int count = epoll_wait(epoll, events, maximum, is_expecting ? SIMULATED_PATIENCE_MS : 0);
    atomic_fetch_add(&simulated_ms, count > 0 ? 1 : wait_ms);
    return count;
}

static bool simulated_compose(void *payload, const struct queue_row *row,
                              struct delivery_message *message, struct error *error)
{
    struct simulation *simulation = payload;
    (void)error;
    (void)snprintf(simulation->text, sizeof simulation->text, "To: %s\r\n\r\nHej.\r\n",
                   row->address);
    (void)snprintf(simulation->sender, sizeof simulation->sender, "presse+%" PRId64 "@n.example",
                   row->subscriber);
    *message = (struct delivery_message){ .bytes = simulation->text,
                                          .length = strlen(simulation->text),
                                          .sender = simulation->sender,
                                          .recipient = row->address,
                                          .revision = 1 };
    return true;
}

/* Whether the relay takes one more now. */
static bool simulated_takes(struct simulation *simulation, int recipient, int64_t now)
{
    const struct simulated_limit *limit = simulation->limit;
    int64_t from = limit->is_by_the_clock ? now - now % limit->window_ms : now - limit->window_ms;
    int within = 0;
    if (limit->person)
        return recipient != limit->person || now >= limit->outage_ms;
    if (limit->outage_ms && simulation->taken == limit->outage_after && !simulation->outage_until)
        simulation->outage_until = now + limit->outage_ms;
    if (now < simulation->outage_until)
        return false;
    for (int i = simulation->taken - 1; limit->window_ms && i >= 0; i--) {
        if (limit->is_by_the_clock ? simulation->taken_at[i] < from
                                   : simulation->taken_at[i] <= from)
            break;
        within++;
    }
    return !limit->window_ms || within < limit->count;
}

static const char *simulated_judge(void *payload, const char *at, int recipient)
{
    struct simulation *simulation = payload;
    if (simulation->limit->session || strcmp(at, simulation->limit->at) != 0)
        return NULL;
    pthread_mutex_lock(&simulation->mutex);
    int64_t now = atomic_load(&simulated_ms);
    bool takes = simulated_takes(simulation, recipient, now);
    if (takes)
        simulation->taken_at[simulation->taken++] = now;
    else
        simulation->refused++;
    pthread_mutex_unlock(&simulation->mutex);
    return takes ? NULL : simulation->limit->reply;
}

static bool simulated_mailing(struct database *database, int people, int64_t *mailing_row_id,
                              struct error *error)
{
    static const struct queue_candidate candidate = { "all", 10, "da", true };
    static const struct queue_candidates candidates = { &candidate, 1 };
    struct queue_announcement announcement = { .release = 10, .deduplication_key = "" };
    struct queue_mailing mailing = { .note = "",
                                     .created_at = SIMULATED_START,
                                     .starts_at = SIMULATED_START };
    char text[512];
    bool is_new = false;
    int64_t added = 0;
    (void)snprintf(text, sizeof text,
                   "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d)"
                   " INSERT INTO subscriber SELECT i, 'p' || i || '@n' || (i %% 7) || '.example',"
                   " 'da', 2 FROM n",
                   people);
    bool done = database_begin(database, error) && database_execute(database, text, error) &&
                database_execute(
                    database, "INSERT INTO subscription SELECT row_id, 'all', 0, 1 FROM subscriber",
                    error) &&
                queue_announcement_open(database, &announcement, &mailing.announcement, &is_new,
                                        error) &&
                queue_mailing_create(database, &mailing, error) &&
                queue_add_audience(database, &mailing, &candidates, &added, error) &&
                database_commit(database, error);
    *mailing_row_id = mailing.row_id;
    return done && added == people;
}

static int64_t simulated_number(struct database *database, const char *sql, struct error *error)
{
    bool found = false;
    struct statement *statement = database_prepare(database, sql, error);
    if (!statement_find(statement, &found, error) || !found)
        return -1;
    int64_t number = statement_integer(statement, 0);
    statement_reset(statement);
    return number;
}

/* As `run --watch` does: again, once something is due and the relay's pause is over. */
static bool simulated_runs(struct simulation *simulation, struct database *database,
                           const struct deliver_settings *settings, const struct clock *clock,
                           struct error *error)
{
    const struct queue_claim everything = { 0 };
    struct deliver_totals totals;
    int64_t due_at = SIMULATED_START;
    for (simulation->runs = 0; simulation->runs < SIMULATED_TURNS; simulation->runs++) {
        if (!deliver_run(database, settings, clock, &totals, error) ||
            !queue_relay_read(database, settings->smtp.url, &simulation->known, error) ||
            !queue_next_due(database, &everything, &due_at, error))
            return false;
        if (due_at == INSTANT_NONE)
            return true;
        if (due_at < simulation->known.next_at)
            due_at = simulation->known.next_at;
        if (due_at > clock_now(clock))
            atomic_fetch_add(&simulated_ms, due_at - clock_now(clock));
    }
    return error_set(error, ERROR_TEMPORARY, "it never ends");
}

/* database: with the schemas of subscriber_tables.h and queue/, empty. */
static bool simulate(struct simulation *simulation, struct database *database, struct error *error)
{
    struct deliver_time time = { .timer = { .now = simulated_now, .fixed_at = 1000000 },
                                 .now_ns = simulated_now_ns,
                                 .wait = simulated_wait };
    struct clock clock = { .now = simulated_now, .fixed_at = SIMULATED_START };
    struct deliver_settings settings = { .connections = 10,
                                         .resend_unknown = true,
                                         .phrases = kept_phrases(),
                                         .stays = true,
                                         .time = &time,
                                         .compose = simulated_compose,
                                         .compose_payload = simulation };
    int64_t mailing = 0;
    struct queue_delivery_counts counts;
    atomic_store(&simulated_ms, 0);
    simulation->relay = (struct relay){ .extensions = "250-PIPELINING\r\n",
                                        .judge = simulated_judge,
                                        .session = simulation->limit->session,
                                        .text = simulation->limit->reply,
                                        .payload = simulation };
    (void)pthread_mutex_init(&simulation->mutex, NULL);
    if (!simulated_mailing(database, simulation->people, &mailing, error))
        return false;
    relay_start(&simulation->relay);
    settings.smtp.url = simulation->relay.url;
    settings.smtp.tls = SMTP_TLS_NONE;
    bool done = simulated_runs(simulation, database, &settings, &clock, error);
    relay_stop(&simulation->relay);
    (void)pthread_mutex_destroy(&simulation->mutex);
    if (!done || !queue_counts_of_mailing(database, mailing, &counts, error))
        return false;
    simulation->passed_ms = atomic_load(&simulated_ms);
    simulation->sent = counts.count[QUEUE_SENT];
    simulation->failed = counts.count[QUEUE_FAILED];
    simulation->deferred = counts.count[QUEUE_DEFERRED];
    simulation->most_tries = simulated_number(database, "SELECT MAX(attempts) FROM delivery",
                                              error);
    simulation->charged = simulated_number(
        database, "SELECT count(*) FROM delivery WHERE attempts > 1", error);
    return true;
}

/* The relays of the table: what they are known to say, and what could be had of them. */
struct simulated_case {
    struct simulated_limit limit;
    int people;
    int64_t ideal_ms;
};

static const struct simulated_case simulated_cases[] = {
    { { .name = "5 a second, 450 at RCPT",
        .at = "RCPT",
        .reply = "450 4.7.1 Error: rate limit exceeded, slow down\r\n",
        .count = 5,
        .window_ms = 1000 },
      1000,
      200 * DURATION_SECOND },
    { { .name = "SES: 14 a second, 454 at the dot",
        .at = "DOT",
        .reply = "454 4.7.0 Throttling failure: Maximum sending rate exceeded.\r\n",
        .count = 14,
        .window_ms = 1000 },
      1000,
      1000 * DURATION_SECOND / 14 },
    { { .name = "Office 365: 30 a minute, 432 at MAIL",
        .at = "MAIL",
        .reply = "432 4.3.2 STOREDRV.ClientSubmit; sender thread limit exceeded\r\n",
        .count = 30,
        .window_ms = DURATION_MINUTE },
      1000,
      1940 * DURATION_SECOND },
    { { .name = "500 a day, 452 at RCPT",
        .at = "RCPT",
        .reply = "452 4.5.3 Daily message quota exceeded\r\n",
        .count = 500,
        .window_ms = DURATION_DAY,
        .is_by_the_clock = true },
      1000,
      DURATION_DAY },
    { { .name = "451 4.3.0 for an hour, at MAIL",
        .at = "MAIL",
        .reply = "451 4.3.0 Temporary system problem\r\n",
        .outage_after = 200,
        .outage_ms = DURATION_HOUR },
      1000,
      DURATION_HOUR },
    { { .name = "451 4.3.0 for an hour, at RCPT",
        .at = "RCPT",
        .reply = "451 4.3.0 Temporary system problem\r\n",
        .outage_after = 200,
        .outage_ms = DURATION_HOUR },
      1000,
      DURATION_HOUR },
};

#endif
