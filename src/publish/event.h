/* SPDX-License-Identifier: MIT */
#ifndef PUBLISH_EVENT_H
#define PUBLISH_EVENT_H

struct arena;
struct release_event;
struct site;
struct string_builder;
struct view;

/* Inside publish/ only: when an event is, for people, for machines, and as a calendar document. */

/* "fredag den 12. juni 2026 kl. 10.00–11.30", "tirsdag den 15. december 2026" of an all-day one. */
const char *event_when(const struct site *site, struct arena *arena, const char *language,
                       const struct release_event *event);

/* For machines (ISO 8601): "2026-06-12T10:00:00+02:00", "2026-12-15" of an all-day event, whose end
 * is its last day. NULL for an end that is not given. */
const char *event_start(const struct site *site, struct arena *arena,
                        const struct release_event *event);
const char *event_end(const struct site *site, struct arena *arena,
                      const struct release_event *event);

/* The event of a release as a calendar document (RFC 5545, RFC 5546 section 3.2.1): METHOD:PUBLISH,
 * UTC times or dates, the same UID for ever, SEQUENCE counts the revisions. A withdrawn release's
 * event is not written: its file goes. */
void event_write_calendar(const struct site *site, const struct view *view,
                          struct string_builder *text);

#endif
