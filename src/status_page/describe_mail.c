/* SPDX-License-Identifier: MIT */
#include "status_page/page.h"

#include "base/clock.h"
#include "base/error.h"
#include "base/string_builder.h"
#include "database/database.h"
#include "queue/queue.h"
#include "release/release_note.h"
#include "release/release_store.h"
#include "status_page/status_page.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { MAILINGS_SHOWN = 6, PLACES_MAXIMUM = 5, PLACES_SIZE = 4096 };

static const char *number(struct status_page *page, int64_t value)
{
    return locale_number(page->wording.locale, &page->arena, page->wording.language, value);
}

/* The string of that number, with {count}. */
static const char *counted(struct status_page *page, const char *key, int64_t count)
{
    return strings_format(
        &page->arena, strings_plural(page->settings->strings, page->wording.language, key, count),
        "count", number(page, count), NULL);
}

/* ---- where it was not delivered ---- */

static bool find_places(struct status_page *page, int64_t mailing, int64_t count,
                        const char **places, struct error *error)
{
    bool found = false;
    struct statement *statement = database_prepare(
        page->database, "SELECT places FROM status_undelivered WHERE mailing = $1 AND count = $2",
        error);
    statement_bind_integer(statement, 1, mailing);
    statement_bind_integer(statement, 2, count);
    if (!statement_find(statement, &found, error))
        return false;
    *places = found ? statement_copy_text(statement, 0, &page->arena) : NULL;
    statement_reset(statement);
    return true;
}

static bool store_places(struct status_page *page, int64_t mailing, int64_t count,
                         const char *places, struct error *error)
{
    struct statement *statement = database_prepare(
        page->database,
        "INSERT INTO status_undelivered (mailing, count, places) VALUES ($1, $2, $3)"
        " ON CONFLICT (mailing) DO UPDATE SET count = excluded.count, places = excluded.places",
        error);
    statement_bind_integer(statement, 1, mailing);
    statement_bind_integer(statement, 2, count);
    statement_bind_text(statement, 3, places);
    return statement_run(statement, error);
}

/* A store that may only be read keeps nothing, and so is read each time. */
static bool make_places(struct status_page *page, int64_t mailing, int64_t count,
                        const char **places, struct error *error)
{
    struct queue_undelivered *rows = NULL;
    size_t row_count = 0;
    struct string_builder text;
    int64_t elsewhere = 0;
    if (!queue_undelivered_read(page->database, &page->arena, mailing, &rows, &row_count, error))
        return false;
    string_builder_init(&text, PLACES_SIZE);
    for (size_t i = 0; i < row_count; i++) {
        if (i < PLACES_MAXIMUM && rows[i].group)
            string_builder_append_format(&text, "%s %" PRId64 "\n", rows[i].group, rows[i].count);
        else
            elsewhere += rows[i].count;
    }
    if (elsewhere)
        string_builder_append_format(&text, "- %" PRId64 "\n", elsewhere);
    *places = arena_copy(&page->arena, text.data);
    string_builder_release(&text);
    if (database_is_read_only(page->database) || database_in_transaction(page->database))
        return true;
    struct transaction transaction = transaction_of(page->database);
    while (transaction_run(&transaction, error))
        transaction_end(&transaction, store_places(page, mailing, count, *places, error), error);
    page->has_stored = true;
    return transaction.is_done;
}

/* "2 hos outlook.com, 1 andre steder" */
static const char *word_places(struct status_page *page, const char *places)
{
    const char *all = "";
    while (*places) {
        size_t line = strcspn(places, "\n");
        size_t name = strcspn(places, " ");
        const char *group = arena_copy_bytes(&page->arena, places, name);
        int64_t count = strtoll(places + name, NULL, 10);
        const char *one = strings_format(
            &page->arena,
            status_text(page, strcmp(group, "-") == 0 ? "status_elsewhere" : "status_at_provider"),
            "count", number(page, count), "provider", group, NULL);
        all = *all ? arena_format(&page->arena, "%s, %s", all, one) : one;
        places += line + (places[line] != '\0');
    }
    return all;
}

static bool undelivered(struct status_page *page, const struct queue_mailing *mailing,
                        int64_t count, const char **words, struct error *error)
{
    const char *places = NULL;
    *words = NULL;
    if (!count)
        return true;
    *words = counted(page, "status_undelivered", count);
    /* Of one that goes on the numbers change all the time, and counting by places reads all of it.
     */
    if (mailing->finished_at == INSTANT_NONE || mailing->is_forgotten)
        return true;
    if (!find_places(page, mailing->row_id, count, &places, error) ||
        (!places && !make_places(page, mailing->row_id, count, &places, error)))
        return false;
    if (*places)
        *words = strings_format(&page->arena, status_text(page, "status_undelivered_where"), "text",
                                *words, "where", word_places(page, places), NULL);
    return true;
}

/* ---- one mailing ---- */

static const char *progress(struct status_page *page, const char *key,
                            const struct queue_progress *mailed)
{
    return strings_format(&page->arena, status_text(page, key), "sent", number(page, mailed->sent),
                          "count", number(page, mailed->audience), NULL);
}

/* How a mailing that a reply of STOP keeps back goes on. A withdrawal's file has nothing to change
 * any more, and what was held before waits for the operator in any case. */
static const char *stopped(struct status_page *page, const struct release_row *row,
                           const struct queue_mailing *mailing, const struct queue_progress *mailed)
{
    if (mailing->state == QUEUE_MAILING_HELD || mailing->kind == QUEUE_WITHDRAWAL)
        return status_text(page, "status_mail_stopped_held");
    bool is_awaited = row->approval == RELEASE_APPROVAL_AWAITED && row->stopped_at == INSTANT_NONE;
    return progress(page, is_awaited ? "status_mail_stopped_awaited" : "status_mail_stopped",
                    mailed);
}

static const char *describe(struct status_page *page, const struct release_row *row,
                            const struct queue_mailing *mailing,
                            const struct queue_progress *mailed)
{
    bool is_kept = mailing->state == QUEUE_MAILING_HELD || mailing->state == QUEUE_MAILING_PAUSED;
    if (is_kept && strcmp(mailing->note, QUEUE_STOPPED_NOTE) == 0)
        return stopped(page, row, mailing, mailed);
    switch (mailing->state) {
    case QUEUE_MAILING_HELD:
        return counted(page, "status_mail_held", mailed->audience);
    case QUEUE_MAILING_PAUSED:
        return progress(page, "status_mail_paused", mailed);
    case QUEUE_MAILING_CANCELLED:
        return progress(page, "status_mail_cancelled", mailed);
    case QUEUE_MAILING_ACTIVE:
        if (mailing->started_at != INSTANT_NONE)
            return progress(page, "status_mail_sending", mailed);
        return strings_format(&page->arena, counted(page, "status_mail_waits", mailed->audience),
                              "when", status_when(page, mailing->starts_at), NULL);
    case QUEUE_MAILING_FINISHED:
        break;
    }
    return counted(page, "status_mailed", mailed->tried);
}

/* The mailings of a release that are told, the newest first. */
struct told {
    int64_t announcements[MAILINGS_SHOWN];
    int count;
};

/* Whether it was cancelled before anything of it left, and a later one took its place. */
static bool is_replaced(const struct told *told, const struct queue_mailing *mailing,
                        const struct queue_progress *mailed)
{
    bool has_later = false;
    for (int i = 0; i < told->count; i++)
        has_later = has_later || told->announcements[i] == mailing->announcement;
    return has_later && mailing->state == QUEUE_MAILING_CANCELLED && !mailed->tried;
}

static bool add_mailing(struct status_page *page, const struct release_row *row, struct told *told,
                        const struct queue_mailing *mailing, struct status_item *item,
                        struct error *error)
{
    const char *missed = NULL;
    struct queue_progress mailed = { 0 };
    bool is_stopped = mailing->state == QUEUE_MAILING_HELD ||
                      mailing->state == QUEUE_MAILING_PAUSED;
    if (!queue_progress_of_mailing(page->database, mailing->row_id, &mailed, error))
        return false;
    if (is_replaced(told, mailing, &mailed))
        return true;
    if (!undelivered(page, mailing, mailed.undelivered, &missed, error))
        return false;
    told->announcements[told->count++] = mailing->announcement;
    const char *text = describe(page, row, mailing, &mailed);
    if (missed)
        text = arena_format(&page->arena, "%s %s", text, missed);
    if (mailed.unknown)
        text = arena_format(&page->arena, "%s %s", text,
                            counted(page, "status_unknown", mailed.unknown));
    if (mailing->kind == QUEUE_CORRECTION || mailing->kind == QUEUE_WITHDRAWAL)
        text = strings_format(&page->arena,
                              status_text(page, mailing->kind == QUEUE_CORRECTION
                                                    ? "status_of_correction"
                                                    : "status_of_withdrawal"),
                              "text", text, NULL);
    (void)json_array_append_new(item->lines, json_string(text));
    if (is_stopped)
        item->section = STATUS_NEEDS;
    else if (mailing->state == QUEUE_MAILING_ACTIVE && item->section == STATUS_NEWEST)
        item->section = STATUS_WAITS;
    return true;
}

/* Why nobody was mailed it. */
static const char *unmailed(const struct release_row *row)
{
    switch (release_unmailed_of(row->announce_note)) {
    case RELEASE_UNMAILED_TOO_OLD:
        return "status_unmailed_old";
    case RELEASE_UNMAILED_AS_ASKED:
        return "status_unmailed_asked";
    case RELEASE_UNMAILED_NOBODY:
        return "status_unmailed_nobody";
    case RELEASE_UNMAILED_NOT:
    case RELEASE_UNMAILED_NO_FEED: /* what is to be done is said beside it */
    case RELEASE_UNMAILED_FORGOTTEN:
        break;
    }
    return "status_not_mailed";
}

bool status_describe_mail(struct status_page *page, const struct release_row *row,
                          struct status_item *item, struct error *error)
{
    struct queue_mailing_cursor cursor;
    const struct queue_mailing *mailing;
    struct told told = { .count = 0 };
    bool done = true;
    if (row->original_row_id != row->row_id || row->public_at == INSTANT_NONE)
        return true; /* all versions are mailed together */
    queue_mailing_cursor_open(&cursor, page->database, row->row_id, false);
    while (done && told.count < MAILINGS_SHOWN &&
           queue_mailing_cursor_next(&cursor, &mailing, error))
        done = add_mailing(page, row, &told, mailing, item, error);
    if (!queue_mailing_cursor_close(&cursor) || !done)
        return false;
    if (!told.count && row->announced_at != INSTANT_NONE)
        (void)json_array_append_new(item->lines, json_string(status_text(page, unmailed(row))));
    return true;
}
