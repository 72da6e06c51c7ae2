/* SPDX-License-Identifier: MIT */
#ifndef HTTP_HTTP_H
#define HTTP_HTTP_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct error;
struct sockaddr;

/* A small HTTP/1.1 server (RFC 9112): threads that wait on epoll, connections that are kept open,
 * and nothing that waits for one of them. Each byte of a request is read once, by http/head.c and
 * http/body.c, which refuse what could be understood in two ways; behind a refusal the connection
 * is closed, and what follows on it is never answered. */

/* ---- the head of a request ---- */

enum { HTTP_HEAD_MAXIMUM = 64 * 1024 };

enum http_framing { HTTP_NO_BODY, HTTP_LENGTH, HTTP_CHUNKED };

struct http_head {
    const char *method;
    const char *path;  /* as it came, not decoded; begins with a slash, or is "*" */
    const char *query; /* behind the question mark; NULL: none */
    const char *fields;
    const char *fields_end;
    enum http_framing framing;
    uint64_t length; /* of the body; HTTP_LENGTH only */
    bool is_old;     /* HTTP/1.0 */
    bool is_kept;    /* the connection may be used again */
    bool expects_continue;
};

/* The value of the first field of that name; NULL: there is none. */
const char *http_head_field(const struct http_head *head, const char *name);

/* The fields one by one, in their order: the name of the one at cursor, its value, and cursor moves
 * on. NULL behind the last. cursor begins as head->fields. */
const char *http_head_next(const struct http_head *head, const char **cursor, const char **value);

/* ---- what is answered ---- */

/* What is answered, without its status: fields, and bytes or a part of a file. Made once, shared by
 * all who ask for the same: once it has been answered with, nothing is added any more. Out of
 * memory aborts. */
struct http_response;

/* The maker is its first holder. bytes: becomes the response's, to be freed with free(). */
struct http_response *http_response_of_bytes(char *bytes, size_t length);

struct http_response *http_response_of_copy(const void *bytes, size_t length);

/* From offset on; descriptor becomes the response's. */
struct http_response *http_response_of_file(int descriptor, uint64_t offset, uint64_t length);

/* Without content, but with the Content-Length that content would have: for 304 (RFC 9110
 * section 8.6). */
struct http_response *http_response_of_length(uint64_t length);

void http_response_add(struct http_response *response, const char *name, const char *value);

/* One more holder; holders may be in different threads. */
void http_response_hold(struct http_response *response);

/* For one holder; it goes with the last one. Takes NULL. */
void http_response_free(struct http_response *response);

/* ---- the server ---- */

struct http_client {
    unsigned char bytes[16];
};

struct http_client_limits {
    unsigned open;       /* at once */
    unsigned burst;      /* new ones at once, */
    unsigned per_second; /* and then */
};

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

/* ---- conditions, ranges, preferences ---- */

/* Conditional and range requests, and preferences (RFC 9110 sections 12 to 14), without input or
 * output. Header values may be NULL: not sent. */

enum { HTTP_DATE_SIZE = 30 };

/* "Sun, 06 Nov 1994 08:49:37 GMT" (section 5.6.7). */
void http_date_format(int64_t seconds, char text[HTTP_DATE_SIZE]);

/* That form and the two obsolete ones; false where it is none. */
bool http_date_parse(const char *string, int64_t *seconds);

/* What a client may have already. */
struct validator {
    const char *etag; /* strong, with its quotes */
    int64_t modified_seconds;
};

/* Whether 304 is the answer: If-None-Match (compared weakly) decides where it was sent, whatever
 * If-Modified-Since says. */
bool condition_not_modified(const struct validator *validator, const char *if_none_match,
                            const char *if_modified_since);

/* Whether a Range counts: If-Range is absent, or names exactly this representation. */
bool condition_range_counts(const struct validator *validator, const char *if_range);

enum range_result {
    RANGE_WHOLE,        /* none asked, several, or not understood: the whole */
    RANGE_PART,         /* first … last */
    RANGE_UNSATISFIABLE /* 416 */
};

/* One byte range ("bytes=0-99", "bytes=100-", "bytes=-100") of size bytes. */
enum range_result range_parse(const char *range, uint64_t size, uint64_t *first, uint64_t *last);

/* The weight among the parameters behind a value, ";q=0.5", in thousandths (section 12.4.2); 1000
 * where there is none. */
int http_weight(const char *parameters, size_t length);

/* Whether Accept-Encoding takes gzip, and likes it no less than the file as it is (section
 * 12.5.3). */
bool prefers_gzip(const char *accept_encoding);

#endif
