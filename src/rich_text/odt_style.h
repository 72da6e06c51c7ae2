/* SPDX-License-Identifier: MIT */
#ifndef RICH_TEXT_ODT_STYLE_H
#define RICH_TEXT_ODT_STYLE_H

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct xml_node;

/* Inside rich_text/ only: the styles of an OpenDocument text (part 3, 16), each with what its
 * parents say. */

enum odt_trait {
    ODT_BOLD = 1 << 0,
    ODT_ITALIC = 1 << 1,
    ODT_CODE = 1 << 2,
    ODT_STRUCK = 1 << 3,
    ODT_HIDDEN = 1 << 4
};

struct odt_style {
    const char *family; /* "paragraph", "text", "list" */
    const char *name;   /* "" is the default of its family */
    const struct xml_node *element;
    bool is_settled, is_settling;
    unsigned said, traits;  /* which it or a parent says; how */
    int size;               /* tenths of a point; 0: not said */
    int percent;            /* of the size around it, where size is not said; 0: neither */
    int outline;            /* of a heading; 0: none */
    unsigned marks;         /* enum rich_text_mark */
    const char *list_style; /* NULL: not said */
    bool is_quote, is_preformatted, is_caption;
};

/* How characters look. */
struct odt_look {
    unsigned traits;
    int size;
};

struct odt_styles {
    struct odt_style *items; /* sorted by family and name */
    size_t count, capacity;
    const struct xml_node *outline; /* numbers of headings; NULL: none */
};

/* Those of content.xml and styles.xml, whose roots they are; either may be NULL. */
void odt_styles_read(struct arena *arena, const struct xml_node *content,
                     const struct xml_node *styles, struct odt_styles *result);

/* NULL name: the family's default. NULL: there is none. */
const struct odt_style *odt_style_find(const struct odt_styles *styles, const char *family,
                                       const char *name);

/* NULL: changes nothing. */
void odt_look_apply(struct odt_look *look, const struct odt_style *style);

#endif
