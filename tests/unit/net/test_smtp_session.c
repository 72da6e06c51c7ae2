/* SPDX-License-Identifier: MIT */
#include "cmocka_all.h"

#include "base/error.h"
#include "net/net.h"
#include "net/smtp_session.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* A relay for one connection that says its lines in turn: each but the first after it has heard
 * one. A NULL ends them and the connection; silence keeps it open until we go. */
struct peer {
    const char *const *lines;
    int listener;
    pthread_t thread;
    char url[64];
    char heard[2048];
};

static bool hear_line(struct peer *peer, int connection)
{
    size_t length = strlen(peer->heard);
    while (length + 1 < sizeof peer->heard && read(connection, peer->heard + length, 1) == 1) {
        peer->heard[++length] = '\0';
        if (peer->heard[length - 1] == '\n')
            return true;
    }
    return false;
}

static void *peer_thread(void *payload)
{
    struct peer *peer = payload;
    int connection = accept(peer->listener, NULL, NULL);
    for (size_t i = 0; peer->lines[i]; i++) {
        if (i > 0 && !hear_line(peer, connection))
            break;
        if (strcmp(peer->lines[i], "silence") == 0) {
            while (hear_line(peer, connection))
                ;
            break;
        }
        size_t length = strlen(peer->lines[i]);
        if (send(connection, peer->lines[i], length, MSG_NOSIGNAL) != (ssize_t)length)
            break;
    }
    (void)close(connection);
    return NULL;
}

static void peer_start(struct peer *peer, const char *const *lines)
{
    *peer = (struct peer){ .lines = lines };
    struct sockaddr_in address = { .sin_family = AF_INET,
                                   .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t length = sizeof address;
    peer->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_true(peer->listener >= 0);
    assert_int_equal(bind(peer->listener, (struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(listen(peer->listener, 1), 0);
    assert_int_equal(getsockname(peer->listener, (struct sockaddr *)&address, &length), 0);
    (void)snprintf(peer->url, sizeof peer->url, "smtp://127.0.0.1:%d", ntohs(address.sin_port));
    assert_int_equal(pthread_create(&peer->thread, NULL, peer_thread, peer), 0);
}

static void peer_stop(struct peer *peer)
{
    (void)shutdown(peer->listener, SHUT_RDWR);
    (void)pthread_join(peer->thread, NULL);
    (void)close(peer->listener);
}

static enum smtp_session_state try(const struct smtp_session_settings *settings,
                                   struct smtp_session **session, struct error *error)
{
    *session = smtp_session_start(settings, error);
    assert_non_null(*session);
    struct pollfd event = { .fd = smtp_session_descriptor(*session), .events = POLLIN };
    assert_int_equal(poll(&event, 1, 20000), 1);
    return smtp_session_finish(*session, error);
}

static void capabilities_and_bytes_come_through(void **state)
{
    (void)state;
    static const char *const lines[] = {
        "220-relay.example ESMTP\r\n220 ready\r\n",
        "250-relay.example\r\n250-PIPELINING\r\n250-SIZE 1000\r\n250 8BITMIME\r\n",
        "250 2.0.0 ok\r\n", NULL
    };
    struct peer peer;
    peer_start(&peer, lines);
    struct smtp_session_settings settings = { .url = peer.url,
                                              .tls = SMTP_TLS_NONE,
                                              .helo = "presse.nordhav.example" };
    struct error error = { 0 };
    struct smtp_session *session = NULL;
    assert_int_equal(try(&settings, &session, &error), SMTP_SESSION_READY);
    assert_true(smtp_session_capabilities(session)->pipelining);
    assert_true(smtp_session_capabilities(session)->eight_bit);
    assert_false(smtp_session_capabilities(session)->dsn);
    assert_int_equal(smtp_session_capabilities(session)->size_maximum, 1000);
    size_t count = 0;
    static const struct smtp_piece pieces[] = { { "NO", 2 }, { "OP\r\n", 4 } };
    assert_true(smtp_session_send(session, pieces, 2, &count, &error));
    assert_int_equal(count, 6);
    char bytes[64] = "";
    size_t length = 0;
    bool is_all = false;
    struct pollfd event = { .fd = smtp_session_descriptor(session), .events = POLLIN };
    while (length < 14) {
        assert_int_equal(poll(&event, 1, 20000), 1);
        assert_true(smtp_session_receive(session, bytes + length, sizeof bytes - 1 - length, &count,
                                         &is_all, &error));
        length += count;
    }
    assert_string_equal(bytes, "250 2.0.0 ok\r\n");
    assert_int_equal(poll(&event, 1, 20000), 1); /* the end of the connection */
    assert_false(smtp_session_receive(session, bytes, sizeof bytes, &count, &is_all, &error));
    assert_int_equal(error.kind, ERROR_TEMPORARY);
    smtp_session_free(session);
    peer_stop(&peer);
    assert_string_equal(peer.heard, "EHLO presse.nordhav.example\r\nNOOP\r\n");
}

struct refusal {
    const char *label;
    enum smtp_tls tls;
    enum error_kind kind;
    const char *user;
    const char *part; /* of the message */
    const char *lines[5];
};

#define EHLO_PLAIN "250-relay.example\r\n250 PIPELINING\r\n"
#define EHLO_AUTH "250-relay.example\r\n250 AUTH PLAIN\r\n"
#define EHLO_TLS "250-relay.example\r\n250 STARTTLS\r\n"

static const struct refusal refusals[] = {
    { "turned away",
      SMTP_TLS_NONE,
      ERROR_TEMPORARY,
      NULL,
      "554 no service",
      { "554 5.3.2 no service\r\n" } },
    { "busy", SMTP_TLS_NONE, ERROR_TEMPORARY, NULL, "421 busy", { "421 4.3.2 busy\r\n" } },
    { "closes at once", SMTP_TLS_NONE, ERROR_TEMPORARY, NULL, "smtp://", { "" } },
    { "silent", SMTP_TLS_NONE, ERROR_TEMPORARY, NULL, "smtp://", { "silence" } },
    { "silent after EHLO",
      SMTP_TLS_NONE,
      ERROR_TEMPORARY,
      NULL,
      "smtp://",
      { "220 hi\r\n", "silence" } },
    { "nonsense",
      SMTP_TLS_NONE,
      ERROR_TEMPORARY,
      NULL,
      "smtp://",
      { "HTTP/1.0 400 Bad\r\n", "silence" } },
    { "closes after EHLO", SMTP_TLS_NONE, ERROR_TEMPORARY, NULL, "smtp://", { "220 hi\r\n", "" } },
    { "EHLO and HELO refused",
      SMTP_TLS_NONE,
      ERROR_TEMPORARY,
      NULL,
      "550",
      { "220 hi\r\n", "550 no\r\n", "550 no\r\n" } },
    { "stripped STARTTLS",
      SMTP_TLS_REQUIRED,
      ERROR_PERMANENT,
      NULL,
      "no TLS",
      { "220 hi\r\n", EHLO_PLAIN, "silence" } },
    { "STARTTLS refused",
      SMTP_TLS_REQUIRED,
      ERROR_PERMANENT,
      NULL,
      "no TLS",
      { "220 hi\r\n", EHLO_TLS, "454 4.7.0 no\r\n", "silence" } },
    { "closed instead of greeting",
      SMTP_TLS_NONE,
      ERROR_TEMPORARY,
      NULL,
      "closed the connection before it was ready",
      { NULL } },
    { "no greeting", SMTP_TLS_NONE, ERROR_TEMPORARY, NULL, "does not answer", { "silence" } },
    { "plaintext injected before TLS",
      SMTP_TLS_REQUIRED,
      ERROR_TEMPORARY,
      NULL,
      "smtp://",
      { "220 hi\r\n", EHLO_TLS, "220 go\r\n250-x\r\n250 PIPELINING\r\n", "silence" } },
    { "user and no TLS by the way",
      SMTP_TLS_OPPORTUNISTIC,
      ERROR_PERMANENT,
      "presse",
      "no TLS",
      { "220 hi\r\n", EHLO_AUTH, "silence" } },
    { "no AUTH",
      SMTP_TLS_NONE,
      ERROR_PERMANENT,
      "presse",
      "no AUTH",
      { "220 hi\r\n", EHLO_PLAIN, "silence" } },
    { "AUTH refused",
      SMTP_TLS_NONE,
      ERROR_PERMANENT,
      "presse",
      "mail.password_file",
      { "220 hi\r\n", EHLO_AUTH, "535 5.7.8 no\r\n", "535 5.7.8 no\r\n", "silence" } },
};

static void a_relay_that_cannot_be_used_is_told_so(void **state)
{
    (void)state;

    for (size_t i = 0; i < sizeof refusals / sizeof refusals[0]; i++) {
        const char *lines[6] = { NULL };
        memcpy(lines, refusals[i].lines, sizeof refusals[i].lines);
        struct peer peer;
        peer_start(&peer, lines);
        struct smtp_session_settings settings = { .url = peer.url,
                                                  .tls = refusals[i].tls,
                                                  .user = refusals[i].user,
                                                  .password = "hemmeligt",
                                                  .connect_timeout_ms = 3000 };
        struct error error = { 0 };
        struct smtp_session *session = NULL;
        enum smtp_session_state got = try(&settings, &session, &error);
        if (got != SMTP_SESSION_FAILED)
            fail_msg("%s: connected", refusals[i].label);
        if (error.kind != refusals[i].kind || !strstr(error.message, refusals[i].part))
            fail_msg("%s: kind %d, %s", refusals[i].label, (int)error.kind, error.message);
        assert_null(strstr(error.message, "hemmeligt"));
        smtp_session_free(session);
        peer_stop(&peer);
        if (refusals[i].tls == SMTP_TLS_OPPORTUNISTIC)
            assert_null(strstr(peer.heard, "AUTH"));
    }
}

static void no_relay_at_all_is_told_so(void **state)
{
    (void)state;
    static const char *const lines[] = { "", NULL };
    struct peer peer;
    peer_start(&peer, lines);
    peer_stop(&peer); /* its port is free now */
    struct smtp_session_settings settings = { .url = peer.url, .tls = SMTP_TLS_NONE };
    struct error error = { 0 };
    struct smtp_session *session = NULL;
    assert_int_equal(try(&settings, &session, &error), SMTP_SESSION_FAILED);
    assert_int_equal(error.kind, ERROR_TEMPORARY);
    smtp_session_free(session);
}

static int start_network(void **state)
{
    (void)state;
    struct error error;
    return net_initialize(&error) ? 0 : 1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(capabilities_and_bytes_come_through),
        cmocka_unit_test(a_relay_that_cannot_be_used_is_told_so),
        cmocka_unit_test(no_relay_at_all_is_told_so),
    };
    return cmocka_run_group_tests(tests, start_network, NULL);
}
