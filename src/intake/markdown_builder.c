/* SPDX-License-Identifier: MIT */
#include "intake/markdown_builder.h"

#include "base/arena.h"
#include "intake/bare_address.h"
#include "intake/encoding.h"
#include "intake/markdown_parser.h"
#include "intake/reader.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

static void report(struct markdown_builder *builder, enum intake_severity severity,
                   enum intake_message_id id, const char *a)
{
    if (builder->reading->problems->kept < INTAKE_PROBLEM_MAXIMUM)
        intake_problem_add(builder->reading->problems, severity, builder->line, id, a, NULL);
}

void markdown_advise(struct markdown_builder *builder, enum intake_message_id id, const char *a)
{
    report(builder, INTAKE_ADVICE, id, a);
}

void markdown_warn(struct markdown_builder *builder, enum intake_message_id id, const char *a)
{
    report(builder, INTAKE_WARNING, id, a);
}

int markdown_source_line_of(cmark_node *node)
{
    for (; node; node = cmark_node_parent(node))
        if (cmark_node_get_start_line(node) > 0)
            return cmark_node_get_start_line(node);
    return 1;
}

/* ---- nodes ---- */

bool markdown_enter(struct markdown_builder *builder, struct body_node *node)
{
    markdown_flush(builder);
    if (builder->is_too_large || builder->depth >= STACK_MAXIMUM) {
        builder->is_too_large = true;
        return false;
    }
    builder->stack[builder->depth++] = builder->current;
    if (node)
        builder->current = node;
    return true;
}

void markdown_leave(struct markdown_builder *builder)
{
    markdown_flush(builder);
    builder->current = builder->stack[--builder->depth];
}

struct body_node *markdown_make(struct markdown_builder *builder, enum body_kind kind)
{
    markdown_flush(builder);
    if (!body_may_contain(builder->current->kind, kind))
        return NULL;
    if (body_depth(builder->current) + 1 >= BODY_DEPTH_MAXIMUM) {
        builder->is_too_large = true;
        return NULL;
    }
    return body_append(builder->reading->arena, builder->current, kind);
}

/* ---- characters ---- */

/* The footnote of our mark at bytes, its length in *taken; NULL where it is none. */
static const struct markdown_footnote *marked_footnote(const struct markdown_builder *builder,
                                                       const char *bytes, size_t length,
                                                       size_t *taken)
{
    size_t end = 1;
    size_t index = 0;
    if (bytes[0] != MARKDOWN_MARK_BEGIN)
        return NULL;
    for (; end < length && isdigit((unsigned char)bytes[end]) && end < 9; end++)
        index = 10 * index + (size_t)(bytes[end] - '0');
    if (end == 1 || end >= length || bytes[end] != MARKDOWN_MARK_END ||
        index >= builder->footnotes->count)
        return NULL;
    *taken = end + 1;
    return &builder->footnotes->items[index];
}

void markdown_append_words(struct markdown_builder *builder, const char *bytes, size_t length)
{
    for (size_t i = 0; i < length;) {
        size_t run = 0;
        while (i + run < length && bytes[i + run] != MARKDOWN_MARK_BEGIN)
            run++;
        string_builder_append_bytes(&builder->words, bytes + i, run);
        i += run;
        if (i == length)
            break;
        size_t taken = 1;
        const struct markdown_footnote *footnote = marked_footnote(builder, bytes + i, length - i,
                                                                   &taken);
        if (footnote) {
            size_t index = (size_t)(footnote - builder->footnotes->items);
            if (!builder->footnote_numbers[index]) {
                builder->footnote_order[builder->footnote_count] = (int)index;
                builder->footnote_numbers[index] = ++builder->footnote_count;
            }
            string_builder_append_format(&builder->words, "%d", builder->footnote_numbers[index]);
        }
        i += taken;
    }
}

void markdown_flush(struct markdown_builder *builder)
{
    struct string_builder *words = &builder->words;
    enum body_kind kind = builder->current->kind;
    if (!words->length)
        return;
    if (!body_may_contain(kind, BODY_TEXT) || kind == BODY_DOCUMENT)
        ; /* white space at the beginning of a block is dropped */
    else if (builder->link_depth > 0)
        body_append_text(builder->reading->arena, builder->current, words->data, words->length);
    else
        bare_address_append(builder->reading->arena, builder->current, words->data, words->length);
    string_builder_clear(words);
}

/* Appends bytes with our marks of footnotes turned back into what was written: "[^1]". */
static void append_restored(const struct markdown_builder *builder, struct string_builder *text,
                            const char *bytes)
{
    size_t length = strlen(bytes);
    for (size_t i = 0; i < length;) {
        size_t taken = 1;
        const struct markdown_footnote *footnote = marked_footnote(builder, bytes + i, length - i,
                                                                   &taken);
        if (!footnote) {
            string_builder_append_character(text, bytes[i++]);
            continue;
        }
        i += taken;
        size_t behind = text->length;
        if (behind >= 2 && memcmp(text->data + behind - 2, "\\[", 2) == 0) {
            string_builder_truncate(text, behind - 2);
            string_builder_append_character(text, '[');
            i += i < length && bytes[i] == '\\';
        }
        string_builder_append(text, footnote->label);
    }
}

const char *markdown_literal(struct markdown_builder *builder, const char *bytes)
{
    struct string_builder text;
    if (!bytes)
        return "";
    if (!strchr(bytes, MARKDOWN_MARK_BEGIN))
        return arena_copy(builder->reading->arena, bytes);
    string_builder_init(&text, 0);
    append_restored(builder, &text, bytes);
    const char *result = arena_copy_bytes(builder->reading->arena, text.data, text.length);
    string_builder_release(&text);
    return result;
}

const char *markdown_one_line(struct markdown_builder *builder, const char *bytes)
{
    const char *literal = markdown_literal(builder, bytes);
    return encoding_one_line(builder->reading->arena, literal, strlen(literal));
}

const char *markdown_plain(struct markdown_builder *builder, cmark_node *node)
{
    struct string_builder text;
    cmark_event_type event;
    string_builder_init(&text, 0);
    cmark_iter *iterator = cmark_iter_new(node);
    while ((event = cmark_iter_next(iterator)) != CMARK_EVENT_DONE) {
        cmark_node *part = cmark_iter_get_node(iterator);
        cmark_node_type type = cmark_node_get_type(part);
        if (event != CMARK_EVENT_ENTER)
            continue;
        if (type == CMARK_NODE_TEXT || type == CMARK_NODE_CODE)
            string_builder_append(&text, cmark_node_get_literal(part));
        else if (type == CMARK_NODE_SOFTBREAK || type == CMARK_NODE_LINEBREAK ||
                 type == CMARK_NODE_HTML_INLINE)
            string_builder_append_character(&text, ' ');
    }
    cmark_iter_free(iterator);
    const char *line = markdown_one_line(builder, text.data);
    string_builder_release(&text);
    return line;
}
