/* SPDX-License-Identifier: MIT */
#ifndef YAML_YAML_H
#define YAML_YAML_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error_list.h"
#include "base/localized.h"

struct arena;
struct error;
struct string_builder;

/* ---- documents (document.c) ---- */

/* YAML 1.1 as libyaml reads it, cut down to what configuration and front matter need: no anchors,
 * aliases or tags, one document, no key twice. */
enum yaml_kind { YAML_SCALAR, YAML_SEQUENCE, YAML_MAPPING };

/* A value and where it stands. Entries of a mapping and items of a sequence are chained by next, in
 * the order of the file. */
struct yaml_node {
    enum yaml_kind kind;
    int line;         /* of the value, counted from first_line */
    int column;       /* of the value, counted from 1 */
    bool quoted;      /* scalar in quotes or a block (| or >): never empty in the sense below */
    const char *text; /* scalar: UTF-8 without control characters other than tab and line feed */
    size_t length;    /* scalar: bytes of text */
    const struct yaml_node *first; /* sequence, mapping: the first item or entry */
    size_t count;                  /* sequence, mapping: how many */
    const char *key;               /* entry of a mapping: its key; NULL elsewhere */
    int key_line;
    const struct yaml_node *next;
};

enum { YAML_SIZE_MAXIMUM = 1024 * 1024, YAML_DEPTH_MAXIMUM = 32, YAML_NODES_MAXIMUM = 20000 };

/* Reads bytes into a tree in arena. first_line is the number of the first line of bytes in its file
 * (1 for a file of its own, more for front matter). Nothing but comments gives an empty mapping.
 * NULL and ERROR_INPUT "line N: what is wrong; what to do" otherwise. */
const struct yaml_node *yaml_parse(struct arena *arena, const char *bytes, size_t length,
                                   int first_line, struct error *error);

/* Plain nothing, ~ or null: a key without a value, which counts as absent. */
bool yaml_is_empty(const struct yaml_node *node);

/* The entry's value, NULL where the key is not there, has an empty value, or mapping is NULL or no
 * mapping. */
const struct yaml_node *yaml_get(const struct yaml_node *mapping, const char *key);

/* "a text", "a list", "a mapping": for messages. */
const char *yaml_kind_name(enum yaml_kind kind);

/* Appends string as a double-quoted YAML scalar that reads back as the same bytes, whatever is in
 * it (control characters, quotes, line breaks). */
void yaml_append_quoted(struct string_builder *text, const char *string);

/* ---- typed reading (reader.c) ---- */

/* Typed reading of a mapping's entries. Each function looks up key and returns true with *value set
 * where it is there and right. Else *value is left alone (set the default first): silently where
 * the key is absent or empty, with a problem that names line, key and what was expected where the
 * value is wrong. Texts are borrowed from the tree or made in the list's arena. */

/* Names every key of mapping that is not in known (ended by NULL), with the nearest that is. Keys
 * that begin with ignored_prefix ("x-") pass; NULL: none does. */
void yaml_check_keys(struct error_list *problems, const struct yaml_node *mapping,
                     const char *const *known, const char *ignored_prefix);

/* The root must be a mapping: true, or a problem. */
bool yaml_check_mapping(struct error_list *problems, const struct yaml_node *root);

bool yaml_read_mapping(struct error_list *problems, const struct yaml_node *mapping,
                       const char *key, const struct yaml_node **value);

/* Any text, of several lines too; surrounding white space is cut off. "" (in quotes) is a problem.
 */
bool yaml_read_text(struct error_list *problems, const struct yaml_node *mapping, const char *key,
                    const char **value);

/* A text that must be one line: line breaks inside it are a problem. */
bool yaml_read_line(struct error_list *problems, const struct yaml_node *mapping, const char *key,
                    const char **value);

/* Decimal, within minimum … maximum. */
bool yaml_read_integer(struct error_list *problems, const struct yaml_node *mapping,
                       const char *key, int64_t minimum, int64_t maximum, int64_t *value);

/* As duration_parse() of base/clock.h: 90s, 5m, 48h, 7d. */
bool yaml_read_duration(struct error_list *problems, const struct yaml_node *mapping,
                        const char *key, int64_t *value_ms);

/* One of choices (ended by NULL), as its index; case does not count. */
bool yaml_read_choice(struct error_list *problems, const struct yaml_node *mapping, const char *key,
                      const char *const *choices, int *value);

/* A list of one-line texts, or a single one, taken as a list of one. *value becomes a chain of
 * scalar nodes (text, line), NULL for an empty list; items that are no text are problems and left
 * out. */
bool yaml_read_list(struct error_list *problems, const struct yaml_node *mapping, const char *key,
                    const struct yaml_node **value);

/* A list of mappings ([{name: …}, …]), or a single one, as the chain of its items. */
bool yaml_read_mappings(struct error_list *problems, const struct yaml_node *mapping,
                        const char *key, const struct yaml_node **value);

/* {da: …, en: …}, or a plain text, which is in default_language. Keys must look like language
 * tags. */
bool yaml_read_localized(struct error_list *problems, const struct yaml_node *mapping,
                         const char *key, const char *default_language,
                         const struct localized_text **value);

/* Adds a problem at the entry key (at the mapping itself where it is not there): for checks that go
 * beyond these. */
void yaml_problem(struct error_list *problems, const struct yaml_node *mapping, const char *key,
                  const char *format, ...) __attribute__((format(printf, 4, 5)));

#endif
