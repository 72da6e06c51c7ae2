/* SPDX-License-Identifier: MIT */
#include "base/arena.h"
#include "base/clock.h"
#include "intake/fields_date.h"
#include "intake/fields_scope.h"
#include "intake/reader.h"
#include "release/release.h"

static void set_span(struct scope *inner, struct release_event *event,
                     const struct fields_date *start, const struct fields_date *end)
{
    event->start_at = start->at;
    event->end_at = end ? end->at : INSTANT_NONE;
    event->is_all_day = start->is_day;
    if (event->is_all_day)
        event->end_at = fields_date_next_day(inner, end ? end : start);
}

/* Days alone make an event of whole days; a start with a time and an end without, or the other way
 * about, say too little. "kl. 10–12" says both. */
static void read_span(struct scope *inner, struct release_event *event)
{
    struct fields_date start;
    struct fields_date end;
    const struct header_node *value = header_get(inner->mapping, "start");
    if (value && value->kind == HEADER_TEXT && !header_get(inner->mapping, "end") &&
        fields_date_split(inner, value->text, &start, &end) && end.at > start.at) {
        /* "2026-12-10 02:00-05:00" may be hours, or an offset from UTC. */
        if (fields_date_is(inner, value->text))
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
