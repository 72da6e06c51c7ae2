/* SPDX-License-Identifier: MIT */
#include "net/mailbox_imap_response.h"

#include "base/string_builder.h"

#include <string.h>
#include <strings.h>

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* ---- a response ---- */

/* Behind "{17}" and the line's end, where that stands from start on; else NULL. */
static const char *literal_mark(const char *start, const char *end, size_t *length)
{
    const char *at = start;
    *length = 0;
    if (at == end || *at++ != '{')
        return NULL;
    const char *digits = at;
    for (; at < end && is_digit(*at) && *length <= UINT32_MAX; at++)
        *length = *length * 10 + (size_t)(*at - '0');
    if (at == digits || at == end || *at++ != '}')
        return NULL;
    at += at < end && *at == '\r';
    return at < end && *at == '\n' && *length <= UINT32_MAX ? at + 1 : NULL;
}

/* Behind the quoted string that begins at start; NULL where it does not end in its line. */
static const char *quoted_end(const char *start, const char *end)
{
    for (const char *at = start + 1; at < end && *at != '\r' && *at != '\n'; at++) {
        if (*at == '"')
            return at + 1;
        at += *at == '\\' && at + 1 < end;
    }
    return NULL;
}

/* What people are to read may hold and end with anything. */
static bool is_for_people(const struct string_builder *response)
{
    static const char *const words[] = { "OK", "NO", "BAD", "BYE", "PREAUTH" };
    struct imap_cursor cursor;
    imap_cursor_init(&cursor, response);
    const char *space = memchr(cursor.at, ' ', (size_t)(cursor.end - cursor.at));
    if (!space || *cursor.at == '+')
        return true;
    cursor.at = space + 1;
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (imap_take_word(&cursor, words[i]))
            return true;
    return false;
}

/* Looks at the line from start on. *has_literal: its end says how long a literal follows. False:
 * a string has no end. */
static bool find_literal(const char *start, const char *end, bool *has_literal, size_t *length)
{
    *has_literal = false;
    for (const char *at = start; at < end; at++) {
        if (*at == '"') {
            at = quoted_end(at, end);
            if (!at)
                return false;
            at--;
        } else if (*at == '{' && literal_mark(at, end, length) == end) {
            *has_literal = true;
            return true;
        }
    }
    return true;
}

bool imap_response_next(struct mailbox_lines *lines, struct string_builder *bytes)
{
    bool is_cut = false;
    bool has_literal = true;
    size_t length = 0;
    string_builder_clear(bytes);
    for (size_t start = 0; has_literal; start = bytes->length) {
        if (!mailbox_lines_append(lines, bytes, &is_cut) || is_cut)
            return false;
        if (start == 0 && is_for_people(bytes))
            return true;
        if (!find_literal(bytes->data + start, bytes->data + bytes->length, &has_literal, &length))
            return false;
        if (has_literal && (!mailbox_lines_octets(lines, bytes, length, &is_cut) || is_cut))
            return false;
    }
    return true;
}

/* ---- within it ---- */

void imap_cursor_init(struct imap_cursor *cursor, const struct string_builder *response)
{
    cursor->at = response->data;
    cursor->end = response->data + response->length;
    cursor->end -= cursor->end > cursor->at && cursor->end[-1] == '\n';
    cursor->end -= cursor->end > cursor->at && cursor->end[-1] == '\r';
}

static size_t left_of(const struct imap_cursor *cursor)
{
    return (size_t)(cursor->end - cursor->at);
}

static bool is_end_of_word(const struct imap_cursor *cursor, size_t length)
{
    return left_of(cursor) == length || strchr(" ()]", cursor->at[length]) != NULL;
}

bool imap_take_word(struct imap_cursor *cursor, const char *word)
{
    size_t length = strlen(word);
    if (left_of(cursor) < length || strncasecmp(cursor->at, word, length) != 0 ||
        !is_end_of_word(cursor, length))
        return false;
    cursor->at += length;
    cursor->at += cursor->at < cursor->end && *cursor->at == ' ';
    return true;
}

static void skip_word(struct imap_cursor *cursor)
{
    const char *space = memchr(cursor->at, ' ', left_of(cursor));
    cursor->at = space ? space : cursor->end;
}

bool imap_take_number(struct imap_cursor *cursor, uint32_t *number)
{
    uint64_t value = 0;
    size_t length = 0;
    for (; length < left_of(cursor) && is_digit(cursor->at[length]) && value <= UINT32_MAX;
         length++)
        value = value * 10 + (uint64_t)(cursor->at[length] - '0');
    if (length == 0 || value > UINT32_MAX || !is_end_of_word(cursor, length)) {
        skip_word(cursor);
        return false;
    }
    *number = (uint32_t)value;
    cursor->at += length;
    cursor->at += cursor->at < cursor->end && *cursor->at == ' ';
    return true;
}

bool imap_has_word(const struct imap_cursor *cursor, const char *word)
{
    struct imap_cursor copy = *cursor;
    for (bool is_start = true; copy.at < copy.end && *copy.at != ']'; copy.at++) {
        if (is_start && imap_take_word(&copy, word))
            return true;
        is_start = *copy.at == ' ';
    }
    return false;
}

/* ---- attributes ---- */

/* Behind one atom, string or parenthesis; NULL: there is none. */
static const char *token_end(const struct imap_cursor *cursor)
{
    size_t length = 0;
    const char *at = cursor->at;
    if (at == cursor->end)
        return NULL;
    if (*at == '"')
        return quoted_end(at, cursor->end);
    if (*at == '(' || *at == ')')
        return at + 1;
    if (*at == '{') {
        const char *literal = literal_mark(at, cursor->end, &length);
        return literal && length <= (size_t)(cursor->end - literal) ? literal + length : NULL;
    }
    while (at < cursor->end && !strchr(" ()\"", *at))
        at++;
    return at > cursor->at ? at : NULL;
}

/* Past a list, from its first parenthesis on. */
static bool skip_list(struct imap_cursor *cursor)
{
    size_t depth = 0;
    do {
        const char *end = token_end(cursor);
        if (!end)
            return false;
        depth += *cursor->at == '(';
        depth -= *cursor->at == ')';
        cursor->at = end;
        while (cursor->at < cursor->end && *cursor->at == ' ')
            cursor->at++;
    } while (depth > 0);
    return true;
}

/* Its brackets may hold anything but strings: BODY[HEADER.FIELDS (SUBJECT)]<0>. */
static bool take_name(struct imap_cursor *cursor, struct imap_attribute *attribute)
{
    bool is_within = false;
    const char *at = cursor->at;
    for (; at < cursor->end && (is_within || !strchr(" ()\"{", *at)); at++)
        is_within = *at == '[' || (is_within && *at != ']');
    attribute->name = cursor->at;
    attribute->name_length = (size_t)(at - cursor->at);
    if (attribute->name_length == 0 || at == cursor->end || *at != ' ')
        return false;
    cursor->at = at + 1;
    return true;
}

static bool take_value(struct imap_cursor *cursor, struct imap_attribute *attribute)
{
    size_t length = 0;
    const char *start = cursor->at;
    const char *end = token_end(cursor);
    if (!end || *start == ')')
        return false;
    attribute->kind = *start == '"'   ? IMAP_QUOTED
                      : *start == '{' ? IMAP_LITERAL
                      : *start == '(' ? IMAP_LIST
                                      : IMAP_ATOM;
    if (attribute->kind == IMAP_LIST) {
        if (!skip_list(cursor))
            return false;
        end = cursor->at;
    } else if (attribute->kind == IMAP_LITERAL) {
        start = literal_mark(start, end, &length);
    }
    cursor->at = end;
    size_t quote = attribute->kind == IMAP_QUOTED;
    attribute->value = start + quote;
    attribute->value_length = (size_t)(end - start) - 2 * quote;
    return true;
}

bool imap_take_attribute(struct imap_cursor *cursor, struct imap_attribute *attribute, bool *found)
{
    while (cursor->at < cursor->end && *cursor->at == ' ')
        cursor->at++;
    *found = cursor->at < cursor->end && *cursor->at != ')';
    if (*found)
        return take_name(cursor, attribute) && take_value(cursor, attribute);
    return cursor->at < cursor->end;
}
