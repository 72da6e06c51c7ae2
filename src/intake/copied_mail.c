/* SPDX-License-Identifier: MIT */
#include "intake/copied_mail.h"

#include "base/arena.h"
#include "intake/reader.h"
#include "intake/text_line.h"
#include "locale/language_words.h"
#include "locale/unicode.h"

#include <string.h>

/* Limits: lines in a row that make the header of a mail; bytes of a field's name there. */
enum { MAIL_LINES_LEAST = 3, MAIL_FIELD_MAXIMUM = 40 };

/* Whether it is a line of a mail's header: "Fra: Mads Overby <…>". */
static bool is_mail_line(const struct intake_reading *reading, const char *line)
{
    size_t length = strcspn(line, ":");
    if (line[length] != ':' || length > MAIL_FIELD_MAXIMUM)
        return false;
    const char *folded = unicode_fold(reading->arena,
                                      arena_copy_bytes(reading->arena, line, length));
    return language_words_find(reading->words, WORD_GROUP_MAIL, NULL, folded, false) != NULL;
}

bool copied_mail_is(const struct intake_reading *reading, const struct text_lines *lines,
                    size_t first)
{
    size_t count = 0;
    while (first + count < lines->count && is_mail_line(reading, lines->lines[first + count].text))
        count++;
    return count >= MAIL_LINES_LEAST;
}
