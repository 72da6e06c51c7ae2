/* SPDX-License-Identifier: MIT */
#include "base/error.h"

#include "base/utf8.h"

#include <inttypes.h>
#include <stdarg.h>
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

static void append_list(char message[ERROR_MESSAGE_SIZE], const char *format, va_list arguments)
    __attribute__((format(printf, 2, 0)));

static void append_list(char message[ERROR_MESSAGE_SIZE], const char *format, va_list arguments)
{
    size_t length = strlen(message);
    if (vsnprintf(message + length, ERROR_MESSAGE_SIZE - length, format, arguments) < 0)
        message[length] = '\0';
    message_clean(message);
}

static void append(char message[ERROR_MESSAGE_SIZE], const char *text)
{
    size_t length = strlen(message);
    (void)snprintf(message + length, ERROR_MESSAGE_SIZE - length, "%s", text);
    message_clean(message);
}

/* How long the message gets by what stands in the format before the advice: formatted alone, since
 * an argument from outside may hold the separator too. */
static size_t length_before_advice(const char *format, va_list arguments)
{
    char before[ERROR_MESSAGE_SIZE];
    char message[ERROR_MESSAGE_SIZE] = "";
    size_t length = (size_t)(strstr(format, ERROR_ADVICE) - format);
    if (length >= sizeof before)
        return 0;
    memcpy(before, format, length);
    before[length] = '\0';
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral" /* it is the beginning of a checked one */
    append_list(message, before, arguments);
#pragma GCC diagnostic pop
    return strlen(message);
}

/* Behind what the message has already; notes where the advice begins. */
static void fill(struct error *error, const char *format, va_list arguments)
    __attribute__((format(printf, 2, 0)));

static void fill(struct error *error, const char *format, va_list arguments)
{
    va_list again;
    size_t start = strlen(error->message);
    error->wrong = (uint16_t)start;
    error->advice = 0;
    va_copy(again, arguments);
    append_list(error->message, format, again);
    va_end(again);
    if (!strstr(format, ERROR_ADVICE))
        return;
    size_t end = start + length_before_advice(format, arguments);
    char rest[ERROR_MESSAGE_SIZE] = "";
    if (end < strlen(error->message))
        memcpy(rest, error->message + end + 1, strlen(error->message + end + 1) + 1);
    error->message[end < sizeof error->message ? end : sizeof error->message - 1] = '\0';
    append(error->message, "; ");
    error->advice = (uint16_t)strlen(error->message);
    append(error->message, rest);
}

bool error_set_list(struct error *error, enum error_kind kind, int64_t line, const char *format,
                    va_list arguments)
{
    error->kind = kind;
    error->line = line;
    error->message[0] = '\0';
    if (line)
        (void)snprintf(error->message, sizeof error->message, "line %" PRId64 ": ", line);
    fill(error, format, arguments);
    return false;
}

bool error_set(struct error *error, enum error_kind kind, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    (void)error_set_list(error, kind, 0, format, arguments);
    va_end(arguments);
    return false;
}

bool error_set_at(struct error *error, enum error_kind kind, int64_t line, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    (void)error_set_list(error, kind, line, format, arguments);
    va_end(arguments);
    return false;
}

bool error_set_errno(struct error *error, enum error_kind kind, int errno_value, const char *format,
                     ...)
{
    char reason[128];
    va_list arguments;
    va_start(arguments, format);
    (void)error_set_list(error, kind, 0, format, arguments);
    va_end(arguments);
    append(error->message, ": ");
    append(error->message, strerror_r(errno_value, reason, sizeof reason));
    return false;
}

/* What is behind the room's end is lost, and nothing points there. */
static uint16_t moved(uint16_t offset, size_t by, const char *message)
{
    size_t place = offset + by;
    size_t length = strlen(message);
    return (uint16_t)(place < length ? place : length);
}

bool error_prefix(struct error *error, const char *format, ...)
{
    char rest[ERROR_MESSAGE_SIZE];
    va_list arguments;
    memcpy(rest, error->message, strlen(error->message) + 1);
    error->message[0] = '\0';
    va_start(arguments, format);
    append_list(error->message, format, arguments);
    va_end(arguments);
    append(error->message, ": ");
    size_t added = strlen(error->message);
    append(error->message, rest);
    error->wrong = moved(error->wrong, added, error->message);
    if (error->advice)
        error->advice = moved(error->advice, added, error->message);
    return false;
}

const char *error_wrong(const struct error *error)
{
    return error->message + error->wrong;
}

size_t error_wrong_length(const struct error *error)
{
    size_t end = error->advice ? error->advice - strlen("; ") : strlen(error->message);
    return end > error->wrong ? end - error->wrong : 0;
}

const char *error_advice(const struct error *error)
{
    return error->advice ? error->message + error->advice : NULL;
}
