/* SPDX-License-Identifier: MIT */
#include "template/json_value.h"

#include "base/error.h"
#include "base/string_builder.h"
#include "base/words.h"

#include <stdio.h>

void json_set_value(json_t *object, const char *name, json_t *value)
{
    (void)json_object_set_new_nocheck(object, name, value ? value : json_null());
}

void json_set_text(json_t *object, const char *name, const char *text)
{
    json_set_value(object, name, text ? json_string(text) : NULL);
}

void json_set_number(json_t *object, const char *name, int64_t number)
{
    json_set_value(object, name, json_integer(number));
}

void json_set_boolean(json_t *object, const char *name, bool value)
{
    json_set_value(object, name, json_boolean(value));
}

void json_set_if(json_t *object, const char *name, const char *text)
{
    if (text)
        json_set_text(object, name, text);
}

void json_set_list(json_t *object, const char *name, json_t *list)
{
    char flag[64];
    (void)snprintf(flag, sizeof flag, "has_%s", name);
    json_set_boolean(object, flag, json_array_size(list) > 0);
    json_set_value(object, name, list ? list : json_array());
}

json_t *json_words(const char *words)
{
    json_t *array = json_array();
    const char *rest = words ? words : "";
    const char *word = NULL;
    size_t length = 0;
    while (words_next(&rest, &word, &length))
        (void)json_array_append_new(array, json_stringn(word, length));
    return array;
}

static int text_write(const char *bytes, size_t length, void *payload)
{
    string_builder_append_bytes(payload, bytes, length);
    return 0;
}

bool json_write(json_t *value, struct string_builder *text, struct error *error)
{
    int result = json_dump_callback(value, text_write, text, JSON_INDENT(1));
    json_decref(value);
    string_builder_append_character(text, '\n');
    if (string_builder_overflowed(text))
        return error_set(error, ERROR_INPUT, "JSON: the document passes %zu bytes", text->maximum);
    if (result != 0)
        return error_set(error, ERROR_SYSTEM, "JSON: document could not be written");
    return true;
}
