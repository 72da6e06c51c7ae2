/* SPDX-License-Identifier: MIT */
#include "base/log.h"

#include "base/printable.h"
#include "base/string_builder.h"
#include "base/utf8.h"

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
    /* One octet more than is shown: by it is seen whether the cut falls inside a character. */
    char line[LINE_SIZE + 1];
    struct string_builder shown;
    if (level == LOG_ERROR)
        error_count++;
    if (level > current_level)
        return;
    va_list arguments;
    va_start(arguments, format);
    int wanted = vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    size_t length = wanted > 0 ? utf8_fit(line, LINE_SIZE - 1) : 0;
    string_builder_init(&shown, 0);
    string_builder_append(&shown, "pressroom: ");
    printable_append(&shown, line, length, false);
    string_builder_append_character(&shown, '\n');
    /* One write a line: lines of several processes do not mix. */
    ssize_t written = write(STDERR_FILENO, shown.data, shown.length);
    (void)written;
    string_builder_release(&shown);
}
