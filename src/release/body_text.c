/* SPDX-License-Identifier: MIT */
#include "release/body.h"

#include "base/string_builder.h"
#include "base/utf8.h"
#include "release/body_figure.h"
#include "release/body_lines.h"
#include "release/body_target.h"

#include <stdio.h>
#include <string.h>

enum {
    RULE_WIDTH = 40,
    KNOWN_ADDRESSES = 64 /* an address named so many addresses ago may come again */
};

struct text_writer {
    struct body_lines lines;
    const struct body_writer_options *options;
    const struct body_node *skipped;
    struct string_builder words;     /* of the paragraph being collected; "\n" is a line's end */
    struct string_builder addresses; /* of the links in it, each ended by "\n" */
    bool in_tight_list;
    bool in_link;
};

static void write_blocks(struct text_writer *writer, const struct body_node *node,
                         enum body_kind parent);

/* ---- inlines ---- */

static size_t plain_length(const char *string)
{
    size_t length = 0;
    while (string[length] > ' ' && string[length] < 0x7f)
        length++;
    return length;
}

static void collect_characters(struct text_writer *writer, const char *string)
{
    struct string_builder *words = &writer->words;
    size_t length = strlen(string);
    size_t offset = 0;
    while (offset < length) {
        /* Letters of ASCII, which most of a text is, by the word. */
        size_t plain = plain_length(string + offset);
        string_builder_append_bytes(words, string + offset, plain);
        offset += plain;
        size_t here = offset;
        uint32_t c;
        if (!utf8_next(string, length, &offset, &c)) {
            offset = here + 1;
            continue;
        }
        bool is_begun = words->length && !strchr(" \n", words->data[words->length - 1]);
        if (utf8_is_space(c)) {
            if (is_begun)
                string_builder_append_character(words, ' ');
        } else if (c != 0xad && utf8_is_xml_character(c)) {
            string_builder_append_bytes(words, string + here, offset - here);
        }
    }
}

/* Whether the addresses already end with this one among the last few. */
static bool is_known_address(const struct string_builder *addresses, const char *address)
{
    size_t length = strlen(address);
    const char *line = addresses->data;
    for (int i = 0; *line && i < KNOWN_ADDRESSES; i++) {
        size_t line_length = strcspn(line, "\n");
        if (line_length == length && memcmp(line, address, length) == 0)
            return true;
        line += line_length + 1;
    }
    return false;
}

static void collect_address(struct text_writer *writer, const char *address)
{
    if (is_known_address(&writer->addresses, address))
        return;
    string_builder_append(&writer->addresses, address);
    string_builder_append_character(&writer->addresses, '\n');
}

/* A mail address or telephone number that its words already show is not said twice; a web address
 * always is, since a full stop behind it in the text would become part of it for many programs. */
static bool is_shown(const struct text_writer *writer, size_t start, const char *address)
{
    const char *shown = NULL;
    if (strncmp(address, "mailto:", 7) == 0)
        shown = address + 7;
    else if (strncmp(address, "tel:", 4) == 0)
        return strpbrk(writer->words.data + start, "0123456789");
    return shown && strstr(writer->words.data + start, shown);
}

static void collect_inlines(struct text_writer *writer, const struct body_node *node);

static void collect_link(struct text_writer *writer, const struct body_node *node)
{
    size_t start = writer->words.length;
    if (writer->in_link) {
        collect_inlines(writer, node);
        return;
    }
    writer->in_link = true;
    collect_inlines(writer, node);
    writer->in_link = false;
    struct string_builder address;
    string_builder_init(&address, 0);
    if (body_target_resolve(&address, node, writer->options) &&
        !is_shown(writer, start, address.data))
        collect_address(writer, address.data);
    string_builder_release(&address);
}

static bool image_is_there(const struct text_writer *writer, const struct body_node *node)
{
    struct string_builder address;
    string_builder_init(&address, 0);
    bool is_there = body_target_resolve(&address, node, writer->options);
    string_builder_release(&address);
    return is_there;
}

/* "[Image: alternative text]"; NULL: "[Image]", where there is such a word. */
static void collect_alternative(struct text_writer *writer, const char *alternative)
{
    const struct body_writer_options *options = writer->options;
    const char *word = options->translate ? options->translate(options->payload, "body_image")
                                          : NULL;
    if (!word && !alternative)
        return;
    string_builder_append_character(&writer->words, '[');
    if (word)
        collect_characters(writer, word);
    if (word && alternative)
        string_builder_append(&writer->words, ": ");
    if (alternative)
        collect_characters(writer, alternative);
    string_builder_append_character(&writer->words, ']');
}

static void collect_image(struct text_writer *writer, const struct body_node *node)
{
    if (node->text && *node->text && image_is_there(writer, node))
        collect_alternative(writer, node->text);
}

static void collect_line(struct text_writer *writer, const char *words)
{
    if (!words)
        return;
    string_builder_append_character(&writer->words, '\n');
    collect_characters(writer, words);
}

/* "Download the picture in full size (JPEG, …)", its address among those below the words. */
static void collect_original(struct text_writer *writer, const struct body_image_words *words)
{
    if (!words->original_address || !words->original_label)
        return;
    collect_line(writer, words->original_label);
    if (words->original_text) {
        string_builder_append(&writer->words, " (");
        collect_characters(writer, words->original_text);
        string_builder_append_character(&writer->words, ')');
    }
    collect_address(writer, words->original_address);
}

/* Among words, where nothing can stand below it. */
static void collect_inline_image(struct text_writer *writer, const struct body_node *node)
{
    struct body_image_words words;
    collect_image(writer, node);
    if (!image_is_there(writer, node))
        return;
    body_image_describe(writer->options, node, NULL, &words);
    bool has_original = words.original_address && words.original_label && !words.is_original;
    const char *const parts[] = { words.caption, words.credit,
                                  has_original ? words.original_label : NULL };
    const char *between = " (";
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        if (!parts[i])
            continue;
        string_builder_append(&writer->words, between);
        collect_characters(writer, parts[i]);
        between = " · ";
    }
    if (between[1] != '(')
        string_builder_append_character(&writer->words, ')');
    if (has_original)
        collect_address(writer, words.original_address);
}

static void collect_inline(struct text_writer *writer, const struct body_node *node)
{
    switch (node->kind) {
    case BODY_TEXT:
    case BODY_CODE:
        if (node->text)
            collect_characters(writer, node->text);
        collect_inlines(writer, node);
        break;
    case BODY_BREAK:
        string_builder_append_character(&writer->words, '\n');
        break;
    case BODY_LINK:
        collect_link(writer, node);
        break;
    case BODY_IMAGE:
        collect_inline_image(writer, node);
        break;
    default:
        if (body_kind_is_block(node->kind))
            collect_characters(writer, " ");
        collect_inlines(writer, node);
        break;
    }
}

static void collect_inlines(struct text_writer *writer, const struct body_node *node)
{
    for (const struct body_node *child = node->first_child; child; child = child->next)
        collect_inline(writer, child);
}

/* Writes the collected words as lines and empties them. Returns the widest line. */
static size_t write_words(struct text_writer *writer)
{
    size_t widest = 0;
    const char *line = writer->words.data;
    while (*line) {
        line += strspn(line, " ");
        size_t length = strcspn(line, "\n");
        const char *next = line + length + (line[length] == '\n');
        while (length && line[length - 1] == ' ')
            length--;
        if (length) {
            size_t width = body_lines_wrap(&writer->lines, line, length);
            widest = width > widest ? width : widest;
        }
        line = next;
    }
    string_builder_clear(&writer->words);
    return widest;
}

static void write_addresses(struct text_writer *writer)
{
    const char *line = writer->addresses.data;
    while (*line) {
        size_t length = strcspn(line, "\n");
        body_lines_append_prefix(&writer->lines);
        string_builder_append_character(writer->lines.text, '<');
        string_builder_append_bytes(writer->lines.text, line, length);
        string_builder_append_character(writer->lines.text, '>');
        body_lines_end(&writer->lines);
        line += length + 1;
    }
    string_builder_clear(&writer->addresses);
}

static bool has_collected(const struct text_writer *writer)
{
    return writer->words.data[strspn(writer->words.data, " \n")] || writer->addresses.length;
}

/* Ends the paragraph that was collected, if there is one. */
static void flush_paragraph(struct text_writer *writer)
{
    if (has_collected(writer)) {
        body_lines_begin_block(&writer->lines);
        (void)write_words(writer);
        write_addresses(writer);
    }
    string_builder_clear(&writer->words);
}

/* ---- blocks ---- */

static void write_heading(struct text_writer *writer, const struct body_node *node)
{
    collect_inlines(writer, node);
    if (!has_collected(writer))
        return;
    body_lines_begin_block(&writer->lines);
    size_t widest = write_words(writer);
    if (widest > body_lines_width(&writer->lines))
        widest = body_lines_width(&writer->lines);
    /* Two hyphens alone would look like the beginning of a signature. */
    char line = node->level + writer->options->heading_shift <= 2 ? '=' : '-';
    body_lines_repeat(&writer->lines, line, widest < 3 ? 3 : widest);
    write_addresses(writer);
}

/* A list is loose, with empty lines between its items, where one of them has several paragraphs. */
static bool is_loose(const struct body_node *list)
{
    for (const struct body_node *item = list->first_child; item; item = item->next) {
        int blocks = 0;
        for (const struct body_node *child = item->first_child; child; child = child->next)
            blocks += body_kind_is_block(child->kind) && child->kind != BODY_LIST;
        if (blocks > 1)
            return true;
    }
    return false;
}

static void write_list(struct text_writer *writer, const struct body_node *list)
{
    bool was_tight = writer->in_tight_list;
    writer->lines.is_tight = was_tight;
    writer->in_tight_list = !is_loose(list);
    int number = list->start_offset;
    for (const struct body_node *item = list->first_child; item; item = item->next) {
        char marker[16] = "- ";
        if (item->kind != BODY_ITEM)
            continue;
        if (list->is_ordered)
            (void)snprintf(marker, sizeof marker, "%d. ", ++number);
        if (!item->first_child)
            continue;
        char indentation[16];
        (void)snprintf(indentation, sizeof indentation, "%*s", (int)strlen(marker), "");
        size_t prefix_length = body_lines_push(&writer->lines, marker, indentation);
        write_blocks(writer, item, BODY_ITEM);
        body_lines_pop(&writer->lines, prefix_length);
        writer->lines.is_tight = writer->in_tight_list;
    }
    writer->in_tight_list = was_tight;
    writer->lines.is_tight = false;
}

static void write_quote(struct text_writer *writer, const struct body_node *quote)
{
    size_t before = writer->lines.text->length;
    bool had_block = writer->lines.has_block;
    bool was_tight = writer->in_tight_list;
    writer->in_tight_list = false;
    body_lines_begin_block(&writer->lines); /* the empty line above is not part of the quote */
    size_t start = writer->lines.text->length;
    writer->lines.has_block = false;
    size_t prefix_length = body_lines_push(&writer->lines, "> ", "> ");
    write_blocks(writer, quote, BODY_QUOTE);
    body_lines_pop(&writer->lines, prefix_length);
    writer->lines.has_block = true;
    if (writer->lines.text->length == start) {
        string_builder_truncate(writer->lines.text, before);
        writer->lines.has_block = had_block;
    }
    writer->in_tight_list = was_tight;
}

static void write_preformatted(struct text_writer *writer, const struct body_node *node)
{
    for (const struct body_node *child = node->first_child; child; child = child->next)
        if (child->kind == BODY_TEXT && child->text)
            utf8_append_clean(&writer->words, child->text, strlen(child->text));
    if (has_collected(writer)) {
        body_lines_begin_block(&writer->lines);
        const char *line = writer->words.data;
        while (*line) {
            size_t length = strcspn(line, "\r\n");
            body_lines_write(&writer->lines, line, length);
            line += length;
            line += line[0] == '\r' && line[1] == '\n' ? 2 : *line != '\0';
        }
    }
    string_builder_clear(&writer->words);
}

static void write_row(struct text_writer *writer, const struct body_node *row)
{
    bool is_header = row->first_child != NULL;
    for (const struct body_node *cell = row->first_child; cell; cell = cell->next) {
        if (cell != row->first_child)
            string_builder_append(&writer->words, " | ");
        collect_inlines(writer, cell);
        is_header = is_header && cell->is_header;
    }
    for (char *p = writer->words.data; (p = strchr(p, '\n'));)
        *p = ' ';
    size_t widest = write_words(writer);
    if (is_header && widest)
        body_lines_repeat(
            &writer->lines, '-',
            widest < body_lines_width(&writer->lines) ? widest : body_lines_width(&writer->lines));
}

/* Rows as lines, "cell | cell", since columns would not survive another font or a narrow screen;
 * addresses below the whole. */
static void write_table(struct text_writer *writer, const struct body_node *table)
{
    body_lines_begin_block(&writer->lines);
    for (const struct body_node *row = table->first_child; row; row = row->next)
        if (row->kind == BODY_ROW)
            write_row(writer, row);
    write_addresses(writer);
}

/* A caption is left out with its picture, because it would describe nothing. */
static void write_figure(struct text_writer *writer, const struct body_node *figure)
{
    const struct body_node *image = NULL;
    const struct body_node *own = body_figure_caption(figure);
    struct body_image_words words;
    for (const struct body_node *child = figure->first_child; child; child = child->next)
        if (child->kind == BODY_IMAGE && image_is_there(writer, child)) {
            image = child;
            collect_image(writer, child);
        }
    if (!image)
        return;
    body_image_describe(writer->options, image, own, &words);
    if (!has_collected(writer) && (own || words.caption || words.credit || words.original_address))
        collect_alternative(writer, NULL);
    string_builder_append_character(&writer->words, '\n');
    if (own)
        collect_inlines(writer, own);
    collect_line(writer, words.caption);
    collect_line(writer, words.credit);
    collect_original(writer, &words);
    flush_paragraph(writer);
}

static void write_block(struct text_writer *writer, const struct body_node *node)
{
    switch (node->kind) {
    case BODY_HEADING:
        write_heading(writer, node);
        break;
    case BODY_LIST:
        write_list(writer, node);
        break;
    case BODY_QUOTE:
        write_quote(writer, node);
        break;
    case BODY_PREFORMATTED:
        write_preformatted(writer, node);
        break;
    case BODY_FIGURE:
        write_figure(writer, node);
        break;
    case BODY_TABLE:
        write_table(writer, node);
        break;
    case BODY_RULE:
        body_lines_begin_block(&writer->lines);
        body_lines_repeat(&writer->lines, '-', RULE_WIDTH);
        break;
    default:
        collect_inlines(writer, node);
        flush_paragraph(writer);
        break;
    }
}

/* Blocks, and inlines between them as paragraphs of their own; what may not stand there is
 * unwrapped, as in body_html.c. */
static void write_blocks(struct text_writer *writer, const struct body_node *node,
                         enum body_kind parent)
{
    for (const struct body_node *child = node->first_child; child; child = child->next) {
        if (child == writer->skipped)
            continue;
        if (!body_kind_is_block(child->kind)) {
            collect_inline(writer, child);
            continue;
        }
        flush_paragraph(writer);
        if (body_may_contain(parent, child->kind))
            write_block(writer, child);
        else
            write_blocks(writer, child, parent);
    }
    flush_paragraph(writer);
}

void body_write_text(struct string_builder *text, const struct body_node *document,
                     const struct body_writer_options *options, size_t width)
{
    if (!document)
        return;
    struct text_writer writer = { .options = options };
    if (options->skip_first_paragraph)
        writer.skipped = body_first_paragraph(document);
    body_lines_init(&writer.lines, text, width);
    string_builder_init(&writer.words, 0);
    string_builder_init(&writer.addresses, 0);
    write_blocks(&writer, document, document->kind);
    body_lines_release(&writer.lines);
    string_builder_release(&writer.words);
    string_builder_release(&writer.addresses);
}
