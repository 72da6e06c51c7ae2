/* SPDX-License-Identifier: MIT */
#include "cli/report_digest.h"

#include "base/error.h"
#include "cli/context.h"
#include "cli/report.h"
#include "cli/terminal.h"
#include "config/config.h"
#include "digest/digest.h"
#include "template/json_value.h"

#include <inttypes.h>
#include <jansson.h>

bool report_digest(struct command_context *context, const struct queue_mailing *mailing,
                   struct json_t *object, struct error *error)
{
    struct digest_issue issue;
    size_t count = 0;
    int64_t *releases = NULL;
    json_t *array;
    if (mailing->kind != QUEUE_DIGEST)
        return true;
    if (!digest_issue_of_mailing(context->database, mailing->row_id, context->arena, &issue,
                                 error) ||
        (issue.row_id && !digest_issue_releases(context->database, issue.row_id, context->arena,
                                                &releases, &count, error)))
        return false;
    array = json_array();
    json_set_value(object, "releases", array);
    json_set_boolean(object, "weekly", issue.weekly_at != INSTANT_NONE);
    for (size_t i = 0; i < count; i++)
        (void)json_array_append_new(array,
                                    json_string(report_release_public_id(context, releases[i])));
    return true;
}

bool report_digest_subscribers(struct command_context *context, const struct queue_mailing *mailing,
                               struct error *error)
{
    size_t index;
    json_t *id;
    json_t *object = json_object();
    bool done = report_digest(context, mailing, object, error);
    if (done && mailing->kind == QUEUE_DIGEST) {
        terminal_print("For:      those who follow %s\nReleases:",
                       json_is_true(json_object_get(object, "weekly")) ? "daily, and weekly"
                                                                       : "daily");
        json_array_foreach(json_object_get(object, "releases"), index, id)
        {
            terminal_print(" %s", json_string_value(id));
        }
        terminal_print("\n");
    }
    json_decref(object);
    return done;
}

bool report_digests_to_come(struct command_context *context, struct json_t *object,
                            struct error *error)
{
    struct digest_waiting waiting = { 0 };
    const struct digest_settings *settings = &context->config->digest;
    int64_t now_at = clock_now(&context->clock);
    if (!digest_count_waiting(context->database, &waiting, error))
        return false;
    json_set_value(object, "daily", report_instant(context, digest_next_daily(settings, now_at)));
    json_set_number(object, "daily_releases", waiting.daily);
    json_set_value(object, "weekly", report_instant(context, digest_next_weekly(settings, now_at)));
    json_set_number(object, "weekly_releases", waiting.weekly);
    return true;
}

void report_print_digests(struct command_context *context, const struct json_t *object)
{
    const struct digest_settings *settings = &context->config->digest;
    int64_t now_at = clock_now(&context->clock);
    terminal_print("Digests:      daily at %s (new so far: %" JSON_INTEGER_FORMAT
                   "), weekly at %s (%" JSON_INTEGER_FORMAT ")\n",
                   context_time(context, digest_next_daily(settings, now_at)),
                   json_integer_value(json_object_get(object, "daily_releases")),
                   context_time(context, digest_next_weekly(settings, now_at)),
                   json_integer_value(json_object_get(object, "weekly_releases")));
}
