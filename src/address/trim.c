/* SPDX-License-Identifier: MIT */
#include "address/address.h"

#include "base/utf8.h"

#include <ctype.h>
#include <unicode/uchar.h>

enum { NEXT_LINE = 0x85 };

/* A mark of direction or a soft hyphen shows as little as a zero-width space. */
static bool is_blank(uint32_t code_point)
{
    if (code_point < 0x80)
        return isspace((int)code_point);
    int8_t type = u_charType((UChar32)code_point);
    return type == U_SPACE_SEPARATOR || type == U_LINE_SEPARATOR || type == U_PARAGRAPH_SEPARATOR ||
           type == U_FORMAT_CHAR || code_point == NEXT_LINE;
}

/* Octets of the last character; 1 where they are no UTF-8. */
static size_t last_character(const char *bytes, size_t length, uint32_t *code_point)
{
    size_t start = utf8_last(bytes, length);
    size_t offset = start;
    if (utf8_next(bytes, length, &offset, code_point) && offset == length)
        return length - start;
    *code_point = 0;
    return 1;
}

void address_trim(const char **bytes, size_t *length)
{
    uint32_t code_point = 0;
    size_t offset = 0;
    while (offset < *length) {
        size_t next = offset;
        if (!utf8_next(*bytes, *length, &next, &code_point) || !is_blank(code_point))
            break;
        offset = next;
    }
    if (offset) /* of nothing at all, bytes may be NULL */
        *bytes += offset;
    *length -= offset;
    while (*length) {
        size_t count = last_character(*bytes, *length, &code_point);
        if (!is_blank(code_point))
            return;
        *length -= count;
    }
}
