/* SPDX-License-Identifier: MIT */
#ifndef DIGEST_ISSUE_H
#define DIGEST_ISSUE_H

#include "digest/digest.h"

/* Inside digest/ only: news is recorded as items, once for all subscribers; an issue, one for each
 * day's instant, takes the items whose time has come, and becomes one row a subscriber in one
 * mailing. schema.c has the tables. A subscription's digest_after (subscriber/) is the last item of
 * before it began. All functions but digest_issue_due() and those that read want the caller's
 * transaction. */

/* ---- issues ---- */

/* Which issue is meant at some moment; all from the newsroom's calendar. */
struct digest_instants {
    const char *date; /* "2026-06-08" */
    int64_t now_at;
    int64_t daily_at;  /* the latest daily instant that is over */
    int64_t weekly_at; /* the latest weekly one: not after daily_at */
};

/* When there is something to do: now_at or earlier: now; later: then, if nothing comes in between
 * (announce.delay runs); INSTANT_NONE: nothing before the next daily instant. */
bool digest_issue_due(struct database *database, const struct digest_instants *instants,
                      int64_t *due_at, struct error *error);

/* The issue to work on: one that was begun, or the one that digest_issue_due() says is due, begun
 * now. row_id 0: none. Strings live in arena. */
bool digest_issue_open(struct database *database, const struct digest_instants *instants,
                       struct arena *arena, struct digest_issue *issue, struct error *error);

/* All up to that subscriber are dealt with. */
bool digest_issue_advance(struct database *database, const struct digest_issue *issue,
                          int64_t subscriber, struct error *error);

/* Everybody is: the mailing may leave. */
bool digest_issue_close(struct database *database, const struct digest_issue *issue, int64_t now_at,
                        struct error *error);

/* Whether the issue's mailing was cancelled while it was being made. */
bool digest_issue_is_cancelled(struct database *database, const struct digest_issue *issue,
                               bool *is_cancelled, struct error *error);

/* Whether the mailing is an issue that is still being made: it goes on by itself. */
bool digest_issue_is_being_made(struct database *database, int64_t mailing, bool *is_being_made,
                                struct error *error);

/* ---- items that an issue may hold ---- */

struct digest_item_feed {
    const char *feed;
    int64_t version;
    const char *language;
    int64_t place;
    const struct digest_item_feed *next;
};

struct digest_item {
    int64_t row_id;
    int64_t release;
    enum queue_kind kind;
    int64_t at;
    int64_t announcement; /* of the release itself, to those who follow at once; 0: none */
    bool is_daily;        /* taken by this issue for those who follow daily … */
    bool is_weekly;       /* … weekly */
    const struct digest_item_feed *feeds;
};

struct digest_items {
    struct digest_item *items; /* by row id */
    size_t count;
};

/* More are left for the next issue: of items that it takes (half of them weekly), and of earlier
 * ones that are in somebody's backlog. */
enum { DIGEST_ITEMS_MAXIMUM = 1000, DIGEST_BACKLOG_MAXIMUM = 1000 };

/* What the issue may hold now: all that it took, and the oldest of the backlog; nothing that was
 * withdrawn or cancelled since. */
bool digest_items_load(struct database *database, const struct digest_issue *issue, int64_t now_at,
                       struct arena *arena, struct digest_items *items, struct error *error);

#endif
