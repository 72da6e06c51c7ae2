/* SPDX-License-Identifier: MIT */
#include "intake/effective.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/string_builder.h"
#include "intake/intake.h"
#include "intake/problem.h"
#include "release/release.h"
#include "release/release_store.h"

#include <stdlib.h>
#include <string.h>

static void ignore(const struct effective_input *input, enum intake_message_id id, const char *a)
{
    intake_problem_add(input->problems, INTAKE_WARNING, 0, id, a, NULL);
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The file's topics, and behind them those that its place gives. */
static const struct release_topic *topics_of(struct arena *arena,
                                             const struct effective_input *input)
{
    struct release_topic *first = NULL;
    struct release_topic **end = &first;
    const struct intake_container *folder = input->place.folder;
    const struct release_topic *const lists[] = { input->release->topics,
                                                  folder ? folder->topics : NULL };
    if (!lists[1])
        return lists[0];
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++)
        for (const struct release_topic *topic = lists[i]; topic; topic = topic->next) {
            *end = arena_allocate(arena, sizeof **end);
            **end = (struct release_topic){ .name = topic->name, .label = topic->label };
            end = &(*end)->next;
        }
    return first;
}

/* The topics as the row stores them: "a b", sorted, each once. */
static const char *topics_text(struct arena *arena, const struct release_topic *topics)
{
    struct string_builder text;
    size_t count = 0;
    for (const struct release_topic *topic = topics; topic; topic = topic->next)
        count++;
    const char **names = arena_allocate_array(arena, count + 1, sizeof *names);
    count = 0;
    for (const struct release_topic *topic = topics; topic; topic = topic->next)
        names[count++] = topic->name;
    qsort(names, count, sizeof *names, compare_names);
    string_builder_init(&text, 0);
    for (size_t i = 0; i < count; i++)
        if (i == 0 || strcmp(names[i], names[i - 1]) != 0)
            string_builder_append_format(&text, "%s%s", text.length ? " " : "", names[i]);
    const char *result = arena_copy_bytes(arena, text.data, text.length);
    string_builder_release(&text);
    return result;
}

/* Of an original whose file says no time, that at which it became ready is kept as its own. */
static bool row_has_date(const struct release_row *row)
{
    return row->embargo_at != INSTANT_NONE ||
           (row->published_at != INSTANT_NONE && row->published_at != row->ready_at);
}

static bool has_date(const struct effective_input *input)
{
    return input->release->published_at || input->release->embargo_at ||
           (input->original && row_has_date(input->original));
}

static void tell_place(const struct effective_input *input, enum intake_message_id id)
{
    intake_problem_add(input->problems, INTAKE_NOTICE, 0, id, NULL, NULL);
}

/* What the place asks for, where that is more careful than what the header says. */
static enum release_status placed_status(const struct effective_input *input,
                                         enum release_status wanted)
{
    bool is_contrary = input->release->has_status && wanted == RELEASE_READY;
    bool is_public = input->row && input->row->public_at;
    switch (input->place.place) {
    case RELEASE_PLACE_NONE:
        break;
    case RELEASE_PLACE_DRAFTS:
        if (wanted != RELEASE_READY)
            return wanted;
        if (is_contrary && !is_public)
            tell_place(input, INTAKE_MESSAGE_PLACE_DRAFT);
        return RELEASE_DRAFT;
    case RELEASE_PLACE_SCHEDULED:
        if (wanted != RELEASE_READY || is_public || has_date(input))
            return wanted;
        tell_place(input, INTAKE_MESSAGE_PLACE_NO_DATE);
        return RELEASE_DRAFT;
    case RELEASE_PLACE_WITHDRAWN:
        if (input->release->has_status && input->release->status == RELEASE_DRAFT)
            tell_place(input, INTAKE_MESSAGE_PLACE_WITHDRAWN);
        return RELEASE_WITHDRAWN;
    }
    return wanted;
}

/* The status that file, place and original ask for together: a version is never further than its
 * original. */
static enum release_status wanted_status(const struct effective_input *input)
{
    const struct release *release = input->release;
    const struct release_row *original = input->original;
    enum release_status wanted = release->status;
    if (original && (original->status == RELEASE_WITHDRAWN || !release->has_status))
        wanted = original->status;
    return placed_status(input, wanted);
}

/* Withdrawn by its place, or its original's, alone, while nobody was mailed so: it is not any more
 * as soon as its file lies elsewhere. */
static bool is_restored(const struct effective_input *input)
{
    const struct release_row *row = input->row;
    return row && row->status == RELEASE_WITHDRAWN && row->place == RELEASE_PLACE_WITHDRAWN &&
           row->withdrawal_announced_at == INSTANT_NONE &&
           wanted_status(input) != RELEASE_WITHDRAWN;
}

static enum release_status status_of(const struct effective_input *input)
{
    const struct release_row *row = input->row;
    const struct release_row *original = input->original;
    enum release_status wanted = wanted_status(input);
    bool is_public = row && row->public_at;
    if (row && row->status == RELEASE_WITHDRAWN && !is_restored(input)) {
        if (wanted != RELEASE_WITHDRAWN)
            ignore(input, INTAKE_MESSAGE_WITHDRAWN_STAYS, NULL);
        return RELEASE_WITHDRAWN;
    }
    if (is_public && wanted == RELEASE_DRAFT) {
        ignore(input,
               input->place.place == RELEASE_PLACE_DRAFTS ? INTAKE_MESSAGE_PLACE_PUBLIC_DRAFT
                                                          : INTAKE_MESSAGE_PUBLIC_DRAFT,
               NULL);
        return RELEASE_READY;
    }
    if (original && original->status == RELEASE_DRAFT && wanted == RELEASE_READY && !is_public) {
        intake_problem_add(input->problems, INTAKE_NOTICE, 0, INTAKE_MESSAGE_VERSION_WAITS,
                           original->public_id, NULL);
        return RELEASE_DRAFT;
    }
    return wanted;
}

/* Its place, or what its header and its original say to the same effect where that must be known
 * afterwards: of what is public, that nobody more is to be mailed; of what is withdrawn, that its
 * place alone says so. */
static enum release_place place_of(const struct effective_input *input, enum release_status status)
{
    const struct release_row *row = input->row;
    const struct release_row *original = input->original;
    bool was_withdrawn = row && row->status == RELEASE_WITHDRAWN;
    if (status == RELEASE_WITHDRAWN) {
        if (was_withdrawn)
            return row->place == RELEASE_PLACE_WITHDRAWN ? row->place : RELEASE_PLACE_NONE;
        if (input->release->status == RELEASE_WITHDRAWN)
            return RELEASE_PLACE_NONE;
        bool is_of_original = original && original->status == RELEASE_WITHDRAWN;
        return is_of_original ? original->place : RELEASE_PLACE_WITHDRAWN;
    }
    if (row && row->public_at && wanted_status(input) == RELEASE_DRAFT)
        return RELEASE_PLACE_DRAFTS;
    return input->place.place;
}

/* The later of two instants. Either may be INSTANT_NONE, which is below all instants, also those
 * before 1970. */
static int64_t later(int64_t a, int64_t b)
{
    if (a == INSTANT_NONE || b == INSTANT_NONE)
        return a == INSTANT_NONE ? b : a;
    return a > b ? a : b;
}

static bool is_later(int64_t a, int64_t b)
{
    return a != INSTANT_NONE && a > b;
}

/* Whether the file asks for another time than it had when it was published. The file of a release
 * that was recovered from public/ has not been read yet, so it cannot. */
static bool is_other_time(int64_t published_at, const struct release_row *row)
{
    return published_at != INSTANT_NONE && row->path && published_at != row->published_at &&
           published_at / DURATION_SECOND != row->public_at / DURATION_SECOND;
}

/* Warns where a file changes the times of a public release: feeds and mails carry the old ones
 * already, so they stay. */
static void check_public_times(const struct effective_input *input)
{
    const struct release_row *row = input->row;
    const struct release *release = input->release;
    if (is_later(release->embargo_at, row->public_at) && release->embargo_at != row->embargo_at)
        ignore(input, INTAKE_MESSAGE_PUBLIC_LATER, "embargo");
    if (is_later(release->published_at, row->public_at) &&
        release->published_at != row->published_at)
        ignore(input, INTAKE_MESSAGE_PUBLIC_LATER, "published");
    else if (is_other_time(release->published_at, row))
        ignore(input, INTAKE_MESSAGE_PUBLIC_EARLIER, "published");
}

static void fill_times(const struct effective_input *input, struct release_row *result)
{
    const struct release *release = input->release;
    const struct release_row *original = input->original;
    bool is_ready = result->status == RELEASE_READY;
    if (input->row && input->row->public_at) {
        check_public_times(input);
        return;
    }
    if (result->status == RELEASE_DRAFT)
        result->ready_at = INSTANT_NONE;
    else if (is_ready && !result->ready_at)
        result->ready_at = input->now_at;
    result->published_at = release->published_at ? release->published_at : result->ready_at;
    result->embargo_at = later(release->embargo_at, original ? original->embargo_at : 0);
    /* A draft is never due, and neither is a release that was withdrawn before it was public. */
    result->due_at = INSTANT_NONE;
    if (is_ready)
        result->due_at = later(release_due_at(result->published_at, result->embargo_at),
                               original ? original->due_at : 0);
}

void effective_fill(struct arena *arena, const struct effective_input *input,
                    struct release_row *result)
{
    const struct release *release = input->release;
    const struct release_row *original = input->original;
    result->title = release->title;
    result->language = release->language;
    result->type = release->type ? release->type : original ? original->type : INTAKE_TYPE_DEFAULT;
    const struct release_topic *topics = topics_of(arena, input);
    bool inherits_topics = original && !release->has_topics;
    /* Of what is public the folder that it came from still counts. */
    if (input->row && input->row->public_at && input->place.place == RELEASE_PLACE_DRAFTS &&
        !input->place.folder && !release->has_topics) {
        original = input->row;
        inherits_topics = true;
    }
    result->topics = inherits_topics ? original->topics : topics_text(arena, topics);
    result->topic_labels = inherits_topics ? original->topic_labels
                                           : release_topic_labels(arena, topics);
    result->is_urgent = release->is_urgent;
    result->mail = release->mail;
    result->correction = release->correction ? release->correction : "";
    result->status = status_of(input);
    result->place = place_of(input, result->status);
    fill_times(input, result);
}
