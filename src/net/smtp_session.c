/* SPDX-License-Identifier: MIT */
#include "net/smtp.h"

#include "base/error.h"
#include "base/memory.h"
#include "net/smtp_connecting.h"

#include <assert.h>
#include <curl/curl.h>
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

enum { RECORD_MAXIMUM = 16 * 1024 }; /* RFC 8446 section 5.1 */

struct smtp_session {
    const struct smtp_session_settings *settings;
    struct smtp_connecting connecting;
    CURL *curl; /* the connection, once it is ready */
    pthread_t thread;
    bool is_joined;
    int event; /* written once when connecting has ended */
    curl_socket_t socket;
    bool is_plain; /* there is no TLS on it, for sure */
    size_t held;   /* of what was to be sent, by TLS */
};

/* ---- connecting ---- */

static void *connect_thread(void *payload)
{
    struct smtp_session *session = payload;
    smtp_connecting_run(&session->connecting);
    uint64_t one = 1;
    ssize_t written = write(session->event, &one, sizeof one);
    (void)written; /* an eventfd with room never fails */
    return NULL;
}

struct smtp_session *smtp_session_start(const struct smtp_session_settings *settings,
                                        struct error *error)
{
    struct smtp_session *session = memory_allocate(sizeof *session);
    session->settings = settings;
    session->is_joined = true;
    session->socket = CURL_SOCKET_BAD;
    smtp_connecting_init(&session->connecting, settings);
    session->event = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (session->event < 0) {
        (void)error_set_errno(error, ERROR_SYSTEM, errno, "a connection to %s", settings->url);
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

void smtp_session_cancel(struct smtp_session *session)
{
    atomic_store(&session->connecting.is_cancelled, true);
}

void smtp_session_free(struct smtp_session *session)
{
    if (!session)
        return;
    smtp_session_cancel(session);
    join(session);
    smtp_connecting_release(&session->connecting);
    if (session->event >= 0)
        (void)close(session->event);
    free(session);
}

int smtp_session_descriptor(const struct smtp_session *session)
{
    return session->socket == CURL_SOCKET_BAD ? session->event : session->socket;
}

enum smtp_session_state smtp_session_finish(struct smtp_session *session, struct error *error)
{
    const struct smtp_session_settings *settings = session->settings;
    join(session);
    if (!smtp_connecting_judge(&session->connecting, error))
        return SMTP_SESSION_FAILED;
    session->curl = session->connecting.curl;
    curl_socket_t socket = CURL_SOCKET_BAD;
    if (curl_easy_getinfo(session->curl, CURLINFO_ACTIVESOCKET, &socket) != CURLE_OK ||
        socket == CURL_SOCKET_BAD) {
        (void)error_set(error, ERROR_TEMPORARY, "%s: the connection was lost", settings->url);
        return SMTP_SESSION_FAILED;
    }
    session->socket = socket;
    session->is_plain = smtp_connecting_tls(settings) == SMTP_TLS_NONE &&
                        strncasecmp(settings->url, "smtp://", 7) == 0;
    return SMTP_SESSION_READY;
}

const struct smtp_reply *smtp_session_reply(const struct smtp_session *session)
{
    return &session->connecting.reply;
}

enum smtp_step smtp_session_step(const struct smtp_session *session)
{
    return session->connecting.step;
}

const char *smtp_session_helo(const struct smtp_session *session)
{
    return session->connecting.helo;
}

const struct smtp_capabilities *smtp_session_capabilities(const struct smtp_session *session)
{
    return &session->connecting.capabilities;
}

/* ---- bytes ---- */

/* Without TLS the socket is used directly: libcurl buffers nothing then, and this way all pieces go
 * in one system call and no second receive is needed to learn that nothing more is there. */
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

/* The TLS library wants the bytes that it did not take again, unchanged, at the next call. */
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
