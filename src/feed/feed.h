/* SPDX-License-Identifier: MIT */
#ifndef FEED_FEED_H
#define FEED_FEED_H

#include <stdbool.h>
#include <stddef.h>

#include "base/localized.h"

/* A feed definition, feeds/ID.yaml: what RSS readers pull and subscribers follow. Filled by
 * config/, borrowed by all. */
enum feed_format { FEED_ATOM = 1, FEED_RSS = 2, FEED_JSON = 4 };

struct feed_name {
    const char *name;
    const struct feed_name *next;
};

struct feed {
    const char *id; /* name of the file; never changes */
    const struct localized_text *title;
    const struct feed_name *types; /* NULL: every type */
    const struct feed_name *languages;
    const struct feed_name *topics;
    unsigned formats; /* enum feed_format, or-ed */
    int entries;
    bool signup_open;
    const struct feed *next; /* in the order of their ids */
};

/* What a feed looks at of a release in one language. topics: names with one space between, "" for
 * none. */
struct feed_subject {
    const char *type;
    const char *language;
    const char *topics;
};

/* Type and language are each in the feed's list (or it has none), and at least one topic is (or it
 * has none). */
bool feed_selects(const struct feed *feed, const struct feed_subject *subject);

const struct feed *feed_find(const struct feed *feeds, const char *id);

/* The language that a feed's own texts are in: its only language, else default_language. */
const char *feed_language(const struct feed *feed, const char *default_language);

#endif
