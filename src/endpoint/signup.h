/* SPDX-License-Identifier: MIT */
#ifndef ENDPOINT_SIGNUP_H
#define ENDPOINT_SIGNUP_H

#include <stdbool.h>
#include <stddef.h>

struct pages;
struct request;
struct suggestions;
struct request_service;

/* Inside endpoint/ only: POST /subscribe and POST /preferences: an address of which nobody may
 * learn whether it is known. What these two answer depends on the request alone, and is made before
 * the database is asked. */

/* Checks what was sent, in the request's own thread. False: the answer is made, and says what is
 * wrong or asks what was meant. */
bool signup_read(const struct pages *pages, struct suggestions *suggestions,
                 struct request *request);

/* Makes the answer to what was well-formed; the request worker commits it before the answer
 * leaves. */
void signup_answer(const struct pages *pages, struct request *request);

/* Carries out count sign-ups in one transaction, in the request worker's thread. Those that the
 * database fails are answered with 503. */
void signup_commit(const struct request_service *service, struct request **requests, size_t count);

#endif
