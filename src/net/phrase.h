/* SPDX-License-Identifier: MIT */
#ifndef NET_PHRASE_H
#define NET_PHRASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Which of many known phrases stand at a place of a text. Each table of phrases has a reader of its
 * own, which brings a text into the form that the table's phrases are written in (lower case, one
 * space between words), and decides where a phrase may begin. */

struct phrase {
    unsigned meaning; /* of the table's enum */
    const char *rule; /* whose words they are; "" */
    const char *words;
    size_t length;
    bool is_whole; /* a space must follow */
};

enum {
    PHRASE_KEY_LENGTH = 3, /* no phrase is shorter */
    PHRASES_MAXIMUM = 1500,
    PHRASE_BUCKETS = 1024
};

/* Chains of phrases by their first octets: a place costs a look at those few, however many phrases
 * there are. All zero at first. */
struct phrase_index {
    struct phrase phrases[PHRASES_MAXIMUM];
    size_t count;
    uint16_t buckets[PHRASE_BUCKETS]; /* 0: none; else one more than an index of phrases */
    uint16_t chains[PHRASES_MAXIMUM]; /* the same: the next of that bucket */
};

/* Adds phrases that are joined by "|", and live as long as the index. is_whole: each but those that
 * end with an asterisk ends where a word ends. */
void phrase_index_add(struct phrase_index *index, unsigned meaning, const char *rule,
                      const char *joined, bool is_whole);

/* The first phrase that stands at at, of which left octets are there, and with that as previous the
 * next one; NULL: no more. */
const struct phrase *phrase_index_next(const struct phrase_index *index,
                                       const struct phrase *previous, const char *at, size_t left);

#endif
