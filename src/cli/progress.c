/* SPDX-License-Identifier: MIT */
#include "cli/progress.h"

#include "base/clock.h"
#include "cli/context.h"

#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

enum { BEGIN_AFTER_MS = 1000, EVERY_MS = 200 };

void progress_init(struct progress *progress, const struct command_context *context)
{
    *progress = (struct progress){ .is_on = !context->quiet && !context->json &&
                                            isatty(STDERR_FILENO),
                                   .started_ms = clock_monotonic_now() };
}

void progress_show(struct progress *progress, const char *format, ...)
{
    if (!progress->is_on)
        return;
    int64_t now_ms = clock_monotonic_now();
    if (now_ms - progress->started_ms < BEGIN_AFTER_MS || now_ms - progress->shown_ms < EVERY_MS)
        return;
    progress->shown_ms = now_ms;
    progress->is_shown = true;
    va_list arguments;
    va_start(arguments, format);
    (void)fputs("\r\033[K", stderr);
    (void)vfprintf(stderr, format, arguments);
    (void)fflush(stderr);
    va_end(arguments);
}

void progress_clear(struct progress *progress)
{
    if (!progress->is_shown)
        return;
    (void)fputs("\r\033[K", stderr);
    (void)fflush(stderr);
    progress->is_shown = false;
}
