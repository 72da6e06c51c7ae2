/* SPDX-License-Identifier: MIT */
#include "intake/markdown_line.h"

#include "base/string_builder.h"

#include <ctype.h>
#include <string.h>

/* CommonMark allows no longer label. */
enum { LABEL_MAXIMUM = 999 };

bool markdown_line_is_blank(const char *line, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (line[i] != ' ' && line[i] != '\t')
            return false;
    return true;
}

static size_t skip_white(const char *line, size_t length, size_t at)
{
    while (at < length && (line[at] == ' ' || line[at] == '\t'))
        at++;
    return at;
}

/* The offset behind the marker of a list item ("- ", "1. "); at where there is none. */
static size_t skip_marker(const char *line, size_t length, size_t at)
{
    size_t end = at;
    if (end < length && strchr("-*+", line[end]))
        end++;
    else
        while (end < length && end - at < 9 && isdigit((unsigned char)line[end]))
            end++;
    if (end > at && isdigit((unsigned char)line[at])) {
        if (end == length || !strchr(".)", line[end]))
            return at;
        end++;
    }
    return end > at && end < length && strchr(" \t", line[end]) ? end : at;
}

/* The offset behind the marks of quotes and list items at the beginning of the line. */
static size_t skip_containers(const char *line, size_t length)
{
    size_t at = 0;
    for (;;) {
        size_t start = skip_white(line, length, at);
        size_t end = start < length && line[start] == '>' ? start + 1
                                                          : skip_marker(line, length, start);
        if (end == start)
            return start;
        at = end;
    }
}

/* The offset of the "]" that ends the label which begins at at; 0 where it is none. */
static size_t label_end(const char *line, size_t length, size_t at)
{
    bool has_word = false;
    size_t end = at;
    for (; end < length && line[end] != ']'; end++) {
        if (line[end] == '[' || end - at >= LABEL_MAXIMUM)
            return 0;
        if (line[end] == '\\' && end + 1 < length)
            end++;
        has_word = has_word || !strchr(" \t", line[end]);
    }
    return has_word && end + 1 < length && line[end + 1] == ':' ? end : 0;
}

static bool is_footnote_label(const char *label, size_t length)
{
    return length > 1 && label[0] == '^' && !memchr(label, ' ', length) &&
           !memchr(label, '\t', length);
}

static bool begins_with_address(const char *bytes, size_t length)
{
    size_t end = 0;
    while (end < length && !strchr(" \t", bytes[end]))
        end++;
    for (size_t i = 0; i + 1 < end; i++)
        if (strchr("./#<@", bytes[i]))
            return true;
    return false;
}

bool markdown_line_defines(const char *line, size_t length, struct markdown_label *label)
{
    size_t at = skip_containers(line, length);
    size_t end = at < length && line[at] == '[' ? label_end(line, length, at + 1) : 0;
    if (!end)
        return false;
    label->start = at + 1;
    label->length = end - at - 1;
    label->behind = skip_white(line, length, end + 2);
    label->has_address = begins_with_address(line + label->behind, length - label->behind);
    label->is_footnote = at < 4 && at == skip_white(line, length, 0) &&
                         is_footnote_label(line + label->start, label->length);
    return true;
}

bool markdown_line_begins_block(const char *line, size_t length)
{
    size_t at = skip_white(line, length, 0);
    if (at == length)
        return true;
    if (strchr("#>|<", line[at]) || skip_marker(line, length, at) > at)
        return true;
    return at + 2 < length && strchr("`~-*_=", line[at]) && line[at + 1] == line[at] &&
           line[at + 2] == line[at];
}

/* ---- bullets ---- */

/* Length of a bullet; *alone: it needs no space behind it. */
static size_t bullet_length(const char *line, size_t length, bool *alone)
{
    static const struct {
        const char *bytes;
        bool alone;
    } bullets[] = {
        { "\u2022", true },  { "\u25cf", true },  { "\u25aa", true },  { "\u25e6", true },
        { "\u2023", true },  { "\u25a0", false }, { "\u25cb", false }, { "\u2219", false },
        { "\u00b7", false }, { "\uf0b7", true },
    };

    for (size_t i = 0; i < sizeof bullets / sizeof bullets[0]; i++) {
        size_t size = strlen(bullets[i].bytes);
        *alone = bullets[i].alone;
        if (size <= length && memcmp(bullets[i].bytes, line, size) == 0)
            return size;
    }
    return 0;
}

size_t markdown_line_append_bullet(struct string_builder *text, const char *line, size_t length)
{
    static const char no_break_space[] = "\u00a0";
    size_t start = skip_white(line, length, 0);
    bool alone;
    bool ignored;
    size_t size = bullet_length(line + start, length - start, &alone);
    size_t behind = start + size;
    if (!size)
        return 0;
    for (;;) {
        size_t next = skip_white(line, length, behind);
        if (length - next >= 2 && memcmp(line + next, no_break_space, 2) == 0)
            next += 2;
        if (next == behind)
            break;
        behind = next;
    }
    if (behind == length || (behind == start + size && !alone) ||
        bullet_length(line + behind, length - behind, &ignored))
        return 0;
    string_builder_append_bytes(text, line, start);
    string_builder_append(text, "- ");
    return behind;
}

/* ---- fences ---- */

static size_t fence_length(const char *line, size_t length, size_t at)
{
    size_t end = at;
    if (at >= length || (line[at] != '`' && line[at] != '~'))
        return 0;
    while (end < length && line[end] == line[at])
        end++;
    if (end - at < 3 || (line[at] == '`' && memchr(line + end, '`', length - end)))
        return 0;
    return end - at;
}

static void open_fence(struct markdown_fence *fence, const char *line, size_t length)
{
    size_t at = skip_containers(line, length);
    size_t marks = fence_length(line, length, at);
    if (!marks)
        return;
    size_t first = skip_white(line, length, 0);
    fence->mark = line[at];
    fence->length = marks;
    fence->in_quote = line[first] == '>';
    fence->in_item = !fence->in_quote && at > first;
}

/* Whether the line still belongs to the open fence: the quote or item that holds it has not ended.
 * */
static bool is_held(const struct markdown_fence *fence, const char *line, size_t length)
{
    size_t first = skip_white(line, length, 0);
    if (fence->in_quote)
        return first < length && line[first] == '>';
    return !fence->in_item || first > 0 || first == length;
}

static bool closes_fence(const struct markdown_fence *fence, const char *line, size_t length)
{
    size_t at = 0;
    while (at < length && strchr(" \t>", line[at]))
        at++;
    size_t marks = fence_length(line, length, at);
    return marks >= fence->length && line[at] == fence->mark &&
           markdown_line_is_blank(line + at + marks, length - at - marks);
}

bool markdown_fence_next(struct markdown_fence *fence, const char *line, size_t length)
{
    if (fence->mark && !is_held(fence, line, length))
        fence->mark = '\0';
    if (!fence->mark) {
        open_fence(fence, line, length);
        return fence->mark != '\0';
    }
    if (closes_fence(fence, line, length))
        fence->mark = '\0';
    return true;
}
