/* SPDX-License-Identifier: MIT */
#include "net/mailbox_kind.h"

#include "base/hash.h"

#include <string.h>

void mailbox_key_write(char key[MAILBOX_KEY_SIZE], const char *name)
{
    struct hash hash;
    bool is_plain = *name && strlen(name) < MAILBOX_KEY_SIZE - 1 && name[0] != '#';
    for (const char *c = name; is_plain && *c; c++)
        is_plain = *c > ' ' && *c < 127;
    if (is_plain) {
        memcpy(key, name, strlen(name) + 1);
        return;
    }
    hash_bytes(name, strlen(name), &hash);
    key[0] = '#';
    hash_to_hex(&hash, key + 1);
}
