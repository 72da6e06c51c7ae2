/* SPDX-License-Identifier: MIT */
#include "net/refusal_phrase.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { TEXT_MAXIMUM = 4000, PHRASES_MAXIMUM = 1500, KEY_LENGTH = 3 };

struct phrase {
    const char *words;
    size_t length;
    enum refusal_phrase_meaning meaning;
    bool is_prefix;
};

/* All phrases in the order of their bytes, filled at the first look: so a text costs a search at
 * each of its words, however many phrases there are. */
static struct phrase sorted[PHRASES_MAXIMUM];
static size_t sorted_count;

static int compare_phrases(const void *left, const void *right)
{
    return strcmp(((const struct phrase *)left)->words, ((const struct phrase *)right)->words);
}

static void sort_phrases(void)
{
    size_t count = 0;
    for (int meaning = 0; meaning < PHRASE_MEANING_COUNT; meaning++) {
        for (const char *at = refusal_phrases[meaning]; *at && count < PHRASES_MAXIMUM;) {
            size_t length = strcspn(at, "|");
            bool is_prefix = at[length - 1] == '*';
            sorted[count++] = (struct phrase){ at, length - is_prefix,
                                               (enum refusal_phrase_meaning)meaning, is_prefix };
            at += length + (at[length] == '|');
        }
    }
    qsort(sorted, count, sizeof sorted[0], compare_phrases);
    sorted_count = count;
}

/* ---- the text as plain words ---- */

/* "mx1.example.org": lower case as programs write names, so that "unknown.Please" stays. */
static bool is_host_name(const char *token, size_t length)
{
    size_t label = 0;
    size_t labels = 0;
    bool has_letter = false;
    for (size_t i = 0; i < length; i++) {
        char c = token[i];
        if (c == '.') {
            if (!label)
                return false;
            labels++;
            label = 0;
            has_letter = false;
            continue;
        }
        if (!(c >= 'a' && c <= 'z') && !isdigit((unsigned char)c) && c != '-' && c != '_')
            return false;
        has_letter = has_letter || (c >= 'a' && c <= 'z');
        label++;
    }
    return labels && label > 1 && has_letter;
}

static bool contains(const char *token, size_t length, const char *part)
{
    return memmem(token, length, part, strlen(part)) != NULL;
}

static bool is_block_list(const char *token, size_t length)
{
    static const char *const names[] = { "spamhaus",   "spamcop", "barracudacentral", "dnsbl",
                                         "uceprotect", "sorbs",   "abuseat",          "rbl." };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (contains(token, length, names[i]))
            return true;
    }
    return false;
}

/* What names somebody or something may be called anything. */
static bool is_name(const char *token, size_t length)
{
    if (memchr(token, '@', length))
        return true;
    return (contains(token, length, "://") || is_host_name(token, length)) &&
           !is_block_list(token, length);
}

/* Words with one space before each and one behind the last. Apostrophes go: "doesn't" is one. */
static size_t plain_words(const char *text, char *plain)
{
    static const char delimiters[] = " \t\r\n<>()[]{}\"|,;";
    size_t used = 0;
    plain[used++] = ' ';
    while (*text && used < TEXT_MAXIMUM) {
        size_t length = strcspn(text, delimiters);
        size_t bare = length;
        while (bare && (text[bare - 1] == '.' || text[bare - 1] == ':'))
            bare--;
        bool is_silent = is_name(text, bare);
        for (size_t i = 0; i < length && !is_silent && used < TEXT_MAXIMUM; i++) {
            unsigned char c = (unsigned char)text[i];
            if (isalnum(c) || c >= 0x80)
                plain[used++] = (char)tolower(c);
            else if (c != '\'' && c != '`' && plain[used - 1] != ' ')
                plain[used++] = ' ';
        }
        if (plain[used - 1] != ' ')
            plain[used++] = ' ';
        text += length;
        text += strspn(text, delimiters);
    }
    plain[used] = '\0';
    return used;
}

/* ---- phrases at a word ---- */

static size_t first_with_key(const char *word)
{
    size_t low = 0;
    size_t high = sorted_count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (strncmp(sorted[middle].words, word, KEY_LENGTH) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static uint32_t find_at(const char *word)
{
    uint32_t found = 0;
    for (size_t i = first_with_key(word);
         i < sorted_count && strncmp(sorted[i].words, word, KEY_LENGTH) == 0; i++) {
        const struct phrase *phrase = &sorted[i];
        if (strncmp(phrase->words, word, phrase->length) == 0 &&
            (phrase->is_prefix || word[phrase->length] == ' '))
            found |= UINT32_C(1) << phrase->meaning;
    }
    return found;
}

uint32_t refusal_phrases_find(const char *text)
{
    if (!sorted_count)
        sort_phrases();
    char plain[TEXT_MAXIMUM + 8];
    size_t length = plain_words(text, plain);
    uint32_t found = 0;
    for (size_t i = 1; i < length; i++) {
        if (plain[i - 1] == ' ')
            found |= find_at(plain + i);
    }
    return found;
}
