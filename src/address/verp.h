/* SPDX-License-Identifier: MIT */
#ifndef ADDRESS_VERP_H
#define ADDRESS_VERP_H

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct error;
struct string_builder;

/* Addresses that carry a word of ours (variable envelope return paths and reply addresses):
 * "bounce+TOKEN@example.dk", "svar+confirm-TOKEN@example.dk". */
struct verp_base {
    const char *local;  /* "bounce" */
    const char *domain; /* "example.dk", A-labels */
    char delimiter;     /* mail.delimiter */
};

/* Takes base apart ("bounce@example.dk"). ERROR_INPUT where it is no address with an ASCII dot-atom
 * as its local part, or where local part, delimiter and longest_extension characters would pass 64
 * octets: the message says how many are too many. */
bool verp_base_parse(struct arena *arena, const char *address, char delimiter,
                     size_t longest_extension, struct verp_base *base, struct error *error);

/* LOCAL DELIMITER EXTENSION @ DOMAIN. The extension holds letters, digits and hyphens only. */
const char *verp_build(struct arena *arena, const struct verp_base *base, const char *extension);

/* The same behind what is in text. */
void verp_append(struct string_builder *text, const struct verp_base *base, const char *extension);

/* The extension of an address built so, with length octets: points into address, *extension_length
 * long. False where the address is not one of base's. Local part and domain are compared in any
 * case (RFC 5321 would let a relay tell capitals apart; those that flatten them are many). */
bool verp_parse(const struct verp_base *base, const char *address, size_t length,
                const char **extension, size_t *extension_length);

#endif
