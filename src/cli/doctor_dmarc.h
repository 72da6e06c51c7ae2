/* SPDX-License-Identifier: MIT */
#ifndef CLI_DOCTOR_DMARC_H
#define CLI_DOCTOR_DMARC_H

#include <stdbool.h>

struct arena;
struct dns;
struct doctor;

/* Inside cli/ only. */

/* The DMARC record that counts for from, whom it has reports sent to, and whether SPF of bounces
 * counts for it (RFC 9989). */
void doctor_dmarc(struct doctor *doctor, struct dns *dns, const char *from, const char *bounces);

/* Whether DKIM of that domain counts for mails from the other: the same organizational domain (RFC
 * 9989 section 4.10). dns NULL: only what the names themselves show. */
bool doctor_dmarc_is_aligned(struct dns *dns, struct arena *arena, const char *from,
                             const char *domain);

#endif
