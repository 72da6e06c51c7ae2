/* SPDX-License-Identifier: MIT */
#ifndef DMARC_DMARC_H
#define DMARC_DMARC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct packet;
struct string_builder;

/* ---- aggregate reports ---- */

/* An aggregate report: from which addresses a mailbox provider was sent mail in a domain's name in
 * a day, and what SPF and DKIM said of it (RFC 9990, and RFC 7489 appendix C before it, with or
 * without a namespace). It is strangers' bytes: read in a confined process alone. Nothing in it is
 * proved; whoever can send mail can forge one. */
enum {
    DMARC_INFLATED_MAXIMUM = 8 * 1024 * 1024, /* octets of XML */
    DMARC_RATIO_MAXIMUM = 200,                /* of what a compressed one may grow to */
    DMARC_ROWS_MAXIMUM = 10000,               /* rows beyond are counted alone */
    DMARC_COUNT_MAXIMUM = 1000000000,         /* of messages in a row */
    DMARC_DOMAIN_MAXIMUM = 253,
    DMARC_WORD_MAXIMUM = 255,
    DMARC_SOURCE_SIZE = 46 /* INET6_ADDRSTRLEN */
};

/* What became of the messages of a row: bits. */
enum dmarc_result {
    DMARC_DKIM = 1, /* a signature is good, and of the domain in From (aligned) */
    DMARC_SPF = 2,  /* the address may send for the return path's domain, and that is aligned */
    DMARC_DKIM_OF_ANOTHER = 4, /* good, but of a domain that is not aligned */
    DMARC_SPF_OF_ANOTHER = 8,
    DMARC_QUARANTINED = 16,
    DMARC_REJECTED = 32,
    DMARC_FORWARDED = 64, /* the reporter knows the address for a forwarder or a mailing list */
    DMARC_RESULT_END = 128
};

struct dmarc_row {
    char source[DMARC_SOURCE_SIZE]; /* address of a network, in its canonical form */
    const char *domain;             /* in From: lower case */
    unsigned result;                /* enum dmarc_result */
    int64_t count;                  /* of messages, 1 at least */
    const struct dmarc_row *next;
};

/* Strings are never NULL, and of one line without white space around it: UTF-8 the first, printable
 * ASCII the others. */
struct dmarc_report {
    const char *organization; /* who reports, as it calls itself; "" */
    const char *contact;      /* domain of its address; "" */
    const char *identity;     /* of the report; "" */
    const char *domain;       /* where the policy was found: lower case */
    int64_t begin_at;
    int64_t end_at;               /* not before begin_at */
    const struct dmarc_row *rows; /* NULL: nobody sent, or no row could be read */
    int64_t rows_left_out;
};

/* Whether it begins as a report may: as gzip, zip or XML. */
bool dmarc_report_is_likely(const void *bytes, size_t length);

/* Reads XML, in gzip or the first XML file of a zip or plain. NULL: it is no report, or passes a
 * bound, or is damaged. Lives in arena. */
const struct dmarc_report *dmarc_report_read(struct arena *arena, const void *bytes, size_t length);

/* Out of the confined process and into its parent, which trusts nothing: a report that is not
 * within the bounds above makes the packet bad. NULL stays NULL. */
void dmarc_report_put(struct string_builder *packet, const struct dmarc_report *report);
const struct dmarc_report *dmarc_report_take(struct packet *packet, struct arena *arena);

/* Whether one of two domains is the other, or below it: case does not count. */
bool dmarc_is_related(const char *one, const char *other);

/* ---- records ---- */

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

/* ---- inside dmarc/ ---- */

/* What gzip or zip holds, and XML as it is: allocated, to be freed; NULL where it is damaged or
 * passes a bound. */
char *dmarc_inflate(const void *bytes, size_t length, size_t *inflated);

/* The row as it is kept of what stands in a source_ip: false for what is no address. */
bool dmarc_source_read(const char *text, char source[DMARC_SOURCE_SIZE]);

/* Lower case; "" for what is no domain: letters, digits, hyphens, underlines and dots. */
const char *dmarc_domain_read(struct arena *arena, const char *text);

#endif
