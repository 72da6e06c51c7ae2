/* SPDX-License-Identifier: MIT */
/* Where words go: into the text, or into what is told of those that are left out. */
#include "rich_text/docx_walk.h"

static const char *link_here(const struct docx_walk *walk)
{
    if (walk->hyperlink || walk->field_count <= walk->field_base)
        return walk->hyperlink;
    return walk->fields[walk->field_count - 1].link;
}

void docx_begin_shown(struct docx_walk *walk)
{
    if (!walk->in_paragraph)
        docx_begin_implied(walk);
    const char *link = link_here(walk);
    if (link == walk->open_link)
        return;
    docx_end_link(walk);
    if (link)
        builder_begin_link(walk->file->builder, link);
    walk->open_link = link;
}

static void show(struct docx_walk *walk, const char *bytes, size_t length)
{
    bool blank = docx_is_blank(bytes, length);
    if (blank && !walk->in_paragraph)
        return;
    docx_begin_shown(walk);
    if (!blank) {
        walk->has_words = true;
        docx_end_left_out(walk);
        if (walk->is_inserted)
            docx_open_inserted(walk);
        else
            docx_end_inserted(walk);
    }
    if (walk->is_inserted && walk->inserted.is_open)
        string_builder_append_bytes(&walk->inserted.words, bytes, length);
    builder_text(walk->file->builder, bytes, length, walk->look);
}

void docx_words(struct docx_walk *walk, const char *bytes, size_t length)
{
    int out = docx_out(walk);
    if (!length)
        return;
    builder_count(walk->file->builder, bytes, length);
    if (out == DOCX_SHOWN || (out == RICH_TEXT_STRUCK && docx_is_blank(bytes, length)))
        show(walk, bytes, length);
    else
        docx_leave_out(walk, (enum rich_text_finding_kind)out, bytes, length);
}

void docx_break(struct docx_walk *walk)
{
    if (!docx_is_shown(walk)) {
        docx_leave_out(walk, walk->left_out.kind, " ", 1);
        return;
    }
    if (walk->in_paragraph)
        builder_break(walk->file->builder);
}

void docx_tab(struct docx_walk *walk)
{
    if (!docx_is_shown(walk)) {
        docx_leave_out(walk, walk->left_out.kind, " ", 1);
        return;
    }
    if (walk->in_paragraph)
        builder_tab(walk->file->builder);
}
