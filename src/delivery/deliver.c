/* SPDX-License-Identifier: MIT */
#include "delivery/deliver.h"

#include "base/clock.h"
#include "base/error.h"
#include "base/log.h"
#include "database/database.h"
#include "delivery/message_source.h"
#include "delivery/sender.h"
#include "queue/queue.h"
#include "queue/sending.h"
#include "queue/transactional_mail.h"
#include "subscriber/subscriber.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* ---- before ---- */

/* Before anything else, because no claim meets what a dead run left claimed, and its mailing would
 * not finish. */
static bool recover(struct sender *sender, struct error *error)
{
    struct database *database = sender->database;
    struct queue_recovery recovery = { 0 };
    struct transaction transaction = transaction_of(database);
    while (transaction_run(&transaction, error))
        transaction_end(&transaction,
                        queue_recover(database, sender->settings->resend_unknown,
                                      clock_now(sender->clock), &recovery, error),
                        error);
    if (!transaction.is_done)
        return false;
    sender->totals->recovered = recovery.released + recovery.unknown;
    if (sender->totals->recovered)
        log_line(LOG_NOTICE,
                 "deliver: a run before this one was cut off: %" PRId64
                 " messages given back, %" PRId64 " unknown, %" PRId64 " to be sent again",
                 recovery.released, recovery.unknown, recovery.resent);
    if (recovery.set_aside)
        log_line(LOG_ERROR,
                 "deliver: %" PRId64 " messages were being sent in three runs that were cut off; "
                 "they are set aside as unknown: look at them with `pressroom status`",
                 recovery.set_aside);
    return true;
}

/* For the progress line alone, so what cannot be counted is left out of it. */
static void count_waiting(struct sender *sender)
{
    struct error ignored;
    struct queue_delivery_counts transactional = { 0 };
    struct queue_mailing_cursor cursor;
    const struct queue_mailing *mailing;
    int64_t total = 0;
    queue_mailing_cursor_open(&cursor, sender->database, 0, true);
    while (queue_mailing_cursor_next(&cursor, &mailing, &ignored)) {
        if (mailing->state == QUEUE_MAILING_ACTIVE)
            total += mailing->counts.count[QUEUE_QUEUED] + mailing->counts.count[QUEUE_DEFERRED];
    }
    if (!queue_mailing_cursor_close(&cursor) ||
        !queue_counts_of_transactional(sender->database, &transactional, &ignored))
        return;
    sender->totals->total = total + transactional.count[QUEUE_QUEUED] +
                            transactional.count[QUEUE_DEFERRED];
}

/* ---- after ---- */

static bool give_back(struct sender *sender, int64_t worker, struct error *error)
{
    struct database *database = sender->database;
    int64_t finished = 0;
    while (!commit_batch_is_empty(sender->batch)) { /* a commit may pause a mailing: one more */
        if (!commit_batch_write(sender->batch, error))
            return false;
    }
    /* Claims go first: a mailing does not finish as long as anybody holds a row of it. */
    struct transaction transaction = transaction_of(database);
    while (transaction_run(&transaction, error))
        transaction_end(&transaction,
                        queue_release(database, worker, error) &&
                            queue_finish(database, clock_now(sender->clock), &finished, error) &&
                            commit_batch_close_streaks(sender->batch, error),
                        error);
    if (!transaction.is_done)
        return false;
    sender->totals->finished = finished;
    return true;
}

/* With a worker's number in hand. */
static bool run(struct sender *sender, int64_t worker, struct error *error)
{
    struct prefetch_settings prefetch_settings = { .database = sender->database,
                                                   .clock = sender->clock,
                                                   .timer = sender->timer,
                                                   .worker = worker,
                                                   .renew = sender->settings->renew,
                                                   .payload = sender->settings->compose_payload };
    sender->prefetch = prefetch_new(&prefetch_settings);
    struct subscriber_service service = { .database = sender->database, .clock = sender->clock };
    struct commit_batch_settings commit_batch_settings = { .database = sender->database,
                                                           .clock = sender->clock,
                                                           .prefetch = sender->prefetch,
                                                           .totals = sender->totals,
                                                           .service = &service,
                                                           .pace = &sender->pace,
                                                           .relay = &sender->relay };
    sender->batch = commit_batch_new(&commit_batch_settings);
    pace_init(&sender->pace, sender->settings->interval_ns,
              sender->settings->time ? sender->settings->time->now_ns : NULL);
    bool done = sender->settings->maildir ? maildir_sender_run(sender, error)
                                          : smtp_sender_run(sender, error);
    /* Also after a failure: what was heard is written and what was claimed goes back, because else
     * it would wait until another run finds this worker dead. */
    struct error failure;
    if (!give_back(sender, worker, &failure) && done) {
        *error = failure;
        done = false;
    }
    commit_batch_free(sender->batch);
    prefetch_free(sender->prefetch);
    return done;
}

/* For stories: how long a relay is waited for, and whom it is trusted for. Read while the process
 * has one thread. */
static void take_test_hooks(struct deliver_settings *settings)
{
#ifdef PRESSROOM_TEST_HOOKS
    const char *patience = getenv("PRESSROOM_PATIENCE_MS"); /* NOLINT(concurrency-mt-unsafe) */
    const char *ca_file = getenv("PRESSROOM_CA_FILE");      /* NOLINT(concurrency-mt-unsafe) */
    if (patience) {
        settings->patience_ms = strtoll(patience, NULL, 10);
        settings->smtp.connect_timeout_ms = settings->patience_ms;
        settings->pause_ms = 30;
    }
    if (ca_file)
        settings->smtp.ca_file = ca_file;
#else
    (void)settings;
#endif
}

bool deliver_run(struct database *database, const struct deliver_settings *settings,
                 const struct clock *clock, struct deliver_totals *totals, struct error *error)
{
    *totals = (struct deliver_totals){ 0 };
    struct deliver_settings effective = *settings;
    const struct clock timer = clock_monotonic();
    take_test_hooks(&effective);
    struct sender sender = { .database = database,
                             .settings = &effective,
                             .clock = clock,
                             .totals = totals,
                             .timer = settings->time ? &settings->time->timer : &timer };
    bool is_idle = false;
    sender.last_report_ms = clock_now(sender.timer);
    if (!queue_is_idle(database, effective.resend_unknown, clock_now(clock), &is_idle, error))
        return false;
    if (is_idle) /* most runs: nothing is written, nobody waited for */
        return true;
    if (!recover(&sender, error))
        return false;
    struct database_worker *worker = database_worker_open(database, error);
    if (!worker)
        return false;
    /* Counting reads every row that waits, so only where somebody looks on. */
    if (effective.progress)
        count_waiting(&sender);
    bool done = run(&sender, database_worker_number(worker), error);
    /* Last, because rows under a number whose lock is free are taken for a dead worker's. */
    database_worker_close(worker);
    if (totals->set_aside)
        log_line(LOG_ERROR,
                 "deliver: %" PRId64
                 " messages were handed over %d times, and no answer came; they "
                 "are set aside as unknown: ask at the relay whether they arrived",
                 totals->set_aside, QUEUE_INDETERMINATE_MAXIMUM);
    return done;
}
