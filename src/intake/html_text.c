/* SPDX-License-Identifier: MIT */
#include "intake/html_text.h"

#include "base/string_builder.h"
#include "base/utf8.h"

#include <cmark-gfm/houdini.h>
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { NAME_SIZE = 16, ENTITY_MAXIMUM = 34 };

void html_text_reset(struct html_text *html)
{
    html->hidden[0] = '\0';
    html->unclosed = 0;
    html->rest = NULL;
    html->rest_length = 0;
}

bool html_text_is_hidden(const struct html_text *html)
{
    return html->hidden[0] != '\0';
}

/* The place of a name in a list; -1 where it is not there. */
static int place_of(const char *name, const char *const *names)
{
    for (int i = 0; names[i]; i++)
        if (strcmp(name, names[i]) == 0)
            return i;
    return -1;
}

static int hidden_place(const char *name)
{
    static const char *const names[] = { "script",   "style",  "template", "iframe", "object",
                                         "noscript", "applet", "svg",      "math",   "title",
                                         "textarea", "select", "xmp",      NULL };
    return place_of(name, names);
}

/* What a tag puts between the words on both sides; NUL: nothing. */
static char parting_of(const char *name)
{
    static const char *const blocks[] = {
        "p",       "div",    "li",         "tr",    "h1",   "h2",       "h3",      "h4",
        "h5",      "h6",     "ul",         "ol",    "hr",   "table",    "section", "article",
        "header",  "footer", "blockquote", "pre",   "dl",   "dt",       "dd",      "figure",
        "address", "aside",  "figcaption", "thead", "form", "fieldset", "main",    "nav",
        "caption", "center", "details",    "tbody", "body", "summary",  NULL
    };
    static const char *const cells[] = { "td", "th", "option", "button", NULL };
    if (strcmp(name, "br") == 0)
        return HTML_TEXT_BREAK;
    if (place_of(name, blocks) >= 0)
        return HTML_TEXT_BLOCK;
    return place_of(name, cells) >= 0 ? ' ' : '\0';
}

static int compare_names(const void *a, const void *b)
{
    const char *const *name = b;
    return strcmp(a, *name);
}

/* The elements of HTML, obsolete ones included, sorted for the binary search. */
static bool is_element(const char *name)
{
    static const char *const names[] = {
        "a",        "abbr",     "acronym",    "address",  "applet",   "area",     "article",
        "aside",    "audio",    "b",          "base",     "basefont", "bdi",      "bdo",
        "big",      "blink",    "blockquote", "body",     "br",       "button",   "canvas",
        "caption",  "center",   "cite",       "code",     "col",      "colgroup", "data",
        "datalist", "dd",       "del",        "details",  "dfn",      "dialog",   "dir",
        "div",      "dl",       "dt",         "em",       "embed",    "fieldset", "figcaption",
        "figure",   "font",     "footer",     "form",     "frame",    "frameset", "h1",
        "h2",       "h3",       "h4",         "h5",       "h6",       "head",     "header",
        "hgroup",   "hr",       "html",       "i",        "iframe",   "img",      "input",
        "ins",      "kbd",      "label",      "legend",   "li",       "link",     "main",
        "map",      "mark",     "marquee",    "math",     "menu",     "meta",     "meter",
        "nav",      "nobr",     "noframes",   "noscript", "object",   "ol",       "optgroup",
        "option",   "output",   "p",          "param",    "picture",  "pre",      "progress",
        "q",        "rp",       "rt",         "ruby",     "s",        "samp",     "script",
        "section",  "select",   "small",      "source",   "span",     "strike",   "strong",
        "style",    "sub",      "summary",    "sup",      "svg",      "table",    "tbody",
        "td",       "template", "textarea",   "tfoot",    "th",       "thead",    "time",
        "title",    "tr",       "track",      "tt",       "u",        "ul",       "var",
        "video",    "wbr",      "xml",        "xmp",
    };
    return bsearch(name, names, sizeof names / sizeof names[0], sizeof names[0], compare_names);
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

/* Bits of html_text.unclosed beside those of the elements. */
#define NO_COMMENT_ENDS (1U << 30)
#define NO_TAG_ENDS (1U << 31)

/* The end of the first ">" outside quotes; NULL: there is none. */
static const char *quoted_tag_end(const char *bytes, const char *end)
{
    char quote = '\0';
    for (; bytes < end; bytes++) {
        if (quote && *bytes == quote)
            quote = '\0';
        else if (!quote && (*bytes == '"' || *bytes == '\''))
            quote = *bytes;
        else if (!quote && *bytes == '>')
            return bytes + 1;
    }
    return NULL;
}

/* The end of a tag or comment that begins at bytes ("<"). NULL where it does not end: then the "<"
 * and what follows are words. */
static const char *tag_end(struct html_text *html, const char *bytes, const char *end)
{
    const char *found = NULL;
    if (end - bytes >= 4 && memcmp(bytes, "<!--", 4) == 0) {
        if (!(html->unclosed & NO_COMMENT_ENDS))
            found = memmem(bytes + 4, (size_t)(end - bytes) - 4, "-->", 3);
        if (!found)
            html->unclosed |= NO_COMMENT_ENDS;
        return found ? found + 3 : NULL;
    }
    if (html->unclosed & NO_TAG_ENDS)
        return NULL;
    found = quoted_tag_end(bytes, end);
    if (!found) { /* a quote is never closed, so quotes are ignored */
        found = memchr(bytes, '>', (size_t)(end - bytes));
        found = found ? found + 1 : NULL;
    }
    if (!found)
        html->unclosed |= NO_TAG_ENDS;
    return found;
}

static bool begins_tag(const char *bytes, const char *end)
{
    return end - bytes >= 2 && (isalpha((unsigned char)bytes[1]) || strchr("/!?", bytes[1]));
}

/* ---- what is lost ---- */

static void lose(const struct html_text *html, enum html_text_loss loss, const char *bytes,
                 size_t length)
{
    if (!html->lose)
        return;
    struct string_builder what;
    string_builder_init(&what, length + 1);
    string_builder_append_bytes(&what, bytes, length);
    html->lose(html->payload, loss, what.data ? what.data : "");
    string_builder_release(&what);
}

/* The value of an attribute of the tag from bytes to end; NULL: it has none. */
static const char *attribute(const char *bytes, const char *end, const char *name, size_t *length)
{
    size_t name_length = strlen(name);
    for (const char *c = bytes + 1; c + name_length < end; c++) {
        if (!strchr(" \t\n\"'/", c[-1]) || strncasecmp(c, name, name_length) != 0)
            continue;
        const char *value = c + name_length;
        while (value < end && strchr(" \t\n", *value))
            value++;
        if (value >= end || *value != '=')
            continue;
        value++;
        while (value < end && strchr(" \t\n", *value))
            value++;
        char quote = value < end && strchr("\"'", *value) ? *value++ : '\0';
        *length = 0;
        while (value + *length < end &&
               (quote ? value[*length] != quote : !strchr(" \t\n>", value[*length])))
            ++*length;
        return value;
    }
    return NULL;
}

static void report_tag(const struct html_text *html, const char *name, const char *bytes,
                       const char *end)
{
    bool is_link = strcmp(name, "a") == 0;
    size_t length = 0;
    const char *value = NULL;
    if (is_link || strcmp(name, "img") == 0)
        value = attribute(bytes, end, is_link ? "href" : "src", &length);
    if (value && length)
        lose(html, is_link ? HTML_TEXT_LINK : HTML_TEXT_PICTURE, value, length);
    else if (strcmp(name, "br") != 0)
        lose(html, HTML_TEXT_TAG, name, strlen(name));
}

/* ---- hidden elements ---- */

static bool has_close(const char *bytes, size_t length, const char *name)
{
    size_t name_length = strlen(name);
    if (!length)
        return false;
    const char *end = bytes + length;
    while ((bytes = memmem(bytes, (size_t)(end - bytes), "</", 2))) {
        bytes += 2;
        if ((size_t)(end - bytes) >= name_length && strncasecmp(bytes, name, name_length) == 0)
            return true;
    }
    return false;
}

/* Hides what follows if the element ends at all: an unclosed "<title>" would swallow the rest of
 * the text. */
static void hide(struct html_text *html, const char *name, const char *behind, const char *end)
{
    int place = hidden_place(name);
    if (place < 0 || (html->unclosed & (1U << place)))
        return;
    if (!has_close(behind, (size_t)(end - behind), name) &&
        !has_close(html->rest, html->rest_length, name)) {
        html->unclosed |= 1U << place;
        return;
    }
    memcpy(html->hidden, name, strlen(name) + 1);
    lose(html, HTML_TEXT_HIDDEN, name, strlen(name));
}

/* Whether a tag is really a word in angle brackets ("<navn>"): it is no element of HTML and has
 * nothing that only markup has, such as attributes or the marks of "<o:p>" and "<!doctype>". */
static bool is_words(const char *name, const char *bytes, const char *behind)
{
    return *name && !is_element(name) && !memchr(bytes, '=', (size_t)(behind - bytes)) &&
           !memchr(bytes, ':', (size_t)(behind - bytes)) &&
           !memchr(bytes, '-', (size_t)(behind - bytes));
}

/* Returns what is behind the tag; bytes where it is none. */
static const char *append_tag(struct html_text *html, struct string_builder *text,
                              const char *bytes, const char *end)
{
    char name[NAME_SIZE];
    bool closes = bytes[1] == '/';
    const char *behind = tag_end(html, bytes, end);
    if (!behind)
        return bytes;
    tag_name(bytes + (closes ? 2 : 1), end, name);
    if (html->hidden[0]) {
        if (closes && strcmp(name, html->hidden) == 0)
            html->hidden[0] = '\0';
        else /* a "<" within a script need not open a tag: continue right behind it */
            behind = bytes + 1;
        return behind;
    }
    if (!closes && is_words(name, bytes, behind))
        return bytes;
    if (!closes || !is_element(name))
        report_tag(html, name, bytes, behind);
    if (!closes && behind[-2] != '/')
        hide(html, name, behind, end);
    char parting = parting_of(name);
    if (parting)
        string_builder_append_character(text, parting);
    return behind;
}

void html_text_append(struct html_text *html, struct string_builder *text, const char *bytes,
                      size_t length)
{
    const char *end = bytes + length;
    while (bytes < end) {
        if (*bytes == '<' && begins_tag(bytes, end)) {
            const char *behind = append_tag(html, text, bytes, end);
            if (behind > bytes) {
                bytes = behind;
                continue;
            }
        }
        size_t taken = 0;
        if (!html->hidden[0] && *bytes == '&')
            taken = html_text_append_entity(text, bytes, (size_t)(end - bytes));
        if (!html->hidden[0] && !taken)
            string_builder_append_character(text, *bytes == '\n' ? HTML_TEXT_BREAK : *bytes);
        bytes += taken ? taken : 1;
    }
}

/* ---- entities ---- */

size_t html_text_append_entity(struct string_builder *text, const char *bytes, size_t length)
{
    size_t maximum = length < ENTITY_MAXIMUM ? length : ENTITY_MAXIMUM;
    if (maximum < 3 || bytes[0] != '&' || !memchr(bytes, ';', maximum))
        return 0;
    cmark_strbuf characters;
    cmark_strbuf_init(cmark_get_default_mem_allocator(), &characters, 0);
    int taken = houdini_unescape_ent(&characters, (const uint8_t *)bytes + 1, (int)maximum - 1);
    if (taken > 0)
        utf8_append_clean(text, (const char *)characters.ptr, (size_t)characters.size);
    cmark_strbuf_free(&characters);
    return taken > 0 ? (size_t)taken + 1 : 0;
}

size_t html_text_entity(const char *bytes, size_t length, uint32_t *character)
{
    struct string_builder text;
    size_t offset = 0;
    string_builder_init(&text, 0);
    size_t taken = html_text_append_entity(&text, bytes, length);
    if (taken && !utf8_next(text.data, text.length, &offset, character))
        *character = ' '; /* a character that no text may hold */
    string_builder_release(&text);
    return taken;
}
