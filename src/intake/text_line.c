/* SPDX-License-Identifier: MIT */
#include "intake/text_line.h"

#include "base/arena.h"
#include "base/string_builder.h"
#include "base/utf8.h"
#include "intake/encoding.h"
#include "intake/hard_wrap.h"

#include <string.h>

bool text_line_begins(const char *line, const char *prefix)
{
    return strncmp(line, prefix, strlen(prefix)) == 0;
}

size_t text_line_words(const char *line)
{
    size_t count = 0;
    for (const char *c = line; *c; c++)
        count += *c != ' ' && (c == line || c[-1] == ' ');
    return count;
}

bool text_line_is_closed(const char *line)
{
    static const char *const wraps[] = { "”", "“", "’", "»", "«", "\"", "'", ")", "]", NULL };
    size_t length = strlen(line);
    for (const char *const *wrap = wraps; *wrap;) {
        size_t size = strlen(*wrap);
        bool ends = size < length && memcmp(line + length - size, *wrap, size) == 0;
        length -= ends ? size : 0;
        wrap = ends ? wraps : wrap + 1;
    }
    return length && (strchr(".!?", line[length - 1]) ||
                      (length >= 3 && memcmp(line + length - 3, "…", 3) == 0));
}

struct text_lines text_lines_split(struct arena *arena, const char *text, int first_number)
{
    struct text_lines result = { NULL, 0 };
    size_t count = 1;
    bool gap = false;
    for (const char *c = text; *c; c++)
        count += *c == '\n';
    result.lines = arena_allocate_array(arena, count, sizeof *result.lines);
    for (int number = first_number; *text; number++) {
        size_t length = strcspn(text, "\n");
        const char *folded = encoding_one_line(arena, text, length);
        if (*folded)
            result.lines[result.count++] = (struct text_line){
                .text = folded,
                .columns = utf8_length(folded),
                .number = number,
                .after_gap = gap,
            };
        gap = !*folded;
        text += length;
        text += *text == '\n';
    }
    return result;
}

/* The lines in the form that hard_wrap_find() takes, with empty ones for gaps; place[i] is where
 * line i stands among them. */
static struct hard_wrap_line *with_gaps(struct arena *arena, const struct text_lines *lines,
                                        size_t first, size_t *place, size_t *count)
{
    struct hard_wrap_line *all = arena_allocate_array(arena, 2 * lines->count + 1, sizeof *all);
    *count = 0;
    for (size_t i = first; i < lines->count; i++) {
        const char *text = lines->lines[i].text;
        if (lines->lines[i].after_gap && i > first)
            all[(*count)++] = (struct hard_wrap_line){ "", 0 };
        place[i] = *count;
        all[(*count)++] = (struct hard_wrap_line){ text, strlen(text) };
    }
    return all;
}

void text_lines_join(struct arena *arena, struct text_lines *lines, size_t first)
{
    size_t count;
    size_t kept = first;
    struct string_builder joined;
    size_t *place = arena_allocate_array(arena, lines->count + 1, sizeof *place);
    const struct hard_wrap_line *all = with_gaps(arena, lines, first, place, &count);
    bool *joins = arena_allocate_array(arena, count + 1, sizeof *joins);
    hard_wrap_find(arena, all, count, joins);
    string_builder_init(&joined, 0);
    for (size_t i = first; i < lines->count; i++) {
        struct text_line line = lines->lines[i];
        string_builder_clear(&joined);
        for (; i + 1 < lines->count && joins[place[i]]; i++) {
            const struct hard_wrap_line *broken = &all[place[i]];
            string_builder_append(&joined, lines->lines[i].text);
            if (!hard_wrap_is_hyphened(broken, broken + 1))
                string_builder_append_character(&joined, ' ');
            line.is_joined = true;
        }
        if (line.is_joined) {
            string_builder_append(&joined, lines->lines[i].text);
            line.text = arena_copy_bytes(arena, joined.data, joined.length);
            line.columns = utf8_length(line.text);
        }
        lines->lines[kept++] = line;
    }
    lines->count = kept > first ? kept : lines->count;
    string_builder_release(&joined);
}
