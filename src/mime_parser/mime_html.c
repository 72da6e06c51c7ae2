/* SPDX-License-Identifier: MIT */
/* What a person sees of a page: blocks are lines, quoted ones have a mark. */
#include "html/html.h"
#include "mime_parser/mime_part.h"

#include "base/arena.h"
#include "base/string_builder.h"
#include "base/utf8.h"

#include <string.h>
#include <strings.h>

struct html_scan {
    struct string_builder text;
    bool is_thorough; /* a mark for each open blockquote, and the addresses of links */
    unsigned quotes;  /* open blockquotes */
    bool is_line_empty;
    bool wants_space;
    bool hides_words; /* nobody sees them, and they are more than a page's own machinery */
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

/* White space, the no-break space too, which programs write for any other. */
static size_t space_length(const char *at)
{
    if (strncmp(at, "\xC2\xA0", 2) == 0)
        return 2;
    return *at == ' ' || *at == '\t' || *at == '\n';
}

static void write_words(struct html_scan *scan, const char *text)
{
    while (*text) {
        size_t length = space_length(text);
        if (length) {
            scan->wants_space = true;
            text += length;
            continue;
        }
        begin_word(scan);
        while (text[length] && !space_length(text + length))
            length++;
        string_builder_append_bytes(&scan->text, text, length);
        text += length;
    }
}

/* The address of a link to a page. */
static void write_address(struct html_scan *scan, const struct html_node *link)
{
    const char *address = html_attribute_value(link, "href");
    if (!address)
        return;
    address += strspn(address, " \t\n");
    if (strncasecmp(address, "http", 4) != 0)
        return;
    scan->wants_space = true;
    begin_word(scan);
    string_builder_append_character(&scan->text, '<');
    string_builder_append_bytes(&scan->text, address, strcspn(address, "\"'> \t\n"));
    string_builder_append_character(&scan->text, '>');
    scan->wants_space = true;
}

static bool is_quote(const struct html_node *node)
{
    return strcmp(node->name, "blockquote") == 0;
}

static bool has_words(const struct html_node *node)
{
    if (node->kind == HTML_TEXT)
        for (const char *at = node->text; *at; at += space_length(at))
            if (!space_length(at))
                return true;
    bool found = false;
    for (const struct html_node *child = node->first_child; child && !found; child = child->next)
        found = has_words(child);
    return found;
}

/* What every page has, and what was not swallowed because an end tag is missing. */
static bool is_machinery(const struct html_node *node)
{
    return node->is_closed &&
           (strcmp(node->name, "style") == 0 || strcmp(node->name, "script") == 0 ||
            strcmp(node->name, "title") == 0);
}

/* Whether what is in it is to be walked. */
static bool enter(struct html_scan *scan, const struct html_node *node)
{
    if (node->kind == HTML_TEXT)
        write_words(scan, node->text);
    if (node->kind != HTML_ELEMENT)
        return false;
    if (node->traits & (HTML_HIDDEN | HTML_UNSEEN)) {
        scan->hides_words = scan->hides_words || (!is_machinery(node) && has_words(node));
        return false;
    }
    if (node->traits & (HTML_BLOCK | HTML_BREAK))
        new_line(scan);
    if (node->traits & HTML_CELL)
        scan->wants_space = true;
    if (scan->is_thorough && strcmp(node->name, "a") == 0)
        write_address(scan, node);
    if (is_quote(node) && scan->quotes < HTML_QUOTES_MAXIMUM)
        scan->quotes++;
    return true;
}

static void leave(struct html_scan *scan, const struct html_node *node)
{
    if (node->traits & HTML_BLOCK)
        new_line(scan);
    if (node->traits & HTML_CELL)
        scan->wants_space = true;
    if (is_quote(node) && scan->quotes)
        scan->quotes--;
}

/* No deeper than the tree, which has a bound. */
static void walk(struct html_scan *scan, const struct html_node *node)
{
    if (!enter(scan, node))
        return;
    for (const struct html_node *child = node->first_child; child; child = child->next)
        walk(scan, child);
    leave(scan, node);
}

const char *mime_html_text(struct arena *arena, const struct html_document *page, bool is_thorough)
{
    struct html_scan scan = { .is_line_empty = true, .is_thorough = is_thorough };
    string_builder_init(&scan.text, (size_t)2 * MIME_TEXT_MAXIMUM);
    if (page->bound) {
        write_words(&scan, MIME_HTML_CUT);
        new_line(&scan);
    }
    walk(&scan, page->root);
    /* An answer without a word is a yes; this one has words. */
    if (!scan.text.length && scan.hides_words) {
        write_words(&scan, MIME_HTML_CUT);
        new_line(&scan);
    }
    /* Where it grew too long, it may end within a character. */
    struct string_builder clean;
    string_builder_init(&clean, scan.text.length + 1);
    utf8_append_clean(&clean, scan.text.data, scan.text.length);
    const char *result = arena_copy(arena, clean.length ? clean.data : "");
    string_builder_release(&clean);
    string_builder_release(&scan.text);
    return result;
}
