/* SPDX-License-Identifier: MIT */
/* A body tree as bytes: of each node its kind, what its kind has, its children, and an end. */
#include "intake/reading_parts.h"
#include "intake/reading_value.h"

#include "base/arena.h"
#include "base/string_builder.h"
#include "confined/packet.h"
#include "release/body.h"

/* No child is a document, so this kind marks the end of a node's children. */
static const enum body_kind end_of_children = BODY_DOCUMENT;

enum { LEVEL_LEAST = 2, LEVEL_MOST = 4 };

/* ---- writing ---- */

struct putting {
    struct string_builder *packet;
    size_t count;
    bool is_too_large;
};

static void put_attributes(struct string_builder *packet, const struct body_node *node)
{
    switch (node->kind) {
    case BODY_HEADING:
        packet_put_integer(packet, node->level);
        packet_put_string(packet, node->target);
        break;
    case BODY_LIST:
        packet_put_bool(packet, node->is_ordered);
        packet_put_integer(packet, node->start_offset);
        break;
    case BODY_CELL:
        packet_put_bool(packet, node->is_header);
        packet_put_integer(packet, node->alignment);
        break;
    case BODY_TEXT:
    case BODY_CODE:
        packet_put_string(packet, node->text);
        break;
    case BODY_LINK:
        packet_put_string(packet, node->target);
        break;
    case BODY_IMAGE:
        packet_put_string(packet, node->target);
        packet_put_string(packet, node->text);
        break;
    case BODY_DOCUMENT:
    case BODY_PARAGRAPH:
    case BODY_ITEM:
    case BODY_QUOTE:
    case BODY_PREFORMATTED:
    case BODY_FIGURE:
    case BODY_CAPTION:
    case BODY_TABLE:
    case BODY_ROW:
    case BODY_RULE:
    case BODY_EMPHASIS:
    case BODY_STRONG:
    case BODY_BREAK:
    case BODY_KIND_COUNT:
        break;
    }
}

static void put_children(struct putting *putting, const struct body_node *node, int depth)
{
    for (const struct body_node *child = node->first_child; child && !putting->is_too_large;
         child = child->next) {
        if (depth >= BODY_DEPTH_MAXIMUM || ++putting->count >= BODY_NODES_MAXIMUM) {
            putting->is_too_large = true;
            return;
        }
        packet_put_integer(putting->packet, child->kind);
        put_attributes(putting->packet, child);
        put_children(putting, child, depth + 1);
    }
    packet_put_integer(putting->packet, end_of_children);
}

void reading_put_body(struct string_builder *packet, const struct body_node *document)
{
    struct putting putting = { .packet = packet };
    size_t length = packet->length;
    put_children(&putting, document, 0);
    if (!putting.is_too_large)
        return;
    string_builder_truncate(packet, length);
    packet_put_integer(packet, end_of_children);
}

/* ---- reading ---- */

static const char *take_target(struct packet *packet, struct arena *arena,
                               const struct body_node *node)
{
    const char *target = packet_string(packet, arena);
    if (!target)
        return NULL;
    bool is_mark = target[0] == '#';
    bool is_good = node->kind == BODY_IMAGE
                       ? body_target_is_file(target)
                       : body_target_is_allowed(target) && (node->kind == BODY_LINK || is_mark);
    if (is_good)
        return target;
    reading_refuse(packet);
    return NULL;
}

static void take_attributes(struct packet *packet, struct arena *arena, struct body_node *node)
{
    switch (node->kind) {
    case BODY_HEADING:
        node->level = (int)packet_integer_within(packet, LEVEL_LEAST, LEVEL_MOST);
        node->target = take_target(packet, arena, node);
        break;
    case BODY_LIST:
        node->is_ordered = packet_bool(packet);
        node->start_offset = (int)packet_integer_within(packet, -1, BODY_LIST_START_MAXIMUM - 1);
        break;
    case BODY_CELL:
        node->is_header = packet_bool(packet);
        node->alignment = (enum body_alignment)packet_integer_within(packet, BODY_ALIGN_NONE,
                                                                     BODY_ALIGN_RIGHT);
        break;
    case BODY_TEXT:
    case BODY_CODE:
        node->text = reading_take_lines(packet, arena);
        break;
    case BODY_LINK:
        node->target = take_target(packet, arena, node);
        break;
    case BODY_IMAGE:
        node->target = take_target(packet, arena, node);
        node->text = reading_take_lines(packet, arena);
        break;
    case BODY_DOCUMENT:
    case BODY_PARAGRAPH:
    case BODY_ITEM:
    case BODY_QUOTE:
    case BODY_PREFORMATTED:
    case BODY_FIGURE:
    case BODY_CAPTION:
    case BODY_TABLE:
    case BODY_ROW:
    case BODY_RULE:
    case BODY_EMPHASIS:
    case BODY_STRONG:
    case BODY_BREAK:
    case BODY_KIND_COUNT:
        break;
    }
}

struct body_node *reading_take_body(struct packet *packet, struct arena *arena)
{
    struct body_node *document = body_new(arena);
    struct body_node *node = document; /* the node whose children are being read */
    int depth = 0;
    size_t count = 1;
    while (depth >= 0 && !packet->is_bad) { /* until the document's own children end */
        enum body_kind kind = (enum body_kind)packet_integer_within(packet, end_of_children,
                                                                    BODY_KIND_COUNT - 1);
        if (kind == end_of_children) {
            node = node->parent;
            depth--;
            continue;
        }
        if (depth >= BODY_DEPTH_MAXIMUM || ++count > BODY_NODES_MAXIMUM ||
            !body_may_contain(node->kind, kind)) {
            reading_refuse(packet);
            break;
        }
        node = body_append(arena, node, kind);
        depth++;
        take_attributes(packet, arena, node);
    }
    return document;
}
