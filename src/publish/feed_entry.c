/* SPDX-License-Identifier: MIT */
#include "publish/feed_entry.h"

#include "base/arena.h"
#include "base/html.h"
#include "base/string_builder.h"
#include "locale/locale.h"
#include "publish/event.h"
#include "publish/site.h"
#include "publish/view.h"
#include "release/body.h"
#include "release/newsroom.h"
#include "release/release.h"

#include <string.h>

enum { SUMMARY_MAXIMUM = 400 };

const char *feed_tag(struct arena *arena, const struct site *site, const char *kind,
                     const char *name)
{
    const struct newsroom *newsroom = site->settings->newsroom;
    return arena_format(arena, "tag:%s,%s:%s/%s", newsroom->tag_authority, newsroom->tag_date, kind,
                        name);
}

/* ---- content ---- */

static void labelled_append(struct string_builder *text, const char *label, const char *value)
{
    string_builder_append(text, "<p><strong>");
    html_append(text, label);
    string_builder_append(text, ":</strong> ");
    html_append(text, value);
    string_builder_append(text, "</p>\n");
}

static void notice_append(struct string_builder *text, const struct site *site,
                          const struct view *view)
{
    html_append_element(text, "p", site_string(site, view->language, "withdrawn_text"));
    string_builder_append(text, "\n");
    if (view->reason)
        labelled_append(text, site_string(site, view->language, "withdrawn_reason"), view->reason);
}

static void event_append(struct string_builder *text, struct arena *arena, const struct site *site,
                         const struct view *view)
{
    const struct release_event *event = view->release->event;
    if (!event)
        return;
    labelled_append(text, site_string(site, view->language, "event_time"),
                    event_when(site, arena, view->language, event));
    if (event->place)
        labelled_append(text, site_string(site, view->language, "event_place"), event->place);
}

/* "Download the picture in full size (JPEG, 1.2 MB, 4000 × 2250 pixels)"; NULL where the picture
 * shown is the one at full size. */
static const char *original_title(struct arena *arena, const struct site *site,
                                  const struct view *view, const struct view_asset *asset)
{
    const struct wording wording = site_wording(site, view->language);
    if (!view_is_shown_smaller(asset))
        return NULL;
    return arena_format(arena, "%s (%s)", site_string(site, view->language, "picture_download"),
                        wording_picture(&wording, arena, asset->path, asset->size_bytes,
                                        asset->full.width, asset->full.height));
}

/* Caption, credit and where the original is, as below the pictures of the text. */
static void caption_append(struct string_builder *text, struct arena *arena,
                           const struct site *site, const struct view *view,
                           const struct view_asset *asset)
{
    const struct wording wording = site_wording(site, view->language);
    const char *caption = asset->asset->caption;
    const char *credit = asset->asset->credit;
    const char *original = original_title(arena, site, view, asset);
    if (!caption && !credit && !original)
        return;
    string_builder_append(text, "<figcaption>");
    if (caption)
        html_append(text, caption);
    if (caption && credit)
        string_builder_append(text, "<br/>");
    if (credit)
        html_append(text, wording_credit(&wording, arena, credit));
    if (original) {
        string_builder_append_format(text, "%s<a href=\"%s\">", caption || credit ? "<br/>" : "",
                                     site_url(site, arena, asset->path));
        html_append(text, original);
        string_builder_append(text, "</a>");
    }
    string_builder_append(text, "</figcaption>");
}

/* Appends the pictures that the text does not show, with their captions, below the text. */
static void pictures_append(struct string_builder *text, struct arena *arena,
                            const struct site *site, const struct view *view)
{
    for (size_t i = 0; i < view->asset_count; i++) {
        const struct view_asset *asset = &view->assets[i];
        const char *url = site_url(site, arena, asset->web.path ? asset->web.path : "");
        if (asset->asset->kind != RELEASE_IMAGE || asset->is_unreadable ||
            body_has_image(view->release->body, asset->asset->file))
            continue;
        string_builder_append_format(text,
                                     "<figure><img src=\"%s\" width=\"%d\" height=\"%d\" alt=\"",
                                     url, asset->web.width, asset->web.height);
        html_append(text, asset->asset->alt ? asset->asset->alt : "");
        string_builder_append(text, "\"/>");
        caption_append(text, arena, site, view, asset);
        string_builder_append(text, "</figure>\n");
    }
}

static void contacts_append(struct string_builder *text, const struct site *site,
                            const struct view *view)
{
    const struct release_contact *contact = view->release->contacts;
    if (!contact)
        return;
    html_append_element(text, "h2", site_string(site, view->language, "contact"));
    string_builder_append(text, "\n<ul>\n");
    for (; contact; contact = contact->next) {
        const char *const parts[] = { contact->name, contact->title, contact->department,
                                      contact->phone, contact->email };
        const char *between = "";
        string_builder_append(text, "<li>");
        for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
            if (!parts[i])
                continue;
            string_builder_append(text, between);
            html_append(text, parts[i]);
            between = ", ";
        }
        string_builder_append(text, "</li>\n");
    }
    string_builder_append(text, "</ul>\n");
}

static const char *content_of(struct arena *arena, const struct site *site, const struct view *view)
{
    struct string_builder text;
    string_builder_init(&text, 0);
    if (view->is_withdrawn) {
        notice_append(&text, site, view);
    } else {
        if (view->correction)
            labelled_append(&text, site_string(site, view->language, "correction"),
                            view->correction);
        /* Where the lead is the text's first paragraph, the text has it already. */
        if (release_lead_paragraph(arena, view->release) &&
            !release_lead_is_first_paragraph(arena, view->release)) {
            string_builder_append(&text, "<p><strong>");
            html_append(&text, view->lead);
            string_builder_append(&text, "</strong></p>\n");
        }
        event_append(&text, arena, site, view);
        view_write_body(view, site, false, false, &text);
        pictures_append(&text, arena, site, view);
        contacts_append(&text, site, view);
    }
    const char *content = arena_copy_bytes(arena, text.data, text.length);
    string_builder_release(&text);
    return content;
}

/* ---- the rest ---- */

static void categories_fill(struct feed_entry *entry, struct arena *arena, const struct site *site,
                            const struct view *view)
{
    size_t count = 2;
    /* One for the type, and of topics one more than there are spaces between them. */
    for (const char *at = view->topics; *at; at++)
        count += *at == ' ';
    struct feed_category *categories = arena_allocate_array(arena, count, sizeof *categories);
    categories[entry->category_count++] = (struct feed_category){
        .term = view->type,
        .scheme = site_url(site, arena, "types/"),
        .label = site_type_name(site, arena, view->language, view->type, false),
    };
    const char *cursor = view->topics;
    while (*cursor) {
        size_t length = strcspn(cursor, " ");
        const char *topic = arena_copy_bytes(arena, cursor, length);
        categories[entry->category_count++] = (struct feed_category){
            .term = topic,
            .scheme = site_url(site, arena, "topics/"),
            .label = view_topic_title(view, arena, site, topic),
        };
        cursor += length + strspn(cursor + length, " ");
    }
    entry->categories = categories;
}

static struct feed_media picture_media(struct arena *arena, const struct site *site,
                                       const struct view_rendition *rendition)
{
    return (struct feed_media){ .url = site_url(site, arena, rendition->path),
                                .media_type = rendition->media_type,
                                .size_bytes = rendition->size_bytes,
                                .width = rendition->width,
                                .height = rendition->height };
}

/* The picture as pages show it is enclosed, because readers fetch enclosures unasked; the one at
 * full size is linked to. */
static struct feed_file picture_file(struct arena *arena, const struct site *site,
                                     const struct view *view, const struct view_asset *asset)
{
    struct feed_file file = {
        .media = picture_media(arena, site, &asset->web),
        .title = asset->asset->caption,
        .is_picture = true,
        .alt = asset->asset->alt,
        .credit = asset->asset->credit,
        .original_title = original_title(arena, site, view, asset),
    };
    if (file.original_title)
        file.original = picture_media(arena, site, &asset->full);
    return file;
}

static struct feed_file document_file(struct arena *arena, const struct site *site,
                                      const struct view_asset *asset)
{
    const char *media_type = asset->media_type ? asset->media_type : "application/octet-stream";
    return (struct feed_file){ .media = { .url = site_url(site, arena, asset->path),
                                          .media_type = media_type,
                                          .size_bytes = asset->size_bytes },
                               .title = asset->asset->title };
}

static void files_fill(struct feed_entry *entry, struct arena *arena, const struct site *site,
                       const struct view *view)
{
    struct feed_file *files = arena_allocate_array(arena, view->asset_count, sizeof *files);
    for (size_t i = 0; i < view->asset_count; i++) {
        const struct view_asset *asset = &view->assets[i];
        bool is_picture = asset->asset->kind == RELEASE_IMAGE;
        if (asset->is_unreadable)
            continue;
        files[entry->file_count] = is_picture ? picture_file(arena, site, view, asset)
                                              : document_file(arena, site, asset);
        /* The first that can be read: some readers show one picture an entry. */
        if (is_picture && !entry->image_url)
            entry->image_url = files[entry->file_count].media.url;
        entry->file_count++;
    }
    entry->files = files;
}

struct feed_entry *feed_entry_new(struct arena *arena, const struct site *site,
                                  const struct view *view)
{
    struct feed_entry *entry = arena_allocate(arena, sizeof *entry);
    /* A tag: URI and not the address, because an id must outlive a change of domain (RFC 4151). */
    entry->id = feed_tag(arena, site, "release", view->public_id);
    entry->url = view->url;
    entry->language = view->language;
    entry->title = view->title;
    entry->summary = *view->lead ? wording_cut(arena, view->lead, SUMMARY_MAXIMUM) : NULL;
    entry->published_at = view->public_at;
    entry->updated_at = view->updated_at;
    entry->is_withdrawn = view->is_withdrawn;
    if (view->is_withdrawn) {
        entry->title = strings_format(arena, site_string(site, view->language, "withdrawn_title"),
                                      "title", view->title, NULL);
        entry->summary = site_string(site, view->language, "withdrawn_text");
        entry->reason = view->reason;
    }
    entry->content = content_of(arena, site, view);
    categories_fill(entry, arena, site, view);
    /* Readers fetch enclosures by themselves, and what is withdrawn is no longer there. */
    if (!view->is_withdrawn)
        files_fill(entry, arena, site, view);
    return entry;
}

void feed_entry_shorten(struct feed_entry *entry, struct arena *arena)
{
    struct string_builder text;
    string_builder_init(&text, 0);
    if (entry->summary)
        html_append_element(&text, "p", entry->summary);
    string_builder_append(&text, "<p><a href=\"");
    html_append(&text, entry->url);
    string_builder_append(&text, "\">");
    html_append(&text, entry->url);
    string_builder_append(&text, "</a></p>\n");
    entry->content = arena_copy_bytes(arena, text.data, text.length);
    string_builder_release(&text);
}
