/* SPDX-License-Identifier: MIT */
#include "mail/message_id.h"

#include "address/token.h"
#include "base/hash.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { NAME_SIZE = 64 };

static void write_digits(const struct token_keys *keys, const char *name,
                         char digits[MESSAGE_ID_DIGITS + 1])
{
    struct hash hash;
    char hex[HASH_HEX_SIZE];
    keyed_hash(keys, "message-id", name, strlen(name), &hash);
    hash_to_hex(&hash, hex);
    memcpy(digits, hex, MESSAGE_ID_DIGITS);
    digits[MESSAGE_ID_DIGITS] = '\0';
}

void message_id_of_delivery(const struct token_keys *keys, int64_t announcement, int64_t subscriber,
                            char digits[MESSAGE_ID_DIGITS + 1])
{
    char name[NAME_SIZE];
    (void)snprintf(name, sizeof name, "delivery %" PRId64 " %" PRId64, announcement, subscriber);
    write_digits(keys, name, digits);
}

void message_id_of_single(const struct token_keys *keys, int64_t number,
                          char digits[MESSAGE_ID_DIGITS + 1])
{
    char name[NAME_SIZE];
    (void)snprintf(name, sizeof name, "single %" PRId64, number);
    write_digits(keys, name, digits);
}
