/* SPDX-License-Identifier: MIT */
#include "net/refusal_phrase.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

enum { TEXT_MAXIMUM = 4000 };

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

uint32_t refusal_phrases_find(const struct mail_phrases *phrases, const char *text)
{
    char plain[TEXT_MAXIMUM + 8];
    size_t length = plain_words(text, plain);
    uint32_t found = 0;
    for (size_t i = 1; i < length; i++) {
        const struct phrase *phrase = NULL;
        while (plain[i - 1] == ' ' && (phrase = mail_phrases_next(phrases, PHRASES_OF_REFUSALS,
                                                                  phrase, plain + i, length - i)))
            found |= UINT32_C(1) << phrase->meaning;
    }
    return found;
}
