/* SPDX-License-Identifier: MIT */
#include "publish/feed_writer.h"

#include "base/arena.h"
#include "base/clock.h"
#include "presentation/presentation.h"
#include "publish/feed_entry.h"
#include "publish/site.h"
#include "release/newsroom.h"
#include "release/release.h"
#include "template/json_value.h"

static void attachment_add(json_t *attachments, const struct presentation_rendition *media,
                           const char *title)
{
    json_t *attachment = json_object();
    json_set_text(attachment, "url", media->url);
    json_set_text(attachment, "mime_type", media->media_type);
    json_set_if(attachment, "title", title);
    if (media->size_bytes)
        json_set_number(attachment, "size_in_bytes", media->size_bytes);
    (void)json_array_append_new(attachments, attachment);
}

/* Attachments of one title are one thing in several forms, the first of which is to be taken. A
 * picture that has no words of its own is therefore not attached in its second form: its link
 * stands in the content. */
static json_t *attachments_make(const struct presentation *shown)
{
    json_t *attachments = json_array();
    for (size_t i = 0; i < shown->file_count; i++) {
        const struct presentation_file *file = &shown->files[i];
        const struct release_asset *asset = file->asset;
        const char *words = asset->alt ? asset->alt : asset->caption;
        const char *title = file->is_picture ? words : asset->title;
        if (file->is_unreadable)
            continue;
        attachment_add(attachments, &file->web, title);
        if (title && presentation_is_shown_smaller(file))
            attachment_add(attachments, &file->full, title);
    }
    return attachments;
}

static json_t *tags_make(const struct presentation *shown)
{
    json_t *tags = json_array();
    (void)json_array_append_new(tags, json_string(presentation_type_name(shown, shown->language)));
    for (size_t i = 0; i < shown->topic_count; i++)
        (void)json_array_append_new(tags, json_string(shown->topics[i].title));
    return tags;
}

static json_t *item_make(struct arena *arena, const struct feed_entry *entry)
{
    const struct presentation *shown = entry->shown;
    const struct presentation_file *picture = presentation_first_picture(shown);
    json_t *attachments = attachments_make(shown);
    json_t *item = json_object();
    json_set_text(item, "id", shown->tag);
    json_set_text(item, "url", shown->url);
    json_set_text(item, "title", entry->title);
    json_set_if(item, "summary", entry->summary);
    json_set_text(item, "content_html", entry->content);
    json_set_if(item, "image", picture ? picture->web.url : NULL);
    json_set_text(item, "date_published", instant_format_utc(arena, shown->public_at));
    json_set_text(item, "date_modified", instant_format_utc_exact(arena, shown->updated_at));
    json_set_text(item, "language", shown->language);
    json_set_value(item, "tags", tags_make(shown));
    if (json_array_size(attachments))
        json_set_value(item, "attachments", attachments);
    else
        json_decref(attachments);
    return item;
}

bool json_feed_write(const struct feed_document *document, struct string_builder *text,
                     struct error *error)
{
    struct arena arena = { 0 };
    json_t *feed = json_object();
    json_set_text(feed, "version", "https://jsonfeed.org/version/1.1");
    json_set_text(feed, "title", document->title);
    json_set_text(feed, "home_page_url", document->home_url);
    json_set_text(feed, "feed_url", document->self_url);
    json_set_if(feed, "description", document->description);
    json_set_text(feed, "language", document->language);
    json_t *author = json_object();
    json_set_text(author, "name", document->site->settings->newsroom->name);
    json_set_text(author, "url", document->site->presentation.home);
    json_t *authors = json_array();
    (void)json_array_append_new(authors, author);
    json_set_value(feed, "authors", authors);
    json_t *items = json_array();
    for (size_t i = 0; i < document->entry_count; i++)
        (void)json_array_append_new(items, item_make(&arena, document->entries[i]));
    json_set_value(feed, "items", items);
    arena_release(&arena);
    return json_write(feed, text, error);
}
