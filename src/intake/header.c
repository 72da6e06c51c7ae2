/* SPDX-License-Identifier: MIT */
#include "intake/header_reader.h"

#include "base/arena.h"
#include "base/string_builder.h"
#include "intake/header_value.h"
#include "intake/reader.h"

#include <string.h>

/* ---- values ---- */

/* Refuses a field that is indented by mistake: it would become part of the text of the field
 * above, and an embargo would be lost. shown: what that field is called. */
static bool hides_field(struct header_reader *reader, const char *shown,
                        const struct header_line *line)
{
    static const char *const grave[] = { "embargo", "published", "status", NULL };
    const struct intake_reading *reading = reader->reading;
    struct header_written_key key;
    if (!header_split_key(reader, header_key_names(NULL), line, &key))
        return false;
    if (!key.key.name && !header_key_is_any(reading, key.written) &&
        !header_key_nearest(reading, grave, key.written, NULL))
        return false;
    reader->reading->fields_unread = true;
    header_refuse(reader, line->number, INTAKE_MESSAGE_KEY_INDENTED, key.written, shown, NULL);
    return true;
}

/* "#tag" continues a text; "# " begins a comment, also where it is indented. */
static bool is_hash_tag(const struct header_line *line)
{
    return header_is_comment(line) && line->length > 1 && line->text[1] != '#' &&
           header_space_before(line->text + 1, line->length - 1) == 0;
}

/* Appends the lines below that are indented deeper than the field. */
static void append_lines(struct header_reader *reader, const char *shown,
                         struct string_builder *joined, bool is_text, int column)
{
    for (size_t i = reader->next; i < reader->count; i++) {
        const struct header_line *line = &reader->lines[i];
        bool is_tag = is_text && is_hash_tag(line);
        if (line->length == 0 || (header_is_comment(line) && !(is_tag && line->indent > column)))
            continue;
        if (line->indent <= column)
            return;
        reader->next = i + 1;
        if (hides_field(reader, shown, line))
            continue;
        if (!is_text && header_item_mark(line)) {
            header_refuse_line(reader, line);
            continue;
        }
        if (joined->length)
            string_builder_append_character(joined, ' ');
        string_builder_append_bytes(joined, line->text, line->length);
    }
}

static void read_block(struct header_reader *reader, struct header_node *node, int column)
{
    struct string_builder lines;
    string_builder_init(&lines, 0);
    for (size_t i = reader->next; i < reader->count; i++) {
        const struct header_line *line = &reader->lines[i];
        if (line->length == 0)
            continue;
        if (line->indent <= column)
            break;
        reader->next = i + 1;
        string_builder_append_format(&lines, "%s%.*s", lines.length ? "\n" : "", (int)line->length,
                                     line->text);
    }
    if (lines.length) {
        node->kind = HEADER_TEXT;
        node->is_quoted = true;
        node->text = arena_copy_bytes(reader->reading->arena, lines.data, lines.length);
    }
    string_builder_release(&lines);
}

/* Takes the quotes off a value; written: what its field is called. */
static void read_quotes(struct header_reader *reader, struct header_node *node, const char *written,
                        bool is_text, const char *value, size_t length)
{
    struct arena *arena = reader->reading->arena;
    const char *text = NULL;
    enum header_quoting quoting = header_unquote(arena, value, length, !is_text, &text);
    size_t before = header_before_comment(value, length);
    if (quoting == HEADER_PLAIN && before < length && is_text) {
        intake_problem_add(reader->reading->problems, INTAKE_NOTICE, node->line,
                           INTAKE_MESSAGE_HASH_IS_TEXT, written, NULL);
    } else if (quoting == HEADER_PLAIN && before < length) {
        header_refuse(reader, node->line, INTAKE_MESSAGE_COMMENT_BEHIND, written, NULL, NULL);
        /* The value is then read without the comment, so that what else is wrong is found. */
        length = before - header_space_behind(value, before);
        quoting = header_unquote(arena, value, length, true, &text);
    }
    if (quoting == HEADER_MISQUOTED)
        header_refuse(reader, node->line, INTAKE_MESSAGE_QUOTES_WRONG, text, NULL, NULL);
    if (quoting == HEADER_MISCODED)
        header_refuse(reader, node->line, INTAKE_MESSAGE_CHARACTER_WRONG, text, NULL, NULL);
    node->is_quoted = quoting == HEADER_QUOTED;
    node->text = node->is_quoted ? text : arena_copy_bytes(arena, value, length);
    bool is_nothing = !node->is_quoted && (!*node->text || strcmp(node->text, "~") == 0 ||
                                           strcmp(node->text, "null") == 0);
    node->kind = is_nothing ? HEADER_NOTHING : HEADER_TEXT;
}

/* Reads a value that is no list, mapping or block. */
static void read_plain(struct header_reader *reader, struct header_node *node, const char *written,
                       bool is_text, const struct header_line *line, int column)
{
    struct string_builder joined;
    string_builder_init(&joined, 0);
    string_builder_append_bytes(&joined, line->text, line->length);
    append_lines(reader, written, &joined, is_text, column);
    read_quotes(reader, node, written, is_text, joined.data, joined.length);
    string_builder_release(&joined);
}

static void read_nested(struct header_reader *reader, struct header_node *node, const char *name,
                        int column);

/* Reads a value. name: our name of its field, or of the list that it is an item of. */
static void read_value(struct header_reader *reader, struct header_node *node, const char *written,
                       const char *name, const struct header_line *line, int column)
{
    bool is_text = header_key_is_text(name);
    if (line->length == 0 && node->key && header_key_is_nested(name))
        read_nested(reader, node, name, column);
    else if (!is_text && line->length && strchr("[{", line->text[0]))
        header_read_flow(reader, node, written, name, line->text);
    else if (header_is_block(line->text, line->length))
        read_block(reader, node, column);
    else
        read_plain(reader, node, written, is_text, line, column);
}

/* ---- structure ---- */

static void read_entry(struct header_reader *reader, struct header_node *mapping,
                       const char *const *names, const struct header_line *line, int column)
{
    struct header_written_key key;
    struct header_node *node = NULL;
    if (!header_split_key(reader, names, line, &key))
        header_refuse_keyless(reader, names, line);
    else
        node = header_entry(reader, mapping, names, key.written, line->number);
    if (!node) {
        header_skip_deeper(reader, column);
        return;
    }
    const struct header_line value = { .text = key.value,
                                       .length = key.value_length,
                                       .number = line->number };
    read_value(reader, node, node->written, node->key, &value, column);
}

/* Reads the entries that are indented deeper than floor. */
static void read_mapping(struct header_reader *reader, struct header_node *node,
                         const char *const *names, int floor)
{
    int column = -1;
    const struct header_line *line;
    node->kind = HEADER_MAPPING;
    while ((line = header_peek(reader)) && line->indent > floor) {
        if (column < 0 || line->indent < column)
            column = line->indent;
        reader->next++;
        if (line->indent > column)
            header_refuse_line(reader, line);
        else
            read_entry(reader, node, names, line, column);
    }
}

static void read_item(struct header_reader *reader, struct header_node *list, const char *name,
                      const char *written)
{
    struct header_line *line = header_peek(reader);
    struct header_node *item = header_append(reader, list, line->number);
    int column = line->indent;
    size_t mark = header_item_mark(line);
    line->indent += (int)mark;
    line->text += mark;
    line->length -= mark;
    if (line->length == 0) {
        reader->next++;
        line = header_peek(reader);
        if (!line || line->indent <= column)
            return;
    }
    if (header_begins_field(reader, header_key_names(name), line)) {
        read_mapping(reader, item, header_key_names(name), column);
        return;
    }
    reader->next++;
    read_value(reader, item, written, name, line, column);
}

/* Reads what stands below a key without a value: a list, fields, or one item a line. */
static void read_nested(struct header_reader *reader, struct header_node *node, const char *name,
                        int column)
{
    const char *const *names = header_key_names(name);
    struct header_line *line = header_peek(reader);
    if (!line || line->indent < column || (line->indent == column && !header_item_mark(line)))
        return;
    if (!header_item_mark(line) &&
        (header_begins_field(reader, names, line) || strcmp(name, "event") == 0)) {
        read_mapping(reader, node, names, column);
        return;
    }
    node->kind = HEADER_LIST;
    bool has_marks = header_item_mark(line) > 0;
    node->is_lines = !has_marks;
    for (int indent = line->indent; line && line->indent >= indent; line = header_peek(reader)) {
        if (has_marks && !header_item_mark(line))
            return;
        if (has_marks) {
            read_item(reader, node, name, node->written);
        } else {
            struct header_node *item = header_append(reader, node, line->number);
            reader->next++;
            read_value(reader, item, node->written, name, line, indent);
        }
    }
}

/* ---- all of it ---- */

const struct header_node *header_read(struct intake_reading *reading, const char *bytes,
                                      size_t length, int first_line)
{
    struct header_reader reader = { .reading = reading, .end = bytes + length };
    struct header_node *root = arena_allocate(reading->arena, sizeof *root);
    root->kind = HEADER_MAPPING;
    root->line = first_line;
    if (!header_split_lines(&reader, bytes, length, first_line)) {
        header_refuse_lines(&reader, first_line, INTAKE_MESSAGE_HEADER_TOO_LARGE,
                            arena_format(reading->arena, "%d", HEADER_LINES_MAXIMUM));
        return NULL;
    }
    header_drop_marks(&reader);
    const struct header_line *line = header_peek(&reader);
    if (line && line->text[0] == '{') {
        reader.next++;
        header_read_flow(&reader, root, "{ }", NULL, line->text);
    }
    if (header_peek(&reader))
        read_mapping(&reader, root, header_key_names(NULL), -1);
    header_report_unknown_keys(&reader, root);
    return root->kind == HEADER_MAPPING ? root : NULL;
}

const struct header_node *header_get(const struct header_node *mapping, const char *key)
{
    if (!mapping || mapping->kind != HEADER_MAPPING)
        return NULL;
    for (const struct header_node *entry = mapping->first; entry; entry = entry->next)
        if (strcmp(entry->key, key) == 0)
            return entry->kind == HEADER_NOTHING ? NULL : entry;
    return NULL;
}
