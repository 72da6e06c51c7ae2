/* SPDX-License-Identifier: MIT */
#ifndef QUEUE_INSIDE_H
#define QUEUE_INSIDE_H

#include "queue/queue.h"

/* Inside queue/ only: what its files ask of each other, in the caller's transaction. */

/* ---- counts (delivery_counts.c) ---- */

/* queue_finish() without the mailing that is just being filled (0: none). */
bool counts_finish(struct database *database, int64_t now_at, int64_t except, int64_t *finished,
                   struct error *error);

/* ---- feeds of a mailing (selection.c) ---- */

/* Writes down which feeds select what of a mailing, so that whoever leaves one
 * of them can be told from who still follows another (queue_suppress_unselected). */
bool selection_write(struct database *database, int64_t mailing,
                     const struct queue_candidates *candidates, struct error *error);

/* Whether two languages are the same but for their regions. */
bool selection_is_same_language(const char *a, const char *b);

/* A version that is taken back is nobody's choice any more. */
bool selection_remove_version(struct database *database, int64_t version, struct error *error);

/* ---- what is forwarded (forward.c) ---- */

/* The forwarded message was sent: erases it, and leaves a row by which its writer's hour is
 * counted. */
bool forward_erase_sent(struct database *database, int64_t transactional, struct error *error);

/* Erases all forwarded messages that answer this subscriber's mails, unsent ones included. */
bool forward_erase_subscriber(struct database *database, int64_t subscriber, struct error *error);

/* ---- what is written when it is queued (prepared.c) ---- */

/* The mail is over: erases its message. */
bool prepared_erase(struct database *database, int64_t transactional, struct error *error);

/* ---- a stopped mailing goes on, or is cancelled: its notices are closed ---- */

bool returned_resumed(struct database *database, int64_t mailing, int64_t now_at,
                      struct error *error);

bool streak_resumed(struct database *database, int64_t mailing, int64_t now_at,
                    struct error *error);

/* ---- what is forgotten (retention.c) ---- */

/* What is forgotten of a mailing that ended long ago. Numbers stand in the
 * database: they never change. FORGOTTEN_SOME is written before the first row goes, as from then on
 * nobody can tell any more who was sent it. */
#define FORGOTTEN_LEVELS(X)                                                                        \
    X(FORGOTTEN_NOTHING, 0)                                                                        \
    X(FORGOTTEN_TEXTS, 1) /* of outcomes */                                                        \
    X(FORGOTTEN_SOME, 2)  /* rows */                                                               \
    X(FORGOTTEN_ROWS, 3)  /* all of them */

enum forgotten { FORGOTTEN_LEVELS(SQL_ENUMERATOR) };

#endif
