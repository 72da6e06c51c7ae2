/* SPDX-License-Identifier: MIT */
#include "list/tool_reader.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/error.h"
#include "locale/zone.h"

#include <ctype.h>
#include <string.h>

enum { TIME_SIZE = 64, EPOCH_DIGITS_LEAST = 9, EPOCH_DIGITS_MOST = 11 };

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

/* Only date, time and offset, without the zone's name behind them, which Go writes too. */
static bool time_shorten(const char *time, char shortened[TIME_SIZE], bool *has_offset)
{
    size_t length = 0;
    int words = 0;
    while (*time && words < 3) {
        size_t word = strcspn(time, " ");
        if (words == 2 && time[0] != '+' && time[0] != '-' && strncmp(time, "Z", word) != 0)
            break;
        if (length + word + 2 > TIME_SIZE)
            return false;
        if (words == 1)
            shortened[length++] = ' ';
        memcpy(shortened + length, time, word);
        length += word;
        time += word;
        time += strspn(time, " ");
        words++;
    }
    shortened[length] = '\0';
    const char *of_day = strchr(shortened, ':');
    *has_offset = of_day && strpbrk(of_day, "+-Zz");
    return true;
}

bool list_tool_confirmed_set(struct list_tool_reader *reader, const char *time, struct error *error)
{
    char shortened[TIME_SIZE];
    bool has_offset;
    int64_t instant = INSTANT_NONE;
    struct error wrong;
    if (*time == '\0' || strncmp(time, "0000-00-00", 10) == 0)
        return true;
    bool good = epoch_parse(time, &instant);
    if (!good && time_shorten(time, shortened, &has_offset)) {
        if (!has_offset && !reader->settings.zone && strchr(shortened, ':'))
            strncat(shortened, "Z", TIME_SIZE - strlen(shortened) - 1);
        good = zone_parse(reader->settings.zone, shortened, &instant, &wrong);
    }
    if (!good)
        return error_set(error, ERROR_INPUT,
                         "\"%.60s\" is no time; write it like 2023-06-21 12:00:00", time);
    struct arena arena = { 0 };
    list_tool_set(reader, LIST_CONFIRMED_AT, instant_format_utc(&arena, instant_written(instant)));
    arena_release(&arena);
    return true;
}
