/* SPDX-License-Identifier: MIT */
#ifndef DELIVERY_SENDER_H
#define DELIVERY_SENDER_H

#include "delivery/commit_batch.h"
#include "delivery/deliver.h"
#include "delivery/pace.h"
#include "delivery/prefetch.h"
#include "delivery/relay_share.h"

#include <stdbool.h>
#include <stdint.h>

/* Inside delivery/ only: what deliver_run() has readied for one of the two ways out, SMTP or a
 * Maildir. */
struct sender {
    struct database *database;
    const struct deliver_settings *settings;
    const struct clock *clock;
    struct deliver_totals *totals;
    struct prefetch *prefetch;
    struct commit_batch *batch;
    struct pace pace;
    struct relay_share relay;
    const struct clock *timer; /* one that only runs forward */
    int64_t hours_checked_ms;  /* when mail.hours was last looked at; 0: not yet */
    bool is_closed;            /* outside mail.hours */
    int64_t last_report_ms;    /* when progress was last reported */
    int64_t last_report_sent;
};

/* Send all that is due; what is left claimed or unwritten is deliver_run()'s to give back. */
bool smtp_sender_run(struct sender *sender, struct error *error);
bool maildir_sender_run(struct sender *sender, struct error *error);

/* Fetches rows where few are left (prefetch_refill), within mail.hours. */
bool sender_refill(struct sender *sender, bool is_pressing, struct error *error);

/* Composes; false, *is_unable true: the row is failed already, go on with the next. */
bool sender_compose(struct sender *sender, struct prefetched_row item,
                    struct delivery_message *message, bool *is_unable, struct error *error);

bool sender_is_stopped(const struct sender *sender);

/* Calls settings.progress once a second. */
void sender_report(struct sender *sender);

#endif
