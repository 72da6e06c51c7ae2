/* SPDX-License-Identifier: MIT */
#ifndef INTAKE_FIELDS_H
#define INTAKE_FIELDS_H

#include <stdbool.h>
#include <stddef.h>

#include "release/release.h"

struct header_node;
struct intake_reading;

/* Inside intake/ only: the fields of a release, read from its header. */

/* Reads the fields of a release from a header (above the text, or a sidecar) into
 * reading->release and reading->fields. Unknown keys and wrong values are problems; a field that
 * is in reading->fields already is one too. first_line: number of the first line of bytes. */
void fields_read(struct intake_reading *reading, const char *bytes, size_t length, int first_line);

/* The same from fields that were read already. */
void fields_read_mapping(struct intake_reading *reading, const struct header_node *mapping);

/* The asset of that name, added behind those of its kind where it is not there yet (images come
 * before documents), with a mention of where it stands. */
struct release_asset *fields_asset(struct intake_reading *reading, enum release_asset_kind kind,
                                   const char *file, int line, bool is_optional);

/* Adds it behind those of its kind, images before documents. */
void fields_insert_asset(struct release *release, struct release_asset *asset);

/* Adds a contact behind those that are there. */
struct release_contact *fields_contact(struct intake_reading *reading);

/* Adds what is wrong with an e-mail address, if anything is. */
void fields_check_email(struct intake_reading *reading, const char *email, int line);

#endif
