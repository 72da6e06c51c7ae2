/* SPDX-License-Identifier: MIT */
#include "mail/mail.h"

#include "address/token.h"
#include "base/hash.h"

#include <string.h>

/* By hand and not with printf(), because every message that is sent needs one. */

enum { NAME_SIZE = 64, NUMBER_SIZE = 20 };

struct name {
    char bytes[NAME_SIZE];
    size_t length;
};

static void append(struct name *name, const char *bytes, size_t length)
{
    memcpy(name->bytes + name->length, bytes, length);
    name->length += length;
}

static void append_number(struct name *name, int64_t number)
{
    char digits[NUMBER_SIZE];
    char *first = digits + sizeof digits;
    do
        *--first = (char)('0' + number % 10);
    while ((number /= 10) > 0);
    append(name, first, (size_t)(digits + sizeof digits - first));
}

static void write_digits(const struct token_keys *keys, const struct name *name,
                         char digits[MESSAGE_ID_DIGITS + 1])
{
    static const char hex[] = "0123456789abcdef";
    struct hash hash;
    keyed_hash(keys, "message-id", name->bytes, name->length, &hash);
    for (size_t i = 0; i < MESSAGE_ID_DIGITS / 2; i++) {
        digits[2 * i] = hex[hash.bytes[i] >> 4];
        digits[2 * i + 1] = hex[hash.bytes[i] & 15];
    }
    digits[MESSAGE_ID_DIGITS] = '\0';
}

void message_id_of_delivery(const struct token_keys *keys, int64_t announcement, int64_t subscriber,
                            char digits[MESSAGE_ID_DIGITS + 1])
{
    struct name name = { .length = 0 };
    append(&name, "delivery ", strlen("delivery "));
    append_number(&name, announcement);
    append(&name, " ", 1);
    append_number(&name, subscriber);
    write_digits(keys, &name, digits);
}

void message_id_of_transactional_mail(const struct token_keys *keys, int64_t row_id,
                                      char digits[MESSAGE_ID_DIGITS + 1])
{
    struct name name = { .length = 0 };
    append(&name, "single ", strlen("single "));
    append_number(&name, row_id);
    write_digits(keys, &name, digits);
}
