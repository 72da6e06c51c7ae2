/* SPDX-License-Identifier: MIT */
#include "cmocka_all.h"

#include "base/error.h"
#include "locale/language_words.h"

#include <string.h>

static struct language_words *made(void)
{
    struct language_words *words = language_words_new();
    language_words_add(words, "da", WORD_GROUP_MONTH, "june", "juni");
    language_words_add(words, "da", WORD_GROUP_MONTH, "june", "jun");
    language_words_add(words, "da", WORD_GROUP_MONTH, "june", "JUNI");
    language_words_add(words, "en", WORD_GROUP_MONTH, "june", "June");
    language_words_add(words, "sv", WORD_GROUP_STATUS, "draft", "utkast");
    language_words_add(words, "da", WORD_GROUP_STATUS, "draft", "kladde");
    language_words_add(words, "da", WORD_GROUP_STATUS, "withdrawn", "utkast"); /* for precedence */
    language_words_add(words, "da", WORD_GROUP_EMBARGO, "embargoed", "klausuleret");
    language_words_add(words, "da", WORD_GROUP_EMBARGO, "until", "til");
    language_words_add(words, "da", WORD_GROUP_EMBARGO, "until", "til og med");
    language_words_add(words, "da", WORD_GROUP_MONTH, "may", "Må");
    return words;
}

static void a_word_is_found_by_its_folding(void **state)
{
    struct language_words *words = made();
    const struct language_word *found = language_words_find(words, WORD_GROUP_MONTH, "da", "juni",
                                                            false);
    (void)state;
    assert_string_equal(found->name, "june");
    assert_string_equal(found->word, "juni");
    size_t count;
    (void)language_words_list(words, WORD_GROUP_MONTH, &count);
    assert_int_equal(count, 4); /* JUNI is juni */
    assert_null(language_words_find(words, WORD_GROUP_MONTH, "da", "junius", false));
    assert_non_null(language_words_find(words, WORD_GROUP_MONTH, "en", "juni", false));
    assert_null(language_words_find(words, WORD_GROUP_MONTH, "en", "juni", true));
    assert_non_null(language_words_find(words, WORD_GROUP_MONTH, "da-DK", "juni", true));
    language_words_free(words);
}

static void the_own_language_wins(void **state)
{
    struct language_words *words = made();
    (void)state;
    assert_string_equal(language_words_find(words, WORD_GROUP_STATUS, "da", "utkast", false)->name,
                        "withdrawn");
    assert_string_equal(language_words_find(words, WORD_GROUP_STATUS, "de", "utkast", false)->name,
                        "draft");
    language_words_free(words);
}

static void the_longest_whole_word_begins_a_text(void **state)
{
    struct language_words *words = made();
    (void)state;
    const struct language_word *found = language_words_prefix(words, WORD_GROUP_EMBARGO, "da",
                                                              "til og med mandag");
    assert_string_equal(found->word, "til og med");
    found = language_words_prefix(words, WORD_GROUP_EMBARGO, "da", "til mandag");
    assert_string_equal(found->word, "til");
    assert_null(language_words_prefix(words, WORD_GROUP_EMBARGO, "da", "tilmeld dig"));
    assert_null(language_words_prefix(words, WORD_GROUP_EMBARGO, "da", "tilågs"));
    assert_non_null(language_words_prefix(words, WORD_GROUP_EMBARGO, "da", "klausuleret: nyt"));
    assert_non_null(language_words_prefix(words, WORD_GROUP_EMBARGO, "da", "klausuleret – nyt"));
    language_words_free(words);
}

static void the_first_word_is_shown_or_the_english_one(void **state)
{
    struct language_words *words = made();
    (void)state;
    assert_string_equal(language_words_show(words, WORD_GROUP_MONTH, "da", "june"), "juni");
    assert_string_equal(language_words_show(words, WORD_GROUP_MONTH, "de", "june"), "June");
    assert_null(language_words_show(words, WORD_GROUP_MONTH, "de", "july"));
    assert_null(language_words_show(NULL, WORD_GROUP_MONTH, "de", "july"));
    language_words_free(words);
}

static void groups_have_names(void **state)
{
    enum word_group group;
    (void)state;
    for (int i = 0; i < WORD_GROUP_COUNT; i++) {
        assert_true(word_group_find(word_group_name((enum word_group)i), &group));
        assert_int_equal(group, i);
    }
    assert_false(word_group_find("moths", &group));
    assert_string_equal(word_group_names(WORD_GROUP_MONTH)[0], "january");
    assert_null(word_group_names(WORD_GROUP_ZONE));
}

static void a_text_without_a_words_parts_holds_none(void **state)
{
    struct language_words *words = language_words_new();
    (void)state;
    assert_false(language_words_may_hold(words, WORD_GROUP_EMBARGO, "embargo"));
    language_words_add(words, "da", WORD_GROUP_EMBARGO, "not_before", "må ikke offentliggøres");
    language_words_add(words, "da", WORD_GROUP_EMBARGO, "until", "indtil");
    assert_true(language_words_may_hold(words, WORD_GROUP_EMBARGO, "– MÅ IKKE OFFENTLIGGØRES."));
    assert_true(language_words_may_hold(words, WORD_GROUP_EMBARGO,
                                        "ikke\xC2\xA0offentliggøres\xE2\x80\x94"));
    assert_false(language_words_may_hold(words, WORD_GROUP_EMBARGO, "må ikke"));
    assert_false(language_words_may_hold(words, WORD_GROUP_EMBARGO, "indtil"));
    assert_true(language_words_may_begin(words, WORD_GROUP_EMBARGO, "🔴 Indtil da"));
    assert_true(language_words_may_begin(words, WORD_GROUP_EMBARGO, "MÅ"));
    assert_false(language_words_may_begin(words, WORD_GROUP_EMBARGO, "ikke"));
    assert_false(language_words_may_begin(words, WORD_GROUP_EMBARGO, ""));
    assert_false(language_words_may_hold(NULL, WORD_GROUP_EMBARGO, "embargo"));
    language_words_free(words);
}

static int read_count;
static bool is_readable;

static bool read_words(void *payload, struct language_words *words, struct error *error)
{
    read_count++;
    language_words_add(words, "da", WORD_GROUP_MONTH, "may", "maj");
    if (!is_readable)
        return error_set(error, ERROR_USAGE, "%s: broken", (const char *)payload);
    language_words_add(words, "da", WORD_GROUP_MONTH, "june", "juni");
    return true;
}

static void words_are_read_when_somebody_asks_and_stand_first(void **state)
{
    static char file[] = "words.yaml";
    struct language_words *words = language_words_new();
    struct error error = { 0 };
    size_t count;
    (void)state;
    read_count = 0;
    is_readable = false;
    language_words_read_later(words, read_words, file);
    language_words_add(words, "da", WORD_GROUP_MONTH, "june", "sommerens første");
    language_words_add(words, "da", WORD_GROUP_MONTH, "june", "Juni");
    assert_int_equal(read_count, 0);
    assert_false(language_words_open(words, &error));
    assert_string_equal(error.message, "words.yaml: broken");
    is_readable = true; /* mended meanwhile */
    const struct language_word *list = language_words_list(words, WORD_GROUP_MONTH, &count);
    assert_int_equal(count, 3);
    assert_string_equal(list[0].word, "maj");
    assert_string_equal(list[1].word, "juni");
    assert_string_equal(list[2].word, "sommerens første");
    assert_true(language_words_open(words, &error));
    assert_true(language_words_open(NULL, &error));
    assert_int_equal(read_count, 2);
    language_words_free(words);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_text_without_a_words_parts_holds_none),
        cmocka_unit_test(a_word_is_found_by_its_folding),
        cmocka_unit_test(the_own_language_wins),
        cmocka_unit_test(the_longest_whole_word_begins_a_text),
        cmocka_unit_test(the_first_word_is_shown_or_the_english_one),
        cmocka_unit_test(groups_have_names),
        cmocka_unit_test(words_are_read_when_somebody_asks_and_stand_first),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
