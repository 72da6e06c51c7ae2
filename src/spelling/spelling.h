/* SPDX-License-Identifier: MIT */
#ifndef SPELLING_SPELLING_H
#define SPELLING_SPELLING_H

#include <stdbool.h>
#include <stddef.h>

/* Whether a word is known, by the dictionaries of hunspell that the system has. A shared object,
 * lib/pressroom/spelling.so, that a confined process alone loads: the library takes much of its
 * time and memory from what it reads, and the words are a stranger's. */

enum {
    SPELLING_WORD_BYTES_MAXIMUM = 60, /* longer ones are taken for known */
    SPELLING_LOOKS_MAXIMUM = 100000   /* into a dictionary, for one request: compounds take many */
};

struct spelling_dictionary;

/* How words are written in one. */
struct spelling_joining {
    const char *const *joints; /* letters that may stand between two, ended by NULL */
    size_t letters;            /* the fewest of a part: shorter ones are in everything */
};

/* What spelling.so exports. */
struct spelling_reader {
    int version; /* SPELLING_READER_VERSION */

    /* Reads PATH.aff and PATH.dic, which stay in memory, and what converts to its letters; before
     * rights are given up. NULL: there is none, or its letters cannot be converted. */
    struct spelling_dictionary *(*open)(const char *path);

    /* Whether word, UTF-8, stands in it, or is two or three of its words in one. joining NULL:
     * words are not written in one. looks: what may still be looked up, counted down; a word that
     * is not settled when none is left is taken for a known one. */
    bool (*knows)(struct spelling_dictionary *dictionary, const char *word,
                  const struct spelling_joining *joining, int *looks);

    /* Takes NULL. */
    void (*close)(struct spelling_dictionary *dictionary);
};

enum { SPELLING_READER_VERSION = 1 }; /* of this header: one of another installation is refused */

#define SPELLING_READER_SYMBOL "spelling_reader"

extern const struct spelling_reader spelling_reader;

#endif
