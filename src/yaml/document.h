/* SPDX-License-Identifier: MIT */
#ifndef YAML_DOCUMENT_H
#define YAML_DOCUMENT_H

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct error;

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
struct string_builder;
void yaml_append_quoted(struct string_builder *text, const char *string);

#endif
