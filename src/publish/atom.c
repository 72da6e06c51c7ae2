/* SPDX-License-Identifier: MIT */
#include "publish/feed_writer.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/media_type.h"
#include "presentation/presentation.h"
#include "publish/feed_entry.h"
#include "publish/site.h"
#include "release/newsroom.h"
#include "release/release.h"
#include "xml/xml_writer.h"

static void link_write(struct xml_writer *xml, const char *relation, const char *type,
                       const char *url, const char *language)
{
    xml_start(xml, "link");
    xml_attribute(xml, "rel", relation);
    xml_attribute(xml, "type", type);
    xml_attribute(xml, "hreflang", language);
    xml_attribute(xml, "href", url);
    xml_end(xml);
}

static void text_write(struct xml_writer *xml, const char *name, const char *type, const char *text)
{
    xml_start(xml, name);
    xml_attribute(xml, "type", type);
    xml_text(xml, text);
    xml_end(xml);
}

/* RFC 6721: the entry is gone; those who hold it should drop it. */
static void tombstone_write(struct xml_writer *xml, struct arena *arena,
                            const struct feed_entry *entry)
{
    xml_start(xml, "at:deleted-entry");
    xml_attribute(xml, "ref", entry->shown->tag);
    xml_attribute(xml, "when", instant_format_utc_exact(arena, entry->shown->updated_at));
    link_write(xml, "alternate", "text/html", entry->shown->url, entry->shown->language);
    if (entry->shown->reason) {
        xml_start(xml, "at:comment");
        xml_attribute(xml, "xml:lang", entry->shown->language);
        xml_text(xml, entry->shown->reason);
        xml_end(xml);
    }
    xml_end(xml);
}

static void file_write(struct xml_writer *xml, const char *relation,
                       const struct presentation_rendition *file, const char *title)
{
    xml_start(xml, "link");
    xml_attribute(xml, "rel", relation);
    xml_attribute(xml, "type", file->media_type);
    if (file->size_bytes)
        xml_attribute_number(xml, "length", (long long)file->size_bytes);
    xml_attribute(xml, "title", title);
    xml_attribute(xml, "href", file->url);
    xml_end(xml);
}

/* An enclosure is the picture as pages show it, because readers fetch enclosures unasked; the one
 * at full size is a link that people follow. */
static void files_write(struct xml_writer *xml, const struct presentation *shown)
{
    for (size_t i = 0; i < shown->file_count; i++) {
        const struct presentation_file *file = &shown->files[i];
        if (!file->is_unreadable)
            file_write(xml, "enclosure", &file->web,
                       file->is_picture ? file->asset->alt : file->asset->title);
    }
    for (size_t i = 0; i < shown->file_count; i++) {
        const char *title = feed_original_title(shown, &shown->files[i]);
        if (title)
            file_write(xml, "related", &shown->files[i].full, title);
    }
}

static void category_write(struct xml_writer *xml, const char *term, const char *scheme,
                           const char *label)
{
    xml_start(xml, "category");
    xml_attribute(xml, "term", term);
    xml_attribute(xml, "scheme", scheme);
    xml_attribute(xml, "label", label);
    xml_end(xml);
}

static void entry_write(struct xml_writer *xml, struct arena *arena, const struct feed_entry *entry)
{
    const struct presentation *shown = entry->shown;
    xml_start(xml, "entry");
    xml_attribute(xml, "xml:lang", shown->language);
    xml_element(xml, "id", shown->tag);
    text_write(xml, "title", "text", entry->title);
    /* No other language's address: of several alternates readers open the first, or the last. */
    link_write(xml, "alternate", "text/html", shown->url, shown->language);
    files_write(xml, shown);
    xml_element(xml, "published", instant_format_utc(arena, shown->public_at));
    xml_element(xml, "updated", instant_format_utc_exact(arena, shown->updated_at));
    category_write(xml, shown->type, presentation_url(shown->settings, arena, "types/"),
                   presentation_type_name(shown, shown->language));
    for (size_t i = 0; i < shown->topic_count; i++)
        category_write(xml, shown->topics[i].name,
                       presentation_url(shown->settings, arena, "topics/"), shown->topics[i].title);
    if (entry->summary)
        text_write(xml, "summary", "text", entry->summary);
    text_write(xml, "content", "html", entry->content);
    xml_end(xml);
}

bool atom_write(const struct feed_document *document, struct string_builder *text,
                struct error *error)
{
    const struct site *site = document->site;
    struct arena arena = { 0 };
    struct xml_writer *xml = xml_open(XML_INDENTED, 0);
    xml_start(xml, "feed");
    xml_attribute(xml, "xmlns", "http://www.w3.org/2005/Atom");
    xml_attribute(xml, "xmlns:at", "http://purl.org/atompub/tombstones/1.0");
    xml_attribute(xml, "xml:lang", document->language);
    xml_element(xml, "id", presentation_tag(&site->presentation, &arena, "feed", document->id));
    text_write(xml, "title", "text", document->title);
    if (document->description)
        text_write(xml, "subtitle", "text", document->description);
    xml_element(xml, "updated", instant_format_utc_exact(&arena, document->updated_at));
    xml_start(xml, "author");
    xml_element(xml, "name", site->settings->newsroom->name);
    xml_element(xml, "uri", site->presentation.home);
    xml_end(xml);
    link_write(xml, "self", MEDIA_TYPE_ATOM, document->self_url, NULL);
    link_write(xml, "alternate", "text/html", document->home_url, document->language);
    for (size_t i = 0; i < document->entry_count; i++) {
        if (document->entries[i]->shown->is_withdrawn)
            tombstone_write(xml, &arena, document->entries[i]);
        else
            entry_write(xml, &arena, document->entries[i]);
    }
    xml_end(xml);
    arena_release(&arena);
    return xml_close(xml, text, error);
}
