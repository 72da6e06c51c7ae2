/* SPDX-License-Identifier: MIT */
#ifndef RICH_TEXT_ODT_NAME_H
#define RICH_TEXT_ODT_NAME_H

#include <stdbool.h>

struct xml_node;

/* Inside rich_text/ only: the namespaces of OpenDocument (part 3, 3). */
#define ODF "urn:oasis:names:tc:opendocument:xmlns:"
#define ODF_OFFICE ODF "office:1.0"
#define ODF_TEXT ODF "text:1.0"
#define ODF_STYLE ODF "style:1.0"
#define ODF_TABLE ODF "table:1.0"
#define ODF_DRAW ODF "drawing:1.0"
#define ODF_FO ODF "xsl-fo-compatible:1.0"
#define ODF_SVG ODF "svg-compatible:1.0"
#define ODF_META ODF "meta:1.0"
#define ODF_LINK "http://www.w3.org/1999/xlink"
#define ODF_DUBLIN "http://purl.org/dc/elements/1.1/"
#define ODF_MATH "http://www.w3.org/1998/Math/MathML"
#define ODF_XML "http://www.w3.org/XML/1998/namespace"

bool odt_is(const struct xml_node *node, const char *space, const char *name);

/* The value of an attribute, NULL where it has none; of those below also where it is no such. */
bool odt_has_value(const struct xml_node *node, const char *space, const char *name,
                   const char *value);

/* A whole number from 0 to 999,999,999; fallback for any other. */
int odt_number(const struct xml_node *node, const char *space, const char *name, int fallback);

#endif
