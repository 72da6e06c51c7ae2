/* SPDX-License-Identifier: MIT */
#ifndef DELIVERY_CANDIDATES_H
#define DELIVERY_CANDIDATES_H

#include <stdbool.h>
#include <stdint.h>

#include "queue/queue.h"

struct arena;
struct audience_version;
struct feed;

/* Inside delivery/ only: which feeds select which versions of a release. */

/* Whether any feed selects the version. */
bool candidates_exist(const struct feed *feeds, const struct audience_version *version);

/* One for each version and feed that selects it; only_feed not NULL: of that feed alone. original:
 * row id of the version that is one. In the arena. */
struct queue_candidates candidates_of(struct arena *arena, const struct feed *feeds,
                                      const char *only_feed,
                                      const struct audience_version *versions, int64_t original);

#endif
