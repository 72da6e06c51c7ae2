/* SPDX-License-Identifier: MIT */
#include "receipt/words.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/localized.h"
#include "base/string_builder.h"
#include "delivery/announce.h"
#include "feed/feed.h"
#include "intake/approval.h"
#include "intake/intake.h"
#include "queue/queue.h"
#include "release/release.h"
#include "release/release_notification.h"
#include "release/release_store.h"

#include <string.h>

/* ---- who is mailed ---- */

/* Of a draft too: who would be. */
static bool count_audience(struct receipt_writer *writer, int64_t *subscribers, struct error *error)
{
    bool failed = false;
    struct audience audience;
    const struct release_row *row = writer->row;
    const struct announce_settings *settings = writer->service->settings->announce;
    struct database *database = writer->service->database;
    const struct audience_version alone = {
        .row_id = row->row_id, .type = row->type, .language = row->language, .topics = row->topics
    };
    const struct audience_version *versions = audience_versions(database, writer->arena,
                                                                row->public_id, &failed, error);
    *subscribers = 0;
    if (failed || !audience_for(database, writer->arena, settings, versions ? versions : &alone,
                                &audience, error))
        return false;
    *subscribers = audience.subscribers;
    return true;
}

/* The mailing of the release itself that was made last; NULL: none. */
static bool find_mailing(struct receipt_writer *writer, struct queue_mailing **found,
                         struct error *error)
{
    struct queue_mailing_cursor cursor;
    const struct queue_mailing *mailing;
    int64_t row_id = 0;
    bool failed = false;
    *found = NULL;
    queue_mailing_cursor_open(&cursor, writer->service->database, writer->row->row_id, false);
    while (!row_id && queue_mailing_cursor_next(&cursor, &mailing, error))
        if (mailing->kind == QUEUE_RELEASE)
            row_id = mailing->row_id;
    if (!queue_mailing_cursor_close(&cursor))
        return false;
    if (row_id)
        *found = queue_mailing_find(writer->service->database, writer->arena, row_id, &failed,
                                    error);
    return !failed;
}

static bool is_too_old(const struct receipt_writer *writer)
{
    const struct release_row *row = writer->row;
    int64_t ready_at = row->ready_at != INSTANT_NONE ? row->ready_at : writer->now_at;
    return row->due_at != INSTANT_NONE &&
           row->due_at < ready_at - writer->service->settings->announce->max_age_ms;
}

/* "Ingen får den i en mail, fordi …" */
static void say_nobody(struct receipt_writer *writer)
{
    const char *key = !writer->row->mail   ? "receipt_nobody_says"
                      : is_too_old(writer) ? "receipt_nobody_old"
                                           : "receipt_nobody_follows";
    writer_paragraph(writer, writer_text(writer, key));
}

static void say_mailed(struct receipt_writer *writer, int64_t count, int64_t from_at)
{
    const char *when = from_at > writer->now_at ? writer_when(writer, from_at) : NULL;
    writer_paragraph(writer,
                     writer_count(writer, when ? "receipt_mailed_from" : "receipt_mailed_now",
                                  count, when ? "when" : NULL, when));
}

/* What its mailing will be, as far as that can be said before it is made. */
static bool say_coming_mail(struct receipt_writer *writer, int64_t due_at, struct error *error)
{
    int64_t count = 0;
    const struct release_row *row = writer->row;
    int64_t delay_ms = row->is_urgent ? 0 : writer->service->settings->announce->delay_ms;
    if (!row->mail || is_too_old(writer)) {
        say_nobody(writer);
        return true;
    }
    if (!count_audience(writer, &count, error))
        return false;
    if (count)
        say_mailed(writer, count, due_at + delay_ms);
    else
        say_nobody(writer);
    return true;
}

/* What its mailing is, once announce has looked at the release. */
static bool say_made_mail(struct receipt_writer *writer, struct error *error)
{
    struct queue_mailing *mailing = NULL;
    if (!find_mailing(writer, &mailing, error))
        return false;
    if (!mailing && writer->row->announced_at == INSTANT_NONE)
        return say_coming_mail(writer, writer->now_at, error);
    if (!mailing)
        say_nobody(writer);
    else if (mailing->state == QUEUE_MAILING_HELD || mailing->state == QUEUE_MAILING_PAUSED)
        writer_paragraph(writer, writer_count(writer, "receipt_mail_waits",
                                              mailing->counts.audience, NULL, NULL));
    else
        say_mailed(writer, mailing->counts.audience, mailing->starts_at);
    return true;
}

/* ---- dropped ---- */

/* Whose yes it waits for. */
static void say_awaited(struct receipt_writer *writer)
{
    const struct release_row *row = writer->row;
    if (row->approval == RELEASE_APPROVAL_AWAITED)
        writer_paragraph(writer, writer_text(writer, writer_waits_for_changes(row)
                                                         ? "receipt_goes_changes"
                                                         : "receipt_goes_approved"));
}

static bool say_course(struct receipt_writer *writer, struct error *error)
{
    const struct release_row *row = writer->row;
    if (row->public_at != INSTANT_NONE) {
        writer_paragraph(writer, writer_text(writer, "receipt_goes_public"));
        return say_made_mail(writer, error);
    }
    if (row->place == RELEASE_PLACE_SCHEDULED && row->due_at == INSTANT_NONE) {
        writer_paragraph(writer, writer_text(writer, "receipt_held_no_date"));
        return true;
    }
    if (row->place == RELEASE_PLACE_DRAFTS || row->status == RELEASE_DRAFT) {
        bool is_by_place = row->place == RELEASE_PLACE_DRAFTS;
        writer_paragraph(writer, writer_text(writer, is_by_place ? "receipt_goes_draft_folder"
                                                                 : "receipt_goes_draft"));
        return true;
    }
    if (row->stopped_at != INSTANT_NONE || row->held_at != INSTANT_NONE ||
        row->due_at == INSTANT_NONE) {
        writer_paragraph(writer, writer_text(writer, row->stopped_at != INSTANT_NONE
                                                         ? "receipt_goes_stopped"
                                                         : "receipt_goes_held"));
        return true;
    }
    say_awaited(writer);
    bool is_later = row->due_at > writer->now_at;
    if (is_later)
        writer_paragraph(writer, writer_text_with(writer, "receipt_goes_later", "when",
                                                  writer_when(writer, row->due_at)));
    else if (row->approval != RELEASE_APPROVAL_AWAITED)
        writer_paragraph(writer, writer_text(writer, "receipt_goes_now"));
    return say_coming_mail(writer, is_later ? row->due_at : writer->now_at, error);
}

static bool words_of_dropped(struct receipt_writer *writer, struct error *error)
{
    writer_head(writer, "receipt_subject_dropped", "receipt_title_dropped");
    if (!say_course(writer, error) || !writer_report(writer, error))
        return false;
    writer_fact(writer, "receipt_fact_file", writer->row->path);
    writer_link(writer, "receipt_link_page", writer_page(writer, writer->row));
    writer_stop(writer);
    return true;
}

bool words_of_changed(struct receipt_writer *writer, struct error *error)
{
    bool is_draft = writer->row->status == RELEASE_DRAFT;
    writer_head(writer, "receipt_subject_changed", "receipt_title_changed");
    writer_paragraph(writer,
                     writer_text(writer, is_draft ? "receipt_changed_draft" : "receipt_changed"));
    if (!say_course(writer, error) || !writer_report(writer, error))
        return false;
    writer_fact(writer, "receipt_fact_file", writer->row->path);
    writer_stop(writer);
    return true;
}

/* ---- held ---- */

static bool begins_with(const char *text, const char *beginning)
{
    return strncmp(text, beginning, strlen(beginning)) == 0;
}

static bool words_of_changes(struct receipt_writer *writer, struct error *error)
{
    bool is_public = writer->row->public_at != INSTANT_NONE;
    writer_head(writer, "receipt_subject_held", "receipt_title_held");
    writer_paragraph(writer, writer_text(writer, is_public ? "receipt_held_changes_public"
                                                           : "receipt_held_changes"));
    if (!writer_report(writer, error))
        return false;
    writer_fact(writer, "receipt_fact_file", writer->row->path);
    writer_link(writer, "receipt_link_page", writer_page(writer, writer->row));
    writer_stop(writer);
    return true;
}

static bool words_of_held(struct receipt_writer *writer, const struct release_notification *event,
                          struct error *error)
{
    const char *cause = event->cause ? event->cause : "";
    const char *when = writer->row && writer->row->due_at != INSTANT_NONE
                           ? writer_when(writer, writer->row->due_at)
                           : NULL;
    writer_head(writer, "receipt_subject_held", "receipt_title_held");
    if (strcmp(cause, "scheduled") == 0 && when) {
        writer_paragraph(writer, writer_text_with(writer, "receipt_goes_later", "when", when));
        if (!say_coming_mail(writer, writer->row->due_at, error))
            return false;
    } else if (begins_with(cause, "max_new")) {
        writer_paragraph(writer, writer_text(writer, "receipt_held_max_new"));
    } else if (strcmp(cause, "too_old") == 0) {
        writer_head(writer, "receipt_subject_unmailed", "receipt_title_unmailed");
        writer_paragraph(writer, writer_text(writer, "receipt_held_too_old"));
    } else if (strcmp(cause, "no-date") == 0) {
        writer_paragraph(writer, writer_text(writer, "receipt_held_no_date"));
    } else {
        writer_paragraph(writer, writer_text(writer, "receipt_held_until_mended"));
    }
    writer_warnings(writer, "receipt_to_mend", event->words);
    writer_fact(writer, "receipt_fact_file", writer->row ? writer->row->path : event->path);
    if (writer->row)
        writer_link(writer, "receipt_link_page", writer_page(writer, writer->row));
    if (writer->row && strcmp(cause, "too_old") != 0)
        writer_stop(writer);
    return true;
}

/* ---- public ---- */

static const char *feed_names(struct receipt_writer *writer)
{
    struct string_builder names;
    const struct release_row *row = writer->row;
    const struct feed *feed = writer->service->settings->announce->feeds;
    string_builder_init(&names, 0);
    for (; feed; feed = feed->next) {
        const struct feed_subject subject = { .type = row->type,
                                              .language = row->language,
                                              .topics = row->topics };
        if (!feed_selects(feed, &subject))
            continue;
        const char *title = localized_get(feed->title, writer->wording.language);
        string_builder_append_format(&names, "%s%s", names.length ? ", " : "",
                                     title ? title : feed->id);
    }
    const char *copy = names.length ? arena_copy_bytes(writer->arena, names.data, names.length)
                                    : NULL;
    string_builder_release(&names);
    return copy;
}

/* Its other languages. */
static bool link_versions(struct receipt_writer *writer, struct error *error)
{
    const struct release_filter filter = { .only_public = true,
                                           .without_withdrawn = true,
                                           .original_row_id = writer->row->row_id };
    struct release_cursor cursor;
    const struct release_row *row;
    release_cursor_open(&cursor, writer->service->database, &filter);
    while (release_cursor_next(&cursor, &row, error)) {
        if (row->row_id == writer->row->row_id)
            continue;
        const char *page = writer_page(writer, row);
        const char *name = language_name(writer->arena, row->language, writer->wording.language);
        if (page)
            writer_fact(writer, "receipt_fact_version",
                        arena_format(writer->arena, "%s, %s", name, page));
    }
    return release_cursor_close(&cursor);
}

static bool words_of_public(struct receipt_writer *writer, bool is_correction, struct error *error)
{
    if (is_correction)
        writer_head(writer, "receipt_subject_corrected", "receipt_title_corrected");
    else
        writer_head(writer, "receipt_subject_public", "receipt_title_public");
    writer_fact(writer, "receipt_fact_feeds", feed_names(writer));
    if (is_correction) {
        writer_paragraph(writer, writer_text(writer, "receipt_corrected"));
    } else if (!say_made_mail(writer, error)) {
        return false;
    }
    if (!link_versions(writer, error) || !writer_report(writer, error))
        return false;
    writer_fact(writer, "receipt_fact_file", writer->row->path);
    writer_link(writer, "receipt_link_page", writer_page(writer, writer->row));
    writer_stop(writer);
    return true;
}

/* ---- the others ---- */

static bool words_of_refused(struct receipt_writer *writer,
                             const struct release_notification *event)
{
    writer_head(writer, "receipt_subject_refused", "receipt_title_refused");
    writer_paragraph(writer, writer_text(writer, "receipt_refused"));
    if (writer->row && writer->row->public_at != INSTANT_NONE &&
        writer->row->status != RELEASE_WITHDRAWN)
        writer_paragraph(writer, writer_text(writer, "receipt_refused_public"));
    writer_warnings(writer, "receipt_to_mend", event->words);
    writer_fact(writer, "receipt_fact_file", event->path);
    return true;
}

/* Moved back, it is what it was, where its file does not say so itself. */
static bool say_undo(struct receipt_writer *writer, int64_t until_at, struct error *error)
{
    const struct release_row *row = writer->row;
    if (row->place != RELEASE_PLACE_WITHDRAWN || until_at <= writer->now_at)
        return true;
    const struct release *release = release_load(writer->service->database, writer->arena,
                                                 row->row_id, row->revision, error);
    if (release && release->status != RELEASE_WITHDRAWN)
        writer_paragraph(writer, writer_text_with(writer, "receipt_withdrawn_undo", "when",
                                                  writer_when(writer, until_at)));
    return release != NULL;
}

/* Who was mailed it is told, with a reason, after the time in which somebody may change his mind.
 */
static bool words_of_withdrawn(struct receipt_writer *writer,
                               const struct release_notification *event, struct error *error)
{
    struct queue_mailing *mailing = NULL;
    const struct release_row *row = writer->row;
    int64_t until_at = event->at + writer->service->settings->announce->delay_ms;
    writer_head(writer, "receipt_subject_withdrawn", "receipt_title_withdrawn");
    writer_paragraph(writer, writer_text(writer, "receipt_withdrawn"));
    if (!find_mailing(writer, &mailing, error))
        return false;
    bool has_reason = intake_knows_withdrawal_reason(writer->service->settings->intake, row);
    bool was_mailed = mailing && mailing->counts.count[QUEUE_SENT] > 0;
    if (!was_mailed)
        writer_paragraph(writer, writer_text(writer, "receipt_withdrawn_unmailed"));
    else if (has_reason || !writer->service->settings->is_read)
        writer_paragraph(writer, writer_text(writer, "receipt_withdrawn_mailed"));
    else
        writer->words.reply = writer_text_with(writer, "receipt_reply_reason", "when",
                                               writer_when(writer, until_at));
    writer_fact(writer, "receipt_fact_reason", has_reason ? row->withdrawal_reason : NULL);
    writer_fact(writer, "receipt_fact_file", row->path);
    writer_link(writer, "receipt_link_page", writer_page(writer, row));
    return say_undo(writer, until_at, error);
}

static bool words_of_restored(struct receipt_writer *writer)
{
    writer_head(writer, "receipt_subject_restored", "receipt_title_restored");
    writer_paragraph(writer, writer_text(writer, "receipt_restored"));
    writer_fact(writer, "receipt_fact_file", writer->row->path);
    writer_link(writer, "receipt_link_page", writer_page(writer, writer->row));
    writer_stop(writer);
    return true;
}

bool words_of_notification(struct receipt_writer *writer, const struct release_notification *event,
                           struct error *error)
{
    switch (event->kind) {
    case RELEASE_NOTIFICATION_DROPPED:
        return words_of_dropped(writer, error);
    case RELEASE_NOTIFICATION_HELD:
        return writer->row && event->cause && begins_with(event->cause, INTAKE_CAUSE_CHANGES)
                   ? words_of_changes(writer, error)
                   : words_of_held(writer, event, error);
    case RELEASE_NOTIFICATION_PUBLIC:
    case RELEASE_NOTIFICATION_CORRECTED:
        return words_of_public(writer, event->kind == RELEASE_NOTIFICATION_CORRECTED, error);
    case RELEASE_NOTIFICATION_REFUSED:
        return words_of_refused(writer, event);
    case RELEASE_NOTIFICATION_WITHDRAWN:
        return words_of_withdrawn(writer, event, error);
    case RELEASE_NOTIFICATION_RESTORED:
        return words_of_restored(writer);
    case RELEASE_NOTIFICATION_CHANGED:
    case RELEASE_NOTIFICATION_APPROVAL:
        break;
    }
    return true;
}
