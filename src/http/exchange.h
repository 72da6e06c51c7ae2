/* SPDX-License-Identifier: MIT */
#ifndef HTTP_EXCHANGE_H
#define HTTP_EXCHANGE_H

#include <netinet/in.h>
#include <sys/socket.h>

#include "base/string_builder.h"
#include "http/body.h"
#include "http/http.h"

/* Inside http/ only: a connection and the request on it, moved on by the one thread it belongs to.
 */

enum http_exchange_state {
    EXCHANGE_HEAD, /* comes, or none has begun */
    EXCHANGE_BODY,
    EXCHANGE_WAITING, /* suspended */
    EXCHANGE_ANSWER,  /* leaves */
    EXCHANGE_LINGER,  /* answered and shut down: what still comes is thrown away */
    EXCHANGE_DEAD
};

union http_address {
    struct sockaddr any;
    struct sockaddr_in ipv4;
    struct sockaddr_in6 ipv6;
    struct sockaddr_storage room;
};

struct http_thread;

struct http_exchange {
    struct http_thread *thread;
    int descriptor;
    enum http_exchange_state state;
    bool is_begun; /* the handler knows of the request */
    bool is_closing;
    bool has_answered; /* a request before this one */
    bool is_limited;   /* client counts it */
    uint32_t watched;  /* what epoll tells of: EPOLLIN, EPOLLOUT, or 0 */
    bool has_line_end; /* an empty line before the request was skipped */
    struct http_client client;
    union http_address peer;
    int64_t active_ms; /* when a byte went either way */
    int64_t since_ms;  /* when the request began or began to be awaited; LINGER: when the answer had
                          left */
    size_t lingered;   /* bytes thrown away */

    struct string_builder input; /* what has come; taken up to input_at */
    size_t input_at;
    struct http_scan scan;
    struct string_builder head_bytes;
    struct http_head head;
    struct http_body body;
    struct string_builder content;
    void *slot;

    unsigned status; /* 0: no answer yet */
    struct http_response *response;
    struct string_builder output; /* the answer's head */
    size_t output_at;
    uint64_t content_at;

    struct http_exchange *next; /* of its thread */
    struct http_exchange *previous;
    struct http_exchange *resumed;
};

/* For a new connection; descriptor becomes its own. */
struct http_exchange *exchange_new(struct http_thread *thread, int descriptor,
                                   const union http_address *peer, int64_t now_ms);

/* Tells the handler, closes the socket, frees. */
void exchange_free(struct http_exchange *exchange);

/* There are bytes to read, or room to write: as far as it goes without waiting. Afterwards it may
 * be EXCHANGE_DEAD, which its thread then frees. */
void exchange_readable(struct http_exchange *exchange, int64_t now_ms);
void exchange_writable(struct http_exchange *exchange, int64_t now_ms);

/* Another thread has resumed it. */
void exchange_resumed(struct http_exchange *exchange, int64_t now_ms);

/* Whether no request has begun, so that closing it loses nothing. */
bool exchange_is_idle(const struct http_exchange *exchange, int64_t now_ms);

/* Whether its request arrives slowly, as those of clients that hold connections open on purpose do.
 */
bool exchange_is_slow(const struct http_exchange *exchange, int64_t now_ms);

/* Whether a time limit of its state has passed. */
bool exchange_is_late(const struct http_exchange *exchange, int64_t now_ms);

/* Writes as much of the answer as there is room for. False: the connection broke. *is_done: all. */
bool exchange_send(struct http_exchange *exchange, bool *is_done);

#endif
