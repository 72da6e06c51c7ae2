/* SPDX-License-Identifier: MIT */
#include "list/tool_reader.h"

#include "base/utf8.h"

#include <stdarg.h>

enum { EVIDENCE_WORD_MAXIMUM = 120, NOTE_SIZE = 512 };

const char *list_tool_reader_field(const struct list_tool_reader *reader, enum list_key key)
{
    return reader->values[key].length ? reader->values[key].data : "";
}

void list_tool_set(struct list_tool_reader *reader, enum list_key key, const char *value)
{
    string_builder_clear(&reader->values[key]);
    string_builder_append(&reader->values[key], value);
}

size_t list_tool_shown_length(const char *word)
{
    return utf8_fit(word, EVIDENCE_WORD_MAXIMUM);
}

void list_tool_evidence_add(struct list_tool_reader *reader, const char *what, const char *word)
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
