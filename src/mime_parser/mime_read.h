/* SPDX-License-Identifier: MIT */
#ifndef MIME_PARSER_MIME_READ_H
#define MIME_PARSER_MIME_READ_H

#include "mime/mime.h"

struct html_reader;

/* Inside mime_parser/ only. Reads length octets (the first MIME_MESSAGE_MAXIMUM of them), line ends
 * CRLF or LF. In this process: for the confined one, and for tests. */
struct mime_message *mime_read(const struct html_reader *html, struct arena *arena,
                               const char *bytes, size_t length);

#endif
