/* SPDX-License-Identifier: MIT */
#include "cli/terminal.h"

#include "base/arena.h"
#include "base/printable.h"
#include "base/string_builder.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void terminal_print(const char *format, ...)
{
    struct arena arena = { 0 };
    struct string_builder shown;
    va_list arguments;
    va_start(arguments, format);
    const char *line = arena_format_list(&arena, format, arguments);
    va_end(arguments);
    string_builder_init(&shown, 0);
    printable_append(&shown, line, strlen(line), true);
    (void)fwrite(shown.data, 1, shown.length, stdout);
    string_builder_release(&shown);
    arena_release(&arena);
}
