/* SPDX-License-Identifier: MIT */
/* What of a page is no text of it: furniture, what nobody sees, what was struck out. */
#include "rich_text/html_parts.h"

#include "base/arena.h"
#include "base/string_builder.h"
#include "base/words.h"

#include <string.h>
#include <strings.h>

enum {
    HEADING_WITHIN = 100,      /* elements of a header, among which its heading is looked for */
    MEASURED_MAXIMUM = 1000000 /* nodes: a page has some thousand, measured a dozen times */
};

/* ---- by name, role and class ---- */

static const char furniture_elements[] =
    "nav aside footer select textarea button datalist form input menuitem";
static const char furniture_roles[] =
    "navigation banner contentinfo complementary search form menu menubar toolbar dialog alertdialog";
static const char furniture_classes[] =
    "nav navbar navigation menu sidebar breadcrumb breadcrumbs footer site-footer page-footer "
    "site-header page-header cookie cookies cookie-banner cookie-consent cookieconsent share "
    "sharing share-buttons social social-share related related-news newsletter pagination "
    "skip-link skiplink toolbar advertisement comments comment-form";
static const char hidden_classes[] =
    "sr-only visually-hidden visuallyhidden screen-reader-text element-invisible";

static bool has_word(const char *value, const char *words)
{
    static const char space[] = " \t\r\n\f";
    while (value && *value) {
        const char *rest = words;
        const char *word;
        size_t length;
        value += strspn(value, space);
        size_t size = strcspn(value, space);
        while (size && words_next(&rest, &word, &length))
            if (length == size && strncasecmp(value, word, size) == 0)
                return true;
        value += size;
    }
    return false;
}

static bool is_furniture_by_class(const struct html_node *node)
{
    return node->attributes && (has_word(html_attribute_value(node, "class"), furniture_classes) ||
                                has_word(html_attribute_value(node, "id"), furniture_classes));
}

static bool has_heading(const struct html_node *node)
{
    int seen = 0;
    for (const struct html_node *inner = node; inner && seen < HEADING_WITHIN;
         inner = html_next(inner, node), seen++)
        if (html_heading_level(inner))
            return true;
    return false;
}

/* That of an article, with its title in it. */
static bool is_header_of_text(const struct html_node *node)
{
    return html_is_in(node, "article main") && has_heading(node);
}

bool html_is_furniture(const struct html_node *node)
{
    if (node->kind != HTML_ELEMENT)
        return false;
    if (html_is_any(node, "header footer") && html_is_in(node, "blockquote figure"))
        return false;
    if (html_is(node, "header"))
        return !is_header_of_text(node);
    return html_is_any(node, furniture_elements) ||
           has_word(html_attribute_value(node, "role"), furniture_roles) ||
           is_furniture_by_class(node);
}

/* ---- how much of the text it holds ---- */

static size_t measure_text(const char *text)
{
    size_t bytes = 0;
    for (; *text; text++)
        bytes += (unsigned char)*text > ' ';
    return bytes;
}

static size_t measure(struct html_page *page, const struct html_node *node, bool counts)
{
    size_t bytes = 0;
    page->has_measured_enough = ++page->measured > MEASURED_MAXIMUM;
    if (page->has_measured_enough)
        return 0;
    if (node->kind == HTML_TEXT)
        return counts ? measure_text(node->text) : 0;
    if (node->kind != HTML_ELEMENT || (node->traits & (HTML_HIDDEN | HTML_UNSEEN)))
        return 0;
    counts = counts || html_is_any(node, "p blockquote pre dd");
    for (const struct html_node *child = node->first_child; child; child = child->next)
        /* Many an old page stands in a form as a whole. */
        if (html_is(child, "form") || !html_is_furniture(child))
            bytes += measure(page, child, counts);
    return bytes;
}

size_t html_measure(struct html_page *page, const struct html_node *node)
{
    return measure(page, node, page->counts_all || html_is_any(node, "p blockquote pre dd"));
}

/* Whether it is around the text; what holds most of it is not, whatever it is called. */
static bool is_left_out_as_furniture(struct html_page *page, const struct html_node *node)
{
    if (page->is_simple)
        return html_is_any(node, "select textarea button datalist input");
    if (!html_is_furniture(node))
        return false;
    if (html_is_any(node, "nav aside footer header select textarea button datalist"))
        return true;
    size_t bytes = html_measure(page, node);
    return !page->has_measured_enough &&
           (2 * bytes < page->paragraph_bytes || !page->paragraph_bytes);
}

/* ---- reasons ---- */

/* What a page keeps for other programs, for scripts, or for those who hear it. */
static bool is_machinery(const struct html_node *node)
{
    return html_is_any(node, "noscript template") ||
           (html_is(node, "dialog") && !html_attribute_value(node, "open")) ||
           has_word(html_attribute_value(node, "class"), hidden_classes);
}

static bool is_comment(struct arena *arena, const struct html_node *node)
{
    return html_has_class(node, "MsoCommentReference") || html_has_class(node, "MsoCommentText") ||
           html_class_begins(node, "msocom") ||
           strncmp(html_style(arena, node, "mso-element"), "comment", 7) == 0;
}

static bool is_struck(struct arena *arena, const struct html_node *node)
{
    return html_is_any(node, "s strike") ||
           strstr(html_style(arena, node, "text-decoration"), "line-through") ||
           strstr(html_style(arena, node, "text-decoration-line"), "line-through");
}

static enum html_left_out reason_by_attributes(const struct html_page *page,
                                               const struct html_node *node)
{
    if (node->traits & HTML_UNSEEN)
        return HTML_IS_HIDDEN;
    if (is_machinery(node))
        return HTML_IS_MACHINERY;
    if (html_is(node, "del") || html_has_class(node, "msoDel"))
        return HTML_IS_DELETED;
    if (!node->attributes)
        return html_is_any(node, "s strike") ? HTML_IS_STRUCK : HTML_KEPT;
    if (is_struck(page->arena, node))
        return HTML_IS_STRUCK;
    return is_comment(page->arena, node) ? HTML_IS_COMMENT : HTML_KEPT;
}

enum html_left_out html_left_out(struct html_page *page, const struct html_node *node)
{
    if (node->kind != HTML_ELEMENT)
        return HTML_KEPT;
    if (html_is_never_text(node))
        return HTML_SKIPPED;
    enum html_left_out reason = reason_by_attributes(page, node);
    if (reason != HTML_KEPT)
        return reason;
    if (html_is_any(node, "iframe object applet embed video audio canvas"))
        return HTML_IS_EMBEDDED;
    if (html_is(node, "svg"))
        return HTML_IS_CHART;
    if (html_is(node, "math"))
        return HTML_IS_FORMULA;
    return is_left_out_as_furniture(page, node) ? HTML_IS_FURNITURE : HTML_KEPT;
}

/* ---- telling ---- */

struct leaving {
    struct string_builder shown;
    struct string_builder hidden;
};

static void collect(struct leaving *leaving, const struct html_node *node, bool is_unseen)
{
    struct string_builder *words = is_unseen ? &leaving->hidden : &leaving->shown;
    if (node->kind == HTML_TEXT)
        string_builder_append(words, node->text);
    if (node->kind != HTML_ELEMENT || html_is_never_text(node))
        return;
    is_unseen = is_unseen || (node->traits & HTML_UNSEEN) || is_machinery(node);
    words = is_unseen ? &leaving->hidden : &leaving->shown;
    bool parts = node->traits & (HTML_BLOCK | HTML_BREAK | HTML_CELL);
    if (parts)
        string_builder_append_character(words, ' ');
    for (const struct html_node *child = node->first_child; child; child = child->next)
        collect(leaving, child, is_unseen);
    if (parts)
        string_builder_append_character(words, ' ');
}

static void tell(struct html_page *page, enum rich_text_finding_kind kind,
                 const struct string_builder *words, bool is_shown)
{
    const char *bytes = words->length ? words->data : "";
    size_t letters = builder_letters(bytes, words->length);
    if (!letters)
        return;
    builder_count(page->builder, bytes, words->length);
    builder_finding(page->builder, kind, bytes);
    if (is_shown)
        page->text->page_letters += letters;
}

/* What is not text: its address or kind, and the letters that stand in its place. */
static void tell_embedded(struct html_page *page, const struct html_node *node,
                          const struct string_builder *words)
{
    static const char *const names[] = { "src", "data", "title" };
    const char *name = NULL;
    for (size_t i = 0; i < sizeof names / sizeof names[0] && !name; i++)
        name = html_attribute_value(node, names[i]);
    builder_finding(page->builder, RICH_TEXT_EMBEDDED, name && *name ? name : node->name);
    if (!words->length)
        return;
    builder_count(page->builder, words->data, words->length);
    builder_finding_letters(page->builder, RICH_TEXT_EMBEDDED, words->data, words->length);
}

void html_leave_out(struct html_page *page, const struct html_node *node, enum html_left_out reason)
{
    static const enum rich_text_finding_kind kinds[] = {
        [HTML_IS_FURNITURE] = RICH_TEXT_FURNITURE, [HTML_IS_MACHINERY] = RICH_TEXT_FURNITURE,
        [HTML_IS_HIDDEN] = RICH_TEXT_HIDDEN,       [HTML_IS_STRUCK] = RICH_TEXT_STRUCK,
        [HTML_IS_DELETED] = RICH_TEXT_DELETED,     [HTML_IS_COMMENT] = RICH_TEXT_COMMENT,
        [HTML_IS_EMBEDDED] = RICH_TEXT_EMBEDDED,   [HTML_IS_CHART] = RICH_TEXT_CHART,
        [HTML_IS_FORMULA] = RICH_TEXT_FORMULA,
    };

    struct leaving leaving;
    bool is_around = reason == HTML_IS_FURNITURE || reason == HTML_IS_MACHINERY;
    if (reason == HTML_KEPT || reason == HTML_SKIPPED)
        return;
    string_builder_init(&leaving.shown, 0);
    string_builder_init(&leaving.hidden, 0);
    collect(&leaving, node, reason == HTML_IS_HIDDEN || reason == HTML_IS_MACHINERY);
    if (reason == HTML_IS_EMBEDDED)
        tell_embedded(page, node, &leaving.shown);
    else
        tell(page, kinds[reason], &leaving.shown, reason != HTML_IS_COMMENT);
    /* A menu that is folded away is a menu. */
    tell(page, is_around ? RICH_TEXT_FURNITURE : RICH_TEXT_HIDDEN, &leaving.hidden, false);
    string_builder_release(&leaving.shown);
    string_builder_release(&leaving.hidden);
}
