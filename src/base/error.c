/* SPDX-License-Identifier: MIT */
#include "base/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* A message is shown on one terminal line and stands in logs: nothing from outside may break it or
 * colour it. */
static void message_make_single_line(char *message)
{
    for (char *c = message; *c; c++)
        if ((unsigned char)*c < 0x20 || *c == 0x7f)
            *c = ' ';
}

static void message_write(char *message, size_t size, const char *format, va_list arguments)
    __attribute__((format(printf, 3, 0)));

static void message_write(char *message, size_t size, const char *format, va_list arguments)
{
    int written = vsnprintf(message, size, format, arguments);
    if (written < 0)
        message[0] = '\0';
    message_make_single_line(message);
}

bool error_set(struct error *error, enum error_kind kind, const char *format, ...)
{
    va_list arguments;
    error->kind = kind;
    va_start(arguments, format);
    message_write(error->message, sizeof error->message, format, arguments);
    va_end(arguments);
    return false;
}

bool error_set_errno(struct error *error, enum error_kind kind, int errno_value, const char *format,
                     ...)
{
    char reason[128];
    va_list arguments;
    error->kind = kind;
    va_start(arguments, format);
    message_write(error->message, sizeof error->message, format, arguments);
    va_end(arguments);
    const char *text = strerror_r(errno_value, reason, sizeof reason);
    size_t length = strlen(error->message);
    (void)snprintf(error->message + length, sizeof error->message - length, ": %s", text);
    return false;
}

bool error_prefix(struct error *error, const char *format, ...)
{
    char rest[ERROR_MESSAGE_SIZE];
    va_list arguments;
    (void)snprintf(rest, sizeof rest, "%s", error->message);
    va_start(arguments, format);
    message_write(error->message, sizeof error->message, format, arguments);
    va_end(arguments);
    size_t length = strlen(error->message);
    (void)snprintf(error->message + length, sizeof error->message - length, ": %s", rest);
    return false;
}
