/* SPDX-License-Identifier: MIT */
#include "intake/fields_scope.h"

#include "base/arena.h"
#include "intake/reader.h"
#include "release/release.h"

void fields_read_event(struct scope *scope, const char *key)
{
    struct scope inner = { scope->reading, header_get(scope->mapping, key) };
    size_t before = scope->reading->problems->refused;
    if (inner.mapping->kind != HEADER_MAPPING) {
        scope_refuse(scope, key, INTAKE_MESSAGE_EVENT_WANTED, scope_written(scope, key), NULL);
        return;
    }
    struct release_event *event = arena_allocate(scope->reading->arena, sizeof *event);
    event->start_at = fields_instant(&inner, "start");
    event->end_at = fields_instant(&inner, "end");
    event->place = scope_line(&inner, "place");
    scope->reading->release->event = event;
    if (scope->reading->problems->refused > before)
        return;
    if (!event->start_at)
        scope_refuse(scope, key, INTAKE_MESSAGE_EVENT_START, NULL, NULL);
    else if (event->end_at && event->end_at < event->start_at)
        scope_refuse(&inner, "end", INTAKE_MESSAGE_EVENT_END, NULL, NULL);
}
