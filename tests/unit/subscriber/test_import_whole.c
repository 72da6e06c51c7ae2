/* SPDX-License-Identifier: MIT */
#include "unit/subscriber/import_scene.h"

/* What an operator says of a whole list, what is only tried, and lists of many. */

static void note_address(struct scene *scene, const struct subscriber_import_line *line)
{
    string_builder_append(&scene->reported, line->address);
}

static void the_operators_word_is_the_evidence_of_who_has_none(void **state)
{
    struct scene *scene = *state;
    scene->settings.evidence = "fair in Aarhus, cards in the cellar";
    assert_reported(scene,
                    "address,state,confirmed_at,evidence\n"
                    "anna@n.example,,,\n"
                    "bent@n.example,confirmed,2026-05-01,\n"
                    "carl@n.example,confirmed,,card 7\n"
                    "dora@n.example,confirmed,2026-05-02,card 8\n"
                    "emil@n.example,pending,,\n"
                    "frida@n.example,unsubscribed,,\n",
                    "2 confirmed\n3 confirmed\n4 confirmed\n5 confirmed\n6 asked\n"
                    "7 kept out unsubscribed\n");
    const struct subscriber_event_row *anna = show(scene, "anna@n.example")->events;
    assert_string_equal(anna->proof.evidence, "fair in Aarhus, cards in the cellar");
    assert_true(anna->consent_at == scene->clock.fixed_at);
    const struct subscriber_event_row *bent = show(scene, "bent@n.example")->events;
    assert_string_equal(bent->proof.evidence, "fair in Aarhus, cards in the cellar");
    assert_true(bent->consent_at == INT64_C(1777593600000));
    const struct subscriber_event_row *carl = show(scene, "carl@n.example")->events;
    assert_string_equal(carl->proof.evidence, "fair in Aarhus, cards in the cellar; card 7");
    const struct subscriber_event_row *dora = show(scene, "dora@n.example")->events;
    assert_string_equal(dora->proof.evidence, "card 8");
    assert_null(show(scene, "frida@n.example")->events->proof.evidence);
    scene->settings.evidence = " \t";
    assert_false(import(scene, "address\ngerda@n.example\n"));
    assert_int_equal(scene->error.kind, ERROR_USAGE);
}

/* So many new people, and before them one who is known, one who is malformed and one twice. */
static const char *strangers(struct scene *scene, int count)
{
    struct string_builder list;
    string_builder_init(&list, 0);
    string_builder_append(&list, "address\nanna@n.example\nno address\n");
    for (int i = 0; i < count; i++)
        string_builder_append_format(&list, "p%d@n.example\n", i);
    string_builder_append(&list, "P0@n.example\n");
    const char *copy = arena_copy(&scene->arena, list.data);
    string_builder_release(&list);
    return copy;
}

static void more_than_twenty_are_asked_only_where_the_operator_says_so(void **state)
{
    struct scene *scene = *state;
    everybody_is_known(scene);
    const char *list = strangers(scene, SUBSCRIBER_ASKED_AT_ONCE + 1);
    assert_false(import(scene, list));
    assert_int_equal(scene->error.kind, ERROR_INPUT);
    assert_non_null(strstr(scene->error.message, "nothing was imported: 21 people are new"));
    assert_non_null(strstr(scene->error.message, "--ask"));
    assert_int_equal(scene->reported.length, 0);
    assert_int_equal(scene->counts.lines, 0);
    assert_true(scene->counts.wants_ask);
    assert_is(scene, "p0@n.example", "unknown");
    scene->settings.may_ask = true;
    DONE(import(scene, list));
    assert_int_equal(scene->counts.count[IMPORT_ASKED], 21);
    assert_int_equal(scene->counts.count[IMPORT_REFUSED], 2);
    assert_int_equal(scene->counts.asking_ms, 21 * DURATION_SECOND);
    assert_false(scene->counts.wants_ask);
    assert_is(scene, "p20@n.example", "pending da alt:immediate? sport:immediate?");
    /* Now they are known. */
    scene->settings.may_ask = false;
    DONE(import(scene, list));
    assert_int_equal(scene->counts.count[IMPORT_SAME], 22);
}

static void a_file_of_too_many_lines_is_refused_whole(void **state)
{
    struct scene *scene = *state;
    scene->settings.lines_maximum = 3;
    assert_false(import(scene, "address\na@n.example\nno\nb@n.example\nc@n.example\n"));
    assert_int_equal(scene->error.kind, ERROR_INPUT);
    assert_non_null(strstr(scene->error.message, "nothing was imported: more than 3 lines"));
    assert_int_equal(scene->counts.lines, 0);
    assert_int_equal(scene->reported.length, 0);
    assert_is(scene, "a@n.example", "unknown");
    DONE(import(scene, "address\na@n.example\nno\nb@n.example\n"));
    assert_int_equal(scene->counts.lines, 3);
}

/* The place of an address may hold anything, up to a record's length. */
static void what_is_no_address_is_shown_in_part(void **state)
{
    struct scene *scene = *state;
    struct string_builder list;
    string_builder_init(&list, 0);
    string_builder_append(&list, "address\nx");
    for (int i = 0; i < 5000; i++)
        string_builder_append(&list, "\xC3\xA6");
    scene->note = note_address;
    DONE(import(scene, list.data));
    string_builder_release(&list);
    assert_int_equal(scene->reported.length, 299); /* whole characters: no half of one */
}

static void twenty_are_asked(void **state)
{
    struct scene *scene = *state;
    DONE(import(scene, strangers(scene, SUBSCRIBER_ASKED_AT_ONCE - 1)));
    assert_int_equal(scene->counts.count[IMPORT_ASKED], 20);
}

static void a_dry_run_decides_alike_and_writes_nothing(void **state)
{
    struct scene *scene = *state;
    static const char list[] = HEADER "anna@n.example,sport,,,,,\n"
                                      "bent@n.example,,,,unsubscribed,,\n"
                                      "carl@n.example,,,,,,\n"
                                      "frida@n.example,alt,,,confirmed,2026-05-01,list\n"
                                      "gerda@n.example,,,,,,\n"
                                      "Gerda@n.example,,,,,,\n"
                                      "hans@n.example,,,,bounced,,\n"
                                      "ida@n.example,nosuch,,,,,\n"
                                      "dora@n.example,,,,bounced,,\n";
    everybody_is_known(scene);
    scene->settings.is_update = true;
    scene->settings.is_dry_run = true;
    DONE(import(scene, list));
    const struct subscriber_import_counts tried = scene->counts;
    const char *reported = arena_copy(&scene->arena, scene->reported.data);
    assert_is(scene, "anna@n.example", "confirmed da alt:daily");
    assert_is(scene, "bent@n.example", "pending da alt:daily?");
    assert_is(scene, "frida@n.example", "unknown");
    assert_int_equal(number(scene, "SELECT COUNT(*) FROM event"), 5);
    scene->settings.is_dry_run = false;
    DONE(import(scene, list));
    assert_string_equal(scene->reported.data, reported);
    assert_memory_equal(&scene->counts, &tried, sizeof tried);
    assert_is(scene, "anna@n.example", "confirmed da sport:daily");
    assert_is(scene, "frida@n.example", "confirmed da alt:immediate");
}

static void a_dry_run_says_that_too_many_would_be_asked(void **state)
{
    struct scene *scene = *state;
    scene->settings.is_dry_run = true;
    DONE(import(scene, strangers(scene, 30)));
    assert_int_equal(scene->counts.count[IMPORT_ASKED], 31);
    assert_true(scene->counts.wants_ask);
    assert_int_equal(number(scene, "SELECT COUNT(*) FROM subscriber"), 0);
}

/* Those of a list stand far apart in the index, and some behind its end. */
static void few_are_found_among_many(void **state)
{
    enum { SUBSCRIBERS = 3000 };
    struct scene *scene = *state;
    struct string_builder list;
    string_builder_init(&list, 0);
    string_builder_append(&list, HEADER);
    for (int i = 0; i < SUBSCRIBERS; i++)
        string_builder_append_format(&list, "p%04d@n.example,alt,,,confirmed,2026-05-01,list\n", i);
    DONE(import(scene, list.data));
    string_builder_release(&list);
    assert_reported(scene,
                    HEADER "p2999@n.example,alt,,,,,\np0000@n.example,alt,,,,,\n"
                           "p0003@n.example,sport,,,,,\np1500@n.example,alt,,,,,\n"
                           "p1500x@n.example,,,,,,\na@n.example,,,,,,\nz@n.example,,,,,,\n"
                           "zz@n.example,,,,,,\n",
                    "2 same\n3 same\n4 other feeds from alt to sport\n5 same\n6 asked\n7 asked\n"
                    "8 asked\n9 asked\n");
}

/* More than are changed in one transaction. */
static void a_change_of_many_is_whole(void **state)
{
    enum { SUBSCRIBERS = 4500 };
    struct scene *scene = *state;
    struct string_builder list;
    string_builder_init(&list, 0);
    string_builder_append(&list, HEADER);
    for (int i = 0; i < SUBSCRIBERS; i++)
        string_builder_append_format(&list, "p%04d@n.example,alt,,,confirmed,2026-05-01,list\n", i);
    DONE(import(scene, list.data));
    string_builder_clear(&list);
    string_builder_append(&list, "address,feeds\n");
    for (int i = 0; i < SUBSCRIBERS; i++)
        string_builder_append_format(&list, "p%04d@n.example,sport\n", i);
    scene->settings.is_update = true;
    DONE(import(scene, list.data));
    string_builder_release(&list);
    assert_int_equal(scene->counts.count[IMPORT_CHANGED], SUBSCRIBERS);
    assert_int_equal(scene->counts.lines, SUBSCRIBERS);
    assert_int_equal(number(scene, "SELECT COUNT(*) FROM subscription WHERE feed = 'sport'"),
                     SUBSCRIBERS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_operators_word_is_the_evidence_of_who_has_none),
        TEST(more_than_twenty_are_asked_only_where_the_operator_says_so),
        TEST(a_file_of_too_many_lines_is_refused_whole),
        TEST(what_is_no_address_is_shown_in_part),
        TEST(twenty_are_asked),
        TEST(a_dry_run_decides_alike_and_writes_nothing),
        TEST(a_dry_run_says_that_too_many_would_be_asked),
        TEST(few_are_found_among_many),
        TEST(a_change_of_many_is_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
