/* SPDX-License-Identifier: MIT */
#include "receipt/words.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/error.h"
#include "intake/report.h"
#include "preview/preview.h"
#include "release/newsroom.h"
#include "release/release_store.h"

#include <string.h>

void writer_init(struct receipt_writer *writer, const struct receipt_service *service,
                 struct arena *arena, struct release_row *row, const char *path, int64_t now_at)
{
    const struct mail_resources *resources = service->settings->resources;
    *writer = (struct receipt_writer){
        .service = service,
        .arena = arena,
        .wording = { .locale = resources->locale,
                     .strings = resources->strings,
                     .language = resources->newsroom->language },
        .row = row,
        .name = row && row->title && *row->title ? row->title
                : path                           ? path
                                                 : "",
        .now_at = now_at,
    };
}

const char *writer_text_with(struct receipt_writer *writer, const char *key, const char *name,
                             const char *value)
{
    const struct mail_resources *resources = writer->service->settings->resources;
    return strings_format(writer->arena,
                          strings_get(resources->strings, writer->wording.language, key), "title",
                          writer->name, "publisher", resources->newsroom->name, name, value, NULL);
}

const char *writer_text(struct receipt_writer *writer, const char *key)
{
    return writer_text_with(writer, key, NULL, NULL);
}

const char *writer_count(struct receipt_writer *writer, const char *key, int64_t count,
                         const char *name, const char *value)
{
    const struct mail_resources *resources = writer->service->settings->resources;
    const char *language = writer->wording.language;
    return strings_format(writer->arena, strings_plural(resources->strings, language, key, count),
                          "count", locale_number(resources->locale, writer->arena, language, count),
                          name, value, NULL);
}

const char *writer_when(struct receipt_writer *writer, int64_t at)
{
    return wording_event_when(&writer->wording, writer->arena, at, INSTANT_NONE);
}

void writer_head(struct receipt_writer *writer, const char *subject_key, const char *title_key)
{
    writer->words.subject = writer_text(writer, subject_key);
    writer->words.title = writer_text(writer, title_key);
}

static void append(struct receipt_writer *writer, struct mail_line **first, const char *label,
                   const char *text)
{
    while (*first)
        first = &(*first)->next;
    *first = arena_allocate(writer->arena, sizeof **first);
    **first = (struct mail_line){ .label = label, .text = text };
}

void writer_paragraph(struct receipt_writer *writer, const char *text)
{
    append(writer, &writer->words.paragraphs, NULL, text);
}

void writer_fact(struct receipt_writer *writer, const char *label_key, const char *text)
{
    if (text)
        append(writer, &writer->words.facts, writer_text(writer, label_key), text);
}

void writer_named(struct receipt_writer *writer, const char *name, const char *text)
{
    if (text)
        append(writer, &writer->words.facts, name, text);
}

void writer_link(struct receipt_writer *writer, const char *label_key, const char *address)
{
    if (address)
        append(writer, &writer->words.links, writer_text(writer, label_key), address);
}

void writer_warnings(struct receipt_writer *writer, const char *title_key, const char *lines)
{
    if (!lines || !*lines)
        return;
    if (!writer->words.warnings_title)
        writer->words.warnings_title = writer_text(writer, title_key);
    while (*lines) {
        size_t length = strcspn(lines, "\n");
        if (length)
            append(writer, &writer->words.warnings, NULL,
                   arena_copy_bytes(writer->arena, lines, length));
        lines += length + (lines[length] == '\n');
    }
}

void writer_stop(struct receipt_writer *writer)
{
    if (writer->service->settings->is_read)
        writer->words.reply = writer_text(writer, "receipt_reply_stop");
}

bool writer_waits_for_changes(const struct release_row *row)
{
    return row->approval == RELEASE_APPROVAL_AWAITED && row->changes == RELEASE_CHANGES_OPEN &&
           row->status == RELEASE_READY;
}

const char *writer_page(struct receipt_writer *writer, const struct release_row *row)
{
    const char *path = row->public_at == INSTANT_NONE ? NULL
                                                      : release_row_page_path(writer->arena, row);
    const struct newsroom *newsroom = writer->service->settings->resources->newsroom;
    return path ? arena_format(writer->arena, "%s%s", newsroom->site_url, path) : NULL;
}

static bool find_report(struct receipt_writer *writer, const char *path,
                        struct intake_report *report, bool *found, struct error *error)
{
    return intake_report_find(writer->service->database, writer->arena, path, report, found, error);
}

/* What is said of a version, each line behind the name of its file. */
static void warn_of_version(struct receipt_writer *writer, const char *path, const char *lines)
{
    while (lines && *lines) {
        size_t length = strcspn(lines, "\n");
        if (length)
            writer_warnings(writer, "receipt_warnings",
                            arena_format(writer->arena, "%s: %.*s", path, (int)length, lines));
        lines += length + (lines[length] == '\n');
    }
}

/* A version has no receipt of its own while it comes with its original. */
static bool warn_of_versions(struct receipt_writer *writer, struct error *error)
{
    const struct release_filter filter = { .without_withdrawn = true,
                                           .original_row_id = writer->row->row_id };
    struct release_cursor cursor;
    const struct release_row *row;
    bool is_read = true;
    release_cursor_open(&cursor, writer->service->database, &filter);
    while (is_read && release_cursor_next(&cursor, &row, error)) {
        struct intake_report report;
        bool found = false;
        if (row->row_id == writer->row->row_id || !row->path)
            continue;
        const char *path = arena_copy(writer->arena, row->path);
        is_read = find_report(writer, path, &report, &found, error);
        if (is_read && found)
            warn_of_version(writer, path, report.advice);
    }
    return release_cursor_close(&cursor) && is_read;
}

bool writer_report(struct receipt_writer *writer, struct error *error)
{
    bool found = false;
    struct intake_report report;
    const char *path = writer->row ? writer->row->path : NULL;
    if (!path)
        return true;
    if (!find_report(writer, path, &report, &found, error))
        return false;
    if (found) {
        writer_warnings(writer, "receipt_warnings", report.words);
        writer_warnings(writer, "receipt_warnings", report.advice);
    }
    return warn_of_versions(writer, error);
}

bool writer_ask(struct receipt_writer *writer, const struct release_row *row, struct error *error)
{
    bool found = false;
    struct intake_report report;
    if (writer->service->settings->is_read)
        writer->words.reply = writer_text(writer, "receipt_reply_changes");
    if (row->row_id == writer->row->row_id || !row->path)
        return true;
    const char *path = arena_copy(writer->arena, row->path);
    if (!find_report(writer, path, &report, &found, error))
        return false;
    if (found)
        warn_of_version(writer, path, report.words);
    return true;
}

void writer_preview(struct receipt_writer *writer, const struct preview *preview,
                    const char *language)
{
    struct mail_attachment **end = &writer->words.attachments;
    const char *name = language_name(writer->arena, language, writer->wording.language);
    if (!*end)
        writer_paragraph(writer, writer_text(writer, "receipt_preview"));
    else
        name = arena_format(writer->arena, "%s (%s)", writer_text(writer, "receipt_link_preview"),
                            name);
    if (preview->url && !*end)
        writer_link(writer, "receipt_link_preview", preview->url);
    else if (preview->url)
        append(writer, &writer->words.links, name, preview->url);
    bool is_first = !*end;
    while (*end)
        end = &(*end)->next;
    *end = receipt_preview_attachments(writer->arena, preview);
    if (!is_first)
        (*end)->name = arena_format(writer->arena, "mail-%s.eml", language);
}
