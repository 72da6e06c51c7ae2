/* SPDX-License-Identifier: MIT */
#include "rich_text/html_page.h"

#include "base/arena.h"
#include "rich_text/html_parts.h"

#include <string.h>

static void leave_out_text(struct html_page *page, const char *text)
{
    size_t length = strlen(text);
    size_t letters = builder_letters(text, length);
    if (!letters)
        return;
    builder_count(page->builder, text, length);
    builder_finding(page->builder, RICH_TEXT_FURNITURE, text);
    page->text->page_letters += letters;
}

/* Why an element around the content is left out. */
static enum html_left_out reason_around(struct html_page *page, const struct html_node *node)
{
    enum html_left_out reason = html_left_out(page, node);
    if (reason == HTML_KEPT)
        return HTML_IS_FURNITURE;
    return reason == HTML_IS_HIDDEN ? HTML_IS_MACHINERY : reason;
}

/* What is around the content is furniture; the way down to it has one child each that holds it. */
static void walk_page(struct html_page *page)
{
    static const struct html_state plain = { .size = HTML_SIZE_NORMAL };
    const struct html_node *node = page->top;
    while (node != page->content) {
        const struct html_node *inner = NULL;
        for (const struct html_node *child = node->first_child; child; child = child->next) {
            if (!inner && html_holds(child, page->content)) {
                inner = child;
                continue;
            }
            if (child->kind == HTML_TEXT)
                leave_out_text(page, child->text);
            if (child->kind == HTML_ELEMENT)
                html_leave_out(page, child, reason_around(page, child));
        }
        node = inner;
        if (!node)
            return;
    }
    struct html_state state = plain;
    html_apply_style(page, page->content, &state);
    html_walk_children(page, page->content, &state);
    html_end_paragraph(page);
}

static void set_fault(struct rich_text *text, enum rich_text_fault fault, const char *detail)
{
    text->fault = fault;
    text->detail = detail;
}

static const char *bound_name(enum html_bound bound)
{
    static const char *const names[] = { "", "bytes", "tags", "depth", "attributes", "fault" };
    return names[bound];
}

void html_page_read(struct arena *arena, const struct html_reader *html, const char *bytes,
                    size_t length, struct rich_text *text)
{
    struct html_page page = { .arena = arena, .text = text, .walk = html_walk_children };
    size_t taken_length;
    const char *taken = html_data_take(arena, bytes, length, &page.data, &taken_length);
    const struct html_document *document = html->read(arena, HTML_DOCUMENT, taken, taken_length);
    if (document->bound != HTML_BOUND_NONE) {
        bool is_fault = document->bound == HTML_BOUND_FAULT;
        set_fault(text, is_fault ? RICH_TEXT_FAULT_BROKEN : RICH_TEXT_FAULT_TOO_LARGE,
                  bound_name(document->bound));
        return;
    }
    page.top = document->root;
    page.builder = builder_new(arena, text);
    html_find_base(&page);
    html_find_content(&page);
    html_find_common_size(&page);
    html_take_fields(&page);
    walk_page(&page);
    if (!builder_finish(page.builder))
        set_fault(text, RICH_TEXT_FAULT_TOO_LARGE, text->detail);
}
