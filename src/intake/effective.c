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

/* The status that file and original ask for together: a version is never further than its
 * original. */
static enum release_status wanted_status(const struct release *release,
                                         const struct release_row *original)
{
    if (original && (original->status == RELEASE_WITHDRAWN || !release->has_status))
        return original->status;
    return release->status;
}

static enum release_status status_of(const struct effective_input *input)
{
    const struct release_row *row = input->row;
    const struct release_row *original = input->original;
    enum release_status wanted = wanted_status(input->release, original);
    bool is_public = row && row->public_at;
    if (row && row->status == RELEASE_WITHDRAWN) {
        if (wanted != RELEASE_WITHDRAWN)
            ignore(input, INTAKE_MESSAGE_WITHDRAWN_STAYS, NULL);
        return RELEASE_WITHDRAWN;
    }
    if (is_public && wanted == RELEASE_DRAFT) {
        ignore(input, INTAKE_MESSAGE_PUBLIC_DRAFT, NULL);
        return RELEASE_READY;
    }
    if (original && original->status == RELEASE_DRAFT && wanted == RELEASE_READY && !is_public) {
        intake_problem_add(input->problems, INTAKE_NOTICE, 0, INTAKE_MESSAGE_VERSION_WAITS,
                           original->title, NULL);
        return RELEASE_DRAFT;
    }
    return wanted;
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
    result->topics = original && !release->has_topics ? original->topics
                                                      : topics_text(arena, release->topics);
    result->topic_labels = original && !release->has_topics
                               ? original->topic_labels
                               : release_topic_labels(arena, release->topics);
    result->is_urgent = release->is_urgent;
    result->mail = release->mail;
    result->correction = release->correction ? release->correction : "";
    result->status = status_of(input);
    fill_times(input, result);
}
