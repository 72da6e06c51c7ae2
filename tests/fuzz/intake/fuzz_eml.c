/* SPDX-License-Identifier: MIT */
#include "base/arena.h"
#include "fuzz/intake/text_letters.h"
#include "fuzz_words.h"
#include "html/html.h"
#include "intake/reader.h"
#include "locale/locale.h"
#include "locale/zone.h"
#include "mime/mime.h"
#include "mime_parser/mime_letter.h"
#include "release/body.h"
#include "release/release.h"
#include "rich_text/rich_text.h"
#include "unit/phrases.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct intake_format mail_format = { "eml", "mail", eml_read, true };

/* Letters of what the mail shows, and of its subject. A file of it is another text, or none: of
 * such mails nothing is counted, nor of pages, which fuzz_rich_html and fuzz_layout count. */
static bool letters_of(const struct mime_letter *letter, size_t *letters)
{
    *letters = text_letters_of(letter->subject);
    for (const struct mime_leaf *leaf = letter->leaves; leaf; leaf = leaf->next) {
        if (!leaf->text)
            return false;
        *letters += text_letters_of(leaf->text);
    }
    return letter->fault == MIME_LETTER_GOOD;
}

/* Fields stand above its text: their names are in no release. */
static bool has_fields(const struct intake_problem_list *problems)
{
    for (const struct intake_problem *problem = problems->first; problem; problem = problem->next)
        if (problem->message.id == INTAKE_MESSAGE_MAIL_SUBJECT)
            return true;
    return false;
}

/* Holds I6. Whatever a mail is, reading it comes to an end; and each letter that it shows is in the
 * release or was told. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct language_words *words;
    static struct mail_phrases *phrases;
    static struct zone *zone;
    struct error error;
    struct arena arena = { 0 };
    struct intake_text read;
    struct intake_problem_list problems;
    size_t in = 0;
    if (!words) {
        words = shipped_words();
        phrases = shipped_phrases();
        zone = zone_open("Europe/Copenhagen", &error);
    }
    const char *bytes = arena_copy_bytes(&arena, data, size);
    struct intake_source source = { .name = "x.eml",
                                    .format = &mail_format,
                                    .bytes = bytes,
                                    .length = size,
                                    .zone = zone,
                                    .language = "da",
                                    .words = words,
                                    .html = &html_reader,
                                    .mime = &mime_parser,
                                    .phrases = phrases };
    intake_problem_list_init(&problems, &arena, source.name);
    intake_read_source(&arena, &source, &read, &problems);
    const struct mime_letter *letter = mime_letter_read(&html_reader, &arena, bytes, size);
    if (letters_of(letter, &in) && problems.refused == 0 && !has_fields(&problems)) {
        size_t out = text_letters_of_release(read.release) + problems.letters_left_out;
        if (in != out) {
            (void)fprintf(stderr, "letters: %zu in, %zu out, %zu of them told or marks\n", in, out,
                          problems.letters_left_out);
            assert(false);
        }
    }
    source.rich_text = &rich_text_reader;
    intake_read_source(&arena, &source, &read, &problems);
    arena_release(&arena);
    return 0;
}
