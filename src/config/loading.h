/* SPDX-License-Identifier: MIT */
#ifndef CONFIG_LOADING_H
#define CONFIG_LOADING_H

#include "base/error_list.h"
#include "config/config.h"
#include "yaml/yaml.h"

/* Inside config/ only: one loading under way. Each part adds its problems and goes on with a
 * default, so that one loading reports them all. */
struct loading {
    struct config *config;
    struct arena *arena;
    struct error_list *problems;
    const char *directory; /* of the newsroom, absolute */
    const char *share;
    struct shipped_language *languages; /* after loading_languages() (config/languages.h) */
    const struct proofreading_dictionary *dictionaries; /* of all of them */
};

/* Reads a file, and one with a YAML mapping; false or NULL, and a problem, where that cannot be.
 * name is what problems call it from now on. */
bool loading_read_bytes(struct loading *loading, const char *path, const char *name,
                        const char **bytes, size_t *length);
const struct yaml_node *loading_read_yaml(struct loading *loading, const char *path,
                                          const char *name);

/* The same of bytes already read. */
const struct yaml_node *loading_parse_yaml(struct loading *loading, const char *bytes,
                                           size_t length);

/* Adds the problem that there is no such key, with the nearest of those there are. */
void loading_unknown_key(struct loading *loading, const struct yaml_node *entry,
                         const char *const *known);

/* Sets *error to what is wrong with a file of the share folder, and returns false. */
bool loading_fail_installed(const struct file_error *problem, struct error *error);

/* Names of the files of a folder that end so, without that ending, sorted, without hidden ones,
 * ended by NULL; an empty list where there is no such folder. */
const char *const *loading_list(struct loading *loading, const char *path, const char *ending);

/* A path of newsroom.yaml: relative to the newsroom where it is not absolute. */
const char *loading_path(struct loading *loading, const char *path);

/* newsroom.yaml, its parts by file. */
void loading_newsroom(struct loading *loading, const struct yaml_node *root);
void loading_digest(struct loading *loading, const struct yaml_node *digest);
void loading_mail(struct loading *loading, const struct yaml_node *mail);
void loading_receipts(struct loading *loading, const struct yaml_node *receipts);
void loading_receipts_complete(struct loading *loading);

/* A list of e-mail addresses that mail of ours goes to; those that are none are problems. */
const struct receipt_address *loading_receipt_addresses(struct loading *loading,
                                                        const struct yaml_node *mapping,
                                                        const char *key);

/* feeds/, templates/, the words of its languages, and topics/. */
void loading_feeds(struct loading *loading);
void loading_appearance(struct loading *loading);
void loading_words(struct loading *loading);
void loading_topics(struct loading *loading);

#endif
