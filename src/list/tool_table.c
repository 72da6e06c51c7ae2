/* SPDX-License-Identifier: MIT */
#include "list/tool_reader.h"

#include "base/error.h"
#include "list/column.h"
#include "list/column_guess.h"
#include "list/column_map.h"

#include <string.h>

/* What the header line comes to. */
struct header {
    struct list_tool_reader *reader;
    bool is_said[LIST_TOOL_COLUMNS]; /* by the operator, which overrides what the program's own
                                        names say */
    struct string_builder left_out;  /* "Company", "Phone" */
    size_t left_out_count;
};

static const struct list_tool_column *column_find(const struct list_tool_column *columns,
                                                  const char *name)
{
    for (; columns->name; columns++)
        if (column_name_is(name, columns->name))
            return columns;
    return NULL;
}

static bool field_take(struct header *header, int field, size_t index, struct error *error)
{
    struct list_tool_reader *reader = header->reader;
    if (field == LIST_TOOL_NO_USE)
        return true;
    int before = reader->position[field];
    if (before < 0) {
        reader->position[field] = (int)index;
        return true;
    }
    return error_set(error, ERROR_INPUT,
                     "line 1: the columns \"%.60s\" and \"%.60s\" are the same" ERROR_ADVICE
                     "leave one of them "
                     "out, with --map NAME=none or in the file",
                     csv_field(&reader->csv, (size_t)before), csv_field(&reader->csv, index));
}

/* What the operator says of columns. */
static bool said_take(struct header *header, struct error *error)
{
    const struct csv_reader *csv = &header->reader->csv;
    for (size_t i = 0; i < csv->field_count; i++) {
        int key;
        if (!column_map_find(&header->reader->settings, csv_field(csv, i), &key))
            continue;
        if (!field_take(header, key, i, error))
            return false;
        if (key >= 0)
            header->is_said[key] = true;
    }
    return true;
}

/* What the program calls columns. */
static bool others_take(struct header *header, const struct list_tool_column *columns,
                        struct error *error)
{
    const struct csv_reader *csv = &header->reader->csv;
    for (size_t i = 0; i < csv->field_count; i++) {
        const char *name = csv_field(csv, i);
        int key;
        if (*name == '\0' || column_map_find(&header->reader->settings, name, &key))
            continue;
        const struct list_tool_column *column = column_find(columns, name);
        if (!column && column_key(name) < 0 &&
            column_guess_key(header->reader->settings.phrases, name) == LIST_STATE)
            return error_set(
                error, ERROR_INPUT,
                "line 1: \"%.60s\" may say who left, and is no column of %s" ERROR_ADVICE
                "say what "
                "it is with --map NAME=state, or leave it out with --map NAME=none",
                name, header->reader->tool->title);
        if (!column)
            column_name_append(&header->left_out, header->left_out_count++, name);
        else if ((column->field < 0 || !header->is_said[column->field]) &&
                 !field_take(header, column->field, i, error))
            return false;
    }
    return true;
}

static bool address_check(const struct list_tool_reader *reader,
                          const struct list_tool_column *columns, struct error *error)
{
    if (reader->position[LIST_ADDRESS] >= 0)
        return true;
    while (columns->field != LIST_ADDRESS)
        columns++;
    return error_set(error, ERROR_INPUT,
                     "line 1: no column is called \"%s\", as in an export of %s" ERROR_ADVICE
                     "--map "
                     "NAME=address says which has the addresses",
                     columns->name, reader->tool->title);
}

static bool header_take(struct header *header, const struct list_tool_column *columns,
                        struct error *error)
{
    struct list_tool_reader *reader = header->reader;
    if (!column_maps_fit(&reader->settings, &reader->csv, error) || !said_take(header, error) ||
        !others_take(header, columns, error) || !address_check(reader, columns, error))
        return false;
    if (header->left_out_count)
        list_tool_note(reader, 1, "%s %s left out; --map NAME=KEY takes a column in",
                       header->left_out.data, header->left_out_count == 1 ? "is" : "are");
    return true;
}

static bool text_check(const struct list_tool_reader *reader, struct error *error)
{
    return reader->csv.source.kind != SOURCE_WORKBOOK ||
           error_set(error, ERROR_INPUT,
                     "this is a ZIP file or a spreadsheet's own" ERROR_ADVICE
                     "unpack it, and import the CSV files "
                     "that %s wrote, one by one",
                     reader->tool->title);
}

bool list_tool_header_read(struct list_tool_reader *reader, const struct list_tool_column *columns,
                           struct error *error)
{
    struct header header = { .reader = reader };
    if (!column_maps_check(&reader->settings, error) || !text_check(reader, error))
        return false;
    switch (csv_read(&reader->csv, error)) {
    case CSV_RECORD:
        break;
    case CSV_END:
        return error_set(error, ERROR_INPUT, "the file is empty");
    case CSV_MALFORMED:
        return error_prefix(error, "line 1");
    case CSV_FAILED:
        return false;
    }
    string_builder_init(&header.left_out, 0);
    bool done = header_take(&header, columns, error);
    string_builder_release(&header.left_out);
    return done;
}

enum list_result list_tool_row_read(struct list_tool_reader *reader, struct error *error)
{
    enum csv_result result = csv_read(&reader->csv, error);
    reader->line = reader->csv.line;
    switch (result) {
    case CSV_RECORD:
        return record_is_alone(&reader->csv, reader->position[LIST_ADDRESS], error)
                   ? LIST_RECORD
                   : LIST_MALFORMED;
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
