/* SPDX-License-Identifier: MIT */
#include "net/smtp.h"
#include "net/smtp_login.h"

#include <string.h>
#include <strings.h>

/* Whether the line begins with that keyword; *rest is what stands behind it. */
static bool has_keyword(const char *line, size_t length, const char *keyword, size_t *rest)
{
    size_t count = strlen(keyword);
    if (length < count || strncasecmp(line, keyword, count) != 0 ||
        (length > count && line[count] != ' ' && line[count] != '='))
        return false;
    *rest = count < length ? count + 1 : count;
    return true;
}

static int64_t read_size(const char *digits, size_t length)
{
    int64_t size = 0;
    for (size_t i = 0; i < length && digits[i] >= '0' && digits[i] <= '9'; i++) {
        if (size > INT64_MAX / 10 - 1)
            return 0;
        size = size * 10 + (digits[i] - '0');
    }
    return size;
}

void smtp_capabilities_add(struct smtp_capabilities *capabilities, const char *line, size_t length)
{
    size_t rest = 0;
    if (has_keyword(line, length, "PIPELINING", &rest)) {
        capabilities->pipelining = true;
    } else if (has_keyword(line, length, "8BITMIME", &rest)) {
        capabilities->eight_bit = true;
    } else if (has_keyword(line, length, "SMTPUTF8", &rest)) {
        capabilities->smtputf8 = true;
    } else if (has_keyword(line, length, "DSN", &rest)) {
        capabilities->dsn = true;
    } else if (has_keyword(line, length, "AUTH", &rest)) {
        capabilities->mechanisms |= smtp_mechanisms_read(line + rest, length - rest);
    } else if (has_keyword(line, length, "STARTTLS", &rest)) {
        capabilities->starttls = true;
    } else if (has_keyword(line, length, "SIZE", &rest)) {
        capabilities->size = true;
        capabilities->size_maximum = read_size(line + rest, length - rest);
    }
}
