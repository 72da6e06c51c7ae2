/* SPDX-License-Identifier: MIT */
#include "net/smtp_session.h"

#include "base/clock.h"
#include "base/error.h"
#include "base/text.h"

#include <assert.h>
#include <curl/curl.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

enum {
    RECORD_MAXIMUM = 16 * 1024, /* RFC 8446 section 5.1 */
    ANSWER_SECONDS = 300,       /* RFC 5321 section 4.5.3.2.1 */
    CONNECT_MINUTES = 10,
    HANDSHAKE_TRIES = 5 /* 63 seconds */
};

static const char default_bundle[] = "/etc/ssl/certs/ca-certificates.crt";

struct smtp_session {
    const struct smtp_session_settings *settings;
    CURL *curl;
    pthread_t thread;
    bool is_joined;
    int event; /* written once when connecting has ended */
    curl_socket_t socket;
    bool is_plain; /* there is no TLS on it, for sure */
    atomic_bool is_cancelled;
    /* The connecting thread's until it is joined. */
    CURLcode code;
    char error_text[CURL_ERROR_SIZE];
    struct smtp_capabilities capabilities;
    struct smtp_reply_parser parser;
    struct smtp_reply reply;
    unsigned ehlo_lines; /* 250 lines since the last 220 */
    size_t held;         /* of what was to be sent, by TLS */
};

/* ---- in the connecting thread ---- */

/* Each line the relay says. EHLO's capabilities are those behind the last 220: before STARTTLS
 * anybody could have put them in (RFC 3207 section 4.2). */
static void take_line(struct smtp_session *session, const char *line, size_t length)
{
    size_t used = 0;
    struct smtp_reply reply;
    if (smtp_reply_parser_feed(&session->parser, line, length, &used, &reply) == SMTP_REPLY_READY)
        session->reply = reply;
    if (length < 4)
        return;
    if (strncmp(line, "220", 3) == 0) {
        session->ehlo_lines = 0;
        session->capabilities = (struct smtp_capabilities){ 0 };
    } else if (strncmp(line, "250", 3) == 0 && session->ehlo_lines++ > 0) {
        while (length > 4 && (line[length - 1] == '\n' || line[length - 1] == '\r'))
            length--;
        smtp_capabilities_add(&session->capabilities, line + 4, length - 4);
    }
}

static size_t on_line(char *bytes, size_t size, size_t count, void *payload)
{
    take_line(payload, bytes, size * count);
    return size * count;
}

static int on_progress(void *payload, curl_off_t download_total, curl_off_t download,
                       curl_off_t upload_total, curl_off_t upload)
{
    (void)download_total, (void)download, (void)upload_total, (void)upload;
    struct smtp_session *session = payload;
    return atomic_load(&session->is_cancelled) ? 1 : 0;
}

static void *connect_thread(void *payload)
{
    struct smtp_session *session = payload;
    session->code = curl_easy_perform(session->curl);
    uint64_t one = 1;
    ssize_t written = write(session->event, &one, sizeof one);
    (void)written; /* an eventfd with room never fails */
    return NULL;
}

/* ---- starting ---- */

static enum smtp_tls effective_tls(const struct smtp_session_settings *settings)
{
    bool has_user = settings->user && *settings->user;
    return settings->tls == SMTP_TLS_OPPORTUNISTIC && has_user ? SMTP_TLS_REQUIRED : settings->tls;
}

static bool set_tls(CURL *curl, const struct smtp_session_settings *settings)
{
    enum smtp_tls tls = effective_tls(settings);
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
static bool set_url(CURL *curl, const struct smtp_session_settings *settings)
{
    char host[256] = "localhost";
    if (settings->helo)
        (void)snprintf(host, sizeof host, "%s", settings->helo);
    else if (gethostname(host, sizeof host) != 0)
        (void)snprintf(host, sizeof host, "localhost");
    host[sizeof host - 1] = '\0';

    size_t length = strlen(settings->url);
    while (length && settings->url[length - 1] == '/')
        length--;
    struct text url;
    text_init(&url, 2048);
    text_append_bytes(&url, settings->url, length);
    text_append_format(&url, "/%s", host);
    bool done = !text_overflowed(&url) && !curl_easy_setopt(curl, CURLOPT_URL, url.data);
    text_release(&url);
    return done;
}

static bool set_login(CURL *curl, const struct smtp_session_settings *settings)
{
    if (!settings->user || !*settings->user)
        return true;
    const char *password = settings->password ? settings->password : "";
    return !curl_easy_setopt(curl, CURLOPT_USERNAME, settings->user) &&
           !curl_easy_setopt(curl, CURLOPT_PASSWORD, password);
}

/* The library knows one time for the connection and the answers on it. */
static int limit_handshake(void *payload, curl_socket_t socket, curlsocktype purpose)
{
    int tries = HANDSHAKE_TRIES;
    (void)payload, (void)purpose;
    (void)setsockopt(socket, IPPROTO_TCP, TCP_SYNCNT, &tries, sizeof tries);
    return CURL_SOCKOPT_OK;
}

static bool set_connection(CURL *curl, const struct smtp_session_settings *settings)
{
    int64_t timeout_ms = settings->connect_timeout_ms ? settings->connect_timeout_ms
                                                      : CONNECT_MINUTES * DURATION_MINUTE;
    return !curl_easy_setopt(curl, CURLOPT_SOCKOPTFUNCTION, limit_handshake) &&
           !curl_easy_setopt(curl, CURLOPT_SERVER_RESPONSE_TIMEOUT, (long)ANSWER_SECONDS) &&
           !curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps") &&
           !curl_easy_setopt(curl, CURLOPT_CONNECT_ONLY, 1L) &&
           !curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L) &&
           !curl_easy_setopt(curl, CURLOPT_PROXY, "") &&
           !curl_easy_setopt(curl, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED) &&
           !curl_easy_setopt(curl, CURLOPT_TCP_KEEPALIVE, 1L) &&
           !curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, (long)timeout_ms) &&
           !curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, (long)timeout_ms);
}

static bool set_callbacks(struct smtp_session *session)
{
    CURL *curl = session->curl;
    return !curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, session->error_text) &&
           !curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, on_line) &&
           !curl_easy_setopt(curl, CURLOPT_HEADERDATA, session) &&
           !curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L) &&
           !curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, on_progress) &&
           !curl_easy_setopt(curl, CURLOPT_XFERINFODATA, session);
}

static bool set_options(struct smtp_session *session)
{
    CURL *curl = session->curl;
    const struct smtp_session_settings *settings = session->settings;
    return set_login(curl, settings) && set_url(curl, settings) && set_tls(curl, settings) &&
           set_connection(curl, settings) && set_callbacks(session);
}

struct smtp_session *smtp_session_start(const struct smtp_session_settings *settings,
                                        struct error *error)
{
    struct smtp_session *session = calloc(1, sizeof *session);
    if (!session)
        abort();
    session->settings = settings;
    session->is_joined = true;
    session->socket = CURL_SOCKET_BAD;
    smtp_reply_parser_init(&session->parser);
    session->event = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    session->curl = curl_easy_init();
    if (session->event < 0 || !session->curl || !set_options(session)) {
        (void)error_set(error, ERROR_SYSTEM, "%s: no connection can be set up", settings->url);
        goto failed;
    }
    int code = pthread_create(&session->thread, NULL, connect_thread, session);
    if (code) {
        (void)error_set_errno(error, ERROR_SYSTEM, code, "a thread to connect to %s",
                              settings->url);
        goto failed;
    }
    session->is_joined = false;
    return session;
failed:
    smtp_session_free(session);
    return NULL;
}

static void join(struct smtp_session *session)
{
    if (!session->is_joined)
        (void)pthread_join(session->thread, NULL);
    session->is_joined = true;
}

void smtp_session_free(struct smtp_session *session)
{
    if (!session)
        return;
    atomic_store(&session->is_cancelled, true);
    join(session);
    curl_easy_cleanup(session->curl);
    if (session->event >= 0)
        (void)close(session->event);
    free(session);
}

int smtp_session_descriptor(const struct smtp_session *session)
{
    return session->socket == CURL_SOCKET_BAD ? session->event : session->socket;
}

/* ---- when connecting has ended ---- */

static const char *failure_text(const struct smtp_session *session)
{
    return *session->error_text ? session->error_text : curl_easy_strerror(session->code);
}

/* What happens every day, in our words; libcurl's are for its developers. NULL: something else. */
static const char *everyday_text(const struct smtp_session *session)
{
    switch ((int)session->code) {
    case CURLE_COULDNT_RESOLVE_HOST:
        return "the relay's name is not known; mend mail.smtp, or see that the name servers answer";
    case CURLE_OPERATION_TIMEDOUT:
        return "the relay does not answer in time; is it the relay, and does a firewall let us "
               "through?";
    case CURLE_WEIRD_SERVER_REPLY:
        return "what answers does not speak as a mail relay does; is mail.smtp right?";
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR:
    case CURLE_GOT_NOTHING:
        return "the relay closed the connection before it was ready for mail; its log may say why";
    default:
        return NULL;
    }
}

static void describe_lost_way(const struct smtp_session *session, struct error *error)
{
    long number = 0;
    (void)curl_easy_getinfo(session->curl, CURLINFO_OS_ERRNO, &number);
    const char *reason = number ? strerrordesc_np((int)number) : NULL;
    (void)error_set(error, ERROR_TEMPORARY,
                    "%s: cannot be reached%s%s%s; is the relay running, and mail.smtp right?",
                    session->settings->url, reason ? " (" : "", reason ? reason : "",
                    reason ? ")" : "");
}

static void describe_failure(const struct smtp_session *session, struct error *error)
{
    const struct smtp_session_settings *settings = session->settings;
    switch ((int)session->code) {
    case CURLE_LOGIN_DENIED:
        (void)error_set(error, ERROR_PERMANENT,
                        "%s: the relay refuses mail.user and its password (%d %s); mend "
                        "mail.user or mail.password_file",
                        settings->url, session->reply.code, session->reply.text);
        return;
    case CURLE_USE_SSL_FAILED:
        (void)error_set(error, ERROR_PERMANENT,
                        "%s: the relay offers no TLS and mail.tls is required; nothing was sent",
                        settings->url);
        return;
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
        (void)error_set(error, ERROR_PERMANENT,
                        "%s: the relay's certificate cannot be trusted (%s); nothing was sent",
                        settings->url, failure_text(session));
        return;
    case CURLE_COULDNT_CONNECT:
        describe_lost_way(session, error);
        return;
    default:
        break;
    }
    const char *everyday = everyday_text(session);
    if (session->reply.code >= 400)
        (void)error_set(error, ERROR_TEMPORARY, "%s: the relay turned us away: %d %s",
                        settings->url, session->reply.code, session->reply.text);
    else
        (void)error_set(error, ERROR_TEMPORARY, "%s: %s", settings->url,
                        everyday ? everyday : failure_text(session));
}

enum smtp_session_state smtp_session_finish(struct smtp_session *session, struct error *error)
{
    join(session);
    if (session->code != CURLE_OK) {
        describe_failure(session, error);
        return SMTP_SESSION_FAILED;
    }
    const struct smtp_session_settings *settings = session->settings;
    if (settings->user && *settings->user && !session->capabilities.auth) {
        (void)error_set(error, ERROR_PERMANENT,
                        "%s: mail.user is set and the relay offers no AUTH; nothing was sent",
                        settings->url);
        return SMTP_SESSION_FAILED;
    }
    curl_socket_t socket = CURL_SOCKET_BAD;
    if (curl_easy_getinfo(session->curl, CURLINFO_ACTIVESOCKET, &socket) != CURLE_OK ||
        socket == CURL_SOCKET_BAD) {
        (void)error_set(error, ERROR_TEMPORARY, "%s: the connection was lost", settings->url);
        return SMTP_SESSION_FAILED;
    }
    session->socket = socket;
    session->is_plain = effective_tls(settings) == SMTP_TLS_NONE &&
                        strncasecmp(settings->url, "smtp://", 7) == 0;
    return SMTP_SESSION_READY;
}

const struct smtp_reply *smtp_session_reply(const struct smtp_session *session)
{
    return &session->reply;
}

const struct smtp_capabilities *smtp_session_capabilities(const struct smtp_session *session)
{
    return &session->capabilities;
}

/* ---- bytes ---- */

/* Where there is no TLS, the socket is asked without a detour: in one call for all pieces, and no
 * second one to hear that there is nothing more. libcurl keeps nothing of its own then. */
static bool send_plainly(struct smtp_session *session, const struct smtp_piece *pieces,
                         size_t count, size_t *sent)
{
    struct iovec parts[SMTP_PIECES_MAXIMUM];
    for (size_t i = 0; i < count; i++) {
        memcpy(&parts[i].iov_base, &pieces[i].bytes, sizeof parts[i].iov_base);
        parts[i].iov_len = pieces[i].length;
    }
    const struct msghdr header = { .msg_iov = parts, .msg_iovlen = count };
    ssize_t length = sendmsg(session->socket, &header, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (length < 0)
        return errno == EAGAIN || errno == EINTR;
    *sent = (size_t)length;
    return true;
}

/* One record of TLS at most: as much of the pieces as it holds. */
static size_t gather(const struct smtp_piece *pieces, size_t count, size_t from,
                     char bytes[RECORD_MAXIMUM])
{
    size_t length = 0;
    for (size_t i = 0; i < count; i++) {
        size_t skipped = from < pieces[i].length ? from : pieces[i].length;
        size_t part = pieces[i].length - skipped;
        if (part > RECORD_MAXIMUM - length)
            part = RECORD_MAXIMUM - length;
        memcpy(bytes + length, pieces[i].bytes + skipped, part);
        length += part;
        from -= skipped;
    }
    return length;
}

/* What the library did not take, it wants to see again: the stream goes on where it stopped. */
static bool send_in_records(struct smtp_session *session, const struct smtp_piece *pieces,
                            size_t count, size_t *sent)
{
    char bytes[RECORD_MAXIMUM];
    size_t length = 0;
    while ((length = gather(pieces, count, *sent, bytes)) > 0) {
        size_t taken = 0;
        CURLcode code = curl_easy_send(session->curl, bytes, length, &taken);
        *sent += taken;
        session->held = taken < length ? length - taken : 0;
        if (code == CURLE_AGAIN || (code == CURLE_OK && taken == 0))
            break;
        if (code != CURLE_OK)
            return false;
    }
    return true;
}

size_t smtp_session_held(const struct smtp_session *session)
{
    return session->held;
}

bool smtp_session_send(struct smtp_session *session, const struct smtp_piece *pieces, size_t count,
                       size_t *sent, struct error *error)
{
    assert(count <= SMTP_PIECES_MAXIMUM);
    *sent = 0;
    if (session->is_plain ? send_plainly(session, pieces, count, sent)
                          : send_in_records(session, pieces, count, sent))
        return true;
    return error_set(error, ERROR_TEMPORARY, "%s: the connection was lost while writing",
                     session->settings->url);
}

static bool receive_plainly(struct smtp_session *session, char *bytes, size_t size,
                            size_t *received, bool *is_all)
{
    ssize_t length = recv(session->socket, bytes, size, MSG_DONTWAIT);
    if (length < 0)
        return errno == EAGAIN || errno == EINTR;
    *received = (size_t)length;
    *is_all = *received < size;
    return length > 0;
}

bool smtp_session_receive(struct smtp_session *session, char *bytes, size_t size, size_t *received,
                          bool *is_all, struct error *error)
{
    *received = 0;
    *is_all = true;
    bool done = false;
    if (session->is_plain) {
        done = receive_plainly(session, bytes, size, received, is_all);
    } else {
        CURLcode code = curl_easy_recv(session->curl, bytes, size, received);
        *is_all = code == CURLE_AGAIN;
        done = *is_all || (code == CURLE_OK && *received);
    }
    return done || error_set(error, ERROR_TEMPORARY, "%s: the relay closed the connection",
                             session->settings->url);
}
