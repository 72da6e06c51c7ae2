/* SPDX-License-Identifier: MIT */
/* A relay that takes every message and keeps none, for measurements: one thread, cheaper a message
 * than Postfix's smtp-sink, and it can be slow, want TLS and a password, as that cannot.
 *
 *   sink [-d MS] [-c CERTIFICATE -k KEY] [-a]
 *
 * -d  the answer to a message takes so long, on each connection by itself
 * -c  offers STARTTLS; -a  offers AUTH PLAIN, and believes everybody
 *
 * Listens on 127.0.0.1, prints its port, and on SIGTERM how many messages it took. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { IN_SIZE = 65536, OUT_SIZE = 8192, EVENTS = 64 };

struct connection {
    int descriptor;
    SSL *tls;
    bool wants_tls; /* once what is said is said */
    bool is_ending;
    bool is_in_text;
    int matched;    /* bytes of the end of text seen */
    int64_t due_ns; /* nothing is said or done before; 0: now */
    struct connection *next_due;
    size_t in_length;
    size_t out_length;
    char in[IN_SIZE];
    char out[OUT_SIZE];
};

static struct {
    int delay_ms;
    bool has_auth;
    SSL_CTX *tls;
    int epoll;
    long messages;
    struct connection *due_first; /* in the order of their times, for all wait equally long */
    struct connection *due_last;
} sink;

static volatile sig_atomic_t is_over;

static void end(int number)
{
    (void)number;
    is_over = 1;
}

static int64_t now_ns(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static void drop(struct connection *connection)
{
    SSL_free(connection->tls);
    (void)close(connection->descriptor);
    free(connection);
}

static void say(struct connection *connection, const char *line)
{
    size_t length = strlen(line);
    if (connection->out_length + length <= OUT_SIZE) {
        memcpy(connection->out + connection->out_length, line, length);
        connection->out_length += length;
    }
}

/* False: the connection is over. The answers are tiny; a full socket means a broken client. */
static bool flush(struct connection *connection)
{
    int length = (int)connection->out_length;
    if (length) {
        ssize_t sent = connection->tls ? SSL_write(connection->tls, connection->out, length)
                                       : send(connection->descriptor, connection->out,
                                              (size_t)length, MSG_NOSIGNAL);
        if (sent != length)
            return false;
        connection->out_length = 0;
    }
    if (connection->wants_tls) {
        connection->wants_tls = false;
        connection->in_length = 0;
        connection->tls = SSL_new(sink.tls);
        (void)SSL_set_fd(connection->tls, connection->descriptor);
        SSL_set_accept_state(connection->tls);
    }
    return !connection->is_ending;
}

static void say_offers(struct connection *connection)
{
    say(connection, "250-sink.example\r\n250-PIPELINING\r\n250-SIZE 50000000\r\n");
    if (sink.tls && !connection->tls)
        say(connection, "250-STARTTLS\r\n");
    if (sink.has_auth && (connection->tls || !sink.tls))
        say(connection, "250-AUTH PLAIN\r\n");
    say(connection, "250-ENHANCEDSTATUSCODES\r\n250-8BITMIME\r\n250 DSN\r\n");
}

static void take_command(struct connection *connection, const char *line)
{
    if (strncasecmp(line, "DATA", 4) == 0) {
        connection->is_in_text = true;
        connection->matched = 2;
        say(connection, "354 go ahead\r\n");
    } else if (strncasecmp(line, "EHLO", 4) == 0) {
        say_offers(connection);
    } else if (strncasecmp(line, "STARTTLS", 8) == 0 && sink.tls) {
        say(connection, "220 2.0.0 ready\r\n");
        connection->wants_tls = true;
    } else if (strncasecmp(line, "AUTH PLAIN", 10) == 0) {
        say(connection, strlen(line) > 13 ? "235 2.7.0 welcome\r\n" : "334 \r\n");
    } else if (strncasecmp(line, "QUIT", 4) == 0) {
        say(connection, "221 2.0.0 bye\r\n");
        connection->is_ending = true;
    } else if (strncasecmp(line, "MAIL", 4) == 0 || strncasecmp(line, "RCPT", 4) == 0) {
        say(connection, "250 2.1.0 ok\r\n");
    } else { /* RSET, or the second line of AUTH */
        say(connection, sink.has_auth && strncasecmp(line, "RSET", 4) != 0 ? "235 2.7.0 welcome\r\n"
                                                                           : "250 2.0.0 ok\r\n");
    }
}

/* How much of the bytes is text; is_in_text is false where its end was among them. */
static size_t take_text(struct connection *connection, const char *bytes, size_t length)
{
    static const char end_of_text[] = "\r\n.\r\n";
    size_t at = 0;
    while (at < length && connection->matched < 5) {
        if (connection->matched == 0) {
            const char *found = memchr(bytes + at, '\r', length - at);
            if (!found)
                return length;
            at = (size_t)(found - bytes) + 1;
            connection->matched = 1;
        } else if (bytes[at] == end_of_text[connection->matched]) {
            connection->matched++;
            at++;
        } else {
            connection->matched = bytes[at++] == '\r';
        }
    }
    if (connection->matched == 5) {
        connection->is_in_text = false;
        sink.messages++;
        say(connection, "250 2.0.0 taken\r\n");
        if (sink.delay_ms) {
            connection->due_ns = now_ns() + (int64_t)sink.delay_ms * 1000000;
            connection->next_due = NULL;
            if (sink.due_last)
                sink.due_last->next_due = connection;
            else
                sink.due_first = connection;
            sink.due_last = connection;
        }
    }
    return at;
}

/* Until there is no whole thing left, or the connection has to wait. */
static void take_bytes(struct connection *connection)
{
    size_t at = 0;
    while (at < connection->in_length && !connection->due_ns && !connection->wants_tls) {
        char *start = connection->in + at;
        if (connection->is_in_text) {
            at += take_text(connection, start, connection->in_length - at);
            continue;
        }
        char *newline = memchr(start, '\n', connection->in_length - at);
        if (!newline)
            break;
        *newline = '\0';
        take_command(connection, start);
        at += (size_t)(newline - start) + 1;
    }
    memmove(connection->in, connection->in + at, connection->in_length - at);
    connection->in_length -= at;
}

/* What can be read, as long as there is room; false: over. */
static bool serve(struct connection *connection)
{
    for (;;) {
        if (connection->due_ns)
            return true;
        take_bytes(connection);
        if (!connection->due_ns && !flush(connection))
            return false;
        size_t room = IN_SIZE - connection->in_length;
        if (connection->due_ns)
            return true;
        if (room == 0) /* a command without end */
            return false;
        char *place = connection->in + connection->in_length;
        ssize_t got = 0;
        if (connection->tls) {
            got = SSL_read(connection->tls, place, (int)room);
            if (got <= 0)
                return SSL_get_error(connection->tls, (int)got) == SSL_ERROR_WANT_READ;
        } else {
            got = recv(connection->descriptor, place, room, 0);
            if (got <= 0)
                return got < 0 && errno == EAGAIN;
        }
        connection->in_length += (size_t)got;
    }
}

static void take_connections(int listener)
{
    int descriptor = 0;
    /* NOLINTNEXTLINE(clang-analyzer-unix.Malloc): epoll holds the connections */
    while ((descriptor = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0) {
        int on = 1;
        (void)setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        struct connection *connection = calloc(1, sizeof *connection);
        if (!connection)
            abort();
        connection->descriptor = descriptor;
        struct epoll_event event = { .events = EPOLLIN | EPOLLET, .data.ptr = connection };
        (void)epoll_ctl(sink.epoll, EPOLL_CTL_ADD, descriptor, &event);
        say(connection, "220 sink.example ESMTP\r\n");
        if (!flush(connection))
            drop(connection);
    }
}

static void serve_due(void)
{
    int64_t now = now_ns();
    while (sink.due_first && sink.due_first->due_ns <= now) {
        struct connection *connection = sink.due_first;
        sink.due_first = connection->next_due;
        if (!sink.due_first)
            sink.due_last = NULL;
        connection->due_ns = 0;
        if (!serve(connection))
            drop(connection);
    }
}

static void run(int listener)
{
    struct epoll_event events[EVENTS];
    struct epoll_event event = { .events = EPOLLIN, .data.ptr = NULL };
    (void)epoll_ctl(sink.epoll, EPOLL_CTL_ADD, listener, &event);
    while (!is_over) {
        struct timespec wait = { .tv_sec = 1 };
        if (sink.due_first) {
            int64_t left = sink.due_first->due_ns - now_ns();
            wait = (struct timespec){ .tv_nsec = left > 0 ? left : 0 };
        }
        int count = epoll_pwait2(sink.epoll, events, EVENTS, &wait, NULL);
        for (int i = 0; i < count; i++) {
            struct connection *connection = events[i].data.ptr;
            if (!connection)
                take_connections(listener);
            else if (!serve(connection))
                drop(connection);
        }
        serve_due();
    }
}

static bool offer_tls(const char *certificate, const char *key)
{
    sink.tls = SSL_CTX_new(TLS_server_method());
    return sink.tls && SSL_CTX_use_certificate_chain_file(sink.tls, certificate) == 1 &&
           SSL_CTX_use_PrivateKey_file(sink.tls, key, SSL_FILETYPE_PEM) == 1;
}

static int listen_somewhere(int *port)
{
    struct sockaddr_in address = { .sin_family = AF_INET };
    socklen_t length = sizeof address;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (bind(listener, (struct sockaddr *)&address, length) != 0 || listen(listener, 400) != 0 ||
        getsockname(listener, (struct sockaddr *)&address, &length) != 0)
        return -1;
    *port = ntohs(address.sin_port);
    return listener;
}

int main(int count, char **arguments)
{
    const char *certificate = NULL;
    const char *key = NULL;
    int option = 0;
    int port = 0;
    while ((option = getopt(count, arguments, "d:c:k:a")) != /* NOLINT(concurrency-mt-unsafe) */
           -1) {
        if (option == 'd')
            sink.delay_ms = (int)strtol(optarg, NULL, 10);
        else if (option == 'c')
            certificate = optarg;
        else if (option == 'k')
            key = optarg;
        else if (option == 'a')
            sink.has_auth = true;
        else
            return 2;
    }
    int listener = listen_somewhere(&port);
    if (listener < 0 || (certificate && !offer_tls(certificate, key))) {
        (void)fprintf(stderr, "sink: cannot listen, or no such certificate\n");
        return 1;
    }
    struct sigaction ending = { .sa_handler = end };
    (void)sigaction(SIGTERM, &ending, NULL);
    (void)signal(SIGPIPE, SIG_IGN);
    sink.epoll = epoll_create1(EPOLL_CLOEXEC);
    (void)printf("%d\n", port);
    (void)fflush(stdout);
    run(listener);
    (void)printf("%ld\n", sink.messages);
    return 0;
}
