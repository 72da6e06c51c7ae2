/* SPDX-License-Identifier: MIT */
#include "rich_text/html_parts.h"

#include "base/arena.h"
#include "base/string_builder.h"
#include "base/words.h"

#include <string.h>

bool html_is(const struct html_node *node, const char *name)
{
    return node->kind == HTML_ELEMENT && strcmp(node->name, name) == 0;
}

bool html_is_any(const struct html_node *node, const char *names)
{
    const char *word;
    size_t length;
    if (node->kind != HTML_ELEMENT)
        return false;
    while (words_next(&names, &word, &length))
        if (strlen(node->name) == length && memcmp(node->name, word, length) == 0)
            return true;
    return false;
}

const struct html_node *html_next(const struct html_node *node, const struct html_node *top)
{
    do {
        if (node->first_child)
            node = node->first_child;
        else {
            while (node != top && !node->next)
                node = node->parent;
            if (node == top)
                return NULL;
            node = node->next;
        }
    } while (node->kind != HTML_ELEMENT);
    return node;
}

const struct html_node *html_find(const struct html_node *node, const char *name)
{
    const struct html_node *top = node;
    while (node && !html_is(node, name))
        node = html_next(node, top);
    return node;
}

const struct html_node *html_find_behind(const struct html_node *node, const struct html_node *top,
                                         const char *name)
{
    do
        node = html_next(node, top);
    while (node && !html_is(node, name));
    return node;
}

bool html_holds(const struct html_node *node, const struct html_node *inner)
{
    while (inner && inner != node)
        inner = inner->parent;
    return inner != NULL;
}

bool html_is_in(const struct html_node *node, const char *names)
{
    for (node = node->parent; node; node = node->parent)
        if (html_is_any(node, names))
            return true;
    return false;
}

int html_heading_level(const struct html_node *node)
{
    bool is_heading = node->kind == HTML_ELEMENT && node->name[0] == 'h' && node->name[1] >= '1' &&
                      node->name[1] <= '6' && !node->name[2];
    return is_heading ? node->name[1] - '0' : 0;
}

bool html_is_never_text(const struct html_node *node)
{
    return html_is_any(node, "script style") ||
           (html_is(node, "title") && !html_is_in(node, "svg math"));
}

static void append_words(struct string_builder *words, const struct html_node *node)
{
    if (node->kind == HTML_TEXT)
        string_builder_append(words, node->text);
    if (node->kind != HTML_ELEMENT || html_is_never_text(node))
        return;
    bool parts = node->traits & (HTML_BLOCK | HTML_BREAK | HTML_CELL);
    if (parts)
        string_builder_append_character(words, ' ');
    for (const struct html_node *child = node->first_child; child; child = child->next)
        append_words(words, child);
    if (parts)
        string_builder_append_character(words, ' ');
}

const char *html_words(struct arena *arena, const struct html_node *node)
{
    struct string_builder words;
    string_builder_init(&words, 0);
    append_words(&words, node);
    const char *result = arena_copy(arena, words.length ? words.data : "");
    string_builder_release(&words);
    return result;
}
