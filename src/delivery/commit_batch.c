/* SPDX-License-Identifier: MIT */
#include "delivery/commit_batch.h"

#include "address/group.h"
#include "base/array.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/fault.h"
#include "base/log.h"
#include "base/memory.h"
#include "database/database.h"
#include "delivery/deliver.h"
#include "delivery/pace.h"
#include "delivery/refusal_tracker.h"
#include "delivery/relay_share.h"
#include "queue/sending.h"
#include "queue/transactional_mail.h"
#include "queue/trouble.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct commit_batch {
    struct commit_batch_settings settings;
    struct delivery_outcome *outcomes;
    size_t outcome_count;
    size_t outcome_capacity;
    struct commit_mark **marks;
    size_t mark_count;
    size_t mark_capacity;
    struct refusal_tracker *tracker;
};

struct commit_batch *commit_batch_new(const struct commit_batch_settings *settings)
{
    struct commit_batch *batch = memory_allocate(sizeof *batch);
    batch->settings = *settings;
    const struct refusal_tracker_settings tracker = { .database = settings->database,
                                                      .service = settings->service };
    batch->tracker = refusal_tracker_new(&tracker);
    return batch;
}

void commit_batch_free(struct commit_batch *batch)
{
    if (!batch)
        return;
    for (size_t i = 0; i < batch->outcome_count; i++)
        prefetch_done(batch->outcomes[i].item);
    free(batch->outcomes);
    free(batch->marks);
    refusal_tracker_free(batch->tracker);
    free(batch);
}

/* Copied, because the message's place on its connection is given to the next one at once. */
void commit_batch_add_outcome(struct commit_batch *batch, const struct delivery_outcome *outcome)
{
    ARRAY_GROW(batch->outcomes, batch->outcome_count, batch->outcome_capacity);
    batch->outcomes[batch->outcome_count++] = *outcome;
}

void commit_batch_add_mark(struct commit_batch *batch, struct commit_mark *mark)
{
    /* NOLINTNEXTLINE(bugprone-sizeof-expression) ; pointers are what it holds */
    ARRAY_GROW(batch->marks, batch->mark_count, batch->mark_capacity);
    batch->marks[batch->mark_count++] = mark;
}

/* They leave as outcomes, with the next commit, because a transaction of their own for each would
 * stop all connections. A kill before that leaves them claimed, and the next run gives them back.
 */
static void release_where(struct commit_batch *batch, prefetch_match *match, void *payload)
{
    struct prefetched_row item;
    while (prefetch_take_where(batch->settings.prefetch, match, payload, &item)) {
        struct delivery_outcome outcome = { .item = item,
                                            .class = OUTCOME_UNTRIED,
                                            .state = QUEUE_QUEUED };
        commit_batch_add_outcome(batch, &outcome);
    }
}

static bool is_of_mailing(void *payload, const struct queue_row *row)
{
    return row->mailing == *(const int64_t *)payload;
}

void commit_batch_release(struct commit_batch *batch, int64_t mailing)
{
    release_where(batch, is_of_mailing, &mailing);
}

/* The marks are asked for anew in the next turn, because nothing of a failed commit holds. */
void commit_batch_drop_marks(struct commit_batch *batch)
{
    batch->mark_count = 0;
}

/* What became known of the relay is written in the same commit, so it alone is a reason for one. */
bool commit_batch_is_empty(const struct commit_batch *batch)
{
    const struct relay_share *relay = batch->settings.relay;
    return !batch->outcome_count && !batch->mark_count && !(relay && relay->is_dirty);
}

/* ---- one commit ---- */

/* Finds the held receiver that the row is to be parked for: a message that it refused, and one that
 * was not tried at all, wait with its others and are charged no try. *holder 0: none. */
static bool find_holder(struct commit_batch *batch, const struct delivery_outcome *outcome,
                        int64_t *holder, struct error *error)
{
    const struct queue_row *row = outcome->item.row;
    bool is_refused = outcome->class == OUTCOME_OURS && outcome->is_of_receiver;
    *holder = 0;
    if ((!is_refused && outcome->class != OUTCOME_UNTRIED) || row->transactional)
        return true;
    return refusal_tracker_find_hold(batch->tracker, row, holder, error);
}

/* A row refused before its text was asked for was never marked: it is marked now, so that all
 * outcomes pass the same gate. As the commit may run again, only `mark` and `written` change. */
static bool write_outcome(struct commit_batch *batch, struct delivery_outcome *outcome,
                          int64_t now_at, struct error *error)
{
    struct database *database = batch->settings.database;
    const struct queue_row *row = outcome->item.row;
    if (!outcome->is_marked && outcome->state != QUEUE_QUEUED) {
        enum queue_mark mark = QUEUE_MARK_GONE;
        if (!queue_mark_sending(database, row, outcome->revision, now_at, &mark, error))
            return false;
        outcome->mark = mark;
        /* Somebody left, or the mailing was stopped, before this was written: that stands, and the
         * answer changes nothing any more. */
        if (mark != QUEUE_MARK_SENDING)
            return true;
    }
    int64_t holder = 0;
    if (!find_holder(batch, outcome, &holder, error))
        return false;
    outcome->written = holder ? QUEUE_QUEUED : outcome->state;
    bool is_tried = outcome->class != OUTCOME_UNTRIED;
    const struct smtp_reply *reply = &outcome->reply;
    struct queue_result result = { .state = outcome->written,
                                   .next_at = holder && is_tried ? now_at : outcome->next_at,
                                   .smtp_code = reply->code,
                                   .enhanced = *reply->enhanced ? reply->enhanced : NULL,
                                   .text = *reply->text ? reply->text : NULL,
                                   .is_ours = outcome->class == OUTCOME_OURS };
    /* Parked behind the record, as that ends the claim and only rows that nobody holds are parked.
     */
    return queue_record(database, row, &result, now_at, error) &&
           (!holder ||
            queue_receiver_park(database, holder, row->announcement, row->subscriber, error)) &&
           refusal_tracker_note(batch->tracker, outcome, holder != 0, now_at, error);
}

/* As many as the timetable has places for; who is turned down takes none. *next_ns: its next place
 * afterwards. */
static bool write_marks(struct commit_batch *batch, int64_t now_at, int64_t *next_ns,
                        struct error *error)
{
    struct database *database = batch->settings.database;
    const struct pace *pace = batch->settings.pace;
    int64_t places = (int64_t)batch->mark_count;
    int64_t taken = 0;
    *next_ns = 0;
    /* The next slot of mail.rate is read inside the transaction, because another worker may have
     * taken it since. */
    if (pace->interval_ns > 0 && (places || pace->begins)) {
        if (!queue_pace_read(database, next_ns, error))
            return false;
        places = pace_places(pace, next_ns);
    }
    for (size_t i = 0; i < batch->mark_count; i++) {
        struct commit_mark *mark = batch->marks[i];
        mark->is_early = taken >= places;
        if (mark->is_early)
            continue;
        if (!queue_mark_sending(database, mark->row, mark->revision, now_at, &mark->mark, error))
            return false;
        /* Who may not be mailed any more takes no slot. */
        taken += mark->mark == QUEUE_MARK_SENDING;
    }
    if (pace->interval_ns <= 0 || (!taken && !pace->begins))
        return true;
    *next_ns = pace_after(pace, *next_ns, taken);
    return queue_pace_write(database, *next_ns, error);
}

/* Outcomes come before marks, because an outcome may pause a mailing: then none of its marks is
 * given in this commit. */
static bool write_all(struct commit_batch *batch, int64_t *next_ns, struct error *error)
{
    /* Read behind the wait for the write lock, because that may be long. */
    int64_t now_at = clock_now(batch->settings.clock);
    if (batch->outcome_count && !refusal_tracker_begin(batch->tracker, error))
        return false;
    for (size_t i = 0; i < batch->outcome_count; i++) {
        if (!write_outcome(batch, &batch->outcomes[i], now_at, error))
            return false;
    }
    return refusal_tracker_end(batch->tracker, now_at, error) &&
           write_marks(batch, now_at, next_ns, error) &&
           (!batch->settings.relay || relay_share_write(batch->settings.relay, error));
}

/* ---- what follows from it ---- */

/* What a person wrote did not reach who is responsible for it: somebody must know. */
static void log_not_sent_on(const struct delivery_outcome *outcome)
{
    const struct queue_row *row = outcome->item.row;
    char words[sizeof outcome->reply.text];
    if (!row->transactional || row->transactional_kind != QUEUE_TRANSACTIONAL_FORWARD)
        return;
    address_redact(outcome->reply.text, words, sizeof words);
    log_line(LOG_WARNING,
             "deliver: what somebody answered could not be sent on to the contact (%d %s); read "
             "it by `pressroom inbox list`, and see to the contact's address",
             outcome->reply.code, words);
}

static void count(struct deliver_totals *totals, const struct delivery_outcome *outcome)
{
    if (!outcome->is_marked && outcome->mark == QUEUE_MARK_SUPPRESSED)
        totals->suppressed++;
    /* Else the row was suppressed, cancelled or released meanwhile. */
    bool stands = outcome->is_marked || outcome->state == QUEUE_QUEUED ||
                  outcome->mark == QUEUE_MARK_SENDING;
    if (!stands)
        return;
    switch (outcome->written) {
    case QUEUE_SENT:
        totals->sent++;
        break;
    case QUEUE_DEFERRED:
        totals->deferred++;
        break;
    case QUEUE_FAILED:
        totals->failed++;
        log_not_sent_on(outcome);
        break;
    case QUEUE_UNKNOWN:
        totals->unknown++;
        totals->set_aside += outcome->item.row->indeterminate_count + 1 >=
                             QUEUE_INDETERMINATE_MAXIMUM;
        break;
    case QUEUE_QUEUED:
    case QUEUE_SENDING:
    case QUEUE_SUPPRESSED:
    case QUEUE_CANCELLED:
    case QUEUE_STATE_COUNT:
        break;
    }
}

struct held_receiver {
    struct database *database;
    const char *name;
};

/* A row whose receiver cannot be found out is no match: it is tried, and a refusal costs it
 * nothing. */
static bool is_for_receiver(void *payload, const struct queue_row *row)
{
    const struct held_receiver *receiver = payload;
    char group[ADDRESS_GROUP_SIZE];
    struct error ignored;
    return !row->transactional && row->address &&
           queue_receiver_group(receiver->database, row->address, group, &ignored) &&
           strcmp(group, receiver->name) == 0;
}

/* Rows that were claimed before their mailing was paused or their receiver held go back, because
 * else they would be sent all the same. */
static void release_stopped(struct commit_batch *batch)
{
    struct refusal_stop stop;
    while (refusal_tracker_next_stop(batch->tracker, &stop)) {
        struct held_receiver receiver = { batch->settings.database, stop.receiver };
        if (stop.mailing) {
            batch->settings.totals->paused++;
            commit_batch_release(batch, stop.mailing);
        } else {
            release_where(batch, is_for_receiver, &receiver);
        }
    }
}

bool commit_batch_write(struct commit_batch *batch, struct error *error)
{
    if (commit_batch_is_empty(batch))
        return true;
    int64_t next_ns = 0;
    /* A process that dies before this commit leaves its rows `sending`: the next run finds them
     * indeterminate. One that dies behind it has lost nothing. */
    fault_point("deliver-outcome");
    struct transaction transaction = transaction_of(batch->settings.database);
    while (transaction_run(&transaction, error))
        transaction_end(&transaction, write_all(batch, &next_ns, error), error);
    if (!transaction.is_done)
        return false;
    /* From here on marked rows may be sent. A kill before their dots leave cannot be told from one
     * behind them, so the next run finds them indeterminate either way. */
    fault_point("deliver-recorded");
    /* Memory follows the store only now: before the commit it could have been undone. */
    if (next_ns) {
        batch->settings.pace->next_ns = next_ns;
        batch->settings.pace->begins = false;
    }
    if (batch->settings.relay)
        relay_share_written(batch->settings.relay);

    size_t outcome_count = batch->outcome_count;
    batch->outcome_count = 0;
    struct delivery_outcome *outcomes = batch->outcomes;
    batch->outcomes = NULL; /* following may add new ones */
    batch->outcome_capacity = 0;
    for (size_t i = 0; i < outcome_count; i++) {
        count(batch->settings.totals, &outcomes[i]);
        prefetch_done(outcomes[i].item);
    }
    free(outcomes);
    release_stopped(batch);
    for (size_t i = 0; i < batch->mark_count; i++) {
        if (!batch->marks[i]->is_early && batch->marks[i]->mark == QUEUE_MARK_SUPPRESSED)
            batch->settings.totals->suppressed++;
    }
    batch->mark_count = 0;
    return true;
}

bool commit_batch_close_streaks(struct commit_batch *batch, struct error *error)
{
    return refusal_tracker_close_ended(batch->tracker, error);
}
