/* SPDX-License-Identifier: MIT */
#include "net/smtp_reply.h"

#include "base/string_builder.h"
#include "base/utf8.h"
#include "net/refusal.h"

#include <stdio.h>
#include <string.h>

void smtp_reply_parser_init(struct smtp_reply_parser *parser)
{
    parser->line_length = 0;
    parser->line_count = 0;
    parser->text_length = 0;
    parser->reply = (struct smtp_reply){ 0 };
}

static bool is_digit(char character)
{
    return character >= '0' && character <= '9';
}

/* One to three digits; returns how many. */
static size_t digits(const char *bytes, size_t length)
{
    size_t count = 0;
    while (count < length && count < 3 && is_digit(bytes[count]))
        count++;
    return count;
}

/* Length of an enhanced status code of the reply's class at the beginning of bytes; 0 where there
 * is none. */
static size_t enhanced_length(const char *bytes, size_t length, int code)
{
    struct enhanced_status status;
    size_t end = enhanced_status_begins(bytes, length, &status);
    bool is_alone = end == length || (end && bytes[end] == ' ');
    return end && is_alone && status.class == code / 100 ? end : 0;
}

/* Appends text that may hold anything: bytes that are no UTF-8 and control characters become '?'.
 * Returns the new length. Cut at a character's border. */
static size_t append_clean(char text[SMTP_REPLY_TEXT_SIZE], size_t at, const char *bytes,
                           size_t length)
{
    size_t offset = 0;
    while (offset < length) {
        size_t start = offset;
        uint32_t code_point = 0;
        bool valid = utf8_next(bytes, length, &offset, &code_point);
        if (!valid)
            offset = start + 1;
        size_t count = offset - start;
        if (at + count >= SMTP_REPLY_TEXT_SIZE)
            break;
        if (!valid || code_point < 0x20 || (code_point >= 0x7f && code_point < 0xa0) ||
            !utf8_is_xml_character(code_point)) {
            text[at++] = '?';
        } else {
            memcpy(text + at, bytes + start, count);
            at += count;
        }
    }
    text[at] = '\0';
    return at;
}

static void take_text(struct smtp_reply_parser *parser, const char *bytes, size_t length)
{
    struct smtp_reply *reply = &parser->reply;
    size_t status = enhanced_length(bytes, length, reply->code);
    if (status) {
        (void)snprintf(reply->enhanced, sizeof reply->enhanced, "%.*s", (int)status, bytes);
        bytes += status;
        length -= status;
    }
    while (length && *bytes == ' ') {
        bytes++;
        length--;
    }
    if (!length)
        return;
    if (parser->text_length && parser->text_length + 1 < SMTP_REPLY_TEXT_SIZE)
        reply->text[parser->text_length++] = ' ';
    parser->text_length = append_clean(reply->text, parser->text_length, bytes, length);
}

static enum smtp_reply_status bad(struct smtp_reply *reply, const char *text)
{
    smtp_reply_set(reply, 0, "", text);
    return SMTP_REPLY_BAD;
}

/* The code of a line; -1 where it is no line of a reply. */
static int line_code(const char *line, size_t length)
{
    if (length < 3 || digits(line, 3) != 3 || (length > 3 && line[3] != ' ' && line[3] != '-'))
        return -1;
    return (line[0] - '0') * 100 + (line[1] - '0') * 10 + (line[2] - '0');
}

/* A whole line, without its end. */
static enum smtp_reply_status take_line(struct smtp_reply_parser *parser, struct smtp_reply *reply)
{
    const char *line = parser->line;
    size_t length = parser->line_length;
    parser->line_length = 0;
    if (length && line[length - 1] == '\r')
        length--;
    int code = line_code(line, length);
    if (code < 0)
        return bad(reply, "the relay's answer is no SMTP reply");
    if (code < 200 || code > 599)
        return bad(reply, "the relay answered with a code outside 200 to 599");
    if (parser->line_count && code != parser->reply.code)
        return bad(reply, "the relay changed the code within one reply");
    parser->reply.code = code;
    if (++parser->line_count > SMTP_REPLY_LINES_MAXIMUM)
        return bad(reply, "the relay's reply has too many lines");
    if (length > 4)
        take_text(parser, line + 4, length - 4);
    if (length > 3 && line[3] == '-')
        return SMTP_REPLY_MORE;
    *reply = parser->reply;
    smtp_reply_parser_init(parser);
    return SMTP_REPLY_READY;
}

enum smtp_reply_status smtp_reply_parser_feed(struct smtp_reply_parser *parser, const char *bytes,
                                              size_t length, size_t *used, struct smtp_reply *reply)
{
    *used = 0;
    while (*used < length) {
        const char *start = bytes + *used;
        size_t rest = length - *used;
        const char *end = memchr(start, '\n', rest);
        size_t count = end ? (size_t)(end - start) : rest;
        if (count > sizeof parser->line - parser->line_length)
            return bad(reply, "the relay sent a line that is too long");
        memcpy(parser->line + parser->line_length, start, count);
        parser->line_length += count;
        *used += count;
        if (!end)
            break;
        ++*used;
        enum smtp_reply_status status = take_line(parser, reply);
        if (status != SMTP_REPLY_MORE)
            return status;
    }
    return SMTP_REPLY_MORE;
}

void smtp_reply_set(struct smtp_reply *reply, int code, const char *enhanced, const char *text)
{
    *reply = (struct smtp_reply){ .code = code };
    (void)snprintf(reply->enhanced, sizeof reply->enhanced, "%.11s", enhanced);
    (void)append_clean(reply->text, 0, text, strlen(text));
}

bool smtp_reply_is_positive(const struct smtp_reply *reply)
{
    return reply->code / 100 == 2;
}

bool smtp_reply_is_transient(const struct smtp_reply *reply)
{
    return reply->code / 100 == 4;
}

bool smtp_reply_is_permanent(const struct smtp_reply *reply)
{
    return reply->code / 100 == 5;
}
