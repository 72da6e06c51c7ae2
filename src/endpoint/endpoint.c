/* SPDX-License-Identifier: MIT */
#include "endpoint/endpoint.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/log.h"
#include "base/random.h"
#include "endpoint/desk.h"
#include "endpoint/handler.h"
#include "endpoint/listener.h"
#include "endpoint/pages.h"
#include "endpoint/peers.h"
#include "endpoint/public_files.h"
#include "endpoint/rate.h"
#include "release/newsroom.h"

#include <microhttpd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum {
    HTTP_THREADS = 2,
    HEADERS_MAXIMUM = 24 * 1024, /* of a request, with the room its answer's headers need */
    DRAIN_STEPS = 200,
    DRAIN_STEP_NS = 10 * 1000 * 1000
};

struct endpoint {
    struct endpoint_settings settings;
    struct handler handler;
    struct public_files_settings files_settings;
    struct arena arena;
    struct peers *peers;
    struct MHD_Daemon *daemon;
    struct MHD_Daemon *metrics_daemon;
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

/* Nothing but what the newsroom itself serves, under whatever name it was reached; no script, no
 * frame around, and forms go to the endpoint alone. */
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

static struct MHD_Response *new_fixed(const void *bytes, size_t length, const char *type,
                                      const char *cache_control)
{
    struct MHD_Response *response;
    char *copy = malloc(length + 1);
    if (!copy)
        return NULL;
    memcpy(copy, bytes, length);
    response = MHD_create_response_from_buffer(length, copy, MHD_RESPMEM_MUST_FREE);
    if (!response) {
        free(copy);
        return NULL;
    }
    (void)MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, type);
    (void)MHD_add_response_header(response, MHD_HTTP_HEADER_CACHE_CONTROL, cache_control);
    (void)MHD_add_response_header(response, "X-Content-Type-Options", "nosniff");
    return response;
}

static void set_default(unsigned *value, unsigned fallback)
{
    if (*value == 0)
        *value = fallback;
}

static struct rate *new_rate(const struct endpoint_limits *limits, struct random *random)
{
    const struct rate_limit network = { limits->network_burst, limits->network_per_hour };
    const struct rate_limit all = { limits->all_burst, limits->all_per_hour };
    return rate_new(&network, &all, (uint64_t)random_positive(random));
}

static bool make_parts(struct endpoint *endpoint, struct error *error)
{
    struct handler *handler = &endpoint->handler;
    const struct endpoint_settings *settings = &endpoint->settings;
    struct endpoint_limits *limits = &endpoint->settings.limits;
    set_default(&limits->connections, 1000);
    set_default(&limits->timeout_seconds, 15);
    set_default(&limits->request_seconds, 60);
    set_default(&limits->network_burst, 30);
    set_default(&limits->network_per_hour, 120);
    set_default(&limits->all_burst, 2000);
    set_default(&limits->all_per_hour, 20000);
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
    handler->rate = new_rate(limits, settings->random);
    handler->style_path = pages_style_path(handler->pages);
    handler->style = new_fixed(settings->style, settings->style_length, "text/css; charset=utf-8",
                               "public, max-age=31536000, immutable");
    handler->alive = new_fixed("ok\n", 3, "text/plain; charset=utf-8", "no-store");
    endpoint->peers = peers_open((int64_t)limits->request_seconds * 1000);
    handler->desk = desk_open(settings, handler->pages, &handler->counters, error);
    return handler->desk != NULL;
}

/* ---- daemons ---- */

/* Addresses stay as they came: decoding is ours, so that a %00 ends nothing. */
static size_t keep_escapes(void *payload, struct MHD_Connection *connection, char *string)
{
    (void)payload;
    (void)connection;
    return strlen(string);
}

static struct MHD_Daemon *start(struct endpoint *endpoint, int socket_descriptor,
                                MHD_AccessHandlerCallback access, unsigned threads)
{
    const struct endpoint_limits *limits = &endpoint->settings.limits;
    struct MHD_OptionItem options[] = {
        { MHD_OPTION_LISTEN_SOCKET, socket_descriptor, NULL },
        { MHD_OPTION_CONNECTION_LIMIT, (intptr_t)limits->connections, NULL },
        { MHD_OPTION_CONNECTION_TIMEOUT, (intptr_t)limits->timeout_seconds, NULL },
        { MHD_OPTION_CONNECTION_MEMORY_LIMIT, HEADERS_MAXIMUM, NULL },
        { MHD_OPTION_STRICT_FOR_CLIENT, 1, NULL },
        /* One thread is the daemon's own; a pool is more than one. */
        { threads > 1 ? MHD_OPTION_THREAD_POOL_SIZE : MHD_OPTION_END, (intptr_t)threads, NULL },
        { MHD_OPTION_END, 0, NULL },
    };
    return MHD_start_daemon(
        MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_TURBO, 0, NULL, NULL,
        access, &endpoint->handler, MHD_OPTION_ARRAY, options, MHD_OPTION_UNESCAPE_CALLBACK,
        keep_escapes, NULL, MHD_OPTION_NOTIFY_COMPLETED, handler_completed, &endpoint->handler,
        MHD_OPTION_NOTIFY_CONNECTION, peers_notify, endpoint->peers, MHD_OPTION_END);
}

static bool listen_and_start(struct endpoint *endpoint, bool is_metrics, struct error *error)
{
    int descriptor = is_metrics ? listener_open(endpoint->settings.metrics, "serve.metrics", error)
                                : listener_open(endpoint->settings.listen, "serve.listen", error);
    if (descriptor < 0)
        return false;
    unsigned port = listener_port(descriptor);
    struct MHD_Daemon *daemon = start(endpoint, descriptor,
                                      is_metrics ? handler_access_metrics : handler_access,
                                      is_metrics ? 1 : HTTP_THREADS);
    if (!daemon) {
        (void)close(descriptor);
        return error_set(error, ERROR_SYSTEM, "serve: libmicrohttpd does not start");
    }
    *(is_metrics ? &endpoint->metrics_daemon : &endpoint->daemon) = daemon;
    *(is_metrics ? &endpoint->metrics_port : &endpoint->port) = port;
    return true;
}

struct endpoint *endpoint_open(const struct endpoint_settings *settings, struct error *error)
{
    struct endpoint *endpoint = calloc(1, sizeof *endpoint);
    if (!endpoint)
        abort();
    endpoint->settings = *settings;
    if (make_parts(endpoint, error) && listen_and_start(endpoint, false, error))
        return endpoint;
    endpoint_close(endpoint);
    return NULL;
}

bool endpoint_open_metrics(struct endpoint *endpoint, struct error *error)
{
    return !endpoint->settings.metrics || listen_and_start(endpoint, true, error);
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

/* Answers that were made get a moment to leave. */
static void wait_for_answers(struct endpoint *endpoint)
{
    const struct timespec step = { .tv_nsec = DRAIN_STEP_NS };
    for (int i = 0; i < DRAIN_STEPS && atomic_load(&endpoint->handler.counters.open) > 0; i++)
        (void)nanosleep(&step, NULL);
}

static void stop(struct MHD_Daemon *daemon, int quiesced)
{
    if (!daemon)
        return;
    MHD_stop_daemon(daemon);
    if (quiesced >= 0)
        (void)close(quiesced);
}

void endpoint_close(struct endpoint *endpoint)
{
    if (!endpoint)
        return;
    struct handler *handler = &endpoint->handler;
    int listening = endpoint->daemon ? MHD_quiesce_daemon(endpoint->daemon) : -1;
    int metrics = endpoint->metrics_daemon ? MHD_quiesce_daemon(endpoint->metrics_daemon) : -1;
    /* The desk resumes every connection that sleeps: libmicrohttpd must not stop before. */
    if (handler->desk)
        desk_drain(handler->desk);
    wait_for_answers(endpoint);
    stop(endpoint->daemon, listening);
    stop(endpoint->metrics_daemon, metrics);
    peers_close(endpoint->peers);
    desk_close(handler->desk);
    rate_free(handler->rate);
    pages_close(handler->pages);
    public_files_close(handler->files);
    if (handler->style)
        MHD_destroy_response(handler->style);
    if (handler->alive)
        MHD_destroy_response(handler->alive);
    arena_release(&endpoint->arena);
    free(endpoint);
}
