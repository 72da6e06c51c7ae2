/* SPDX-License-Identifier: MIT */
/* Mails as mail programs save them (tests/fuzz/corpus/eml/), as releases. */
#include "cmocka_all.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/file.h"
#include "base/string_builder.h"
#include "fuzz/intake/text_letters.h"
#include "html/html.h"
#include "intake/embargo.h"
#include "intake/reader.h"
#include "locale/locale.h"
#include "mime/mime.h"
#include "release/body.h"
#include "release/release.h"
#include "unit/notes.h"
#include "unit/phrases.h"
#include "unit/words.h"

#include <fcntl.h>
#include <string.h>

static struct language_words *words;
static struct mail_phrases *phrases;
static struct locale_context *locale;

static const struct intake_format mail_format = { "eml", "mail", eml_read };

/* What was read of one mail. */
struct outcome {
    struct arena arena;
    struct intake_text read;
    struct intake_problem_list problems;
    struct embargo_words embargo;
    const char *body;
    const char *notes; /* in Danish, one a line */
};

static const char *same_file(void *payload, const char *file)
{
    (void)payload;
    return file;
}

static void read_bytes(struct outcome *outcome, const char *bytes, size_t length)
{
    struct string_builder text;
    const struct body_writer_options options = { .file_address = same_file };
    const struct intake_source source = { .name = "x.eml",
                                          .format = &mail_format,
                                          .bytes = bytes,
                                          .length = length,
                                          .zone = locale_context_zone(locale),
                                          .language = "da",
                                          .words = words,
                                          .locale = locale,
                                          .html = &html_reader,
                                          .mime = &mime_parser,
                                          .phrases = phrases,
                                          .now_at = INT64_C(1780308000000),
                                          .embargo = &outcome->embargo };
    intake_problem_list_init(&outcome->problems, &outcome->arena, source.name);
    intake_read_source(&outcome->arena, &source, &outcome->read, &outcome->problems);
    string_builder_init(&text, 0);
    body_write_text(&text, outcome->read.release->body, &options, 72);
    outcome->body = arena_copy(&outcome->arena, text.data);
    string_builder_clear(&text);
    for (const struct intake_problem *problem = outcome->problems.first; problem;
         problem = problem->next)
        string_builder_append_format(&text, "%s\n", problem_text(&outcome->arena, "da", problem));
    outcome->notes = arena_copy(&outcome->arena, text.data);
    string_builder_release(&text);
}

static void read_mail(struct outcome *outcome, const char *name)
{
    struct error error;
    struct string_builder bytes;
    *outcome = (struct outcome){ .body = "" };
    string_builder_init(&bytes, 0);
    const char *path = arena_format(&outcome->arena,
                                    TEST_SOURCE_DIRECTORY "/tests/fuzz/corpus/eml/%s", name);
    if (!file_read(AT_FDCWD, path, &bytes, &error))
        fail_msg("%s", error.message);
    read_bytes(outcome, arena_copy_bytes(&outcome->arena, bytes.data, bytes.length), bytes.length);
    string_builder_release(&bytes);
}

static int setup(void **state)
{
    struct error error;
    (void)state;
    words = shipped_words();
    phrases = shipped_phrases();
    locale = locale_context_new("Europe/Copenhagen", &error);
    return locale ? 0 : 1;
}

static int teardown(void **state)
{
    (void)state;
    language_words_free(words);
    mail_phrases_free(phrases);
    locale_context_free(locale);
    return 0;
}

static void show(void **state)
{
    static const char *const names[] = {
#include "/tmp/names.h"
    };
    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct outcome o;
        read_mail(&o, names[i]);
        printf("==== %s\nTITLE %s (refused %zu)\n%s\n", names[i], o.read.release->title, o.problems.refused, o.body);
        for (struct release_contact *c = o.read.release->contacts; c; c = c->next) printf("CONTACT %s|%s|%s\n", c->name, c->phone, c->email);
        for (struct release_asset *a = o.read.release->assets; a; a = a->next) printf("ASSET %d %s\n", a->kind, a->file);
        printf("NOTES %s\nembargo phrases %d\n", o.notes, o.embargo.phrases != NULL);
        arena_release(&o.arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(show) };
    return cmocka_run_group_tests(tests, setup, teardown);
}
