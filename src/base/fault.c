/* SPDX-License-Identifier: MIT */
#include "base/fault.h"

#ifdef PRESSROOM_TEST_HOOKS
#include <signal.h>
#include <stdlib.h>
#include <string.h>

void fault_point(const char *name)
{
    static unsigned long passes;
    const char *wanted = getenv("PRESSROOM_FAULT"); /* NOLINT(concurrency-mt-unsafe) */
    size_t length = strlen(name);
    if (!wanted || strncmp(wanted, name, length) != 0 || (wanted[length] && wanted[length] != ':'))
        return;
    unsigned long count = wanted[length] ? strtoul(wanted + length + 1, NULL, 10) : 1;
    if (++passes == count)
        (void)raise(getenv("PRESSROOM_FAULT_STOPS") ? SIGSTOP
                                                    : SIGKILL); /* NOLINT(concurrency-mt-unsafe) */
}
#else
/* A translation unit holds at least one declaration (C17 section 6.9). */
extern int fault_points_are_off;
#endif
