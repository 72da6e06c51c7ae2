/* SPDX-License-Identifier: MIT */
#include "locale/locale.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/utf8.h"
#include "locale/zone.h"

#include <string.h>

static const char *date(const struct wording *wording, struct arena *arena, enum date_style style,
                        int64_t at)
{
    return locale_date(wording->locale, arena, wording->language, style, at);
}

static const char *pattern(const struct wording *wording, const char *key)
{
    return strings_get(wording->strings, wording->language, key);
}

const char *wording_date(const struct wording *wording, struct arena *arena, int64_t at)
{
    return strings_format(arena, pattern(wording, "date_and_time"), "date",
                          date(wording, arena, DATE_LONG_TIME, at), NULL);
}

static const char *when_open(const struct wording *wording, struct arena *arena, int64_t at)
{
    return strings_format(arena, pattern(wording, "event_when_open"), "date",
                          date(wording, arena, DATE_WEEKDAY, at), "start",
                          date(wording, arena, DATE_TIME, at), NULL);
}

const char *wording_event_when(const struct wording *wording, struct arena *arena, int64_t start_at,
                               int64_t end_at)
{
    const struct zone *zone = locale_context_zone(wording->locale);
    struct civil_time start;
    struct civil_time end;
    if (end_at == INSTANT_NONE)
        return when_open(wording, arena, start_at);
    zone_civil(zone, start_at, &start);
    zone_civil(zone, end_at, &end);
    if (start.year != end.year || start.month != end.month || start.day != end.day)
        return strings_format(arena, pattern(wording, "event_when_days"), "start",
                              when_open(wording, arena, start_at), "end",
                              when_open(wording, arena, end_at), NULL);
    return strings_format(arena, pattern(wording, "event_when"), "date",
                          date(wording, arena, DATE_WEEKDAY, start_at), "start",
                          date(wording, arena, DATE_TIME, start_at), "end",
                          date(wording, arena, DATE_TIME, end_at), NULL);
}

const char *wording_event_days(const struct wording *wording, struct arena *arena, int64_t start_at,
                               int64_t end_at)
{
    const char *first = date(wording, arena, DATE_WEEKDAY, start_at);
    const char *last = date(wording, arena, DATE_WEEKDAY, end_at - 1);
    if (strcmp(first, last) == 0)
        return first;
    return strings_format(arena, pattern(wording, "event_when_days"), "start", first, "end", last,
                          NULL);
}

const char *wording_day(const struct wording *wording, struct arena *arena, int64_t at)
{
    const struct zone *zone = locale_context_zone(wording->locale);
    const char *datetime = zone_format_rfc3339(zone, arena, at, false);
    return arena_copy_bytes(arena, datetime, strcspn(datetime, "T"));
}

static char to_upper(char character)
{
    bool is_small = character >= 'a' && character <= 'z';
    return (char)(is_small ? character - 'a' + 'A' : character);
}

/* "PDF" of "bilag/fakta.pdf", "JPEG" of "a.jpg"; "" without an ending. */
static const char *file_type(struct arena *arena, const char *file)
{
    const char *slash = strrchr(file, '/');
    const char *dot = strrchr(slash ? slash : file, '.');
    char *type = arena_copy(arena, dot ? dot + 1 : "");
    for (char *at = type; *at; at++)
        *at = to_upper(*at);
    return strcmp(type, "JPG") == 0 ? "JPEG" : type;
}

const char *wording_file(const struct wording *wording, struct arena *arena, const char *file,
                         int64_t size_bytes)
{
    return strings_format(arena, pattern(wording, "file_size"), "type", file_type(arena, file),
                          "size",
                          locale_size(wording->locale, arena, wording->language, size_bytes), NULL);
}

const char *wording_picture(const struct wording *wording, struct arena *arena, const char *file,
                            int64_t size_bytes, int width, int height)
{
    return strings_format(
        arena, pattern(wording, "picture_size"), "type", file_type(arena, file), "size",
        locale_size(wording->locale, arena, wording->language, size_bytes), "width",
        arena_format(arena, "%d", width), "height", arena_format(arena, "%d", height), NULL);
}

/* Whether a few words and a colon stand before the rest: whatever they are called in any language,
 * they are a label. An address's colon has no space behind it. */
static bool has_label(const char *line)
{
    enum { LABEL_WORDS = 3, LABEL_BYTES = 40 };

    size_t words = 1;
    size_t length = strcspn(line, ":");
    if (length == 0 || length > LABEL_BYTES || strncmp(line + length, "://", 3) == 0)
        return false;
    for (size_t i = 0; i < length; i++)
        words += line[i] == ' ' && line[i + 1] != ':';
    return line[length] == ':' && words <= LABEL_WORDS;
}

const char *wording_credit(const struct wording *wording, struct arena *arena, const char *credit)
{
    if (has_label(credit))
        return credit;
    return arena_format(arena, "%s: %s", pattern(wording, "picture_credit"), credit);
}

const char *wording_cut(struct arena *arena, const char *line, size_t maximum)
{
    size_t length = utf8_first(line, strlen(line), maximum);
    if (!line[length])
        return line;
    size_t word = length; /* bytes up to the end of the last whole word */
    while (word && line[word] != ' ')
        word--;
    length = word ? word : length;
    while (length && strchr(" ,;:-", line[length - 1]))
        length--;
    return arena_format(arena, "%.*s…", (int)length, line);
}

const char *wording_name(struct arena *arena, const char *name)
{
    char *shown = arena_copy(arena, name);
    for (char *at = shown; *at; at++)
        if (*at == '-')
            *at = ' ';
    *shown = to_upper(*shown);
    return shown;
}

const char *wording_type(const struct wording *wording, struct arena *arena, const char *type,
                         bool is_plural)
{
    const char *key = arena_format(arena, "%s%s", is_plural ? "types_" : "type_", type);
    if (strings_has(wording->strings, wording->language, key))
        return strings_get(wording->strings, wording->language, key);
    return wording_name(arena, type);
}
