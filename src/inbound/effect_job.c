/* SPDX-License-Identifier: MIT */
#include "inbound/effect.h"

#include "address/address.h"
#include "base/arena.h"
#include "base/error.h"
#include "mime/mime.h"

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

const char *effect_message_id(const struct effect_job *job)
{
    enum { ID_MAXIMUM = 250 };

    const char *id = mime_field(job->message->fields, "Message-ID");
    size_t length = id ? strlen(id) : 0;
    if (length < 3 || length > ID_MAXIMUM || id[0] != '<' || id[length - 1] != '>')
        return NULL;
    for (const char *c = id + 1; c < id + length - 1; c++)
        if (*c <= ' ' || *c > '~' || *c == '<' || *c == '>')
            return NULL;
    return id;
}
