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
static bool print_csv(void *payload, const struct queue_recipient *recipient, struct error *error)
{
    struct arena arena = { 0 };
    struct string_builder *line = payload;
    (void)error;
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
    return true;
}

bool recipients_print_csv(struct command_context *context, int64_t mailing, struct error *error)
{
    struct string_builder line;
    string_builder_init(&line, 0);
    (void)puts("address,state,code,enhanced,text,updated,next,tries,bounced,complained");
    bool done = queue_recipient_each(context->database, mailing, QUEUE_STATE_COUNT, print_csv,
                                     &line, error);
    string_builder_release(&line);
    return done;
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
static bool list_recipient(void *payload, const struct queue_recipient *recipient,
                           struct error *error)
{
    struct listing *listing = payload;
    struct arena row = { 0 };
    struct arena *whole = listing->context->arena;
    (void)error;
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
    return true;
}

static bool list(struct listing *listing, int64_t mailing, struct error *error)
{
    return queue_recipient_each(listing->context->database, mailing, QUEUE_STATE_COUNT,
                                list_recipient, listing, error);
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

struct dump {
    struct command_context *context;
    bool has_some;
};

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

static bool print_json(void *payload, const struct queue_recipient *recipient, struct error *error)
{
    struct dump *dump = payload;
    struct arena row = { 0 };
    struct arena *whole = dump->context->arena;
    (void)error;
    dump->context->arena = &row;
    json_t *object = recipient_object(dump->context, recipient);
    (void)fputs(dump->has_some ? ",\n    " : "\n    ", stdout);
    (void)json_dumpf(object, stdout, 0);
    json_decref(object);
    dump->has_some = true;
    dump->context->arena = whole;
    arena_release(&row);
    return true;
}

bool recipients_print_json(struct command_context *context, int64_t mailing, struct json_t *object,
                           struct error *error)
{
    struct dump dump = { .context = context };
    char *text = json_dumps(object, JSON_INDENT(2));
    json_decref(object);
    if (!text)
        return error_set(error, ERROR_SYSTEM, "mailing show: no memory");
    (void)printf("%.*s,\n  \"recipients\": [", (int)(strrchr(text, '\n') - text), text);
    free(text);
    bool done = queue_recipient_each(context->database, mailing, QUEUE_STATE_COUNT, print_json,
                                     &dump, error);
    if (done) /* else a document that is cut short must not look whole */
        (void)fputs(dump.has_some ? "\n  ]\n}\n" : "]\n}\n", stdout);
    return done;
}
