/* SPDX-License-Identifier: MIT */
/* Every tests/golden/intake/NAME.md or NAME.txt (with NAME.yaml beside it) is read; what comes out
 * must be NAME.expected. */
#include "cmocka_all.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/file.h"
#include "base/string_builder.h"
#include "html/html.h"
#include "intake/reader.h"
#include "locale/locale.h"
#include "locale/zone.h"
#include "release/body.h"
#include "release/release.h"
#include "unit/golden.h"
#include "unit/notes.h"
#include "unit/words.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *const directory = TEST_DATA_DIRECTORY "/intake";

static struct language_words *words;
static struct strings *notes;
static struct locale_context *locale;

static void line(struct string_builder *text, const char *name, const char *value)
{
    if (value)
        string_builder_append_format(text, "%s: %s\n", name, value);
}

static void instant(struct string_builder *text, struct arena *arena, const char *name, int64_t at)
{
    if (at)
        line(text, name, instant_format_utc(arena, at));
}

static const char *same_file(void *payload, const char *file)
{
    (void)payload;
    return file;
}

static void dump_lists(struct string_builder *text, struct arena *arena,
                       const struct release *release)
{
    for (const struct release_topic *topic = release->topics; topic; topic = topic->next)
        line(text, "topic",
             topic->label ? arena_format(arena, "%s (%s)", topic->name, topic->label)
                          : topic->name);
    for (const struct release_contact *contact = release->contacts; contact;
         contact = contact->next)
        string_builder_append_format(
            text, "contact: %s | %s | %s | %s | %s\n", contact->name ? contact->name : "",
            contact->title ? contact->title : "", contact->phone ? contact->phone : "",
            contact->email ? contact->email : "", contact->department ? contact->department : "");
    for (const struct release_asset *asset = release->assets; asset; asset = asset->next)
        string_builder_append_format(
            text, "%s: %s | %s | %s | %s\n", asset->kind == RELEASE_IMAGE ? "image" : "document",
            asset->file, asset->alt ? asset->alt : "", asset->caption ? asset->caption : "",
            asset->title ? asset->title : "");
}

static void dump(struct string_builder *text, struct arena *arena, const struct release *release)
{
    static const char *const statuses[] = { "draft", "ready", "withdrawn" };
    struct body_writer_options options = { .file_address = same_file,
                                           .page_address = "https://nordhav.example/side/",
                                           .has_anchors = true };
    line(text, "id", release->public_id);
    line(text, "title", release->title);
    line(text, "language", release->language);
    line(text, "translation_of", release->translation_of);
    line(text, "type", release->type);
    line(text, "lead", release_lead(arena, release));
    line(text, "correction", release->correction);
    instant(text, arena, "published", release->published_at);
    instant(text, arena, "embargo", release->embargo_at);
    line(text, "status", statuses[release->status]);
    if (release->is_urgent)
        line(text, "urgent", "true");
    if (!release->mail)
        line(text, "mail", "false");
    if (release->event) {
        if (release->event->is_all_day)
            line(text, "event", "all-day");
        instant(text, arena, "event start", release->event->start_at);
        instant(text, arena, "event end", release->event->end_at);
        line(text, "event place", release->event->place);
    }
    dump_lists(text, arena, release);
    string_builder_append(text, "\n");
    body_write_html(text, release->body, &options);
    string_builder_append(text, "\n");
}

static void append_problems(struct string_builder *text, struct arena *arena,
                            const struct intake_problem_list *problems)
{
    static const char *const severities[] = { "advice", "told", "ignored", "refused" };
    const struct intake_wording wording = { .notes = notes, .words = words, .language = "en" };
    for (const struct intake_problem *problem = problems->first; problem; problem = problem->next)
        string_builder_append_format(text, "%s: %s\n", severities[problem->severity],
                                     intake_problem_line(arena, &wording, "", problem));
}

static bool read_if_there(int folder, const char *name, struct string_builder *text)
{
    struct error error;
    string_builder_init(text, 0);
    return faccessat(folder, name, R_OK, 0) == 0 && file_read(folder, name, text, &error);
}

static void read_one(struct string_builder *result, int folder, const char *name,
                     const struct zone *zone)
{
    struct arena arena = { 0 };
    struct string_builder bytes;
    struct string_builder sidecar;
    struct intake_text read;
    struct intake_problem_list problems;
    const char *sidecar_name = arena_format(&arena, "%.*s.yaml", (int)(strrchr(name, '.') - name),
                                            name);
    assert_true(read_if_there(folder, name, &bytes));
    bool has_sidecar = read_if_there(folder, sidecar_name, &sidecar);
    struct intake_source source = { .html = &html_reader,
                                    .name = name,
                                    .bytes = bytes.data,
                                    .length = bytes.length,
                                    .sidecar_name = has_sidecar ? sidecar_name : NULL,
                                    .sidecar_bytes = sidecar.data,
                                    .sidecar_length = sidecar.length,
                                    .zone = zone,
                                    .language = "da",
                                    .words = words,
                                    .locale = locale,
                                    .now_at = INT64_C(1780308000000) };
    intake_problem_list_init(&problems, &arena, name);
    intake_read_source(&arena, &source, &read, &problems);
    const struct release *release = read.release;
    append_problems(result, &arena, &problems);
    if (problems.refused == 0)
        dump(result, &arena, release);
    string_builder_release(&bytes);
    string_builder_release(&sidecar);
    arena_release(&arena);
}

static void check_one(int folder, const char *name, const struct zone *zone)
{
    struct string_builder result;
    char path[512];
    string_builder_init(&result, 0);
    read_one(&result, folder, name, zone);
    (void)snprintf(path, sizeof path, "intake/%s.expected", name);
    assert_true(golden_is(path, result.data));
    string_builder_release(&result);
}

static void every_file_is_read_as_expected(void **state)
{
    struct error error;
    struct zone *zone = zone_open("Europe/Copenhagen", &error);
    int folder = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *list = opendir(directory);
    const struct dirent *entry;
    int count = 0;
    (void)state;
    assert_non_null(list);
    words = shipped_words();
    notes = shipped_notes();
    locale = locale_context_new("Europe/Copenhagen", &error);
    while ((entry = readdir(list))) { /* NOLINT(concurrency-mt-unsafe) */
        if (!intake_format_of(entry->d_name))
            continue;
        check_one(folder, entry->d_name, zone);
        count++;
    }
    assert_true(count > 0);
    (void)closedir(list);
    (void)close(folder);
    zone_close(zone);
    language_words_free(words);
    strings_free(notes);
    locale_context_free(locale);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_file_is_read_as_expected),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
