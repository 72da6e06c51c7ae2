/* SPDX-License-Identifier: MIT */
#include "presentation/presentation.h"

#include "base/arena.h"
#include "base/clock.h"
#include "release/newsroom.h"
#include "release/release.h"
#include "release/release_store.h"

#include <string.h>

static const char *none_if_empty(const char *text)
{
    return text && *text ? text : NULL;
}

static void times_set(struct presentation *shown)
{
    const struct presentation_settings *settings = shown->settings;
    struct arena *arena = shown->arena;
    /* A second is the grain, because within one second updated_at only tells releases apart and no
     * reader was shown another text. */
    shown->is_updated = instant_is_in_later_second(shown->updated_at, shown->public_at);
    /* An imported or moved row may say that it changed before it came out, which feed readers
     * refuse. */
    if (instant_is_in_later_second(shown->public_at, shown->updated_at))
        shown->updated_at = shown->public_at;
    if (!shown->is_updated)
        shown->correction = NULL; /* nobody has seen what it corrects */
    shown->published_datetime = presentation_datetime(settings, arena, shown->public_at);
    shown->updated_datetime = shown->is_updated
                                  ? presentation_datetime(settings, arena, shown->updated_at)
                                  : shown->published_datetime;
    if (shown->is_withdrawn)
        shown->withdrawn_datetime = presentation_datetime(settings, arena, shown->withdrawn_at);
}

static void topics_set(struct presentation *shown)
{
    struct arena *arena = shown->arena;
    const char *cursor = shown->topic_names;
    size_t count = *cursor != '\0';
    /* One more than there are spaces between them. */
    for (const char *at = cursor; *at; at++)
        count += *at == ' ';
    struct presentation_topic *topics = arena_allocate_array(arena, count, sizeof *topics);
    shown->topics = topics;
    while (*cursor) {
        size_t length = strcspn(cursor, " ");
        const char *name = arena_copy_bytes(arena, cursor, length);
        const char *path = presentation_list_path(shown->settings, arena, shown->list_language,
                                                  arena_format(arena, "topics/%s/", name));
        topics[shown->topic_count++] = (struct presentation_topic){
            .name = name,
            .title = presentation_topic_title(
                shown->settings, arena, shown->language, name,
                release_topic_label(arena, shown->topic_labels, name)),
            .url = presentation_url(shown->settings, arena, path),
        };
        cursor += length + strspn(cursor + length, " ");
    }
}

struct presentation_contacts presentation_contacts_of(struct arena *arena,
                                                      const struct release_contact *contacts,
                                                      const char *country)
{
    struct presentation_contacts result = { .count = 0 };
    size_t count = 0;
    for (const struct release_contact *contact = contacts; contact; contact = contact->next)
        count++;
    struct presentation_contact *list = arena_allocate_array(arena, count, sizeof *list);
    for (; contacts; contacts = contacts->next)
        list[result.count++] = (struct presentation_contact){
            .name = contacts->name,
            .role = contacts->title,
            .department = contacts->department,
            .phone = contacts->phone,
            .phone_url = release_phone_url(arena, contacts->phone, country),
            .email = contacts->email,
        };
    result.list = list;
    return result;
}

const char *presentation_contact_line(struct arena *arena,
                                      const struct presentation_contact *contact)
{
    const char *const parts[] = { contact->name, contact->role, contact->department, contact->phone,
                                  contact->email };
    const char *line = "";
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
        if (parts[i])
            line = arena_format(arena, "%s%s%s", line, *line ? ", " : "", parts[i]);
    return line;
}

/* Empty for a withdrawn one, because the lead goes into cards, feeds and meta elements alike, and
 * no word of the text may stay. */
static void lead_set(struct presentation *shown)
{
    const struct release *release = shown->release;
    struct arena *arena = shown->arena;
    shown->lead = "";
    if (shown->is_withdrawn)
        return;
    shown->lead = release_lead(arena, release);
    shown->lead_paragraph = release_lead_paragraph(arena, release);
    shown->lead_is_first_paragraph = release_lead_is_first_paragraph(arena, release);
}

void presentation_init(struct presentation *shown, struct arena *arena,
                       const struct presentation_settings *settings, const struct release_row *row,
                       const struct release *release)
{
    const char *folder = settings->folder ? settings->folder : release_row_page_path(arena, row);
    *shown = (struct presentation){
        .arena = arena,
        .settings = settings,
        .release = release,
        .row_id = row->row_id,
        .original_row_id = row->original_row_id,
        .revision = row->revision,
        .public_id = row->public_id,
        .tag = presentation_tag(settings, arena, "release", row->public_id),
        .language = row->language,
        .list_language = presentation_list_language(arena, row->language),
        .type = row->type,
        .topic_names = row->topics ? row->topics : "",
        .topic_labels = row->topic_labels ? row->topic_labels : "",
        /* Those of the revision, because the row tells of the newest one, which need not be
         * public yet. */
        .title = none_if_empty(release->title) ? release->title : row->title,
        .slug = row->slug,
        .folder = folder ? folder : "",
        .public_at = row->public_at,
        .updated_at = row->updated_at,
        .is_withdrawn = row->status == RELEASE_WITHDRAWN,
        .withdrawn_at = row->withdrawn_at,
        .reason = none_if_empty(row->withdrawal_reason),
        .correction = none_if_empty(release->correction),
        .content_hash = row->content_hash,
        .drop_path = row->path,
        .has_own_contacts = release->contacts != NULL,
        .contacts = presentation_contacts_of(
            arena, release->contacts ? release->contacts : settings->newsroom->contacts,
            settings->newsroom->country),
    };
    shown->url = presentation_url(settings, arena, shown->folder);
    times_set(shown);
    topics_set(shown);
    lead_set(shown);
    shown->event = presentation_event_in(shown, shown->language);
}

/* A release recovered from public/ without its file has neither path nor body: writing it would put
 * an empty page in the place of the one that still stands. */
bool presentation_has_text(const struct presentation *shown, const struct release_row *row)
{
    return row->path || shown->release->body || shown->is_withdrawn;
}
