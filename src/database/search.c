/* SPDX-License-Identifier: MIT */
#include "database/connection.h"

#include "base/error.h"

#include <stdlib.h>
#include <string.h>

enum { READ_SIZE = 1024 * 1024, PAIRS = 65536 };

/* Words by their first two bytes, so that a file of a gigabyte is looked at once for all. */
struct search {
    const char *const *words;
    size_t *next;  /* the next word of the same beginning, +1; 0: none */
    size_t *first; /* of PAIRS */
    size_t longest;
    unsigned char bytes[READ_SIZE];
};

static unsigned char small(char byte)
{
    unsigned char value = (unsigned char)byte;
    return value >= 'A' && value <= 'Z' ? (unsigned char)(value | 0x20) : value;
}

static size_t pair_of(unsigned char left, unsigned char right)
{
    return (size_t)left << 8 | right;
}

static void search_free(struct search *search)
{
    if (!search)
        return;
    free(search->next);
    free(search->first);
    free(search);
}

static struct search *search_new(const char *const *words, size_t count, struct error *error)
{
    struct search *search = calloc(1, sizeof *search);
    if (search) {
        search->words = words;
        search->next = calloc(count ? count : 1, sizeof *search->next);
        search->first = calloc(PAIRS, sizeof *search->first);
    }
    if (!search || !search->next || !search->first) {
        search_free(search);
        (void)error_set(error, ERROR_SYSTEM, "database: out of memory");
        return NULL;
    }
    for (size_t i = 0; i < count; i++) {
        size_t length = strlen(words[i]);
        if (length < 2)
            continue;
        size_t pair = pair_of(small(words[i][0]), small(words[i][1]));
        search->next[i] = search->first[pair];
        search->first[pair] = i + 1;
        if (length > search->longest)
            search->longest = length;
    }
    return search;
}

static bool stands_at(const unsigned char *bytes, size_t length, const char *word)
{
    size_t i = 0;
    while (i < length && word[i] && small((char)bytes[i]) == small(word[i]))
        i++;
    return word[i] == '\0';
}

/* What begins too near to the end is found with the next bytes, which overlap. */
static bool bytes_hold(const struct search *search, size_t length)
{
    for (size_t at = 0; at + 1 < length; at++) {
        size_t pair = pair_of(small((char)search->bytes[at]), small((char)search->bytes[at + 1]));
        for (size_t i = search->first[pair]; i; i = search->next[i - 1])
            if (stands_at(search->bytes + at, length - at, search->words[i - 1]))
                return true;
    }
    return false;
}

bool database_holds(struct database *database, const char *const *words, size_t count, bool *holds,
                    struct error *error)
{
    size_t length = 0;
    bool found = false;
    struct search *search = search_new(words, count, error);
    bool done = search != NULL;
    if (done && search->longest >= READ_SIZE / 2)
        done = error_set(error, ERROR_USAGE, "database: too long a word to look for");
    for (int64_t offset = 0; done && !found && search->longest > 0;
         offset += (int64_t)(READ_SIZE - search->longest)) {
        done = database->backend->read_file(database->handle, offset, search->bytes, READ_SIZE,
                                            &length, error);
        found = done && bytes_hold(search, length);
        if (length < READ_SIZE)
            break;
    }
    search_free(search);
    if (done)
        *holds = found;
    return done;
}
