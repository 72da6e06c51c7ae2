/* SPDX-License-Identifier: MIT */
#include "intake/embargo_word.h"

#include "base/arena.h"
#include "base/utf8.h"
#include "locale/unicode.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/* How many lines of a text count as its beginning, how much of one is looked at, and how long a
 * word is kept. */
enum { FIRST_LINES = 4, LINE_MAXIMUM = 300, WORD_SIZE = 48 };

/* Case-folded. */
static const char *const words[] = { "embargo",    "embargoed",   "embargofrist",
                                     "klausul",    "klausuleret", "klausulering",
                                     "sperrfrist", "gesperrt",    "klausuleres",
                                     NULL };

struct word {
    char text[WORD_SIZE]; /* cut where it is longer */
    size_t size;
    size_t letters;
};

/* Letters as far as these words need it: not ASCII punctuation, digits and controls, not the
 * blocks of symbols and punctuation beyond ASCII. */
static bool is_letter(uint32_t c)
{
    if (c < 0x80)
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    return (c >= 0xC0 && c < 0x2000) || (c >= 0x3040 && c < 0xFE00) ||
           (c >= 0x10000 && c < 0x1F000);
}

/* The next run of letters; false at the end. */
static bool next_word(const char *text, size_t length, size_t *offset, struct word *word)
{
    *word = (struct word){ .size = 0 };
    while (*offset < length) {
        size_t start = *offset;
        uint32_t c;
        if (!utf8_next(text, length, offset, &c)) {
            *offset = start + 1;
            c = ' ';
        }
        if (!is_letter(c)) {
            if (word->letters)
                return true;
            continue;
        }
        word->letters++;
        if (word->size + (*offset - start) < WORD_SIZE) {
            memcpy(word->text + word->size, text + start, *offset - start);
            word->size += *offset - start;
        }
    }
    return word->letters > 0;
}

static bool means_embargo(struct arena *arena, const struct word *word)
{
    const char *folded = unicode_fold(arena, word->text);
    for (const char *const *known = words; *known; known++)
        if (strcmp(folded, *known) == 0)
            return true;
    return false;
}

static bool is_in_capitals(const struct word *word)
{
    for (size_t i = 0; i < word->size; i++)
        if (word->text[i] >= 'a' && word->text[i] <= 'z')
            return false;
    return true;
}

/* "E M B A R G O" at the start: the single letters in one. */
static void join_letters(const char *text, size_t length, struct word *word)
{
    size_t offset = 0;
    struct word next;
    *word = (struct word){ .size = 0 };
    while (next_word(text, length, &offset, &next) && next.letters == 1) {
        if (word->size + next.size >= WORD_SIZE)
            return;
        memcpy(word->text + word->size, next.text, next.size);
        word->size += next.size;
        word->letters++;
    }
}

static const char *find_word(struct arena *arena, const char *text, size_t length)
{
    struct word word;
    size_t offset = 0;
    for (bool first = true; next_word(text, length, &offset, &word); first = false) {
        if (first && word.letters == 1)
            join_letters(text, length, &word);
        if ((first || is_in_capitals(&word)) && means_embargo(arena, &word))
            return arena_copy(arena, word.text);
    }
    return NULL;
}

const char *embargo_word(struct arena *arena, const char *text)
{
    size_t length = strlen(text);
    return find_word(arena, text, length < LINE_MAXIMUM ? length : LINE_MAXIMUM);
}

const char *embargo_word_of_lines(struct arena *arena, const char *text, int *line)
{
    int seen = 0;
    for (int number = 1; *text && seen < FIRST_LINES; number++) {
        size_t length = strcspn(text, "\n");
        const char *found = find_word(arena, text, length < LINE_MAXIMUM ? length : LINE_MAXIMUM);
        if (found) {
            *line = number;
            return found;
        }
        seen += strspn(text, " \t\r") < length;
        text += length;
        text += *text == '\n';
    }
    return NULL;
}
