/* SPDX-License-Identifier: MIT */
#include "cmocka_all.h"

#include "address/token.h"
#include "address/verp.h"
#include "base/arena.h"
#include "base/error.h"
#include "base/file.h"
#include "base/string_builder.h"

#include <ctype.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct token examples[] = {
    { TOKEN_CONFIRM, 1, 0 },
    { TOKEN_UNSUBSCRIBE, INT64_MAX, 0 },
    { TOKEN_PREFERENCES, INT64_C(0x0123456789abcdef), 0 },
    { TOKEN_MY_DATA, 42, 0 },
    { TOKEN_ERASE, 42, 0 },
    { TOKEN_BOUNCE, INT64_MAX, (INT64_C(1) << 40) - 1 },
    { TOKEN_BOUNCE, 7, 1 },
    { TOKEN_ANSWER, INT64_MAX, (INT64_C(1) << 40) - 1 },
    { TOKEN_ANSWER, 7, 1 },
    { TOKEN_RECEIPT, INT64_MAX, 0 },
    { TOKEN_PREVIEW, 11, 0 },
    { TOKEN_STATUS, 29000000, 0 },
    { TOKEN_RECEIPT_MAIL, INT64_MAX, 0 },
    { TOKEN_BOUNCE_TRANSACTIONAL, 99, 0 },
    { TOKEN_CONFIRM_MAIL, 99, 0 },
};

enum { EXAMPLE_COUNT = sizeof examples / sizeof examples[0] };

static void a_token_says_what_it_was_made_of_in_any_case(void **state)
{
    (void)state;
    struct token_keys *keys = token_keys_fixed(1);
    for (size_t i = 0; i < EXAMPLE_COUNT; i++) {
        char string[TOKEN_SIZE];
        struct token back = { 0 };
        token_write(keys, &examples[i], string);
        size_t length = strlen(string);
        assert_int_equal(length, examples[i].purpose == TOKEN_BOUNCE ||
                                         examples[i].purpose == TOKEN_ANSWER ||
                                         examples[i].purpose == TOKEN_CONFIRM_MAIL ||
                                         examples[i].purpose == TOKEN_RECEIPT_MAIL
                                     ? 40
                                     : 32);
        assert_int_equal(strspn(string, "abcdefghijklmnopqrstuvwxyz234567"), length);
        for (size_t j = 0; j < length; j += 2)
            string[j] = (char)toupper((unsigned char)string[j]);
        assert_true(token_read(keys, examples[i].purpose, string, length, &back));
        assert_int_equal(back.purpose, examples[i].purpose);
        assert_true(back.row_id == examples[i].row_id);
        assert_true(back.announcement == examples[i].announcement);
    }
    token_keys_free(keys);
}

static void a_token_is_good_for_one_purpose_and_cannot_be_changed(void **state)
{
    (void)state;
    struct token back = { 0 };
    struct token_keys *keys = token_keys_fixed(1);
    struct token_keys *others = token_keys_fixed(2);
    for (size_t i = 0; i < EXAMPLE_COUNT; i++) {
        char string[TOKEN_SIZE];
        token_write(keys, &examples[i], string);
        size_t length = strlen(string);
        for (int purpose = TOKEN_CONFIRM; purpose <= TOKEN_RECEIPT_MAIL; purpose++)
            assert_int_equal(token_read(keys, (enum token_purpose)purpose, string, length, &back),
                             purpose == (int)examples[i].purpose);
        assert_false(token_read(others, examples[i].purpose, string, length, &back));
        assert_false(token_read(keys, examples[i].purpose, string, length - 1, &back));
        for (size_t j = 0; j < length; j++) {
            char kept = string[j];
            string[j] = kept == 'a' ? 'b' : 'a';
            assert_false(token_read(keys, examples[i].purpose, string, length, &back));
            string[j] = '1';
            assert_false(token_read(keys, examples[i].purpose, string, length, &back));
            string[j] = kept;
        }
    }
    token_keys_free(others);
    token_keys_free(keys);
}

static void keyed_hashes_differ_by_key_label_and_bytes(void **state)
{
    (void)state;
    struct hash a;
    struct hash b;
    struct token_keys *keys = token_keys_fixed(1);
    struct token_keys *others = token_keys_fixed(2);
    keyed_hash(keys, "suppression", "x", 1, &a);
    keyed_hash(keys, "suppression", "x", 1, &b);
    assert_true(hash_equal(&a, &b));
    keyed_hash(keys, "message-id", "x", 1, &b);
    assert_false(hash_equal(&a, &b));
    keyed_hash(keys, "suppression", "y", 1, &b);
    assert_false(hash_equal(&a, &b));
    keyed_hash(others, "suppression", "x", 1, &b);
    assert_false(hash_equal(&a, &b));
    token_keys_free(others);
    token_keys_free(keys);
}

static void the_key_file_is_made_once_kept_private_and_can_grow(void **state)
{
    (void)state;
    char folder[] = "/tmp/pressroom-token-XXXXXX";
    char string[TOKEN_SIZE];
    char before[TOKEN_SIZE];
    const struct token name = { TOKEN_CONFIRM_MAIL, 99, 0 };
    struct token back = { 0 };
    struct error error = { 0 };
    struct stat status;
    struct string_builder text;
    assert_non_null(mkdtemp(folder));
    int directory = open(folder, O_RDONLY | O_DIRECTORY);
    struct token_keys *keys = token_keys_open(directory, &error);
    assert_non_null(keys);
    token_write(keys, &name, before);
    token_write(keys, &examples[0], string);
    token_keys_free(keys);
    assert_int_equal(fstatat(directory, "secret.key", &status, 0), 0);
    assert_int_equal(status.st_mode & 07777, 0600);

    string_builder_init(&text, 0);
    assert_true(file_read(directory, "secret.key", &text, &error));
    string_builder_append(&text,
                          "2 000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f\n");
    assert_true(file_write_atomic(directory, "secret.key", text.data, text.length, 0600, &error));
    keys = token_keys_open(directory, &error);
    assert_true(token_read(keys, TOKEN_CONFIRM, string, strlen(string), &back));
    token_write(keys, &examples[0], string);
    assert_true(token_read(keys, TOKEN_CONFIRM, string, strlen(string), &back));
    token_write(keys, &name, string);
    assert_string_equal(string, before);
    token_keys_free(keys);

    assert_int_equal(fchmodat(directory, "secret.key", 0640, 0), 0);
    assert_null(token_keys_open(directory, &error));
    assert_int_equal(error.kind, ERROR_USAGE);
    static const char *const bad[] = { "", "1 00\n", "16 ", "x\n", "1 zz\n" };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_true(
            file_write_atomic(directory, "secret.key", bad[i], strlen(bad[i]), 0600, &error));
        assert_null(token_keys_open(directory, &error));
        assert_int_equal(error.kind, ERROR_USAGE);
    }
    string_builder_release(&text);
    assert_int_equal(unlinkat(directory, "secret.key", 0), 0);
    (void)close(directory);
    assert_int_equal(rmdir(folder), 0);
}

static void return_paths_carry_a_word_and_give_it_back(void **state)
{
    (void)state;
    struct arena arena = { 0 };
    struct error error = { 0 };
    struct verp_base base = { 0 };
    const char *extension = NULL;
    size_t length = 0;
    assert_true(
        verp_base_parse(&arena, "Bounce@Nordhav.example", '+', TOKEN_BOUNCE_LENGTH, &base, &error));
    const char *address = verp_build(&arena, &base, "confirm-abc234");
    assert_string_equal(address, "Bounce+confirm-abc234@nordhav.example");
    struct string_builder text;
    string_builder_init(&text, 0);
    verp_append(&text, &base, "confirm-abc234");
    assert_string_equal(text.data, address);
    string_builder_release(&text);
    assert_true(verp_parse(&base, address, strlen(address), &extension, &length));
    assert_int_equal(length, 14);
    assert_memory_equal(extension, "confirm-abc234", 14);
    static const char *const strangers[] = { "bounce@nordhav.example",
                                             "bounce+@nordhav.example",
                                             "other+a@nordhav.example",
                                             "bounce+a@other.example",
                                             "bounce-a@nordhav.example",
                                             "bounce+a b@nordhav.example",
                                             "bounce+a@x@nordhav.example",
                                             "",
                                             "@nordhav.example" };
    for (size_t i = 0; i < sizeof strangers / sizeof strangers[0]; i++)
        assert_false(verp_parse(&base, strangers[i], strlen(strangers[i]), &extension, &length));
    assert_true(verp_parse(&base, "BOUNCE+A@NORDHAV.EXAMPLE", 24, &extension, &length));
    assert_int_equal(length, 1);

    assert_false(verp_base_parse(&arena, "presseafdelingen-i-nordhav@n.example", '+',
                                 TOKEN_BOUNCE_LENGTH, &base, &error));
    assert_int_equal(error.kind, ERROR_INPUT);
    assert_non_null(strstr(error.message, "3 characters too long"));
    assert_false(verp_base_parse(&arena, "bl\xC3\xA5@n.example", '+', 4, &base, &error));
    arena_release(&arena);
}

/* Computed by another program: a link in an old mail must work for ever. */
static void what_was_sent_once_stays_good(void **state)
{
    (void)state;
    struct hash hash;
    char string[TOKEN_SIZE];
    char hex[HASH_HEX_SIZE];
    struct token_keys *keys = token_keys_fixed(7);
    const struct token unsubscribe = { .purpose = TOKEN_UNSUBSCRIBE, .row_id = 12345 };
    const struct token bounce = { .purpose = TOKEN_BOUNCE,
                                  .row_id = INT64_C(1) << 62,
                                  .announcement = 77 };
    token_write(keys, &unsubscribe, string);
    assert_string_equal(string, "eeaaaaaaaaadaojy4qtnouwu7n73uanj");
    token_write(keys, &bounce, string);
    assert_string_equal(string, "mfaaaaaaaaaaaaaaaaaaatjnw2oymtu3ondzaofq");
    keyed_hash(keys, "message-id", "delivery 1 2", 12, &hash);
    hash_to_hex(&hash, hex);
    assert_string_equal(hex, "e1f399942723f5ab361e79e72357460f93947115529bafee44c04f425e11ee94");
    token_keys_free(keys);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_token_says_what_it_was_made_of_in_any_case),
        cmocka_unit_test(a_token_is_good_for_one_purpose_and_cannot_be_changed),
        cmocka_unit_test(what_was_sent_once_stays_good),
        cmocka_unit_test(keyed_hashes_differ_by_key_label_and_bytes),
        cmocka_unit_test(the_key_file_is_made_once_kept_private_and_can_grow),
        cmocka_unit_test(return_paths_carry_a_word_and_give_it_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
