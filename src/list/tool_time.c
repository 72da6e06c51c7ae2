/* SPDX-License-Identifier: MIT */
#include "list/tool_reader.h"

#include "base/arena.h"
#include "base/clock.h"

#include <string.h>

enum { EPOCH_DIGITS_LEAST = 9, EPOCH_DIGITS_MOST = 11 };

/* Seconds since 1970, as Sympa writes them. */
static bool epoch_parse(const char *time, int64_t *instant)
{
    size_t length = strlen(time);
    int64_t seconds = 0;
    if (length < EPOCH_DIGITS_LEAST || length > EPOCH_DIGITS_MOST ||
        strspn(time, "0123456789") != length)
        return false;
    for (const char *c = time; *c; c++)
        seconds = seconds * 10 + (*c - '0');
    *instant = seconds * DURATION_SECOND;
    return true;
}

/* How much of "2023-06-21 12:00:00.123456 +0200 CEST", which Go writes, is without the zone's name;
 * 0 where the time is not written so. */
static size_t length_without_name(const char *time)
{
    size_t date = strcspn(time, " ");
    size_t clock = time[date] ? strcspn(time + date + 1, " ") : 0;
    const char *offset = time + date + 1 + clock;
    if (clock == 0 || offset[0] != ' ' || (offset[1] != '+' && offset[1] != '-'))
        return 0;
    return (size_t)(offset - time) + 1 + strcspn(offset + 1, " ");
}

void list_tool_confirmed_set(struct list_tool_reader *reader, const char *time)
{
    struct arena arena = { 0 };
    int64_t instant;
    size_t length = length_without_name(time);
    if (strncmp(time, "0000-00-00", 10) == 0)
        time = "";
    else if (epoch_parse(time, &instant))
        time = instant_format_utc(&arena, instant);
    else if (length)
        time = arena_copy_bytes(&arena, time, length);
    list_tool_set(reader, LIST_CONFIRMED_AT, time);
    arena_release(&arena);
}
