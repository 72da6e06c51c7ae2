/* SPDX-License-Identifier: MIT */
#ifndef UNIT_LIST_REPORTED_H
#define UNIT_LIST_REPORTED_H

#include "base/error.h"
#include "base/string_builder.h"
#include "list/list.h"
#include "unit/phrases.h"

#include <inttypes.h>
#include <stdio.h>

/* All that a file says, a line each: notes, records ("LINE|ADDRESS|FEEDS|…"), "LINE! ADDRESS: why"
 * for those that are malformed, and what refused the file. */

static void reported_note(void *payload, int64_t line, const char *text)
{
    string_builder_append_format(payload, "%" PRId64 " note: %s\n", line, text);
}

static void reported_record(struct string_builder *text, const struct list_reader *reader)
{
    string_builder_append_format(text, "%" PRId64, list_reader_line(reader));
    for (enum list_key key = 0; key < LIST_KEY_COUNT; key++)
        string_builder_append_format(text, "|%s", list_reader_field(reader, key));
    string_builder_append_character(text, '\n');
}

static void reported_append(struct string_builder *text, FILE *stream,
                            struct list_settings *settings)
{
    struct error error = { 0 };
    enum list_result result = LIST_FAILED;
    settings->phrases = kept_phrases();
    settings->note = reported_note;
    settings->payload = text;
    struct list_reader *reader = list_reader_new(stream, settings, &error);
    if (!reader) {
        string_builder_append_format(text, "refused: %s\n", error.message);
        return;
    }
    while ((result = list_reader_next(reader, &error)) != LIST_END && result != LIST_FAILED)
        if (result == LIST_RECORD)
            reported_record(text, reader);
        else
            string_builder_append_format(text, "%" PRId64 "! %s: %s\n", list_reader_line(reader),
                                         list_reader_field(reader, LIST_ADDRESS), error.message);
    if (result == LIST_FAILED)
        string_builder_append_format(text, "failed: %s\n", error.message);
    list_reader_free(reader);
}

#endif
