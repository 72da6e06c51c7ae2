/* SPDX-License-Identifier: MIT */
#ifndef LOCALE_LANGUAGE_WORDS_H
#define LOCALE_LANGUAGE_WORDS_H

#include <stdbool.h>
#include <stddef.h>

/* The words that people write for what this program has English names for: months, header keys,
 * section headings, embargoes. They are data, templates/languages/LANG/words.yaml, so that a
 * language is added without a line of C. No files are read here: config/ adds what it read. */
struct language_words;

struct error;

enum word_group {
    WORD_GROUP_HEADER_KEY, /* fields of a release: "titel" → "title" */
    WORD_GROUP_OTHER_KEY,  /* fields of other systems: "dato" → our name for it */
    WORD_GROUP_STATUS,     /* "kladde" → "draft" */
    WORD_GROUP_TYPE,       /* "pressemeddelelse" → "press-release" */
    WORD_GROUP_LANGUAGE,   /* "dansk" → "da" */
    WORD_GROUP_ANSWER,     /* "ja" → "true" */
    WORD_GROUP_MONTH,      /* "juni", "jun" → "june" */
    WORD_GROUP_WEEKDAY,    /* "tirsdag", "tir" → "tuesday" */
    WORD_GROUP_CLOCK,      /* what stands around a time of day: "kl" → "at" */
    WORD_GROUP_ZONE,       /* "dansk tid" → "Europe/Copenhagen" */
    WORD_GROUP_SECTION,    /* headings of wire text: "kontakter" → "contacts" */
    WORD_GROUP_FURNITURE, /* lines that are no part of a release: "til omgående brug" → "notice" */
    WORD_GROUP_MAIL,      /* what heads a copied mail: "fra" → "from" */
    WORD_GROUP_CONTACT,   /* labels: "tlf" → "phone" */
    WORD_GROUP_CREDIT,    /* "foto" → "photo" */
    WORD_GROUP_EMBARGO,   /* "klausuleret" → "embargoed" */
    WORD_GROUP_REPLY,     /* what people answer to a mail: "ja" → "agree" */
    WORD_GROUP_QUANTITY, /* what stands beside a number: "mio" → "million", "kr" → "krone" */
    WORD_GROUP_NUMERAL, /* small numbers in letters: "fire" → "four"; between two: "til" → "to" */
    WORD_GROUP_COUNT
};

struct language_word {
    const char *name;     /* ours, English: "june" */
    const char *word;     /* as its file has it: "juni" */
    const char *folded;   /* the same case-folded, in form C, single spaces */
    const char *language; /* BCP 47 tag of the file */
};

struct language_words *language_words_new(void);

/* Takes NULL. */
void language_words_free(struct language_words *words);

/* Adds words with language_words_add(); ERROR_USAGE where they cannot be read. */
typedef bool language_words_read(void *payload, struct language_words *words, struct error *error);

/* Most runs of a program ask for no word: read is called with the first question, and what has been
 * added by then stands behind what it adds. payload is borrowed. */
void language_words_read_later(struct language_words *words, language_words_read *read,
                               void *payload);

/* tags, ended by NULL and borrowed, are read as language: its words are theirs ("no", "nn": "nb").
 */
void language_words_also(struct language_words *words, const char *language,
                         const char *const *tags);

/* Reads the words now where that was put off, so that the caller gets the error. A look-up that has
 * to read them ends the program where they cannot be read, because else an embargo could pass
 * unseen. Takes NULL. */
bool language_words_open(const struct language_words *words, struct error *error)
    __attribute__((warn_unused_result));

/* The group that a file calls so ("months"); false where there is none. */
bool word_group_find(const char *name, enum word_group *group);

/* What files call the group. */
const char *word_group_name(enum word_group group);

/* The English names that a group's words may stand for, ended by NULL; NULL itself where any may
 * (types, languages and zones). */
const char *const *word_group_names(enum word_group group);

/* Copies all strings. Words of one language and name stand in the order of adding, the first is the
 * one to show. A word that is there already for that language and name is not added again. */
void language_words_add(struct language_words *words, const char *language, enum word_group group,
                        const char *name, const char *word);

/* All words of a group in the order of adding; 0 and NULL for NULL words. */
const struct language_word *language_words_list(const struct language_words *words,
                                                enum word_group group, size_t *count);

/* The word that equals folded (unicode_fold() of one line). language's own words win over those of
 * others; with is_only_own, others do not count. NULL: there is none. language NULL: any. */
const struct language_word *language_words_find(const struct language_words *words,
                                                enum word_group group, const char *language,
                                                const char *folded, bool is_only_own);

/* The longest word that folded begins with, not within a word of letters or digits there. Of
 * equally long ones language's own wins. NULL: there is none. */
const struct language_word *language_words_prefix(const struct language_words *words,
                                                  enum word_group group, const char *language,
                                                  const char *folded);

/* The same among the words for one name; NULL: for any. */
const struct language_word *language_words_prefix_for(const struct language_words *words,
                                                      enum word_group group, const char *name,
                                                      const char *language, const char *folded);

/* Whether text may hold a word of the group, of embargoes one that says that there is one. False is
 * certain, also for text in other case; it costs one look at each letter, much less than a search.
 */
bool language_words_may_hold(const struct language_words *words, enum word_group group,
                             const char *text);

/* The same of the first word in text: whether one of the group may begin with it. */
bool language_words_may_begin(const struct language_words *words, enum word_group group,
                              const char *text);

/* The word to show for one of our names in a language, else in English; NULL: there is none. */
const char *language_words_show(const struct language_words *words, enum word_group group,
                                const char *language, const char *name);

#endif
