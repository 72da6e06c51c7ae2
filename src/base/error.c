/* SPDX-License-Identifier: MIT */
#include "base/error.h"

#include "base/utf8.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

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

/* Appends to the message. Its first separator marks where the advice begins, and each is shown as
 * "; ", so that arguments of ours may hold one too; one in a text from outside only moves where the
 * advice is taken to begin. */
static void fill(struct error *error, const char *format, va_list arguments)
    __attribute__((format(printf, 2, 0)));

static void fill(struct error *error, const char *format, va_list arguments)
{
    char text[ERROR_MESSAGE_SIZE];
    size_t length = strlen(error->message);
    error->wrong = (uint16_t)length;
    error->advice = 0;
    if (vsnprintf(text, sizeof text, format, arguments) < 0)
        text[0] = '\0';
    for (const char *next = text; *next; next++) {
        const char *shown = *next == ERROR_ADVICE[0] ? "; " : (const char[]){ *next, '\0' };
        size_t size = strlen(shown);
        if (length + size >= sizeof error->message)
            break;
        memcpy(error->message + length, shown, size);
        length += size;
        if (*next == ERROR_ADVICE[0] && !error->advice)
            error->advice = (uint16_t)length;
    }
    error->message[length] = '\0';
    message_clean(error->message);
    if (error->advice > strlen(error->message))
        error->advice = (uint16_t)strlen(error->message);
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

/* An offset into a message that moved by so much; 0 where that part was cut off at the end of the
 * room. */
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

enum { END_UNUSABLE = 2 };

static int end_code = END_UNUSABLE;

void error_set_end(int exit_code)
{
    end_code = exit_code;
}

void error_end_program(const struct error *error)
{
    (void)fprintf(stderr, "pressroom: %s\n", error->message);
    _exit(end_code);
}
