/* SPDX-License-Identifier: MIT */
#include "cmocka_all.h"

#include "base/error.h"
#include "locale/mail_phrases.h"

#include <string.h>

static struct mail_phrases *made(void)
{
    struct mail_phrases *phrases = mail_phrases_new();
    assert_true(mail_phrases_add(phrases, PHRASE_FULL, "full", "mailbox full"));
    assert_true(mail_phrases_add(phrases, PHRASE_FULL, "full", "overquota*"));
    assert_false(mail_phrases_add(phrases, PHRASE_FULL, "full", "no"));
    assert_false(mail_phrases_add(phrases, QUOTATION_FROM, "from", ""));
    assert_true(mail_phrases_add(phrases, NOTICE_SAME, "one", "the address"));
    assert_true(mail_phrases_add(phrases, NOTICE_SAME, "another", "the"));
    assert_true(mail_phrases_add(phrases, QUOTATION_FIELD, "field", "Ämne"));
    assert_true(mail_phrases_add(phrases, QUOTATION_START, "start", "on"));
    assert_true(mail_phrases_add(phrases, QUOTATION_START, "start", "mån*"));
    assert_true(mail_phrases_add(phrases, QUOTATION_VERB, "verb", "пишет"));
    assert_true(mail_phrases_add(phrases, AUTOMATIC_SUBJECT, "subject", "Außer Haus"));
    return phrases;
}

static const char *rule_at(const struct mail_phrases *phrases, enum phrase_index index,
                           const struct phrase **previous, const char *text)
{
    *previous = mail_phrases_next(phrases, index, *previous, text, strlen(text));
    return *previous ? (*previous)->rule : NULL;
}

static void phrases_of_an_index_are_found_at_a_place(void **state)
{
    (void)state;
    struct mail_phrases *phrases = made();
    const struct phrase *found = NULL;
    assert_string_equal(rule_at(phrases, PHRASES_OF_NOTICES, &found, "the address"), "another");
    assert_string_equal(rule_at(phrases, PHRASES_OF_NOTICES, &found, "the address"), "one");
    assert_null(rule_at(phrases, PHRASES_OF_NOTICES, &found, "the address"));
    found = NULL;
    assert_null(rule_at(phrases, PHRASES_OF_REFUSALS, &found, "the address "));
    assert_null(rule_at(phrases, PHRASES_OF_REFUSALS, &found, "mailbox fully "));
    assert_null(rule_at(phrases, PHRASES_OF_REFUSALS, &found, "ma"));
    assert_non_null(rule_at(phrases, PHRASES_OF_REFUSALS, &found, "mailbox full "));
    found = NULL;
    assert_non_null(rule_at(phrases, PHRASES_OF_REFUSALS, &found, "overquotas "));
    mail_phrases_free(phrases);
}

static void case_does_not_count(void **state)
{
    (void)state;
    struct mail_phrases *phrases = made();
    assert_non_null(mail_phrases_begin(phrases, QUOTATION_FIELD, NULL, "ÄMNE: x"));
    assert_true(mail_phrases_have(phrases, QUOTATION_FIELD, "ämne"));
    assert_false(mail_phrases_have(phrases, QUOTATION_FIELD, "ämnen"));
    assert_non_null(mail_phrases_begin(phrases, QUOTATION_VERB, NULL, "ПИШЕТ:"));
    assert_non_null(mail_phrases_begin(phrases, AUTOMATIC_SUBJECT, NULL, "ausser haus"));
    mail_phrases_free(phrases);
}

static void words_end_where_they_end(void **state)
{
    (void)state;
    struct mail_phrases *phrases = made();
    assert_non_null(mail_phrases_begin(phrases, QUOTATION_START, NULL, "On Tue"));
    assert_null(mail_phrases_begin(phrases, QUOTATION_START, NULL, "Onsdag"));
    assert_null(mail_phrases_begin(phrases, QUOTATION_START, NULL, "Onær"));
    assert_non_null(mail_phrases_begin(phrases, QUOTATION_START, NULL, "Måndag"));
    assert_null(mail_phrases_begin(phrases, QUOTATION_START, NULL, ""));
    mail_phrases_free(phrases);
}

static void nothing_is_found_in_none(void **state)
{
    (void)state;
    size_t count = 1;
    struct error error;
    assert_null(mail_phrases_next(NULL, PHRASES_OF_NOTICES, NULL, "the address", 11));
    assert_null(mail_phrases_begin(NULL, QUOTATION_START, NULL, "on"));
    assert_false(mail_phrases_hold(NULL, QUOTATION_VERB, "wrote"));
    assert_null(mail_phrases_list(NULL, QUOTATION_VERB, &count));
    assert_int_equal(count, 0);
    assert_true(mail_phrases_open(NULL, &error));
    mail_phrases_free(NULL);
}

static bool read_one(void *payload, struct mail_phrases *phrases, struct error *error)
{
    int *times = payload;
    (*times)++;
    return mail_phrases_add(phrases, QUOTATION_VERB, "verb", *times == 1 ? "x" : "wrote") &&
           (*times > 1 || error_set(error, ERROR_USAGE, "the file is broken"));
}

/* What was added before stays; what a failed reading added does not. */
static void phrases_are_read_with_the_first_question(void **state)
{
    (void)state;
    int times = 0;
    size_t count;
    struct error error;
    struct mail_phrases *phrases = mail_phrases_new();
    mail_phrases_read_later(phrases, read_one, &times);
    assert_true(mail_phrases_add(phrases, QUOTATION_VERB, "verb", "skrev"));
    assert_int_equal(times, 0);
    assert_false(mail_phrases_open(phrases, &error));
    assert_string_equal(error.message, "the file is broken");
    assert_true(mail_phrases_hold(phrases, QUOTATION_VERB, "Ida skrev:"));
    assert_true(mail_phrases_hold(phrases, QUOTATION_VERB, "Ida WROTE:"));
    (void)mail_phrases_list(phrases, QUOTATION_VERB, &count);
    assert_int_equal(count, 2);
    assert_int_equal(times, 2);
    mail_phrases_free(phrases);
}

static void names_are_those_of_the_files(void **state)
{
    (void)state;
    for (int i = 0; i < PHRASE_MEANING_COUNT; i++) {
        enum phrase_meaning meaning = (enum phrase_meaning)i;
        const char *name = phrase_meaning_name(meaning);
        assert_int_equal(phrase_meaning_find(phrase_meaning_group(meaning), name ? name : "any"),
                         meaning);
    }
    assert_int_equal(phrase_meaning_find("refusals", "ful"), PHRASE_MEANING_COUNT);
    assert_int_equal(phrase_meaning_find("refusal", "full"), PHRASE_MEANING_COUNT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(phrases_of_an_index_are_found_at_a_place),
        cmocka_unit_test(case_does_not_count),
        cmocka_unit_test(words_end_where_they_end),
        cmocka_unit_test(nothing_is_found_in_none),
        cmocka_unit_test(phrases_are_read_with_the_first_question),
        cmocka_unit_test(names_are_those_of_the_files),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
