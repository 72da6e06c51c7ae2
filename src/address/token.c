/* SPDX-License-Identifier: MIT */
#include "address/token.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/file.h"
#include "base/string_builder.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A token's bytes: purpose and key number (4 bits each), id (8), announcement (5, TOKEN_BOUNCE and
 * TOKEN_ANSWER alone), mac (11; 16 of those of a Message-ID). All lengths fill their characters of
 * 5 bits exactly, so that there is one way to write a token and nothing to append. */
enum {
    KEY_SIZE = 32,
    KEYS_MAXIMUM = 15,
    ID_SIZE = 8,
    ANNOUNCEMENT_SIZE = 5,
    MAC_SIZE = 11,
    MAC_SIZE_LONG = 16,
    BYTES_MAXIMUM = 1 + ID_SIZE + ANNOUNCEMENT_SIZE + MAC_SIZE,
    KEY_FILE_MAXIMUM = 4096
};

_Static_assert((1 + ID_SIZE + MAC_SIZE) * 8 == TOKEN_LENGTH * 5, "no slack bits");
_Static_assert(BYTES_MAXIMUM * 8 == TOKEN_BOUNCE_LENGTH * 5, "no slack bits");
_Static_assert((1 + ID_SIZE + MAC_SIZE_LONG) * 8 == TOKEN_CONFIRM_MAIL_LENGTH * 5, "no slack bits");
_Static_assert(1 + ID_SIZE + MAC_SIZE_LONG <= BYTES_MAXIMUM, "it fits");
_Static_assert(TOKEN_LENGTH % 8 == 0 && TOKEN_BOUNCE_LENGTH % 8 == 0, "written in eights");

static const char key_file[] = "secret.key";
static const char alphabet[] = "abcdefghijklmnopqrstuvwxyz234567";

struct token_key {
    crypto_generichash_state keyed; /* has taken the key in: copied for each hash */
    unsigned number;
    unsigned char bytes[KEY_SIZE];
};

struct token_keys {
    size_t count;
    struct token_key keys[KEYS_MAXIMUM];
};

/* ---- the key file ---- */

static struct token_keys *keys_new(struct error *error)
{
    struct token_keys *keys = NULL;
    if (sodium_init() >= 0) /* the library wants its states aligned */
        keys = aligned_alloc(_Alignof(struct token_keys), sizeof *keys);
    if (keys)
        memset(keys, 0, sizeof *keys);
    else
        (void)error_set(error, ERROR_SYSTEM, "state/%s: out of memory", key_file);
    return keys;
}

/* Once its bytes are known. */
static void key_ready(struct token_key *key, unsigned number)
{
    key->number = number;
    (void)crypto_generichash_init(&key->keyed, key->bytes, KEY_SIZE, HASH_SIZE);
}

void token_keys_free(struct token_keys *keys)
{
    if (!keys)
        return;
    sodium_memzero(keys, sizeof *keys);
    free(keys);
}

static const struct token_key *key_find(const struct token_keys *keys, unsigned number)
{
    for (size_t i = 0; i < keys->count; i++)
        if (keys->keys[i].number == number)
            return &keys->keys[i];
    return NULL;
}

static bool key_line_read(struct token_keys *keys, const char *line, size_t length)
{
    size_t size = 0;
    unsigned number = 0;
    size_t digits = strspn(line, "0123456789");
    if (digits < 1 || digits > 2 || line[digits] != ' ' || keys->count == KEYS_MAXIMUM)
        return false;
    for (size_t i = 0; i < digits; i++)
        number = number * 10 + (unsigned)(line[i] - '0');
    struct token_key *key = &keys->keys[keys->count];
    if (number < 1 || number > KEYS_MAXIMUM || key_find(keys, number) ||
        sodium_hex2bin(key->bytes, KEY_SIZE, line + digits + 1, length - digits - 1, NULL, &size,
                       NULL) != 0 ||
        size != KEY_SIZE)
        return false;
    key_ready(key, number);
    keys->count++;
    return true;
}

static bool keys_parse(struct token_keys *keys, const char *line, struct error *error)
{
    while (*line) {
        size_t length = strcspn(line, "\n");
        if (length && !key_line_read(keys, line, length))
            return error_set(error, ERROR_USAGE,
                             "state/%s: a line is not NUMBER HEX" ERROR_ADVICE
                             "put back a copy of the file",
                             key_file);
        line += length + (line[length] == '\n');
    }
    if (keys->count == 0)
        return error_set(error, ERROR_USAGE,
                         "state/%s: has no key" ERROR_ADVICE "put back a copy of the file",
                         key_file);
    return true;
}

static bool key_file_check(int directory, struct error *error)
{
    struct stat status;
    if (fstatat(directory, key_file, &status, AT_SYMLINK_NOFOLLOW) != 0)
        return error_set_errno(error, ERROR_SYSTEM, errno, "state/%s", key_file);
    if (!S_ISREG(status.st_mode) || (status.st_mode & 077) != 0)
        return error_set(error, ERROR_USAGE,
                         "state/%s: others may read it or change it" ERROR_ADVICE
                         "run chmod 600 state/%s",
                         key_file, key_file);
    return true;
}

/* Written whole under another name and linked into place: whoever comes first wins, and nobody ever
 * reads half a key. */
static bool key_file_make(int directory, struct error *error)
{
    unsigned char key[KEY_SIZE];
    char temporary[64];
    char hex[2 * KEY_SIZE + 1];
    char line[2 + sizeof hex + 1];
    randombytes_buf(key, sizeof key);
    (void)sodium_bin2hex(hex, sizeof hex, key, sizeof key);
    (void)snprintf(line, sizeof line, "1 %s\n", hex);
    (void)snprintf(temporary, sizeof temporary, "%s.%ld.tmp", key_file, (long)getpid());
    (void)unlinkat(directory, temporary, 0);
    bool done = false;
    int saved = 0;
    int descriptor = openat(directory, temporary,
                            O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (descriptor >= 0) {
        done = file_write_all(descriptor, line, strlen(line)) && fsync(descriptor) == 0 &&
               (linkat(directory, temporary, directory, key_file, 0) == 0 || errno == EEXIST);
        saved = errno;
        (void)close(descriptor);
        (void)unlinkat(directory, temporary, 0);
        (void)fsync(directory);
    } else {
        saved = errno;
    }
    sodium_memzero(key, sizeof key);
    sodium_memzero(hex, sizeof hex);
    sodium_memzero(line, sizeof line);
    return done ? true : error_set_errno(error, ERROR_SYSTEM, saved, "state/%s: make it", key_file);
}

struct token_keys *token_keys_open(int state_directory, struct error *error)
{
    struct string_builder text;
    struct token_keys *keys = keys_new(error);
    if (!keys)
        return NULL;
    string_builder_init(&text, KEY_FILE_MAXIMUM);
    bool done = true;
    if (faccessat(state_directory, key_file, F_OK, AT_SYMLINK_NOFOLLOW) != 0 && errno == ENOENT)
        done = key_file_make(state_directory, error);
    done = done && key_file_check(state_directory, error) &&
           file_read(state_directory, key_file, &text, error) && keys_parse(keys, text.data, error);
    sodium_memzero(text.data, text.length);
    string_builder_release(&text);
    if (done)
        return keys;
    token_keys_free(keys);
    return NULL;
}

struct token_keys *token_keys_fixed(unsigned char seed)
{
    struct error error = { 0 };
    struct token_keys *keys = keys_new(&error);
    if (!keys)
        abort();
    keys->count = 1;
    memset(keys->keys[0].bytes, seed, KEY_SIZE);
    key_ready(&keys->keys[0], 1);
    return keys;
}

/* ---- tokens ---- */

/* Left half of a Message-ID: the same at every try of a mail, whatever keys are added. */
static bool is_of_mail(enum token_purpose purpose)
{
    return purpose == TOKEN_CONFIRM_MAIL || purpose == TOKEN_RECEIPT_MAIL;
}

static size_t mac_size(enum token_purpose purpose)
{
    return is_of_mail(purpose) ? MAC_SIZE_LONG : MAC_SIZE;
}

static bool has_announcement(enum token_purpose purpose)
{
    return purpose == TOKEN_BOUNCE || purpose == TOKEN_ANSWER;
}

static size_t token_bytes(enum token_purpose purpose)
{
    size_t announcement = has_announcement(purpose) ? ANNOUNCEMENT_SIZE : 0;
    return 1 + ID_SIZE + announcement + mac_size(purpose);
}

static void number_write(unsigned char *bytes, size_t size, int64_t value)
{
    for (size_t i = size; i-- > 0; value >>= 8)
        bytes[i] = (unsigned char)(value & 0xff);
}

static int64_t number_read(const unsigned char *bytes, size_t size)
{
    uint64_t value = 0;
    for (size_t i = 0; i < size; i++)
        value = value << 8 | bytes[i];
    return value > INT64_MAX ? 0 : (int64_t)value;
}

static void hash_keyed(const struct token_key *key, const char *label, const void *bytes,
                       size_t length, struct hash *hash)
{
    crypto_generichash_state state = key->keyed;
    /* With its NUL, so that label and bytes cannot run into each other. */
    (void)crypto_generichash_update(&state, (const unsigned char *)label, strlen(label) + 1);
    (void)crypto_generichash_update(&state, bytes, length);
    (void)crypto_generichash_final(&state, hash->bytes, HASH_SIZE);
}

void token_write(const struct token_keys *keys, const struct token *token, char string[TOKEN_SIZE])
{
    struct hash mac;
    unsigned char bytes[BYTES_MAXIMUM] = { 0 };
    const struct token_key *key = &keys->keys[is_of_mail(token->purpose) ? 0 : keys->count - 1];
    size_t size = token_bytes(token->purpose);
    size_t signed_size = size - mac_size(token->purpose);
    bytes[0] = (unsigned char)((unsigned)token->purpose << 4 | key->number);
    number_write(bytes + 1, ID_SIZE, token->row_id);
    if (has_announcement(token->purpose))
        number_write(bytes + 1 + ID_SIZE, ANNOUNCEMENT_SIZE, token->announcement);
    hash_keyed(key, "token", bytes, signed_size, &mac);
    memcpy(bytes + signed_size, mac.bytes, mac_size(token->purpose));

    char *end = string;
    for (size_t i = 0; i < size; i += 5) { /* five bytes are eight characters */
        uint64_t bits = 0;
        for (size_t k = 0; k < 5; k++)
            bits = bits << 8 | bytes[i + k];
        for (int shift = 35; shift >= 0; shift -= 5)
            *end++ = alphabet[bits >> shift & 31];
    }
    *end = '\0';
}

static int character_value(char c)
{
    if (c >= 'a' && c <= 'z')
        return c - 'a';
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= '2' && c <= '7')
        return c - '2' + 26;
    return -1;
}

static bool characters_read(const char *string, size_t length, unsigned char *bytes)
{
    unsigned bits = 0;
    unsigned bit_count = 0;
    for (size_t i = 0; i < length; i++) {
        int value = character_value(string[i]);
        if (value < 0)
            return false;
        bits = (bits << 5 | (unsigned)value) & 0xfff;
        bit_count += 5;
        if (bit_count >= 8) {
            bit_count -= 8;
            *bytes++ = (unsigned char)(bits >> bit_count & 0xff);
        }
    }
    return true;
}

bool token_read(const struct token_keys *keys, enum token_purpose purpose, const char *string,
                size_t length, struct token *token)
{
    struct hash mac;
    unsigned char bytes[BYTES_MAXIMUM] = { 0 };
    size_t size = token_bytes(purpose);
    size_t signed_size = size - mac_size(purpose);
    if (length != size * 8 / 5 || !characters_read(string, length, bytes))
        return false;
    const struct token_key *key = key_find(keys, bytes[0] & 15U);
    if (!key || bytes[0] >> 4 != (unsigned)purpose)
        return false;
    hash_keyed(key, "token", bytes, signed_size, &mac);
    if (sodium_memcmp(mac.bytes, bytes + signed_size, mac_size(purpose)) != 0)
        return false;
    *token = (struct token){ .purpose = purpose, .row_id = number_read(bytes + 1, ID_SIZE) };
    if (has_announcement(purpose))
        token->announcement = number_read(bytes + 1 + ID_SIZE, ANNOUNCEMENT_SIZE);
    return token->row_id > 0;
}

void keyed_hash(const struct token_keys *keys, const char *label, const void *bytes, size_t length,
                struct hash *hash)
{
    hash_keyed(&keys->keys[0], label, bytes, length, hash);
}
