/* SPDX-License-Identifier: MIT */
#include "cli/recipients.h"

#include "cli/context.h"
#include "cli/report.h"
#include "cli/table.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/string_builder.h"
#include "list/csv_write.h"
#include "queue/queue.h"
#include "template/json_value.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- as CSV ---- */

static void write_words(struct string_builder *line, const char *words)
{
    csv_write_field(line, &csv_form_plain, words ? words : "", false);
}

static void write_number(struct string_builder *line, int64_t number)
{
    string_builder_append_format(line, "%" PRId64 ",", number);
}

/* Each row is printed as it is read, because a mailing may have a million. */
static void print_csv(struct string_builder *line, const struct queue_recipient *recipient)
{
    struct arena arena = { 0 };
    string_builder_clear(line);
    write_words(line, recipient->address);
    write_words(line, queue_state_name(recipient->state));
    write_number(line, recipient->smtp_code);
    write_words(line, recipient->enhanced);
    write_words(line, recipient->text);
    write_words(line, instant_format_utc(&arena, recipient->updated_at));
    write_words(line, instant_format_utc(&arena, recipient->next_at));
    write_number(line, recipient->attempts);
    write_number(line, recipient->is_bounced);
    string_builder_append_format(line, "%d\n", recipient->is_complained);
    (void)fwrite(line->data, 1, line->length, stdout);
    arena_release(&arena);
}

bool recipients_print_csv(struct command_context *context, int64_t mailing, struct error *error)
{
    struct string_builder line;
    struct queue_recipient_cursor cursor;
    const struct queue_recipient *recipient;
    string_builder_init(&line, 0);
    (void)puts("address,state,code,enhanced,text,updated,next,tries,bounced,complained");
    queue_recipient_cursor_open(&cursor, context->database, mailing, QUEUE_STATE_COUNT);
    while (queue_recipient_cursor_next(&cursor, &recipient, error))
        print_csv(&line, recipient);
    string_builder_release(&line);
    return queue_recipient_cursor_close(&cursor);
}

/* ---- for people ---- */

struct listing {
    struct command_context *context;
    struct table table;
    int64_t count;
    bool is_printed; /* else measured */
};

static void add_row(struct listing *listing, const struct queue_recipient *recipient)
{
    struct table *table = &listing->table;
    table_add_row(table);
    table_set(table, 0, recipient->address ? recipient->address : "(erased)");
    table_set(table, 1, queue_state_name(recipient->state));
    if (recipient->smtp_code)
        table_set_number(table, 2, recipient->smtp_code);
    table_set_number(table, 3, recipient->attempts);
    table_set(table, 4, context_time(listing->context, recipient->updated_at));
    table_set(table, 5, context_time(listing->context, recipient->next_at));
    table_set(table, 6, recipient->text);
}

/* One row at a time is in the table. */
static void list_recipient(struct listing *listing, const struct queue_recipient *recipient)
{
    struct arena row = { 0 };
    struct arena *whole = listing->context->arena;
    listing->context->arena = &row;
    listing->table.arena = &row;
    add_row(listing, recipient);
    if (listing->is_printed)
        table_print_rows(&listing->table);
    table_cut(&listing->table);
    listing->context->arena = whole;
    listing->table.arena = whole;
    listing->count++;
    arena_release(&row);
}

static bool list(struct listing *listing, int64_t mailing, struct error *error)
{
    struct queue_recipient_cursor cursor;
    const struct queue_recipient *recipient;
    queue_recipient_cursor_open(&cursor, listing->context->database, mailing, QUEUE_STATE_COUNT);
    while (queue_recipient_cursor_next(&cursor, &recipient, error))
        list_recipient(listing, recipient);
    return queue_recipient_cursor_close(&cursor);
}

bool recipients_print_table(struct command_context *context, int64_t mailing, struct error *error)
{
    static const char *const headings[] = { "recipient", "state", ">code", ">tries",
                                            "updated",   "next",  "text",  NULL };
    struct listing listing = { .context = context };
    table_init(&listing.table, context->arena, headings);
    bool done = list(&listing, mailing, error);
    if (done && listing.count) {
        listing.is_printed = true; /* rows added between the passes only widen their column */
        table_print_heading(&listing.table);
        done = list(&listing, mailing, error);
    }
    return done;
}

/* ---- as JSON ---- */

static json_t *recipient_object(const struct command_context *context,
                                const struct queue_recipient *recipient)
{
    json_t *object = json_object();
    json_set_text(object, "address", recipient->address);
    json_set_text(object, "state", queue_state_name(recipient->state));
    json_set_number(object, "code", recipient->smtp_code);
    json_set_text(object, "enhanced", recipient->enhanced);
    json_set_text(object, "text", recipient->text);
    json_set_value(object, "updated", report_instant(context, recipient->updated_at));
    json_set_value(object, "next", report_instant(context, recipient->next_at));
    json_set_number(object, "tries", recipient->attempts);
    json_set_boolean(object, "bounced", recipient->is_bounced);
    json_set_boolean(object, "complained", recipient->is_complained);
    return object;
}

static void print_json(struct command_context *context, const struct queue_recipient *recipient,
                       bool is_first)
{
    struct arena row = { 0 };
    struct arena *whole = context->arena;
    context->arena = &row;
    json_t *object = recipient_object(context, recipient);
    (void)fputs(is_first ? "\n    " : ",\n    ", stdout);
    (void)json_dumpf(object, stdout, 0);
    json_decref(object);
    context->arena = whole;
    arena_release(&row);
}

bool recipients_print_json(struct command_context *context, int64_t mailing, struct json_t *object,
                           struct error *error)
{
    struct queue_recipient_cursor cursor;
    const struct queue_recipient *recipient;
    bool is_first = true;
    char *text = json_dumps(object, JSON_INDENT(2));
    json_decref(object);
    if (!text)
        return error_set(error, ERROR_SYSTEM, "mailing show: no memory");
    (void)printf("%.*s,\n  \"recipients\": [", (int)(strrchr(text, '\n') - text), text);
    free(text);
    queue_recipient_cursor_open(&cursor, context->database, mailing, QUEUE_STATE_COUNT);
    while (queue_recipient_cursor_next(&cursor, &recipient, error)) {
        print_json(context, recipient, is_first);
        is_first = false;
    }
    if (!queue_recipient_cursor_close(&cursor))
        return false; /* without its end, so that a document cut short does not look whole */
    (void)fputs(is_first ? "]\n}\n" : "\n  ]\n}\n", stdout);
    return true;
}
