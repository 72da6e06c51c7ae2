/* SPDX-License-Identifier: MIT */
#ifndef CLI_DNS_H
#define CLI_DNS_H

#include <netinet/in.h>
#include <resolv.h>
#include <stdbool.h>
#include <stddef.h>

struct arena;

/* Inside cli/ only: questions to the resolvers of this machine (resolv.conf). */
struct dns {
    struct __res_state resolver;
    bool is_unanswered; /* once no resolver answered in time, none is waited for again */
};

enum { DNS_RECORDS_MAXIMUM = 8 };

enum dns_answer {
    DNS_UNANSWERED, /* nobody answers, or not in time */
    DNS_FAILED,     /* answered by a failure (SERVFAIL, REFUSED), or by what cannot be read */
    DNS_NO_NAME,    /* neither that name nor one below it (RFC 8020) */
    DNS_NONE,       /* no such record */
    DNS_FOUND
};

struct dns_texts {
    enum dns_answer answer;
    size_t count;
    const char *records[DNS_RECORDS_MAXIMUM]; /* whole; control characters as "?" */
};

enum dns_mail {
    DNS_MAIL_UNANSWERED,
    DNS_MAIL_FAILED,
    DNS_MAIL_NO_HOST, /* neither a mail exchanger nor an address */
    DNS_MAIL_NULL_MX, /* said to take none (RFC 7505) */
    DNS_MAIL_ACCEPTED
};

/* False: the machine knows no resolver. Where server is not NULL it alone is asked. */
bool dns_open(struct dns *dns, const struct sockaddr_in *server);
void dns_close(struct dns *dns);

/* The name's TXT records that begin with the word, whatever its capitals, and then end or go on
 * with a space or a semicolon; NULL: all of them. */
struct dns_texts dns_texts(struct dns *dns, struct arena *arena, const char *name,
                           const char *word);

/* The host's addresses, in the form of inet_ntop(). */
struct dns_texts dns_addresses(struct dns *dns, struct arena *arena, const char *host);

/* Whether mail to the domain has somewhere to go (RFC 5321 section 5.1). */
enum dns_mail dns_mail(struct dns *dns, const char *domain);

#endif
