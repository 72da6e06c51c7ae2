/* SPDX-License-Identifier: MIT */
/* Bytes of any encoding: what comes of them is UTF-8 that can stand in a page, a mail and on a
 * terminal, or they are refused with one problem. */
#include "base/arena.h"
#include "base/invisible.h"
#include "base/utf8.h"
#include "intake/encoding.h"
#include "intake/problem.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static void check_characters(const char *text, size_t length)
{
    size_t offset = 0;
    uint32_t before = 0;
    uint32_t c;
    while (utf8_next(text, length, &offset, &c)) {
        if (!utf8_is_xml_character(c) || c == '\r' || (c >= 0x7F && c < 0xA0) ||
            invisible_is_direction(c) ||
            (c != 0x200C && c != 0x200D && invisible_is_left_out(before, c)))
            abort();
        before = c;
    }
    if (offset != length)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena = { 0 };
    struct intake_problem_list problems;
    const char *text = NULL;
    size_t length = 0;
    char *bytes = arena_copy_bytes(&arena, data, size);
    intake_problem_list_init(&problems, &arena, "x.md");
    bool good = encoding_decode(&arena, bytes, size, &problems, &text, &length);
    if (good != (problems.refused == 0) || (good && strlen(text) != length))
        abort();
    if (good) {
        check_characters(text, length);
        const char *line = encoding_one_line(&arena, text, length);
        check_characters(line, strlen(line));
        if (strchr(line, '\n'))
            abort();
    }
    arena_release(&arena);
    return 0;
}
