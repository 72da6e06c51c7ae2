/* SPDX-License-Identifier: MIT */
#include "delivery/lane.h"

#include "base/clock.h"
#include "base/error.h"
#include "delivery/message_source.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <sys/epoll.h>

void lane_init(struct lane *lane, int epoll, const struct clock *timer)
{
    *lane = (struct lane){ .epoll = epoll, .timer = timer };
    for (int i = 0; i < LANE_PARCELS; i++) {
        struct parcel *parcel = &lane->parcels[i];
        parcel->lane = lane;
        string_builder_init(&parcel->bytes, 0);
        string_builder_init(&parcel->sender, 1024);
        string_builder_init(&parcel->recipient, 1024);
    }
}

void lane_release(struct lane *lane)
{
    lane_close(lane, false);
    for (int i = 0; i < LANE_PARCELS; i++) {
        assert(!lane->parcels[i].is_used);
        string_builder_release(&lane->parcels[i].bytes);
        string_builder_release(&lane->parcels[i].sender);
        string_builder_release(&lane->parcels[i].recipient);
    }
}

static bool poll_set(struct lane *lane, int operation, uint32_t events, struct error *error)
{
    struct epoll_event event = { .events = events, .data.ptr = lane };
    if (epoll_ctl(lane->epoll, operation, smtp_session_descriptor(lane->session), &event) == 0)
        return true;
    return error_set_errno(error, ERROR_SYSTEM, errno, "epoll");
}

bool lane_start(struct lane *lane, const struct smtp_session_settings *settings,
                struct error *error)
{
    assert(lane->state == LANE_CLOSED);
    lane->session = smtp_session_start(settings, error);
    if (!lane->session)
        return false;
    lane->state = LANE_CONNECTING;
    lane->was_useful = false;
    lane->given = 0;
    lane->accepted = 0;
    lane->is_spent = false;
    lane->waits_for_write = false;
    lane->ready = NULL;
    if (poll_set(lane, EPOLL_CTL_ADD, EPOLLIN, error))
        return true;
    lane_close(lane, false);
    return false;
}

bool lane_finish_connecting(struct lane *lane, enum smtp_pipelining level, struct smtp_reply *reply,
                            struct error *error)
{
    assert(lane->state == LANE_CONNECTING);
    (void)epoll_ctl(lane->epoll, EPOLL_CTL_DEL, smtp_session_descriptor(lane->session), NULL);
    bool is_ready = smtp_session_finish(lane->session, error) == SMTP_SESSION_READY;
    *reply = *smtp_session_reply(lane->session);
    if (!is_ready || !poll_set(lane, EPOLL_CTL_ADD, EPOLLIN, error)) {
        lane_close(lane, false);
        return false;
    }
    lane->transaction = smtp_transaction_new(smtp_session_capabilities(lane->session), level);
    lane->state = LANE_OPEN;
    lane->moved_ms = clock_now(lane->timer);
    return true;
}

bool lane_has_parcels(const struct lane *lane)
{
    return lane->parcels[0].is_used || lane->parcels[1].is_used;
}

bool lane_has_left(const struct lane *lane)
{
    return (lane->parcels[0].is_used && lane->parcels[0].is_marked) ||
           (lane->parcels[1].is_used && lane->parcels[1].is_marked);
}

bool lane_wants_parcel(const struct lane *lane)
{
    return lane->state == LANE_OPEN && smtp_transaction_wants_message(lane->transaction);
}

static struct parcel *free_parcel(struct lane *lane)
{
    int at = 0;
    while (lane->parcels[at].is_used && at + 1 < LANE_PARCELS)
        at++;
    assert(!lane->parcels[at].is_used);
    return &lane->parcels[at];
}

/* The composer's text is taken as it is, and the parcel's old one given for it: nothing is copied.
 */
static void put_bytes(struct parcel *parcel, const struct delivery_message *message)
{
    if (message->text) {
        struct string_builder old = parcel->bytes;
        parcel->bytes = *message->text;
        *message->text = old;
        return;
    }
    string_builder_clear(&parcel->bytes);
    string_builder_append_bytes(&parcel->bytes, message->bytes, message->length);
}

bool lane_put(struct lane *lane, struct supply_item item, const struct delivery_message *message,
              struct smtp_result *result)
{
    struct parcel *parcel = free_parcel(lane);
    const struct queue_row *row = item.row;
    parcel->is_used = true;
    parcel->is_marked = false;
    parcel->is_dropped = false;
    parcel->item = item;
    parcel->revision = message->revision;
    parcel->mark = (struct ledger_mark){ .row = row, .revision = message->revision };
    put_bytes(parcel, message);
    string_builder_clear(&parcel->sender);
    string_builder_append(&parcel->sender, message->sender);
    string_builder_clear(&parcel->recipient);
    string_builder_append(&parcel->recipient, message->recipient);
    if (row->single)
        (void)snprintf(parcel->envelope_id, sizeof parcel->envelope_id, "s%" PRId64, row->single);
    else
        (void)snprintf(parcel->envelope_id, sizeof parcel->envelope_id, "d%" PRId64 "-%" PRId64,
                       row->announcement, row->subscriber);
    struct smtp_message sent = { .sender = parcel->sender.data ? parcel->sender.data : "",
                                 .recipient = parcel->recipient.data,
                                 .envelope_id = parcel->envelope_id,
                                 .is_eight_bit = message->is_eight_bit,
                                 .data = parcel->bytes.data,
                                 .length = parcel->bytes.length,
                                 .owner = parcel };
    if (smtp_transaction_is_idle(lane->transaction))
        lane->moved_ms = clock_now(lane->timer);
    lane->given++;
    return smtp_transaction_add(lane->transaction, &sent, result);
}

void lane_forget(struct parcel *parcel)
{
    parcel->is_used = false;
    if (parcel->lane->ready == parcel)
        parcel->lane->ready = NULL;
}

bool lane_withdraw(struct lane *lane, struct supply_item *item)
{
    struct parcel *parcel = smtp_transaction_unsaid_owner(lane->transaction);
    if (!parcel)
        return false;
    smtp_transaction_withdraw(lane->transaction);
    *item = parcel->item;
    lane->given--;
    lane_forget(parcel);
    return true;
}

int lane_answers_ahead(const struct lane *lane)
{
    if (lane->state != LANE_OPEN)
        return -1;
    const struct parcel *unsaid = smtp_transaction_unsaid_owner(lane->transaction);
    return unsaid && unsaid->item.row->single ? -1
                                              : smtp_transaction_answers_ahead(lane->transaction);
}

void lane_release_dot(struct lane *lane)
{
    lane->ready->is_marked = true;
    lane->ready = NULL;
    lane->moved_ms = clock_now(lane->timer);
    smtp_transaction_release(lane->transaction);
}

bool lane_flush(struct lane *lane, struct error *error)
{
    struct smtp_piece pieces[SMTP_PIECES_MAXIMUM];
    size_t count = smtp_transaction_output(lane->transaction, pieces);
    bool waits = false;
    if (count) {
        size_t sent = 0;
        bool done = smtp_session_send(lane->session, pieces, count, &sent, error);
        smtp_transaction_written(lane->transaction, sent);
        smtp_transaction_held(lane->transaction, smtp_session_held(lane->session));
        if (!done)
            return false;
        if (sent)
            lane->moved_ms = clock_now(lane->timer);
        waits = smtp_transaction_output(lane->transaction, pieces) > 0;
    }
    if (waits == lane->waits_for_write)
        return true;
    lane->waits_for_write = waits;
    return poll_set(lane, EPOLL_CTL_MOD, waits ? EPOLLIN | EPOLLOUT : EPOLLIN, error);
}

bool lane_is_overdue(const struct lane *lane, int64_t patience_ms, int64_t now_ms, int64_t *wait_ms)
{
    if (lane->state != LANE_OPEN)
        return false;
    int64_t patience = smtp_transaction_patience_ms(lane->transaction);
    if (patience < 0)
        return false;
    if (patience_ms && patience_ms < patience)
        patience = patience_ms;
    int64_t left = lane->moved_ms + patience - now_ms;
    if (left < *wait_ms)
        *wait_ms = left > 0 ? left : 0;
    return left <= 0;
}

bool lane_next_result(struct lane *lane, struct smtp_result *result)
{
    return lane->transaction && smtp_transaction_abandon(lane->transaction, result);
}

void lane_cancel(struct lane *lane)
{
    if (lane->state == LANE_CONNECTING)
        smtp_session_cancel(lane->session);
}

void lane_close(struct lane *lane, bool is_polite)
{
    static const struct smtp_piece quit = { "QUIT\r\n", 6 };
    if (lane->state == LANE_OPEN && is_polite) {
        struct error ignored;
        size_t sent = 0;
        (void)smtp_session_send(lane->session, &quit, 1, &sent, &ignored);
    }
    if (lane->session)
        (void)epoll_ctl(lane->epoll, EPOLL_CTL_DEL, smtp_session_descriptor(lane->session), NULL);
    smtp_transaction_free(lane->transaction);
    smtp_session_free(lane->session);
    lane->transaction = NULL;
    lane->session = NULL;
    lane->ready = NULL;
    lane->state = LANE_CLOSED;
}
