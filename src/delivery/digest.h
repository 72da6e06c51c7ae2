/* SPDX-License-Identifier: MIT */
#ifndef DELIVERY_DIGEST_H
#define DELIVERY_DIGEST_H

#include <signal.h>
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
    int64_t deliveries; /* rows: one a subscriber who has something new */
};

/* A date of the newsroom's calendar, as civil_to_days() numbers it, and its instant: when clocks
 * show settings->minute, for the second time where they show it twice. A time that they leave out
 * is the next that they show, which may be on the next date: what belongs to which date, and
 * whether that is the weekly one, is asked of `days`. */
struct digest_day {
    int64_t days;
    int64_t at;
};

/* The last one whose instant is not after `at`; of the weekly ones. */
struct digest_day digest_last_day(const struct digest_settings *settings, int64_t at,
                                  bool is_weekly);

/* The next daily and weekly instants after now_at. */
int64_t digest_next_daily(const struct digest_settings *settings, int64_t now_at);
int64_t digest_next_weekly(const struct digest_settings *settings, int64_t now_at);

/* The stage: makes the digest of the last instant that is over, where it is not made yet and there
 * is something new for somebody; instants missed before it come with it. One row a subscriber, with
 * all feeds that the subscriber follows daily, and weekly where that instant is over too. In steps,
 * each in a transaction of its own, under a key (subscriber, date) that makes a second run, one
 * beside it and one after a crash add nothing; the mailing leaves when all are done. stop (NULL:
 * never): once it is set, no step begins; the next run goes on where this one ended. */
bool digest_run(struct database *database, const struct digest_settings *settings,
                const struct clock *clock, const volatile sig_atomic_t *stop,
                struct digest_totals *totals, struct error *error);

/* When digest_run() has something to do next, if nothing new comes: now or earlier: now. */
bool digest_next_at(struct database *database, const struct digest_settings *settings,
                    int64_t now_at, int64_t *at, struct error *error);

#endif
