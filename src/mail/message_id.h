/* SPDX-License-Identifier: MIT */
#ifndef MAIL_MESSAGE_ID_H
#define MAIL_MESSAGE_ID_H

#include <stdint.h>

struct token_keys;

enum { MESSAGE_ID_DIGITS = 32 };

/* The left halves of our Message-IDs, functions of the row: the same for every try; nobody without
 * the keys can tell who it went to, nor make one. Lower-case hexadecimal digits. (A confirmation
 * mail's is a token: TOKEN_CONFIRM_MAIL.) */
void message_id_of_delivery(const struct token_keys *keys, int64_t announcement, int64_t subscriber,
                            char digits[MESSAGE_ID_DIGITS + 1]);
void message_id_of_transactional_mail(const struct token_keys *keys, int64_t number,
                                      char digits[MESSAGE_ID_DIGITS + 1]);

#endif
