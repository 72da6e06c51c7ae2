/* SPDX-License-Identifier: MIT */
#ifndef RICH_TEXT_DOCX_FILE_H
#define RICH_TEXT_DOCX_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include "rich_text/docx_element.h"

struct arena;
struct builder;
struct docx_numbering;
struct docx_styles;
struct package;
struct rich_text;
struct xml_node;

/* Inside rich_text/ only: one Word file that is being read, and how its parts find each other (Open
 * Packaging Conventions, ECMA-376 part 2): by relationships, whatever the parts are called. */

struct docx_relationship {
    const char *id;
    const char *kind; /* the last word of its type: "image", "hyperlink", the same in both forms */
    const char *target; /* of a part its name from the root: "word/media/image1.png"; else the
                           address as it stands */
    bool is_external;
    bool is_loaded;
    const char *bytes; /* of a part, once it is loaded; NULL: there is no such part */
    size_t length;
};

struct docx_relationships {
    struct docx_relationship *items; /* by id */
    size_t count;
};

/* A foot- or endnote. */
struct docx_note {
    const char *id;
    const struct xml_node *node;
    const struct docx_notes *notes;
    const char *mark; /* the builder's name for it */
    bool is_waiting;  /* its words come behind the text */
};

/* All of one kind, once one is referred to. */
struct docx_notes {
    const char *kind; /* of the relationship */
    enum docx_element element;
    bool is_loaded;
    const struct docx_relationships *relationships;
    struct docx_note *items; /* by id */
    size_t count;
};

struct docx_file {
    struct arena *arena;
    struct package *package;
    struct rich_text *text; /* its fault says that reading ends */
    struct builder *builder;
    struct docx_relationships *relationships; /* of the main part */
    const struct docx_styles *styles;
    struct docx_numbering *numbering;
    int usual_size; /* half-points, of most of the text; 0: nobody knows */
    size_t scans;   /* nodes that may still be looked at ahead of reading them */
    struct docx_notes footnotes;
    struct docx_notes endnotes;
    struct docx_note **waiting;
    size_t waiting_count;
    size_t waiting_capacity;
    const char **comments; /* ids that the text refers to */
    size_t comment_count;
    size_t comment_capacity;
    size_t drawings; /* charts and diagrams that were met */
    bool has_moved_from;
    bool has_moved_to;
};

/* Those of a part; none where it has none. The name "" is the whole package. */
struct docx_relationships *docx_relationships_read(struct docx_file *file, const char *part);

/* NULL: there is none of that id. id may be NULL. */
struct docx_relationship *docx_relationship_find(const struct docx_relationships *relationships,
                                                 const char *id);

/* The bytes of its part; NULL: external, or there is none. */
const char *docx_relationship_load(struct docx_file *file, struct docx_relationship *relationship,
                                   size_t *length);

/* The root of the first XML part of that kind; NULL. *part gets its name. */
const struct xml_node *docx_part_of(struct docx_file *file,
                                    const struct docx_relationships *relationships,
                                    const char *kind, const char **part);

/* The main part of the text, which may have any name; NULL: there is none. */
const struct xml_node *docx_main_part(struct docx_file *file, const char **part);

#endif
