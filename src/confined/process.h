/* SPDX-License-Identifier: MIT */
#ifndef CONFINED_PROCESS_H
#define CONFINED_PROCESS_H

#include "confined/confined.h"

#include <linux/filter.h>
#include <sys/types.h>

/* Inside confined/ only: what the template and its workers share. */

enum {
    CONFINED_SOCKET = 3,        /* the template's, to its parent */
    CONFINED_EXIT_MEMORY = 113, /* how a worker ends that could not have memory */
    CONFINED_REQUEST_MAXIMUM = 64 * 1024 * 1024
};

/* The word of the command line that makes a process a template; the function's name follows. */
#define CONFINED_WORD "--confined-template"

/* NULL: no function of that name is registered. */
const struct confined_function *confined_find(const char *name);

/* Whether this program can be its own confined process. */
bool confined_is_registered(void);

/* The filter as the kernel wants it, made once, for any number of workers. ERROR_USAGE. */
bool filter_make(bool has_threads, struct sock_fprog *program, struct error *error);

/* No new privileges, and the filter. False, with errno: this kernel cannot. */
bool filter_apply(const struct sock_fprog *program);

/* Lowers what the process may take, for good; before the filter. False, with errno. */
bool limits_apply(const struct confined_limits *limits);

/* Serves one parent's requests until it goes; never returns. template: the process that forked. */
void worker_run(const struct confined_function *function, void *state,
                const struct sock_fprog *filter, int socket, pid_t template)
    __attribute__((noreturn));

#ifdef PRESSROOM_TEST_HOOKS
/* Does what PRESSROOM_CONFINED_FAULT=FUNCTION:WHAT:MARKER says where the request holds MARKER. */
void fault_confined(const char *function, const void *request, size_t length, int descriptor,
                    int socket);

/* Does what PRESSROOM_CONFINED_FAULT=settled:WHAT: says. */
void fault_hardened(void);
#else
static inline void fault_confined(const char *function, const void *request, size_t length,
                                  int descriptor, int socket)
{
    (void)function;
    (void)request;
    (void)length;
    (void)descriptor;
    (void)socket;
}

static inline void fault_hardened(void)
{
}
#endif

#endif
