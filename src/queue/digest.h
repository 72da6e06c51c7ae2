/* SPDX-License-Identifier: MIT */
#ifndef QUEUE_DIGEST_H
#define QUEUE_DIGEST_H

#include "queue/queue.h"

/* Digests: what is told is written down as items, once for all; an edition, one for each day's
 * instant, takes the items whose time has come, and becomes one row a subscriber in one mailing.
 *
 *   digest_item      a release, a correction or a withdrawal, in the order in which they were told
 *   digest_edition   one for each date of the newsroom; its number stands in the items it took, for
 *                    those who follow daily and weekly apart
 *   digest_content   which items, in which version, make one message: subscribers with the same
 *                    items share it
 *   digest_holding   which digests brought which item to anybody
 *   digest_forgotten releases that digests brought, to whom is not known any more: for ever
 *   digest_owed      what one subscriber still has to get, whatever edition took it: what waited
 *                    when the subscriber changed a subscription, and what became of what the
 *                    subscriber had
 *
 * A subscription's digest_after (subscriber/) is the last item of before it began. All functions
 * but queue_digest_due() and those that read want the caller's transaction. */

/* ---- items (digest_item.c) ---- */

struct queue_digest_news {
    int64_t release; /* the original's number */
    enum queue_kind kind;
    const char *occasion; /* as the announcement's */
    int64_t mailing;      /* that tells those who follow at once; 0: there is nobody. While it is
                             held or paused the item is in no edition, cancelled: in none ever */
    int64_t at;           /* belongs to the first edition from then on … */
    int64_t ripe_at;      /* … but is in none that is made before */
    int64_t now_at;
};

/* Writes down what is told, with the feeds that select it; once for each release, kind and
 * occasion. A release that has been told before (a version that comes later, a second mailing) is a
 * new item, which reaches nobody who had the release. A correction is owed to those who had the
 * version in a digest, and what waits to be sent is made anew with it. */
bool queue_digest_add(struct database *database, const struct queue_digest_news *news,
                      const struct queue_candidates *candidates, struct error *error);

/* Takes back out of a mailing of a release what it queued for those who have it from a digest.
 * *removed: rows. */
bool queue_digest_exclude(struct database *database, const struct queue_mailing *mailing,
                          int64_t *removed, struct error *error);

/* Before a subscriber's subscriptions change: what their digests have not brought yet is owed, so
 * that nothing is lost when windows begin anew. */
bool queue_digest_settle(struct database *database, int64_t subscriber, int64_t now_at,
                         struct error *error);

/* ---- editions (digest_edition.c) ---- */

/* Which edition is meant at some moment; all from the newsroom's calendar. */
struct queue_digest_instants {
    const char *occasion; /* the date: "2026-06-08" */
    int64_t now_at;
    int64_t daily_at;  /* the latest daily instant that is over */
    int64_t weekly_at; /* the latest weekly one: not after daily_at */
};

/* When there is something to do: now_at or earlier: now; later: then, if nothing comes in between
 * (announce.delay runs); INSTANT_NONE: nothing before the next daily instant. */
bool queue_digest_due(struct database *database, const struct queue_digest_instants *instants,
                      int64_t *due_at, struct error *error);

struct queue_digest_edition {
    int64_t number; /* 0: none */
    const char *occasion;
    int64_t daily_at;
    int64_t weekly_at;    /* INSTANT_NONE: for those who follow daily alone */
    int64_t announcement; /* 0: nobody has got a row yet */
    int64_t mailing;
    int64_t message_at;  /* of the mailing: the Date of its messages */
    int64_t composed_to; /* the last subscriber dealt with */
    bool is_complete;
};

/* The edition to work on: one that was begun, or the one that queue_digest_due() says is due, begun
 * now. number 0: none. Strings live in arena. */
bool queue_digest_open(struct database *database, const struct queue_digest_instants *instants,
                       struct arena *arena, struct queue_digest_edition *edition,
                       struct error *error);

/* The edition that a mailing is of; number 0 where it is none. */
bool queue_digest_of_mailing(struct database *database, int64_t mailing, struct arena *arena,
                             struct queue_digest_edition *edition, struct error *error);

struct queue_digest_entry {
    const char *feed;
    int64_t version;
    const char *language;
    int64_t place;
    const struct queue_digest_entry *next;
};

/* One item that an edition may hold. */
struct queue_digest_item {
    int64_t number;
    int64_t release;
    enum queue_kind kind;
    int64_t at;
    int64_t announcement; /* of the release itself, to those who follow at once; 0: none */
    bool is_daily;        /* taken by this edition for those who follow daily … */
    bool is_weekly;       /* … weekly */
    const struct queue_digest_entry *entries;
};

struct queue_digest_items {
    struct queue_digest_item *items; /* by number */
    size_t count;
};

/* More are left for the next edition: of items that it takes (half of them weekly), and of earlier
 * ones that are owed to somebody. */
enum { QUEUE_DIGEST_ITEMS_MAXIMUM = 1000, QUEUE_DIGEST_OWED_MAXIMUM = 1000 };

/* What the edition may hold now: all that it took, and the oldest of what is owed; nothing that was
 * withdrawn or cancelled since. */
bool queue_digest_load(struct database *database, const struct queue_digest_edition *edition,
                       int64_t now_at, struct arena *arena, struct queue_digest_items *items,
                       struct error *error);

/* ---- subscribers (digest_people.c) ---- */

struct queue_digest_subscription {
    const char *feed;
    int cadence; /* 0 at once, 1 daily, 2 weekly */
    int64_t after;
    struct queue_digest_subscription *next;
};

struct queue_digest_subscriber {
    int64_t subscriber;
    const char *language;
    bool is_confirmed;
    struct queue_digest_subscription *subscriptions;
    struct queue_digest_subscriber *next;
};

struct queue_digest_page {
    int64_t after;  /* given: the last subscriber dealt with */
    size_t maximum; /* given: subscribers at most */
    struct queue_digest_subscriber *first;
    size_t count; /* below maximum: there are no more */
};

/* The next subscribers, in the order of their ids, who follow daily or weekly or are owed
 * something. In arena. */
bool queue_digest_subscribers(struct database *database, struct queue_digest_page *page,
                              struct arena *arena, struct error *error);

/* Whether anything is owed to anybody. */
bool queue_digest_owes(struct database *database, bool *owes, struct error *error);

/* The items owed to a subscriber since before_at or longer: calls visit for each. */
typedef bool queue_digest_number_visit(void *payload, int64_t number, struct error *error);
bool queue_digest_owed_each(struct database *database, int64_t subscriber, int64_t before_at,
                            queue_digest_number_visit *visit, void *payload, struct error *error);
bool queue_digest_forgive(struct database *database, int64_t subscriber, int64_t item,
                          struct error *error);

/* All of it: to somebody who may not be mailed. */
bool queue_digest_forgive_all(struct database *database, int64_t subscriber, struct error *error);

/* It cannot come before `at`, and is no reason for an edition until then; unless the subscriber's
 * subscriptions change (queue_digest_settle). */
bool queue_digest_postpone(struct database *database, int64_t subscriber, int64_t item, int64_t at,
                           struct error *error);

/* Where the releases of an edition may have reached somebody already: the announcements of the
 * releases themselves, and of the other digests that held them. */
struct queue_digest_past {
    const int64_t *announcements;
    size_t count;
    size_t at_once;
    const char *sql; /* for at_once of them */
};

bool queue_digest_past_make(struct database *database, const struct queue_digest_edition *edition,
                            const struct queue_digest_items *items, struct arena *arena,
                            struct queue_digest_past *past, struct error *error);

/* For each of them that reached the subscriber, or waits to: its announcement and, of a digest, its
 * items as " ITEM:VERSION ITEM:VERSION " (else NULL). The string dies after each call. */
typedef bool queue_digest_past_visit(void *payload, int64_t announcement, const char *items,
                                     struct error *error);
bool queue_digest_past_each(struct database *database, const struct queue_digest_past *past,
                            int64_t subscriber, queue_digest_past_visit *visit, void *payload,
                            struct error *error);

/* The release that an item of kind release tells of: what queue_digest_past_each() gave may name
 * items that the edition does not hold. 0: there is none. */
bool queue_digest_release_of(struct database *database, int64_t item, int64_t *release,
                             struct error *error);

/* ---- rows (digest_content.c) ---- */

/* Makes the edition's mailing where it has none: held until queue_digest_close(). */
bool queue_digest_begin(struct database *database, struct queue_digest_edition *edition,
                        int64_t now_at, struct error *error);

/* The number of the content of these items (" ITEM:VERSION … "), made where it is not there. */
bool queue_digest_content(struct database *database, const struct queue_digest_edition *edition,
                          const char *items, int64_t *number, struct error *error);

/* Notes that the edition brings the item to somebody: before the first row of a content with it. So
 * what somebody had in a digest is found by the digests that held it (digest_holding). */
bool queue_digest_hold(struct database *database, const struct queue_digest_edition *edition,
                       int64_t item, struct error *error);

struct queue_digest_row {
    int64_t subscriber;
    int64_t content; /* of queue_digest_content() */
    int64_t now_at;
};

/* One row; no effect where the subscriber has one of that edition already. */
bool queue_digest_queue(struct database *database, const struct queue_digest_edition *edition,
                        const struct queue_digest_row *row, bool *is_new, struct error *error);

/* All up to that subscriber are dealt with. */
bool queue_digest_advance(struct database *database, const struct queue_digest_edition *edition,
                          int64_t subscriber, struct error *error);

/* Everybody is: the mailing may leave. */
bool queue_digest_close(struct database *database, const struct queue_digest_edition *edition,
                        int64_t now_at, struct error *error);

/* Whether the edition's mailing was cancelled while it was being made. */
bool queue_digest_is_cancelled(struct database *database,
                               const struct queue_digest_edition *edition, bool *is_cancelled,
                               struct error *error);

/* One token of a content. */
struct queue_digest_part {
    int64_t item;
    int64_t release;
    enum queue_kind kind;
    int64_t version;
    bool is_live; /* neither it nor its version has been withdrawn since */
};

/* All that a content holds, by item number; *count 0: there is no such content. In arena. */
bool queue_digest_parts(struct database *database, int64_t content, struct arena *arena,
                        struct queue_digest_part **parts, size_t *count, struct error *error);

/* Reads the next " ITEM:VERSION" of a content's items; false at the end. */
bool queue_digest_token(const char **items, int64_t *item, int64_t *version);

/* ---- looking on ---- */

struct queue_digest_history {
    bool is_told;      /* some digest brought the release to somebody … */
    bool is_forgotten; /* … and it is not known any more to whom (retention): for ever */
};

/* Of a release, by the original's number. */
bool queue_digest_history(struct database *database, int64_t release,
                          struct queue_digest_history *history, struct error *error);

struct queue_digest_waiting {
    int64_t daily;  /* items that the next edition has for those who follow daily … */
    int64_t weekly; /* … and the next weekly one */
};

bool queue_digest_count(struct database *database, struct queue_digest_waiting *waiting,
                        struct error *error);

/* The original's numbers of the releases that an edition took, in the order of its items. */
bool queue_digest_release_each(struct database *database, int64_t edition,
                               queue_digest_number_visit *visit, void *payload,
                               struct error *error);

#endif
