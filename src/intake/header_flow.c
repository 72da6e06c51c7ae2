/* SPDX-License-Identifier: MIT */
/* Values in brackets are YAML: yaml/ reads them. */
#include "intake/header_reader.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/string_builder.h"
#include "base/utf8.h"
#include "intake/header_value.h"
#include "intake/reader.h"
#include "yaml/yaml.h"

#include <stdint.h>
#include <string.h>

static void convert(struct header_reader *reader, struct header_node *node,
                    const struct yaml_node *value, const char *parent);

/* Whether a word was split off by a comma, as "Lillesund" in "{place: Town Hall, Lillesund}": it
 * is no field. */
static bool is_torn_off(const struct header_reader *reader, const char *const *names,
                        const struct yaml_node *entry)
{
    return entry->kind == YAML_SCALAR && !entry->quoted && yaml_is_empty(entry) &&
           !header_key_find(reader->reading, names, entry->key, true).name;
}

static void convert_mapping(struct header_reader *reader, struct header_node *node,
                            const struct yaml_node *value, const char *const *names)
{
    node->kind = HEADER_MAPPING;
    for (const struct yaml_node *entry = value->first; entry; entry = entry->next) {
        if (is_torn_off(reader, names, entry)) {
            header_refuse_lines(reader, entry->key_line, INTAKE_MESSAGE_BRACKETS_WRONG, entry->key);
            continue;
        }
        struct header_node *child = header_entry(reader, node, names, entry->key, entry->key_line);
        if (child)
            convert(reader, child, entry, child->key);
    }
}

/* parent: our name of the field; NULL: the whole header. */
static void convert(struct header_reader *reader, struct header_node *node,
                    const struct yaml_node *value, const char *parent)
{
    const char *const *names = header_key_names(parent);
    node->line = value->line;
    switch (value->kind) {
    case YAML_SCALAR:
        node->kind = yaml_is_empty(value) ? HEADER_NOTHING : HEADER_TEXT;
        node->text = value->text;
        node->is_quoted = value->quoted;
        if (!value->quoted && parent && !header_key_is_text(parent))
            (void)header_unquote(reader->reading->arena, value->text, value->length, true,
                                 &node->text);
        return;
    case YAML_SEQUENCE:
        node->kind = HEADER_LIST;
        for (const struct yaml_node *item = value->first; item; item = item->next)
            convert(reader, header_append(reader, node, item->line), item, parent);
        return;
    case YAML_MAPPING:
        /* a mapping in the wrong place is refused by the field's own reader */
        node->kind = HEADER_MAPPING;
        if (names)
            convert_mapping(reader, node, value, names);
        return;
    }
}

/* Replaces white space that YAML does not know as such by spaces. */
static const char *plain_spaces(struct arena *arena, const char *bytes, size_t length)
{
    struct string_builder plain;
    size_t offset = 0;
    size_t start = 0;
    uint32_t c;
    string_builder_init(&plain, 0);
    for (; utf8_next(bytes, length, &offset, &c); start = offset) {
        if (c != '\n' && header_space_before(bytes + start, offset - start))
            string_builder_append_character(&plain, ' ');
        else
            string_builder_append_bytes(&plain, bytes + start, offset - start);
    }
    const char *copy = arena_copy_bytes(arena, plain.data, plain.length);
    string_builder_release(&plain);
    return copy;
}

/* Continues behind the line with the closing bracket at end; anything behind the bracket is
 * refused. */
static void pass(struct header_reader *reader, const char *end, const char *shown)
{
    const struct header_line *line = &reader->lines[reader->next - 1];
    while (reader->next < reader->count && line->text + line->length < end)
        line = &reader->lines[reader->next++];
    const char *line_end = line->text + line->length;
    const char *rest = end < line_end ? end + header_space_before(end, (size_t)(line_end - end))
                                      : line_end;
    if (rest == line_end)
        return;
    if (*rest == '#')
        header_refuse(reader, line->number, INTAKE_MESSAGE_COMMENT_BEHIND, shown, NULL, NULL);
    else
        header_refuse_lines(
            reader, line->number, INTAKE_MESSAGE_LINE_WRONG,
            arena_copy_bytes(reader->reading->arena, rest, (size_t)(line_end - rest)));
}

void header_read_flow(struct header_reader *reader, struct header_node *node, const char *shown,
                      const char *parent, const char *text)
{
    struct error error;
    bool has_comment;
    int line = reader->lines[reader->next - 1].number;
    size_t length = header_flow_length(text, (size_t)(reader->end - text), &has_comment);
    if (length == 0) {
        header_refuse_lines(
            reader, line,
            has_comment ? INTAKE_MESSAGE_COMMENT_BEHIND : INTAKE_MESSAGE_BRACKETS_WRONG, shown);
        reader->next = reader->count;
        return;
    }
    const char *flow = plain_spaces(reader->reading->arena, text, length);
    const struct yaml_node *value = yaml_parse(reader->reading->arena, flow, strlen(flow), line,
                                               &error);
    pass(reader, text + length, shown);
    if (has_comment)
        header_refuse(reader, line, INTAKE_MESSAGE_COMMENT_BEHIND, shown, NULL, NULL);
    if (!value)
        header_refuse_lines(reader, error.line ? (int)error.line : line,
                            INTAKE_MESSAGE_BRACKETS_WRONG, shown);
    else
        convert(reader, node, value, parent);
}
