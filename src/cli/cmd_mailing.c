/* SPDX-License-Identifier: MIT */
#include "cli/command.h"
#include "cli/context.h"
#include "cli/recipients.h"
#include "cli/report.h"
#include "cli/report_digest.h"
#include "cli/report_feedback.h"
#include "cli/table.h"

#include "address/address.h"
#include "base/arena.h"
#include "base/clock.h"
#include "base/error.h"
#include "cli/terminal.h"
#include "database/database.h"
#include "digest/digest.h"
#include "queue/queue.h"
#include "queue/trouble.h"
#include "release/release_note.h"
#include "release/release_store.h"
#include "template/json_value.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

struct listing {
    struct command_context *context;
    json_t *array; /* NULL: for people */
    struct table table;
};

static const char *const mailing_headings[] = {
    "id",   ">audience", ">sent", ">waiting", ">failed", ">other",
    "kind", "release",   "state", "started",  "note",    NULL,
};

static void list_mailing(struct listing *listing, const struct queue_mailing *mailing)
{
    if (listing->array) {
        (void)json_array_append_new(listing->array, report_mailing(listing->context, mailing));
        return;
    }
    const struct queue_delivery_counts *counts = &mailing->counts;
    const int64_t *count = counts->count;
    struct table *table = &listing->table;
    table_add_row(table);
    table_set_number(table, 0, mailing->row_id);
    table_set_number(table, 1, counts->audience);
    table_set_number(table, 2, count[QUEUE_SENT]);
    table_set_number(table, 3, count[QUEUE_QUEUED] + count[QUEUE_SENDING] + count[QUEUE_DEFERRED]);
    table_set_number(table, 4, count[QUEUE_FAILED]);
    table_set_number(table, 5,
                     count[QUEUE_SUPPRESSED] + count[QUEUE_UNKNOWN] + count[QUEUE_CANCELLED]);
    table_set(table, 6, queue_kind_name(mailing->kind));
    table_set(table, 7, report_mailing_subject(listing->context, mailing));
    table_set(table, 8, report_mailing_state(listing->context, mailing));
    table_set(table, 9, context_time(listing->context, mailing->started_at));
    table_set(table, 10, mailing->note);
}

int cmd_mailing_list(struct command_context *context)
{
    struct error error;
    int code;
    if (!context_open_database(context, CONTEXT_READ, &code))
        return code;
    struct listing listing = { .context = context, .array = context->json ? json_array() : NULL };
    struct queue_mailing_cursor cursor;
    const struct queue_mailing *mailing;
    table_init(&listing.table, context->arena, mailing_headings);
    queue_mailing_cursor_open(&cursor, context->database, 0, true);
    while (queue_mailing_cursor_next(&cursor, &mailing, &error))
        list_mailing(&listing, mailing);
    if (!queue_mailing_cursor_close(&cursor)) {
        json_decref(listing.array);
        return context_fail(context, &error);
    }
    if (context->json)
        context_print_json(json_pack("{s:o}", "mailings", listing.array));
    else if (table_is_empty(&listing.table))
        terminal_print("No mailings yet.\n");
    else
        table_print(&listing.table);
    return EXIT_WELL;
}

/* The mailing that the command's first word names; NULL: logged. */
static struct queue_mailing *find_mailing(struct command_context *context, int *code)
{
    struct error error;
    const char *word = context->arguments->words[0];
    char *end;
    bool failed = false;
    int64_t row_id = strtoll(word, &end, 10);
    struct queue_mailing *mailing = NULL;
    if (*word && !*end && row_id > 0)
        mailing = queue_mailing_find(context->database, context->arena, row_id, &failed, &error);
    if (!mailing && !failed)
        (void)error_set(
            &error, ERROR_INPUT,
            "mailing %s: there is none" ERROR_ADVICE "`pressroom mailing list` lists them", word);
    if (!mailing)
        *code = context_fail(context, &error);
    return mailing;
}

static void print_counts(const struct queue_delivery_counts *counts)
{
    terminal_print("Counts:   %" PRId64 " =", counts->audience);
    for (int state = 0; state < QUEUE_STATE_COUNT; state++)
        terminal_print("%s %" PRId64 " %s", state ? " +" : "", counts->count[state],
                       queue_state_name((enum queue_state)state));
    terminal_print("\n          of the sent: %" PRId64 " bounced, %" PRId64 " complained\n",
                   counts->bounced, counts->complained);
}

static int show_as_text(struct command_context *context, const struct queue_mailing *mailing)
{
    struct error error;
    terminal_print("Mailing:  %" PRId64 ", %s of %s\n", mailing->row_id,
                   queue_kind_name(mailing->kind), report_mailing_subject(context, mailing));
    terminal_print("State:    %s%s%s\n", report_mailing_state(context, mailing),
                   mailing->note && *mailing->note ? ": " : "", mailing->note ? mailing->note : "");
    terminal_print(
        "Starts:   %s\nStarted:  %s\nFinished: %s\n", context_time(context, mailing->starts_at),
        context_time(context, mailing->started_at), context_time(context, mailing->finished_at));
    print_counts(&mailing->counts);
    json_t *reasons = NULL;
    if (report_feedback_show(context, mailing, &error) &&
        report_digest_subscribers(context, mailing, &error))
        reasons = report_reasons(context, mailing->row_id, &error);
    if (!reasons)
        return context_fail(context, &error);
    report_print_reasons(reasons);
    json_decref(reasons);
    bool done = !arguments_have(context->arguments, "recipients") ||
                recipients_print_table(context, mailing->row_id, &error);
    return done ? EXIT_WELL : context_fail(context, &error);
}

static int show_as_json(struct command_context *context, const struct queue_mailing *mailing)
{
    struct error error;
    json_t *object = report_mailing(context, mailing);
    json_t *reasons = NULL;
    if (report_feedback_add(context, mailing, object, &error) &&
        report_digest(context, mailing, object, &error))
        reasons = report_reasons(context, mailing->row_id, &error);
    if (!reasons) {
        json_decref(object);
        return context_fail(context, &error);
    }
    json_set_value(object, "reasons", reasons);
    if (!arguments_have(context->arguments, "recipients")) {
        context_print_json(object);
        return EXIT_WELL;
    }
    return recipients_print_json(context, mailing->row_id, object, &error)
               ? EXIT_WELL
               : context_fail(context, &error);
}

int cmd_mailing_show(struct command_context *context)
{
    struct error error;
    int code;
    bool accepts = arguments_have(context->arguments, "accept-bounces");
    if (!context_open_database(context, accepts ? CONTEXT_WRITE : CONTEXT_READ, &code))
        return code;
    const struct queue_mailing *mailing = find_mailing(context, &code);
    if (!mailing)
        return code;
    if (accepts && !report_feedback_accept(context, mailing, &error))
        return context_fail(context, &error);
    if (arguments_have(context->arguments, "csv"))
        return recipients_print_csv(context, mailing->row_id, &error)
                   ? EXIT_WELL
                   : context_fail(context, &error);
    return context->json ? show_as_json(context, mailing) : show_as_text(context, mailing);
}

enum mailing_change { MAILING_PAUSE, MAILING_RESUME, MAILING_CANCEL };

/* What a reply of STOP keeps back goes with its release alone, also where the mailing was held or
 * paused before; a withdrawal tells of what came behind it. */
static bool is_stopped(const struct queue_mailing *mailing, const struct release_row *release)
{
    bool is_paused = mailing->state == QUEUE_MAILING_HELD || mailing->state == QUEUE_MAILING_PAUSED;
    if (!is_paused || !release)
        return false;
    if (strcmp(mailing->note, QUEUE_STOPPED_NOTE) == 0)
        return true;
    return release->stopped_at != INSTANT_NONE &&
           !(mailing->kind == QUEUE_WITHDRAWAL && release->withdrawn_at != INSTANT_NONE &&
             release->withdrawn_at > release->stopped_at);
}

/* In the transaction of the change, as a STOP may come meanwhile. */
static bool check_stopped(struct database *database, int64_t row_id, struct error *error)
{
    bool failed = false;
    struct arena arena = { 0 };
    const struct release_row *release = NULL;
    const struct queue_mailing *mailing = queue_mailing_head(database, &arena, row_id, &failed,
                                                             error);
    if (mailing && mailing->release)
        release = release_find_by_row_id(database, &arena, mailing->release, &failed, error);
    bool done = !failed;
    if (done && mailing && is_stopped(mailing, release))
        done = error_set(error, ERROR_INPUT,
                         "mailing %" PRId64 ": is left alone, as a reply to a receipt stopped its "
                         "release" ERROR_ADVICE "`pressroom release resume %s` lets it go",
                         row_id, release->public_id);
    arena_release(&arena);
    return done;
}

static bool write_state(struct database *database, enum mailing_change change, int64_t row_id,
                        int64_t now_at, int64_t *count, struct error *error)
{
    switch (change) {
    case MAILING_PAUSE:
        return queue_mailing_pause(database, row_id, "by hand", error);
    case MAILING_RESUME:
        return check_stopped(database, row_id, error) &&
               digest_mailing_resume(database, row_id, now_at, error);
    case MAILING_CANCEL:
        break;
    }
    return queue_mailing_cancel(database, row_id, "by hand", now_at, count, error);
}

/* A note beside the release's file may say that its mailing waits. */
static bool write_change(struct database *database, enum mailing_change change,
                         const struct queue_mailing *mailing, int64_t now_at, int64_t *count,
                         struct error *error)
{
    return write_state(database, change, mailing->row_id, now_at, count, error) &&
           (!mailing->release || release_note_mark(database, mailing->release, error));
}

static bool change_mailing(struct command_context *context, enum mailing_change change,
                           const struct queue_mailing *mailing, int64_t *count, struct error *error)
{
    int64_t now_at = clock_now(&context->clock);
    struct transaction transaction = transaction_of(context->database);
    while (transaction_run(&transaction, error))
        transaction_end(&transaction,
                        write_change(context->database, change, mailing, now_at, count, error),
                        error);
    return transaction.is_done;
}

/* Pausing what has ended changes nothing, so it is refused instead of confirmed. */
static bool check_paused(const struct queue_mailing *mailing, struct error *error)
{
    if (mailing->state != QUEUE_MAILING_FINISHED && mailing->state != QUEUE_MAILING_CANCELLED)
        return true;
    return error_set(error, ERROR_INPUT,
                     "mailing %" PRId64 ": is %s" ERROR_ADVICE "nothing is left to pause",
                     mailing->row_id, queue_mailing_state_name(mailing->state));
}

static int change_command(struct command_context *context, enum mailing_change change)
{
    struct error error;
    int code;
    int64_t count = 0;
    if (!context_open_database(context, CONTEXT_WRITE, &code))
        return code;
    struct queue_mailing *mailing = find_mailing(context, &code);
    if (!mailing)
        return code;
    if (!change_mailing(context, change, mailing, &count, &error))
        return context_fail(context, &error);
    mailing = find_mailing(context, &code);
    if (!mailing)
        return code;
    if (change == MAILING_PAUSE && !check_paused(mailing, &error))
        return context_fail(context, &error);
    if (context->json) {
        context_print_json(report_mailing(context, mailing));
    } else if (!context->quiet) {
        terminal_print("Mailing %" PRId64 " is %s now.", mailing->row_id,
                       report_mailing_state(context, mailing));
        if (change == MAILING_CANCEL)
            terminal_print(" %s will not be sent.",
                           report_counted(context->arena, count, "message", "messages"));
        terminal_print("\n");
    }
    return EXIT_WELL;
}

int cmd_mailing_pause(struct command_context *context)
{
    return change_command(context, MAILING_PAUSE);
}

/* A domain is held for all mailings, so it is released for all. */
static bool free_domain(struct command_context *context, const char *word,
                        char name[ADDRESS_GROUP_SIZE], int64_t *waiting, struct error *error)
{
    const char *domain = address_domain_ascii(context->arena, word, error);
    if (!domain)
        return false;
    struct transaction transaction = transaction_of(context->database);
    while (transaction_run(&transaction, error))
        transaction_end(&transaction,
                        queue_receiver_free(context->database, domain, clock_now(&context->clock),
                                            name, waiting, error),
                        error);
    return transaction.is_done;
}

static int resume_domain(struct command_context *context, const char *domain)
{
    struct error error;
    int code;
    int64_t waiting = 0;
    char name[ADDRESS_GROUP_SIZE];
    if (!context_open_database(context, CONTEXT_WRITE, &code))
        return code;
    const struct queue_mailing *mailing = find_mailing(context, &code);
    if (!mailing)
        return code;
    if (!free_domain(context, domain, name, &waiting, &error))
        return context_fail(context, &error);
    if (context->json) {
        json_t *object = report_mailing(context, mailing);
        json_set_text(object, "domain", name);
        json_set_number(object, "waiting", waiting);
        context_print_json(object);
    } else if (!context->quiet) {
        terminal_print("%s is not held any more: %s with the next run.\n", name,
                       waiting == 1
                           ? "the message that waits for it goes"
                           : arena_format(context->arena,
                                          "the %" PRId64 " messages that wait for it go", waiting));
    }
    return EXIT_WELL;
}

int cmd_mailing_resume(struct command_context *context)
{
    const char *domain = arguments_value(context->arguments, "domain");
    if (domain)
        return resume_domain(context, domain);
    return change_command(context, MAILING_RESUME);
}

int cmd_mailing_cancel(struct command_context *context)
{
    return change_command(context, MAILING_CANCEL);
}
