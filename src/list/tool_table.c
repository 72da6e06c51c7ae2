/* SPDX-License-Identifier: MIT */
#include "list/tool_reader.h"

#include "base/error.h"

#include <string.h>
#include <strings.h>

/* The key that the operator says the column is; -1: nothing is said of it. */
static int key_said(const struct list_settings *settings, const char *name)
{
    for (size_t i = 0; i < settings->column_count; i++)
        if (strcasecmp(settings->columns[i].name, name) == 0)
            for (int key = 0; key < LIST_KEY_COUNT; key++)
                if (strcasecmp(settings->columns[i].meaning, list_keys[key]) == 0)
                    return key;
    return -1;
}

static const struct list_tool_column *column_find(const struct list_tool_column *columns,
                                                  const char *name)
{
    for (; columns->name; columns++)
        if (strcasecmp(columns->name, name) == 0)
            return columns;
    return NULL;
}

static bool columns_said_take(struct list_tool_reader *reader, struct error *error)
{
    for (size_t i = 0; i < reader->csv.field_count; i++) {
        const char *name = csv_field(&reader->csv, i);
        int key = key_said(&reader->settings, name);
        if (key < 0)
            continue;
        if (reader->position[key] >= 0)
            return error_set(error, ERROR_INPUT,
                             "line 1: two columns are said to be %s; --map one of them",
                             list_keys[key]);
        reader->position[key] = (int)i;
    }
    return true;
}

static bool column_take(struct list_tool_reader *reader, const struct list_tool_column *columns,
                        size_t index, struct error *error)
{
    const char *name = csv_field(&reader->csv, index);
    if (key_said(&reader->settings, name) >= 0)
        return true;
    const struct list_tool_column *column = column_find(columns, name);
    if (!column) {
        list_tool_note(reader, 1,
                       "the column \"%.80s\" is left out; --map \"%.80s=KEY\" takes it in", name,
                       name);
        return true;
    }
    if (column->field == LIST_TOOL_NO_USE || reader->position[column->field] == (int)index)
        return true;
    /* What the operator says is a key goes before the column that mostly is. */
    if (column->field < LIST_KEY_COUNT && reader->position[column->field] >= 0 &&
        key_said(&reader->settings,
                 csv_field(&reader->csv, (size_t)reader->position[column->field])) >= 0)
        return true;
    if (reader->position[column->field] >= 0)
        return error_set(error, ERROR_INPUT,
                         "line 1: \"%.80s\" stands there twice; take one of the columns out", name);
    reader->position[column->field] = (int)index;
    return true;
}

static bool said_columns_exist(const struct list_tool_reader *reader, struct error *error)
{
    for (size_t said = 0; said < reader->settings.column_count; said++) {
        const char *name = reader->settings.columns[said].name;
        size_t i = 0;
        while (i < reader->csv.field_count && strcasecmp(csv_field(&reader->csv, i), name) != 0)
            i++;
        if (i == reader->csv.field_count)
            return error_set(error, ERROR_INPUT,
                             "line 1: no column is called \"%.80s\", which --map names", name);
    }
    return true;
}

bool list_tool_header_read(struct list_tool_reader *reader, const struct list_tool_column *columns,
                           struct error *error)
{
    enum csv_result result = csv_read(&reader->csv, error);
    if (result == CSV_END)
        return error_set(error, ERROR_INPUT, "the file is empty");
    if (result != CSV_RECORD)
        return error_prefix(error, "line 1");
    if (!said_columns_exist(reader, error) || !columns_said_take(reader, error))
        return false;
    for (size_t i = 0; i < reader->csv.field_count; i++)
        if (!column_take(reader, columns, i, error))
            return false;
    if (reader->position[LIST_ADDRESS] >= 0)
        return true;
    while (columns->field != LIST_ADDRESS)
        columns++;
    return error_set(error, ERROR_INPUT,
                     "line 1: no column is called \"%s\", as in an export of %s; --map "
                     "COLUMN=address says which has the addresses",
                     columns->name, reader->tool->title);
}

static bool row_is_empty(const struct csv_reader *csv)
{
    for (size_t i = 0; i < csv->field_count; i++)
        if (*csv_field(csv, i))
            return false;
    return true;
}

enum list_result list_tool_row_read(struct list_tool_reader *reader, struct error *error)
{
    enum csv_result result;
    do
        result = csv_read(&reader->csv, error);
    while (result == CSV_RECORD && row_is_empty(&reader->csv));
    reader->line = reader->csv.line;
    switch (result) {
    case CSV_RECORD:
        return LIST_RECORD;
    case CSV_END:
        return LIST_END;
    case CSV_MALFORMED:
        return LIST_MALFORMED;
    case CSV_FAILED:
        break;
    }
    return LIST_FAILED;
}

const char *list_tool_cell(const struct list_tool_reader *reader, int field)
{
    int position = reader->position[field];
    return position < 0 ? "" : csv_field(&reader->csv, (size_t)position);
}
