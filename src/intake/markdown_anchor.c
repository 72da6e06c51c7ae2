/* SPDX-License-Identifier: MIT */
/* Links to headings of the text. Programs make "#hvad-nu" of "Hvad nu?" each in its own way, so
 * letters and digits alone are compared. */
#include "intake/markdown_builder.h"

#include "base/arena.h"
#include "base/array.h"
#include "base/utf8.h"
#include "intake/reader.h"
#include "locale/unicode.h"
#include "release/release.h"

#include <stdlib.h>
#include <string.h>

struct heading {
    const char *key;
    struct body_node *node;
    size_t place; /* its position among the headings */
};

struct headings {
    struct heading *items;
    size_t count;
    size_t capacity;
};

static const char *key_of(struct arena *arena, const char *words)
{
    struct string_builder key;
    size_t length = strlen(words);
    size_t offset = 0;
    uint32_t c;
    string_builder_init(&key, 0);
    while (utf8_next(words, length, &offset, &c))
        if (unicode_is_alphanumeric(c))
            utf8_append(&key, c);
    const char *folded = unicode_fold(arena, key.length ? key.data : "");
    string_builder_release(&key);
    return folded;
}

static int hexadecimal(char c)
{
    static const char digits[] = "0123456789abcdef";
    const char *found = c ? strchr(digits, c >= 'A' && c <= 'F' ? c - 'A' + 'a' : c) : NULL;
    return found ? (int)(found - digits) : -1;
}

/* The target with percent-encoding decoded: "#s%C3%A5dan" is "#sådan". */
static const char *decoded(struct arena *arena, const char *target)
{
    char *result = arena_copy(arena, target);
    char *end = result;
    for (const char *c = target; *c; c++) {
        int high = *c == '%' ? hexadecimal(c[1]) : -1;
        int low = high >= 0 ? hexadecimal(c[2]) : -1;
        unsigned char byte = (unsigned char)(low >= 0 ? high * 16 + low : *c);
        memcpy(end++, &byte, 1);
        c += low >= 0 ? 2 : 0;
    }
    *end = '\0';
    return result;
}

static void collect(struct arena *arena, struct headings *headings, struct body_node *node)
{
    if (node->kind == BODY_HEADING) {
        ARRAY_GROW_IN(arena, headings->items, headings->count, headings->capacity);
        headings->items[headings->count] = (struct heading){
            key_of(arena, body_plain_text(arena, node)), node, headings->count
        };
        headings->count++;
    }
    for (struct body_node *child = node->first_child; child; child = child->next)
        collect(arena, headings, child);
}

static int compare(const void *a, const void *b)
{
    const struct heading *one = a;
    const struct heading *other = b;
    int order = strcmp(one->key, other->key);
    if (order)
        return order;
    return one->place < other->place ? -1 : one->place > other->place;
}

/* The first heading of that name; NULL: there is none. */
static const struct heading *find(const struct headings *headings, const char *key)
{
    size_t low = 0;
    size_t high = headings->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (strcmp(headings->items[middle].key, key) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    if (!*key || low == headings->count || strcmp(headings->items[low].key, key) != 0)
        return NULL;
    return &headings->items[low];
}

void markdown_resolve_anchors(struct markdown_builder *builder)
{
    struct arena *arena = builder->reading->arena;
    struct headings headings = { 0 };
    if (!builder->anchors)
        return;
    collect(arena, &headings, builder->reading->release->body);
    if (headings.count)
        qsort(headings.items, headings.count, sizeof *headings.items, compare);
    for (struct markdown_anchor *anchor = builder->anchors; anchor; anchor = anchor->next) {
        const struct heading *heading = find(&headings,
                                             key_of(arena, decoded(arena, anchor->target)));
        if (!heading) {
            builder->line = anchor->line;
            markdown_warn(builder, INTAKE_MESSAGE_LINK_ANCHOR, anchor->target);
            continue;
        }
        if (!heading->node->target)
            heading->node->target = arena_format(arena, "#%zu", heading->place + 1);
        anchor->link->target = heading->node->target;
    }
}
