/* SPDX-License-Identifier: MIT */
/* What was changed and is not accepted yet, and comments. */
#include "rich_text/odt_parts.h"

#include "base/array.h"
#include "rich_text/builder.h"
#include "rich_text/odt_name.h"
#include "xml/xml_reader.h"

#include <stdlib.h>
#include <string.h>

static int by_id(const void *a, const void *b)
{
    const struct odt_change *first = a;
    const struct odt_change *second = b;
    return strcmp(first->id, second->id);
}

static const struct odt_change *find_change(const struct odt *odt, const struct xml_node *node)
{
    const char *id = xml_attribute_value(node, ODF_TEXT, "change-id");
    struct odt_change wanted = { .id = id };
    if (!id || !odt->change_count)
        return NULL;
    return bsearch(&wanted, odt->changes, odt->change_count, sizeof *odt->changes, by_id);
}

/* LibreOffice marks both ends of a move, in a namespace of its own. */
static bool is_move(const struct xml_node *change)
{
    const struct xml_attribute_node *attribute = change->attributes;
    while (attribute && strcmp(attribute->name, "move-id") != 0)
        attribute = attribute->next;
    return attribute != NULL;
}

static void add_change(struct odt *odt, const char *id, enum rich_text_finding_kind kind)
{
    if (!id)
        return;
    ARRAY_GROW_IN(odt->arena, odt->changes, odt->change_count, odt->change_capacity);
    odt->changes[odt->change_count++] = (struct odt_change){ .id = id, .kind = kind };
}

/* Words where none may stand. */
static void leave_out_text(struct odt *odt, const struct xml_node *node)
{
    if (strspn(node->text, " \t\r\n") == node->text_length)
        return;
    builder_count(odt->builder, node->text, node->text_length);
    builder_finding(odt->builder, RICH_TEXT_DELETED, node->text);
}

static void leave_out_others(struct odt *odt, const struct xml_node *node)
{
    struct string_builder text;
    string_builder_init(&text, 0);
    odt_append_words(&text, node);
    if (odt_has_words(&text))
        odt_leave_out(odt, node, RICH_TEXT_DELETED);
    string_builder_release(&text);
}

/* What somebody wrote of a change. */
static void read_remark(struct odt *odt, const struct xml_node *change)
{
    const struct xml_node *information = xml_child(change, ODF_OFFICE, "change-info");
    if (information && xml_child(information, ODF_TEXT, "p"))
        odt_leave_out(odt, information, RICH_TEXT_COMMENT);
}

/* What was deleted stands here, and not in the text. */
static void read_region(struct odt *odt, const struct xml_node *region)
{
    const char *id = xml_attribute_value(region, ODF_TEXT, "id");
    if (!id)
        id = xml_attribute_value(region, ODF_XML, "id");
    for (const struct xml_node *node = region->first_child; node; node = node->next) {
        if (!node->name) {
            leave_out_text(odt, node);
            continue;
        }
        read_remark(odt, node);
        bool moves = is_move(node);
        if (odt_is(node, ODF_TEXT, "deletion")) {
            odt_leave_out(odt, node, moves ? RICH_TEXT_MOVED : RICH_TEXT_DELETED);
            add_change(odt, id, moves ? RICH_TEXT_MOVED : RICH_TEXT_DELETED);
        } else {
            leave_out_others(odt, node);
            if (odt_is(node, ODF_TEXT, "insertion"))
                add_change(odt, id, RICH_TEXT_INSERTED);
        }
    }
}

static void read_regions(struct odt *odt, const struct xml_node *list)
{
    for (const struct xml_node *node = list->first_child; node; node = node->next)
        if (odt_is(node, ODF_TEXT, "changed-region"))
            read_region(odt, node);
        else if (node->name)
            odt_leave_out(odt, node, RICH_TEXT_DELETED);
        else
            leave_out_text(odt, node);
    if (odt->change_count)
        qsort(odt->changes, odt->change_count, sizeof *odt->changes, by_id);
}

static void end_insertion(struct odt *odt)
{
    builder_finding(odt->builder, RICH_TEXT_INSERTED,
                    odt->insertion.length ? odt->insertion.data : NULL);
    if (--odt->inserted == 0)
        string_builder_clear(&odt->insertion);
}

/* A deletion that stands in the text is left out there. */
static void read_end(struct odt *odt, const struct xml_node *node, bool is_start)
{
    const struct odt_change *change = find_change(odt, node);
    odt_end_left_out(odt);
    odt_blocks(odt, node); /* the mark itself is empty */
    if (!change)
        return;
    if (change->kind != RICH_TEXT_INSERTED)
        odt->deleted += is_start ? 1 : odt->deleted > 0 ? -1 : 0;
    else if (is_start)
        odt->inserted++;
    else if (odt->inserted > 0)
        end_insertion(odt);
}

static void read_comment(struct odt *odt, const struct xml_node *comment)
{
    odt_end_left_out(odt);
    odt_leave_out(odt, comment, RICH_TEXT_COMMENT);
}

bool odt_read_change(struct odt *odt, const struct xml_node *node)
{
    if (odt_is(node, ODF_TEXT, "tracked-changes"))
        read_regions(odt, node);
    else if (odt_is(node, ODF_TEXT, "change-start"))
        read_end(odt, node, true);
    else if (odt_is(node, ODF_TEXT, "change-end"))
        read_end(odt, node, false);
    else if (odt_is(node, ODF_OFFICE, "annotation"))
        read_comment(odt, node);
    else
        return false;
    return true;
}

void odt_end_changes(struct odt *odt)
{
    while (odt->inserted > 0)
        end_insertion(odt);
}
