/* SPDX-License-Identifier: MIT */
#include "intake/markdown_builder.h"

#include "base/arena.h"
#include "intake/encoding.h"
#include "intake/reader.h"

/* Counts on from the last place asked for: md4c goes forward, but for a few steps. */
int markdown_line(struct markdown_builder *builder)
{
    if (builder->seen < builder->counted) {
        builder->counted = builder->reading->text;
        builder->line = 1;
    }
    for (; builder->counted < builder->seen; builder->counted++)
        builder->line += *builder->counted == '\n';
    return builder->line;
}

void markdown_advise(struct markdown_builder *builder, enum intake_message_id id, const char *a)
{
    if (builder->reading->problems->kept < INTAKE_PROBLEM_MAXIMUM)
        intake_problem_add(builder->reading->problems, INTAKE_ADVICE, markdown_line(builder), id, a,
                           NULL);
}

int markdown_enter(struct markdown_builder *builder, struct body_node *node)
{
    if (builder->is_too_large || builder->depth >= STACK_MAXIMUM ||
        builder->nodes > BODY_NODES_MAXIMUM) {
        builder->is_too_large = true;
        return 1;
    }
    builder->stack[builder->depth++] = builder->current;
    if (node)
        builder->current = node;
    return 0;
}

int markdown_leave(struct markdown_builder *builder)
{
    builder->current = builder->stack[--builder->depth];
    return 0;
}

struct body_node *markdown_make(struct markdown_builder *builder, enum body_kind kind)
{
    if (!body_may_contain(builder->current->kind, kind))
        return NULL;
    builder->nodes++;
    if (body_depth(builder->current) + 1 >= BODY_DEPTH_MAXIMUM) {
        builder->is_too_large = true;
        return NULL;
    }
    return body_append(builder->reading->arena, builder->current, kind);
}

const char *markdown_attribute(struct markdown_builder *builder, const MD_ATTRIBUTE *attribute)
{
    struct text text;
    text_init(&text, 8 * (size_t)attribute->size + 64);
    for (unsigned i = 0; attribute->size && attribute->substr_offsets[i] < attribute->size; i++) {
        const char *part = attribute->text + attribute->substr_offsets[i];
        size_t length = attribute->substr_offsets[i + 1] - attribute->substr_offsets[i];
        if (attribute->substr_types[i] == MD_TEXT_ENTITY)
            html_text_append_entity(&text, part, length);
        else
            text_append_bytes(&text, part, length);
    }
    const char *result = encoding_one_line(builder->reading->arena, text.data, text.length);
    text_release(&text);
    return result;
}
