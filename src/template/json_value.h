/* SPDX-License-Identifier: MIT */
#ifndef TEMPLATE_JSON_VALUE_H
#define TEMPLATE_JSON_VALUE_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

struct error;
struct string_builder;

/* Members of JSON objects, for contexts of templates and for documents alike. A NULL text is null,
 * never a missing name. Names are constants in UTF-8. */
void json_set_text(json_t *object, const char *name, const char *text);
void json_set_number(json_t *object, const char *name, int64_t number);
void json_set_boolean(json_t *object, const char *name, bool value);

/* Takes over value; NULL becomes null. */
void json_set_value(json_t *object, const char *name, json_t *value);

/* The same, but where text is NULL nothing is set: for documents, where null would be noise. */
void json_set_if(json_t *object, const char *name, const char *text);

/* Sets a list, and "has_NAME" to whether it has elements. Takes over list; NULL: an empty one. */
void json_set_list(json_t *object, const char *name, json_t *list);

/* "a b" as an array of strings; NULL as an empty one. New, the caller's. */
json_t *json_words(const char *words);

/* Appends value as a document with a newline at its end, and drops value. */
bool json_write(json_t *value, struct string_builder *text, struct error *error);

#endif
