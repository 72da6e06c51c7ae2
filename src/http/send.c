/* SPDX-License-Identifier: MIT */
#include "http/exchange.h"

#include "http/response.h"

#include <errno.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/uio.h>

enum { FILE_STEP = 1024 * 1024 };

/* No content follows an answer to HEAD, or a 304, whatever its Content-Length says (RFC 9110
 * section 8.6). */
static uint64_t content_length(const struct http_exchange *exchange)
{
    const char *method = exchange->head.method;
    bool is_head = method && strcmp(method, "HEAD") == 0;
    return is_head || exchange->status == 304 ? 0 : http_response_length(exchange->response);
}

/* The head, and with it what is in memory. Negative: errno. */
static ssize_t send_bytes(struct http_exchange *exchange, uint64_t content)
{
    const char *bytes = http_response_bytes(exchange->response);
    struct iovec parts[2];
    struct msghdr message = { .msg_iov = parts };
    size_t head_left = exchange->output.length - exchange->output_at;
    if (head_left)
        parts[message.msg_iovlen++] = (struct iovec){
            .iov_base = exchange->output.data + exchange->output_at, .iov_len = head_left
        };
    if (bytes && exchange->content_at < content) {
        union {
            const char *given;
            void *wanted; /* sendmsg() does not write */
        } start = { .given = bytes + exchange->content_at };

        parts[message.msg_iovlen++] = (struct iovec){
            .iov_base = start.wanted, .iov_len = (size_t)(content - exchange->content_at)
        };
    }
    ssize_t sent = sendmsg(exchange->descriptor, &message,
                           MSG_NOSIGNAL | (bytes || content == 0 ? 0 : MSG_MORE));
    if (sent > 0) {
        size_t of_head = (size_t)sent < head_left ? (size_t)sent : head_left;
        exchange->output_at += of_head;
        exchange->content_at += (size_t)sent - of_head;
    }
    return sent;
}

static ssize_t send_file(struct http_exchange *exchange, uint64_t content)
{
    uint64_t offset = 0;
    int descriptor = http_response_file(exchange->response, &offset);
    uint64_t left = content - exchange->content_at;
    off_t from = (off_t)(offset + exchange->content_at);
    ssize_t sent = sendfile(exchange->descriptor, descriptor, &from,
                            left < FILE_STEP ? (size_t)left : FILE_STEP);
    if (sent > 0)
        exchange->content_at += (uint64_t)sent;
    else if (sent == 0)
        errno = EPIPE; /* the file has become shorter than the Content-Length that was sent */
    return sent ? sent : -1;
}

bool exchange_send(struct http_exchange *exchange, bool *is_done)
{
    uint64_t content = content_length(exchange);
    bool has_bytes = http_response_bytes(exchange->response) != NULL;
    *is_done = false;
    for (;;) {
        bool is_head_out = exchange->output_at == exchange->output.length;
        if (is_head_out && exchange->content_at == content)
            break;
        ssize_t sent = is_head_out && !has_bytes ? send_file(exchange, content)
                                                 : send_bytes(exchange, content);
        if (sent < 0 && errno == EINTR)
            continue;
        if (sent < 0)
            return errno == EAGAIN;
    }
    *is_done = true;
    return true;
}
