/* SPDX-License-Identifier: MIT */
#include "cli/preview_serve.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/random.h"
#include "base/string_builder.h"
#include "cli/command.h"
#include "cli/context.h"
#include "cli/preview_live.h"
#include "cli/terminal.h"
#include "config/config.h"
#include "http/http.h"
#include "http/listener.h"
#include "locale/locale.h"
#include "release/newsroom.h"
#include "template/json_value.h"
#include "template/template.h"

#include <arpa/inet.h>
#include <inttypes.h>
#include <jansson.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <time.h>
#include <unistd.h>

enum { FOLLOW_MS = 300, CONNECTIONS = 64, TIMEOUT_SECONDS = 60, SECRET_SIZE = 40, HOST_SIZE = 260 };

static const char default_listen[] = "127.0.0.1:0";

struct serving {
    struct command_context *context;
    struct preview_live live;
    struct http_response *shell;
    const char *host; /* as it was told to listen at; "": everywhere */
    unsigned port;
    char secret[SECRET_SIZE]; /* first part of each path: others on this machine see nothing */
};

/* ---- who may ask ---- */

static bool is_everywhere(const char *host)
{
    return *host == '\0' || strcmp(host, "0.0.0.0") == 0 || strcmp(host, "[::]") == 0;
}

static bool is_number(const char *host)
{
    struct in6_addr address;
    char inside[INET6_ADDRSTRLEN];
    size_t length = strlen(host);
    if (host[0] != '[')
        return inet_pton(AF_INET, host, &address) == 1;
    if (length < 3 || length - 2 >= sizeof inside || host[length - 1] != ']')
        return false;
    (void)snprintf(inside, sizeof inside, "%.*s", (int)(length - 2), host + 1);
    return inet_pton(AF_INET6, inside, &address) == 1;
}

/* A page elsewhere may have its own name lead here; its Host gives it away. Names that nobody can
 * make lead here are numbers, and localhost. */
static bool is_own_host(const struct serving *serving, const char *field)
{
    char host[HOST_SIZE];
    char port[16];
    size_t length = field ? strlen(field) : 0;
    (void)snprintf(port, sizeof port, ":%u", serving->port);
    size_t port_length = strlen(port);
    if (length <= port_length || length >= sizeof host ||
        strcmp(field + length - port_length, port) != 0)
        return false;
    (void)snprintf(host, sizeof host, "%.*s", (int)(length - port_length), field);
    return strcasecmp(host, "localhost") == 0 || strcasecmp(host, serving->host) == 0 ||
           (is_everywhere(serving->host) && is_number(host));
}

/* ---- answers ---- */

static void answer_text(struct http_exchange *exchange, unsigned status)
{
    const char *words = http_reason(status);
    struct http_response *response = http_response_of_copy(words, strlen(words));
    http_response_add(response, "Content-Type", "text/plain; charset=utf-8");
    http_response_add(response, "Cache-Control", "no-store");
    if (status == 405)
        http_response_add(response, "Allow", "GET, HEAD");
    http_exchange_answer_once(exchange, status, response);
}

static struct http_response *find(struct serving *serving, const char *path)
{
    static const char *const names[PREVIEW_VIEW_COUNT] = { [PREVIEW_VIEW_STATE] = "state",
                                                           [PREVIEW_VIEW_PAGE] = "page",
                                                           [PREVIEW_VIEW_MAIL] = "mail",
                                                           [PREVIEW_VIEW_TEXT] = "text" };
    size_t length = strlen(serving->secret);
    if (path[0] != '/' || strncmp(path + 1, serving->secret, length) != 0 ||
        path[1 + length] != '/')
        return NULL;
    const char *name = path + 1 + length + 1;
    if (*name == '\0') {
        http_response_hold(serving->shell);
        return serving->shell;
    }
    for (int view = 0; view < PREVIEW_VIEW_COUNT; view++)
        if (strcmp(names[view], name) == 0)
            return preview_live_view(&serving->live, (enum preview_view)view);
    return NULL;
}

static size_t begun(void *payload, struct http_exchange *exchange)
{
    (void)payload;
    (void)exchange;
    return 0;
}

static void whole(void *payload, struct http_exchange *exchange)
{
    struct serving *serving = payload;
    const struct http_head *head = http_exchange_head(exchange);
    if (!is_own_host(serving, http_exchange_field(exchange, "Host"))) {
        answer_text(exchange, 421);
        return;
    }
    if (strcmp(head->method, "GET") != 0 && strcmp(head->method, "HEAD") != 0) {
        answer_text(exchange, 405);
        return;
    }
    struct http_response *response = find(serving, head->path);
    if (response)
        http_exchange_answer_once(exchange, 200, response);
    else
        answer_text(exchange, 404);
}

static void ended(void *payload, struct http_exchange *exchange)
{
    (void)payload;
    (void)exchange;
}

/* ---- the page around page and mail ---- */

static json_t *shell_context(const struct serving *serving, const char *nonce)
{
    const struct config *config = serving->context->config;
    const char *language = config->newsroom.language;
    const char *path = serving->live.path;
    struct strings_cursor cursor;
    const char *key;
    const char *text;
    json_t *words = json_object();
    json_t *context = json_object();
    strings_cursor_open(&cursor, config->publish.strings, language);
    while (strings_cursor_next(&cursor, &key, &text))
        if (strncmp(key, "preview_serve_", strlen("preview_serve_")) == 0)
            json_set_text(words, key, text);
    json_set_value(context, "t", words);
    json_set_text(context, "language", language);
    json_set_text(context, "direction", language_direction(language));
    json_set_text(context, "nonce", nonce);
    json_set_text(
        context, "title",
        strings_format(serving->context->arena,
                       strings_get(config->publish.strings, language, "preview_serve_title"),
                       "file", strrchr(path, '/') + 1, NULL));
    return context;
}

static bool make_shell(struct serving *serving, struct error *error)
{
    char nonce[24];
    char policy[400];
    struct string_builder text;
    (void)snprintf(nonce, sizeof nonce, "%016" PRIx64,
                   (uint64_t)random_positive(&serving->context->random));
    (void)snprintf(policy, sizeof policy,
                   "default-src 'none'; script-src 'nonce-%s'; style-src 'unsafe-inline'; "
                   "connect-src 'self'; frame-src 'self'; form-action 'none'; base-uri 'none'; "
                   "frame-ancestors 'none'",
                   nonce);
    string_builder_init(&text, 0);
    json_t *context = shell_context(serving, nonce);
    bool done = template_render(serving->context->config->templates, "preview-serve", context,
                                TEMPLATE_HTML, &text, error);
    json_decref(context);
    if (done) {
        serving->shell = http_response_of_copy(text.data, text.length);
        http_response_add(serving->shell, "Content-Type", "text/html; charset=utf-8");
        http_response_add(serving->shell, "Content-Security-Policy", policy);
        http_response_add(serving->shell, "Cache-Control", "no-store");
        http_response_add(serving->shell, "X-Content-Type-Options", "nosniff");
        http_response_add(serving->shell, "X-Robots-Tag", "noindex, nofollow");
        http_response_add(serving->shell, "Referrer-Policy", "no-referrer");
    }
    string_builder_release(&text);
    return done;
}

/* ---- the server ---- */

static struct http_server *open_server(struct serving *serving, struct error *error)
{
    struct command_context *context = serving->context;
    const char *listen = arguments_value(context->arguments, "listen");
    const struct http_server_settings settings = {
        .handler = { .begun = begun, .whole = whole, .ended = ended, .payload = serving },
        .threads = 1,
        .connections = CONNECTIONS,
        .timeout_seconds = TIMEOUT_SECONDS,
        .request_seconds = TIMEOUT_SECONDS,
        .seed = (uint64_t)random_positive(&context->random)
    };
    if (!listen)
        listen = default_listen;
    int listening = listener_open(listen, "--listen", error);
    if (listening < 0)
        return NULL;
    serving->port = listener_port(listening);
    serving->host = arena_copy_bytes(context->arena, listen,
                                     (size_t)(strrchr(listen, ':') - listen));
    struct http_server *server = http_server_open(&settings, listening, error);
    if (!server)
        (void)close(listening);
    return server;
}

static void print_address(const struct serving *serving)
{
    const char *host = is_everywhere(serving->host) ? "localhost" : serving->host;
    const char *url = arena_format(serving->context->arena, "http://%s:%u/%s/", host, serving->port,
                                   serving->secret);
    if (serving->context->json)
        context_print_json(json_pack("{s:s}", "url", url));
    else
        terminal_print("%s\n", url);
    (void)fflush(stdout);
}

/* Until somebody ends it. */
static void follow(struct serving *serving, const sigset_t *ends)
{
    static const struct timespec pause = { .tv_nsec = FOLLOW_MS * 1000000L };
    while (sigtimedwait(ends, NULL, &pause) < 0)
        preview_live_follow(&serving->live);
}

static bool serve(struct serving *serving, struct error *error)
{
    sigset_t ends;
    /* Signals are blocked before there are threads, which inherit the mask. */
    (void)sigemptyset(&ends);
    (void)sigaddset(&ends, SIGINT);
    (void)sigaddset(&ends, SIGTERM);
    (void)sigaddset(&ends, SIGPIPE);
    (void)pthread_sigmask(SIG_BLOCK, &ends, NULL);
    (void)sigdelset(&ends, SIGPIPE);
    (void)snprintf(serving->secret, sizeof serving->secret, "%016" PRIx64 "%016" PRIx64,
                   (uint64_t)random_positive(&serving->context->random),
                   (uint64_t)random_positive(&serving->context->random));
    if (!make_shell(serving, error))
        return false;
    preview_live_follow(&serving->live);
    struct http_server *server = open_server(serving, error);
    if (!server)
        return false;
    print_address(serving);
    follow(serving, &ends);
    http_server_close(server);
    return true;
}

int preview_serve(struct command_context *context)
{
    struct error error;
    struct serving serving = { .context = context };
    if (!preview_live_open(&serving.live, context, &error))
        return context_fail(context, &error);
    bool done = serve(&serving, &error);
    http_response_free(serving.shell);
    preview_live_close(&serving.live);
    return done ? EXIT_WELL : context_fail(context, &error);
}
