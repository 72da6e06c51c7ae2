/* SPDX-License-Identifier: MIT */
#include "yaml/yaml.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/error_list.h"
#include "base/nearest.h"
#include "base/string_builder.h"

#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static void add_unknown(struct error_list *problems, const struct yaml_node *entry,
                        const char *const *known)
{
    struct string_builder names;
    string_builder_init(&names, 0);
    for (; *known; known++)
        string_builder_append_format(&names, "%s%s", names.length ? ", " : "", *known);
    error_list_add(problems, entry->key_line,
                   "unknown key “%s”" ERROR_ADVICE "remove it, or write one of %s", entry->key,
                   names.data);
    string_builder_release(&names);
}

void yaml_check_keys(struct error_list *problems, const struct yaml_node *mapping,
                     const char *const *known, const char *ignored_prefix)
{
    if (!mapping || mapping->kind != YAML_MAPPING)
        return;
    for (const struct yaml_node *entry = mapping->first; entry; entry = entry->next) {
        const char *const *name = known;
        while (*name && strcmp(*name, entry->key) != 0)
            name++;
        if (*name ||
            (ignored_prefix && strncmp(entry->key, ignored_prefix, strlen(ignored_prefix)) == 0))
            continue;
        const char *nearest = name_nearest(entry->key, known);
        if (nearest)
            error_list_add(problems, entry->key_line,
                           "unknown key “%s”" ERROR_ADVICE "did you mean “%s”?", entry->key,
                           nearest);
        else
            add_unknown(problems, entry, known);
    }
}

bool yaml_check_mapping(struct error_list *problems, const struct yaml_node *root)
{
    if (root->kind == YAML_MAPPING)
        return true;
    error_list_add(problems, root->line,
                   "%s stands here" ERROR_ADVICE "write keys and values (“key: value”)",
                   yaml_kind_name(root->kind));
    return false;
}

void yaml_problem(struct error_list *problems, const struct yaml_node *mapping, const char *key,
                  const char *format, ...)
{
    int line = mapping ? mapping->line : 0;
    if (mapping && mapping->kind == YAML_MAPPING)
        for (const struct yaml_node *entry = mapping->first; entry; entry = entry->next)
            if (strcmp(entry->key, key) == 0)
                line = entry->key_line;
    va_list arguments;
    va_start(arguments, format);
    const char *message = arena_format_list(problems->arena, format, arguments);
    va_end(arguments);
    error_list_add(problems, line, "%s", message);
}

/* The entry of a given kind; a problem where it is of another. */
static const struct yaml_node *get_kind(struct error_list *problems,
                                        const struct yaml_node *mapping, const char *key,
                                        enum yaml_kind kind)
{
    const struct yaml_node *node = yaml_get(mapping, key);
    if (!node || node->kind == kind)
        return node;
    error_list_add(problems, node->line, "“%s” must be %s, not %s", key, yaml_kind_name(kind),
                   yaml_kind_name(node->kind));
    return NULL;
}

static const char *trimmed(struct arena *arena, const struct yaml_node *node)
{
    const char *begin = node->text;
    size_t length = node->length;
    while (length && isspace((unsigned char)*begin)) {
        begin++;
        length--;
    }
    while (length && isspace((unsigned char)begin[length - 1]))
        length--;
    return length == node->length ? node->text : arena_copy_bytes(arena, begin, length);
}

bool yaml_read_mapping(struct error_list *problems, const struct yaml_node *mapping,
                       const char *key, const struct yaml_node **value)
{
    const struct yaml_node *node = get_kind(problems, mapping, key, YAML_MAPPING);
    if (node)
        *value = node;
    return node != NULL;
}

bool yaml_read_text(struct error_list *problems, const struct yaml_node *mapping, const char *key,
                    const char **value)
{
    const struct yaml_node *node = get_kind(problems, mapping, key, YAML_SCALAR);
    if (!node)
        return false;
    const char *text = trimmed(problems->arena, node);
    if (!*text) {
        error_list_add(problems, node->line,
                       "“%s” is empty" ERROR_ADVICE "write a text or remove the key", key);
        return false;
    }
    *value = text;
    return true;
}

bool yaml_read_line(struct error_list *problems, const struct yaml_node *mapping, const char *key,
                    const char **value)
{
    const char *text;
    if (!yaml_read_text(problems, mapping, key, &text))
        return false;
    if (strchr(text, '\n')) {
        error_list_add(problems, yaml_get(mapping, key)->line,
                       "“%s” must be one line" ERROR_ADVICE "remove the line break", key);
        return false;
    }
    *value = text;
    return true;
}

bool yaml_read_integer(struct error_list *problems, const struct yaml_node *mapping,
                       const char *key, int64_t minimum, int64_t maximum, int64_t *value)
{
    const char *text;
    if (!yaml_read_text(problems, mapping, key, &text))
        return false;
    char *end;
    errno = 0;
    long long number = strtoll(text, &end, 10);
    bool is_number = end != text && !*end && errno == 0 && *text != '+';
    if (!is_number || number < minimum || number > maximum) {
        error_list_add(problems, yaml_get(mapping, key)->line,
                       "“%s” is “%s”" ERROR_ADVICE "write a whole number from %lld to %lld", key,
                       text, (long long)minimum, (long long)maximum);
        return false;
    }
    *value = number;
    return true;
}

bool yaml_read_duration(struct error_list *problems, const struct yaml_node *mapping,
                        const char *key, int64_t *value_ms)
{
    const char *text;
    if (!yaml_read_text(problems, mapping, key, &text))
        return false;
    if (!duration_parse(text, value_ms)) {
        error_list_add(problems, yaml_get(mapping, key)->line,
                       "“%s” is “%s”" ERROR_ADVICE "write a duration like 90s, 5m, 48h or 7d", key,
                       text);
        return false;
    }
    return true;
}

/* "a, b or c" */
static const char *enumerate(struct arena *arena, const char *const *choices)
{
    const char *list = arena_copy(arena, choices[0]);
    for (size_t i = 1; choices[i]; i++)
        list = arena_format(arena, "%s%s%s", list, choices[i + 1] ? ", " : " or ", choices[i]);
    return list;
}

bool yaml_read_choice(struct error_list *problems, const struct yaml_node *mapping, const char *key,
                      const char *const *choices, int *value)
{
    const char *text;
    if (!yaml_read_line(problems, mapping, key, &text))
        return false;
    for (int i = 0; choices[i]; i++) {
        if (strcasecmp(text, choices[i]) != 0)
            continue;
        *value = i;
        return true;
    }
    const char *nearest = name_nearest(text, choices);
    int line = yaml_get(mapping, key)->line;
    if (nearest)
        error_list_add(problems, line, "“%s” is “%s”" ERROR_ADVICE "did you mean “%s”? (%s)", key,
                       text, nearest, enumerate(problems->arena, choices));
    else
        error_list_add(problems, line, "“%s” is “%s”" ERROR_ADVICE "write %s", key, text,
                       enumerate(problems->arena, choices));
    return false;
}

/* A copy of item with its text trimmed; NULL and a problem where it is not one line of text. */
static struct yaml_node *copy_item(struct error_list *problems, const char *key,
                                   const struct yaml_node *item)
{
    if (item->kind != YAML_SCALAR) {
        error_list_add(problems, item->line, "an item of “%s” must be a text, not %s", key,
                       yaml_kind_name(item->kind));
        return NULL;
    }
    const char *text = trimmed(problems->arena, item);
    if (!*text || yaml_is_empty(item) || strchr(text, '\n')) {
        error_list_add(problems, item->line, "an item of “%s” must be one line of text", key);
        return NULL;
    }
    struct yaml_node *copy = arena_allocate(problems->arena, sizeof *copy);
    *copy = *item;
    copy->text = text;
    copy->length = strlen(text);
    copy->next = NULL;
    return copy;
}

bool yaml_read_list(struct error_list *problems, const struct yaml_node *mapping, const char *key,
                    const struct yaml_node **value)
{
    const struct yaml_node *node = yaml_get(mapping, key);
    if (!node)
        return false;
    if (node->kind == YAML_MAPPING) {
        error_list_add(problems, node->line,
                       "“%s” must be a list, not a mapping" ERROR_ADVICE "write [a, b]", key);
        return false;
    }
    const struct yaml_node *item = node->kind == YAML_SEQUENCE ? node->first : node;
    struct yaml_node *first = NULL;
    struct yaml_node *last = NULL;
    for (; item; item = node->kind == YAML_SEQUENCE ? item->next : NULL) {
        struct yaml_node *copy = copy_item(problems, key, item);
        if (!copy)
            continue;
        if (last)
            last->next = copy;
        else
            first = copy;
        last = copy;
    }
    *value = first;
    return true;
}

bool yaml_read_mappings(struct error_list *problems, const struct yaml_node *mapping,
                        const char *key, const struct yaml_node **value)
{
    const struct yaml_node *node = yaml_get(mapping, key);
    if (!node)
        return false;
    if (node->kind == YAML_SCALAR) {
        error_list_add(problems, node->line,
                       "“%s” must be a list of mappings" ERROR_ADVICE "write [{…: …}]", key);
        return false;
    }
    const struct yaml_node *item = node->kind == YAML_SEQUENCE ? node->first : node;
    struct yaml_node *first = NULL;
    struct yaml_node *last = NULL;
    for (; item; item = node->kind == YAML_SEQUENCE ? item->next : NULL) {
        if (item->kind != YAML_MAPPING) {
            error_list_add(problems, item->line, "an item of “%s” must be a mapping, not %s", key,
                           yaml_kind_name(item->kind));
            continue;
        }
        struct yaml_node *copy = arena_allocate(problems->arena, sizeof *copy);
        *copy = *item;
        copy->next = NULL;
        if (last)
            last->next = copy;
        else
            first = copy;
        last = copy;
    }
    *value = first;
    return true;
}

/* "da", "en-GB", "zh-Hant": looks like one; whether it is one, locale/ knows. */
static bool looks_like_language(const char *tag)
{
    size_t part = 0;
    bool first = true;
    for (const char *c = tag;; c++) {
        if (*c == '-' || *c == '\0') {
            if (part < (first ? 2 : 1) || part > (first ? 3 : 8))
                return false;
            if (!*c)
                return true;
            part = 0;
            first = false;
            continue;
        }
        if (!(first ? isalpha((unsigned char)*c) : isalnum((unsigned char)*c)))
            return false;
        part++;
    }
}

bool yaml_read_localized(struct error_list *problems, const struct yaml_node *mapping,
                         const char *key, const char *default_language,
                         const struct localized_text **value)
{
    const struct yaml_node *node = yaml_get(mapping, key);
    if (!node)
        return false;
    struct localized_text *first = NULL;
    struct localized_text **link = &first;
    if (node->kind == YAML_SEQUENCE) {
        error_list_add(problems, node->line, "“%s” must be a text or {da: …, en: …}, not a list",
                       key);
        return false;
    }
    if (node->kind == YAML_SCALAR) {
        const char *text;
        if (!yaml_read_text(problems, mapping, key, &text))
            return false;
        first = arena_allocate(problems->arena, sizeof *first);
        *first = (struct localized_text){ .language = default_language, .text = text };
        *value = first;
        return true;
    }
    for (const struct yaml_node *entry = node->first; entry; entry = entry->next) {
        const char *text;
        if (!looks_like_language(entry->key)) {
            error_list_add(problems, entry->key_line,
                           "“%s” in “%s” is no language code" ERROR_ADVICE
                           "write one like da or en",
                           entry->key, key);
            continue;
        }
        if (!yaml_read_text(problems, node, entry->key, &text))
            continue;
        *link = arena_allocate(problems->arena, sizeof **link);
        **link = (struct localized_text){ .language = entry->key, .text = text };
        link = &(*link)->next;
    }
    if (first)
        *value = first;
    return first != NULL;
}
