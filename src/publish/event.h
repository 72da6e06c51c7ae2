/* SPDX-License-Identifier: MIT */
#ifndef PUBLISH_EVENT_H
#define PUBLISH_EVENT_H

struct presentation;
struct string_builder;

/* Inside publish/ only: the event of a release as a calendar document (RFC 5545, RFC 5546 section
 * 3.2.1): METHOD:PUBLISH, UTC times or dates, the same UID for ever, SEQUENCE counts the revisions.
 * other_address: of who is asked where neither release nor newsroom has an address; NULL. */
void event_write_calendar(const struct presentation *shown, const char *other_address,
                          struct string_builder *text);

#endif
