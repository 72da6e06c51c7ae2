/* SPDX-License-Identifier: MIT */
#include "net/smtp.h"

#include "base/clock.h"
#include "base/error.h"
#include "base/string_builder.h"
#include "net/smtp_path.h"
#include "net/smtp_reply.h"

#include <poll.h>
#include <string.h>

static bool wait_for(const struct smtp_session *session, short events, int64_t until_ms,
                     struct error *error)
{
    struct pollfd ready = { .fd = smtp_session_descriptor(session), .events = events };
    for (int64_t left_ms = 0; (left_ms = until_ms - clock_monotonic_now()) > 0;)
        if (poll(&ready, 1, (int)(left_ms < INT32_MAX ? left_ms : INT32_MAX)) > 0)
            return true;
    return error_set(error, ERROR_TEMPORARY, "the relay says nothing");
}

static bool send_bytes(struct smtp_session *session, const char *bytes, size_t length,
                       int64_t until_ms, struct error *error)
{
    while (length) {
        size_t sent = 0;
        const struct smtp_piece piece = { bytes, length };
        if (!smtp_session_send(session, &piece, 1, &sent, error))
            return false;
        bytes += sent;
        length -= sent;
        if (length && !wait_for(session, POLLOUT, until_ms, error))
            return false;
    }
    return true;
}

bool smtp_command(struct smtp_session *session, const char *bytes, size_t length,
                  int64_t timeout_ms, struct smtp_reply *reply, struct error *error)
{
    char received_bytes[1024];
    struct smtp_reply_parser parser;
    int64_t until_ms = clock_monotonic_now() + timeout_ms;
    smtp_reply_parser_init(&parser);
    if (!send_bytes(session, bytes, length, until_ms, error))
        return false;
    for (;;) {
        size_t received = 0;
        size_t used = 0;
        bool is_all = false;
        if (!smtp_session_receive(session, received_bytes, sizeof received_bytes, &received,
                                  &is_all, error))
            return false;
        if (!received) {
            if (!wait_for(session, POLLIN, until_ms, error))
                return false;
            continue;
        }
        enum smtp_reply_status status = smtp_reply_parser_feed(&parser, received_bytes, received,
                                                               &used, reply);
        if (status == SMTP_REPLY_READY && used == received)
            return true;
        if (status != SMTP_REPLY_MORE)
            return error_set(error, ERROR_TEMPORARY, "what the relay says is no reply");
    }
}

bool smtp_command_path(struct smtp_session *session, const char *command, const char *address,
                       int64_t timeout_ms, struct smtp_reply *reply, struct error *error)
{
    struct string_builder line;
    bool is_ascii = smtp_path_is_ascii(address);
    bool takes_all = smtp_session_capabilities(session)->smtputf8;
    if (!smtp_path_is_valid(address) || (!is_ascii && !takes_all)) {
        smtp_reply_set(reply, 553, "5.6.7", "the relay cannot be told this address");
        return true;
    }
    string_builder_init(&line, 1024);
    string_builder_append_format(&line, "%s<%s>%s\r\n", command, address,
                                 is_ascii || strncmp(command, "MAIL", 4) != 0 ? "" : " SMTPUTF8");
    bool done = smtp_command(session, line.data, line.length, timeout_ms, reply, error);
    string_builder_release(&line);
    return done;
}
