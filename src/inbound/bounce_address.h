/* SPDX-License-Identifier: MIT */
#ifndef INBOUND_BOUNCE_ADDRESS_H
#define INBOUND_BOUNCE_ADDRESS_H

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct mail_phrases;

/* Inside inbound/ only: addresses in the words of servers. */

struct span {
    const char *start;
    size_t length; /* 0: none */
};

/* The address that begins at at, which is before end: "a@b", "<a@b>", "'a@b'", "mailto:a@b",
 * "SMTP:a@b"; a domain has a dot. *behind: what follows it, closing marks included. */
struct span address_begins(const char *at, const char *end, const char **behind);

/* The first address at or behind at. */
struct span address_next(const char *at, const char *end, const char **behind);

/* The address that a line lists: behind marks and words like "Recipient:", or behind a name, in
 * angle brackets. */
struct span address_listed(const struct mail_phrases *phrases, const char *line, const char *end,
                           const char **behind);

/* The address that ends before at, with nothing but marks between; start bounds the search. */
struct span address_before(const char *start, const char *at);

/* A role address (RFC 2142), which we would not mail: postmaster, mailer-daemon and the like. */
bool address_is_role(struct span address);

const char *address_copy(struct arena *arena, struct span address);

#endif
