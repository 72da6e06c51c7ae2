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

static void hash_node(struct hash_state *state, const struct body_node *node)
{
    hash_integer(state, MARK_ITEM);
    hash_integer(state, node->kind);
    hash_integer(state, node->kind == BODY_HEADING ? node->level : node->start_offset);
    hash_integer(state, node->kind == BODY_LIST && node->is_ordered);
    hash_integer(state,
                 2 * (int64_t)node->alignment + (node->kind == BODY_CELL && node->is_header));
    hash_update_string(state, node->text);
    hash_update_string(state, node->target);
    for (const struct body_node *child = node->first_child; child; child = child->next)
        hash_node(state, child);
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

static void hash_assets(struct hash_state *state, const struct release_asset *asset)
{
    for (; asset; asset = asset->next) {
        hash_integer(state, MARK_ITEM);
        hash_integer(state, asset->kind);
        hash_update_string(state, asset->file);
        hash_update_string(state, asset->title);
        hash_update_string(state, asset->alt);
        hash_update_string(state, asset->caption);
        hash_update_string(state, asset->credit);
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
        hash_node(&state, release->body);
    hash_final(&state, hash);
}

/* ---- similarity ---- */

enum { RUN_WORDS = 3 };

struct runs {
    uint64_t *values; /* hashes of runs, sorted */
    size_t count;
};

static bool is_word_byte(unsigned char c)
{
    return c >= 0x80 || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* FNV-1a: nobody gains by making two texts seem alike who could not copy one. */
static uint64_t mix(uint64_t hash, unsigned char byte)
{
    return (hash ^ byte) * UINT64_C(0x100000001b3);
}

static int compare_values(const void *a, const void *b)
{
    const uint64_t *x = a;
    const uint64_t *y = b;
    return *x < *y ? -1 : *x > *y;
}

static struct runs collect_runs(struct arena *arena, const struct body_node *body)
{
    const char *text = body_plain_text(arena, body);
    size_t length = strlen(text);
    uint64_t *words = arena_allocate_array(arena, length / 2 + 1, sizeof *words);
    size_t count = 0;
    for (size_t i = 0; i < length;) {
        if (!is_word_byte((unsigned char)text[i])) {
            i++;
            continue;
        }
        uint64_t hash = UINT64_C(0xcbf29ce484222325);
        for (; i < length && is_word_byte((unsigned char)text[i]); i++) {
            unsigned char c = (unsigned char)text[i];
            hash = mix(hash, c >= 'A' && c <= 'Z' ? (unsigned char)(c + 32) : c);
        }
        words[count++] = hash;
    }
    struct runs runs = { words, count };
    if (count > RUN_WORDS - 1) { /* a shorter text is compared word by word */
        runs.count = count - (RUN_WORDS - 1);
        for (size_t i = 0; i < runs.count; i++)
            words[i] = (words[i] * 31 + words[i + 1]) * 31 + words[i + 2];
    }
    qsort(words, runs.count, sizeof *words, compare_values);
    return runs;
}

double release_text_similarity(struct arena *arena, const struct body_node *a,
                               const struct body_node *b)
{
    struct runs first = collect_runs(arena, a);
    struct runs second = collect_runs(arena, b);
    if (first.count + second.count == 0)
        return 1.0;
    size_t common = 0;
    for (size_t i = 0, j = 0; i < first.count && j < second.count;) {
        if (first.values[i] == second.values[j]) {
            common++;
            i++;
            j++;
        } else if (first.values[i] < second.values[j]) {
            i++;
        } else {
            j++;
        }
    }
    return 2.0 * (double)common / (double)(first.count + second.count);
}
