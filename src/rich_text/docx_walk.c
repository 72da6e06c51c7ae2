/* SPDX-License-Identifier: MIT */
#include "rich_text/docx_walk.h"

#include "rich_text/docx_element.h"
#include "xml/xml_reader.h"

#include <stdlib.h>
#include <string.h>

/* ---- elements that only hold others ---- */

static void skip(struct docx_walk *walk, const struct xml_node *node)
{
    (void)walk;
    (void)node;
}

/* The first words in an element; at most as deep as XML may be. */
static const char *first_words(const struct xml_node *node)
{
    const char *found = docx_element(node) == W_T && node->first_child ? node->first_child->text
                                                                       : NULL;
    for (const struct xml_node *child = node->first_child; child && !found; child = child->next)
        if (child->name)
            found = first_words(child);
    return found;
}

/* A control of a form: what it shows until it is filled in is nobody's text, in a page header
 * neither. Where its place goes with it (w:temporary), or is a place of our templates, the words
 * stay: a form that is not filled in is to be seen as one. LibreOffice forgets w:temporary. */
static void content_control(struct docx_walk *walk, const struct xml_node *node)
{
    const struct xml_node *properties = docx_child(node, W_SDT_PR);
    int outer = walk->out;
    if (docx_is_on(properties, W_SHOWING_PLC_HDR) && !docx_is_on(properties, W_TEMPORARY)) {
        const char *words = first_words(node);
        if (!words || *words != '<')
            walk->out = RICH_TEXT_FIELD_CODE;
    }
    docx_walk_children(walk, node);
    walk->out = outer;
}

static void text_box(struct docx_walk *walk, const struct xml_node *node)
{
    docx_walk_later(walk, node);
}

/* Text of a drawing that is none of Word's. */
static void drawing_paragraph(struct docx_walk *walk, const struct xml_node *node)
{
    if (!docx_is_shown(walk)) {
        docx_walk_children(walk, node);
        docx_leave_out(walk, walk->left_out.kind, " ", 1);
        return;
    }
    if (walk->is_implied)
        docx_end_paragraph(walk);
    docx_walk_children(walk, node);
    if (walk->is_implied)
        docx_end_paragraph(walk);
}

/* ---- alternatives (ECMA-376 part 3) ---- */

/* Whether there is anything to be shown below. */
static bool has_content(struct docx_walk *walk, const struct xml_node *node)
{
    for (const struct xml_node *child = node->first_child; child; child = child->next) {
        if (!walk->file->scans || --walk->file->scans == 0)
            return true;
        switch (docx_element(child)) {
        case W_T:
        case M_T:
        case A_T:
            if (child->first_child)
                return true;
            break;
        case W_SYM:
        case A_BLIP:
        case A_CHART:
        case A_REL_IDS:
        case V_IMAGE_DATA:
        case V_OLE_OBJECT:
            return true;
        default:
            if (has_content(walk, child))
                return true;
        }
    }
    return false;
}

/* What a choice requires is named by prefixes, which in all programs are these. */
static bool is_understood(const struct xml_node *choice)
{
    static const char known[] = " wps wpg wpc wp14 wp15 w14 w15 w16 w16cex w16cid w16sdtdh w16du "
                                "a14 v o m r w wp pic a mc ";
    const char *requires = docx_attribute(choice, "Requires");
    while (requires && *(requires += strspn(requires, " "))) {
        char padded[32];
        size_t length = strcspn(requires, " ");
        if (length + 3 > sizeof padded)
            return false;
        padded[0] = ' ';
        memcpy(padded + 1, requires, length);
        memcpy(padded + 1 + length, " ", 2);
        if (!strstr(known, padded))
            return false;
        requires += length;
    }
    return true;
}

struct branches {
    const struct xml_node *best; /* the first with content */
    const struct xml_node *first;
};

static void consider(struct docx_walk *walk, struct branches *branches,
                     const struct xml_node *branch)
{
    if (!branches->first)
        branches->first = branch;
    if (!branches->best && has_content(walk, branch))
        branches->best = branch;
}

/* One branch alone: the first choice that is understood, else the fallback; but never one that is
 * empty where another is not. */
static void alternatives(struct docx_walk *walk, const struct xml_node *node)
{
    struct branches branches = { 0 };
    const struct xml_node *child;
    for (child = node->first_child; child; child = child->next)
        if (docx_element(child) == MC_CHOICE && is_understood(child))
            consider(walk, &branches, child);
    for (child = node->first_child; child; child = child->next)
        if (docx_element(child) == MC_FALLBACK)
            consider(walk, &branches, child);
    for (child = node->first_child; child; child = child->next)
        if (docx_element(child) == MC_CHOICE && !is_understood(child))
            consider(walk, &branches, child);
    child = branches.best ? branches.best : branches.first;
    if (child)
        docx_walk_children(walk, child);
}

/* ---- all elements ---- */

static docx_handler *const handlers[DOCX_ELEMENT_COUNT] = {
    /* blocks */
    [W_P] = docx_paragraph,
    [W_TBL] = docx_table,
    [W_TR] = docx_row,
    [W_TC] = docx_cell,
    [W_SDT] = content_control,
    [W_ALT_CHUNK] = docx_other_file,
    [W_SUB_DOC] = docx_other_file,
    /* properties */
    [W_P_PR] = skip,
    [W_R_PR] = skip,
    [W_SECT_PR] = skip,
    [W_TBL_PR] = skip,
    [W_TBL_GRID] = skip,
    [W_TR_PR] = skip,
    [W_TC_PR] = skip,
    [W_SDT_PR] = skip,
    [W_SDT_END_PR] = skip,
    [W_FF_DATA] = skip,
    [W_FLD_DATA] = skip,
    /* runs */
    [W_R] = docx_run,
    [W_T] = docx_text,
    [W_DEL_TEXT] = docx_deleted_text,
    [W_SYM] = docx_symbol_run,
    [W_BR] = docx_line_break,
    [W_CR] = docx_carriage_return,
    [W_TAB] = docx_tabulator,
    [W_PTAB] = docx_tabulator,
    [W_NO_BREAK_HYPHEN] = docx_no_break_hyphen,
    [W_RUBY] = docx_ruby,
    [W_RT] = docx_ruby_text,
    /* changes */
    [W_INS] = docx_insertion,
    [W_DEL] = docx_deletion,
    [W_MOVE_FROM] = docx_move_from,
    [W_MOVE_TO] = docx_move_to,
    [W_COMMENT_RANGE_START] = docx_comment_reference,
    [W_COMMENT_REFERENCE] = docx_comment_reference,
    /* fields, links, notes */
    [W_FLD_CHAR] = docx_field_character,
    [W_FLD_SIMPLE] = docx_field_simple,
    [W_INSTR_TEXT] = docx_instruction,
    [W_DEL_INSTR_TEXT] = docx_instruction,
    [W_HYPERLINK] = docx_hyperlink,
    [W_BOOKMARK_START] = docx_bookmark,
    [W_FOOTNOTE_REFERENCE] = docx_footnote_reference,
    [W_ENDNOTE_REFERENCE] = docx_endnote_reference,
    /* drawings */
    [MC_ALTERNATE_CONTENT] = alternatives,
    [W_TXBX_CONTENT] = text_box,
    [W_DRAWING] = docx_drawing,
    [W_OBJECT] = docx_object,
    [W_CONTROL] = docx_control,
    [A_PIC] = docx_picture,
    [A_BLIP] = docx_blip,
    [A_CHART] = docx_chart,
    [A_REL_IDS] = docx_diagram,
    [A_VIDEO_FILE] = docx_video,
    [A_TX_BODY] = text_box,
    [A_P] = drawing_paragraph,
    [A_R] = docx_drawing_run,
    [A_T] = docx_text,
    [V_IMAGE_DATA] = docx_vml_image,
    [V_TEXT_PATH] = docx_text_path,
    [V_OLE_OBJECT] = docx_ole_object,
    /* formulas */
    [M_R] = docx_run,
    [M_T] = docx_text,
    [M_NUM] = docx_fraction_part,
    [M_DEN] = docx_denominator,
    [M_SUB] = docx_subscript,
    [M_LIM] = docx_subscript,
    [M_SUP] = docx_superscript,
    [M_RAD] = docx_radical,
    [M_D] = docx_delimiters,
    [M_N_ARY] = docx_n_ary,
    [M_EQ_ARR] = docx_equations,
    [M_M] = docx_matrix,
    [M_BORDER_BOX] = docx_border_box,
};

void docx_walk_begin(struct docx_walk *walk, struct docx_file *file,
                     const struct docx_relationships *relationships, const struct xml_node *root)
{
    *walk = (struct docx_walk){
        .handlers = handlers,
        .file = file,
        .relationships = relationships,
        .out = DOCX_SHOWN,
        .style = docx_paragraph_style(file->styles, NULL),
        .alternative = "",
    };
    walk->later_end = &walk->later;
    string_builder_init(&walk->left_out.words, 0);
    string_builder_init(&walk->inserted.words, 0);
    string_builder_init(&walk->instructions, 0);
    docx_find_unmatched(walk, root);
}

void docx_walk_end(struct docx_walk *walk)
{
    docx_end_paragraph(walk);
    docx_end_spans(walk);
    docx_end_fields(walk);
    string_builder_release(&walk->left_out.words);
    string_builder_release(&walk->inserted.words);
    string_builder_release(&walk->instructions);
    free(walk->fields);
    free(walk->unmatched);
}
