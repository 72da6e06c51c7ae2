/* SPDX-License-Identifier: MIT */
#include "publish/feed_writer.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/html.h"
#include "base/media_type.h"
#include "base/string_builder.h"
#include "locale/locale.h"
#include "locale/zone.h"
#include "presentation/presentation.h"
#include "publish/feed_entry.h"
#include "publish/site.h"
#include "release/newsroom.h"
#include "release/release.h"
#include "xml/xml_writer.h"

static void media_write(struct xml_writer *xml, const struct presentation_file *file)
{
    const struct release_asset *asset = file->asset;
    const char *title = file->is_picture ? asset->caption : asset->title;
    xml_start(xml, "media:content");
    xml_attribute(xml, "url", file->web.url);
    if (file->web.size_bytes)
        xml_attribute_number(xml, "fileSize", (long long)file->web.size_bytes);
    xml_attribute(xml, "type", file->web.media_type);
    xml_attribute(xml, "medium", file->is_picture ? "image" : "document");
    if (file->web.width) {
        xml_attribute_number(xml, "width", file->web.width);
        xml_attribute_number(xml, "height", file->web.height);
    }
    if (title) {
        xml_start(xml, "media:title");
        xml_attribute(xml, "type", "plain");
        xml_text(xml, title);
        xml_end(xml);
    }
    if (asset->alt) {
        xml_start(xml, "media:description");
        xml_attribute(xml, "type", "plain");
        xml_text(xml, asset->alt);
        xml_end(xml);
    }
    if (asset->credit) {
        xml_start(xml, "media:credit");
        xml_attribute(xml, "role", "photographer");
        xml_text(xml, asset->credit);
        xml_end(xml);
    }
    xml_end(xml);
}

/* Where the picture is whole, as Atom has it: as another media:content it would be fetched by
 * readers that take them all, or the largest. */
static void original_write(struct xml_writer *xml, const struct presentation_rendition *original,
                           const char *title)
{
    xml_start(xml, "atom:link");
    xml_attribute(xml, "rel", "related");
    xml_attribute(xml, "type", original->media_type);
    xml_attribute_number(xml, "length", (long long)original->size_bytes);
    xml_attribute(xml, "title", title);
    xml_attribute(xml, "href", original->url);
    xml_end(xml);
}

/* One enclosure is all that RSS allows: the first file. The others, and what an enclosure cannot
 * say of a picture, are Media RSS. */
static void files_write(struct xml_writer *xml, const struct presentation *shown)
{
    bool is_first = true;
    for (size_t i = 0; i < shown->file_count; i++) {
        const struct presentation_file *file = &shown->files[i];
        if (file->is_unreadable)
            continue;
        if (is_first) {
            xml_start(xml, "enclosure");
            xml_attribute(xml, "url", file->web.url);
            xml_attribute_number(xml, "length", (long long)file->web.size_bytes);
            xml_attribute(xml, "type", file->web.media_type);
            xml_end(xml);
        }
        if (!is_first || file->is_picture)
            media_write(xml, file);
        is_first = false;
    }
    for (size_t i = 0; i < shown->file_count; i++) {
        const char *title = feed_original_title(shown, &shown->files[i]);
        if (title)
            original_write(xml, &shown->files[i].full, title);
    }
}

static void category_write(struct xml_writer *xml, const char *domain, const char *label)
{
    xml_start(xml, "category");
    xml_attribute(xml, "domain", domain);
    xml_text(xml, label);
    xml_end(xml);
}

/* The description is HTML, so a plain summary is escaped once more. Without a summary it is the
 * whole text. */
static void description_write(struct xml_writer *xml, const struct feed_entry *entry)
{
    struct string_builder summary;
    if (!entry->summary) {
        xml_element(xml, "description", entry->content);
        return;
    }
    string_builder_init(&summary, 0);
    html_append(&summary, entry->summary);
    xml_element(xml, "description", summary.data);
    xml_element(xml, "content:encoded", entry->content);
    string_builder_release(&summary);
}

static void item_write(struct xml_writer *xml, struct arena *arena, const struct site *site,
                       const struct feed_entry *entry)
{
    const struct presentation *shown = entry->shown;
    const struct zone *zone = locale_context_zone(site->settings->locale);
    xml_start(xml, "item");
    xml_element_plain(xml, "title", entry->title);
    xml_element(xml, "link", shown->url);
    xml_start(xml, "guid");
    xml_attribute(xml, "isPermaLink", "false");
    xml_text(xml, shown->tag);
    xml_end(xml);
    xml_element(xml, "pubDate", zone_format_rfc822(zone, arena, shown->public_at));
    xml_element(xml, "atom:updated", instant_format_utc_exact(arena, shown->updated_at));
    xml_element(xml, "dc:creator", site->settings->newsroom->name);
    xml_element(xml, "dc:language", shown->language);
    category_write(xml, presentation_url(shown->settings, arena, "types/"),
                   presentation_type_name(shown, shown->language));
    for (size_t i = 0; i < shown->topic_count; i++)
        category_write(xml, presentation_url(shown->settings, arena, "topics/"),
                       shown->topics[i].title);
    description_write(xml, entry);
    files_write(xml, shown);
    xml_end(xml);
}

bool rss_write(const struct feed_document *document, struct string_builder *text,
               struct error *error)
{
    const struct site *site = document->site;
    struct arena arena = { 0 };
    struct xml_writer *xml = xml_open(XML_INDENTED, 0);
    xml_start(xml, "rss");
    xml_attribute(xml, "version", "2.0");
    xml_attribute(xml, "xmlns:atom", "http://www.w3.org/2005/Atom");
    xml_attribute(xml, "xmlns:content", "http://purl.org/rss/1.0/modules/content/");
    xml_attribute(xml, "xmlns:dc", "http://purl.org/dc/elements/1.1/");
    xml_attribute(xml, "xmlns:media", "http://search.yahoo.com/mrss/");
    xml_start(xml, "channel");
    xml_element_plain(xml, "title", document->title);
    xml_element(xml, "link", document->home_url);
    xml_element(xml, "description",
                document->description ? document->description : document->title);
    xml_element(xml, "language", document->language);
    xml_element(xml, "lastBuildDate",
                zone_format_rfc822(locale_context_zone(site->settings->locale), &arena,
                                   document->updated_at));
    xml_start(xml, "atom:link");
    xml_attribute(xml, "rel", "self");
    xml_attribute(xml, "type", MEDIA_TYPE_RSS);
    xml_attribute(xml, "href", document->self_url);
    xml_end(xml);
    for (size_t i = 0; i < document->entry_count; i++)
        item_write(xml, &arena, site, document->entries[i]);
    xml_end(xml);
    xml_end(xml);
    arena_release(&arena);
    return xml_close(xml, text, error);
}
