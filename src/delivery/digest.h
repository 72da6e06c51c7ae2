/* SPDX-License-Identifier: MIT */
#ifndef DELIVERY_DIGEST_H
#define DELIVERY_DIGEST_H

#include <stdbool.h>
#include <stdint.h>

struct clock;
struct database;
struct error;
struct zone;

/* newsroom.yaml's `digest`: when those who follow daily or weekly are mailed. */
struct digest_settings {
    int minute;  /* of the day, in zone: 480 is 08:00 */
    int weekday; /* of the weekly ones: 1 Monday … 7 Sunday */
    const struct zone *zone;
};

struct digest_totals {
    int64_t mailings;   /* digests made, one a day at most */
    int64_t deliveries; /* rows: one a person who has something new */
};

/* The daily instant of the date on which `at` falls, `days` later; a time that the clocks leave out
 * that day is the next that they show. */
int64_t digest_instant(const struct digest_settings *settings, int64_t at, int days);

/* The next daily and weekly instants after now_at. */
int64_t digest_next_daily(const struct digest_settings *settings, int64_t now_at);
int64_t digest_next_weekly(const struct digest_settings *settings, int64_t now_at);

/* The stage: makes the digest of the last instant that is over, where it is not made yet and there
 * is something new for somebody; instants missed before it come with it. One row a person, with all
 * feeds that the person follows daily, and weekly where that instant is over too. In steps, each in
 * a transaction of its own, under a key (subscriber, date) that makes a second run, and one after a
 * crash, add nothing; the mailing leaves when all are done. */
bool digest_run(struct database *database, const struct digest_settings *settings,
                const struct clock *clock, struct digest_totals *totals, struct error *error);

/* When digest_run() has something to do next, if nothing new comes: now or earlier: now. */
bool digest_next_at(struct database *database, const struct digest_settings *settings,
                    int64_t now_at, int64_t *at, struct error *error);

#endif
