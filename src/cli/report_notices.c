/* SPDX-License-Identifier: MIT */
#include "cli/report_notices.h"

#include "base/arena.h"
#include "base/error.h"
#include "cli/context.h"
#include "cli/report.h"
#include "cli/terminal.h"
#include "queue/trouble.h"
#include "template/json_value.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

json_t *report_notices(struct command_context *context, struct error *error)
{
    struct queue_notice_cursor cursor;
    const struct queue_notice *notice;
    json_t *array = json_array();
    queue_notice_cursor_open(&cursor, context->database, true);
    while (queue_notice_cursor_next(&cursor, &notice, error)) {
        json_t *object = json_object();
        json_set_text(object, "kind", queue_notice_kind_name(notice->kind));
        json_set_text(object, "subject", notice->subject);
        json_set_value(object, "since", report_instant(context, notice->since_at));
        json_set_text(object, "cause", notice->cause);
        (void)json_array_append_new(array, object);
    }
    if (queue_notice_cursor_close(&cursor))
        return array;
    json_decref(array);
    return NULL;
}

/* ---- for people ---- */

static const char *member(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));
    return text ? text : "";
}

/* Whether returned has that of the mailing. */
static bool is_returned(const json_t *returned, const char *mailing, const char *name)
{
    size_t index;
    const json_t *object;
    json_int_t number = strtoll(mailing, NULL, 10);
    json_array_foreach(returned, index, object)
    {
        if (json_integer_value(json_object_get(object, "mailing")) == number)
            return json_is_true(json_object_get(object, name));
    }
    return false;
}

/* Whether another line of `status` says the same. */
static bool is_reported_elsewhere(const json_t *notice, const json_t *returned)
{
    const char *kind = member(notice, "kind");
    const char *subject = member(notice, "subject");
    if (strcmp(kind, queue_notice_kind_name(QUEUE_NOTICE_BOUNCES)) == 0)
        return is_returned(returned, subject, "counts_against_nobody");
    if (strcmp(kind, queue_notice_kind_name(QUEUE_NOTICE_COMPLAINTS)) == 0)
        return is_returned(returned, subject, "complaints");
    return strcmp(kind, queue_notice_kind_name(QUEUE_NOTICE_RELAY)) == 0 ||
           strcmp(kind, queue_notice_kind_name(QUEUE_NOTICE_DOMAIN)) == 0;
}

void report_print_notices(struct command_context *context, const json_t *notices,
                          const json_t *returned)
{
    size_t index;
    const json_t *notice;
    json_array_foreach(notices, index, notice)
    {
        const char *subject = member(notice, "subject");
        bool is_mailing = strspn(subject, "0123456789") == strlen(subject);
        if (is_reported_elsewhere(notice, returned))
            continue;
        terminal_print("Told:         %s%s since %s: %s\n", is_mailing ? "mailing " : "", subject,
                       report_minute(context->arena, json_object_get(notice, "since")),
                       member(notice, "cause"));
    }
}
