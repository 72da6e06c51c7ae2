/* SPDX-License-Identifier: MIT */
#ifndef CLI_CHILD_PROCESS_H
#define CLI_CHILD_PROCESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct command_context;

/* Inside cli/ only: a command that `run --watch` keeps running beside itself. */
struct child_process {
    const char *command; /* "deliver" */
    bool is_wanted;
    int process; /* 0: none */
    int64_t started_ms;
    int64_t pause_ms;
    int64_t not_before_ms;
};

/* Starts the wanted ones that do not run. One that ended by itself is logged, and started again
 * after a growing pause. */
void child_processes_keep(struct child_process *children, size_t count,
                          const struct command_context *context);

/* Milliseconds until one is to be started again; INT64_MAX: none is. */
int64_t child_processes_wait_ms(const struct child_process *children, size_t count);

void child_processes_signal(const struct child_process *children, size_t count, int signal_number);

/* Asks them to end and waits for it. */
void child_processes_end(struct child_process *children, size_t count);

#endif
