/* SPDX-License-Identifier: MIT */
#ifndef ENDPOINT_SIGNUP_H
#define ENDPOINT_SIGNUP_H

#include <stdbool.h>
#include <stddef.h>

struct pages;
struct request;
struct slips;
struct visit_office;

/* POST /subscribe and POST /preferences: an address of which nobody may learn whether it is known.
 * What these two answer depends on the request alone, and is made before the database is asked. */

/* Checks what was sent, in the request's own thread. False: the answer is made, and says what is
 * wrong or asks what was meant. */
bool signup_read(const struct pages *pages, struct slips *slips, struct request *request);

/* Makes the answer to what was well-formed; the desk has to settle it before the answer leaves. */
void signup_answer(const struct pages *pages, struct request *request);

/* Settles count requests in one transaction, in the desk's thread. Those that cannot be because of
 * the database are answered with 503. */
void signup_settle(const struct visit_office *desk, struct request **requests, size_t count);

#endif
