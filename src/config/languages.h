/* SPDX-License-Identifier: MIT */
#ifndef CONFIG_LANGUAGES_H
#define CONFIG_LANGUAGES_H

#include "config/loading.h"

struct hash_state;

/* Inside config/ only: the languages that pressroom is shipped in, and their texts. */

enum { PLACES = 3 };

/* A folder of the drop directory that says where a release stands, in one language. */
struct place_words {
    enum release_place place;
    const char *name; /* "Kladder" */
    const char *file; /* with what the file in it says, below the language's folder */
};

/* A folder of the share folder's templates/languages/ with a language.yaml. */
struct shipped_language {
    const char *tag;
    const char *country;     /* ISO 3166: where it is spoken, as far as nobody says; NULL: none */
    const char *timezone;    /* what init writes into a newsroom of this language */
    const char *const *also; /* tags that are read as this language, ended by NULL; NULL: none */
    const struct place_words *places; /* PLACES of them, in the order of their names in the file;
                                         NULL: none */
    const char *readme;               /* file in each of these folders; NULL: none */
    struct shipped_language *next;
};

/* Fills loading->languages, in the order of their tags. */
void loading_languages(struct loading *loading);

/* The language in which texts for tag are: its own, that of its tag without region, or one that it
 * is read as; NULL: there is none, so they are in English. */
const struct shipped_language *shipped_language_find(const struct loading *loading,
                                                     const char *tag);

/* config->intake.containers: the places of every shipped language, since a newsroom that changes
 * its language still has its drafts, and before them those of intake.folders. After
 * loading_languages(). */
void loading_containers(struct loading *loading, const struct yaml_node *intake);

/* Texts of pages, mails and notes; those of pages and mails also into hash. After
 * loading_languages(). */
void loading_texts(struct loading *loading, struct hash_state *hash);

#endif
