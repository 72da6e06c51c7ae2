/* SPDX-License-Identifier: MIT */
#ifndef YAML_READER_H
#define YAML_READER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error_list.h"
#include "base/localized.h"
#include "yaml/document.h"

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
