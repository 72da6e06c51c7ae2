/* SPDX-License-Identifier: MIT */
#include "cli/child_process.h"

#include "base/clock.h"
#include "base/error.h"
#include "base/log.h"
#include "cli/context.h"
#include "cli/service.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>

enum { PAUSE_FIRST_MS = 1000, PAUSE_MAXIMUM_MS = 60000, LIVED_MS = 60000 };

static void log_end(const struct child_process *child, int status)
{
    if (WIFSIGNALED(status))
        log_line(LOG_WARNING, "%s: ended by signal %d; it is started again", child->command,
                 WTERMSIG(status));
    else
        log_line(LOG_WARNING, "%s: ended with exit code %d; it is started again", child->command,
                 WEXITSTATUS(status));
}

static void back_off(struct child_process *child)
{
    int64_t now_ms = clock_monotonic_now();
    if (now_ms - child->started_ms > LIVED_MS)
        child->pause_ms = 0;
    child->pause_ms = child->pause_ms ? 2 * child->pause_ms : PAUSE_FIRST_MS;
    if (child->pause_ms > PAUSE_MAXIMUM_MS)
        child->pause_ms = PAUSE_MAXIMUM_MS;
    child->not_before_ms = now_ms + child->pause_ms;
}

static void start(struct child_process *child, const struct command_context *context)
{
    struct error error;
    const char *level = context->quiet ? "--quiet" : log_level() == LOG_DEBUG ? "--verbose" : NULL;
    const char *const words[] = {
        "-C", context->directory, child->command, "--watch", level, NULL
    };
    child->started_ms = clock_monotonic_now();
    child->process = service_spawn(words, &error);
    if (child->process > 0)
        return;
    child->process = 0;
    log_line(LOG_ERROR, "%s", error.message);
    back_off(child);
}

static void keep(struct child_process *child, const struct command_context *context)
{
    int status;
    if (child->process && waitpid(child->process, &status, WNOHANG) == child->process) {
        child->process = 0;
        if (child->is_wanted)
            log_end(child, status);
        back_off(child);
    }
    if (child->process && !child->is_wanted)
        (void)kill(child->process, SIGTERM);
    if (!child->process && child->is_wanted && clock_monotonic_now() >= child->not_before_ms)
        start(child, context);
}

void child_processes_keep(struct child_process *children, size_t count,
                          const struct command_context *context)
{
    for (size_t i = 0; i < count; i++)
        keep(&children[i], context);
}

int64_t child_processes_wait_ms(const struct child_process *children, size_t count)
{
    int64_t wait_ms = INT64_MAX;
    for (size_t i = 0; i < count; i++) {
        int64_t left_ms = children[i].not_before_ms - clock_monotonic_now();
        if (children[i].is_wanted && !children[i].process && left_ms < wait_ms)
            wait_ms = left_ms;
    }
    return wait_ms;
}

void child_processes_signal(const struct child_process *children, size_t count, int signal_number)
{
    for (size_t i = 0; i < count; i++)
        if (children[i].process)
            (void)kill(children[i].process, signal_number);
}

void child_processes_end(struct child_process *children, size_t count)
{
    child_processes_signal(children, count, SIGTERM);
    for (size_t i = 0; i < count; i++) {
        while (children[i].process && waitpid(children[i].process, NULL, 0) < 0 && errno == EINTR)
            service_ping_watchdog();
        children[i].process = 0;
    }
}
