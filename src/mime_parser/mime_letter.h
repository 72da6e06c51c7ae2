/* SPDX-License-Identifier: MIT */
#ifndef MIME_PARSER_MIME_LETTER_H
#define MIME_PARSER_MIME_LETTER_H

#include "mime/mime.h"

/* Inside mime_parser/ only. In this process: for the confined one, and for tests. */
const struct mime_letter *mime_letter_read(const struct html_reader *html, struct arena *arena,
                                           const char *bytes, size_t length);

#endif
