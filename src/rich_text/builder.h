/* SPDX-License-Identifier: MIT */
#ifndef RICH_TEXT_BUILDER_H
#define RICH_TEXT_BUILDER_H

#include <stdbool.h>
#include <stddef.h>

#include "rich_text/rich_text.h"

struct arena;

/* Inside rich_text/ only: what readers find, in the order of the text, as a body tree within its
 * bounds (release/body.h). A reader says what it meets; what may stand where, how lists nest, what
 * becomes a figure, and where notes go is decided here, the same for all formats. */

struct builder;

/* Fills *text, whose strings and nodes live in arena. */
struct builder *builder_new(struct arena *arena, struct rich_text *text);

/* Ends what is open and puts the notes behind a rule; false where the text passes the bounds of a
 * body (the reader then sets the fault). The builder lives in the arena. */
bool builder_finish(struct builder *builder);

/* ---- blocks ---- */

struct builder_paragraph {
    unsigned marks; /* enum rich_text_mark; RICH_TEXT_BOLD and _LARGE are found by the runs */
    int outline;
    int list_level;      /* 1 … : an item of a list so deep; 0: none. A heading is no item: the
                            number it would have becomes words */
    bool is_ordered;     /* the list's numbers count */
    int number;          /* of the item in it, from 1 */
    const void *list;    /* which list it belongs to: a further one begins where it is another */
    bool continues_item; /* a further paragraph of the item before it */
    const char *label;   /* what stands before the words where that is no number of a list ("§ 4",
                            "a)"): it becomes words, whose letters are counted here; NULL */
    bool is_quote;
    bool is_preformatted;
    bool is_caption; /* joins the picture before it, or behind it */
};

void builder_begin_paragraph(struct builder *builder, const struct builder_paragraph *paragraph);
/* One without words, pictures and label leaves nothing. */
void builder_end_paragraph(struct builder *builder);

void builder_rule(struct builder *builder);

/* Tables hold rows, rows cells, cells paragraphs (which become lines of the cell). One in a cell of
 * another becomes lines of that cell; one of a single cell becomes its paragraphs. */
void builder_begin_table(struct builder *builder);
void builder_begin_row(struct builder *builder, bool is_header);
void builder_begin_cell(struct builder *builder, bool is_header, int columns); /* that it spans */
void builder_end_cell(struct builder *builder);
void builder_end_row(struct builder *builder);
void builder_end_table(struct builder *builder);

/* ---- in a paragraph ---- */

enum builder_style {
    BUILDER_BOLD = 1 << 0,
    BUILDER_ITALIC = 1 << 1,
    BUILDER_CODE = 1 << 2,
    BUILDER_LARGE = 1 << 3 /* larger than most of the text: by the reader */
};

/* Characters as they are shown; their letters are counted for text->letters by the reader. Spaces
 * are folded unless the paragraph is preformatted. Outside a paragraph one is begun. */
void builder_text(struct builder *builder, const char *bytes, size_t length, unsigned style);
void builder_break(struct builder *builder);
void builder_tab(struct builder *builder);

/* Words until builder_end_link() lead to the address; one that may not stand
 * (body_target_is_allowed) leaves the words alone. "#name" leads to the heading with
 * builder_anchor(name). */
void builder_begin_link(struct builder *builder, const char *address);
void builder_end_link(struct builder *builder);
void builder_anchor(struct builder *builder, const char *name);

/* A picture that the file holds: bytes stay. A type that is not shown becomes a finding: the reader
 * counts the letters of alternative texts as of all words. */
void builder_picture(struct builder *builder, const char *bytes, size_t length, const char *file,
                     const char *alternative);

/* One that is a file beside the text: "page-filer/image001.jpg"; what is no such name becomes a
 * finding, as above. */
void builder_picture_file(struct builder *builder, const char *file, const char *alternative);

/* A note (foot- or endnote): its number stands here, "[1]" or the same as before where mark is
 * known; the words follow at the end of the text, between builder_begin_note() and _end_note(),
 * which the reader calls in any order before builder_finish(). */
void builder_note_reference(struct builder *builder, const char *mark);
void builder_begin_note(struct builder *builder, const char *mark);
void builder_end_note(struct builder *builder);

/* ---- beside the text ---- */

void builder_field(struct builder *builder, enum rich_text_field_kind kind, const char *value);

/* One more of that kind, with these words (NULL: none); letters in them are counted for it, but
 * for INSERTED, whose words are in the body, and EXTERNAL, UNREADABLE, EMBEDDED and MACROS, whose
 * words are names and addresses: no text of the file, which nobody counts. */
void builder_finding(struct builder *builder, enum rich_text_finding_kind kind, const char *words);

/* Counts letters for that kind that its words do not have: of what is left out in many pieces, or
 * of the alternative text of a picture that is not shown. */
void builder_finding_letters(struct builder *builder, enum rich_text_finding_kind kind,
                             const char *bytes, size_t length);

/* Letters and digits of text that a reader has met, shown or not: adds to text->letters. */
void builder_count(struct builder *builder, const char *bytes, size_t length);

/* How many letters and digits bytes have, as all counts here have them: without those that nobody
 * sees and those that normalization joins to the one before them. */
size_t builder_letters(const char *bytes, size_t length);

#endif
