/* SPDX-License-Identifier: MIT */
#include "rich_text/builder_parts.h"

#include "base/arena.h"
#include "base/invisible.h"
#include "base/string_builder.h"
#include "base/utf8.h"
#include "locale/unicode.h"

#include <string.h>

/* Limits: characters, or bytes. */
enum { WORDS_MAXIMUM = 80, FIELD_BYTES_MAXIMUM = 4000, LINES_MAXIMUM = 4000 };

/* ---- letters ---- */

/* Vowels and ends of Hangul syllables, which form C joins to the letter before them. */
static bool is_joined(uint32_t c)
{
    return c >= 0x1160 && c <= 0x11ff;
}

size_t builder_letters(const char *bytes, size_t length)
{
    size_t letters = 0;
    size_t offset = 0;
    while (offset < length) {
        uint32_t c;
        if (!utf8_next(bytes, length, &offset, &c))
            offset++;
        else
            letters += unicode_is_alphanumeric(c) && utf8_is_xml_character(c) && !is_joined(c) &&
                       !invisible_is_left_out(0, c);
    }
    return letters;
}

void builder_count(struct builder *builder, const char *bytes, size_t length)
{
    builder->text->letters += builder_letters(bytes, length);
}

/* ---- lines ---- */

/* Words with one space between them. */
static void append_folded(struct string_builder *line, const char *bytes, size_t length)
{
    size_t offset = 0;
    bool gap = false;
    while (offset < length) {
        size_t start = offset;
        uint32_t c;
        if (!utf8_next(bytes, length, &offset, &c)) {
            offset = start + 1;
            continue;
        }
        bool is_control = c < 0x20 || (c >= 0x7f && c < 0xa0);
        if (utf8_is_space(c) || is_control) {
            gap = line->length > 0;
            continue;
        }
        if (!utf8_is_xml_character(c))
            continue;
        if (gap)
            string_builder_append_character(line, ' ');
        gap = false;
        string_builder_append_bytes(line, bytes + start, offset - start);
    }
}

const char *builder_line(struct builder *builder, const char *bytes, size_t length)
{
    struct string_builder seen;
    struct string_builder line;
    string_builder_init(&seen, 0);
    string_builder_init(&line, 0);
    invisible_append_others(&seen, bytes, length);
    append_folded(&line, seen.data, seen.length);
    const char *result = unicode_nfc(builder->arena, line.length ? line.data : "");
    string_builder_release(&seen);
    string_builder_release(&line);
    return result;
}

/* ---- findings ---- */

/* Whether its words are text of the file that is not in the body: not those that are, nor addresses
 * and names. */
static bool counts_words(enum rich_text_finding_kind kind)
{
    return kind != RICH_TEXT_INSERTED && kind != RICH_TEXT_EXTERNAL &&
           kind != RICH_TEXT_UNREADABLE && kind != RICH_TEXT_EMBEDDED && kind != RICH_TEXT_MACROS;
}

static struct rich_text_finding *finding_of(struct builder *builder,
                                            enum rich_text_finding_kind kind)
{
    struct rich_text_finding **end = &builder->text->findings;
    while (*end && (*end)->kind != kind)
        end = &(*end)->next;
    if (!*end) {
        *end = arena_allocate(builder->arena, sizeof **end);
        (*end)->kind = kind;
        (*end)->words = "";
    }
    return *end;
}

/* Whether somebody may say there until when a text waits: in what is shown or kept beside it, not
 * in what was taken back. */
static bool keeps_lines(enum rich_text_finding_kind kind)
{
    return kind == RICH_TEXT_PAGE_HEADER || kind == RICH_TEXT_FURNITURE || kind == RICH_TEXT_HIDDEN;
}

static void keep_lines(struct builder *builder, struct rich_text_finding *finding,
                       const char *words, size_t length)
{
    size_t kept = finding->lines ? strlen(finding->lines) : 0;
    if (!keeps_lines(finding->kind) || kept >= LINES_MAXIMUM)
        return;
    const char *line = builder_line(builder, words, utf8_first(words, length, LINES_MAXIMUM));
    finding->lines = arena_format(builder->arena, "%s%s%s", kept ? finding->lines : "",
                                  kept ? "\n" : "", line);
}

void builder_finding(struct builder *builder, enum rich_text_finding_kind kind, const char *words)
{
    struct rich_text_finding *finding = finding_of(builder, kind);
    size_t length = words ? strlen(words) : 0;
    finding->count++;
    if (counts_words(kind) && length)
        finding->letters += builder_letters(words, length);
    if (length)
        keep_lines(builder, finding, words, length);
    if (*finding->words || !length)
        return;
    /* What is longer is cut before it is folded: a text may be a book. */
    const char *line = builder_line(builder, words, utf8_first(words, length, 8 * WORDS_MAXIMUM));
    finding->words = arena_copy_bytes(builder->arena, line,
                                      utf8_first(line, strlen(line), WORDS_MAXIMUM));
}

void builder_finding_letters(struct builder *builder, enum rich_text_finding_kind kind,
                             const char *bytes, size_t length)
{
    size_t letters = builder_letters(bytes, length);
    if (letters)
        finding_of(builder, kind)->letters += letters;
}

/* ---- fields ---- */

void builder_field(struct builder *builder, enum rich_text_field_kind kind, const char *value)
{
    struct rich_text_field **end = &builder->text->fields;
    const char *line = builder_line(builder, value, utf8_fit(value, FIELD_BYTES_MAXIMUM));
    if (!*line)
        return;
    while (*end)
        end = &(*end)->next;
    *end = arena_allocate(builder->arena, sizeof **end);
    (*end)->kind = kind;
    (*end)->value = line;
}
