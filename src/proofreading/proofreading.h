/* SPDX-License-Identifier: MIT */
#ifndef PROOFREADING_PROOFREADING_H
#define PROOFREADING_PROOFREADING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct language_words;
struct locale_context;
struct release;

/* What a careful colleague would say of a release before it goes. Pure over the release: nothing is
 * read, changed or refused, and what is not certain is not said, because false alarms teach people
 * to read none. Time grows with the length of the text. */

enum proofreading_kind {
    PROOFREADING_NO_CONTACT,    /* neither the release nor the newsroom names one */
    PROOFREADING_HEADING_SKIPS, /* quote: a heading more than one level below the one above */
    PROOFREADING_LINK_DEAD,     /* quote: an address of our own where nothing is public */
    PROOFREADING_LINK_ANCHOR,   /* quote: the page is there, but not the place on it */
    PROOFREADING_HARD_TO_READ,  /* other: its LIX */
    PROOFREADING_WEEKDAY,       /* quote: a date as written; weekday: which it really is */
    PROOFREADING_SPELLING,      /* quote: the first of them; other: words that no dictionary has */
    PROOFREADING_DISAGREES,     /* quote: stands here alone; other: stands in the original */
    PROOFREADING_MISSING,       /* other: stands in the original alone */
    PROOFREADING_DIFFERS,       /* quote: stands here alone; other: in the original alone */
    PROOFREADING_KIND_COUNT
};

/* Lives in the arena given, or borrows from the release. */
struct proofreading_finding {
    enum proofreading_kind kind;
    const char *quote;    /* as the text has it, to be found in the file; NULL: none */
    const char *other;    /* see the kind; NULL */
    const char *language; /* DISAGREES, MISSING, DIFFERS: of the original */
    const char *most;     /* HARD_TO_READ: the LIX that suits a release in its language */
    int weekday;          /* WEEKDAY: 1 Monday … 7 Sunday */
    struct proofreading_finding *next;
};

/* What hunspell knows of a language. */
struct proofreading_dictionary {
    const char *language;      /* tag without region */
    const char *const *paths;  /* without .aff and .dic, ended by NULL: who is in one is known */
    int part_letters;          /* the fewest of a word in a compound; 0: there are no compounds */
    const char *const *joints; /* letters between two of them, ended by NULL; NULL: none */
    const char *package;       /* Debian's; NULL: unknown */
    const struct proofreading_dictionary *next;
};

/* Whether any of its files is there. */
bool proofreading_dictionary_is_there(const struct proofreading_dictionary *dictionary);

/* The one for texts in language, a tag; NULL: none. */
const struct proofreading_dictionary *
proofreading_dictionary_find(const struct proofreading_dictionary *first, const char *language);

enum proofreading_place { PROOFREADING_THERE, PROOFREADING_NO_PAGE, PROOFREADING_NO_ANCHOR };

struct proofreading_settings {
    const struct language_words *words; /* NULL: no dates and quantities are known */
    struct locale_context *locale;      /* NULL: dates and versions are not looked at */
    bool has_contacts;                  /* the newsroom names some of its own */
    const char *site_url;               /* ends in one slash; NULL: links are not looked at */
    const struct proofreading_dictionary *dictionaries; /* NULL: spelling is not looked at */
};

/* Who knows what is public: path is below site_url, percent-decoded, without anchor; anchor may be
 * NULL. */
struct proofreading_site {
    enum proofreading_place (*find)(void *payload, const char *path, const char *anchor);
    void *payload;
};

/* Who knows the words of a dictionary: marks those that it does not have. No more than
 * PROOFREADING_WORDS_MAXIMUM are asked for, each of no more than PROOFREADING_WORD_BYTES. False:
 * nothing is known of any. */
struct proofreading_speller {
    bool (*look_up)(void *payload, const struct proofreading_dictionary *dictionary,
                    const char *const *words, size_t count, bool *are_unknown);
    void *payload;
};

enum {
    PROOFREADING_FINDINGS_MAXIMUM = 20,
    PROOFREADING_WORDS_MAXIMUM = 5000,
    PROOFREADING_WORD_BYTES = 60
};

/* What there is to say of one text, in the order of the text. site NULL: links are not looked at;
 * speller NULL: nor is spelling. now_at stands in for a time of publication. NULL: nothing. */
const struct proofreading_finding *proofreading_read(const struct proofreading_settings *settings,
                                                     const struct proofreading_site *site,
                                                     const struct proofreading_speller *speller,
                                                     struct arena *arena,
                                                     const struct release *release, int64_t now_at);

/* Where a version says something else than its original: numbers, amounts, percentages, dates,
 * times, telephone numbers and names. */
const struct proofreading_finding *
proofreading_compare(const struct proofreading_settings *settings, struct arena *arena,
                     const struct release *version, const struct release *original);

#endif
