/* SPDX-License-Identifier: MIT */
#ifndef CLI_COMPANION_H
#define CLI_COMPANION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct command_context;

/* A command that `run --watch` keeps running beside itself. */
struct companion {
    const char *command; /* "deliver" */
    bool is_wanted;
    int process; /* 0: none */
    int64_t started_ms;
    int64_t pause_ms;
    int64_t not_before_ms;
};

/* Starts the wanted ones that do not run; one that died is told, and started again after a growing
 * pause. */
void companions_keep(struct companion *companions, size_t count,
                     const struct command_context *context);

/* Milliseconds until one is to be started again; INT64_MAX: none is. */
int64_t companions_wait_ms(const struct companion *companions, size_t count);

void companions_signal(const struct companion *companions, size_t count, int signal_number);

/* Asks them to end and waits for it. */
void companions_end(struct companion *companions, size_t count);

#endif
