/* SPDX-License-Identifier: MIT */
#ifndef CONFINED_CONFINED_H
#define CONFINED_CONFINED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct error;
struct string_builder;

/* What reads strangers' bytes is a process of its own without rights: it gets bytes over a socket
 * (or a file handed over open) and gives bytes back, and can open, connect to, start and become
 * nothing. A bug in a library that reads, met by hostile bytes, costs the file they are in.
 *
 * Two processes a function. The template is our own program started anew, with a clean environment
 * and no descriptor of ours; it loads what the function needs (libraries, words, modules), and
 * never sees a stranger's byte. For each worker it forks itself; the worker gives up its rights (no
 * new privileges, limits, seccomp) before it reads its first request. A worker that dies is
 * followed by a new one in a millisecond, as untouched as the first. Both die with their parent.
 *
 * All calls are made from one thread, one at a time for each struct confined. */

/* ---- what may run in it: registered by cli/ ---- */

/* A worker's side of one request. */
struct confined_exchange;

struct confined_limits {
    int64_t memory_bytes; /* of address space (RLIMIT_AS); none under AddressSanitizer */
    int cpu_seconds;      /* of one request */
    int wall_seconds;     /* of one request, however long it waits; not counted while the worker
                             waits for an answer of its parent */
    size_t reply_bytes;   /* the longest reply and question */
    bool has_threads;     /* its libraries start some (libvips); else clone is refused too */
};

struct confined_function {
    const char *name; /* "text", "picture", "message", "mailbox", "spelling", "document",
                         "rich_text" */
    struct confined_limits limits;

    /* In the template, once: may open files and load libraries. setup is what confined_open() was
     * given. *state belongs to the function for the life of the process. False: the parent's
     * confined_open() fails with that error. NULL: nothing to do. */
    bool (*prepare)(const void *setup, size_t length, void **state, struct error *error);

    /* In the worker, for each request: appends the reply. False: an error of any kind, which the
     * parent's confined_call() returns as it is. */
    bool (*answer)(void *state, struct confined_exchange *exchange, struct string_builder *reply,
                   struct error *error);
};

/* In answer(). The request's bytes live until it returns. */
const void *confined_request(const struct confined_exchange *exchange, size_t *length);

/* The file that came with the request, open for reading; -1: none. Not to be closed. */
int confined_descriptor(const struct confined_exchange *exchange);

/* Asks the parent something in the middle of a request (to read from a socket that it holds) and
 * waits for the answer, which lives until the next question or the end of the request. False: the
 * parent has gone, or said no; answer() then returns false. */
bool confined_ask(struct confined_exchange *exchange, const void *question, size_t length,
                  const void **answer, size_t *answer_length);

/* In prepare(): opens lib/pressroom/NAME.so beside the program, and looks symbol up in it, a struct
 * that begins with its version, an int. library is the one that the object is made for, to be named
 * where it cannot be opened. NULL then, and where the version is another one, ERROR_SYSTEM. */
const void *confined_load(const char *name, const char *symbol, const char *library, int version,
                          struct error *error) __attribute__((warn_unused_result));

/* The functions that may run confined, up to a NULL. The array lives for ever. Called once, by
 * main(). */
void confined_register(const struct confined_function *const *functions);

/* First thing in main(): where this process was started to be a template, serves until its parent
 * goes, and never returns. */
void confined_serve(int count, char **argv);

/* ---- using it ---- */

/* The program that is started; default: this one (/proc/self/exe). For programs that register no
 * functions of their own: unit tests. Lives as long as it is used. */
void confined_set_program(const char *path);

struct confined;

/* Why a call brought no reply. */
enum confined_end {
    CONFINED_REPLIED, /* a reply, or the function's own error */
    CONFINED_DIED,    /* by a signal, or it ended */
    CONFINED_HUNG,    /* it passed its time */
    CONFINED_STARVED, /* it wanted more memory than it has */
    CONFINED_FLOODED  /* it said more than it may, or what cannot be understood */
};

struct confined_call {
    const void *request;
    size_t length;
    int descriptor; /* handed over; stays the caller's. -1: none */
    /* Answers a question of the worker; NULL: it may ask none. False: the worker is ended, and
     * confined_call() returns false with *error as it was set here. */
    bool (*answer)(void *payload, const void *question, size_t length,
                   struct string_builder *answer, struct error *error);
    void *payload;
    uint64_t begun;        /* set by confined_begin(); 0: it was not */
    enum confined_end end; /* result */
};

/* Starts the template of a registered function and waits until it is prepared. The worker starts
 * with the first call. ERROR_USAGE where this kernel cannot confine (no seccomp), ERROR_SYSTEM
 * where no process can be started, the function's own error from prepare(). NULL then. setup may be
 * NULL.
 */
struct confined *confined_open(const char *function, const void *setup, size_t length,
                               struct error *error) __attribute__((warn_unused_result));

/* One request and its reply, which is put in place of what reply held. False with ERROR_INPUT and
 * call->end where the worker died over it, in words ("its reader died of it (SIGSEGV)"); the next
 * call goes to a new worker. One that was killed from outside is followed by another, once, unless
 * it has questions. False with the function's own error and CONFINED_REPLIED. ERROR_SYSTEM
 * where no worker could be had. */
bool confined_call(struct confined *confined, struct confined_call *call,
                   struct string_builder *reply, struct error *error)
    __attribute__((warn_unused_result));

/* Sends a call ahead of its turn, so that its worker goes on with it while the caller is busy with
 * another: confined_call() with the same call then waits for the reply only. Calls that were begun
 * are made in that order, and request stays as it is until then: where the worker dies before it
 * comes to it, it is sent again. call->begun stays 0, and nothing is sent, where that cannot be:
 * with a descriptor, with questions, with a long request behind another, or with as many ahead as
 * the line holds.
 */
void confined_begin(struct confined *confined, struct confined_call *call);

/* The next call goes to a new worker, those that were begun too: what the last one read cannot
 * speak for what comes. */
void confined_renew(struct confined *confined);

/* Ends its processes. Takes NULL. */
void confined_close(struct confined *confined);

/* ---- a process that stays what it is ---- */

/* Takes from this process, threads included, what a server of ours never does once it listens: to
 * become or trace another program, to start a process, to make a socket or connect one, to send
 * others a signal, to load code into memory. Its files and the sockets that it has stay as they
 * are. ERROR_USAGE where this kernel cannot. */
bool confined_harden(struct error *error) __attribute__((warn_unused_result));

#endif
