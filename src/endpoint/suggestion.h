/* SPDX-License-Identifier: MIT */
#ifndef ENDPOINT_SUGGESTION_H
#define ENDPOINT_SUGGESTION_H

#include <stdbool.h>
#include <stdint.h>

struct address;
struct arena;
struct endpoint_settings;
struct network_address;
struct request;

/* Inside endpoint/ only: asks once about an address that looks mistyped ("anna@gmail.con"). Whether
 * to ask depends on the spelling alone, because the question must not show whether the address is
 * known; sent again, the address is taken. The form that asks says so in a field of its own; for
 * those who go back, or post a form of their own, the question is remembered for an hour in fixed
 * memory, by the network that sent it. */
struct suggestions;

/* settings are borrowed. The newsroom's own domains are those of its pages and of its addresses. */
struct suggestions *suggestions_new(const struct endpoint_settings *settings);

/* Takes NULL. */
void suggestions_free(struct suggestions *suggestions);

/* What the person probably meant, where he is to be asked; NULL: nothing to ask. Threads may ask at
 * once. The request's form has been read; the result lives in its arena. */
const char *suggestions_offer(struct suggestions *suggestions, struct request *request,
                              const struct address *address);

#endif
