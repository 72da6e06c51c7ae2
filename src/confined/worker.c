/* SPDX-License-Identifier: MIT */
#include "confined/channel.h"
#include "confined/process.h"

#include "base/error.h"
#include "base/memory.h"
#include "base/string_builder.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

struct confined_exchange {
    const struct confined_function *function;
    int socket;
    int descriptor;
    struct string_builder request;
    struct string_builder answer;
};

const void *confined_request(const struct confined_exchange *exchange, size_t *length)
{
    *length = exchange->request.length;
    return exchange->request.data;
}

int confined_descriptor(const struct confined_exchange *exchange)
{
    return exchange->descriptor;
}

bool confined_ask(struct confined_exchange *exchange, const void *question, size_t length,
                  const void **answer, size_t *answer_length)
{
    enum frame_kind kind;
    if (channel_send(exchange->socket, FRAME_QUESTION, question, length, -1, -1) != CHANNEL_WELL ||
        channel_receive(exchange->socket, &kind, &exchange->answer, CONFINED_REQUEST_MAXIMUM, NULL,
                        -1) != CHANNEL_WELL)
        _exit(0); /* nobody is left to work for */
    *answer = exchange->answer.data;
    *answer_length = exchange->answer.length;
    return kind == FRAME_ANSWER;
}

/* Checks that no file can be opened and no connection made; where one can, the worker reads
 * nothing. */
static bool has_rights(void)
{
    int file = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int network = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    return file >= 0 || network >= 0;
}

static void send_error(int socket, const struct error *error)
{
    char bytes[1 + ERROR_MESSAGE_SIZE];
    size_t length = strlen(error->message);
    bytes[0] = (char)error->kind;
    memcpy(bytes + 1, error->message, length);
    if (error->advice) { /* the separator in place of "; ", so that the parent knows it too */
        char *advice = bytes + 1 + error->advice;
        advice[-2] = ERROR_ADVICE[0];
        memmove(advice - 1, advice, length - error->advice);
        length--;
    }
    if (channel_send(socket, FRAME_ERROR, bytes, 1 + length, -1, -1) != CHANNEL_WELL)
        _exit(0);
}

static void answer_one(struct confined_exchange *exchange, void *state)
{
    struct string_builder reply;
    struct error error = { .kind = ERROR_INPUT };
    string_builder_init(&reply, exchange->function->limits.reply_bytes);
    if (!exchange->function->answer(state, exchange, &reply, &error))
        send_error(exchange->socket, &error);
    else if (string_builder_overflowed(&reply))
        memory_failed(reply.length); /* it would be too long for the parent as well */
    else if (channel_send(exchange->socket, FRAME_REPLY, reply.data, reply.length, -1, -1) !=
             CHANNEL_WELL)
        _exit(0);
    string_builder_release(&reply);
}

static void serve(struct confined_exchange *exchange, void *state)
{
    enum frame_kind kind;
    while (channel_receive(exchange->socket, &kind, &exchange->request, CONFINED_REQUEST_MAXIMUM,
                           &exchange->descriptor, -1) == CHANNEL_WELL &&
           kind == FRAME_REQUEST) {
        fault_confined(exchange->function->name, exchange->request.data, exchange->request.length,
                       exchange->descriptor, exchange->socket);
        answer_one(exchange, state);
        if (exchange->descriptor >= 0)
            (void)close(exchange->descriptor);
        string_builder_release(&exchange->answer);
        string_builder_release(&exchange->request);
    }
}

void worker_run(const struct confined_function *function, void *state,
                const struct sock_fprog *filter, int socket, pid_t template)
{
    struct confined_exchange exchange = { .function = function,
                                          .socket = socket,
                                          .descriptor = -1 };
    string_builder_init(&exchange.request, (size_t)CONFINED_REQUEST_MAXIMUM + 1);
    string_builder_init(&exchange.answer, (size_t)CONFINED_REQUEST_MAXIMUM + 1);
    memory_set_exit(CONFINED_EXIT_MEMORY);
    if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) != 0 || getppid() != template)
        _exit(0);
    bool is_confined = limits_apply(&function->limits) && filter_apply(filter) && !has_rights();
    if (channel_send(socket, is_confined ? FRAME_CONFINED : FRAME_OPEN, NULL, 0, -1, -1) ==
            CHANNEL_WELL &&
        is_confined)
        serve(&exchange, state);
    _exit(0);
}
