/* SPDX-License-Identifier: MIT */
/* Texts with a format of their own: Word, OpenDocument, HTML. */
#include "rich_text/rich_text.h"

#include "base/arena.h"
#include "intake/layout.h"
#include "intake/page_charset.h"
#include "intake/reader.h"

static void read_bytes(struct intake_reading *reading, enum rich_text_format format,
                       const char *bytes, size_t length)
{
    const struct intake_source *source = reading->source;
    if (!source->rich_text) { /* another process would have read it */
        intake_problem_add(reading->problems, INTAKE_REFUSED, 0, INTAKE_MESSAGE_READER_DIED, NULL,
                           NULL);
        reading->is_unreadable = true;
        return;
    }
    layout_take(reading,
                source->rich_text->read(reading->arena, format, source->html, bytes, length));
}

static void read_format(struct intake_reading *reading, enum rich_text_format format)
{
    read_bytes(reading, format, reading->source->bytes, reading->source->length);
}

void word_text_read(struct intake_reading *reading)
{
    read_format(reading, RICH_TEXT_DOCX);
}

void open_document_read(struct intake_reading *reading)
{
    read_format(reading, RICH_TEXT_ODT);
}

void web_page_read(struct intake_reading *reading)
{
    const struct intake_source *source = reading->source;
    size_t length;
    const char *page = page_charset_decode(reading->arena, source->bytes, source->length, &length);
    read_bytes(reading, RICH_TEXT_HTML, page, length);
}
