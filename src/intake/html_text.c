/* SPDX-License-Identifier: MIT */
#include "intake/html_text.h"

#include "base/text.h"
#include "base/utf8.h"

#include <ctype.h>
#include <libxml/HTMLparser.h>
#include <string.h>
#include <strings.h>

enum { NAME_SIZE = 16 };

void html_text_init(struct html_text *html)
{
    html->hidden[0] = '\0';
}

bool html_text_is_hidden(const struct html_text *html)
{
    return html->hidden[0] != '\0';
}

static bool is_one_of(const char *name, const char *const *names)
{
    for (; *names; names++)
        if (strcmp(name, *names) == 0)
            return true;
    return false;
}

static bool hides_content(const char *name)
{
    static const char *const names[] = { "script",   "style",  "template", "iframe", "object",
                                         "noscript", "applet", "svg",      "math",   "title",
                                         "textarea", "select", "xmp",      NULL };
    return is_one_of(name, names);
}

static bool breaks_line(const char *name)
{
    static const char *const names[] = { "p",  "div", "br", "li", "tr", "h1", "h2",    "h3",
                                         "h4", "h5",  "h6", "ul", "ol", "hr", "table", NULL };
    return is_one_of(name, names);
}

/* The name of the tag whose "<" or "</" stands before bytes, in lower case. */
static void tag_name(const char *bytes, const char *end, char name[NAME_SIZE])
{
    size_t length = 0;
    while (bytes < end && isalnum((unsigned char)*bytes)) {
        if (length + 1 < NAME_SIZE)
            name[length++] = (char)tolower((unsigned char)*bytes);
        bytes++;
    }
    name[length] = '\0';
}

/* The end of a tag or comment that begins at bytes ("<"): behind its ">", quotes respected. */
static const char *tag_end(const char *bytes, const char *end)
{
    char quote = '\0';
    if (end - bytes >= 4 && memcmp(bytes, "<!--", 4) == 0) {
        const char *close = memmem(bytes + 4, (size_t)(end - bytes) - 4, "-->", 3);
        return close ? close + 3 : end;
    }
    for (; bytes < end; bytes++) {
        if (quote && *bytes == quote)
            quote = '\0';
        else if (!quote && (*bytes == '"' || *bytes == '\''))
            quote = *bytes;
        else if (!quote && *bytes == '>')
            return bytes + 1;
    }
    return end;
}

static bool begins_tag(const char *bytes, const char *end)
{
    return end - bytes >= 2 && (isalpha((unsigned char)bytes[1]) || strchr("/!?", bytes[1]));
}

static const char *append_tag(struct html_text *html, struct text *text, const char *bytes,
                              const char *end)
{
    char name[NAME_SIZE];
    bool closes = bytes[1] == '/';
    const char *behind = tag_end(bytes, end);
    tag_name(bytes + (closes ? 2 : 1), end, name);
    if (html->hidden[0]) {
        if (closes && strcmp(name, html->hidden) == 0)
            html->hidden[0] = '\0';
        else /* a "<" of a script may open nothing: look on right behind it */
            behind = bytes + 1;
        return behind;
    }
    bool is_empty = behind - bytes >= 2 && behind[-2] == '/';
    if (!closes && !is_empty && hides_content(name))
        memcpy(html->hidden, name, sizeof html->hidden);
    if (breaks_line(name))
        text_append_character(text, '\n');
    return behind;
}

void html_text_append(struct html_text *html, struct text *text, const char *bytes, size_t length)
{
    const char *end = bytes + length;
    while (bytes < end) {
        if (*bytes == '<' && begins_tag(bytes, end)) {
            bytes = append_tag(html, text, bytes, end);
            continue;
        }
        const char *semicolon = NULL;
        if (*bytes == '&')
            semicolon = memchr(bytes, ';', end - bytes < 32 ? (size_t)(end - bytes) : 32);
        size_t taken = semicolon ? (size_t)(semicolon - bytes) + 1 : 1;
        if (!html->hidden[0] && semicolon)
            html_text_append_entity(text, bytes, taken);
        else if (!html->hidden[0])
            text_append_bytes(text, bytes, taken);
        bytes += taken;
    }
}

static bool numeric(const char *digits, const char *end, uint32_t base, uint32_t *c)
{
    *c = 0;
    if (digits == end)
        return false;
    for (; digits < end; digits++) {
        uint32_t value = isdigit((unsigned char)*digits) ? (uint32_t)(*digits - '0')
                         : isxdigit((unsigned char)*digits) && base == 16
                             ? (uint32_t)(tolower(*digits) - 'a' + 10)
                             : base;
        if (value >= base)
            return false;
        *c = *c * base + value;
        if (*c > 0x10FFFF)
            return false;
    }
    return utf8_is_xml_character(*c);
}

size_t html_text_entity(const char *bytes, size_t length, uint32_t *character)
{
    if (length < 3 || bytes[0] != '&')
        return 0;
    const char *end = memchr(bytes, ';', length < 32 ? length : 32);
    if (!end || end < bytes + 2)
        return 0;
    if (bytes[1] == '#') {
        bool is_hex = bytes[2] == 'x' || bytes[2] == 'X';
        if (!numeric(bytes + (is_hex ? 3 : 2), end, is_hex ? 16 : 10, character))
            return 0;
    } else {
        xmlChar name[32] = { 0 };
        memcpy(name, bytes + 1, (size_t)(end - bytes) - 1);
        const htmlEntityDesc *entity = htmlEntityLookup(name);
        if (!entity)
            return 0;
        *character = entity->value;
    }
    return (size_t)(end - bytes) + 1;
}

void html_text_append_entity(struct text *text, const char *bytes, size_t length)
{
    uint32_t c;
    if (html_text_entity(bytes, length, &c) == length)
        utf8_append(text, c);
    else
        text_append_bytes(text, bytes, length);
}
