/* SPDX-License-Identifier: MIT */
#ifndef INBOUND_DMARC_H
#define INBOUND_DMARC_H

#include <stdbool.h>
#include <stdint.h>

struct arena;
struct database;
struct error;

/* What aggregate reports (RFC 9990) say of who sends in the newsroom's name. Whoever can write to
 * the mailbox can forge one: figures to look at, and nothing that is done by itself. */
enum {
    INBOUND_DMARC_DAYS = 30,
    INBOUND_DMARC_ROWS_A_DAY = 1000, /* of different ones; more are counted together */
    INBOUND_DMARC_REPORTERS = 3,     /* that are named of a source */
    /* From so many messages on that did not pass, and such a part of all, a notice is opened. */
    INBOUND_DMARC_FAILED_PERCENT = 5,
    INBOUND_DMARC_FAILED_LEAST = 10
};

/* What was sent from one address of a network. */
struct inbound_dmarc_source {
    const char *source; /* the address; "": all those beyond INBOUND_DMARC_ROWS_A_DAY */
    int64_t messages;
    int64_t dkim;   /* of them with a good signature of the newsroom's domain */
    int64_t spf;    /* of them whose return path is aligned and whose address may send for it */
    int64_t passed; /* either: all that DMARC asks for */
    int64_t signed_by_another; /* with a good signature, but of another domain */
    int64_t sent_for_another;  /* SPF is good, but for another domain */
    int64_t forwarded;         /* not passed, and the reporter knows a forwarder or a list */
    int64_t quarantined;
    int64_t rejected;
    const char *reporters; /* "google.com, Yahoo and 2 more" */
    int64_t reporter_count;
    struct inbound_dmarc_source *next;
};

struct inbound_dmarc {
    int64_t reports;  /* in these days */
    int64_t messages; /* of all sources */
    int64_t passed;
    const struct inbound_dmarc_source *sources; /* the most messages first */
};

/* How many did not pass and were not sent on by a forwarder or a list. */
int64_t inbound_dmarc_failed(const struct inbound_dmarc_source *source);

/* Of the INBOUND_DMARC_DAYS days that end now. Lives in arena. */
bool inbound_dmarc_read(struct database *database, struct arena *arena, int64_t now_at,
                        struct inbound_dmarc *summary, struct error *error);

#endif
