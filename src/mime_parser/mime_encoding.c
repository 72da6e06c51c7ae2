/* SPDX-License-Identifier: MIT */
#include "mime_parser/mime_part.h"

#include "base/arena.h"
#include "base/string_builder.h"
#include "base/utf8.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

/* Here and not by GMime's decoders: those lose the end of base64 without padding, and all that
 * stands behind the first padding, in bodies and in words side by side. */

/* ---- base64 (RFC 2045 section 6.8) ---- */

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

enum { LETTER_BITS = 6, BYTE_BITS = 8 };

/* The value of each letter, one more than it is; 0: no letter of it. */
static void letters_fill(unsigned char letters[256])
{
    memset(letters, 0, 256);
    for (size_t i = 0; alphabet[i]; i++)
        letters[(unsigned char)alphabet[i]] = (unsigned char)(i + 1);
}

/* Whether the "=" at at fill a group of which bits are left over, and end its line. */
static bool fills_group(const char *at, const char *end, unsigned bits)
{
    size_t count = 0;
    while (at < end && *at == '=' && count < 3) {
        at++;
        count++;
    }
    return (at == end || isspace((unsigned char)*at)) && bits && count >= bits / 2;
}

/* Programs leave the "=" at the end out, and list servers put a second text behind the first: "="
 * at a line's end ends a group. What is no letter is passed over. */
static size_t base64_decode(const char *bytes, size_t length, char *decoded)
{
    unsigned char letters[256];
    size_t written = 0;
    unsigned value = 0;
    unsigned bits = 0;
    letters_fill(letters);
    for (size_t i = 0; i < length; i++) {
        unsigned char letter = letters[(unsigned char)bytes[i]];
        if (bytes[i] == '=' && fills_group(bytes + i, bytes + length, bits))
            bits = 0; /* the group ends here */
        if (!letter)
            continue;
        value = (value << LETTER_BITS | (letter - 1U)) & 0xFFFFU;
        bits += LETTER_BITS;
        if (bits >= BYTE_BITS) {
            bits -= BYTE_BITS;
            decoded[written++] = (char)(value >> bits & 0xFFU);
        }
    }
    return written;
}

/* ---- quoted-printable (RFC 2045 section 6.7; RFC 2047 section 4.2 in words) ---- */

static unsigned hexadecimal(char digit)
{
    unsigned value = (unsigned)(toupper((unsigned char)digit) - '0');
    return value > 9 ? value - ('A' - '0' - 10) : value;
}

/* Behind the line end that ends the white space at at; NULL: something else stands there first. */
static const char *line_end(const char *at, const char *end)
{
    while (at < end && (*at == ' ' || *at == '\t' || *at == '\r'))
        at++;
    if (at == end)
        return end;
    return *at == '\n' ? at + 1 : NULL;
}

/* "=" before what is no code of a byte stands for itself. */
static size_t quoted_decode(const char *bytes, size_t length, bool is_word, char *decoded)
{
    const char *end = bytes + length;
    size_t written = 0;
    for (const char *at = bytes; at < end;) {
        const char *next = *at == '=' && !is_word ? line_end(at + 1, end) : NULL;
        if (next) {
            at = next;
        } else if (*at == '=' && end - at > 2 && isxdigit((unsigned char)at[1]) &&
                   isxdigit((unsigned char)at[2])) {
            decoded[written++] = (char)(hexadecimal(at[1]) << 4 | hexadecimal(at[2]));
            at += 3;
        } else {
            decoded[written++] = (char)(is_word && *at == '_' ? ' ' : *at);
            at++;
        }
    }
    return written;
}

/* ---- bodies ---- */

const char *mime_body_decode(struct arena *arena, const struct mime_part *part, size_t *length)
{
    const char *encoding = mime_field(part->fields, "Content-Transfer-Encoding");
    bool is_base64 = encoding && strncasecmp(encoding, "base64", 6) == 0;
    bool is_quoted = encoding && strncasecmp(encoding, "quoted-printable", 16) == 0;
    *length = part->body_length;
    if (!is_base64 && !is_quoted)
        return part->body;
    char *decoded = arena_allocate(arena, part->body_length + 1);
    *length = is_base64 ? base64_decode(part->body, part->body_length, decoded)
                        : quoted_decode(part->body, part->body_length, false, decoded);
    return decoded;
}

/* ---- encoded words (RFC 2047) ---- */

struct word {
    const char *charset;
    size_t charset_length; /* without a language (RFC 2231 section 5) */
    bool is_base64;
    const char *start;
    size_t length;
    const char *behind;
};

/* The word at at, which is "=?". */
static bool word_read(const char *at, struct word *word)
{
    word->charset = at + 2;
    word->charset_length = strcspn(word->charset, "?* \t");
    const char *mark = word->charset + strcspn(word->charset, "? \t");
    if (!word->charset_length || *mark != '?' || !strchr("bBqQ", mark[1]) || !mark[1] ||
        mark[2] != '?')
        return false;
    word->is_base64 = toupper((unsigned char)mark[1]) == 'B';
    word->start = mark + 3;
    const char *end = strstr(word->start, "?=");
    if (!end)
        return false;
    word->length = (size_t)(end - word->start);
    word->behind = end + 2;
    return true;
}

/* The bytes of words that stand side by side in one character set: a character may be cut in two.
 */
struct word_run {
    struct arena *arena;
    struct string_builder *out;
    struct word first;
    struct string_builder bytes;
};

static void run_end(struct word_run *run)
{
    if (run->bytes.length) {
        const char *charset = arena_copy_bytes(run->arena, run->first.charset,
                                               run->first.charset_length);
        string_builder_append(
            run->out, mime_text_convert(run->arena, charset, run->bytes.data, run->bytes.length));
    }
    string_builder_clear(&run->bytes);
}

static void run_add(struct word_run *run, const struct word *word)
{
    char *decoded = arena_allocate(run->arena, word->length + 1);
    size_t length = word->is_base64 ? base64_decode(word->start, word->length, decoded)
                                    : quoted_decode(word->start, word->length, true, decoded);
    if (run->bytes.length &&
        (run->first.charset_length != word->charset_length ||
         strncasecmp(run->first.charset, word->charset, word->charset_length) != 0))
        run_end(run);
    run->first = *word;
    string_builder_append_bytes(&run->bytes, decoded, length);
}

static void decode_all(struct word_run *run, const char *value)
{
    struct word word;
    bool is_behind_word = false;
    for (const char *at = value; *at;) {
        size_t blanks = strspn(at, " \t");
        const char *next = at + blanks;
        if (strncmp(next, "=?", 2) == 0 && word_read(next, &word)) {
            if (!is_behind_word)
                string_builder_append_bytes(run->out, at, blanks);
            run_add(run, &word);
            at = word.behind;
            is_behind_word = true;
            continue;
        }
        run_end(run);
        string_builder_append_bytes(run->out, at, blanks ? blanks : 1);
        at += blanks ? blanks : 1;
        is_behind_word = false;
    }
    run_end(run);
}

/* One line, and one space where there were more. */
static const char *as_line(struct arena *arena, const char *value)
{
    char *copy = arena_copy(arena, value);
    size_t length = 0;
    for (const char *c = value; *c; c++) {
        bool is_space = (unsigned char)*c <= ' ';
        if (!is_space || (length && copy[length - 1] != ' '))
            copy[length++] = (char)(is_space ? ' ' : *c);
    }
    copy[length] = '\0';
    return copy;
}

const char *mime_decode_words(struct arena *arena, const char *value)
{
    struct string_builder out;
    struct string_builder clean;
    if (!strstr(value, "=?"))
        return value;
    string_builder_init(&out, (size_t)4 * MIME_FIELD_MAXIMUM);
    string_builder_init(&clean, (size_t)4 * MIME_FIELD_MAXIMUM);
    struct word_run run = { .arena = arena, .out = &out };
    string_builder_init(&run.bytes, (size_t)4 * MIME_FIELD_MAXIMUM);
    decode_all(&run, value);
    utf8_append_clean(&clean, out.data, out.length);
    const char *line = as_line(arena, clean.data);
    string_builder_release(&run.bytes);
    string_builder_release(&clean);
    string_builder_release(&out);
    return line;
}
