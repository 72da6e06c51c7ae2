/* SPDX-License-Identifier: MIT */
#include "cli/companion.h"

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

static void log_end(const struct companion *companion, int status)
{
    if (WIFSIGNALED(status))
        log_line(LOG_WARNING, "%s: ended by signal %d; it is started again", companion->command,
                 WTERMSIG(status));
    else
        log_line(LOG_WARNING, "%s: ended with exit code %d; it is started again",
                 companion->command, WEXITSTATUS(status));
}

static void rest(struct companion *companion)
{
    int64_t now_ms = clock_monotonic_now();
    if (now_ms - companion->started_ms > LIVED_MS)
        companion->pause_ms = 0;
    companion->pause_ms = companion->pause_ms ? 2 * companion->pause_ms : PAUSE_FIRST_MS;
    if (companion->pause_ms > PAUSE_MAXIMUM_MS)
        companion->pause_ms = PAUSE_MAXIMUM_MS;
    companion->not_before_ms = now_ms + companion->pause_ms;
}

static void start(struct companion *companion, const struct command_context *context)
{
    struct error error;
    const char *level = context->quiet ? "--quiet" : log_level() == LOG_DEBUG ? "--verbose" : NULL;
    const char *const words[] = { "-C", context->directory, companion->command, "--watch", level,
                                  NULL };
    companion->started_ms = clock_monotonic_now();
    companion->process = service_spawn(words, &error);
    if (companion->process > 0)
        return;
    companion->process = 0;
    log_line(LOG_ERROR, "%s", error.message);
    rest(companion);
}

static void keep(struct companion *companion, const struct command_context *context)
{
    int status;
    if (companion->process && waitpid(companion->process, &status, WNOHANG) == companion->process) {
        companion->process = 0;
        if (companion->is_wanted)
            log_end(companion, status);
        rest(companion);
    }
    if (companion->process && !companion->is_wanted)
        (void)kill(companion->process, SIGTERM);
    if (!companion->process && companion->is_wanted &&
        clock_monotonic_now() >= companion->not_before_ms)
        start(companion, context);
}

void companions_keep(struct companion *companions, size_t count,
                     const struct command_context *context)
{
    for (size_t i = 0; i < count; i++)
        keep(&companions[i], context);
}

int64_t companions_wait_ms(const struct companion *companions, size_t count)
{
    int64_t wait_ms = INT64_MAX;
    for (size_t i = 0; i < count; i++) {
        int64_t left_ms = companions[i].not_before_ms - clock_monotonic_now();
        if (companions[i].is_wanted && !companions[i].process && left_ms < wait_ms)
            wait_ms = left_ms;
    }
    return wait_ms;
}

void companions_signal(const struct companion *companions, size_t count, int signal_number)
{
    for (size_t i = 0; i < count; i++)
        if (companions[i].process)
            (void)kill(companions[i].process, signal_number);
}

void companions_end(struct companion *companions, size_t count)
{
    companions_signal(companions, count, SIGTERM);
    for (size_t i = 0; i < count; i++) {
        while (companions[i].process && waitpid(companions[i].process, NULL, 0) < 0 &&
               errno == EINTR)
            service_beat();
        companions[i].process = 0;
    }
}
