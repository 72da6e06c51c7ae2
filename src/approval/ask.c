/* SPDX-License-Identifier: MIT */
#include "approval/words.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/fault.h"
#include "base/hash.h"
#include "base/log.h"
#include "database/database.h"
#include "intake/report.h"
#include "preview/preview.h"
#include "release/release_notification.h"
#include "release/release_store.h"

#include <inttypes.h>

#define REMIND_BEFORE_MS DURATION_HOUR
#define REMIND_AFTER_MS DURATION_DAY

/* One round of mails about one revision. */
struct asking {
    const struct approval_service *service;
    struct arena *arena;
    const struct release_row *row;
    enum receipt_event event; /* RECEIPT_APPROVAL, RECEIPT_REMINDER */
    const char *cause;
    const char *only;     /* this approver alone; NULL: all */
    const char *intro;    /* key of the first paragraph */
    int64_t notification; /* is taken away with it; 0: none */
    int64_t now_at;
    struct preview preview;
    bool has_preview;
    struct receipt_message *messages;
    struct receipt_prepared *prepared;
    size_t count;
};

/* ---- what is said ---- */

static void write_when(struct approval_writer *writer, const struct asking *asking)
{
    const struct release_row *row = asking->row;
    bool is_later = row->public_at == INSTANT_NONE && row->due_at > asking->now_at;
    const char *when = is_later ? approval_text(writer, "approval_when_later", "when",
                                                approval_when(writer, row->due_at))
                                : approval_text(writer, "approval_when_now", NULL, NULL);
    approval_fact(writer, "approval_label_when", when);
    if (row->path)
        approval_fact(writer, "approval_label_file", row->path);
}

/* The mail and the page as readers will get them. */
static void show(struct approval_writer *writer, const struct asking *asking)
{
    writer->words.attachments = receipt_preview_attachments(asking->arena, &asking->preview);
    approval_paragraph(writer, approval_text(writer, "receipt_preview", NULL, NULL));
    if (!asking->preview.url)
        return;
    struct mail_line *link = arena_allocate(asking->arena, sizeof *link);
    *link = (struct mail_line){
        .label = approval_text(writer, "approval_label_preview", NULL, NULL),
        .text = asking->preview.url,
    };
    writer->words.links = link;
}

/* Open changes, accepted or not: what the note beside its file says of them. */
static bool write_open_changes(struct approval_writer *writer, const struct asking *asking,
                               struct error *error)
{
    bool found = false;
    struct intake_report report;
    const struct release_row *row = asking->row;
    if (release_row_has_open_changes(row))
        approval_paragraph(writer, approval_text(writer, "approval_ask_open", NULL, NULL));
    if (row->path && !intake_report_find(asking->service->database, asking->arena, row->path,
                                         &report, &found, error))
        return false;
    if (found)
        approval_warnings(writer, "receipt_warnings", report.words);
    return true;
}

static bool write_words(struct approval_writer *writer, const struct asking *asking,
                        struct error *error)
{
    if (!approval_writer_init(writer, asking->service, asking->arena, asking->row, error))
        return false;
    approval_head(writer, "approval_ask_subject", "approval_ask_title");
    if (asking->intro)
        approval_paragraph(writer, approval_text(writer, asking->intro, NULL, NULL));
    approval_paragraph(writer, approval_text(writer,
                                             asking->row->public_at == INSTANT_NONE
                                                 ? "approval_ask_new"
                                                 : "approval_ask_changed",
                                             NULL, NULL));
    if (asking->row->changes != RELEASE_CHANGES_NONE && !write_open_changes(writer, asking, error))
        return false;
    write_when(writer, asking);
    writer->words.reply = approval_text(writer, "approval_ask_reply", NULL, NULL);
    if (asking->has_preview)
        show(writer, asking);
    return true;
}

/* ---- the mails ---- */

static bool prepare_one(struct asking *asking, const struct approval_writer *writer,
                        const char *address, struct error *error)
{
    const struct approval_service *service = asking->service;
    struct receipt_message *message = &asking->messages[asking->count];
    *message = (struct receipt_message){ .event = asking->event,
                                         .release = asking->row->row_id,
                                         .revision = asking->row->revision,
                                         .content_hash = &asking->row->content_hash,
                                         .cause = asking->cause,
                                         .address = address,
                                         .words = &writer->words,
                                         .now_at = asking->now_at };
    return receipt_prepare(service->receipts, service->keys, service->random, asking->arena,
                           message, &asking->prepared[asking->count++], error);
}

/* Outside a transaction: pictures are made for it. A revision that cannot be shown is asked for all
 * the same; its mail says what it is. */
static bool make_preview(struct asking *asking, struct error *error)
{
    const struct approval_service *service = asking->service;
    if (!service->preview)
        return true;
    asking->has_preview = preview_make(service->preview, service->database, asking->row,
                                       asking->row->revision, asking->arena, &asking->preview,
                                       error);
    if (!asking->has_preview && error->kind == ERROR_INPUT)
        log_line(LOG_WARNING, "approval: no preview: %s", error->message);
    return asking->has_preview || error->kind == ERROR_INPUT;
}

static bool prepare(struct asking *asking, struct approval_writer *writer, struct error *error)
{
    const struct approval_service *service = asking->service;
    const struct receipt_address *approver = service->receipts->approvers;
    size_t count = 0;
    if (!make_preview(asking, error) || !write_words(writer, asking, error))
        return false;
    for (; approver; approver = approver->next)
        count++;
    asking->messages = arena_allocate_array(asking->arena, count + 1, sizeof *asking->messages);
    asking->prepared = arena_allocate_array(asking->arena, count + 1, sizeof *asking->prepared);
    for (approver = service->receipts->approvers; approver; approver = approver->next)
        if ((!asking->only || approval_same_address(asking->only, approver->address)) &&
            !prepare_one(asking, writer, approver->address, error))
            return false;
    return true;
}

static bool request_put(const struct asking *asking, int64_t asked_at, int64_t remind_at,
                        struct error *error)
{
    struct statement *statement = database_prepare(
        asking->service->database,
        "INSERT INTO approval_request (release, revision, asked_at, remind_at)"
        " VALUES ($1, $2, $3, $4) ON CONFLICT (release) DO UPDATE SET"
        " revision = excluded.revision, asked_at = excluded.asked_at,"
        " remind_at = excluded.remind_at",
        error);
    statement_bind_integer(statement, 1, asking->row->row_id);
    statement_bind_integer(statement, 2, asking->row->revision);
    statement_bind_integer(statement, 3, asked_at);
    statement_bind_instant(statement, 4, remind_at);
    return statement_run(statement, error);
}

/* The next of an hour before its time and a day after it was asked for, behind now. */
static int64_t next_reminder(const struct asking *asking, int64_t asked_at)
{
    int64_t next_at = asked_at + REMIND_AFTER_MS;
    const struct release_row *row = asking->row;
    int64_t before_at = row->public_at == INSTANT_NONE && row->due_at != INSTANT_NONE
                            ? row->due_at - REMIND_BEFORE_MS
                            : INSTANT_NONE;
    if (next_at <= asking->now_at)
        next_at = INSTANT_NONE;
    if (before_at > asking->now_at && (next_at == INSTANT_NONE || before_at < next_at))
        next_at = before_at;
    return next_at;
}

/* Whether it is still what is awaited: a file may have changed while the preview was made. */
static bool is_awaited(const struct asking *asking, bool *is, struct error *error)
{
    bool failed = false;
    const struct release_row *row = release_find_by_row_id(asking->service->database, asking->arena,
                                                           asking->row->row_id, &failed, error);
    *is = row && row->approval == RELEASE_APPROVAL_AWAITED && row->status == RELEASE_READY &&
          row->revision == asking->row->revision;
    return !failed;
}

static bool store(struct asking *asking, int64_t asked_at, int64_t *asked, struct error *error)
{
    bool is = false;
    struct database *database = asking->service->database;
    *asked = 0;
    if (!is_awaited(asking, &is, error))
        return false;
    if (is && asking->has_preview && !preview_store(database, &asking->preview, error))
        return false;
    for (size_t i = 0; is && i < asking->count; i++) {
        bool is_new = false;
        if (!receipt_put(database, &asking->prepared[i], &is_new, error))
            return false;
        *asked += is_new;
    }
    if (is && !asking->only &&
        !request_put(asking, asked_at, next_reminder(asking, asked_at), error))
        return false;
    fault_point("approval-asked");
    return !asking->notification ||
           release_notification_remove(database, asking->notification, error);
}

static bool ask(struct asking *asking, int64_t asked_at, int64_t *asked, struct error *error)
{
    int64_t count = 0;
    struct approval_writer writer;
    if (!prepare(asking, &writer, error))
        return false;
    struct transaction transaction = transaction_of(asking->service->database);
    while (transaction_run(&transaction, error))
        transaction_end(&transaction, store(asking, asked_at, &count, error), error);
    fault_point("approval-queued");
    *asked += transaction.is_done ? count : 0;
    return transaction.is_done;
}

static bool forget(const struct approval_service *service, int64_t notification,
                   struct error *error)
{
    struct transaction transaction = transaction_of(service->database);
    while (transaction_run(&transaction, error))
        transaction_end(&transaction,
                        release_notification_remove(service->database, notification, error), error);
    return transaction.is_done;
}

static bool ask_for(const struct approval_service *service, struct arena *arena,
                    const struct release_notification *event, int64_t now_at, int64_t *asked,
                    struct error *error)
{
    bool failed = false;
    const struct release_row *row = release_find_by_row_id(service->database, arena, event->release,
                                                           &failed, error);
    if (failed)
        return false;
    bool is_again = event->words && *event->words;
    /* What has changed since is asked for by a notification of its own. */
    if (!row || row->approval != RELEASE_APPROVAL_AWAITED || row->status != RELEASE_READY ||
        (!is_again && row->revision != event->revision))
        return forget(service, event->row_id, error);
    struct asking asking = { .service = service,
                             .arena = arena,
                             .row = row,
                             .event = RECEIPT_APPROVAL,
                             .cause = is_again ? event->cause
                                               : arena_format(arena, "%" PRId64, row->revision),
                             .only = is_again ? event->words : NULL,
                             .intro = is_again ? "approval_ask_again" : NULL,
                             .notification = event->row_id,
                             .now_at = now_at };
    return ask(&asking, now_at, asked, error);
}

/* ---- reminders ---- */

struct request {
    int64_t release;
    int64_t revision;
    int64_t asked_at;
    int64_t remind_at;
};

static bool request_find(struct database *database, int64_t now_at, struct request *request,
                         bool *found, struct error *error)
{
    struct statement *statement = database_prepare(
        database,
        "SELECT release, revision, asked_at, remind_at FROM approval_request"
        " WHERE remind_at IS NOT NULL AND remind_at <= $1 ORDER BY remind_at, release LIMIT 1",
        error);
    statement_bind_integer(statement, 1, now_at);
    bool done = statement_find(statement, found, error);
    if (done && *found)
        *request = (struct request){ .release = statement_integer(statement, 0),
                                     .revision = statement_integer(statement, 1),
                                     .asked_at = statement_integer(statement, 2),
                                     .remind_at = statement_integer(statement, 3) };
    statement_reset(statement);
    return done;
}

static bool request_close(const struct approval_service *service, int64_t release,
                          struct error *error)
{
    struct transaction transaction = transaction_of(service->database);
    while (transaction_run(&transaction, error)) {
        struct statement *statement = database_prepare(
            service->database, "DELETE FROM approval_request WHERE release = $1", error);
        statement_bind_integer(statement, 1, release);
        transaction_end(&transaction, statement_run(statement, error), error);
    }
    return transaction.is_done;
}

static bool remind(const struct approval_service *service, struct arena *arena,
                   const struct request *request, int64_t now_at, int64_t *asked,
                   struct error *error)
{
    bool failed = false;
    const struct release_row *row = release_find_by_row_id(service->database, arena,
                                                           request->release, &failed, error);
    if (failed)
        return false;
    if (!row || row->approval != RELEASE_APPROVAL_AWAITED || row->status != RELEASE_READY ||
        row->revision != request->revision)
        return request_close(service, request->release, error);
    struct asking asking = { .service = service,
                             .arena = arena,
                             .row = row,
                             .event = RECEIPT_REMINDER,
                             .cause = arena_format(arena, "%" PRId64 ":%" PRId64, row->revision,
                                                   request->remind_at),
                             .intro = "approval_ask_reminder",
                             .now_at = now_at };
    return ask(&asking, request->asked_at, asked, error);
}

static bool remind_all(const struct approval_service *service, int64_t now_at, int64_t *asked,
                       struct error *error)
{
    for (;;) {
        bool found = false;
        struct request request = { 0 };
        struct arena arena = { 0 };
        bool done = request_find(service->database, now_at, &request, &found, error) &&
                    (!found || remind(service, &arena, &request, now_at, asked, error));
        arena_release(&arena);
        if (!done || !found)
            return done;
    }
}

bool approval_run(const struct approval_service *service, int64_t now_at, int64_t *asked,
                  struct error *error)
{
    int64_t behind = 0;
    bool found = true;
    bool done = true;
    *asked = 0;
    while (done && found) {
        struct arena arena = { 0 };
        struct release_notification event;
        done = release_notification_next(service->database, &arena, behind, &event, &found, error);
        if (done && found) {
            behind = event.row_id;
            if (event.kind == RELEASE_NOTIFICATION_APPROVAL)
                done = ask_for(service, &arena, &event, now_at, asked, error);
        }
        arena_release(&arena);
    }
    return done && remind_all(service, now_at, asked, error);
}

bool approval_next_at(struct database *database, int64_t *at, struct error *error)
{
    bool found = false;
    struct statement *statement = database_prepare(
        database,
        "SELECT remind_at FROM approval_request WHERE remind_at IS NOT NULL"
        " ORDER BY remind_at LIMIT 1",
        error);
    bool done = statement_find(statement, &found, error);
    *at = done && found ? statement_integer(statement, 0) : INSTANT_NONE;
    statement_reset(statement);
    return done;
}

bool approval_ask_again(const struct approval_service *service, const struct approval_reply *reply,
                        const struct release_row *row, struct error *error)
{
    char hex[HASH_HEX_SIZE];
    struct arena arena = { 0 };
    hash_to_hex(reply->hash, hex);
    const struct release_notification event = { .kind = RELEASE_NOTIFICATION_APPROVAL,
                                                .release = row->row_id,
                                                .revision = row->revision,
                                                .path = row->path,
                                                .cause = arena_format(&arena, "%.24s", hex),
                                                .words = reply->receipt->address,
                                                .at = reply->now_at };
    bool done = release_notification_add(service->database, &event, error);
    arena_release(&arena);
    return done;
}
