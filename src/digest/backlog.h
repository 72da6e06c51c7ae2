/* SPDX-License-Identifier: MIT */
#ifndef DIGEST_BACKLOG_H
#define DIGEST_BACKLOG_H

#include "digest/digest.h"

/* Inside digest/ only: what single subscribers still have to get, whatever issue took it. */

/* Whether anybody has a backlog. */
bool digest_backlog_exists(struct database *database, bool *exists, struct error *error);

/* Reads a subscriber's backlog, in pages. */
enum { DIGEST_BACKLOG_PAGE = 64 };

struct digest_backlog {
    struct database *database;
    int64_t subscriber;
    int64_t before_at; /* of what is there since then or longer */
    int64_t items[DIGEST_BACKLOG_PAGE];
    size_t count;
    size_t next;
    bool is_last;
    bool failed;
};

void digest_backlog_open(struct digest_backlog *backlog, struct database *database,
                         int64_t subscriber, int64_t before_at);

/* The next item, in the order of their row ids; false at the end, and where it failed. What was
 * read may be dropped in between. */
bool digest_backlog_next(struct digest_backlog *backlog, int64_t *item, struct error *error);

/* What follows (a correction, a withdrawal) goes to the backlog of whoever had a version of a
 * release in a digest. */
struct digest_sequel {
    int64_t release;
    int64_t version;
    int64_t item; /* that follows */
    int64_t at;
};

bool digest_backlog_add_sequel(struct database *database, const struct digest_sequel *sequel,
                               struct error *error);

bool digest_backlog_drop(struct database *database, int64_t subscriber, int64_t item,
                         struct error *error);

/* It cannot come before `at`, and is no reason for an issue until then; unless the subscriptions
 * change (digest_backlog_flush). */
bool digest_backlog_snooze(struct database *database, int64_t subscriber, int64_t item, int64_t at,
                           struct error *error);

#endif
