/* SPDX-License-Identifier: MIT */
/* Markdown with YAML front matter: the reference form of a release. CommonMark with tables and bare
 * addresses as links. Headings begin at level 2, since the title is the page's only level 1. HTML
 * in the text loses its tags; what is within <script> and the like goes with them. */
#include "intake/markdown_builder.h"

#include "base/arena.h"
#include "intake/encoding.h"
#include "intake/front_matter.h"
#include "intake/reader.h"
#include "release/release.h"

#include <string.h>

static void advise_html(struct markdown_builder *builder)
{
    if (!builder->html_told)
        markdown_advise(builder, INTAKE_MESSAGE_HTML_LEFT_OUT, NULL);
    builder->html_told = true;
}

/* ---- blocks ---- */

static int enter_heading(struct markdown_builder *builder, unsigned level)
{
    struct body_node *node = markdown_make(builder, BODY_HEADING);
    if (node)
        node->level = level < 2 ? 2 : level > 4 ? 4 : (int)level;
    return markdown_enter(builder, node);
}

static int enter_list(struct markdown_builder *builder, bool is_ordered)
{
    struct body_node *node = markdown_make(builder, BODY_LIST);
    if (node)
        node->is_ordered = is_ordered;
    return markdown_enter(builder, node);
}

static int enter_cell(struct markdown_builder *builder, bool is_header)
{
    struct body_node *node = markdown_make(builder, BODY_CELL);
    if (node)
        node->is_header = is_header;
    return markdown_enter(builder, node);
}

static int enter_block(MD_BLOCKTYPE type, void *detail, void *payload)
{
    struct markdown_builder *builder = payload;
    html_text_init(&builder->html);
    switch (type) {
    case MD_BLOCK_QUOTE:
        return markdown_enter(builder, markdown_make(builder, BODY_QUOTE));
    case MD_BLOCK_UL:
    case MD_BLOCK_OL:
        return enter_list(builder, type == MD_BLOCK_OL);
    case MD_BLOCK_LI:
        return markdown_enter(builder, markdown_make(builder, BODY_ITEM));
    case MD_BLOCK_HR:
        return markdown_enter(builder, markdown_make(builder, BODY_RULE));
    case MD_BLOCK_H:
        return enter_heading(builder, ((const MD_BLOCK_H_DETAIL *)detail)->level);
    case MD_BLOCK_CODE:
        text_clear(&builder->buffer);
        return markdown_enter(builder, markdown_make(builder, BODY_PREFORMATTED));
    case MD_BLOCK_HTML:
        text_clear(&builder->buffer);
        builder->in_html_block = true;
        return markdown_enter(builder, NULL);
    case MD_BLOCK_P:
        return markdown_enter(builder, markdown_make(builder, BODY_PARAGRAPH));
    case MD_BLOCK_TABLE:
        return markdown_enter(builder, markdown_make(builder, BODY_TABLE));
    case MD_BLOCK_TR:
        return markdown_enter(builder, markdown_make(builder, BODY_ROW));
    case MD_BLOCK_TH:
    case MD_BLOCK_TD:
        return enter_cell(builder, type == MD_BLOCK_TH);
    case MD_BLOCK_DOC:
    case MD_BLOCK_THEAD:
    case MD_BLOCK_TBODY:
        break;
    }
    return markdown_enter(builder, NULL);
}

static void remove_last(struct body_node *parent)
{
    struct body_node *before = NULL;
    for (struct body_node *child = parent->first_child; child != parent->last_child;
         child = child->next)
        before = child;
    if (before)
        before->next = NULL;
    else
        parent->first_child = NULL;
    parent->last_child = before;
}

/* A paragraph that is one picture becomes a figure; one of which nothing was left goes. */
static void finish_paragraph(struct markdown_builder *builder, struct body_node *node)
{
    const struct body_node *child = node->first_child;
    if (!child) {
        remove_last(node->parent);
        return;
    }
    if (child->next || child->kind != BODY_IMAGE)
        return;
    node->kind = BODY_FIGURE;
    if (builder->image_title && *builder->image_title) {
        struct body_node *caption = body_append(builder->reading->arena, node, BODY_CAPTION);
        body_append_text(builder->reading->arena, caption, builder->image_title,
                         strlen(builder->image_title));
    }
}

/* What stands between the tags of an HTML block, as paragraphs. */
static void finish_html_block(struct markdown_builder *builder)
{
    struct text plain;
    text_init(&plain, builder->buffer.length * 4 + 64);
    html_text_init(&builder->html);
    html_text_append(&builder->html, &plain, builder->buffer.data, builder->buffer.length);
    char *rest = NULL;
    for (char *line = strtok_r(plain.data, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
        const char *words = encoding_one_line(builder->reading->arena, line, strlen(line));
        struct body_node *paragraph = *words ? markdown_make(builder, BODY_PARAGRAPH) : NULL;
        if (paragraph)
            body_append_text(builder->reading->arena, paragraph, words, strlen(words));
    }
    text_release(&plain);
    builder->in_html_block = false;
    advise_html(builder);
}

static int leave_block(MD_BLOCKTYPE type, void *detail, void *payload)
{
    struct markdown_builder *builder = payload;
    struct body_node *node = builder->current;
    (void)detail;
    if (type == MD_BLOCK_HTML)
        finish_html_block(builder);
    else if (type == MD_BLOCK_CODE && node->kind == BODY_PREFORMATTED)
        body_append_text(builder->reading->arena, node, builder->buffer.data,
                         builder->buffer.length);
    else if (type == MD_BLOCK_P && node->kind == BODY_PARAGRAPH)
        finish_paragraph(builder, node);
    return markdown_leave(builder);
}

/* ---- text ---- */

static void append_words(struct markdown_builder *builder, const char *bytes, size_t length)
{
    enum body_kind kind = builder->current->kind;
    if (builder->image_depth > 0 || kind == BODY_CODE || kind == BODY_PREFORMATTED)
        text_append_bytes(&builder->buffer, bytes, length);
    else if (body_may_contain(kind, BODY_TEXT) && kind != BODY_DOCUMENT)
        body_append_text(builder->reading->arena, builder->current, bytes, length);
}

static int text_html(struct markdown_builder *builder, const char *bytes, size_t length)
{
    if (builder->in_html_block) {
        text_append_bytes(&builder->buffer, bytes, length);
        return 0;
    }
    struct text ignored;
    text_init(&ignored, length + 1);
    html_text_append(&builder->html, &ignored, bytes, length);
    text_release(&ignored);
    advise_html(builder);
    return 0;
}

static int text(MD_TEXTTYPE type, const MD_CHAR *bytes, MD_SIZE length, void *payload)
{
    struct markdown_builder *builder = payload;
    struct text character;
    if (bytes >= builder->text && bytes < builder->text + builder->length)
        builder->seen = bytes;
    if (type == MD_TEXT_HTML)
        return text_html(builder, bytes, length);
    if (html_text_is_hidden(&builder->html))
        return 0;
    switch (type) {
    case MD_TEXT_BR:
        if (builder->image_depth > 0 || !markdown_make(builder, BODY_BREAK))
            append_words(builder, " ", 1);
        break;
    case MD_TEXT_SOFTBR:
        append_words(builder, " ", 1);
        break;
    case MD_TEXT_ENTITY:
        text_init(&character, 0);
        html_text_append_entity(&character, bytes, length);
        append_words(builder, character.data, character.length);
        text_release(&character);
        break;
    case MD_TEXT_NULLCHAR:
    case MD_TEXT_HTML:
        break;
    case MD_TEXT_NORMAL:
    case MD_TEXT_CODE:
    case MD_TEXT_LATEXMATH:
        append_words(builder, bytes, length);
        break;
    }
    return builder->is_too_large ? 1 : 0;
}

/* A first heading that only repeats the title goes: the page shows the title itself. */
static void drop_repeated_title(struct release *release, struct arena *arena)
{
    struct body_node *first = release->body->first_child;
    if (!first || first->kind != BODY_HEADING || !release->title)
        return;
    if (strcmp(body_plain_text(arena, first), release->title) != 0)
        return;
    release->body->first_child = first->next;
    if (!first->next)
        release->body->last_child = NULL;
}

/* md4c takes time of the square of their number for bare addresses: more than any person writes are
 * left as text. */
static bool has_too_many_addresses(const char *bytes, size_t length)
{
    enum { ADDRESSES_MAXIMUM = 5000 };

    size_t count = 0;
    for (size_t i = 0; i < length && count <= ADDRESSES_MAXIMUM; i++)
        count += bytes[i] == '@' || strncmp(bytes + i, "://", 3) == 0 ||
                 strncmp(bytes + i, "www.", 4) == 0;
    return count > ADDRESSES_MAXIMUM;
}

static void read_body(struct intake_reading *reading, const char *bytes, size_t length)
{
    MD_PARSER parser = { .flags = MD_FLAG_TABLES | MD_FLAG_NOINDENTEDCODEBLOCKS,
                         .enter_block = enter_block,
                         .leave_block = leave_block,
                         .enter_span = markdown_enter_span,
                         .leave_span = markdown_leave_span,
                         .text = text };
    struct markdown_builder builder = { .reading = reading,
                                        .text = bytes,
                                        .length = length,
                                        .current = reading->release->body,
                                        .seen = bytes,
                                        .counted = reading->text,
                                        .line = 1 };
    if (!has_too_many_addresses(bytes, length))
        parser.flags |= MD_FLAG_PERMISSIVEAUTOLINKS;
    text_init(&builder.buffer, 8 * length + 1024);
    html_text_init(&builder.html);
    int result = md_parse(bytes, (MD_SIZE)length, &parser, &builder);
    if (result != 0 || builder.is_too_large)
        intake_problem_add(reading->problems, INTAKE_REFUSED, markdown_line(&builder),
                           INTAKE_MESSAGE_BODY_TOO_LARGE, NULL, NULL);
    text_release(&builder.buffer);
    drop_repeated_title(reading->release, reading->arena);
}

void markdown_read(struct intake_reading *reading)
{
    const char *body;
    int line;
    if (front_matter_read(reading, &body, &line))
        read_body(reading, body, reading->length - (size_t)(body - reading->text));
}
