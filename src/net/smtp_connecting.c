/* SPDX-License-Identifier: MIT */
#include "net/smtp_connecting.h"

#include "base/clock.h"
#include "base/string_builder.h"
#include "net/smtp_login.h"
#include "net/smtp_port.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>

enum {
    ANSWER_SECONDS = 300, /* RFC 5321 section 4.5.3.2.1 */
    CONNECT_MINUTES = 10,
    HANDSHAKE_TRIES = 5,     /* 63 seconds */
    GREETING_WAIT_MS = 4000, /* then it is asked whether the port speaks something else */
    POLL_MS = 250            /* how soon being cancelled is seen */
};

static const char default_bundle[] = "/etc/ssl/certs/ca-certificates.crt";

static bool has_user(const struct smtp_session_settings *settings)
{
    return settings->user && *settings->user;
}

static bool is_smtps(const struct smtp_session_settings *settings)
{
    return strncasecmp(settings->url, "smtps:", 6) == 0;
}

/* ---- what comes while libcurl connects ---- */

/* Each line the relay says. EHLO's capabilities are those behind the last 220: before STARTTLS
 * anybody could have put them in (RFC 3207 section 4.2). */
static void take_line(struct smtp_connecting *connecting, const char *line, size_t length)
{
    size_t used = 0;
    struct smtp_reply reply;
    if (smtp_reply_parser_feed(&connecting->parser, line, length, &used, &reply) ==
        SMTP_REPLY_READY)
        connecting->reply = reply;
    if (length < 4)
        return;
    connecting->is_greeted = true;
    if (strncmp(line, "220", 3) == 0) {
        connecting->is_welcome = true;
        connecting->ehlo_lines = 0;
        connecting->capabilities = (struct smtp_capabilities){ 0 };
    } else if (strncmp(line, "250", 3) == 0 && connecting->ehlo_lines++ > 0) {
        while (length > 4 && (line[length - 1] == '\n' || line[length - 1] == '\r'))
            length--;
        smtp_capabilities_add(&connecting->capabilities, line + 4, length - 4);
    }
}

static size_t on_line(char *bytes, size_t size, size_t count, void *payload)
{
    take_line(payload, bytes, size * count);
    return size * count;
}

/* Whether the port speaks the other of smtp:// and smtps://; asked once. */
static bool is_other(struct smtp_connecting *connecting)
{
    if (!connecting->was_probed)
        connecting->is_other = smtp_port_speaks_other(connecting->settings->url,
                                                      &connecting->is_cancelled);
    connecting->was_probed = true;
    return connecting->is_other;
}

static int on_progress(void *payload, curl_off_t download_total, curl_off_t download,
                       curl_off_t upload_total, curl_off_t upload)
{
    (void)download_total, (void)download, (void)upload_total, (void)upload;
    struct smtp_connecting *connecting = payload;
    if (atomic_load(&connecting->is_cancelled))
        return 1;
    bool is_late = !connecting->is_greeted && !connecting->was_probed &&
                   clock_monotonic_now() - connecting->started_ms >= GREETING_WAIT_MS;
    return is_late && is_other(connecting) ? 1 : 0;
}

/* ---- libcurl's options ---- */

enum smtp_tls smtp_connecting_tls(const struct smtp_session_settings *settings)
{
    return settings->tls == SMTP_TLS_OPPORTUNISTIC && has_user(settings) ? SMTP_TLS_REQUIRED
                                                                         : settings->tls;
}

static bool set_tls(CURL *curl, const struct smtp_session_settings *settings)
{
    enum smtp_tls tls = smtp_connecting_tls(settings);
    long use = tls == SMTP_TLS_REQUIRED        ? CURLUSESSL_ALL
               : tls == SMTP_TLS_OPPORTUNISTIC ? CURLUSESSL_TRY
                                               : CURLUSESSL_NONE;
    bool verify = tls == SMTP_TLS_REQUIRED;
    /* The folder of certificates costs 40 ms of CPU a connection; the bundle file 14. */
    return !curl_easy_setopt(curl, CURLOPT_USE_SSL, use) &&
           !curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, verify ? 1L : 0L) &&
           !curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, verify ? 2L : 0L) &&
           !curl_easy_setopt(curl, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2) &&
           !curl_easy_setopt(curl, CURLOPT_CAPATH, NULL) &&
           !curl_easy_setopt(curl, CURLOPT_CAINFO,
                             settings->ca_file ? settings->ca_file : default_bundle);
}

/* libcurl takes the name for EHLO from the address's path. */
static bool set_url(CURL *curl, const char *address, const char *helo)
{
    size_t length = strlen(address);
    while (length && address[length - 1] == '/')
        length--;
    char *name = curl_easy_escape(curl, helo, 0);
    struct string_builder url;
    string_builder_init(&url, 2048);
    string_builder_append_bytes(&url, address, length);
    string_builder_append_format(&url, "/%s", name ? name : "");
    bool done = name && !string_builder_overflowed(&url) &&
                !curl_easy_setopt(curl, CURLOPT_URL, url.data);
    string_builder_release(&url);
    curl_free(name);
    return done;
}

/* NONE: libcurl leaves out AUTH. */
static bool set_login(CURL *curl, const struct smtp_session_settings *settings,
                      enum smtp_mechanism mechanism)
{
    char option[32];
    if (mechanism == SMTP_MECHANISM_NONE)
        return true;
    const char *password = settings->password ? settings->password : "";
    (void)snprintf(option, sizeof option, "AUTH=%s", smtp_mechanism_name(mechanism));
    return !curl_easy_setopt(curl, CURLOPT_USERNAME, settings->user) &&
           !curl_easy_setopt(curl, CURLOPT_PASSWORD, password) &&
           !curl_easy_setopt(curl, CURLOPT_LOGIN_OPTIONS, option);
}

/* Connecting is limited by the number of SYN packets, because libcurl has one time-out for
 * connecting and for the answers. */
static int limit_handshake(void *payload, curl_socket_t socket, curlsocktype purpose)
{
    int tries = HANDSHAKE_TRIES;
    (void)payload, (void)purpose;
    (void)setsockopt(socket, IPPROTO_TCP, TCP_SYNCNT, &tries, sizeof tries);
    return CURL_SOCKOPT_OK;
}

static bool set_connection(CURL *curl, int64_t timeout_ms)
{
    return !curl_easy_setopt(curl, CURLOPT_SOCKOPTFUNCTION, limit_handshake) &&
           !curl_easy_setopt(curl, CURLOPT_SERVER_RESPONSE_TIMEOUT, (long)ANSWER_SECONDS) &&
           !curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps") &&
           !curl_easy_setopt(curl, CURLOPT_CONNECT_ONLY, 1L) &&
           !curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L) &&
           !curl_easy_setopt(curl, CURLOPT_PROXY, "") &&
           !curl_easy_setopt(curl, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED) &&
           !curl_easy_setopt(curl, CURLOPT_TCP_KEEPALIVE, 1L) &&
           /* A name server that says nothing is not waited for at the end. */
           !curl_easy_setopt(curl, CURLOPT_QUICK_EXIT, 1L) &&
           !curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, (long)timeout_ms) &&
           !curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, (long)timeout_ms);
}

static bool set_callbacks(struct smtp_connecting *connecting)
{
    CURL *curl = connecting->curl;
    return !curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, connecting->error_text) &&
           !curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, on_line) &&
           !curl_easy_setopt(curl, CURLOPT_HEADERDATA, connecting) &&
           !curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L) &&
           !curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, on_progress) &&
           !curl_easy_setopt(curl, CURLOPT_XFERINFODATA, connecting);
}

static bool set_options(struct smtp_connecting *connecting, enum smtp_mechanism mechanism)
{
    CURL *curl = connecting->curl;
    const struct smtp_session_settings *settings = connecting->settings;
    int64_t left_ms = connecting->until_ms - clock_monotonic_now();
    return set_login(curl, settings, mechanism) && set_url(curl, settings->url, connecting->helo) &&
           set_tls(curl, settings) && set_connection(curl, left_ms > 1 ? left_ms : 1) &&
           set_callbacks(connecting);
}

/* ---- connections ---- */

/* Whether a failed TLS handshake was the greeting of a port without TLS: the library's error says
 * so, or a probe of the port does. */
static bool is_plain_port(struct smtp_connecting *connecting)
{
    if (connecting->code != CURLE_SSL_CONNECT_ERROR || !is_smtps(connecting->settings) ||
        atomic_load(&connecting->is_cancelled))
        return false;
    if (strcasestr(connecting->error_text, "unexpected TLS packet"))
        return true;
    /* An earlier probe, made because the relay was slow to greet, does not count. */
    connecting->was_probed = false;
    return is_other(connecting);
}

/* A connection of its own, in place of the one before, where libcurl uses that mechanism. */
static bool connect_anew(struct smtp_connecting *connecting, enum smtp_mechanism mechanism)
{
    curl_easy_cleanup(connecting->curl);
    connecting->curl = curl_easy_init();
    connecting->code = CURLE_OUT_OF_MEMORY;
    connecting->capabilities = (struct smtp_capabilities){ 0 };
    connecting->reply = (struct smtp_reply){ 0 };
    connecting->ehlo_lines = 0;
    connecting->is_greeted = false;
    connecting->is_welcome = false;
    connecting->started_ms = clock_monotonic_now();
    smtp_reply_parser_init(&connecting->parser);
    if (!connecting->curl || !set_options(connecting, mechanism))
        return false;
    connecting->code = curl_easy_perform(connecting->curl);
    if (is_plain_port(connecting))
        connecting->is_other = true;
    return connecting->code == CURLE_OK;
}

/* ---- logging in on a connection ---- */

static bool wait_for(const struct smtp_connecting *connecting, short events, int64_t until_ms)
{
    struct pollfd ready = { .fd = CURL_SOCKET_BAD, .events = events };
    (void)curl_easy_getinfo(connecting->curl, CURLINFO_ACTIVESOCKET, &ready.fd);
    while (clock_monotonic_now() < until_ms && !atomic_load(&connecting->is_cancelled))
        if (poll(&ready, 1, POLL_MS) > 0)
            return true;
    return false;
}

static bool send_line(struct smtp_connecting *connecting, const struct string_builder *line,
                      int64_t until_ms)
{
    for (size_t at = 0; at < line->length;) {
        size_t sent = 0;
        CURLcode code = curl_easy_send(connecting->curl, line->data + at, line->length - at, &sent);
        at += sent;
        if ((code != CURLE_OK && code != CURLE_AGAIN) ||
            (at < line->length && !wait_for(connecting, POLLOUT, until_ms)))
            return false;
    }
    return true;
}

/* One reply, and nothing behind it: nobody may speak before he is asked. */
static bool read_reply(struct smtp_connecting *connecting, int64_t until_ms)
{
    char bytes[1024];
    for (;;) {
        size_t received = 0;
        size_t used = 0;
        CURLcode code = curl_easy_recv(connecting->curl, bytes, sizeof bytes, &received);
        if (code == CURLE_AGAIN) {
            if (!wait_for(connecting, POLLIN, until_ms))
                return false;
            continue;
        }
        if (code != CURLE_OK || !received)
            return false;
        switch (smtp_reply_parser_feed(&connecting->parser, bytes, received, &used,
                                       &connecting->reply)) {
        case SMTP_REPLY_MORE:
            break;
        case SMTP_REPLY_READY:
            return used == received;
        case SMTP_REPLY_BAD:
            return false;
        }
    }
}

/* PLAIN or LOGIN, line by line; false: the connection is gone. */
static bool log_in_here(struct smtp_connecting *connecting, enum smtp_mechanism mechanism)
{
    const struct smtp_session_settings *settings = connecting->settings;
    struct smtp_login login = { .mechanism = mechanism,
                                .user = settings->user,
                                .password = settings->password ? settings->password : "" };
    struct string_builder line;
    string_builder_init(&line, 16384);
    bool goes_on = true;
    bool is_answered = false;
    smtp_reply_parser_init(&connecting->parser);
    connecting->reply = (struct smtp_reply){ 0 };
    do {
        int64_t until_ms = clock_monotonic_now() + ANSWER_SECONDS * DURATION_SECOND;
        if (until_ms > connecting->until_ms)
            until_ms = connecting->until_ms;
        goes_on = smtp_login_next_line(&login, &line);
        is_answered = send_line(connecting, &line, until_ms) && read_reply(connecting, until_ms);
    } while (is_answered && connecting->reply.code == 334 && goes_on);
    string_builder_release(&line);
    return is_answered && connecting->reply.code != 334;
}

/* How libcurl's login, or ours, went. */
static enum smtp_login_state login_state(const struct smtp_reply *reply, bool is_answered)
{
    if (is_answered && reply->code == 235)
        return SMTP_LOGIN_DONE;
    if (smtp_reply_is_permanent(reply))
        return SMTP_LOGIN_REFUSED;
    return smtp_reply_is_transient(reply) ? SMTP_LOGIN_PUT_OFF : SMTP_LOGIN_LOST;
}

/* The state that a login left the connection in. */
enum connection { CONNECTION_FRESH, CONNECTION_USED, CONNECTION_SPENT };

/* One mechanism. A relay may close behind a refusal: then a connection of its own is tried. */
static enum smtp_login_state try_mechanism(struct smtp_connecting *connecting,
                                           enum smtp_mechanism mechanism,
                                           enum connection *connection)
{
    if (!smtp_login_is_ours(mechanism)) {
        *connection = CONNECTION_SPENT;
        bool is_ready = connect_anew(connecting, mechanism);
        /* The library may have been built without that one. */
        if (connecting->code == CURLE_LOGIN_DENIED && connecting->reply.code < 400)
            return SMTP_LOGIN_REFUSED;
        return login_state(&connecting->reply, is_ready);
    }
    for (;;) {
        if (*connection == CONNECTION_SPENT && !connect_anew(connecting, SMTP_MECHANISM_NONE))
            return SMTP_LOGIN_LOST;
        bool was_used = *connection == CONNECTION_USED;
        bool is_answered = log_in_here(connecting, mechanism);
        *connection = is_answered ? CONNECTION_USED : CONNECTION_SPENT;
        if (is_answered || !was_used || atomic_load(&connecting->is_cancelled))
            return login_state(&connecting->reply, is_answered);
    }
}

/* An answer that repeats the password is not kept, because it would be logged. */
static void drop_password(const struct smtp_connecting *connecting, struct smtp_reply *reply)
{
    const struct smtp_login login = { .user = connecting->settings->user,
                                      .password = connecting->settings->password };
    if (smtp_login_is_repeated(&login, reply->text))
        (void)snprintf(reply->text, sizeof reply->text, "…");
}

static void log_in(struct smtp_connecting *connecting)
{
    struct smtp_memory *memory = connecting->settings->memory;
    unsigned offered = connecting->capabilities.mechanisms;
    unsigned worked = memory ? atomic_load(&memory->mechanism) : 0;
    bool is_secure = is_smtps(connecting->settings) ||
                     smtp_connecting_tls(connecting->settings) != SMTP_TLS_NONE;
    unsigned failed = 0;
    enum connection connection = CONNECTION_FRESH;
    enum smtp_mechanism mechanism = SMTP_MECHANISM_NONE;
    connecting->step = SMTP_STEP_AUTH;
    while ((mechanism = smtp_login_next(offered, failed, worked, is_secure))) {
        connecting->login = try_mechanism(connecting, mechanism, &connection);
        drop_password(connecting, &connecting->reply);
        if (connecting->login != SMTP_LOGIN_REFUSED)
            break;
        if (!connecting->denial.code && smtp_reply_is_permanent(&connecting->reply))
            connecting->denial = connecting->reply;
        failed |= mechanism;
    }
    if (memory && connecting->login == SMTP_LOGIN_DONE)
        atomic_store(&memory->mechanism, (unsigned)mechanism);
}

void smtp_connecting_init(struct smtp_connecting *connecting,
                          const struct smtp_session_settings *settings)
{
    connecting->settings = settings;
    connecting->step = SMTP_STEP_CONNECT;
    connecting->until_ms = clock_monotonic_now() + (settings->connect_timeout_ms
                                                        ? settings->connect_timeout_ms
                                                        : CONNECT_MINUTES * DURATION_MINUTE);
}

void smtp_connecting_release(struct smtp_connecting *connecting)
{
    curl_easy_cleanup(connecting->curl);
}

void smtp_connecting_run(struct smtp_connecting *connecting)
{
    const struct smtp_session_settings *settings = connecting->settings;
    if (settings->helo)
        (void)snprintf(connecting->helo, sizeof connecting->helo, "%s", settings->helo);
    else
        smtp_helo_default(connecting->helo);
    if (connect_anew(connecting, SMTP_MECHANISM_NONE) && has_user(settings))
        log_in(connecting);
}
