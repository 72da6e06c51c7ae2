/* SPDX-License-Identifier: MIT */
#include "mime/mime.h"

#include "base/arena.h"
#include "base/string_builder.h"
#include "base/utf8.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

/* A reader of HTML that need not be right, only safe and good enough for "what did the person
 * write": tags go, blocks become lines, quoted blocks get a mark. */
struct html_scan {
    struct string_builder text;
    bool is_thorough; /* a mark for each open blockquote, and the addresses of links */
    unsigned quotes;  /* open blockquotes */
    bool is_line_empty;
    bool wants_space;
};

enum { HTML_QUOTES_MAXIMUM = 100 };

static void new_line(struct html_scan *scan)
{
    if (!scan->is_line_empty)
        string_builder_append_character(&scan->text, '\n');
    scan->is_line_empty = true;
    scan->wants_space = false;
}

static void begin_word(struct html_scan *scan)
{
    if (scan->is_line_empty && scan->quotes) {
        for (unsigned i = 1; scan->is_thorough && i < scan->quotes; i++)
            string_builder_append_character(&scan->text, '>');
        string_builder_append(&scan->text, "> ");
    } else if (scan->wants_space && !scan->is_line_empty)
        string_builder_append_character(&scan->text, ' ');
    scan->is_line_empty = false;
    scan->wants_space = false;
}

/* ---- entities ---- */

static uint32_t entity_number(const char *digits)
{
    uint32_t value = 0;
    bool is_hex = *digits == 'x' || *digits == 'X';
    for (const char *c = digits + (is_hex ? 1 : 0); *c && *c != ';'; c++) {
        if (!(is_hex ? isxdigit((unsigned char)*c) : isdigit((unsigned char)*c)) ||
            value > 0x10FFFF)
            return 0;
        uint32_t digit = isdigit((unsigned char)*c)
                             ? (uint32_t)(*c - '0')
                             : (uint32_t)(tolower((unsigned char)*c) - 'a') + 10;
        value = value * (is_hex ? 16 : 10) + digit;
    }
    return value <= 0x10FFFF ? value : 0;
}

static uint32_t entity_value(const char *name)
{
    static const struct {
        const char *name;
        uint32_t value;
    } known[] = { { "amp", '&' },     { "lt", '<' },       { "gt", '>' },       { "quot", '"' },
                  { "apos", '\'' },   { "nbsp", ' ' },     { "aelig", 0xE6 },   { "AElig", 0xC6 },
                  { "oslash", 0xF8 }, { "Oslash", 0xD8 },  { "aring", 0xE5 },   { "Aring", 0xC5 },
                  { "auml", 0xE4 },   { "Auml", 0xC4 },    { "ouml", 0xF6 },    { "Ouml", 0xD6 },
                  { "uuml", 0xFC },   { "eacute", 0xE9 },  { "ndash", 0x2013 }, { "mdash", 0x2014 },
                  { "zwnj", 0x200C }, { "hellip", 0x2026 } };

    if (*name == '#')
        return entity_number(name + 1);
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (strcmp(name, known[i].name) == 0)
            return known[i].value;
    return 0;
}

static const char *read_entity(struct html_scan *scan, const char *at)
{
    char name[12];
    size_t length = strcspn(at + 1, "; <&");
    uint32_t value = 0;
    if (at[1 + length] == ';' && length < sizeof name) {
        memcpy(name, at + 1, length);
        name[length] = '\0';
        value = entity_value(name);
    }
    if (value == ' ' || value == 0xA0) {
        scan->wants_space = true;
        return at + length + 2;
    }
    begin_word(scan);
    if (value < ' ' || !utf8_is_xml_character(value)) {
        string_builder_append_character(&scan->text, '&');
        return at + 1;
    }
    utf8_append(&scan->text, value);
    return at + length + 2;
}

/* ---- tags ---- */

static bool name_is_one(const char *name, size_t length, const char *const *names)
{
    for (; *names; names++)
        if (strlen(*names) == length && strncasecmp(name, *names, length) == 0)
            return true;
    return false;
}

/* Behind the element's end tag; the end of the document where there is none. */
static const char *skip_element(const char *at, const char *name, size_t length)
{
    for (at = strstr(at, "</"); at; at = strstr(at + 2, "</"))
        if (strncasecmp(at + 2, name, length) == 0)
            return at;
    return NULL;
}

static const char *tag_end(const char *at)
{
    char quote = '\0';
    for (; *at; at++) {
        if (quote)
            quote = (char)(*at == quote ? '\0' : quote);
        else if (*at == '"' || *at == '\'')
            quote = *at;
        else if (*at == '>')
            return at + 1;
    }
    return at;
}

/* The address of a link to a page. Entities in it stay as they are: none of ours has any. */
static void write_address(struct html_scan *scan, const char *tag, const char *behind)
{
    const char *at = tag;
    while (at < behind && strncasecmp(at, "href=", 5) != 0)
        at++;
    if (at >= behind)
        return;
    at += 5;
    at += *at == '"' || *at == '\'';
    size_t length = strcspn(at, "\"'> \t\r\n");
    if (strncasecmp(at, "http", 4) != 0)
        return;
    scan->wants_space = true;
    begin_word(scan);
    string_builder_append_character(&scan->text, '<');
    string_builder_append_bytes(&scan->text, at, length);
    string_builder_append_character(&scan->text, '>');
    scan->wants_space = true;
}

static void count_quote(struct html_scan *scan, bool is_end)
{
    if (!is_end && scan->quotes < HTML_QUOTES_MAXIMUM)
        scan->quotes++;
    else if (is_end && scan->quotes)
        scan->quotes--;
}

static const char *read_tag(struct html_scan *scan, const char *at)
{
    static const char *const skipped[] = { "style", "script", "title", NULL };
    static const char *const blocks[] = { "p",          "div", "br",  "tr", "li", "table",
                                          "blockquote", "hr",  "h1",  "h2", "h3", "h4",
                                          "ul",         "ol",  "pre", NULL };
    static const char *const quote[] = { "blockquote", NULL };
    static const char *const link[] = { "a", NULL };
    if (strncmp(at, "<!--", 4) == 0) {
        const char *end = strstr(at + 4, "-->");
        return end ? end + 3 : at + strlen(at);
    }
    bool is_end = at[1] == '/';
    const char *name = at + (is_end ? 2 : 1);
    size_t length = strcspn(name, " \t\r\n/>");
    const char *behind = tag_end(name);
    if (!is_end && name_is_one(name, length, skipped)) {
        const char *end = skip_element(behind, name, length);
        return end ? tag_end(end) : at + strlen(at);
    }
    if (name_is_one(name, length, blocks))
        new_line(scan);
    if (scan->is_thorough && !is_end && name_is_one(name, length, link))
        write_address(scan, name, behind);
    if (name_is_one(name, length, quote))
        count_quote(scan, is_end);
    return behind;
}

static const char *write_text(struct arena *arena, const char *html, bool is_thorough)
{
    struct html_scan scan = { .is_line_empty = true, .is_thorough = is_thorough };
    string_builder_init(&scan.text, (size_t)2 * MIME_TEXT_MAXIMUM);
    for (const char *at = html; *at;) {
        if (*at == '<' && (isalpha((unsigned char)at[1]) || at[1] == '/' || at[1] == '!')) {
            at = read_tag(&scan, at);
        } else if (*at == '&') {
            at = read_entity(&scan, at);
        } else if (isspace((unsigned char)*at)) {
            scan.wants_space = true;
            at++;
        } else {
            begin_word(&scan);
            string_builder_append_character(&scan.text, *at++);
        }
    }
    /* Where it grew too long, it may end within a character. */
    struct string_builder clean;
    string_builder_init(&clean, scan.text.length + 1);
    utf8_append_clean(&clean, scan.text.data, scan.text.length);
    const char *result = arena_copy(arena, clean.data);
    string_builder_release(&clean);
    string_builder_release(&scan.text);
    return result;
}

const char *mime_html_text(struct arena *arena, const char *html)
{
    return write_text(arena, html, false);
}

const char *mime_html_links(struct arena *arena, const char *html)
{
    return write_text(arena, html, true);
}
