/* SPDX-License-Identifier: MIT */
#ifndef PUBLISH_SLUG_H
#define PUBLISH_SLUG_H

#include <stdbool.h>

struct arena;
struct error;
struct release_row;
struct site;

/* Inside publish/ only: what releases' addresses end in. Slugs that are given out are remembered
 * until the rows that have them are stored. */
struct slugs;
struct slugs *slugs_new(struct arena *arena);

/* Gives the row its year and slug: made once, of the title and the year of publication (public_at),
 * as an address never changes after that. */
bool slug_take(struct slugs *slugs, const struct site *site, struct release_row *row,
               struct error *error);

#endif
