/* SPDX-License-Identifier: MIT */
#include "delivery/smtp_connections.h"

#include "base/clock.h"
#include "base/log.h"
#include "delivery/sender.h"
#include "net/refusal.h"

#include <stdio.h>
#include <string.h>

enum {
    FRUITLESS_MAXIMUM = 3, /* sessions without any use, in a row, before a run gives up */
    FIRST_PAUSE_MS = 1000,
    LONG_REFUSED = 6 /* probes in a row */
};

int smtp_connections_count(const struct smtp_sender *smtp, enum connection_state state)
{
    int count = 0;
    for (int i = 0; i < smtp->connection_count; i++)
        count += smtp->connections[i].state == state;
    return count;
}

int smtp_connections_allowed(const struct smtp_sender *smtp)
{
    return relay_share_connections(&smtp->sender->relay, smtp->connection_count);
}

bool smtp_connections_are_busy(const struct smtp_sender *smtp)
{
    for (int i = 0; i < smtp->connection_count; i++) {
        if (connection_is_busy(&smtp->connections[i]))
            return true;
    }
    return false;
}

/* ---- what becomes of a message ---- */

/* A session that did its work may end (RFC 5321 section 3.8): that is nobody's fault. */
static bool is_end_of_session(const struct connection *connection, const struct smtp_result *result)
{
    const struct smtp_reply *reply = &result->reply;
    if (result->kind != SMTP_RESULT_REFUSED || !connection->accepted)
        return false;
    return reply->code == 421 ||
           (smtp_reply_is_transient(reply) && refusal_is_of_session(reply->text));
}

static void note_end_of_session(struct smtp_sender *smtp, struct connection *connection,
                                const struct smtp_reply *reply)
{
    connection->is_spent = true;
    if (strcmp(reply->enhanced, "4.4.2") != 0) /* it was idle */
        relay_share_session_ended(&smtp->sender->relay, connection->accepted,
                                  refusal_is_of_session(reply->text));
}

static void note_relay_refusal(struct smtp_sender *smtp, const struct smtp_reply *reply,
                               const struct refusal *refusal, bool is_probe)
{
    char text[QUEUE_RELAY_REPLY_SIZE];
    (void)snprintf(text, sizeof text, "%d %s%s%s", reply->code, reply->enhanced,
                   *reply->enhanced ? " " : "", reply->text);
    struct throttle_refusal refused = { .is_quota = refusal->cause == REFUSAL_QUOTA,
                                        .is_rate = refusal->cause == REFUSAL_RATE ||
                                                   refusal->cause == REFUSAL_CONNECTIONS,
                                        .reply = reply->code ? text : reply->text };
    if (refusal->cause == REFUSAL_CONNECTIONS)
        relay_share_cap(&smtp->sender->relay, smtp_connections_count(smtp, CONNECTION_OPEN) - 1);
    relay_share_refused(&smtp->sender->relay, &refused, is_probe);
    smtp->has_held_back = true;
}

/* Whether a 4xx of this message's own is the relay's, as so many hear one; in its pause any is, but
 * greylisting always is the message's. */
static bool is_relays_after_all(struct smtp_sender *smtp, const struct in_flight_message *in_flight,
                                const struct smtp_reply *reply,
                                const struct delivery_outcome *decided)
{
    struct relay_share *relay = &smtp->sender->relay;
    if ((decided->class != OUTCOME_LATER && decided->class != OUTCOME_OURS) ||
        decided->refusal.cause == REFUSAL_GREYLISTED || !smtp_reply_is_transient(reply))
        return false;
    return relay_share_later(relay, in_flight->recipient.data) ||
           relay->relay.state == QUEUE_RELAY_PAUSED;
}

/* When it is its turn again. A probe takes what was refused longest ago; but one subscriber whom
 * the relay never takes must not be all that it is ever asked for, so after half a minute of that a
 * row stands behind those that were not tried, and a transactional mail lets one probe pass. */
static int64_t again_at(const struct smtp_sender *smtp, const struct in_flight_message *in_flight)
{
    const struct relay_share *relay = &smtp->sender->relay;
    int64_t now_at = clock_now(smtp->sender->clock);
    if (!in_flight->item.is_probe || relay->relay.pauses < LONG_REFUSED)
        return queue_refused_then(now_at);
    return in_flight->item.row->transactional ? now_at + relay_share_wait_ms(relay) + 1 : now_at;
}

/* What the answer says of the relay. A row that was not taken for the relay's reasons goes back as
 * it was. */
static void note_answer(struct smtp_sender *smtp, const struct in_flight_message *in_flight,
                        const struct smtp_result *result, struct delivery_outcome *decided)
{
    struct relay_share *relay = &smtp->sender->relay;
    bool is_probe = in_flight->item.is_probe;
    if (is_relays_after_all(smtp, in_flight, &result->reply, decided))
        decided->class = OUTCOME_RELAY;
    switch (decided->class) {
    case OUTCOME_ACCEPTED:
        if (is_probe)
            pace_begin(&smtp->sender->pace);
        relay_share_accepted(relay, is_probe);
        break;
    case OUTCOME_RELAY:
        smtp->is_refused_at_dot = result->step == SMTP_STEP_DOT;
        note_relay_refusal(smtp, &result->reply, &decided->refusal, is_probe);
        decided->result.state = QUEUE_QUEUED;
        decided->result.next_at = again_at(smtp, in_flight);
        break;
    case OUTCOME_LATER:
    case OUTCOME_OURS:
    case OUTCOME_ADDRESS:
    case OUTCOME_UNABLE:
        if (decided->refusal.cause == REFUSAL_GREYLISTED ||
            !smtp_reply_is_transient(&result->reply))
            relay_share_answered(relay, is_probe);
        break;
    case OUTCOME_LOST:
    case OUTCOME_INDETERMINATE:
        if (is_probe)
            note_relay_refusal(smtp, &result->reply, &decided->refusal, true);
        break;
    case OUTCOME_UNTRIED:
        return; /* a probe that was not heard goes again */
    }
    if (is_probe)
        smtp->is_probing = false;
}

static void decide(struct smtp_sender *smtp, const struct smtp_result *result, bool is_first,
                   struct delivery_outcome *decided)
{
    const struct in_flight_message *in_flight = result->owner;
    struct connection *connection = in_flight->connection;
    struct smtp_result heard = *result;
    if (is_end_of_session(connection, result)) {
        note_end_of_session(smtp, connection, &result->reply);
        heard.kind = SMTP_RESULT_UNSENT;
    }
    struct outcome_circumstances circumstances = { .attempts = in_flight->item.row->attempts,
                                                   .was_useful = connection->was_useful,
                                                   .is_first = is_first,
                                                   .now_at = clock_now(smtp->sender->clock) };
    outcome_decide(&heard, &circumstances, decided);
    note_answer(smtp, in_flight, &heard, decided);
}

void smtp_connections_take_result(struct smtp_sender *smtp, const struct smtp_result *result,
                                  bool is_first)
{
    struct in_flight_message *in_flight = result->owner;
    struct connection *connection = in_flight->connection;
    struct prefetched_row item = in_flight->item;
    if (in_flight->is_dropped) {
        connection_forget(in_flight);
        prefetch_done(item);
        return;
    }
    struct delivery_outcome decided;
    connection->accepted += result->kind == SMTP_RESULT_ACCEPTED;
    decide(smtp, result, is_first, &decided);
    if (result->kind == SMTP_RESULT_ACCEPTED ||
        (result->kind == SMTP_RESULT_REFUSED &&
         (result->reply.code != 421 || decided.class == OUTCOME_LATER))) {
        connection->was_useful = true;
        smtp->fruitless = 0;
        smtp->pause_ms = 0;
    }
    struct commit_outcome outcome = { .item = item,
                                      .revision = in_flight->revision,
                                      .is_marked = in_flight->is_marked,
                                      .class = decided.class,
                                      .is_of_receiver = decided.is_of_receiver,
                                      .state = decided.result.state,
                                      .next_at = decided.result.next_at,
                                      .reply = result->reply };
    connection_forget(in_flight);
    if (decided.class == OUTCOME_UNTRIED && !outcome.is_marked)
        prefetch_return(smtp->sender->prefetch, item);
    else
        commit_batch_add_outcome(smtp->sender->batch, &outcome);
}

/* ---- the end of a session ---- */

/* Counted once for all that fail at the same time. */
static void note_fruitless(struct smtp_sender *smtp, const struct error *why)
{
    int64_t now_ms = clock_now(smtp->sender->timer);
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

void smtp_connections_end_session(struct smtp_sender *smtp, struct connection *connection,
                                  const struct error *why)
{
    struct smtp_result result;
    bool is_first = true;
    while (connection_next_result(connection, &result)) {
        if (!result.reply.code && !*result.reply.text && why)
            smtp_reply_set(&result.reply, 0, "", why->message);
        smtp_connections_take_result(smtp, &result, is_first);
        is_first = false;
    }
    bool was_useful = connection->was_useful;
    smtp->has_closed = true;
    connection_close(connection, false);
    if (why && !was_useful)
        note_fruitless(smtp, why);
}

/* The relay says why it ends a session that did nothing yet: trouble of its own. One that lay idle,
 * or had done its work, may end; and greylisting is the message's that hears it. */
static void note_farewell(struct smtp_sender *smtp, struct connection *connection,
                          const struct smtp_reply *reply)
{
    const struct refusal_words words = { reply->code, reply->enhanced, reply->text };
    struct refusal refusal;
    if (!smtp_reply_is_transient(reply))
        return;
    bool is_for_message = connection->was_useful || connection_is_busy(connection);
    connection->was_useful = true; /* no message's fault */
    if (connection->accepted) {
        if (reply->code == 421)
            note_end_of_session(smtp, connection, reply);
        return;
    }
    if (strcmp(reply->enhanced, "4.4.2") == 0 && !connection_is_busy(connection))
        return;
    refusal_read(&words, &refusal);
    if (refusal.cause == REFUSAL_GREYLISTED && is_for_message)
        return;
    note_relay_refusal(smtp, reply, &refusal, smtp->is_probing);
    smtp->is_probing = false;
}

void smtp_connections_end_broken_session(struct smtp_sender *smtp, struct connection *connection)
{
    const struct smtp_reply *failure = smtp_transaction_failure(connection->transaction);
    enum smtp_pipelining level = smtp_transaction_pipelining(connection->transaction);
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
    note_farewell(smtp, connection, failure);
    smtp_connections_end_session(smtp, connection, &why);
}

/* ---- connecting ---- */

/* Turned away at the door. Where others stand and it speaks of connections, those are all it
 * takes, and they go on. */
static void note_turned_away(struct smtp_sender *smtp, const struct smtp_reply *reply)
{
    const struct refusal_words words = { reply->code, reply->enhanced, reply->text };
    struct refusal refusal;
    int open = smtp_connections_count(smtp, CONNECTION_OPEN);
    refusal_read(&words, &refusal);
    if (open && refusal.cause == REFUSAL_CONNECTIONS) {
        relay_share_cap(&smtp->sender->relay, open);
        return;
    }
    note_relay_refusal(smtp, reply, &refusal, smtp->is_probing);
    smtp->is_probing = false;
}

/* Nobody answers. */
static void note_nobody(struct smtp_sender *smtp, const struct error *why)
{
    struct relay_share *relay = &smtp->sender->relay;
    smtp->failure = *why;
    if (relay->relay.state == QUEUE_RELAY_UNREACHABLE) {
        relay_share_unreachable(relay, why->message);
        smtp->has_given_up = true;
    } else if (smtp->is_probing) {
        const struct throttle_refusal refused = { .reply = why->message };
        relay_share_refused(relay, &refused, true);
    } else {
        note_fruitless(smtp, why);
    }
    smtp->is_probing = false;
}

void smtp_connections_finish_connecting(struct smtp_sender *smtp, struct connection *connection)
{
    struct smtp_reply reply;
    struct error error;
    if (connection_finish_connecting(connection, smtp->level, &reply, &error)) {
        smtp->was_opened = true;
        if (smtp->sender->relay.relay.state == QUEUE_RELAY_UNREACHABLE)
            smtp->is_probing = false;
        relay_share_reached(&smtp->sender->relay);
        return;
    }
    smtp->has_closed = true;
    if (smtp->stopping_ms)
        return;
    if (smtp_reply_is_transient(&reply))
        note_turned_away(smtp, &reply);
    else if (error.kind == ERROR_PERMANENT)
        note_fruitless(smtp, &error);
    else
        note_nobody(smtp, &error);
}

/* A connection alone: whether somebody is there. */
static bool open_first(struct smtp_sender *smtp, struct error *error)
{
    if (smtp_connections_count(smtp, CONNECTION_CLOSED) < smtp->connection_count)
        return true;
    return connection_start(&smtp->connections[0], &smtp->settings->smtp, error);
}

/* Nothing came of several tries: the run gives up. */
static void give_up(struct smtp_sender *smtp)
{
    if (smtp->fruitless < FRUITLESS_MAXIMUM || smtp->has_given_up)
        return;
    smtp->has_given_up = true;
    relay_share_unreachable(&smtp->sender->relay, smtp->failure.message);
}

bool smtp_connections_open(struct smtp_sender *smtp, struct error *error)
{
    const struct relay_share *relay = &smtp->sender->relay;
    if (smtp->is_probing && relay->relay.state == QUEUE_RELAY_UNREACHABLE)
        return open_first(smtp, error);
    int ahead = pace_ahead(&smtp->sender->pace);
    int allowed = smtp_connections_allowed(smtp);
    int connecting = smtp_connections_count(smtp, CONNECTION_CONNECTING);
    int active = connecting + smtp_connections_count(smtp, CONNECTION_OPEN);
    if (!active)
        give_up(smtp);
    if (smtp->stopping_ms || smtp->has_given_up || clock_now(smtp->sender->timer) < smtp->retry_ms)
        return true;
    for (int i = 0; i < smtp->connection_count && active < allowed && active <= ahead; i++) {
        struct connection *connection = &smtp->connections[i];
        if (prefetch_count(smtp->sender->prefetch) <= (size_t)connecting ||
            (active && !smtp->was_opened))
            break;
        if (connection->state != CONNECTION_CLOSED)
            continue;
        if (!connection_start(connection, &smtp->settings->smtp, error))
            return false;
        active++;
        connecting++;
    }
    return true;
}
