/* SPDX-License-Identifier: MIT */
#ifndef RICH_TEXT_HTML_PARTS_H
#define RICH_TEXT_HTML_PARTS_H

#include <stdbool.h>
#include <stddef.h>

#include "html/html.h"
#include "rich_text/builder_parts.h"

struct string_builder;

/* Inside rich_text/ only: what the files of the page reader share. */

/* ---- html_data.c: what stands in data addresses is long, and no text ---- */

struct html_payload {
    const char *bytes; /* in base64 */
    size_t length;
};

struct html_data {
    struct html_payload *payloads;
    size_t count;
    size_t capacity;
};

/* The page with "#N#" in place of long payloads. */
const char *html_data_take(struct arena *arena, const char *bytes, size_t length,
                           struct html_data *data, size_t *taken_length);

/* What a data address holds; NULL: nothing that can be read. */
const char *html_data_read(struct arena *arena, const struct html_data *data, const char *address,
                           size_t *length);

/* ---- the page ---- */

struct html_state;

struct html_item {
    bool is_begun; /* it has words */
    bool is_ordered;
    int number;
};

struct html_page {
    struct arena *arena;
    struct builder *builder;
    struct rich_text *text;
    struct html_data data;
    const struct html_node *top;     /* <html> */
    const struct html_node *content; /* the element that holds the text */
    const char *base;                /* an absolute address; NULL: none is known */
    bool is_simple;                  /* nothing but a text: no furniture is looked for */
    bool counts_all;                 /* there are next to no <p>: all words are paragraph text */
    size_t paragraph_bytes;          /* of the page */
    size_t measured;                 /* nodes, again and again */
    bool has_measured_enough;
    int common_size; /* of most letters, in tenths of a point */

    bool is_open;                       /* a paragraph is */
    struct html_item *item;             /* that it stands in; NULL */
    size_t nodes_before;                /* the builder's, when it began */
    const struct html_node *marker_end; /* words before it are a bullet set by hand; NULL */
    bool strips_bullet; /* the first words of the paragraph begin with one that is set by hand */
    void (*walk)(struct html_page *page, const struct html_node *node,
                 const struct html_state *state); /* of all that stands in an element */
    const char **list_names;                      /* of Word's lists: "l0 lfo1" */
    size_t list_count;
    size_t list_capacity;
};

struct html_list {
    const void *identity;
    int level;
    bool is_ordered;
    int next; /* number of its next item */
};

/* What an element passes on to what stands in it. */
struct html_state {
    unsigned style;         /* enum builder_style */
    int size;               /* in tenths of a point */
    struct html_list *list; /* NULL: none */
    struct html_item *item; /* NULL: none */
    bool is_quote;
    bool is_preformatted;
    bool is_caption;
    bool is_raised;  /* <sup> */
    bool is_lowered; /* <sub> */
    unsigned marks;
    int outline;
    const char *label;
};

enum { HTML_SIZE_NORMAL = 120 };

/* ---- html_node.c ---- */

bool html_is(const struct html_node *node, const char *name);

/* Whether it is one of the names, with spaces between them. */
bool html_is_any(const struct html_node *node, const char *names);

/* The first element below node, or node itself, with that name; NULL: there is none. */
const struct html_node *html_find(const struct html_node *node, const char *name);

/* The element that comes behind node in the order of the page, below top; NULL: no more. */
const struct html_node *html_next(const struct html_node *node, const struct html_node *top);

/* The next one behind node, below top. */
const struct html_node *html_find_behind(const struct html_node *node, const struct html_node *top,
                                         const char *name);

/* Whether inner is node or stands in it. */
bool html_holds(const struct html_node *node, const struct html_node *inner);

/* Whether an element of one of the names stands above it. */
bool html_is_in(const struct html_node *node, const char *names);

/* <h1> … <h6>: 1 … 6; else 0. */
int html_heading_level(const struct html_node *node);

/* Scripts, styles, the title of the page. */
bool html_is_never_text(const struct html_node *node);

/* The words below an element, in arena, without what is never text. */
const char *html_words(struct arena *arena, const struct html_node *node);

/* ---- html_style.c ---- */

/* The value of a property of the element's style attribute, one word of it or all, trimmed and in
 * small letters; "" where it has none. */
const char *html_style(struct arena *arena, const struct html_node *node, const char *property);

bool html_has_class(const struct html_node *node, const char *name);

/* Whether a class begins so. */
bool html_class_begins(const struct html_node *node, const char *beginning);

/* What the element changes of how its words are set. */
void html_apply_style(struct html_page *page, const struct html_node *node,
                      struct html_state *state);

/* Finds page->common_size. */
void html_find_common_size(struct html_page *page);

/* ---- html_main.c ---- */

/* Finds page->content. */
void html_find_content(struct html_page *page);

/* ---- html_left_out.c ---- */

/* What is around the text by its name, role or class. */
bool html_is_furniture(const struct html_node *node);

/* How many bytes of paragraphs stand in it, furniture left out. What was measured too often is 0:
 * has_measured_enough is set then. */
size_t html_measure(struct html_page *page, const struct html_node *node);

/* Why an element is left out; HTML_KEPT: it is not. */
enum html_left_out {
    HTML_KEPT,
    HTML_SKIPPED, /* no text: scripts, styles */
    HTML_IS_FURNITURE,
    HTML_IS_MACHINERY, /* of the page, and not shown: told as furniture */
    HTML_IS_HIDDEN,
    HTML_IS_STRUCK,
    HTML_IS_DELETED,
    HTML_IS_COMMENT,
    HTML_IS_EMBEDDED,
    HTML_IS_CHART,
    HTML_IS_FORMULA
};

enum html_left_out html_left_out(struct html_page *page, const struct html_node *node);

/* Counts its text and tells of it. */
void html_leave_out(struct html_page *page, const struct html_node *node,
                    enum html_left_out reason);

/* ---- html_paragraph.c ---- */

void html_begin_paragraph(struct html_page *page, const struct html_state *state);
void html_end_paragraph(struct html_page *page);

/* ---- html_walk.c ---- */

void html_walk_children(struct html_page *page, const struct html_node *node,
                        const struct html_state *state);

/* ---- html_table.c ---- */

void html_walk_table(struct html_page *page, const struct html_node *table,
                     const struct html_state *state);

/* ---- html_image.c ---- */

void html_take_image(struct html_page *page, const struct html_node *image,
                     const struct html_state *state);

/* ---- html_word.c: what Word writes ---- */

/* A paragraph of its lists, headings, titles, captions and quotes. list, item: room for those of a
 * list. */
void html_apply_word(struct html_page *page, const struct html_node *node, struct html_state *state,
                     struct html_list *list, struct html_item *item);

/* The bullet or number of a list that stands there as words. */
bool html_is_word_marker(struct arena *arena, const struct html_node *node);

/* "ftn1" where the link is the reference to a note, or leads back from it; NULL. LibreOffice's
 * too. */
const char *html_note_reference(struct arena *arena, const struct html_node *link, bool *is_back);

/* "ftn1" where the element holds a note; NULL. */
const char *html_note(const struct html_node *node);

/* ---- html_address.c ---- */

/* An absolute address, "#name", or NULL where it leads nowhere from here. */
const char *html_address(const struct html_page *page, const char *address);

/* The name of a file beside the page; NULL: it is an address of another kind. */
const char *html_file(struct arena *arena, const char *address);

/* Finds page->base. */
void html_find_base(struct html_page *page);

/* ---- html_fields.c ---- */

void html_take_fields(struct html_page *page);

#endif
