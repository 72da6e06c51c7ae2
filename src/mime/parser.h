/* SPDX-License-Identifier: MIT */
#ifndef MIME_PARSER_H
#define MIME_PARSER_H

#include "mime/mime.h"

/* What mime_parser/ does for mime/: messages taken apart with GMime, in a confined process alone.
 * GMime brings GLib with it, and a dozen shared objects more: so mime_parser/ is a shared object of
 * its own, lib/pressroom/mime_parser.so, opened with the first message, and exports mime_parser
 * alone. */

enum {
    MIME_PARSER_VERSION = 2 /* of this header: a file left by another installation is refused */
};

struct mime_parser {
    int version;

    /* Once, before the process is confined: opens all that reading would open. */
    void (*start)(void);

    /* The first MIME_MESSAGE_MAXIMUM octets; line ends CRLF or LF. */
    struct mime_message *(*read)(struct arena *arena, const char *bytes, size_t length);
};

#define MIME_PARSER_SYMBOL "mime_parser"

extern const struct mime_parser mime_parser;

#endif
