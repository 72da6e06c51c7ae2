/* SPDX-License-Identifier: MIT */
#ifndef DELIVERY_AUDIENCE_H
#define DELIVERY_AUDIENCE_H

#include <stdbool.h>
#include <stdint.h>

struct announce_settings;
struct arena;
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

/* Called for each subscriber who would be mailed, in no order. Return false with *error filled to
 * stop.
 */
typedef bool audience_visit(void *payload, const char *address, const char *language,
                            struct error *error);

/* The public or coming release of that id with all its ready versions. NULL, *failed false: there
 * is no such release. Lives in the arena. */
const struct audience_version *audience_versions(struct database *database, struct arena *arena,
                                                 const char *id, bool *failed, struct error *error);

/* Who would be mailed now, by the same rules as announce_run(). */
bool audience_for(struct database *database, struct arena *arena,
                  const struct announce_settings *settings, const struct audience_version *versions,
                  struct audience *audience, struct error *error);

bool audience_each(struct database *database, const struct announce_settings *settings,
                   const struct audience_version *versions, audience_visit *visit, void *payload,
                   struct error *error);

#endif
