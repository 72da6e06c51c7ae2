/* SPDX-License-Identifier: MIT */
#include "base/utf8.h"
#include "net/smtp_reply.h"

#include <assert.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The first byte says how large the pieces are. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (!size)
        return 0;
    size_t piece = (size_t)data[0] + 1;
    const char *bytes = (const char *)data + 1;
    size_t length = size - 1;
    struct smtp_reply_parser parser;
    smtp_reply_parser_init(&parser);
    for (size_t at = 0; at < length;) {
        size_t count = length - at < piece ? length - at : piece;
        size_t used = 0;
        struct smtp_reply reply;
        enum smtp_reply_status status = smtp_reply_parser_feed(&parser, bytes + at, count, &used,
                                                               &reply);
        if (status == SMTP_REPLY_BAD)
            break;
        assert(status == SMTP_REPLY_READY ? used > 0 && used <= count : used == count);
        if (status == SMTP_REPLY_READY) {
            assert(reply.code >= 200 && reply.code <= 599);
            assert(utf8_is_valid(reply.text, strlen(reply.text)));
        }
        at += used;
    }
    return 0;
}
