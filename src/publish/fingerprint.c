/* SPDX-License-Identifier: MIT */
#include "publish/fingerprint.h"

#include "base/arena.h"
#include "base/hash.h"
#include "base/localized.h"
#include "base/string_builder.h"
#include "feed/feed.h"
#include "locale/locale.h"
#include "publish/picture.h"
#include "publish/site.h"
#include "release/body.h"
#include "release/newsroom.h"
#include "release/release.h"

/* Each list ends with a NULL, because else a word that moves from one list to the next would give
 * the same hash. */
static void localized_add(struct hash_state *state, const struct localized_text *list)
{
    for (; list; list = list->next) {
        hash_update_string(state, list->language);
        hash_update_string(state, list->text);
    }
    hash_update_string(state, NULL);
}

static void names_add(struct hash_state *state, const struct feed_name *list)
{
    for (; list; list = list->next)
        hash_update_string(state, list->name);
    hash_update_string(state, NULL);
}

static void newsroom_add(struct hash_state *state, const struct newsroom *newsroom)
{
    const char *const strings[] = {
        newsroom->name,     newsroom->country,       newsroom->address,
        newsroom->privacy,  newsroom->site_url,      newsroom->language,
        newsroom->timezone, newsroom->tag_authority, newsroom->tag_date,
    };
    for (size_t i = 0; i < sizeof strings / sizeof strings[0]; i++)
        hash_update_string(state, strings[i]);
    localized_add(state, newsroom->about);
    for (const struct release_contact *contact = newsroom->contacts; contact;
         contact = contact->next) {
        hash_update_string(state, contact->name);
        hash_update_string(state, contact->title);
        hash_update_string(state, contact->phone);
        hash_update_string(state, contact->email);
        hash_update_string(state, contact->department);
    }
    hash_update_string(state, NULL);
}

static void feeds_add(struct hash_state *state, const struct feed *feeds)
{
    for (const struct feed *feed = feeds; feed; feed = feed->next) {
        const int64_t numbers[2] = { feed->formats, feed->entries };
        hash_update_string(state, feed->id);
        localized_add(state, feed->title);
        names_add(state, feed->types);
        names_add(state, feed->languages);
        names_add(state, feed->topics);
        hash_update(state, numbers, sizeof numbers);
    }
    hash_update_string(state, NULL);
}

static void topics_add(struct hash_state *state, const struct newsroom_topic *topics)
{
    const struct body_writer_options options = { .heading_shift = 0 };
    struct string_builder text;
    string_builder_init(&text, 0);
    for (const struct newsroom_topic *topic = topics; topic; topic = topic->next) {
        hash_update_string(state, topic->name);
        localized_add(state, topic->title);
        for (const struct topic_introduction *one = topic->introductions; one; one = one->next) {
            string_builder_clear(&text);
            /* As HTML, so that any change of the tree counts and none of its addresses in memory
             * does. */
            body_write_html(&text, one->body, &options);
            hash_update_string(state, one->language);
            hash_update_string(state, text.data);
        }
    }
    hash_update_string(state, NULL);
    string_builder_release(&text);
}

const char *site_fingerprint(struct arena *arena, const struct site *site)
{
    const struct publish_settings *settings = site->settings;
    struct hash_state state;
    struct hash hash;
    char hex[HASH_HEX_SIZE];
    const int recipe = PICTURE_RECIPE;
    hash_init(&state);
    newsroom_add(&state, settings->newsroom);
    feeds_add(&state, settings->feeds);
    topics_add(&state, settings->topics);
    hash_update(&state, settings->templates_hash.bytes, HASH_SIZE);
    for (size_t i = 0; i < site->language_count; i++)
        hash_update_string(&state, site->languages[i]);
    hash_update_string(&state, site->style_path);
    hash_update_string(&state, settings->signup_url);
    hash_update_string(&state, settings->signup_address);
    hash_update_string(&state, settings->person_address);
    /* A new version of pressroom may write other bytes, and nobody can tell which: so all of it is
     * written once. */
    hash_update_string(&state, settings->program);
    hash_update(&state, &recipe, sizeof recipe);
    hash_final(&state, &hash);
    hash_to_hex(&hash, hex);
    return arena_copy(arena, hex);
}
