/* SPDX-License-Identifier: MIT */
#ifndef RICH_TEXT_DOCX_WALK_H
#define RICH_TEXT_DOCX_WALK_H

#include <stdbool.h>
#include <stddef.h>

#include "base/string_builder.h"
#include "rich_text/builder.h"
#include "rich_text/docx_file.h"
#include "rich_text/docx_style.h"

/* Inside rich_text/ only: one part of a Word file, from its first word to its last. Each element
 * has a function; of an element without one the children are read, so that no word is lost that
 * stands in something unknown. */

struct xml_node;

/* Of walk->out: what is met is shown. */
enum { DOCX_SHOWN = -1 };

/* Words that belong to one finding. */
struct docx_span {
    bool is_open;
    enum rich_text_finding_kind kind;
    struct string_builder words;
};

/* A field between its beginning and its end (ECMA-376 part 1, 17.16). */
struct docx_field {
    size_t begin; /* of its instruction, in walk->instructions */
    bool is_result;
    const char *link;            /* where words in its result lead; NULL */
    const struct xml_node *form; /* w:ffData; NULL */
};

/* What is read where the paragraph around it ends: text boxes. */
struct docx_later {
    const struct xml_node *node;
    bool is_inserted;
    struct docx_later *next;
};

struct docx_table {
    bool has_row;
    bool has_cell;
    bool is_implied; /* the cell has no element of its own */
    struct docx_table *outer;
};

struct docx_walk;
typedef void docx_handler(struct docx_walk *walk, const struct xml_node *node);

struct docx_walk {
    docx_handler *const *handlers; /* by enum docx_element; NULL: the children are read */
    struct docx_file *file;
    const struct docx_relationships *relationships; /* of the part */

    int out; /* of all that is met: enum rich_text_finding_kind, or DOCX_SHOWN */
    bool is_inserted;
    struct docx_span left_out;
    struct docx_span inserted;

    bool in_paragraph;
    bool is_implied; /* the paragraph has no element of its own */
    bool has_words;  /* something of it was shown */
    struct builder_paragraph paragraph;
    struct builder_paragraph item; /* the last one before it that was of a list, or all zeros */
    const struct docx_style *style;
    const struct xml_node *joined; /* up to which sibling the paragraph took what follows */

    unsigned look; /* enum builder_style, of the run */
    enum docx_font font;

    struct docx_field *fields;
    size_t field_count;
    size_t field_capacity;
    size_t field_base;        /* those below are of the text around a text box */
    size_t instruction_count; /* fields from there on that are not in their result */
    struct string_builder instructions;
    const struct xml_node **unmatched; /* w:fldChar without a counterpart, by address */
    size_t unmatched_count;
    size_t unmatched_capacity;

    const char *hyperlink; /* of the element; NULL */
    const char *open_link; /* that the builder has open; NULL */
    struct docx_later *later;
    struct docx_later **later_end;
    struct docx_table *table;
    const char *alternative; /* of the drawing */
    bool in_object;
    bool in_note;
};

/* ---- docx_walk.c, above all others ---- */

void docx_walk_begin(struct docx_walk *walk, struct docx_file *file,
                     const struct docx_relationships *relationships, const struct xml_node *root);
void docx_walk_end(struct docx_walk *walk);

/* ---- docx_traverse.c ---- */

void docx_walk_node(struct docx_walk *walk, const struct xml_node *node);
void docx_walk_children(struct docx_walk *walk, const struct xml_node *node);

/* The children, all of them left out: what is left out around them stays of that kind. */
void docx_walk_out(struct docx_walk *walk, const struct xml_node *node,
                   enum rich_text_finding_kind kind);

/* ---- docx_span.c ---- */

/* What becomes of words here: DOCX_SHOWN, or enum rich_text_finding_kind. */
int docx_out(const struct docx_walk *walk);

/* The same for a picture, a break, the mark of a note: a line through a run is none through them.
 */
bool docx_is_shown(const struct docx_walk *walk);

bool docx_is_blank(const char *bytes, size_t length);

/* Words that are out, whatever is around them. */
void docx_leave_out(struct docx_walk *walk, enum rich_text_finding_kind kind, const char *bytes,
                    size_t length);

/* That something of that kind is here, with words or without. */
void docx_open_left_out(struct docx_walk *walk, enum rich_text_finding_kind kind);
void docx_open_inserted(struct docx_walk *walk);
void docx_end_left_out(struct docx_walk *walk);
void docx_end_inserted(struct docx_walk *walk);
void docx_end_spans(struct docx_walk *walk);

/* ---- docx_place.c ---- */

void docx_begin_row(struct docx_walk *walk, bool is_header);
void docx_begin_cell(struct docx_walk *walk, int columns);

/* Words that stand in a table outside its cells get one. */
void docx_ensure_cell(struct docx_walk *walk);

void docx_end_link(struct docx_walk *walk);
void docx_begin_paragraph(struct docx_walk *walk, const struct builder_paragraph *paragraph);
void docx_begin_implied(struct docx_walk *walk);
void docx_end_paragraph(struct docx_walk *walk);

/* A page or column ends in it. */
void docx_split_paragraph(struct docx_walk *walk);

/* Reads it where the open paragraph ends, or at once where none is or all is left out. */
void docx_walk_later(struct docx_walk *walk, const struct xml_node *node);

/* Fields that have not ended where the text does. */
void docx_end_fields(struct docx_walk *walk);

/* ---- docx_words.c ---- */

/* Words of the file; their letters are counted. */
void docx_words(struct docx_walk *walk, const char *bytes, size_t length);
void docx_break(struct docx_walk *walk);
void docx_tab(struct docx_walk *walk);

/* Before something other than words is shown: a paragraph and the link that it stands in. */
void docx_begin_shown(struct docx_walk *walk);

/* ---- docx_paragraph.c ---- */

docx_handler docx_paragraph;

/* ---- docx_table.c ---- */

docx_handler docx_table;
docx_handler docx_row;
docx_handler docx_cell;

/* ---- docx_run.c ---- */

docx_handler docx_run;
docx_handler docx_text;
docx_handler docx_deleted_text;
docx_handler docx_symbol_run;
docx_handler docx_line_break;
docx_handler docx_carriage_return;
docx_handler docx_tabulator;
docx_handler docx_no_break_hyphen;
docx_handler docx_ruby;
docx_handler docx_ruby_text;
docx_handler docx_drawing_run;

/* ---- docx_change.c ---- */

docx_handler docx_insertion;
docx_handler docx_deletion;
docx_handler docx_move_from;
docx_handler docx_move_to;
docx_handler docx_comment_reference;

/* ---- docx_field.c ---- */

docx_handler docx_field_character;
docx_handler docx_field_simple;
docx_handler docx_instruction;
docx_handler docx_hyperlink;
docx_handler docx_bookmark;
void docx_find_unmatched(struct docx_walk *walk, const struct xml_node *root);

/* ---- docx_drawing.c ---- */

docx_handler docx_drawing;
docx_handler docx_picture;
docx_handler docx_blip;
docx_handler docx_vml_image;
docx_handler docx_text_path;
docx_handler docx_object;
docx_handler docx_ole_object;
docx_handler docx_control;
docx_handler docx_chart;
docx_handler docx_diagram;
docx_handler docx_video;
docx_handler docx_other_file;

/* ---- docx_formula.c ---- */

docx_handler docx_fraction_part;
docx_handler docx_denominator;
docx_handler docx_subscript;
docx_handler docx_superscript;
docx_handler docx_radical;
docx_handler docx_delimiters;
docx_handler docx_n_ary;
docx_handler docx_equations;
docx_handler docx_matrix;
docx_handler docx_border_box;

/* ---- docx_note.c ---- */

docx_handler docx_footnote_reference;
docx_handler docx_endnote_reference;

#endif
