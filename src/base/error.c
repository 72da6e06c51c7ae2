/* SPDX-License-Identifier: MIT */
#include "base/error.h"

#include "base/utf8.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

/* Octets that are no UTF-8, a character cut by "%.40s" among them, are written \xC3: a document of
 * which the message is a part stays whole. What has no room any more is left out, and so is the
 * character that the end of the room has cut. */
static void octets_escape(char message[ERROR_MESSAGE_SIZE])
{
    static const char digits[] = "0123456789ABCDEF";
    char raw[ERROR_MESSAGE_SIZE];
    size_t length = strnlen(message, ERROR_MESSAGE_SIZE - 1);
    size_t used = 0;
    memcpy(raw, message, length);
    for (size_t offset = 0; offset < length;) {
        uint32_t c;
        size_t start = offset;
        bool is_good = utf8_next(raw, length, &offset, &c);
        size_t needed = is_good ? offset - start : strlen("\\xC3");
        bool is_cut = !is_good && length == ERROR_MESSAGE_SIZE - 1 && length - start < 4;
        if (is_cut || used + needed >= ERROR_MESSAGE_SIZE)
            break;
        if (is_good) {
            memcpy(message + used, raw + start, needed);
        } else {
            unsigned char octet = (unsigned char)raw[offset++];
            memcpy(message + used,
                   (const char[]){ '\\', 'x', digits[octet >> 4], digits[octet & 15] }, needed);
        }
        used += needed;
    }
    message[used] = '\0';
}

/* A message is shown on one terminal line and stands in logs: nothing from outside may break it or
 * colour it. */
static void message_clean(char message[ERROR_MESSAGE_SIZE])
{
    for (char *c = message; *c; c++)
        if ((unsigned char)*c < 0x20 || *c == 0x7f)
            *c = ' ';
    if (!utf8_is_valid(message, strlen(message)))
        octets_escape(message);
}

static void message_write(char *message, size_t size, const char *format, va_list arguments)
    __attribute__((format(printf, 3, 0)));

static void message_write(char *message, size_t size, const char *format, va_list arguments)
{
    int written = vsnprintf(message, size, format, arguments);
    if (written < 0)
        message[0] = '\0';
    message_clean(message);
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
    message_clean(error->message);
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
    message_clean(error->message);
    return false;
}
