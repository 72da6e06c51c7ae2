/* SPDX-License-Identifier: MIT */
/* Nodes of a body moved and mended. */
#include "intake/layout_parts.h"

#include "base/arena.h"
#include "intake/bare_address.h"
#include "intake/encoding.h"
#include "intake/media_type.h"
#include "intake/reader.h"
#include "locale/unicode.h"

#include <string.h>

void layout_node_unlink(struct body_node *node)
{
    struct body_node *parent = node->parent;
    struct body_node *before = NULL;
    if (!parent)
        return;
    for (struct body_node *child = parent->first_child; child && child != node; child = child->next)
        before = child;
    if (before)
        before->next = node->next;
    else
        parent->first_child = node->next;
    if (parent->last_child == node)
        parent->last_child = before;
    node->parent = NULL;
    node->next = NULL;
}

void layout_remove_block(struct layout *layout, size_t index)
{
    layout_node_unlink(layout->blocks[index].node);
    memmove(&layout->blocks[index], &layout->blocks[index + 1],
            (layout->count - index - 1) * sizeof *layout->blocks);
    layout->count--;
}

void layout_node_adopt(struct body_node *parent, struct body_node *node)
{
    node->parent = parent;
    node->next = NULL;
    if (parent->last_child)
        parent->last_child->next = node;
    else
        parent->first_child = node;
    parent->last_child = node;
}

void layout_node_adopt_all(struct body_node *parent, struct body_node *from)
{
    struct body_node *next;
    for (struct body_node *child = from->first_child; child; child = next) {
        next = child->next;
        layout_node_adopt(parent, child);
    }
    from->first_child = from->last_child = NULL;
}

static void set_text(struct body_node *node, const char *text)
{
    node->text = text;
    node->buffer = NULL;
    node->buffer_length = node->buffer_capacity = 0;
}

bool layout_node_cut(struct body_node *node, size_t bytes)
{
    struct body_node *first = node->first_child;
    while (first && !first->text && first->first_child)
        first = first->first_child;
    if (!first || first->kind != BODY_TEXT || !first->text || strlen(first->text) < bytes)
        return false;
    set_text(first, first->text + bytes);
    return true;
}

/* ---- bold ---- */

static void unbold(struct body_node *node, int depth)
{
    struct body_node from = { .first_child = node->first_child, .last_child = node->last_child };
    struct body_node *next;
    node->first_child = node->last_child = NULL;
    for (struct body_node *child = from.first_child; child; child = next) {
        next = child->next;
        if (depth < BODY_DEPTH_MAXIMUM)
            unbold(child, depth + 1);
        if (child->kind == BODY_STRONG)
            layout_node_adopt_all(node, child);
        else
            layout_node_adopt(node, child);
    }
}

void layout_node_unbold(struct body_node *node)
{
    unbold(node, 0);
}

/* ---- cleaning ---- */

static const char *normal(const struct intake_reading *reading, const char *text)
{
    return encoding_may_need_form(text, strlen(text)) ? unicode_nfc(reading->arena, text) : text;
}

/* Puts the words of a text in its place, addresses among them as links. */
static void adopt_text(struct intake_reading *reading, struct body_node *parent,
                       struct body_node *node, bool is_plain)
{
    const char *text = normal(reading, node->text);
    if (is_plain) {
        set_text(node, text);
        layout_node_adopt(parent, node);
    } else {
        bare_address_append(reading->arena, parent, text, strlen(text));
    }
}

/* Whether the link may stay. A page's links lead to other pages of its place, which are no files
 * of the release. */
static bool is_kept_link(const struct body_node *node)
{
    const char *target = node->target;
    if (!target || !body_target_is_allowed(target))
        return target && *target == '#';
    return !body_target_is_file(target) || media_type_name_is_known(target);
}

/* inner: within a link or code, where addresses stay words. */
static void clean(struct intake_reading *reading, struct body_node *node, bool inner, int depth)
{
    struct body_node from = { .first_child = node->first_child, .last_child = node->last_child };
    struct body_node *next;
    bool is_plain = inner || node->kind == BODY_LINK || node->kind == BODY_CODE ||
                    node->kind == BODY_PREFORMATTED;
    node->first_child = node->last_child = NULL;
    for (struct body_node *child = from.first_child; child; child = next) {
        next = child->next;
        child->next = NULL;
        if (child->kind == BODY_TEXT && child->text) {
            adopt_text(reading, node, child, is_plain);
            continue;
        }
        if (child->text)
            set_text(child, normal(reading, child->text));
        if (depth < BODY_DEPTH_MAXIMUM)
            clean(reading, child, is_plain, depth + 1);
        if (child->kind == BODY_LINK && !is_kept_link(child))
            layout_node_adopt_all(node, child);
        else
            layout_node_adopt(node, child);
    }
}

void layout_node_clean(struct intake_reading *reading, struct body_node *root)
{
    clean(reading, root, false, 0);
}

/* ---- anchors ---- */

static bool has_anchor(const struct body_node *body, const char *target)
{
    for (const struct body_node *block = body->first_child; block; block = block->next)
        if (block->kind == BODY_HEADING && block->target && strcmp(block->target, target) == 0)
            return true;
    return false;
}

static void drop_anchors(const struct body_node *body, struct body_node *node, int depth)
{
    struct body_node from = { .first_child = node->first_child, .last_child = node->last_child };
    struct body_node *next;
    node->first_child = node->last_child = NULL;
    for (struct body_node *child = from.first_child; child; child = next) {
        next = child->next;
        if (depth < BODY_DEPTH_MAXIMUM)
            drop_anchors(body, child, depth + 1);
        if (child->kind == BODY_LINK && child->target && *child->target == '#' &&
            !has_anchor(body, child->target))
            layout_node_adopt_all(node, child);
        else
            layout_node_adopt(node, child);
    }
}

static bool has_marks(const struct body_node *node, int depth)
{
    if (node->kind == BODY_LINK && node->target && *node->target == '#')
        return true;
    for (const struct body_node *child = node->first_child; child; child = child->next)
        if (depth < BODY_DEPTH_MAXIMUM && has_marks(child, depth + 1))
            return true;
    return false;
}

void layout_node_drop_anchors(struct body_node *body)
{
    if (!has_marks(body, 0))
        return;
    for (struct body_node *block = body->first_child; block; block = block->next)
        drop_anchors(body, block, 1);
}
