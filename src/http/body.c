/* SPDX-License-Identifier: MIT */
#include "http/body.h"

#include "base/string_builder.h"

#include <string.h>

enum { SIZE_LINE_MAXIMUM = 128, SIZE_DIGITS = 8, TRAILERS_MAXIMUM = 4096 };

void http_body_begin(struct http_body *body, const struct http_head *head, size_t content_maximum)
{
    *body = (struct http_body){ .state = HTTP_BODY_WHOLE };
    if (head->framing == HTTP_CHUNKED) {
        body->is_chunked = true;
        body->state = content_maximum ? HTTP_BODY_SIZE : HTTP_BODY_TOO_LARGE;
    } else if (head->framing == HTTP_LENGTH && head->length > 0) {
        body->left = head->length;
        body->state = head->length > content_maximum ? HTTP_BODY_TOO_LARGE : HTTP_BODY_DATA;
    }
}

static int digit(char character)
{
    if (character >= '0' && character <= '9')
        return character - '0';
    character = (char)(character | 0x20);
    return character >= 'a' && character <= 'f' ? character - 'a' + 10 : -1;
}

/* "1a0", or "1a0;extension". */
static bool read_size(const char *line, size_t length, uint64_t *size)
{
    size_t digits = 0;
    *size = 0;
    while (digits < length && digit(line[digits]) >= 0)
        *size = *size * 16 + (uint64_t)digit(line[digits++]);
    if (digits == 0 || digits > SIZE_DIGITS || (digits < length && line[digits] != ';'))
        return false;
    for (size_t i = digits; i < length; i++)
        if ((unsigned char)line[i] < 0x20 || line[i] == 0x7f)
            return false;
    return true;
}

/* A line, with what ends it, of at most maximum bytes: its length. 0: it is not whole yet, or the
 * body has become malformed. */
static size_t whole_line(struct http_body *body, const char *bytes, size_t length, size_t maximum)
{
    const char *feed = memchr(bytes, '\n', length);
    size_t line = feed ? (size_t)(feed - bytes) + 1 : 0;
    if ((feed ? line : length) > maximum || line == 1 || (feed && feed[-1] != '\r')) {
        body->state = HTTP_BODY_MALFORMED;
        return 0;
    }
    return line;
}

static size_t take_size(struct http_body *body, const char *bytes, size_t length)
{
    size_t line = whole_line(body, bytes, length, SIZE_LINE_MAXIMUM);
    if (line == 0)
        return 0;
    if (!read_size(bytes, line - 2, &body->left))
        body->state = HTTP_BODY_MALFORMED;
    else
        body->state = body->left ? HTTP_BODY_DATA : HTTP_BODY_TRAILER;
    return line;
}

static size_t take_line_end(struct http_body *body, const char *bytes, size_t length)
{
    if (bytes[0] != '\r' || (length > 1 && bytes[1] != '\n'))
        body->state = HTTP_BODY_MALFORMED;
    else if (length > 1)
        body->state = HTTP_BODY_SIZE;
    return body->state == HTTP_BODY_SIZE ? 2 : 0;
}

/* Fields behind the last chunk are read and forgotten. */
static size_t take_trailer(struct http_body *body, const char *bytes, size_t length)
{
    size_t name = 0;
    size_t value_at = 0;
    size_t value = 0;
    size_t line = whole_line(body, bytes, length, TRAILERS_MAXIMUM - body->trailers);
    if (line == 2)
        body->state = HTTP_BODY_WHOLE;
    else if (line && !http_field_is_good(bytes, line - 2, &name, &value_at, &value))
        body->state = HTTP_BODY_MALFORMED;
    body->trailers += line;
    return line;
}

static size_t take_data(struct http_body *body, const char *bytes, size_t length,
                        struct string_builder *content)
{
    size_t taken = body->left < length ? (size_t)body->left : length;
    string_builder_append_bytes(content, bytes, taken);
    body->left -= taken;
    if (string_builder_overflowed(content))
        body->state = HTTP_BODY_TOO_LARGE;
    else if (body->left == 0)
        body->state = body->is_chunked ? HTTP_BODY_LINE_END : HTTP_BODY_WHOLE;
    return taken;
}

static size_t take(struct http_body *body, const char *bytes, size_t length,
                   struct string_builder *content)
{
    switch (body->state) {
    case HTTP_BODY_DATA:
        return take_data(body, bytes, length, content);
    case HTTP_BODY_SIZE:
        return take_size(body, bytes, length);
    case HTTP_BODY_LINE_END:
        return take_line_end(body, bytes, length);
    case HTTP_BODY_TRAILER:
        return take_trailer(body, bytes, length);
    case HTTP_BODY_WHOLE:
    case HTTP_BODY_MALFORMED:
    case HTTP_BODY_TOO_LARGE:
        break;
    }
    return 0;
}

size_t http_body_take(struct http_body *body, const char *bytes, size_t length,
                      struct string_builder *content)
{
    size_t at = 0;
    while (at < length) {
        size_t taken = take(body, bytes + at, length - at, content);
        at += taken;
        if (taken == 0)
            break;
    }
    return at;
}
