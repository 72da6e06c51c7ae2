/* SPDX-License-Identifier: MIT */
/* Texts read by the real confined process: what comes out is what comes out here, also where a
 * library has to load what it needs in the middle of a text. */
#include "cmocka_all.h"

#include "base/error.h"
#include "confined/confined.h"
#include "fuzz/intake/reading_alike.h"
#include "html/html.h"
#include "locale/locale.h"
#include "unit/words.h"

static struct language_words *words;
static struct locale_context *locale;
static struct intake_reader *reader;

static const char *const texts[] = {
    "---\ntitle: Ny bro\ntopics: Sundhed & ældre\n---\nTekst.\n",
    "---\ntitle: Ny bro\ntopics: [Привет, 漢字, العربية, ελληνικά, हिन्दी]\nlanguage: ja\n---\nТекст.\n",
    "---\ntitel: Ny bro\nudgives: 7. juni 2026 kl. 18.57\n---\nEMBARGO til tirsdag den 9. juni kl. 6.\n",
    "Ny bro\n\nEt afsnit, der er langt nok.\n\nKontakter\n\nMette Holm\n55 10 20 30\n",
    "---\nembago: i morgen\ntitle:\n---\n",
    "",
    NULL,
};

static struct intake_source source_of(const char *name, const char *bytes)
{
    return (struct intake_source){ .html = &html_reader,
                                   .name = name,
                                   .bytes = bytes,
                                   .length = strlen(bytes),
                                   .zone = locale_context_zone(locale),
                                   .language = "da",
                                   .words = words,
                                   .locale = locale,
                                   .now_at = INT64_C(1780308000000),
                                   .publisher = "Region Nordhav" };
}

static void describe(struct string_builder *text, struct intake_source source, bool is_here)
{
    struct arena arena = { 0 };
    struct error error = { 0 };
    struct embargo_words embargo = { .phrases = NULL };
    struct intake_problem_list problems;
    struct intake_text read = { .release = NULL };
    source.embargo = &embargo;
    string_builder_init(text, 0);
    intake_problem_list_init(&problems, &arena, source.name);
    if (is_here)
        intake_read_source(&arena, &source, &read, &problems);
    else if (!reader->read(reader, &arena, &source, &read, &problems, &error))
        fail_msg("%s", error.message);
    alike_describe(text, &arena, &source, &read, &problems);
    arena_release(&arena);
}

static void check(const struct intake_source *source)
{
    struct string_builder here;
    struct string_builder there;
    describe(&here, *source, true);
    describe(&there, *source, false);
    assert_string_equal(here.data, there.data);
    string_builder_release(&here);
    string_builder_release(&there);
}

static void what_is_read_there_is_what_is_read_here(void **state)
{
    (void)state;
    for (const char *const *text = texts; *text; text++) {
        const struct intake_source markdown = source_of("x.md", *text);
        const struct intake_source plain = source_of("x.txt", *text);
        check(&markdown);
        check(&plain);
    }
}

/* A page of ours, which asks for no words. */
static void a_text_without_words_is_read_without(void **state)
{
    (void)state;
    reader->close(reader);
    struct intake_source page = source_of("x.md", "# EMBARGO til 9. juni 2026 kl. 6\n\nTekst.\n");
    page.words = NULL;
    page.locale = NULL;
    check(&page);
    const struct intake_source release = source_of("x.md", texts[2]);
    check(&release); /* it gets them now */
}

/* ---- texts that are begun ahead ---- */

enum { MANY = 60, LONG_BYTES = 100 * 1000 };

/* A text that says which it is; one of each kind: ordinary, of an embargo, long, with a NUL. */
static struct intake_source numbered(struct arena *arena, int number)
{
    static const char *const lines[] = { "Tekst.", "EMBARGO til tirsdag den 9. juni kl. 6.",
                                         "Tekst. ", "Tekst." };
    struct string_builder text;
    string_builder_init(&text, 0);
    string_builder_append_format(&text, "---\ntitle: Nummer %d\n---\n%s\n", number,
                                 lines[number % 4]);
    while (number % 4 == 2 && text.length < LONG_BYTES)
        string_builder_append(&text, lines[2]);
    if (number % 4 == 3)
        string_builder_append_bytes(&text, "x\0y\n", 4);
    struct intake_source source = source_of("x.md",
                                            arena_copy_bytes(arena, text.data, text.length));
    source.length = text.length;
    source.embargo = arena_allocate(arena, sizeof *source.embargo);
    string_builder_release(&text);
    return source;
}

static void check_begun(struct intake_source *source)
{
    struct string_builder here;
    struct string_builder there;
    struct intake_source fresh = *source;
    fresh.begun = 0;
    describe(&here, fresh, true);
    describe(&there, *source, false);
    assert_string_equal(here.data, there.data);
    string_builder_release(&here);
    string_builder_release(&there);
}

/* As a run does it: one is read while the next ones are on their way. */
static void what_was_begun_is_what_is_read(void **state)
{
    struct arena arena = { 0 };
    struct intake_source sources[MANY];
    struct error error;
    (void)state;
    assert_true(reader->open(reader, true, &error));
    for (int i = 0; i < MANY; i++)
        sources[i] = numbered(&arena, i % 7 == 3 ? i : 4 * i); /* mostly ordinary ones */
    for (int i = 0; i < MANY; i++) {
        for (int j = i; j < MANY && reader->begin(reader, &sources[j]); j++)
            ;
        check_begun(&sources[i]);
    }
    arena_release(&arena);
}

/* Whoever forgets what was begun, or asks in another order, gets what was asked for. */
static void no_text_is_taken_for_another(void **state)
{
    struct arena arena = { 0 };
    struct error error;
    struct intake_source sources[5];
    (void)state;
    assert_true(reader->open(reader, true, &error));
    for (int i = 0; i < 5; i++)
        sources[i] = numbered(&arena, 4 * i);
    for (int round = 0; round < 20; round++) {
        for (int i = 0; i < 5; i++)
            sources[i].begun = 0;
        (void)reader->begin(reader, &sources[0]);
        (void)reader->begin(reader, &sources[1]);
        (void)reader->begin(reader, &sources[2]);
        check_begun(&sources[3]); /* never begun */
        check_begun(&sources[1]);
        (void)reader->begin(reader, &sources[4]);
        check_begun(&sources[2]);
        check_begun(&sources[0]);
        if (round == 15)
            reader->close(reader);
        check_begun(&sources[4]);
    }
    arena_release(&arena);
}

static int begin(void **state)
{
    struct error error;
    (void)state;
    confined_set_program(PRESSROOM_PROGRAM);
    words = shipped_words();
    locale = locale_context_new("Europe/Copenhagen", &error);
    reader = intake_reader_new(&(struct intake_reader_settings){ .timezone = "Europe/Copenhagen",
                                                                 .language = "da",
                                                                 .publisher = "Region Nordhav",
                                                                 .words = words });
    return 0;
}

static int end(void **state)
{
    (void)state;
    intake_reader_free(reader);
    language_words_free(words);
    locale_context_free(locale);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_read_there_is_what_is_read_here),
        cmocka_unit_test(a_text_without_words_is_read_without),
        cmocka_unit_test(what_was_begun_is_what_is_read),
        cmocka_unit_test(no_text_is_taken_for_another),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
