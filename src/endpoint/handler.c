/* SPDX-License-Identifier: MIT */
#include "endpoint/handler.h"

#include "address/token.h"
#include "base/arena.h"
#include "base/error.h"
#include "endpoint/desk.h"
#include "endpoint/endpoint.h"
#include "endpoint/monotonic.h"
#include "endpoint/pages.h"
#include "endpoint/peers.h"
#include "endpoint/public_files.h"
#include "endpoint/rate.h"
#include "endpoint/request.h"
#include "endpoint/signup.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum {
    FORWARDED_LIST_MAXIMUM = 8 * 1024,
    LANGUAGE_CODE_MAXIMUM = 8, /* RFC 5646 section 2.1 */
    NOT_FOUND_PATH_SIZE = sizeof "//404.html" + LANGUAGE_CODE_MAXIMUM
};

static void add(struct MHD_Response *response, const char *name, const char *value)
{
    (void)MHD_add_response_header(response, name, value);
}

static const char *header(struct MHD_Connection *connection, const char *name)
{
    return MHD_lookup_connection_value(connection, MHD_HEADER_KIND, name);
}

static void count_answer(struct handler *handler, enum request_route route, unsigned status)
{
    unsigned class = status / 100 < COUNTERS_CLASSES ? status / 100 : 5;
    (void)atomic_fetch_add_explicit(&handler->counters.answers[route][class], 1,
                                    memory_order_relaxed);
}

/* Of the answer that was queued; conditions and ranges make it another than was asked for. */
static unsigned queued_status(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection,
                                                                   MHD_CONNECTION_INFO_HTTP_STATUS);
    return info ? info->http_status : MHD_HTTP_INTERNAL_SERVER_ERROR;
}

static enum MHD_Result queue_once(struct MHD_Connection *connection, unsigned status,
                                  struct MHD_Response *response)
{
    if (!response)
        return MHD_NO;
    enum MHD_Result result = MHD_queue_response(connection, status, response);
    MHD_destroy_response(response);
    return result;
}

/* ---- answers that are no files ---- */

/* What is a person's own is kept by nobody on the way, and its address, which may hold a token, is
 * told to no other site. */
static enum MHD_Result send_answer(struct handler *handler, struct request *request)
{
    const struct answer *answer = &request->answer;
    struct MHD_Response *response = MHD_create_response_from_buffer(
        answer->body.length, answer->body.data, MHD_RESPMEM_MUST_COPY);
    if (!response)
        return MHD_NO;
    add(response, MHD_HTTP_HEADER_CONTENT_TYPE,
        answer->type ? answer->type : "text/html; charset=utf-8");
    add(response, MHD_HTTP_HEADER_CACHE_CONTROL, "no-store");
    add(response, "Content-Security-Policy", handler->content_security_policy);
    add(response, "Referrer-Policy", "no-referrer");
    add(response, "X-Content-Type-Options", "nosniff");
    add(response, "X-Robots-Tag", *request->token ? "noindex, nofollow" : "nofollow");
    if (answer->is_retry_later)
        add(response, MHD_HTTP_HEADER_RETRY_AFTER, "60");
    if (answer->file_name)
        add(response, "Content-Disposition",
            arena_format(&request->arena, "attachment; filename=\"%s\"", answer->file_name));
    count_answer(handler, request->route, answer->status);
    return queue_once(request->connection, answer->status, response);
}

static enum MHD_Result send_plain(struct MHD_Connection *connection, unsigned status,
                                  const char *text, const char *allow)
{
    char *copy = strdup(text);
    struct MHD_Response *response = copy ? MHD_create_response_from_buffer(strlen(copy), copy,
                                                                           MHD_RESPMEM_MUST_FREE)
                                         : NULL;
    if (!response) {
        free(copy);
        return MHD_NO;
    }
    add(response, MHD_HTTP_HEADER_CONTENT_TYPE, "text/plain; charset=utf-8");
    add(response, "X-Content-Type-Options", "nosniff");
    if (allow)
        add(response, MHD_HTTP_HEADER_ALLOW, allow);
    if (status == MHD_HTTP_BAD_REQUEST || status == MHD_HTTP_CONTENT_TOO_LARGE)
        add(response, MHD_HTTP_HEADER_CONNECTION, "close");
    return queue_once(connection, status, response);
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

static enum MHD_Result send_not_found(struct handler *handler, struct MHD_Connection *connection,
                                      const char *path)
{
    enum MHD_Result result = MHD_NO;
    char page[NOT_FOUND_PATH_SIZE];
    count_answer(handler, REQUEST_NONE, MHD_HTTP_NOT_FOUND);
    if (language_page(path, page) &&
        public_files_answer(handler->files, connection, MHD_HTTP_METHOD_GET, page,
                            MHD_HTTP_NOT_FOUND, &result))
        return result;
    if (public_files_answer(handler->files, connection, MHD_HTTP_METHOD_GET, "/404.html",
                            MHD_HTTP_NOT_FOUND, &result))
        return result;
    return send_plain(connection, MHD_HTTP_NOT_FOUND, "Not found.\n", NULL);
}

/* A request for a file has no body: what follows it would be taken for the next request. */
static bool has_body(struct MHD_Connection *connection)
{
    const char *length = header(connection, MHD_HTTP_HEADER_CONTENT_LENGTH);
    return (length && strcmp(length, "0") != 0) ||
           header(connection, MHD_HTTP_HEADER_TRANSFER_ENCODING);
}

static enum MHD_Result send_file(struct handler *handler, struct MHD_Connection *connection,
                                 const char *method, const char *url)
{
    enum MHD_Result result = MHD_NO;
    size_t prefix = strlen(handler->site_prefix);
    const char *path = prefix > 1 && strncmp(url, handler->site_prefix, prefix) == 0
                           ? url + prefix - 1
                           : url;
    if (public_files_answer(handler->files, connection, method, path, MHD_HTTP_OK, &result)) {
        count_answer(handler, REQUEST_NONE, queued_status(connection));
        return result;
    }
    const char *own = path;
    prefix = strlen(handler->endpoint_prefix);
    if (strncmp(url, handler->endpoint_prefix, prefix) == 0)
        own = url + prefix - 1;
    if (*own == '/' && strcmp(own + 1, handler->style_path) == 0) {
        count_answer(handler, REQUEST_NONE, MHD_HTTP_OK);
        return MHD_queue_response(connection, MHD_HTTP_OK, handler->style);
    }
    return send_not_found(handler, connection, path);
}

/* ---- pages ---- */

static enum MHD_Result add_query_field(void *payload, enum MHD_ValueKind kind, const char *key,
                                       const char *value)
{
    struct request *request = payload;
    struct arena *arena = &request->arena;
    const char *name = form_decode(arena, key, strlen(key), true);
    const char *decoded = form_decode(arena, value ? value : "", value ? strlen(value) : 0, true);
    (void)kind;
    request->is_malformed = request->is_malformed || !name || !decoded ||
                            !form_add(arena, &request->query, name, decoded);
    return request->is_malformed ? MHD_NO : MHD_YES;
}

/* A proxy may write a line of its own behind those that came: together they are one list, in their
 * order (RFC 9110 section 5.2). */
static enum MHD_Result join_forwarded(void *payload, enum MHD_ValueKind kind, const char *name,
                                      const char *value)
{
    struct text *list = payload;
    (void)kind;
    if (strcasecmp(name, "X-Forwarded-For") == 0 && value) {
        text_append(list, ",");
        text_append(list, value);
    }
    return MHD_YES;
}

static void read_network(const struct handler *handler, struct request *request)
{
    struct text forwarded;
    struct MHD_Connection *connection = request->connection;
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(
        connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    if (info && info->client_addr)
        (void)network_from_socket(info->client_addr, &request->network);
    text_init(&forwarded, FORWARDED_LIST_MAXIMUM);
    (void)MHD_get_connection_values(connection, MHD_HEADER_KIND, join_forwarded, &forwarded);
    /* A list that is too long is no proxy's. */
    if (forwarded.length && !text_overflowed(&forwarded))
        network_resolve(&handler->proxies, forwarded.data, &request->network);
    text_release(&forwarded);
    network_truncate(&request->network, request->network_text);
}

static void read_request(const struct handler *handler, struct request *request)
{
    const char *type = header(request->connection, MHD_HTTP_HEADER_CONTENT_TYPE);
    (void)MHD_get_connection_values(request->connection, MHD_GET_ARGUMENT_KIND, add_query_field,
                                    request);
    if (!form_parse_body(&request->arena, type, request->body.data ? request->body.data : "",
                         request->body.length, &request->form))
        request->is_malformed = true;
    request->language = pages_language(handler->pages, form_value(&request->query, "language"));
    if (!request->language && request->route == REQUEST_SUBSCRIBE)
        request->language = pages_language(handler->pages, form_value(&request->form, "language"));
    request->fallback_language = pages_language_accepted(
        handler->pages, header(request->connection, MHD_HTTP_HEADER_ACCEPT_LANGUAGE));
    read_network(handler, request);
}

/* Whether the token is one of ours for this address; finds out which. A stranger's guess costs no
 * look at the database. */
static bool read_token(const struct handler *handler, struct request *request)
{
    static const struct {
        enum request_route route;
        enum token_purpose purpose;
    } purposes[] = { { REQUEST_CONFIRM, TOKEN_CONFIRM },
                     { REQUEST_UNSUBSCRIBE, TOKEN_UNSUBSCRIBE },
                     { REQUEST_PREFERENCES, TOKEN_PREFERENCES },
                     { REQUEST_PREFERENCES, TOKEN_MY_DATA },
                     { REQUEST_PREFERENCES, TOKEN_ERASE } };
    struct token token;
    for (size_t i = 0; i < sizeof purposes / sizeof purposes[0]; i++) {
        if (purposes[i].route != request->route ||
            !token_read(handler->settings->keys, purposes[i].purpose, request->token,
                        strlen(request->token), &token))
            continue;
        request->purpose = purposes[i].purpose;
        request->id = token.id;
        return true;
    }
    return false;
}

static enum MHD_Result say(struct handler *handler, struct request *request, const char *name,
                           unsigned status)
{
    pages_say_only(handler->pages, request, pages_language_of(handler->pages, request, NULL), name,
                   status);
    request->answer.is_retry_later = status == MHD_HTTP_TOO_MANY_REQUESTS ||
                                     status == MHD_HTTP_SERVICE_UNAVAILABLE;
    return send_answer(handler, request);
}

static enum MHD_Result submit(struct handler *handler, struct request *request)
{
    request->is_submitted = true;
    if (desk_submit(handler->desk, request))
        return MHD_YES;
    request->is_submitted = false;
    return say(handler, request, "busy", MHD_HTTP_SERVICE_UNAVAILABLE);
}

static enum MHD_Result take_signup(struct handler *handler, struct request *request)
{
    if (request->is_malformed)
        return say(handler, request, "malformed", MHD_HTTP_BAD_REQUEST);
    if (!rate_take(handler->rate, &request->network, request->arrived_ms)) {
        (void)atomic_fetch_add(&handler->counters.refused, 1);
        return say(handler, request, "too_many", MHD_HTTP_TOO_MANY_REQUESTS);
    }
    if (!signup_read(handler->pages, request))
        return send_answer(handler, request);
    request->is_retained = true;
    return submit(handler, request);
}

static enum MHD_Result answer_page(struct handler *handler, struct request *request)
{
    read_request(handler, request);
    if (request->is_too_large)
        return say(handler, request, "malformed", MHD_HTTP_CONTENT_TOO_LARGE);
    if (*request->token) {
        /* A body that we do not understand changes nothing about what a POST to a token does. */
        if (!read_token(handler, request)) {
            pages_say_unknown(handler->pages, request,
                              pages_language_of(handler->pages, request, NULL));
            return send_answer(handler, request);
        }
        return submit(handler, request);
    }
    if (request->is_post)
        return take_signup(handler, request);
    if (request->route == REQUEST_SUBSCRIBE)
        pages_subscribe(handler->pages, request, NULL);
    else
        pages_link(handler->pages, request, NULL);
    return send_answer(handler, request);
}

/* ---- access ---- */

/* Stands in a request's slot where nothing has to be kept of it. libmicrohttpd calls at least twice
 * (once for the headers, then for the rest), and closes the connection behind what was answered at
 * the first call. */
static char nothing_kept;

static bool is_request(void *const *slot)
{
    return *slot && *slot != &nothing_kept;
}

static struct request *begin(struct handler *handler, struct MHD_Connection *connection,
                             enum request_route route, const char *token)
{
    struct request *request = request_new();
    (void)atomic_fetch_add(&handler->counters.open, 1);
    request->connection = connection;
    request->route = route;
    request->token = arena_copy(&request->arena, token);
    request->arrived_ms = monotonic_ms();
    request->fallback_language = pages_language_accepted(handler->pages, NULL);
    return request;
}

static enum MHD_Result first_call(struct handler *handler, struct MHD_Connection *connection,
                                  const char *url, const char *method, void **slot)
{
    const char *token = "";
    enum request_route route = request_route(url, handler->endpoint_prefix, &token);
    bool is_read = strcmp(method, MHD_HTTP_METHOD_GET) == 0 ||
                   strcmp(method, MHD_HTTP_METHOD_HEAD) == 0;
    bool is_post = strcmp(method, MHD_HTTP_METHOD_POST) == 0;
    bool takes_post = route != REQUEST_NONE && route != REQUEST_HEALTH;
    if (!is_read && !(is_post && takes_post))
        return send_plain(connection, MHD_HTTP_METHOD_NOT_ALLOWED, "Not allowed here.\n",
                          takes_post ? "GET, HEAD, POST" : "GET, HEAD");
    if (is_read && has_body(connection))
        return send_plain(connection, MHD_HTTP_BAD_REQUEST, "A body is not taken here.\n", NULL);
    if (route == REQUEST_NONE || route == REQUEST_HEALTH) {
        *slot = &nothing_kept;
        return MHD_YES;
    }
    struct request *request = begin(handler, connection, route, token);
    request->is_post = is_post;
    *slot = request;
    const char *length = header(connection, MHD_HTTP_HEADER_CONTENT_LENGTH);
    if (is_post && length && strtoull(length, NULL, 10) > FORM_BODY_MAXIMUM)
        return send_plain(connection, MHD_HTTP_CONTENT_TOO_LARGE, "Too large.\n", NULL);
    return MHD_YES;
}

static enum MHD_Result later_call(struct handler *handler, struct request *request,
                                  const char *upload_data, size_t *upload_data_size)
{
    if (*upload_data_size) {
        text_append_bytes(&request->body, upload_data, *upload_data_size);
        request->is_too_large = text_overflowed(&request->body);
        *upload_data_size = 0;
        return MHD_YES;
    }
    peers_arrived(request->connection);
    return request->is_submitted ? send_answer(handler, request) : answer_page(handler, request);
}

static enum MHD_Result answer_without_request(struct handler *handler,
                                              struct MHD_Connection *connection, const char *method,
                                              const char *url)
{
    const char *token = "";
    peers_arrived(connection);
    if (request_route(url, handler->endpoint_prefix, &token) == REQUEST_NONE)
        return send_file(handler, connection, method, url);
    count_answer(handler, REQUEST_HEALTH, MHD_HTTP_OK);
    return MHD_queue_response(connection, MHD_HTTP_OK, handler->alive);
}

/* NOLINTNEXTLINE(readability-function-size): libmicrohttpd's signature */
enum MHD_Result handler_access(void *payload, struct MHD_Connection *connection, const char *url,
                               const char *method, const char *version, const char *upload_data,
                               size_t *upload_data_size, void **slot)
{
    (void)version;
    if (!*slot)
        return first_call(payload, connection, url, method, slot);
    if (!is_request(slot))
        return answer_without_request(payload, connection, method, url);
    return later_call(payload, *slot, upload_data, upload_data_size);
}

/* NOLINTNEXTLINE(readability-function-size): libmicrohttpd's signature */
enum MHD_Result handler_access_metrics(void *payload, struct MHD_Connection *connection,
                                       const char *url, const char *method, const char *version,
                                       const char *upload_data, size_t *upload_data_size,
                                       void **slot)
{
    struct handler *handler = payload;
    struct request *request = *slot;
    (void)version;
    (void)upload_data;
    *upload_data_size = 0;
    if (request && request->is_submitted)
        return send_answer(handler, request);
    if (request) {
        peers_arrived(connection);
        return submit(handler, request);
    }
    if (strcmp(method, MHD_HTTP_METHOD_GET) != 0 && strcmp(method, MHD_HTTP_METHOD_HEAD) != 0)
        return send_plain(connection, MHD_HTTP_METHOD_NOT_ALLOWED, "Not allowed here.\n",
                          "GET, HEAD");
    if (has_body(connection))
        return send_plain(connection, MHD_HTTP_BAD_REQUEST, "A body is not taken here.\n", NULL);
    if (strcmp(url, "/metrics") != 0)
        return send_plain(connection, MHD_HTTP_NOT_FOUND, "Not found; /metrics is here.\n", NULL);
    *slot = begin(handler, connection, REQUEST_METRICS, "");
    return MHD_YES;
}

void handler_completed(void *payload, struct MHD_Connection *connection, void **slot,
                       enum MHD_RequestTerminationCode code)
{
    struct handler *handler = payload;
    (void)code;
    peers_answered(connection);
    if (!is_request(slot))
        return;
    (void)atomic_fetch_sub(&handler->counters.open, 1);
    request_free(*slot);
    *slot = NULL;
}
