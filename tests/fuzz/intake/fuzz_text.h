/* SPDX-License-Identifier: MIT */
#ifndef TESTS_FUZZ_TEXT_H
#define TESTS_FUZZ_TEXT_H

#include "fuzz_source.h"
#include "text_letters.h"

#include "html/html.h"

/* cmocka's, for the words of the languages. */
#define assert_non_null(pointer) assert((pointer) != NULL)
#define assert_true(condition) assert(condition)
#define assert_int_equal(left, right) assert((left) == (right))
#include "../../unit/words.h"

/* Reads a text without a format, in the words of the shipped languages. No letter of it may be
 * lost; what is not refused must be a release that can be stored, read back and written. */
static inline void fuzz_text(const char *bytes, size_t length)
{
    static struct language_words *words;
    static struct zone *zone;
    struct arena arena = { 0 };
    struct error error;
    struct intake_text read;
    struct intake_problem_list problems;
    if (!words) {
        words = shipped_words();
        zone = zone_open("Europe/Copenhagen", &error);
    }
    struct intake_source source = { .html = &html_reader,
                                    .name = "x.txt",
                                    .bytes = bytes,
                                    .length = length,
                                    .zone = zone,
                                    .language = "da",
                                    .words = words,
                                    .publisher = "Region Nordhav" };
    intake_problem_list_init(&problems, &arena, "x.txt");
    intake_read_source(&arena, &source, &read, &problems);
    struct release *release = read.release;
    size_t start = 0;
    while (start < length &&
           (bytes[start] <= ' ' || bytes[start] > '~')) /* nobody sees some of them */
        start++;
    bool is_markdown = start < length && bytes[start] == '#';
    if (problems.refused == 0 && !is_markdown && !text_letters_has_fields(words, bytes, length))
        assert(text_letters_add_up(bytes, length, release, &problems));
    arena_release(&arena);
    fuzz_source("x.txt", (const uint8_t *)bytes, length, NULL, 0);
}

#endif
