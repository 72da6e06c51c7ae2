/* SPDX-License-Identifier: MIT */
#ifndef RICH_TEXT_DOCX_ELEMENT_H
#define RICH_TEXT_DOCX_ELEMENT_H

#include <stdbool.h>

struct xml_node;

/* Inside rich_text/ only: elements of Office Open XML by what they are, whichever of the two
 * namespaces (strict, transitional) they stand in. */

enum docx_space {
    DOCX_SPACE_OTHER,
    DOCX_SPACE_WORD,
    DOCX_SPACE_MATH,
    DOCX_SPACE_DRAWING, /* DrawingML: main, picture, chart, diagram, placement in a text */
    DOCX_SPACE_VML,     /* the older drawings, and Office's additions to them */
    DOCX_SPACE_COMPATIBILITY,
    DOCX_SPACE_RELATIONSHIPS
};

enum docx_element {
    DOCX_UNKNOWN, /* also a text */
    /* WordprocessingML */
    W_ABSTRACT_NUM,
    W_ABSTRACT_NUM_ID,
    W_ALT_CHUNK,
    W_B,
    W_BASED_ON,
    W_BODY,
    W_BOOKMARK_START,
    W_BR,
    W_CELL_DEL,
    W_CELL_INS,
    W_COMMENT,
    W_COMMENT_RANGE_START,
    W_COMMENT_REFERENCE,
    W_CONTROL,
    W_CR,
    W_DD_LIST,
    W_DEFAULT,
    W_DEL,
    W_DEL_INSTR_TEXT,
    W_DEL_TEXT,
    W_DOC_DEFAULTS,
    W_DRAWING,
    W_DSTRIKE,
    W_ENDNOTE,
    W_ENDNOTE_REFERENCE,
    W_FF_DATA,
    W_FLD_CHAR,
    W_FLD_DATA,
    W_FLD_SIMPLE,
    W_FOOTER_REFERENCE,
    W_FOOTNOTE,
    W_FOOTNOTE_REFERENCE,
    W_FRAME_PR,
    W_GRID_BEFORE,
    W_GRID_SPAN,
    W_HEADER_REFERENCE,
    W_HYPERLINK,
    W_HIDDEN,
    W_I,
    W_ILVL,
    W_INS,
    W_INSTR_TEXT,
    W_IS_LGL,
    W_LIST_ENTRY,
    W_LVL,
    W_LVL_OVERRIDE,
    W_LVL_RESTART,
    W_LVL_TEXT,
    W_MOVE_FROM,
    W_MOVE_TO,
    W_NAME,
    W_NO_BREAK_HYPHEN,
    W_NUM,
    W_NUM_FMT,
    W_NUM_ID,
    W_NUM_PR,
    W_NUM_STYLE_LINK,
    W_OBJECT,
    W_OUTLINE_LVL,
    W_P,
    W_P_PR,
    W_P_STYLE,
    W_PICT,
    W_PTAB,
    W_R,
    W_R_FONTS,
    W_R_PR,
    W_R_PR_DEFAULT,
    W_R_STYLE,
    W_RESULT,
    W_RT,
    W_RUBY,
    W_RUBY_BASE,
    W_SDT,
    W_SDT_CONTENT,
    W_SDT_END_PR,
    W_SDT_PR,
    W_SECT_PR,
    W_SHOWING_PLC_HDR,
    W_START,
    W_START_OVERRIDE,
    W_STRIKE,
    W_STYLE,
    W_SUB_DOC,
    W_SYM,
    W_SZ,
    W_T,
    W_TAB,
    W_TBL,
    W_TBL_GRID,
    W_TBL_HEADER,
    W_TBL_PR,
    W_TC,
    W_TC_PR,
    W_TEMPORARY,
    W_TR,
    W_TR_PR,
    W_TXBX_CONTENT,
    W_VANISH,
    /* Office Math */
    M_ACC,
    M_BAR,
    M_BEG_CHR,
    M_BORDER_BOX,
    M_BORDER_BOX_PR,
    M_CHR,
    M_D,
    M_D_PR,
    M_DEG,
    M_DEN,
    M_ELEMENT,
    M_END_CHR,
    M_EQ_ARR,
    M_F,
    M_FNAME,
    M_LIM,
    M_M,
    M_MR,
    M_N_ARY,
    M_N_ARY_PR,
    M_NUM,
    M_OMATH,
    M_R,
    M_RAD,
    M_SEP_CHR,
    M_SUB,
    M_SUP,
    M_T,
    /* DrawingML */
    A_BLIP,
    A_C_NV_PR,
    A_CHART,
    A_DECORATIVE,
    A_DOC_PR,
    A_P,
    A_PIC,
    A_R,
    A_R_PR,
    A_REL_IDS,
    A_T,
    A_TX_BODY,
    A_VIDEO_FILE,
    /* VML */
    V_IMAGE_DATA,
    V_OLE_OBJECT,
    V_TEXT_PATH,
    /* Markup compatibility */
    MC_ALTERNATE_CONTENT,
    MC_CHOICE,
    MC_FALLBACK,
    DOCX_ELEMENT_COUNT
};

enum docx_element docx_element(const struct xml_node *node);

/* The first child of that kind; NULL: there is none, or node is NULL. */
const struct xml_node *docx_child(const struct xml_node *node, enum docx_element element);

/* An attribute by its name in any namespace but that of relationships; NULL: there is none. */
const char *docx_attribute(const struct xml_node *node, const char *name);

/* An attribute that names a relationship: r:id, r:embed. */
const char *docx_relation(const struct xml_node *node, const char *name);

/* Of the first child of that kind its w:val; NULL: there is no such child, or it says none. */
const char *docx_value(const struct xml_node *node, enum docx_element element);

/* The same as a number; otherwise where there is none. */
int docx_number(const struct xml_node *node, enum docx_element element, int otherwise);

/* Whether such a child stands there and does not say "off" (ECMA-376 part 1, 17.17.4). */
bool docx_is_on(const struct xml_node *node, enum docx_element element);

/* Whether the element itself does not say "off". */
bool docx_says_on(const struct xml_node *element);

/* A number at the beginning of text, within a sane range; otherwise where text is NULL or none. */
int docx_parse_number(const char *text, int otherwise);

#endif
