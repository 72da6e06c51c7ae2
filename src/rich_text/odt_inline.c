/* SPDX-License-Identifier: MIT */
/* What stands in a paragraph: words with their look, links, notes, marks. */
#include "rich_text/odt_parts.h"

#include "base/arena.h"
#include "base/array.h"
#include "rich_text/builder.h"
#include "rich_text/odt_name.h"
#include "xml/xml_reader.h"

#include <string.h>

enum { SPACES_MAXIMUM = 80 /* of one <text:s> */ };

/* Words may stand in every element, also where the format has it empty. */

static void read_spaces(struct odt *odt, const struct xml_node *node)
{
    char spaces[SPACES_MAXIMUM + 1];
    int count = odt_number(node, ODF_TEXT, "c", 1);
    count = count < SPACES_MAXIMUM ? count : SPACES_MAXIMUM;
    memset(spaces, ' ', sizeof spaces);
    spaces[count] = '\0';
    odt_put_characters(odt, spaces, (size_t)count);
    odt_inlines(odt, node);
}

static void read_break(struct odt *odt, const struct xml_node *node)
{
    enum rich_text_finding_kind kind;
    if (odt_is_left_out(odt, &kind))
        odt_put_characters(odt, "\n", 1);
    else
        builder_break(odt->builder);
    odt_inlines(odt, node);
}

static void read_tab(struct odt *odt, const struct xml_node *node)
{
    enum rich_text_finding_kind kind;
    if (odt_is_left_out(odt, &kind))
        odt_put_characters(odt, "\t", 1);
    else
        builder_tab(odt->builder);
    odt_inlines(odt, node);
}

static void read_styled(struct odt *odt, const struct xml_node *node)
{
    struct odt_look before = odt->look;
    const char *name = xml_attribute_value(node, ODF_TEXT, "style-name");
    if (name)
        odt_look_apply(&odt->look, odt_style_find(&odt->styles, "text", name));
    odt_inlines(odt, node);
    odt->look = before;
}

static void read_link(struct odt *odt, const struct xml_node *node)
{
    const char *address = xml_attribute_value(node, ODF_LINK, "href");
    builder_begin_link(odt->builder, address ? address : "");
    read_styled(odt, node);
    builder_end_link(odt->builder);
}

/* "#name|outline" leads to a heading by its words; "#name" to a mark. */
static void read_mark(struct odt *odt, const struct xml_node *node)
{
    enum rich_text_finding_kind kind;
    if (!odt_is_left_out(odt, &kind))
        builder_anchor(odt->builder, xml_attribute_value(node, ODF_TEXT, "name"));
    odt_inlines(odt, node);
}

/* The number is ours: what the file shows of it is no word. */
static void read_note(struct odt *odt, const struct xml_node *node)
{
    enum rich_text_finding_kind kind;
    odt_end_left_out(odt);
    if (odt_is_left_out(odt, &kind)) {
        odt_leave_out(odt, node, kind);
        return;
    }
    ARRAY_GROW_IN(odt->arena, odt->notes, odt->note_count, odt->note_capacity);
    struct odt_note *note = &odt->notes[odt->note_count++];
    note->element = node;
    note->mark = arena_format(odt->arena, "%zu", odt->note_count);
    builder_note_reference(odt->builder, note->mark);
}

static void read_hidden(struct odt *odt, const struct xml_node *node)
{
    odt->hidden++;
    odt_inlines(odt, node);
    odt->hidden--;
}

static void read_hidden_text(struct odt *odt, const struct xml_node *node)
{
    if (odt_has_value(node, ODF_TEXT, "is-hidden", "true"))
        read_hidden(odt, node);
    else
        odt_inlines(odt, node);
}

static void read_script(struct odt *odt, const struct xml_node *node)
{
    odt_end_left_out(odt);
    odt_leave_out(odt, node, RICH_TEXT_FIELD_CODE);
}

/* Small words above others. */
static void read_ruby(struct odt *odt, const struct xml_node *node)
{
    odt_put_characters(odt, " (", 2);
    odt_inlines(odt, node);
    odt_put_characters(odt, ")", 1);
}

typedef void (*read_inline)(struct odt *odt, const struct xml_node *node);

/* All others, fields too, show what stands in them. */
static read_inline reader_of(const struct xml_node *node)
{
    static const struct {
        const char *name;
        read_inline read;
    } readers[] = {
        { "span", read_styled },
        { "a", read_link },
        { "s", read_spaces },
        { "tab", read_tab },
        { "line-break", read_break },
        { "note", read_note },
        { "bookmark", read_mark },
        { "bookmark-start", read_mark },
        { "reference-mark", read_mark },
        { "reference-mark-start", read_mark },
        { "hidden-text", read_hidden_text },
        { "ruby-text", read_ruby },
        { "script", read_script },
    };

    if (strcmp(node->space, ODF_TEXT) != 0)
        return odt_inlines;
    for (size_t i = 0; i < sizeof readers / sizeof readers[0]; i++)
        if (strcmp(node->name, readers[i].name) == 0)
            return readers[i].read;
    return odt_has_value(node, ODF_TEXT, "display", "none") ? read_hidden : odt_inlines;
}

/* A block that stands where none may: a paragraph in a field. */
static bool is_block(const struct xml_node *node)
{
    return odt_is(node, ODF_TEXT, "p") || odt_is(node, ODF_TEXT, "h") ||
           odt_is(node, ODF_TEXT, "list") || odt_is(node, ODF_TABLE, "table");
}

void odt_inlines(struct odt *odt, const struct xml_node *node)
{
    for (const struct xml_node *child = node->first_child; child; child = child->next) {
        if (child->text)
            odt_characters(odt, child->text, child->text_length);
        else if (!odt_is_silent(child) && !odt_read_change(odt, child) &&
                 !odt_drawing(odt, child)) {
            if (is_block(child))
                odt->block(odt, child);
            else
                reader_of(child)(odt, child);
        }
    }
}

bool odt_paragraph_is_hidden(const struct xml_node *paragraph)
{
    for (const struct xml_node *child = paragraph->first_child; child; child = child->next) {
        if (odt_is(child, ODF_TEXT, "hidden-paragraph") &&
            odt_has_value(child, ODF_TEXT, "is-hidden", "true"))
            return true;
        if ((odt_is(child, ODF_TEXT, "span") || odt_is(child, ODF_TEXT, "a")) &&
            odt_paragraph_is_hidden(child))
            return true;
    }
    return false;
}
