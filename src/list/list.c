/* SPDX-License-Identifier: MIT */
#include "list/list.h"

#include "base/error.h"
#include "base/memory.h"
#include "list/column.h"
#include "list/reader.h"
#include "list/tool.h"
#include "list/value.h"
#include "locale/mail_phrases.h"
#include "locale/zone.h"

#include <stdlib.h>
#include <string.h>

static bool file_begin(struct list_reader *reader, FILE *stream, struct error *error)
{
    if (!mail_phrases_open(reader->settings.phrases, error))
        return false;
    if (!reader->settings.zone)
        reader->settings.zone = reader->universal = zone_open("UTC", error);
    if (!reader->settings.zone)
        return false;
    if (reader->settings.tool) {
        reader->tool = list_tool_reader_new(stream, &reader->settings, error);
        return reader->tool != NULL;
    }
    csv_reader_init(&reader->csv, stream);
    return columns_read(reader, error);
}

struct list_reader *list_reader_new(FILE *stream, const struct list_settings *settings,
                                    struct error *error)
{
    struct list_reader *reader = memory_allocate(sizeof *reader);
    reader->settings = *settings;
    for (int key = 0; key < LIST_KEY_COUNT; key++) {
        reader->position[key] = -1;
        reader->raw[key] = "";
        reader->values[key] = "";
        string_builder_init(&reader->known[key].raw, CSV_RECORD_MAXIMUM);
        string_builder_init(&reader->known[key].meaning, 2 * (size_t)CSV_RECORD_MAXIMUM);
    }
    if (file_begin(reader, stream, error))
        return reader;
    list_reader_free(reader);
    return NULL;
}

void list_reader_free(struct list_reader *reader)
{
    if (!reader)
        return;
    csv_reader_release(&reader->csv);
    for (int key = 0; key < LIST_KEY_COUNT; key++) {
        string_builder_release(&reader->known[key].raw);
        string_builder_release(&reader->known[key].meaning);
    }
    arena_release(&reader->record);
    list_tool_reader_free(reader->tool);
    zone_close(reader->universal);
    free(reader);
}

static enum list_result raw_read(struct list_reader *reader, struct error *error)
{
    if (!reader->tool)
        return record_read(reader, error);
    enum list_result result = list_tool_reader_next(reader->tool, error);
    for (int key = 0; key < LIST_KEY_COUNT; key++)
        reader->raw[key] = list_tool_reader_field(reader->tool, (enum list_key)key);
    return result;
}

enum list_result list_reader_next(struct list_reader *reader, struct error *error)
{
    arena_release(&reader->record);
    for (int key = 0; key < LIST_KEY_COUNT; key++)
        reader->values[key] = "";
    enum list_result result = raw_read(reader, error);
    struct error other;
    /* Of a malformed record what can be read is kept, because who is said to have left must not be
     * mailed. */
    if (result == LIST_MALFORMED)
        (void)values_read(reader, &other);
    if (result == LIST_RECORD && !values_read(reader, error))
        return LIST_MALFORMED;
    return result;
}

const char *list_reader_field(const struct list_reader *reader, enum list_key key)
{
    return reader->values[key];
}

int64_t list_reader_line(const struct list_reader *reader)
{
    return reader->tool ? list_tool_reader_line(reader->tool) : reader->csv.line;
}
