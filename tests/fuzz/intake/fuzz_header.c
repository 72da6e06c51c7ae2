/* SPDX-License-Identifier: MIT */
/* What people write behind a key. A text comes out letter for letter whatever stands in it; what
 * else the bytes may be as a header, they crash nothing. */
#include "fuzz_source.h"

#include "html/html.h"
#include "intake/encoding.h"
#include "intake/header_value.h"
#include "locale/language_words.h"
#include "locale/locale.h"
#include "unit/notes.h"

static struct language_words *few_words(void)
{
    static const struct {
        enum word_group group;
        const char *language;
        const char *name;
        const char *word;
    } few[] = {
        { WORD_GROUP_HEADER_KEY, "da", "title", "titel" },
        { WORD_GROUP_HEADER_KEY, "da", "topics", "emner" },
        { WORD_GROUP_HEADER_KEY, "da", "contacts", "kontakt" },
        { WORD_GROUP_HEADER_KEY, "da", "event", "arrangement" },
        { WORD_GROUP_HEADER_KEY, "da", "start", "fra" },
        { WORD_GROUP_HEADER_KEY, "da", "published", "dato" },
        { WORD_GROUP_OTHER_KEY, "en", "topics", "tags" },
        { WORD_GROUP_STATUS, "da", "ready", "klar" },
        { WORD_GROUP_TYPE, "da", "press-release", "pressemeddelelse" },
        { WORD_GROUP_LANGUAGE, "da", "da", "dansk" },
        { WORD_GROUP_ANSWER, "da", "true", "ja" },
        { WORD_GROUP_MONTH, "da", "june", "juni" },
        { WORD_GROUP_CLOCK, "da", "at", "kl" },
    };
    struct language_words *words = language_words_new();
    for (size_t i = 0; i < sizeof few / sizeof few[0]; i++)
        language_words_add(words, few[i].language, few[i].group, few[i].name, few[i].word);
    return words;
}

static struct release *read_header(struct arena *arena, const char *text,
                                   struct intake_problem_list *problems)
{
    static struct language_words *words;
    static struct locale_context *locale;
    struct error error;
    struct intake_text read;
    if (!words) {
        words = few_words();
        locale = locale_context_new("Europe/Copenhagen", &error);
    }
    const struct intake_source source = { .html = &html_reader,
                                          .name = "x.md",
                                          .bytes = text,
                                          .length = strlen(text),
                                          .zone = locale_context_zone(locale),
                                          .language = "da",
                                          .words = words,
                                          .locale = locale };
    intake_problem_list_init(problems, arena, "x.md");
    intake_read_source(arena, &source, &read, problems);
    struct release *release = read.release;
    for (const struct intake_problem *problem = problems->first; problem; problem = problem->next)
        assert(!strpbrk(problem_text(arena, "da", problem), "\r\n"));
    return release;
}

/* The value as it is to come out; NULL where it is none, is quoted, begins a block, or has
 * characters that no text keeps. */
static const char *letters_of(struct arena *arena, const char *value)
{
    struct intake_problem_list problems;
    const char *decoded;
    size_t length = strlen(value);
    intake_problem_list_init(&problems, arena, "x.md");
    if (!encoding_decode(arena, value, length, &problems, &decoded, &length) ||
        strcmp(decoded, value) != 0)
        return NULL;
    size_t start = header_space_before(value, length);
    value = arena_copy_bytes(arena, value + start, length - start);
    value = arena_copy_bytes(arena, value,
                             length - start - header_space_behind(value, length - start));
    length = strlen(value);
    bool is_quoted = length > 1 && strchr("\"'", value[0]) && value[length - 1] == value[0];
    if (length == 0 || is_quoted || header_is_block(value, length) || strcmp(value, "~") == 0 ||
        strcmp(value, "null") == 0)
        return NULL;
    return encoding_one_line(arena, value, length);
}

static void check_letters(struct arena *arena, const char *value)
{
    struct intake_problem_list problems;
    const char *wanted = letters_of(arena, value);
    if (!wanted || !*wanted)
        return;
    const char *text = arena_format(arena,
                                    "---\ntitle: %s\nlead:%s\nTitel2: x\ncontacts:\n- name : %s\n"
                                    "  title:\n     %s\nimages:\n  - caption: %s\n    file: a.jpg\n"
                                    "event:\n\tplace: %s\n\tstart: 2026-06-09 10:00\n---\nTekst.\n",
                                    value, header_space_before(value, strlen(value)) ? value : "",
                                    value, wanted[0] == '#' || strstr(wanted, ":") ? "x" : value,
                                    value, value);
    const struct release *release = read_header(arena, text, &problems);
    assert(strcmp(release->title, wanted) == 0);
    assert(strcmp(release->contacts->name, wanted) == 0);
    assert(strcmp(release->assets->caption, wanted) == 0);
    assert(strcmp(release->event->place, wanted) == 0);
    if (wanted[0] != '#' && !strstr(wanted, ":"))
        assert(strcmp(release->contacts->title, wanted) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena = { 0 };
    struct intake_problem_list problems;
    char *text = arena_copy_bytes(&arena, data, size);
    for (size_t i = 0; i < size; i++)
        if (!text[i])
            text[i] = ' ';
    const struct release *release = read_header(
        &arena, arena_format(&arena, "---\n%s\n---\nTekst.\n", text), &problems);
    assert(problems.refused > 0 || release->title);
    text[strcspn(text, "\r\n")] = '\0';
    check_letters(&arena, text);
    arena_release(&arena);
    return 0;
}
