/* SPDX-License-Identifier: MIT */
#include "publish/feed_entry.h"

#include "base/arena.h"
#include "base/html.h"
#include "base/string_builder.h"
#include "locale/locale.h"
#include "presentation/presentation.h"
#include "release/body.h"
#include "release/release.h"

#include <string.h>

enum { SUMMARY_MAXIMUM = 400 };

/* ---- content ---- */

static void labelled_append(struct string_builder *text, const char *label, const char *value)
{
    string_builder_append(text, "<p><strong>");
    html_append(text, label);
    string_builder_append(text, ":</strong> ");
    html_append(text, value);
    string_builder_append(text, "</p>\n");
}

/* The words of the site in the release's language. */
static const char *word(const struct presentation *shown, const char *key)
{
    return strings_get(shown->settings->strings, shown->language, key);
}

static void notice_append(struct string_builder *text, const struct presentation *shown)
{
    html_append_element(text, "p", word(shown, "withdrawn_text"));
    string_builder_append(text, "\n");
    if (shown->reason)
        labelled_append(text, word(shown, "withdrawn_reason"), shown->reason);
}

static void event_append(struct string_builder *text, const struct presentation *shown)
{
    const struct presentation_event *event = shown->event;
    if (!event)
        return;
    labelled_append(text, word(shown, "event_time"), event->when);
    if (event->place)
        labelled_append(text, word(shown, "event_place"), event->place);
}

static const char *original_title(struct arena *arena, const struct body_image_words *words)
{
    return words->is_original
               ? NULL
               : arena_format(arena, "%s (%s)", words->original_label, words->original_text);
}

const char *feed_original_title(const struct presentation *shown,
                                const struct presentation_file *file)
{
    struct body_image_words words;
    if (!presentation_is_shown_smaller(file))
        return NULL;
    presentation_picture_words(shown->settings, shown->arena, file, shown->language, &words);
    return original_title(shown->arena, &words);
}

/* Caption, credit and where the original is, as below the pictures of the text. */
static void caption_append(struct string_builder *text, const struct presentation *shown,
                           const struct presentation_file *file)
{
    struct body_image_words words;
    presentation_picture_words(shown->settings, shown->arena, file, shown->language, &words);
    const char *original = original_title(shown->arena, &words);
    if (!words.caption && !words.credit && !original)
        return;
    string_builder_append(text, "<figcaption>");
    if (words.caption)
        html_append(text, words.caption);
    if (words.caption && words.credit)
        string_builder_append(text, "<br/>");
    if (words.credit)
        html_append(text, words.credit);
    if (original) {
        string_builder_append_format(text, "%s<a href=\"%s\">",
                                     words.caption || words.credit ? "<br/>" : "",
                                     words.original_address);
        html_append(text, original);
        string_builder_append(text, "</a>");
    }
    string_builder_append(text, "</figcaption>");
}

/* Appends the pictures that the text does not show, with their captions, below the text. */
static void pictures_append(struct string_builder *text, const struct presentation *shown)
{
    for (size_t i = 0; i < shown->file_count; i++) {
        const struct presentation_file *file = &shown->files[i];
        if (!file->is_picture || file->is_unreadable || file->is_in_text)
            continue;
        string_builder_append_format(text,
                                     "<figure><img src=\"%s\" width=\"%d\" height=\"%d\" alt=\"",
                                     file->web.url, file->web.width, file->web.height);
        html_append(text, file->asset->alt ? file->asset->alt : "");
        string_builder_append(text, "\"/>");
        caption_append(text, shown, file);
        string_builder_append(text, "</figure>\n");
    }
}

static void contacts_append(struct string_builder *text, const struct presentation *shown)
{
    const struct presentation_contacts *contacts = &shown->contacts;
    if (!shown->has_own_contacts)
        return;
    html_append_element(text, "h2", word(shown, "contact"));
    string_builder_append(text, "\n<ul>\n");
    for (size_t i = 0; i < contacts->count; i++) {
        html_append_element(text, "li",
                            presentation_contact_line(shown->arena, &contacts->list[i]));
        string_builder_append(text, "\n");
    }
    string_builder_append(text, "</ul>\n");
}

static const char *content_of(const struct presentation *shown)
{
    const struct presentation_form form = { .medium = PRESENTATION_FEED };
    struct string_builder text;
    string_builder_init(&text, 0);
    if (shown->is_withdrawn) {
        notice_append(&text, shown);
    } else {
        if (shown->correction)
            labelled_append(&text, word(shown, "correction"), shown->correction);
        /* Where the lead is the text's first paragraph, the text has it already. */
        if (shown->lead_paragraph && !shown->lead_is_first_paragraph) {
            string_builder_append(&text, "<p><strong>");
            html_append(&text, shown->lead);
            string_builder_append(&text, "</strong></p>\n");
        }
        event_append(&text, shown);
        presentation_write(shown, &form, shown->release->body, &text);
        pictures_append(&text, shown);
        contacts_append(&text, shown);
    }
    const char *content = arena_copy_bytes(shown->arena, text.data, text.length);
    string_builder_release(&text);
    return content;
}

struct feed_entry *feed_entry_new(const struct presentation *shown)
{
    struct arena *arena = shown->arena;
    struct feed_entry *entry = arena_allocate(arena, sizeof *entry);
    *entry = (struct feed_entry){
        .shown = shown,
        .title = shown->title,
        .summary = *shown->lead ? wording_cut(arena, shown->lead, SUMMARY_MAXIMUM) : NULL,
        .content = content_of(shown),
    };
    if (shown->is_withdrawn) {
        entry->title = strings_format(arena, word(shown, "withdrawn_title"), "title", shown->title,
                                      NULL);
        entry->summary = word(shown, "withdrawn_text");
    }
    return entry;
}

void feed_entry_shorten(struct feed_entry *entry)
{
    struct string_builder text;
    string_builder_init(&text, 0);
    if (entry->summary)
        html_append_element(&text, "p", entry->summary);
    string_builder_append(&text, "<p><a href=\"");
    html_append(&text, entry->shown->url);
    string_builder_append(&text, "\">");
    html_append(&text, entry->shown->url);
    string_builder_append(&text, "</a></p>\n");
    entry->content = arena_copy_bytes(entry->shown->arena, text.data, text.length);
    string_builder_release(&text);
}
