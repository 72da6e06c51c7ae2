/* SPDX-License-Identifier: MIT */
#include "dkim/tags.h"

#include "base/arena.h"
#include "base/tag_list.h"

#include <sodium.h>
#include <string.h>

static const char spaces[] = " \t\r\n";

bool tags_read(struct arena *arena, const char *string, struct tags *tags)
{
    char *rest = arena_copy(arena, string);
    struct tag tag;
    tags->count = 0;
    while (tag_next(&rest, spaces, &tag)) {
        if (!*tag.name && !tag.has_value)
            continue;
        if (!*tag.name || !tag.has_value || tags->count == TAGS_MAXIMUM ||
            tags_find(tags, tag.name))
            return false;
        tags->items[tags->count].name = tag.name;
        tags->items[tags->count++].value = tag.value;
    }
    return tags->count > 0;
}

const char *tags_find(const struct tags *tags, const char *name)
{
    for (size_t i = 0; i < tags->count; i++)
        if (strcmp(tags->items[i].name, name) == 0)
            return tags->items[i].value;
    return NULL;
}

const char *tags_find_packed(struct arena *arena, const struct tags *tags, const char *name)
{
    const char *value = tags_find(tags, name);
    if (!value)
        return "";
    char *packed = arena_allocate(arena, strlen(value) + 1);
    size_t used = 0;
    for (; *value; value++)
        if (!strchr(spaces, *value))
            packed[used++] = *value;
    packed[used] = '\0';
    return packed;
}

bool tags_decode(struct arena *arena, const char *string, unsigned char **bytes, size_t *length)
{
    size_t size = strlen(string);
    const char *end = NULL;
    *bytes = arena_allocate(arena, size / 4 * 3 + 4);
    return sodium_base642bin(*bytes, size / 4 * 3 + 4, string, size, NULL, length, &end,
                             sodium_base64_VARIANT_ORIGINAL) == 0 &&
           !*end && *length > 0;
}
