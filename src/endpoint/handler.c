/* SPDX-License-Identifier: MIT */
#include "endpoint/handler.h"

#include "address/token.h"
#include "base/arena.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/log.h"
#include "endpoint/endpoint.h"
#include "endpoint/form.h"
#include "endpoint/pages.h"
#include "endpoint/public_files.h"
#include "endpoint/rate.h"
#include "endpoint/request.h"
#include "endpoint/request_worker.h"
#include "endpoint/signup.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

enum {
    LANGUAGE_CODE_MAXIMUM = 8, /* RFC 5646 section 2.1 */
    NOT_FOUND_PATH_SIZE = sizeof "//404.html" + LANGUAGE_CODE_MAXIMUM
};

static void count_answer(struct handler *handler, enum request_route route, unsigned status)
{
    unsigned class = status / 100 < COUNTERS_CLASSES ? status / 100 : 5;
    (void)atomic_fetch_add_explicit(&handler->counters.answers[route][class], 1,
                                    memory_order_relaxed);
}

/* ---- answers that are no files ---- */

/* No cache keeps these pages, because they may be about one person; and no other site is told their
 * address, because it may hold a token. */
static void send_answer(struct handler *handler, struct request *request)
{
    struct answer *answer = &request->answer;
    struct http_response *response = answer->file < 0 ? http_response_of_copy(answer->body.data,
                                                                              answer->body.length)
                                                      : http_response_of_file(answer->file, 0,
                                                                              answer->file_length);
    answer->file = -1; /* the response's now */
    http_response_add(response, "Content-Type",
                      answer->type ? answer->type : "text/html; charset=utf-8");
    http_response_add(response, "Cache-Control", "no-store");
    http_response_add(response, "Content-Security-Policy",
                      answer->policy ? answer->policy : handler->content_security_policy);
    http_response_add(response, "Referrer-Policy", "no-referrer");
    http_response_add(response, "X-Content-Type-Options", "nosniff");
    http_response_add(response, "X-Robots-Tag", *request->token ? "noindex, nofollow" : "nofollow");
    if (answer->is_retry_later)
        http_response_add(response, "Retry-After", "60");
    if (answer->file_name)
        http_response_add(
            response, "Content-Disposition",
            arena_format(&request->arena, "attachment; filename=\"%s\"", answer->file_name));
    count_answer(handler, request->route, answer->status);
    http_exchange_answer_once(request->exchange, answer->status, response);
}

static void send_plain(struct http_exchange *exchange, unsigned status, const char *text,
                       const char *allow)
{
    struct http_response *response = http_response_of_copy(text, strlen(text));
    http_response_add(response, "Content-Type", "text/plain; charset=utf-8");
    http_response_add(response, "X-Content-Type-Options", "nosniff");
    if (allow)
        http_response_add(response, "Allow", allow);
    http_exchange_answer_once(exchange, status, response);
}

/* ---- files ---- */

/* "/en/404.html" for what begins with "/en/": a language's pages stand in a folder of its name.
 * False for a path that begins with none. */
static bool language_page(const char *path, char page[NOT_FOUND_PATH_SIZE])
{
    size_t length = *path == '/' ? strspn(path + 1, "abcdefghijklmnopqrstuvwxyz") : 0;
    if (length < 2 || length > LANGUAGE_CODE_MAXIMUM || path[1 + length] != '/')
        return false;
    (void)snprintf(page, NOT_FOUND_PATH_SIZE, "%.*s/404.html", (int)length + 1, path);
    return true;
}

static void send_not_found(struct handler *handler, struct http_exchange *exchange,
                           const char *path)
{
    char page[NOT_FOUND_PATH_SIZE];
    count_answer(handler, REQUEST_NONE, 404);
    if (!(language_page(path, page) && public_files_answer(handler->files, exchange, page, 404)) &&
        !public_files_answer(handler->files, exchange, "/404.html", 404))
        send_plain(exchange, 404, "Not found.\n", NULL);
}

/* Requests with a body that has no meaning are refused, because else its bytes could be taken for
 * the next request. */
static bool has_body(const struct http_head *head)
{
    return head->framing == HTTP_CHUNKED || (head->framing == HTTP_LENGTH && head->length > 0);
}

static void send_file(struct handler *handler, struct http_exchange *exchange)
{
    const char *url = http_exchange_head(exchange)->path;
    size_t prefix = strlen(handler->site_prefix);
    const char *path = prefix > 1 && strncmp(url, handler->site_prefix, prefix) == 0
                           ? url + prefix - 1
                           : url;
    if (public_files_answer(handler->files, exchange, path, 200)) {
        /* The status that was really sent: a condition or a range may have made it 304 or 206. */
        count_answer(handler, REQUEST_NONE, http_exchange_status(exchange));
        return;
    }
    const char *own = path;
    prefix = strlen(handler->endpoint_prefix);
    if (strncmp(url, handler->endpoint_prefix, prefix) == 0)
        own = url + prefix - 1;
    if (*own == '/' && strcmp(own + 1, handler->style_path) == 0) {
        count_answer(handler, REQUEST_NONE, 200);
        http_exchange_answer(exchange, 200, handler->style);
        return;
    }
    send_not_found(handler, exchange, path);
}

/* ---- pages ---- */

/* Joins all fields of that name into one list, in their order (RFC 9110 section 5.2), because a
 * proxy may append a field of its own instead of extending the one that came. */
static void join_forwarded(const struct http_head *head, struct string_builder *list)
{
    const char *cursor = head->fields;
    const char *value = NULL;
    const char *name = NULL;
    while ((name = http_head_next(head, &cursor, &value))) {
        if (strcasecmp(name, "X-Forwarded-For") != 0)
            continue;
        string_builder_append_character(list, ',');
        string_builder_append(list, value);
    }
}

static void read_network(const struct handler *handler, struct request *request)
{
    struct string_builder forwarded;
    (void)network_from_socket(http_exchange_peer(request->exchange), &request->network);
    string_builder_init(&forwarded, HTTP_HEAD_MAXIMUM);
    join_forwarded(http_exchange_head(request->exchange), &forwarded);
    if (forwarded.length)
        network_resolve(&handler->proxies, forwarded.data, &request->network);
    string_builder_release(&forwarded);
    network_truncate(&request->network, request->network_text);
}

static void read_request(const struct handler *handler, struct request *request)
{
    size_t length = 0;
    const char *body = http_exchange_body(request->exchange, &length);
    const char *type = http_exchange_field(request->exchange, "Content-Type");
    const char *query = http_exchange_head(request->exchange)->query;
    if (query && !form_parse_urlencoded(&request->arena, query, strlen(query), &request->query))
        request->is_malformed = true;
    if (!form_parse_body(&request->arena, type, body, length, &request->form))
        request->is_malformed = true;
    request->language = pages_language(handler->pages, form_value(&request->query, "language"));
    if (!request->language && request->route == REQUEST_SUBSCRIBE)
        request->language = pages_language(handler->pages, form_value(&request->form, "language"));
    request->fallback_language = pages_language_accepted(
        handler->pages, http_exchange_field(request->exchange, "Accept-Language"));
    read_network(handler, request);
}

/* Verifies the token by its key alone, so that a guessed one costs no query of the database. */
static bool read_token(const struct handler *handler, struct request *request)
{
    static const struct {
        enum request_route route;
        enum token_purpose purpose;
    } purposes[] = { { REQUEST_CONFIRM, TOKEN_CONFIRM },
                     { REQUEST_UNSUBSCRIBE, TOKEN_UNSUBSCRIBE },
                     { REQUEST_PREFERENCES, TOKEN_PREFERENCES },
                     { REQUEST_PREFERENCES, TOKEN_MY_DATA },
                     { REQUEST_PREFERENCES, TOKEN_ERASE },
                     { REQUEST_PREVIEW, TOKEN_PREVIEW },
                     { REQUEST_STATUS, TOKEN_STATUS } };
    struct token token;
    for (size_t i = 0; i < sizeof purposes / sizeof purposes[0]; i++) {
        if (purposes[i].route != request->route ||
            !token_read(handler->settings->keys, purposes[i].purpose, request->token,
                        strlen(request->token), &token))
            continue;
        request->purpose = purposes[i].purpose;
        request->row_id = token.row_id;
        return true;
    }
    return false;
}

static void answer_named(struct handler *handler, struct request *request, const char *name,
                         unsigned status)
{
    pages_show_named(handler->pages, request, pages_language_of(handler->pages, request, NULL),
                     name, status);
    request->answer.is_retry_later = status == 429 || status == 503;
    send_answer(handler, request);
}

static void submit(struct handler *handler, struct request *request)
{
    request->is_submitted = true;
    if (request_worker_submit(handler->worker, request))
        return;
    request->is_submitted = false;
    answer_named(handler, request, "busy", 503);
}

/* Everybody behind a proxy that is not trusted counts as one network, and is soon refused, so the
 * operator is told. Once only, because any client can send that field. */
static void warn_of_proxy(struct handler *handler, const struct request *request)
{
    struct network_address peer;
    if (!http_exchange_field(request->exchange, "X-Forwarded-For") ||
        !network_from_socket(http_exchange_peer(request->exchange), &peer) ||
        network_proxies_cover(&handler->proxies, &peer) ||
        atomic_exchange(&handler->has_warned_of_proxy, true))
        return;
    log_line(LOG_WARNING,
             "serve: %s passes on what others ask for, and is refused as one network that asks too "
             "often; if your web server is there, name it in serve.trusted_proxies",
             request->network_text);
}

/* False: the network asked too often, and is answered. */
static bool take_rate(struct handler *handler, struct rate *rate, struct request *request)
{
    if (rate_take(rate, &request->network, request->arrived_ms))
        return true;
    (void)atomic_fetch_add(&handler->counters.refused, 1);
    warn_of_proxy(handler, request);
    answer_named(handler, request, "too_many", 429);
    return false;
}

/* The rate limit comes after the check of the form, because a mistyped form causes no mail. */
static void take_signup(struct handler *handler, struct request *request)
{
    if (request->is_malformed) {
        answer_named(handler, request, "malformed", 400);
        return;
    }
    if (!signup_read(handler->pages, handler->suggestions, request)) {
        send_answer(handler, request);
        return;
    }
    if (!take_rate(handler, handler->mail_rate, request))
        return;
    signup_answer(handler->pages, request);
    request->is_delayed = true;
    submit(handler, request);
}

/* Whether it shows or erases a subscriber's data, or asks for a link that does, or has a page made
 * of the whole store. */
static bool concerns_data(const struct request *request)
{
    const char *action = request->is_post ? form_value(&request->form, "action") : NULL;
    return request->purpose == TOKEN_MY_DATA || request->purpose == TOKEN_ERASE ||
           (request->purpose == TOKEN_STATUS && request->is_post) ||
           (request->purpose == TOKEN_PREFERENCES && action &&
            (strcmp(action, "data") == 0 || strcmp(action, "erase") == 0));
}

/* A malformed body is not refused here, because one-click unsubscription (RFC 8058) must work with
 * whatever a mail provider posts. */
static void answer_token(struct handler *handler, struct request *request)
{
    if (!read_token(handler, request)) {
        pages_show_unknown(handler->pages, request,
                           pages_language_of(handler->pages, request, NULL));
        send_answer(handler, request);
    } else if (!concerns_data(request) || take_rate(handler, handler->data_rate, request)) {
        submit(handler, request);
    }
}

static void answer_page(struct handler *handler, struct request *request)
{
    read_request(handler, request);
    if (*request->token) {
        answer_token(handler, request);
    } else if (request->is_post) {
        take_signup(handler, request);
    } else {
        if (request->route == REQUEST_SUBSCRIBE)
            pages_subscribe(handler->pages, request, NULL);
        else
            pages_link(handler->pages, request, NULL);
        send_answer(handler, request);
    }
}

/* ---- what the server calls ---- */

static void begin(struct handler *handler, struct http_exchange *exchange,
                  const struct request_target *target)
{
    struct request *request = request_new();
    (void)atomic_fetch_add(&handler->counters.open, 1);
    request->exchange = exchange;
    request->route = target->route;
    request->token = arena_copy(&request->arena, target->token);
    request->depth = target->depth;
    request->arrived_ms = clock_monotonic_now();
    request->fallback_language = pages_language_accepted(handler->pages, NULL);
    *http_exchange_slot(exchange) = request;
}

static bool is_read(const struct http_head *head)
{
    return strcmp(head->method, "GET") == 0 || strcmp(head->method, "HEAD") == 0;
}

static size_t begun(void *payload, struct http_exchange *exchange)
{
    struct handler *handler = payload;
    const struct http_head *head = http_exchange_head(exchange);
    struct request_target target;
    request_target_read(head->path, handler->endpoint_prefix, &target);
    bool is_post = strcmp(head->method, "POST") == 0;
    bool takes_post = target.route != REQUEST_NONE && target.route != REQUEST_HEALTH;
    if (!is_read(head) && !(is_post && takes_post)) {
        send_plain(exchange, 405, "Not allowed here.\n",
                   takes_post ? "GET, HEAD, POST" : "GET, HEAD");
    } else if (!is_post && has_body(head)) {
        send_plain(exchange, 400, "A body is not taken here.\n", NULL);
    } else if (takes_post) {
        begin(handler, exchange, &target);
        ((struct request *)*http_exchange_slot(exchange))->is_post = is_post;
    }
    return is_post && takes_post ? FORM_BODY_MAXIMUM : 0;
}

static void whole(void *payload, struct http_exchange *exchange)
{
    struct handler *handler = payload;
    struct request *request = *http_exchange_slot(exchange);
    if (request && request->is_submitted) {
        send_answer(handler, request);
        return;
    }
    if (request) {
        answer_page(handler, request);
        return;
    }
    struct request_target target;
    request_target_read(http_exchange_head(exchange)->path, handler->endpoint_prefix, &target);
    if (target.route == REQUEST_NONE) {
        send_file(handler, exchange);
        return;
    }
    count_answer(handler, REQUEST_HEALTH, 200);
    http_exchange_answer(exchange, 200, handler->alive);
}

static void ended(void *payload, struct http_exchange *exchange)
{
    struct handler *handler = payload;
    struct request *request = *http_exchange_slot(exchange);
    if (!request)
        return;
    (void)atomic_fetch_sub(&handler->counters.open, 1);
    request_free(request);
}

static size_t metrics_begun(void *payload, struct http_exchange *exchange)
{
    static const struct request_target metrics = { .route = REQUEST_METRICS };
    const struct http_head *head = http_exchange_head(exchange);
    if (!is_read(head))
        send_plain(exchange, 405, "Not allowed here.\n", "GET, HEAD");
    else if (has_body(head))
        send_plain(exchange, 400, "A body is not taken here.\n", NULL);
    else if (strcmp(head->path, "/metrics") != 0)
        send_plain(exchange, 404, "Not found; /metrics is here.\n", NULL);
    else
        begin(payload, exchange, &metrics);
    return 0;
}

static void metrics_whole(void *payload, struct http_exchange *exchange)
{
    struct request *request = *http_exchange_slot(exchange);
    if (request->is_submitted)
        send_answer(payload, request);
    else
        submit(payload, request);
}

/* False for trusted proxies, which connect for many clients and so have no limit of their own. */
static bool client(void *payload, const struct sockaddr *address, struct http_client *client)
{
    const struct handler *handler = payload;
    struct network_address network;
    if (!network_from_socket(address, &network) ||
        network_proxies_cover(&handler->proxies, &network))
        return false;
    network_client(&network, client->bytes);
    return true;
}

void handler_fill(struct handler *handler, struct http_handler *callbacks)
{
    *callbacks = (struct http_handler){
        .begun = begun, .whole = whole, .ended = ended, .client = client, .payload = handler
    };
}

void handler_fill_metrics(struct handler *handler, struct http_handler *callbacks)
{
    *callbacks = (struct http_handler){
        .begun = metrics_begun, .whole = metrics_whole, .ended = ended, .payload = handler
    };
}
