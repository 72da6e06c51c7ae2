/* SPDX-License-Identifier: MIT */
#include "cli/report_relay.h"

#include "base/clock.h"
#include "base/error.h"
#include "cli/context.h"
#include "cli/report.h"
#include "cli/terminal.h"
#include "config/config.h"
#include "delivery/deliver.h"
#include "template/json_value.h"

#include <jansson.h>
#include <string.h>

json_t *report_relay(struct command_context *context, struct error *error)
{
    struct deliver_relay found;
    if (!deliver_find_relay(context->database, &context->config->deliver,
                            clock_now(&context->clock), &found, error))
        return NULL;
    const struct queue_relay *relay = &found.row;
    const char *rate = found.suggested_rate;
    json_t *object = json_object();
    json_set_text(object, "state", queue_relay_state_name(relay->state));
    json_set_value(object, "since", report_instant(context, relay->since_at));
    json_set_value(object, "next", report_instant(context, relay->next_at));
    json_set_value(object, "reply",
                   *relay->reply && relay->state != QUEUE_RELAY_FREE ? json_string(relay->reply)
                                                                     : json_null());
    json_set_value(object, "suggested_rate", *rate ? json_string(rate) : json_null());
    return object;
}

static const char *member(const json_t *object, const char *name)
{
    return json_string_value(json_object_get(object, name));
}

void report_print_relay(struct command_context *context, const json_t *relay)
{
    const char *state = member(relay, "state");
    const char *rate = member(relay, "suggested_rate");
    const char *since = report_minute(context->arena, json_object_get(relay, "since"));
    const char *next = report_minute(context->arena, json_object_get(relay, "next"));
    if (strcmp(state, "paused") == 0)
        terminal_print("Relay:        takes no mail since %s; asked again at %s; nothing is lost\n",
                       since, next);
    else if (strcmp(state, "unreachable") == 0)
        terminal_print("Relay:        cannot be reached since %s; tried again at %s; nothing is "
                       "lost\n",
                       since, next);
    else if (strcmp(state, "easing") == 0)
        terminal_print("Relay:        takes mail again since %s, and gets less for a while\n",
                       since);
    else if (rate)
        terminal_print("Relay:        takes mail; it had too much at once before\n");
    if (member(relay, "reply"))
        terminal_print("              %s\n", member(relay, "reply"));
    if (rate)
        terminal_print("              what would fit it is mail.rate: %s\n", rate);
}
