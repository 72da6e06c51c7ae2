/* SPDX-License-Identifier: MIT */
#include "intake/header_reader.h"

#include "base/arena.h"
#include "base/utf8.h"
#include "intake/header_value.h"
#include "intake/reader.h"

#include <stdint.h>
#include <string.h>

/* A tab counts as two columns, which is what most people indent by. */
enum { TAB_COLUMNS = 2 };

void header_refuse(struct header_reader *reader, int line, enum intake_message_id id, const char *a,
                   const char *b, const char *c)
{
    intake_problem_add_three(reader->reading->problems, INTAKE_REFUSED, line, id, a, b, c);
}

void header_refuse_lines(struct header_reader *reader, int line, enum intake_message_id id,
                         const char *a)
{
    reader->reading->fields_unread = true;
    header_refuse(reader, line, id, a, NULL, NULL);
}

bool header_is_comment(const struct header_line *line)
{
    return line->length && line->text[0] == '#';
}

static void split_line(struct header_line *line, const char *bytes, size_t length, int number)
{
    size_t start = header_space_before(bytes, length);
    line->number = number;
    line->text = bytes + start;
    line->length = length - start;
    line->length -= header_space_behind(line->text, line->length);
    size_t offset = 0;
    uint32_t c;
    while (offset < start && utf8_next(bytes, start, &offset, &c))
        line->indent += c == '\t' ? TAB_COLUMNS : c == 0xFEFF || c == 0x200B ? 0 : 1;
}

bool header_split_lines(struct header_reader *reader, const char *bytes, size_t length, int number)
{
    size_t count = 1;
    for (size_t i = 0; i < length; i++)
        count += bytes[i] == '\n';
    if (count > HEADER_LINES_MAXIMUM)
        return false;
    reader->lines = arena_allocate_array(reader->reading->arena, count, sizeof *reader->lines);
    for (const char *at = bytes; at < reader->end; number++) {
        const char *end = memchr(at, '\n', (size_t)(reader->end - at));
        end = end ? end : reader->end;
        split_line(&reader->lines[reader->count++], at, (size_t)(end - at), number);
        at = end + 1;
    }
    return true;
}

struct header_line *header_peek(struct header_reader *reader)
{
    while (reader->next < reader->count && (reader->lines[reader->next].length == 0 ||
                                            header_is_comment(&reader->lines[reader->next])))
        reader->next++;
    return reader->next < reader->count ? &reader->lines[reader->next] : NULL;
}

void header_skip_deeper(struct header_reader *reader, int column)
{
    const struct header_line *line;
    while ((line = header_peek(reader)) && line->indent > column)
        reader->next++;
}

size_t header_item_mark(const struct header_line *line)
{
    static const char *const marks[] = { "-", "–", "—", "•", "*", NULL };
    for (const char *const *mark = marks; *mark; mark++) {
        size_t length = strlen(*mark);
        if (line->length < length || memcmp(line->text, *mark, length) != 0)
            continue;
        if (line->length == length)
            return length;
        size_t space = header_space_before(line->text + length, line->length - length);
        return space ? length + space : 0;
    }
    return 0;
}

void header_refuse_line(struct header_reader *reader, const struct header_line *line)
{
    header_refuse_lines(reader, line->number, INTAKE_MESSAGE_LINE_WRONG,
                        arena_copy_bytes(reader->reading->arena, line->text, line->length));
}

void header_drop_marks(struct header_reader *reader)
{
    const struct header_line *line = header_peek(reader);
    if (line && line->length == 3 && line->indent == 0 && memcmp(line->text, "---", 3) == 0)
        reader->next++;
    while (reader->count > reader->next) {
        line = &reader->lines[reader->count - 1];
        bool is_mark = line->length == 3 && line->indent == 0 &&
                       (memcmp(line->text, "---", 3) == 0 || memcmp(line->text, "...", 3) == 0);
        if (!is_mark && line->length && !header_is_comment(line))
            return;
        reader->count--;
    }
}
