/* SPDX-License-Identifier: MIT */
#include "list/list.h"

#include "base/error.h"
#include "base/memory.h"
#include "list/csv.h"
#include "list/tool.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

const char *const list_keys[LIST_KEY_COUNT] = { "address", "feeds",        "cadence", "language",
                                                "state",   "confirmed_at", "evidence" };

struct list_reader {
    struct list_tool_reader *tool; /* reads what another program wrote, and nothing else does */
    struct list_settings settings;
    struct csv_reader csv;
    int position[LIST_KEY_COUNT]; /* -1: no such column */
};

static void column_take(struct list_reader *reader, const char *name, int position)
{
    for (int key = 0; key < LIST_KEY_COUNT; key++)
        if (reader->position[key] < 0 && strcasecmp(name, list_keys[key]) == 0)
            reader->position[key] = position;
}

static bool header_read(struct list_reader *reader, struct error *error)
{
    enum csv_result result = csv_read(&reader->csv, error);
    for (int key = 0; key < LIST_KEY_COUNT; key++)
        reader->position[key] = -1;
    if (result == CSV_END)
        return error_set(error, ERROR_INPUT,
                         "the file is empty; its first line names the columns, address first");
    if (result != CSV_RECORD)
        return error_prefix(error, "line 1");
    for (size_t i = 0; i < reader->csv.field_count; i++)
        column_take(reader, csv_field(&reader->csv, i), (int)i);
    if (reader->position[LIST_ADDRESS] < 0)
        return error_set(error, ERROR_INPUT,
                         "line 1: no column is called address; the first line names the columns");
    return true;
}

struct list_reader *list_reader_new(FILE *stream, const struct list_settings *settings,
                                    struct error *error)
{
    struct list_reader *reader = malloc(sizeof *reader);
    if (!reader)
        memory_failed(sizeof *reader);
    reader->settings = *settings;
    reader->tool = NULL;
    if (settings->tool) {
        reader->tool = list_tool_reader_new(stream, settings, error);
        if (reader->tool)
            return reader;
        free(reader);
        return NULL;
    }
    csv_reader_init(&reader->csv, stream);
    if (header_read(reader, error))
        return reader;
    list_reader_free(reader);
    return NULL;
}

void list_reader_free(struct list_reader *reader)
{
    if (!reader)
        return;
    list_tool_reader_free(reader->tool);
    if (!reader->tool)
        csv_reader_release(&reader->csv);
    free(reader);
}

enum list_result list_reader_next(struct list_reader *reader, struct error *error)
{
    if (reader->tool)
        return list_tool_reader_next(reader->tool, error);
    switch (csv_read(&reader->csv, error)) {
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

const char *list_reader_field(const struct list_reader *reader, enum list_key key)
{
    if (reader->tool)
        return list_tool_reader_field(reader->tool, key);
    int position = reader->position[key];
    return position < 0 ? "" : csv_field(&reader->csv, (size_t)position);
}

int64_t list_reader_line(const struct list_reader *reader)
{
    return reader->tool ? list_tool_reader_line(reader->tool) : reader->csv.line;
}
