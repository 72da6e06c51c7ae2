/* SPDX-License-Identifier: MIT */
#include "rich_text/docx_element.h"

#include "xml/xml_reader.h"

#include <stdlib.h>
#include <string.h>

static const struct {
    const char *uri;
    enum docx_space space;
} spaces[] = {
    { "http://schemas.openxmlformats.org/wordprocessingml/2006/main", DOCX_SPACE_WORD },
    { "http://purl.oclc.org/ooxml/wordprocessingml/main", DOCX_SPACE_WORD },
    { "http://schemas.openxmlformats.org/officeDocument/2006/math", DOCX_SPACE_MATH },
    { "http://purl.oclc.org/ooxml/officeDocument/math", DOCX_SPACE_MATH },
    { "http://schemas.openxmlformats.org/drawingml/", DOCX_SPACE_DRAWING },
    { "http://purl.oclc.org/ooxml/drawingml/", DOCX_SPACE_DRAWING },
    { "http://schemas.microsoft.com/office/drawing/", DOCX_SPACE_DRAWING },
    { "urn:schemas-microsoft-com:vml", DOCX_SPACE_VML },
    { "urn:schemas-microsoft-com:office:office", DOCX_SPACE_VML },
    { "http://schemas.openxmlformats.org/markup-compatibility/2006", DOCX_SPACE_COMPATIBILITY },
    { "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
      DOCX_SPACE_RELATIONSHIPS },
    { "http://purl.oclc.org/ooxml/officeDocument/relationships", DOCX_SPACE_RELATIONSHIPS },
};

/* Those that end in "/" are the beginnings of several. */
static enum docx_space space_of(const char *uri)
{
    for (size_t i = 0; i < sizeof spaces / sizeof spaces[0]; i++) {
        size_t length = strlen(spaces[i].uri);
        if (spaces[i].uri[length - 1] == '/' ? strncmp(uri, spaces[i].uri, length) == 0
                                             : strcmp(uri, spaces[i].uri) == 0)
            return spaces[i].space;
    }
    return DOCX_SPACE_OTHER;
}

struct row {
    const char *name;
    enum docx_space space;
    enum docx_element element;
};

/* In the order of strcmp(); one name may stand in several namespaces. */
static const struct row rows[] = {
    { "AlternateContent", DOCX_SPACE_COMPATIBILITY, MC_ALTERNATE_CONTENT },
    { "Choice", DOCX_SPACE_COMPATIBILITY, MC_CHOICE },
    { "Fallback", DOCX_SPACE_COMPATIBILITY, MC_FALLBACK },
    { "OLEObject", DOCX_SPACE_VML, V_OLE_OBJECT },
    { "abstractNum", DOCX_SPACE_WORD, W_ABSTRACT_NUM },
    { "abstractNumId", DOCX_SPACE_WORD, W_ABSTRACT_NUM_ID },
    { "acc", DOCX_SPACE_MATH, M_ACC },
    { "altChunk", DOCX_SPACE_WORD, W_ALT_CHUNK },
    { "b", DOCX_SPACE_WORD, W_B },
    { "bar", DOCX_SPACE_MATH, M_BAR },
    { "basedOn", DOCX_SPACE_WORD, W_BASED_ON },
    { "begChr", DOCX_SPACE_MATH, M_BEG_CHR },
    { "blip", DOCX_SPACE_DRAWING, A_BLIP },
    { "body", DOCX_SPACE_WORD, W_BODY },
    { "bookmarkStart", DOCX_SPACE_WORD, W_BOOKMARK_START },
    { "borderBox", DOCX_SPACE_MATH, M_BORDER_BOX },
    { "borderBoxPr", DOCX_SPACE_MATH, M_BORDER_BOX_PR },
    { "br", DOCX_SPACE_WORD, W_BR },
    { "cNvPr", DOCX_SPACE_DRAWING, A_C_NV_PR },
    { "cellDel", DOCX_SPACE_WORD, W_CELL_DEL },
    { "cellIns", DOCX_SPACE_WORD, W_CELL_INS },
    { "chart", DOCX_SPACE_DRAWING, A_CHART },
    { "chr", DOCX_SPACE_MATH, M_CHR },
    { "comment", DOCX_SPACE_WORD, W_COMMENT },
    { "commentRangeStart", DOCX_SPACE_WORD, W_COMMENT_RANGE_START },
    { "commentReference", DOCX_SPACE_WORD, W_COMMENT_REFERENCE },
    { "control", DOCX_SPACE_WORD, W_CONTROL },
    { "cr", DOCX_SPACE_WORD, W_CR },
    { "d", DOCX_SPACE_MATH, M_D },
    { "dPr", DOCX_SPACE_MATH, M_D_PR },
    { "ddList", DOCX_SPACE_WORD, W_DD_LIST },
    { "decorative", DOCX_SPACE_DRAWING, A_DECORATIVE },
    { "default", DOCX_SPACE_WORD, W_DEFAULT },
    { "deg", DOCX_SPACE_MATH, M_DEG },
    { "del", DOCX_SPACE_WORD, W_DEL },
    { "delInstrText", DOCX_SPACE_WORD, W_DEL_INSTR_TEXT },
    { "delText", DOCX_SPACE_WORD, W_DEL_TEXT },
    { "den", DOCX_SPACE_MATH, M_DEN },
    { "docDefaults", DOCX_SPACE_WORD, W_DOC_DEFAULTS },
    { "docPr", DOCX_SPACE_DRAWING, A_DOC_PR },
    { "drawing", DOCX_SPACE_WORD, W_DRAWING },
    { "dstrike", DOCX_SPACE_WORD, W_DSTRIKE },
    { "e", DOCX_SPACE_MATH, M_ELEMENT },
    { "endChr", DOCX_SPACE_MATH, M_END_CHR },
    { "endnote", DOCX_SPACE_WORD, W_ENDNOTE },
    { "endnoteReference", DOCX_SPACE_WORD, W_ENDNOTE_REFERENCE },
    { "eqArr", DOCX_SPACE_MATH, M_EQ_ARR },
    { "f", DOCX_SPACE_MATH, M_F },
    { "fName", DOCX_SPACE_MATH, M_FNAME },
    { "ffData", DOCX_SPACE_WORD, W_FF_DATA },
    { "fldChar", DOCX_SPACE_WORD, W_FLD_CHAR },
    { "fldData", DOCX_SPACE_WORD, W_FLD_DATA },
    { "fldSimple", DOCX_SPACE_WORD, W_FLD_SIMPLE },
    { "footerReference", DOCX_SPACE_WORD, W_FOOTER_REFERENCE },
    { "footnote", DOCX_SPACE_WORD, W_FOOTNOTE },
    { "footnoteReference", DOCX_SPACE_WORD, W_FOOTNOTE_REFERENCE },
    { "framePr", DOCX_SPACE_WORD, W_FRAME_PR },
    { "gridBefore", DOCX_SPACE_WORD, W_GRID_BEFORE },
    { "gridSpan", DOCX_SPACE_WORD, W_GRID_SPAN },
    { "headerReference", DOCX_SPACE_WORD, W_HEADER_REFERENCE },
    { "hidden", DOCX_SPACE_WORD, W_HIDDEN },
    { "hyperlink", DOCX_SPACE_WORD, W_HYPERLINK },
    { "i", DOCX_SPACE_WORD, W_I },
    { "ilvl", DOCX_SPACE_WORD, W_ILVL },
    { "imagedata", DOCX_SPACE_VML, V_IMAGE_DATA },
    { "ins", DOCX_SPACE_WORD, W_INS },
    { "instrText", DOCX_SPACE_WORD, W_INSTR_TEXT },
    { "isLgl", DOCX_SPACE_WORD, W_IS_LGL },
    { "lim", DOCX_SPACE_MATH, M_LIM },
    { "listEntry", DOCX_SPACE_WORD, W_LIST_ENTRY },
    { "lvl", DOCX_SPACE_WORD, W_LVL },
    { "lvlOverride", DOCX_SPACE_WORD, W_LVL_OVERRIDE },
    { "lvlRestart", DOCX_SPACE_WORD, W_LVL_RESTART },
    { "lvlText", DOCX_SPACE_WORD, W_LVL_TEXT },
    { "m", DOCX_SPACE_MATH, M_M },
    { "moveFrom", DOCX_SPACE_WORD, W_MOVE_FROM },
    { "moveTo", DOCX_SPACE_WORD, W_MOVE_TO },
    { "mr", DOCX_SPACE_MATH, M_MR },
    { "name", DOCX_SPACE_WORD, W_NAME },
    { "nary", DOCX_SPACE_MATH, M_N_ARY },
    { "naryPr", DOCX_SPACE_MATH, M_N_ARY_PR },
    { "noBreakHyphen", DOCX_SPACE_WORD, W_NO_BREAK_HYPHEN },
    { "num", DOCX_SPACE_MATH, M_NUM },
    { "num", DOCX_SPACE_WORD, W_NUM },
    { "numFmt", DOCX_SPACE_WORD, W_NUM_FMT },
    { "numId", DOCX_SPACE_WORD, W_NUM_ID },
    { "numPr", DOCX_SPACE_WORD, W_NUM_PR },
    { "numStyleLink", DOCX_SPACE_WORD, W_NUM_STYLE_LINK },
    { "oMath", DOCX_SPACE_MATH, M_OMATH },
    { "object", DOCX_SPACE_WORD, W_OBJECT },
    { "outlineLvl", DOCX_SPACE_WORD, W_OUTLINE_LVL },
    { "p", DOCX_SPACE_DRAWING, A_P },
    { "p", DOCX_SPACE_WORD, W_P },
    { "pPr", DOCX_SPACE_WORD, W_P_PR },
    { "pStyle", DOCX_SPACE_WORD, W_P_STYLE },
    { "pic", DOCX_SPACE_DRAWING, A_PIC },
    { "pict", DOCX_SPACE_WORD, W_PICT },
    { "ptab", DOCX_SPACE_WORD, W_PTAB },
    { "r", DOCX_SPACE_DRAWING, A_R },
    { "r", DOCX_SPACE_MATH, M_R },
    { "r", DOCX_SPACE_WORD, W_R },
    { "rFonts", DOCX_SPACE_WORD, W_R_FONTS },
    { "rPr", DOCX_SPACE_DRAWING, A_R_PR },
    { "rPr", DOCX_SPACE_WORD, W_R_PR },
    { "rPrDefault", DOCX_SPACE_WORD, W_R_PR_DEFAULT },
    { "rStyle", DOCX_SPACE_WORD, W_R_STYLE },
    { "rad", DOCX_SPACE_MATH, M_RAD },
    { "relIds", DOCX_SPACE_DRAWING, A_REL_IDS },
    { "result", DOCX_SPACE_WORD, W_RESULT },
    { "rt", DOCX_SPACE_WORD, W_RT },
    { "ruby", DOCX_SPACE_WORD, W_RUBY },
    { "rubyBase", DOCX_SPACE_WORD, W_RUBY_BASE },
    { "sdt", DOCX_SPACE_WORD, W_SDT },
    { "sdtContent", DOCX_SPACE_WORD, W_SDT_CONTENT },
    { "sdtEndPr", DOCX_SPACE_WORD, W_SDT_END_PR },
    { "sdtPr", DOCX_SPACE_WORD, W_SDT_PR },
    { "sectPr", DOCX_SPACE_WORD, W_SECT_PR },
    { "sepChr", DOCX_SPACE_MATH, M_SEP_CHR },
    { "showingPlcHdr", DOCX_SPACE_WORD, W_SHOWING_PLC_HDR },
    { "start", DOCX_SPACE_WORD, W_START },
    { "startOverride", DOCX_SPACE_WORD, W_START_OVERRIDE },
    { "strike", DOCX_SPACE_WORD, W_STRIKE },
    { "style", DOCX_SPACE_WORD, W_STYLE },
    { "sub", DOCX_SPACE_MATH, M_SUB },
    { "subDoc", DOCX_SPACE_WORD, W_SUB_DOC },
    { "sup", DOCX_SPACE_MATH, M_SUP },
    { "sym", DOCX_SPACE_WORD, W_SYM },
    { "sz", DOCX_SPACE_WORD, W_SZ },
    { "t", DOCX_SPACE_DRAWING, A_T },
    { "t", DOCX_SPACE_MATH, M_T },
    { "t", DOCX_SPACE_WORD, W_T },
    { "tab", DOCX_SPACE_WORD, W_TAB },
    { "tbl", DOCX_SPACE_WORD, W_TBL },
    { "tblGrid", DOCX_SPACE_WORD, W_TBL_GRID },
    { "tblHeader", DOCX_SPACE_WORD, W_TBL_HEADER },
    { "tblPr", DOCX_SPACE_WORD, W_TBL_PR },
    { "tc", DOCX_SPACE_WORD, W_TC },
    { "tcPr", DOCX_SPACE_WORD, W_TC_PR },
    { "temporary", DOCX_SPACE_WORD, W_TEMPORARY },
    { "textpath", DOCX_SPACE_VML, V_TEXT_PATH },
    { "tr", DOCX_SPACE_WORD, W_TR },
    { "trPr", DOCX_SPACE_WORD, W_TR_PR },
    { "txBody", DOCX_SPACE_DRAWING, A_TX_BODY },
    { "txbxContent", DOCX_SPACE_WORD, W_TXBX_CONTENT },
    { "vanish", DOCX_SPACE_WORD, W_VANISH },
    { "videoFile", DOCX_SPACE_DRAWING, A_VIDEO_FILE },
};

static int compare_names(const void *name, const void *element)
{
    return strcmp(name, ((const struct row *)element)->name);
}

enum docx_element docx_element(const struct xml_node *node)
{
    enum { ROWS = sizeof rows / sizeof rows[0] };

    if (!node->name)
        return DOCX_UNKNOWN;
    const struct row *row = bsearch(node->name, rows, ROWS, sizeof rows[0], compare_names);
    if (!row)
        return DOCX_UNKNOWN;
    enum docx_space space = space_of(node->space);
    while (row > rows && strcmp(row[-1].name, node->name) == 0)
        row--;
    for (; row < rows + ROWS && strcmp(row->name, node->name) == 0; row++)
        if (row->space == space)
            return row->element;
    return DOCX_UNKNOWN;
}

const struct xml_node *docx_child(const struct xml_node *node, enum docx_element element)
{
    if (node)
        for (const struct xml_node *child = node->first_child; child; child = child->next)
            if (docx_element(child) == element)
                return child;
    return NULL;
}

static bool is_relation(const struct xml_attribute_node *attribute)
{
    return *attribute->space && space_of(attribute->space) == DOCX_SPACE_RELATIONSHIPS;
}

const char *docx_attribute(const struct xml_node *node, const char *name)
{
    for (const struct xml_attribute_node *attribute = node->attributes; attribute;
         attribute = attribute->next)
        if (strcmp(attribute->name, name) == 0 && !is_relation(attribute))
            return attribute->value;
    return NULL;
}

const char *docx_relation(const struct xml_node *node, const char *name)
{
    for (const struct xml_attribute_node *attribute = node->attributes; attribute;
         attribute = attribute->next)
        if (strcmp(attribute->name, name) == 0 && is_relation(attribute))
            return attribute->value;
    return NULL;
}

const char *docx_value(const struct xml_node *node, enum docx_element element)
{
    const struct xml_node *child = docx_child(node, element);
    return child ? docx_attribute(child, "val") : NULL;
}

int docx_parse_number(const char *text, int otherwise)
{
    enum { LARGEST = 100000000 };

    char *end;
    if (!text)
        return otherwise;
    long number = strtol(text, &end, 10);
    if (end == text || number > LARGEST || number < -LARGEST)
        return otherwise;
    return (int)number;
}

int docx_number(const struct xml_node *node, enum docx_element element, int otherwise)
{
    return docx_parse_number(docx_value(node, element), otherwise);
}

bool docx_says_on(const struct xml_node *element)
{
    const char *value = docx_attribute(element, "val");
    return !value || (strcmp(value, "0") != 0 && strcmp(value, "false") != 0 &&
                      strcmp(value, "off") != 0 && strcmp(value, "none") != 0);
}

bool docx_is_on(const struct xml_node *node, enum docx_element element)
{
    const struct xml_node *child = docx_child(node, element);
    return child && docx_says_on(child);
}
