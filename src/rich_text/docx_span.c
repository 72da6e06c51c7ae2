/* SPDX-License-Identifier: MIT */
/* What is told of words that are left out, or came by a change. */
#include "rich_text/docx_walk.h"

#include <string.h>

static void end_span(struct docx_walk *walk, struct docx_span *span)
{
    if (!span->is_open)
        return;
    span->is_open = false;
    builder_finding(walk->file->builder, span->kind, span->words.length ? span->words.data : NULL);
    string_builder_clear(&span->words);
}

void docx_end_left_out(struct docx_walk *walk)
{
    end_span(walk, &walk->left_out);
}

void docx_end_inserted(struct docx_walk *walk)
{
    end_span(walk, &walk->inserted);
}

void docx_end_spans(struct docx_walk *walk)
{
    end_span(walk, &walk->left_out);
    end_span(walk, &walk->inserted);
}

void docx_open_left_out(struct docx_walk *walk, enum rich_text_finding_kind kind)
{
    if (walk->left_out.is_open && walk->left_out.kind != kind)
        docx_end_left_out(walk);
    walk->left_out.is_open = true;
    walk->left_out.kind = kind;
}

void docx_open_inserted(struct docx_walk *walk)
{
    walk->inserted.is_open = true;
    walk->inserted.kind = RICH_TEXT_INSERTED;
}

bool docx_is_blank(const char *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (!bytes[i] || !strchr(" \t\r\n", bytes[i]))
            return false;
    return true;
}

/* White space alone is nothing that somebody would miss. */
void docx_leave_out(struct docx_walk *walk, enum rich_text_finding_kind kind, const char *bytes,
                    size_t length)
{
    if (!length)
        return;
    if (!docx_is_blank(bytes, length))
        docx_open_left_out(walk, kind);
    if (walk->left_out.is_open)
        string_builder_append_bytes(&walk->left_out.words, bytes, length);
}

int docx_out(const struct docx_walk *walk)
{
    if (walk->out == DOCX_SHOWN && walk->instruction_count)
        return RICH_TEXT_FIELD_CODE;
    return walk->out;
}

/* A picture, a break or a mark of a note is not struck through by the line through its run. */
bool docx_is_shown(const struct docx_walk *walk)
{
    int out = docx_out(walk);
    return out == DOCX_SHOWN || out == RICH_TEXT_STRUCK;
}
