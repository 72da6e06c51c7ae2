/* SPDX-License-Identifier: MIT */
#include "delivery/refusal_tracker.h"

#include "base/arena.h"
#include "base/array.h"
#include "base/error.h"
#include "base/log.h"
#include "base/memory.h"
#include "database/database.h"
#include "delivery/refused_address.h"
#include "queue/sending.h"
#include "queue/trouble.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A receiver that refused something lately. */
struct tracked_receiver {
    int64_t row_id;
    bool is_held;
    int64_t accepted; /* since it was last written, in this transaction */
    int64_t tried;    /* the same, of those that ended otherwise */
    char name[ADDRESS_GROUP_SIZE];
};

/* What was stopped, and is logged once the transaction is durable. */
struct report {
    int64_t mailing; /* paused; 0: the receiver is held */
    bool is_address;
    struct queue_receiver_hold hold;
    char note[700];
};

struct refusal_tracker {
    struct refusal_tracker_settings settings;
    struct database *database;
    struct tracked_receiver *receivers; /* in the order of their names */
    size_t receiver_count;
    size_t receiver_capacity;
    int64_t *mailings; /* that have a row of refusals */
    size_t mailing_count;
    size_t mailing_capacity;
    struct report *reports;
    size_t report_count;
    size_t reported; /* of them, to the operator */
    size_t report_capacity;
    int64_t change_number;
    bool is_known; /* what the store says is what stands here */
    bool is_dirty; /* something was written that is not durable yet */
};

struct refusal_tracker *refusal_tracker_new(const struct refusal_tracker_settings *settings)
{
    struct refusal_tracker *tracker = memory_allocate(sizeof *tracker);
    tracker->settings = *settings;
    tracker->database = settings->database;
    return tracker;
}

void refusal_tracker_free(struct refusal_tracker *tracker)
{
    if (!tracker)
        return;
    free(tracker->receivers);
    free(tracker->mailings);
    free(tracker->reports);
    free(tracker);
}

/* ---- what is known ---- */

/* Where it stands, or would. */
static size_t place_of(const struct refusal_tracker *tracker, const char *name, bool *is_there)
{
    size_t low = 0;
    size_t high = tracker->receiver_count;
    assert(tracker->receivers || !high);
    *is_there = false;
    while (low < high && !*is_there) {
        size_t middle = (low + high) / 2;
        int order = strcmp(tracker->receivers[middle].name, name);
        *is_there = order == 0;
        if (order >= 0)
            high = middle;
        else
            low = middle + 1;
    }
    return high;
}

static struct tracked_receiver *insert_receiver(struct refusal_tracker *tracker, size_t place,
                                                const char *name)
{
    ARRAY_GROW(tracker->receivers, tracker->receiver_count, tracker->receiver_capacity);
    struct tracked_receiver *tracked = &tracker->receivers[place];
    assert(tracker->receivers);
    memmove(tracked + 1, tracked, (tracker->receiver_count++ - place) * sizeof *tracked);
    *tracked = (struct tracked_receiver){ 0 };
    (void)snprintf(tracked->name, sizeof tracked->name, "%s", name);
    return tracked;
}

static bool load_receivers(struct refusal_tracker *tracker, struct error *error)
{
    struct queue_receiver_cursor cursor;
    const struct queue_receiver *receiver;
    tracker->receiver_count = 0;
    queue_receiver_cursor_open(&cursor, tracker->database, false);
    while (queue_receiver_cursor_next(&cursor, &receiver, error)) {
        struct tracked_receiver *tracked = insert_receiver(tracker, tracker->receiver_count,
                                                           receiver->name);
        tracked->row_id = receiver->row_id;
        tracked->is_held = receiver->is_held;
    }
    return queue_receiver_cursor_close(&cursor);
}

/* After something of it was written: there may be many others, and their rows are as they were. */
static bool reload_receiver(struct refusal_tracker *tracker, const char *name, struct error *error)
{
    bool found = false;
    bool is_there = false;
    int64_t row_id = 0;
    bool is_held = false;
    if (!queue_receiver_find(tracker->database, name, &row_id, &is_held, &found, error))
        return false;
    size_t place = place_of(tracker, name, &is_there);
    if (!found) {
        if (is_there) {
            struct tracked_receiver *gone = &tracker->receivers[place];
            memmove(gone, gone + 1, (--tracker->receiver_count - place) * sizeof *gone);
        }
        return true;
    }
    struct tracked_receiver *tracked = is_there ? &tracker->receivers[place]
                                                : insert_receiver(tracker, place, name);
    assert(tracked);
    tracked->row_id = row_id;
    tracked->is_held = is_held;
    return true;
}

static void add_mailing(struct refusal_tracker *tracker, int64_t mailing)
{
    ARRAY_GROW(tracker->mailings, tracker->mailing_count, tracker->mailing_capacity);
    tracker->mailings[tracker->mailing_count++] = mailing;
}

static bool load_mailings(struct refusal_tracker *tracker, struct error *error)
{
    int64_t mailing = 0;
    tracker->mailing_count = 0;
    do {
        if (!queue_streak_next(tracker->database, mailing, &mailing, error))
            return false;
        if (mailing)
            add_mailing(tracker, mailing);
    } while (mailing);
    return true;
}

bool refusal_tracker_begin(struct refusal_tracker *tracker, struct error *error)
{
    int64_t change_number = 0;
    /* A batch that is written again after a rollback begins anew: what it had counted, and stopped,
     * was undone with it. */
    tracker->report_count = tracker->reported = 0;
    for (size_t i = 0; i < tracker->receiver_count; i++)
        tracker->receivers[i].accepted = tracker->receivers[i].tried = 0;
    if (!database_change_number(tracker->database, &change_number, error))
        return false;
    /* The store has not changed since, so what stands here is what it says; nearly every commit
     * ends here, and an outcome costs no query. */
    if (tracker->is_known && !tracker->is_dirty && change_number == tracker->change_number)
        return true;
    tracker->change_number = change_number;
    tracker->is_dirty = false;
    tracker->is_known = load_receivers(tracker, error) && load_mailings(tracker, error);
    return tracker->is_known;
}

/* Names are few as a rule, but a great outage may hold hundreds, and each outcome asks. */
static struct tracked_receiver *find_receiver(const struct refusal_tracker *tracker,
                                              const char *name)
{
    bool is_there = false;
    size_t place = place_of(tracker, name, &is_there);
    return is_there ? &tracker->receivers[place] : NULL;
}

/* *tracked NULL: all is well with whom the row is for. */
static bool receiver_of(const struct refusal_tracker *tracker, const struct queue_row *row,
                        struct tracked_receiver **tracked, struct error *error)
{
    char group[ADDRESS_GROUP_SIZE];
    *tracked = NULL;
    if (!tracker->receiver_count || !row->address)
        return true;
    if (!queue_receiver_group(tracker->database, row->address, group, error))
        return false;
    *tracked = find_receiver(tracker, group);
    return true;
}

/* A linear search: only mailings under way that were refused something are in it. */
static bool has_streak(const struct refusal_tracker *tracker, int64_t mailing)
{
    for (size_t i = 0; i < tracker->mailing_count; i++) {
        if (tracker->mailings[i] == mailing)
            return true;
    }
    return false;
}

/* The last one takes its place, as their order means nothing. */
static void forget_mailing(struct refusal_tracker *tracker, int64_t mailing)
{
    for (size_t i = 0; i < tracker->mailing_count; i++) {
        if (tracker->mailings[i] == mailing)
            tracker->mailings[i--] = tracker->mailings[--tracker->mailing_count];
    }
}

/* A receiver that is only watched holds nothing back. */
bool refusal_tracker_find_hold(struct refusal_tracker *tracker, const struct queue_row *row,
                               int64_t *receiver, struct error *error)
{
    struct tracked_receiver *tracked = NULL;
    if (!receiver_of(tracker, row, &tracked, error))
        return false;
    *receiver = tracked && tracked->is_held ? tracked->row_id : 0;
    return true;
}

/* The address itself is at fault, as far as can be known. */
static bool count_address(struct refusal_tracker *tracker,
                          const struct queue_streak_refusal *refusal, struct error *error)
{
    const struct subscriber_service *service = tracker->settings.service;
    return !service || refused_address_count(service, refusal, error);
}

static bool count_addresses_of(struct refusal_tracker *tracker, int64_t mailing,
                               struct error *error)
{
    bool done = true;
    bool found = true;
    while (done && found) {
        struct arena arena = { 0 };
        struct queue_streak_refusal refusal;
        done = queue_streak_take_address(tracker->database, mailing, &arena, &refusal, &found,
                                         error) &&
               (!found || count_address(tracker, &refusal, error));
        arena_release(&arena);
    }
    return done;
}

/* ---- outcomes ---- */

static struct report *add_report(struct refusal_tracker *tracker)
{
    ARRAY_GROW(tracker->reports, tracker->report_count, tracker->report_capacity);
    struct report *report = &tracker->reports[tracker->report_count++];
    *report = (struct report){ 0 };
    return report;
}

/* Both count as tried, which lowers the share of refusals; only acceptances end a row of them, as
 * nothing else shows that our mail is taken. */
static bool write_receiver(struct refusal_tracker *tracker, struct tracked_receiver *tracked,
                           int64_t now_at, struct error *error)
{
    struct database *database = tracker->database;
    if (!tracked->tried && !tracked->accepted)
        return true;
    tracker->is_dirty = true;
    bool done = (!tracked->tried || queue_receiver_tried(database, tracked->name, tracked->tried,
                                                         false, now_at, error)) &&
                (!tracked->accepted ||
                 queue_receiver_tried(database, tracked->name, tracked->accepted, true, now_at,
                                      error));
    tracked->tried = 0;
    tracked->accepted = 0;
    return done;
}

bool refusal_tracker_end(struct refusal_tracker *tracker, int64_t now_at, struct error *error)
{
    /* From the last one on, as those with which all is well go. */
    for (size_t i = tracker->receiver_count; i > 0; i--) {
        struct tracked_receiver *tracked = &tracker->receivers[i - 1];
        bool is_written = tracked->tried || tracked->accepted;
        if (!write_receiver(tracker, tracked, now_at, error) ||
            (is_written && !reload_receiver(tracker, tracked->name, error)))
            return false;
    }
    return true;
}

/* Acceptances before a refusal must not look as if they came after it. */
static bool note_receiver(struct refusal_tracker *tracker, const struct delivery_outcome *outcome,
                          int64_t now_at, struct error *error)
{
    struct queue_receiver_hold hold;
    struct tracked_receiver *tracked = NULL;
    const struct smtp_reply *reply = &outcome->reply;
    const struct queue_receiver_refusal refusal = { .address = outcome->item.row->address,
                                                    .code = reply->code,
                                                    .enhanced = reply->enhanced,
                                                    .text = reply->text,
                                                    .at = now_at };
    if (!receiver_of(tracker, outcome->item.row, &tracked, error) ||
        (tracked && !write_receiver(tracker, tracked, now_at, error)))
        return false;
    tracker->is_dirty = true;
    if (!queue_receiver_note(tracker->database, &refusal, &hold, error) ||
        (*hold.name && !reload_receiver(tracker, hold.name, error)))
        return false;
    if (hold.is_new)
        add_report(tracker)->hold = hold;
    return true;
}

static struct queue_streak_refusal refusal_of(const struct delivery_outcome *outcome,
                                              int64_t now_at)
{
    const struct queue_row *row = outcome->item.row;
    return (struct queue_streak_refusal){ .mailing = row->mailing,
                                          .transactional = row->transactional,
                                          .announcement = row->announcement,
                                          .subscriber = row->subscriber,
                                          .address = row->address ? row->address : "",
                                          .is_address = outcome->class == OUTCOME_ADDRESS,
                                          .is_of_sender = outcome->class == OUTCOME_OURS &&
                                                          !outcome->is_of_receiver,
                                          .code = outcome->reply.code,
                                          .enhanced = outcome->reply.enhanced,
                                          .text = outcome->reply.text,
                                          .at = now_at };
}

static bool note_mailing(struct refusal_tracker *tracker, const struct delivery_outcome *outcome,
                         int64_t now_at, struct error *error)
{
    const struct queue_row *row = outcome->item.row;
    struct queue_streak_end end;
    const struct queue_streak_refusal refusal = refusal_of(outcome, now_at);
    tracker->is_dirty = true;
    if (!queue_streak_note(tracker->database, &refusal, &end, error))
        return false;
    if (end.is_paused) {
        struct report *report = add_report(tracker);
        report->mailing = row->mailing;
        report->is_address = refusal.is_address;
        memcpy(report->note, end.note, sizeof report->note);
    }
    if (!has_streak(tracker, row->mailing))
        add_mailing(tracker, row->mailing);
    return true;
}

/* Acceptances are only counted here and written at the end of the transaction: one statement a
 * receiver in place of one a message. */
static bool note_accepted(struct refusal_tracker *tracker, const struct queue_row *row,
                          struct error *error)
{
    struct tracked_receiver *tracked = NULL;
    if (!receiver_of(tracker, row, &tracked, error))
        return false;
    if (tracked)
        tracked->accepted++;
    if (row->transactional || !has_streak(tracker, row->mailing))
        return true;
    tracker->is_dirty = true;
    if (!count_addresses_of(tracker, row->mailing, error) ||
        !queue_streak_break(tracker->database, row->mailing, error))
        return false;
    forget_mailing(tracker, row->mailing);
    return true;
}

/* An address of a mailing may be right and the relay's list of recipients broken, which only shows
 * in a row of them: so it counts once the row has ended well. That of a transactional mail is
 * alone. */
static bool note_address(struct refusal_tracker *tracker, const struct delivery_outcome *outcome,
                         int64_t now_at, struct error *error)
{
    struct tracked_receiver *tracked = NULL;
    const struct queue_row *row = outcome->item.row;
    if (!receiver_of(tracker, row, &tracked, error))
        return false;
    if (tracked)
        tracked->tried++;
    if (!row->transactional)
        return note_mailing(tracker, outcome, now_at, error);
    const struct queue_streak_refusal refusal = refusal_of(outcome, now_at);
    return count_address(tracker, &refusal, error);
}

bool refusal_tracker_note(struct refusal_tracker *tracker, const struct delivery_outcome *outcome,
                          bool was_held, int64_t now_at, struct error *error)
{
    const struct queue_row *row = outcome->item.row;
    switch (outcome->class) {
    case OUTCOME_ACCEPTED:
        return note_accepted(tracker, row, error);
    case OUTCOME_ADDRESS:
        return note_address(tracker, outcome, now_at, error);
    case OUTCOME_OURS:
        if (outcome->is_of_receiver && row->address &&
            !note_receiver(tracker, outcome, now_at, error))
            return false;
        /* What a held receiver refuses is known already: counted in the mailing's row, its probes
         * would pause the mailing for everybody else. */
        return row->transactional || was_held || note_mailing(tracker, outcome, now_at, error);
    case OUTCOME_LATER:
    case OUTCOME_RELAY:
    case OUTCOME_UNABLE:
    case OUTCOME_LOST:
    case OUTCOME_UNTRIED:
    case OUTCOME_INDETERMINATE:
        break;
    }
    return true;
}

/* ---- afterwards ---- */

static void report_paused(const struct report *report)
{
    if (report->is_address)
        log_line(LOG_ERROR,
                 "mailing %" PRId64 ": paused: %s. So the list of recipients that the relay asks "
                 "may be broken: nothing counts against anybody, and these messages wait again. "
                 "Look there, then `pressroom mailing resume %" PRId64 "`",
                 report->mailing, report->note, report->mailing);
    else
        log_line(LOG_ERROR,
                 "mailing %" PRId64 ": paused after %s; mend it at the relay, then "
                 "`pressroom mailing resume %" PRId64 "`",
                 report->mailing, report->note, report->mailing);
}

bool refusal_tracker_next_stop(struct refusal_tracker *tracker, struct refusal_stop *stop)
{
    tracker->is_dirty = false;
    if (tracker->reported == tracker->report_count)
        return false;
    const struct report *report = &tracker->reports[tracker->reported++];
    if (report->mailing)
        report_paused(report);
    else
        log_line(LOG_ERROR, "%s", report->hold.words);
    *stop = (struct refusal_stop){ report->mailing, report->hold.name };
    return true;
}

bool refusal_tracker_close_ended(struct refusal_tracker *tracker, struct error *error)
{
    int64_t mailing = 0;
    bool counts = false;
    tracker->is_dirty = true;
    do {
        if (!queue_streak_find_ended(tracker->database, &mailing, &counts, error) ||
            (mailing && counts && !count_addresses_of(tracker, mailing, error)) ||
            (mailing && !queue_streak_remove(tracker->database, mailing, error)))
            return false;
    } while (mailing);
    return true;
}
