/* SPDX-License-Identifier: MIT */
#include "base/arena.h"
#include "base/clock.h"
#include "intake/encoding.h"
#include "intake/fields_date.h"
#include "intake/fields_scope.h"
#include "intake/reader.h"
#include "release/release.h"

#include <string.h>

static void set_span(struct scope *inner, struct release_event *event,
                     const struct fields_date *start, const struct fields_date *end)
{
    event->start_at = start->at;
    event->end_at = end ? end->at : INSTANT_NONE;
    event->is_all_day = start->is_day;
    if (event->is_all_day)
        event->end_at = fields_date_next_day(inner, end ? end : start);
}

/* Days without times make an event of whole days. A start with a time and an end without, or the
 * reverse, is refused. "kl. 10–12" gives both. */
static void read_span(struct scope *inner, struct release_event *event)
{
    struct fields_date start;
    struct fields_date end;
    struct fields_date whole;
    const struct header_node *value = header_get(inner->mapping, "start");
    if (value && value->kind == HEADER_TEXT && !header_get(inner->mapping, "end") &&
        fields_date_split(inner, value->text, &start, &end) && end.at > start.at) {
        /* "2026-12-10 02:00-05:00" may be hours, or an offset from UTC. */
        if (fields_date_of(inner, value->text, &whole))
            scope_refuse(inner, "start", INTAKE_MESSAGE_TIME_WRONG, scope_written(inner, "start"),
                         value->text);
        else
            set_span(inner, event, &start, &end);
        return;
    }
    bool has_start = fields_date_read(inner, "start", &start);
    bool has_end = fields_date_read_end(inner, "end", has_start ? &start : NULL, &end);
    if (!has_start)
        return;
    if (has_end && start.is_day != end.is_day)
        scope_refuse(inner, "end", INTAKE_MESSAGE_EVENT_MIXED, scope_written(inner, "start"),
                     scope_written(inner, "end"));
    else if (has_end && end.at < start.at)
        scope_refuse(inner, "end", INTAKE_MESSAGE_EVENT_END, scope_written(inner, "start"),
                     scope_written(inner, "end"));
    set_span(inner, event, &start, has_end ? &end : NULL);
}

/* The words behind the comma are the place, unless they still belong to the time. */
static bool read_place(const struct scope *scope, const char *rest, struct release_event *event)
{
    const struct intake_reading *reading = scope->reading;
    struct written_date date;
    const char *place = encoding_one_line(reading->arena, rest, strlen(rest));
    written_date_read(reading->words, reading->language, reading->arena, place, &date);
    event->place = *place ? place : NULL;
    return !date.has_day && !date.has_time;
}

/* Reads "10. december 2026 kl. 10–12, Regionshuset, Skolegade 1": the time up to one of the
 * commas, then the place. A day without a time takes no place from the same line, because "15.
 * december, ca. kl. 10, Salen" would lose its hour. */
static bool read_line(struct scope *scope, const char *line, struct release_event *event)
{
    enum { LINE_MAXIMUM = 200, COMMAS_MAXIMUM = 8 };

    size_t whole = strlen(line);
    if (whole > LINE_MAXIMUM)
        return false;
    int commas = 0;
    for (size_t length = whole; length > 0 && commas < COMMAS_MAXIMUM; length--) {
        struct fields_date start;
        struct fields_date end;
        struct fields_date plain;
        bool is_whole = length == whole;
        if (!is_whole && line[length] != ',')
            continue;
        commas++;
        const char *when = encoding_one_line(scope->reading->arena, line, length);
        bool has_end = fields_date_split(scope, when, &start, &end) && end.at > start.at;
        bool is_plain = fields_date_of(scope, when, &plain);
        if (has_end == is_plain || (is_plain && plain.is_day && !is_whole))
            continue;
        set_span(scope, event, has_end ? &start : &plain, has_end ? &end : NULL);
        return is_whole || read_place(scope, line + length + 1, event);
    }
    return false;
}

void fields_read_event(struct scope *scope, const char *key)
{
    struct scope inner = { scope->reading, header_get(scope->mapping, key) };
    size_t before = scope->reading->problems->refused;
    struct release_event *event = arena_allocate(scope->reading->arena, sizeof *event);
    if (inner.mapping->kind != HEADER_MAPPING) {
        const char *line = inner.mapping->kind == HEADER_TEXT ? inner.mapping->text : "";
        if (read_line(scope, line, event))
            scope->reading->release->event = event;
        else
            scope_refuse(scope, key, INTAKE_MESSAGE_EVENT_WANTED, scope_written(scope, key), NULL);
        return;
    }
    read_span(&inner, event);
    event->place = scope_line(&inner, "place");
    scope->reading->release->event = event;
    if (event->start_at == INSTANT_NONE && scope->reading->problems->refused == before)
        scope_refuse(scope, key, INTAKE_MESSAGE_EVENT_START, scope_written(scope, key), NULL);
}
