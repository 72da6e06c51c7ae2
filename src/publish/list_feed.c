/* SPDX-License-Identifier: MIT */
#include "publish/list.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/localized.h"
#include "base/string_builder.h"
#include "database/database.h"
#include "feed/feed.h"
#include "locale/locale.h"
#include "publish/feed_entry.h"
#include "publish/feed_writer.h"
#include "publish/output.h"
#include "publish/present.h"
#include "publish/site.h"
#include "release/newsroom.h"

#include <stdlib.h>
#include <string.h>

/* Of contents as HTML, of one entry and of a whole feed: escaped for RSS each may grow sixfold. */
enum { ENTRY_BYTES_MAXIMUM = 512 * 1024, FEED_BYTES_MAXIMUM = 8 * 1024 * 1024 };

/* Numbers of releases with the instant each became public. */
struct feed_pick {
    int64_t row_id;
    int64_t at;
};

struct feed_picks {
    struct feed_pick *list;
    size_t count;
    size_t capacity;
};

static bool picks_read(struct statement *statement, struct feed_picks *picks, struct error *error)
{
    enum statement_result result;
    /* Both queries fill one array: the second begins where the first ended. */
    while ((result = statement_step(statement, error)) == STATEMENT_ROW &&
           picks->count < picks->capacity)
        picks->list[picks->count++] = (struct feed_pick){ statement_integer(statement, 0),
                                                          statement_integer(statement, 1) };
    statement_reset(statement);
    return result != STATEMENT_FAILED;
}

static int pick_compare(const void *a, const void *b)
{
    const struct feed_pick *first = a;
    const struct feed_pick *second = b;
    if (first->at != second->at)
        return first->at < second->at ? 1 : -1;
    return first->row_id < second->row_id ? 1 : -1;
}

/* The newest releases; and of older ones those that changed since the oldest of these came out (in
 * a later second than their own: else they are only told apart, publish/update_time.h), and
 * withdrawals in that time: whoever follows the feed has to hear of them (RFC 5005 section 4). */
static bool picks_find(const struct site *site, const struct list *list, int64_t entries,
                       struct feed_picks *picks, struct error *error)
{
    struct statement *statement = database_prepare(
        site->database,
        "SELECT m.row_id, m.at FROM publish_member m CROSS JOIN publish_card c"
        " WHERE m.list = $1 AND c.row_id = m.row_id AND c.is_withdrawn = 0"
        " ORDER BY m.at DESC, m.row_id DESC LIMIT $2",
        error);
    statement_bind_text(statement, 1, list->name);
    statement_bind_integer(statement, 2, entries);
    picks->capacity = (size_t)entries;
    if (!picks_read(statement, picks, error))
        return false;
    /* As many again, so that a day of many corrections pushes no new release out of the feed. */
    picks->capacity += (size_t)entries;
    if ((int64_t)picks->count < entries) {
        /* There are no older releases than these, so only withdrawals are looked for. */
        statement = database_prepare(
            site->database,
            "SELECT m.row_id, m.at FROM publish_member m CROSS JOIN publish_card c"
            " WHERE m.list = $1 AND c.row_id = m.row_id AND c.is_withdrawn = 1"
            " ORDER BY c.updated_at DESC, m.row_id DESC LIMIT $2",
            error);
        statement_bind_integer(statement, 2, entries);
    } else {
        statement = database_prepare(
            site->database,
            "SELECT m.row_id, m.at FROM publish_card c CROSS JOIN publish_member m"
            " WHERE c.updated_at > $4 AND m.list = $1 AND m.at = c.public_at"
            " AND m.row_id = c.row_id AND (c.is_withdrawn = 1 OR"
            " (c.public_at < $2 AND c.updated_at / 1000 > c.public_at / 1000))"
            " ORDER BY c.updated_at DESC, c.row_id DESC LIMIT $3",
            error);
        statement_bind_integer(statement, 2, picks->list[picks->count - 1].at);
        statement_bind_integer(statement, 3, entries);
        /* A second earlier, because update times are spread over their second and one of the same
         * may be smaller. */
        statement_bind_integer(statement, 4, picks->list[picks->count - 1].at - DURATION_SECOND);
    }
    statement_bind_text(statement, 1, list->name);
    if (!picks_read(statement, picks, error))
        return false;
    qsort(picks->list, picks->count, sizeof *picks->list, pick_compare);
    return true;
}

/* Without an entry: the day the newsroom began, so that an empty feed is the same every time. */
static int64_t feed_updated_at(const struct site *site, struct arena *arena,
                               const struct feed_entry *const *entries, size_t count)
{
    int64_t updated_at = INSTANT_NONE;
    for (size_t i = 0; i < count; i++)
        if (entries[i]->shown->updated_at > updated_at)
            updated_at = entries[i]->shown->updated_at;
    if (updated_at == INSTANT_NONE)
        (void)instant_parse_rfc3339(
            arena_format(arena, "%sT00:00:00Z", site->settings->newsroom->tag_date), &updated_at);
    return updated_at;
}

static bool formats_write(struct output *output, const struct feed *feed,
                          struct feed_document *document, struct arena *arena, struct error *error)
{
    struct string_builder text;
    string_builder_init(&text, 0);
    bool done = true;
    for (size_t i = 0; done && i < feed_format_count; i++) {
        const struct feed_format_row *format = &feed_formats[i];
        if (!(feed->formats & format->format))
            continue;
        const char *path = arena_format(arena, "feeds/%s.%s", feed->id, format->extension);
        document->self_url = site_url(document->site, arena, path);
        string_builder_clear(&text);
        done = feed_writer(format->format)(document, &text, error) &&
               output_put_text(output, path, OUTPUT_FEED, text.data, text.length, error);
    }
    string_builder_release(&text);
    return done;
}

/* The entry, with its whole content where that is small enough: readers give up on large feeds, and
 * one release must not keep the others out. */
static const struct feed_entry *entry_make(const struct presentation *presentation,
                                           size_t *bytes_left)
{
    struct feed_entry *entry = feed_entry_new(presentation);
    size_t length = strlen(entry->content);
    /* The newest entries come first and keep their whole text; the room runs out at the oldest. */
    if (length > ENTRY_BYTES_MAXIMUM || length > *bytes_left)
        feed_entry_shorten(entry);
    else
        *bytes_left -= length;
    return entry;
}

static bool feed_put(struct site *site, struct output *output, const struct list *list,
                     const struct feed *feed, struct arena *arena, struct error *error)
{
    struct feed_picks picks = { 0 };
    /* A feed of no entries would look like an outage to whoever follows it. */
    int64_t limit = feed->entries > 0 ? feed->entries : 1;
    picks.list = arena_allocate_array(arena, 2 * (size_t)limit, sizeof *picks.list);
    if (!picks_find(site, list, limit, &picks, error))
        return false;
    const struct feed_entry **entries = arena_allocate_array(arena, picks.count,
                                                             sizeof(const struct feed_entry *));
    size_t count = 0;
    size_t bytes_left = FEED_BYTES_MAXIMUM;
    for (size_t i = 0; i < picks.count; i++) {
        bool failed = false;
        const struct presentation *presentation = present_load(arena, site, picks.list[i].row_id,
                                                               &failed, error);
        if (failed)
            return false;
        /* NULL without a failure: one that cannot be read, or has no text, is left out and does not
         * cost the others their feed. */
        if (presentation)
            entries[count++] = entry_make(presentation, &bytes_left);
    }
    const char *language = feed_language(feed, site->settings->newsroom->language);
    struct feed_document document = {
        .site = site,
        .id = feed->id,
        .title = arena_format(arena, "%s – %s", site_feed_title(site, feed, language),
                              site->settings->newsroom->name),
        .description = localized_get(site->settings->newsroom->about, language),
        .language = language,
        .home_url = site_list_url(site, arena, language, ""),
        .updated_at = feed_updated_at(site, arena, entries, count),
        .entries = entries,
        .entry_count = count,
    };
    return formats_write(output, feed, &document, arena, error);
}

static bool feed_files_write(struct site *site, struct output *output, const struct list *list,
                             struct arena *arena, struct error *error)
{
    const struct feed *feed = feed_find(site->settings->feeds, list->subject);
    /* A feed that is defined no more puts nothing, and goes away. */
    return !feed || feed_put(site, output, list, feed, arena, error);
}

static void feeds_find(struct string_builder *names, const struct site *site,
                       const struct list_entry *entry)
{
    /* The release's language, not the list's: a feed may ask for "de-AT" alone. */
    const struct feed_subject subject = { entry->release->type, entry->release->language,
                                          entry->release->topic_names };
    for (const struct feed *feed = site->settings->feeds; feed; feed = feed->next)
        if (feed_selects(feed, &subject))
            string_builder_append_format(names, "feed:%s\n", feed->id);
}

const struct list_output list_output_feed = {
    .name = "feed",
    .scope = LIST_OF_FEED,
    .find = feeds_find,
    .write = feed_files_write,
};
