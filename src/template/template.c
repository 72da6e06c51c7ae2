/* SPDX-License-Identifier: MIT */
#include "template/template.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/string_builder.h"
#include "template/node.h"

#include <inttypes.h>
#include <jansson.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Nodes visited in one rendering: ends what loops without output. */
enum { STEPS_MAXIMUM = 5 * 1000 * 1000 };

struct template_entry {
    struct arena arena; /* holds all of it but the struct */
    const char *name;
    const char *source;
    size_t length;
    atomic_bool is_parsed; /* body is there, and never changes again */
    struct template_body body;
    struct template_entry *next;
};

struct template_set {
    struct template_entry *first;
    pthread_mutex_t *parsing; /* held by who parses what was put off */
};

struct template_set *template_set_new(void)
{
    struct template_set *set = memory_allocate(sizeof *set);
    set->parsing = memory_allocate(sizeof *set->parsing);
    if (pthread_mutex_init(set->parsing, NULL) != 0)
        abort();
    return set;
}

static void entry_free(struct template_entry *entry)
{
    arena_release(&entry->arena);
    free(entry);
}

void template_set_free(struct template_set *set)
{
    if (!set)
        return;
    while (set->first) {
        struct template_entry *next = set->first->next;
        entry_free(set->first);
        set->first = next;
    }
    (void)pthread_mutex_destroy(set->parsing);
    free(set->parsing);
    free(set);
}

static struct template_entry *entry_find(const struct template_set *set, const char *name)
{
    for (struct template_entry *entry = set->first; entry; entry = entry->next)
        if (strcmp(entry->name, name) == 0)
            return entry;
    return NULL;
}

static bool entry_parse(struct template_entry *entry, struct error *error)
{
    if (!template_parse(&entry->arena, entry->source, entry->length, &entry->body, error))
        return error_prefix(error, "%s", entry->name);
    atomic_store(&entry->is_parsed, true);
    return true;
}

/* Several threads may render at once. */
static bool entry_open(const struct template_set *set, struct template_entry *entry,
                       struct error *error)
{
    if (atomic_load(&entry->is_parsed))
        return true;
    (void)pthread_mutex_lock(set->parsing);
    bool done = atomic_load(&entry->is_parsed) || entry_parse(entry, error);
    (void)pthread_mutex_unlock(set->parsing);
    return done;
}

static void entry_remove(struct template_set *set, const char *name)
{
    for (struct template_entry **link = &set->first; *link; link = &(*link)->next) {
        if (strcmp((*link)->name, name) != 0)
            continue;
        struct template_entry *old = *link;
        *link = old->next;
        entry_free(old);
        return;
    }
}

static void entry_put(struct template_set *set, struct template_entry *entry)
{
    entry_remove(set, entry->name);
    entry->next = set->first;
    set->first = entry;
}

static struct template_entry *entry_new(const char *name, const char *source, size_t length,
                                        struct error *error)
{
    if (length > TEMPLATE_SOURCE_MAXIMUM) {
        (void)error_set(error, ERROR_USAGE,
                        "%s: longer than %d bytes" ERROR_ADVICE "split it into partials", name,
                        TEMPLATE_SOURCE_MAXIMUM);
        return NULL;
    }
    struct template_entry *entry = memory_allocate(sizeof *entry);
    entry->name = arena_copy(&entry->arena, name);
    entry->source = arena_copy_bytes(&entry->arena, source, length);
    entry->length = length;
    atomic_init(&entry->is_parsed, false);
    return entry;
}

bool template_add(struct template_set *set, const char *name, const char *source, size_t length,
                  struct error *error)
{
    struct template_entry *entry = entry_new(name, source, length, error);
    if (!entry)
        return false;
    if (!entry_parse(entry, error)) {
        entry_free(entry);
        return false;
    }
    entry_put(set, entry);
    return true;
}

bool template_add_later(struct template_set *set, const char *name, const char *source,
                        size_t length, struct error *error)
{
    struct template_entry *entry = entry_new(name, source, length, error);
    if (entry)
        entry_put(set, entry);
    return entry != NULL;
}

const char *template_missing_partial(const struct template_set *set, const char **user)
{
    for (const struct template_entry *entry = set->first; entry; entry = entry->next) {
        for (size_t i = 0; i < entry->body.count; i++) {
            const struct template_node *node = &entry->body.nodes[i];
            if (node->kind != TEMPLATE_NODE_PARTIAL || entry_find(set, node->text))
                continue;
            *user = entry->name;
            return node->text;
        }
    }
    return NULL;
}

struct renderer {
    const struct template_set *set;
    enum template_escape escape;
    struct string_builder *text;
    struct error *error;
    const json_t *stack[TEMPLATE_DEPTH_MAXIMUM];
    size_t depth;            /* of the stack */
    size_t partials;         /* inside each other */
    const char *indentation; /* of the partial being rendered */
    size_t steps;
};

static const json_t *resolve(const struct renderer *renderer, const char *const *path)
{
    const json_t *value = NULL;
    if (!path[0])
        return renderer->stack[renderer->depth - 1];
    for (size_t i = renderer->depth; i-- > 0 && !value;)
        value = json_object_get(renderer->stack[i], path[0]);
    for (size_t i = 1; path[i] && value; i++)
        value = json_object_get(value, path[i]);
    return value;
}

static bool is_truthy(const json_t *value)
{
    switch (value ? json_typeof(value) : JSON_NULL) {
    case JSON_NULL:
    case JSON_FALSE:
        return false;
    case JSON_ARRAY:
        return json_array_size(value) > 0;
    case JSON_STRING:
        return json_string_length(value) > 0;
    case JSON_INTEGER:
        return json_integer_value(value) != 0;
    case JSON_REAL:
    case JSON_TRUE:
    case JSON_OBJECT:
        break;
    }
    return true;
}

static const char *entity(char c)
{
    switch (c) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    default:
        return NULL;
    }
}

static void append_escaped(struct string_builder *text, const char *string, size_t length)
{
    size_t start = 0;
    for (size_t i = 0; i < length; i++) {
        const char *replacement = entity(string[i]);
        if (!replacement)
            continue;
        string_builder_append_bytes(text, string + start, i - start);
        string_builder_append(text, replacement);
        start = i + 1;
    }
    string_builder_append_bytes(text, string + start, length - start);
}

/* The fewest digits that read back as the same number. */
static void append_real(struct string_builder *text, double number)
{
    char digits[32];
    for (int precision = 15; precision <= 17; precision++) {
        (void)snprintf(digits, sizeof digits, "%.*g", precision, number);
        if (strtod(digits, NULL) == number)
            break;
    }
    string_builder_append(text, digits);
}

static void append_value(struct string_builder *text, const json_t *value, bool escaped)
{
    switch (value ? json_typeof(value) : JSON_NULL) {
    case JSON_STRING:
        if (escaped)
            append_escaped(text, json_string_value(value), json_string_length(value));
        else
            string_builder_append_bytes(text, json_string_value(value), json_string_length(value));
        break;
    case JSON_INTEGER:
        string_builder_append_format(text, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
        break;
    case JSON_REAL:
        append_real(text, json_real_value(value));
        break;
    case JSON_TRUE:
        string_builder_append(text, "true");
        break;
    case JSON_FALSE:
        string_builder_append(text, "false");
        break;
    case JSON_NULL:
    case JSON_OBJECT:
    case JSON_ARRAY:
        break;
    }
}

/* Text of several lines gets the indentation of the partial that it stands in before each. */
static void append_lines(struct string_builder *text, const char *lines, size_t length,
                         const char *indentation)
{
    size_t start = 0;
    while (start < length) {
        const char *newline = memchr(lines + start, '\n', length - start);
        size_t end = newline ? (size_t)(newline - lines) + 1 : length;
        string_builder_append_bytes(text, lines + start, end - start);
        if (end < length)
            string_builder_append(text, indentation);
        start = end;
    }
}

static bool render_range(struct renderer *renderer, const struct template_body *body, size_t begin,
                         size_t end);

static bool render_in(struct renderer *renderer, const struct template_body *body, size_t index,
                      const json_t *value)
{
    if (renderer->depth == TEMPLATE_DEPTH_MAXIMUM)
        return error_set(renderer->error, ERROR_INPUT,
                         "more than %d sections and partials inside each other" ERROR_ADVICE
                         "does a partial "
                         "call itself without end?",
                         TEMPLATE_DEPTH_MAXIMUM);
    renderer->stack[renderer->depth++] = value;
    bool rendered = render_range(renderer, body, index + 1, body->nodes[index].end);
    renderer->depth--;
    return rendered;
}

static bool render_section(struct renderer *renderer, const struct template_body *body,
                           size_t index)
{
    const json_t *value = resolve(renderer, body->nodes[index].path);
    bool truthy = is_truthy(value);
    if (body->nodes[index].kind == TEMPLATE_NODE_INVERTED)
        return truthy || render_range(renderer, body, index + 1, body->nodes[index].end);
    if (!truthy)
        return true;
    if (!json_is_array(value))
        return render_in(renderer, body, index, value);
    for (size_t i = 0; i < json_array_size(value); i++)
        if (!render_in(renderer, body, index, json_array_get(value, i)))
            return false;
    return true;
}

static bool render_partial(struct renderer *renderer, const struct template_node *node)
{
    struct template_entry *entry = entry_find(renderer->set, node->text);
    if (!entry)
        return true;
    if (renderer->partials == TEMPLATE_DEPTH_MAXIMUM)
        return error_set(renderer->error, ERROR_INPUT,
                         "%s: more than %d partials inside each other" ERROR_ADVICE
                         "it calls itself without end",
                         node->text, TEMPLATE_DEPTH_MAXIMUM);
    if (!entry_open(renderer->set, entry, renderer->error))
        return false;
    struct arena arena = { 0 };
    const char *outer = renderer->indentation;
    /* Within a line the partial's further lines are its own: they get no indentation. */
    renderer->indentation = "";
    if (node->standalone)
        renderer->indentation = *outer ? arena_format(&arena, "%s%s", outer, node->indentation)
                                       : node->indentation;
    renderer->partials++;
    bool rendered = render_range(renderer, &entry->body, 0, entry->body.count);
    renderer->partials--;
    renderer->indentation = outer;
    arena_release(&arena);
    return rendered;
}

static bool render_node(struct renderer *renderer, const struct template_body *body, size_t index)
{
    const struct template_node *node = &body->nodes[index];
    if (node->at_line_start && !node->standalone)
        string_builder_append(renderer->text, renderer->indentation);
    switch (node->kind) {
    case TEMPLATE_NODE_TEXT:
        if (*renderer->indentation)
            append_lines(renderer->text, node->text, node->length, renderer->indentation);
        else
            string_builder_append_bytes(renderer->text, node->text, node->length);
        return true;
    case TEMPLATE_NODE_VARIABLE:
        append_value(renderer->text, resolve(renderer, node->path),
                     renderer->escape == TEMPLATE_HTML);
        return true;
    case TEMPLATE_NODE_RAW:
        append_value(renderer->text, resolve(renderer, node->path), false);
        return true;
    case TEMPLATE_NODE_SECTION:
    case TEMPLATE_NODE_INVERTED:
        return render_section(renderer, body, index);
    case TEMPLATE_NODE_PARTIAL:
        return render_partial(renderer, node);
    }
    return true;
}

static bool render_range(struct renderer *renderer, const struct template_body *body, size_t begin,
                         size_t end)
{
    size_t index = begin;
    while (index < end) {
        const struct template_node *node = &body->nodes[index];
        if (string_builder_overflowed(renderer->text) || ++renderer->steps > STEPS_MAXIMUM)
            return error_set(renderer->error, ERROR_INPUT, "the output passes %zu bytes",
                             renderer->text->maximum);
        if (!render_node(renderer, body, index))
            return false;
        bool has_content = node->kind == TEMPLATE_NODE_SECTION ||
                           node->kind == TEMPLATE_NODE_INVERTED;
        index = has_content ? node->end : index + 1;
    }
    return true;
}

bool template_render(const struct template_set *set, const char *name, const struct json_t *context,
                     enum template_escape escape, struct string_builder *text, struct error *error)
{
    struct template_entry *entry = entry_find(set, name);
    if (!entry)
        return error_set(error, ERROR_USAGE, "%s: no such template", name);
    if (!entry_open(set, entry, error))
        return false;
    struct renderer renderer = {
        .set = set, .escape = escape, .text = text, .error = error, .indentation = ""
    };
    renderer.stack[renderer.depth++] = context;
    if (!render_range(&renderer, &entry->body, 0, entry->body.count))
        return error_prefix(error, "template %s", name);
    if (string_builder_overflowed(text))
        return error_set(error, ERROR_INPUT, "template %s: the output passes %zu bytes", name,
                         text->maximum);
    return true;
}
