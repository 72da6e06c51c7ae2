/* SPDX-License-Identifier: MIT */
#include "net/mailbox_connection.h"

#include "base/clock.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/string_builder.h"

#include <curl/curl.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char default_bundle[] = "/etc/ssl/certs/ca-certificates.crt";

enum {
    STEP_TIMEOUTS = 3,     /* time-outs that a step may take: one octet at a time is no answer */
    SESSION_TIMEOUTS = 15, /* the same for a whole session; the rest is read in the next one */
    POLL_MS = 500,         /* how often what stops us is looked at in a silence */
    LAST_MS = 1500,        /* after a stop request, the time left for removing processed messages */
    ALIVE_SECONDS = 60,    /* how often a silent connection is asked whether it is still there */
    ALIVE_EVERY_SECONDS = 20
};

/* ---- where to ---- */

/* User and folder go into a command line, so they may hold no line end. */
static bool is_one_line(const char *value)
{
    for (const char *c = value; *c; c++)
        if ((unsigned char)*c < ' ' || *c == 127)
            return false;
    return true;
}

static bool url_part(CURLU *url, CURLUPart part, unsigned flags, char **value)
{
    *value = NULL;
    return curl_url_get(url, part, value, flags) == CURLUE_OK;
}

bool mailbox_url_parse(const char *url, const char *default_port, struct mailbox_url *server,
                       struct error *error)
{
    *server = (struct mailbox_url){ 0 };
    char *path = NULL;
    CURLU *parsed = curl_url();
    bool done = parsed && !curl_url_set(parsed, CURLUPART_URL, url, CURLU_NON_SUPPORT_SCHEME) &&
                url_part(parsed, CURLUPART_HOST, 0, &server->host) &&
                url_part(parsed, CURLUPART_USER, CURLU_URLDECODE, &server->user) &&
                url_part(parsed, CURLUPART_PATH, CURLU_URLDECODE, &path);
    if (done && !url_part(parsed, CURLUPART_PORT, 0, &server->port))
        server->port = strdup(default_port);
    if (done)
        server->folder = strdup(path[0] && path[1] ? path + 1 : "INBOX");
    curl_free(path);
    curl_url_cleanup(parsed);
    if (done && is_one_line(server->user) && is_one_line(server->folder))
        return true;
    mailbox_url_release(server);
    return error_set(error, ERROR_USAGE,
                     "mail.inbox: not readable" ERROR_ADVICE
                     "write it like imaps://user@host/INBOX");
}

/* curl_free() may free what strdup() made, because curl_global_init() got no allocator of its own.
 */
void mailbox_url_release(struct mailbox_url *server)
{
    curl_free(server->host);
    curl_free(server->port);
    curl_free(server->user);
    curl_free(server->folder);
    *server = (struct mailbox_url){ 0 };
}

/* ---- octets ---- */

struct mailbox_connection {
    CURL *curl;
    const char *host;
    int64_t timeout_ms;
    int64_t step_ends; /* both on the clock below */
    int64_t session_ends;
    size_t allowed; /* octets that may still come in this step */
    bool is_last;   /* the step ends the session */
    const volatile sig_atomic_t *stop;
    void (*heartbeat)(void);
    int64_t stops_at; /* on that clock; 0: not told to stop yet, as far as we have seen */
};

static bool is_stopped(const struct mailbox_connection *connection)
{
    return connection->stop && *connection->stop;
}

static bool stopped(const char *host, struct error *error)
{
    return error_set(
        error, ERROR_TEMPORARY,
        "mail.inbox: %s: told to stop" ERROR_ADVICE "the rest is left for the next time", host);
}

bool mailbox_connection_begin(struct mailbox_connection *connection, size_t octets, bool is_last,
                              struct error *error)
{
    int64_t now = clock_monotonic_now();
    connection->allowed = octets;
    connection->step_ends = now + STEP_TIMEOUTS * connection->timeout_ms;
    connection->is_last = is_last;
    if (!is_last && is_stopped(connection))
        return stopped(connection->host, error);
    if (is_last || now < connection->session_ends)
        return true;
    return error_set(
        error, ERROR_TEMPORARY,
        "mail.inbox: %s: the server is so slow that the rest is left for the next time",
        connection->host);
}

static bool is_late(const struct mailbox_connection *connection, struct error *error)
{
    if (clock_monotonic_now() < connection->step_ends)
        return false;
    (void)error_set(error, ERROR_TEMPORARY,
                    "mail.inbox: %s: its answers cannot be read: one did not end within %.3g s",
                    connection->host,
                    (double)(STEP_TIMEOUTS * connection->timeout_ms) / DURATION_SECOND);
    return true;
}

/* Whether to stop waiting because the program is to end; the last step of a session gets LAST_MS
 * more. */
static bool must_stop(struct mailbox_connection *connection)
{
    if (!is_stopped(connection))
        return false;
    if (!connection->stops_at)
        connection->stops_at = clock_monotonic_now() + LAST_MS;
    return !connection->is_last || clock_monotonic_now() >= connection->stops_at;
}

/* Waits until the socket can do that. */
static bool wait_for(struct mailbox_connection *connection, short events, struct error *error)
{
    curl_socket_t socket = CURL_SOCKET_BAD;
    if (curl_easy_getinfo(connection->curl, CURLINFO_ACTIVESOCKET, &socket) ||
        socket == CURL_SOCKET_BAD)
        return error_set(error, ERROR_TEMPORARY, "mail.inbox: %s: the connection is lost",
                         connection->host);
    struct pollfd descriptor = { .fd = socket, .events = events };
    int64_t now = clock_monotonic_now();
    int64_t ends = now + connection->timeout_ms;
    if (ends > connection->step_ends)
        ends = connection->step_ends;
    for (; now < ends; now = clock_monotonic_now()) {
        if (must_stop(connection))
            return stopped(connection->host, error);
        if (connection->heartbeat)
            connection->heartbeat();
        int count = poll(&descriptor, 1, (int)(ends - now < POLL_MS ? ends - now : POLL_MS));
        if (count > 0 || (count < 0 && errno != EINTR))
            return true; /* an error of the socket is reported by the next read */
    }
    if (is_late(connection, error))
        return false;
    return error_set(error, ERROR_TEMPORARY, "mail.inbox: %s: no answer within %.3g s",
                     connection->host, (double)connection->timeout_ms / DURATION_SECOND);
}

static bool hung_up(const struct mailbox_connection *connection, struct error *error)
{
    return error_set(error, ERROR_TEMPORARY,
                     "mail.inbox: %s: the server ended the connection before its answer was whole",
                     connection->host);
}

bool mailbox_connection_read(struct mailbox_connection *connection, struct string_builder *bytes,
                             size_t most, struct error *error)
{
    size_t received = 0;
    if (most > connection->allowed)
        most = connection->allowed;
    if (most == 0)
        return error_set(
            error, ERROR_TEMPORARY,
            "mail.inbox: %s: its answers cannot be read: one is longer than any should be",
            connection->host);
    char *room = string_builder_append_room(bytes, most);
    if (!room)
        return error_set(error, ERROR_SYSTEM, "mail.inbox: no room for an answer");
    size_t before = bytes->length - most;
    for (;;) {
        if (is_late(connection, error))
            return false;
        CURLcode code = curl_easy_recv(connection->curl, room, most, &received);
        if (code == CURLE_OK && received > 0) {
            connection->allowed -= received;
            string_builder_truncate(bytes, before + received);
            return true;
        }
        if (code != CURLE_AGAIN)
            return hung_up(connection, error);
        if (!wait_for(connection, POLLIN, error))
            return false;
    }
}

/* libcurl may hold decrypted octets while the socket has none, so it is asked before poll(). */
static bool receive_or_wait(struct mailbox_connection *connection, char *room, size_t most,
                            int64_t until, size_t *received, struct error *error)
{
    CURLcode code = CURLE_AGAIN;
    curl_socket_t socket = CURL_SOCKET_BAD;
    if (curl_easy_getinfo(connection->curl, CURLINFO_ACTIVESOCKET, &socket))
        socket = CURL_SOCKET_BAD;
    struct pollfd descriptor = { .fd = socket, .events = POLLIN };
    for (;;) {
        int64_t left = until - clock_monotonic_now();
        if (is_stopped(connection))
            return stopped(connection->host, error);
        if (connection->heartbeat)
            connection->heartbeat();
        if (left <= 0) /* however much there is to hear */
            return true;
        code = curl_easy_recv(connection->curl, room, most, received);
        if (code != CURLE_AGAIN)
            return (code == CURLE_OK && *received > 0) || hung_up(connection, error);
        (void)poll(&descriptor, 1, (int)(left < POLL_MS ? left : POLL_MS));
    }
}

bool mailbox_connection_wait(struct mailbox_connection *connection, struct string_builder *bytes,
                             size_t most, int64_t most_ms, struct error *error)
{
    size_t received = 0;
    char *room = string_builder_append_room(bytes, most);
    if (!room)
        return error_set(error, ERROR_SYSTEM, "mail.inbox: no room for an answer");
    size_t before = bytes->length - most;
    bool done = receive_or_wait(connection, room, most, clock_monotonic_now() + most_ms, &received,
                                error);
    string_builder_truncate(bytes, before + received);
    int64_t now = clock_monotonic_now();
    connection->step_ends = now + STEP_TIMEOUTS * connection->timeout_ms;
    connection->session_ends = now + SESSION_TIMEOUTS * connection->timeout_ms;
    return done;
}

bool mailbox_connection_write(struct mailbox_connection *connection, const void *bytes,
                              size_t length, struct error *error)
{
    for (size_t done = 0; done < length;) {
        size_t sent = 0;
        if (is_late(connection, error))
            return false;
        CURLcode code = curl_easy_send(connection->curl, (const char *)bytes + done, length - done,
                                       &sent);
        if (code == CURLE_OK)
            done += sent;
        else if (code != CURLE_AGAIN)
            return hung_up(connection, error);
        else if (!wait_for(connection, POLLOUT, error))
            return false;
    }
    return true;
}

void mailbox_connection_close(struct mailbox_connection *connection)
{
    if (!connection)
        return;
    curl_easy_cleanup(connection->curl);
    free(connection);
}

/* ---- connecting ---- */

static bool set_tls(CURL *curl, const char *ca_file)
{
    return !curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 1L) &&
           !curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 2L) &&
           !curl_easy_setopt(curl, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2) &&
           !curl_easy_setopt(curl, CURLOPT_CAPATH, NULL) &&
           !curl_easy_setopt(curl, CURLOPT_CAINFO, ca_file ? ca_file : default_bundle);
}

/* Called by libcurl while it connects, once a second at least. */
static int check_stop(void *payload, curl_off_t down_total, curl_off_t down, curl_off_t up_total,
                      curl_off_t up)
{
    const struct mailbox_settings *settings = payload;
    (void)down_total, (void)down, (void)up_total, (void)up;
    return settings->stop && *settings->stop;
}

static int64_t timeout_of(const struct mailbox_settings *settings)
{
#ifdef PRESSROOM_TEST_HOOKS
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    const char *milliseconds = getenv("PRESSROOM_MAILBOX_PATIENCE_MS");
    if (milliseconds)
        return atoi(milliseconds); /* NOLINT(cert-err34-c) */
#endif
    return settings->timeout_ms ? settings->timeout_ms : DURATION_MINUTE;
}

static bool set_waiting(CURL *curl, const struct mailbox_settings *settings)
{
    return !curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, (long)timeout_of(settings)) &&
           !curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L) &&
           !curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, check_stop) &&
           !curl_easy_setopt(curl, CURLOPT_XFERINFODATA, settings) &&
           !curl_easy_setopt(curl, CURLOPT_TCP_KEEPALIVE, 1L) &&
           !curl_easy_setopt(curl, CURLOPT_TCP_KEEPIDLE, (long)ALIVE_SECONDS) &&
           !curl_easy_setopt(curl, CURLOPT_TCP_KEEPINTVL, (long)ALIVE_EVERY_SECONDS);
}

/* https:// alone makes libcurl speak TLS at once and say nothing; no ALPN, or it would offer to
 * speak HTTP. */
static bool set_options(CURL *curl, const struct mailbox_settings *settings,
                        const struct mailbox_url *server, char error_text[CURL_ERROR_SIZE])
{
    char url[512];
    int length = snprintf(url, sizeof url, "https://%s:%s/", server->host, server->port);
    return length > 0 && (size_t)length < sizeof url && set_tls(curl, settings->ca_file) &&
           set_waiting(curl, settings) && !curl_easy_setopt(curl, CURLOPT_URL, url) &&
           !curl_easy_setopt(curl, CURLOPT_CONNECT_ONLY, 1L) &&
           !curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "https") &&
           !curl_easy_setopt(curl, CURLOPT_SSL_ENABLE_ALPN, 0L) &&
           !curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L) &&
           !curl_easy_setopt(curl, CURLOPT_PROXY, "") &&
           !curl_easy_setopt(curl, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED) &&
           !curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, error_text);
}

static bool is_refused_certificate(CURLcode code)
{
    return code == CURLE_PEER_FAILED_VERIFICATION || code == CURLE_SSL_CACERT_BADFILE ||
           code == CURLE_SSL_ISSUER_ERROR;
}

struct mailbox_connection *mailbox_connection_open(const struct mailbox_settings *settings,
                                                   const struct mailbox_url *server,
                                                   struct error *error)
{
    char error_text[CURL_ERROR_SIZE] = "";
    CURL *curl = curl_easy_init();
    if (!curl || !set_options(curl, settings, server, error_text)) {
        curl_easy_cleanup(curl);
        (void)error_set(error, ERROR_SYSTEM, "mail.inbox: no connection can be set up");
        return NULL;
    }
    CURLcode code = curl_easy_perform(curl);
    (void)curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, NULL);
    (void)curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 1L);
    if (code != CURLE_OK) {
        const char *text = *error_text ? error_text : curl_easy_strerror(code);
        curl_easy_cleanup(curl);
        if (code == CURLE_ABORTED_BY_CALLBACK)
            (void)stopped(server->host, error);
        else
            (void)error_set(error, is_refused_certificate(code) ? ERROR_USAGE : ERROR_TEMPORARY,
                            "mail.inbox: %s:%s: %s", server->host, server->port, text);
        return NULL;
    }
    struct mailbox_connection *connection = memory_allocate(sizeof *connection);
    int64_t timeout_ms = timeout_of(settings);
    *connection = (struct mailbox_connection){ .curl = curl,
                                               .host = server->host,
                                               .timeout_ms = timeout_ms,
                                               .stop = settings->stop,
                                               .heartbeat = settings->heartbeat,
                                               .session_ends = clock_monotonic_now() +
                                                               SESSION_TIMEOUTS * timeout_ms };
    return connection;
}
