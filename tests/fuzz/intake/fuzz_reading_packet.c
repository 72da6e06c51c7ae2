/* SPDX-License-Identifier: MIT */
/* What the process that reads texts says, if it is no longer ours: whatever the bytes are, what is
 * taken of them is a release that can be stored, read back and shown. The first byte says whether
 * they are rather a text, whose reading is to come over whole. */
#include "fuzz_words.h"
#include "reading_alike.h"

#include "base/clock.h"
#include "html/html.h"
#include "locale/locale.h"
#include "release/body.h"
#include "unit/notes.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *same_file(void *payload, const char *file)
{
    (void)payload;
    return file;
}

static struct intake_source source_of(const char *bytes, size_t length)
{
    static struct language_words *words;
    static struct locale_context *locale;
    struct error error;
    if (!words) {
        words = shipped_words();
        locale = locale_context_new("Europe/Copenhagen", &error);
    }
    return (struct intake_source){ .html = &html_reader,
                                   .name = "x.md",
                                   .bytes = bytes,
                                   .length = length,
                                   .sidecar_name = "x.yaml",
                                   .sidecar_bytes = "x-a: b\n",
                                   .sidecar_length = 7,
                                   .zone = locale_context_zone(locale),
                                   .language = "da",
                                   .words = words,
                                   .locale = locale,
                                   .now_at = INT64_C(1780308000000),
                                   .publisher = "Region Nordhav" };
}

static void check_line(const char *line)
{
    assert(!line || !strpbrk(line, "\r\n\t"));
}

static void check_release(struct arena *arena, const struct release *release)
{
    struct error error;
    struct string_builder document;
    struct string_builder html;
    const struct body_writer_options options = { .file_address = same_file };
    string_builder_init(&document, 0);
    string_builder_init(&html, 0);
    check_line(release->title);
    check_line(release->lead);
    for (const struct release_contact *contact = release->contacts; contact;
         contact = contact->next)
        check_line(contact->name);
    body_write_html(&html, release->body, &options);
    assert(!strstr(html.data, "<script"));
    body_write_text(&html, release->body, &options, 72);
    if (release_write_document(&document, release, &error))
        assert(release_read_document(arena, document.data, document.length, &error));
    string_builder_release(&document);
    string_builder_release(&html);
}

static void take(const uint8_t *data, size_t size)
{
    struct arena arena = { 0 };
    struct embargo_words words;
    struct intake_text read = { .release = NULL };
    struct intake_problem_list problems;
    static const char many_lines[4096] = "Tekst"; /* so that lines of real texts are some of its */
    struct intake_source source = source_of(many_lines, sizeof many_lines);
    source.embargo = &words;
    intake_problem_list_init(&problems, &arena, source.name);
    if (reading_take_text(data, size, &arena, &source, &read, &problems)) {
        for (const struct intake_problem *problem = problems.first; problem;
             problem = problem->next)
            assert(!strpbrk(problem_text(&arena, "da", problem), "\r\n"));
        struct embargo_input of = { .words = &words,
                                    .release = read.release,
                                    .zone = source.zone,
                                    .language_words = source.words,
                                    .now_at = source.now_at,
                                    .problems = &problems };
        embargo_judge(&of);
        if (problems.refused == 0)
            check_release(&arena, read.release);
    }
    arena_release(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > 0 && data[0] == '#') {
        struct arena arena = { 0 };
        const struct intake_source source = source_of(arena_copy_bytes(&arena, data + 1, size - 1),
                                                      size - 1);
        assert(alike_both_ways(&source));
        arena_release(&arena);
    } else {
        take(data, size);
    }
    return 0;
}
