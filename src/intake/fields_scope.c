/* SPDX-License-Identifier: MIT */
#include "intake/fields_scope.h"

#include "intake/encoding.h"
#include "intake/reader.h"

#include <string.h>

static const struct header_node *entry_of(const struct scope *scope, const char *key)
{
    const struct header_node *entry = scope->mapping->first;
    while (entry && strcmp(entry->key, key) != 0)
        entry = entry->next;
    return entry;
}

const char *scope_written(const struct scope *scope, const char *key)
{
    const struct header_node *entry = entry_of(scope, key);
    return entry ? entry->written : key;
}

int scope_line_of(const struct scope *scope, const char *key)
{
    const struct header_node *entry = entry_of(scope, key);
    return entry ? entry->key_line : scope->mapping->line;
}

void scope_refuse(struct scope *scope, const char *key, enum intake_message_id id, const char *a,
                  const char *b)
{
    intake_problem_add(scope->reading->problems, INTAKE_REFUSED, scope_line_of(scope, key), id, a,
                       b);
}

const char *scope_node_line(struct scope *scope, const struct header_node *node,
                            const char *written)
{
    struct intake_problem_list *problems = scope->reading->problems;
    if (node->kind != HEADER_TEXT) {
        intake_problem_add(problems, INTAKE_REFUSED, node->line, INTAKE_MESSAGE_TEXT_WANTED,
                           written, NULL);
        return NULL;
    }
    const char *line = encoding_one_line(scope->reading->arena, node->text, strlen(node->text));
    if (*line)
        return line;
    intake_problem_add(problems, INTAKE_REFUSED, node->line, INTAKE_MESSAGE_VALUE_EMPTY, written,
                       NULL);
    return NULL;
}

bool scope_is_empty(const struct scope *scope, const char *key)
{
    const struct header_node *entry = entry_of(scope, key);
    return entry && entry->kind == HEADER_NOTHING && (!entry->text || !*entry->text);
}

const char *scope_line(struct scope *scope, const char *key)
{
    const struct header_node *node = header_get(scope->mapping, key);
    return node ? scope_node_line(scope, node, node->written) : NULL;
}

const char *scope_next_part(struct scope *scope, const char **rest)
{
    while (**rest) {
        size_t length = strcspn(*rest, ",;");
        const char *part = encoding_one_line(scope->reading->arena, *rest, length);
        *rest += length + ((*rest)[length] != '\0');
        if (*part)
            return part;
    }
    return NULL;
}
