/* SPDX-License-Identifier: MIT */
/* The same sentences, as programs of other times and systems save them: only what is Windows-1252
 * is read as that. */
#include "cmocka_all.h"

#include "base/arena.h"
#include "base/string_builder.h"
#include "base/utf8.h"
#include "intake/encoding.h"
#include "intake/problem.h"
#include "unit/notes.h"

#include <iconv.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

static const char *const sentences[] = {
    "Region Nordhav åbner på mandag et nyt sundhedshus i Ålborg.\n",
    "Vi glæder os over, at både Ærø og Øster Ådal er med, siger Søren Kjær.\n",
    "Formanden er glad for, at så mange er mødt op.\n",
    "Kommunen öppnar en ny väg i Åmål på måndag. Många är glada.\n",
    "Regionen är först med nya hjälpmedel för äldre.\n",
    "Fylkeskommunen åpner skolen på nytt, og det blir kø i gågata.\n",
    "Die Straße wird für größere Fahrzeuge geöffnet, außer an Übungstagen.\n",
    "Le château fermé à Noël rouvrira l'été prochain, où l'on fêtera la forêt.\n",
    "Élise Müller, élève, a été reçue à l'École française.\n",
};

/* The sentence in that encoding; 0 where it cannot be written in it. */
static size_t encode(const char *sentence, const char *encoding, char *bytes, size_t size)
{
    char *in = (char *)(uintptr_t)sentence;
    char *out = bytes;
    size_t in_left = strlen(sentence);
    size_t out_left = size;
    iconv_t converter = iconv_open(encoding, "UTF-8");
    assert_true(converter != (iconv_t)-1);
    size_t result = iconv(converter, &in, &in_left, &out, &out_left);
    (void)iconv_close(converter);
    return result == 0 ? size - out_left : 0;
}

struct reading {
    struct arena arena;
    struct intake_problem_list problems;
    const char *text;
    bool good;
};

static void read_bytes(struct reading *reading, const char *bytes, size_t length)
{
    size_t text_length = 0;
    *reading = (struct reading){ .text = "" };
    intake_problem_list_init(&reading->problems, &reading->arena, "x.md");
    reading->good = encoding_decode(&reading->arena, bytes, length, &reading->problems,
                                    &reading->text, &text_length);
}

static void assert_refused(struct reading *reading, int line, const char *words)
{
    if (reading->good || reading->problems.refused != 1 ||
        !strstr(problem_text(&reading->arena, "en", reading->problems.first), words) ||
        reading->problems.first->line != line)
        fail_msg("%s, line %d: %s", reading->good ? reading->text : "refused",
                 reading->problems.first ? reading->problems.first->line : 0,
                 reading->problems.first
                     ? problem_text(&reading->arena, "en", reading->problems.first)
                     : "no problem");
    arena_release(&reading->arena);
}

static void windows_1252_is_read(void **state)
{
    (void)state;
    static const char *const more[] = {
        "»Vi er klar på …«, siger han – og „måske“ også ‘før’ kl. 12½ for 5 € og 30 m².\n",
        "PRESSEMEDDELELSE: ÆRØ OG ÅLBORG FÅR NYE BUSSER\n",
        "The minister’s “plan” — it’s clear — cost £5…and more.\n",
        "SPA\xC3\x9F\xE2\x80\x9C, sagt er, »KU\xC3\x85»\n", /* ß“ and Å» are UTF-8 by chance */
        "Foto: © Åse Nørgård®, §3, nr. 4½, 20 °C, ±5, µg og ½ liter\n",
        "L’été, c’est l´eau. Œuvre, cœur; Ÿ n’est rare.\n",
    };
    char bytes[512];
    struct reading reading;
    size_t count = sizeof sentences / sizeof *sentences;
    for (size_t i = 0; i < count + sizeof more / sizeof *more; i++) {
        const char *sentence = i < count ? sentences[i] : more[i - count];
        size_t length = encode(sentence, "WINDOWS-1252", bytes, sizeof bytes);
        assert_true(length > 0);
        read_bytes(&reading, bytes, length);
        if (!reading.good || strcmp(reading.text, sentence) != 0)
            fail_msg("%s: %s", sentence,
                     reading.good ? reading.text
                                  : problem_text(&reading.arena, "en", reading.problems.first));
        assert_int_equal(reading.problems.advice, 1);
        arena_release(&reading.arena);
    }
}

static void what_a_mac_wrote_is_refused(void **state)
{
    (void)state;
    char bytes[512];
    struct reading reading;
    for (size_t i = 0; i < sizeof sentences / sizeof *sentences; i++) {
        size_t length = encode(sentences[i], "MACINTOSH", bytes, sizeof bytes);
        assert_true(length > 0);
        read_bytes(&reading, bytes, length);
        assert_refused(&reading, 1, "old Mac program");
    }
    const char *const one_letter = "Titel\n\nVi tager p\x8C sommerferie\n";
    read_bytes(&reading, one_letter, strlen(one_letter));
    assert_refused(&reading, 3, "old Mac program");
    const char *const quotes = "They said \xD2no\xD3 and don\xD5t mean it";
    read_bytes(&reading, quotes, strlen(quotes));
    assert_refused(&reading, 1, "old Mac program");
}

static void what_dos_wrote_is_refused(void **state)
{
    (void)state;
    static const char *const pages[] = { "CP850", "CP437", "CP865" };
    char bytes[512];
    struct reading reading;
    for (size_t page = 0; page < sizeof pages / sizeof *pages; page++)
        for (size_t i = 0; i < sizeof sentences / sizeof *sentences; i++) {
            size_t length = encode(sentences[i], pages[page], bytes, sizeof bytes);
            if (!length)
                continue; /* 437 has no ø */
            read_bytes(&reading, bytes, length);
            assert_refused(&reading, 1, "DOS");
        }
}

static void a_mixed_text_is_refused_with_the_line(void **state)
{
    (void)state;
    struct reading reading;
    const char *const bytes =
        "---\ntitle: Nye bøger på hylden\n---\n\nDet sker i \xC5rhus, p\xE5\n";
    read_bytes(&reading, bytes, strlen(bytes));
    assert_refused(&reading, 5, "saved in two ways");
    const char *const cut = "Vi siger “ja” og æder kage, men s\xC3";
    read_bytes(&reading, cut, strlen(cut));
    assert_refused(&reading, 1, "saved in two ways");
    const char *const russian = "Привет\nмир \xFF";
    read_bytes(&reading, russian, strlen(russian));
    assert_refused(&reading, 2, "saved in two ways");
}

static void what_fits_no_code_page_is_refused(void **state)
{
    (void)state;
    struct reading reading;
    const char *const bytes = "a\nb \x81 \x8D \x90 \xFF\x9D\xA0\xFE";
    read_bytes(&reading, bytes, strlen(bytes));
    assert_false(reading.good);
    assert_int_equal(reading.problems.refused, 1);
    arena_release(&reading.arena);
}

static void what_nobody_sees_is_left_out(void **state)
{
    (void)state;

    static const struct {
        const char *text;
        const char *read;
        size_t notices;
    } cases[] = {
        { "sund­heds\xe2\x80\x8bhus\xe2\x81\xa0 \xef\xbb\xbf!", "sundhedshus !", 0 },
        { "løn\xe2\x80\xae 001\xe2\x80\xac kr.", "løn 001 kr.", 1 },
        { "a\xe2\x80\x8e\xe2\x80\x8f\xd8\x9c\xe2\x81\xa6\xe2\x81\xa9z", "az", 1 },
        { "or\xe2\x80\x8c"
          "d\xe2\x80\x8d",
          "ord", 0 },
        { "می\xe2\x80\x8cخواهم", "می\xe2\x80\x8cخواهم", 0 },
        { "क्\xe2\x80\x8dष", "क्\xe2\x80\x8dष", 0 },
        { "👩\xe2\x80\x8d🚒 ❤️\xe2\x80\x8d🔥",
          "👩\xe2\x80\x8d🚒 ❤️\xe2\x80\x8d🔥", 0 },
        { "x\xf3\xa0\x81\xa7y", "xy", 0 },
        { "🏴\xf3\xa0\x81\xa7\xf3\xa0\x81\xbf", "🏴\xf3\xa0\x81\xa7\xf3\xa0\x81\xbf", 0 },
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct reading reading;
        read_bytes(&reading, cases[i].text, strlen(cases[i].text));
        assert_true(reading.good);
        assert_string_equal(reading.text, cases[i].read);
        assert_int_equal(reading.problems.notices, cases[i].notices);
        assert_string_equal(encoding_one_line(&reading.arena, cases[i].text, strlen(cases[i].text)),
                            cases[i].read);
        arena_release(&reading.arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(windows_1252_is_read),
        cmocka_unit_test(what_a_mac_wrote_is_refused),
        cmocka_unit_test(what_dos_wrote_is_refused),
        cmocka_unit_test(a_mixed_text_is_refused_with_the_line),
        cmocka_unit_test(what_fits_no_code_page_is_refused),
        cmocka_unit_test(what_nobody_sees_is_left_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
