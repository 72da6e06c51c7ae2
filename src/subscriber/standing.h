/* SPDX-License-Identifier: MIT */
#ifndef SUBSCRIBER_STANDING_H
#define SUBSCRIBER_STANDING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "subscriber/subscriber.h"

/* What counts against an address, and when it is given up. Only what is the address's own fault
 * (there is no such mailbox) counts, said at once or by a bounce: one point a day, halved with
 * every 7 days in which a mail was accepted and none came back. Two points within 30 days send a
 * mail that asks nothing, the probe; only its coming back ends the subscription. Where too many of
 * one mailing came back (queue/trouble.h), its bounces are no points: so points are no number that
 * is kept, but what the returned mails amount to whenever they are looked at. */

#define STANDING_WINDOW_MS (INT64_C(30) * 24 * 60 * 60 * 1000)
#define STANDING_HALVED_MS (INT64_C(7) * 24 * 60 * 60 * 1000)
#define STANDING_PROBE_MS (INT64_C(7) * 24 * 60 * 60 * 1000)
#define STANDING_KEPT_MS (INT64_C(90) * 24 * 60 * 60 * 1000)

enum { STANDING_POINTS_TO_PROBE = 2 };

/* A mail that the address did not take, or that came back. */
struct standing_refusal {
    int64_t subscriber;
    int64_t mailing;       /* 0: a transactional mail */
    int64_t transactional; /* 0: of a mailing */
    int64_t sent_at;
    int smtp_code;        /* 0: none */
    const char *enhanced; /* NULL: none */
    const char *text;     /* NULL: none; kept as evidence alone, where it ends the subscription */
    bool is_forgeable;    /* a bounce that names the address alone, as anybody may write it */
};

/* Writes it down, once for each mail. A probe that comes back ends the subscription, unless what
 * led to it does not count any more; a confirmation, the request. Joins the caller's transaction;
 * of the service only database and clock are used. */
bool standing_refuse(const struct subscriber_service *service,
                     const struct standing_refusal *refusal, struct error *error);

/* ---- what has to be done (standing_process.c) ---- */

struct standing_totals {
    int64_t probes;    /* made */
    int64_t cleared;   /* probes of which nothing came back */
    int64_t withdrawn; /* probes whose reasons do not count any more */
};

/* Looks at what came back since, makes probes, clears addresses and forgets what is old, in small
 * transactions; cheap where there is nothing to do. Adds to totals. */
bool standing_process(const struct subscriber_service *service, struct standing_totals *totals,
                      struct error *error);

/* Accepts the bounces of a mailing: somebody says that its addresses are gone indeed, so they
 * count. */
bool standing_accept(const struct subscriber_service *service, int64_t mailing,
                     struct error *error);

/* ---- what there is (standing.c) ---- */

enum standing_weight {
    STANDING_COUNTS,
    STANDING_WAITS,   /* its mailing is under way still */
    STANDING_NOBODY,  /* too many of its mailing came back */
    STANDING_OUTDATED /* old, or the address has shown since that it is well */
};

struct standing_return {
    int64_t at;      /* of the refusal, or of the bounce */
    int64_t mailing; /* 0: a transactional mail */
    int64_t transactional;
    int64_t sent_at;
    int smtp_code;
    const char *enhanced; /* "" */
    enum standing_weight weight;
    struct standing_return *next;
};

/* Numbers stand in the database: they never change. */
#define STANDING_PROBE_ENDS(X)                                                                     \
    X(STANDING_PROBE_OUT, 0, "out")                                                                \
    X(STANDING_PROBE_BOUNCED, 1, "bounced")                                                        \
    X(STANDING_PROBE_CLEARED, 2, "cleared")                                                        \
    X(STANDING_PROBE_WITHDRAWN, 3, "withdrawn")                                                    \
    X(STANDING_PROBE_LEFT, 4, "left") /* the subscriber left, or complained */

enum standing_probe_end { STANDING_PROBE_ENDS(SQL_NAMED_ENUMERATOR) };

const char *standing_weight_name(enum standing_weight weight);
const char *standing_probe_end_name(enum standing_probe_end end);

struct standing_probe {
    int64_t transactional; /* row id of its mail */
    int64_t at;
    int64_t ended_at; /* INSTANT_NONE: it is out */
    enum standing_probe_end end;
    struct standing_probe *next;
};

struct standing {
    double points;
    int64_t probe_since_at;          /* INSTANT_NONE: none is out */
    int64_t probe;                   /* its mail */
    struct standing_return *returns; /* oldest first */
    struct standing_probe *probes;   /* the same */
};

/* The standing now. Lives in arena. */
bool standing_find(struct database *database, struct arena *arena, int64_t subscriber_row_id,
                   int64_t now_at, struct standing *standing, struct error *error);

/* The standing at then_at, with mailings judged by what is known now; mails that came back later
 * are outdated in it. */
bool standing_find_then(struct database *database, struct arena *arena, int64_t subscriber_row_id,
                        int64_t then_at, struct standing *standing, struct error *error);

#endif
