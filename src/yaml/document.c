/* SPDX-License-Identifier: MIT */
#include "yaml/yaml.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/string_builder.h"
#include "base/utf8.h"

#include <assert.h>
#include <string.h>
#include <yaml.h>

/* A container that is not ended yet. */
struct level {
    struct yaml_node *node;
    struct yaml_node *last; /* of its children */
    const char *key;        /* mapping: key whose value comes next; NULL: a key comes next */
    int key_line;
};

struct builder {
    struct arena *arena;
    int first_line;
    struct yaml_node *root;
    struct level levels[YAML_DEPTH_MAXIMUM];
    size_t depth;
    size_t nodes;
    size_t documents;
    struct error *error;
};

/* What libyaml says, and what a person can do about it. */
static const struct {
    const char *problem;
    const char *advice;
} advices[] = {
    { "mapping values are not allowed in this context",
      "a colon where none can be" ERROR_ADVICE
      "put a text that holds “: ” in quotes, and begin each key under "
      "the one before" },
    { "found character that cannot start any token",
      "a character that cannot begin a value" ERROR_ADVICE
      "indent with spaces, not tabs, and put a text that "
      "begins with @, ` or % in quotes" },
    { "found a tab character that violates indentation",
      "a tab in the indentation" ERROR_ADVICE "indent with spaces" },
    { "could not find expected ':'", "a key without a colon" ERROR_ADVICE "write “key: value”" },
    { "did not find expected key", "the indentation or the quotes are wrong" ERROR_ADVICE
                                   "begin each key under the one before" },
    { "did not find expected '-' indicator",
      "the list is broken" ERROR_ADVICE "begin each “-” under the one before" },
    { "did not find expected ',' or ']'", "the list [ … ] is not closed" },
    { "did not find expected ',' or '}'", "the mapping { … } is not closed" },
    { "found unexpected end of stream", "a quotation mark is not closed" },
    { "found unexpected document indicator", "a quotation mark is not closed" },
    { "did not find expected alphabetic or numeric character",
      "a text that begins with * or & must stand in quotes" },
    { "block sequence entries are not allowed in this context",
      "a list cannot begin here" ERROR_ADVICE "begin it on a line of its own" },
    { "did not find expected <document start>",
      "text behind the end of the document" ERROR_ADVICE "only one document can stand here" },
    { "invalid leading UTF-8 octet", "not UTF-8" ERROR_ADVICE "save the file as UTF-8" },
    { "invalid trailing UTF-8 octet", "not UTF-8" ERROR_ADVICE "save the file as UTF-8" },
    { "incomplete UTF-8 octet sequence", "not UTF-8" ERROR_ADVICE "save the file as UTF-8" },
    { "control characters are not allowed", "a control character" ERROR_ADVICE "remove it" },
};

static bool syntax_error(const struct builder *builder, const yaml_parser_t *parser,
                         const char *bytes, size_t length)
{
    size_t line = parser->problem_mark.line;
    if (parser->error == YAML_READER_ERROR) {
        line = 0;
        for (size_t i = 0; i < parser->problem_offset && i < length; i++)
            line += bytes[i] == '\n';
    }
    const char *problem = parser->problem ? parser->problem : "cannot be read";
    for (size_t i = 0; i < sizeof advices / sizeof *advices; i++)
        if (strcmp(problem, advices[i].problem) == 0)
            problem = advices[i].advice;
    return error_set_at(builder->error, ERROR_INPUT, builder->first_line + (int)line, "%s",
                        problem);
}

static int line_of(const struct builder *builder, const yaml_event_t *event)
{
    return builder->first_line + (int)event->start_mark.line;
}

static bool refuse(const struct builder *builder, const yaml_event_t *event, const char *message)
{
    return error_set_at(builder->error, ERROR_INPUT, line_of(builder, event), "%s", message);
}

static bool check_characters(const struct builder *builder, const yaml_event_t *event)
{
    const char *value = (const char *)event->data.scalar.value;
    size_t length = event->data.scalar.length;
    size_t offset = 0;
    uint32_t character;
    while (offset < length) {
        if (!utf8_next(value, length, &offset, &character))
            return error_set_at(builder->error, ERROR_INPUT, line_of(builder, event),
                                "not UTF-8" ERROR_ADVICE "save the file as UTF-8");
        if (character == '\r' || !utf8_is_xml_character(character))
            return error_set_at(builder->error, ERROR_INPUT, line_of(builder, event),
                                "the character U+%04X cannot be shown" ERROR_ADVICE "remove it",
                                (unsigned)character);
    }
    return true;
}

static bool take_key(struct builder *builder, struct level *level, const yaml_event_t *event)
{
    if (event->type != YAML_SCALAR_EVENT)
        return refuse(builder, event, "a key must be a text");
    const char *key = (const char *)event->data.scalar.value;
    for (const struct yaml_node *entry = level->node->first; entry; entry = entry->next)
        if (strcmp(entry->key, key) == 0)
            return error_set_at(builder->error, ERROR_INPUT, line_of(builder, event),
                                "“%s” stands here a second time (first on line %d)" ERROR_ADVICE
                                "keep one",
                                key, entry->key_line);
    level->key = arena_copy(builder->arena, key);
    level->key_line = line_of(builder, event);
    return true;
}

/* Makes the event's node and hangs it where it belongs. */
static bool add_node(struct builder *builder, const yaml_event_t *event, enum yaml_kind kind)
{
    struct level *parent = builder->depth ? &builder->levels[builder->depth - 1] : NULL;
    if (parent && parent->node->kind == YAML_MAPPING && !parent->key)
        return take_key(builder, parent, event);
    if (++builder->nodes > YAML_NODES_MAXIMUM)
        return refuse(builder, event, "too many values; split the file");
    struct yaml_node *node = arena_allocate(builder->arena, sizeof *node);
    node->kind = kind;
    node->line = line_of(builder, event);
    node->column = (int)event->start_mark.column + 1;
    if (kind == YAML_SCALAR) {
        node->quoted = event->data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
        node->length = event->data.scalar.length;
        node->text = arena_copy_bytes(builder->arena, event->data.scalar.value,
                                      event->data.scalar.length);
    }
    if (!parent) {
        builder->root = node;
    } else {
        node->key = parent->key;
        node->key_line = parent->key_line;
        parent->key = NULL;
        parent->node->count++;
        if (parent->last)
            parent->last->next = node;
        else
            parent->node->first = node;
        parent->last = node;
    }
    if (kind == YAML_SCALAR)
        return true;
    if (builder->depth == YAML_DEPTH_MAXIMUM)
        return refuse(builder, event, "too many levels inside each other");
    builder->levels[builder->depth++] = (struct level){ .node = node };
    return true;
}

static bool add_container(struct builder *builder, const yaml_event_t *event, enum yaml_kind kind)
{
    struct level *parent = builder->depth ? &builder->levels[builder->depth - 1] : NULL;
    if (parent && parent->node->kind == YAML_MAPPING && !parent->key)
        return refuse(builder, event, "a key must be a text");
    return add_node(builder, event, kind);
}

static bool check_extras(const struct builder *builder, const yaml_event_t *event,
                         const yaml_char_t *anchor, const yaml_char_t *tag)
{
    if (anchor)
        return refuse(builder, event,
                      "anchors (&name) are not used here; put a text that begins with & in quotes");
    if (tag)
        return refuse(builder, event,
                      "tags (!name) are not used here; put a text that begins with ! in quotes");
    return true;
}

static bool take_event(struct builder *builder, const yaml_event_t *event)
{
    switch (event->type) {
    case YAML_DOCUMENT_START_EVENT:
        if (++builder->documents > 1)
            return refuse(builder, event, "a second document begins; only one can stand here");
        return true;
    case YAML_ALIAS_EVENT:
        return refuse(builder, event,
                      "aliases (*name) are not used here; put a text that begins with * in quotes");
    case YAML_SCALAR_EVENT:
        return check_extras(builder, event, event->data.scalar.anchor, event->data.scalar.tag) &&
               check_characters(builder, event) && add_node(builder, event, YAML_SCALAR);
    case YAML_SEQUENCE_START_EVENT:
        return check_extras(builder, event, event->data.sequence_start.anchor,
                            event->data.sequence_start.tag) &&
               add_container(builder, event, YAML_SEQUENCE);
    case YAML_MAPPING_START_EVENT:
        return check_extras(builder, event, event->data.mapping_start.anchor,
                            event->data.mapping_start.tag) &&
               add_container(builder, event, YAML_MAPPING);
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT:
        assert(builder->depth > 0);
        builder->depth--;
        return true;
    case YAML_NO_EVENT:
    case YAML_STREAM_START_EVENT:
    case YAML_STREAM_END_EVENT:
    case YAML_DOCUMENT_END_EVENT:
        return true;
    }
    return true;
}

static bool build(struct builder *builder, yaml_parser_t *parser, const char *bytes, size_t length)
{
    for (;;) {
        yaml_event_t event;
        if (!yaml_parser_parse(parser, &event))
            return syntax_error(builder, parser, bytes, length);
        bool is_end = event.type == YAML_STREAM_END_EVENT;
        bool taken = take_event(builder, &event);
        yaml_event_delete(&event);
        if (!taken || is_end)
            return taken;
    }
}

const struct yaml_node *yaml_parse(struct arena *arena, const char *bytes, size_t length,
                                   int first_line, struct error *error)
{
    struct builder builder = { .arena = arena, .first_line = first_line, .error = error };
    yaml_parser_t parser;
    if (length > YAML_SIZE_MAXIMUM) {
        (void)error_set_at(error, ERROR_INPUT, first_line,
                           "longer than %d bytes" ERROR_ADVICE "shorten it", YAML_SIZE_MAXIMUM);
        return NULL;
    }
    if (!yaml_parser_initialize(&parser)) {
        (void)error_set(error, ERROR_SYSTEM, "YAML parser: out of memory");
        return NULL;
    }
    yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&parser, (const unsigned char *)bytes, length);
    bool built = build(&builder, &parser, bytes, length);
    yaml_parser_delete(&parser);
    if (!built)
        return NULL;
    if (!builder.root || yaml_is_empty(builder.root)) {
        builder.root = arena_allocate(arena, sizeof *builder.root);
        *builder.root = (struct yaml_node){ .kind = YAML_MAPPING, .line = first_line, .column = 1 };
    }
    return builder.root;
}

bool yaml_is_empty(const struct yaml_node *node)
{
    return node->kind == YAML_SCALAR && !node->quoted &&
           (node->length == 0 || strcmp(node->text, "~") == 0 || strcmp(node->text, "null") == 0);
}

const struct yaml_node *yaml_get(const struct yaml_node *mapping, const char *key)
{
    if (!mapping || mapping->kind != YAML_MAPPING)
        return NULL;
    for (const struct yaml_node *entry = mapping->first; entry; entry = entry->next)
        if (strcmp(entry->key, key) == 0)
            return yaml_is_empty(entry) ? NULL : entry;
    return NULL;
}

const char *yaml_kind_name(enum yaml_kind kind)
{
    switch (kind) {
    case YAML_SCALAR:
        return "a text";
    case YAML_SEQUENCE:
        return "a list";
    case YAML_MAPPING:
        return "a mapping";
    }
    return "";
}

void yaml_append_quoted(struct string_builder *text, const char *string)
{
    size_t length = strlen(string);
    size_t offset = 0;
    string_builder_append_character(text, '"');
    while (offset < length) {
        uint32_t character;
        if (!utf8_next(string, length, &offset, &character)) {
            /* YAML cannot hold a byte that is no UTF-8. */
            character = 0xfffd;
            offset++;
        }
        if (character == '"' || character == '\\')
            string_builder_append_format(text, "\\%c", (char)character);
        else if (character == '\n')
            string_builder_append(text, "\\n");
        else if (character == '\t')
            string_builder_append(text, "\\t");
        else if (character == 0x85 || character == 0x2028 || character == 0x2029 ||
                 character == 0xfeff || !utf8_is_xml_character(character))
            string_builder_append_format(text, character > 0xffff ? "\\U%08X" : "\\u%04X",
                                         (unsigned)character);
        else
            utf8_append(text, character);
    }
    string_builder_append_character(text, '"');
}
