/* SPDX-License-Identifier: MIT */
#include "cli/report_held.h"

#include "base/arena.h"
#include "base/error.h"
#include "cli/context.h"
#include "cli/report.h"
#include "cli/terminal.h"
#include "queue/trouble.h"
#include "template/json_value.h"

#include <inttypes.h>
#include <jansson.h>

json_t *report_held_domains(struct command_context *context, struct error *error)
{
    struct queue_receiver_cursor cursor;
    const struct queue_receiver *receiver;
    json_t *array = json_array();
    queue_receiver_cursor_open(&cursor, context->database, true);
    while (queue_receiver_cursor_next(&cursor, &receiver, error)) {
        json_t *object = json_object();
        json_set_text(object, "domain", receiver->name);
        json_set_value(object, "since", report_instant(context, receiver->since_at));
        json_set_number(object, "refused", receiver->refused);
        json_set_text(object, "reply", receiver->reply);
        json_set_number(object, "waiting", receiver->waiting);
        (void)json_array_append_new(array, object);
    }
    if (queue_receiver_cursor_close(&cursor))
        return array;
    json_decref(array);
    return NULL;
}

static const char *member(const json_t *object, const char *name)
{
    return json_string_value(json_object_get(object, name));
}

void report_print_held_domains(struct command_context *context, const json_t *array)
{
    size_t index;
    json_t *object;
    json_array_foreach(array, index, object)
    {
        int64_t refused = json_integer_value(json_object_get(object, "refused"));
        int64_t waiting = json_integer_value(json_object_get(object, "waiting"));
        terminal_print("Held:         %s since %s: it refused %s, %s; one is tried every half "
                       "hour\n              %s\n",
                       member(object, "domain"),
                       report_minute(context->arena, json_object_get(object, "since")),
                       report_counted(context->arena, refused, "message", "messages"),
                       waiting == 1
                           ? "1 waits for it"
                           : arena_format(context->arena, "%" PRId64 " wait for it", waiting),
                       member(object, "reply"));
    }
}
