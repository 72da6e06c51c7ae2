/* SPDX-License-Identifier: MIT */
#include "delivery/sender.h"

#include "base/clock.h"
#include "base/error.h"
#include "base/fault.h"
#include "delivery/lane.h"
#include "delivery/smtp_giving.h"
#include "delivery/smtp_lanes.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <unistd.h>

enum {
    LANES_MAXIMUM = 100,
    READ_SIZE = 16 * 1024,
    STORE_TRIES = 20, /* a store that is busy is asked so often */
    STORE_PAUSE_MS = 200,
    TICK_MS = 1000,
    BUSY_TICK_MS = 50,      /* single mails are looked for also while the relay says nothing */
    STOP_PATIENCE_MS = 1200 /* for answers to messages that have left, once told to stop */
};

/* ---- the commit, and what may leave after it ---- */

static int count_ready(const struct smtp_sender *smtp)
{
    int ready = 0;
    for (int i = 0; i < smtp->lane_count; i++)
        ready += smtp->lanes[i].ready != NULL;
    return ready;
}

static bool is_single(const struct parcel *parcel)
{
    return parcel->is_used && !parcel->is_marked && parcel->item.row->single;
}

/* Those that wait, in the order of their turns: single mails, and what stands before one on its
 * connection, then everything else. */
static int ask_for_marks(struct smtp_sender *smtp, struct lane *marked[LANES_MAXIMUM])
{
    int count = 0;
    if (smtp->stopping_ms || !pace_is_due(&smtp->sender->pace))
        return 0;
    for (int i = 0; i < 2 * smtp->lane_count; i++) {
        struct lane *lane = &smtp->lanes[(smtp->first_ready + i) % smtp->lane_count];
        bool is_first = is_single(&lane->parcels[0]) || is_single(&lane->parcels[1]);
        if (!lane->ready || is_first != (i < smtp->lane_count))
            continue;
        ledger_add_mark(smtp->sender->ledger, &lane->ready->mark);
        marked[count++] = lane;
    }
    return count;
}

/* The relay waits for a text that may not be sent any more: all that helps is to hang up. */
static void drop_ready(struct smtp_sender *smtp, struct lane *lane)
{
    struct parcel *parcel = lane->ready;
    const struct queue_row *row = parcel->item.row;
    if (parcel->mark.mark != QUEUE_MARK_SUPPRESSED && !row->single)
        ledger_hand_back(smtp->sender->ledger, row->mailing);
    parcel->is_dropped = true;
    lane->was_useful = true; /* nobody's fault */
    smtp_lanes_end_session(smtp, lane, NULL);
}

/* A busy store is asked again: nothing leaves until it has answered. */
static bool commit(struct smtp_sender *smtp, struct error *error)
{
    struct lane *marked[LANES_MAXIMUM];
    int count = ask_for_marks(smtp, marked);
    if (ledger_is_empty(smtp->sender->ledger))
        return true;
    struct error failure;
    if (!ledger_commit(smtp->sender->ledger, &failure)) {
        ledger_drop_marks(smtp->sender->ledger);
        if (failure.kind == ERROR_TEMPORARY && ++smtp->store_failures < STORE_TRIES)
            return true;
        *error = failure;
        return false;
    }
    smtp->store_failures = 0;
    if (count)
        fault_point("deliver-marked");
    for (int i = 0; i < count; i++) {
        struct lane *lane = marked[i];
        if (lane->ready->mark.is_early) {
            smtp->first_ready = (int)(lane - smtp->lanes);
            break; /* so are those behind it */
        }
        if (lane->ready->mark.mark == QUEUE_MARK_SENDING) {
            lane_release_dot(lane);
            smtp->has_released = true;
        } else {
            drop_ready(smtp, lane);
        }
    }
    return true;
}

static void flush(struct smtp_sender *smtp)
{
    for (int i = 0; i < smtp->lane_count; i++) {
        struct lane *lane = &smtp->lanes[i];
        struct error why;
        if (lane->state == LANE_OPEN && !lane_flush(lane, &why))
            smtp_lanes_end_session(smtp, lane, &why);
    }
    if (smtp->has_released)
        fault_point("deliver-dot");
    smtp->has_released = false;
}

/* ---- what comes in ---- */

static bool take_bytes(struct smtp_sender *smtp, struct lane *lane, const char *bytes,
                       size_t length)
{
    size_t at = 0;
    for (;;) {
        size_t used = 0;
        struct smtp_result result;
        enum smtp_event event = smtp_transaction_receive(lane->transaction, bytes + at, length - at,
                                                         &used, &result);
        at += used;
        switch (event) {
        case SMTP_EVENT_NONE:
            return true;
        case SMTP_EVENT_READY:
            lane->ready = smtp_transaction_ready_owner(lane->transaction);
            break;
        case SMTP_EVENT_RESULT:
            smtp_lanes_take_result(smtp, &result, true);
            break;
        case SMTP_EVENT_BROKEN:
            smtp_lanes_end_broken_session(smtp, lane);
            return false;
        }
    }
}

static void read_lane(struct smtp_sender *smtp, struct lane *lane)
{
    char bytes[READ_SIZE];
    bool is_all = false;
    while (!is_all) {
        size_t received = 0;
        struct error why;
        if (!smtp_session_receive(lane->session, bytes, sizeof bytes, &received, &is_all, &why)) {
            smtp_lanes_end_session(smtp, lane, &why);
            return;
        }
        if (!received)
            return;
        lane->moved_ms = clock_now(smtp->sender->timer);
        if (!take_bytes(smtp, lane, bytes, received))
            return;
    }
}

/* Lowers *wait_ms to the moment when the first answer is overdue. */
static void wait_at_most_for_answers(struct smtp_sender *smtp, int64_t *wait_ms)
{
    int64_t now_ms = clock_now(smtp->sender->timer);
    for (int i = 0; i < smtp->lane_count; i++)
        (void)lane_is_overdue(&smtp->lanes[i], smtp->settings->patience_ms, now_ms, wait_ms);
}

/* After what has come was heard: a process that stood still itself had the answer lying there. */
static void end_overdue(struct smtp_sender *smtp)
{
    int64_t now_ms = clock_now(smtp->sender->timer);
    for (int i = 0; i < smtp->lane_count; i++) {
        struct lane *lane = &smtp->lanes[i];
        int64_t left_ms = INT64_MAX;
        if (!lane_is_overdue(lane, smtp->settings->patience_ms, now_ms, &left_ms))
            continue;
        struct error why;
        (void)error_set(&why, ERROR_TEMPORARY, "%s: the relay says nothing at %s",
                        smtp->settings->smtp.url,
                        smtp_step_name(smtp_transaction_step(lane->transaction)));
        smtp_lanes_end_session(smtp, lane, &why);
    }
}

/* Whether the relay is about to say something. */
static bool is_expecting(const struct smtp_sender *smtp)
{
    for (int i = 0; i < smtp->lane_count; i++) {
        const struct lane *lane = &smtp->lanes[i];
        if (lane->state == LANE_CONNECTING ||
            (lane->state == LANE_OPEN && smtp_transaction_patience_ms(lane->transaction) >= 0))
            return true;
    }
    return false;
}

static bool wait_for_events(struct smtp_sender *smtp, int64_t wait_ms, struct error *error)
{
    const struct deliver_time *time = smtp->settings->time;
    struct epoll_event events[LANES_MAXIMUM];
    int count = time ? time->wait(smtp->epoll, events, LANES_MAXIMUM, (int)wait_ms,
                                  is_expecting(smtp))
                     : epoll_wait(smtp->epoll, events, LANES_MAXIMUM, (int)wait_ms);
    if (count < 0 && errno != EINTR)
        return error_set_errno(error, ERROR_SYSTEM, errno, "epoll");
    for (int i = 0; i < count; i++) {
        struct lane *lane = events[i].data.ptr;
        switch (lane->state) {
        case LANE_CLOSED:
            break;
        case LANE_CONNECTING:
            smtp_lanes_finish_connecting(smtp, lane);
            break;
        case LANE_OPEN:
            read_lane(smtp, lane);
            break;
        }
    }
    return true;
}

/* ---- the loop ---- */

/* Told to stop: what has left is waited for a moment, the rest goes back. */
static void stop(struct smtp_sender *smtp)
{
    int64_t now_ms = clock_now(smtp->sender->timer);
    if (!smtp->stopping_ms)
        smtp->stopping_ms = now_ms;
    for (int i = 0; i < smtp->lane_count; i++) {
        struct lane *lane = &smtp->lanes[i];
        lane_cancel(lane);
        if (lane->state != LANE_OPEN ||
            (lane_has_left(lane) && now_ms - smtp->stopping_ms < STOP_PATIENCE_MS))
            continue;
        lane->was_useful = true;
        smtp_lanes_end_session(smtp, lane, NULL);
    }
}

static int64_t next_wait_ms(struct smtp_sender *smtp)
{
    int64_t wait_ms = smtp_lanes_are_busy(smtp) ? BUSY_TICK_MS : TICK_MS;
    if (smtp->store_failures)
        return STORE_PAUSE_MS;
    bool is_closed = relay_share_is_closed(&smtp->sender->relay);
    if (smtp->has_closed || !ledger_is_empty(smtp->sender->ledger) ||
        (supply_is_parking(smtp->sender->supply) && !is_closed))
        return 0;
    if (is_closed && !smtp->is_probing && !smtp_lanes_are_busy(smtp)) {
        int64_t pause_ms = relay_share_wait_ms(&smtp->sender->relay);
        if (pause_ms < wait_ms)
            wait_ms = pause_ms;
    }
    if (count_ready(smtp)) {
        int64_t pace_ms = pace_wait_ms(&smtp->sender->pace);
        if (pace_ms < wait_ms)
            wait_ms = pace_ms;
    }
    int64_t retry_ms = smtp->retry_ms - clock_now(smtp->sender->timer);
    if (retry_ms > 0 && retry_ms < wait_ms)
        wait_ms = retry_ms;
    return wait_ms;
}

static bool is_done(struct smtp_sender *smtp)
{
    if (!ledger_is_empty(smtp->sender->ledger))
        return false;
    bool is_closed = smtp_lanes_count(smtp, LANE_CLOSED) == smtp->lane_count;
    if (smtp->stopping_ms)
        return is_closed;
    bool is_waiting = relay_share_is_closed(&smtp->sender->relay) && smtp->has_held_back;
    if (!smtp_lanes_are_busy(smtp) && supply_waiting(smtp->sender->supply) == 0 &&
        !supply_is_parking(smtp->sender->supply) && !is_waiting) {
        smtp->has_given_up = false; /* the work is done all the same */
        return true;
    }
    return smtp->has_given_up && is_closed;
}

/* One turn: give out, write the books, let go what they allow, hear what comes. */
static bool turn(struct smtp_sender *smtp, bool *is_over, struct error *error)
{
    struct sender *sender = smtp->sender;
    if (!relay_share_look(&sender->relay, error))
        return false;
    pace_ease(&sender->pace, relay_share_rate(&sender->relay));
    if (sender_is_stopped(sender)) {
        stop(smtp);
    } else if (relay_share_is_closed(&sender->relay)) {
        if (!smtp_giving_hold_back(smtp, error))
            return false;
    } else {
        bool is_pressing = !smtp_lanes_are_busy(smtp) && supply_waiting(sender->supply) == 0 &&
                           ledger_is_empty(sender->ledger);
        if (!sender_refill(sender, is_pressing, error) || !smtp_giving_out(smtp, error) ||
            !smtp_lanes_open(smtp, error))
            return false;
    }
    if (!commit(smtp, error))
        return false;
    flush(smtp);
    *is_over = is_done(smtp);
    if (*is_over)
        return true;
    int64_t wait_ms = next_wait_ms(smtp);
    smtp->has_closed = false;
    wait_at_most_for_answers(smtp, &wait_ms);
    if (!wait_for_events(smtp, wait_ms, error))
        return false;
    end_overdue(smtp);
    sender_tell(sender);
    return true;
}

static bool send_all(struct smtp_sender *smtp, struct error *error)
{
    bool is_over = false;
    while (!is_over) {
        if (!turn(smtp, &is_over, error))
            return false;
    }
    if (!smtp->has_given_up || smtp->stopping_ms || (smtp->is_resting && smtp->settings->stays))
        return true;
    *error = smtp->failure;
    return false;
}

static void release_lanes(struct smtp_sender *smtp)
{
    for (int i = 0; i < smtp->lane_count; i++)
        lane_cancel(&smtp->lanes[i]);
    for (int i = 0; i < smtp->lane_count; i++) {
        struct lane *lane = &smtp->lanes[i];
        if (lane_has_parcels(lane))
            smtp_lanes_end_session(smtp, lane, NULL);
        lane_close(lane, true);
        lane_release(lane);
    }
    free(smtp->lanes);
}

bool smtp_sender_run(struct sender *sender, struct error *error)
{
    int wanted = sender->settings->connections;
    struct smtp_sender smtp = { .sender = sender,
                                .settings = sender->settings,
                                .epoll = epoll_create1(EPOLL_CLOEXEC),
                                .lane_count = wanted < 1               ? 1
                                              : wanted > LANES_MAXIMUM ? LANES_MAXIMUM
                                                                       : wanted,
                                .level = SMTP_PIPELINING_MESSAGES,
                                .has_held_back = true }; /* of an earlier run, perhaps */
    if (smtp.epoll < 0)
        return error_set_errno(error, ERROR_SYSTEM, errno, "epoll");
    smtp.lanes = calloc((size_t)smtp.lane_count, sizeof *smtp.lanes);
    if (!smtp.lanes)
        abort();
    for (int i = 0; i < smtp.lane_count; i++)
        lane_init(&smtp.lanes[i], smtp.epoll, sender->timer);
    sender->relay = (struct relay_share){ .database = sender->database,
                                          .clock = sender->clock,
                                          .timer = sender->timer,
                                          .url = sender->settings->smtp.url,
                                          .unit_ms = sender->settings->pause_ms };
    bool done = relay_share_open(&sender->relay, error) && send_all(&smtp, error);
    release_lanes(&smtp);
    (void)close(smtp.epoll);
    return done;
}
