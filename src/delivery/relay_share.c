/* SPDX-License-Identifier: MIT */
#include "delivery/relay_share.h"

#include "address/group.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/log.h"
#include "database/database.h"
#include "queue/sending.h"
#include "queue/trouble.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* READ_EVERY_MS: each worker reads a row for it, so not in every turn; a pause that another one
 * began is heard of soon enough. SESSION_MINIMUM: short sessions end for many reasons. */
enum {
    READ_EVERY_MS = 100,
    SESSION_MINIMUM = 10 /* messages in a session, where its end alone tells */
};

static int64_t now_at(const struct relay_share *share)
{
    return clock_now(share->clock);
}

/* ---- what happened here ---- */

/* relay: what is known here, or what another worker wrote. */
static void apply(struct queue_relay *relay, const struct relay_event *event, int64_t unit_ms)
{
    const struct throttle_refusal refused = { event->is_quota, event->is_rate, event->reply };
    switch (event->kind) {
    case RELAY_REFUSED:
        /* Another worker's pause began meanwhile: this refusal belongs to it and does not make a
         * second, longer one. */
        if (relay->state == QUEUE_RELAY_PAUSED && !event->is_probe)
            throttle_joined(relay, &event->measure, unit_ms);
        else
            (void)throttle_refused(relay, &refused, event->is_probe, &event->measure, unit_ms,
                                   event->at);
        return;
    case RELAY_JOINED:
        throttle_joined(relay, &event->measure, unit_ms);
        return;
    case RELAY_TAKEN:
        for (int i = 0; i < event->count; i++)
            throttle_taken(relay, unit_ms);
        return;
    case RELAY_ACCEPTED:
        if (relay->state == QUEUE_RELAY_PAUSED)
            throttle_accepted(relay, event->at);
        return;
    case RELAY_ANSWERED:
        if (relay->state == QUEUE_RELAY_PAUSED)
            relay->next_at = event->at;
        return;
    case RELAY_UNREACHABLE:
        throttle_unreachable(relay, event->reply, event->at);
        return;
    case RELAY_REACHED:
        (void)throttle_reached(relay, event->at);
        return;
    case RELAY_CAPPED:
        throttle_cap(relay, event->count, event->at);
        return;
    case RELAY_SESSION:
        relay->session = event->count;
        return;
    }
}

/* Done to what is known here, and kept until it is written. Where too much comes between two
 * commits, the oldest is only known here. */
static void happen(struct relay_share *share, const struct relay_event *event)
{
    struct relay_event *last = share->event_count ? &share->events[share->event_count - 1] : NULL;
    apply(&share->relay, event, share->unit_ms);
    share->is_dirty = true;
    if (last && last->kind == RELAY_TAKEN && event->kind == RELAY_TAKEN) {
        last->count += event->count;
        return;
    }
    if (share->event_count == RELAY_EVENTS) {
        memmove(&share->events[0], &share->events[1], (RELAY_EVENTS - 1) * sizeof share->events[0]);
        share->event_count--;
    }
    share->events[share->event_count++] = *event;
}

/* ---- the row ---- */

/* What this worker had accepted before it heard of another worker's pause is added to that worker's
 * count, because both sent to the same relay. */
static void take_over(struct relay_share *share, const struct queue_relay *relay)
{
    bool joins = relay->state == QUEUE_RELAY_PAUSED && !relay->pauses &&
                 !throttle_is_closed(&share->relay) && share->measure.total;
    if (relay->state == QUEUE_RELAY_EASING && share->relay.state != QUEUE_RELAY_EASING)
        throttle_measure_begin(&share->measure, now_at(share));
    share->relay = *relay;
    if (joins) {
        const struct relay_event event = { .kind = RELAY_JOINED, .measure = share->measure };
        happen(share, &event);
    }
}

bool relay_share_open(struct relay_share *share, struct error *error)
{
    if (!share->unit_ms)
        share->unit_ms = THROTTLE_UNIT_MS;
    share->read_ms = clock_now(share->timer);
    return queue_relay_read(share->database, share->url, &share->relay, error);
}

bool relay_share_read(struct relay_share *share, struct error *error)
{
    /* Easing goes on by the clock alone, also where nobody writes the row. */
    int64_t now_ms = clock_now(share->timer);
    struct queue_relay stored;
    if (throttle_advance(&share->relay, share->unit_ms, now_at(share)))
        share->is_dirty = true;
    /* What is to be written is merged with the row in the commit; until then it must not be
     * overwritten. */
    if (share->is_dirty || now_ms - share->read_ms < READ_EVERY_MS)
        return true;
    share->read_ms = now_ms;
    if (!queue_relay_read(share->database, share->url, &stored, error))
        return false;
    if (stored.version != share->relay.version)
        take_over(share, &stored);
    return true;
}

/* The notice for the operator is a row too; short pauses are everyday life. */
static bool write_notice(const struct relay_share *share, const struct queue_relay *relay,
                         struct error *error)
{
    if (!throttle_is_closed(relay))
        return queue_notice_close(share->database, QUEUE_NOTICE_RELAY, "", now_at(share), NULL,
                                  error);
    const struct queue_notice notice = { .kind = QUEUE_NOTICE_RELAY,
                                         .subject = "",
                                         .cause = relay->reply,
                                         .since_at = relay->since_at };
    return relay->next_at - relay->since_at < DURATION_MINUTE ||
           queue_notice_open(share->database, &notice, NULL, error);
}

/* Read again in the transaction, because another worker may have written since: then what happened
 * here is done once more, to what stands there. */
bool relay_share_write(struct relay_share *share, struct error *error)
{
    struct queue_relay *relay = &share->written;
    if (!share->is_dirty)
        return true;
    if (!queue_relay_read(share->database, share->url, relay, error))
        return false;
    share->eases_with_others = false;
    if (relay->version == share->relay.version) {
        *relay = share->relay;
    } else {
        share->eases_with_others = relay->state == QUEUE_RELAY_EASING &&
                                   share->relay.state != QUEUE_RELAY_EASING;
        for (int i = 0; i < share->event_count; i++)
            apply(relay, &share->events[i], share->unit_ms);
        (void)throttle_advance(relay, share->unit_ms, now_at(share));
    }
    return queue_relay_write(share->database, relay, error) && write_notice(share, relay, error);
}

void relay_share_written(struct relay_share *share)
{
    if (!share->is_dirty)
        return;
    if (share->eases_with_others)
        throttle_measure_begin(&share->measure, now_at(share));
    share->relay = share->written;
    share->is_dirty = false;
    share->event_count = 0;
}

/* Two workers whose pause ends at the same time must not both probe: who finds the row unchanged
 * takes the probe by moving its time on, and the other sees that. *relay: what stands there now. */
static bool take_probe(const struct relay_share *share, struct queue_relay *relay, bool *is_mine,
                       struct error *error)
{
    if (!queue_relay_read(share->database, share->url, relay, error))
        return false;
    *is_mine = relay->version == share->relay.version;
    if (!*is_mine)
        return true;
    *relay = share->relay;
    throttle_probe(relay, share->unit_ms, now_at(share));
    return queue_relay_write(share->database, relay, error);
}

bool relay_share_begin_probe(struct relay_share *share, bool *is_mine, struct error *error)
{
    struct queue_relay relay = { 0 };
    struct transaction transaction = transaction_of(share->database);
    while (transaction_run(&transaction, error))
        transaction_end(&transaction, take_probe(share, &relay, is_mine, error), error);
    if (!transaction.is_done)
        return false;
    if (*is_mine)
        share->relay = relay;
    else
        take_over(share, &relay);
    return true;
}

bool relay_share_is_closed(const struct relay_share *share)
{
    return throttle_is_closed(&share->relay);
}

int64_t relay_share_wait_ms(const struct relay_share *share)
{
    return throttle_wait_ms(&share->relay, now_at(share));
}

int64_t relay_share_rate(const struct relay_share *share)
{
    return throttle_rate(&share->relay, share->unit_ms, now_at(share));
}

int relay_share_connections(const struct relay_share *share, int wanted)
{
    return throttle_connections(&share->relay, wanted, share->unit_ms, now_at(share));
}

/* ---- what happened ---- */

static void forget_streak(struct relay_share *share)
{
    share->refused_in_a_row = 0;
    share->domain_count = 0;
}

void relay_share_accepted(struct relay_share *share, bool is_probe)
{
    int64_t now = now_at(share);
    forget_streak(share);
    if (is_probe && share->relay.state == QUEUE_RELAY_PAUSED) {
        char rate[THROTTLE_RATE_SIZE];
        const struct relay_event event = { .kind = RELAY_ACCEPTED, .at = now };
        happen(share, &event);
        throttle_measure_begin(&share->measure, now);
        throttle_write_rate(share->relay.suggested, rate);
        log_line(LOG_NOTICE, "%s: the relay takes mail again; it gets less for a while%s%s",
                 share->url, *rate ? "; what would fit is mail.rate: " : "", rate);
    } else if (share->relay.state == QUEUE_RELAY_PAUSED) {
        /* It was under way when the pause began, so it does not end that: only a probe does. */
        const struct relay_event event = { .kind = RELAY_TAKEN, .count = 1 };
        happen(share, &event);
    }
    throttle_measure_add(&share->measure, now);
}

static void log_pause(const struct relay_share *share)
{
    int64_t pause_ms = relay_share_wait_ms(share);
    if (pause_ms >= DURATION_MINUTE)
        log_line(LOG_WARNING,
                 "%s: the relay takes no mail (%s); nothing is lost, it is asked again in "
                 "%" PRId64 " minutes",
                 share->url, share->relay.reply, (pause_ms + 59999) / DURATION_MINUTE);
    else
        log_line(share->relay.pauses ? LOG_DEBUG : LOG_NOTICE,
                 "%s: the relay wants us slower (%s); nothing is sent for %" PRId64 " s",
                 share->url, share->relay.reply, (pause_ms + 999) / 1000);
}

void relay_share_refused(struct relay_share *share, const struct throttle_refusal *refusal,
                         bool is_probe)
{
    struct relay_event event = { .kind = RELAY_REFUSED,
                                 .is_probe = is_probe,
                                 .is_quota = refusal->is_quota,
                                 .is_rate = refusal->is_rate,
                                 .at = now_at(share),
                                 .measure = share->measure };
    forget_streak(share);
    if (share->relay.state == QUEUE_RELAY_PAUSED && !is_probe) /* it is known already */
        return;
    (void)snprintf(event.reply, sizeof event.reply, "%s", refusal->reply);
    happen(share, &event);
    log_pause(share);
}

void relay_share_answered(struct relay_share *share, bool is_probe)
{
    forget_streak(share);
    if (!is_probe || share->relay.state != QUEUE_RELAY_PAUSED)
        return;
    const struct relay_event event = { .kind = RELAY_ANSWERED, .at = now_at(share) };
    happen(share, &event);
}

/* FNV-1a of whom the mail is for: the domain, or the great provider that has many. */
static uint64_t hash_group(const char *recipient)
{
    char group[ADDRESS_GROUP_SIZE];
    uint64_t hash = UINT64_C(14695981039346656037);
    address_group(recipient, group);
    for (const char *byte = group; *byte; byte++)
        hash = (hash ^ (unsigned char)*byte) * UINT64_C(1099511628211);
    return hash;
}

/* One recipient's 4xx is that recipient's. Several in a row, for several domains, cannot all be:
 * then it is the relay that defers. */
bool relay_share_later(struct relay_share *share, const char *recipient)
{
    uint64_t hash = hash_group(recipient);
    int at = 0;
    while (at < share->domain_count && share->domains[at] != hash)
        at++;
    if (at == share->domain_count && at < RELAY_DOMAINS)
        share->domains[share->domain_count++] = hash;
    return ++share->refused_in_a_row >= RELAY_REFUSALS_IN_A_ROW &&
           share->domain_count == RELAY_DOMAINS;
}

void relay_share_unreachable(struct relay_share *share, const char *why)
{
    struct relay_event event = { .kind = RELAY_UNREACHABLE, .at = now_at(share) };
    (void)snprintf(event.reply, sizeof event.reply, "%s", why);
    happen(share, &event);
}

void relay_share_reached(struct relay_share *share)
{
    const struct relay_event event = { .kind = RELAY_REACHED, .at = now_at(share) };
    if (share->relay.state == QUEUE_RELAY_UNREACHABLE)
        happen(share, &event);
}

void relay_share_cap(struct relay_share *share, int connections)
{
    const struct relay_event event = { .kind = RELAY_CAPPED,
                                       .count = connections,
                                       .at = now_at(share) };
    happen(share, &event);
}

void relay_share_session_ended(struct relay_share *share, int messages, bool is_stated)
{
    /* A relay that counts messages a session rarely says so. That two sessions ended after the same
     * number shows it as well. */
    bool is_same = messages >= SESSION_MINIMUM && messages == share->last_session;
    share->last_session = messages;
    if ((!is_stated && !is_same) || messages == share->relay.session)
        return;
    const struct relay_event event = { .kind = RELAY_SESSION, .count = messages };
    happen(share, &event);
    log_line(LOG_DEBUG, "%s: the relay takes %d messages in a session", share->url, messages);
}
