/* SPDX-License-Identifier: MIT */
/* Mails as mail programs save them (tests/fuzz/corpus/eml/), as releases. */
#include "cmocka_all.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/file.h"
#include "base/string_builder.h"
#include "html/html.h"
#include "intake/embargo.h"
#include "intake/reader.h"
#include "locale/locale.h"
#include "mime/mime.h"
#include "release/body.h"
#include "release/release.h"
#include "rich_text/rich_text.h"
#include "unit/notes.h"
#include "unit/phrases.h"
#include "unit/words.h"

#include <fcntl.h>
#include <string.h>

static struct language_words *words;
static struct mail_phrases *phrases;
static struct locale_context *locale;

static const struct intake_format mail_format = { "eml", "mail", eml_read, true };

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
                                          .rich_text = &rich_text_reader,
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

/* ---- what is told ---- */

static void has(const struct outcome *outcome, const char *note)
{
    if (!strstr(outcome->notes, note))
        fail_msg("“%s” is not in:\n%s", note, outcome->notes);
}

static void lacks(const struct outcome *outcome, const char *words_of_others)
{
    const struct release *release = outcome->read.release;
    if (strstr(outcome->body, words_of_others) ||
        (release->title && strstr(release->title, words_of_others)))
        fail_msg("“%s” is in the release", words_of_others);
    for (const struct release_contact *contact = release->contacts; contact;
         contact = contact->next)
        assert_false(contact->email && strstr(contact->email, words_of_others));
}

static const struct release_asset *asset_at(const struct outcome *outcome, size_t index)
{
    const struct release_asset *asset = outcome->read.release->assets;
    for (; asset && index; index--)
        asset = asset->next;
    assert_non_null(asset);
    return asset;
}

static const struct intake_part *part_of(const struct outcome *outcome, const char *name)
{
    const struct intake_part *part = outcome->read.parts;
    while (part && strcmp(part->name, name) != 0)
        part = part->next;
    assert_non_null(part);
    return part;
}

/* Nothing of the header, of the one who wrote and of those who got it is in any of them. */
static void every_program_s_mail_is_the_same_release(void **state)
{
    static const char *const names[] = { "outlook.eml",     "apple.eml",     "gmail.eml",
                                         "thunderbird.eml", "telephone.eml", "others.eml" };
    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct outcome outcome;
        read_mail(&outcome, names[i]);
        const struct release *release = outcome.read.release;
        assert_int_equal(outcome.problems.refused, 0);
        assert_memory_equal(release->title, "Tre nye sundhedshuse", strlen("Tre nye sundhedshuse"));
        if (!strstr(outcome.body, "åbent hus i alle tre byer i september.") ||
            !strstr(outcome.body, "Regionen åbner tre nye sundhedshuse"))
            fail_msg("%s: %s", names[i], outcome.body);
        assert_string_equal(release->contacts->email, "mette.holm@nordhav.example");
        assert_null(release->contacts->next);
        assert_int_equal(release->published_at, 0);
        lacks(&outcome, "overby");
        lacks(&outcome, "Overby");
        lacks(&outcome, "presse@");
        lacks(&outcome, "Hej alle");
        arena_release(&outcome.arena);
    }
}

static void what_is_quoted_is_left_out_and_told(void **state)
{
    struct outcome outcome;
    (void)state;
    read_mail(&outcome, "outlook.eml");
    assert_string_equal(outcome.read.release->title, "Tre nye sundhedshuse på vej");
    lacks(&outcome, "fyret");
    has(&outcome, "det, mailen svarer på eller sender videre, er ikke med: “Fra: Mette Holm");
    assert_null(strstr(outcome.notes, "@")); /* notes stand in logs too */
    has(&outcome, "mailens underskrift er ikke med: “Med venlig hilsen Mads Overby");
    has(&outcome, "billedet “image001.png” hører til mailens underskrift");
    assert_string_equal(asset_at(&outcome, 0)->file, "Plan for Ådal.pdf");
    assert_null(asset_at(&outcome, 0)->next);
    assert_memory_equal(part_of(&outcome, "Plan for Ådal.pdf")->bytes, "%PDF-", 5);
    arena_release(&outcome.arena);
    read_mail(&outcome, "gmail.eml");
    lacks(&outcome, "Hemmeligt");
    has(&outcome, "er ikke med: “Den man. 8. jun. 2026 kl. 08.30 skrev Mette Holm");
    arena_release(&outcome.arena);
    read_mail(&outcome, "forwarded.eml");
    assert_int_equal(outcome.problems.refused, 1);
    has(&outcome, "mailen siger ikke selv noget, men sender en anden mail videre");
    arena_release(&outcome.arena);
}

static void what_only_looks_quoted_stays(void **state)
{
    struct outcome outcome;
    (void)state;
    read_mail(&outcome, "sentences.eml");
    assert_int_equal(outcome.problems.refused + outcome.problems.letters_left_out, 0);
    assert_non_null(strstr(outcome.body, "Den 9. juni 2026 skrev borgmesteren i et brev"));
    assert_non_null(strstr(outcome.body, "Fra: kl. 10"));
    assert_non_null(strstr(outcome.body, "Pressechef, 55 10 20 30")); /* nobody else is named */
    arena_release(&outcome.arena);
}

static void an_embargo_counts_wherever_the_mail_says_it(void **state)
{
    struct outcome outcome;
    (void)state;
    read_mail(&outcome, "telephone.eml");
    assert_string_equal(outcome.read.release->title, "Tre nye sundhedshuse");
    assert_non_null(outcome.embargo.phrases);
    arena_release(&outcome.arena);
    read_mail(&outcome, "covered.eml");
    assert_string_equal(outcome.read.release->title, "Ny bro over Lillesund");
    assert_non_null(outcome.embargo.phrases);
    has(&outcome, "meddelelsen er taget fra den fil, der er vedhæftet mailen: “bro.md”");
    has(&outcome, "mailens egne ord er ikke med: “Hermed pressemeddelelsen om broen.");
    assert_string_equal(asset_at(&outcome, 0)->file, "hus.png");
    arena_release(&outcome.arena);
}

static void a_mail_may_bring_the_release_as_a_file(void **state)
{
    static const struct {
        const char *name;
        const char *note;
    } refused[] = {
        { "unclear.eml", "mailen har kun få ord, og “bro.md” er vedhæftet" },
        { "several.eml",
          "flere af mailens vedhæftede filer kan være meddelelsen (bro.md, hus.txt)" },
        { "empty.eml", "der står ingen tekst i mailen, og ingen vedhæftet fil kan være" },
        { "encrypted.eml", "mailen er krypteret og kan ikke læses" },
        { "report.eml", "er en besked fra en mailserver" },
        { "none.eml", "er ikke en mail, selv om navnet siger det" },
    };
    struct outcome outcome;
    (void)state;
    read_mail(&outcome, "attached.eml");
    assert_int_equal(outcome.problems.refused, 0);
    assert_string_equal(outcome.read.release->title, "Ny bro over Lillesund");
    assert_null(outcome.read.release->assets);
    arena_release(&outcome.arena);
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        read_mail(&outcome, refused[i].name);
        assert_int_equal(outcome.problems.refused, 1);
        assert_null(outcome.read.release->body->first_child);
        has(&outcome, refused[i].note);
        arena_release(&outcome.arena);
    }
}

static void files_have_safe_names_unlike_each_other(void **state)
{
    struct outcome outcome;
    (void)state;
    read_mail(&outcome, "others.eml");
    assert_string_equal(asset_at(&outcome, 0)->file, "hus.PNG");
    assert_string_equal(asset_at(&outcome, 1)->file, "6.png");
    assert_string_equal(asset_at(&outcome, 2)->file, "hus-2.png");
    has(&outcome, "en anden mail er vedhæftet og er ikke med: “Den anden.eml”");
    has(&outcome, "filer, som Outlook har pakket i “winmail.dat”");
    has(&outcome, "indkaldelse.ics: er af en slags, der ikke udgives");
    arena_release(&outcome.arena);
    read_mail(&outcome, "apple.eml");
    assert_string_equal(asset_at(&outcome, 0)->file, "hus i Ådal.png");
    arena_release(&outcome.arena);
}

static void fields_at_the_top_go_before_the_subject(void **state)
{
    struct outcome outcome;
    (void)state;
    read_mail(&outcome, "fields.eml");
    assert_string_equal(outcome.read.release->title, "Broen er klar");
    has(&outcome, "mailens emne er ikke brugt, for teksten har selv sin overskrift: “Den nye bro”");
    arena_release(&outcome.arena);
}

static void subjects_are_titles_without_what_programs_put_before(void **state)
{
    static const struct {
        const char *subject;
        const char *title;
    } subjects[] = {
        { "Re: VS: SV: Ny bro", "Ny bro" },
        { "Fwd: [presse] Re[2]: Ny bro", "Ny bro" },
        { "AW: WG: Ny bro", "Ny bro" },
        { "FW:Ny bro", "Ny bro" },
        { "Vestbyen: ny bro", "Vestbyen: ny bro" },
        { "[Kun for jer] Ny bro", "Ny bro" },
        { "Resultatet: ny bro", "Resultatet: ny bro" },
        { "EMBARGO til 9. juni 2026 kl. 6: Ny bro: sådan bliver den", "Ny bro: sådan bliver den" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof subjects / sizeof *subjects; i++) {
        struct outcome outcome = { .body = "" };
        const char *bytes = arena_format(&outcome.arena,
                                         "From: a@x.example\nSubject: %s\n\nBroen er klar til "
                                         "august, og alle kan gå over den.\n",
                                         subjects[i].subject);
        read_bytes(&outcome, bytes, strlen(bytes));
        assert_string_equal(outcome.read.release->title, subjects[i].title);
        arena_release(&outcome.arena);
    }
}

/* A mail whose program made a page: its links, lists, tables and pictures are the release's; the
 * logo below the closing is not, nor what it quotes. */
static void what_a_page_has_is_kept(void **state)
{
    struct outcome outcome;
    (void)state;
    read_mail(&outcome, "page.eml");
    assert_int_equal(outcome.problems.refused, 0);
    assert_string_equal(outcome.read.release->title, "Ny havn i Lillesund");
    assert_non_null(strstr(outcome.body, "<https://nordhav.example/havn>"));
    assert_non_null(strstr(outcome.body, "- Plads til 60 både\n- Ny mole"));
    assert_non_null(strstr(outcome.body, "Både"));
    assert_string_equal(asset_at(&outcome, 0)->file, "havn.png");
    assert_string_equal(asset_at(&outcome, 0)->alt, "Havnen fra luften");
    assert_null(asset_at(&outcome, 0)->next);
    (void)part_of(&outcome, "havn.png");
    has(&outcome, "billedet “image001.png” hører til mailens underskrift");
    has(&outcome, "mailens underskrift er ikke med: “Med venlig hilsen Ida Lund");
    lacks(&outcome, "Kan du sende");
    lacks(&outcome, "Pressesekretær");
    assert_string_equal(outcome.read.release->contacts->name, "Mads Overby");
    arena_release(&outcome.arena);
}

/* Where one block holds both, its lines are parted as plain text. */
static void a_block_that_is_partly_quoted_is_read_in_lines(void **state)
{
    static const char bytes[] =
        "From: a@x.example\nSubject: Ny bro\nMIME-Version: 1.0\n"
        "Content-Type: text/html; charset=utf-8\n\n"
        "<p>Broen er klar til august, og alle kan gå over den.<br>-- <br>Ida Lund, presse</p>\n";
    struct outcome outcome = { .body = "" };
    (void)state;
    read_bytes(&outcome, bytes, sizeof bytes - 1);
    assert_string_equal(outcome.read.release->title, "Ny bro");
    assert_non_null(strstr(outcome.body, "Broen er klar"));
    lacks(&outcome, "Ida Lund");
    has(&outcome, "mailens underskrift er ikke med: “Ida Lund, presse”");
    arena_release(&outcome.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_program_s_mail_is_the_same_release),
        cmocka_unit_test(what_is_quoted_is_left_out_and_told),
        cmocka_unit_test(what_only_looks_quoted_stays),
        cmocka_unit_test(an_embargo_counts_wherever_the_mail_says_it),
        cmocka_unit_test(a_mail_may_bring_the_release_as_a_file),
        cmocka_unit_test(files_have_safe_names_unlike_each_other),
        cmocka_unit_test(what_a_page_has_is_kept),
        cmocka_unit_test(a_block_that_is_partly_quoted_is_read_in_lines),
        cmocka_unit_test(fields_at_the_top_go_before_the_subject),
        cmocka_unit_test(subjects_are_titles_without_what_programs_put_before),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
