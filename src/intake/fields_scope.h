/* SPDX-License-Identifier: MIT */
#ifndef INTAKE_FIELDS_SCOPE_H
#define INTAKE_FIELDS_SCOPE_H

#include <stdbool.h>

#include "intake/header.h"
#include "intake/problem.h"

struct intake_reading;

/* Inside intake/ only: what the readers of fields share. */

/* One mapping being read. */
struct scope {
    struct intake_reading *reading;
    const struct header_node *mapping;
};

/* What the file calls the field, and where. */
const char *scope_written(const struct scope *scope, const char *key);
int scope_line_of(const struct scope *scope, const char *key);

void scope_refuse(struct scope *scope, const char *key, enum intake_message_id id, const char *a,
                  const char *b);

/* Whether the field stands there with nothing behind it, as who means to write it yet leaves it. */
bool scope_is_empty(const struct scope *scope, const char *key);

/* The value as one line; NULL where it is absent or, with a problem, no text. */
const char *scope_line(struct scope *scope, const char *key);

/* The same of a node: an item of a list. written: how its field is called. */
const char *scope_node_line(struct scope *scope, const struct header_node *node,
                            const char *written);

/* What a list that stands in one line holds, parted by commas or semicolons: the next part of *rest
 * as one line, NULL at the end. Empty parts are passed over. */
const char *scope_next_part(struct scope *scope, const char **rest);

/* The readers of what is more than a line (fields_list.c, fields_event.c). */
void fields_read_topics(struct scope *scope, const char *key);
void fields_read_contacts(struct scope *scope, const char *key);
void fields_read_images(struct scope *scope, const char *key);
void fields_read_documents(struct scope *scope, const char *key);
void fields_read_event(struct scope *scope, const char *key);

#endif
