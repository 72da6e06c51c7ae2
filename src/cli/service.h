/* SPDX-License-Identifier: MIT */
#ifndef CLI_SERVICE_H
#define CLI_SERVICE_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct error;
struct pollfd;

/* Inside cli/ only: signals, waiting, and the service manager's protocol, for long-running
 * commands. One a process. */

/* From now on SIGTERM and SIGINT ask for the end, SIGHUP for a reload, and SIGCHLD only wakes
 * service_wait(). */
void service_begin(void);

/* Gives the signals their default actions back. */
void service_end(void);

bool service_is_stopping(void);

/* Whether a reload was asked for since the last call. */
bool service_take_reload(void);

/* Set while an end or a reload is asked for: long work gives up at its next good point. */
const volatile sig_atomic_t *service_interrupt(void);

/* Waits until a descriptor is readable, a signal came, or that many milliseconds have passed. A
 * signal that comes between a check of the flags and the wait ends the wait too. */
void service_wait(struct pollfd *descriptors, size_t count, int64_t timeout_ms);

/* One or more lines of the protocol of sd_notify(3), to $NOTIFY_SOCKET; nothing without it. */
void service_notify(const char *state);

/* RELOADING=1 with the time that Type=notify-reload wants. */
void service_notify_reloading(void);

/* Sends WATCHDOG=1, where WATCHDOG_USEC asks for it and a quarter of that time has passed. The
 * longest wait between two calls is service_watchdog_wait_ms(). */
void service_ping_watchdog(void);
int64_t service_watchdog_wait_ms(void);

/* Starts this program again with those words behind its name (NULL-terminated), as a child that
 * gets SIGTERM when this process dies and does not notify the service manager. -1 and *error on
 * failure. */
int service_spawn(const char *const *words, struct error *error);

#endif
