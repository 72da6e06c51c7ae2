/* SPDX-License-Identifier: MIT */
#ifndef DELIVERY_AUDIENCE_H
#define DELIVERY_AUDIENCE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "queue/queue.h"

struct announce_settings;
struct database;
struct error;

/* One language version of the release whose audience is asked for; the original first. */
struct audience_version {
    int64_t number; /* of its row; 0: a file that is not taken in yet */
    const char *type;
    const char *language;
    const char *topics; /* "a b", "" for none */
    const struct audience_version *next;
};

/* Subscribers of one feed who would get the version in language. Somebody in two feeds counts in
 * both.
 */
struct audience_count {
    const char *feed; /* id */
    const char *language;
    int64_t subscribers;
    struct audience_count *next;
};

struct audience {
    int64_t subscribers;              /* each counted once: what would be mailed now */
    int64_t already_mailed;           /* left out, because they have the release */
    struct audience_count *languages; /* each subscriber once; feed NULL */
    struct audience_count *feeds;
};

/* The public or coming release of that id with all its ready versions. NULL, *failed false: there
 * is no such release. Lives in the arena. */
const struct audience_version *audience_versions(struct database *database, struct arena *arena,
                                                 const char *id, bool *failed, struct error *error);

/* Who would be mailed now, by the same rules as announce_run(). */
bool audience_for(struct database *database, struct arena *arena,
                  const struct announce_settings *settings, const struct audience_version *versions,
                  struct audience *audience, struct error *error);

/* The same subscribers one by one, as queue_audience_cursor. */
struct audience_cursor {
    struct arena arena;
    struct queue_candidates candidates;
    struct queue_audience_cursor members;
};

/* On failure there is nothing to close. The cursor stays where it is. */
bool audience_cursor_open(struct audience_cursor *cursor, struct database *database,
                          const struct announce_settings *settings,
                          const struct audience_version *versions, struct error *error);
bool audience_cursor_next(struct audience_cursor *cursor,
                          const struct queue_audience_member **member, struct error *error);
bool audience_cursor_close(struct audience_cursor *cursor) __attribute__((warn_unused_result));

#endif
