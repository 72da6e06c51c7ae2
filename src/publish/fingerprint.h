/* SPDX-License-Identifier: MIT */
#ifndef PUBLISH_FINGERPRINT_H
#define PUBLISH_FINGERPRINT_H

struct arena;
struct site;

/* Inside publish/ only: a hash over everything but the rows that the output depends on: settings,
 * feeds, topics, templates, words, languages, program. When it changes, all is written anew. In
 * hex. */
const char *site_fingerprint(struct arena *arena, const struct site *site);

#endif
