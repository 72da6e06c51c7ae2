/* SPDX-License-Identifier: MIT */
#include "rich_text/html_parts.h"

void html_begin_paragraph(struct html_page *page, const struct html_state *state)
{
    if (page->is_open)
        return;
    struct builder_paragraph paragraph = {
        .marks = state->marks,
        .outline = state->outline,
        .label = state->label,
        .is_quote = state->is_quote,
        .is_preformatted = state->is_preformatted,
        .is_caption = state->is_caption,
    };
    if (state->item && state->list) {
        paragraph.list_level = state->list->level;
        paragraph.list = state->list->identity;
        paragraph.is_ordered = state->item->is_ordered;
        paragraph.number = state->item->number;
        paragraph.continues_item = state->item->is_begun;
        paragraph.outline = 0;
    }
    page->is_open = true;
    page->item = state->item;
    page->nodes_before = page->builder->nodes;
    builder_begin_paragraph(page->builder, &paragraph);
}

void html_end_paragraph(struct html_page *page)
{
    if (!page->is_open)
        return;
    builder_end_paragraph(page->builder);
    page->is_open = false;
    page->strips_bullet = false;
    page->marker_end = NULL;
    /* What left nothing has not begun the item either. */
    if (page->item && page->builder->nodes > page->nodes_before)
        page->item->is_begun = true;
}
