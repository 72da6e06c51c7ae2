/* SPDX-License-Identifier: MIT */
#include "confined/confined.h"

#include "base/clock.h"
#include "confined/channel.h"
#include "confined/process.h"
#include "confined/spawn.h"

#include "base/error.h"
#include "base/memory.h"
#include "base/string_builder.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* How long a template may take to begin, however busy the machine is. */
enum { START_MS = 120 * 1000, MS_A_SECOND = 1000 };

/* Limits of calls that are sent ahead: together they stay below the socket's buffer, so that each
 * is sent whole or not at all. */
enum { AHEAD_CALLS = 16, AHEAD_BYTES = 32 * 1024 };

struct confined {
    const char *name;
    void *setup;
    size_t setup_length;
    pid_t template; /* 0: none */
    int line;       /* to it */
    struct confined_limits limits;
    pid_t worker;    /* 0: none */
    int socket;      /* to it */
    clockid_t clock; /* of what it takes of the processor */
    bool has_clock;
    time_t allowed;   /* of that, in seconds; 0: nothing was said */
    bool is_confined; /* it has said so */
    uint64_t begun;   /* number of the last call that was sent ahead */
    uint64_t taken;   /* of the last of those that is over, by its reply or with its worker */
};

/* ---- the template ---- */

static void end_worker(struct confined *confined)
{
    if (!confined->worker)
        return;
    (void)kill(confined->worker, SIGKILL);
    (void)close(confined->socket);
    confined->worker = 0;
    confined->taken = confined->begun;
}

static void end_template(struct confined *confined)
{
    end_worker(confined);
    if (!confined->template)
        return;
    (void)close(confined->line);
    (void)kill(confined->template, SIGKILL);
    while (waitpid(confined->template, NULL, 0) < 0 && errno == EINTR)
        ;
    confined->template = 0;
}

/* The error that a worker reported; words of our own where its frame is malformed. */
static bool take_error(const struct string_builder *bytes, bool is_trusted, struct error *error)
{
    enum error_kind kind = ERROR_INPUT;
    if (bytes->length > 0) {
        kind = (enum error_kind)bytes->data[0];
        bool is_own = kind == ERROR_INPUT || kind == ERROR_TEMPORARY || kind == ERROR_PERMANENT;
        if (!is_own && !(is_trusted && (kind == ERROR_USAGE || kind == ERROR_SYSTEM)))
            kind = ERROR_INPUT;
    }
    return error_set(error, kind, "%s", bytes->length > 1 ? bytes->data + 1 : "cannot be read");
}

static bool lost_template(struct confined *confined, struct error *error)
{
    end_template(confined);
    return error_set(error, ERROR_SYSTEM, "the process that starts readers (%s) has gone",
                     confined->name);
}

static bool take_limits(struct confined *confined, const struct string_builder *bytes,
                        struct error *error)
{
    if (bytes->length != sizeof confined->limits)
        return error_set(error, ERROR_SYSTEM, "what reads confined is of another version");
    memcpy(&confined->limits, bytes->data, sizeof confined->limits);
#ifdef PRESSROOM_TEST_HOOKS
    /* NOLINTBEGIN(concurrency-mt-unsafe) */
    const char *wall_seconds = getenv("PRESSROOM_CONFINED_WALL_SECONDS");
    const char *cpu_seconds = getenv("PRESSROOM_CONFINED_CPU_SECONDS");
    /* NOLINTEND(concurrency-mt-unsafe) */
    if (wall_seconds)
        confined->limits.wall_seconds = atoi(wall_seconds); /* NOLINT(cert-err34-c) */
    if (cpu_seconds)
        confined->limits.cpu_seconds = atoi(cpu_seconds); /* NOLINT(cert-err34-c) */
#endif
    return true;
}

static bool start_template(struct confined *confined, struct error *error)
{
    struct string_builder bytes;
    enum frame_kind kind = FRAME_SETUP;
    int64_t deadline_ms = clock_monotonic_now() + START_MS;
    if (!spawn_template(confined->name, &confined->template, &confined->line, error))
        return false;
    string_builder_init(&bytes, ERROR_MESSAGE_SIZE + 1);
    bool done = channel_send(confined->line, FRAME_SETUP, confined->setup, confined->setup_length,
                             -1, deadline_ms) == CHANNEL_WELL &&
                channel_receive(confined->line, &kind, &bytes, ERROR_MESSAGE_SIZE, NULL,
                                deadline_ms) == CHANNEL_WELL;
    if (!done)
        (void)error_set(error, ERROR_SYSTEM,
                        "the process that reads confined (%s) did not start" ERROR_ADVICE
                        "is the installation "
                        "whole?",
                        confined->name);
    else if (kind != FRAME_READY)
        done = take_error(&bytes, true, error);
    else
        done = take_limits(confined, &bytes, error);
    string_builder_release(&bytes);
    if (!done)
        end_template(confined);
    return done;
}

/* Asks the template for a number: of a new process, or how the last one ended. */
static bool ask_template(struct confined *confined, enum frame_kind what, int descriptor,
                         int64_t *number)
{
    struct string_builder bytes;
    enum frame_kind kind = what;
    int64_t deadline_ms = clock_monotonic_now() + START_MS;
    string_builder_init(&bytes, sizeof *number + 1);
    bool done = channel_send(confined->line, what, NULL, 0, descriptor, deadline_ms) ==
                    CHANNEL_WELL &&
                channel_receive(confined->line, &kind, &bytes, sizeof *number, NULL, deadline_ms) ==
                    CHANNEL_WELL &&
                kind == FRAME_PROCESS && bytes.length == sizeof *number;
    if (done)
        memcpy(number, bytes.data, sizeof *number);
    string_builder_release(&bytes);
    return done;
}

/* ---- the worker ---- */

static bool start_worker(struct confined *confined, struct error *error)
{
    int theirs;
    int64_t number = 0;
    if (!confined->template && !start_template(confined, error))
        return false;
    if (!spawn_line(&confined->socket, &theirs, error))
        return false;
    bool done = ask_template(confined, FRAME_FORK, theirs, &number);
    (void)close(theirs);
    if (done && number > 0) {
        confined->worker = (pid_t)number;
        confined->is_confined = false;
        confined->allowed = 0;
        confined->has_clock = clock_getcpuclockid(confined->worker, &confined->clock) == 0;
        return true;
    }
    (void)close(confined->socket);
    return done ? error_set_errno(error, ERROR_SYSTEM, (int)-number,
                                  "no process can be started to read in")
                : lost_template(confined, error);
}

/* A worker confirms that it is confined before its first reply; without that nothing it sends is
 * believed. */
static bool await_confined(struct confined *confined, struct string_builder *bytes,
                           int64_t deadline_ms, enum channel_result *result, struct error *error)
{
    enum frame_kind kind = FRAME_OPEN;
    if (confined->is_confined)
        return true;
    *result = channel_receive(confined->socket, &kind, bytes, 0, NULL, deadline_ms);
    confined->is_confined = *result == CHANNEL_WELL && kind == FRAME_CONFINED;
    if (confined->is_confined)
        return true;
    if (*result != CHANNEL_WELL)
        return false;
    end_template(confined);
    return error_set(error, ERROR_USAGE,
                     "this system cannot confine what reads strangers' files (seccomp is missing, "
                     "or forbidden to us)" ERROR_ADVICE "nothing is read without");
}

struct confined *confined_open(const char *function, const void *setup, size_t length,
                               struct error *error)
{
    struct string_builder bytes;
    enum channel_result result = CHANNEL_WELL;
    struct confined *confined = memory_allocate(sizeof *confined);
    char *copy = memory_copy_bytes(setup, length);
    confined->name = function;
    confined->setup = copy;
    confined->setup_length = length;
    string_builder_init(&bytes, 1);
    bool done = start_worker(confined, error);
    if (done &&
        !await_confined(confined, &bytes, clock_monotonic_now() + START_MS, &result, error)) {
        done = false;
        if (result != CHANNEL_WELL)
            (void)lost_template(confined, error);
    }
    string_builder_release(&bytes);
    if (done)
        return confined;
    confined_close(confined);
    return NULL;
}

/* ---- one call ---- */

/* RLIMIT_CPU counts from the start of the process, so the limit is raised for each request; the
 * kernel kills the worker past it. */
static void allow_cpu(struct confined *confined)
{
    struct timespec used = { 0 };
    if (!confined->has_clock || clock_gettime(confined->clock, &used) != 0)
        return;
    time_t allowed = used.tv_sec + 1 + confined->limits.cpu_seconds;
    const struct rlimit limit = { .rlim_cur = (rlim_t)allowed, .rlim_max = RLIM_INFINITY };
    if (allowed != confined->allowed && prlimit(confined->worker, RLIMIT_CPU, &limit, NULL) == 0)
        confined->allowed = allowed;
}

static enum confined_end end_of(enum channel_result result, int status)
{
    if (result == CHANNEL_LATE)
        return CONFINED_HUNG;
    if (result == CHANNEL_LONG)
        return CONFINED_FLOODED;
    if (WIFEXITED(status) && WEXITSTATUS(status) == CONFINED_EXIT_MEMORY)
        return CONFINED_STARVED;
    if (WIFSIGNALED(status) && WTERMSIG(status) == SIGXCPU)
        return CONFINED_HUNG;
    /* SIGKILL that we did not send comes from the kernel's out-of-memory killer. */
    return WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL ? CONFINED_STARVED : CONFINED_DIED;
}

static bool describe_end(struct confined_call *call, int status, struct error *error)
{
    const char *name = WIFSIGNALED(status) ? sigabbrev_np(WTERMSIG(status)) : NULL;
    switch (call->end) {
    case CONFINED_HUNG:
        return error_set(error, ERROR_INPUT, "its reader came to no end");
    case CONFINED_STARVED:
        return error_set(error, ERROR_INPUT, "its reader had too little memory");
    case CONFINED_FLOODED:
        return error_set(error, ERROR_INPUT, "its reader said what it may not");
    case CONFINED_REPLIED:
    case CONFINED_DIED:
        break;
    }
    return name ? error_set(error, ERROR_INPUT, "its reader died of it (SIG%s)", name)
                : error_set(error, ERROR_INPUT, "its reader ended over it");
}

/* Waits for the worker's end and asks the template, its parent, for the exit status. *was_killed:
 * it was killed from outside, as far as can be told, and not by what it read. */
static bool lose_worker(struct confined *confined, struct confined_call *call,
                        enum channel_result result, bool *was_killed, struct error *error)
{
    int64_t status = 0;
    end_worker(confined); /* one that is dying already keeps the reason it had */
    bool has_template = ask_template(confined, FRAME_REAP, -1, &status);
    if (!has_template)
        end_template(confined);
    *was_killed = result == CHANNEL_CLOSED &&
                  (!has_template || (WIFSIGNALED((int)status) && WTERMSIG((int)status) == SIGKILL));
    call->end = end_of(result, (int)status);
    return describe_end(call, (int)status, error);
}

static bool answer_question(struct confined *confined, const struct confined_call *call,
                            const struct string_builder *question, int64_t *deadline_ms,
                            enum channel_result *result, struct error *error)
{
    struct string_builder answer;
    bool done = false;
    int64_t since_ms = clock_monotonic_now();
    *result = CHANNEL_LONG;
    if (!call->answer)
        return false;
    string_builder_init(&answer, CONFINED_REQUEST_MAXIMUM);
    if (call->answer(call->payload, question->data, question->length, &answer, error)) {
        *deadline_ms += clock_monotonic_now() - since_ms;
        *result = channel_send(confined->socket, FRAME_ANSWER, answer.data, answer.length, -1,
                               *deadline_ms);
        done = *result == CHANNEL_WELL;
    } else {
        *result = CHANNEL_WELL; /* the parent's own no */
    }
    string_builder_release(&answer);
    return done;
}

/* Whether the next reply is that of this call, which was sent ahead. */
static bool is_next(const struct confined *confined, const struct confined_call *call)
{
    return confined->worker && confined->taken < confined->begun &&
           call->begun == confined->taken + 1;
}

/* CHANNEL_WELL and false: *error is set. */
static bool converse(struct confined *confined, struct confined_call *call,
                     struct string_builder *reply, enum channel_result *result, struct error *error)
{
    int64_t deadline_ms = clock_monotonic_now() +
                          (int64_t)confined->limits.wall_seconds * MS_A_SECOND;
    enum frame_kind kind = FRAME_QUESTION;
    *result = CHANNEL_WELL;
    if (!is_next(confined, call))
        *result = channel_send(confined->socket, FRAME_REQUEST, call->request, call->length,
                               call->descriptor, deadline_ms);
    if (*result != CHANNEL_WELL || !await_confined(confined, reply, deadline_ms, result, error))
        return false;
    while (kind == FRAME_QUESTION) {
        *result = channel_receive(confined->socket, &kind, reply, confined->limits.reply_bytes,
                                  NULL, deadline_ms);
        if (*result != CHANNEL_WELL ||
            (kind == FRAME_QUESTION &&
             !answer_question(confined, call, reply, &deadline_ms, result, error)))
            return false;
    }
    call->end = CONFINED_REPLIED;
    if (kind == FRAME_ERROR)
        return take_error(reply, false, error);
    if (kind == FRAME_REPLY)
        return true;
    *result = CHANNEL_LONG;
    return false;
}

/* A template that has gone is started again, once. */
static bool need_worker(struct confined *confined, struct error *error)
{
    return confined->worker || start_worker(confined, error) ||
           (!confined->template && start_worker(confined, error));
}

/* A long request is sent ahead only to an idle worker, because a busy one may be writing a long
 * reply at the same time: with both sockets full each side would wait for the other. */
static enum channel_result send_ahead(struct confined *confined, const struct confined_call *call)
{
    if (call->length <= AHEAD_BYTES)
        return channel_try_send(confined->socket, FRAME_REQUEST, call->request, call->length);
    int64_t deadline_ms = clock_monotonic_now() +
                          (int64_t)confined->limits.wall_seconds * MS_A_SECOND;
    enum channel_result result = channel_send(confined->socket, FRAME_REQUEST, call->request,
                                              call->length, -1, deadline_ms);
    return result == CHANNEL_LATE ? CHANNEL_LONG : result; /* a part of it may have gone */
}

void confined_begin(struct confined *confined, struct confined_call *call)
{
    struct error error;
    bool is_first = confined->taken == confined->begun;
    call->begun = 0;
    if (confined->begun - confined->taken == AHEAD_CALLS ||
        (call->length > AHEAD_BYTES && !is_first) || call->descriptor >= 0 || call->answer ||
        !need_worker(confined, &error))
        return;
    if (is_first)
        allow_cpu(confined);
    enum channel_result result = send_ahead(confined, call);
    if (result == CHANNEL_WELL)
        call->begun = ++confined->begun;
    else if (result != CHANNEL_LATE)
        end_worker(confined); /* so that confined_call() begins anew */
}

/* Its reply has come: what was sent behind it is being worked on. */
static void take_begun(struct confined *confined)
{
    confined->taken++;
    if (confined->taken < confined->begun)
        allow_cpu(confined);
}

static bool call_once(struct confined *confined, struct confined_call *call,
                      struct string_builder *reply, bool *was_killed, struct error *error)
{
    enum channel_result result = CHANNEL_WELL;
    bool is_begun = is_next(confined, call);
    call->end = CONFINED_DIED;
    if (!is_begun && confined->taken < confined->begun)
        end_worker(confined); /* it would answer another one first */
    if (!need_worker(confined, error))
        return false;
    if (!is_begun)
        allow_cpu(confined);
    bool done = converse(confined, call, reply, &result, error);
    if (done || (result == CHANNEL_WELL && call->end == CONFINED_REPLIED)) {
        if (is_begun)
            take_begun(confined);
        return done;
    }
    if (result != CHANNEL_WELL)
        return lose_worker(confined, call, result, was_killed, error);
    end_worker(confined); /* the worker's question was refused, so it cannot go on */
    return false;
}

/* The kernel may kill a reader because the machine is out of memory, whatever it was reading; so
 * the call is repeated once, and the input is blamed only where that happens again. */
bool confined_call(struct confined *confined, struct confined_call *call,
                   struct string_builder *reply, struct error *error)
{
    bool was_killed = false;
    bool done = call_once(confined, call, reply, &was_killed, error);
    /* A call with questions is not repeated, because its answers were used up. */
    if (done || !was_killed || call->answer)
        return done;
    return call_once(confined, call, reply, &was_killed, error);
}

void confined_renew(struct confined *confined)
{
    end_worker(confined);
}

void confined_close(struct confined *confined)
{
    if (!confined)
        return;
    end_template(confined);
    free(confined->setup);
    free(confined);
}
