/* SPDX-License-Identifier: MIT */
#include "intake/front_matter.h"

#include "intake/bare_header.h"
#include "intake/fields.h"
#include "intake/reader.h"

#include <string.h>

/* The line at bytes without its end and trailing white space is exactly mark. */
static bool line_is(const char *line, const char *mark)
{
    size_t length = strlen(mark);
    if (strncmp(line, mark, length) != 0)
        return false;
    line += length;
    return line[strspn(line, " \t")] == '\n' || line[strspn(line, " \t")] == '\0';
}

static const char *next_line(const char *line)
{
    const char *end = strchr(line, '\n');
    return end ? end + 1 : line + strlen(line);
}

static bool is_end(const char *line)
{
    return bare_header_is_mark(line) || line_is(line, "...");
}

static bool refuse(struct intake_reading *reading, int line, enum intake_message_id id,
                   const char *what)
{
    intake_problem_add(reading->problems, INTAKE_REFUSED, line, id, what, NULL);
    reading->fields_unread = true;
    return false;
}

/* Continues behind the fields. Another header there, as when new fields were pasted above old
 * ones, is refused, because it would be published as text. */
static bool pass(struct intake_reading *reading, const char *body, int line, const char **to,
                 int *to_line)
{
    *to = reading->content = body;
    *to_line = reading->content_line = line;
    return !bare_header_follows(reading, body) ||
           refuse(reading, line, INTAKE_MESSAGE_FIELDS_TWICE, NULL);
}

/* Reads fields without "---" above them, because an embargo or a draft status among them must not
 * be published as text. */
static bool read_bare(struct intake_reading *reading, const char *start, int number,
                      const char **body, int *line)
{
    size_t length;
    int broken_line = 0;
    const char *broken;
    switch (bare_header_find(reading, start, &length, &broken_line, &broken)) {
    case BARE_HEADER_NONE:
        return true;
    case BARE_HEADER_BROKEN:
        return refuse(reading, number + broken_line, INTAKE_MESSAGE_FIELDS_BROKEN, broken);
    case BARE_HEADER_FOUND:
        break;
    }
    fields_read(reading, start, length, number);
    const char *end = start + length;
    for (const char *c = start; c < end; c++)
        number += *c == '\n';
    if (bare_header_follows(reading, end)) /* a "---" separates the two headers */
        return refuse(reading, number, INTAKE_MESSAGE_FIELDS_TWICE, NULL);
    bool is_mark = is_end(end);
    return pass(reading, is_mark ? next_line(end) : end, number + is_mark, body, line);
}

bool front_matter_read(struct intake_reading *reading, const char **body, int *line)
{
    const char *start = reading->text;
    int number = 1;
    *body = reading->text;
    *line = 1;
    for (; *start && line_is(start, ""); number++)
        start = next_line(start);
    if (!line_is(start, "---")) {
        bool is_mark = bare_header_is_mark(start);
        return read_bare(reading, is_mark ? next_line(start) : start, number + is_mark, body, line);
    }
    const char *fields = next_line(start);
    const char *end = fields;
    int lines = 2; /* the two marks */
    for (; *end && !is_end(end); lines++)
        end = next_line(end);
    if (!*end)
        return refuse(reading, number, INTAKE_MESSAGE_FRONT_MATTER_OPEN, NULL);
    fields_read(reading, fields, (size_t)(end - fields), number + 1);
    return pass(reading, next_line(end), number + lines, body, line);
}
