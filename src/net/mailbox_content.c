/* SPDX-License-Identifier: MIT */
#include "net/mailbox.h"

#include "base/hash.h"

#include <string.h>
#include <strings.h>

static bool is_changing(const char *line, size_t length)
{
    static const char *const names[] = {
        "Status:",           "X-Status:",         "X-Keywords:",     "X-UID:",
        "X-IMAP:",           "X-IMAPbase:",       "Content-Length:", "Lines:",
        "X-Mozilla-Status:", "X-Mozilla-Status2:"
    };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (length >= strlen(names[i]) && strncasecmp(line, names[i], strlen(names[i])) == 0)
            return true;
    return false;
}

void mailbox_content_hash(const char *bytes, size_t length, struct hash *hash)
{
    struct hash_state state;
    size_t at = 0;
    bool is_left_out = false;
    hash_init(&state);
    while (at < length) {
        const char *line = bytes + at;
        const char *end = memchr(line, '\n', length - at);
        size_t taken = end ? (size_t)(end - line) + 1 : length - at;
        if (*line == '\n' || *line == '\r')
            break;
        if (*line != ' ' && *line != '\t')
            is_left_out = is_changing(line, taken);
        if (!is_left_out)
            hash_update(&state, line, taken);
        at += taken;
    }
    hash_update(&state, bytes + at, length - at);
    hash_final(&state, hash);
}
