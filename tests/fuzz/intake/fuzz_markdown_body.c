/* SPDX-License-Identifier: MIT */
/* The input is a release's Markdown below a header of ours: no letter of it may be lost. */
#include "fuzz_source.h"
#include "fuzz_words.h"
#include "letters.h"

#include "html/html.h"
#include "intake/encoding.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char header[] = "---\ntitle: Qzqz\n---\n";

    enum { BODY_LINE = 4 };

    struct arena arena = { 0 };
    struct error error;
    struct intake_text read;
    struct intake_problem_list problems;
    struct intake_problem_list ignored;
    const char *text;
    size_t length;
    static struct zone *zone;
    static struct language_words *words;
    if (!zone)
        zone = zone_open("Europe/Copenhagen", &error);
    if (!words)
        words = shipped_words();
    char *file = arena_allocate(&arena, sizeof header + size);
    memcpy(file, header, sizeof header - 1);
    memcpy(file + sizeof header - 1, data, size);
    struct intake_source source = { .html = &html_reader,
                                    .name = "x.md",
                                    .bytes = file,
                                    .length = sizeof header - 1 + size,
                                    .zone = zone,
                                    .language = "da",
                                    .words = words };
    intake_problem_list_init(&ignored, &arena, "x.md");
    intake_problem_list_init(&problems, &arena, "x.md");
    if (encoding_decode(&arena, file, source.length, &ignored, &text, &length) && !ignored.first) {
        intake_read_source(&arena, &source, &read, &problems);
        const struct release *release = read.release;
        if (problems.refused == 0)
            letters_check_writers(release);
        if (problems.refused == 0 && length > sizeof header - 1)
            letters_check_markdown(text + sizeof header - 1, length - (sizeof header - 1),
                                   BODY_LINE, release, &problems);
    }
    arena_release(&arena);
    return 0;
}
