/* SPDX-License-Identifier: MIT */
#include "intake/entity.h"

#include "base/string_builder.h"
#include "base/utf8.h"

#include <cmark-gfm/houdini.h>
#include <string.h>

enum { ENTITY_MAXIMUM = 34 };

size_t entity_append(struct string_builder *text, const char *bytes, size_t length)
{
    size_t maximum = length < ENTITY_MAXIMUM ? length : ENTITY_MAXIMUM;
    if (maximum < 3 || bytes[0] != '&' || !memchr(bytes, ';', maximum))
        return 0;
    cmark_strbuf characters;
    cmark_strbuf_init(cmark_get_default_mem_allocator(), &characters, 0);
    int taken = houdini_unescape_ent(&characters, (const uint8_t *)bytes + 1, (int)maximum - 1);
    if (taken > 0)
        utf8_append_clean(text, (const char *)characters.ptr, (size_t)characters.size);
    cmark_strbuf_free(&characters);
    return taken > 0 ? (size_t)taken + 1 : 0;
}

size_t entity_character(const char *bytes, size_t length, uint32_t *character)
{
    struct string_builder text;
    size_t offset = 0;
    string_builder_init(&text, 0);
    size_t taken = entity_append(&text, bytes, length);
    if (taken && !utf8_next(text.data, text.length, &offset, character))
        *character = ' '; /* a character that no text may hold */
    string_builder_release(&text);
    return taken;
}
