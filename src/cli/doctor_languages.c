/* SPDX-License-Identifier: MIT */
#include "cli/doctor.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/string_builder.h"
#include "cli/context.h"
#include "config/config.h"
#include "locale/language_words.h"
#include "locale/locale.h"
#include "locale/mail_phrases.h"
#include "proofreading/proofreading.h"

#include <string.h>

enum { NAMED_MAXIMUM = 3 };

/* Which plural forms there are is the language's affair; all have "other". */
static const char *key_wanted(const char *key)
{
    const char *dot = strrchr(key, '.');
    return !dot || strcmp(dot, ".other") == 0 ? key : NULL;
}

/* Of each file, because a value that no text has would stand on pages in its braces. */
static void check_values(struct doctor *doctor, const struct config_own_language *language)
{
    if (language->other_values)
        doctor_report(doctor, DOCTOR_WARNING, language->file,
                      "has other values than the program's texts: %s%s" ERROR_ADVICE
                      "write in each text those that templates/README.md names for it; any other "
                      "is shown in its braces",
                      language->other_values,
                      language->other_values_count > NAMED_MAXIMUM ? " …" : "");
}

static void check_language(struct doctor *doctor, const struct config_own_language *language)
{
    struct strings_cursor cursor;
    struct string_builder named;
    const char *key;
    const char *text;
    size_t count = 0;
    size_t missing = 0;
    string_builder_init(&named, 0);
    strings_cursor_open_whole(&cursor, language->texts, "en");
    while (strings_cursor_next(&cursor, &key, &text)) {
        if (!key_wanted(key))
            continue;
        count++;
        if (strcmp(strings_language(language->texts, language->tag, key), language->tag) == 0)
            continue;
        if (missing++ < NAMED_MAXIMUM)
            string_builder_append_format(&named, "%s%s", missing > 1 ? ", " : "", key);
    }
    if (missing)
        doctor_report(doctor, DOCTOR_WARNING, language->file,
                      "lacks %zu of %zu texts (%s%s), for which English ones stand" ERROR_ADVICE
                      "add them, as in languages/en/ of the program's templates",
                      missing, count, named.data, missing > NAMED_MAXIMUM ? " …" : "");
    else
        doctor_report(doctor, DOCTOR_GOOD, language->file, "has all %zu texts", count);
    string_builder_release(&named);
}

/* Texts that a file of templates/strings/ lacks may be in the one of templates/languages/. */
static bool is_checked_before(const struct config_own_language *first,
                              const struct config_own_language *language)
{
    for (; first != language; first = first->next)
        if (first->texts == language->texts && strcmp(first->tag, language->tag) == 0)
            return true;
    return false;
}

/* What other commands read when they first need it. False: a file of ours cannot be read. */
static bool check_shipped(struct doctor *doctor)
{
    const struct config *config = doctor->context->config;
    struct error error;
    if (strings_open(config->publish.strings, &error) && strings_open(config->notes, &error) &&
        language_words_open(config->words, &error) && mail_phrases_open(config->phrases, &error))
        return true;
    doctor_report_error(doctor, "languages", &error);
    return false;
}

static void check_spelling(struct doctor *doctor)
{
    const struct config *config = doctor->context->config;
    const char *language = config->newsroom.language;
    const struct proofreading_dictionary *dictionary = proofreading_dictionary_find(
        config->proofreading.dictionaries, language);
    if (dictionary && dictionary->package && !proofreading_dictionary_is_there(dictionary))
        doctor_report(doctor, DOCTOR_SKIPPED, "spelling",
                      "of texts in “%s” is not read, for there is no dictionary" ERROR_ADVICE
                      "install one, which Debian has in %s, if `check` and receipts are to name "
                      "misspelt words",
                      language, dictionary->package);
}

void doctor_languages(struct doctor *doctor)
{
    const struct config_own_language *first = doctor->context->config->own_languages;
    if (!check_shipped(doctor))
        return;
    for (const struct config_own_language *language = first; language; language = language->next) {
        if (!language->is_shipped && !is_checked_before(first, language))
            check_language(doctor, language);
        check_values(doctor, language);
    }
    check_spelling(doctor);
}
