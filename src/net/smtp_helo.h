/* SPDX-License-Identifier: MIT */
#ifndef NET_SMTP_HELO_H
#define NET_SMTP_HELO_H

#include <stdbool.h>

/* The name that a relay is greeted with (RFC 5321 section 4.1.4). */

enum { SMTP_HELO_SIZE = 256 };

/* Whether it is a domain of letters, digits and hyphens, or an address literal: "[192.0.2.1]",
 * "[IPv6:2001:db8::1]". */
bool smtp_helo_is_valid(const char *name);

/* Whether it says where we are: an address literal, or a name with a dot that is no name of
 * everybody's own machine. */
bool smtp_helo_is_full(const char *name);

/* This host's full name, as it calls itself or as its name is resolved; where there is none, the
 * literal of the address that it is reached from outside by. Waits for names 3 s at most, once in a
 * process. */
void smtp_helo_default(char name[SMTP_HELO_SIZE]);

#endif
