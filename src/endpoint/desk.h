/* SPDX-License-Identifier: MIT */
#ifndef ENDPOINT_DESK_H
#define ENDPOINT_DESK_H

#include <stdbool.h>

struct counters;
struct endpoint_settings;
struct error;
struct pages;
struct request;

/* The one thread that reads and writes the database, with the requests that wait for it. */
struct desk;

/* Opens the database and starts the thread. NULL on failure. Everything is borrowed. */
struct desk *desk_open(const struct endpoint_settings *settings, const struct pages *pages,
                       struct counters *counters, struct error *error);

/* From a request handler: suspends the request's connection and leaves the request to the desk,
 * which fills in its answer and resumes the connection. False where too many wait, or the desk
 * closes: the connection goes on. */
bool desk_submit(struct desk *desk, struct request *request);

/* Answers what waits, and takes no more. Afterwards desk_submit() gives false. */
void desk_drain(struct desk *desk);

/* Takes NULL. */
void desk_close(struct desk *desk);

#endif
