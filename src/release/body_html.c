/* SPDX-License-Identifier: MIT */
#include "release/body.h"

#include "base/html.h"
#include "base/string_builder.h"
#include "release/body_figure.h"
#include "release/body_target.h"

#include <stdint.h>
#include <string.h>

/* What one kind of node becomes. Mail programs know no style sheet that we could rely on, so each
 * element carries its own; fonts and colours of the text are inherited from the mail's frame. */
static const struct {
    const char *element; /* NULL: written by a function of its own, or not at all */
    const char *mail_style;
} elements[BODY_KIND_COUNT] = {
    [BODY_PARAGRAPH] = { "p", "margin:0 0 16px" },
    [BODY_HEADING] = { NULL, "margin:24px 0 8px;font-size:20px;line-height:1.3" },
    [BODY_LIST] = { NULL, "margin:0 0 16px;padding:0 0 0 24px" },
    [BODY_ITEM] = { "li", "margin:0 0 6px" },
    [BODY_QUOTE] = { "blockquote",
                     "margin:0 0 16px;padding:4px 0 4px 16px;border-left:4px solid #8a8a8a" },
    [BODY_PREFORMATTED] = { "pre", "margin:0 0 16px;font-size:16px;white-space:pre-wrap" },
    [BODY_FIGURE] = { "figure", "margin:0 0 16px" },
    [BODY_CAPTION] = { "figcaption", "margin:8px 0 0;font-size:16px" },
    [BODY_TABLE] = { NULL, "margin:0 0 16px;border-collapse:collapse" },
    [BODY_ROW] = { "tr", NULL },
    [BODY_CELL] = { NULL, "padding:6px 10px;border:1px solid #8a8a8a;vertical-align:top;"
                          "text-align:" },
    [BODY_RULE] = { NULL, "margin:24px 0;border:0;border-top:1px solid #8a8a8a" },
    [BODY_EMPHASIS] = { "em", NULL },
    [BODY_STRONG] = { "strong", NULL },
    [BODY_CODE] = { "code", "font-size:16px" },
    [BODY_IMAGE] = { NULL, "max-width:100%;height:auto;border:0" },
};

/* Outlook knows no max-width: a picture that is wider than the mail's column would widen it. */
enum { MAIL_IMAGE_WIDTH = 560 };

struct html_writer {
    struct string_builder *text;
    const struct body_writer_options *options;
    const struct body_node *skipped;
    struct string_builder address; /* room for the one being written */
    bool in_link;
};

static void write_node(struct html_writer *writer, const struct body_node *node);

static void append_attribute(struct string_builder *text, const char *name, const char *value)
{
    string_builder_append_format(text, " %s=\"", name);
    html_append(text, value);
    string_builder_append_character(text, '"');
}

/* "<name" with the style that mail needs; attributes may follow. */
static void open_element(struct html_writer *writer, const char *name, enum body_kind kind)
{
    string_builder_append_character(writer->text, '<');
    string_builder_append(writer->text, name);
    if (writer->options->is_mail && elements[kind].mail_style)
        append_attribute(writer->text, "style", elements[kind].mail_style);
    if (writer->options->keeps_lines && kind == BODY_PREFORMATTED)
        append_attribute(writer->text, "tabindex", "0");
}

static void close_element(struct html_writer *writer, const char *name)
{
    string_builder_append_format(writer->text, "</%s>", name);
}

/* What stands in an element of kind parent. A child that may not stand there is unwrapped: its own
 * children take its place, and characters that have no place at all (in a list, beside its items)
 * are left out. */
static void write_children(struct html_writer *writer, const struct body_node *node,
                           enum body_kind parent)
{
    for (const struct body_node *child = node->first_child; child; child = child->next) {
        if (body_may_contain(parent, child->kind))
            write_node(writer, child);
        else
            write_children(writer, child, parent);
    }
}

static void write_element(struct html_writer *writer, const struct body_node *node,
                          const char *name)
{
    open_element(writer, name, node->kind);
    string_builder_append(writer->text, node->kind == BODY_QUOTE ? ">\n" : ">");
    if (node->kind == BODY_CODE && node->text)
        html_append(writer->text, node->text);
    write_children(writer, node, node->kind);
    close_element(writer, name);
}

static void write_heading(struct html_writer *writer, const struct body_node *node)
{
    int level = node->level + writer->options->heading_shift;
    level = level < 1 ? 1 : level > 6 ? 6 : level;
    char name[] = { 'h', (char)('0' + level), '\0' };
    open_element(writer, name, BODY_HEADING);
    string_builder_clear(&writer->address);
    if (writer->options->has_anchors && body_target_append_anchor(&writer->address, node))
        append_attribute(writer->text, "id", writer->address.data);
    string_builder_append_character(writer->text, '>');
    write_children(writer, node, BODY_HEADING);
    close_element(writer, name);
}

static void write_list(struct html_writer *writer, const struct body_node *node)
{
    const char *name = node->is_ordered ? "ol" : "ul";
    open_element(writer, name, BODY_LIST);
    if (node->is_ordered && node->start_offset)
        string_builder_append_format(writer->text, " start=\"%d\"", node->start_offset + 1);
    string_builder_append(writer->text, ">\n");
    write_children(writer, node, BODY_LIST);
    close_element(writer, name);
}

static bool is_header_row(const struct body_node *row)
{
    if (row->kind != BODY_ROW || !row->first_child)
        return false;
    for (const struct body_node *cell = row->first_child; cell; cell = cell->next)
        if (cell->kind != BODY_CELL || !cell->is_header)
            return false;
    return true;
}

/* Pages allow no inline styles, and the classes are theirs; mail has nothing else. */
static void append_alignment(struct html_writer *writer, enum body_alignment alignment)
{
    static const char *const names[] = { "left", "left", "center", "right" };
    if (writer->options->is_mail)
        string_builder_append_format(writer->text, " style=\"%s%s\"",
                                     elements[BODY_CELL].mail_style, names[alignment]);
    else if (alignment != BODY_ALIGN_NONE)
        string_builder_append_format(writer->text, " class=\"align-%s\"", names[alignment]);
}

static void write_cell(struct html_writer *writer, const struct body_node *node)
{
    const char *name = node->is_header ? "th" : "td";
    string_builder_append_format(writer->text, "<%s", name);
    append_alignment(writer, node->alignment);
    if (node->is_header)
        append_attribute(writer->text, "scope", is_header_row(node->parent) ? "col" : "row");
    string_builder_append_character(writer->text, '>');
    write_children(writer, node, BODY_CELL);
    close_element(writer, name);
}

/* Rows of header cells at the top are the table's head; a table of nothing else is all body. */
static void write_rows(struct html_writer *writer, const struct body_node *table)
{
    const struct body_node *row = table->first_child;
    while (row && is_header_row(row))
        row = row->next;
    const struct body_node *body = row ? row : table->first_child;
    if (body != table->first_child)
        string_builder_append(writer->text, "<thead>\n");
    for (row = table->first_child; row; row = row->next) {
        if (row == body)
            string_builder_append(writer->text,
                                  body == table->first_child ? "<tbody>\n" : "</thead>\n<tbody>\n");
        if (row->kind == BODY_ROW && row->first_child)
            write_node(writer, row);
    }
    string_builder_append(writer->text, "</tbody>\n");
}

static void write_table(struct html_writer *writer, const struct body_node *node)
{
    const struct body_writer_options *options = writer->options;
    const char *label = NULL;
    if (!options->is_mail && options->translate)
        label = options->translate(options->payload, "body_table");
    if (label) { /* a frame that the keyboard can reach and scroll: WCAG 2.1.1 */
        string_builder_append(writer->text, "<div class=\"table\" role=\"group\" tabindex=\"0\"");
        append_attribute(writer->text, "aria-label", label);
        string_builder_append_character(writer->text, '>');
    }
    open_element(writer, "table", BODY_TABLE);
    string_builder_append(writer->text, ">\n");
    write_rows(writer, node);
    close_element(writer, "table");
    if (label)
        string_builder_append(writer->text, "</div>");
}

static void write_link(struct html_writer *writer, const struct body_node *node)
{
    string_builder_clear(&writer->address);
    if (writer->in_link || !body_target_resolve(&writer->address, node, writer->options)) {
        write_children(writer, node, BODY_LINK);
        return;
    }
    string_builder_append(writer->text, "<a");
    append_attribute(writer->text, "href", writer->address.data);
    string_builder_append_character(writer->text, '>');
    writer->in_link = true;
    write_children(writer, node, BODY_LINK);
    writer->in_link = false;
    string_builder_append(writer->text, "</a>");
}

static void append_image_size(struct html_writer *writer, const char *file)
{
    const struct body_writer_options *options = writer->options;
    int width = 0;
    int height = 0;
    if (!options->image_size || !options->image_size(options->payload, file, &width, &height) ||
        width <= 0 || height <= 0)
        return;
    if (options->is_mail && width > MAIL_IMAGE_WIDTH) {
        height = (int)((int64_t)height * MAIL_IMAGE_WIDTH / width);
        width = MAIL_IMAGE_WIDTH;
    }
    string_builder_append_format(writer->text, " width=\"%d\" height=\"%d\"", width,
                                 height > 0 ? height : 1);
}

static void append_image_widths(struct html_writer *writer, const char *file)
{
    const struct body_writer_options *options = writer->options;
    const char *srcset = options->image_srcset ? options->image_srcset(options->payload, file)
                                               : NULL;
    if (!srcset)
        return;
    append_attribute(writer->text, "srcset", srcset);
    if (options->image_sizes)
        append_attribute(writer->text, "sizes", options->image_sizes);
}

/* False where the picture has no address. */
static bool write_image(struct html_writer *writer, const struct body_node *node)
{
    string_builder_clear(&writer->address);
    if (!body_target_resolve(&writer->address, node, writer->options))
        return false;
    open_element(writer, "img", BODY_IMAGE);
    append_attribute(writer->text, "src", writer->address.data);
    append_attribute(writer->text, "alt", node->text ? node->text : "");
    append_image_size(writer, node->target);
    append_image_widths(writer, node->target);
    string_builder_append(writer->text, "/>");
    return true;
}

static void append_words(struct html_writer *writer, const char *words, const char *between)
{
    if (!words)
        return;
    string_builder_append(writer->text, between);
    html_append(writer->text, words);
}

/* Where the picture is at full size. A link cannot stand within one. False: nothing is written. */
static bool write_original(struct html_writer *writer, const struct body_image_words *words,
                           const char *between)
{
    const char *address = words->original_address;
    if (!address || !words->original_label || writer->in_link)
        return false;
    string_builder_append(writer->text, between);
    string_builder_append(writer->text, "<a");
    if (writer->options->has_anchors)
        append_attribute(writer->text, "class", "download");
    append_attribute(writer->text, "href", address);
    if (writer->options->has_anchors)
        append_attribute(writer->text, "download", "");
    string_builder_append_character(writer->text, '>');
    html_append(writer->text, words->original_label);
    return true;
}

/* On a line of its own, its size with it. */
static void write_original_line(struct html_writer *writer, const struct body_image_words *words,
                                const char *between)
{
    if (!write_original(writer, words, between))
        return;
    if (words->original_text) {
        string_builder_append(writer->text,
                              writer->options->has_anchors ? " <span class=\"size\">(" : " (");
        html_append(writer->text, words->original_text);
        string_builder_append(writer->text, writer->options->has_anchors ? ")</span>" : ")");
    }
    string_builder_append(writer->text, "</a>");
}

/* Its own caption, then what the release says of the picture. */
static void write_caption(struct html_writer *writer, const struct body_node *figure,
                          const struct body_node *image)
{
    struct body_image_words words;
    const struct body_node *own = body_figure_caption(figure);
    body_image_describe(writer->options, image, own, &words);
    bool has_original = words.original_address && words.original_label && !writer->in_link;
    if (!own && !words.caption && !words.credit && !has_original)
        return;
    open_element(writer, "figcaption", BODY_CAPTION);
    string_builder_append_character(writer->text, '>');
    if (own)
        write_children(writer, own, BODY_CAPTION);
    append_words(writer, words.caption, own ? "<br/>" : "");
    append_words(writer, words.credit, own || words.caption ? "<br/>" : "");
    write_original_line(writer, &words, own || words.caption || words.credit ? "<br/>" : "");
    string_builder_append(writer->text, "</figcaption>\n");
}

/* A figure is left out with its picture, because its caption would describe nothing. */
static void write_figure(struct html_writer *writer, const struct body_node *node)
{
    size_t start = writer->text->length;
    const struct body_node *image = NULL;
    open_element(writer, "figure", BODY_FIGURE);
    string_builder_append_character(writer->text, '>');
    for (const struct body_node *child = node->first_child; child; child = child->next)
        if (child->kind == BODY_IMAGE && write_image(writer, child))
            image = child;
    if (image)
        write_caption(writer, node, image);
    close_element(writer, "figure");
    if (!image)
        string_builder_truncate(writer->text, start);
}

/* Among words, where nothing can stand below it. */
static void write_inline_image(struct html_writer *writer, const struct body_node *node)
{
    struct body_image_words words;
    if (!write_image(writer, node))
        return;
    body_image_describe(writer->options, node, NULL, &words);
    size_t start = writer->text->length;
    append_words(writer, words.caption, " (");
    append_words(writer, words.credit, words.caption ? " · " : " (");
    if (!words.is_original &&
        write_original(writer, &words, writer->text->length > start ? " · " : " (")) {
        string_builder_append(writer->text, "</a>");
        append_words(writer, words.original_text, ", ");
    }
    if (writer->text->length > start)
        string_builder_append_character(writer->text, ')');
}

static void write_block(struct html_writer *writer, const struct body_node *node)
{
    struct string_builder *text = writer->text;
    bool begins_line = text->length == 0 || strchr("\n>", text->data[text->length - 1]);
    if (!begins_line && node->first_child && node != writer->skipped)
        string_builder_append_character(text, '\n'); /* behind an item's own words */
    size_t start = text->length;
    if (node->kind == BODY_RULE) {
        open_element(writer, "hr", BODY_RULE);
        string_builder_append(writer->text, "/>");
    } else if (!node->first_child || node == writer->skipped) {
        return; /* an empty heading or list says nothing, and a validator objects */
    } else if (node->kind == BODY_HEADING) {
        write_heading(writer, node);
    } else if (node->kind == BODY_LIST) {
        write_list(writer, node);
    } else if (node->kind == BODY_FIGURE) {
        write_figure(writer, node);
    } else if (node->kind == BODY_TABLE) {
        write_table(writer, node);
    } else if (elements[node->kind].element) {
        write_element(writer, node, elements[node->kind].element);
    }
    if (writer->text->length > start)
        string_builder_append_character(writer->text, '\n');
}

static void write_node(struct html_writer *writer, const struct body_node *node)
{
    switch (node->kind) {
    case BODY_TEXT:
        if (node->text)
            html_append(writer->text, node->text);
        break;
    case BODY_LINK:
        write_link(writer, node);
        break;
    case BODY_IMAGE:
        write_inline_image(writer, node);
        break;
    case BODY_BREAK:
        string_builder_append(writer->text, "<br/>\n");
        break;
    case BODY_CELL:
        write_cell(writer, node);
        break;
    case BODY_EMPHASIS:
    case BODY_STRONG:
    case BODY_CODE:
        write_element(writer, node, elements[node->kind].element);
        break;
    default:
        write_block(writer, node);
        break;
    }
}

void body_write_html(struct string_builder *text, const struct body_node *document,
                     const struct body_writer_options *options)
{
    if (!document)
        return;
    struct html_writer writer = { .text = text, .options = options };
    if (options->skip_first_paragraph)
        writer.skipped = body_first_paragraph(document);
    string_builder_init(&writer.address, 0);
    write_children(&writer, document, document->kind);
    string_builder_release(&writer.address);
}
