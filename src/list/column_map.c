/* SPDX-License-Identifier: MIT */
#include "list/column_map.h"

#include "base/error.h"
#include "base/nearest.h"
#include "base/printable.h"
#include "base/utf8.h"

#include <ctype.h>
#include <inttypes.h>
#include <string.h>
#include <strings.h>

enum { NAME_SHOWN = 60 };

static bool joins(char c)
{
    return c == '_' || c == '-' || c == ' ';
}

bool column_name_is(const char *name, const char *other)
{
    for (; *name && *other; name++, other++)
        if (tolower((unsigned char)*name) != tolower((unsigned char)*other) &&
            !(joins(*name) && joins(*other)))
            return false;
    return *name == *other;
}

void column_name_append(struct string_builder *text, size_t count, const char *name)
{
    size_t length = strlen(name);
    size_t shown = utf8_fit(name, NAME_SHOWN);
    if (count == COLUMN_NAMES_SHOWN)
        string_builder_append(text, ", …");
    if (count >= COLUMN_NAMES_SHOWN)
        return;
    string_builder_append(text, count ? ", \"" : "\"");
    printable_append(text, name, shown, false);
    string_builder_append(text, shown < length ? "…\"" : "\"");
}

int column_key(const char *name)
{
    for (int key = 0; key < LIST_KEY_COUNT; key++)
        if (column_name_is(name, list_keys[key]))
            return key;
    return COLUMN_LEFT_OUT;
}

bool column_maps_check(const struct list_settings *settings, struct error *error)
{
    const char *names[LIST_KEY_COUNT + 2] = { NULL };
    memcpy(names, list_keys, sizeof list_keys);
    names[LIST_KEY_COUNT] = COLUMN_MEANING_NONE;
    for (size_t i = 0; i < settings->column_count; i++) {
        const struct list_map *map = &settings->columns[i];
        const char *nearest = name_nearest(map->meaning, names);
        if (column_key(map->meaning) >= 0 || strcasecmp(map->meaning, COLUMN_MEANING_NONE) == 0)
            continue;
        return error_set(error, ERROR_USAGE,
                         "--map %s=%s: write address, feeds, cadence, language, state, "
                         "confirmed_at, evidence or none behind the =%s%s",
                         map->name, map->meaning, nearest ? "; perhaps " : "",
                         nearest ? nearest : "");
    }
    return true;
}

bool column_maps_fit(const struct list_settings *settings, const struct csv_reader *csv,
                     struct error *error)
{
    for (size_t i = 0; i < settings->column_count; i++) {
        const char *name = settings->columns[i].name;
        bool is_found = false;
        for (size_t column = 0; column < csv->field_count && !is_found; column++)
            is_found = column_name_is(csv_field(csv, column), name);
        if (!is_found)
            return error_set_at(error, ERROR_INPUT, csv->line,
                                "no column is called \"%s\", as --map says", name);
    }
    return true;
}

bool column_map_find(const struct list_settings *settings, const char *name, int *key)
{
    for (size_t i = 0; i < settings->column_count; i++)
        if (column_name_is(name, settings->columns[i].name)) {
            *key = column_key(settings->columns[i].meaning); /* none: COLUMN_LEFT_OUT */
            return true;
        }
    return false;
}
