/* SPDX-License-Identifier: MIT */
/* Notes: "[1]" where they are referred to, their words as a list behind a rule. */
#include "rich_text/builder_parts.h"

#include "base/arena.h"

#include <string.h>

static struct builder_note *note_of(struct builder *builder, const char *mark)
{
    /* Past the bound nobody looks at them any more. */
    struct builder_note *note = builder->is_too_large ? NULL : builder->notes;
    while (note && strcmp(note->mark, mark) != 0)
        note = note->next;
    if (note)
        return note;
    if (++builder->known_notes > NOTES_MAXIMUM)
        builder_fail(builder, "notes");
    note = arena_allocate(builder->arena, sizeof *note);
    note->mark = arena_copy(builder->arena, mark);
    if (builder->last_note)
        builder->last_note->next = note;
    else
        builder->notes = note;
    builder->last_note = note;
    return note;
}

void builder_note_reference(struct builder *builder, const char *mark)
{
    if (builder->is_too_large)
        return;
    struct builder_note *note = note_of(builder, mark);
    if (!note->number)
        note->number = ++builder->note_count;
    const char *words = arena_format(builder->arena, "[%d]", note->number);
    const struct builder_context *context = builder->context;
    const struct piece *before = context->is_open && context->piece_count
                                     ? &context->pieces[context->piece_count - 1]
                                     : NULL;
    builder_text(builder, words, strlen(words), before ? before->style : 0);
    builder_count(builder, words, strlen(words));
}

static bool is_open(const struct builder *builder, const struct builder_note *note)
{
    const struct builder_context *context = builder->context;
    while (context && context != note->content)
        context = context->outer;
    return context != NULL;
}

void builder_begin_note(struct builder *builder, const char *mark)
{
    struct builder_note *note = note_of(builder, mark);
    /* One in itself would have no end: it is another. */
    while (note->content && is_open(builder, note))
        note = note_of(builder, arena_format(builder->arena, "%s+", note->mark));
    if (!note->content) {
        note->content = builder_context_new(builder);
        note->content->table_depth = builder->context->table_depth;
    }
    note->content->outer = builder->context;
    builder->context = note->content;
}

void builder_end_note(struct builder *builder)
{
    struct builder_context *context = builder->context;
    builder_end_paragraph(builder);
    while (context->table)
        builder_end_table(builder);
    if (!context->outer)
        return;
    builder->context = context->outer;
    context->outer = NULL;
}

static struct builder_note *note_by_number(const struct builder *builder, int number)
{
    struct builder_note *note = builder->notes;
    while (note && note->number != number)
        note = note->next;
    return note;
}

static bool has_words(const struct builder_note *note)
{
    return note->content && note->content->root->first_child;
}

void builder_write_notes(struct builder *builder)
{
    struct body_node *list = NULL;
    bool has_rule = false;
    for (struct builder_note *note = builder->notes; note; note = note->next)
        if (!note->number && has_words(note))
            note->number = ++builder->note_count;
    for (int number = 1; number <= builder->note_count && !builder->is_too_large; number++) {
        struct builder_note *note = note_by_number(builder, number);
        if (!note || !has_words(note)) {
            list = NULL; /* the next one keeps its number */
            continue;
        }
        if (!has_rule)
            builder_rule(builder);
        has_rule = true;
        if (!list) {
            list = builder_block(builder, builder_place(builder, false), BODY_LIST, 0, 0);
            list->is_ordered = true;
            list->start_offset = number - 1;
        }
        builder_move_children(builder, builder_node(builder, list, BODY_ITEM), note->content->root);
    }
}
