/* SPDX-License-Identifier: MIT */
#ifndef RICH_TEXT_BUILDER_PARTS_H
#define RICH_TEXT_BUILDER_PARTS_H

#include <stdbool.h>
#include <stddef.h>

#include "release/body.h"
#include "rich_text/builder.h"

/* Inside rich_text/ only: what the files of the builder share. */

enum {
    LIST_LEVELS_MAXIMUM = 12,    /* lists in lists; deeper ones stay at that depth */
    TABLE_DEPTH_MAXIMUM = 12,    /* tables in tables; deeper ones are paragraphs */
    TABLE_COLUMNS_MAXIMUM = 200, /* that one cell spans */
    ANCHORS_MAXIMUM = 2000,      /* further ones lead nowhere */
    NOTES_MAXIMUM = 5000,
    CELLS_MAXIMUM = 50000, /* of all tables */
    IMAGES_MAXIMUM = 2000  /* that are shown */
};

/* Where words lead. */
struct builder_link {
    const char *target; /* NULL where anchor is not */
    const char *anchor; /* "name" of "#name" */
};

/* The pieces of a paragraph, in their order: neighbours of one style are one piece. */
enum piece_kind { PIECE_TEXT, PIECE_BREAK, PIECE_IMAGE };

struct piece {
    enum piece_kind kind;
    unsigned style;    /* enum builder_style */
    bool has_letters;  /* of a text */
    const char *bytes; /* of a text, once the paragraph ends */
    size_t begin;      /* of a text, in context->words */
    size_t length;
    const struct builder_link *link;
    const char *file;                  /* of an image, where picture is NULL */
    struct rich_text_picture *picture; /* of an image */
    const char *alternative;
};

struct list_state {
    int level; /* in the file */
    const void *identity;
    bool is_ordered;
    bool is_quoted;
    int next_number;
    struct body_node *list;
    struct body_node *item;
};

struct table_cell {
    struct builder_context *content;
    bool is_header;
    int columns;
    struct table_cell *next;
};

struct table_row {
    bool is_header;
    struct table_cell *cells;
    struct table_cell *last;
    struct table_row *next;
};

struct table_state {
    struct table_row *rows;
    struct table_row *row; /* the open one; NULL */
    struct table_row *last;
    bool has_cell; /* one is open: builder->context is its */
    struct table_state *outer;
};

/* A place of its own for blocks: the text, a cell, a note. */
struct builder_context {
    struct builder_context *outer;
    struct body_node *root;
    struct rich_text_block *blocks;
    struct rich_text_block *last_block;
    struct body_node *quote; /* the open one; NULL */
    struct list_state lists[LIST_LEVELS_MAXIMUM];
    int list_count;
    struct body_node *caption; /* a paragraph that waits for the picture behind it; NULL */
    struct table_state *table; /* the innermost open one; NULL */
    int table_depth;           /* of the cells that it stands in */

    bool is_open; /* a paragraph is */
    struct builder_paragraph paragraph;
    struct piece *pieces;
    size_t piece_count;
    size_t piece_capacity;
    char *words;
    size_t words_length;
    size_t words_capacity;
    size_t label_length; /* of ours before the words; 0: none */
    bool gap;            /* white space came behind the last piece */
    const struct builder_link *link;
    int link_depth;
};

struct builder_anchor_place {
    const char *name;
    struct body_node *node; /* NULL: no paragraph has come yet */
    bool is_heading;
    struct builder_anchor_place *next;
};

struct builder_anchor_link {
    struct body_node *link;
    const char *name;
    struct builder_anchor_link *next;
};

struct builder_note {
    const char *mark;
    int number; /* 0: nothing refers to it yet */
    struct builder_context *content;
    struct builder_note *next;
};

struct builder_image {
    struct body_node *node;
    struct rich_text_picture *picture;
    struct builder_image *next;
};

struct builder {
    struct arena *arena;
    struct rich_text *text;
    struct builder_context *context;
    struct builder_context *top;
    size_t nodes;
    bool is_too_large;
    const char *too_large; /* what is */
    int skipped_tables;    /* open ones that are too deep */

    struct builder_anchor_place *anchors;
    struct builder_anchor_link *anchor_links;
    bool has_waiting_anchor;
    int anchor_count;
    int anchor_link_count;

    struct builder_note *notes;
    struct builder_note *last_note;
    int cell_count;
    int known_notes;
    int note_count; /* that have a number */

    struct builder_image *images; /* those with a picture, the last one first */
    struct rich_text_picture *pictures;
    size_t picture_count;
    size_t image_count;
    size_t picture_bytes;
    const char **files; /* of pictures beside the text */
    size_t file_count;
    size_t file_capacity;
};

/* ---- builder_node.c ---- */

void builder_fail(struct builder *builder, const char *what);

/* A new last child, counted. */
struct body_node *builder_node(struct builder *builder, struct body_node *parent,
                               enum body_kind kind);

/* The same with a record where it stands straight in the context. */
struct body_node *builder_block(struct builder *builder, struct body_node *parent,
                                enum body_kind kind, unsigned marks, int outline);

struct builder_context *builder_context_new(struct builder *builder);

/* Where a block that is no item goes: lists are ended, the quote is opened or ended. */
struct body_node *builder_place(struct builder *builder, bool is_quote);

/* Moves the blocks of another context behind those here. */
void builder_take_blocks(struct builder *builder, struct builder_context *from);

/* Moves all children; texts that meet are joined. */
void builder_move_children(struct builder *builder, struct body_node *to, struct body_node *from);

/* ---- builder_list.c ---- */

/* Where the open paragraph goes. */
struct body_node *builder_place_paragraph(struct builder *builder);

/* Whether the number of the open paragraph becomes words, and which. */
const char *builder_label(struct builder *builder);

/* ---- builder_inline.c ---- */

/* Takes the styles of the open paragraph's pieces apart: which marks all its words have. */
unsigned builder_settle_styles(struct builder *builder);

/* Drops a style from all pieces. */
void builder_drop_style(struct builder *builder, unsigned style);

/* Writes pieces from … to - 1 below parent. */
void builder_write_pieces(struct builder *builder, struct body_node *parent, size_t from,
                          size_t to);

/* Room for one more, or NULL past the bounds. */
struct piece *builder_add_piece(struct builder *builder, enum piece_kind kind);

/* Characters behind the others of the open paragraph, cleaned; white space folded unless it is
 * preformatted. */
void builder_append_words(struct builder *builder, const char *bytes, size_t length,
                          unsigned style);

/* White space that stands last goes. */
void builder_trim(struct builder_context *context);

/* ---- builder_picture.c ---- */

void builder_write_image(struct builder *builder, struct body_node *parent,
                         const struct piece *piece);
void builder_set_caption(struct builder *builder, const struct body_node *figure,
                         const struct body_node *caption);

/* Names them in the order in which the body shows them. */
void builder_name_pictures(struct builder *builder);

/* ---- builder_note.c ---- */

void builder_write_notes(struct builder *builder);

/* ---- builder_finding.c ---- */

/* One line without characters that nobody sees, in form C. */
const char *builder_line(struct builder *builder, const char *bytes, size_t length);

#endif
