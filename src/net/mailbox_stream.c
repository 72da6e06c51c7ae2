/* SPDX-License-Identifier: MIT */
#include "net/mailbox_stream.h"

#include "base/clock.h"
#include "base/error.h"

#include <curl/curl.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char default_bundle[] = "/etc/ssl/certs/ca-certificates.crt";

enum { STREAM_BUFFER = 16384 };

/* ---- where to ---- */

static bool place_part(CURLU *url, CURLUPart part, unsigned flags, char **value)
{
    *value = NULL;
    return curl_url_get(url, part, value, flags) == CURLUE_OK;
}

bool mailbox_place_parse(const char *url, const char *default_port, struct mailbox_place *place,
                         struct error *error)
{
    *place = (struct mailbox_place){ 0 };
    char *path = NULL;
    CURLU *parsed = curl_url();
    bool done = parsed && !curl_url_set(parsed, CURLUPART_URL, url, CURLU_NON_SUPPORT_SCHEME) &&
                place_part(parsed, CURLUPART_HOST, 0, &place->host) &&
                place_part(parsed, CURLUPART_USER, CURLU_URLDECODE, &place->user) &&
                place_part(parsed, CURLUPART_PATH, CURLU_URLDECODE, &path);
    if (done && !place_part(parsed, CURLUPART_PORT, 0, &place->port))
        place->port = strdup(default_port);
    if (done)
        place->folder = strdup(path[0] && path[1] ? path + 1 : "INBOX");
    curl_free(path);
    curl_url_cleanup(parsed);
    if (done)
        return true;
    mailbox_place_release(place);
    return error_set(error, ERROR_USAGE,
                     "mail.inbox: not readable; write it like imaps://user@host/INBOX");
}

/* curl_free() is free() where curl_global_init() was told of no other. */
void mailbox_place_release(struct mailbox_place *place)
{
    curl_free(place->host);
    curl_free(place->port);
    curl_free(place->user);
    curl_free(place->folder);
    *place = (struct mailbox_place){ 0 };
}

/* ---- the driver ---- */

struct stream_state {
    CURL *curl;
    int64_t timeout_ms;
    size_t allowed; /* octets that may still come */
};

/* Waits until the socket can do that; false after the time-out. */
static bool wait_for(const struct stream_state *state, short events)
{
    curl_socket_t socket = CURL_SOCKET_BAD;
    if (curl_easy_getinfo(state->curl, CURLINFO_ACTIVESOCKET, &socket) || socket == CURL_SOCKET_BAD)
        return false;
    struct pollfd descriptor = { .fd = socket, .events = events };
    int count;
    do
        count = poll(&descriptor, 1, (int)state->timeout_ms);
    while (count < 0 && errno == EINTR);
    return count > 0;
}

static ssize_t stream_read(mailstream_low *low, void *bytes, size_t size)
{
    struct stream_state *state = low->data;
    size_t received = 0;
    if (size > state->allowed)
        size = state->allowed;
    if (size == 0)
        return -1;
    for (;;) {
        CURLcode code = curl_easy_recv(state->curl, bytes, size, &received);
        if (code == CURLE_OK) {
            state->allowed -= received;
            return (ssize_t)received;
        }
        if (code != CURLE_AGAIN || !wait_for(state, POLLIN))
            return -1;
    }
}

static ssize_t stream_write(mailstream_low *low, const void *bytes, size_t length)
{
    struct stream_state *state = low->data;
    size_t sent = 0;
    for (;;) {
        CURLcode code = curl_easy_send(state->curl, bytes, length, &sent);
        if (code == CURLE_OK)
            return (ssize_t)sent;
        if (code != CURLE_AGAIN || !wait_for(state, POLLOUT))
            return -1;
    }
}

static int stream_close(mailstream_low *low)
{
    struct stream_state *state = low->data;
    curl_easy_cleanup(state->curl);
    state->curl = NULL;
    return 0;
}

static void stream_free(mailstream_low *low)
{
    struct stream_state *state = low->data;
    curl_easy_cleanup(state->curl);
    free(state);
    free(low);
}

static int stream_descriptor(mailstream_low *low)
{
    struct stream_state *state = low->data;
    curl_socket_t socket = CURL_SOCKET_BAD;
    (void)curl_easy_getinfo(state->curl, CURLINFO_ACTIVESOCKET, &socket);
    return socket;
}

static void stream_cancel(mailstream_low *low)
{
    (void)low;
}

static struct mailstream_cancel *stream_get_cancel(mailstream_low *low)
{
    (void)low;
    return NULL;
}

static carray *stream_certificates(mailstream_low *low)
{
    (void)low;
    return NULL;
}

static int stream_idle(mailstream_low *low)
{
    (void)low;
    return -1;
}

static mailstream_low_driver driver = {
    .mailstream_read = stream_read,
    .mailstream_write = stream_write,
    .mailstream_close = stream_close,
    .mailstream_get_fd = stream_descriptor,
    .mailstream_free = stream_free,
    .mailstream_cancel = stream_cancel,
    .mailstream_get_cancel = stream_get_cancel,
    .mailstream_get_certificate_chain = stream_certificates,
    .mailstream_setup_idle = stream_idle,
    .mailstream_unsetup_idle = stream_idle,
    .mailstream_interrupt_idle = stream_idle,
};

/* ---- connecting ---- */

static bool set_tls(CURL *curl, const char *ca_file)
{
    return !curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 1L) &&
           !curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 2L) &&
           !curl_easy_setopt(curl, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2) &&
           !curl_easy_setopt(curl, CURLOPT_CAPATH, NULL) &&
           !curl_easy_setopt(curl, CURLOPT_CAINFO, ca_file ? ca_file : default_bundle);
}

/* https:// alone makes libcurl speak TLS at once and say nothing; no ALPN, or it would offer to
 * speak HTTP. */
static bool set_options(CURL *curl, const struct mailbox_settings *settings,
                        const struct mailbox_place *place, char error_text[CURL_ERROR_SIZE])
{
    char url[512];
    long timeout_ms = settings->timeout_ms ? (long)settings->timeout_ms : (long)DURATION_MINUTE;
    int length = snprintf(url, sizeof url, "https://%s:%s/", place->host, place->port);
    return length > 0 && (size_t)length < sizeof url && set_tls(curl, settings->ca_file) &&
           !curl_easy_setopt(curl, CURLOPT_URL, url) &&
           !curl_easy_setopt(curl, CURLOPT_CONNECT_ONLY, 1L) &&
           !curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "https") &&
           !curl_easy_setopt(curl, CURLOPT_SSL_ENABLE_ALPN, 0L) &&
           !curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L) &&
           !curl_easy_setopt(curl, CURLOPT_PROXY, "") &&
           !curl_easy_setopt(curl, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED) &&
           !curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, timeout_ms) &&
           !curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, error_text);
}

static bool is_refused_certificate(CURLcode code)
{
    return code == CURLE_PEER_FAILED_VERIFICATION || code == CURLE_SSL_CACERT_BADFILE ||
           code == CURLE_SSL_ISSUER_ERROR;
}

static mailstream *stream_new(CURL *curl, int64_t timeout_ms)
{
    struct stream_state *state = calloc(1, sizeof *state);
    if (!state)
        abort();
    *state = (struct stream_state){ .curl = curl, .timeout_ms = timeout_ms };
    mailstream_low *low = mailstream_low_new(state, &driver);
    mailstream *stream = low ? mailstream_new(low, STREAM_BUFFER) : NULL;
    if (!stream)
        abort();
    return stream;
}

mailstream *mailbox_stream_open(const struct mailbox_settings *settings,
                                const struct mailbox_place *place, struct error *error)
{
    char error_text[CURL_ERROR_SIZE] = "";
    CURL *curl = curl_easy_init();
    if (!curl || !set_options(curl, settings, place, error_text)) {
        curl_easy_cleanup(curl);
        (void)error_set(error, ERROR_SYSTEM, "mail.inbox: no connection can be set up");
        return NULL;
    }
    CURLcode code = curl_easy_perform(curl);
    (void)curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, NULL);
    if (code == CURLE_OK)
        return stream_new(curl, settings->timeout_ms ? settings->timeout_ms : DURATION_MINUTE);
    const char *text = *error_text ? error_text : curl_easy_strerror(code);
    curl_easy_cleanup(curl);
    (void)error_set(error, is_refused_certificate(code) ? ERROR_USAGE : ERROR_TEMPORARY,
                    "mail.inbox: %s:%s: %s", place->host, place->port, text);
    return NULL;
}

void mailbox_stream_allow(mailstream *stream, size_t octets)
{
    struct stream_state *state = mailstream_get_low(stream)->data;
    state->allowed = octets;
}
