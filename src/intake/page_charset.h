/* SPDX-License-Identifier: MIT */
#ifndef INTAKE_PAGE_CHARSET_H
#define INTAKE_PAGE_CHARSET_H

#include <stddef.h>

struct arena;

/* Inside intake/ only: the bytes of a page as text. */

/* A page in UTF-8, without byte order mark, in arena: by that mark; UTF-8 where the bytes are
 * that, whatever the page says of itself, since hardly anything else is; then what it says in
 * <meta> or an XML declaration; else Windows-1252, as Word writes it. */
const char *page_charset_decode(struct arena *arena, const char *bytes, size_t length,
                                size_t *text_length);

#endif
