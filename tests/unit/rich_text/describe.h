/* SPDX-License-Identifier: MIT */
#ifndef TESTS_UNIT_RICH_TEXT_DESCRIBE_H
#define TESTS_UNIT_RICH_TEXT_DESCRIBE_H

#include <string.h>

#include "base/arena.h"
#include "base/string_builder.h"
#include "release/body.h"
#include "rich_text/rich_text.h"

/* A rich text as lines to be compared: blocks with their marks, then what stands beside them. */

static inline void describe_inlines(struct string_builder *out, const struct body_node *node)
{
    for (; node; node = node->next) {
        if (body_kind_is_block(node->kind))
            continue;
        const char *before = node->kind == BODY_STRONG     ? "**"
                             : node->kind == BODY_EMPHASIS ? "_"
                             : node->kind == BODY_CODE     ? "`"
                             : node->kind == BODY_LINK     ? "["
                             : node->kind == BODY_BREAK    ? "\\ "
                                                           : "";
        string_builder_append(out, before);
        if (node->kind == BODY_IMAGE)
            string_builder_append_format(out, "![%s](%s)", node->text, node->target);
        else if (node->text)
            string_builder_append(out, node->text);
        describe_inlines(out, node->first_child);
        if (node->kind == BODY_LINK)
            string_builder_append_format(out, "](%s)", node->target);
        else if (node->kind != BODY_BREAK)
            string_builder_append(out, before);
    }
}

static inline void describe_blocks(struct string_builder *out, const struct body_node *node,
                                   int depth);

static inline void describe_block(struct string_builder *out, const struct body_node *node,
                                  int depth)
{
    static const char *const names[BODY_KIND_COUNT] = {
        [BODY_PARAGRAPH] = "p",   [BODY_HEADING] = "heading", [BODY_LIST] = "ul",
        [BODY_ITEM] = "li",       [BODY_QUOTE] = "quote",     [BODY_PREFORMATTED] = "pre",
        [BODY_FIGURE] = "figure", [BODY_CAPTION] = "caption", [BODY_TABLE] = "table",
        [BODY_ROW] = "row",       [BODY_CELL] = "cell",       [BODY_RULE] = "rule",
    };

    bool is_ordered = node->kind == BODY_LIST && node->is_ordered;
    string_builder_append(out, is_ordered ? "ol" : names[node->kind]);
    if (node->start_offset)
        string_builder_append_format(out, " from %d", node->start_offset + 1);
    if (node->is_header)
        string_builder_append(out, " header");
    if (node->target)
        string_builder_append_format(out, " %s", node->target);
    string_builder_append(out, ":");
    if (node->first_child && !body_kind_is_block(node->first_child->kind))
        string_builder_append(out, " ");
    describe_inlines(out, node->first_child);
    string_builder_append(out, "\n");
    describe_blocks(out, node->first_child, depth + 1);
}

static inline void describe_blocks(struct string_builder *out, const struct body_node *node,
                                   int depth)
{
    for (; node; node = node->next) {
        if (!body_kind_is_block(node->kind))
            continue;
        string_builder_append_format(out, "%*s", 2 * depth, "");
        describe_block(out, node, depth);
    }
}

static inline void describe_beside(struct string_builder *out, const struct rich_text *text)
{
    static const char *const fields[] = { "title",     "description", "language",
                                          "published", "keyword",     "image" };
    static const char *const findings[] = { "inserted", "deleted",    "moved",       "struck",
                                            "hidden",   "comment",    "page header", "furniture",
                                            "external", "unreadable", "embedded",    "macros",
                                            "chart",    "formula",    "field code" };

    for (const struct rich_text_field *field = text->fields; field; field = field->next)
        string_builder_append_format(out, "= %s: %s\n", fields[field->kind], field->value);
    for (const struct rich_text_picture *picture = text->pictures; picture; picture = picture->next)
        string_builder_append_format(out, "= %s, %zu bytes, \"%s\", \"%s\"\n", picture->name,
                                     picture->length, picture->alternative,
                                     picture->caption ? picture->caption : "");
    for (const struct rich_text_finding *finding = text->findings; finding; finding = finding->next)
        string_builder_append_format(out, "= %s %zu, %zu letters: %s\n", findings[finding->kind],
                                     finding->count, finding->letters, finding->words);
}

/* In arena. */
static inline const char *describe(struct arena *arena, const struct rich_text *text)
{
    struct string_builder out;
    string_builder_init(&out, 0);
    if (text->fault)
        string_builder_append_format(&out, "fault %d: %s\n", (int)text->fault, text->detail);
    const struct rich_text_block *block = text->blocks;
    for (const struct body_node *node = text->body ? text->body->first_child : NULL; node;
         node = node->next, block = block ? block->next : NULL) {
        if (!block || block->node != node)
            string_builder_append(&out, "NOT RECORDED ");
        else {
            if (block->outline)
                string_builder_append_format(&out, "h%d ", block->outline);
            string_builder_append(&out, block->marks & RICH_TEXT_TITLE ? "title " : "");
            string_builder_append(&out, block->marks & RICH_TEXT_SUBTITLE ? "subtitle " : "");
            string_builder_append(&out, block->marks & RICH_TEXT_BOLD ? "bold " : "");
            string_builder_append(&out, block->marks & RICH_TEXT_LARGE ? "large " : "");
            string_builder_append(&out, block->marks & RICH_TEXT_CAPTION ? "caption " : "");
        }
        describe_block(&out, node, 0);
    }
    if (block)
        string_builder_append(&out, "MORE RECORDS\n");
    describe_beside(&out, text);
    const char *result = arena_copy(arena, out.length ? out.data : "");
    string_builder_release(&out);
    return result;
}

#endif
