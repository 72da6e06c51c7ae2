/* SPDX-License-Identifier: MIT */
#include "list/lines.h"

#include "base/error.h"
#include "base/utf8.h"
#include "list/cell.h"

#include <inttypes.h>
#include <string.h>

void list_lines_init(struct list_lines *lines, FILE *stream)
{
    source_init(&lines->source, stream);
    lines->number = 0;
    string_builder_init(&lines->text, LIST_LINE_MAXIMUM);
}

void list_lines_release(struct list_lines *lines)
{
    string_builder_release(&lines->text);
}

/* Appends up to the line's end; false where the file ends first. */
static bool line_append(struct list_lines *lines)
{
    struct source *source = &lines->source;
    while (!string_builder_overflowed(&lines->text) && source_peek(source) != EOF) {
        const char *start = source->octets + source->at;
        size_t left = source->length - source->at;
        const char *end = memchr(start, '\n', left);
        size_t length = end ? (size_t)(end - start) : left;
        string_builder_append_bytes(&lines->text, start, length);
        source->at += length + (end ? 1 : 0);
        if (end)
            return true;
    }
    return false;
}

static void line_convert(struct string_builder *text)
{
    struct string_builder converted;
    string_builder_init(&converted, 4 * (size_t)LIST_LINE_MAXIMUM);
    utf8_append_windows1252(&converted, text->data, text->length);
    string_builder_release(text);
    converted.maximum = LIST_LINE_MAXIMUM;
    *text = converted;
}

/* Whether the file can be read on. */
static bool lines_check(const struct list_lines *lines, struct error *error)
{
    if (lines->source.kind == SOURCE_WORKBOOK)
        return error_set(error, ERROR_INPUT,
                         "this is a ZIP file or a spreadsheet's own" ERROR_ADVICE
                         "give the text that the program "
                         "wrote");
    if (ferror(lines->source.stream))
        return error_set_at(error, ERROR_SYSTEM, lines->number + 1, "cannot be read");
    return !string_builder_overflowed(&lines->text) ||
           error_set_at(error, ERROR_INPUT, lines->number + 1, "too long for an address");
}

enum list_result list_lines_next(struct list_lines *lines, const char **line, struct error *error)
{
    string_builder_clear(&lines->text);
    bool is_ended = line_append(lines);
    if (!lines_check(lines, error))
        return LIST_FAILED;
    if (!is_ended && lines->text.length == 0)
        return LIST_END;
    lines->number++;
    if (memchr(lines->text.data, '\0', lines->text.length)) {
        *line = "";
        (void)error_set(error, ERROR_INPUT, "a NUL character" ERROR_ADVICE "remove it");
        return LIST_MALFORMED;
    }
    if (!utf8_is_valid(lines->text.data, lines->text.length))
        line_convert(&lines->text);
    *line = cell_trim(lines->text.data);
    return LIST_RECORD;
}
