/* SPDX-License-Identifier: MIT */
#ifndef DMARC_RECORD_H
#define DMARC_RECORD_H

#include <stdbool.h>
#include <stddef.h>

struct arena;

/* A DMARC record as RFC 9989 reads it. */

enum dmarc_policy { DMARC_NO_POLICY, DMARC_POLICY_NONE, DMARC_QUARANTINE, DMARC_REJECT };

/* "none"; NULL for DMARC_NO_POLICY. */
const char *dmarc_policy_name(enum dmarc_policy policy);

/* What a record holds that is not as it should be: bits. */
enum dmarc_fault {
    DMARC_LACKS_POLICY = 1, /* no p: it counts as none (section 4.7) */
    DMARC_BAD_POLICY = 2,   /* p, sp or np is another word */
    DMARC_HAS_PERCENT = 4,  /* pct, rf, ri: gone since RFC 9989 */
    DMARC_HAS_FORMAT = 8,
    DMARC_HAS_INTERVAL = 16,
    DMARC_BAD_TEST = 32,      /* t is neither y nor n */
    DMARC_BAD_ALIGNMENT = 64, /* adkim or aspf is neither r nor s */
    DMARC_BAD_REPORTS = 128,  /* a rua that is no list of mailto addresses */
    DMARC_HAS_SIZE = 256,     /* "!10m" behind an address, gone too */
    DMARC_BAD_SUFFIX = 512    /* psd is none of y, n, u */
};

enum { DMARC_REPORTS_MAXIMUM = 10 };

struct dmarc_record {
    const char *text;
    enum dmarc_policy policy;                   /* p: DMARC_POLICY_NONE where it is missing */
    enum dmarc_policy subdomains;               /* sp; DMARC_NO_POLICY: not said */
    enum dmarc_policy nonexistent;              /* np; likewise */
    bool is_testing;                            /* t=y */
    bool is_strict_dkim;                        /* adkim=s */
    bool is_strict_spf;                         /* aspf=s */
    char suffix;                                /* psd: 'y' 'n' 'u' */
    unsigned faults;                            /* enum dmarc_fault */
    const char *reports[DMARC_REPORTS_MAXIMUM]; /* addresses of rua that are mailto: */
    size_t report_count;
};

/* False: it does not begin with the tag v=DMARC1, written so, and is none. Of faults what is right
 * beside them counts. Lives in arena. */
bool dmarc_record_read(struct arena *arena, const char *text, struct dmarc_record *record);

/* Whether receivers pass the record over: a policy that is no word for one, and nobody to report
 * to (section 4.10.1). */
bool dmarc_record_is_void(const struct dmarc_record *record);

/* What counts for a domain that exists: is_below where the record is that of a domain above. */
enum dmarc_policy dmarc_record_policy(const struct dmarc_record *record, bool is_below);

/* ---- the way up (RFC 9989 section 4.10) ---- */

enum dmarc_answer {
    DMARC_SILENT, /* nobody answers */
    DMARC_BROKEN, /* a failure */
    DMARC_NONE,
    DMARC_SEVERAL, /* so none of them counts */
    DMARC_FOUND
};

enum { DMARC_QUERIES_MAXIMUM = 8 };

/* Asks for the records at _dmarc.DOMAIN. */
typedef enum dmarc_answer dmarc_ask(void *payload, const char *domain, struct dmarc_record *record);

struct dmarc_walk {
    enum dmarc_answer answer; /* FOUND: record and found_at; NONE: there is none anywhere; SILENT,
                                 BROKEN: none below trouble_at, where DNS has no answer */
    const char *found_at;     /* whose record counts: the domain or one above; points into it */
    const char *organization; /* the organizational domain; likewise */
    const char *several_at;   /* the first that has more than one; NULL */
    const char *trouble_at;   /* from there up nothing is known; NULL */
    struct dmarc_record record;
};

/* domain: without a dot at its end. */
void dmarc_walk(const char *domain, dmarc_ask *ask, void *payload, struct dmarc_walk *walk);

#endif
