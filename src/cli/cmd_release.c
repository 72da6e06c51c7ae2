/* SPDX-License-Identifier: MIT */
#include "cli/command.h"
#include "cli/context.h"
#include "cli/report.h"
#include "cli/table.h"

#include "approval/approval.h"
#include "base/arena.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/log.h"
#include "cli/terminal.h"
#include "config/config.h"
#include "database/database.h"
#include "delivery/announce.h"
#include "intake/intake.h"
#include "locale/locale.h"
#include "locale/written_date.h"
#include "queue/queue.h"
#include "release/newsroom.h"
#include "release/release_store.h"
#include "template/json_value.h"

#include <inttypes.h>
#include <jansson.h>

/* How a release stands, in one word. */
static const char *standing(const struct release_row *row, int64_t now_at)
{
    if (row->status == RELEASE_WITHDRAWN)
        return "withdrawn";
    if (row->public_at)
        return "public";
    if (row->stopped_at != INSTANT_NONE)
        return "stopped";
    if (row->approval == RELEASE_APPROVAL_AWAITED && row->status == RELEASE_READY)
        return "unapproved";
    if (row->status == RELEASE_DRAFT)
        return "draft";
    return row->due_at > now_at ? "scheduled" : "due";
}

static const char *status_name(enum release_status status)
{
    static const char *const names[] = { "draft", "ready", "withdrawn" };
    return names[status];
}

static const char *page_url(const struct command_context *context, const struct release_row *row)
{
    const char *path = release_row_page_path(context->arena, row);
    return path ? arena_format(context->arena, "%s%s", context->config->newsroom.site_url, path)
                : NULL;
}

static json_t *release_object(struct command_context *context, const struct release_row *row)
{
    json_t *object = json_object();
    json_set_text(object, "id", row->public_id);
    json_set_text(object, "title", row->title);
    json_set_text(object, "language", row->language);
    json_set_text(object, "type", row->type);
    json_set_value(object, "topics", json_words(row->topics));
    json_set_text(object, "status", status_name(row->status));
    json_set_text(object, "state", standing(row, clock_now(&context->clock)));
    json_set_value(object, "translation_of",
                   row->original_row_id == row->row_id
                       ? json_null()
                       : json_string(report_release_public_id(context, row->original_row_id)));
    json_set_text(object, "path", row->path);
    json_set_boolean(object, "missing", row->is_missing);
    json_set_number(object, "revision", row->revision);
    json_set_value(object, "published", report_instant(context, row->published_at));
    json_set_value(object, "embargo", report_instant(context, row->embargo_at));
    json_set_value(object, "public", report_instant(context, row->public_at));
    json_set_value(object, "updated", report_instant(context, row->updated_at));
    json_set_value(object, "withdrawn", report_instant(context, row->withdrawn_at));
    json_set_text(object, "url", page_url(context, row));
    return object;
}

struct listing {
    struct command_context *context;
    json_t *array;
    struct table table;
};

static void list_release(struct listing *listing, const struct release_row *row)
{
    struct command_context *context = listing->context;
    if (listing->array) {
        (void)json_array_append_new(listing->array, release_object(context, row));
        return;
    }
    struct table *table = &listing->table;
    int64_t at = row->public_at ? row->public_at : row->due_at;
    table_add_row(table);
    table_set(table, 0, row->public_id);
    table_set(table, 1, standing(row, clock_now(&context->clock)));
    table_set(table, 2, context_time(context, at));
    table_set(table, 3, row->language);
    table_set(table, 4, row->type);
    table_set(table, 5, row->title);
}

static bool list_releases(struct listing *listing, const struct release_filter *filter,
                          struct error *error)
{
    struct release_cursor cursor;
    const struct release_row *row;
    release_cursor_open(&cursor, listing->context->database, filter);
    while (release_cursor_next(&cursor, &row, error))
        list_release(listing, row);
    return release_cursor_close(&cursor);
}

int cmd_release_list(struct command_context *context)
{
    static const char *const headings[] = {
        "id", "state", "when", "language", "type", "title", NULL
    };
    const struct release_filter newest = { .order = RELEASE_ORDER_NEWEST_FIRST };
    const struct release_filter unpublished = { .only_unpublished = true,
                                                .order = RELEASE_ORDER_LAST_FIRST };
    struct error error;
    int code;
    if (!context_open_database(context, CONTEXT_READ, &code))
        return code;
    struct listing listing = { .context = context, .array = context->json ? json_array() : NULL };
    table_init(&listing.table, context->arena, headings);
    /* One view for both, else a release that becomes public in between stands in neither. */
    bool done = database_begin_read(context->database, &error) &&
                list_releases(&listing, &newest, &error) &&
                list_releases(&listing, &unpublished, &error);
    database_end_read(context->database);
    if (!done) {
        json_decref(listing.array);
        return context_fail(context, &error);
    }
    if (context->json)
        context_print_json(json_pack("{s:o}", "releases", listing.array));
    else if (table_is_empty(&listing.table))
        terminal_print("No releases yet. Put one into releases/ and call `pressroom run`.\n");
    else
        table_print(&listing.table);
    return EXIT_WELL;
}

/* The release that the command's first word names; NULL: logged. */
static struct release_row *find_release(struct command_context *context, int *code)
{
    struct error error;
    bool failed = false;
    const char *public_id = context->arguments->words[0];
    struct release_row *row = release_find_by_public_id(context->database, context->arena,
                                                        public_id, &failed, &error);
    if (!row && !failed)
        (void)error_set(&error, ERROR_INPUT,
                        "release %s: there is none" ERROR_ADVICE
                        "`pressroom release list` lists them",
                        public_id);
    if (!row)
        *code = context_fail(context, &error);
    return row;
}

static bool add_mailings(json_t *mailings, struct command_context *context, int64_t original_row_id,
                         struct error *error)
{
    struct queue_mailing_cursor cursor;
    const struct queue_mailing *mailing;
    queue_mailing_cursor_open(&cursor, context->database, original_row_id, true);
    while (queue_mailing_cursor_next(&cursor, &mailing, error))
        (void)json_array_append_new(mailings, report_mailing(context, mailing));
    return queue_mailing_cursor_close(&cursor);
}

static bool add_versions(json_t *versions, struct database *database, int64_t original_row_id,
                         struct error *error)
{
    const struct release_filter filter = { .original_row_id = original_row_id };
    struct release_cursor cursor;
    const struct release_row *row;
    release_cursor_open(&cursor, database, &filter);
    while (release_cursor_next(&cursor, &row, error))
        (void)json_array_append_new(versions,
                                    json_pack("{s:s, s:s, s:s}", "id", row->public_id, "language",
                                              row->language, "title", row->title));
    return release_cursor_close(&cursor);
}

static void print_line(const char *label, const char *value)
{
    if (value && *value)
        terminal_print("%-12s %s\n", label, value);
}

/* An embargo is also written in words, because there a wrong month is noticed. */
static const char *embargo_in_words(struct command_context *context, const struct release_row *row)
{
    bool is_waiting = row->embargo_at > clock_now(&context->clock) && !row->public_at &&
                      row->status == RELEASE_READY;
    if (!is_waiting)
        return context_time(context, row->embargo_at);
    const struct intake_wording wording = intake_wording_of(&context->config->intake, "en");
    const struct intake_value embargo = intake_value_time(
        locale_context_zone(context->config->publish.locale), row->embargo_at);
    return arena_format(context->arena, "held until %s (%s)",
                        intake_value_show(&embargo, &wording, context->arena),
                        context_time(context, row->embargo_at));
}

static void show_as_text(struct command_context *context, const struct release_row *row,
                         json_t *object)
{
    size_t index;
    json_t *item;
    print_line("Title:", row->title);
    print_line("Id:", row->public_id);
    print_line("State:", standing(row, clock_now(&context->clock)));
    print_line("Language:", row->language);
    print_line("Type:", row->type);
    print_line("Topics:", row->topics);
    print_line("File:", row->path ? row->path : "none: taken over from public/");
    if (row->is_missing)
        print_line("", "the file has vanished; what is public stays as it is");
    print_line("Revision:", arena_format(context->arena, "%" PRId64, row->revision));
    print_line("Stopped:", context_time(context, row->stopped_at));
    json_array_foreach(json_object_get(object, "approvals"), index, item) print_line(
        "Approved:", arena_format(context->arena, "revision %" JSON_INTEGER_FORMAT " by %s at %s",
                                  json_integer_value(json_object_get(item, "revision")),
                                  json_string_value(json_object_get(item, "address")),
                                  json_string_value(json_object_get(item, "at"))));
    if (row->approval == RELEASE_APPROVAL_AWAITED)
        print_line("Approval:", row->changes == RELEASE_CHANGES_OPEN
                                    ? "the newest revision has open changes that nobody accepted"
                                    : "the newest revision awaits a yes");
    print_line("Published:", context_time(context, row->published_at));
    print_line("Embargo:", embargo_in_words(context, row));
    print_line("Public:", context_time(context, row->public_at));
    print_line("Updated:", context_time(context, row->updated_at));
    print_line("Correction:", row->correction);
    print_line("Withdrawn:", context_time(context, row->withdrawn_at));
    print_line("Reason:", row->withdrawal_reason);
    print_line("Page:", page_url(context, row));
    print_line("Mailing:", row->announce_note);
    json_array_foreach(json_object_get(object, "versions"), index, item)
        print_line("Version:", arena_format(context->arena, "%s (%s) %s",
                                            json_string_value(json_object_get(item, "id")),
                                            json_string_value(json_object_get(item, "language")),
                                            json_string_value(json_object_get(item, "title"))));
    json_array_foreach(json_object_get(object, "mailings"), index, item)
        print_line("Mailing:", arena_format(context->arena,
                                            "%" JSON_INTEGER_FORMAT " %s, %s: %" JSON_INTEGER_FORMAT
                                            " of %" JSON_INTEGER_FORMAT " sent",
                                            json_integer_value(json_object_get(item, "id")),
                                            json_string_value(json_object_get(item, "kind")),
                                            json_string_value(json_object_get(item, "state")),
                                            json_integer_value(json_object_get(item, "sent")),
                                            json_integer_value(json_object_get(item, "audience"))));
}

/* NULL: the database failed. */
static json_t *approval_array(struct command_context *context, const struct release_row *row,
                              struct error *error)
{
    size_t count = 0;
    struct approval *approvals = NULL;
    if (!approval_list(context->database, context->arena, row->row_id, &approvals, &count, error))
        return NULL;
    json_t *array = json_array();
    for (size_t i = 0; i < count; i++) {
        json_t *object = json_object();
        json_set_value(object, "revision", json_integer((json_int_t)approvals[i].revision));
        json_set_text(object, "address", approvals[i].address);
        json_set_value(object, "at", report_instant(context, approvals[i].at));
        (void)json_array_append_new(array, object);
    }
    return array;
}

int cmd_release_show(struct command_context *context)
{
    struct error error;
    int code;
    if (!context_open_database(context, CONTEXT_READ, &code))
        return code;
    const struct release_row *row = find_release(context, &code);
    if (!row)
        return code;
    json_t *object = release_object(context, row);
    json_set_text(object, "correction", row->correction);
    json_set_text(object, "reason", row->withdrawal_reason);
    json_set_value(object, "stopped", report_instant(context, row->stopped_at));
    json_t *approvals = approval_array(context, row, &error);
    if (!approvals) {
        json_decref(object);
        return context_fail(context, &error);
    }
    json_set_value(object, "approvals", approvals);
    json_set_value(object, "announcement",
                   json_pack("{s:o, s:s}", "at", report_instant(context, row->announced_at), "note",
                             row->announce_note ? row->announce_note : ""));
    json_t *versions = json_array();
    json_set_value(object, "versions", versions);
    bool done = add_versions(versions, context->database, row->original_row_id, &error);
    json_t *mailings = json_array();
    json_set_value(object, "mailings", mailings);
    done = done && add_mailings(mailings, context, row->original_row_id, &error);
    if (!done) {
        json_decref(object);
        return context_fail(context, &error);
    }
    if (context->json) {
        context_print_json(object);
        return EXIT_WELL;
    }
    show_as_text(context, row, object);
    json_decref(object);
    return EXIT_WELL;
}

/* Where another process writes pages, which may take minutes, the mails are stopped at once and the
 * withdrawal is recorded: whoever holds or takes the lock next carries it out, even if this process
 * is killed while it waits. */
static bool withdraw(struct command_context *context, const struct release_row *row,
                     int64_t *cancelled, struct error *error)
{
    struct error busy;
    struct database *database = context->database;
    const char *reason = arguments_value(context->arguments, "reason");
    const struct intake_withdrawing withdrawing = { .database = database,
                                                    .now_at = clock_now(&context->clock),
                                                    .notifies = context->config->intake.notifies };
    if (context_try_lock_run(context, &busy))
        return intake_withdraw(&withdrawing, row->row_id, reason, cancelled, error);
    if (busy.kind != ERROR_TEMPORARY) {
        *error = busy;
        return false;
    }
    if (!intake_ask_withdrawal(database, row->row_id, reason, clock_now(&context->clock), cancelled,
                               error))
        return false;
    log_line(LOG_WARNING, "%s: its mails are stopped; its page goes when the other run ends",
             row->public_id);
    return context_lock_run(context, error) && intake_finish_withdrawals(&withdrawing, error);
}

int cmd_release_withdraw(struct command_context *context)
{
    struct error error;
    int code;
    int64_t cancelled = 0;
    if (!arguments_have(context->arguments, "reason")) {
        (void)error_set(&error, ERROR_USAGE,
                        "release withdraw: needs --reason TEXT" ERROR_ADVICE
                        "readers of the page and the mail will see it");
        return context_fail(context, &error);
    }
    if (!context_open_database(context, CONTEXT_WRITE, &code))
        return code;
    struct release_row *row = find_release(context, &code);
    if (!row)
        return code;
    if (!withdraw(context, row, &cancelled, &error))
        return context_fail(context, &error);
    if (context->json)
        context_print_json(json_pack("{s:s, s:s, s:I}", "id", row->public_id, "status", "withdrawn",
                                     "cancelled", (json_int_t)cancelled));
    else if (!context->quiet)
        terminal_print("%s is withdrawn%s. `pressroom run` takes the page away.\n", row->public_id,
                       cancelled ? arena_format(context->arena, "; %s will not be sent",
                                                report_counted(context->arena, cancelled, "message",
                                                               "messages"))
                                 : "");
    return EXIT_WELL;
}

/* In a transaction of its own. */
static bool resume(struct command_context *context, const struct release_row *row, size_t *count,
                   struct error *error)
{
    struct transaction transaction = transaction_of(context->database);
    while (transaction_run(&transaction, error))
        transaction_end(&transaction,
                        approval_resume(context->database, row->original_row_id,
                                        clock_now(&context->clock), count, error),
                        error);
    return transaction.is_done;
}

int cmd_release_resume(struct command_context *context)
{
    struct error error;
    int code;
    size_t count = 0;
    if (!context_open_database(context, CONTEXT_WRITE, &code))
        return code;
    const struct release_row *row = find_release(context, &code);
    if (!row)
        return code;
    if (!resume(context, row, &count, &error))
        return context_fail(context, &error);
    if (!count) {
        (void)error_set(&error, ERROR_INPUT, "release %s: nothing of it is stopped",
                        row->public_id);
        return context_fail(context, &error);
    }
    if (context->json)
        context_print_json(
            json_pack("{s:s, s:I}", "id", row->public_id, "resumed", (json_int_t)count));
    else if (!context->quiet)
        terminal_print("%s goes on; `pressroom run` publishes and mails what is due.\n",
                       row->public_id);
    return EXIT_WELL;
}

int cmd_release_resend(struct command_context *context)
{
    struct error error;
    int code;
    struct announce_totals totals = { 0 };
    const char *public_id = context->arguments->words[0];
    if (!arguments_have(context->arguments, "missed")) {
        (void)error_set(&error, ERROR_USAGE,
                        "release resend: needs --missed" ERROR_ADVICE
                        "nobody is mailed a release twice");
        return context_fail(context, &error);
    }
    if (!context_open_database(context, CONTEXT_WRITE, &code))
        return code;
    if (!announce_again(context->database, &context->config->announce, &context->clock, public_id,
                        &totals, &error))
        return context_fail(context, &error);
    if (context->json)
        context_print_json(
            json_pack("{s:s, s:I}", "id", public_id, "deliveries", (json_int_t)totals.deliveries));
    else if (!context->quiet && totals.deliveries)
        terminal_print("%s: %s queued; `pressroom deliver` sends what is due.\n", public_id,
                       report_counted(context->arena, totals.deliveries, "message", "messages"));
    else if (!context->quiet)
        terminal_print("%s: every confirmed follower has been sent it, or soon will be.\n",
                       public_id);
    return EXIT_WELL;
}
