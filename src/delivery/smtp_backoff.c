/* SPDX-License-Identifier: MIT */
#include "delivery/smtp_backoff.h"

#include "address/group.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/log.h"
#include "delivery/sender.h"
#include "delivery/smtp_connections.h"
#include "net/refusal.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum {
    FIRST_PAUSE_MS = 1000,
    LONG_REFUSED = 6,     /* probes in a row */
    LONG_PAUSE_UNITS = 60 /* first pauses, a minute: no run that ends by itself waits for longer */
};

/* ---- what an answer says of the relay ---- */

static void note_end_of_session(struct smtp_sender *smtp, struct connection *connection,
                                const struct smtp_reply *reply)
{
    connection->is_spent = true;
    if (strcmp(reply->enhanced, "4.4.2") != 0) /* it was idle */
        relay_share_session_ended(&smtp->sender->relay, connection->accepted,
                                  refusal_is_of_session(smtp->settings->phrases, reply->text));
}

/* A session that did its work may end (RFC 5321 section 3.8): that is nobody's fault. */
bool smtp_backoff_ends_session(struct smtp_sender *smtp, struct connection *connection,
                               const struct smtp_result *result)
{
    const struct smtp_reply *reply = &result->reply;
    if (result->kind != SMTP_RESULT_REFUSED || !connection->accepted)
        return false;
    if (reply->code != 421 && !(smtp_reply_is_transient(reply) &&
                                refusal_is_of_session(smtp->settings->phrases, reply->text)))
        return false;
    note_end_of_session(smtp, connection, reply);
    return true;
}

/* The relay's own words are kept for the operator, with their codes. */
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

/* Whether a 4xx that could be this message's own counts as the relay's: where several messages in a
 * row got one, or in a pause of the relay. Greylisting is always the message's own. */
static bool is_relays_after_all(struct smtp_sender *smtp, const struct in_flight_message *in_flight,
                                const struct smtp_reply *reply,
                                const struct delivery_outcome *outcome)
{
    struct relay_share *relay = &smtp->sender->relay;
    if ((outcome->class != OUTCOME_LATER && outcome->class != OUTCOME_OURS) ||
        outcome->refusal.cause == REFUSAL_GREYLISTED || !smtp_reply_is_transient(reply))
        return false;
    return relay_share_later(relay, in_flight->recipient.data) ||
           relay->relay.state == QUEUE_RELAY_PAUSED;
}

/* When the refused message is due again. As a rule at once and before all others. But a probe that
 * was refused for half a minute is put behind rows that were not tried, and a transactional mail
 * misses one probe, because else a relay that never accepts this one message would be asked for
 * nothing else. */
static int64_t again_at(const struct smtp_sender *smtp, const struct in_flight_message *in_flight)
{
    const struct relay_share *relay = &smtp->sender->relay;
    int64_t now_at = clock_now(smtp->sender->clock);
    if (!in_flight->item.is_probe || relay->relay.pauses < LONG_REFUSED)
        return queue_refused_then(now_at);
    return in_flight->item.row->transactional ? now_at + relay_share_wait_ms(relay) + 1 : now_at;
}

void smtp_backoff_note_answer(struct smtp_sender *smtp, const struct in_flight_message *in_flight,
                              const struct smtp_result *result, struct delivery_outcome *outcome)
{
    struct relay_share *relay = &smtp->sender->relay;
    bool is_probe = in_flight->item.is_probe;
    if (is_relays_after_all(smtp, in_flight, &result->reply, outcome))
        outcome->class = OUTCOME_RELAY;
    switch (outcome->class) {
    case OUTCOME_ACCEPTED:
        if (is_probe)
            pace_begin(&smtp->sender->pace);
        relay_share_accepted(relay, is_probe);
        break;
    case OUTCOME_RELAY:
        smtp->is_refused_at_dot = result->step == SMTP_STEP_DOT;
        note_relay_refusal(smtp, &result->reply, &outcome->refusal, is_probe);
        outcome->state = QUEUE_QUEUED;
        outcome->next_at = again_at(smtp, in_flight);
        break;
    case OUTCOME_LATER:
    case OUTCOME_OURS:
    case OUTCOME_ADDRESS:
    case OUTCOME_UNABLE:
        if (outcome->refusal.cause == REFUSAL_GREYLISTED ||
            !smtp_reply_is_transient(&result->reply))
            relay_share_answered(relay, is_probe);
        break;
    case OUTCOME_LOST:
    case OUTCOME_INDETERMINATE:
        if (is_probe)
            note_relay_refusal(smtp, &result->reply, &outcome->refusal, true);
        break;
    case OUTCOME_UNTRIED:
        return; /* a probe that was not heard goes again */
    }
    if (is_probe)
        smtp->is_probing = false;
}

/* ---- sessions that end, and connections that do not come about ---- */

void smtp_backoff_note_fruitless(struct smtp_sender *smtp, const struct error *why)
{
    int64_t now_ms = clock_now(smtp->sender->timer);
    smtp->failure = *why;
    /* A refused password or a wrong certificate is the same at the next try: a person must see to
     * it. */
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

/* The relay says why it ends a session that did nothing yet: trouble of its own. One that lay idle,
 * or had done its work, may end; and greylisting is the message's that hears it. */
static void note_last_reply(struct smtp_sender *smtp, struct connection *connection,
                            const struct smtp_reply *reply)
{
    const struct refusal_words words = { reply->code, reply->enhanced, reply->text,
                                         smtp->settings->phrases };
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

void smtp_backoff_note_broken_session(struct smtp_sender *smtp, struct connection *connection,
                                      struct error *why)
{
    const struct smtp_reply *failure = smtp_transaction_failure(connection->transaction);
    enum smtp_pipelining level = smtp_transaction_pipelining(connection->transaction);
    char words[sizeof failure->text];
    address_redact(failure->text, words, sizeof words);
    if (failure->code)
        (void)error_set(why, ERROR_TEMPORARY, "%s: the relay ended the session: %d %s",
                        smtp->settings->smtp.url, failure->code, words);
    else
        (void)error_set(why, ERROR_TEMPORARY, "%s: %s", smtp->settings->smtp.url, words);
    /* A relay that breaks off without a word may not bear commands that come together. One step
     * less for the whole run, and only once for all sessions that broke at the same level. */
    if (!failure->code && level > SMTP_PIPELINING_NONE && level <= smtp->level) {
        smtp->level = level - 1;
        log_line(LOG_WARNING, "%s; it is asked one thing at a time from now on", why->message);
    }
    note_last_reply(smtp, connection, failure);
}

/* Turned away at the door. Where others stand and it speaks of connections, those are all it
 * takes, and they go on. */
static void note_turned_away(struct smtp_sender *smtp, const struct smtp_reply *reply)
{
    const struct refusal_words words = { reply->code, reply->enhanced, reply->text,
                                         smtp->settings->phrases };
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
static void note_no_answer(struct smtp_sender *smtp, const struct error *why)
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
        smtp_backoff_note_fruitless(smtp, why);
    }
    smtp->is_probing = false;
}

void smtp_backoff_note_unconnected(struct smtp_sender *smtp, const struct smtp_reply *reply,
                                   const struct error *why)
{
    if (smtp_reply_is_transient(reply))
        note_turned_away(smtp, reply);
    else if (why->kind == ERROR_PERMANENT)
        smtp_backoff_note_fruitless(smtp, why);
    else
        note_no_answer(smtp, why);
}

/* ---- probes ---- */

/* In a pause the probe is one row; where no connection came about it is a connection without a
 * message. */
static bool begin_probe(struct smtp_sender *smtp, struct error *error)
{
    struct sender *sender = smtp->sender;
    bool is_mine = false;
    bool found = true;
    if (sender->relay.relay.state == QUEUE_RELAY_PAUSED &&
        !prefetch_probe(sender->prefetch, sender->is_closed, &found, error))
        return false;
    smtp->has_held_back = found;
    if (!found || !relay_share_begin_probe(&sender->relay, &is_mine, error))
        return !found;
    /* Where another worker was first, what was claimed for the probe goes back. */
    smtp->is_probing = is_mine;
    return is_mine || prefetch_release(sender->prefetch, error);
}

/* A probe may be lost without an answer of the relay, because its subscriber left, its message
 * could not be made, or its session was over: then the next probe goes at once. */
static void end_lost_probe(struct smtp_sender *smtp)
{
    if (!smtp->is_probing || smtp_connections_are_busy(smtp) ||
        prefetch_count(smtp->sender->prefetch) ||
        smtp_connections_count(smtp, CONNECTION_CONNECTING))
        return;
    smtp->is_probing = false;
    relay_share_answered(&smtp->sender->relay, true);
}

/* A pause of over a minute ends the run, because nobody should have to wait for it; but only where
 * there is something to send. */
static bool end_in_long_pause(struct smtp_sender *smtp, struct error *error)
{
    struct sender *sender = smtp->sender;
    struct relay_share *relay = &sender->relay;
    int64_t left_ms = relay_share_wait_ms(relay);
    if (left_ms <= LONG_PAUSE_UNITS * relay->unit_ms || smtp_connections_are_busy(smtp))
        return true;
    /* Claimed only to see whether anything waits, and given back: without any, the run ends well.
     */
    if (!prefetch_probe(sender->prefetch, sender->is_closed, &smtp->has_held_back, error) ||
        !prefetch_release(sender->prefetch, error))
        return false;
    smtp->is_backing_off = smtp->has_held_back;
    smtp->has_given_up = smtp->has_held_back;
    (void)error_set(&smtp->failure, ERROR_TEMPORARY,
                    "%s: the relay takes no mail at present (%s)" ERROR_ADVICE
                    "nothing is lost, and the next try "
                    "is in %" PRId64 " minutes: run again then, or let `pressroom run --watch` do "
                    "it",
                    smtp->settings->smtp.url, relay->relay.reply,
                    (left_ms + DURATION_MINUTE - 1) / DURATION_MINUTE);
    return true;
}

/* Waits until the outcomes are committed, because the next row to probe with may be the very one
 * whose outcome is not written yet. */
bool smtp_backoff_probe(struct smtp_sender *smtp, struct error *error)
{
    struct sender *sender = smtp->sender;
    end_lost_probe(smtp);
    if (smtp->is_probing || smtp_connections_count_begun(smtp) ||
        !commit_batch_is_empty(sender->batch))
        return true;
    if (!prefetch_release(sender->prefetch, error) || !end_in_long_pause(smtp, error))
        return false;
    bool is_due = !relay_share_wait_ms(&sender->relay) ||
                  sender->relay.relay.state == QUEUE_RELAY_UNREACHABLE;
    return !is_due || smtp->has_given_up || smtp_connections_are_busy(smtp) ||
           begin_probe(smtp, error);
}
