/* SPDX-License-Identifier: MIT */
#ifndef ADDRESS_TOKEN_H
#define ADDRESS_TOKEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/hash.h"

struct error;

/* Keys from state/secret.key, one a line, "NUMBER HEX": numbers 1 … 15, 32 bytes each. The last
 * line's key makes tokens, all of them read tokens, the first makes keyed_hash(): so a key can be
 * added without a link in an old mail going dead. */
struct token_keys;

/* Reads secret.key in state_directory; makes it with one random key, mode 0600, O_EXCL, where it is
 * not there. ERROR_USAGE where others than the owner may read it, or where it is not well-formed.
 * The caller frees. */
struct token_keys *token_keys_open(int state_directory, struct error *error);

/* One key out of a seed, for tests and previews: anybody can make these tokens. */
struct token_keys *token_keys_fixed(unsigned char seed);

/* Wipes the memory. Takes NULL. */
void token_keys_free(struct token_keys *keys);

/* What a token is good for, and for nothing else; behind it, what its row_id is of. Part of every
 * mail sent: the numbers never change. */
enum token_purpose {
    TOKEN_CONFIRM = 1,              /* a request */
    TOKEN_UNSUBSCRIBE = 2,          /* a subscriber; never expires */
    TOKEN_PREFERENCES = 3,          /* a subscriber */
    TOKEN_MY_DATA = 4,              /* a request, good for one hour */
    TOKEN_ERASE = 5,                /* a request, good for one hour */
    TOKEN_BOUNCE = 6,               /* a subscriber, with the announcement: a delivery */
    TOKEN_BOUNCE_TRANSACTIONAL = 7, /* a transactional mail */
    TOKEN_CONFIRM_MAIL = 8, /* a request; left half of the Message-ID of the mail that asks. Opens
                               nothing by itself. Made with the first key: every try of a mail has
                               one Message-ID, also when a key is added in between */
    TOKEN_ANSWER = 9, /* a subscriber, with the announcement: where an answer to a delivery goes */
    TOKEN_RECEIPT = 10,     /* a receipt: where an answer to it goes */
    TOKEN_PREVIEW = 11,     /* a preview of one revision of a release */
    TOKEN_STATUS = 12,      /* the minute in which it was made: the status page */
    TOKEN_RECEIPT_MAIL = 13 /* a receipt; left half of the Message-ID of its mail, as
                               TOKEN_CONFIRM_MAIL is */
};

enum {
    TOKEN_LENGTH = 32,              /* of all purposes but the next */
    TOKEN_BOUNCE_LENGTH = 40,       /* of TOKEN_BOUNCE and TOKEN_ANSWER */
    TOKEN_CONFIRM_MAIL_LENGTH = 40, /* of TOKEN_CONFIRM_MAIL and TOKEN_RECEIPT_MAIL, whose macs have
                                       128 bits */
    TOKEN_SIZE = TOKEN_BOUNCE_LENGTH + 1
};

struct token {
    enum token_purpose purpose;
    int64_t row_id;       /* positive */
    int64_t announcement; /* TOKEN_BOUNCE and TOKEN_ANSWER: 1 … 2^40-1; else 0 */
};

/* Writes the token as characters of a–z and 2–7. */
void token_write(const struct token_keys *keys, const struct token *token, char string[TOKEN_SIZE]);

/* Reads length characters, in any case. False where they are no token of ours for this purpose; the
 * keyed mac is compared in constant time. */
bool token_read(const struct token_keys *keys, enum token_purpose purpose, const char *string,
                size_t length, struct token *token);

/* A hash that nobody without the keys can make or check. label keeps uses apart ("suppression",
 * "message-id"). Stays the same when a key is added. */
void keyed_hash(const struct token_keys *keys, const char *label, const void *bytes, size_t length,
                struct hash *hash);

#endif
