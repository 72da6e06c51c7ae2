/* SPDX-License-Identifier: MIT */
#ifndef XML_XML_READER_H
#define XML_XML_READER_H

#include <stddef.h>

struct arena;

/* Strangers' XML 1.0 with namespaces as a small tree of our own, read by libxml2's SAX2 interface.
 * Nothing is fetched, no entity is expanded but the five of XML itself and characters by number: a
 * document type declaration refuses the document, as entities and defaults come from there. */

struct xml_attribute_node {
    const char *space; /* URI of its namespace; "": none */
    const char *name;  /* without prefix */
    const char *value;
    const struct xml_attribute_node *next;
};

/* An element or, where name is NULL, a text. Comments and processing instructions are left out.
 * Strings are NUL-terminated UTF-8 and live in the arena; each space and name of a document is one
 * string, so that equal ones have the same address within it. */
struct xml_node {
    const char *space;
    const char *name;
    const char *text; /* of a text, all of it up to the next tag; else NULL */
    size_t text_length;
    const struct xml_attribute_node *attributes; /* in their order */
    struct xml_node *parent;
    struct xml_node *first_child;
    struct xml_node *next;
};

/* What a document may have; it is refused past one of them. */
struct xml_bounds {
    size_t bytes;
    size_t nodes;      /* elements, texts and attributes together */
    size_t depth;      /* of elements; at most 256 */
    size_t attributes; /* of one element */
};

enum xml_fault {
    XML_FAULT_NONE,
    XML_FAULT_MALFORMED, /* no XML, or cut off */
    XML_FAULT_DOCTYPE,
    XML_FAULT_TOO_LARGE
};

/* The root element, in arena; NULL with *fault. Byte order marks and encoding declarations are
 * followed as libxml2 does. */
const struct xml_node *xml_read(struct arena *arena, const char *bytes, size_t length,
                                const struct xml_bounds *bounds, enum xml_fault *fault);

/* The value of an attribute; NULL: there is none. */
const char *xml_attribute_value(const struct xml_node *element, const char *space,
                                const char *name);

/* The first child element of that name; NULL: there is none. */
const struct xml_node *xml_child(const struct xml_node *element, const char *space,
                                 const char *name);

#endif
