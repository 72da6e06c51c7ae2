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

static void times_set(struct presentation *presentation)
{
    const struct presentation_settings *settings = presentation->settings;
    struct arena *arena = presentation->arena;
    /* A second is the grain, because within one second updated_at only tells releases apart and no
     * reader was shown another text. */
    presentation->is_updated = instant_is_in_later_second(presentation->updated_at,
                                                          presentation->public_at);
    /* An imported or moved row may say that it changed before it came out, which feed readers
     * refuse. */
    if (instant_is_in_later_second(presentation->public_at, presentation->updated_at))
        presentation->updated_at = presentation->public_at;
    if (!presentation->is_updated)
        presentation->correction = NULL; /* nobody has seen what it corrects */
    presentation->published_datetime = presentation_datetime(settings, arena,
                                                             presentation->public_at);
    presentation->updated_datetime = presentation->is_updated
                                         ? presentation_datetime(settings, arena,
                                                                 presentation->updated_at)
                                         : presentation->published_datetime;
    if (presentation->is_withdrawn)
        presentation->withdrawn_datetime = presentation_datetime(settings, arena,
                                                                 presentation->withdrawn_at);
}

static void topics_set(struct presentation *presentation)
{
    struct arena *arena = presentation->arena;
    const char *cursor = presentation->topic_names;
    size_t count = *cursor != '\0';
    /* One more than there are spaces between them. */
    for (const char *at = cursor; *at; at++)
        count += *at == ' ';
    struct presentation_topic *topics = arena_allocate_array(arena, count, sizeof *topics);
    presentation->topics = topics;
    while (*cursor) {
        size_t length = strcspn(cursor, " ");
        const char *name = arena_copy_bytes(arena, cursor, length);
        const char *path = presentation_list_path(presentation->settings, arena,
                                                  presentation->list_language,
                                                  arena_format(arena, "topics/%s/", name));
        topics[presentation->topic_count++] = (struct presentation_topic){
            .name = name,
            .title = presentation_topic_title(
                presentation->settings, arena, presentation->language, name,
                release_topic_label(arena, presentation->topic_labels, name)),
            .url = presentation_url(presentation->settings, arena, path),
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
static void lead_set(struct presentation *presentation)
{
    const struct release *release = presentation->release;
    struct arena *arena = presentation->arena;
    presentation->lead = "";
    if (presentation->is_withdrawn)
        return;
    presentation->lead = release_lead(arena, release);
    presentation->lead_paragraph = release_lead_paragraph(arena, release);
    presentation->lead_is_first_paragraph = release_lead_is_first_paragraph(arena, release);
}

void presentation_init(struct presentation *presentation, struct arena *arena,
                       const struct presentation_settings *settings, const struct release_row *row,
                       const struct release *release)
{
    const char *folder = settings->folder ? settings->folder : release_row_page_path(arena, row);
    *presentation = (struct presentation){
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
    presentation->url = presentation_url(settings, arena, presentation->folder);
    times_set(presentation);
    topics_set(presentation);
    lead_set(presentation);
    presentation->event = presentation_event_in(presentation, presentation->language);
}

/* A release recovered from public/ without its file has neither path nor body: writing it would put
 * an empty page in the place of the one that still stands. */
bool presentation_has_text(const struct presentation *presentation, const struct release_row *row)
{
    return row->path || presentation->release->body || presentation->is_withdrawn;
}
