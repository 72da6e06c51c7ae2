/* SPDX-License-Identifier: MIT */
#include "status_page/page.h"

#include "base/array.h"
#include "base/clock.h"
#include "base/error.h"
#include "intake/report.h"
#include "locale/zone.h"
#include "queue/queue.h"
#include "release/newsroom.h"
#include "release/release_note.h"
#include "release/release_store.h"
#include "status_page/status_page.h"
#include "template/json_value.h"

#include <inttypes.h>
#include <string.h>

/* What the tags around an item weigh, and what may be in the lists so that the page stays below its
 * maximum. */
enum { ITEM_SIZE = 400, LINE_SIZE = 40, LISTS_SIZE = STATUS_PAGE_MAXIMUM - 64 * 1024 };

/* ---- items ---- */

/* What a text becomes in HTML. */
static size_t text_size(const char *text)
{
    size_t size = 0;
    for (; text && *text; text++)
        size += strchr("&<>\"'", *text) ? sizeof "&quot;" - 1 : 1;
    return size;
}

static size_t list_size(const json_t *list)
{
    size_t index;
    json_t *line;
    size_t size = 0;
    json_array_foreach(list, index, line) size += text_size(json_string_value(line)) + LINE_SIZE;
    return size;
}

static bool is_full(const struct status_page *page)
{
    return page->size + ITEM_SIZE > LISTS_SIZE;
}

static void drop_item(struct status_item *item)
{
    json_decref(item->lines);
    json_decref(item->problems);
}

/* Takes the lists of *item. False: it is counted instead, as there is no room. */
static bool add_item(struct status_page *page, struct status_item *item)
{
    size_t size = ITEM_SIZE + text_size(item->title) + text_size(item->file) +
                  text_size(item->state) + 2 * text_size(item->url) + list_size(item->lines) +
                  list_size(item->problems);
    if (page->size + size > LISTS_SIZE) {
        page->left_out += item->section != STATUS_NEWEST;
        drop_item(item);
        return false;
    }
    page->size += size;
    json_t *object = json_object();
    json_set_text(object, "item_title", item->title);
    json_set_text(object, "item_file", item->file);
    json_set_text(object, "item_lang", item->language);
    json_set_text(object, "item_language",
                  item->language
                      ? language_name(&page->arena, item->language, page->wording.language)
                      : NULL);
    json_set_text(object, "item_state", item->state);
    json_set_text(object, "item_url", item->url);
    json_set_list(object, "lines", item->lines);
    json_set_list(object, "problems", item->problems);
    (void)json_array_append_new(page->sections[item->section], object);
    return true;
}

/* The place of a row id in the table of what is there, or of the gap where it would be. */
static size_t place_of(const struct status_page *page, int64_t row_id)
{
    size_t mask = page->table_capacity - 1;
    size_t place = (size_t)row_id * 0x9E3779B1U & mask;
    while (page->table[place] && page->table[place] != row_id)
        place = (place + 1) & mask;
    return place;
}

/* At most half of the table is used. */
static void table_grow(struct status_page *page)
{
    page->table_capacity = page->table_capacity ? 2 * page->table_capacity : 1024;
    page->table = arena_allocate_array(&page->arena, page->table_capacity, sizeof *page->table);
    for (size_t i = 0; i < page->shown_count; i++)
        page->table[place_of(page, page->shown[i])] = page->shown[i];
}

static void note_shown(struct status_page *page, const struct release_row *row)
{
    ARRAY_GROW_IN(&page->arena, page->shown, page->shown_count, page->shown_capacity);
    ARRAY_GROW_IN(&page->arena, page->shown_at, page->shown_count, page->shown_at_capacity);
    page->shown[page->shown_count] = row->row_id;
    page->shown_at[page->shown_count++] = row->public_at;
    if (2 * page->shown_count > page->table_capacity)
        table_grow(page);
    page->table[place_of(page, row->row_id)] = row->row_id;
}

static bool is_shown(const struct status_page *page, int64_t row_id)
{
    return page->table && page->table[place_of(page, row_id)] == row_id;
}

static bool is_hidden(const struct status_page *page, const struct release_row *row)
{
    return page->hides_unpublished && (!row || row->public_at == INSTANT_NONE);
}

/* What a file or folder is called, wherever it lies. */
static const char *name_of(const char *path)
{
    const char *name = path;
    for (const char *at = path; *at; at++)
        if (*at == '/' && at[1])
            name = at + 1;
    return name;
}

/* Whether it is a draft that was moved out of its folder and then refused: it stands where its file
 * does. */
static bool is_moved_draft(const struct status_page *page, const struct release_row *row)
{
    bool is_gone = row->is_missing && row->public_at == INSTANT_NONE &&
                   row->place == RELEASE_PLACE_DRAFTS;
    for (size_t i = 0; is_gone && i < page->refused_count; i++)
        if (strcmp(page->refused[i], name_of(row->path)) == 0)
            return true;
    return false;
}

/* A row, unless it is there already; problems, new or NULL, belong to it. */
static bool add_row(struct status_page *page, const struct release_row *row, json_t *problems,
                    struct error *error)
{
    struct status_item item;
    if (!problems && is_moved_draft(page, row)) {
        if (!is_shown(page, row->row_id))
            note_shown(page, row);
        return true;
    }
    if (is_shown(page, row->row_id) || is_hidden(page, row)) {
        page->hidden += is_hidden(page, row) && !is_shown(page, row->row_id);
        json_decref(problems);
        if (!is_shown(page, row->row_id))
            note_shown(page, row);
        return true;
    }
    if (is_full(page) && row->public_at == INSTANT_NONE) {
        page->left_out++;
        json_decref(problems);
        note_shown(page, row);
        return true;
    }
    bool done = status_describe(page, row, &item, error) &&
                status_describe_mail(page, row, &item, error);
    item.problems = problems;
    if (!done) {
        drop_item(&item);
        return false;
    }
    if (problems)
        item.section = STATUS_NEEDS;
    if (add_item(page, &item) || item.section != STATUS_NEWEST)
        note_shown(page, row);
    return true;
}

static bool add_filtered(struct status_page *page, const struct release_filter *filter,
                         struct error *error)
{
    struct release_cursor cursor;
    const struct release_row *row;
    bool done = true;
    release_cursor_open(&cursor, page->database, filter);
    while (done && release_cursor_next(&cursor, &row, error))
        done = add_row(page, row, NULL, error);
    return release_cursor_close(&cursor) && done;
}

/* What there is no room for, or what must not be shown, is counted and not read. */
static bool add_unpublished(struct status_page *page, struct error *error)
{
    static const struct release_filter filter = { .only_unpublished = true };
    struct release_cursor cursor;
    const struct release_row *row;
    bool done = true;
    int64_t count = 0;
    release_cursor_open(&cursor, page->database, &filter);
    while (done && !page->hides_unpublished && !is_full(page) &&
           release_cursor_next(&cursor, &row, error))
        done = add_row(page, row, NULL, error);
    if (!release_cursor_close(&cursor) || !done ||
        !release_count_unpublished(page->database, &count, error))
        return false;
    for (size_t i = 0; i < page->shown_count; i++)
        count -= page->shown_at[i] == INSTANT_NONE;
    *(page->hides_unpublished ? &page->hidden : &page->left_out) += count > 0 ? count : 0;
    return true;
}

/* ---- what was said of files ---- */

static json_t *lines_of(const char *words)
{
    json_t *lines = json_array();
    while (*words) {
        size_t length = strcspn(words, "\n");
        (void)json_array_append_new(lines, json_stringn(words, length));
        words += length + (words[length] != '\0');
    }
    return lines;
}

/* Whether it only says of a public release that it was too old to be mailed: nothing is to be done
 * about that, and it is said where the release stands. */
static bool needs_nobody(const struct intake_report *report, const struct release_row *row)
{
    enum release_unmailed reason = release_unmailed_of(row->announce_note);
    return report->severity == INTAKE_NOTICE && report->said_severity < INTAKE_NOTICE &&
           !row->is_missing && row->public_at != INSTANT_NONE &&
           (reason == RELEASE_UNMAILED_TOO_OLD || reason == RELEASE_UNMAILED_FORGOTTEN);
}

static bool add_release_report(struct status_page *page, const struct intake_report *report,
                               bool *found, struct error *error)
{
    bool failed = false;
    const struct release_row *row = release_find_by_row_id(page->database, &page->arena,
                                                           report->release, &failed, error);
    *found = row != NULL;
    if (!row)
        return !failed;
    if (needs_nobody(report, row))
        return true;
    return add_row(page, row, page->hides_unpublished ? NULL : lines_of(report->words), error);
}

/* The words may quote what is not public yet, so an old link shows none of them. */
static bool add_report(struct status_page *page, const struct intake_report *report,
                       struct error *error)
{
    bool found = false;
    if (report->release && !add_release_report(page, report, &found, error))
        return false;
    if (found)
        return true;
    if (page->hides_unpublished) {
        page->hidden++;
        return true;
    }
    struct status_item item = {
        .section = STATUS_NEEDS,
        .title = arena_copy(&page->arena, report->title ? report->title : report->path),
        .file = strcmp(report->path, INTAKE_REPORT_MANY) == 0 ? NULL : report->path,
        .state = status_text(page,
                             report->severity == INTAKE_REFUSED ? "status_refused" : "status_look"),
        .problems = lines_of(report->words)
    };
    if (add_item(page, &item) && report->severity == INTAKE_REFUSED) {
        ARRAY_GROW_IN(&page->arena, page->refused, page->refused_count, page->refused_capacity);
        page->refused[page->refused_count++] = arena_copy(&page->arena, name_of(report->path));
    }
    return true;
}

static bool add_reports(struct status_page *page, struct error *error)
{
    struct intake_report_cursor cursor;
    const struct intake_report *report;
    bool done = true;
    intake_report_cursor_open(&cursor, page->database);
    while (done && intake_report_cursor_next(&cursor, &report, error))
        done = add_report(page, report, error);
    return intake_report_cursor_close(&cursor) && done;
}

/* ---- mailings that have not ended ---- */

static bool add_row_of(struct status_page *page, int64_t row_id, struct error *error)
{
    bool failed = false;
    const struct release_row *row = release_find_by_row_id(page->database, &page->arena, row_id,
                                                           &failed, error);
    return row ? add_row(page, row, NULL, error) : !failed;
}

static bool add_mailings(struct status_page *page, struct error *error)
{
    struct queue_mailing_cursor cursor;
    const struct queue_mailing *mailing;
    bool done = true;
    queue_mailing_cursor_open_unfinished(&cursor, page->database);
    while (done && queue_mailing_cursor_next(&cursor, &mailing, error))
        done = !mailing->release || add_row_of(page, mailing->release, error);
    return queue_mailing_cursor_close(&cursor) && done;
}

/* ---- what is public ---- */

static bool add_newest(struct status_page *page, struct error *error)
{
    static const struct release_filter filter = { .only_public = true,
                                                  .order = RELEASE_ORDER_NEWEST_FIRST };
    struct release_cursor cursor;
    const struct release_row *row;
    bool done = true;
    size_t left_over = page->shown_count;
    release_cursor_open(&cursor, page->database, &filter);
    while (done && json_array_size(page->sections[STATUS_NEWEST]) < STATUS_PAGE_NEWEST &&
           page->size < LISTS_SIZE - 8192 && page->shown_count < left_over + STATUS_PAGE_NEWEST &&
           release_cursor_next(&cursor, &row, error))
        done = add_row(page, row, NULL, error);
    return release_cursor_close(&cursor) && done;
}

static void add_year(struct status_page *page, int64_t year, int64_t count)
{
    json_t *object = json_object();
    const char *digits = arena_format(&page->arena, "%" PRId64, year);
    json_set_text(
        object, "year_text",
        strings_format(
            &page->arena,
            strings_plural(page->settings->strings, page->wording.language, "status_year", count),
            "year", digits, "count",
            locale_number(page->wording.locale, &page->arena, page->wording.language, count),
            NULL));
    (void)json_array_append_new(page->years, object);
}

static int64_t shown_between(const struct status_page *page, int64_t from_at, int64_t before_at)
{
    int64_t count = 0;
    for (size_t i = 0; i < page->shown_count; i++)
        count += page->shown_at[i] != INSTANT_NONE && page->shown_at[i] >= from_at &&
                 page->shown_at[i] < before_at;
    return count;
}

/* From this year back to the first one that has any. */
static bool add_years(struct status_page *page, struct error *error)
{
    const struct zone *zone = locale_context_zone(page->wording.locale);
    struct civil_time civil;
    int64_t before_at = INT64_MAX;
    int64_t before = 0;
    int64_t earlier = 0;
    zone_civil(zone, page->now_at, &civil);
    if (!release_count_public(page->database, before_at, &before, error))
        return false;
    for (int64_t year = civil.year; before > 0 && year > 1900; year--) {
        int64_t from_at;
        const struct civil_time start = { .year = year, .month = 1, .day = 1 };
        if (!zone_instant(zone, &start, &from_at, error) ||
            !release_count_public(page->database, from_at, &earlier, error))
            return false;
        int64_t count = before - earlier - shown_between(page, from_at, before_at);
        if (count > 0)
            add_year(page, year, count);
        before = earlier;
        before_at = from_at;
    }
    return true;
}

bool status_collect(struct status_page *page, struct error *error)
{
    static const struct release_filter stopped = { .only_stopped = true };
    static const struct release_filter awaited = { .only_awaited = true };
    return add_reports(page, error) && add_filtered(page, &stopped, error) &&
           add_filtered(page, &awaited, error) && add_unpublished(page, error) &&
           add_mailings(page, error) && add_newest(page, error) && add_years(page, error);
}
