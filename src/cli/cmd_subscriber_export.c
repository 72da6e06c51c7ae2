/* SPDX-License-Identifier: MIT */
#include "cli/command.h"
#include "cli/context.h"

#include "base/error.h"
#include "subscriber/subscriber.h"
#include "subscriber/transfer.h"

#include <jansson.h>
#include <stdio.h>

/* A confirmed subscriber's feeds are the confirmed ones alone, as in the CSV form. */
static json_t *subscriber_entry(const struct subscriber *subscriber)
{
    json_t *feeds = json_array();
    for (const struct subscriber_subscription *item = subscriber->subscriptions; item;
         item = item->next)
        if (item->is_active || subscriber->state != SUBSCRIBER_CONFIRMED)
            (void)json_array_append_new(feeds, json_string(item->feed));
    return json_pack("{s:s, s:s, s:s, s:o}", "address", subscriber->address, "state",
                     subscriber_state_name(subscriber->state), "language", subscriber->language,
                     "feeds", feeds);
}

static int export_json(struct command_context *context)
{
    struct error error;
    struct subscriber_cursor cursor;
    const struct subscriber *subscriber;
    json_t *array = json_array();
    subscriber_cursor_open(&cursor, context->database, SUBSCRIBER_NONE);
    while (subscriber_cursor_next(&cursor, &subscriber, &error))
        (void)json_array_append_new(array, subscriber_entry(subscriber));
    if (!subscriber_cursor_close(&cursor)) {
        json_decref(array);
        return context_fail(context, &error);
    }
    context_print_json(json_pack("{s:o}", "subscribers", array));
    return EXIT_WELL;
}

int cmd_subscriber_export(struct command_context *context)
{
    struct subscriber_service service;
    struct error error;
    int code;
    int64_t count = 0;
    bool for_excel = arguments_have(context->arguments, "excel");
    if (for_excel && context->json) {
        (void)error_set(&error, ERROR_USAGE,
                        "--excel: goes without --json" ERROR_ADVICE "choose one of them");
        return context_fail(context, &error);
    }
    if (!context_open_subscriber_service(context, CONTEXT_READ, &service, &code))
        return code;
    if (context->json)
        return export_json(context);
    if (!subscriber_export_csv(&service, stdout, for_excel, &count, &error))
        return context_fail(context, &error);
    return EXIT_WELL;
}
