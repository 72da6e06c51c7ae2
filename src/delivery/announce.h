/* SPDX-License-Identifier: MIT */
#ifndef DELIVERY_ANNOUNCE_H
#define DELIVERY_ANNOUNCE_H

#include <stdbool.h>
#include <stdint.h>

struct clock;
struct database;
struct error;
struct feed;

/* newsroom.yaml's `announce`, and what decides who is mailed. */
struct announce_settings {
    int64_t delay_ms;   /* between publication and mailing; urgent releases skip it */
    int64_t max_age_ms; /* due longer than this before first seen as ready: published, not mailed */
    int64_t max_new;    /* more new mailings than this in one run are all held */
    const struct feed *feeds;
    const char *language; /* site.language: of feeds and subscribers that name none */
};

struct announce_totals {
    int64_t releases;    /* new mailings of releases, held ones included */
    int64_t corrections; /* new mailings of corrections */
    int64_t withdrawals; /* new mailings of withdrawals */
    int64_t deliveries;  /* rows made by all of them */
    int64_t held;        /* of the new mailings */
    int64_t too_old;     /* releases never to be mailed, by announce.max_age */
    int64_t not_wanted; /* … by `mail: false`, because no feed selects them, or as late versions of
                           a release of which it is forgotten who got it */
};

/* The stage: turns what has become public since the last run into mailings, and those into one
 * delivery a subscriber.
 * - One mailing for all versions of a release that became public together: each subscriber once, in
 * the version of his language that one of his feeds selects, else the original.
 * - A version that comes later is mailed to nobody who has the release already; where that is
 *   forgotten, to nobody.
 * - A correction (a public revision with a new text of `correction`) and a withdrawal go to those
 *   who were sent the release.
 * Each release is dealt with in a transaction of its own, under keys that make a second run, and
 * one after a crash, add nothing. Logs what a press officer should know. */
bool announce_run(struct database *database, const struct announce_settings *settings,
                  const struct clock *clock, struct announce_totals *totals, struct error *error);

/* `announce ID`: mails a public release although it is old or says `mail: false`, at once and to
 * everybody who selects it and has not been mailed it. ERROR_USAGE where there is no such release,
 * or it is not public. */
bool announce_release(struct database *database, const struct announce_settings *settings,
                      const struct clock *clock, const char *id, struct announce_totals *totals,
                      struct error *error);

/* `release resend ID --missed`: a new mailing of a release that was announced before, at once and
 * to exactly those confirmed followers of today whom it was not sent: who failed, was suppressed or
 * cancelled then, or came later. Who waits in an unfinished mailing, or may have got it (unknown),
 * is left alone. totals->deliveries 0: nobody was missed. ERROR_USAGE where there is no such
 * release, it is not public, was never announced, or where it is forgotten who got it. */
bool announce_again(struct database *database, const struct announce_settings *settings,
                    const struct clock *clock, const char *id, struct announce_totals *totals,
                    struct error *error);

#endif
