/* SPDX-License-Identifier: MIT */
#ifndef TEMPLATE_NODE_H
#define TEMPLATE_NODE_H

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct error;

/* Inside template/ only: what a parsed template is. Nodes stand in one array in the order of the
 * source; a section's content follows it directly and ends before the index end. */
enum template_node_kind {
    TEMPLATE_NODE_TEXT,
    TEMPLATE_NODE_VARIABLE, /* escaped */
    TEMPLATE_NODE_RAW,      /* not escaped */
    TEMPLATE_NODE_SECTION,
    TEMPLATE_NODE_INVERTED,
    TEMPLATE_NODE_PARTIAL
};

struct template_node {
    enum template_node_kind kind;
    bool at_line_start; /* it begins a line of the source, where a partial's indentation goes */
    bool standalone;    /* partial: alone on its line */
    const char *text;   /* text; partial: its name */
    size_t length;      /* of text */
    const char *indentation; /* partial alone on its line: the white space before it */
    const char *const
        *path;  /* other kinds: parts of the dotted name, ended by NULL; none for "." */
    size_t end; /* section, inverted: index behind the last node inside */
};

struct template_body {
    struct template_node *nodes;
    size_t count;
};

/* Parses source into arena, which must keep it. False and ERROR_USAGE "line N: …". */
bool template_parse(struct arena *arena, const char *source, size_t length,
                    struct template_body *body, struct error *error);

#endif
