/* SPDX-License-Identifier: MIT */
#include "endpoint/endpoint.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/random.h"
#include "endpoint/handler.h"
#include "endpoint/pages.h"
#include "endpoint/public_files.h"
#include "endpoint/rate.h"
#include "endpoint/request_worker.h"
#include "endpoint/suggestion.h"
#include "http/listener.h"
#include "release/newsroom.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { HTTP_THREADS = 2, DRAIN_STEPS = 200, DRAIN_STEP_NS = 10 * 1000 * 1000 };

struct endpoint {
    struct endpoint_settings settings;
    struct handler handler;
    struct public_files_settings files_settings;
    struct arena arena;
    struct http_server *server;
    struct http_server *metrics_server;
    int metrics_socket; /* listens, until its server has it; -1: none */
    struct error metrics_error;
    uint64_t seed;
    unsigned port;
    unsigned metrics_port;
};

/* ---- what is made once ---- */

/* "https://presse.example.dk" of an address. */
static const char *origin_of(struct arena *arena, const char *url)
{
    const char *host = strstr(url, "://");
    return host ? arena_copy_bytes(arena, url, (size_t)(host - url) + 3 + strcspn(host + 3, "/"))
                : "'self'";
}

/* "/press/" of "https://example.dk/press/". */
static const char *path_of(const char *url)
{
    const char *host = url ? strstr(url, "://") : NULL;
    const char *path = host ? strchr(host + 3, '/') : NULL;
    return path ? path : "/";
}

/* Pages may load nothing but what the newsroom serves, under whichever of its two names they were
 * reached. */
static const char *new_policy(struct arena *arena, const struct newsroom *newsroom)
{
    const char *site = origin_of(arena, newsroom->site_url);
    const char *endpoint = origin_of(arena,
                                     newsroom->endpoint ? newsroom->endpoint : newsroom->site_url);
    return arena_format(arena,
                        "default-src 'self' %s; img-src 'self' %s data:; script-src 'none'; "
                        "object-src 'none'; base-uri 'none'; form-action 'self' %s; "
                        "frame-ancestors 'none'",
                        site, site, endpoint);
}

static struct http_response *new_fixed(const void *bytes, size_t length, const char *type,
                                       const char *cache_control)
{
    struct http_response *response = http_response_of_copy(bytes, length);
    http_response_add(response, "Content-Type", type);
    http_response_add(response, "Cache-Control", cache_control);
    http_response_add(response, "X-Content-Type-Options", "nosniff");
    return response;
}

static void set_default(unsigned *value, unsigned fallback)
{
    if (*value == 0)
        *value = fallback;
}

enum { NETWORKS_A_PROVIDER = 20 };

static struct rate *new_rate(const char *name, const struct endpoint_limits *limits,
                             struct random *random)
{
    const struct rate_limits rate = {
        .network = { limits->network_burst, limits->network_per_hour },
        .provider = { NETWORKS_A_PROVIDER * limits->network_burst,
                      NETWORKS_A_PROVIDER * limits->network_per_hour },
        .all = { limits->all_burst, limits->all_per_hour },
        .crowded = { limits->crowded_per_hour, limits->crowded_per_hour },
    };
    return rate_new(name, &rate, (uint64_t)random_positive(random));
}

static void set_defaults(struct endpoint_limits *limits)
{
    set_default(&limits->connections, 1000);
    set_default(&limits->client_connections, 64);
    set_default(&limits->client_burst, 128);
    set_default(&limits->client_per_second, 40);
    set_default(&limits->timeout_seconds, 15);
    set_default(&limits->request_seconds, 60);
    set_default(&limits->network_burst, 30);
    set_default(&limits->network_per_hour, 120);
    set_default(&limits->all_burst, 2000);
    set_default(&limits->all_per_hour, 20000);
    set_default(&limits->crowded_per_hour, 4);
}

static bool make_parts(struct endpoint *endpoint, struct error *error)
{
    struct handler *handler = &endpoint->handler;
    const struct endpoint_settings *settings = &endpoint->settings;
    struct endpoint_limits *limits = &endpoint->settings.limits;
    set_defaults(limits);
    handler->settings = settings;
    handler->content_security_policy = new_policy(&endpoint->arena, settings->newsroom);
    handler->endpoint_prefix = path_of(settings->newsroom->endpoint);
    handler->site_prefix = path_of(settings->newsroom->site_url);
    endpoint->files_settings = (struct public_files_settings){
        .path = settings->public_path,
        .content_security_policy = handler->content_security_policy,
    };
    if (!network_proxies_parse(&endpoint->arena, settings->trusted_proxies, &handler->proxies,
                               error))
        return false;
    handler->files = public_files_open(&endpoint->files_settings, error);
    if (!handler->files)
        return error_prefix(error, "serve");
    handler->pages = pages_open(settings, handler->files);
    handler->suggestions = suggestions_new(settings);
    handler->mail_rate = new_rate("mails", limits, settings->random);
    handler->data_rate = new_rate("people's data", limits, settings->random);
    endpoint->seed = (uint64_t)random_positive(settings->random);
    handler->style_path = pages_style_path(handler->pages);
    handler->style = new_fixed(settings->style, settings->style_length, "text/css; charset=utf-8",
                               "public, max-age=31536000, immutable");
    handler->alive = new_fixed("ok\n", 3, "text/plain; charset=utf-8", "no-store");
    handler->worker = request_worker_open(settings, handler->pages, &handler->counters, error);
    return handler->worker != NULL;
}

/* ---- servers ---- */

static struct http_server *start(struct endpoint *endpoint, int socket_descriptor, bool is_metrics,
                                 struct error *error)
{
    const struct endpoint_limits *limits = &endpoint->settings.limits;
    struct http_server_settings settings = {
        .threads = is_metrics ? 1 : HTTP_THREADS,
        .connections = limits->connections,
        .timeout_seconds = limits->timeout_seconds,
        .request_seconds = limits->request_seconds,
        .client_limits = { .open = limits->client_connections,
                           .burst = limits->client_burst,
                           .per_second = limits->client_per_second },
        .seed = endpoint->seed,
        .refused = is_metrics ? NULL : &endpoint->handler.counters.connections_refused,
    };
    if (is_metrics)
        handler_fill_metrics(&endpoint->handler, &settings.handler);
    else
        handler_fill(&endpoint->handler, &settings.handler);
    return http_server_open(&settings, socket_descriptor, error);
}

/* Takes the descriptor: the server has it afterwards, or it is closed. */
static bool start_at(struct endpoint *endpoint, int descriptor, bool is_metrics,
                     struct error *error)
{
    unsigned port = listener_port(descriptor);
    struct http_server *server = start(endpoint, descriptor, is_metrics, error);
    if (!server) {
        (void)close(descriptor);
        return false;
    }
    *(is_metrics ? &endpoint->metrics_server : &endpoint->server) = server;
    *(is_metrics ? &endpoint->metrics_port : &endpoint->port) = port;
    return true;
}

/* Both sockets listen before the call, because afterwards the process may have no right to open
 * another. */
static bool listen_and_start(struct endpoint *endpoint, struct error *error)
{
    const struct endpoint_settings *settings = &endpoint->settings;
    int descriptor = listener_open(settings->listen, "serve.listen", error);
    if (descriptor < 0)
        return false;
    if (settings->metrics)
        endpoint->metrics_socket = listener_open(settings->metrics, "serve.metrics",
                                                 &endpoint->metrics_error);
    if (settings->before_serving && !settings->before_serving(error)) {
        (void)close(descriptor);
        return error_prefix(error, "serve");
    }
    return start_at(endpoint, descriptor, false, error);
}

struct endpoint *endpoint_open(const struct endpoint_settings *settings, struct error *error)
{
    struct endpoint *endpoint = memory_allocate(sizeof *endpoint);
    endpoint->settings = *settings;
    endpoint->metrics_socket = -1;
    if (make_parts(endpoint, error) && listen_and_start(endpoint, error))
        return endpoint;
    endpoint_close(endpoint);
    return NULL;
}

bool endpoint_open_metrics(struct endpoint *endpoint, struct error *error)
{
    int descriptor = endpoint->metrics_socket;
    endpoint->metrics_socket = -1;
    if (descriptor >= 0)
        return start_at(endpoint, descriptor, true, error);
    if (endpoint->settings.metrics)
        *error = endpoint->metrics_error;
    return !endpoint->settings.metrics;
}

unsigned endpoint_port(const struct endpoint *endpoint)
{
    return endpoint->port;
}

unsigned endpoint_metrics_port(const struct endpoint *endpoint)
{
    return endpoint->metrics_port;
}

/* ---- closing ---- */

/* Answers that are ready get a moment to be sent, because closing the server cuts them off. */
static void wait_for_answers(struct endpoint *endpoint)
{
    const struct timespec step = { .tv_nsec = DRAIN_STEP_NS };
    for (int i = 0; i < DRAIN_STEPS && atomic_load(&endpoint->handler.counters.open) > 0; i++)
        (void)nanosleep(&step, NULL);
}

void endpoint_close(struct endpoint *endpoint)
{
    if (!endpoint)
        return;
    struct handler *handler = &endpoint->handler;
    if (endpoint->server)
        http_server_quiesce(endpoint->server);
    if (endpoint->metrics_server)
        http_server_quiesce(endpoint->metrics_server);
    /* The worker resumes every suspended connection, so the servers must not end before. */
    if (handler->worker)
        request_worker_drain(handler->worker);
    wait_for_answers(endpoint);
    http_server_close(endpoint->server);
    http_server_close(endpoint->metrics_server);
    if (endpoint->metrics_socket >= 0)
        (void)close(endpoint->metrics_socket);
    request_worker_close(handler->worker);
    suggestions_free(handler->suggestions);
    rate_free(handler->mail_rate);
    rate_free(handler->data_rate);
    pages_close(handler->pages);
    public_files_close(handler->files);
    http_response_free(handler->style);
    http_response_free(handler->alive);
    arena_release(&endpoint->arena);
    free(endpoint);
}
