/* SPDX-License-Identifier: MIT */
#ifndef ENDPOINT_SLIP_H
#define ENDPOINT_SLIP_H

#include <stdbool.h>
#include <stdint.h>

struct address;
struct arena;
struct endpoint_settings;
struct network_address;
struct request;

/* Addresses that look mistyped: "anna@gmail.con". Who sends one is asked, once, by the typing alone
 * and whoever is known: sent again it is taken. That somebody was asked, the form that asks says by
 * itself; for who goes back, or has a form of his own, it is remembered for an hour in fixed
 * memory, by the network that sent it. */
struct slips;

/* settings are borrowed. The newsroom's own domains are those of its pages and of its addresses. */
struct slips *slips_new(const struct endpoint_settings *settings);

/* Takes NULL. */
void slips_free(struct slips *slips);

/* What the person probably meant, where he is to be asked; NULL: nothing to ask. Threads may ask at
 * once. The request's form has been read; the result lives in its arena. */
const char *slips_ask(struct slips *slips, struct request *request, const struct address *address);

#endif
