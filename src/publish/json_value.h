/* SPDX-License-Identifier: MIT */
#ifndef PUBLISH_JSON_VALUE_H
#define PUBLISH_JSON_VALUE_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

struct error;
struct string_builder;

/* Inside publish/ only: setting members of JSON objects: a NULL text is null, never a missing
 * name. */
void json_set_text(json_t *object, const char *name, const char *text);
void json_set_number(json_t *object, const char *name, int64_t number);
void json_set_boolean(json_t *object, const char *name, bool value);

/* Takes over value; NULL becomes null. */
void json_set_value(json_t *object, const char *name, json_t *value);

/* The same, but where text is NULL nothing is set: for documents, where null would be noise. */
void json_set_if(json_t *object, const char *name, const char *text);

/* Sets a list, and "has_NAME" to whether it has elements. Takes over list. */
void json_set_list(json_t *object, const char *name, json_t *list);

/* Appends value as a document with a newline at its end, and drops value. */
bool json_write(json_t *value, struct string_builder *text, struct error *error);

#endif
