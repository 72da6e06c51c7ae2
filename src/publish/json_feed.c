/* SPDX-License-Identifier: MIT */
#include "publish/feed_format.h"

#include "base/arena.h"
#include "base/clock.h"
#include "publish/feed_entry.h"
#include "publish/site.h"
#include "release/newsroom.h"
#include "template/json_value.h"

static void attachment_add(json_t *attachments, const struct feed_media *media, const char *title)
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
static json_t *attachments_make(const struct feed_entry *entry)
{
    json_t *attachments = json_array();
    for (size_t i = 0; i < entry->file_count; i++) {
        const struct feed_file *file = &entry->files[i];
        const char *title = file->is_picture && file->alt ? file->alt : file->title;
        attachment_add(attachments, &file->media, title);
        if (file->original.url && title)
            attachment_add(attachments, &file->original, title);
    }
    return attachments;
}

static json_t *item_make(struct arena *arena, const struct feed_entry *entry)
{
    json_t *item = json_object();
    json_set_text(item, "id", entry->id);
    json_set_text(item, "url", entry->url);
    json_set_text(item, "title", entry->title);
    json_set_if(item, "summary", entry->summary);
    json_set_text(item, "content_html", entry->content);
    json_set_if(item, "image", entry->image_url);
    json_set_text(item, "date_published", instant_format_utc(arena, entry->published_at));
    json_set_text(item, "date_modified", instant_format_utc_exact(arena, entry->updated_at));
    json_set_text(item, "language", entry->language);
    json_t *tags = json_array();
    for (size_t i = 0; i < entry->category_count; i++)
        (void)json_array_append_new(tags, json_string(entry->categories[i].label));
    json_set_value(item, "tags", tags);
    if (entry->file_count)
        json_set_value(item, "attachments", attachments_make(entry));
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
