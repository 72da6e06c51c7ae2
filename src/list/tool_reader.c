/* SPDX-License-Identifier: MIT */
#include "list/tool.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/nearest.h"
#include "base/utf8.h"
#include "list/tool_reader.h"
#include "locale/zone.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { VALUE_MAXIMUM = LIST_LINE_MAXIMUM, EVIDENCE_WORD_MAXIMUM = 120, NOTE_SIZE = 512 };

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
                    "\"%.40s\" is no program whose lists are read%s%s%s; write listmonk, mailman, "
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

const char *list_tool_reader_field(const struct list_tool_reader *reader, enum list_key key)
{
    return reader->values[key].length ? reader->values[key].data : "";
}

int64_t list_tool_reader_line(const struct list_tool_reader *reader)
{
    return reader->line;
}

/* ---- values ---- */

void list_tool_set(struct list_tool_reader *reader, enum list_key key, const char *value)
{
    string_builder_clear(&reader->values[key]);
    string_builder_append(&reader->values[key], value);
}

size_t list_tool_shown_length(const char *word)
{
    return utf8_fit(word, EVIDENCE_WORD_MAXIMUM);
}

void list_tool_tell(struct list_tool_reader *reader, const char *what, const char *word)
{
    struct string_builder *evidence = &reader->values[LIST_EVIDENCE];
    if (*word == '\0')
        return;
    if (evidence->length == 0) {
        string_builder_append(evidence, reader->tool->title);
        string_builder_append(evidence, ": ");
    } else {
        string_builder_append(evidence, ", ");
    }
    string_builder_append(evidence, what);
    string_builder_append_character(evidence, ' ');
    string_builder_append_bytes(evidence, word, list_tool_shown_length(word));
}

void list_tool_note(const struct list_tool_reader *reader, int64_t line, const char *format, ...)
{
    char note[NOTE_SIZE];
    va_list arguments;
    if (!reader->settings.note)
        return;
    va_start(arguments, format);
    (void)vsnprintf(note, sizeof note, format, arguments);
    va_end(arguments);
    reader->settings.note(reader->settings.payload, line, note);
}
