/* SPDX-License-Identifier: MIT */
#ifndef CLI_SERVICE_H
#define CLI_SERVICE_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct error;
struct pollfd;

/* What a program that stays hears from the kernel and tells the service manager. One a process. */

/* From now on SIGTERM and SIGINT ask for the end, SIGHUP for a reload, and SIGCHLD only wakes
 * service_wait(). */
void service_begin(void);

/* The signals mean again what they mean to every program. */
void service_end(void);

bool service_is_stopping(void);

/* Whether a reload was asked for since the last call. */
bool service_take_reload(void);

/* Set while an end or a reload is asked for: long work gives up at its next good point. */
const volatile sig_atomic_t *service_interrupt(void);

/* Until one of the descriptors is readable, a signal came, or that many milliseconds have passed.
 * No signal is lost between a look at the flags and the wait. */
void service_wait(struct pollfd *descriptors, size_t count, int64_t timeout_ms);

/* One or more lines of the protocol of sd_notify(3), to $NOTIFY_SOCKET; nothing without it. */
void service_tell(const char *state);

/* RELOADING=1 with the time that Type=notify-reload wants. */
void service_tell_reloading(void);

/* WATCHDOG=1, where WATCHDOG_USEC asks for it and half of that time has passed. The longest wait
 * between two calls: service_beat_ms(). */
void service_beat(void);
int64_t service_beat_ms(void);

/* Starts this program again with those words behind its name (NULL-terminated). It hears SIGTERM
 * when this process dies, and does not speak to the service manager. -1 and *error on failure. */
int service_spawn(const char *const *words, struct error *error);

#endif
