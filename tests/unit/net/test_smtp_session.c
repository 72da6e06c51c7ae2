/* SPDX-License-Identifier: MIT */
#include "cmocka_all.h"

#include "base/error.h"
#include "base/string_builder.h"
#include "net/net.h"
#include "net/smtp.h"
#include "net/smtp_login.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* A relay that says its lines in turn: each but the first of a connection after it has heard one.
 * "again" closes and takes the next connection; a NULL ends them and the connection; silence keeps
 * it open until we go. */
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
    bool is_first = true;
    for (size_t i = 0; peer->lines[i]; i++) {
        if (strcmp(peer->lines[i], "again") == 0) {
            (void)close(connection);
            connection = accept(peer->listener, NULL, NULL);
            is_first = true;
            continue;
        }
        if (!is_first && !hear_line(peer, connection))
            break;
        is_first = false;
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
#define EHLO_BOTH "250-relay.example\r\n250 AUTH PLAIN LOGIN\r\n"
#define EHLO_NTLM "250-relay.example\r\n250 AUTH NTLM LOGIN\r\n"
#define EHLO_CRAM "250-relay.example\r\n250 AUTH CRAM-MD5\r\n"
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
      "(EHLO presse.nordhav.example): 550 no; write the name",
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
      { "220 hi\r\n", EHLO_TLS, "502 5.5.1 no\r\n", "silence" } },
    { "STARTTLS put off",
      SMTP_TLS_REQUIRED,
      ERROR_TEMPORARY,
      NULL,
      "no TLS just now (454 no)",
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
                                                  .helo = "presse.nordhav.example",
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

#define HI "220 hi\r\n"
#define EHLO_HEARD "EHLO presse.nordhav.example\r\n"
#define PLAIN_HEARD "AUTH PLAIN AHByZXNzZQBoZW1tZWxpZ3Q=\r\n" /* presse, hemmeligt */
#define LOGIN_HEARD "AUTH LOGIN\r\ncHJlc3Nl\r\naGVtbWVsaWd0\r\n"

struct login {
    const char *label;
    bool is_ready;
    enum error_kind kind; /* where it is not */
    const char *part;     /* of the message */
    int code;             /* of the relay's last reply */
    unsigned worked;      /* what the memory holds before */
    unsigned works;       /* … and after */
    const char *heard;
    const char *lines[16];
};

static const struct login logins[] = {
    { "PLAIN before LOGIN, and without TLS behind those that do not say the password",
      true,
      0,
      NULL,
      235,
      0,
      SMTP_MECHANISM_PLAIN,
      EHLO_HEARD PLAIN_HEARD,
      { HI, "250-relay.example\r\n250 AUTH LOGIN PLAIN\r\n", "235 2.7.0 ok\r\n", "silence" } },
    { "offered in the old form alone",
      true,
      0,
      NULL,
      235,
      0,
      SMTP_MECHANISM_LOGIN,
      EHLO_HEARD LOGIN_HEARD,
      { HI, "250-relay.example\r\n250 AUTH=LOGIN\r\n", "334 VXNlcm5hbWU6\r\n",
        "334 UGFzc3dvcmQ6\r\n", "235 ok\r\n", "silence" } },
    { "the next mechanism where one is refused",
      true,
      0,
      NULL,
      235,
      0,
      SMTP_MECHANISM_LOGIN,
      EHLO_HEARD PLAIN_HEARD LOGIN_HEARD,
      { HI, EHLO_BOTH, "504 5.7.4 no\r\n", "334 \r\n", "334 \r\n", "235 ok\r\n", "silence" } },
    { "… on a new connection where the relay closes the first",
      true,
      0,
      NULL,
      235,
      0,
      SMTP_MECHANISM_LOGIN,
      EHLO_HEARD PLAIN_HEARD "AUTH LOGIN\r\n" EHLO_HEARD LOGIN_HEARD,
      { HI, EHLO_BOTH, "535 no\r\n", "", "again", HI, EHLO_BOTH, "334 \r\n", "334 \r\n",
        "235 ok\r\n", "silence" } },
    { "what worked before comes first",
      true,
      0,
      NULL,
      235,
      SMTP_MECHANISM_LOGIN,
      SMTP_MECHANISM_LOGIN,
      EHLO_HEARD LOGIN_HEARD,
      { HI, EHLO_BOTH, "334 \r\n", "334 \r\n", "235 ok\r\n", "silence" } },
    { "those of libcurl, on a connection of their own",
      true,
      0,
      NULL,
      235,
      0,
      SMTP_MECHANISM_CRAM_MD5,
      EHLO_HEARD EHLO_HEARD
      "AUTH CRAM-MD5\r\ncHJlc3NlIDYwYzJiMGM0MjVmYzliZGI5YzM3NzNhMTQ1YTgyMGYy\r\n",
      { HI, EHLO_CRAM, "again", HI, EHLO_CRAM, "334 PDFAcmVsYXkuZXhhbXBsZT4=\r\n", "235 ok\r\n",
        "silence" } },
    { "… and then PLAIN, on another",
      true,
      0,
      NULL,
      235,
      0,
      SMTP_MECHANISM_PLAIN,
      EHLO_HEARD EHLO_HEARD "AUTH CRAM-MD5\r\n" EHLO_HEARD PLAIN_HEARD,
      { HI, "250-relay.example\r\n250 AUTH CRAM-MD5 PLAIN\r\n", "again", HI,
        "250-relay.example\r\n250 AUTH CRAM-MD5 PLAIN\r\n", "535 no\r\n", "again", HI,
        "250-relay.example\r\n250 AUTH CRAM-MD5 PLAIN\r\n", "235 ok\r\n", "silence" } },
    { "what needs a longer talk is libcurl's too, and then the others",
      true,
      0,
      NULL,
      235,
      0,
      SMTP_MECHANISM_LOGIN,
      EHLO_HEARD EHLO_HEARD "AUTH NTLM\r\n" EHLO_HEARD LOGIN_HEARD,
      { HI, EHLO_NTLM, "again", HI, EHLO_NTLM, "504 no\r\n", "again", HI, EHLO_NTLM, "334 \r\n",
        "334 \r\n", "235 ok\r\n", "silence" } },
    { "a keyword is no yes",
      false,
      ERROR_TEMPORARY,
      "no yes: 250 fine",
      250,
      0,
      0,
      EHLO_HEARD PLAIN_HEARD,
      { HI, EHLO_BOTH, "250 fine\r\n", "silence" } },
    { "a temporary no is for the relay to get over, not for the next mechanism",
      false,
      ERROR_TEMPORARY,
      "just now: 454 later",
      454,
      0,
      0,
      EHLO_HEARD PLAIN_HEARD,
      { HI, EHLO_BOTH, "454 4.7.0 later\r\n", "silence" } },
    { "… also of libcurl's",
      false,
      ERROR_TEMPORARY,
      "just now: 454 later",
      454,
      0,
      0,
      EHLO_HEARD EHLO_HEARD "AUTH CRAM-MD5\r\n",
      { HI, EHLO_CRAM, "again", HI, EHLO_CRAM, "454 4.7.0 later\r\n", "silence" } },
    { "all refused: the first refusal is told",
      false,
      ERROR_PERMANENT,
      "password (535 bad password); mend",
      504,
      0,
      0,
      EHLO_HEARD PLAIN_HEARD "AUTH LOGIN\r\n",
      { HI, EHLO_BOTH, "535 5.7.8 bad password\r\n", "504 no\r\n", "silence" } },
    { "only with TLS, as the relay says",
      false,
      ERROR_PERMANENT,
      "only after STARTTLS (538 encrypt); write mail.tls: required",
      538,
      0,
      0,
      EHLO_HEARD PLAIN_HEARD,
      { HI, "250-relay.example\r\n250 AUTH PLAIN\r\n", "538 5.7.11 encrypt\r\n", "silence" } },
    { "only with TLS, as its offers say",
      false,
      ERROR_PERMANENT,
      "only after STARTTLS; write mail.tls: required",
      250,
      0,
      0,
      EHLO_HEARD,
      { HI, EHLO_TLS, "silence" } },
    { "tokens alone",
      false,
      ERROR_PERMANENT,
      "(XOAUTH2), which pressroom cannot get",
      250,
      0,
      0,
      EHLO_HEARD,
      { HI, "250-relay.example\r\n250 AUTH XOAUTH2 OAUTHBEARER\r\n", "silence" } },
    { "tickets alone",
      false,
      ERROR_PERMANENT,
      "no way to log in that pressroom knows",
      250,
      0,
      0,
      EHLO_HEARD,
      { HI, "250-relay.example\r\n250 AUTH GSSAPI\r\n", "silence" } },
    { "gone in the middle",
      false,
      ERROR_TEMPORARY,
      "gone while we logged in",
      0,
      0,
      0,
      EHLO_HEARD PLAIN_HEARD,
      { HI, EHLO_BOTH, "", NULL } },
    { "a question too many",
      false,
      ERROR_TEMPORARY,
      "no yes: 334",
      334,
      0,
      0,
      EHLO_HEARD PLAIN_HEARD "AHByZXNzZQBoZW1tZWxpZ3Q=\r\n*\r\n",
      { HI, "250-relay.example\r\n250 AUTH PLAIN\r\n", "334 \r\n", "334 \r\n", "334 \r\n",
        "silence" } },
    { "an answer before it is asked for",
      false,
      ERROR_TEMPORARY,
      "",
      235,
      0,
      0,
      EHLO_HEARD PLAIN_HEARD,
      { HI, EHLO_BOTH, "235 ok\r\n250 ok\r\n", "silence" } },
};

static void only_a_235_is_a_login(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof logins / sizeof logins[0]; i++) {
        const struct login *login = &logins[i];
        struct smtp_memory memory = { login->worked };
        struct peer peer;
        peer_start(&peer, login->lines);
        struct smtp_session_settings settings = { .url = peer.url,
                                                  .tls = SMTP_TLS_NONE,
                                                  .user = "presse",
                                                  .password = "hemmeligt",
                                                  .helo = "presse.nordhav.example",
                                                  .memory = &memory,
                                                  .connect_timeout_ms = 20000 };
        struct error error = { 0 };
        struct smtp_session *session = NULL;
        enum smtp_session_state got = try(&settings, &session, &error);
        bool is_told = login->is_ready ||
                       (error.kind == login->kind && strstr(error.message, login->part) != NULL);
        if ((got == SMTP_SESSION_READY) != login->is_ready || !is_told)
            fail_msg("%s: %d, %s", login->label, (int)got, error.message);
        assert_null(strstr(error.message, "hemmeligt"));
        if (smtp_session_reply(session)->code != login->code)
            fail_msg("%s: %d", login->label, smtp_session_reply(session)->code);
        assert_int_equal(smtp_session_step(session), SMTP_STEP_AUTH);
        assert_int_equal(memory.mechanism, login->works);
        smtp_session_free(session);
        peer_stop(&peer);
        if (strcmp(peer.heard, login->heard) != 0)
            fail_msg("%s: %s", login->label, peer.heard);
    }
}

/* Without TLS the challenges come first, with it the passwords: there are relays that offer what
 * they cannot do. */
static void the_order_of_mechanisms(void **state)
{
    (void)state;
    unsigned all = smtp_mechanisms_read("NTLM DIGEST-MD5 cram-md5 LOGIN PLAIN GSSAPI", 43);
    assert_int_equal(smtp_login_next(all, 0, 0, true), SMTP_MECHANISM_PLAIN);
    assert_int_equal(smtp_login_next(all, 1, 0, true), SMTP_MECHANISM_LOGIN);
    assert_int_equal(smtp_login_next(all, 3, 0, true), SMTP_MECHANISM_CRAM_MD5);
    assert_int_equal(smtp_login_next(all, 0, 0, false), SMTP_MECHANISM_CRAM_MD5);
    assert_int_equal(smtp_login_next(all, 28, 0, false), SMTP_MECHANISM_PLAIN);
    assert_int_equal(smtp_login_next(all, 31, 0, false), SMTP_MECHANISM_NONE);
    assert_int_equal(smtp_login_next(all, 0, SMTP_MECHANISM_NTLM, true), SMTP_MECHANISM_NTLM);
    assert_int_equal(smtp_login_next(all, 16, SMTP_MECHANISM_NTLM, true), SMTP_MECHANISM_PLAIN);
}

/* A command has 512 bytes at most: what does not fit comes behind a 334. */
static void a_long_password_waits_for_its_question(void **state)
{
    (void)state;
    char password[500];
    memset(password, 'x', sizeof password - 1);
    password[sizeof password - 1] = '\0';
    struct smtp_login login = { .mechanism = SMTP_MECHANISM_PLAIN,
                                .user = "presse",
                                .password = password };
    struct string_builder line;
    string_builder_init(&line, 0);
    assert_true(smtp_login_next_line(&login, &line));
    assert_string_equal(line.data, "AUTH PLAIN\r\n");
    assert_true(smtp_login_next_line(&login, &line));
    assert_int_equal(line.length, (1 + 6 + 1 + 499 + 2) / 3 * 4 + 2);
    assert_false(smtp_login_next_line(&login, &line));
    assert_string_equal(line.data, "*\r\n");
    string_builder_release(&line);
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

/* Holds I14. */
static void a_repeated_password_is_known_as_it_was_sent(void **state)
{
    (void)state;
    const struct smtp_login login = { .user = "presse", .password = "hemmeligt-ord" };
    const struct smtp_login no_password = { .user = "presse", .password = "" };
    const char *const repeated[] = {
        "5.7.8 no such password: hemmeligt-ord",
        "5.7.8 what is aGVtbWVsaWd0LW9yZA==?", /* AUTH LOGIN */
        "5.7.8 what is aGVtbWVsaWd0LW9yZA?",
        "5.7.8 AHByZXNzZQBoZW1tZWxpZ3Qtb3Jk is wrong", /* AUTH PLAIN */
        "5.7.8 AHByZXNzZQBoZW1",                       /* cut within it */
    };
    for (size_t i = 0; i < sizeof repeated / sizeof repeated[0]; i++)
        assert_true(smtp_login_is_repeated(&login, repeated[i]));
    assert_false(smtp_login_is_repeated(&login, "5.7.8 Error: authentication failed: presse"));
    assert_false(smtp_login_is_repeated(&no_password, "5.7.8 Error: authentication failed"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(capabilities_and_bytes_come_through),
        cmocka_unit_test(a_relay_that_cannot_be_used_is_told_so),
        cmocka_unit_test(only_a_235_is_a_login),
        cmocka_unit_test(the_order_of_mechanisms),
        cmocka_unit_test(a_long_password_waits_for_its_question),
        cmocka_unit_test(a_repeated_password_is_known_as_it_was_sent),
        cmocka_unit_test(no_relay_at_all_is_told_so),
    };
    return cmocka_run_group_tests(tests, start_network, NULL);
}
