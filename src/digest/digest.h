/* SPDX-License-Identifier: MIT */
#ifndef DIGEST_DIGEST_H
#define DIGEST_DIGEST_H

#include "queue/queue.h"

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct clock;
struct database;
struct database_schema;
struct error;
struct zone;

/* Digests: whoever follows a feed daily or weekly gets one message a day at most, with all that is
 * new. All functions but digest_run(), digest_next_at() and those that only read want the caller's
 * transaction. */

/* newsroom.yaml's `digest`: when those who follow daily or weekly are mailed. */
struct digest_settings {
    int minute;  /* of the day, in zone: 480 is 08:00 */
    int weekday; /* of the weekly ones: 1 Monday … 7 Sunday */
    const struct zone *zone;
};

extern const struct database_schema digest_schema;

/* ---- the calendar (schedule.c) ---- */

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

/* ---- the stage (digest.c) ---- */

struct digest_totals {
    int64_t mailings;   /* digests made, one a day at most */
    int64_t deliveries; /* rows: one a subscriber who has something new */
};

/* Makes the digest of the last instant that is over, where it is not made yet and there is
 * something new for somebody; instants missed before it come with it. One row a subscriber, with
 * all feeds that he follows daily, and weekly where that instant is over too. In steps, each in a
 * transaction of its own, under a key (subscriber, date) that makes a second run, one beside it and
 * one after a crash add nothing; the mailing leaves when all are done. stop (NULL: never): once it
 * is set, no step begins; the next run goes on where this one ended. */
bool digest_run(struct database *database, const struct digest_settings *settings,
                const struct clock *clock, const volatile sig_atomic_t *stop,
                struct digest_totals *totals, struct error *error);

/* When digest_run() has something to do next, if nothing new comes: now or earlier: now. */
bool digest_next_at(struct database *database, const struct digest_settings *settings,
                    int64_t now_at, int64_t *at, struct error *error);

/* ---- what digests are to bring (item.c, withdrawal.c, stopping.c) ---- */

struct digest_news {
    int64_t release; /* the original's row id */
    enum queue_kind kind;
    const char *deduplication_key; /* as the announcement's */
    int64_t mailing; /* that brings it to those who follow at once; 0: there is nobody. While it is
                        held or paused the item is in no issue, cancelled: in none ever */
    int64_t at;      /* belongs to the first issue from then on … */
    int64_t ripe_at; /* … but is in none that is made before */
    int64_t now_at;
};

/* Records the news with the feeds that select it; once for each release, kind and deduplication
 * key. A release that was announced before (a version that comes later, a second mailing) is a new
 * item, which reaches nobody who had the release. A correction goes to the backlog of those who had
 * the version in a digest, and what waits to be sent is made anew with it. */
bool digest_add(struct database *database, const struct digest_news *news,
                const struct queue_candidates *candidates, struct error *error);

/* Takes back out of a mailing of a release what it queued for those who have it from a digest.
 * *removed: rows. */
bool digest_exclude(struct database *database, const struct queue_mailing *mailing,
                    int64_t *removed, struct error *error);

/* queue_cancel_release(), and no digest brings the release, or that version of it, any more: who
 * had it in one gets the notice, what waits to be sent is made without it, and is cancelled where
 * nothing is left. */
bool digest_cancel_release(struct database *database, const struct queue_cancellation *cancellation,
                           int64_t *count, struct error *error);

/* How far the digests got with a release that somebody stops. */
struct digest_stopping {
    int64_t had;     /* people whose digest with it has left, or is leaving */
    int64_t without; /* messages that waited with it, and leave without it now */
    int64_t emptied; /* messages that held nothing else, and do not leave */
    bool is_awaited; /* digests still to be made would have brought it to somebody */
};

/* No digest brings the release, or what follows of it, until digest_resume_release(): neither one
 * to come, nor one that is being made, nor one that waits to be sent. What is being sent arrives,
 * or goes with the next. No effect where nobody was to get it any more. */
bool digest_stop_release(struct database *database, int64_t release, int64_t now_at,
                         struct digest_stopping *stopping, struct error *error);

/* Whether anything was to come still. */
bool digest_stopping_kept_back(const struct digest_stopping *stopping);

/* Lets a release go on: the next digest brings it to everybody who was to get it, and mailings that
 * are paused with QUEUE_STOPPED_NOTE go on, while held ones with it are only held again. *count: of
 * both. No effect where nothing is stopped. */
bool digest_resume_release(struct database *database, int64_t release, int64_t now_at,
                           size_t *count, struct error *error);

/* queue_mailing_resume(), and what digests held back with the mailing is in the next issue. A
 * digest that is still being made cannot be resumed: it goes on by itself. */
bool digest_mailing_resume(struct database *database, int64_t mailing, int64_t now_at,
                           struct error *error);

/* ---- when a subscriber changes something (backlog.c, reselection.c) ---- */

/* Before the subscriptions change: what his digests have not brought yet goes to the backlog, as
 * windows begin anew with the change. */
bool digest_backlog_flush(struct database *database, int64_t subscriber, int64_t now_at,
                          struct error *error);

/* Afterwards: queue_suppress_unselected(), and what those rows would have brought that a digest has
 * to bring now goes to the backlog; digests that hold something not followed any more are
 * suppressed, and the rest of them goes to the backlog. *count: rows suppressed. */
bool digest_suppress_unselected(struct database *database, int64_t subscriber, int64_t now_at,
                                int64_t *count, struct error *error);

/* Nothing is to come any more: he leaves, or may not be mailed. */
bool digest_backlog_drop_all(struct database *database, int64_t subscriber, struct error *error);

/* ---- what is not kept (retention.c) ---- */

/* Whether digests are to be forgotten: those whose rows are gone (queue_retain), and items from
 * before before_at that no digest brought to anybody. Only reads. */
bool digest_retain_find(struct database *database, int64_t before_at, bool *found,
                        struct error *error);

/* One small step; that the releases were announced stays known for ever. *more false: nothing is
 * left to forget. */
bool digest_retain(struct database *database, int64_t before_at, bool *more, struct error *error);

/* ---- reports (issue.c, content.c) ---- */

/* The digest of a date. */
struct digest_issue {
    int64_t row_id;   /* 0: none */
    const char *date; /* "2026-06-08" */
    int64_t daily_at;
    int64_t weekly_at;    /* INSTANT_NONE: for those who follow daily alone */
    int64_t announcement; /* 0: nobody has got a row yet */
    int64_t mailing;
    int64_t message_at;  /* of the mailing: the Date of its messages */
    int64_t composed_to; /* the last subscriber dealt with */
    bool is_complete;
};

/* The issue that a mailing is of; row_id 0 where it is none. Strings live in arena. */
bool digest_issue_of_mailing(struct database *database, int64_t mailing, struct arena *arena,
                             struct digest_issue *issue, struct error *error);

/* The row ids of the originals of the releases that an issue took, in the order of its items. In
 * arena.
 */
bool digest_issue_releases(struct database *database, int64_t issue, struct arena *arena,
                           int64_t **releases, size_t *count, struct error *error);

/* One item of what a message holds. */
struct digest_part {
    int64_t item;
    int64_t release;
    enum queue_kind kind;
    int64_t version;
    bool is_live; /* neither it nor its version has been withdrawn since, nor is it stopped */
};

/* All that a content holds, by the item's row id; *count 0: there is no such content. In arena. */
bool digest_parts_read(struct database *database, int64_t content, struct arena *arena,
                       struct digest_part **parts, size_t *count, struct error *error);

struct digest_history {
    bool is_in_issue;  /* some digest brought the release to somebody … */
    bool is_forgotten; /* … and it is not known any more to whom (retention): for ever */
};

/* Of a release, by the original's row id. */
bool digest_history(struct database *database, int64_t release, struct digest_history *history,
                    struct error *error);

struct digest_waiting {
    int64_t daily;  /* items that the next issue has for those who follow daily … */
    int64_t weekly; /* … and the next weekly one */
};

bool digest_count_waiting(struct database *database, struct digest_waiting *waiting,
                          struct error *error);

#endif
