/* SPDX-License-Identifier: MIT */
#include "base/utf8.h"

#include "base/string_builder.h"

#include <string.h>

/* Length of the sequence that a first byte opens, 0 where it opens none. */
static size_t sequence_length(unsigned char first)
{
    if (first < 0x80)
        return 1;
    if (first >= 0xc2 && first <= 0xdf)
        return 2;
    if (first >= 0xe0 && first <= 0xef)
        return 3;
    if (first >= 0xf0 && first <= 0xf4)
        return 4;
    return 0;
}

bool utf8_next(const char *bytes, size_t length, size_t *offset, uint32_t *code_point)
{
    static const unsigned char first_mask[] = { 0, 0x7f, 0x1f, 0x0f, 0x07 };
    if (*offset >= length)
        return false;
    const unsigned char *p = (const unsigned char *)bytes + *offset;
    size_t count = sequence_length(p[0]);
    if (count == 0 || count > length - *offset)
        return false;
    uint32_t value = p[0] & first_mask[count];
    for (size_t i = 1; i < count; i++) {
        if ((p[i] & 0xc0) != 0x80)
            return false;
        value = value << 6 | (p[i] & 0x3f);
    }
    bool overlong = (count == 3 && value < 0x800) || (count == 4 && value < 0x10000);
    if (overlong || value > 0x10ffff || (value >= 0xd800 && value <= 0xdfff))
        return false;
    *code_point = value;
    *offset += count;
    return true;
}

static bool eight_are_ascii(const char *bytes)
{
    uint64_t eight;
    memcpy(&eight, bytes, sizeof eight);
    return (eight & UINT64_C(0x8080808080808080)) == 0;
}

bool utf8_is_valid(const char *bytes, size_t length)
{
    size_t offset = 0;
    uint32_t code_point;
    while (offset < length) {
        if (length - offset >= sizeof(uint64_t) && eight_are_ascii(bytes + offset))
            offset += sizeof(uint64_t);
        else if (!(bytes[offset] & 0x80))
            offset++;
        else if (!utf8_next(bytes, length, &offset, &code_point))
            return false;
    }
    return true;
}

bool utf8_is_ascii(const char *bytes, size_t length)
{
    size_t offset = 0;
    while (length - offset >= sizeof(uint64_t) && eight_are_ascii(bytes + offset))
        offset += sizeof(uint64_t);
    while (offset < length && !(bytes[offset] & 0x80))
        offset++;
    return offset == length;
}

bool utf8_is_space(uint32_t c)
{
    return c == ' ' || (c >= '\t' && c <= '\r') || c == 0x85 || c == 0x2028 || c == 0x2029;
}

size_t utf8_length(const char *string)
{
    size_t length = strlen(string);
    size_t offset = 0;
    size_t count = 0;
    uint32_t code_point;
    while (offset < length) {
        if (!utf8_next(string, length, &offset, &code_point))
            offset++;
        count++;
    }
    return count;
}

static bool is_continuation(char byte)
{
    return ((unsigned char)byte & 0xc0) == 0x80;
}

size_t utf8_fit(const char *string, size_t maximum)
{
    size_t length = strnlen(string, maximum);
    size_t whole = length;
    while (whole && length - whole < 3 && is_continuation(string[whole]))
        whole--;
    return is_continuation(string[whole]) ? length : whole;
}

size_t utf8_first(const char *bytes, size_t length, size_t maximum)
{
    size_t offset = 0;
    uint32_t ignored;
    for (size_t count = 0; offset < length && count < maximum; count++)
        if (!utf8_next(bytes, length, &offset, &ignored))
            offset++;
    return offset;
}

size_t utf8_last(const char *bytes, size_t length)
{
    size_t start = length ? length - 1 : 0;
    while (start && is_continuation(bytes[start]))
        start--;
    return start;
}

void utf8_append(struct string_builder *text, uint32_t code_point)
{
    char bytes[4];
    size_t count = 0;
    if (code_point < 0x80) {
        bytes[count++] = (char)code_point;
    } else if (code_point < 0x800) {
        bytes[count++] = (char)(0xc0 | code_point >> 6);
        bytes[count++] = (char)(0x80 | (code_point & 0x3f));
    } else if (code_point < 0x10000) {
        bytes[count++] = (char)(0xe0 | code_point >> 12);
        bytes[count++] = (char)(0x80 | (code_point >> 6 & 0x3f));
        bytes[count++] = (char)(0x80 | (code_point & 0x3f));
    } else {
        bytes[count++] = (char)(0xf0 | (code_point >> 18 & 0x07));
        bytes[count++] = (char)(0x80 | (code_point >> 12 & 0x3f));
        bytes[count++] = (char)(0x80 | (code_point >> 6 & 0x3f));
        bytes[count++] = (char)(0x80 | (code_point & 0x3f));
    }
    string_builder_append_bytes(text, bytes, count);
}

bool utf8_is_xml_character(uint32_t code_point)
{
    if (code_point < 0x20)
        return code_point == '\t' || code_point == '\n' || code_point == '\r';
    if (code_point >= 0xd800 && code_point <= 0xdfff)
        return false;
    if (code_point >= 0xfdd0 && code_point <= 0xfdef)
        return false;
    if (code_point >= 0x7f && code_point <= 0x9f)
        return code_point == 0x85;
    return (code_point & 0xfffe) != 0xfffe && code_point <= 0x10ffff;
}

void utf8_append_clean(struct string_builder *text, const char *bytes, size_t length)
{
    size_t offset = 0;
    size_t start = 0; /* of the run of good bytes not yet appended */
    while (offset < length) {
        if (bytes[offset] >= ' ' && bytes[offset] < 0x7f) { /* most of all text, and harmless */
            offset++;
            continue;
        }
        size_t here = offset;
        uint32_t code_point;
        bool well_formed = utf8_next(bytes, length, &offset, &code_point);
        if (well_formed && utf8_is_xml_character(code_point))
            continue;
        string_builder_append_bytes(text, bytes + start, here - start);
        if (!well_formed)
            offset = here + 1;
        start = offset;
    }
    string_builder_append_bytes(text, bytes + start, length - start);
}

void utf8_append_windows1252(struct string_builder *text, const char *bytes, size_t length)
{
    /* 0x80 to 0x9f, https://encoding.spec.whatwg.org/index-windows-1252.txt */
    static const uint16_t high[32] = {
        0x20ac, 0xfffd, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160,
        0x2039, 0x0152, 0xfffd, 0x017d, 0xfffd, 0xfffd, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022,
        0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0xfffd, 0x017e, 0x0178,
    };
    for (size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)bytes[i];
        utf8_append(text, c >= 0x80 && c <= 0x9f ? high[c - 0x80] : c);
    }
}
