/* SPDX-License-Identifier: MIT */
#ifndef BASE_BASE64_H
#define BASE_BASE64_H

#include <stddef.h>

struct string_builder;

/* Appends bytes in base64 with padding (RFC 4648 section 4), without line ends. */
void base64_append(struct string_builder *text, const char *bytes, size_t length);

#endif
