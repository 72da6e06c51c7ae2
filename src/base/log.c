/* SPDX-License-Identifier: MIT */
#include "base/log.h"

#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <unistd.h>

enum { LINE_SIZE = 2048 };

static _Atomic enum log_level current_level = LOG_NOTICE;
static atomic_uint error_count;

void log_set_level(enum log_level level)
{
    current_level = level;
}

enum log_level log_level(void)
{
    return current_level;
}

unsigned log_error_count(void)
{
    return error_count;
}

void log_line(enum log_level level, const char *format, ...)
{
    static const char prefix[] = "pressroom: ";
    char line[LINE_SIZE];
    if (level == LOG_ERROR)
        error_count++;
    if (level > current_level)
        return;
    int length = snprintf(line, sizeof line, "%s", prefix);
    va_list arguments;
    va_start(arguments, format);
    int more = vsnprintf(line + length, sizeof line - (size_t)length - 1, format, arguments);
    va_end(arguments);
    length += more < 0 ? 0 : more;
    if (length > LINE_SIZE - 2)
        length = LINE_SIZE - 2;
    for (int i = 0; i < length; i++)
        if ((unsigned char)line[i] < 0x20 || line[i] == 0x7f)
            line[i] = ' ';
    line[length++] = '\n';
    /* One write a line: lines of several processes do not mix. */
    ssize_t written = write(STDERR_FILENO, line, (size_t)length);
    (void)written;
}
