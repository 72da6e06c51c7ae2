/* SPDX-License-Identifier: MIT */
#include "cmocka_all.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/file.h"
#include "base/string_builder.h"
#include "html/html.h"
#include "inbound/quotation.h"
#include "inbound/reply.h"
#include "locale/mail_quote.h"
#include "mime/mime.h"
#include "mime_parser/mime_read.h"
#include "unit/files.h"
#include "unit/languages.h"
#include "unit/phrases.h"
#include "unit/words.h"

#include <ctype.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* tests/golden/inbound/: messages as they look in the wild, with tokens of token_keys_fixed(9). */

#define EFFECT_NAME(name, number) [number] = #name,
static const char *const effects[] = { INBOUND_EFFECTS(EFFECT_NAME) };

/* INBOUND_NOT_OURS is "not-ours". */
static const char *effect_name(enum inbound_effect effect)
{
    static char name[32];
    (void)snprintf(name, sizeof name, "%s", effects[effect] + strlen("INBOUND_"));
    for (char *at = name; *at; at++)
        *at = *at == '_' ? '-' : (char)tolower(*at);
    return name;
}

static struct language_words *words;
static struct mail_phrases *phrases;

static struct inbound_settings settings = { .replies = "svar@nordhav.example",
                                            .bounces = "bounce@nordhav.example",
                                            .delimiter = "+",
                                            .mailbox_name = "maildir:test" };

/* "bounced blames 5.1.1 550", as the table writes it. */
static void describe(const struct inbound_reading *reading, char line[128])
{
    bool is_bounce = reading->effect == INBOUND_BOUNCED || reading->effect == INBOUND_DELAYED ||
                     reading->effect == INBOUND_DELIVERED;
    const char *flag = "-";
    char code[16] = "-";
    if (is_bounce ? reading->blames_address : reading->is_for_machine)
        flag = is_bounce ? "blames" : "machine";
    if (is_bounce)
        (void)snprintf(code, sizeof code, "%d", reading->smtp_code);
    (void)snprintf(line, 128, "%s %s %s %s", effect_name(reading->effect), flag,
                   is_bounce && reading->enhanced ? reading->enhanced : "-", code);
}

static void read_file(const struct inbound_context *context, const char *name, char line[128])
{
    struct arena arena = { 0 };
    struct string_builder bytes;
    struct error error = { 0 };
    struct inbound_reading reading;
    string_builder_init(&bytes, 0);
    const char *path = arena_format(&arena, TEST_DATA_DIRECTORY "/inbound/%s.eml", name);
    assert_true(file_read(AT_FDCWD, path, &bytes, &error));
    inbound_read(context, &arena, mime_read(&html_reader, &arena, bytes.data, bytes.length),
                 &reading);
    describe(&reading, line);
    string_builder_release(&bytes);
    arena_release(&arena);
}

static void messages_of_the_wild_are_read_as_the_table_says(void **state)
{
    (void)state;
    struct arena arena = { 0 };
    struct string_builder table;
    struct error error = { 0 };
    struct inbound_context context;
    int wrong = 0;
    int count = 0;
    struct token_keys *keys = token_keys_fixed(9);
    string_builder_init(&table, 0);
    settings.words = words;
    settings.phrases = phrases;
    assert_true(inbound_context_init(&context, &arena, &settings, keys, &error));
    assert_true(file_read(AT_FDCWD, TEST_DATA_DIRECTORY "/inbound/expected", &table, &error));
    char *rest = NULL;
    for (char *row = strtok_r(table.data, "\n", &rest); row; row = strtok_r(NULL, "\n", &rest)) {
        char got[128];
        char *space = strchr(row, ' ');
        if (*row == '#' || !space)
            continue;
        *space = '\0';
        read_file(&context, row, got);
        count++;
        if (strcmp(got, space + 1) != 0) {
            (void)fprintf(stderr, "%s: got \"%s\", want \"%s\"\n", row, got, space + 1);
            wrong++;
        }
    }
    string_builder_release(&table);
    token_keys_free(keys);
    arena_release(&arena);
    assert_int_equal(count, count_files(TEST_DATA_DIRECTORY "/inbound/*.eml"));
    assert_int_equal(wrong, 0);
}

/* ---- nobody wrote it ---- */

static void subjects_are_known_in_any_case(void **state)
{
    (void)state;
    static const char *const automatic[] = {
        "Fraværende til den 3.",
        "FRAVÆRENDE til den 3.",
        "IKKE PÅ KONTORET",
        "FRÅNVARO: Ida",
        "Re\xcc\x81ponse automatique",
        "R\xc3\x89PONSE AUTOMATIQUE",
        "RESPUESTA AUTOMÁTICA",
        "NICHT IM BÜRO",
        "AUTOMATICKÁ ODPOVĚĎ",
        "Автоответ: Ида",
        "АВТООТВЕТ: ИДА",
        "Автоматический ответ",
        "АВТОМАТИЧЕСКИЙ ОТВЕТ",
        "[自動応答] 不在",
        "Out of Office: Ida",
        "Autosvar: Bekräfta",
        "Automatiskt svar: Bekräfta",
        "Automatisk svar: Bekreft",
        "FRAVÆR: Ida",
        "Ikke til stede",
        "Automatische Antwort: Anna",
        "Abwesenheitsnotiz",
        "Abwesend: Anna",
    };
    static const char *const by_people[] = {
        "Sv: FRAVÆRENDE", "Fravæ", "FRAVÆRELSE", "", "Ø", "\xc3", "Re: Автоответ",
    };
    struct arena arena = { 0 };
    struct mime_message message = { .type = "text/plain" };
    for (size_t i = 0; i < sizeof automatic / sizeof automatic[0]; i++) {
        message.subject = automatic[i];
        if (automatic_sign(phrases, &arena, &message) != AUTOMATIC_BY_SUBJECT)
            fail_msg("taken for a person's: %s", automatic[i]);
    }
    for (size_t i = 0; i < sizeof by_people / sizeof by_people[0]; i++) {
        message.subject = by_people[i];
        if (automatic_sign(phrases, &arena, &message) != AUTOMATIC_NOT)
            fail_msg("taken for a program's: %s", by_people[i]);
    }
    arena_release(&arena);
}

/* ---- replies ---- */

static void only_a_plain_yes_is_a_yes(void **state)
{
    (void)state;

    static const struct {
        const char *text;
        bool want;
    } rows[] = {
        { "", false },
        { "JA", true },
        { "ja.", true },
        { "Ja!", true },
        { "*JA*", true },
        { "\"ja\"", true },
        { "Ja tak", true },
        { "ja, tak!", true },
        { "yes please", true },
        { "OK", true },
        { "ok tak", true },
        { "Ja tack!", true },
        { "JA, mange tak!", true },
        { "ja, bitte", true },
        { "Ja takk", true },
        { "Bekräfta", true },
        { "Bestätigen", true },
        { "BEKRÆFT", true },
        { "bekræft", true },
        { "BEKRAEFT", true },
        { "Confirm", true },
        { "JA\nMvh Maja", true },
        { "JA\nnej, ikke alligevel", false },
        { "yes\nPlease do NOT mail me", false },
        { "ja\nafmeld mig", false },
        { "nej", false },
        { "jab", false },
        { "jamen", false },
        { "ja men nej", false },
        { "OK, men hvem er I?", false },
        { "ja nej", false },
        { "Yes and no", false },
        { "I never asked for this", false },
        { "Jeg har ikke bedt om det", false },
        { "bekræftes ikke", false },
        { "danke", false },
        { "bitte nicht", false },
        { "confirmed? no", false },
        { "okæ", false },
        { "tak", false },
        { ">", false },
        { "!", false },
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (reply_is_yes(words, rows[i].text) != rows[i].want)
            fail_msg("\"%s\"", rows[i].text);
    }
}

/* What goes out once somebody has said yes does not go out at half a yes. */
static void a_yes_with_more_behind_it_is_not_nothing_but_yes(void **state)
{
    (void)state;

    static const struct {
        const char *text;
        bool want;
    } rows[] = {
        { "JA", true },
        { "Ja tak!", true },
        { "JA\n\nMed venlig hilsen\nKaren Holm\nPressechef, tlf. 12 34 56 78", true },
        { "JA\nMvh Maja", true },
        { "Ja\nTak", true },
        { "JA\n\nKaren Holm\nPressechef\nRegion Nordhav", true },
        { "JA\n\n\u00c5se \u00d8rsted Holm\nlæge", true },
        { "yes\n\nKind regards\nAnna", true },
        { "JA?", false },
        { "Ja tak?", false },
        { "JA\nmen vent til i morgen", false },
        { "JA\n\nMen vent til i morgen", false },
        { "JA\n\nMEN VENT LIGE", false },
        { "JA\n\nVent", false },
        { "JA\nKaren Holm siger at den er god", false },
        { "Ja\nhvornår kommer den?", false },
        { "yes\n\nbut change the second paragraph first", false },
        { "JA\n\nMed venlig hilsen\nKaren\n\nPS: ikke før mandag", false },
        { "nej", false },
        { "", false },
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (reply_is_nothing_but_yes(words, rows[i].text) != rows[i].want)
            fail_msg("\"%s\"", rows[i].text);
}

static void what_is_quoted_is_not_ones_own(void **state)
{
    (void)state;

    static const struct {
        const char *text;
        const char *own;
        const char *unmarked;
    } rows[] = {
        { "", "", "" },
        { "JA\n\n> x\n", "JA", "" },
        { "  hej  \n\n der\n", "hej\nder", "" },
        { "> a\n> b\nJA\n", "JA", "" },
        { "JA\n-- \nMaja\nAvisen\n", "JA", "Maja\nAvisen\n" },
        { "-- \nMaja\n", "", "Maja\n" },
        { "\n\nDen 9. juni 2026 skrev Region <a@b.example>:\nalt dette\ner citeret\n", "",
          "alt dette\ner citeret\n" },
        { "On Tue, Jun 9, 2026, Region\n<a@b.example> wrote:\n> x\nYES\n", "YES", "" },
        { "Nix\nOn Tue, Jun 9, 2026, Region\n<a@b.example> wrote:\n> x\n", "Nix", "" },
        { "Jeg sagde nej, skrev jeg 9 gange:\n> x\n", "Jeg sagde nej, skrev jeg 9 gange:", "" },
        { "Fra: Maja er jeg\n", "Fra: Maja er jeg", "" },
        { "ja\nFra: Region\nDato: 9. juni 2026\nEmne: x\n", "ja", "" },
        { "From: Region\nSent: Tuesday\n\nYES\n", "", "YES\n" },
        { "From: me\nTo: you\nNo, never!\n", "", "No, never!\n" },
        { "From: me\nwho wants none of it\nTo: you\n", "",
          "From: me\nwho wants none of it\nTo: you\n" },
        { "Fra: Region\nEmne: nej tak\n", "", "Fra: Region\nEmne: nej tak\n" },
        { "Sendt fra min Huawei\n", "", "" },
        { "Hent Outlook til iOS<https://aka.ms/x>\n", "", "" },
        { "Sent from my phone I say no thanks\n", "Sent from my phone I say no thanks", "" },
        { "JA\n\n-----Original Message-----\nNEJ\n", "JA", "NEJ\n" },
        { "-----Original Message----- I decline\n", "", "-----Original Message----- I decline\n" },
        { "____________________\nLad mig være\n", "", "Lad mig være\n" },
        { "Ministeren skrev: vi bygger\n", "Ministeren skrev: vi bygger", "" },
        { "Ja tack\n\nSkickat från min iPhone\n", "Ja tack", "" },
        { "Ja\nVon meinem iPhone gesendet\n", "Ja", "" },
        { "Von meinem Chef habe ich nichts\n", "Von meinem Chef habe ich nichts", "" },
        { "Ja\n\n-------- Ursprüngliche Nachricht --------\nNEIN\n", "Ja", "NEIN\n" },
        { "Ja\n\n-----Opprinnelig melding-----\nNEI\n", "Ja", "NEI\n" },
        { "Ja\n-----Ursprungligt meddelande-----\nNEJ\n", "Ja", "NEJ\n" },
        { "Ja\n*Von:* Nordhav\n*Gesendet:* 9. Juni\n*An:* Anna\nNEIN\n", "Ja", "NEIN\n" },
        { "Ja\nFrån: Nordhav\nSkickat: den 9 juni\nÄmne: Ny\nNEJ\n", "Ja", "NEJ\n" },
        { "Oui\nDe : Nordhav\nEnvoyé : mardi 9\nÀ : Anna\nNON\n", "Oui", "NON\n" },
        { "Ja\nAm 09.06.26 um 10:12 schrieb Nordhav:\n> Antworten\n", "Ja", "" },
        { "Ja\nDen mån 9 juni 2026 kl 10:12 skrev\nNordhav <a@n.example>:\n> Svara\n", "Ja", "" },
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct arena arena = { 0 };
        struct reply reply;
        reply_read(&arena, &(struct reply_language){ words, phrases }, rows[i].text, &reply);
        assert_string_equal(reply.own, rows[i].own);
        assert_string_equal(reply.unmarked, rows[i].unmarked);
        arena_release(&arena);
    }
}

static void every_language_says_yes_and_no_and_goodbye(void **state)
{
    (void)state;
    static const char *const yes[] = { "Ja tak",           "Ja tack",    "Ja, takk",
                                       "ja bitte",         "Yes please", "Ja gerne",
                                       "Ja, gärna, tack!", "Ja, gjerne", "Ja, sehr gern, danke" };
    static const char *const no[] = { "Nej tak", "Nej tack", "Nei takk", "Nein danke", "No" };
    static const char *const leave[] = { "Afmeld",
                                         "avsluta",
                                         "Avmeld",
                                         "Abbestellen",
                                         "Stop",
                                         "Abmelden.",
                                         "Stopp",
                                         "Unsubscribe",
                                         "Kan I fjerne mig fra listen?",
                                         "Kan ni ta bort mig från listan?",
                                         "Kan dere fjerne meg fra listen?",
                                         "Können Sie mich aus dem Verteiler nehmen?",
                                         "Can you remove me from your list?" };
    struct arena arena = { 0 };
    for (size_t i = 0; i < sizeof yes / sizeof yes[0]; i++)
        if (!reply_is_yes(words, yes[i]) || mail_says_no(&arena, words, yes[i]))
            fail_msg("no yes: %s", yes[i]);
    for (size_t i = 0; i < sizeof no / sizeof no[0]; i++)
        if (reply_is_yes(words, no[i]) || !mail_says_no(&arena, words, no[i]))
            fail_msg("no no: %s", no[i]);
    for (size_t i = 0; i < sizeof leave / sizeof leave[0]; i++)
        if (reply_leaving(&arena, words, leave[i], "") != LEAVING_ALONE)
            fail_msg("does not leave: %s", leave[i]);
    arena_release(&arena);
}

static void every_language_says_stop_to_a_receipt(void **state)
{
    (void)state;
    static const char *const stop[] = {
        "STOP",
        "stop den",
        "Stop udsendelsen!",
        "Stands den",
        "STOP\nVenlig hilsen\nIda",
        "*Stop*",
        "Stop it, please",
        "Halt",
        "Stopp",
        "Stoppa utskicket",
        "stoppa den nu tack",
        "Stopp utsendelsen",
        "Stans den",
        "Bitte stoppen",
        "Anhalten!",
        "stop nu, der er fejl i tallene",
    };
    static const char *const other[] = {
        "",        "Tak",         "Nej",     "Vi vil ikke stoppe den",
        "Ja",      "Stopping by", "Haltung", "Kan den stoppes?",
        "Stopper", "Grund: stop",
    };
    for (size_t i = 0; i < sizeof stop / sizeof stop[0]; i++)
        if (!reply_begins_with_stop(words, stop[i]) || reply_is_yes(words, stop[i]))
            fail_msg("does not stop: %s", stop[i]);
    for (size_t i = 0; i < sizeof other / sizeof other[0]; i++)
        if (reply_begins_with_stop(words, other[i]))
            fail_msg("stops: %s", other[i]);
}

static void a_paragraph_is_what_stands_between_greeting_and_closing(void **state)
{
    (void)state;
    static const char *const rows[][2] = {
        { "", "" },
        { "Hej", "" },
        { "Tallene var forkerte.", "Tallene var forkerte." },
        { "Hej Ida\nTallene\tvar  fra\net andet sygehus.\nVenlig hilsen\nIda Lund",
          "Tallene var fra et andet sygehus." },
        { "Guten Tag\nDie Zahlen waren falsch.\nMit freundlichen Grüßen\nIda",
          "Die Zahlen waren falsch." },
        { "Siffrorna\u202e var fel\nMvh\nIda", "Siffrorna var fel" },
    };
    struct arena arena = { 0 };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_string_equal(reply_paragraph(&arena, words, rows[i][0]), rows[i][1]);
    arena_release(&arena);
}

static void a_long_first_line_is_not_nothing(void **state)
{
    (void)state;
    struct arena arena = { 0 };
    struct reply reply;
    char *line = arena_allocate(&arena, 10001);
    memset(line, 'x', 10000);
    line[10000] = '\0';
    reply_read(&arena, &(struct reply_language){ words, phrases }, line, &reply);
    assert_true(*reply.own);
    arena_release(&arena);
}

static void only_whole_lines_of_the_mail_are_its_quotation(void **state)
{
    (void)state;
    static const char mail[] = "Vil du have nyheder?\n\n- Pressemeddelelser – straks\n\n"
                               "Ja, send mig nyheder:\nhttps://presse.example/confirm/abc\n\n"
                               "Var det ikke dig? Så gør ingenting.\nRegion Nordhav\n";

    static const struct {
        const char *lines;
        bool want;
    } rows[] = {
        { "", true },
        { mail, true },
        { "vil du have\xC2\xA0nyheder?\n* Pressemeddelelser – straks\n", true },
        { "Ja, send mig nyheder<https://presse.example/confirm/abc>\n\n"
          "Var det ikke\ndig? Så\ngør ingenting. Region Nordhav\n",
          true },
        { "Region Nordhav\nVil du have nyheder?\n", true },
        { "NEJ\n", false },
        { "ikke dig\n", false },
        { "Var det ikke\n", false },
        { "Var det ikke\nRegion Nordhav\n", false },
        { "Vil du have nyheder? Nej\n", false },
        { "Vil du have nyheder?\nNEJ TAK\nRegion Nordhav\n", false },
        { "Ja, send mig ikke nyheder:\n", false },
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct arena arena = { 0 };
        if (quotation_is_of(&arena, rows[i].lines, mail) != rows[i].want)
            fail_msg("\"%s\"", rows[i].lines);
        arena_release(&arena);
    }
}

/* ---- leaving ---- */

static void a_wish_to_leave_stands_alone_on_its_line(void **state)
{
    (void)state;

    static const struct {
        const char *text;
        enum inbound_leaving want;
    } rows[] = {
        { "", LEAVING_NOT },
        { "Afmeld", LEAVING_ALONE },
        { "afmeld mig, tak!", LEAVING_ALONE },
        { "Hej\n\nVenligst afmeld mig.\n\nMvh\nIda Krog\nAvisen\n51 00 00 14", LEAVING_ALONE },
        { "STOP", LEAVING_ALONE },
        { "Stop!!!", LEAVING_ALONE },
        { "*stop*", LEAVING_ALONE },
        { "unsubscribe", LEAVING_ALONE },
        { "Please unsubscribe me. Thank you", LEAVING_ALONE },
        { "Could you remove me from your mailing list, please?", LEAVING_ALONE },
        { "Frameld mig", LEAVING_ALONE },
        { "FRAMELD", LEAVING_ALONE },
        { "Avregistrera mig", LEAVING_ALONE },
        { "Avanmäl", LEAVING_ALONE },
        { "Meld meg av", LEAVING_ALONE },
        { "Vennligst fjern meg fra listen", LEAVING_ALONE },
        { "Bitte nehmen Sie mich aus dem Verteiler!", LEAVING_ALONE },
        { "Abmelden", LEAVING_ALONE },
        { "Kan I ringe til mig?\nAfmeld", LEAVING_AMONG_OTHERS },
        { "Stop\nHvem har ansvaret for akutmodtagelsen?", LEAVING_AMONG_OTHERS },
        { "Stop nu den artikel, den er forkert", LEAVING_NOT },
        { "Hvor er der stop?", LEAVING_NOT },
        { "Jeg vil ikke afmelde mig", LEAVING_NOT },
        { "stoppested", LEAVING_NOT },
        { "Tak for det", LEAVING_NOT },
        { "Hej\nMvh\nIda", LEAVING_NOT },
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct arena arena = { 0 };
        enum inbound_leaving got = reply_leaving(&arena, words, rows[i].text, "Re: Akut");
        if (got != rows[i].want)
            fail_msg("\"%s\": %d", rows[i].text, got);
        arena_release(&arena);
    }
}

static void a_subject_counts_where_nothing_else_is_written(void **state)
{
    (void)state;
    struct arena arena = { 0 };
    assert_int_equal(reply_leaving(&arena, words, "", "Afmeld"), LEAVING_ALONE);
    assert_int_equal(reply_leaving(&arena, words, "Hvad koster det?", "Afmeld"), LEAVING_NOT);
    arena_release(&arena);
}

static void every_language_has_words_of_its_own(void **state)
{
    (void)state;
    static const char *const names[] = { "agree", "thanks", "refuse", "please", "leave" };
    size_t count = 0;
    const struct language_word *list = language_words_list(words, WORD_GROUP_REPLY, &count);
    for (const char *const *language = shipped_languages; *language; language++)
        for (size_t k = 0; k < sizeof names / sizeof names[0]; k++) {
            bool found = false;
            for (size_t at = 0; at < count && !found; at++)
                found = strcmp(list[at].language, *language) == 0 &&
                        strcmp(list[at].name, names[k]) == 0;
            if (!found)
                fail_msg("%s has no word of %s", *language, names[k]);
        }
}

static int words_read(void **state)
{
    (void)state;
    words = shipped_words();
    phrases = shipped_phrases();
    return 0;
}

static int words_free(void **state)
{
    (void)state;
    language_words_free(words);
    mail_phrases_free(phrases);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(messages_of_the_wild_are_read_as_the_table_says),
        cmocka_unit_test(subjects_are_known_in_any_case),
        cmocka_unit_test(only_a_plain_yes_is_a_yes),
        cmocka_unit_test(a_yes_with_more_behind_it_is_not_nothing_but_yes),
        cmocka_unit_test(what_is_quoted_is_not_ones_own),
        cmocka_unit_test(every_language_says_yes_and_no_and_goodbye),
        cmocka_unit_test(every_language_says_stop_to_a_receipt),
        cmocka_unit_test(a_paragraph_is_what_stands_between_greeting_and_closing),
        cmocka_unit_test(a_long_first_line_is_not_nothing),
        cmocka_unit_test(only_whole_lines_of_the_mail_are_its_quotation),
        cmocka_unit_test(a_wish_to_leave_stands_alone_on_its_line),
        cmocka_unit_test(a_subject_counts_where_nothing_else_is_written),
        cmocka_unit_test(every_language_has_words_of_its_own),
    };
    return cmocka_run_group_tests(tests, words_read, words_free);
}
