/* SPDX-License-Identifier: MIT */
#ifndef CLI_DOCTOR_DNS_H
#define CLI_DOCTOR_DNS_H

#include "cli/doctor.h"

#include <stdbool.h>

struct arena;
struct dns;

/* Inside doctor_dns.c and doctor_dmarc*.c only. */

/* The place that a verdict is told at: "DNS presse.nordhav.example". */
const char *doctor_dns_place(struct doctor *doctor, const char *name);

/* Nobody answers, or a failure comes. what: that was asked about, "SPF". */
void doctor_dns_silent(struct doctor *doctor, const char *name);
void doctor_dns_broken(struct doctor *doctor, const char *name, const char *what);

/* Behind the last @. */
const char *doctor_domain_of(const char *address);

/* False: the machine knows no resolver. *is_test: a story's is asked, which knows names for
 * examples. */
bool doctor_dns_open(struct dns *dns, bool *is_test);

/* The DMARC record that counts for from, whom it has reports sent to, and whether SPF of bounces
 * counts for it (RFC 9989). */
void doctor_dmarc(struct doctor *doctor, struct dns *dns, const char *from, const char *bounces);

/* Whether DKIM of that domain counts for mails from the other: the same organizational domain (RFC
 * 9989 section 4.10). dns NULL: only what the names themselves show. */
bool doctor_dmarc_is_aligned(struct dns *dns, struct arena *arena, const char *from,
                             const char *domain);

#endif
