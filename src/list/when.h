/* SPDX-License-Identifier: MIT */
#ifndef LIST_WHEN_H
#define LIST_WHEN_H

#include "list/reader.h"

/* Inside list/ only: a time as programs and people write it, in RFC 3339. A day alone counts from
 * its first instant, a time without an offset in the settings' zone. ERROR_INPUT says what to write
 * instead. */
bool when_read(struct list_reader *reader, const char *raw, struct string_builder *when,
               struct error *error);

#endif
