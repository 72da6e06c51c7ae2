/* SPDX-License-Identifier: MIT */
#ifndef PUBLISH_EVENT_H
#define PUBLISH_EVENT_H

#include <stdbool.h>
#include <stdint.h>

struct arena;
struct site;
struct text;
struct view;

/* "fredag den 12. juni 2026 kl. 10.00–11.30"; end_at INSTANT_NONE: no end is said. */
const char *event_when(const struct site *site, struct arena *arena, const char *language,
                       int64_t start_at, int64_t end_at);

/* The event of a release as a calendar document (RFC 5545, RFC 5546 section 3.2.1): METHOD:PUBLISH,
 * UTC times, the same UID for ever, SEQUENCE counts the revisions. A withdrawn release's event is
 * not written: its file goes. */
void event_write_calendar(const struct site *site, const struct view *view, struct text *text);

#endif
