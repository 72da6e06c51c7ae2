/* SPDX-License-Identifier: MIT */
/* The Markdown of a release's text, as a body tree: CommonMark with tables and bare addresses as
 * links. Headings begin at level 2, since the title is the page's only level 1; indented text is no
 * code; a line's end is a line break, unless a program has broken the lines. HTML in the text loses
 * its tags. What is left out is reported. */
#include "intake/markdown_body.h"

#include "base/arena.h"
#include "intake/markdown_builder.h"
#include "intake/markdown_parser.h"
#include "intake/reader.h"
#include "release/release.h"

#include <string.h>

/* How deep texts may be nested within texts (indented lines, cells of a table), else a hostile one
 * would recurse without end. */
enum { INNER_MAXIMUM = 4 };

/* Reads a text that stands within the text and walks it; false where it is nested too deeply. With
 * is_cell the text is a table, of which only the first cell is walked. */
static bool walk_inner(struct markdown_builder *builder, const char *bytes, size_t length,
                       int first_line, bool is_cell);

/* ---- blocks ---- */

static bool enter_heading(struct markdown_builder *builder, cmark_node *node)
{
    int level = cmark_node_get_heading_level(node);
    struct body_node *heading = markdown_make(builder, BODY_HEADING);
    markdown_html_reset(builder);
    if (heading)
        heading->level = level < 2 ? 2 : level > 4 ? 4 : level;
    return markdown_enter(builder, heading);
}

/* Appends lines without the indentation of the first one. */
static void append_outdented(struct string_builder *text, const char *bytes)
{
    size_t indentation = strspn(bytes, " \t");
    while (*bytes) {
        size_t skipped = strspn(bytes, " \t");
        bytes += skipped < indentation ? skipped : indentation;
        size_t length = strcspn(bytes, "\n");
        string_builder_append_bytes(text, bytes, length);
        string_builder_append_character(text, '\n');
        bytes += length + (bytes[length] == '\n');
    }
}

static void add_preformatted(struct markdown_builder *builder, const char *bytes)
{
    struct body_node *node = markdown_make(builder, BODY_PREFORMATTED);
    size_t length = strlen(bytes);
    while (length > 1 && bytes[length - 1] == '\n' && bytes[length - 2] == '\n')
        length--;
    if (node)
        body_append_text(builder->reading->arena, node, bytes, length);
}

static void add_code(struct markdown_builder *builder, cmark_node *node)
{
    int length;
    int offset;
    char mark;
    const char *literal = cmark_node_get_literal(node);
    if (cmark_node_get_fenced(node, &length, &offset, &mark)) {
        const char *information = markdown_one_line(builder, cmark_node_get_fence_info(node));
        if (*information)
            markdown_warn(builder, INTAKE_MESSAGE_CODE_INFORMATION, information);
        add_preformatted(builder, markdown_literal(builder, literal));
        return;
    }
    struct string_builder text; /* indented lines are ordinary text, not code */
    string_builder_init(&text, 0);
    append_outdented(&text, literal);
    if (!walk_inner(builder, text.data, text.length, builder->line, false))
        add_preformatted(builder, markdown_literal(builder, literal));
    string_builder_release(&text);
}

/* HTML, or the text that a tag which nothing closes would have swallowed. */
static void add_html(struct markdown_builder *builder, cmark_node *node)
{
    struct string_builder text;
    string_builder_init(&text, 0);
    bool is_walked = markdown_html_is_text(builder, node, &text) &&
                     walk_inner(builder, text.data, text.length, builder->line, false);
    string_builder_release(&text);
    if (!is_walked)
        markdown_html_block(builder, node);
}

/* Walks one cell's text as a table of one cell, so that the parser treats it as it would in a row.
 * */
static void add_cell(struct markdown_builder *builder, const char *bytes, size_t length)
{
    struct string_builder table;
    struct body_node *cell = markdown_make(builder, BODY_CELL);
    if (!cell || !markdown_enter(builder, cell))
        return;
    string_builder_init(&table, 0);
    string_builder_append_character(&table, '|');
    string_builder_append_bytes(&table, bytes, length);
    string_builder_append(&table, "|\n|-|\n");
    if (!walk_inner(builder, table.data, table.length, builder->line, true))
        markdown_append_words(builder, bytes, length);
    string_builder_release(&table);
    markdown_leave(builder);
}

/* Takes in the cells that the header has no column for, which the parser has dropped. */
static void leave_row(struct markdown_builder *builder, cmark_node *row)
{
    struct markdown_extra_cells cells;
    const char *bytes;
    size_t length;
    markdown_extra_cells_open(builder, row, &cells);
    while (!builder->is_too_large && markdown_extra_cells_next(&cells, &bytes, &length))
        add_cell(builder, bytes, length);
    markdown_leave(builder);
}

static bool enter_block(struct markdown_builder *builder, cmark_node *node, cmark_node_type type)
{
    if (type != CMARK_NODE_PARAGRAPH && type != CMARK_NODE_LIST && type != CMARK_NODE_ITEM)
        markdown_flush_number(builder);
    if (type == CMARK_NODE_BLOCK_QUOTE)
        return markdown_enter(builder, markdown_make(builder, BODY_QUOTE));
    if (type == CMARK_NODE_LIST)
        return markdown_enter_list(builder, node);
    if (type == CMARK_NODE_ITEM)
        return markdown_enter_item(builder, node);
    if (type == CMARK_NODE_PARAGRAPH)
        return markdown_enter_paragraph(builder, node);
    if (type == CMARK_NODE_HEADING)
        return enter_heading(builder, node);
    if (type == CMARK_NODE_THEMATIC_BREAK)
        (void)markdown_make(builder, BODY_RULE);
    else if (type == CMARK_NODE_CODE_BLOCK)
        add_code(builder, node);
    else if (type == CMARK_NODE_HTML_BLOCK)
        add_html(builder, node);
    return false;
}

/* ---- walking the parser's tree ---- */

static bool enter(struct markdown_builder *builder, cmark_node *node)
{
    cmark_node_type type = cmark_node_get_type(node);
    builder->line = builder->source->first_line + markdown_source_line_of(node) - 1;
    switch (markdown_extension_of(node)) {
    case MARKDOWN_TABLE:
        markdown_flush_number(builder);
        return markdown_enter(builder, markdown_make(builder, BODY_TABLE));
    case MARKDOWN_ROW:
        return markdown_enter_row(builder, node);
    case MARKDOWN_CELL:
        return markdown_enter_cell(builder, node);
    case MARKDOWN_STRUCK:
        if (!builder->hidden)
            markdown_warn(builder, INTAKE_MESSAGE_STRUCK, markdown_plain(builder, node));
        return false;
    case MARKDOWN_NO_EXTENSION:
        break;
    }
    if (type == CMARK_NODE_SOFTBREAK) {
        if (builder->current->kind == BODY_HEADING || builder->hidden)
            markdown_append_words(builder, " ", 1);
        else
            markdown_append_line_end(builder, markdown_source_line_of(cmark_node_next(node)) - 1);
        return false;
    }
    if ((type & CMARK_NODE_TYPE_MASK) == CMARK_NODE_TYPE_BLOCK)
        return enter_block(builder, node, type);
    return markdown_enter_inline(builder, node);
}

static void leave(struct markdown_builder *builder, cmark_node *node)
{
    struct body_node *left = builder->current;
    switch (markdown_extension_of(node)) {
    case MARKDOWN_TABLE:
        markdown_leave_table(builder, left);
        markdown_leave(builder);
        return;
    case MARKDOWN_ROW:
        leave_row(builder, node);
        return;
    case MARKDOWN_CELL:
    case MARKDOWN_STRUCK:
        markdown_leave(builder);
        return;
    case MARKDOWN_NO_EXTENSION:
        break;
    }
    cmark_node_type type = cmark_node_get_type(node);
    if (type == CMARK_NODE_PARAGRAPH)
        markdown_leave_paragraph(builder);
    else if (type == CMARK_NODE_LIST)
        markdown_leave_list(builder, node);
    else if (type == CMARK_NODE_ITEM)
        markdown_leave_item(builder, node);
    else if ((type & CMARK_NODE_TYPE_MASK) == CMARK_NODE_TYPE_BLOCK)
        markdown_leave(builder);
    else
        markdown_leave_inline(builder, node);
}

static bool is_leaf(cmark_node_type type)
{
    return type == CMARK_NODE_HTML_BLOCK || type == CMARK_NODE_THEMATIC_BREAK ||
           type == CMARK_NODE_CODE_BLOCK || type == CMARK_NODE_TEXT ||
           type == CMARK_NODE_SOFTBREAK || type == CMARK_NODE_LINEBREAK ||
           type == CMARK_NODE_CODE || type == CMARK_NODE_HTML_INLINE;
}

/* Walks what stands below root, into the current node. */
static void walk(struct markdown_builder *builder, cmark_node *root)
{
    cmark_event_type event;
    cmark_iter *iterator = cmark_iter_new(root);
    while (!builder->is_too_large && (event = cmark_iter_next(iterator)) != CMARK_EVENT_DONE) {
        cmark_node *node = cmark_iter_get_node(iterator);
        if (node == root)
            continue;
        if (event == CMARK_EVENT_EXIT)
            leave(builder, node);
        else if (!enter(builder, node) && !is_leaf(cmark_node_get_type(node)))
            cmark_iter_reset(iterator, node, CMARK_EVENT_EXIT);
    }
    cmark_iter_free(iterator);
    markdown_flush(builder);
}

static void report_lost_definitions(struct markdown_builder *builder)
{
    for (size_t i = 0; i < builder->definitions.count; i++) {
        const struct markdown_definition *definition = &builder->definitions.items[i];
        if (definition->is_used)
            continue;
        builder->line = 0;
        markdown_warn(builder, INTAKE_MESSAGE_ADDRESS_UNUSED,
                      arena_format(builder->reading->arena, "[%s]: %s%s%s", definition->label,
                                   definition->address, *definition->title ? " " : "",
                                   definition->title));
    }
}

static bool walk_inner(struct markdown_builder *builder, const char *bytes, size_t length,
                       int first_line, bool is_cell)
{
    struct arena *arena = builder->reading->arena;
    const struct markdown_source *outer = builder->source;
    const bool *joined = builder->joined;
    struct markdown_definitions definitions = builder->definitions;
    struct markdown_source inner;
    if (builder->inner_depth >= INNER_MAXIMUM)
        return false;
    markdown_source_init(arena, &inner, arena_copy_bytes(arena, bytes, length), length, first_line);
    cmark_node *root = markdown_parse(arena, inner.text, length, &builder->definitions);
    cmark_node *top = root;
    for (int level = 0; is_cell && top && level < 3; level++) /* table, row, cell */
        top = cmark_node_first_child(top);
    if (top) {
        builder->inner_depth++;
        builder->source = &inner;
        builder->joined = markdown_find_joined(arena, &inner);
        builder->paragraph = NULL;
        walk(builder, top);
        if (!builder->is_too_large)
            report_lost_definitions(builder);
        builder->source = outer;
        builder->joined = joined;
        builder->paragraph = NULL;
        builder->inner_depth--;
    }
    builder->definitions = definitions;
    cmark_node_free(root);
    return top != NULL;
}

/* ---- the whole ---- */

/* Appends the footnotes behind a rule, in the order in which the text refers to them; those that
 * only code refers to come last. */
static void add_footnotes(struct markdown_builder *builder)
{
    struct body_node *list = NULL;
    size_t unmet = 0; /* footnotes before this index have a number */
    for (size_t number = 0; number < builder->footnotes->count && !builder->is_too_large;
         number++) {
        while ((size_t)builder->footnote_count == number) {
            if (!builder->footnote_numbers[unmet]) {
                builder->footnote_order[number] = (int)unmet;
                builder->footnote_numbers[unmet] = ++builder->footnote_count;
            }
            unmet++;
        }
        const struct markdown_footnote *footnote =
            &builder->footnotes->items[builder->footnote_order[number]];
        if (!list) {
            (void)markdown_make(builder, BODY_RULE);
            list = markdown_make(builder, BODY_LIST);
            list->is_ordered = true;
        }
        (void)markdown_enter(builder, list);
        if (markdown_enter(builder, markdown_make(builder, BODY_ITEM))) {
            (void)walk_inner(builder, footnote->text, footnote->length, footnote->line, false);
            markdown_leave(builder);
        }
        markdown_leave(builder);
    }
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

static void refuse(struct intake_reading *reading, int line)
{
    intake_problem_add(reading->problems, INTAKE_REFUSED, line, INTAKE_MESSAGE_BODY_TOO_LARGE, NULL,
                       NULL);
}

void markdown_read_body(struct intake_reading *reading, const char *bytes, size_t length,
                        int first_line)
{
    struct arena *arena = reading->arena;
    struct markdown_source source;
    struct markdown_footnotes footnotes;
    int line;
    if (!markdown_is_within_caps(bytes, length, &line)) {
        refuse(reading, line ? first_line + line - 1 : 0);
        return;
    }
    markdown_source_prepare(arena, bytes, length, first_line, &source, &footnotes);
    struct markdown_builder builder = {
        .reading = reading,
        .source = &source,
        .joined = markdown_find_joined(arena, &source),
        .footnotes = &footnotes,
        .footnote_numbers = arena_allocate_array(arena, footnotes.count + 1, sizeof(int)),
        .footnote_order = arena_allocate_array(arena, footnotes.count + 1, sizeof(int)),
        .current = reading->release->body,
        .line = first_line,
    };
    cmark_node *root = markdown_parse(arena, source.text, source.length, &builder.definitions);
    string_builder_init(&builder.words, 0);
    string_builder_init(&builder.number, 0);
    markdown_html_reset(&builder);
    if (root)
        walk(&builder, root);
    if (root && !builder.is_too_large)
        add_footnotes(&builder);
    markdown_resolve_anchors(&builder);
    if (!root || builder.is_too_large)
        refuse(reading, builder.line);
    else
        report_lost_definitions(&builder);
    cmark_node_free(root);
    string_builder_release(&builder.words);
    string_builder_release(&builder.number);
    drop_repeated_title(reading->release, arena);
}
