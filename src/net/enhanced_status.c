/* SPDX-License-Identifier: MIT */
#include "net/refusal.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

enum { DIGITS_MAXIMUM = 3 };

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_alphanumeric(char c)
{
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* ".1" with at most three digits; its length, 0 for none. */
static size_t read_number(const char *bytes, size_t length, int *number)
{
    size_t at = 1;
    if (length < 2 || bytes[0] != '.')
        return 0;
    *number = 0;
    while (at < length && at <= DIGITS_MAXIMUM && is_digit(bytes[at]))
        *number = *number * 10 + (bytes[at++] - '0');
    return at > 1 ? at : 0;
}

size_t enhanced_status_begins(const char *bytes, size_t length, struct enhanced_status *status)
{
    struct enhanced_status read = { 0, 0, 0 };
    if (length == 0 || (bytes[0] != '2' && bytes[0] != '4' && bytes[0] != '5'))
        return 0;
    read.class = bytes[0] - '0';
    size_t subject = read_number(bytes + 1, length - 1, &read.subject);
    size_t detail = subject ? read_number(bytes + 1 + subject, length - 1 - subject, &read.detail)
                            : 0;
    size_t end = 1 + subject + detail;
    bool goes_on = end < length &&
                   (is_alphanumeric(bytes[end]) ||
                    (bytes[end] == '.' && end + 1 < length && is_digit(bytes[end + 1])));
    if (!detail || goes_on)
        return 0;
    *status = read;
    return end;
}

const char *enhanced_status_find(const char *text, struct enhanced_status *status, size_t *length)
{
    size_t rest = strlen(text);
    for (const char *at = text; rest; at++, rest--) {
        bool starts = at == text || !(is_alphanumeric(at[-1]) || at[-1] == '.');
        if (!starts || *at == '2')
            continue;
        *length = enhanced_status_begins(at, rest, status);
        if (*length)
            return at;
    }
    return NULL;
}

void enhanced_status_write(const struct enhanced_status *status, char text[ENHANCED_STATUS_SIZE])
{
    *text = '\0';
    if (status->class)
        (void)snprintf(text, ENHANCED_STATUS_SIZE, "%u.%u.%u", (unsigned)status->class % 10U,
                       (unsigned)status->subject % 1000U, (unsigned)status->detail % 1000U);
}
