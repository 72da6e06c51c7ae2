/* SPDX-License-Identifier: MIT */
#include "delivery/ledger.h"

#include "base/clock.h"
#include "base/error.h"
#include "base/fault.h"
#include "base/log.h"
#include "database/database.h"
#include "delivery/deliver.h"
#include "delivery/pace.h"
#include "delivery/relay_share.h"
#include "delivery/trouble.h"
#include "queue/receiver.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct ledger {
    struct ledger_settings settings;
    struct ledger_outcome *outcomes;
    size_t outcome_count;
    size_t outcome_capacity;
    struct ledger_mark **marks;
    size_t mark_count;
    size_t mark_capacity;
    struct trouble *trouble;
};

static void *grow(void *items, size_t *capacity, size_t size)
{
    *capacity = *capacity ? *capacity * 2 : 64;
    void *bigger = reallocarray(items, *capacity, size);
    if (!bigger)
        abort();
    return bigger;
}

struct ledger *ledger_new(const struct ledger_settings *settings)
{
    struct ledger *ledger = calloc(1, sizeof *ledger);
    if (!ledger)
        abort();
    ledger->settings = *settings;
    const struct trouble_settings trouble = { .database = settings->database,
                                              .count_address = settings->count_address,
                                              .count_payload = settings->count_payload };
    ledger->trouble = trouble_new(&trouble);
    return ledger;
}

void ledger_free(struct ledger *ledger)
{
    if (!ledger)
        return;
    for (size_t i = 0; i < ledger->outcome_count; i++)
        supply_done(ledger->outcomes[i].item);
    free(ledger->outcomes);
    free(ledger->marks);
    trouble_free(ledger->trouble);
    free(ledger);
}

void ledger_add_outcome(struct ledger *ledger, const struct ledger_outcome *outcome)
{
    if (ledger->outcome_count == ledger->outcome_capacity)
        ledger->outcomes = grow(ledger->outcomes, &ledger->outcome_capacity,
                                sizeof *ledger->outcomes);
    ledger->outcomes[ledger->outcome_count++] = *outcome;
}

void ledger_add_mark(struct ledger *ledger, struct ledger_mark *mark)
{
    if (ledger->mark_count == ledger->mark_capacity)
        ledger->marks = grow(ledger->marks, &ledger->mark_capacity, sizeof(struct ledger_mark *));
    ledger->marks[ledger->mark_count++] = mark;
}

void ledger_hand_back_where(struct ledger *ledger, supply_match *match, void *payload)
{
    struct supply_item item;
    while (supply_take_where(ledger->settings.supply, match, payload, &item)) {
        struct ledger_outcome outcome = { .item = item,
                                          .class = OUTCOME_UNTRIED,
                                          .state = QUEUE_QUEUED };
        ledger_add_outcome(ledger, &outcome);
    }
}

static bool is_of_mailing(void *payload, const struct queue_row *row)
{
    return row->mailing == *(const int64_t *)payload;
}

void ledger_hand_back(struct ledger *ledger, int64_t mailing)
{
    ledger_hand_back_where(ledger, is_of_mailing, &mailing);
}

void ledger_drop_marks(struct ledger *ledger)
{
    ledger->mark_count = 0;
}

bool ledger_is_empty(const struct ledger *ledger)
{
    const struct relay_share *relay = ledger->settings.relay;
    return !ledger->outcome_count && !ledger->mark_count && !(relay && relay->is_dirty);
}

/* ---- one commit ---- */

/* What a receiver that is held already refuses, a probe or what was under way, is charged no try
 * and waits with the others, as what was not tried at all does. */
static bool find_holder(struct ledger *ledger, struct ledger_outcome *outcome, int64_t now_at,
                        int64_t *holder, struct error *error)
{
    const struct queue_row *row = outcome->item.row;
    bool is_refused = outcome->class == OUTCOME_OURS && outcome->is_of_receiver;
    if ((!is_refused && outcome->class != OUTCOME_UNTRIED) || row->single)
        return true;
    if (!trouble_holder(ledger->trouble, row, holder, error))
        return false;
    if (*holder && is_refused) {
        outcome->state = QUEUE_QUEUED;
        outcome->next_at = now_at;
    }
    return true;
}

/* A row refused before its text was asked for was never marked: it is marked now, so that all
 * outcomes pass the same gate. */
static bool write_outcome(struct ledger *ledger, struct ledger_outcome *outcome, int64_t now_at,
                          struct error *error)
{
    struct database *database = ledger->settings.database;
    const struct queue_row *row = outcome->item.row;
    if (!outcome->is_marked && outcome->state != QUEUE_QUEUED) {
        enum queue_mark mark = QUEUE_MARK_GONE;
        if (!queue_mark_sending(database, row, outcome->revision, now_at, &mark, error))
            return false;
        outcome->mark = mark;
        if (mark != QUEUE_MARK_SENDING)
            return true;
    }
    int64_t holder = 0;
    if (!find_holder(ledger, outcome, now_at, &holder, error))
        return false;
    const struct smtp_reply *reply = &outcome->reply;
    struct queue_result result = { .state = outcome->state,
                                   .next_at = outcome->next_at,
                                   .smtp_code = reply->code,
                                   .enhanced = *reply->enhanced ? reply->enhanced : NULL,
                                   .text = *reply->text ? reply->text : NULL,
                                   .is_ours = outcome->class == OUTCOME_OURS };
    return queue_record(database, row, &result, now_at, error) &&
           (!holder ||
            queue_receiver_park(database, holder, row->announcement, row->subscriber, error)) &&
           trouble_note(ledger->trouble, outcome, holder != 0, now_at, error);
}

/* As many as the timetable has places for; who is turned down takes none. *next_ns: its next place
 * afterwards. */
static bool write_marks(struct ledger *ledger, int64_t now_at, int64_t *next_ns,
                        struct error *error)
{
    struct database *database = ledger->settings.database;
    const struct pace *pace = ledger->settings.pace;
    int64_t places = (int64_t)ledger->mark_count;
    int64_t taken = 0;
    *next_ns = 0;
    if (pace->interval_ns > 0 && (places || pace->begins)) {
        if (!queue_pace_read(database, next_ns, error))
            return false;
        places = pace_places(pace, next_ns);
    }
    for (size_t i = 0; i < ledger->mark_count; i++) {
        struct ledger_mark *mark = ledger->marks[i];
        mark->is_early = taken >= places;
        if (mark->is_early)
            continue;
        if (!queue_mark_sending(database, mark->row, mark->revision, now_at, &mark->mark, error))
            return false;
        taken += mark->mark == QUEUE_MARK_SENDING;
    }
    if (pace->interval_ns <= 0 || (!taken && !pace->begins))
        return true;
    *next_ns = pace_after(pace, *next_ns, taken);
    return queue_pace_write(database, *next_ns, error);
}

static bool write_all(struct ledger *ledger, int64_t now_at, int64_t *next_ns, struct error *error)
{
    if (ledger->outcome_count && !trouble_begin(ledger->trouble, error))
        return false;
    for (size_t i = 0; i < ledger->outcome_count; i++) {
        if (!write_outcome(ledger, &ledger->outcomes[i], now_at, error))
            return false;
    }
    return trouble_end(ledger->trouble, now_at, error) &&
           write_marks(ledger, now_at, next_ns, error) &&
           (!ledger->settings.relay || relay_share_write(ledger->settings.relay, error));
}

/* ---- what follows from it ---- */

/* Whether the outcome stands: else the row was suppressed, cancelled or released meanwhile. */
static bool was_recorded(const struct ledger_outcome *outcome)
{
    return outcome->is_marked || outcome->state == QUEUE_QUEUED ||
           outcome->mark == QUEUE_MARK_SENDING;
}

/* What a person wrote did not reach who is responsible for it: somebody must know. */
static void tell_not_sent_on(const struct ledger_outcome *outcome)
{
    const struct queue_row *row = outcome->item.row;
    if (row->single && row->single_kind == QUEUE_SINGLE_FORWARD)
        log_line(
            LOG_WARNING,
            "deliver: what somebody answered could not be sent on to the contact (%d %s); read "
            "it by `pressroom inbox list`, and see to the contact's address",
            outcome->reply.code, outcome->reply.text);
}

static void count(struct deliver_totals *totals, const struct ledger_outcome *outcome)
{
    if (!outcome->is_marked && outcome->mark == QUEUE_MARK_SUPPRESSED)
        totals->suppressed++;
    if (!was_recorded(outcome))
        return;
    switch (outcome->state) {
    case QUEUE_SENT:
        totals->sent++;
        break;
    case QUEUE_DEFERRED:
        totals->deferred++;
        break;
    case QUEUE_FAILED:
        totals->failed++;
        tell_not_sent_on(outcome);
        break;
    case QUEUE_UNKNOWN:
        totals->unknown++;
        totals->set_aside += outcome->item.row->doubts + 1 >= QUEUE_DOUBTS_MAXIMUM;
        break;
    case QUEUE_QUEUED:
    case QUEUE_SENDING:
    case QUEUE_SUPPRESSED:
    case QUEUE_CANCELLED:
    case QUEUE_STATE_COUNT:
        break;
    }
}

bool ledger_commit(struct ledger *ledger, struct error *error)
{
    if (ledger_is_empty(ledger))
        return true;
    struct database *database = ledger->settings.database;
    int64_t next_ns = 0;
    fault_point("deliver-outcome");
    if (!database_begin(database, error) ||
        !database_end(database,
                      write_all(ledger, clock_now(ledger->settings.clock), &next_ns, error), error))
        return false;
    fault_point("deliver-recorded");
    if (next_ns) {
        ledger->settings.pace->next_ns = next_ns;
        ledger->settings.pace->begins = false;
    }
    if (ledger->settings.relay)
        relay_share_written(ledger->settings.relay);

    size_t outcome_count = ledger->outcome_count;
    ledger->outcome_count = 0;
    struct ledger_outcome *outcomes = ledger->outcomes;
    ledger->outcomes = NULL; /* following may add new ones */
    ledger->outcome_capacity = 0;
    for (size_t i = 0; i < outcome_count; i++) {
        count(ledger->settings.totals, &outcomes[i]);
        supply_done(outcomes[i].item);
    }
    free(outcomes);
    trouble_tell(ledger->trouble, ledger, &ledger->settings.totals->paused);
    for (size_t i = 0; i < ledger->mark_count; i++) {
        if (!ledger->marks[i]->is_early && ledger->marks[i]->mark == QUEUE_MARK_SUPPRESSED)
            ledger->settings.totals->suppressed++;
    }
    ledger->mark_count = 0;
    return true;
}

bool ledger_settle(struct ledger *ledger, struct error *error)
{
    return trouble_settle(ledger->trouble, error);
}
