/* SPDX-License-Identifier: MIT */
#include "net/refusal.h"

#include <assert.h>
#include <string.h>

static size_t bucket_of(const char *octets)
{
    uint32_t key = 0;
    memcpy(&key, octets, PHRASE_KEY_LENGTH);
    return (key * UINT32_C(2654435761)) >> 22;
}

void phrase_index_add(struct phrase_index *index, unsigned meaning, const char *rule,
                      const char *joined, bool is_whole)
{
    for (const char *at = joined; *at;) {
        size_t length = strcspn(at, "|");
        bool is_prefix = is_whole && at[length - 1] == '*';
        assert(index->count < PHRASES_MAXIMUM && length - is_prefix >= PHRASE_KEY_LENGTH);
        uint16_t *bucket = &index->buckets[bucket_of(at)];
        index->phrases[index->count] = (struct phrase){ .meaning = meaning,
                                                        .rule = rule,
                                                        .words = at,
                                                        .length = length - is_prefix,
                                                        .is_whole = is_whole && !is_prefix };
        index->chains[index->count] = *bucket;
        *bucket = (uint16_t)++index->count;
        at += length + (at[length] == '|');
    }
}

const struct phrase *phrase_index_next(const struct phrase_index *index,
                                       const struct phrase *previous, const char *at, size_t left)
{
    if (left < PHRASE_KEY_LENGTH)
        return NULL;
    size_t next = previous ? index->chains[previous - index->phrases]
                           : index->buckets[bucket_of(at)];
    for (; next; next = index->chains[next - 1]) {
        const struct phrase *phrase = &index->phrases[next - 1];
        if (phrase->length <= left && memcmp(at, phrase->words, phrase->length) == 0 &&
            (!phrase->is_whole || (phrase->length < left && at[phrase->length] == ' ')))
            return phrase;
    }
    return NULL;
}
