/* SPDX-License-Identifier: MIT */
#include "list/tool_reader.h"

#include "base/error.h"

#include <string.h>

enum list_result list_tool_line_read(struct list_tool_reader *reader, const char **line,
                                     struct error *error)
{
    enum list_result result;
    do
        result = list_lines_next(&reader->lines, line, error);
    while (result == LIST_RECORD && **line == '#');
    reader->line = reader->lines.number;
    return result;
}

/* Where the address stands in the line: what the last brackets hold, else its first word. */
static const char *address_find(const char *line, size_t *length)
{
    const char *open = strrchr(line, '<');
    const char *close = open ? strchr(open, '>') : NULL;
    if (close) {
        *length = (size_t)(close - open) - 1;
        return open + 1;
    }
    *length = strcspn(line, " \t;,");
    if (*length >= 2 && line[0] == '"' && line[*length - 1] == '"') {
        *length -= 2;
        return line + 1;
    }
    return line;
}

bool list_tool_address_take(struct list_tool_reader *reader, const char *line, struct error *error)
{
    size_t length;
    const char *address = address_find(line, &length);
    text_append_bytes(&reader->values[LIST_ADDRESS], address, length);
    return memchr(address, '@', length) ||
           error_set(error, ERROR_INPUT,
                     "no address stands here; is the file what %s writes, one person a line?",
                     reader->tool->title);
}

bool list_tool_columns_refuse(const struct list_tool_reader *reader, struct error *error)
{
    return reader->settings.column_count == 0 ||
           error_set(error, ERROR_INPUT,
                     "what %s writes has no columns; leave --map out, or --from",
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
