/* SPDX-License-Identifier: MIT */
#include "rich_text/reader.h"

#include "base/arena.h"
#include "rich_text/package.h"
#include "xml/xml_reader.h"

/* A text of 300 pages has 400,000 nodes. */
static const struct xml_bounds part_bounds = {
    .bytes = PACKAGE_PART_MAXIMUM,
    .nodes = 1000000,
    .depth = 250,
    .attributes = 200,
};

const struct xml_node *rich_text_xml_part(struct arena *arena, struct package *package,
                                          const char *name, struct rich_text *text)
{
    enum xml_fault fault;
    size_t length;
    const char *bytes = package_part(package, name, &length);
    if (!bytes)
        return NULL;
    const struct xml_node *root = xml_read(arena, bytes, length, &part_bounds, &fault);
    if (root)
        return root;
    text->fault = fault == XML_FAULT_MALFORMED ? RICH_TEXT_FAULT_BROKEN
                  : fault == XML_FAULT_DOCTYPE ? RICH_TEXT_FAULT_UNSAFE
                                               : RICH_TEXT_FAULT_TOO_LARGE;
    text->detail = arena_copy(arena, name);
    return NULL;
}
