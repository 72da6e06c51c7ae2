/* SPDX-License-Identifier: MIT */
#ifndef INTAKE_TAKING_BACK_H
#define INTAKE_TAKING_BACK_H

#include <stdbool.h>
#include <stdint.h>

struct database;
struct error;
struct release_row;

/* Inside intake/ only: mailings of a release that somebody takes back by moving its file, and may
 * let go again by moving it out. */

struct taking_back {
    int64_t sent;      /* how many had it before */
    int64_t cancelled; /* how many will not get it now */
};

/* Cancels what is not sent of the release and its corrections; digests bring it to nobody
 * meanwhile. In the caller's transaction. */
bool taking_back_mailings(struct database *database, const struct release_row *row, int64_t now_at,
                          struct taking_back *result, struct error *error);

/* The same of what is withdrawn by its place. Of a version alone its original is mailed anew, to
 * those whom the release has not reached. */
bool taking_back_withdrawn(struct database *database, const struct release_row *row, int64_t now_at,
                           struct error *error);

/* Lets it go again: where its newest mailing was taken back, the row becomes one that was not
 * announced, so that those get it whom it has not reached. row is changed, not stored. */
bool taking_back_end(struct database *database, struct release_row *row, struct error *error);

#endif
