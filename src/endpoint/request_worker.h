/* SPDX-License-Identifier: MIT */
#ifndef ENDPOINT_REQUEST_WORKER_H
#define ENDPOINT_REQUEST_WORKER_H

#include <stdbool.h>

struct counters;
struct endpoint_settings;
struct error;
struct pages;
struct request;

/* Inside endpoint/ only: the one thread that reads and writes the database, and the queue of
 * requests that wait for it. */
struct request_worker;

/* Opens the database and starts the thread. NULL on failure. Everything is borrowed. */
struct request_worker *request_worker_open(const struct endpoint_settings *settings,
                                           const struct pages *pages, struct counters *counters,
                                           struct error *error);

/* Called by a thread of the HTTP server: suspends the request's connection and queues the request;
 * the worker fills in its answer and resumes the connection. False where too many wait, or the
 * worker closes: the connection goes on. */
bool request_worker_submit(struct request_worker *worker, struct request *request);

/* Answers what waits, and takes no more. Afterwards request_worker_submit() gives false. */
void request_worker_drain(struct request_worker *worker);

/* Takes NULL. */
void request_worker_close(struct request_worker *worker);

#endif
