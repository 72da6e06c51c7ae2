/* SPDX-License-Identifier: MIT */
#include "locale/date_token.h"

#include "base/arena.h"
#include "base/utf8.h"
#include "locale/unicode.h"

#include <ctype.h>
#include <stdint.h>
#include <string.h>

/* A longer run of letters or digits is no part of a date. */
enum { WORD_MAXIMUM = 48, DIGITS_MAXIMUM = 9 };

struct scanner {
    const char *text;
    size_t length;
    size_t offset;
};

static bool is_invisible(uint32_t c)
{
    return c == 0xAD || c == 0x61C || (c >= 0x200B && c <= 0x200F) ||
           (c >= 0x202A && c <= 0x202E) || (c >= 0x2060 && c <= 0x2069) || c == 0xFEFF ||
           (c >= 0xFE00 && c <= 0xFE0F);
}

static bool is_blank(uint32_t c)
{
    return utf8_is_space(c) || c == 0xA0 || c == 0x2007 || c == 0x202F;
}

/* The letters that the words of dates are made of, and those of every other alphabet. */
static bool is_letter(uint32_t c)
{
    if (c < 0x80)
        return isalpha((int)c) != 0;
    return (c >= 0xC0 && c < 0x2000 && c != 0xD7 && c != 0xF7) || (c >= 0x2C00 && c < 0x3000) ||
           (c >= 0x3040 && c < 0xFE00) || (c >= 0x10000 && c < 0x1F000);
}

static bool is_apostrophe(uint32_t c)
{
    return c == '\'' || c == 0x2019 || c == 0x2018;
}

static char mark_of(uint32_t c)
{
    if ((c >= 0x2010 && c <= 0x2015) || c == 0x2212)
        return '-';
    if (c == 0x2236)
        return ':';
    return c < 0x80 ? (char)c : '?';
}

/* The next character that can be seen; 0 at the end. *start is where it begins. */
static uint32_t next_visible(struct scanner *scanner, size_t *start)
{
    uint32_t c = 0;
    do {
        *start = scanner->offset;
        if (*start >= scanner->length)
            return 0;
        if (!utf8_next(scanner->text, scanner->length, &scanner->offset, &c)) {
            scanner->offset = *start + 1;
            c = 0xFFFD;
        }
    } while (is_invisible(c));
    return c;
}

static void scan_number(struct scanner *scanner, struct date_token *token, char *bytes)
{
    size_t start;
    token->kind = DATE_NUMBER;
    for (;;) {
        uint32_t c = next_visible(scanner, &start);
        if (c < '0' || c > '9')
            break;
        if (token->digits < DIGITS_MAXIMUM) {
            bytes[token->digits] = (char)c;
            token->value = token->value * 10 + (int)(c - '0');
        }
        token->digits++;
        token->end = scanner->offset;
    }
    bytes[token->digits < DIGITS_MAXIMUM ? token->digits : DIGITS_MAXIMUM] = '\0';
    scanner->offset = start;
}

/* bytes gets the letters, cut where it is longer; a cut one equals no word of ours. */
static void scan_word(struct scanner *scanner, struct date_token *token, char *bytes)
{
    size_t start;
    size_t length = 0;
    int letters = 0;
    token->kind = DATE_WORD;
    token->is_upper = true;
    for (;;) {
        uint32_t c = next_visible(scanner, &start);
        if (!is_letter(c) && !is_apostrophe(c))
            break;
        size_t size = scanner->offset - start;
        if (is_apostrophe(c)) {
            bytes[length++] = '\'';
        } else if (length + size < WORD_MAXIMUM - 1) {
            memcpy(bytes + length, scanner->text + start, size);
            length += size;
        }
        token->is_upper = token->is_upper && (c >= 0x80 || !islower((int)c));
        letters++;
        token->end = scanner->offset;
        if (length >= WORD_MAXIMUM - 2)
            length = WORD_MAXIMUM - 2;
    }
    token->is_upper = token->is_upper && letters > 1;
    bytes[length] = '\0';
    scanner->offset = start;
}

/* False at the end. */
static bool scan(struct scanner *scanner, struct date_token *token, char *bytes)
{
    size_t start;
    uint32_t c;
    *token = (struct date_token){ .kind = DATE_MARK };
    while ((c = next_visible(scanner, &start)) != 0 && is_blank(c))
        token->is_spaced = true;
    if (c == 0)
        return false;
    if (c >= '0' && c <= '9') {
        scanner->offset = start;
        scan_number(scanner, token, bytes);
    } else if (is_letter(c)) {
        scanner->offset = start;
        scan_word(scanner, token, bytes);
    } else {
        token->mark = mark_of(c);
        token->end = scanner->offset;
        bytes[0] = token->mark;
        bytes[1] = '\0';
    }
    return true;
}

/* A word case-folded; ASCII is folded in place. */
static const char *fold(struct arena *arena, char *word)
{
    for (char *c = word; *c; c++) {
        if ((unsigned char)*c >= 0x80)
            return unicode_fold(arena, word);
        *c = (char)tolower((unsigned char)*c);
    }
    return word;
}

/* Adds the token's text as words are compared; false where there is no room. */
static bool add_folded(struct date_reader *reader, struct date_token *token, size_t *length,
                       struct arena *arena, char *bytes)
{
    const char *folded = token->kind == DATE_WORD ? fold(arena, bytes) : bytes;
    size_t size = strlen(folded);
    if (*length + size + 2 > DATE_FOLDED_SIZE)
        return false;
    if (token->is_spaced && *length)
        reader->folded[(*length)++] = ' ';
    token->folded = *length;
    memcpy(reader->folded + *length, folded, size + 1);
    *length += size;
    return true;
}

static bool is_english_tag(const char *tag)
{
    return tag && strncmp(tag, "en", 2) == 0 && (tag[2] == '\0' || tag[2] == '-');
}

void date_reader_init(struct date_reader *reader, struct arena *arena, const char *text)
{
    struct scanner scanner = { .text = text };
    char bytes[WORD_MAXIMUM];
    size_t length = 0;
    reader->is_english = is_english_tag(reader->language);
    /* As much as so many tokens can fill, with room for characters that cannot be seen. */
    scanner.length = strnlen(text, (size_t)4 * DATE_FOLDED_SIZE);
    while (reader->count < DATE_TOKENS_MAXIMUM) {
        struct date_token *token = &reader->tokens[reader->count];
        if (!scan(&scanner, token, bytes) || !add_folded(reader, token, &length, arena, bytes))
            break;
        reader->count++;
    }
}

const struct date_token *date_token_at(const struct date_reader *reader, int index)
{
    static const struct date_token nothing = { .kind = DATE_MARK };
    return index >= 0 && index < reader->count ? &reader->tokens[index] : &nothing;
}

bool date_is_mark(const struct date_reader *reader, int index, char mark)
{
    const struct date_token *token = date_token_at(reader, index);
    return token->kind == DATE_MARK && token->mark == mark;
}

bool date_is_tight_mark(const struct date_reader *reader, int index, char mark)
{
    return date_is_mark(reader, index, mark) && !date_token_at(reader, index)->is_spaced;
}

bool date_is_number(const struct date_reader *reader, int index, int least, int most)
{
    const struct date_token *token = date_token_at(reader, index);
    return token->kind == DATE_NUMBER && token->digits >= least && token->digits <= most;
}

bool date_is_tight_number(const struct date_reader *reader, int index, int least, int most)
{
    return date_is_number(reader, index, least, most) && !date_token_at(reader, index)->is_spaced;
}

const struct language_word *date_take_name(struct date_reader *reader, int *index,
                                           enum word_group group, const char *name)
{
    if (date_token_at(reader, *index)->kind != DATE_WORD)
        return NULL;
    size_t start = reader->tokens[*index].folded;
    const struct language_word *word = language_words_prefix_for(
        reader->words, group, name, reader->language, reader->folded + start);
    if (!word)
        return NULL;
    size_t end = start + strlen(word->folded);
    while (*index < reader->count && reader->tokens[*index].folded < end)
        ++*index;
    return word;
}

const struct language_word *date_take_word(struct date_reader *reader, int *index,
                                           enum word_group group)
{
    return date_take_name(reader, index, group, NULL);
}

void date_note_language(struct date_reader *reader, const struct language_word *word)
{
    reader->is_english = reader->is_english || is_english_tag(word->language);
}
