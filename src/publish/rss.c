/* SPDX-License-Identifier: MIT */
#include "publish/feed_format.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/html.h"
#include "base/media_type.h"
#include "base/string_builder.h"
#include "locale/locale.h"
#include "locale/zone.h"
#include "publish/feed_entry.h"
#include "publish/site.h"
#include "release/newsroom.h"
#include "xml/xml_writer.h"

static void media_write(struct xml_writer *xml, const struct feed_file *file)
{
    xml_start(xml, "media:content");
    xml_attribute(xml, "url", file->media.url);
    if (file->media.size_bytes)
        xml_attribute_number(xml, "fileSize", (long long)file->media.size_bytes);
    xml_attribute(xml, "type", file->media.media_type);
    xml_attribute(xml, "medium", file->is_picture ? "image" : "document");
    if (file->media.width) {
        xml_attribute_number(xml, "width", file->media.width);
        xml_attribute_number(xml, "height", file->media.height);
    }
    if (file->title) {
        xml_start(xml, "media:title");
        xml_attribute(xml, "type", "plain");
        xml_text(xml, file->title);
        xml_end(xml);
    }
    if (file->alt) {
        xml_start(xml, "media:description");
        xml_attribute(xml, "type", "plain");
        xml_text(xml, file->alt);
        xml_end(xml);
    }
    if (file->credit) {
        xml_start(xml, "media:credit");
        xml_attribute(xml, "role", "photographer");
        xml_text(xml, file->credit);
        xml_end(xml);
    }
    xml_end(xml);
}

/* Where the picture is whole, as Atom has it: as another media:content it would be fetched by
 * readers that take them all, or the largest. */
static void original_write(struct xml_writer *xml, const struct feed_file *file)
{
    xml_start(xml, "atom:link");
    xml_attribute(xml, "rel", "related");
    xml_attribute(xml, "type", file->original.media_type);
    xml_attribute_number(xml, "length", (long long)file->original.size_bytes);
    xml_attribute(xml, "title", file->original_title);
    xml_attribute(xml, "href", file->original.url);
    xml_end(xml);
}

/* One enclosure is all that RSS allows: the first file. The others, and what an enclosure cannot
 * say of a picture, are Media RSS. */
static void files_write(struct xml_writer *xml, const struct feed_entry *entry)
{
    for (size_t i = 0; i < entry->file_count; i++) {
        const struct feed_file *file = &entry->files[i];
        if (i == 0) {
            xml_start(xml, "enclosure");
            xml_attribute(xml, "url", file->media.url);
            xml_attribute_number(xml, "length", (long long)file->media.size_bytes);
            xml_attribute(xml, "type", file->media.media_type);
            xml_end(xml);
        }
        if (i > 0 || file->is_picture)
            media_write(xml, file);
    }
    for (size_t i = 0; i < entry->file_count; i++)
        if (entry->files[i].original.url)
            original_write(xml, &entry->files[i]);
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
    const struct zone *zone = locale_context_zone(site->settings->locale);
    xml_start(xml, "item");
    xml_element_plain(xml, "title", entry->title);
    xml_element(xml, "link", entry->url);
    xml_start(xml, "guid");
    xml_attribute(xml, "isPermaLink", "false");
    xml_text(xml, entry->id);
    xml_end(xml);
    xml_element(xml, "pubDate", zone_format_rfc822(zone, arena, entry->published_at));
    xml_element(xml, "atom:updated", instant_format_utc_exact(arena, entry->updated_at));
    xml_element(xml, "dc:creator", site->settings->newsroom->name);
    xml_element(xml, "dc:language", entry->language);
    for (size_t i = 0; i < entry->category_count; i++) {
        xml_start(xml, "category");
        xml_attribute(xml, "domain", entry->categories[i].scheme);
        xml_text(xml, entry->categories[i].label);
        xml_end(xml);
    }
    description_write(xml, entry);
    files_write(xml, entry);
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
