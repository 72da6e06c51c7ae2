/* SPDX-License-Identifier: MIT */
#ifndef LOCALE_UTF16_H
#define LOCALE_UTF16_H

#include <stddef.h>
#include <stdint.h>
#include <unicode/utypes.h>

struct arena;

/* Inside locale/ only: ICU's strings and ours. Bytes that are no UTF-8 become U+FFFD. */
UChar *utf16_from_utf8(struct arena *arena, const char *bytes, size_t length, int32_t *count);
char *utf16_to_utf8(struct arena *arena, const UChar *units, int32_t count);

#endif
