/* SPDX-License-Identifier: MIT */
/* A table of two columns at the top of a text: the names of fields, and what stands for each.
 *
 * A cell is a value and nothing else: no words in it can become another field. Fields that hold
 * several things (contacts, an event) are read as the lines below their name in a header. */
#include "intake/layout_parts.h"

#include "base/arena.h"
#include "base/string_builder.h"
#include "intake/encoding.h"
#include "intake/fields.h"
#include "intake/header_reader.h"
#include "intake/reader.h"

#include <string.h>

/* Limits: blocks that may stand above the table, their bytes, and rows of it. */
enum { BLOCKS_ABOVE = 3, ABOVE_MAXIMUM = 200, ROWS_MAXIMUM = 200 };

static const char *words_of(const struct layout *layout, const struct body_node *cell)
{
    struct string_builder words;
    string_builder_init(&words, 0);
    layout_append_words(&words, cell, false);
    const char *copy = arena_copy_bytes(layout->reading->arena, words.length ? words.data : "",
                                        words.length);
    string_builder_release(&words);
    return copy;
}

/* The name of a field as it stands in the cell, without a colon behind it. */
static const char *key_of(const struct layout *layout, const struct body_node *cell)
{
    const char *words = words_of(layout, cell);
    const char *key = encoding_one_line(layout->reading->arena, words, strlen(words));
    size_t length = strlen(key);
    while (length && strchr(": ", key[length - 1]))
        length--;
    return arena_copy_bytes(layout->reading->arena, key, length);
}

static bool is_pair(const struct body_node *row)
{
    const struct body_node *left = row->first_child;
    return left && left->next && !left->next->next;
}

static bool is_field(const struct layout *layout, const char *key)
{
    struct header_key found = header_key_find(layout->reading, header_key_names(NULL), key, false);
    return found.name != NULL;
}

/* Whether most of its names are those of fields. */
static bool is_field_table(const struct layout *layout, const struct body_node *table)
{
    size_t rows = 0;
    size_t fields = 0;
    if (table->kind != BODY_TABLE)
        return false;
    for (const struct body_node *row = table->first_child; row; row = row->next) {
        if (!is_pair(row) || rows == ROWS_MAXIMUM)
            return false;
        rows++;
        fields += is_field(layout, key_of(layout, row->first_child));
    }
    return 2 * fields > rows;
}

/* ---- values ---- */

/* The lines of the value below its name, as a header has them. */
static const struct header_node *read_lines(const struct layout *layout, const char *name,
                                            const char *words)
{
    struct string_builder text;
    string_builder_init(&text, 0);
    string_builder_append_format(&text, "%s:\n", name);
    while (*words) {
        size_t length = strcspn(words, "\n");
        const char *line = encoding_one_line(layout->reading->arena, words, length);
        if (*line)
            string_builder_append_format(&text, "  %s\n", line);
        words += length;
        words += *words == '\n';
    }
    const char *copy = arena_copy_bytes(layout->reading->arena, text.data, text.length);
    const struct header_node *root = header_read(layout->reading, copy, text.length, 0);
    string_builder_release(&text);
    return root ? root->first : NULL;
}

static void set_value(const struct layout *layout, struct header_node *node, const char *words)
{
    bool has_lines = strchr(words, '\n') != NULL;
    const struct header_node *read = NULL;
    if (has_lines && header_key_is_nested(node->key) && strcmp(node->key, "topics") != 0)
        read = read_lines(layout, node->key, words);
    if (read) {
        node->kind = read->kind;
        node->text = read->text;
        node->is_lines = read->is_lines;
        node->first = read->first;
        node->last = read->last;
        return;
    }
    char *text = arena_copy(layout->reading->arena, words);
    for (char *at = text; *at; at++)
        if (*at == '\n')
            *at = strcmp(node->key, "topics") == 0 ? ',' : ' ';
    node->kind = HEADER_TEXT;
    node->text = encoding_one_line(layout->reading->arena, text, strlen(text));
}

/* ---- rows ---- */

/* A row without a value is a field that nobody filled in, as in a form. A first row with names of
 * the columns is none. */
static void read_row(const struct layout *layout, struct header_reader *reader,
                     struct header_node *root, const struct body_node *row)
{
    const char *key = key_of(layout, row->first_child);
    const char *words = words_of(layout, row->first_child->next);
    const char *line = encoding_one_line(layout->reading->arena, words, strlen(words));
    bool is_head = row == row->parent->first_child && row->first_child->is_header &&
                   !is_field(layout, key);
    if (!*line || is_head)
        return;
    struct header_node *node = header_entry(reader, root, header_key_names(NULL), key, 0);
    if (node)
        set_value(layout, node, words + strspn(words, " \n"));
}

static void read_table(const struct layout *layout, struct header_reader *reader,
                       struct header_node *root, const struct body_node *table)
{
    for (const struct body_node *row = table->first_child; row; row = row->next)
        read_row(layout, reader, root, row);
}

/* The first block that is a table of fields; count: none. */
static size_t find_table(const struct layout *layout)
{
    for (size_t i = 0; i < layout->count && i <= BLOCKS_ABOVE; i++) {
        const struct body_node *node = layout->blocks[i].node;
        if (node->kind == BODY_TABLE)
            return is_field_table(layout, node) ? i : layout->count;
        if (strlen(words_of(layout, node)) > ABOVE_MAXIMUM)
            break;
    }
    return layout->count;
}

void layout_table_take(struct layout *layout)
{
    struct header_reader reader = { .reading = layout->reading };
    struct header_node *root = arena_allocate(layout->reading->arena, sizeof *root);
    size_t index = find_table(layout);
    bool found = false;
    root->kind = HEADER_MAPPING;
    while (index < layout->count && is_field_table(layout, layout->blocks[index].node)) {
        read_table(layout, &reader, root, layout->blocks[index].node);
        layout_remove_block(layout, index);
        found = true;
    }
    if (!found)
        return;
    header_report_unknown_keys(&reader, root);
    fields_read_mapping(layout->reading, root);
}
