/* SPDX-License-Identifier: MIT */
#include "cli/report.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/error.h"
#include "cli/context.h"
#include "cli/terminal.h"
#include "queue/queue.h"
#include "release/release_store.h"
#include "template/json_value.h"

#include <inttypes.h>
#include <jansson.h>

const char *report_counted(struct arena *arena, int64_t count, const char *one, const char *many)
{
    return arena_format(arena, "%" PRId64 " %s", count, count == 1 ? one : many);
}

const char *report_share(struct arena *arena, int64_t count, int64_t of)
{
    if (of == 0)
        return "-";
    double share = 100.0 * (double)count / (double)of;
    if (count > 0 && share < 0.01)
        return "under 0.01 %";
    if (share < 10.0)
        return arena_format(arena, "%.2g %%", share);
    return arena_format(arena, "%" PRId64 " %%", count * 100 / of);
}

struct json_t *report_text(const char *text)
{
    return text ? json_string(text) : json_null();
}

struct json_t *report_instant(const struct command_context *context, int64_t instant)
{
    return report_text(context_instant(context, instant));
}

const char *report_minute(struct arena *arena, const json_t *instant)
{
    const char *text = json_string_value(instant);
    return text ? arena_format(arena, "%.10s %.5s", text, text + sizeof "2026-11-29") : "";
}

void report_add_counts(struct json_t *object, const struct queue_delivery_counts *counts)
{
    json_set_number(object, "audience", counts->audience);
    for (int state = 0; state < QUEUE_STATE_COUNT; state++)
        json_set_number(object, queue_state_name((enum queue_state)state), counts->count[state]);
    json_set_number(object, "bounced", counts->bounced);
    json_set_number(object, "complained", counts->complained);
}

const char *report_release_public_id(struct command_context *context, int64_t row_id)
{
    struct error error;
    bool failed = false;
    if (!row_id)
        return "";
    const struct release_row *row = release_find_by_row_id(context->database, context->arena,
                                                           row_id, &failed, &error);
    return row ? row->public_id : "";
}

const char *report_mailing_subject(struct command_context *context,
                                   const struct queue_mailing *mailing)
{
    return mailing->kind == QUEUE_DIGEST ? arena_copy(context->arena, mailing->deduplication_key)
                                         : report_release_public_id(context, mailing->release);
}

const char *report_mailing_state(const struct command_context *context,
                                 const struct queue_mailing *mailing)
{
    if (mailing->state == QUEUE_MAILING_ACTIVE && mailing->starts_at > clock_now(&context->clock))
        return "waiting";
    return queue_mailing_state_name(mailing->state);
}

struct json_t *report_mailing(struct command_context *context, const struct queue_mailing *mailing)
{
    json_t *object = json_object();
    json_set_number(object, "id", mailing->row_id);
    json_set_text(object, "kind", queue_kind_name(mailing->kind));
    json_set_text(object, "release", report_release_public_id(context, mailing->release));
    if (mailing->kind == QUEUE_DIGEST)
        json_set_text(object, "digest", mailing->deduplication_key);
    json_set_text(object, "state", report_mailing_state(context, mailing));
    json_set_text(object, "note", mailing->note ? mailing->note : "");
    json_set_value(object, "starts", report_instant(context, mailing->starts_at));
    json_set_value(object, "started", report_instant(context, mailing->started_at));
    json_set_value(object, "finished", report_instant(context, mailing->finished_at));
    report_add_counts(object, &mailing->counts);
    return object;
}

struct json_t *report_reasons(struct command_context *context, int64_t mailing, struct error *error)
{
    struct arena arena = { 0 };
    struct queue_reason *reasons;
    size_t count;
    if (!queue_reasons_read(context->database, &arena, mailing, &reasons, &count, error)) {
        arena_release(&arena);
        return NULL;
    }
    json_t *array = json_array();
    for (size_t i = 0; i < count; i++) {
        json_t *object = json_object();
        json_set_text(object, "state", queue_state_name(reasons[i].state));
        json_set_number(object, "code", reasons[i].smtp_code);
        json_set_text(object, "enhanced", reasons[i].enhanced);
        json_set_text(object, "text", reasons[i].text);
        json_set_number(object, "count", reasons[i].count);
        (void)json_array_append_new(array, object);
    }
    arena_release(&arena);
    return array;
}

void report_print_reasons(const struct json_t *reasons)
{
    size_t index;
    json_t *reason;
    json_array_foreach(reasons, index, reason)
    {
        int64_t code = json_integer_value(json_object_get(reason, "code"));
        const char *enhanced = json_string_value(json_object_get(reason, "enhanced"));
        const char *text = json_string_value(json_object_get(reason, "text"));
        terminal_print(
            "  %" PRId64 " %s:", (int64_t)json_integer_value(json_object_get(reason, "count")),
            json_string_value(json_object_get(reason, "state")));
        if (code)
            terminal_print(" %" PRId64, code);
        terminal_print("%s%s%s%s\n", enhanced ? " " : "", enhanced ? enhanced : "", text ? " " : "",
                       text ? text : "");
    }
}
