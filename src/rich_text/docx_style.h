/* SPDX-License-Identifier: MIT */
#ifndef RICH_TEXT_DOCX_STYLE_H
#define RICH_TEXT_DOCX_STYLE_H

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct docx_file;
struct xml_node;

/* Inside rich_text/ only: styles.xml, and what a run or paragraph looks like by it (ECMA-376 part
 * 1, 17.7). */

enum docx_look {
    DOCX_BOLD = 1 << 0,
    DOCX_ITALIC = 1 << 1,
    DOCX_STRIKE = 1 << 2,
    DOCX_VANISH = 1 << 3,
    DOCX_TOGGLES = DOCX_BOLD | DOCX_ITALIC | DOCX_STRIKE | DOCX_VANISH,
    DOCX_DOUBLE_STRIKE = 1 << 4 /* no toggle: the nearest word counts */
};

enum docx_font { DOCX_FONT_UNSAID, DOCX_FONT_TEXT, DOCX_FONT_SYMBOL, DOCX_FONT_WINGDINGS };

/* What one level says of runs. */
struct docx_run_look {
    unsigned said; /* of enum docx_look */
    unsigned on;   /* of those that are said */
    int size;      /* half-points; 0: not said */
    enum docx_font font;
};

enum docx_role {
    DOCX_ROLE_NONE,
    DOCX_ROLE_TITLE,
    DOCX_ROLE_SUBTITLE,
    DOCX_ROLE_CAPTION,
    DOCX_ROLE_QUOTE,
    DOCX_ROLE_PREFORMATTED,
    DOCX_ROLE_ITEM_CONTINUED,
    DOCX_ROLE_HEADING
};

/* With what it has of those that it is based on. */
struct docx_style {
    const char *id;
    struct docx_run_look run;
    enum docx_role role;
    int outline;                           /* 1 … 9; 0: none */
    int number_id;                         /* w:numId; -1: not said */
    int number_level;                      /* w:ilvl; -1: not said */
    const struct docx_style *number_style; /* which of the chain said number_id; NULL */
};

struct docx_styles;

/* Never NULL: without the part there are no styles. root may be NULL. */
const struct docx_styles *docx_styles_read(struct arena *arena, const struct xml_node *root);

/* The paragraph style of that id, the default one where there is none. */
const struct docx_style *docx_paragraph_style(const struct docx_styles *styles, const char *id);

/* A style of any kind; NULL. */
const struct docx_style *docx_style_find(const struct docx_styles *styles, const char *id);

/* How a run looks: properties is its w:rPr or NULL. */
struct docx_run_look docx_run_look(const struct docx_styles *styles,
                                   const struct docx_style *paragraph,
                                   const struct xml_node *properties);

/* The size in which most letters of the text stand, in half-points; 0: none is said. */
int docx_usual_size(const struct docx_styles *styles, const struct xml_node *body);

#endif
