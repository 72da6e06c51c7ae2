/* SPDX-License-Identifier: MIT */
#include "net/smtp_path.h"

#include <stddef.h>
#include <string.h>

enum { PATH_MAXIMUM = 254, ENVELOPE_ID_MAXIMUM = 100 };

bool smtp_path_is_ascii(const char *address)
{
    while (*address && (unsigned char)*address < 0x80)
        address++;
    return !*address;
}

bool smtp_path_is_valid(const char *address)
{
    size_t length = 0;
    bool is_quoted = false;
    for (; address[length]; length++) {
        unsigned char character = (unsigned char)address[length];
        if (character < 0x20 || character == 0x7f || length >= PATH_MAXIMUM)
            return false;
        if (character == '\\' && is_quoted) {
            unsigned char next = (unsigned char)address[++length];
            if (next < 0x20 || next == 0x7f)
                return false;
        } else if (character == '"') {
            is_quoted = !is_quoted;
        } else if (!is_quoted && (character == '<' || character == '>' || character == ' ')) {
            return false;
        }
    }
    return !is_quoted;
}

bool smtp_envelope_id_is_valid(const char *id)
{
    size_t length = strlen(id);
    for (size_t i = 0; i < length; i++) {
        if (id[i] <= ' ' || id[i] > '~' || id[i] == '+' || id[i] == '=')
            return false;
    }
    return length && length <= ENVELOPE_ID_MAXIMUM;
}
