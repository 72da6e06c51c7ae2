/* SPDX-License-Identifier: MIT */
#include "spelling/spelling.h"

#include "base/memory.h"

#include <hunspell.h>
#include <iconv.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

enum { PARTS_MAXIMUM = 3 };

struct spelling_dictionary {
    Hunhandle *words;
    iconv_t converter; /* from UTF-8; unused where is_utf8 */
    bool is_utf8;      /* the dictionary's own letters are */
};

static bool open_converter(struct spelling_dictionary *dictionary)
{
    const char *encoding = Hunspell_get_dic_encoding(dictionary->words);
    dictionary->is_utf8 = strcasecmp(encoding, "UTF-8") == 0;
    if (dictionary->is_utf8)
        return true;
    dictionary->converter = iconv_open(encoding, "UTF-8");
    return (intptr_t)dictionary->converter != -1;
}

static struct spelling_dictionary *open_dictionary(const char *path)
{
    char affixes[PATH_MAX];
    char words[PATH_MAX];
    if (snprintf(affixes, sizeof affixes, "%s.aff", path) >= PATH_MAX ||
        snprintf(words, sizeof words, "%s.dic", path) >= PATH_MAX || access(affixes, R_OK) != 0 ||
        access(words, R_OK) != 0)
        return NULL;
    struct spelling_dictionary *dictionary = memory_allocate(sizeof *dictionary);
    *dictionary = (struct spelling_dictionary){ .words = Hunspell_create(affixes, words) };
    if (dictionary->words && open_converter(dictionary))
        return dictionary;
    if (dictionary->words)
        Hunspell_destroy(dictionary->words);
    free(dictionary);
    return NULL;
}

static void close_dictionary(struct spelling_dictionary *dictionary)
{
    if (!dictionary)
        return;
    if (!dictionary->is_utf8)
        (void)iconv_close(dictionary->converter);
    Hunspell_destroy(dictionary->words);
    free(dictionary);
}

/* What the dictionary has no letters for cannot stand in it. */
static bool has_word(const struct spelling_dictionary *dictionary, char *word)
{
    char converted[SPELLING_WORD_BYTES_MAXIMUM * 2];
    char *in = word;
    char *out = converted;
    size_t in_left = strlen(word);
    size_t out_left = sizeof converted - 1;
    if (dictionary->is_utf8)
        return Hunspell_spell(dictionary->words, word) != 0;
    (void)iconv(dictionary->converter, NULL, NULL, NULL, NULL);
    if (iconv(dictionary->converter, &in, &in_left, &out, &out_left) == (size_t)-1)
        return false;
    *out = '\0';
    return Hunspell_spell(dictionary->words, converted) != 0;
}

/* One compound that is taken apart. */
struct search {
    const struct spelling_dictionary *dictionary;
    const struct spelling_joining *joining;
    int *looks;
};

/* Whether the first length bytes are a word. True where nothing more may be looked up. */
static bool is_word(const struct search *search, const char *text, size_t length)
{
    char word[SPELLING_WORD_BYTES_MAXIMUM + 1];
    if (*search->looks <= 0)
        return true;
    (*search->looks)--;
    memcpy(word, text, length);
    word[length] = '\0';
    return has_word(search->dictionary, word);
}

static size_t letters(const char *text, size_t length)
{
    size_t count = 0;
    for (size_t i = 0; i < length; i++)
        count += ((unsigned char)text[i] & 0xC0) != 0x80;
    return count;
}

/* German nouns have a capital letter alone, and a small one in a word that is none. */
static bool is_noun(const struct search *search, const char *text, size_t length)
{
    char noun[SPELLING_WORD_BYTES_MAXIMUM];
    memcpy(noun, text, length);
    if (noun[0] >= 'a' && noun[0] <= 'z')
        noun[0] = (char)(noun[0] - 'a' + 'A');
    else if (length > 1 && (unsigned char)noun[0] == 0xC3 && (unsigned char)noun[1] >= 0xA0)
        noun[1] = (char)(noun[1] - 0x20); /* as U+00FC, U+00DC */
    else
        return false;
    return is_word(search, noun, length);
}

static bool is_part(const struct search *search, const char *text, size_t length)
{
    return is_word(search, text, length) || is_noun(search, text, length);
}

/* Whether the first length bytes are a word, or one with a joint behind it. */
static bool is_head(const struct search *search, const char *text, size_t length)
{
    if (is_part(search, text, length))
        return true;
    for (const char *const *joint = search->joining->joints; *joint; joint++) {
        size_t end = strlen(*joint);
        if (end < length && letters(text, length - end) >= search->joining->letters &&
            memcmp(text + length - end, *joint, end) == 0 && is_part(search, text, length - end))
            return true;
    }
    return false;
}

static bool is_compound(const struct search *search, const char *text, int parts)
{
    size_t length = strlen(text);
    for (size_t cut = 1; cut < length; cut++) {
        if (((unsigned char)text[cut] & 0xC0) == 0x80 ||
            letters(text, cut) < search->joining->letters)
            continue;
        if (letters(text + cut, length - cut) < search->joining->letters)
            return false;
        if (is_head(search, text, cut) &&
            (is_word(search, text + cut, length - cut) ||
             (parts > 2 && is_compound(search, text + cut, parts - 1))))
            return true;
    }
    return false;
}

static bool knows(struct spelling_dictionary *dictionary, const char *word,
                  const struct spelling_joining *joining, int *looks)
{
    const struct search search = { dictionary, joining, looks };
    size_t length = strlen(word);
    return length == 0 || length > SPELLING_WORD_BYTES_MAXIMUM || is_word(&search, word, length) ||
           (joining && is_compound(&search, word, PARTS_MAXIMUM));
}

__attribute__((visibility("default"))) const struct spelling_reader spelling_reader = {
    .version = SPELLING_READER_VERSION,
    .open = open_dictionary,
    .knows = knows,
    .close = close_dictionary,
};
