/* SPDX-License-Identifier: MIT */
/* Fields (ECMA-376 part 1, 17.16) show their result; their instruction is out. Links, by element
 * and by field. */
#include "rich_text/docx_walk.h"

#include "base/arena.h"
#include "base/array.h"
#include "rich_text/docx_element.h"
#include "rich_text/docx_field.h"
#include "xml/xml_reader.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* ---- those without a counterpart ---- */

static int by_address(const void *a, const void *b)
{
    uintptr_t left = (uintptr_t) * (const struct xml_node *const *)a;
    uintptr_t right = (uintptr_t) * (const struct xml_node *const *)b;
    return (left > right) - (left < right);
}

static bool is_unmatched(const struct docx_walk *walk, const struct xml_node *node)
{
    return walk->unmatched_count && bsearch(&node, walk->unmatched, walk->unmatched_count,
                                            sizeof *walk->unmatched, by_address);
}

static void add_unmatched(struct docx_walk *walk, const struct xml_node *node)
{
    ARRAY_GROW(walk->unmatched, walk->unmatched_count, walk->unmatched_capacity);
    walk->unmatched[walk->unmatched_count++] = node;
}

struct open_fields {
    const struct xml_node **nodes;
    size_t count;
    size_t capacity;
    size_t base;
};

static bool is_type(const struct xml_node *node, const char *type)
{
    const char *value = docx_attribute(node, "fldCharType");
    return value && strcmp(value, type) == 0;
}

static void match(struct docx_walk *walk, struct open_fields *open, const struct xml_node *node)
{
    if (is_type(node, "begin")) {
        ARRAY_GROW(open->nodes, open->count, open->capacity);
        open->nodes[open->count++] = node;
    } else if (is_type(node, "end")) {
        if (open->count > open->base)
            open->count--;
        else
            add_unmatched(walk, node);
    }
}

static void end_story(struct docx_walk *walk, struct open_fields *open)
{
    while (open->count > open->base)
        add_unmatched(walk, open->nodes[--open->count]);
}

static bool is_story(enum docx_element element)
{
    return element == W_TXBX_CONTENT || element == W_FOOTNOTE || element == W_ENDNOTE ||
           element == W_COMMENT;
}

static void match_below(struct docx_walk *walk, struct open_fields *open,
                        const struct xml_node *node)
{
    size_t outer = open->base;
    for (const struct xml_node *child = node->first_child; child; child = child->next) {
        enum docx_element element = docx_element(child);
        if (element == W_FLD_CHAR) {
            match(walk, open, child);
            continue;
        }
        bool is_own = is_story(element);
        if (is_own)
            open->base = open->count;
        if (child->first_child && element != W_R_PR && element != W_P_PR && element != W_T)
            match_below(walk, open, child);
        if (is_own)
            end_story(walk, open);
        open->base = outer;
    }
}

void docx_find_unmatched(struct docx_walk *walk, const struct xml_node *root)
{
    struct open_fields open = { 0 };
    match_below(walk, &open, root);
    end_story(walk, &open);
    free(open.nodes);
    if (walk->unmatched_count)
        qsort(walk->unmatched, walk->unmatched_count, sizeof *walk->unmatched, by_address);
}

/* ---- fields ---- */

static struct docx_field *innermost(const struct docx_walk *walk)
{
    return walk->field_count > walk->field_base ? &walk->fields[walk->field_count - 1] : NULL;
}

static void begin_field(struct docx_walk *walk, const struct xml_node *node)
{
    const struct docx_field *outer = innermost(walk);
    const char *link = outer ? outer->link : NULL;
    ARRAY_GROW(walk->fields, walk->field_count, walk->field_capacity);
    walk->fields[walk->field_count++] = (struct docx_field){
        .begin = walk->instructions.length,
        .link = link,
        .form = docx_child(node, W_FF_DATA),
    };
    walk->instruction_count++;
}

/* One that is a formula in itself would lose words that are seen. */
static void tell_instruction(struct docx_walk *walk, const char *instruction)
{
    enum rich_text_finding_kind kind = docx_field_is(instruction, "EQ") ? RICH_TEXT_FORMULA
                                                                        : RICH_TEXT_FIELD_CODE;
    if (*instruction)
        builder_finding(walk->file->builder, kind, instruction);
}

static void end_instruction(struct docx_walk *walk, struct docx_field *field)
{
    const char *instruction = walk->instructions.data + field->begin;
    if (walk->instructions.length == field->begin)
        instruction = "";
    walk->instruction_count--;
    field->is_result = true;
    tell_instruction(walk, instruction);
    const char *link = walk->out == DOCX_SHOWN || walk->out == RICH_TEXT_STRUCK
                           ? docx_field_link(walk->file->arena, instruction)
                           : NULL;
    field->link = link ? link : field->link;
}

/* A list to choose from shows the entry that was chosen. */
static void show_choice(struct docx_walk *walk, const struct xml_node *form)
{
    const struct xml_node *list = docx_child(form, W_DD_LIST);
    int chosen = docx_number(list, W_RESULT, docx_number(list, W_DEFAULT, 0));
    if (!list)
        return;
    for (const struct xml_node *child = list->first_child; child; child = child->next) {
        const char *entry = docx_element(child) == W_LIST_ENTRY ? docx_attribute(child, "val")
                                                                : NULL;
        if (entry && chosen-- == 0)
            docx_words(walk, entry, strlen(entry));
    }
}

static void end_field(struct docx_walk *walk, struct docx_field *field)
{
    bool had_result = field->is_result;
    if (!had_result)
        end_instruction(walk, field);
    const struct docx_field ended = *field;
    string_builder_truncate(&walk->instructions, ended.begin);
    walk->field_count--;
    if (!had_result && ended.form)
        show_choice(walk, ended.form);
}

void docx_field_character(struct docx_walk *walk, const struct xml_node *node)
{
    struct docx_field *field = innermost(walk);
    if (is_type(node, "begin") && !is_unmatched(walk, node))
        begin_field(walk, node);
    else if (is_type(node, "separate") && field && !field->is_result)
        end_instruction(walk, field);
    else if (is_type(node, "end") && field && !is_unmatched(walk, node))
        end_field(walk, field);
}

void docx_instruction(struct docx_walk *walk, const struct xml_node *node)
{
    const struct docx_field *field = innermost(walk);
    for (const struct xml_node *child = node->first_child; child; child = child->next) {
        if (child->name)
            continue;
        builder_count(walk->file->builder, child->text, child->text_length);
        if (field && !field->is_result)
            string_builder_append_bytes(&walk->instructions, child->text, child->text_length);
        else
            docx_leave_out(walk, RICH_TEXT_FIELD_CODE, child->text, child->text_length);
    }
}

/* ---- links ---- */

static void walk_in_link(struct docx_walk *walk, const struct xml_node *node, const char *link)
{
    const char *outer = walk->hyperlink;
    if (link)
        walk->hyperlink = link;
    docx_walk_children(walk, node);
    walk->hyperlink = outer;
}

void docx_field_simple(struct docx_walk *walk, const struct xml_node *node)
{
    const char *instruction = docx_attribute(node, "instr");
    walk_in_link(walk, node, instruction ? docx_field_link(walk->file->arena, instruction) : NULL);
}

void docx_hyperlink(struct docx_walk *walk, const struct xml_node *node)
{
    const struct docx_relationship *relationship = docx_relationship_find(
        walk->relationships, docx_relation(node, "id"));
    walk_in_link(walk, node,
                 docx_link_address(walk->file->arena, relationship ? relationship->target : NULL,
                                   docx_attribute(node, "anchor")));
}

void docx_bookmark(struct docx_walk *walk, const struct xml_node *node)
{
    const char *name = docx_attribute(node, "name");
    if (name && walk->out == DOCX_SHOWN)
        builder_anchor(walk->file->builder, name);
}
