/* SPDX-License-Identifier: MIT */
#include "receipt/many.h"

#include "receipt/events.h"
#include "receipt/receivers.h"
#include "receipt/words.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/fault.h"
#include "base/log.h"
#include "database/database.h"
#include "release/release_notification.h"
#include "release/release_store.h"

#include <inttypes.h>
#include <string.h>
#include <strings.h>

enum { NAMED = 5 /* files that a mail names */ };

struct waiting {
    int64_t row_id;
    struct waiting *next;
};

/* What one receiver is told. */
struct share {
    const char *address;
    int64_t count;
    struct mail_line *named;
    struct mail_line **end;
    struct waiting *releases;
    int64_t too_many; /* of them: their mails wait as they were too many */
    struct receipt_message message;
    struct receipt_prepared prepared;
    bool is_prepared;
    struct share *next;
};

struct crowd {
    const struct receipt_service *service;
    enum receipt_event event;
    struct arena arena;
    int64_t count;
    int64_t first;           /* notification */
    struct waiting *waiting; /* notifications */
    struct share *shares;
    int64_t queued;
};

/* A withdrawal asks for its reason, and a correction says what it corrects: each is told alone. */
static const enum release_notification_kind crowding[] = {
    RELEASE_NOTIFICATION_DROPPED,
    RELEASE_NOTIFICATION_HELD,
    RELEASE_NOTIFICATION_PUBLIC,
    RELEASE_NOTIFICATION_REFUSED,
};

/* ---- what waits ---- */

static struct share *share_of(struct crowd *crowd, const char *address)
{
    struct share **at = &crowd->shares;
    for (; *at; at = &(*at)->next)
        if (strcasecmp((*at)->address, address) == 0)
            return *at;
    *at = arena_allocate(&crowd->arena, sizeof **at);
    **at = (struct share){ .address = arena_copy(&crowd->arena, address) };
    (*at)->end = &(*at)->named;
    return *at;
}

static void name_it(struct crowd *crowd, struct share *share, const char *name)
{
    if (share->count++ >= NAMED)
        return;
    struct mail_line *line = arena_allocate(&crowd->arena, sizeof *line);
    *line = (struct mail_line){ .text = arena_copy(&crowd->arena, name) };
    *share->end = line;
    share->end = &line->next;
}

static void add_waiting(struct crowd *crowd, struct waiting **list, int64_t row_id)
{
    struct waiting *waiting = arena_allocate(&crowd->arena, sizeof *waiting);
    *waiting = (struct waiting){ .row_id = row_id, .next = *list };
    *list = waiting;
}

/* arena: of this one alone, since there may be thousands. */
static bool add_event(struct crowd *crowd, struct arena *arena,
                      const struct release_notification *event, struct error *error)
{
    bool failed = false;
    const struct receipt_service *service = crowd->service;
    const struct release_row *row = event->release
                                        ? release_find_by_row_id(service->database, arena,
                                                                 event->release, &failed, error)
                                        : NULL;
    if (failed)
        return false;
    add_waiting(crowd, &crowd->waiting, event->row_id);
    if (event->release && !row)
        return true;
    const char *path = row ? row->path : event->path;
    const char *name = row && row->title && *row->title ? row->title : path;
    const struct receipt_address *to = receivers_of(service->settings, arena, path);
    for (; to; to = to->next) {
        struct share *share = share_of(crowd, to->address);
        name_it(crowd, share, name ? name : "");
        share->too_many += event->cause && strncmp(event->cause, "max_new", 7) == 0;
        if (row)
            add_waiting(crowd, &share->releases, row->original_row_id);
    }
    return true;
}

typedef bool event_visitor(struct crowd *crowd, struct arena *arena,
                           const struct release_notification *event, struct error *error);

static bool visit(struct crowd *crowd, event_visitor *visitor, struct error *error)
{
    int64_t behind = 0;
    bool found = true, done = true;
    while (done && found) {
        struct arena arena = { 0 };
        struct release_notification event;
        done = release_notification_next(crowd->service->database, &arena, behind, &event, &found,
                                         error);
        if (done && found) {
            behind = event.row_id;
            done = receipt_event_of(&event) != crowd->event ||
                   event.kind == RELEASE_NOTIFICATION_CORRECTED ||
                   visitor(crowd, &arena, &event, error);
        }
        arena_release(&arena);
    }
    return done;
}

static bool count_event(struct crowd *crowd, struct arena *arena,
                        const struct release_notification *event, struct error *error)
{
    (void)arena;
    (void)error;
    if (!crowd->count++)
        crowd->first = event->row_id;
    return true;
}

/* ---- telling ---- */

static const char *key_of(enum receipt_event event)
{
    switch ((int)event) {
    case RECEIPT_DROPPED:
        return "receipt_many_dropped";
    case RECEIPT_HELD:
        return "receipt_many_held";
    case RECEIPT_PUBLIC:
        return "receipt_many_public";
    default:
        return "receipt_many_refused";
    }
}

static struct receipt_words *words_of(struct crowd *crowd, const struct share *share)
{
    struct receipt_writer *writer = arena_allocate(&crowd->arena, sizeof *writer);
    writer_init(writer, crowd->service, &crowd->arena, NULL, NULL,
                clock_now(crowd->service->clock));
    writer->words.subject = writer_count(writer, key_of(crowd->event), share->count, NULL, NULL);
    writer->words.title = writer->words.subject;
    writer_paragraph(writer, writer_text(writer, "receipt_many"));
    if (crowd->event == RECEIPT_HELD && share->too_many == share->count)
        writer_paragraph(writer, writer_text(writer, "receipt_many_max_new"));
    if (crowd->service->has_status_file)
        writer_paragraph(writer, writer_text(writer, "receipt_many_status"));
    writer->words.warnings_title = writer_text(writer, "receipt_many_first");
    writer->words.warnings = share->named;
    writer_link(writer, "receipt_link_status", crowd->service->status_url);
    if (share->releases && crowd->event != RECEIPT_REFUSED && crowd->service->settings->is_read)
        writer->words.reply = writer_text(writer, "receipt_reply_stop_many");
    return &writer->words;
}

static bool prepare(struct crowd *crowd, struct share *share, struct error *error)
{
    const struct receipt_service *service = crowd->service;
    int64_t now_at = clock_now(service->clock);
    share->message = (struct receipt_message){
        .event = crowd->event,
        .cause = arena_format(&crowd->arena, "many %" PRId64 " %" PRId64, now_at, crowd->first),
        .address = share->address,
        .words = words_of(crowd, share),
        .now_at = now_at,
    };
    share->is_prepared = receipt_prepare(service->settings, service->keys, service->random,
                                         &crowd->arena, &share->message, &share->prepared, error);
    if (!share->is_prepared && error->kind == ERROR_INPUT)
        log_line(LOG_ERROR, "receipts: one could not be written: %s", error->message);
    return share->is_prepared || error->kind == ERROR_INPUT;
}

static bool put(struct crowd *crowd, const struct share *share, struct error *error)
{
    bool is_new = false;
    struct database *database = crowd->service->database;
    if (!share->is_prepared)
        return true;
    if (!receipt_put(database, &share->prepared, &is_new, error))
        return false;
    crowd->queued += is_new;
    for (const struct waiting *one = share->releases; is_new && one; one = one->next)
        if (!receipt_add_release(database, share->prepared.row_id, one->row_id, error))
            return false;
    return true;
}

static bool store(struct crowd *crowd, struct error *error)
{
    struct database *database = crowd->service->database;
    crowd->queued = 0;
    for (const struct share *share = crowd->shares; share; share = share->next)
        if (!put(crowd, share, error))
            return false;
    for (const struct waiting *waiting = crowd->waiting; waiting; waiting = waiting->next)
        if (!release_notification_remove(database, waiting->row_id, error))
            return false;
    return true;
}

static bool tell(struct crowd *crowd, struct receipt_totals *totals, struct error *error)
{
    if (!visit(crowd, add_event, error))
        return false;
    for (struct share *share = crowd->shares; share; share = share->next)
        if (!prepare(crowd, share, error))
            return false;
    fault_point("receipts-written");
    struct transaction transaction = transaction_of(crowd->service->database);
    while (transaction_run(&transaction, error))
        transaction_end(&transaction, store(crowd, error), error);
    if (!transaction.is_done)
        return false;
    fault_point("receipts-queued");
    totals->receipts += crowd->queued;
    return true;
}

bool many_tell(const struct receipt_service *service, struct receipt_totals *totals,
               struct error *error)
{
    bool done = true;
    for (size_t i = 0; done && i < sizeof crowding / sizeof crowding[0]; i++) {
        const struct release_notification kind = { .kind = crowding[i] };
        struct crowd crowd = { .service = service, .event = receipt_event_of(&kind) };
        if (receipt_event_is_wanted(service->settings, crowd.event))
            done = visit(&crowd, count_event, error) &&
                   (crowd.count <= RECEIPT_MANY || tell(&crowd, totals, error));
        arena_release(&crowd.arena);
    }
    return done;
}
