/* SPDX-License-Identifier: MIT */
#include "cmocka_all.h"

#include "spelling/spelling.h"

static const char *const joints[] = { "s", "e", NULL };
static const struct spelling_joining joining = { joints, 3 };
static const struct spelling_joining joining_long = { joints, 4 };

static bool knows(const char *path, const char *word, const struct spelling_joining *between)
{
    int looks = SPELLING_LOOKS_MAXIMUM;
    struct spelling_dictionary *dictionary = spelling_reader.open(path);
    assert_non_null(dictionary);
    bool is_known = spelling_reader.knows(dictionary, word, between, &looks);
    spelling_reader.close(dictionary);
    return is_known;
}

static void words_compounds_and_joints_are_known(void **state)
{
    static const struct {
        const char *word;
        bool alone;    /* where words are not written in one */
        bool together; /* where they are */
    } cases[] = {
        { "bus", true, true },          { "busen", true, true },
        { "busskur", false, true },     { "busplan", false, true },
        { "kommuneplan", false, true }, { "kommunesbusplan", false, true },
        { "planlægge", false, true },   { "planånd", false, true },
        { "bsu", false, false },        { "komune", false, false },
        { "komuneplan", false, false }, { "busbusbusbus", false, false }, /* of four */
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_int_equal(knows(TEST_DATA_DIRECTORY "/spelling/small", cases[i].word, NULL),
                         cases[i].alone);
        assert_int_equal(knows(TEST_DATA_DIRECTORY "/spelling/small", cases[i].word, &joining),
                         cases[i].together);
    }
}

static void short_parts_and_nouns_with_capitals(void **state)
{
    (void)state;
    assert_false(knows(TEST_DATA_DIRECTORY "/spelling/small", "busskur", &joining_long));
    assert_true(knows(TEST_DATA_DIRECTORY "/spelling/small", "kommuneplan", &joining_long));
    assert_true(knows(TEST_DATA_DIRECTORY "/spelling/small", "umweltplan", &joining));
    assert_true(knows(TEST_DATA_DIRECTORY "/spelling/small", "übungsplan", &joining));
    assert_false(knows(TEST_DATA_DIRECTORY "/spelling/small", "umwelt", &joining));
}

static void letters_are_those_of_the_dictionary(void **state)
{
    (void)state;
    assert_true(knows(TEST_DATA_DIRECTORY "/spelling/latin", "lægge", NULL));
    assert_true(knows(TEST_DATA_DIRECTORY "/spelling/latin", "ånd", NULL));
    assert_false(knows(TEST_DATA_DIRECTORY "/spelling/latin", "lagge", NULL));
    assert_false(knows(TEST_DATA_DIRECTORY "/spelling/latin", "слово", NULL));
}

static void what_is_not_there_or_too_much_is_taken_for_known(void **state)
{
    int looks = 3;
    (void)state;
    assert_null(spelling_reader.open(TEST_DATA_DIRECTORY "/spelling/none"));
    struct spelling_dictionary *dictionary = spelling_reader.open(TEST_DATA_DIRECTORY
                                                                  "/spelling/small");
    assert_non_null(dictionary);
    assert_true(spelling_reader.knows(dictionary, "xxxxxxxxxxxxxxxx", &joining, &looks));
    assert_int_equal(looks, 0);
    assert_true(spelling_reader.knows(dictionary, "xxxx", &joining, &looks));
    looks = 1000;
    assert_true(spelling_reader.knows(
        dictionary, "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", &joining,
        &looks));
    assert_int_equal(looks, 1000);
    spelling_reader.close(dictionary);
    spelling_reader.close(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_compounds_and_joints_are_known),
        cmocka_unit_test(short_parts_and_nouns_with_capitals),
        cmocka_unit_test(letters_are_those_of_the_dictionary),
        cmocka_unit_test(what_is_not_there_or_too_much_is_taken_for_known),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
