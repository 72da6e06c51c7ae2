/* SPDX-License-Identifier: MIT */
#include "intake/layout.h"

#include "base/arena.h"
#include "base/utf8.h"
#include "intake/copied_mail.h"
#include "intake/layout_parts.h"
#include "intake/reader.h"
#include "intake/text_part.h"
#include "intake/wire_text.h"
#include "release/release.h"
#include "rich_text/rich_text.h"

#include <stdint.h>
#include <string.h>

/* Among so many first lines stands the one that a press service's page has below its title. */
enum { WIRE_LINES = 6 };

/* ---- lines ---- */

static void count_line(void *payload, const char *line)
{
    (void)line;
    ++*(size_t *)payload;
}

static void add_line(void *payload, const char *line)
{
    struct text_lines *lines = payload;
    lines->lines[lines->count++] = (struct text_line){ .text = line, .columns = utf8_length(line) };
}

/* Captions are told with their pictures (layout_file.c). */
static bool has_lines(const struct layout_block *block)
{
    return block->node->kind != BODY_FIGURE;
}

/* Whether more room than between two paragraphs stands above the block. */
static bool stands_apart(const struct layout *layout, size_t index)
{
    const struct layout_block *block = &layout->blocks[index];
    return index > 0 && (block->outline > 0 || layout->blocks[index - 1].outline > 0 ||
                         block->node->kind != layout->blocks[index - 1].node->kind);
}

static void make_lines(struct layout *layout)
{
    size_t count = 0;
    for (size_t i = 0; i < layout->count; i++)
        if (has_lines(&layout->blocks[i]))
            layout_each_line(layout, layout->blocks[i].node, false, count_line, &count);
    layout->lines.lines = arena_allocate_array(layout->reading->arena, count + 1,
                                               sizeof *layout->lines.lines);
    for (size_t i = 0; i < layout->count; i++) {
        struct layout_block *block = &layout->blocks[i];
        block->first = layout->lines.count;
        if (has_lines(block))
            layout_each_line(layout, block->node, false, add_line, &layout->lines);
        block->count = layout->lines.count - block->first;
        if (block->count)
            layout->lines.lines[block->first].after_gap = stands_apart(layout, i);
    }
}

/* A line that stands for itself as a rule does ("* * *"), or is one. */
static void mark_rules(const struct layout *layout)
{
    for (size_t i = 0; i < layout->lines.count; i++)
        layout->lines.lines[i].is_rule = layout->sections.roles[i] == TEXT_ROLE_RULE;
}

/* ---- roles ---- */

static bool is_mixed(const struct layout *layout, const struct layout_block *block)
{
    const enum text_role *roles = layout->sections.roles + block->first;
    for (size_t i = 1; i < block->count; i++)
        if (roles[i] != roles[0])
            return true;
    return false;
}

/* What cannot be parted at its lines is a section's as a whole, or none of it is. */
static void keep_whole(const struct layout *layout)
{
    for (size_t i = 0; i < layout->count; i++) {
        const struct layout_block *block = &layout->blocks[i];
        if (!is_mixed(layout, block) || layout_has_plain_lines(layout, block))
            continue;
        for (size_t k = 0; k < block->count; k++)
            layout->sections.roles[block->first + k] = TEXT_ROLE_TEXT;
    }
    for (size_t i = layout->lines.count; i-- > 0;) /* a heading with nothing left below it */
        if (layout->sections.roles[i] == TEXT_ROLE_HEADING &&
            (i + 1 == layout->lines.count || layout->sections.roles[i + 1] == TEXT_ROLE_TEXT))
            layout->sections.roles[i] = TEXT_ROLE_TEXT;
}

/* The line that a press service's page has below its title; count of lines: none. */
static size_t find_dateline(const struct layout *layout)
{
    for (size_t i = 1; i < layout->lines.count && i < WIRE_LINES; i++)
        if (wire_dateline_is(layout->lines.lines[i].text))
            return i;
    return layout->lines.count;
}

static void find_roles(struct layout *layout)
{
    struct intake_reading *reading = layout->reading;
    struct wire_dateline dateline = { .publisher = "" };
    size_t line = find_dateline(layout);
    bool is_wire = line < layout->lines.count &&
                   wire_dateline_read(reading, layout->lines.lines[line].text, 0, &dateline);
    layout->sections = (struct text_sections){ .reading = reading,
                                               .lines = &layout->lines,
                                               .publisher = is_wire ? dateline.publisher : "" };
    text_sections_find(&layout->sections);
    if (is_wire && dateline.kind && layout->sections.word)
        wire_language_read(reading, dateline.kind, layout->sections.word);
    if (is_wire)
        layout->sections.roles[line] = TEXT_ROLE_HEADING;
    keep_whole(layout);
    if (is_wire) /* what it says is in fields now */
        layout->sections.roles[line] = TEXT_ROLE_HEADING;
    mark_rules(layout);
}

/* ---- all of it ---- */

static void take_blocks(struct layout *layout)
{
    size_t count = 0;
    layout->title = SIZE_MAX;
    for (const struct rich_text_block *block = layout->rich->blocks; block; block = block->next)
        count++;
    layout->blocks = arena_allocate_array(layout->reading->arena, count + 1,
                                          sizeof *layout->blocks);
    for (const struct rich_text_block *block = layout->rich->blocks; block; block = block->next)
        layout->blocks[layout->count++] = (struct layout_block){ .node = block->node,
                                                                 .marks = block->marks,
                                                                 .outline = block->outline };
}

static bool is_empty(const struct layout *layout)
{
    for (size_t i = 0; i < layout->count; i++)
        if (layout->blocks[i].node->kind != BODY_RULE)
            return false;
    return true;
}

static void refuse(struct intake_reading *reading, enum intake_message_id id)
{
    intake_problem_add(reading->problems, INTAKE_REFUSED, 0, id, NULL, NULL);
    reading->is_unreadable = true;
}

void layout_take(struct intake_reading *reading, const struct rich_text *text)
{
    struct layout layout = { .reading = reading, .rich = text };
    if (layout_fault_tell(reading, text)) {
        reading->is_unreadable = true;
        return;
    }
    take_blocks(&layout);
    layout_findings_tell(&layout);
    if (is_empty(&layout)) {
        refuse(reading, INTAKE_MESSAGE_TEXT_EMPTY);
        return;
    }
    layout_page_count(&layout);
    layout_node_clean(reading, text->body);
    layout_table_take(&layout);
    if (!layout_header_take(&layout))
        return;
    make_lines(&layout);
    if (copied_mail_is(reading, &layout.lines, 0)) {
        intake_problem_add(reading->problems, INTAKE_REFUSED, 0, INTAKE_MESSAGE_COPIED_MAIL,
                           layout.lines.lines[0].text, NULL);
        reading->fields_unread = true; /* so that the missing title is not reported as well */
        return;
    }
    find_roles(&layout);
    layout_title_take(&layout);
    layout_lead_take(&layout);
    text_parts_take_but_text(&layout.sections);
    layout_body_take(&layout);
    layout_files_take(&layout);
    layout_page_take(&layout);
    layout_node_drop_anchors(reading->release->body);
}
