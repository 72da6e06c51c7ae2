/* SPDX-License-Identifier: MIT */
#ifndef TESTS_FUZZ_SOURCE_H
#define TESTS_FUZZ_SOURCE_H

#include "base/arena.h"
#include "base/error.h"
#include "base/string_builder.h"
#include "html/html.h"
#include "intake/reader.h"
#include "locale/zone.h"
#include "release/body.h"
#include "release/release.h"
#include "unit/notes.h"

#include <assert.h>
#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static inline const char *fuzz_file_address(void *payload, const char *file)
{
    (void)payload;
    return file;
}

/* Reads a text with its sidecar (NULL: none). What is not refused must be a release that can be
 * stored, read back and written. */
static inline void fuzz_source(const char *name, const uint8_t *text, size_t length,
                               const uint8_t *sidecar, size_t sidecar_length)
{
    static struct zone *zone;
    struct arena arena = { 0 };
    struct error error;
    struct intake_text read;
    struct intake_problem_list problems;
    if (!zone)
        zone = zone_open("Europe/Copenhagen", &error);
    struct intake_source source = { .html = &html_reader,
                                    .name = name,
                                    .bytes = arena_copy_bytes(&arena, text, length),
                                    .length = length,
                                    .sidecar_name = sidecar ? "x.yaml" : NULL,
                                    .sidecar_bytes = arena_copy_bytes(&arena, sidecar,
                                                                      sidecar_length),
                                    .sidecar_length = sidecar_length,
                                    .zone = zone,
                                    .language = "da" };
    intake_problem_list_init(&problems, &arena, name);
    intake_read_source(&arena, &source, &read, &problems);
    struct release *release = read.release;
    for (const struct intake_problem *problem = problems.first; problem; problem = problem->next)
        assert(!strpbrk(problem_text(&arena, "da", problem), "\r\n"));
    if (problems.refused == 0) {
        struct string_builder document;
        struct string_builder html;
        struct body_writer_options options = { .file_address = fuzz_file_address };
        assert(release->title && *release->title && !strpbrk(release->title, "\r\n"));
        string_builder_init(&document, 0);
        string_builder_init(&html, 0);
        body_write_html(&html, release->body, &options);
        assert(!strstr(html.data, "<script"));
        if (release_write_document(&document, release, &error))
            assert(release_read_document(&arena, document.data, document.length, &error));
        string_builder_release(&document);
        string_builder_release(&html);
    }
    arena_release(&arena);
}

#endif
