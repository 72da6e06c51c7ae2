/* SPDX-License-Identifier: MIT */
#include "list/tool_reader.h"

#include "base/error.h"
#include "list/column_guess.h"
#include "list/column_map.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

/* The names of columns, which a spreadsheet or a web page may put before the first person. */
static bool line_is_header(const struct list_tool_reader *reader, const char *line)
{
    char name[64];
    line += *line == '"';
    size_t length = strcspn(line, "\"\t,;");
    if (reader->line != 1 || length >= sizeof name)
        return false;
    memcpy(name, line, length);
    name[length] = '\0';
    return column_guess_is_address(reader->settings.phrases, name) ||
           column_key(name) == LIST_ADDRESS;
}

/* Columns behind the addresses are not read: none may say who left. */
static bool header_check(const struct list_tool_reader *reader, const char *line,
                         struct error *error)
{
    char name[64];
    while (*line) {
        size_t length = strcspn(line, "\"\t,;");
        (void)snprintf(name, sizeof name, "%.*s", (int)(length < 256 ? length : 256), line);
        if (*name && column_guess_key(reader->settings.phrases, name) == LIST_STATE)
            return error_set(
                error, ERROR_INPUT,
                "line 1: \"%.60s\" may say who left, and %s writes no columns" ERROR_ADVICE "leave "
                "--from out, or take that column out of the file",
                name, reader->tool->title);
        line += length + (line[length] != '\0');
    }
    return true;
}

enum list_result list_tool_line_read(struct list_tool_reader *reader, const char **line,
                                     struct error *error)
{
    enum list_result result;
    bool is_header = false;
    do {
        result = list_lines_next(&reader->lines, line, error);
        reader->line = reader->lines.number;
        is_header = result == LIST_RECORD && line_is_header(reader, *line);
        if (is_header && !header_check(reader, *line, error))
            return LIST_FAILED;
    } while (is_header || (result == LIST_RECORD && **line == '#'));
    return result;
}

static const char separators[] = " \t,;\"";

/* The first word that may be an address; NULL where none is. */
static const char *word_find(const char *line, size_t *length)
{
    while (*(line += strspn(line, separators))) {
        *length = strcspn(line, separators);
        if (memchr(line, '@', *length))
            return line;
        line += *length;
    }
    return NULL;
}

/* What the brackets of "Name <a@b.example>" hold; NULL where there are none, or several. */
static const char *brackets_find(const char *line, size_t *length)
{
    const char *open = strchr(line, '<');
    const char *close = open ? strchr(open, '>') : NULL;
    if (!close || strchr(open + 1, '<'))
        return NULL;
    *length = (size_t)(close - open) - 1;
    return memchr(open, '@', *length + 1) ? open + 1 : NULL;
}

/* Whether another address stands in the line, which would be lost. */
static bool is_one_of_several(const char *line, const char *address, size_t length)
{
    size_t other_length;
    const char *other = strchr(line, '<') ? NULL : word_find(address + length, &other_length);
    return other && (other_length != length || strncasecmp(other, address, length) != 0);
}

bool list_tool_address_take(struct list_tool_reader *reader, const char *line, struct error *error)
{
    size_t length = 0;
    const char *address = strchr(line, '<') ? brackets_find(line, &length)
                                            : word_find(line, &length);
    if (!address) {
        string_builder_append_bytes(&reader->values[LIST_ADDRESS], line,
                                    list_tool_shown_length(line));
        return error_set(error, ERROR_INPUT,
                         strchr(line, '@') ? "not one address" ERROR_ADVICE
                                             "write one person a line, as %s does"
                                           : "no address stands here; is the file what %s writes?",
                         reader->tool->title);
    }
    string_builder_append_bytes(&reader->values[LIST_ADDRESS], address, length);
    return !is_one_of_several(line, address, length) ||
           error_set(error, ERROR_INPUT,
                     "several addresses" ERROR_ADVICE "write one person a line, as %s does",
                     reader->tool->title);
}

bool list_tool_columns_refuse(const struct list_tool_reader *reader, struct error *error)
{
    return reader->settings.column_count == 0 ||
           error_set(error, ERROR_INPUT,
                     "what %s writes has no columns" ERROR_ADVICE "leave --map out, or --from",
                     reader->tool->title);
}

bool list_tool_lines_begin(struct list_tool_reader *reader, struct error *error)
{
    return list_tool_columns_refuse(reader, error) && list_tool_feeds_check(reader, error);
}

/* "press.example has no members" of Mailman 3. */
static bool says_nobody(const char *line)
{
    static const char words[] = " has no members";
    size_t length = strlen(line);
    return length >= sizeof words && strcmp(line + length - (sizeof words - 1), words) == 0 &&
           !strchr(line, '@');
}

enum list_result list_tool_lines_next(struct list_tool_reader *reader, struct error *error)
{
    const char *line;
    enum list_result result;
    do
        result = list_tool_line_read(reader, &line, error);
    while (result == LIST_RECORD && (*line == '\0' || says_nobody(line)));
    if (result != LIST_RECORD)
        return result;
    if (!list_tool_address_take(reader, line, error))
        return LIST_MALFORMED;
    list_tool_feeds_set_all(reader);
    return LIST_RECORD;
}
