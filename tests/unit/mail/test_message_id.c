/* SPDX-License-Identifier: MIT */
#include "cmocka_all.h"

#include "address/token.h"
#include "base/hash.h"
#include "mail/mail.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* As versions before this one made them: a correction answers a mail that one of those sent. */
static void expect(const struct token_keys *keys, const char *name, const char *digits)
{
    struct hash hash;
    char hex[HASH_HEX_SIZE];
    keyed_hash(keys, "message-id", name, strlen(name), &hash);
    hash_to_hex(&hash, hex);
    hex[MESSAGE_ID_DIGITS] = '\0';
    assert_string_equal(digits, hex);
}

/* Holds I5. */
static void names_are_functions_of_the_row_for_ever(void **state)
{
    (void)state;
    static const int64_t numbers[] = { 1, 10, 4711, (INT64_C(1) << 40) - 1, INT64_MAX };
    struct token_keys *keys = token_keys_fixed(9);
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        for (size_t k = 0; k < sizeof numbers / sizeof numbers[0]; k++) {
            char name[80];
            char digits[MESSAGE_ID_DIGITS + 1];
            message_id_of_delivery(keys, numbers[i], numbers[k], digits);
            (void)snprintf(name, sizeof name, "delivery %" PRId64 " %" PRId64, numbers[i],
                           numbers[k]);
            expect(keys, name, digits);
            message_id_of_transactional_mail(keys, numbers[i], digits);
            (void)snprintf(name, sizeof name, "single %" PRId64, numbers[i]);
            expect(keys, name, digits);
        }
    token_keys_free(keys);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_are_functions_of_the_row_for_ever),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
