/* SPDX-License-Identifier: MIT */
#ifndef RICH_TEXT_READER_H
#define RICH_TEXT_READER_H

#include <stddef.h>

#include "rich_text/rich_text.h"

struct arena;
struct html_reader;
struct package;
struct xml_node;

/* Inside rich_text/ only: a function a format, which fills a text that is empty yet. Where it sets
 * text->fault, or the package has one in the end, rich_text.c empties it again. */

/* What rich_text.c calls; NULL in its table: there is none. */
typedef void (*rich_text_read_package)(struct arena *arena, struct package *package,
                                       struct rich_text *text);

/* ---- for the readers ---- */

/* The root of an XML part of the package, within bounds; NULL: there is no such part, or it is none
 * that can be read, and then text->fault is set. */
const struct xml_node *rich_text_xml_part(struct arena *arena, struct package *package,
                                          const char *name, struct rich_text *text);

#endif
