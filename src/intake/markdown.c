/* SPDX-License-Identifier: MIT */
/* Markdown with YAML front matter: the reference form of a release. CommonMark with tables and bare
 * addresses as links. Headings begin at level 2, since the title is the page's only level 1. HTML
 * in the text loses its tags; what is within <script> and the like goes with them. */
#include "intake/fields.h"
#include "intake/html_text.h"
#include "intake/reader.h"

#include "base/arena.h"
#include "base/text.h"
#include "intake/encoding.h"
#include "release/body.h"

#include <md4c.h>
#include <stdlib.h>
#include <string.h>

/* Deeper nesting is refused, so that no writer recurses far. */
enum { STACK_MAXIMUM = 2 * BODY_DEPTH_MAXIMUM };

/* What md4c's callbacks build. */
struct builder {
    struct intake_reading *reading;
    const char *text; /* what md4c reads: within reading->text */
    size_t length;
    struct body_node *current;
    struct body_node *stack[STACK_MAXIMUM]; /* current node before each block or span entered */
    int depth;
    size_t nodes;
    int image_depth;         /* within so many pictures: text is alternative text */
    struct text buffer;      /* alternative text, code, or the HTML of a block */
    const char *image_file;  /* NULL: a picture that is left out */
    const char *image_title; /* its caption */
    bool in_html_block;
    struct html_text html; /* tags within a paragraph */
    const char *seen;      /* newest place within text, for lines of problems */
    const char *counted;   /* up to here, lines are counted in line */
    int line;
    bool html_told; /* of HTML in the text */
    bool is_too_large;
};

/* Counts on from the last place asked for: md4c goes forward, but for a few steps. */
static int line_at(struct builder *builder)
{
    if (builder->seen < builder->counted) {
        builder->counted = builder->reading->text;
        builder->line = 1;
    }
    for (; builder->counted < builder->seen; builder->counted++)
        builder->line += *builder->counted == '\n';
    return builder->line;
}

static void advise(struct builder *builder, enum intake_message_id id, const char *a)
{
    if (builder->reading->problems->kept < INTAKE_PROBLEM_MAXIMUM)
        intake_problem_add(builder->reading->problems, INTAKE_ADVICE, line_at(builder), id, a,
                           NULL);
}

static void advise_html(struct builder *builder)
{
    if (!builder->html_told)
        advise(builder, INTAKE_MESSAGE_HTML_LEFT_OUT, NULL);
    builder->html_told = true;
}

/* Remembers where we are; the node (NULL: none is made) becomes the current one. */
static int enter(struct builder *builder, struct body_node *node)
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

static int leave(struct builder *builder)
{
    builder->current = builder->stack[--builder->depth];
    return 0;
}

/* A node of kind below the current one, or NULL where it may not stand there: it is unwrapped. */
static struct body_node *make(struct builder *builder, enum body_kind kind)
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

static const char *attribute(struct builder *builder, const MD_ATTRIBUTE *attribute)
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

/* ---- blocks ---- */

static int enter_heading(struct builder *builder, unsigned level)
{
    struct body_node *node = make(builder, BODY_HEADING);
    if (node)
        node->level = level < 2 ? 2 : level > 4 ? 4 : (int)level;
    return enter(builder, node);
}

static int enter_list(struct builder *builder, bool is_ordered)
{
    struct body_node *node = make(builder, BODY_LIST);
    if (node)
        node->is_ordered = is_ordered;
    return enter(builder, node);
}

static int enter_cell(struct builder *builder, bool is_header)
{
    struct body_node *node = make(builder, BODY_CELL);
    if (node)
        node->is_header = is_header;
    return enter(builder, node);
}

static int enter_block(MD_BLOCKTYPE type, void *detail, void *payload)
{
    struct builder *builder = payload;
    html_text_init(&builder->html);
    switch (type) {
    case MD_BLOCK_QUOTE:
        return enter(builder, make(builder, BODY_QUOTE));
    case MD_BLOCK_UL:
    case MD_BLOCK_OL:
        return enter_list(builder, type == MD_BLOCK_OL);
    case MD_BLOCK_LI:
        return enter(builder, make(builder, BODY_ITEM));
    case MD_BLOCK_HR:
        return enter(builder, make(builder, BODY_RULE));
    case MD_BLOCK_H:
        return enter_heading(builder, ((const MD_BLOCK_H_DETAIL *)detail)->level);
    case MD_BLOCK_CODE:
        text_clear(&builder->buffer);
        return enter(builder, make(builder, BODY_PREFORMATTED));
    case MD_BLOCK_HTML:
        text_clear(&builder->buffer);
        builder->in_html_block = true;
        return enter(builder, NULL);
    case MD_BLOCK_P:
        return enter(builder, make(builder, BODY_PARAGRAPH));
    case MD_BLOCK_TABLE:
        return enter(builder, make(builder, BODY_TABLE));
    case MD_BLOCK_TR:
        return enter(builder, make(builder, BODY_ROW));
    case MD_BLOCK_TH:
    case MD_BLOCK_TD:
        return enter_cell(builder, type == MD_BLOCK_TH);
    case MD_BLOCK_DOC:
    case MD_BLOCK_THEAD:
    case MD_BLOCK_TBODY:
        break;
    }
    return enter(builder, NULL);
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
static void finish_paragraph(struct builder *builder, struct body_node *node)
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
static void finish_html_block(struct builder *builder)
{
    struct text plain;
    text_init(&plain, builder->buffer.length * 4 + 64);
    html_text_init(&builder->html);
    html_text_append(&builder->html, &plain, builder->buffer.data, builder->buffer.length);
    char *rest = NULL;
    for (char *line = strtok_r(plain.data, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
        const char *words = encoding_one_line(builder->reading->arena, line, strlen(line));
        struct body_node *paragraph = *words ? make(builder, BODY_PARAGRAPH) : NULL;
        if (paragraph)
            body_append_text(builder->reading->arena, paragraph, words, strlen(words));
    }
    text_release(&plain);
    builder->in_html_block = false;
    advise_html(builder);
}

static int leave_block(MD_BLOCKTYPE type, void *detail, void *payload)
{
    struct builder *builder = payload;
    struct body_node *node = builder->current;
    (void)detail;
    if (type == MD_BLOCK_HTML)
        finish_html_block(builder);
    else if (type == MD_BLOCK_CODE && node->kind == BODY_PREFORMATTED)
        body_append_text(builder->reading->arena, node, builder->buffer.data,
                         builder->buffer.length);
    else if (type == MD_BLOCK_P && node->kind == BODY_PARAGRAPH)
        finish_paragraph(builder, node);
    return leave(builder);
}

/* ---- spans ---- */

static int hexadecimal(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* The name of the file that a relative address means: "a%20b.pdf" is "a b.pdf". NULL where it is
 * none of the release. */
static const char *file_of(struct builder *builder, const char *target)
{
    char *file = arena_copy(builder->reading->arena, target);
    char *end = file;
    if (!body_target_is_file(target))
        return NULL;
    for (const char *c = target; *c; c++) {
        int high = *c == '%' ? hexadecimal(c[1]) : -1;
        int low = high >= 0 ? hexadecimal(c[2]) : -1;
        *end++ = low >= 0 ? (char)(high * 16 + low) : *c;
        c += low >= 0 ? 2 : 0;
    }
    *end = '\0';
    const char *line = encoding_one_line(builder->reading->arena, file, strlen(file));
    return body_target_is_file(line) ? line : NULL;
}

static int enter_link(struct builder *builder, const MD_SPAN_A_DETAIL *detail)
{
    const char *target = attribute(builder, &detail->href);
    const char *file = file_of(builder, target);
    if (!file && (body_target_is_file(target) || !body_target_is_allowed(target))) {
        advise(builder, INTAKE_MESSAGE_LINK_LEFT_OUT, target);
        return enter(builder, NULL);
    }
    struct body_node *node = make(builder, BODY_LINK);
    if (node)
        node->target = file ? file : target;
    if (file)
        (void)fields_asset(builder->reading, RELEASE_DOCUMENT, file, line_at(builder), false);
    return enter(builder, node);
}

static int enter_image(struct builder *builder, const MD_SPAN_IMG_DETAIL *detail)
{
    if (builder->image_depth++ > 0)
        return enter(builder, NULL);
    const char *target = attribute(builder, &detail->src);
    builder->image_file = file_of(builder, target);
    builder->image_title = attribute(builder, &detail->title);
    text_clear(&builder->buffer);
    if (!builder->image_file)
        advise(builder, INTAKE_MESSAGE_LINK_LEFT_OUT, target);
    return enter(builder, NULL);
}

static int leave_image(struct builder *builder)
{
    struct intake_reading *reading = builder->reading;
    if (--builder->image_depth > 0)
        return leave(builder);
    (void)leave(builder);
    const char *alt = encoding_one_line(reading->arena, builder->buffer.data,
                                        builder->buffer.length);
    if (!builder->image_file) {
        body_append_text(reading->arena, builder->current, alt, strlen(alt));
        return 0;
    }
    struct release_asset *asset = fields_asset(reading, RELEASE_IMAGE, builder->image_file,
                                               line_at(builder), false);
    if (!asset->alt && *alt)
        asset->alt = alt;
    if (!asset->alt)
        advise(builder, INTAKE_MESSAGE_ALT_MISSING, builder->image_file);
    struct body_node *node = make(builder, BODY_IMAGE);
    if (node) {
        node->target = builder->image_file;
        node->text = asset->alt ? asset->alt : "";
    }
    return 0;
}

static int enter_span(MD_SPANTYPE type, void *detail, void *payload)
{
    struct builder *builder = payload;
    if (type == MD_SPAN_IMG)
        return enter_image(builder, detail);
    if (builder->image_depth > 0)
        return enter(builder, NULL);
    switch (type) {
    case MD_SPAN_EM:
        return enter(builder, make(builder, BODY_EMPHASIS));
    case MD_SPAN_STRONG:
        return enter(builder, make(builder, BODY_STRONG));
    case MD_SPAN_A:
        return enter_link(builder, detail);
    case MD_SPAN_CODE:
        text_clear(&builder->buffer);
        return enter(builder, make(builder, BODY_CODE));
    case MD_SPAN_IMG:
    case MD_SPAN_DEL:
    case MD_SPAN_LATEXMATH:
    case MD_SPAN_LATEXMATH_DISPLAY:
    case MD_SPAN_WIKILINK:
    case MD_SPAN_U:
        break;
    }
    return enter(builder, NULL);
}

static int leave_span(MD_SPANTYPE type, void *detail, void *payload)
{
    struct builder *builder = payload;
    struct body_node *node = builder->current;
    (void)detail;
    if (type == MD_SPAN_IMG)
        return leave_image(builder);
    if (type == MD_SPAN_CODE && node->kind == BODY_CODE)
        node->text = arena_copy_bytes(builder->reading->arena, builder->buffer.data,
                                      builder->buffer.length);
    return leave(builder);
}

/* ---- text ---- */

static void append_words(struct builder *builder, const char *bytes, size_t length)
{
    enum body_kind kind = builder->current->kind;
    if (builder->image_depth > 0 || kind == BODY_CODE || kind == BODY_PREFORMATTED)
        text_append_bytes(&builder->buffer, bytes, length);
    else if (body_may_contain(kind, BODY_TEXT) && kind != BODY_DOCUMENT)
        body_append_text(builder->reading->arena, builder->current, bytes, length);
}

static int text_html(struct builder *builder, const char *bytes, size_t length)
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
    struct builder *builder = payload;
    struct text character;
    if (bytes >= builder->text && bytes < builder->text + builder->length)
        builder->seen = bytes;
    if (type == MD_TEXT_HTML)
        return text_html(builder, bytes, length);
    if (html_text_is_hidden(&builder->html))
        return 0;
    switch (type) {
    case MD_TEXT_BR:
        if (builder->image_depth > 0 || !make(builder, BODY_BREAK))
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

static void read_body(struct intake_reading *reading, const char *bytes, size_t length)
{
    static const MD_PARSER parser = { .flags = MD_FLAG_TABLES | MD_FLAG_PERMISSIVEAUTOLINKS |
                                               MD_FLAG_NOINDENTEDCODEBLOCKS,
                                      .enter_block = enter_block,
                                      .leave_block = leave_block,
                                      .enter_span = enter_span,
                                      .leave_span = leave_span,
                                      .text = text };
    struct builder builder = { .reading = reading,
                               .text = bytes,
                               .length = length,
                               .current = reading->release->body,
                               .seen = bytes,
                               .counted = reading->text,
                               .line = 1 };
    text_init(&builder.buffer, 8 * length + 1024);
    html_text_init(&builder.html);
    int result = md_parse(bytes, (MD_SIZE)length, &parser, &builder);
    if (result != 0 || builder.is_too_large)
        intake_problem_add(reading->problems, INTAKE_REFUSED, line_at(&builder),
                           INTAKE_MESSAGE_BODY_TOO_LARGE, NULL, NULL);
    text_release(&builder.buffer);
    drop_repeated_title(reading->release, reading->arena);
}

/* ---- front matter ---- */

/* The line at bytes without its end and trailing white space is exactly mark. */
static bool line_is(const char *line, const char *mark)
{
    size_t length = strlen(mark);
    if (strncmp(line, mark, length) != 0)
        return false;
    line += length;
    return line[strspn(line, " \t")] == '\n' || line[strspn(line, " \t")] == '\0';
}

static const char *next_line(const char *line)
{
    const char *end = strchr(line, '\n');
    return end ? end + 1 : line + strlen(line);
}

void markdown_read(struct intake_reading *reading)
{
    const char *start = reading->text;
    int line = 1;
    while (*start && line_is(start, "")) {
        start = next_line(start);
        line++;
    }
    if (!line_is(start, "---")) {
        read_body(reading, reading->text, reading->length);
        return;
    }
    const char *fields = next_line(start);
    const char *end = fields;
    while (*end && !line_is(end, "---") && !line_is(end, "..."))
        end = next_line(end);
    if (!*end) {
        intake_problem_add(reading->problems, INTAKE_REFUSED, line,
                           INTAKE_MESSAGE_FRONT_MATTER_OPEN, NULL, NULL);
        reading->fields_unread = true;
        return;
    }
    fields_read(reading, fields, (size_t)(end - fields), line + 1);
    const char *body = next_line(end);
    read_body(reading, body, reading->length - (size_t)(body - reading->text));
}
