/* SPDX-License-Identifier: MIT */
#include "http/exchange.h"

#include "base/memory.h"
#include "http/response.h"
#include "http/thread.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    BAD_REQUEST = 400,
    CONTENT_TOO_LARGE = 413,
    INPUT_MAXIMUM = HTTP_HEAD_MAXIMUM + 4 * HTTP_RECEIVE_SIZE,
    OUTPUT_MAXIMUM = 32 * 1024,
    KEPT_MAXIMUM = 8 * 1024, /* what an idle connection keeps of each buffer */
    LINGER_MS = 2000,
    LINGER_BYTES = 1024 * 1024,
    IDLE_FROM_MS = 1000,
    SLOW_FROM_MS = 1000
};

/* ---- its life ---- */

static const struct http_handler *handler_of(const struct http_exchange *exchange)
{
    return &exchange->thread->settings->handler;
}

struct http_exchange *exchange_new(struct http_thread *thread, int descriptor,
                                   const union http_address *peer, int64_t now_ms)
{
    struct http_exchange *exchange = memory_allocate(sizeof *exchange);
    exchange->thread = thread;
    exchange->descriptor = descriptor;
    exchange->peer = *peer;
    exchange->active_ms = now_ms;
    exchange->since_ms = now_ms;
    string_builder_init(&exchange->input, INPUT_MAXIMUM);
    string_builder_init(&exchange->head_bytes, HTTP_HEAD_MAXIMUM);
    string_builder_init(&exchange->content, 0);
    string_builder_init(&exchange->output, OUTPUT_MAXIMUM);
    return exchange;
}

static void end_request(struct http_exchange *exchange)
{
    if (exchange->is_begun)
        handler_of(exchange)->ended(handler_of(exchange)->payload, exchange);
    exchange->is_begun = false;
    exchange->slot = NULL;
    http_response_free(exchange->response);
    exchange->response = NULL;
    exchange->status = 0;
}

void exchange_free(struct http_exchange *exchange)
{
    end_request(exchange);
    (void)close(exchange->descriptor);
    string_builder_release(&exchange->input);
    string_builder_release(&exchange->head_bytes);
    string_builder_release(&exchange->content);
    string_builder_release(&exchange->output);
    free(exchange);
}

static void empty(struct string_builder *text)
{
    if (text->capacity > KEPT_MAXIMUM)
        string_builder_release(text);
    else
        string_builder_clear(text);
}

static size_t waiting_input(const struct http_exchange *exchange)
{
    return exchange->input.length - exchange->input_at;
}

static void next_request(struct http_exchange *exchange, int64_t now_ms)
{
    exchange->has_answered = true;
    exchange->has_line_end = false;
    exchange->since_ms = now_ms;
    exchange->scan = (struct http_scan){ 0 };
    exchange->head = (struct http_head){ 0 };
    empty(&exchange->head_bytes);
    empty(&exchange->content);
    if (waiting_input(exchange) == 0) {
        empty(&exchange->input);
        exchange->input_at = 0;
    }
    exchange->state = EXCHANGE_HEAD;
}

/* ---- answers ---- */

static void make_output(struct http_exchange *exchange)
{
    struct string_builder *output = &exchange->output;
    size_t length = 0;
    const char *fields = http_response_fields(exchange->response, &length);
    empty(output);
    string_builder_append(output, "HTTP/1.1 ");
    string_builder_append_number(output, exchange->status);
    string_builder_append_character(output, ' ');
    string_builder_append(output, http_reason(exchange->status));
    string_builder_append(output, "\r\n");
    string_builder_append(output, thread_date(exchange->thread));
    if (exchange->is_closing)
        string_builder_append(output, "Connection: close\r\n");
    else if (exchange->head.is_old)
        string_builder_append(output, "Connection: keep-alive\r\n");
    string_builder_append_bytes(output, fields, length);
    string_builder_append(output, "Content-Length: ");
    string_builder_append_number(output, (int64_t)http_response_length(exchange->response));
    string_builder_append(output, "\r\n\r\n");
    exchange->output_at = 0;
    exchange->content_at = 0;
}

static void begin_answer(struct http_exchange *exchange)
{
    if (exchange->status == 0) {
        exchange->state = EXCHANGE_DEAD;
        return;
    }
    make_output(exchange);
    exchange->state = EXCHANGE_ANSWER;
}

/* A refusal ends the connection, because it is unknown where the next request would begin. */
static bool refuse(struct http_exchange *exchange, unsigned status)
{
    const char *reason = http_reason(status);
    struct http_response *response = http_response_of_copy(reason, strlen(reason));
    http_response_add(response, "Content-Type", "text/plain; charset=utf-8");
    http_response_add(response, "X-Content-Type-Options", "nosniff");
    exchange->is_closing = true;
    http_exchange_answer_once(exchange, status, response);
    begin_answer(exchange);
    return true;
}

/* Whether unread bytes may be on their way: closing a socket with unread input resets the
 * connection, and the client could lose the answer. */
static bool has_unread(const struct http_exchange *exchange)
{
    return !exchange->is_begun || exchange->body.state != HTTP_BODY_WHOLE ||
           waiting_input(exchange) > 0;
}

static bool send_answer(struct http_exchange *exchange, int64_t now_ms)
{
    bool is_done = false;
    uint64_t before = exchange->output_at + exchange->content_at;
    bool is_well = exchange_send(exchange, &is_done);
    if (exchange->output_at + exchange->content_at != before)
        exchange->active_ms = now_ms;
    if (!is_well)
        exchange->state = EXCHANGE_DEAD;
    if (!is_well || !is_done)
        return false;
    bool is_lingering = exchange->is_closing && has_unread(exchange);
    end_request(exchange);
    if (is_lingering) {
        (void)shutdown(exchange->descriptor, SHUT_WR);
        exchange->since_ms = now_ms;
        exchange->state = EXCHANGE_LINGER;
        return false;
    }
    if (exchange->is_closing)
        exchange->state = EXCHANGE_DEAD;
    else
        next_request(exchange, now_ms);
    return true;
}

/* ---- requests ---- */

static bool answer_whole(struct http_exchange *exchange)
{
    handler_of(exchange)->whole(handler_of(exchange)->payload, exchange);
    if (exchange->state != EXCHANGE_WAITING)
        begin_answer(exchange);
    return true;
}

/* Answers "Expect: 100-continue", else the client would not send its body. */
static void invite_body(struct http_exchange *exchange)
{
    static const char word[] = "HTTP/1.1 100 Continue\r\n\r\n";
    if (!exchange->head.expects_continue || exchange->head.is_old || waiting_input(exchange) > 0)
        return;
    if (send(exchange->descriptor, word, sizeof word - 1, MSG_NOSIGNAL) != (ssize_t)sizeof word - 1)
        exchange->state = EXCHANGE_DEAD;
}

static bool begin_request(struct http_exchange *exchange)
{
    const struct http_handler *handler = handler_of(exchange);
    exchange->is_begun = true;
    exchange->is_closing = !exchange->head.is_kept;
    exchange->body = (struct http_body){ .state = HTTP_BODY_WHOLE };
    size_t maximum = handler->begun(handler->payload, exchange);
    http_body_begin(&exchange->body, &exchange->head, maximum);
    exchange->content.maximum = maximum ? maximum : 1;
    if (exchange->status) {
        exchange->is_closing = exchange->is_closing || exchange->body.state != HTTP_BODY_WHOLE;
        begin_answer(exchange);
    } else if (exchange->body.state == HTTP_BODY_TOO_LARGE) {
        (void)refuse(exchange, CONTENT_TOO_LARGE);
    } else if (exchange->body.state == HTTP_BODY_WHOLE) {
        return answer_whole(exchange);
    } else {
        exchange->state = EXCHANGE_BODY;
        invite_body(exchange);
    }
    return true;
}

static bool take_head(struct http_exchange *exchange)
{
    unsigned status = 0;
    const char *bytes = exchange->input.data + exchange->input_at;
    size_t length = waiting_input(exchange);
    /* Some clients send a line end behind a body (RFC 9112 section 2.2). */
    if (!exchange->has_line_end && length >= 2 && memcmp(bytes, "\r\n", 2) == 0) {
        exchange->has_line_end = true;
        exchange->scan = (struct http_scan){ 0 };
        exchange->input_at += 2;
        return true;
    }
    size_t head = http_head_find(bytes, length, &exchange->scan, &status);
    if (status)
        return refuse(exchange, status);
    if (head == 0)
        return false;
    string_builder_clear(&exchange->head_bytes);
    string_builder_append_bytes(&exchange->head_bytes, bytes, head);
    exchange->input_at += head;
    status = http_head_read(exchange->head_bytes.data, head, &exchange->head);
    return status ? refuse(exchange, status) : begin_request(exchange);
}

static bool take_body(struct http_exchange *exchange)
{
    exchange->input_at += http_body_take(&exchange->body, exchange->input.data + exchange->input_at,
                                         waiting_input(exchange), &exchange->content);
    switch (exchange->body.state) {
    case HTTP_BODY_WHOLE:
        return answer_whole(exchange);
    case HTTP_BODY_MALFORMED:
        return refuse(exchange, BAD_REQUEST);
    case HTTP_BODY_TOO_LARGE:
        return refuse(exchange, CONTENT_TOO_LARGE);
    case HTTP_BODY_DATA:
    case HTTP_BODY_SIZE:
    case HTTP_BODY_LINE_END:
    case HTTP_BODY_TRAILER:
        break;
    }
    return false;
}

/* Runs the state machine until it needs more input, or room to write. */
static void advance(struct http_exchange *exchange, int64_t now_ms)
{
    bool has_moved = true;
    while (has_moved) {
        switch (exchange->state) {
        case EXCHANGE_HEAD:
            has_moved = take_head(exchange);
            break;
        case EXCHANGE_BODY:
            has_moved = take_body(exchange);
            break;
        case EXCHANGE_ANSWER:
            has_moved = send_answer(exchange, now_ms);
            break;
        case EXCHANGE_WAITING:
        case EXCHANGE_LINGER:
        case EXCHANGE_DEAD:
            has_moved = false;
        }
    }
}

/* ---- what its thread calls ---- */

static void keep(struct http_exchange *exchange, const char *bytes, size_t length)
{
    struct string_builder *input = &exchange->input;
    if (exchange->input_at > 0) {
        size_t left = waiting_input(exchange);
        memmove(input->data, input->data + exchange->input_at, left);
        string_builder_truncate(input, left);
        exchange->input_at = 0;
    }
    string_builder_append_bytes(input, bytes, length);
}

void exchange_readable(struct http_exchange *exchange, int64_t now_ms)
{
    char *room = exchange->thread->room;
    ssize_t count = recv(exchange->descriptor, room, HTTP_RECEIVE_SIZE, 0);
    if (count < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (count <= 0) {
        exchange->state = EXCHANGE_DEAD;
        return;
    }
    exchange->active_ms = now_ms;
    if (exchange->state == EXCHANGE_LINGER) {
        exchange->lingered += (size_t)count;
        if (exchange->lingered > LINGER_BYTES)
            exchange->state = EXCHANGE_DEAD;
        return;
    }
    if (exchange->state == EXCHANGE_HEAD && waiting_input(exchange) == 0)
        exchange->since_ms = now_ms;
    keep(exchange, room, (size_t)count);
    advance(exchange, now_ms);
}

void exchange_writable(struct http_exchange *exchange, int64_t now_ms)
{
    advance(exchange, now_ms);
}

void exchange_resumed(struct http_exchange *exchange, int64_t now_ms)
{
    exchange->state = EXCHANGE_HEAD;
    exchange->active_ms = now_ms;
    (void)answer_whole(exchange);
    advance(exchange, now_ms);
}

bool exchange_is_idle(const struct http_exchange *exchange, int64_t now_ms)
{
    return exchange->state == EXCHANGE_HEAD && waiting_input(exchange) == 0 &&
           (exchange->has_answered || now_ms - exchange->active_ms > IDLE_FROM_MS);
}

bool exchange_is_slow(const struct http_exchange *exchange, int64_t now_ms)
{
    return (exchange->state == EXCHANGE_HEAD || exchange->state == EXCHANGE_BODY) &&
           now_ms - exchange->since_ms > SLOW_FROM_MS;
}

bool exchange_is_late(const struct http_exchange *exchange, int64_t now_ms)
{
    const struct http_server_settings *settings = exchange->thread->settings;
    bool is_quiet = now_ms - exchange->active_ms > (int64_t)settings->timeout_seconds * 1000;
    switch (exchange->state) {
    case EXCHANGE_HEAD:
    case EXCHANGE_BODY:
        return is_quiet || now_ms - exchange->since_ms > (int64_t)settings->request_seconds * 1000;
    case EXCHANGE_ANSWER:
        return is_quiet;
    case EXCHANGE_LINGER:
        return now_ms - exchange->since_ms > LINGER_MS;
    case EXCHANGE_WAITING:
        return false;
    case EXCHANGE_DEAD:
        break;
    }
    return true;
}

/* ---- a handler's side ---- */

const struct http_head *http_exchange_head(const struct http_exchange *exchange)
{
    return &exchange->head;
}

const char *http_exchange_field(const struct http_exchange *exchange, const char *name)
{
    return http_head_field(&exchange->head, name);
}

const char *http_exchange_body(const struct http_exchange *exchange, size_t *length)
{
    *length = exchange->content.length;
    return exchange->content.data;
}

const struct sockaddr *http_exchange_peer(const struct http_exchange *exchange)
{
    return &exchange->peer.any;
}

void **http_exchange_slot(struct http_exchange *exchange)
{
    return &exchange->slot;
}

void http_exchange_answer(struct http_exchange *exchange, unsigned status,
                          struct http_response *response)
{
    http_response_hold(response);
    http_exchange_answer_once(exchange, status, response);
}

void http_exchange_answer_once(struct http_exchange *exchange, unsigned status,
                               struct http_response *response)
{
    if (exchange->status == 0) {
        exchange->status = status;
        exchange->response = response;
    } else {
        http_response_free(response);
    }
}

unsigned http_exchange_status(const struct http_exchange *exchange)
{
    return exchange->status;
}

void http_exchange_suspend(struct http_exchange *exchange)
{
    exchange->state = EXCHANGE_WAITING;
}

void http_exchange_resume(struct http_exchange *exchange)
{
    thread_resume(exchange->thread, exchange);
}
