/* SPDX-License-Identifier: MIT */
#include "inbound/effect.h"

#include "address/address.h"
#include "base/arena.h"
#include "base/error.h"

#include <stdarg.h>
#include <string.h>

/* What every effect needs of its job; below all of them, and so no part of effect.c. */

void effect_log(const struct effect_job *job, enum log_level level, const char *format, ...)
{
    va_list arguments;
    struct effect_line **end = job->lines;
    while (*end)
        end = &(*end)->next;
    *end = arena_allocate(job->arena, sizeof **end);
    va_start(arguments, format);
    **end = (struct effect_line){ .level = level,
                                  .text = arena_format_list(job->arena, format, arguments) };
    va_end(arguments);
}

const struct address *effect_address(struct arena *arena, const char *address)
{
    struct error ignored;
    return address ? address_parse_known(arena, address, strlen(address), &ignored) : NULL;
}
