/* SPDX-License-Identifier: MIT */
#include "intake/left_out.h"

#include "base/arena.h"
#include "base/utf8.h"
#include "intake/reader.h"
#include "locale/unicode.h"

#include <stdint.h>
#include <string.h>

enum { SHOWN = 60 }; /* how many bytes of what was left out are quoted */

size_t left_out_count(const char *bytes, size_t length)
{
    size_t count = 0;
    size_t offset = 0;
    uint32_t c;
    while (offset < length) {
        if (!utf8_next(bytes, length, &offset, &c))
            offset++;
        else
            count += unicode_is_alphanumeric(c);
    }
    return count;
}

void left_out_as_mark(struct intake_reading *reading, const char *bytes, size_t length)
{
    reading->problems->letters_left_out += left_out_count(bytes, length);
}

void left_out_cut(struct intake_reading *reading, const char *whole, const char *kept)
{
    reading->problems->letters_left_out += left_out_count(whole, strlen(whole)) -
                                           left_out_count(kept, strlen(kept));
}

/* The first words, cut at a space. */
static const char *beginning(struct arena *arena, const char *words)
{
    size_t length = strlen(words);
    if (length <= SHOWN)
        return words;
    length = SHOWN;
    while (length && words[length] != ' ')
        length--;
    if (!length)
        length = utf8_fit(words, SHOWN);
    return arena_format(arena, "%.*s …", (int)length, words);
}

void left_out_report(struct intake_reading *reading, enum intake_severity severity, int line,
                     enum intake_message_id id, const char *words, size_t lines)
{
    left_out_as_mark(reading, words, strlen(words));
    intake_problem_add(reading->problems, severity, line, id, beginning(reading->arena, words),
                       arena_format(reading->arena, "%zu", lines));
}
