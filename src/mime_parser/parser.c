/* SPDX-License-Identifier: MIT */
#include "mime/mime.h"

#include "base/arena.h"
#include "mime_parser/mime_letter.h"
#include "mime_parser/mime_part.h"
#include "mime_parser/mime_read.h"

#include <gmime/gmime.h>

/* Reads one message in the template, so that workers, which are copies of it, find GMime's tables
 * and character sets ready. */
static void start(const struct html_reader *html)
{
    static const char first[] =
        "Subject: =?utf-8?q?x?=\nContent-Type: multipart/report; boundary=b\n"
        "\n--b\nContent-Type: text/plain; charset*=utf-8''utf-8\n\nx\n"
        "--b\nContent-Type: text/html\n\n<p>&auml;\n"
        "--b\nContent-Type: application/x\n\nx\n"
        "--b\nContent-Type: text/xml\n\n<feedback></feedback>\n"
        "--b\nContent-Type: message/rfc822\n\nSubject: x\n\n--b--\n";
    struct arena arena = { 0 };
    g_mime_init();
    mime_charset_prepare();
    (void)mime_read(html, &arena, first, sizeof first - 1);
    arena_release(&arena);
}

__attribute__((visibility("default"))) const struct mime_parser mime_parser = {
    .version = MIME_PARSER_VERSION,
    .start = start,
    .read = mime_read,
    .read_letter = mime_letter_read,
};
