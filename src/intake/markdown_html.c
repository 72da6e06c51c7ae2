/* SPDX-License-Identifier: MIT */
/* HTML in Markdown: its words are kept, and what is left out is reported. A block of it is read as
 * a tree. Within a paragraph what stands between two tags is Markdown, and the parser gives each
 * tag alone: there the tags are read one by one, by the same reader. No markup is ever kept. */
#include "intake/markdown_builder.h"

#include "base/arena.h"
#include "html/html.h"
#include "intake/bare_address.h"
#include "intake/reader.h"

#include <string.h>
#include <strings.h>

/* What stands in the words of a block where tags part them. */
enum {
    BLOCK = '\n', /* a paragraph, a heading, an item begins or ends */
    BREAK = '\v'  /* <br>, and the line ends of the source */
};

/* ---- what is left out ---- */

static void report_left_out(struct markdown_builder *builder)
{
    if (!builder->html_is_reported)
        markdown_advise(builder, INTAKE_MESSAGE_HTML_LEFT_OUT, NULL);
    builder->html_is_reported = true;
}

static void report_tag(struct markdown_builder *builder, const struct html_node *node)
{
    bool is_link = strcmp(node->name, "a") == 0;
    const char *value = NULL;
    if (is_link || strcmp(node->name, "img") == 0)
        value = html_attribute_value(node, is_link ? "href" : "src");
    if (value && *value)
        markdown_warn(builder, is_link ? INTAKE_MESSAGE_HTML_LINK : INTAKE_MESSAGE_HTML_PICTURE,
                      markdown_one_line(builder, value));
    else if (!(node->traits & HTML_BREAK))
        report_left_out(builder);
}

static void report_hidden(struct markdown_builder *builder, const struct html_node *node)
{
    markdown_warn(builder, INTAKE_MESSAGE_HTML_HIDDEN, node->name);
}

/* Whether a tag is really a word in angle brackets ("<navn>"): it is no element of HTML and has
 * nothing that only markup has, such as attributes or the marks of "<o:p>" and "<!doctype>". */
static bool is_words(const struct html_node *node)
{
    return node->source && *node->name && !strpbrk(node->source, "=:-");
}

/* ---- blocks ---- */

/* Adds one paragraph of an HTML block, with line breaks where <br> stood. */
static void add_paragraph(struct markdown_builder *builder, const char *bytes, size_t length)
{
    struct body_node *paragraph = NULL;
    while (length) {
        const char *end = memchr(bytes, BREAK, length);
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

static void append_text(struct string_builder *plain, const char *text)
{
    for (; *text; text++)
        string_builder_append_character(plain, *text == '\n' ? BREAK : *text);
}

/* What an element puts between the words before it and those behind; NUL: nothing. */
static char parting_of(const struct html_node *node)
{
    if (node->traits & HTML_BREAK)
        return BREAK;
    if (node->traits & HTML_BLOCK)
        return BLOCK;
    return node->traits & HTML_CELL ? ' ' : '\0';
}

static void append_parting(struct string_builder *plain, const struct html_node *node)
{
    char parting = parting_of(node);
    if (parting)
        string_builder_append_character(plain, parting);
}

static void append_node(struct markdown_builder *builder, struct string_builder *plain,
                        const struct html_node *node);

static void append_children(struct markdown_builder *builder, struct string_builder *plain,
                            const struct html_node *node)
{
    for (const struct html_node *child = node->first_child; child; child = child->next)
        append_node(builder, plain, child);
}

/* An unclosed "<title>" would hide the rest of the text: its words are shown. */
static void append_element(struct markdown_builder *builder, struct string_builder *plain,
                           const struct html_node *node)
{
    bool is_hidden = node->traits & HTML_HIDDEN && node->is_closed;
    if (is_words(node))
        append_text(plain, node->source);
    else if (!node->is_implied)
        report_tag(builder, node);
    if (node->source && node->is_closed) /* its end tag is none of HTML's either */
        report_left_out(builder);
    append_parting(plain, node);
    if (is_hidden)
        report_hidden(builder, node);
    else
        append_children(builder, plain, node);
    if (!(node->traits & HTML_BREAK))
        append_parting(plain, node);
}

static void append_node(struct markdown_builder *builder, struct string_builder *plain,
                        const struct html_node *node)
{
    switch (node->kind) {
    case HTML_ELEMENT:
        append_element(builder, plain, node);
        return;
    case HTML_TEXT:
        append_text(plain, node->text);
        return;
    case HTML_COMMENT:
        report_left_out(builder);
        return;
    }
}

void markdown_html_block(struct markdown_builder *builder, cmark_node *node)
{
    struct string_builder plain;
    struct intake_reading *reading = builder->reading;
    const char *literal = markdown_literal(builder, cmark_node_get_literal(node));
    const struct html_document *document = reading->source->html->read(
        reading->arena, HTML_FRAGMENT, literal, strlen(literal));
    if (document->bound) {
        builder->is_too_large = true;
        return;
    }
    string_builder_init(&plain, 0);
    append_children(builder, &plain, document->root);
    for (size_t start = 0; start < plain.length;) {
        const char *end = memchr(plain.data + start, BLOCK, plain.length - start);
        size_t length = (end ? (size_t)(end - plain.data) : plain.length) - start;
        add_paragraph(builder, plain.data + start, length);
        start += length + 1;
    }
    string_builder_release(&plain);
    markdown_html_reset(builder);
}

/* ---- tags within a paragraph ---- */

void markdown_html_reset(struct markdown_builder *builder)
{
    builder->hidden = NULL;
    builder->unclosed = "";
}

/* The source up to the end of the paragraph, since an inline element must end there. */
static const char *text_behind(const struct markdown_builder *builder, cmark_node *node,
                               size_t *text_length)
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
    start += column > 0 && start + column <= end ? column : 0;
    *text_length = end > start ? (size_t)(end - start) : 0;
    return start;
}

static bool has_end_tag(const char *bytes, size_t length, const char *name)
{
    size_t name_length = strlen(name);
    const char *end = bytes + length;
    while (bytes < end && (bytes = memmem(bytes, (size_t)(end - bytes), "</", 2))) {
        bytes += 2;
        if ((size_t)(end - bytes) >= name_length && strncasecmp(bytes, name, name_length) == 0)
            return true;
    }
    return false;
}

/* Hides what follows if the element ends at all. Elements that do not are looked for once. */
static void hide(struct markdown_builder *builder, cmark_node *node, const struct html_node *tag)
{
    struct arena *arena = builder->reading->arena;
    size_t length;
    const char *named = arena_format(arena, "<%s>", tag->name);
    if (strstr(builder->unclosed, named))
        return;
    const char *text = text_behind(builder, node, &length);
    if (!has_end_tag(text, length, tag->name)) {
        builder->unclosed = arena_format(arena, "%s%s", builder->unclosed, named);
        return;
    }
    builder->hidden = tag->name;
    report_hidden(builder, tag);
}

static void part_words(struct markdown_builder *builder, char parting)
{
    if (!parting)
        return;
    markdown_flush(builder);
    const struct body_node *last = builder->current->last_child;
    bool is_parted = !last || last->kind == BODY_BREAK;
    if (parting == BLOCK && is_parted)
        return;
    if (parting == ' ' || !markdown_make(builder, BODY_BREAK))
        markdown_append_words(builder, " ", 1);
}

void markdown_html_inline(struct markdown_builder *builder, cmark_node *node)
{
    const struct intake_reading *reading = builder->reading;
    const char *literal = markdown_literal(builder, cmark_node_get_literal(node));
    size_t length = strlen(literal);
    const struct html_tag *tag = reading->source->html->tag(reading->arena, literal, length);
    if (builder->hidden) {
        if (tag && tag->is_end && strcmp(tag->node->name, builder->hidden) == 0)
            builder->hidden = NULL;
        return;
    }
    if (!tag || (!tag->is_end && is_words(tag->node))) {
        markdown_append_words(builder, literal, length);
        return;
    }
    if (!tag->is_end || !(tag->node->traits & HTML_KNOWN))
        report_tag(builder, tag->node);
    if (!tag->is_end && tag->node->traits & HTML_HIDDEN && literal[length - 2] != '/')
        hide(builder, node, tag->node);
    part_words(builder, parting_of(tag->node));
}
