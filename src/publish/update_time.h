/* SPDX-License-Identifier: MIT */
#ifndef PUBLISH_UPDATE_TIME_H
#define PUBLISH_UPDATE_TIME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct database;
struct error;

/* Inside publish/ only: when feeds say that releases were updated. Releases of one run, and
 * versions under one embargo, share their instant to the second, and readers that order entries
 * by atom:updated want no two alike (the W3C's validator warns of it). So the first of a second
 * says just the second, and each further one as many milliseconds more as are public of that
 * second already. Milliseconds only: no release is said to be of another second than its own, and
 * `published` stays what it is. */
struct update_times;
struct update_times *update_times_new(struct arena *arena, size_t releases);

/* The instant to say for a release that is updated at at. Once a second has all its 1000, it begins
 * anew: of a thousand in a row no two are alike, run after run, as long as none of that second is
 * changed (which takes it out of it). Asks the database once a second. */
bool update_time_take(struct update_times *times, struct database *database, int64_t at,
                      int64_t *updated_at, struct error *error);

/* The same for one that was updated before: in a later second than that one, however quickly the
 * change follows. */
int64_t update_time_after(int64_t at, int64_t before_at);

#endif
