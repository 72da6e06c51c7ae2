/* SPDX-License-Identifier: MIT */
/* A release's fields, the mentions of its files and its parts, as bytes. */
#include "intake/reading_parts.h"
#include "intake/reading_value.h"

#include "base/arena.h"
#include "base/string_builder.h"
#include "confined/packet.h"
#include "intake/reader.h"
#include "locale/locale.h"
#include "release/body.h"
#include "release/release.h"

#include <string.h>

/* Limits: one more of each than a release may have, because such a release is sent too and
 * refused. */
enum { TOPICS_MAXIMUM = 51, CONTACTS_MAXIMUM = 201, ASSETS_MAXIMUM = INTAKE_ASSETS_MAXIMUM + 1 };

static const int64_t instant_maximum = INT64_C(1000000000000000);

/* ---- writing ---- */

static void put_event(struct string_builder *packet, const struct release_event *event)
{
    packet_put_bool(packet, event != NULL);
    if (!event)
        return;
    packet_put_integer(packet, event->start_at);
    packet_put_integer(packet, event->end_at);
    packet_put_bool(packet, event->is_all_day);
    packet_put_string(packet, event->place);
}

static void put_topics(struct string_builder *packet, const struct release *release)
{
    size_t count = 0;
    for (const struct release_topic *topic = release->topics; topic; topic = topic->next)
        count++;
    packet_put_bool(packet, release->has_topics);
    packet_put_count(packet, count);
    for (const struct release_topic *topic = release->topics; topic; topic = topic->next) {
        packet_put_string(packet, topic->name);
        packet_put_string(packet, topic->label);
    }
}

static void put_contacts(struct string_builder *packet, const struct release_contact *contacts)
{
    size_t count = 0;
    for (const struct release_contact *contact = contacts; contact; contact = contact->next)
        count++;
    packet_put_count(packet, count);
    for (const struct release_contact *contact = contacts; contact; contact = contact->next) {
        packet_put_string(packet, contact->name);
        packet_put_string(packet, contact->title);
        packet_put_string(packet, contact->phone);
        packet_put_string(packet, contact->email);
        packet_put_string(packet, contact->department);
    }
}

static void put_assets(struct string_builder *packet, const struct release_asset *assets)
{
    size_t count = 0;
    for (const struct release_asset *asset = assets; asset; asset = asset->next)
        count++;
    packet_put_count(packet, count);
    for (const struct release_asset *asset = assets; asset; asset = asset->next) {
        packet_put_integer(packet, asset->kind);
        packet_put_string(packet, asset->file);
        packet_put_string(packet, asset->title);
        packet_put_string(packet, asset->alt);
        packet_put_string(packet, asset->caption);
        packet_put_string(packet, asset->credit);
    }
}

/* Writes for each mention the position of its file among the assets. */
static void put_mentions(struct string_builder *packet, const struct intake_source *source,
                         const struct release *release, const struct intake_mention *mentions)
{
    size_t count = 0;
    for (const struct intake_mention *mention = mentions; mention; mention = mention->next)
        count++;
    packet_put_count(packet, count);
    for (const struct intake_mention *mention = mentions; mention; mention = mention->next) {
        int64_t place = 0;
        for (const struct release_asset *asset = release->assets;
             asset && asset->file != mention->asset; asset = asset->next)
            place++;
        packet_put_integer(packet, place);
        reading_put_file(packet, source, mention->file);
        packet_put_integer(packet, mention->line);
        packet_put_bool(packet, mention->is_optional);
    }
}

/* Those of assets alone: what no asset names is published nowhere. */
static void put_parts(struct string_builder *packet, const struct intake_text *text)
{
    for (const struct release_asset *asset = text->release->assets; asset; asset = asset->next) {
        const struct intake_part *part = text->parts;
        while (part && strcmp(part->name, asset->file) != 0)
            part = part->next;
        packet_put_bool(packet, part != NULL);
        if (part)
            packet_put_bytes(packet, part->bytes, part->length);
    }
}

void reading_put_release(struct string_builder *packet, const struct intake_source *source,
                         const struct intake_text *text)
{
    const struct release *release = text->release;
    packet_put_string(packet, release->public_id);
    packet_put_string(packet, release->title);
    packet_put_string(packet, release->language);
    packet_put_string(packet, release->translation_of);
    packet_put_string(packet, release->type);
    packet_put_string(packet, release->lead);
    packet_put_string(packet, release->correction);
    packet_put_integer(packet, release->published_at);
    packet_put_integer(packet, release->embargo_at);
    packet_put_bool(packet, release->has_status);
    packet_put_integer(packet, release->status);
    packet_put_bool(packet, release->is_urgent);
    packet_put_bool(packet, release->has_mail);
    packet_put_bool(packet, release->mail);
    packet_put_bool(packet, release->has_open_changes);
    packet_put_bool(packet, release->are_changes_accepted);
    put_event(packet, release->event);
    put_topics(packet, release);
    put_contacts(packet, release->contacts);
    put_assets(packet, release->assets);
    put_mentions(packet, source, release, text->mentions);
    put_parts(packet, text);
}

/* ---- reading ---- */

static int64_t take_instant(struct packet *packet)
{
    return packet_integer_within(packet, -instant_maximum, instant_maximum);
}

/* Reads a string; NULL also where is_valid() does not accept it. */
static const char *take_valid(struct packet *packet, struct arena *arena,
                              bool (*is_valid)(const char *name))
{
    const char *name = packet_string(packet, arena);
    if (!name || is_valid(name))
        return name;
    reading_refuse(packet);
    return NULL;
}

static const char *take_language(struct packet *packet, struct arena *arena,
                                 const struct intake_source *source)
{
    const char *language = packet_string(packet, arena);
    if (!language || (source->name_language && strcmp(language, source->name_language) == 0))
        return language;
    const char *canonical = language_canonical(arena, language);
    if (!canonical || strcmp(canonical, language) != 0)
        reading_refuse(packet);
    return canonical;
}

static struct release_event *take_event(struct packet *packet, struct arena *arena)
{
    if (!packet_bool(packet))
        return NULL;
    struct release_event *event = arena_allocate(arena, sizeof *event);
    event->start_at = take_instant(packet);
    event->end_at = take_instant(packet);
    event->is_all_day = packet_bool(packet);
    event->place = reading_take_line(packet, arena);
    return event;
}

static size_t take_count(struct packet *packet, size_t most)
{
    size_t count = packet_count(packet);
    if (count <= most)
        return count;
    reading_refuse(packet);
    return 0;
}

static void take_topics(struct packet *packet, struct arena *arena, struct release *release)
{
    struct release_topic **end = &release->topics;
    release->has_topics = packet_bool(packet);
    size_t count = take_count(packet, TOPICS_MAXIMUM);
    for (size_t i = 0; i < count && !packet->is_bad; i++) {
        struct release_topic *topic = arena_allocate(arena, sizeof *topic);
        topic->name = take_valid(packet, arena, release_name_is_valid);
        topic->label = reading_take_line(packet, arena);
        if (!topic->name) {
            reading_refuse(packet);
            return;
        }
        *end = topic;
        end = &topic->next;
    }
}

static struct release_contact *take_contacts(struct packet *packet, struct arena *arena)
{
    struct release_contact *first = NULL;
    struct release_contact **end = &first;
    size_t count = take_count(packet, CONTACTS_MAXIMUM);
    for (size_t i = 0; i < count && !packet->is_bad; i++) {
        struct release_contact *contact = arena_allocate(arena, sizeof *contact);
        contact->name = reading_take_line(packet, arena);
        contact->title = reading_take_line(packet, arena);
        contact->phone = reading_take_line(packet, arena);
        contact->email = reading_take_line(packet, arena);
        contact->department = reading_take_line(packet, arena);
        *end = contact;
        end = &contact->next;
    }
    return first;
}

/* Reads the assets. files: gets the names of all, in their order. */
static size_t take_assets(struct packet *packet, struct arena *arena, struct release *release,
                          const char **files)
{
    struct release_asset **end = &release->assets;
    size_t count = take_count(packet, ASSETS_MAXIMUM);
    for (size_t i = 0; i < count && !packet->is_bad; i++) {
        struct release_asset *asset = arena_allocate(arena, sizeof *asset);
        asset->kind = (enum release_asset_kind)packet_integer_within(packet, RELEASE_IMAGE,
                                                                     RELEASE_DOCUMENT);
        asset->file = take_valid(packet, arena, body_target_is_file);
        asset->title = reading_take_line(packet, arena);
        asset->alt = reading_take_line(packet, arena);
        asset->caption = reading_take_line(packet, arena);
        asset->credit = reading_take_line(packet, arena);
        if (!asset->file) {
            reading_refuse(packet);
            return 0;
        }
        files[i] = asset->file;
        *end = asset;
        end = &asset->next;
    }
    return count;
}

static struct intake_mention *take_mentions(struct packet *packet, struct arena *arena,
                                            const struct intake_source *source,
                                            const char *const *files, size_t file_count)
{
    struct intake_mention *first = NULL;
    struct intake_mention **end = &first;
    size_t count = take_count(packet, file_count);
    for (size_t i = 0; i < count && !packet->is_bad; i++) {
        struct intake_mention *mention = arena_allocate(arena, sizeof *mention);
        mention->asset = files[packet_integer_within(packet, 0, (int64_t)file_count - 1)];
        mention->file = reading_take_file(packet, source);
        mention->line = reading_take_line_number(packet, source);
        mention->is_optional = packet_bool(packet);
        *end = mention;
        end = &mention->next;
    }
    return first;
}

/* Copies, because they are wanted after the reply has gone. */
static struct intake_part *take_parts(struct packet *packet, struct arena *arena,
                                      const char *const *files, size_t file_count)
{
    struct intake_part *first = NULL;
    size_t left = INTAKE_PARTS_MAXIMUM_BYTES;
    for (size_t i = 0; i < file_count && !packet->is_bad; i++) {
        struct intake_part *part;
        size_t length = 0;
        if (!packet_bool(packet))
            continue;
        const void *bytes = packet_bytes(packet, &length);
        if (!bytes || length > left) {
            reading_refuse(packet);
            return NULL;
        }
        part = arena_allocate(arena, sizeof *part);
        *part = (struct intake_part){ .name = files[i],
                                      .bytes = arena_copy_bytes(arena, bytes, length),
                                      .length = length,
                                      .next = first };
        left -= length;
        first = part;
    }
    return first;
}

void reading_take_release(struct packet *packet, struct arena *arena,
                          const struct intake_source *source, struct intake_text *text)
{
    const char *files[ASSETS_MAXIMUM] = { NULL };
    struct release *release = arena_allocate(arena, sizeof *release);
    release->public_id = take_valid(packet, arena, release_public_id_is_valid);
    release->title = reading_take_line(packet, arena);
    release->language = take_language(packet, arena, source);
    release->translation_of = reading_take_line(packet, arena);
    release->type = take_valid(packet, arena, release_name_is_valid);
    release->lead = reading_take_line(packet, arena);
    release->correction = reading_take_line(packet, arena);
    release->published_at = take_instant(packet);
    release->embargo_at = take_instant(packet);
    release->has_status = packet_bool(packet);
    release->status = (enum release_status)packet_integer_within(packet, RELEASE_DRAFT,
                                                                 RELEASE_WITHDRAWN);
    release->is_urgent = packet_bool(packet);
    release->has_mail = packet_bool(packet);
    release->mail = packet_bool(packet);
    release->has_open_changes = packet_bool(packet);
    release->are_changes_accepted = packet_bool(packet);
    release->event = take_event(packet, arena);
    take_topics(packet, arena, release);
    release->contacts = take_contacts(packet, arena);
    size_t count = take_assets(packet, arena, release, files);
    text->release = release;
    text->mentions = take_mentions(packet, arena, source, files, count);
    text->parts = take_parts(packet, arena, files, count);
}
