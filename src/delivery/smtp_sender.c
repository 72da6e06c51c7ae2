/* SPDX-License-Identifier: MIT */
#include "delivery/sender.h"

#include "base/clock.h"
#include "base/error.h"
#include "base/fault.h"
#include "base/log.h"
#include "delivery/lane.h"
#include "delivery/message_source.h"

#include <assert.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

enum {
    LANES_MAXIMUM = 100,
    READ_SIZE = 16 * 1024,
    FRUITLESS_MAXIMUM = 3, /* sessions without any use, in a row, before a run gives up */
    STORE_TRIES = 20,      /* a store that is busy is asked so often */
    STORE_PAUSE_MS = 200,
    FIRST_PAUSE_MS = 1000,
    TICK_MS = 1000,
    REFUSED_AT_ONCE = 16,    /* messages a lane may have refused unsent in one tick */
    STOP_PATIENCE_MS = 30000 /* for answers to messages that have left, once told to stop */
};

struct smtp_sender {
    struct sender *sender;
    const struct deliver_settings *settings;
    int epoll;
    struct lane *lanes;
    int lane_count;
    int first_ready; /* whose turn it is when messages leave one by one */
    enum smtp_pipelining level;
    bool was_opened;  /* some session of this run stood */
    int fruitless;    /* sessions in a row that brought nothing */
    int64_t pause_ms; /* before connecting again; grows */
    int64_t retry_ms;
    bool has_released; /* in this turn: final dots may be in the outputs */
    bool has_closed;   /* a session ended in this turn: see at once what to do about it */
    bool has_given_up;
    struct error failure; /* of the last session that failed */
    int64_t stopping_ms;  /* when told to stop; 0: not yet */
    int store_failures;   /* in a row */
};

static int count_lanes(const struct smtp_sender *smtp, enum lane_state state)
{
    int count = 0;
    for (int i = 0; i < smtp->lane_count; i++)
        count += smtp->lanes[i].state == state;
    return count;
}

static bool has_parcels(const struct lane *lane)
{
    return lane->parcels[0].is_used || lane->parcels[1].is_used;
}

static bool is_any_under_way(const struct smtp_sender *smtp)
{
    for (int i = 0; i < smtp->lane_count; i++) {
        if (has_parcels(&smtp->lanes[i]))
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

/* is_first: of those that a session had when it ended. */
static void take_result(struct smtp_sender *smtp, const struct smtp_result *result, bool is_first)
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

static void end_session(struct smtp_sender *smtp, struct lane *lane, const struct error *why)
{
    struct smtp_result result;
    bool is_first = true;
    while (lane_next_result(lane, &result)) {
        if (!result.reply.code && !*result.reply.text && why)
            smtp_reply_set(&result.reply, 0, "", why->message);
        take_result(smtp, &result, is_first);
        is_first = false;
    }
    bool was_useful = lane->was_useful;
    smtp->has_closed = true;
    lane_close(lane, false);
    if (why && !was_useful)
        note_fruitless(smtp, why);
}

/* The relay ended the session with a reply, or broke the protocol. A relay that cannot keep up
 * with what it offers is asked for less. */
static void end_broken_session(struct smtp_sender *smtp, struct lane *lane)
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
    end_session(smtp, lane, &why);
}

/* ---- connecting ---- */

static void finish_connecting(struct smtp_sender *smtp, struct lane *lane)
{
    struct smtp_reply reply;
    struct error error;
    if (lane_finish_connecting(lane, smtp->level, &reply, &error)) {
        smtp->was_opened = true;
        return;
    }
    int open = count_lanes(smtp, LANE_OPEN);
    if (open && reply.code == 421) /* so many it takes, and no more */
        pace_limit(&smtp->sender->pace, open);
    note_fruitless(smtp, &error);
}

/* One at first, to see whether the relay is there; then as many as there is work for. */
static bool open_lanes(struct smtp_sender *smtp, struct error *error)
{
    int ahead = pace_ahead(&smtp->sender->pace);
    int allowed = pace_connections(&smtp->sender->pace);
    int connecting = count_lanes(smtp, LANE_CONNECTING);
    int active = connecting + count_lanes(smtp, LANE_OPEN);
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

/* ---- giving out ---- */

/* How many messages more may be begun. */
static int count_room(const struct smtp_sender *smtp)
{
    int ahead = pace_ahead(&smtp->sender->pace);
    int begun = 0;
    for (int i = 0; ahead < INT_MAX && i < smtp->lane_count; i++) {
        const struct parcel *parcels = smtp->lanes[i].parcels;
        for (int k = 0; k < LANE_PARCELS; k++)
            begun += parcels[k].is_used && !parcels[k].is_marked;
    }
    return ahead - begun;
}

static bool fill_lane(struct smtp_sender *smtp, struct lane *lane, struct error *error)
{
    struct sender *sender = smtp->sender;
    int room = count_room(smtp);
    for (int tries = 0; tries < REFUSED_AT_ONCE && lane_wants_parcel(lane); tries++) {
        struct supply_item item;
        struct delivery_message message;
        struct smtp_result result;
        bool is_unable = false;
        if (!sender_refill(sender, false, error))
            return false;
        if ((tries >= room && !supply_is_single_next(sender->supply)) ||
            !supply_take(sender->supply, &item))
            return true;
        if (sender_compose(sender, item, &message, &is_unable, error)) {
            if (!lane_put(lane, item, &message, &result))
                take_result(smtp, &result, false);
        } else if (!is_unable) {
            supply_return(sender->supply, item);
            return false;
        }
    }
    return true;
}

/* Lanes beyond what the relay allows now get nothing and close when they are empty. */
static void close_surplus(struct smtp_sender *smtp, int allowed)
{
    int open = 0;
    for (int i = 0; i < smtp->lane_count; i++) {
        struct lane *lane = &smtp->lanes[i];
        if (lane->state == LANE_OPEN && ++open > allowed && !has_parcels(lane))
            lane_close(lane, true);
    }
}

/* Those that have nothing to do first, the others' next message behind their present one then. */
static bool fill(struct smtp_sender *smtp, struct error *error)
{
    int allowed = pace_connections(&smtp->sender->pace);
    close_surplus(smtp, allowed);
    for (int pass = 0; pass < 2; pass++) {
        int open = 0;
        for (int i = 0; i < smtp->lane_count; i++) {
            struct lane *lane = &smtp->lanes[i];
            if (lane->state != LANE_OPEN || ++open > allowed || has_parcels(lane) != (pass == 1))
                continue;
            if (!fill_lane(smtp, lane, error))
                return false;
        }
    }
    return true;
}

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
    end_session(smtp, lane, NULL);
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
            end_session(smtp, lane, &why);
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
            take_result(smtp, &result, true);
            break;
        case SMTP_EVENT_BROKEN:
            end_broken_session(smtp, lane);
            return false;
        }
    }
}

static void read_lane(struct smtp_sender *smtp, struct lane *lane)
{
    char bytes[READ_SIZE];
    for (;;) {
        size_t received = 0;
        struct error why;
        if (!smtp_session_receive(lane->session, bytes, sizeof bytes, &received, &why)) {
            end_session(smtp, lane, &why);
            return;
        }
        if (!received)
            return;
        lane->moved_ms = pace_now_ms();
        if (!take_bytes(smtp, lane, bytes, received))
            return;
    }
}

static void end_overdue(struct smtp_sender *smtp, int64_t *wait_ms)
{
    int64_t now_ms = pace_now_ms();
    for (int i = 0; i < smtp->lane_count; i++) {
        struct lane *lane = &smtp->lanes[i];
        if (!lane_is_overdue(lane, smtp->settings->patience_ms, now_ms, wait_ms))
            continue;
        struct error why;
        (void)error_set(&why, ERROR_TEMPORARY, "%s: the relay says nothing at %s",
                        smtp->settings->smtp.url,
                        smtp_step_name(smtp_transaction_step(lane->transaction)));
        end_session(smtp, lane, &why);
    }
}

static bool wait_for_events(struct smtp_sender *smtp, int64_t wait_ms, struct error *error)
{
    struct epoll_event events[LANES_MAXIMUM];
    int count = epoll_wait(smtp->epoll, events, LANES_MAXIMUM, (int)wait_ms);
    if (count < 0 && errno != EINTR)
        return error_set_errno(error, ERROR_SYSTEM, errno, "epoll");
    for (int i = 0; i < count; i++) {
        struct lane *lane = events[i].data.ptr;
        switch (lane->state) {
        case LANE_CLOSED:
            break;
        case LANE_CONNECTING:
            finish_connecting(smtp, lane);
            break;
        case LANE_OPEN:
            read_lane(smtp, lane);
            break;
        }
    }
    return true;
}

/* ---- the loop ---- */

/* Told to stop: what has left is waited for, the rest goes back. */
static void stop(struct smtp_sender *smtp)
{
    int64_t now_ms = pace_now_ms();
    if (!smtp->stopping_ms)
        smtp->stopping_ms = now_ms;
    for (int i = 0; i < smtp->lane_count; i++) {
        struct lane *lane = &smtp->lanes[i];
        bool waits = (lane->parcels[0].is_used && lane->parcels[0].is_marked) ||
                     (lane->parcels[1].is_used && lane->parcels[1].is_marked);
        if (lane->state == LANE_CLOSED || (waits && now_ms - smtp->stopping_ms < STOP_PATIENCE_MS))
            continue;
        lane->was_useful = true;
        end_session(smtp, lane, NULL);
    }
}

static int64_t next_wait_ms(struct smtp_sender *smtp)
{
    int64_t wait_ms = TICK_MS;
    if (smtp->store_failures)
        return STORE_PAUSE_MS;
    if (smtp->has_closed || !ledger_is_empty(smtp->sender->ledger))
        return 0;
    if (count_ready(smtp)) {
        int64_t pace_ms = pace_wait_ms(&smtp->sender->pace);
        if (pace_ms < wait_ms)
            wait_ms = pace_ms;
    }
    int64_t retry_ms = smtp->retry_ms - pace_now_ms();
    if (retry_ms > 0 && retry_ms < wait_ms)
        wait_ms = retry_ms;
    return wait_ms;
}

static bool is_done(struct smtp_sender *smtp)
{
    if (!ledger_is_empty(smtp->sender->ledger))
        return false;
    bool is_closed = count_lanes(smtp, LANE_CLOSED) == smtp->lane_count;
    if (smtp->stopping_ms)
        return is_closed;
    if (!is_any_under_way(smtp) && supply_waiting(smtp->sender->supply) == 0) {
        smtp->has_given_up = false; /* the work is done all the same */
        return true;
    }
    return smtp->has_given_up && is_closed;
}

/* One turn: give out, write the books, let go what they allow, hear what comes. */
static bool turn(struct smtp_sender *smtp, bool *is_over, struct error *error)
{
    struct sender *sender = smtp->sender;
    if (sender_is_stopped(sender)) {
        stop(smtp);
    } else {
        bool is_pressing = !is_any_under_way(smtp) && supply_waiting(sender->supply) == 0 &&
                           ledger_is_empty(sender->ledger);
        if ((is_pressing && !sender_refill(sender, true, error)) || !fill(smtp, error) ||
            !open_lanes(smtp, error))
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
    end_overdue(smtp, &wait_ms);
    if (!wait_for_events(smtp, wait_ms, error))
        return false;
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
    if (!smtp->has_given_up || smtp->stopping_ms)
        return true;
    *error = smtp->failure;
    return false;
}

static void release_lanes(struct smtp_sender *smtp)
{
    for (int i = 0; i < smtp->lane_count; i++) {
        struct lane *lane = &smtp->lanes[i];
        if (has_parcels(lane))
            end_session(smtp, lane, NULL);
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
                                .level = SMTP_PIPELINING_MESSAGES };
    if (smtp.epoll < 0)
        return error_set_errno(error, ERROR_SYSTEM, errno, "epoll");
    smtp.lanes = calloc((size_t)smtp.lane_count, sizeof *smtp.lanes);
    if (!smtp.lanes)
        abort();
    for (int i = 0; i < smtp.lane_count; i++)
        lane_init(&smtp.lanes[i], smtp.epoll);
    bool done = send_all(&smtp, error);
    release_lanes(&smtp);
    (void)close(smtp.epoll);
    return done;
}
