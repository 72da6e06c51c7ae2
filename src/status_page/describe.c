/* SPDX-License-Identifier: MIT */
#include "status_page/page.h"

#include "base/clock.h"
#include "base/error.h"
#include "release/newsroom.h"
#include "release/release.h"
#include "release/release_store.h"
#include "status_page/status_page.h"
#include "template/json_value.h"

#include <string.h>

static void add_line(struct status_item *item, const char *text)
{
    (void)json_array_append_new(item->lines, json_string(text));
}

/* ---- who may say yes ---- */

enum { APPROVERS_SHOWN = 6 };

/* "Anna Holm, Bo Lund eller Carl Vinther": names, never an address. */
static const char *approvers(struct status_page *page)
{
    const char *all = NULL;
    const char *const *names = page->settings->approvers;
    for (size_t i = 0; i < APPROVERS_SHOWN && names[i]; i++) {
        bool is_last = !names[i + 1];
        if (!all)
            all = names[i];
        else if (is_last)
            all = strings_format(&page->arena, status_text(page, "status_or"), "names", all, "name",
                                 names[i], NULL);
        else
            all = arena_format(&page->arena, "%s, %s", all, names[i]);
        if (!is_last && i + 1 == APPROVERS_SHOWN)
            all = arena_format(&page->arena, "%s …", all);
    }
    return all;
}

static void add_approvers(struct status_page *page, struct status_item *item)
{
    const char *names = page->settings->approvers ? approvers(page) : NULL;
    if (names)
        add_line(item, strings_format(&page->arena, status_text(page, "status_approvers"), "names",
                                      names, NULL));
}

/* ---- public ---- */

/* Whether the row says what is not public yet and must not be shown. */
static bool is_ahead(const struct status_page *page, const struct release_row *row)
{
    return page->hides_unpublished && row->public_at != INSTANT_NONE &&
           row->status != RELEASE_WITHDRAWN && row->text_revision != row->revision;
}

static void describe_withdrawn(struct status_page *page, const struct release_row *row,
                               struct status_item *item)
{
    item->section = STATUS_NEWEST;
    item->state = row->public_at == INSTANT_NONE ? status_text(page, "status_never_out")
                  : row->withdrawn_at == INSTANT_NONE
                      ? status_text(page, "withdrawn")
                      : status_text_when(page, "status_withdrawn", row->withdrawn_at);
    if (row->withdrawal_reason && *row->withdrawal_reason)
        add_line(item, strings_format(&page->arena, status_text(page, "status_reason"), "reason",
                                      row->withdrawal_reason, NULL));
}

/* Whether its mails alone were stopped: what it says is what stands in public/. */
static bool is_mail_stopped(const struct release_row *row)
{
    return row->stopped_at != INSTANT_NONE && row->revision == row->text_revision;
}

/* What keeps the newest revision of what is public from being seen; NULL: there is none. */
static const char *change_of(const struct release_row *row)
{
    if (row->place == RELEASE_PLACE_DRAFTS)
        return row->revision != row->text_revision ? "status_change_draft" : NULL;
    if (row->stopped_at != INSTANT_NONE)
        return "status_change_stopped";
    return row->changes == RELEASE_CHANGES_OPEN ? "status_change_changes" : "status_change_awaited";
}

/* Whether an approver's yes is what its newest revision waits for. */
static bool is_for_approvers(const struct release_row *row)
{
    return row->stopped_at == INSTANT_NONE && row->place != RELEASE_PLACE_DRAFTS &&
           row->changes != RELEASE_CHANGES_OPEN;
}

static void describe_public(struct status_page *page, const struct release_row *row,
                            struct status_item *item)
{
    item->section = STATUS_NEWEST;
    item->state = status_text_when(page, "status_public", row->public_at);
    if (release_row_awaits_withdrawal(row))
        add_line(item, status_text(page, "status_withdrawal_soon"));
    if (row->correction && *row->correction && row->updated_at != INSTANT_NONE &&
        !is_ahead(page, row))
        add_line(item, strings_format(&page->arena, status_text(page, "status_corrected"), "when",
                                      status_when(page, row->updated_at), "correction",
                                      row->correction, NULL));
    if (row->is_missing)
        add_line(item, status_text(page, "status_public_file_gone"));
    bool is_closed = release_row_is_closed(row) && !page->hides_unpublished;
    const char *change = is_closed && !is_mail_stopped(row) ? change_of(row) : NULL;
    if (is_closed && is_mail_stopped(row)) {
        item->section = STATUS_NEEDS;
        add_line(item, status_text_when(page, "status_public_stopped", row->stopped_at));
    }
    if (change) {
        item->section = STATUS_NEEDS;
        add_line(item, status_text(page, change));
        if (is_for_approvers(row))
            add_approvers(page, item);
    }
}

/* ---- not public yet ---- */

/* Whether a yes is all that is missing. */
static bool is_awaited(const struct release_row *row)
{
    return row->approval == RELEASE_APPROVAL_AWAITED && row->stopped_at == INSTANT_NONE &&
           !row->is_missing;
}

/* What keeps it from becoming public although its time is known; NULL: nothing does. */
static const char *obstacle(struct status_page *page, const struct release_row *row)
{
    if (row->stopped_at != INSTANT_NONE)
        return status_text_when(page, "status_stopped", row->stopped_at);
    if (row->is_missing)
        return status_text(page, "status_file_gone");
    if (is_awaited(row))
        return status_text(page, row->changes == RELEASE_CHANGES_OPEN ? "status_changes"
                                                                      : "status_awaited");
    if (row->held_at != INSTANT_NONE)
        return status_text_when(page, "status_held", row->held_at);
    return NULL;
}

/* A version comes out with its original, or behind it. */
static bool describe_due(struct status_page *page, const struct release_row *row,
                         struct status_item *item, struct error *error)
{
    bool failed = false;
    const struct release_row *original = NULL;
    if (row->original_row_id != row->row_id) {
        original = release_find_by_row_id(page->database, &page->arena, row->original_row_id,
                                          &failed, error);
        if (failed)
            return false;
    }
    if (original && original->due_at != INSTANT_NONE &&
        release_row_waits(row, original, original->due_at))
        item->state = strings_format(&page->arena, status_text(page, "status_awaits_original"),
                                     "title", original->title, NULL);
    else if (original && original->public_at == INSTANT_NONE && original->due_at > row->due_at)
        item->state = status_text_when(page, "status_scheduled", original->due_at);
    else
        item->state = row->due_at > page->now_at
                          ? status_text_when(page, "status_scheduled", row->due_at)
                          : status_text(page, "status_soon");
    return true;
}

static bool describe_unpublished(struct status_page *page, const struct release_row *row,
                                 struct status_item *item, struct error *error)
{
    const char *in_the_way = obstacle(page, row);
    item->section = in_the_way ? STATUS_NEEDS : STATUS_WAITS;
    item->state = in_the_way;
    if (row->status == RELEASE_DRAFT || row->due_at == INSTANT_NONE) {
        bool is_undated = row->place == RELEASE_PLACE_SCHEDULED;
        item->section = is_undated ? STATUS_NEEDS : STATUS_WAITS;
        item->state = status_text(page, is_undated                           ? "status_undated"
                                        : row->place == RELEASE_PLACE_DRAFTS ? "status_draft_folder"
                                                                             : "status_draft");
        return true;
    }
    if (!in_the_way)
        return describe_due(page, row, item, error);
    if (is_awaited(row) && row->changes != RELEASE_CHANGES_OPEN)
        add_approvers(page, item);
    if (row->due_at > page->now_at)
        add_line(item, status_text_when(page, "status_not_before", row->due_at));
    return true;
}

/* An old link shows of what is public what stands there: its row may say more already, where the
 * newest revision is kept back or not written yet. */
static bool find_title(struct status_page *page, const struct release_row *row, const char **title,
                       struct error *error)
{
    *title = row->title;
    if (!is_ahead(page, row))
        return true;
    const struct release *release = release_load(page->database, &page->arena, row->row_id,
                                                 row->text_revision, error);
    if (release && release->title)
        *title = release->title;
    return release != NULL;
}

bool status_describe(struct status_page *page, const struct release_row *row,
                     struct status_item *item, struct error *error)
{
    const char *path = release_row_page_path(&page->arena, row);
    const char *title;
    if (!find_title(page, row, &title, error))
        return false;
    *item = (struct status_item){ .title = title,
                                  .file = row->is_missing ? NULL : row->path,
                                  .lines = json_array() };
    if (strcmp(row->language, page->settings->newsroom->language) != 0)
        item->language = row->language;
    if (row->public_at != INSTANT_NONE && path)
        item->url = arena_format(&page->arena, "%s%s", page->settings->newsroom->site_url, path);
    if (row->status == RELEASE_WITHDRAWN)
        describe_withdrawn(page, row, item);
    else if (row->public_at != INSTANT_NONE)
        describe_public(page, row, item);
    else
        return describe_unpublished(page, row, item, error);
    return true;
}
