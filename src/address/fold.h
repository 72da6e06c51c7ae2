/* SPDX-License-Identifier: MIT */
#ifndef ADDRESS_FOLD_H
#define ADDRESS_FOLD_H

#include "address/address.h"

/* Inside address/ only: a local part taken apart. */
struct address_local {
    size_t typed_length;           /* octets of the address before its @ */
    char content[ADDRESS_MAXIMUM]; /* without quoting */
    size_t content_length;
    bool is_dot_atom; /* the content needs no quotes */
};

/* LOCAL@DOMAIN */
const char *address_join(struct arena *arena, const char *local, const char *domain);

/* Fills folded and rate_limit_key; address->domain is known. */
bool address_fold(struct arena *arena, const struct address_local *local, struct address *address,
                  struct error *error);

#endif
