/* SPDX-License-Identifier: MIT */
#include "template/node.h"

#include "base/arena.h"
#include "base/array.h"
#include "base/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { DELIMITER_MAXIMUM = 16, NESTING_MAXIMUM = 32 };

struct open_section {
    size_t node;
    const char *name;
    size_t position; /* of its tag in the source */
};

struct parser {
    struct arena *arena;
    const char *source;
    size_t length;
    size_t position; /* behind the last tag, and its line where it stood alone on it */
    char opening[DELIMITER_MAXIMUM + 1];
    char closing[DELIMITER_MAXIMUM + 1];
    struct template_body *body;
    size_t capacity;
    struct open_section open[NESTING_MAXIMUM];
    size_t depth;
    struct error *error;
};

/* One tag as it stands in the source. */
struct tag {
    char sigil;          /* # ^ / > & { ! = or 0 for a plain variable */
    size_t begin;        /* of its opening delimiter */
    size_t end;          /* behind its closing delimiter */
    const char *content; /* without sigil and surrounding white space */
    size_t content_length;
    bool standalone;
    size_t line_begin; /* standalone: where its line begins … */
    size_t line_end;   /* … and the next one does */
};

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static bool is_space(char c)
{
    return is_blank(c) || c == '\n' || c == '\r' || c == '\f' || c == '\v';
}

static bool parser_fail(const struct parser *parser, size_t position, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static bool parser_fail(const struct parser *parser, size_t position, const char *format, ...)
{
    va_list arguments;
    int line = 1;
    for (size_t i = 0; i < position && i < parser->length; i++)
        if (parser->source[i] == '\n')
            line++;
    va_start(arguments, format);
    (void)error_set_list(parser->error, ERROR_USAGE, line, format, arguments);
    va_end(arguments);
    return false;
}

static struct template_node *node_add(struct parser *parser, enum template_node_kind kind,
                                      size_t position)
{
    struct template_body *body = parser->body;
    ARRAY_GROW_IN(parser->arena, body->nodes, body->count, parser->capacity);
    struct template_node *node = &body->nodes[body->count++];
    *node = (struct template_node){
        .kind = kind, .at_line_start = position == 0 || parser->source[position - 1] == '\n'
    };
    return node;
}

static void text_add(struct parser *parser, size_t begin, size_t end)
{
    if (begin >= end)
        return;
    struct template_node *node = node_add(parser, TEMPLATE_NODE_TEXT, begin);
    node->text = parser->source + begin;
    node->length = end - begin;
}

/* Index of needle in the source at or behind from, length where it is not there. */
static size_t find(const struct parser *parser, size_t from, const char *needle)
{
    const char *found = memmem(parser->source + from, parser->length - from, needle,
                               strlen(needle));
    return found ? (size_t)(found - parser->source) : parser->length;
}

/* Whether nothing but blanks stands around the tag on its line, and where that line begins and
 * ends. */
static void tag_look_around(const struct parser *parser, struct tag *tag)
{
    size_t begin = tag->begin;
    while (begin > 0 && is_blank(parser->source[begin - 1]))
        begin--;
    size_t end = tag->end;
    while (end < parser->length && is_blank(parser->source[end]))
        end++;
    bool opens_line = begin == 0 || parser->source[begin - 1] == '\n';
    bool ends_line = true;
    if (end == parser->length)
        tag->line_end = end;
    else if (parser->source[end] == '\n')
        tag->line_end = end + 1;
    else if (parser->source[end] == '\r' && end + 1 < parser->length &&
             parser->source[end + 1] == '\n')
        tag->line_end = end + 2;
    else
        ends_line = false;
    tag->line_begin = begin;
    tag->standalone = opens_line && ends_line && tag->sigil && strchr("#^/>!=", tag->sigil);
}

static bool tag_read(const struct parser *parser, size_t begin, struct tag *tag)
{
    char closing[DELIMITER_MAXIMUM + 2];
    size_t content = begin + strlen(parser->opening);
    *tag = (struct tag){ .begin = begin };
    size_t first = content;
    while (first < parser->length && is_space(parser->source[first]))
        first++;
    if (first < parser->length && strchr("#^/>&{!=", parser->source[first]) &&
        parser->source[first]) {
        tag->sigil = parser->source[first];
        content = first + 1;
    }
    /* {{{name}}} and {{=a b=}} end with their sign's counterpart before the delimiter. */
    const char *extra = tag->sigil == '{' ? "}" : tag->sigil == '=' ? "=" : "";
    (void)snprintf(closing, sizeof closing, "%s%s", extra, parser->closing);
    size_t end = find(parser, content, closing);
    if (end == parser->length)
        return parser_fail(parser, begin, "a tag is not closed" ERROR_ADVICE "“%s” must follow it",
                           closing);
    tag->end = end + strlen(closing);
    while (content < end && is_space(parser->source[content]))
        content++;
    while (end > content && is_space(parser->source[end - 1]))
        end--;
    tag->content = parser->source + content;
    tag->content_length = end - content;
    tag_look_around(parser, tag);
    return true;
}

static bool delimiters_set(struct parser *parser, const struct tag *tag)
{
    const char *content = tag->content;
    size_t length = tag->content_length;
    size_t first = 0;
    while (first < length && !is_space(content[first]))
        first++;
    size_t second = first;
    while (second < length && is_space(content[second]))
        second++;
    size_t end = second;
    while (end < length && !is_space(content[end]))
        end++;
    bool is_pair = first > 0 && end > second && end == length && first <= DELIMITER_MAXIMUM &&
                   end - second <= DELIMITER_MAXIMUM;
    if (!is_pair)
        return parser_fail(parser, tag->begin,
                           "no two delimiters between the equals signs" ERROR_ADVICE "write "
                           "{{=<%% %%>=}}");
    memcpy(parser->opening, content, first);
    parser->opening[first] = '\0';
    memcpy(parser->closing, content + second, end - second);
    parser->closing[end - second] = '\0';
    return true;
}

/* Parts of a dotted name; an empty list for ".", the item on top of the stack. */
static const char *const *path_split(struct arena *arena, const char *name)
{
    size_t count = 1;
    for (const char *c = name; *c; c++)
        count += *c == '.';
    const char **path = arena_allocate_array(arena, count + 1, sizeof *path);
    if (strcmp(name, ".") == 0)
        return path;
    char *rest = arena_copy(arena, name);
    for (size_t i = 0; i < count; i++) {
        char *dot = strchr(rest, '.');
        path[i] = rest;
        if (!dot)
            break;
        *dot = '\0';
        rest = dot + 1;
    }
    return path;
}

static bool section_open(struct parser *parser, const struct tag *tag, const char *name)
{
    if (parser->depth == NESTING_MAXIMUM)
        return parser_fail(parser, tag->begin, "too many sections inside each other");
    struct open_section *open = &parser->open[parser->depth++];
    *open = (struct open_section){ .node = parser->body->count,
                                   .name = name,
                                   .position = tag->begin };
    enum template_node_kind kind = tag->sigil == '#' ? TEMPLATE_NODE_SECTION
                                                     : TEMPLATE_NODE_INVERTED;
    struct template_node *node = node_add(parser, kind, tag->begin);
    node->path = path_split(parser->arena, name);
    node->standalone = tag->standalone;
    return true;
}

static bool section_close(struct parser *parser, const struct tag *tag, const char *name)
{
    if (parser->depth == 0)
        return parser_fail(parser, tag->begin, "{{/%s}} closes a section that is not open", name);
    const struct open_section *open = &parser->open[parser->depth - 1];
    if (strcmp(open->name, name) != 0)
        return parser_fail(parser, tag->begin,
                           "{{/%s}} where the section “%s” is open" ERROR_ADVICE "close that first",
                           name, open->name);
    parser->body->nodes[open->node].end = parser->body->count;
    parser->depth--;
    return true;
}

static bool name_check(const struct parser *parser, const struct tag *tag)
{
    if (tag->content_length == 0)
        return parser_fail(parser, tag->begin, "a tag without a name");
    for (size_t i = 0; i < tag->content_length; i++)
        if (is_space(tag->content[i]) || tag->content[i] == '\0')
            return parser_fail(parser, tag->begin,
                               "white space inside a tag's name" ERROR_ADVICE
                               "close the tag with “%s”",
                               parser->closing);
    return true;
}

static bool tag_apply(struct parser *parser, const struct tag *tag)
{
    /* A tag that shows nothing still begins its line: the indentation of a partial goes there. */
    if (tag->sigil && strchr("/!=", tag->sigil) && !tag->standalone &&
        (tag->begin == 0 || parser->source[tag->begin - 1] == '\n'))
        node_add(parser, TEMPLATE_NODE_TEXT, tag->begin)->text = "";
    if (tag->sigil == '!')
        return true;
    if (tag->sigil == '=')
        return delimiters_set(parser, tag);
    if (!name_check(parser, tag))
        return false;
    const char *name = arena_copy_bytes(parser->arena, tag->content, tag->content_length);
    if (tag->sigil == '#' || tag->sigil == '^')
        return section_open(parser, tag, name);
    if (tag->sigil == '/')
        return section_close(parser, tag, name);
    if (tag->sigil == '>') {
        struct template_node *node = node_add(parser, TEMPLATE_NODE_PARTIAL, tag->begin);
        node->text = name;
        node->standalone = tag->standalone;
        node->indentation = tag->standalone
                                ? arena_copy_bytes(parser->arena, parser->source + tag->line_begin,
                                                   tag->begin - tag->line_begin)
                                : "";
        return true;
    }
    node_add(parser, tag->sigil ? TEMPLATE_NODE_RAW : TEMPLATE_NODE_VARIABLE, tag->begin)->path =
        path_split(parser->arena, name);
    return true;
}

bool template_parse(struct arena *arena, const char *source, size_t length,
                    struct template_body *body, struct error *error)
{
    struct parser parser = { .arena = arena,
                             .source = source,
                             .length = length,
                             .opening = "{{",
                             .closing = "}}",
                             .body = body,
                             .error = error };
    *body = (struct template_body){ 0 };
    while (parser.position < length) {
        struct tag tag;
        size_t begin = find(&parser, parser.position, parser.opening);
        if (begin == length) {
            text_add(&parser, parser.position, length);
            break;
        }
        if (!tag_read(&parser, begin, &tag))
            return false;
        text_add(&parser, parser.position, tag.standalone ? tag.line_begin : begin);
        if (!tag_apply(&parser, &tag))
            return false;
        parser.position = tag.standalone ? tag.line_end : tag.end;
    }
    if (parser.depth > 0)
        return parser_fail(&parser, parser.open[parser.depth - 1].position,
                           "the section is not closed" ERROR_ADVICE "write {{/%s}} where it ends",
                           parser.open[parser.depth - 1].name);
    return true;
}
