/* SPDX-License-Identifier: MIT */
#include "delivery/deliver.h"

#include "delivery/pace.h"
#include "delivery/throttle.h"

#include <assert.h>

static_assert((int)THROTTLE_RATE_SIZE <= (int)DELIVER_RATE_SIZE, "a rate has room");

bool deliver_is_open(const struct deliver_settings *settings, int64_t at)
{
    return pace_is_open(settings->zone, settings->hours_from, settings->hours_until, at);
}

/* Easing goes on by the clock alone, so the row is brought up to now. */
bool deliver_find_relay(struct database *database, const struct deliver_settings *settings,
                        int64_t now_at, struct deliver_relay *relay, struct error *error)
{
    *relay = (struct deliver_relay){ 0 };
    if (settings->smtp.url && !queue_relay_read(database, settings->smtp.url, &relay->row, error))
        return false;
    (void)throttle_advance(&relay->row, THROTTLE_UNIT_MS, now_at);
    relay->is_closed = throttle_is_closed(&relay->row);
    throttle_write_rate(relay->row.suggested, relay->suggested_rate);
    return true;
}
