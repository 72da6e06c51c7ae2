/* SPDX-License-Identifier: MIT */
#include "base/memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static int exit_code;

void memory_failed(size_t size)
{
    if (exit_code)
        _exit(exit_code);
    (void)fprintf(stderr, "pressroom: out of memory (%zu bytes); the next run goes on from here\n",
                  size);
    abort();
}

void memory_set_exit(int code)
{
    exit_code = code;
}
