/* SPDX-License-Identifier: MIT */
#include "base/invisible.h"

#include "base/string_builder.h"
#include "base/utf8.h"

struct range {
    uint32_t first;
    uint32_t last;
};

static const struct range directions[] = {
    { 0x061C, 0x061C }, { 0x200E, 0x200F }, { 0x202A, 0x202E }, { 0x2066, 0x206F }, { 0, 0 },
};

static const struct range hidden[] = {
    { 0x00AD, 0x00AD }, /* soft hyphen */
    { 0x034F, 0x034F }, /* combining grapheme joiner */
    { 0x180E, 0x180E }, { 0x200B, 0x200B }, { 0x2060, 0x2065 },
    { 0xFEFF, 0xFEFF }, /* no-break space without width, mark of the byte order */
    { 0xFFF9, 0xFFFB }, { 0, 0 },
};

/* What a joiner may shape: scripts that join their letters, and pictures that make up one. */
static const struct range joined[] = {
    { 0x0600, 0x109F },   { 0x1780, 0x18AF },   { 0x1A20, 0x1BFF }, { 0x2190, 0x2BFF },
    { 0xA800, 0xABFF },   { 0xFB50, 0xFDFF },   { 0xFE0F, 0xFE0F }, { 0xFE70, 0xFEFC },
    { 0x10A00, 0x11FFF }, { 0x1F000, 0x1FFFF }, { 0, 0 },
};

static bool is_in(const struct range *ranges, uint32_t c)
{
    for (; ranges->last; ranges++)
        if (c >= ranges->first && c <= ranges->last)
            return true;
    return false;
}

static bool is_tag(uint32_t c)
{
    return c >= 0xE0000 && c <= 0xE007F;
}

bool invisible_is_direction(uint32_t code_point)
{
    return is_in(directions, code_point);
}

bool invisible_is_left_out(uint32_t before, uint32_t code_point)
{
    bool is_before = code_point < 0xAD || (code_point > 0xAD && code_point < 0x034F);
    if (is_before || (code_point >= 0x2010 && code_point < 0x2028)) /* letters; dashes, quotes */
        return false;
    if (code_point == 0x200C || code_point == 0x200D)
        return !is_in(joined, before);
    if (is_tag(code_point)) /* a black flag and letters in tags are the flag of a region */
        return before != 0x1F3F4 && !is_tag(before);
    return is_in(hidden, code_point) || is_in(directions, code_point);
}

void invisible_append_others(struct string_builder *text, const char *bytes, size_t length)
{
    size_t offset = 0;
    size_t run = 0; /* start of what is not copied yet */
    uint32_t before = 0;
    while (offset < length) {
        size_t start = offset;
        uint32_t c = (unsigned char)bytes[offset];
        if (c < 0x80 || !utf8_next(bytes, length, &offset, &c))
            offset++;
        if (!invisible_is_left_out(before, c)) {
            before = c;
            continue;
        }
        string_builder_append_bytes(text, bytes + run, start - run);
        run = offset;
    }
    string_builder_append_bytes(text, bytes + run, length - run);
}
