/* SPDX-License-Identifier: MIT */
#ifndef TESTS_UNIT_DELIVERY_RELAY_H
#define TESTS_UNIT_DELIVERY_RELAY_H

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

/* An SMTP relay in a thread for each connection, with one fault. It counts what it accepted by the
 * number in the recipient's address, p17@n.example. */
enum { RELAY_RECIPIENTS = 20000, RELAY_CONNECTIONS = 512 };

enum relay_fault_kind {
    RELAY_FAULT_NONE,
    RELAY_FAULT_REPLY,  /* says text instead, and goes on */
    RELAY_FAULT_CLOSE,  /* says text and closes */
    RELAY_FAULT_SILENCE /* says nothing more */
};

struct relay {
    /* what it does; set before relay_start() */
    const char *extensions; /* "250-PIPELINING\r\n" … */
    const char *fault_at;   /* "CONNECT", "EHLO", "MAIL", "RCPT", "DATA", "BODY", "DOT"; NULL */
    enum relay_fault_kind fault;
    const char *text;    /* of the fault */
    int fault_every;     /* at each n-th time; 0: at each */
    int fault_count;     /* so often in all; 0: always */
    bool in_pieces;      /* one byte a write */
    int session;         /* messages in a session, then text at each MAIL; 0: any number */
    int address_modulus; /* RCPT faults only where the number is a multiple; 0: all */
    /* in place of a fault: what it says there instead, as a complete line, or NULL; 421 closes */
    const char *(*judge)(void *payload, const char *at, int recipient);
    void (*on_accepted)(void *payload, int total);
    void *payload;

    /* what it saw */
    pthread_mutex_t mutex;
    int accepted[RELAY_RECIPIENTS];
    int total;
    int first_recipient;
    int order[RELAY_RECIPIENTS]; /* whose message was accepted as the n-th, from 1 */
    int connections;
    int open;
    int open_maximum;
    int passes; /* of fault_at */
    int faults;
    int bad_sequences;

    int listener;
    int port;
    char url[64];
    pthread_t thread;
    pthread_t threads[RELAY_CONNECTIONS];
    int sockets[RELAY_CONNECTIONS];
};

struct relay_connection {
    struct relay *relay;
    int socket;
    char buffer[65536];
    size_t length;
    size_t at;
    bool has_sender;
    int recipient; /* -1: none */
    int accepted;
    bool has_failed;  /* the last answer was the fault's */
    const char *says; /* then */
    enum relay_fault_kind fault;
};

static bool relay_say(struct relay_connection *connection, const char *text)
{
    size_t length = strlen(text);
    size_t piece = connection->relay->in_pieces ? 1 : length;
    for (size_t at = 0; at < length; at += piece) {
        if (send(connection->socket, text + at, piece, MSG_NOSIGNAL) != (ssize_t)piece)
            return false;
    }
    return true;
}

/* A line without its end; false at the end of the connection. */
static bool relay_hear(struct relay_connection *connection, char *line, size_t size)
{
    size_t length = 0;
    for (;;) {
        if (connection->at == connection->length) {
            ssize_t count = recv(connection->socket, connection->buffer, sizeof connection->buffer,
                                 0);
            if (count <= 0)
                return false;
            connection->at = 0;
            connection->length = (size_t)count;
        }
        char character = connection->buffer[connection->at++];
        if (character == '\n')
            break;
        if (length + 1 < size && character != '\r')
            line[length++] = character;
    }
    line[length] = '\0';
    return true;
}

/* Whether the fault happens here. */
static bool relay_fails(struct relay_connection *connection, const char *at)
{
    struct relay *relay = connection->relay;
    connection->has_failed = false;
    connection->says = relay->text;
    connection->fault = relay->fault;
    if (relay->judge) {
        connection->says = relay->judge(relay->payload, at, connection->recipient);
        connection->has_failed = connection->says != NULL;
        connection->fault = connection->says && strncmp(connection->says, "421", 3) == 0
                                ? RELAY_FAULT_CLOSE
                                : RELAY_FAULT_REPLY;
        return connection->has_failed;
    }
    if (relay->fault == RELAY_FAULT_NONE || strcmp(relay->fault_at, at) != 0)
        return false;
    if (relay->address_modulus && connection->recipient % relay->address_modulus != 0)
        return false;
    pthread_mutex_lock(&relay->mutex);
    relay->passes++;
    bool fails = (!relay->fault_every || relay->passes % relay->fault_every == 0) &&
                 (!relay->fault_count || relay->faults < relay->fault_count);
    relay->faults += fails;
    connection->has_failed = fails;
    pthread_mutex_unlock(&relay->mutex);
    return fails;
}

/* Whether the session has had all that the relay takes in one: it goes on, and takes nothing. */
static bool relay_is_spent(struct relay_connection *connection, const char *at)
{
    struct relay *relay = connection->relay;
    if (!relay->session || connection->accepted < relay->session || strcmp(at, "MAIL") != 0)
        return false;
    pthread_mutex_lock(&relay->mutex);
    relay->faults++;
    pthread_mutex_unlock(&relay->mutex);
    connection->has_sender = false;
    return true;
}

/* Says reply, or what the fault says; false when the connection is over. */
static bool relay_answer(struct relay_connection *connection, const char *at, const char *reply)
{
    if (relay_is_spent(connection, at))
        return relay_say(connection, connection->relay->text);
    if (!relay_fails(connection, at))
        return relay_say(connection, reply);
    bool is_refusal = connection->fault == RELAY_FAULT_REPLY && connection->says[0] != '2';
    if (strcmp(at, "RCPT") == 0 && is_refusal)
        connection->recipient = -1;
    if (strcmp(at, "MAIL") == 0 && is_refusal)
        connection->has_sender = false;
    if (connection->fault == RELAY_FAULT_SILENCE) {
        char line[1024];
        while (relay_hear(connection, line, sizeof line))
            ;
        return false;
    }
    return relay_say(connection, connection->says) && connection->fault == RELAY_FAULT_REPLY;
}

static void relay_accept(struct relay_connection *connection)
{
    struct relay *relay = connection->relay;
    connection->accepted++;
    pthread_mutex_lock(&relay->mutex);
    if (connection->recipient >= 0 && connection->recipient < RELAY_RECIPIENTS)
        relay->accepted[connection->recipient]++;
    if (!relay->total)
        relay->first_recipient = connection->recipient;
    int total = ++relay->total;
    if (total < RELAY_RECIPIENTS)
        relay->order[total] = connection->recipient;
    pthread_mutex_unlock(&relay->mutex);
    if (relay->on_accepted)
        relay->on_accepted(relay->payload, total);
}

static bool relay_take_text(struct relay_connection *connection)
{
    char line[4096];
    if (relay_fails(connection, "BODY")) {
        return relay_say(connection, connection->relay->text) &&
               connection->relay->fault == RELAY_FAULT_REPLY;
    }
    do {
        if (!relay_hear(connection, line, sizeof line))
            return false;
    } while (strcmp(line, ".") != 0);
    if (!relay_answer(connection, "DOT", "250 2.0.0 queued\r\n"))
        return false;
    if (!connection->has_failed)
        relay_accept(connection);
    connection->has_sender = false;
    connection->recipient = -1;
    return true;
}

static bool relay_bad_sequence(struct relay_connection *connection)
{
    return relay_say(connection, "503 5.5.1 bad sequence\r\n");
}

static bool relay_command(struct relay_connection *connection, const char *line)
{
    struct relay *relay = connection->relay;
    if (strncasecmp(line, "EHLO", 4) == 0) {
        char reply[512];
        (void)snprintf(reply, sizeof reply, "250-relay.example\r\n%s250 8BITMIME\r\n",
                       relay->extensions ? relay->extensions : "");
        return relay_answer(connection, "EHLO", reply);
    }
    if (strncmp(line, "MAIL FROM:<", 11) == 0) {
        if (connection->has_sender) {
            pthread_mutex_lock(&relay->mutex);
            relay->bad_sequences++;
            pthread_mutex_unlock(&relay->mutex);
            return relay_say(connection, "503 5.5.1 nested MAIL\r\n");
        }
        connection->has_sender = true;
        return relay_answer(connection, "MAIL", "250 2.1.0 ok\r\n");
    }
    if (strncmp(line, "RCPT TO:<p", 10) == 0) {
        if (!connection->has_sender)
            return relay_bad_sequence(connection);
        connection->recipient = atoi(line + 10); /* NOLINT(cert-err34-c) */
        return relay_answer(connection, "RCPT", "250 2.1.5 ok\r\n");
    }
    if (strcmp(line, "DATA") == 0) {
        if (!connection->has_sender)
            return relay_bad_sequence(connection);
        if (connection->recipient < 0)
            return relay_say(connection, "554 5.5.1 no valid recipients\r\n");
        if (!relay_answer(connection, "DATA", "354 go\r\n"))
            return false;
        return connection->has_failed || relay_take_text(connection);
    }
    if (strcmp(line, "RSET") == 0) {
        connection->has_sender = false;
        connection->recipient = -1;
        return relay_say(connection, "250 2.0.0 ok\r\n");
    }
    if (strcmp(line, "QUIT") == 0) {
        (void)relay_say(connection, "221 2.0.0 bye\r\n");
        return false;
    }
    return relay_say(connection, "500 5.5.2 what?\r\n");
}

static void *relay_serve(void *payload)
{
    struct relay_connection *connection = payload;
    struct relay *relay = connection->relay;
    char line[4096];
    pthread_mutex_lock(&relay->mutex);
    if (++relay->open > relay->open_maximum)
        relay->open_maximum = relay->open;
    pthread_mutex_unlock(&relay->mutex);
    connection->recipient = -1;
    if (relay_answer(connection, "CONNECT", "220 relay.example ESMTP\r\n")) {
        while (relay_hear(connection, line, sizeof line) && relay_command(connection, line))
            ;
    }
    pthread_mutex_lock(&relay->mutex);
    relay->open--;
    pthread_mutex_unlock(&relay->mutex);
    (void)shutdown(connection->socket, SHUT_RDWR);
    free(connection);
    return NULL;
}

static void *relay_listen(void *payload)
{
    struct relay *relay = payload;
    while (relay->connections < RELAY_CONNECTIONS) {
        int socket = accept(relay->listener, NULL, NULL);
        if (socket < 0)
            break;
        struct relay_connection *connection = calloc(1, sizeof *connection);
        if (!connection)
            abort();
        int yes = 1; /* its short answers would wait for ours else */
        (void)setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
        connection->relay = relay;
        connection->socket = socket;
        relay->sockets[relay->connections] = socket;
        if (pthread_create(&relay->threads[relay->connections], NULL, relay_serve, connection))
            abort();
        relay->connections++;
    }
    return NULL;
}

static void relay_start(struct relay *relay)
{
    struct sockaddr_in address = { .sin_family = AF_INET,
                                   .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t length = sizeof address;
    relay->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (relay->listener < 0 || pthread_mutex_init(&relay->mutex, NULL) ||
        bind(relay->listener, (struct sockaddr *)&address, sizeof address) ||
        listen(relay->listener, 128) ||
        getsockname(relay->listener, (struct sockaddr *)&address, &length))
        abort();
    relay->port = ntohs(address.sin_port);
    (void)snprintf(relay->url, sizeof relay->url, "smtp://127.0.0.1:%d", relay->port);
    if (pthread_create(&relay->thread, NULL, relay_listen, relay))
        abort();
}

static void relay_stop(struct relay *relay)
{
    (void)shutdown(relay->listener, SHUT_RDWR);
    (void)pthread_join(relay->thread, NULL);
    for (int i = 0; i < relay->connections; i++) {
        (void)shutdown(relay->sockets[i], SHUT_RDWR);
        (void)pthread_join(relay->threads[i], NULL);
        (void)close(relay->sockets[i]);
    }
    (void)close(relay->listener);
    (void)pthread_mutex_destroy(&relay->mutex);
}

#endif
