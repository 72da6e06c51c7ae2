/* SPDX-License-Identifier: MIT */
#ifndef HTTP_CLIENTS_H
#define HTTP_CLIENTS_H

#include <stdint.h>

#include "http/http.h"

/* Inside http/ only: how many connections each client holds, and how fast it opens new ones, so
 * that one alone cannot take all there are. Memory is fixed. */

struct http_clients;

/* seed: random, so that nobody can choose addresses that meet. Aborts when out of memory. */
struct http_clients *http_clients_new(const struct http_client_limits *limits, uint64_t seed);

/* Takes NULL. */
void http_clients_free(struct http_clients *clients);

enum http_client_verdict {
    HTTP_CLIENT_TAKEN,
    HTTP_CLIENT_FULL, /* it holds all that it may: where one of them idles, that may go instead */
    HTTP_CLIENT_FAST
};

/* Whether the client may open one more connection now; counts it where it may. now_ms: of a clock
 * that does not go back. Threads may ask at once. */
enum http_client_verdict http_clients_take(struct http_clients *clients,
                                           const struct http_client *client, int64_t now_ms);

/* One that was taken has been closed. */
void http_clients_give_back(struct http_clients *clients, const struct http_client *client);

#endif
