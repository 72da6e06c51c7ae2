/* SPDX-License-Identifier: MIT */
/* Where the text of a page is. */
#include "rich_text/html_parts.h"

#include <string.h>
#include <strings.h>

enum {
    MOST = 70,         /* percent of the paragraphs that the element is to hold */
    PARAGRAPHS = 30,   /* percent of all words that stand in paragraphs, where these count */
    CLIMB_MAXIMUM = 3, /* elements up, to a heading of the first level */
    CLIMB_GROWTH = 150 /* percent: what else may stand there */
};

/* ---- is it nothing but a text? ---- */

static bool has_furniture(const struct html_page *page)
{
    for (const struct html_node *node = page->top; node; node = html_next(node, page->top))
        if (html_is_any(node, "main article iframe") || html_is(node, "header") ||
            (html_is_furniture(node) &&
             !html_is_any(node, "select textarea button datalist input")))
            return true;
    return false;
}

/* ---- the one main or article element ---- */

static bool is_seen(const struct html_node *node)
{
    for (; node; node = node->parent)
        if ((node->traits & (HTML_UNSEEN | HTML_HIDDEN)) && !html_is_any(node, "html body"))
            return false;
    return true;
}

static bool is_main(const struct html_node *node)
{
    const char *role = html_attribute_value(node, "role");
    return html_is(node, "main") || (role && strcasecmp(role, "main") == 0);
}

static bool is_article(const struct html_node *node)
{
    return html_is(node, "article") && !html_is_in(node, "nav aside footer");
}

/* The only one below top; NULL where there are none or more. */
static const struct html_node *only(struct html_page *page, const struct html_node *top,
                                    bool (*is_wanted)(const struct html_node *node))
{
    const struct html_node *found = NULL;
    for (const struct html_node *node = html_next(top, top); node; node = html_next(node, top)) {
        if (!is_wanted(node) || !is_seen(node))
            continue;
        if (found)
            return NULL;
        found = node;
    }
    return found && html_measure(page, found) ? found : NULL;
}

static const struct html_node *find_marked(struct html_page *page)
{
    const struct html_node *main = only(page, page->top, is_main);
    const struct html_node *article = only(page, main ? main : page->top, is_article);
    if (!main)
        return article;
    return article && html_find(article, "h1") ? article : main;
}

/* ---- the element with the most paragraph text ---- */

static const struct html_node *largest_child(struct html_page *page, const struct html_node *node,
                                             size_t *bytes)
{
    const struct html_node *largest = NULL;
    *bytes = 0;
    for (const struct html_node *child = node->first_child; child; child = child->next) {
        if (child->kind != HTML_ELEMENT || html_is_any(child, "p blockquote pre dd ul ol dl") ||
            (html_is_furniture(child) && !html_is(child, "form")))
            continue;
        size_t size = html_measure(page, child);
        if (size > *bytes) {
            *bytes = size;
            largest = child;
        }
    }
    return largest;
}

static const struct html_node *find_largest(struct html_page *page, const struct html_node *body)
{
    const struct html_node *node = body;
    size_t bytes = html_measure(page, body);
    for (;;) {
        size_t size;
        const struct html_node *child = largest_child(page, node, &size);
        if (!child || 100 * size < MOST * bytes || !(child->traits & (HTML_BLOCK | HTML_CELL)))
            return node;
        node = child;
        bytes = size;
    }
}

/* The heading of the page often stands before the element that has the paragraphs. */
static const struct html_node *climb_to_heading(struct html_page *page,
                                                const struct html_node *node)
{
    const struct html_node *up = node;
    bool counts_all = page->counts_all;
    if (html_find(node, "h1"))
        return node;
    page->counts_all = true;
    size_t least = html_measure(page, node);
    for (int i = 0; i < CLIMB_MAXIMUM && up->parent && !html_is(up, "body"); i++) {
        up = up->parent;
        const struct html_node *heading = html_find(up, "h1");
        if (!heading || html_is_in(heading, "nav aside footer header"))
            continue;
        if (100 * html_measure(page, up) <= CLIMB_GROWTH * least)
            node = up;
        break;
    }
    page->counts_all = counts_all;
    return node;
}

void html_find_content(struct html_page *page)
{
    const struct html_node *body = html_find(page->top, "body");
    body = body ? body : page->top;
    page->counts_all = true;
    size_t all = html_measure(page, body);
    page->counts_all = false;
    page->counts_all = 100 * html_measure(page, body) < PARAGRAPHS * all;
    page->paragraph_bytes = html_measure(page, body);
    page->content = body;
    page->is_simple = !has_furniture(page);
    if (page->is_simple)
        return;
    const struct html_node *marked = find_marked(page);
    page->content = marked ? marked : climb_to_heading(page, find_largest(page, body));
}
