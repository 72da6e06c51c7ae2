/* SPDX-License-Identifier: MIT */
#include "delivery/relay_share.h"

#include "base/clock.h"
#include "base/error.h"
#include "base/log.h"
#include "database/database.h"
#include "queue/notice.h"
#include "queue/queue.h"

#include <inttypes.h>
#include <string.h>

enum {
    LOOK_EVERY_MS = 100,
    SESSION_MINIMUM = 10 /* messages in a session, where its end alone tells */
};

static int64_t now_at(const struct relay_share *share)
{
    return clock_now(share->clock);
}

/* ---- the row ---- */

static void adopt(struct relay_share *share, const struct queue_relay *relay)
{
    if (relay->state == QUEUE_RELAY_EASING && share->relay.state != QUEUE_RELAY_EASING)
        throttle_measure_begin(&share->measure, now_at(share));
    share->relay = *relay;
}

bool relay_share_open(struct relay_share *share, struct error *error)
{
    if (!share->unit_ms)
        share->unit_ms = THROTTLE_UNIT_MS;
    share->looked_ms = clock_now(share->timer);
    return queue_relay_read(share->database, share->url, &share->relay, error);
}

bool relay_share_look(struct relay_share *share, struct error *error)
{
    int64_t now_ms = clock_now(share->timer);
    struct queue_relay stored;
    if (throttle_advance(&share->relay, share->unit_ms, now_at(share)))
        share->is_dirty = true;
    if (share->is_dirty || now_ms - share->looked_ms < LOOK_EVERY_MS)
        return true;
    share->looked_ms = now_ms;
    if (!queue_relay_read(share->database, share->url, &stored, error))
        return false;
    if (stored.version != share->relay.version)
        adopt(share, &stored);
    return true;
}

/* Of two that met trouble at the same time one began the pause. */
static bool is_known_already(const struct queue_relay *ours, const struct queue_relay *stored)
{
    return stored->version != ours->version && stored->state == QUEUE_RELAY_PAUSED &&
           ours->state == QUEUE_RELAY_PAUSED && !ours->pauses;
}

/* What the operator is told is also a row; short pauses are everyday life. */
static bool write_notice(struct relay_share *share, struct error *error)
{
    const struct queue_relay *relay = &share->relay;
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

bool relay_share_write(struct relay_share *share, struct error *error)
{
    struct queue_relay stored;
    if (!share->is_dirty)
        return true;
    if (!queue_relay_read(share->database, share->url, &stored, error))
        return false;
    if (is_known_already(&share->relay, &stored)) {
        share->relay = stored;
        return true;
    }
    share->relay.version = stored.version;
    return queue_relay_write(share->database, &share->relay, error) && write_notice(share, error);
}

void relay_share_written(struct relay_share *share)
{
    share->is_dirty = false;
}

static bool probe(struct relay_share *share, bool *is_mine, struct error *error)
{
    struct queue_relay stored;
    if (!queue_relay_read(share->database, share->url, &stored, error))
        return false;
    *is_mine = stored.version == share->relay.version;
    if (!*is_mine) {
        adopt(share, &stored);
        return true;
    }
    throttle_probe(&share->relay, share->unit_ms, now_at(share));
    return queue_relay_write(share->database, &share->relay, error);
}

bool relay_share_begin_probe(struct relay_share *share, bool *is_mine, struct error *error)
{
    return database_begin(share->database, error) &&
           database_end(share->database, probe(share, is_mine, error), error);
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
        throttle_accepted(&share->relay, now);
        throttle_measure_begin(&share->measure, now);
        throttle_write_rate(share->relay.suggested, rate);
        log_line(LOG_NOTICE, "%s: the relay takes mail again; it gets less for a while%s%s",
                 share->url, *rate ? "; what would fit is mail.rate: " : "", rate);
        share->is_dirty = true;
    }
    if (share->relay.state == QUEUE_RELAY_PAUSED) {
        throttle_taken(&share->relay, share->unit_ms);
        share->is_dirty = true;
    }
    throttle_measure_add(&share->measure, now);
}

static void tell_pause(const struct relay_share *share)
{
    int64_t pause_ms = relay_share_wait_ms(share);
    if (pause_ms >= DURATION_MINUTE)
        log_line(LOG_WARNING,
                 "%s: the relay takes no mail (%s); nothing is lost, it is asked again in "
                 "%" PRId64 " minutes",
                 share->url, share->relay.reply, (pause_ms + 59999) / DURATION_MINUTE);
    else
        log_line(share->relay.pauses ? LOG_DEBUG : LOG_NOTICE,
                 "%s: the relay wants us slower (%s); nothing is sent for %" PRId64 " ms",
                 share->url, share->relay.reply, pause_ms);
}

void relay_share_refused(struct relay_share *share, const struct throttle_trouble *trouble,
                         bool is_probe)
{
    struct error ignored;
    int64_t workers = 1;
    if (share->relay.state != QUEUE_RELAY_PAUSED &&
        (!queue_count_workers(share->database, &workers, &ignored) || workers < 1))
        workers = 1;
    forget_streak(share);
    share->measure.workers = (int)workers;
    if (!throttle_refused(&share->relay, trouble, is_probe, &share->measure, share->unit_ms,
                          now_at(share)))
        return;
    share->is_dirty = true;
    tell_pause(share);
}

void relay_share_answered(struct relay_share *share, bool is_probe)
{
    forget_streak(share);
    if (!is_probe || share->relay.state != QUEUE_RELAY_PAUSED)
        return;
    share->relay.next_at = now_at(share);
    share->is_dirty = true;
}

/* FNV-1a of the domain in lower case. */
static uint64_t hash_domain(const char *recipient)
{
    const char *at = strrchr(recipient, '@');
    uint64_t hash = UINT64_C(14695981039346656037);
    for (const char *byte = at ? at + 1 : recipient; *byte; byte++) {
        unsigned char lower = (unsigned char)*byte;
        if (lower >= 'A' && lower <= 'Z')
            lower = (unsigned char)(lower + ('a' - 'A'));
        hash = (hash ^ lower) * UINT64_C(1099511628211);
    }
    return hash;
}

bool relay_share_later(struct relay_share *share, const char *recipient)
{
    uint64_t hash = hash_domain(recipient);
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
    throttle_unreachable(&share->relay, why, now_at(share));
    share->is_dirty = true;
}

void relay_share_reached(struct relay_share *share)
{
    if (throttle_reached(&share->relay, now_at(share)))
        share->is_dirty = true;
}

void relay_share_cap(struct relay_share *share, int connections)
{
    throttle_cap(&share->relay, connections, now_at(share));
    share->is_dirty = true;
}

void relay_share_session_ended(struct relay_share *share, int messages, bool is_told)
{
    bool is_same = messages >= SESSION_MINIMUM && messages == share->last_session;
    share->last_session = messages;
    if ((!is_told && !is_same) || messages == share->relay.session)
        return;
    share->relay.session = messages;
    share->is_dirty = true;
    log_line(LOG_DEBUG, "%s: the relay takes %d messages in a session", share->url, messages);
}
