/* SPDX-License-Identifier: MIT */
#include "intake/front_matter.h"

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

bool front_matter_read(struct intake_reading *reading, const char **body, int *line)
{
    const char *start = reading->text;
    int number = 1;
    *body = reading->text;
    *line = 1;
    for (; *start && line_is(start, ""); number++)
        start = next_line(start);
    if (!line_is(start, "---"))
        return true;
    const char *fields = next_line(start);
    const char *end = fields;
    int lines = 2; /* the two marks */
    for (; *end && !line_is(end, "---") && !line_is(end, "..."); lines++)
        end = next_line(end);
    if (!*end) {
        intake_problem_add(reading->problems, INTAKE_REFUSED, number,
                           INTAKE_MESSAGE_FRONT_MATTER_OPEN, NULL, NULL);
        reading->fields_unread = true;
        return false;
    }
    fields_read(reading, fields, (size_t)(end - fields), number + 1);
    *body = next_line(end);
    *line = number + lines;
    reading->content = *body;
    reading->content_line = *line;
    return true;
}
