/* SPDX-License-Identifier: MIT */
#include "release/release.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/string_builder.h"
#include "release/body.h"

#include <string.h>

enum { NAME_MAXIMUM = 40 };

static const char lower_letters[] = "abcdefghijklmnopqrstuvwxyz";
static const char upper_letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
static const char digits[] = "0123456789";

static bool is_one_of(char character, const char *characters)
{
    return character != '\0' && strchr(characters, character);
}

/* The lead that the release gives, as one line; NULL where it gives none. */
static const char *given_lead(struct arena *arena, const struct release *release)
{
    if (!release->lead)
        return NULL;
    struct body_node *root = body_new(arena);
    body_append_text(arena, root, release->lead, strlen(release->lead));
    const char *lead = body_plain_text(arena, root);
    return *lead ? lead : NULL;
}

const char *release_lead(struct arena *arena, const struct release *release)
{
    const char *lead = given_lead(arena, release);
    return lead ? lead : body_plain_text(arena, body_first_paragraph(release->body));
}

bool release_lead_is_first_paragraph(struct arena *arena, const struct release *release)
{
    const struct body_node *paragraph = body_first_paragraph(release->body);
    const char *lead = paragraph ? given_lead(arena, release) : NULL;
    if (!lead)
        return paragraph && body_begins_with(release->body, paragraph);
    return strcmp(lead, body_plain_text(arena, paragraph)) == 0;
}

const struct body_node *release_lead_paragraph(struct arena *arena, const struct release *release)
{
    if (release_lead_is_first_paragraph(arena, release))
        return body_first_paragraph(release->body);
    const char *lead = given_lead(arena, release);
    if (!lead)
        return NULL;
    struct body_node *paragraph = body_append(arena, body_new(arena), BODY_PARAGRAPH);
    body_append_text(arena, paragraph, lead, strlen(lead));
    return paragraph;
}

static const struct release_contact *first_written_to(const struct release_contact *contact)
{
    while (contact && !(contact->email && *contact->email))
        contact = contact->next;
    return contact;
}

const struct release_contact *release_reply_contact(const struct release *release,
                                                    const struct release_contact *others)
{
    const struct release_contact *own = release ? first_written_to(release->contacts) : NULL;
    return own ? own : first_written_to(others);
}

const char *release_asset_shown_type(const char *media_type)
{
    bool is_png = media_type &&
                  (strcmp(media_type, "image/png") == 0 || strcmp(media_type, "image/gif") == 0);
    return is_png ? "image/png" : "image/jpeg";
}

const char *release_asset_name(const struct release_asset *asset)
{
    const char *slash = strrchr(asset->file, '/');
    if (asset->title && *asset->title)
        return asset->title;
    return slash ? slash + 1 : asset->file;
}

bool release_public_id_is_valid(const char *public_id)
{
    size_t length = strlen(public_id);
    if (length == 0 || length > RELEASE_ID_MAXIMUM || is_one_of(public_id[0], "._-"))
        return false;
    for (size_t i = 0; i < length; i++)
        if (!is_one_of(public_id[i], lower_letters) && !is_one_of(public_id[i], upper_letters) &&
            !is_one_of(public_id[i], digits) && !is_one_of(public_id[i], "._-"))
            return false;
    return true;
}

bool release_name_is_valid(const char *name)
{
    size_t length = strlen(name);
    if (length == 0 || length > NAME_MAXIMUM || name[0] == '-' || name[length - 1] == '-')
        return false;
    for (size_t i = 0; i < length; i++)
        if (!is_one_of(name[i], lower_letters) && !is_one_of(name[i], digits) && name[i] != '-')
            return false;
    return !file_name_is_device(name);
}

const char *release_topic_labels(struct arena *arena, const struct release_topic *topics)
{
    struct string_builder lines;
    string_builder_init(&lines, 0);
    for (; topics; topics = topics->next)
        if (topics->label)
            string_builder_append_format(&lines, "%s %s\n", topics->name, topics->label);
    const char *copy = arena_copy_bytes(arena, lines.data, lines.length);
    string_builder_release(&lines);
    return copy;
}

const char *release_topic_label(struct arena *arena, const char *labels, const char *name)
{
    size_t length = strlen(name);
    while (labels && *labels) {
        size_t line = strcspn(labels, "\n");
        if (line > length && labels[length] == ' ' && strncmp(labels, name, length) == 0)
            return arena_copy_bytes(arena, labels + length + 1, line - length - 1);
        labels += line + (labels[line] == '\n');
    }
    return NULL;
}

int64_t release_due_at(int64_t published_at, int64_t embargo_at)
{
    if (published_at == INSTANT_NONE || embargo_at == INSTANT_NONE)
        return published_at;
    return published_at > embargo_at ? published_at : embargo_at;
}

void release_inherit(struct release *version, const struct release *original)
{
    if (!version->type)
        version->type = original->type;
    if (!version->has_topics) {
        version->has_topics = original->has_topics;
        version->topics = original->topics;
    }
    if (version->embargo_at == INSTANT_NONE)
        version->embargo_at = original->embargo_at;
    if (!version->has_status) {
        version->has_status = original->has_status;
        version->status = original->status;
        if (!version->withdrawal_reason)
            version->withdrawal_reason = original->withdrawal_reason;
    }
    if (!version->event)
        version->event = original->event;
}

const char *release_asset_path(struct arena *arena, const struct hash *hash)
{
    char hex[HASH_HEX_SIZE];
    hash_to_hex(hash, hex);
    return arena_format(arena, "assets/%.2s/%s", hex, hex);
}
