/* SPDX-License-Identifier: MIT */
#include "list/lines.h"

#include "base/error.h"
#include "base/utf8.h"

#include <ctype.h>
#include <inttypes.h>
#include <string.h>

void list_lines_init(struct list_lines *lines, FILE *stream)
{
    lines->stream = stream;
    lines->input_at = 0;
    lines->input_length = 0;
    lines->number = 0;
    text_init(&lines->text, LIST_LINE_MAXIMUM);
}

void list_lines_release(struct list_lines *lines)
{
    text_release(&lines->text);
}

static bool input_fill(struct list_lines *lines)
{
    lines->input_at = 0;
    lines->input_length = fread(lines->input, 1, sizeof lines->input, lines->stream);
    return lines->input_length > 0;
}

/* Appends up to the line's end; false where the file ends first. */
static bool line_append(struct list_lines *lines)
{
    while (!text_overflowed(&lines->text) &&
           (lines->input_at < lines->input_length || input_fill(lines))) {
        const char *start = lines->input + lines->input_at;
        size_t left = lines->input_length - lines->input_at;
        const char *end = memchr(start, '\n', left);
        size_t length = end ? (size_t)(end - start) : left;
        text_append_bytes(&lines->text, start, length);
        lines->input_at += length + (end ? 1 : 0);
        if (end)
            return true;
    }
    return false;
}

static void line_convert(struct text *text)
{
    struct text converted;
    text_init(&converted, 4 * (size_t)LIST_LINE_MAXIMUM);
    utf8_append_windows1252(&converted, text->data, text->length);
    text_release(text);
    converted.maximum = LIST_LINE_MAXIMUM;
    *text = converted;
}

static char *line_trim(struct list_lines *lines)
{
    static const char mark[] = "\xEF\xBB\xBF";
    char *line = lines->text.data;
    if (lines->number == 1 && strncmp(line, mark, sizeof mark - 1) == 0)
        line += sizeof mark - 1;
    while (isspace((unsigned char)*line))
        line++;
    size_t length = strlen(line);
    while (length && isspace((unsigned char)line[length - 1]))
        line[--length] = '\0';
    return line;
}

enum list_result list_lines_next(struct list_lines *lines, const char **line, struct error *error)
{
    text_clear(&lines->text);
    bool is_ended = line_append(lines);
    if (ferror(lines->stream) || text_overflowed(&lines->text)) {
        (void)error_set(error, ferror(lines->stream) ? ERROR_SYSTEM : ERROR_INPUT,
                        ferror(lines->stream) ? "line %" PRId64 ": cannot be read"
                                              : "line %" PRId64 ": too long for an address",
                        lines->number + 1);
        return LIST_FAILED;
    }
    if (!is_ended && lines->text.length == 0)
        return LIST_END;
    lines->number++;
    text_append_bytes(&lines->text, "", 0);
    if (memchr(lines->text.data, '\0', lines->text.length)) {
        *line = "";
        (void)error_set(error, ERROR_INPUT, "a NUL character; remove it");
        return LIST_MALFORMED;
    }
    if (!utf8_is_valid(lines->text.data, lines->text.length))
        line_convert(&lines->text);
    *line = line_trim(lines);
    return LIST_RECORD;
}
