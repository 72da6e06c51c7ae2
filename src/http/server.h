/* SPDX-License-Identifier: MIT */
#ifndef HTTP_SERVER_H
#define HTTP_SERVER_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "http/clients.h"
#include "http/head.h"
#include "http/response.h"

struct error;
struct sockaddr;

/* A small HTTP/1.1 server (RFC 9112): threads that wait on epoll, connections that are kept open,
 * and nothing that waits for one of them. Each byte of a request is read once, by http/head.h and
 * http/body.h, which refuse what could be understood in two ways; behind a refusal the connection
 * is closed, and what follows on it is never answered. */

/* One request and its answer. It belongs to the server; the handler's until ended(). */
struct http_exchange;

struct http_handler {
    /* The head is there, and a body may follow. May answer already: the connection is closed behind
     * that answer where there is a body. Returns how many bytes of a body are taken; more are
     * refused with 413. */
    size_t (*begun)(void *payload, struct http_exchange *exchange);

    /* All of it is there: answers, or suspends; called again once it is resumed. */
    void (*whole)(void *payload, struct http_exchange *exchange);

    /* Behind each request that had begun(), whatever became of it. */
    void (*ended)(void *payload, struct http_exchange *exchange);

    /* Whose connection it is, for its limits. False: it has none. NULL: nobody has any. */
    bool (*client)(void *payload, const struct sockaddr *address, struct http_client *client);

    void *payload;
};

struct http_server_settings {
    struct http_handler handler;
    unsigned threads;
    unsigned connections;     /* open at once */
    unsigned timeout_seconds; /* without a byte, either way */
    unsigned request_seconds; /* for a request to arrive whole */
    struct http_client_limits client_limits;
    uint64_t seed;          /* random */
    atomic_ullong *refused; /* counts connections that are closed at once; NULL: nobody asks */
};

struct http_server;

/* Serves a socket that listens and does not block, which becomes the server's. ERROR_SYSTEM, and
 * the socket stays the caller's. Threads inherit the caller's signal mask, in which SIGPIPE is
 * blocked or not: it is never raised. */
struct http_server *http_server_open(const struct http_server_settings *settings, int listening,
                                     struct error *error) __attribute__((warn_unused_result));

/* Takes no new connection from now on, and lets go of the address. */
void http_server_quiesce(struct http_server *server);

/* Ends threads and connections. Takes NULL. */
void http_server_close(struct http_server *server);

/* ---- a handler's side of a request ---- */

const struct http_head *http_exchange_head(const struct http_exchange *exchange);

/* The first field of that name; NULL: there is none. */
const char *http_exchange_field(const struct http_exchange *exchange, const char *name);

/* Ended by NUL; "" where there is none. */
const char *http_exchange_body(const struct http_exchange *exchange, size_t *length);

const struct sockaddr *http_exchange_peer(const struct http_exchange *exchange);

/* A place for what the handler keeps of the request; NULL at first. */
void **http_exchange_slot(struct http_exchange *exchange);

/* Answers; once a request. The server holds the response for itself. */
void http_exchange_answer(struct http_exchange *exchange, unsigned status,
                          struct http_response *response);

/* The same, and takes the caller's hold. */
void http_exchange_answer_once(struct http_exchange *exchange, unsigned status,
                               struct http_response *response);

/* Of the answer; 0: there is none yet. */
unsigned http_exchange_status(const struct http_exchange *exchange);

/* In whole(): it is resumed before another thread's http_exchange_resume() has long returned, and
 * whole() called again. All that is suspended must be resumed before http_server_close(). */
void http_exchange_suspend(struct http_exchange *exchange);
void http_exchange_resume(struct http_exchange *exchange);

/* The words of a status. */
const char *http_reason(unsigned status);

#endif
