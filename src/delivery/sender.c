/* SPDX-License-Identifier: MIT */
#include "delivery/sender.h"

#include "base/clock.h"
#include "base/error.h"

enum { REPORT_EVERY_MS = 1000, UNABLE_CODE = 554 };

/* mail.hours change at full hours, so once a second is often enough to look at the clock and zone.
 */
bool sender_refill(struct sender *sender, bool is_pressing, struct error *error)
{
    const struct deliver_settings *settings = sender->settings;
    int64_t now_ms = clock_now(sender->timer);
    if (!sender->hours_checked_ms || now_ms - sender->hours_checked_ms >= REPORT_EVERY_MS) {
        sender->hours_checked_ms = now_ms;
        sender->is_closed = !deliver_is_open(settings, clock_now(sender->clock));
    }
    return prefetch_refill(sender->prefetch, sender->is_closed, is_pressing, error);
}

bool sender_compose(struct sender *sender, struct prefetched_row item,
                    struct delivery_message *message, bool *is_unable, struct error *error)
{
    struct error failure;
    *is_unable = false;
    if (sender->settings->compose(sender->settings->compose_payload, item.row, message, &failure))
        return true;
    if (failure.kind != ERROR_INPUT) {
        *error = failure;
        return false;
    }
    /* The row can never be made into a message (its address broke, its release is gone): it fails
     * without a relay, by an answer written as one would say it. */
    *is_unable = true;
    struct delivery_outcome outcome = { .item = item,
                                        .class = OUTCOME_UNABLE,
                                        .state = QUEUE_FAILED };
    smtp_reply_set(&outcome.reply, UNABLE_CODE, "5.6.0", failure.message);
    commit_batch_add_outcome(sender->batch, &outcome);
    return false;
}

bool sender_is_stopped(const struct sender *sender)
{
    return sender->settings->stop && *sender->settings->stop;
}

void sender_report(struct sender *sender)
{
    int64_t now_ms = clock_now(sender->timer);
    int64_t passed_ms = now_ms - sender->last_report_ms;
    struct deliver_totals *totals = sender->totals;
    if (passed_ms < REPORT_EVERY_MS)
        return;
    totals->rate = (totals->sent - sender->last_report_sent) * 1000 / passed_ms;
    sender->last_report_ms = now_ms;
    sender->last_report_sent = totals->sent;
    if (sender->settings->progress)
        sender->settings->progress(sender->settings->progress_payload, totals);
}
