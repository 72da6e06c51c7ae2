/* SPDX-License-Identifier: MIT */
#ifndef RICH_TEXT_ODT_PARTS_H
#define RICH_TEXT_ODT_PARTS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/string_builder.h"
#include "rich_text/odt_list.h"
#include "rich_text/odt_style.h"
#include "rich_text/rich_text.h"

struct arena;
struct builder;
struct package;
struct xml_node;

/* Inside rich_text/ only: the parts of the OpenDocument reader, from below: odt_words.c has words,
 * shown or not; odt_change.c what was changed; odt_frame.c pictures and boxes; odt_inline.c what
 * stands in a paragraph; odt.c blocks. */

/* A tracked change (part 3, 5.5). */
struct odt_change {
    const char *id;
    enum rich_text_finding_kind kind; /* RICH_TEXT_INSERTED, _DELETED, _MOVED */
};

/* A note that is referred to: its words come behind the text. */
struct odt_note {
    const struct xml_node *element;
    const char *mark;
};

/* A picture's bytes: one that a text shows often is inflated once. */
struct odt_picture {
    const char *name;
    const char *bytes; /* NULL: it is missing */
    size_t length;
};

struct odt {
    struct arena *arena;
    struct package *package;
    struct rich_text *text;
    struct builder *builder;
    struct odt_styles styles;
    struct odt_lists lists;
    int common_size;                                             /* of most letters */
    void (*block)(struct odt *odt, const struct xml_node *node); /* reads one: odt.c's, for those
                                                                    in boxes */

    /* where it is */
    struct odt_look look;
    struct odt_list *list; /* NULL: in none */
    int hidden;            /* > 0: in what is hidden as a whole */
    int deleted;           /* > 0: between the ends of a deletion that stands in the text */
    int inserted;          /* the same of insertions, which are kept */
    bool is_in_paragraph;

    /* what is left out here, and what was inserted: until it ends */
    enum rich_text_finding_kind left_out_kind;
    struct string_builder left_out;
    struct string_builder insertion;

    const struct xml_node **boxes; /* of the paragraph that is open: read behind it */
    size_t box_count, box_capacity;
    struct odt_note *notes;
    size_t note_count, note_capacity;
    struct odt_change *changes; /* sorted by id */
    size_t change_count, change_capacity;
    struct odt_picture *pictures;
    size_t picture_count, picture_capacity;
    size_t objects; /* that were looked into */
};

/* ---- odt_words.c ---- */

/* What would become of words here; false: they are shown. */
bool odt_is_left_out(const struct odt *odt, enum rich_text_finding_kind *kind);

/* Tells of what was left out up to here. */
void odt_end_left_out(struct odt *odt);

/* Whether an element holds no words of the text: names of authors, templates of an index. */
bool odt_is_silent(const struct xml_node *node);

/* Appends all words below node, paragraphs and other parts of them parted by spaces. */
void odt_append_words(struct string_builder *text, const struct xml_node *node);

/* Whether any of it is seen. */
bool odt_has_words(const struct string_builder *text);

/* Counts and tells those words, of which none are shown. */
void odt_leave_out(struct odt *odt, const struct xml_node *node, enum rich_text_finding_kind kind);

/* Characters that the file shows, or would: they are counted, and go where they belong. */
void odt_characters(struct odt *odt, const char *bytes, size_t length);

/* The same of what is no letter. */
void odt_put_characters(struct odt *odt, const char *bytes, size_t length);

/* The blocks below node. */
void odt_blocks(struct odt *odt, const struct xml_node *node);

/* ---- odt_change.c ---- */

/* The list of changes, the ends of those that stand in the text, a comment: whether it is one of
 * those, and is read. */
bool odt_read_change(struct odt *odt, const struct xml_node *node);

/* Insertions that have no end. */
void odt_end_changes(struct odt *odt);

/* ---- odt_frame.c ---- */

/* Whether it is a frame, a shape or a group of them; reads it then. */
bool odt_drawing(struct odt *odt, const struct xml_node *node);

/* The boxes of a paragraph that has ended, from the given one on. */
void odt_end_boxes(struct odt *odt, size_t from);

/* ---- odt_inline.c ---- */

/* What stands in a paragraph. */
void odt_inlines(struct odt *odt, const struct xml_node *node);

/* Whether a field in the paragraph says that all of it is hidden. */
bool odt_paragraph_is_hidden(const struct xml_node *paragraph);

#endif
