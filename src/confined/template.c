/* SPDX-License-Identifier: MIT */
#include "confined/channel.h"
#include "confined/process.h"

#include "base/error.h"
#include "base/string_builder.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

/* One process that is as it was when it began, and makes copies of itself. */
struct template
{
    const struct confined_function *function;
    void *state;
    struct sock_fprog filter;
    pid_t worker; /* 0: none, or it has been reaped */
};

/* There is one worker at most, because the parent ends it before it asks for another. */
static int reap(struct template *template)
{
    int status = 0;
    if (template->worker > 0)
        while (waitpid(template->worker, &status, 0) < 0 && errno == EINTR)
            ;
    template->worker = 0;
    return status;
}

static bool send_number(int64_t number)
{
    return channel_send(CONFINED_SOCKET, FRAME_PROCESS, &number, sizeof number, -1, -1) ==
           CHANNEL_WELL;
}

static bool start_worker(struct template *template, int socket)
{
    (void)reap(template);
    pid_t self = getpid();
    pid_t worker = fork();
    if (worker == 0) {
        (void)close(CONFINED_SOCKET);
        worker_run(template->function, template->state, &template->filter, socket, self);
    }
    int failure = errno;
    (void)close(socket);
    template->worker = worker > 0 ? worker : 0;
    return send_number(worker > 0 ? worker : -(int64_t)failure);
}

static bool prepare(struct template *template, const struct string_builder *setup,
                    struct error *error)
{
    const struct confined_function *function = template->function;
    return filter_make(function->limits.has_threads, &template->filter, error) &&
           (!function->prepare ||
            function->prepare(setup->data, setup->length, &template->state, error));
}

static void send_failure(const struct error *error)
{
    char bytes[1 + ERROR_MESSAGE_SIZE];
    size_t length = strlen(error->message);
    bytes[0] = (char)error->kind;
    memcpy(bytes + 1, error->message, length);
    (void)channel_send(CONFINED_SOCKET, FRAME_ERROR, bytes, 1 + length, -1, -1);
}

static void serve(struct template *template)
{
    struct string_builder bytes;
    enum frame_kind kind;
    int socket = -1;
    bool goes_on = true;
    string_builder_init(&bytes, 1);
    while (goes_on &&
           channel_receive(CONFINED_SOCKET, &kind, &bytes, 0, &socket, -1) == CHANNEL_WELL) {
        if (kind == FRAME_FORK && socket >= 0)
            goes_on = start_worker(template, socket);
        else
            goes_on = kind == FRAME_REAP && send_number(reap(template));
    }
    string_builder_release(&bytes);
}

/* The name shows in lists of processes. */
static void take_name(const char *function)
{
    char name[16] = "confined ";
    size_t length = strlen(name);
    for (size_t i = 0; function[i] && length < sizeof name - 1; i++)
        name[length++] = function[i];
    name[length] = '\0';
    (void)prctl(PR_SET_NAME, name, 0, 0, 0);
}

void confined_serve(int count, char **argv)
{
    if (count != 3 || strcmp(argv[1], CONFINED_WORD) != 0)
        return;
    struct template template = { .function = confined_find(argv[2]) };
    struct string_builder setup;
    struct error error;
    enum frame_kind kind;
    if (!template.function) {
        (void)error_set(&error, ERROR_SYSTEM, "this program has no function \"%s\"", argv[2]);
        send_failure(&error);
        _exit(1);
    }
    take_name(argv[2]);
    string_builder_init(&setup, CONFINED_REQUEST_MAXIMUM + 1);
    if (channel_receive(CONFINED_SOCKET, &kind, &setup, CONFINED_REQUEST_MAXIMUM, NULL, -1) !=
        CHANNEL_WELL)
        _exit(1);
    if (!prepare(&template, &setup, &error)) {
        send_failure(&error);
        _exit(1);
    }
    string_builder_release(&setup);
    if (channel_send(CONFINED_SOCKET, FRAME_READY, &template.function->limits,
                     sizeof template.function->limits, -1, -1) == CHANNEL_WELL)
        serve(&template);
    _exit(0);
}
