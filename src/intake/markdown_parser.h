/* SPDX-License-Identifier: MIT */
#ifndef INTAKE_MARKDOWN_PARSER_H
#define INTAKE_MARKDOWN_PARSER_H

#include <cmark-gfm.h>
#include <stdbool.h>
#include <stddef.h>

struct arena;

/* Inside intake/ only: cmark-gfm, set up as we want it: CommonMark with tables, ~~struck~~ text
 * and bare web addresses by our own rule (intake/bare_address.h). */

/* An address that the text defines: "[label]: address "title"". */
struct markdown_definition {
    const char *label; /* folded */
    const char *address;
    const char *title; /* "" */
    bool is_used;      /* for the caller */
};

struct markdown_definitions {
    struct markdown_definition *items; /* by address */
    size_t count;
};

/* The tree of a text that is within the caps; the caller frees it with cmark_node_free(). NULL only
 * where the library gives no parser. *definitions, in arena, are all that the parser has taken out
 * of the text. */
cmark_node *markdown_parse(struct arena *arena, const char *bytes, size_t length,
                           struct markdown_definitions *definitions);

enum markdown_extension {
    MARKDOWN_NO_EXTENSION,
    MARKDOWN_TABLE,
    MARKDOWN_ROW,
    MARKDOWN_CELL,
    MARKDOWN_STRUCK
};

/* What the node is beyond CommonMark. */
enum markdown_extension markdown_extension_of(cmark_node *node);

#endif
