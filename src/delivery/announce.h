/* SPDX-License-Identifier: MIT */
#ifndef DELIVERY_ANNOUNCE_H
#define DELIVERY_ANNOUNCE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "queue/queue.h"

struct clock;
struct database;
struct error;
struct feed;

/* newsroom.yaml's `announce`, and what decides who is mailed. */
struct announce_settings {
    int64_t delay_ms;   /* between publication and mailing; urgent releases skip it */
    int64_t max_age_ms; /* due longer than this before first seen as ready: published, not mailed */
    int64_t max_new;    /* more new mailings than this in one run are all held */
    bool notifies;      /* press officers are told what is not mailed (release_notification.h) */
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
                      const struct clock *clock, const char *public_id,
                      struct announce_totals *totals, struct error *error);

/* `release resend ID --missed`: a new mailing of a release that was announced before, at once and
 * to exactly those confirmed followers of today whom it was not sent: who failed, was suppressed or
 * cancelled then, or came later. Who waits in an unfinished mailing, or may have got it (unknown),
 * is left alone. totals->deliveries 0: nobody was missed. ERROR_USAGE where there is no such
 * release, it is not public, was never announced, or where it is forgotten who got it. */
bool announce_again(struct database *database, const struct announce_settings *settings,
                    const struct clock *clock, const char *public_id,
                    struct announce_totals *totals, struct error *error);

/* ---- who would be mailed (audience.c) ---- */

/* One language version of the release whose audience is asked for; the original first. */
struct audience_version {
    int64_t row_id; /* of its row; 0: a file that is not taken in yet */
    const char *type;
    const char *language;
    const char *topics; /* "a b", "" for none */
    const struct audience_version *next;
};

/* Subscribers of one feed who would get the version in language. Somebody in two feeds counts in
 * both.
 */
struct audience_count {
    const char *feed; /* id */
    const char *language;
    int64_t subscribers;
    struct audience_count *next;
};

struct audience {
    int64_t subscribers;              /* each counted once: what would be mailed now */
    int64_t already_mailed;           /* left out, because they have the release */
    struct audience_count *languages; /* each subscriber once; feed NULL */
    struct audience_count *feeds;
};

/* The public or coming release of that id with all its ready versions. NULL, *failed false: there
 * is no such release. Lives in the arena. */
const struct audience_version *audience_versions(struct database *database, struct arena *arena,
                                                 const char *public_id, bool *failed,
                                                 struct error *error);

/* Who would be mailed now, by the same rules as announce_run(). */
bool audience_for(struct database *database, struct arena *arena,
                  const struct announce_settings *settings, const struct audience_version *versions,
                  struct audience *audience, struct error *error);

/* The same subscribers one by one, as queue_audience_cursor. */
struct audience_cursor {
    struct arena arena;
    struct queue_candidates candidates;
    struct queue_audience_cursor members;
};

/* On failure there is nothing to close. The cursor stays where it is. */
bool audience_cursor_open(struct audience_cursor *cursor, struct database *database,
                          const struct announce_settings *settings,
                          const struct audience_version *versions, struct error *error);
bool audience_cursor_next(struct audience_cursor *cursor,
                          const struct queue_audience_member **member, struct error *error);
bool audience_cursor_close(struct audience_cursor *cursor) __attribute__((warn_unused_result));

#endif
