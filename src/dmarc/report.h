/* SPDX-License-Identifier: MIT */
#ifndef DMARC_REPORT_H
#define DMARC_REPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct packet;
struct string_builder;

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

/* ---- inside dmarc/ ---- */

/* What gzip or zip holds, and XML as it is: allocated, to be freed; NULL where it is damaged or
 * passes a bound. */
char *dmarc_inflate(const void *bytes, size_t length, size_t *inflated);

/* The row as it is kept of what stands in a source_ip: false for what is no address. */
bool dmarc_source_read(const char *text, char source[DMARC_SOURCE_SIZE]);

/* Lower case; "" for what is no domain: letters, digits, hyphens, underlines and dots. */
const char *dmarc_domain_read(struct arena *arena, const char *text);

#endif
