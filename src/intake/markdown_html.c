/* SPDX-License-Identifier: MIT */
/* HTML in Markdown: its words are kept, and what is left out is reported. */
#include "intake/markdown_builder.h"

#include "base/arena.h"
#include "intake/bare_address.h"
#include "intake/reader.h"

#include <string.h>
#include <strings.h>

static void lose(void *payload, enum html_text_loss loss, const char *what)
{
    struct markdown_builder *builder = payload;
    switch (loss) {
    case HTML_TEXT_LINK:
        markdown_advise(builder, INTAKE_MESSAGE_HTML_LINK, markdown_one_line(builder, what));
        return;
    case HTML_TEXT_PICTURE:
        markdown_advise(builder, INTAKE_MESSAGE_HTML_PICTURE, markdown_one_line(builder, what));
        return;
    case HTML_TEXT_HIDDEN:
        markdown_warn(builder, INTAKE_MESSAGE_HTML_HIDDEN, what);
        return;
    case HTML_TEXT_TAG:
        if (!builder->html_is_reported)
            markdown_advise(builder, INTAKE_MESSAGE_HTML_LEFT_OUT, NULL);
        builder->html_is_reported = true;
        return;
    }
}

/* Adds one paragraph of an HTML block, with line breaks where <br> stood. */
static void add_paragraph(struct markdown_builder *builder, const char *bytes, size_t length)
{
    struct body_node *paragraph = NULL;
    while (length) {
        const char *end = memchr(bytes, HTML_TEXT_BREAK, length);
        size_t line = end ? (size_t)(end - bytes) : length;
        const char *words = markdown_one_line(
            builder, arena_copy_bytes(builder->reading->arena, bytes, line));
        if (*words && paragraph)
            (void)body_append(builder->reading->arena, paragraph, BODY_BREAK);
        else if (*words)
            paragraph = markdown_make(builder, BODY_PARAGRAPH);
        if (*words && paragraph)
            bare_address_append(builder->reading->arena, paragraph, words, strlen(words));
        bytes += line + (end != NULL);
        length -= line + (end != NULL);
    }
}

/* Whether HTML begins here that extends to the end of the text because nothing closes it. */
static bool takes_all(const char *literal)
{
    static const struct {
        const char *begin;
        const char *end;
    } kinds[] = { { "<!--", "-->" },         { "<?", "?>" },
                  { "<![CDATA[", "]]>" },    { "<!", ">" },
                  { "<script", "</script" }, { "<pre", "</pre" },
                  { "<style", "</style" },   { "<textarea", "</textarea" } };

    literal += strspn(literal, " ");
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (strncasecmp(literal, kinds[i].begin, strlen(kinds[i].begin)) == 0)
            return !strcasestr(literal, kinds[i].end);
    return false;
}

bool markdown_html_is_text(struct markdown_builder *builder, cmark_node *node,
                           struct string_builder *text)
{
    const char *literal = cmark_node_get_literal(node);
    if (!takes_all(markdown_literal(builder, literal)))
        return false;
    string_builder_append_character(text, '\\');
    string_builder_append(text, literal + strspn(literal, " "));
    return true;
}

void markdown_html_block(struct markdown_builder *builder, cmark_node *node)
{
    struct string_builder plain;
    const char *literal = markdown_literal(builder, cmark_node_get_literal(node));
    string_builder_init(&plain, 0);
    html_text_reset(&builder->html);
    builder->html.lose = lose;
    builder->html.payload = builder;
    html_text_append(&builder->html, &plain, literal, strlen(literal));
    for (size_t start = 0; start < plain.length;) {
        const char *end = memchr(plain.data + start, HTML_TEXT_BLOCK, plain.length - start);
        size_t length = (end ? (size_t)(end - plain.data) : plain.length) - start;
        add_paragraph(builder, plain.data + start, length);
        start += length + 1;
    }
    string_builder_release(&plain);
    html_text_reset(&builder->html);
}

/* Gives the HTML reader the source up to the end of the paragraph, since an inline element must
 * end there. */
static void set_text_behind(struct markdown_builder *builder, cmark_node *node)
{
    const struct markdown_source *source = builder->source;
    int first = markdown_source_line_of(node);
    cmark_node *block = node;
    while (block && cmark_node_get_end_line(block) < first)
        block = cmark_node_parent(block);
    while (cmark_node_parent(block) &&
           (cmark_node_get_type(block) & CMARK_NODE_TYPE_MASK) != CMARK_NODE_TYPE_BLOCK)
        block = cmark_node_parent(block);
    size_t length;
    int column = cmark_node_get_start_column(node);
    const char *start = markdown_source_line(source, first, &length);
    const char *end = markdown_source_line(source, cmark_node_get_end_line(block), &length);
    end += length;
    builder->html.rest = start + (column > 0 && start + column <= end ? column : 0);
    builder->html.rest_length = end > builder->html.rest ? (size_t)(end - builder->html.rest) : 0;
}

void markdown_html_inline(struct markdown_builder *builder, cmark_node *node)
{
    struct string_builder parting;
    const char *literal = markdown_literal(builder, cmark_node_get_literal(node));
    string_builder_init(&parting, 0);
    builder->html.lose = lose;
    builder->html.payload = builder;
    set_text_behind(builder, node);
    html_text_append(&builder->html, &parting, literal, strlen(literal));
    builder->html.rest = NULL;
    builder->html.rest_length = 0;
    char parts = parting.length ? parting.data[0] : '\0';
    if (parts == '<') /* no tag but words in angle brackets */
        markdown_append_words(builder, literal, strlen(literal));
    string_builder_release(&parting);
    if (!parts || parts == '<')
        return;
    markdown_flush(builder);
    const struct body_node *last = builder->current->last_child;
    bool is_parted = !last || last->kind == BODY_BREAK;
    if (parts == HTML_TEXT_BLOCK && is_parted)
        return;
    if (parts == ' ' || !markdown_make(builder, BODY_BREAK))
        markdown_append_words(builder, " ", 1);
}
