/* SPDX-License-Identifier: MIT */
#ifndef ENDPOINT_SUBSCRIBER_DOCUMENT_H
#define ENDPOINT_SUBSCRIBER_DOCUMENT_H

#include <stdint.h>

struct arena;
struct database;
struct error;
struct json_t;
struct subscriber;
struct zone;

/* All that is kept of a person, as `subscriber show --json` prints it and as the person can fetch
 * it: address, state, feeds, requests, every event with its proof, every mail, what came back and
 * what it amounts to at now_at. Times in zone; NULL: UTC. New, the caller's; NULL: *error. */
struct json_t *subscriber_document(struct database *database, struct arena *arena,
                                   const struct zone *zone, int64_t now_at,
                                   const struct subscriber *subscriber, struct error *error);

#endif
