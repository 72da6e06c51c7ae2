/* SPDX-License-Identifier: MIT */
/* Words: those that are shown, and those that are left out. */
#include "rich_text/odt_parts.h"

#include "rich_text/builder.h"
#include "rich_text/odt_name.h"
#include "xml/xml_reader.h"

#include <string.h>

enum { INSERTED_SHOWN = 640 /* bytes of insertions that are kept for their words */ };

/* ---- left out ---- */

bool odt_is_left_out(const struct odt *odt, enum rich_text_finding_kind *kind)
{
    if (odt->deleted > 0)
        *kind = RICH_TEXT_DELETED;
    else if (odt->hidden > 0 || odt->look.traits & ODT_HIDDEN)
        *kind = RICH_TEXT_HIDDEN;
    else if (odt->look.traits & ODT_STRUCK)
        *kind = RICH_TEXT_STRUCK;
    else
        return false;
    return true;
}

void odt_end_left_out(struct odt *odt)
{
    if (odt->left_out.length)
        builder_finding(odt->builder, odt->left_out_kind, odt->left_out.data);
    string_builder_clear(&odt->left_out);
}

bool odt_is_silent(const struct xml_node *node)
{
    static const char *const text_names[] = {
        "note-citation",
        "table-of-content-source",
        "illustration-index-source",
        "table-index-source",
        "object-index-source",
        "user-index-source",
        "alphabetical-index-source",
        "bibliography-source",
        "sequence-decls",
        "variable-decls",
        "user-field-decls",
        "dde-connection-decls",
    };
    static const char *const office_names[] = { "forms", "change-info", "event-listeners",
                                                "binary-data", "settings" };
    if (strcmp(node->space, ODF_DUBLIN) == 0 || strcmp(node->space, ODF_META) == 0)
        return true;
    if (strcmp(node->name, "sender-initials") == 0 || odt_is(node, ODF_TABLE, "title") ||
        odt_is(node, ODF_TABLE, "desc"))
        return true;
    if (strcmp(node->space, ODF_TEXT) == 0)
        for (size_t i = 0; i < sizeof text_names / sizeof text_names[0]; i++)
            if (strcmp(node->name, text_names[i]) == 0)
                return true;
    if (strcmp(node->space, ODF_OFFICE) == 0)
        for (size_t i = 0; i < sizeof office_names / sizeof office_names[0]; i++)
            if (strcmp(node->name, office_names[i]) == 0)
                return true;
    return false;
}

void odt_append_words(struct string_builder *text, const struct xml_node *node)
{
    for (const struct xml_node *child = node->first_child; child; child = child->next) {
        if (child->text) {
            string_builder_append_bytes(text, child->text, child->text_length);
            continue;
        }
        if (odt_is_silent(child))
            continue;
        bool parts = strcmp(child->space, ODF_TEXT) != 0 || strcmp(child->name, "span") != 0;
        if (parts)
            string_builder_append_character(text, ' ');
        odt_append_words(text, child);
    }
}

bool odt_has_words(const struct string_builder *text)
{
    return text->length && strspn(text->data, " \t\r\n") < text->length;
}

void odt_leave_out(struct odt *odt, const struct xml_node *node, enum rich_text_finding_kind kind)
{
    struct string_builder text;
    string_builder_init(&text, 0);
    odt_append_words(&text, node);
    if (text.length)
        builder_count(odt->builder, text.data, text.length);
    bool is_open = kind == RICH_TEXT_DELETED || kind == RICH_TEXT_MOVED ||
                   kind == RICH_TEXT_COMMENT;
    if (odt_has_words(&text))
        builder_finding(odt->builder, kind, text.data);
    else if (is_open)
        builder_finding(odt->builder, kind, NULL);
    string_builder_release(&text);
}

/* ---- shown ---- */

static unsigned style_here(const struct odt *odt)
{
    unsigned style = 0;
    if (odt->look.traits & ODT_BOLD)
        style |= BUILDER_BOLD;
    if (odt->look.traits & ODT_ITALIC)
        style |= BUILDER_ITALIC;
    if (odt->look.traits & ODT_CODE)
        style |= BUILDER_CODE;
    /* A point is what is seen. */
    if (odt->look.size >= odt->common_size + 10)
        style |= BUILDER_LARGE;
    return style;
}

void odt_put_characters(struct odt *odt, const char *bytes, size_t length)
{
    enum rich_text_finding_kind kind;
    if (odt_is_left_out(odt, &kind)) {
        if (odt->left_out_kind != kind)
            odt_end_left_out(odt);
        odt->left_out_kind = kind;
        string_builder_append_bytes(&odt->left_out, bytes, length);
        return;
    }
    if (strspn(bytes, " \t\r\n") < length)
        odt_end_left_out(odt);
    builder_text(odt->builder, bytes, length, style_here(odt));
    if (odt->inserted > 0 && odt->insertion.length < INSERTED_SHOWN)
        string_builder_append_bytes(&odt->insertion, bytes, length);
}

void odt_characters(struct odt *odt, const char *bytes, size_t length)
{
    builder_count(odt->builder, bytes, length);
    odt_put_characters(odt, bytes, length);
}

/* ---- below an element ---- */

void odt_blocks(struct odt *odt, const struct xml_node *node)
{
    for (const struct xml_node *child = node->first_child; child; child = child->next)
        odt->block(odt, child);
    odt_end_left_out(odt);
}
