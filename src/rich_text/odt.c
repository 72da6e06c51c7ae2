/* SPDX-License-Identifier: MIT */
/* Blocks of an OpenDocument text: paragraphs, lists, tables, sections; and the whole. */
#include "rich_text/odt.h"

#include "base/arena.h"
#include "rich_text/builder.h"
#include "rich_text/odt_name.h"
#include "rich_text/odt_parts.h"
#include "rich_text/package.h"
#include "rich_text/reader.h"
#include "xml/xml_reader.h"

#include <string.h>
#include <strings.h>

enum {
    COLUMNS_MAXIMUM = 100,
    OUTLINE_MAXIMUM = 9,
    NOTES_READ = 10000,
    SIZES = 64,        /* different ones that are told apart */
    DEFAULT_SIZE = 120 /* tenths of a point, where no style says one */
};

/* ---- paragraphs ---- */

static const struct odt_style *paragraph_style(const struct odt *odt, const struct xml_node *node)
{
    const char *name = xml_attribute_value(node, ODF_TEXT, "style-name");
    const struct odt_style *style = name ? odt_style_find(&odt->styles, "paragraph", name) : NULL;
    return style ? style : odt_style_find(&odt->styles, "paragraph", NULL);
}

/* 1 … 9; 0: it is no heading. */
static int outline_of(const struct xml_node *node, const struct odt_style *style)
{
    int level = style ? style->outline : 0;
    if (odt_is(node, ODF_TEXT, "h"))
        level = odt_number(node, ODF_TEXT, "outline-level", level ? level : 1);
    if (odt_is(node, ODF_TEXT, "h") && level < 1)
        level = 1;
    return level > OUTLINE_MAXIMUM ? OUTLINE_MAXIMUM : level;
}

static void describe_paragraph(struct odt *odt, const struct xml_node *node,
                               const struct odt_style *style, struct builder_paragraph *paragraph)
{
    *paragraph = (struct builder_paragraph){ .outline = outline_of(node, style) };
    if (style) {
        paragraph->marks = style->marks;
        paragraph->is_quote = style->is_quote;
        paragraph->is_preformatted = style->is_preformatted;
        paragraph->is_caption = style->is_caption;
    }
    if (odt->list)
        odt_list_paragraph(odt->arena, &odt->styles, style, odt->list, paragraph);
    else if (odt_is(node, ODF_TEXT, "h"))
        paragraph->label = odt_heading_label(odt->arena, &odt->styles, &odt->lists, node,
                                             paragraph->outline);
    if (!node->first_child)
        paragraph->label = NULL;
}

static void read_paragraph(struct odt *odt, const struct xml_node *node)
{
    const struct odt_style *style = paragraph_style(odt, node);
    struct odt_look outer = odt->look;
    enum rich_text_finding_kind kind;
    bool is_hidden = odt_paragraph_is_hidden(node);
    bool was_in_paragraph = odt->is_in_paragraph;
    size_t boxes = odt->box_count;
    odt_end_left_out(odt);
    odt->hidden += is_hidden;
    odt->look = (struct odt_look){ .size = DEFAULT_SIZE };
    odt_look_apply(&odt->look, style);
    if (!odt_is_left_out(odt, &kind) || kind == RICH_TEXT_STRUCK) {
        struct builder_paragraph paragraph;
        describe_paragraph(odt, node, style, &paragraph);
        builder_begin_paragraph(odt->builder, &paragraph);
    }
    odt->is_in_paragraph = true;
    odt_inlines(odt, node);
    odt_end_left_out(odt);
    builder_end_paragraph(odt->builder);
    if (odt->inserted > 0)
        string_builder_append_character(&odt->insertion, ' ');
    odt->is_in_paragraph = false;
    odt_end_boxes(odt, boxes);
    odt->is_in_paragraph = was_in_paragraph;
    odt->hidden -= is_hidden;
    odt->look = outer;
}

/* ---- lists ---- */

static void read_list(struct odt *odt, const struct xml_node *node)
{
    struct odt_list list;
    odt_list_begin(odt->arena, &odt->lists, &odt->styles, node, odt->list, &list);
    odt->list = &list;
    for (const struct xml_node *item = node->first_child; item; item = item->next) {
        if (item->name)
            odt_list_item(&list, item);
        if (odt_is(item, ODF_TEXT, "list-item") || odt_is(item, ODF_TEXT, "list-header"))
            odt_blocks(odt, item);
        else
            odt->block(odt, item);
    }
    odt->list = list.outer;
}

/* One paragraph that is an item by itself (part 3, 5.3.6). */
static void read_numbered(struct odt *odt, const struct xml_node *node)
{
    struct odt_list list;
    odt_list_begin(odt->arena, &odt->lists, &odt->styles, node, NULL, &list);
    int level = odt_number(node, ODF_TEXT, "level", 1);
    list.level = level < 1 ? 1 : level > ODT_LEVELS ? ODT_LEVELS : level;
    list.start = odt_number(node, ODF_TEXT, "start-value", -1);
    list.outer = odt->list;
    odt->list = &list;
    odt_blocks(odt, node);
    odt->list = list.outer;
}

/* ---- tables ---- */

static void read_cell(struct odt *odt, const struct xml_node *node, bool is_header, int columns)
{
    builder_begin_cell(odt->builder, is_header, columns);
    if (node)
        odt_blocks(odt, node);
    builder_end_cell(odt->builder);
}

static int count_of(const struct xml_node *node, const char *name)
{
    int count = odt_number(node, ODF_TABLE, name, 1);
    return count < 1 ? 1 : count > COLUMNS_MAXIMUM ? COLUMNS_MAXIMUM : count;
}

static bool is_hidden_row(const struct xml_node *row)
{
    return odt_has_value(row, ODF_TABLE, "visibility", "collapse") ||
           odt_has_value(row, ODF_TABLE, "visibility", "filter");
}

/* Cells that another covers from the left are a part of it; from above, they keep their place. */
static void read_row(struct odt *odt, const struct xml_node *row, bool is_header)
{
    int covered = 0;
    bool is_hidden = is_hidden_row(row);
    odt->hidden += is_hidden;
    if (!is_hidden)
        builder_begin_row(odt->builder, is_header);
    for (const struct xml_node *node = row->first_child; node; node = node->next) {
        bool is_cell = odt_is(node, ODF_TABLE, "table-cell");
        int repeated = node->name ? count_of(node, "number-columns-repeated") : 0;
        if (odt_is(node, ODF_TABLE, "covered-table-cell")) {
            odt_leave_out(odt, node, RICH_TEXT_HIDDEN);
            for (; repeated > 0 && !is_hidden; repeated--)
                if (covered-- <= 0)
                    read_cell(odt, NULL, is_header, 1);
        } else if (!is_cell || is_hidden) {
            odt->block(odt, node);
        } else {
            covered = count_of(node, "number-columns-spanned");
            read_cell(odt, node, is_header, covered--);
            while (--repeated > 0)
                read_cell(odt, NULL, is_header, 1);
        }
    }
    if (!is_hidden)
        builder_end_row(odt->builder);
    odt->hidden -= is_hidden;
}

static void read_rows(struct odt *odt, const struct xml_node *node, bool is_header)
{
    for (const struct xml_node *child = node->first_child; child; child = child->next) {
        if (odt_is(child, ODF_TABLE, "table-row"))
            read_row(odt, child, is_header);
        else if (odt_is(child, ODF_TABLE, "table-header-rows"))
            read_rows(odt, child, true);
        else if (odt_is(child, ODF_TABLE, "table-rows") ||
                 odt_is(child, ODF_TABLE, "table-row-group"))
            read_rows(odt, child, is_header);
        else
            odt->block(odt, child);
    }
}

static void read_table(struct odt *odt, const struct xml_node *node)
{
    struct odt_list *list = odt->list;
    enum rich_text_finding_kind kind;
    if (odt_is_left_out(odt, &kind)) {
        odt_blocks(odt, node);
        return;
    }
    odt->list = NULL;
    builder_begin_table(odt->builder);
    read_rows(odt, node, false);
    builder_end_table(odt->builder);
    odt->list = list;
}

/* ---- blocks ---- */

static bool is_hidden_block(const struct xml_node *node)
{
    return odt_has_value(node, ODF_TEXT, "display", "none") ||
           (odt_has_value(node, ODF_TEXT, "display", "condition") &&
            odt_has_value(node, ODF_TEXT, "is-hidden", "true"));
}

/* A section, an index, a group: what stands in it, unless it is hidden as a whole. */
static void read_section(struct odt *odt, const struct xml_node *node)
{
    bool is_hidden = is_hidden_block(node);
    odt->hidden += is_hidden;
    odt_blocks(odt, node);
    odt->hidden -= is_hidden;
}

static bool is_white(const struct xml_node *node)
{
    return strspn(node->text, " \t\r\n") == node->text_length;
}

static void read_block(struct odt *odt, const struct xml_node *node)
{
    if (node->text) {
        if (!is_white(node))
            odt_characters(odt, node->text, node->text_length);
        return;
    }
    if (odt_is_silent(node) || odt_read_change(odt, node) || odt_drawing(odt, node))
        return;
    if (odt_is(node, ODF_TEXT, "p") || odt_is(node, ODF_TEXT, "h"))
        read_paragraph(odt, node);
    else if (odt_is(node, ODF_TEXT, "list"))
        read_list(odt, node);
    else if (odt_is(node, ODF_TEXT, "numbered-paragraph"))
        read_numbered(odt, node);
    else if (odt_is(node, ODF_TABLE, "table"))
        read_table(odt, node);
    else
        read_section(odt, node);
}

/* ---- the size of most letters ---- */

struct tally {
    int sizes[SIZES];
    size_t letters[SIZES];
    size_t count;
};

static void tally_add(struct tally *tally, int size, size_t letters)
{
    size_t i = 0;
    while (i < tally->count && tally->sizes[i] != size)
        i++;
    if (i == SIZES)
        return;
    tally->sizes[i] = size;
    tally->letters[i] += letters;
    tally->count = i == tally->count ? i + 1 : tally->count;
}

static void tally_below(const struct odt *odt, const struct xml_node *node, struct odt_look look,
                        struct tally *tally)
{
    for (const struct xml_node *child = node->first_child; child; child = child->next) {
        struct odt_look here = look;
        if (child->text) {
            tally_add(tally, look.size, child->text_length);
            continue;
        }
        if (odt_is(child, ODF_TEXT, "p") || odt_is(child, ODF_TEXT, "h")) {
            here.size = DEFAULT_SIZE;
            odt_look_apply(&here, paragraph_style(odt, child));
        } else if (odt_is(child, ODF_TEXT, "span")) {
            const char *name = xml_attribute_value(child, ODF_TEXT, "style-name");
            odt_look_apply(&here, name ? odt_style_find(&odt->styles, "text", name) : NULL);
        } else if (odt_is(child, ODF_TEXT, "tracked-changes"))
            continue;
        tally_below(odt, child, here, tally);
    }
}

static int common_size(const struct odt *odt, const struct xml_node *text)
{
    struct tally tally = { .count = 0 };
    size_t best = 0;
    tally_below(odt, text, (struct odt_look){ .size = DEFAULT_SIZE }, &tally);
    for (size_t i = 1; i < tally.count; i++)
        if (tally.letters[i] > tally.letters[best])
            best = i;
    return tally.count ? tally.sizes[best] : DEFAULT_SIZE;
}

/* ---- beside the text ---- */

/* Headers and footers of pages, of each kind of page. */
static void read_page_headers(struct odt *odt, const struct xml_node *styles)
{
    const struct xml_node *pages = xml_child(styles, ODF_OFFICE, "master-styles");
    for (const struct xml_node *page = pages ? pages->first_child : NULL; page; page = page->next)
        for (const struct xml_node *node = page->first_child; node; node = node->next)
            if (node->name && strcmp(node->space, ODF_STYLE) == 0 &&
                (strncmp(node->name, "header", 6) == 0 || strncmp(node->name, "footer", 6) == 0))
                odt_leave_out(odt, node, RICH_TEXT_PAGE_HEADER);
}

/* A module of Basic, or a script; LibreOffice writes lists of them where there are none, too. */
static bool is_macro(const char *name)
{
    size_t length = strlen(name);
    if (strncasecmp(name, "Scripts/", 8) == 0)
        return length > 8 && name[length - 1] != '/';
    return strncasecmp(name, "Basic/", 6) == 0 && length > 6 && name[length - 1] != '/' &&
           !strstr(name, "script-lb.xml") && !strstr(name, "script-lc.xml") &&
           !strstr(name, "dialog-lb.xml") && !strstr(name, "dialog-lc.xml");
}

static void tell_macros(struct odt *odt)
{
    const char *name;
    for (size_t i = 0; (name = package_name(odt->package, i)); i++)
        if (is_macro(name))
            builder_finding(odt->builder, RICH_TEXT_MACROS, name);
}

/* A note may hold notes: the list grows while it is read. Of too many the builder has told. */
static void read_notes(struct odt *odt)
{
    for (size_t i = 0; i < odt->note_count && i < NOTES_READ; i++) {
        builder_begin_note(odt->builder, odt->notes[i].mark);
        odt_blocks(odt, odt->notes[i].element);
        builder_end_note(odt->builder);
    }
}

static void read_all(struct odt *odt, const struct xml_node *text, const struct xml_node *styles)
{
    odt->common_size = common_size(odt, text);
    odt_blocks(odt, text);
    odt->look = (struct odt_look){ .traits = 0 };
    odt->list = NULL;
    odt->deleted = 0;
    read_notes(odt);
    odt_end_changes(odt);
    if (styles)
        read_page_headers(odt, styles);
    tell_macros(odt);
    if (!builder_finish(odt->builder))
        odt->text->fault = RICH_TEXT_FAULT_TOO_LARGE;
}

void odt_read(struct arena *arena, struct package *package, struct rich_text *text)
{
    struct odt odt = { .arena = arena, .package = package, .text = text, .block = read_block };
    const struct xml_node *styles = rich_text_xml_part(arena, package, "styles.xml", text);
    const struct xml_node *content = NULL;
    if (text->fault == RICH_TEXT_FAULT_NONE)
        content = rich_text_xml_part(arena, package, "content.xml", text);
    const struct xml_node *body = content ? xml_child(content, ODF_OFFICE, "body") : NULL;
    const struct xml_node *words = body ? xml_child(body, ODF_OFFICE, "text") : NULL;
    if (text->fault != RICH_TEXT_FAULT_NONE)
        return;
    if (!words) {
        text->fault = RICH_TEXT_FAULT_BROKEN;
        text->detail = "content.xml";
        return;
    }
    odt_styles_read(arena, content, styles, &odt.styles);
    odt.builder = builder_new(arena, text);
    string_builder_init(&odt.left_out, 0);
    string_builder_init(&odt.insertion, 0);
    read_all(&odt, words, styles);
    string_builder_release(&odt.left_out);
    string_builder_release(&odt.insertion);
}
