/* SPDX-License-Identifier: MIT */
#include "receipt/due.h"
#include "receipt/events.h"
#include "receipt/many.h"
#include "receipt/receivers.h"
#include "receipt/words.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/fault.h"
#include "base/log.h"
#include "database/database.h"
#include "intake/approval.h"
#include "intake/report.h"
#include "mail/mail.h"
#include "preview/preview.h"
#include "release/release_notification.h"
#include "release/release_shown.h"
#include "release/release_store.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* So long a file has been left alone before what it has become is shown, and so much longer where
 * it cannot be read as it is. */
#define STILL_MS (10 * DURATION_MINUTE)
#define UNREADABLE_MS DURATION_HOUR

/* One version of what is not public yet, shown. */
struct shown {
    struct preview preview;
    int64_t release;
    bool has_open_changes;
    struct shown *next;
};

/* What is told in one transaction: mails to all who are to know, and what is done with then. */
struct telling {
    const struct receipt_service *service;
    struct arena arena;
    struct receipt_message message; /* of all of them, but for the address */
    struct receipt_message *messages;
    struct receipt_prepared *prepared;
    size_t count;
    int64_t notification;          /* taken away; 0: none */
    const struct receipt_due *due; /* the same; NULL: none */
    struct receipt_due later;      /* to be told then; release 0: nothing */
    int64_t public_at;             /* of what is to be told later of; INSTANT_NONE */
    struct shown *shown;           /* of what is not public yet */
    int64_t queued;                /* mails that were new */
};

/* ---- who is told ---- */

static bool is_wanted(const struct receipt_service *service, enum receipt_event event)
{
    return receipt_event_is_wanted(service->settings, event);
}

static size_t count_addresses(const struct receipt_address *address)
{
    size_t count = 0;
    for (; address; address = address->next)
        count++;
    return count;
}

/* Written ahead of the transaction, since it takes a while: nobody waits for the lock meanwhile. An
 * address that cannot be written to keeps no other from knowing. */
static bool prepare(struct telling *telling, struct receipt_writer *writer, struct error *error)
{
    const struct receipt_settings *settings = telling->service->settings;
    const struct receipt_address *to = NULL;
    const char *path = writer->row ? writer->row->path : telling->message.path;
    if (!receivers_of_message(telling->service, &telling->arena, &telling->message, path, &to,
                              error))
        return false;
    size_t most = count_addresses(to);
    writer_link(writer, "receipt_link_status", telling->service->status_url);
    telling->messages = arena_allocate_array(&telling->arena, most, sizeof *telling->messages);
    telling->prepared = arena_allocate_array(&telling->arena, most, sizeof *telling->prepared);
    for (; to; to = to->next) {
        struct receipt_message *message = &telling->messages[telling->count];
        *message = telling->message;
        message->address = to->address;
        message->words = &writer->words;
        if (receipt_prepare(settings, telling->service->keys, telling->service->random,
                            &telling->arena, message, &telling->prepared[telling->count], error))
            telling->count++;
        else if (error->kind == ERROR_INPUT)
            log_line(LOG_ERROR, "receipts: one could not be written: %s", error->message);
        else
            return false;
    }
    return true;
}

/* ---- storing ---- */

static bool add_due(struct telling *telling, enum receipt_event event, int64_t delay_ms,
                    struct error *error)
{
    const struct receipt_due due = { .release = telling->message.release,
                                     .event = event,
                                     .at = telling->public_at + delay_ms };
    return !is_wanted(telling->service, event) || due_add(telling->service->database, &due, error);
}

/* Whoever moves the file, or says yes to the mail, does so knowing what it looks like. */
static bool note_shown(struct telling *telling, const struct receipt_prepared *prepared,
                       struct error *error)
{
    bool found = false;
    struct receipt receipt;
    struct database *database = telling->service->database;
    for (const struct shown *shown = telling->shown; shown; shown = shown->next) {
        if (!shown->has_open_changes)
            continue;
        if (!found &&
            !receipt_find(database, &telling->arena, prepared->row_id, &receipt, &found, error))
            return false;
        const struct release_shown row = { .release = shown->release,
                                           .revision = shown->preview.revision,
                                           .mail = found ? receipt.mail : 0 };
        if (found && !release_shown_add(database, &row, error))
            return false;
    }
    return true;
}

static bool store(struct telling *telling, struct error *error)
{
    struct database *database = telling->service->database;
    telling->queued = 0;
    for (size_t i = 0; i < telling->count; i++) {
        bool is_new = false;
        if (!receipt_put(database, &telling->prepared[i], &is_new, error) ||
            (is_new && !note_shown(telling, &telling->prepared[i], error)))
            return false;
        telling->queued += is_new;
    }
    for (const struct shown *shown = telling->shown; shown; shown = shown->next)
        if (!preview_store(database, &shown->preview, error))
            return false;
    if (telling->later.release && !due_put(database, &telling->later, error))
        return false;
    if (telling->public_at != INSTANT_NONE &&
        (!add_due(telling, RECEIPT_HOUR, DURATION_HOUR, error) ||
         !add_due(telling, RECEIPT_DAY, DURATION_DAY, error)))
        return false;
    return (!telling->notification ||
            release_notification_remove(database, telling->notification, error)) &&
           (!telling->due || due_remove(database, telling->due, error));
}

static bool commit(struct telling *telling, struct receipt_totals *totals, struct error *error)
{
    fault_point("receipts-written");
    struct transaction transaction = transaction_of(telling->service->database);
    while (transaction_run(&transaction, error))
        transaction_end(&transaction, store(telling, error), error);
    if (!transaction.is_done)
        return false;
    fault_point("receipts-queued");
    totals->receipts += telling->queued;
    return true;
}

/* ---- what happened ---- */

/* What may happen to a release more than once is told each time: it may be taken back, let go and
 * taken back again, be given another time twice, or be refused for what was mended before. */
static const char *cause_of(struct telling *telling, const struct release_notification *event,
                            bool asks_reason)
{
    const char *what = event->cause ? event->cause : "";
    switch (event->kind) {
    case RELEASE_NOTIFICATION_WITHDRAWN:
        what = asks_reason ? RECEIPT_CAUSE_ASKS_REASON : "withdrawn";
        break;
    case RELEASE_NOTIFICATION_RESTORED:
        what = "restored";
        break;
    case RELEASE_NOTIFICATION_HELD:
    case RELEASE_NOTIFICATION_REFUSED:
        break;
    default:
        return event->cause;
    }
    return arena_format(&telling->arena, "%s %" PRId64, what, event->at);
}

/* A release that is gone by now has nothing to be told of. */
static bool find_row(struct telling *telling, int64_t release, struct release_row **row,
                     struct error *error)
{
    bool failed = false;
    *row = release ? release_find_by_row_id(telling->service->database, &telling->arena, release,
                                            &failed, error)
                   : NULL;
    return !failed;
}

/* The mail as readers get it, and the page. What cannot be shown keeps nobody from knowing. */
static bool show(struct telling *telling, struct receipt_writer *writer,
                 const struct release_row *row, struct error *error)
{
    const struct receipt_service *service = telling->service;
    struct shown *shown = arena_allocate(&telling->arena, sizeof *shown);
    if (!service->preview)
        return true;
    if (!preview_make(service->preview, service->database, row, 0, &telling->arena, &shown->preview,
                      error)) {
        if (error->kind == ERROR_INPUT)
            log_line(LOG_WARNING, "receipts: no preview: %s", error->message);
        return error->kind == ERROR_INPUT;
    }
    shown->release = row->row_id;
    shown->has_open_changes = release_row_has_open_changes(row);
    shown->next = telling->shown;
    telling->shown = shown;
    writer_preview(writer, &shown->preview, row->language);
    return !writer_waits_for_changes(row) || writer_ask(writer, row, error);
}

static bool show_unpublished(struct telling *telling, struct receipt_writer *writer,
                             const struct release_row *row, struct error *error)
{
    return row->public_at != INSTANT_NONE || show(telling, writer, row, error);
}

/* All of its languages, the original first. */
static bool show_versions(struct telling *telling, struct receipt_writer *writer,
                          struct error *error)
{
    const struct release_filter filter = { .original_row_id = writer->row->row_id };
    struct release_cursor cursor;
    const struct release_row *row;
    bool done = show_unpublished(telling, writer, writer->row, error);
    release_cursor_open(&cursor, telling->service->database, &filter);
    while (done && release_cursor_next(&cursor, &row, error))
        done = row->row_id == writer->row->row_id || row->status == RELEASE_WITHDRAWN ||
               show_unpublished(telling, writer, row, error);
    return release_cursor_close(&cursor) && done;
}

static bool is_about_changes(const struct release_notification *event)
{
    return event->kind == RELEASE_NOTIFICATION_HELD && event->cause &&
           (strcmp(event->cause, INTAKE_CAUSE_CHANGES) == 0 ||
            strcmp(event->cause, INTAKE_CAUSE_CHANGES_AGAIN) == 0);
}

/* Whether that very revision still waits for its open changes, and no mail that shows it has asked
 * for a yes already, as that which tells of a new file does. */
static bool asks_for_changes(struct telling *telling, const struct release_notification *event,
                             const struct release_row *row, bool *asks, struct error *error)
{
    size_t count = 0;
    struct release_shown *shown = NULL;
    *asks = writer_waits_for_changes(row) && row->revision == event->revision;
    if (!*asks || strcmp(event->cause, INTAKE_CAUSE_CHANGES_AGAIN) == 0)
        return true;
    if (!release_shown_of_revision(telling->service->database, &telling->arena, row->row_id,
                                   row->revision, &shown, &count, error))
        return false;
    *asks = count == 0;
    return true;
}

static bool show_event(struct telling *telling, struct receipt_writer *writer,
                       const struct release_notification *event, struct error *error)
{
    if (is_about_changes(event)) {
        telling->message.content_hash = &writer->row->content_hash;
        return show(telling, writer, writer->row, error);
    }
    return event->kind != RELEASE_NOTIFICATION_DROPPED || show_versions(telling, writer, error);
}

static bool prepare_notification(struct telling *telling, const struct release_notification *event,
                                 struct error *error)
{
    struct receipt_writer writer;
    struct release_row *row = NULL;
    int64_t now_at = clock_now(telling->service->clock);
    if (!is_wanted(telling->service, receipt_event_of(event)))
        return true;
    if (!find_row(telling, event->release, &row, error))
        return false;
    if (event->release && !row)
        return true;
    bool is_told = true;
    if (row && is_about_changes(event) && !asks_for_changes(telling, event, row, &is_told, error))
        return false;
    if (!is_told)
        return true;
    telling->message = (struct receipt_message){ .event = receipt_event_of(event),
                                                 .release = event->release,
                                                 .revision = event->revision,
                                                 .path = event->path,
                                                 .now_at = now_at };
    writer_init(&writer, telling->service, &telling->arena, row, event->path, now_at);
    if (!words_of_notification(&writer, event, error))
        return false;
    telling->message.cause = cause_of(telling, event, writer.words.reply != NULL);
    return show_event(telling, &writer, event, error) && prepare(telling, &writer, error);
}

/* A file that is being worked on changes many times: it is shown when it has been left alone. */
static void put_off(struct telling *telling, const struct release_notification *event)
{
    int64_t version = event->cause ? strtoll(event->cause, NULL, 10) : 0;
    if (event->kind == RELEASE_NOTIFICATION_CHANGED && is_wanted(telling->service, RECEIPT_DROPPED))
        telling->later = (struct receipt_due){ .release = version,
                                               .event = RECEIPT_DROPPED,
                                               .at = event->at + STILL_MS };
}

static bool tell_notification(const struct receipt_service *service,
                              const struct release_notification *event,
                              struct receipt_totals *totals, struct error *error)
{
    bool is_first = event->kind == RELEASE_NOTIFICATION_PUBLIC && !event->cause;
    struct telling telling = { .service = service,
                               .message = { .release = event->release },
                               .notification = event->row_id,
                               .public_at = is_first ? event->at : INSTANT_NONE };
    put_off(&telling, event);
    bool done = prepare_notification(&telling, event, error) && commit(&telling, totals, error);
    arena_release(&telling.arena);
    return done;
}

static bool tell_notifications(const struct receipt_service *service, struct receipt_totals *totals,
                               struct error *error)
{
    int64_t behind = 0;
    bool found = true;
    while (found) {
        struct arena arena = { 0 };
        struct release_notification event;
        bool done = release_notification_next(service->database, &arena, behind, &event, &found,
                                              error);
        if (done && found) {
            behind = event.row_id;
            done = event.kind == RELEASE_NOTIFICATION_APPROVAL ||
                   tell_notification(service, &event, totals, error);
        }
        arena_release(&arena);
        if (!done)
            return false;
    }
    return true;
}

/* ---- what is due ---- */

/* Whether its file is used as it is now. */
static bool is_readable(struct telling *telling, const struct release_row *row, bool *is,
                        struct error *error)
{
    bool found = false;
    struct intake_report report;
    if (!intake_report_find(telling->service->database, &telling->arena, row->path, &report, &found,
                            error))
        return false;
    *is = !found || report.severity != INTAKE_REFUSED;
    return true;
}

/* What has changed since it was told of, and is left alone now. Who is asked for a yes is shown it
 * by that mail. */
static bool prepare_changed(struct telling *telling, const struct release_row *row,
                            struct receipt_writer *writer, struct error *error)
{
    bool is = true;
    if (row->public_at != INSTANT_NONE || !row->path || row->is_missing ||
        row->approval == RELEASE_APPROVAL_AWAITED)
        return true;
    if (!is_readable(telling, row, &is, error))
        return false;
    if (!is) {
        telling->later = *telling->due;
        telling->later.at = writer->now_at + UNREADABLE_MS;
        telling->due = NULL;
        return true;
    }
    telling->message.release = row->original_row_id;
    telling->message.revision = row->revision;
    telling->message.cause = arena_format(&telling->arena, "changed %" PRId64 " %" PRId64,
                                          row->row_id, row->revision);
    return words_of_changed(writer, error) && show_unpublished(telling, writer, row, error) &&
           prepare(telling, writer, error);
}

static bool prepare_due(struct telling *telling, const struct receipt_due *due, struct error *error)
{
    struct receipt_writer writer;
    struct release_row *row = NULL;
    bool is_told = false;
    int64_t now_at = clock_now(telling->service->clock);
    if (!find_row(telling, due->release, &row, error))
        return false;
    if (!row || row->status == RELEASE_WITHDRAWN || !is_wanted(telling->service, due->event))
        return true;
    telling->message = (struct receipt_message){ .event = due->event,
                                                 .release = due->release,
                                                 .revision = row->public_revision,
                                                 .now_at = now_at };
    writer_init(&writer, telling->service, &telling->arena, row, NULL, now_at);
    if (due->event == RECEIPT_DROPPED)
        return prepare_changed(telling, row, &writer, error);
    return words_of_progress(&writer, due->event, &is_told, error) &&
           (!is_told || prepare(telling, &writer, error));
}

static bool tell_due(const struct receipt_service *service, struct receipt_totals *totals,
                     struct error *error)
{
    bool found = true;
    while (found) {
        struct receipt_due due;
        if (!due_next(service->database, clock_now(service->clock), &due, &found, error))
            return false;
        if (!found)
            break;
        struct telling telling = { .service = service, .due = &due };
        bool done = prepare_due(&telling, &due, error) && commit(&telling, totals, error);
        arena_release(&telling.arena);
        if (!done)
            return false;
    }
    return true;
}

bool receipt_run(const struct receipt_service *service, struct receipt_totals *totals,
                 struct error *error)
{
    *totals = (struct receipt_totals){ 0 };
    return !service->settings->is_wanted ||
           (many_tell(service, totals, error) && tell_notifications(service, totals, error) &&
            tell_due(service, totals, error));
}
