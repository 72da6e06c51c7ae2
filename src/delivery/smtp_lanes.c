/* SPDX-License-Identifier: MIT */
#include "delivery/smtp_lanes.h"

#include "base/clock.h"
#include "base/log.h"
#include "delivery/sender.h"

enum {
    FRUITLESS_MAXIMUM = 3, /* sessions without any use, in a row, before a run gives up */
    FIRST_PAUSE_MS = 1000
};

int smtp_lanes_count(const struct smtp_sender *smtp, enum lane_state state)
{
    int count = 0;
    for (int i = 0; i < smtp->lane_count; i++)
        count += smtp->lanes[i].state == state;
    return count;
}

bool smtp_lanes_are_busy(const struct smtp_sender *smtp)
{
    for (int i = 0; i < smtp->lane_count; i++) {
        if (lane_has_parcels(&smtp->lanes[i]))
            return true;
    }
    return false;
}

/* ---- what becomes of a message ---- */

static void note_throttling(struct smtp_sender *smtp, enum outcome_class class,
                            const struct parcel *parcel, const struct smtp_reply *reply)
{
    bool was_free = smtp->sender->pace.allowed > 1;
    if (pace_note(&smtp->sender->pace, class, parcel->recipient.data) && was_free)
        log_line(LOG_WARNING,
                 "%s: the relay wants us slower (%d %s); one connection for ten minutes",
                 smtp->settings->smtp.url, reply->code, reply->text);
}

void smtp_lanes_take_result(struct smtp_sender *smtp, const struct smtp_result *result,
                            bool is_first)
{
    struct parcel *parcel = result->owner;
    struct lane *lane = parcel->lane;
    struct supply_item item = parcel->item;
    if (parcel->is_dropped) {
        lane_forget(parcel);
        supply_done(item);
        return;
    }
    struct outcome_circumstances circumstances = { .attempts = item.row->attempts,
                                                   .was_useful = lane->was_useful,
                                                   .is_first = is_first,
                                                   .now_at = clock_now(smtp->sender->clock) };
    struct delivery_outcome decided;
    outcome_decide(result, &circumstances, &decided);
    if (result->kind == SMTP_RESULT_ACCEPTED ||
        (result->kind == SMTP_RESULT_REFUSED && result->reply.code != 421)) {
        lane->was_useful = true;
        smtp->fruitless = 0;
        smtp->pause_ms = 0;
    }
    note_throttling(smtp, decided.class, parcel, &result->reply);
    struct ledger_outcome outcome = { .item = item,
                                      .revision = parcel->revision,
                                      .is_marked = parcel->is_marked,
                                      .class = decided.class,
                                      .is_of_receiver = decided.is_of_receiver,
                                      .state = decided.result.state,
                                      .next_at = decided.result.next_at,
                                      .reply = result->reply };
    lane_forget(parcel);
    if (decided.class == OUTCOME_UNTRIED && !outcome.is_marked)
        supply_return(smtp->sender->supply, item);
    else
        ledger_add_outcome(smtp->sender->ledger, &outcome);
}

/* ---- the end of a session ---- */

/* Counted once for all that fail at the same time. */
static void note_fruitless(struct smtp_sender *smtp, const struct error *why)
{
    int64_t now_ms = pace_now_ms();
    smtp->failure = *why;
    if (why->kind == ERROR_PERMANENT)
        smtp->has_given_up = true;
    if (now_ms < smtp->retry_ms)
        return;
    smtp->fruitless++;
    int64_t first_ms = smtp->settings->pause_ms ? smtp->settings->pause_ms : FIRST_PAUSE_MS;
    smtp->pause_ms = smtp->pause_ms ? smtp->pause_ms * 2 : first_ms;
    if (smtp->pause_ms > 5 * DURATION_MINUTE)
        smtp->pause_ms = 5 * DURATION_MINUTE;
    smtp->retry_ms = now_ms + smtp->pause_ms;
    log_line(LOG_DEBUG, "%s", why->message);
}

void smtp_lanes_end_session(struct smtp_sender *smtp, struct lane *lane, const struct error *why)
{
    struct smtp_result result;
    bool is_first = true;
    while (lane_next_result(lane, &result)) {
        if (!result.reply.code && !*result.reply.text && why)
            smtp_reply_set(&result.reply, 0, "", why->message);
        smtp_lanes_take_result(smtp, &result, is_first);
        is_first = false;
    }
    bool was_useful = lane->was_useful;
    smtp->has_closed = true;
    lane_close(lane, false);
    if (why && !was_useful)
        note_fruitless(smtp, why);
}

void smtp_lanes_end_broken_session(struct smtp_sender *smtp, struct lane *lane)
{
    const struct smtp_reply *failure = smtp_transaction_failure(lane->transaction);
    enum smtp_pipelining level = smtp_transaction_pipelining(lane->transaction);
    struct error why;
    if (failure->code)
        (void)error_set(&why, ERROR_TEMPORARY, "%s: the relay ended the session: %d %s",
                        smtp->settings->smtp.url, failure->code, failure->text);
    else
        (void)error_set(&why, ERROR_TEMPORARY, "%s: %s", smtp->settings->smtp.url, failure->text);
    if (!failure->code && level > SMTP_PIPELINING_NONE && level <= smtp->level) {
        smtp->level = level - 1;
        log_line(LOG_WARNING, "%s; it is asked one thing at a time from now on", why.message);
    }
    smtp_lanes_end_session(smtp, lane, &why);
}

/* ---- connecting ---- */

void smtp_lanes_finish_connecting(struct smtp_sender *smtp, struct lane *lane)
{
    struct smtp_reply reply;
    struct error error;
    if (lane_finish_connecting(lane, smtp->level, &reply, &error)) {
        smtp->was_opened = true;
        return;
    }
    int open = smtp_lanes_count(smtp, LANE_OPEN);
    if (open && reply.code == 421) /* so many it takes, and no more */
        pace_limit(&smtp->sender->pace, open);
    note_fruitless(smtp, &error);
}

bool smtp_lanes_open(struct smtp_sender *smtp, struct error *error)
{
    int ahead = pace_ahead(&smtp->sender->pace);
    int allowed = pace_connections(&smtp->sender->pace);
    int connecting = smtp_lanes_count(smtp, LANE_CONNECTING);
    int active = connecting + smtp_lanes_count(smtp, LANE_OPEN);
    if (!active && smtp->fruitless >= FRUITLESS_MAXIMUM)
        smtp->has_given_up = true;
    if (smtp->stopping_ms || smtp->has_given_up || pace_now_ms() < smtp->retry_ms)
        return true;
    for (int i = 0; i < smtp->lane_count && active < allowed && active <= ahead; i++) {
        struct lane *lane = &smtp->lanes[i];
        if (supply_waiting(smtp->sender->supply) <= (size_t)connecting ||
            (active && !smtp->was_opened))
            break;
        if (lane->state != LANE_CLOSED)
            continue;
        if (!lane_start(lane, &smtp->settings->smtp, error))
            return false;
        active++;
        connecting++;
    }
    return true;
}
