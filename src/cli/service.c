/* SPDX-License-Identifier: MIT */
#include "cli/service.h"

#include "base/clock.h"
#include "base/error.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <poll.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

enum { SPAWN_WORDS_MAXIMUM = 16 };

static volatile sig_atomic_t stop_wanted;
static volatile sig_atomic_t reload_wanted;
static volatile sig_atomic_t interrupt_wanted;
static int64_t last_ping_ms;

static void signal_arrived(int signal_number)
{
    if (signal_number == SIGHUP)
        reload_wanted = 1;
    else if (signal_number != SIGCHLD)
        stop_wanted = 1;
    if (signal_number != SIGCHLD)
        interrupt_wanted = 1;
}

static const int handled_signals[] = { SIGTERM, SIGINT, SIGHUP, SIGCHLD };

void service_begin(void)
{
    struct sigaction action = { .sa_handler = signal_arrived };
    for (size_t i = 0; i < sizeof handled_signals / sizeof handled_signals[0]; i++)
        (void)sigaction(handled_signals[i], &action, NULL);
}

void service_end(void)
{
    for (size_t i = 0; i < sizeof handled_signals / sizeof handled_signals[0]; i++)
        (void)signal(handled_signals[i], SIG_DFL);
}

bool service_is_stopping(void)
{
    return stop_wanted != 0;
}

bool service_take_reload(void)
{
    bool wanted = reload_wanted != 0;
    reload_wanted = 0;
    /* A signal between these two lines sets reload_wanted again, so its reload is not lost. */
    interrupt_wanted = stop_wanted || reload_wanted;
    return wanted;
}

const volatile sig_atomic_t *service_interrupt(void)
{
    return &interrupt_wanted;
}

void service_wait(struct pollfd *descriptors, size_t count, int64_t timeout_ms)
{
    sigset_t blocked;
    sigset_t before;
    if (timeout_ms < 0)
        timeout_ms = 0;
    const struct timespec timeout = { .tv_sec = (time_t)(timeout_ms / 1000),
                                      .tv_nsec = (long)(timeout_ms % 1000) * 1000000 };
    (void)sigemptyset(&blocked);
    for (size_t i = 0; i < sizeof handled_signals / sizeof handled_signals[0]; i++)
        (void)sigaddset(&blocked, handled_signals[i]);
    (void)pthread_sigmask(SIG_BLOCK, &blocked, &before);
    if (!stop_wanted && !reload_wanted && ppoll(descriptors, count, &timeout, &before) < 0)
        for (size_t i = 0; i < count; i++)
            descriptors[i].revents = 0;
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
}

/* ---- the service manager ---- */

/* getenv() is safe here, because only the main thread uses the environment. */
static const char *environment(const char *name)
{
    return getenv(name); /* NOLINT(concurrency-mt-unsafe) */
}

void service_notify(const char *state)
{
    const char *path = environment("NOTIFY_SOCKET");
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    size_t length = path ? strlen(path) : 0;
    if (length < 2 || length >= sizeof address.sun_path || (path[0] != '/' && path[0] != '@'))
        return;
    memcpy(address.sun_path, path, length);
    if (path[0] == '@')
        address.sun_path[0] = '\0'; /* Linux's abstract names */
    int descriptor = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (descriptor < 0)
        return;
    /* A service manager that does not listen is no failure. */
    (void)sendto(descriptor, state, strlen(state), MSG_NOSIGNAL,
                 (const struct sockaddr *)(const void *)&address,
                 (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length));
    (void)close(descriptor);
}

void service_notify_reloading(void)
{
    char state[64];
    (void)snprintf(state, sizeof state, "RELOADING=1\nMONOTONIC_USEC=%" PRId64,
                   clock_monotonic_now() * 1000);
    service_notify(state);
}

int64_t service_watchdog_wait_ms(void)
{
    const char *wanted = environment("WATCHDOG_USEC");
    const char *whom = environment("WATCHDOG_PID");
    if (!wanted || (whom && strtoll(whom, NULL, 10) != (long long)getpid()))
        return INT64_MAX;
    int64_t half_ms = strtoll(wanted, NULL, 10) / 2000;
    return half_ms > 0 ? half_ms : INT64_MAX;
}

void service_ping_watchdog(void)
{
    int64_t every_ms = service_watchdog_wait_ms();
    int64_t now_ms = clock_monotonic_now();
    if (every_ms == INT64_MAX || (last_ping_ms && now_ms - last_ping_ms < every_ms / 2))
        return;
    last_ping_ms = now_ms;
    service_notify("WATCHDOG=1");
}

/* ---- a second process ---- */

/* Runs in the child between fork and exec, so it uses nothing but system calls and the child's own
 * environment. */
static void become(const char *const *words, pid_t parent)
{
    const char *arguments[SPAWN_WORDS_MAXIMUM + 2] = { "pressroom" };
    for (size_t i = 0; i < SPAWN_WORDS_MAXIMUM && words[i]; i++)
        arguments[i + 1] = words[i];
    (void)prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (getppid() != parent) /* the parent died before PR_SET_PDEATHSIG took effect */
        _exit(0);
    (void)unsetenv("NOTIFY_SOCKET"); /* NOLINT(concurrency-mt-unsafe) */
    (void)unsetenv("WATCHDOG_USEC"); /* NOLINT(concurrency-mt-unsafe) */

    union {
        const char **read;
        char *const *write;
    } list = { .read = arguments }; /* execv() promises not to write */

    (void)execv("/proc/self/exe", list.write);
    _exit(127);
}

int service_spawn(const char *const *words, struct error *error)
{
    pid_t parent = getpid();
    pid_t child = fork();
    if (child == 0)
        become(words, parent);
    if (child < 0)
        (void)error_set_errno(error, ERROR_SYSTEM, errno, "%s: cannot be started", words[0]);
    return child;
}
