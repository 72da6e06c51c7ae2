/* SPDX-License-Identifier: MIT */
/* The blocks of a text that are its text, as the body of the release. */
#include "intake/layout_parts.h"

#include "base/arena.h"
#include "intake/reader.h"
#include "intake/text_block.h"
#include "intake/text_heading.h"
#include "intake/text_mark.h"
#include "release/release.h"
#include "rich_text/rich_text.h"

#include <string.h>

/* Levels of headings in a body, the file's levels, and bytes from which one is a paragraph. */
enum { LEVEL_FIRST = 2, LEVEL_LAST = 4, OUTLINES = 9, HEADING_MAXIMUM = 300 };

struct body {
    struct layout *layout;
    struct body_node *root;   /* the release's */
    int levels[OUTLINES + 1]; /* of each outline that occurs */
    int level;                /* of the last heading by outline; 1: none yet */
};

static enum text_role role_at(const struct layout *layout, size_t line)
{
    return layout->sections.roles[line];
}

/* Whether any of its words are text; a block without words is, as it stands. */
static bool is_text(const struct layout *layout, size_t index)
{
    const struct layout_block *block = &layout->blocks[index];
    for (size_t i = 0; i < block->count; i++)
        if (role_at(layout, block->first + i) == TEXT_ROLE_TEXT ||
            role_at(layout, block->first + i) == TEXT_ROLE_RULE)
            return true;
    return block->count == 0;
}

static const struct text_line *line_of(const struct body *body, size_t index)
{
    return &body->layout->lines.lines[body->layout->blocks[index].first];
}

/* ---- headings ---- */

static bool is_heading(const struct layout_block *block)
{
    return block->outline > 0 && block->outline <= OUTLINES &&
           block->node->kind == BODY_PARAGRAPH && block->count > 0;
}

/* The levels of the file, without gaps: its highest is the body's highest. */
static void find_levels(struct body *body)
{
    const struct layout *layout = body->layout;
    bool occurs[OUTLINES + 1] = { false };
    int level = LEVEL_FIRST;
    for (size_t i = 0; i < layout->count; i++)
        if (is_heading(&layout->blocks[i]) && is_text(layout, i))
            occurs[layout->blocks[i].outline] = true;
    for (int outline = 1; outline <= OUTLINES; outline++) {
        body->levels[outline] = level;
        level += occurs[outline] && level < LEVEL_LAST;
    }
}

/* Pictures in a heading stand below it. */
static void move_pictures(struct body *body, struct body_node *heading)
{
    struct body_node *next;
    for (struct body_node *child = heading->first_child; child; child = next) {
        next = child->next;
        if (child->kind != BODY_IMAGE)
            continue;
        layout_node_unlink(child);
        layout_node_adopt(body_append(body->layout->reading->arena, body->root, BODY_FIGURE),
                          child);
    }
}

static void append_heading(struct body *body, const struct layout_block *block, int level)
{
    struct body_node *heading = body_append(body->layout->reading->arena, body->root, BODY_HEADING);
    const char *target = block->node->target;
    heading->level = level;
    heading->target = target && *target == '#' ? target : NULL;
    layout_node_adopt_all(heading, block->node);
    layout_node_unbold(heading);
    move_pictures(body, heading);
    if (!heading->first_child)
        layout_node_unlink(heading);
}

/* ---- typed marks ---- */

static const char *behind_dash(const struct body *body, size_t index)
{
    const struct layout *layout = body->layout;
    if (index >= layout->count || layout->blocks[index].node->kind != BODY_PARAGRAPH ||
        layout->blocks[index].count != 1 || !is_text(layout, index))
        return NULL;
    return text_behind_dash(line_of(body, index)->text);
}

static const char *behind_bullet(const struct body *body, size_t index)
{
    const struct layout *layout = body->layout;
    size_t size;
    if (index >= layout->count || layout->blocks[index].node->kind != BODY_PARAGRAPH ||
        layout->blocks[index].count != 1 || !is_text(layout, index))
        return NULL;
    return text_behind_bullet(line_of(body, index)->text, &size);
}

/* The words of the paragraph without the mark before them. */
static void append_unmarked(const struct body *body, size_t index, struct body_node *parent,
                            const char *words)
{
    struct body_node *node = body->layout->blocks[index].node;
    (void)layout_node_cut(node, (size_t)(words - line_of(body, index)->text));
    layout_node_adopt_all(parent, node);
}

/* Paragraphs that somebody typed a dash before are a list or quotes, by the rule for plain text.
 * Returns how many there are. */
static size_t append_dashes(struct body *body, size_t index)
{
    struct arena *arena = body->layout->reading->arena;
    size_t first = body->layout->blocks[index].first;
    size_t count = 0;
    while (behind_dash(body, index + count))
        count++;
    if (count == 0)
        return 0;
    bool is_list = text_dashes_are_list(&body->layout->lines, first, count);
    struct body_node *list = is_list ? body_append(arena, body->root, BODY_LIST) : NULL;
    for (size_t i = index; i < index + count; i++) {
        struct body_node *parent = is_list ? body_append(arena, list, BODY_ITEM)
                                           : body_append(arena,
                                                         body_append(arena, body->root, BODY_QUOTE),
                                                         BODY_PARAGRAPH);
        append_unmarked(body, i, parent, behind_dash(body, i));
    }
    return count;
}

static size_t append_bullets(struct body *body, size_t index)
{
    struct arena *arena = body->layout->reading->arena;
    size_t count = 0;
    if (!behind_bullet(body, index))
        return 0;
    struct body_node *list = body_append(arena, body->root, BODY_LIST);
    for (const char *words; (words = behind_bullet(body, index + count)); count++)
        append_unmarked(body, index + count, body_append(arena, list, BODY_ITEM), words);
    return count;
}

/* ---- paragraphs of which some lines are no text ---- */

/* Splits a paragraph at its breaks and keeps those of its lines that are text; pictures stay. */
static void append_lines(const struct body *body, const struct layout_block *block)
{
    struct arena *arena = body->layout->reading->arena;
    struct body_node *paragraph = NULL;
    struct body_node *next;
    size_t line = 0;
    bool is_begun = false; /* words of the line were met */
    for (struct body_node *child = block->node->first_child; child; child = next) {
        next = child->next;
        if (child->kind == BODY_BREAK) {
            line += is_begun;
            is_begun = false;
            paragraph = NULL;
            continue;
        }
        is_begun = is_begun || layout_has_words(body->layout, child);
        if (child->kind != BODY_IMAGE &&
            (line >= block->count || role_at(body->layout, block->first + line) != TEXT_ROLE_TEXT))
            continue;
        if (!paragraph)
            paragraph = body_append(arena, body->root, BODY_PARAGRAPH);
        layout_node_adopt(paragraph, child);
    }
}

static bool is_mixed(const struct layout *layout, const struct layout_block *block)
{
    for (size_t i = 1; i < block->count; i++)
        if (role_at(layout, block->first + i) != role_at(layout, block->first))
            return true;
    return false;
}

/* ---- all of them ---- */

static void append_rule(const struct body *body)
{
    if (body->root->last_child && body->root->last_child->kind != BODY_RULE)
        (void)body_append(body->layout->reading->arena, body->root, BODY_RULE);
}

static bool is_bold_heading(const struct body *body, const struct layout_block *block)
{
    const struct layout *layout = body->layout;
    return (block->marks & RICH_TEXT_BOLD) && block->node->kind == BODY_PARAGRAPH &&
           block->count == 1 &&
           text_heading_is(layout->reading, &layout->lines, block->first, false);
}

/* Returns how many blocks were taken. */
static size_t append_block(struct body *body, size_t index)
{
    const struct layout *layout = body->layout;
    const struct layout_block *block = &layout->blocks[index];
    size_t count;
    if (block->node->kind == BODY_RULE ||
        (block->count == 1 && role_at(layout, block->first) == TEXT_ROLE_RULE)) {
        append_rule(body);
        return 1;
    }
    if (is_mixed(layout, block) && layout_has_plain_lines(layout, block)) {
        append_lines(body, block);
        return 1;
    }
    if (is_heading(block) && strlen(line_of(body, index)->text) <= HEADING_MAXIMUM) {
        body->level = body->levels[block->outline];
        append_heading(body, block, body->level);
        return 1;
    }
    if (is_bold_heading(body, block)) {
        append_heading(body, block, body->level < LEVEL_LAST ? body->level + 1 : LEVEL_LAST);
        return 1;
    }
    if ((count = append_dashes(body, index)) || (count = append_bullets(body, index)))
        return count;
    block->node->target = NULL;
    layout_node_unlink(block->node);
    layout_node_adopt(body->root, block->node);
    return 1;
}

/* A rule parts two blocks; one at the end parts nothing. */
static void drop_last_rule(const struct body *body)
{
    struct body_node *last = body->root->last_child;
    if (last && last->kind == BODY_RULE)
        layout_node_unlink(last);
}

void layout_body_take(struct layout *layout)
{
    struct body body = { .layout = layout,
                         .root = layout->reading->release->body,
                         .level = LEVEL_FIRST - 1 };
    find_levels(&body);
    for (size_t index = 0; index < layout->count;)
        index += is_text(layout, index) ? append_block(&body, index) : 1;
    drop_last_rule(&body);
}
