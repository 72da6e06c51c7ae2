/* SPDX-License-Identifier: MIT */
#include "base/arena.h"
#include "base/clock.h"
#include "intake/fields_date.h"
#include "intake/fields_scope.h"
#include "intake/reader.h"
#include "release/release.h"

/* Days alone make an event of whole days; a start with a time and an end without, or the other way
 * about, say too little. */
static void read_span(struct scope *inner, struct release_event *event)
{
    struct fields_date start;
    struct fields_date end;
    bool has_start = fields_date_read(inner, "start", &start);
    bool has_end = fields_date_read_end(inner, "end", has_start ? &start : NULL, &end);
    if (!has_start)
        return;
    event->start_at = start.at;
    event->end_at = has_end ? end.at : INSTANT_NONE;
    event->is_all_day = start.is_day;
    if (has_end && start.is_day != end.is_day)
        scope_refuse(inner, "end", INTAKE_MESSAGE_EVENT_MIXED, scope_written(inner, "start"),
                     scope_written(inner, "end"));
    else if (has_end && end.at < start.at)
        scope_refuse(inner, "end", INTAKE_MESSAGE_EVENT_END, scope_written(inner, "start"),
                     scope_written(inner, "end"));
    else if (event->is_all_day)
        event->end_at = fields_date_next_day(inner, has_end ? &end : &start);
}

void fields_read_event(struct scope *scope, const char *key)
{
    struct scope inner = { scope->reading, header_get(scope->mapping, key) };
    size_t before = scope->reading->problems->refused;
    if (inner.mapping->kind != HEADER_MAPPING) {
        scope_refuse(scope, key, INTAKE_MESSAGE_EVENT_WANTED, scope_written(scope, key), NULL);
        return;
    }
    struct release_event *event = arena_allocate(scope->reading->arena, sizeof *event);
    read_span(&inner, event);
    event->place = scope_line(&inner, "place");
    scope->reading->release->event = event;
    if (event->start_at == INSTANT_NONE && scope->reading->problems->refused == before)
        scope_refuse(scope, key, INTAKE_MESSAGE_EVENT_START, scope_written(scope, key), NULL);
}
