/* SPDX-License-Identifier: MIT */
#include "mail/attachment.h"

#include "mail/mail.h"

#include "base/base64.h"
#include "base/string_builder.h"
#include "base/utf8.h"

#include <ctype.h>
#include <string.h>

enum { LINE_OCTETS_MAXIMUM = 998 /* RFC 5322 section 2.1.1 */ };

/* How many octets the line at bytes has without its end; *taken: with it. */
static size_t line_length(const char *bytes, size_t length, size_t *taken)
{
    const char *end = memchr(bytes, '\n', length);
    size_t line = end ? (size_t)(end - bytes) : length;
    *taken = line + (end != NULL);
    return end && line && bytes[line - 1] == '\r' ? line - 1 : line;
}

bool attachment_is_plain(const char *bytes, size_t length)
{
    for (size_t at = 0, taken; at < length; at += taken) {
        const char *line = bytes + at;
        size_t octets = line_length(line, length - at, &taken);
        if (octets > LINE_OCTETS_MAXIMUM || memchr(line, '\0', octets) ||
            memchr(line, '\r', octets))
            return false;
    }
    return true;
}

void attachment_append_lines(struct string_builder *out, const char *bytes, size_t length)
{
    for (size_t at = 0, taken; at < length; at += taken) {
        size_t line = line_length(bytes + at, length - at, &taken);
        if (bytes[at] == '.')
            string_builder_append_character(out, '.');
        string_builder_append_bytes(out, bytes + at, line);
        /* A last line without an end is given none: the one before the boundary is its end. */
        if (bytes[at + taken - 1] == '\n')
            string_builder_append(out, "\r\n");
    }
}

void attachment_append_base64(struct string_builder *out, const char *bytes, size_t length)
{
    enum { OCTETS_A_LINE = 57 };

    for (size_t at = 0; at < length; at += OCTETS_A_LINE) {
        size_t left = length - at;
        if (at)
            string_builder_append(out, "\r\n");
        base64_append(out, bytes + at, left < OCTETS_A_LINE ? left : OCTETS_A_LINE);
    }
}

/* ---- fields ---- */

/* RFC 5987 section 3.2.1, of which RFC 2231 takes all. */
static bool is_attribute_character(unsigned char byte)
{
    return byte < 0x80 && (isalnum(byte) || (byte && strchr("!#$&+-.^_`|~", byte)));
}

static bool is_quotable(const char *name)
{
    for (; *name; name++)
        if (*name < ' ' || *name > '~' || *name == '"' || *name == '\\')
            return false;
    return true;
}

/* A name with letters beyond ASCII, as RFC 2231 has it: encoded words may not stand in a
 * parameter. */
static void append_file_name(struct string_builder *out, const char *name)
{
    if (is_quotable(name)) {
        string_builder_append_format(out, ";\r\n filename=\"%s\"", name);
        return;
    }
    string_builder_append(out, ";\r\n filename*=UTF-8''");
    for (; *name; name++) {
        if (is_attribute_character((unsigned char)*name))
            string_builder_append_character(out, *name);
        else
            string_builder_append_format(out, "%%%02X", (unsigned)(unsigned char)*name);
    }
}

/* A message inside a message has no encoding (RFC 2046 section 5.2.1), so that one which needs it
 * is a file. */
static bool is_message(const struct mail_attachment *attachment)
{
    return strcmp(attachment->media_type, "message/rfc822") == 0 &&
           utf8_is_ascii(attachment->bytes, attachment->length) &&
           attachment_is_plain(attachment->bytes, attachment->length);
}

void attachment_append(struct string_builder *out, const struct mail_attachment *attachment)
{
    bool is_whole = is_message(attachment);
    bool is_broken = !is_whole && strcmp(attachment->media_type, "message/rfc822") == 0;
    string_builder_append_format(out, "Content-Type: %s\r\nContent-Disposition: attachment",
                                 is_broken ? "application/octet-stream" : attachment->media_type);
    append_file_name(out, attachment->name);
    string_builder_append_format(out, "\r\nContent-Transfer-Encoding: %s\r\n\r\n",
                                 is_whole ? "7bit" : "base64");
    if (is_whole)
        attachment_append_lines(out, attachment->bytes, attachment->length);
    else
        attachment_append_base64(out, attachment->bytes, attachment->length);
}
