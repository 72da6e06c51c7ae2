/* SPDX-License-Identifier: MIT */
/* What becomes of each letter of a text without a format: it is in the release, or reported as left
 * out, or part of what stands for something else. */
#include "cmocka_all.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/file.h"
#include "base/string_builder.h"
#include "fuzz/intake/text_letters.h"
#include "html/html.h"
#include "intake/reader.h"
#include "locale/zone.h"
#include "unit/words.h"

#include <dirent.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

static struct language_words *words;
static struct zone *zone;

static struct release *read_text(struct arena *arena, const char *bytes, size_t length,
                                 struct intake_problem_list *problems)
{
    struct intake_text read;
    struct intake_source source = { .html = &html_reader,
                                    .name = "x.txt",
                                    .bytes = bytes,
                                    .length = length,
                                    .zone = zone,
                                    .language = "da",
                                    .words = words,
                                    .publisher = "Region Nordhav" };
    intake_problem_list_init(problems, arena, "x.txt");
    intake_read_source(arena, &source, &read, problems);
    return read.release;
}

static void check(const char *name, const char *bytes, size_t length)
{
    struct arena arena = { 0 };
    struct intake_problem_list problems;
    const struct release *release = read_text(&arena, bytes, length, &problems);
    if (problems.refused == 0 && !text_letters_add_up(bytes, length, release, &problems))
        fail_msg("%s", name);
    arena_release(&arena);
}

/* Holds I6. */
static void no_example_loses_a_letter(void **state)
{
    int folder = open(TEST_DATA_DIRECTORY "/intake", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *list = opendir(TEST_DATA_DIRECTORY "/intake");
    const struct dirent *entry;
    int count = 0;
    (void)state;
    assert_non_null(list);
    while ((entry = readdir(list))) { /* NOLINT(concurrency-mt-unsafe) */
        struct error error;
        struct string_builder text;
        const char *ending = strrchr(entry->d_name, '.');
        if (!ending || strcmp(ending, ".txt") != 0 || strstr(entry->d_name, ".md."))
            continue;
        string_builder_init(&text, 0);
        assert_true(file_read(folder, entry->d_name, &text, &error));
        if (text.data[0] != '#' && !text_letters_has_fields(words, text.data, text.length)) {
            check(entry->d_name, text.data, text.length);
            count++;
        }
        string_builder_release(&text);
    }
    assert_true(count > 25);
    (void)closedir(list);
    (void)close(folder);
}

#define HEAD "Huse\n7.6.2026 08:00 CEST | Region Nordhav | Press release\n"

/* Holds I6. */
static void no_odd_text_loses_a_letter(void **state)
{
    static const char *const texts[] = {
        HEAD "Kontakt\nMads, 51 00 00 10, 51 00 00 10, tlf. 51 00 00 11, fax 51 00 00 12\n",
        HEAD "Kontakt: Mads Overby (mobil) 51 00 00 10\nTlf.\n51 00 00 11\nDirekte: 51000012\n",
        HEAD "Tekst.\nBilleder\nHus, a.jpg\nSkov, a.jpg\nb.jpg\n- Dal: c.png\nOg mere.\n",
        HEAD "Tekst.\nBilleder\nHus, a.jpg\nDokumenter\nHus igen, a.jpg\n",
        HEAD "Tekst.\nDokumenter\nplan.pdf\nPlan, plan.pdf\n",
        HEAD "007. Agenten\n008. Den næste\n",
        HEAD "1. Et\n2. To\n3) Tre\n4) Fire\n(5) Fem\n(6) Seks\na) Syv\nb) Otte\n",
        HEAD "o Et\no To\n• Tre\no Fire\n",
        HEAD "Tekst.\nSLUT\nMere.\nEnds\n-30-\n",
        HEAD "Tekst.\nOm Region Nordhav\nNu skal I høre.\nFlere nyheder fra Region Nordhav\nA\nB\n",
        HEAD "Kontakter\nBilleder\nDokumenter\nInformation om Region Nordhav\n",
        "PRESSEMEDDELELSE\nTIL OMGÅENDE BRUG\n" HEAD "Tekst.\n",
        "9. juni 2026\nPRESSEINVITATION\nKom og se\nTekst.\nKontakt:\nMads\n51 00 00 10\n",
        "Titel\nKontakt\nMads Overby\nPressechef i Region Nordhav\n",
        "Titel\n\nKontakt: a@b.example; Mads <c@d.example>; Fax: 123456\n",
        "EMBARGO: tirsdag den 9. juni 2036 kl. 6\nTitel\n\nTekst (klausuleret til 9. juni 2036 "
        "kl. 6) her.\n",
        HEAD "Klausuleret til tirsdag den 9. juni 2036 kl. 6\n\nTekst.\n",
        "- Titel med streg\n- Citat, siger han.\n",
    };
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        check(texts[i], texts[i], strlen(texts[i]));
}

static int set_up(void **state)
{
    struct error error;
    (void)state;
    words = shipped_words();
    zone = zone_open("Europe/Copenhagen", &error);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    language_words_free(words);
    zone_close(zone);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_example_loses_a_letter),
        cmocka_unit_test(no_odd_text_loses_a_letter),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
