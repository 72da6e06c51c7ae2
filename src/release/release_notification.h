/* SPDX-License-Identifier: MIT */
#ifndef RELEASE_RELEASE_NOTIFICATION_H
#define RELEASE_RELEASE_NOTIFICATION_H

#include <stdbool.h>
#include <stdint.h>

#include "database/sql_macro.h"

struct arena;
struct database;
struct error;

/* What happened to a release, for whoever tells press officers of it (receipt/): written in the
 * transaction in which it happens, taken away in the one that queues the mail. So none is lost or
 * told twice, whoever is killed. Numbers stand in the database: they never change. */
#define RELEASE_NOTIFICATION_KINDS(X)                                                              \
    X(RELEASE_NOTIFICATION_DROPPED, 1) /* first seen and taken, also as a draft */                 \
    X(RELEASE_NOTIFICATION_CHANGED, 2) /* a new revision of what is not public yet; cause: row_id  \
                                          of the version that it is of */                          \
    X(RELEASE_NOTIFICATION_HELD, 3)    /* does not go before somebody decides; cause says why */   \
    X(RELEASE_NOTIFICATION_PUBLIC, 4)  /* its page stands */                                       \
    X(RELEASE_NOTIFICATION_CORRECTED,                                                              \
      5) /* a correction of what was mailed stands; cause: its hash */                             \
    X(RELEASE_NOTIFICATION_REFUSED, 6) /* cannot be used; words: what is wrong, as in the note */  \
    X(RELEASE_NOTIFICATION_WITHDRAWN, 7)                                                           \
    X(RELEASE_NOTIFICATION_RESTORED, 8) /* withdrawn no more, before anybody was mailed so */      \
    X(RELEASE_NOTIFICATION_APPROVAL, 9) /* the newest revision awaits a yes */

enum release_notification_kind { RELEASE_NOTIFICATION_KINDS(SQL_ENUMERATOR) };

struct release_notification {
    int64_t row_id;
    enum release_notification_kind kind;
    int64_t release; /* release_row.row_id, of the original; 0: the file became none */
    int64_t revision;
    const char *path;  /* of its file in the drop directory; NULL: none */
    const char *cause; /* tells those of one kind apart that are each to be told; NULL */
    const char *words; /* for press officers, in the newsroom's language, lines; NULL */
    int64_t at;
};

/* Adds one, in the caller's transaction; row_id is not read. */
bool release_notification_add(struct database *database, const struct release_notification *event,
                              struct error *error);

/* Gives what waits to be told of that release (DROPPED, or CHANGED of the same cause) the revision
 * and the time of event, in the caller's transaction. *found false: nothing waits. */
bool release_notification_renew(struct database *database, const struct release_notification *event,
                                bool *found, struct error *error);

/* The first behind that row id (0: of all), in arena. *found false: there is none. */
bool release_notification_next(struct database *database, struct arena *arena, int64_t behind,
                               struct release_notification *event, bool *found,
                               struct error *error);

/* Takes one away, in the caller's transaction. */
bool release_notification_remove(struct database *database, int64_t row_id, struct error *error);

#endif
