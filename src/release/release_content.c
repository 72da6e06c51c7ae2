/* SPDX-License-Identifier: MIT */
#include "release/release.h"

#include "base/arena.h"
#include "release/body.h"

#include <stdlib.h>
#include <string.h>

/* ---- hash ---- */

static void hash_integer(struct hash_state *state, int64_t value)
{
    unsigned char bytes[8];
    for (int i = 0; i < 8; i++)
        bytes[i] = (unsigned char)((uint64_t)value >> (8 * i));
    hash_update(state, bytes, sizeof bytes);
}

/* Each list and each node begins with a mark and ends with another, so that two different trees
 * never give the same bytes. */
enum { MARK_ITEM = 1, MARK_END = 2, MARK_LABEL = 3 };

/* The alternative text within the text, without what the picture says of itself. */
static const char *node_text(const struct release_asset *assets, const struct body_node *node)
{
    if (node->kind != BODY_IMAGE || !node->text || !node->target)
        return node->text;
    for (const struct release_asset *asset = assets; asset; asset = asset->next)
        if (asset->from_picture & RELEASE_FROM_PICTURE_ALT && asset->alt &&
            strcmp(asset->file, node->target) == 0 && strcmp(asset->alt, node->text) == 0)
            return "";
    return node->text;
}

static void hash_node(struct hash_state *state, const struct release_asset *assets,
                      const struct body_node *node)
{
    hash_integer(state, MARK_ITEM);
    hash_integer(state, node->kind);
    hash_integer(state, node->kind == BODY_HEADING ? node->level : node->start_offset);
    hash_integer(state, node->kind == BODY_LIST && node->is_ordered);
    hash_integer(state,
                 2 * (int64_t)node->alignment + (node->kind == BODY_CELL && node->is_header));
    hash_update_string(state, node_text(assets, node));
    hash_update_string(state, node->target);
    for (const struct body_node *child = node->first_child; child; child = child->next)
        hash_node(state, assets, child);
    hash_integer(state, MARK_END);
}

static void hash_contacts(struct hash_state *state, const struct release_contact *contact)
{
    for (; contact; contact = contact->next) {
        hash_integer(state, MARK_ITEM);
        hash_update_string(state, contact->name);
        hash_update_string(state, contact->title);
        hash_update_string(state, contact->phone);
        hash_update_string(state, contact->email);
        hash_update_string(state, contact->department);
    }
    hash_integer(state, MARK_END);
}

/* NULL for what was read from the picture, because the hash of its bytes covers that already. */
static const char *unless_from_picture(const struct release_asset *asset, unsigned field,
                                       const char *value)
{
    return asset->from_picture & field ? NULL : value;
}

static void hash_assets(struct hash_state *state, const struct release_asset *asset)
{
    for (; asset; asset = asset->next) {
        hash_integer(state, MARK_ITEM);
        hash_integer(state, asset->kind);
        hash_update_string(state, asset->file);
        hash_update_string(state, asset->title);
        hash_update_string(state, unless_from_picture(asset, RELEASE_FROM_PICTURE_ALT, asset->alt));
        hash_update_string(
            state, unless_from_picture(asset, RELEASE_FROM_PICTURE_CAPTION, asset->caption));
        hash_update_string(state,
                           unless_from_picture(asset, RELEASE_FROM_PICTURE_CREDIT, asset->credit));
        hash_update(state, asset->hash.bytes, sizeof asset->hash.bytes);
    }
    hash_integer(state, MARK_END);
}

void release_content_hash(const struct release *release, struct hash *hash)
{
    struct hash_state state;
    hash_init(&state);
    hash_update_string(&state, release->title);
    hash_update_string(&state, release->language);
    hash_update_string(&state, release->translation_of);
    hash_update_string(&state, release->type);
    hash_update_string(&state, release->lead);
    hash_update_string(&state, release->correction);
    hash_integer(&state, release->has_topics);
    for (const struct release_topic *topic = release->topics; topic; topic = topic->next) {
        hash_integer(&state, MARK_ITEM);
        hash_update_string(&state, topic->name);
        if (topic->label) {
            hash_integer(&state, MARK_LABEL);
            hash_update_string(&state, topic->label);
        }
    }
    hash_integer(&state, MARK_END);
    hash_contacts(&state, release->contacts);
    hash_assets(&state, release->assets);
    hash_integer(&state, release->event ? 1 + release->event->is_all_day : 0);
    if (release->event) {
        hash_integer(&state, release->event->start_at);
        hash_integer(&state, release->event->end_at);
        hash_update_string(&state, release->event->place);
    }
    if (release->body)
        hash_node(&state, release->assets, release->body);
    hash_final(&state, hash);
}
