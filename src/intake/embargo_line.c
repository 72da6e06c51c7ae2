/* SPDX-License-Identifier: MIT */
/* Lines made ready for the search of an embargo in words. What a person would read as an embargo
 * must be found, so markup, invisible characters, other shapes of letters and gaps between letters
 * are taken away. */
#include "base/arena.h"
#include "base/string_builder.h"
#include "base/utf8.h"
#include "intake/embargo_phrase.h"
#include "locale/language_words.h"
#include "locale/unicode.h"

#include <ctype.h>
#include <stdint.h>
#include <string.h>

/* Limits: of a longer line only the first and last LINE_PART bytes are searched; how many letters
 * must stand apart to be a word, to continue one, and to be split in two. */
enum { LINE_PART = 4096, APART_LEAST = 4, APART_NEXT = 2, SPLIT_LEAST = 5 };

struct joiner {
    const struct language_words *words;
    struct string_builder *text;
    bool has_joined; /* the word before was spaced out, so a shorter one may be as well */
};

static bool is_invisible(uint32_t c)
{
    return c == 0xAD || c == 0x61C || c == 0x34F || (c >= 0x200B && c <= 0x200F) ||
           (c >= 0x202A && c <= 0x202E) || (c >= 0x2060 && c <= 0x206F) || c == 0xFEFF ||
           (c >= 0xFE00 && c <= 0xFE0F) || (c >= 0xE0000 && c <= 0xE0FFF);
}

/* Letters with a compatible plain form: full width, mathematical, circled, letterlike. */
static bool has_plain_form(uint32_t c)
{
    return (c >= 0xFF00 && c < 0xFFF0) || (c >= 0x1D400 && c < 0x1D800) ||
           (c >= 0x2460 && c < 0x2500) || (c >= 0x2100 && c < 0x2150) ||
           (c >= 0x1F100 && c < 0x1F200);
}

/* Appends a part; true where one of its letters has a plain form. */
static bool append_part(struct string_builder *text, const char *bytes, size_t length)
{
    size_t offset = 0;
    bool has_forms = false;
    while (offset < length) {
        size_t start = offset;
        uint32_t c;
        if (!utf8_next(bytes, length, &offset, &c))
            offset = start + 1; /* the line was cut within this character */
        else if (!is_invisible(c))
            string_builder_append_bytes(text, bytes + start, offset - start);
        has_forms = has_forms || has_plain_form(c);
    }
    return has_forms;
}

/* "<p>", "</b>", "<!--", "-->": how long the tag is; 0: it is none. */
static size_t tag_length(const char *bytes)
{
    enum { TAG_MAXIMUM = 300 };

    if (strncmp(bytes, "<!--", 4) == 0)
        return 4;
    if (strncmp(bytes, "-->", 3) == 0)
        return 3;
    if (*bytes != '<' || !(isalpha((unsigned char)bytes[1]) || bytes[1] == '/'))
        return 0;
    size_t length = strnlen(bytes, TAG_MAXIMUM);
    const char *end = memchr(bytes, '>', length);
    return end ? (size_t)(end - bytes) + 1 : 0;
}

/* Appends a raw line with its markup replaced: marks of bold runs by ours, other tags by nothing.
 * */
static void append_markup(struct string_builder *text, const char *bytes)
{
    bool is_bold = false;
    while (*bytes) {
        size_t tag = tag_length(bytes);
        bool is_mark = strncmp(bytes, "**", 2) == 0 || strncmp(bytes, "__", 2) == 0;
        if (tag) {
            string_builder_append(text, " ");
        } else if (is_mark) {
            is_bold = !is_bold;
            string_builder_append(text, is_bold ? EMBARGO_BOLD_BEGINS : EMBARGO_BOLD_ENDS);
        } else {
            string_builder_append_bytes(text, bytes, 1);
        }
        bytes += tag ? tag : is_mark ? 2 : 1;
    }
}

/* Digits, letters and all bytes beyond ASCII, as a bit set, because every byte of a text is
 * tested. */
static bool is_letter_byte(char c)
{
    static const uint32_t letters[] = { 0,          0x03FF0000, 0x07FFFFFE, 0x07FFFFFE,
                                        UINT32_MAX, UINT32_MAX, UINT32_MAX, UINT32_MAX };
    unsigned char byte = (unsigned char)c;
    return letters[byte / 32] >> byte % 32 & 1;
}

/* Length of the gap between spaced-out letters; 0: there is none. */
static size_t gap_length(const char *bytes)
{
    if (*bytes == ' ' || *bytes == '.' || *bytes == '-')
        return 1;
    return strncmp(bytes, "\xC2\xA0", 2) == 0 ? 2 : 0;
}

/* Whether one letter stands alone at offset; *end is behind it. */
static bool is_apart(const char *bytes, size_t length, size_t offset, size_t *end)
{
    uint32_t c;
    if (offset >= length || !utf8_next(bytes, length, &offset, &c) ||
        (c < 0x80 && !isalpha((int)c)) || (c >= 0x80 && c < 0xC0))
        return false;
    if (offset < length && !gap_length(bytes + offset) && is_letter_byte(bytes[offset]))
        return false;
    *end = offset;
    return true;
}

/* Splits joined words ("EMBARGOTIL") where the gaps between words were no wider than those between
 * letters. */
static void append_joined(struct joiner *joiner, const char *letters)
{
    struct arena scratch = { 0 };
    size_t count;
    size_t longest = 0;
    const char *folded = unicode_fold(&scratch, letters);
    const struct language_word *list = language_words_list(joiner->words, WORD_GROUP_EMBARGO,
                                                           &count);
    for (size_t i = 0; i < count; i++) {
        size_t length = strlen(list[i].folded);
        if (length >= SPLIT_LEAST && length > longest && length < strlen(letters) &&
            strncmp(folded, list[i].folded, length) == 0)
            longest = length;
    }
    string_builder_append_bytes(joiner->text, letters, longest);
    if (longest)
        string_builder_append(joiner->text, " ");
    string_builder_append(joiner->text, letters + longest);
    arena_release(&scratch);
}

/* The end of a spaced-out word that begins at offset; 0: none begins there. */
static size_t take_apart(struct joiner *joiner, const char *bytes, size_t length, size_t offset)
{
    struct string_builder letters;
    size_t at = offset;
    size_t end = offset;
    int count = 0;
    string_builder_init(&letters, 0);
    while (is_apart(bytes, length, at, &end)) {
        size_t gap = gap_length(bytes + end);
        string_builder_append_bytes(&letters, bytes + at, end - at);
        count++;
        at = end + gap;
        if (gap == 0 || gap_length(bytes + at))
            break; /* two gaps: the word's end */
    }
    bool is_word = count >= (joiner->has_joined ? APART_NEXT : APART_LEAST);
    if (is_word)
        append_joined(joiner, letters.data);
    joiner->has_joined = is_word;
    string_builder_release(&letters);
    return is_word ? end : 0;
}

/* A bold letter does not end the word that it stands in: "**E**MBARGO". */
static void drop_marks_in_words(char *bytes)
{
    static const char marks[] = EMBARGO_BOLD_BEGINS EMBARGO_BOLD_ENDS;
    size_t kept = 0;
    for (size_t i = 0; bytes[i]; i++) {
        size_t length = strspn(bytes + i, marks);
        bool is_within = length && kept > 0 && is_letter_byte(bytes[kept - 1]) &&
                         is_letter_byte(bytes[i + length]);
        if (is_within)
            i += length;
        bytes[kept++] = bytes[i];
    }
    bytes[kept] = '\0';
}

static void join_letters(struct joiner *joiner, const char *bytes, size_t length)
{
    size_t at = 0;
    while (at < length) {
        bool may_begin = (at == 0 || !is_letter_byte(bytes[at - 1])) && is_letter_byte(bytes[at]);
        size_t end = may_begin ? take_apart(joiner, bytes, length, at) : 0;
        if (end) {
            at = end;
            continue;
        }
        string_builder_append_bytes(joiner->text, bytes + at, 1);
        at++;
    }
}

/* The first bytes of characters that may have to be replaced: invisible ones, those with a plain
 * form and, in a raw line, markup. */
#define SPECIAL_BYTES                                                                              \
    EMBARGO_BOLD_BEGINS "\xC2\xCD\xD8\xE1\xE2\xEF\xF0\xF1\xF2\xF3\xF4\xF5\xF6\xF7\xF8\xF9\xFA"     \
                        "\xFB\xFC\xFD\xFE\xFF"

/* Whether the line has spaced-out letters. */
static bool has_apart(const char *line, size_t length)
{
    int apart = 0;
    for (size_t i = 0; i < length; i++) {
        size_t begin = i;
        while (i < length && is_letter_byte(line[i]))
            i++;
        if (i > begin)
            apart = i == begin + 1 ? apart + 1 : 0;
        if (apart == APART_NEXT)
            return true;
    }
    return false;
}

/* Whether the line needs no change, which is true of most and quick to tell. */
static bool is_plain(const char *line, size_t length, bool is_raw)
{
    const char *special = is_raw ? SPECIAL_BYTES "<*_-" : SPECIAL_BYTES;
    return length <= (size_t)2 * LINE_PART && strcspn(line, special) == length &&
           !has_apart(line, length);
}

const char *embargo_line_clean(const struct language_words *words, struct arena *arena,
                               const char *line, bool is_raw)
{
    struct string_builder seen;
    struct string_builder joined;
    size_t length = strlen(line);
    bool is_long = length > (size_t)2 * LINE_PART;
    if (is_plain(line, length, is_raw))
        return line;
    string_builder_init(&seen, 0);
    string_builder_init(&joined, 0);
    bool has_forms = append_part(&seen, line, is_long ? LINE_PART : length);
    if (is_long) {
        string_builder_append(&seen, "\n");
        has_forms = append_part(&seen, line + length - LINE_PART, LINE_PART) || has_forms;
    }
    const char *plain = has_forms ? unicode_nfkc(arena, seen.data) : seen.data;
    struct string_builder marked;
    string_builder_init(&marked, 0);
    if (is_raw)
        append_markup(&marked, plain);
    else
        string_builder_append(&marked, plain);
    struct joiner joiner = { .words = words, .text = &joined };
    drop_marks_in_words(marked.data);
    join_letters(&joiner, marked.data, strlen(marked.data));
    const char *result = arena_copy_bytes(arena, joined.data, joined.length);
    string_builder_release(&seen);
    string_builder_release(&marked);
    string_builder_release(&joined);
    return result;
}
