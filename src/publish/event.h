/* SPDX-License-Identifier: MIT */
#ifndef PUBLISH_EVENT_H
#define PUBLISH_EVENT_H

#include <stdbool.h>

struct error;
struct presentation;
struct site;
struct string_builder;

/* Inside publish/ only: the event of a release as a calendar document (RFC 5545, RFC 5546 section
 * 3.2.1): METHOD:PUBLISH, UTC times or dates, the same UID for ever, SEQUENCE counts the revisions.
 * An output of release_output.h. */
bool calendar_applies(const struct presentation *shown);
bool calendar_write(struct site *site, const struct presentation *shown,
                    struct string_builder *text, struct error *error);

#endif
