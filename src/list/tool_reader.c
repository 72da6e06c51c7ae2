/* SPDX-License-Identifier: MIT */
#include "list/tool.h"

#include "base/error.h"
#include "base/memory.h"
#include "base/nearest.h"
#include "list/tool_reader.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { VALUE_MAXIMUM = LIST_LINE_MAXIMUM };

static const struct list_tool *const tools[] = {
    &list_tool_listmonk, &list_tool_mailman, &list_tool_mailchimp,
    &list_tool_mlmmj,    &list_tool_sympa,
};

enum { TOOL_COUNT = sizeof tools / sizeof tools[0] };

static const struct list_tool *tool_find(const char *name, struct error *error)
{
    const char *names[TOOL_COUNT + 1] = { NULL };
    for (size_t i = 0; i < TOOL_COUNT; i++) {
        if (strcasecmp(tools[i]->name, name) == 0)
            return tools[i];
        names[i] = tools[i]->name;
    }
    const char *nearest = name_nearest(name, names);
    (void)error_set(error, ERROR_USAGE,
                    "\"%.40s\" is no program whose lists are read%s%s%s" ERROR_ADVICE
                    "write listmonk, mailman, "
                    "mailchimp, mlmmj or sympa",
                    name, nearest ? " (do you mean " : "", nearest ? nearest : "",
                    nearest ? "?)" : "");
    return NULL;
}

struct list_tool_reader *list_tool_reader_new(FILE *stream, const struct list_settings *settings,
                                              struct error *error)
{
    const struct list_tool *tool = tool_find(settings->tool, error);
    if (!tool)
        return NULL;
    struct list_tool_reader *reader = memory_allocate(sizeof *reader);
    reader->tool = tool;
    reader->settings = *settings;
    reader->line = 0;
    reader->is_left_out = false;
    reader->is_begun = false;
    string_builder_init(&reader->list, 0);
    for (int key = 0; key < LIST_KEY_COUNT; key++)
        string_builder_init(&reader->values[key], VALUE_MAXIMUM);
    for (int field = 0; field < LIST_TOOL_COLUMNS; field++)
        reader->position[field] = -1;
    if (tool->is_table)
        csv_reader_init(&reader->csv, stream);
    else
        list_lines_init(&reader->lines, stream);
    if (tool->begin(reader, error))
        return reader;
    list_tool_reader_free(reader);
    return NULL;
}

void list_tool_reader_free(struct list_tool_reader *reader)
{
    if (!reader)
        return;
    for (int key = 0; key < LIST_KEY_COUNT; key++)
        string_builder_release(&reader->values[key]);
    string_builder_release(&reader->list);
    if (reader->tool->is_table)
        csv_reader_release(&reader->csv);
    else
        list_lines_release(&reader->lines);
    free(reader);
}

enum list_result list_tool_reader_next(struct list_tool_reader *reader, struct error *error)
{
    for (int key = 0; key < LIST_KEY_COUNT; key++)
        string_builder_clear(&reader->values[key]);
    return reader->tool->next(reader, error);
}

int64_t list_tool_reader_line(const struct list_tool_reader *reader)
{
    return reader->line;
}
