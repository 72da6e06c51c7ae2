/* SPDX-License-Identifier: MIT */
#include "unit/subscriber/import_scene.h"

/* What becomes of each line of a list, by who is known already. */

static void who_is_known_and_the_same_is_counted(void **state)
{
    struct scene *scene = *state;
    everybody_is_known(scene);
    int64_t events = number(scene, "SELECT COUNT(*) FROM event");
    assert_reported(scene, everybody, "2 same\n3 same\n4 same\n5 same\n6 same\n");
    scene->settings.is_update = true;
    assert_reported(scene, everybody, "2 same\n3 same\n4 same\n5 same\n6 same\n");
    assert_int_equal(scene->counts.count[IMPORT_SAME], 5);
    assert_int_equal(scene->counts.lines, 5);
    assert_reported(scene, "address\nANNA@N.example\nbent@n.example\n", "2 same\n3 same\n");
    /* Consent is there already. */
    assert_reported(scene, "address,state\nanna@n.example,confirmed\n", "2 same\n");
    assert_int_equal(number(scene, "SELECT COUNT(*) FROM event"), events);
    assert_int_equal(number(scene, "SELECT COUNT(*) FROM transactional_mail"), 1);
}

static void who_is_known_and_differs_changes_only_by_an_update(void **state)
{
    struct scene *scene = *state;
    static const char list[] = "address,feeds,cadence,language\n"
                               "anna@n.example,sport alt,weekly daily,en\n";
    everybody_is_known(scene);
    assert_reported(
        scene, list,
        "2 other feeds from alt to alt sport; cadence from daily to daily weekly; language "
        "from da to en\n");
    assert_is(scene, "anna@n.example", "confirmed da alt:daily");
    scene->settings.is_update = true;
    assert_reported(scene, list,
                    "2 changed feeds from alt to alt sport; cadence from daily to daily weekly; "
                    "language from da to en\n");
    assert_is(scene, "anna@n.example", "confirmed en alt:daily sport:weekly");
    assert_reported(scene, list, "2 same\n");
    /* What the line does not say stays, also the cadence of a feed that is kept. */
    assert_reported(scene, "address,feeds\nanna@n.example,sport intern\n",
                    "2 changed feeds from alt sport to intern sport; cadence from daily weekly to "
                    "immediate weekly\n");
    assert_reported(scene, "address,cadence\nanna@n.example,weekly\n",
                    "2 changed cadence from immediate weekly to weekly\n");
    assert_reported(scene, "address,language\nanna@n.example,DE\n",
                    "2 changed language from en to de\n");
    assert_is(scene, "anna@n.example", "confirmed de intern:weekly sport:weekly");
    const struct subscriber_event_row *event = show(scene, "anna@n.example")->events;
    while (event->next)
        event = event->next;
    assert_int_equal(event->event, SUBSCRIBER_CHANGES);
    assert_int_equal(event->proof.way, SUBSCRIBER_BY_IMPORT);
}

/* What a mail lists is what its confirmation means. */
static void who_was_asked_is_not_changed_but_may_be_confirmed(void **state)
{
    struct scene *scene = *state;
    static const char granted[] = HEADER "bent@n.example,,,en,confirmed,2026-05-02,card 4\n";
    everybody_is_known(scene);
    assert_reported(scene, "address,feeds\nbent@n.example,sport\n",
                    "2 other feeds from alt to sport\n");
    assert_reported(scene, granted,
                    "2 other state from pending to confirmed; language from da to en\n");
    scene->settings.is_update = true;
    assert_reported(
        scene, "address,feeds\nbent@n.example,sport\n",
        "2 refused known: was asked already, and what that mail lists stands until it is "
        "answered\n");
    assert_reported(scene, "address,state\nbent@n.example,confirmed\n",
                    "2 refused confirmed without evidence; say where and how consent was given\n");
    assert_is(scene, "bent@n.example", "pending da alt:daily?");
    assert_reported(scene, granted,
                    "2 changed state from pending to confirmed; language from da to en\n");
    assert_is(scene, "bent@n.example", "confirmed en alt:daily");
    const struct subscriber *bent = show(scene, "bent@n.example");
    assert_string_equal(bent->events->next->proof.evidence, "card 4");
    assert_true(bent->requests->voided_at != INSTANT_NONE);
    assert_int_equal(number(scene, "SELECT COUNT(*) FROM transactional_mail WHERE state = 0"), 0);
}

static void who_is_said_to_have_left_is_taken_out(void **state)
{
    struct scene *scene = *state;
    everybody_is_known(scene);
    assert_reported(scene,
                    "address,feeds,state,confirmed_at,evidence\n"
                    "anna@n.example,nosuch,unsubscribed,some day,letter of 3 May\n"
                    "bent@n.example,,complained,,\n"
                    "frida@n.example,nosuch,unsubscribed,some day,\n",
                    "2 taken out state from confirmed to unsubscribed\n"
                    "3 taken out state from pending to complained\n4 kept out unsubscribed\n");
    assert_is(scene, "anna@n.example", "unsubscribed da");
    assert_is(scene, "bent@n.example", "complained da");
    const struct subscriber *anna = show(scene, "anna@n.example");
    assert_int_equal(anna->events->next->proof.way, SUBSCRIBER_BY_IMPORT);
    assert_string_equal(anna->events->next->proof.evidence, "letter of 3 May");
    assert_int_equal(number(scene, "SELECT COUNT(*) FROM transactional_mail WHERE state = 0"), 0);
}

/* Rules on addresses grow; whoever came in before is known by every line that names them, and
 * nobody new comes in so. */
static void who_came_under_older_rules_is_known_too(void **state)
{
    struct scene *scene = *state;
    static const char unsubscribed[] = HEADER "Anna@xn--0.example,,,,unsubscribed,,\n";
    everybody_is_known(scene);
    DONE(database_execute(scene->database,
                          "UPDATE subscriber SET address = 'anna@xn--0.example',"
                          " folded = 'anna@xn--0.example', rate_limit_key = 'anna@xn--0.example'"
                          " WHERE address = 'anna@n.example'",
                          &scene->error));
    assert_reported(scene, "address\nanna@xn--0.example\n", "2 same\n");
    assert_reported(scene, unsubscribed, "2 taken out state from confirmed to unsubscribed\n");
    assert_is(scene, "anna@xn--0.example", "unsubscribed da");
    assert_true(import(scene, "address\nfinn@xn--0.example\n"));
    assert_int_equal(scene->counts.count[IMPORT_REFUSED], 1);
    assert_is(scene, "finn@xn--0.example", "unknown");
}

static void nobody_who_left_comes_back(void **state)
{
    struct scene *scene = *state;
    everybody_is_known(scene);
    scene->settings.is_update = true;
    scene->settings.may_ask = true;
    scene->settings.evidence = "all of them said yes";
    assert_reported(
        scene,
        "address,state,confirmed_at,evidence\n"
        "carl@n.example,,,\ndora@n.example,pending,,\n"
        "emil@n.example,confirmed,2026-05-20,card\n",
        "2 refused known: is unsubscribed since 2026-05-28, and no import brings anybody "
        "back; only a request of the person's own does\n"
        "3 refused known: is bounced since 2026-05-28, and no import brings anybody back; "
        "only a request of the person's own does\n"
        "4 refused known: is complained since 2026-05-28, and no import brings anybody "
        "back; only a request of the person's own does\n");
    assert_reported(scene, "address,state\ncarl@n.example,bounced\n", "2 same\n");
    assert_is(scene, "carl@n.example", "unsubscribed da");
}

/* Anybody may type the address of somebody who left into the form, before an old list comes. */
static void who_left_and_was_asked_anew_comes_back_by_an_answer_alone(void **state)
{
    struct scene *scene = *state;
    static const char *const subscribers[] = { "anna@n.example", "carl@n.example", "dora@n.example",
                                               "emil@n.example" };
    bool known = false;
    bool pending = false;
    struct subscriber_outcome outcome;
    everybody_is_known(scene);
    DONE(subscriber_forget(&scene->service, "anna@n.example", &known, &pending, &scene->error));
    for (size_t i = 0; i < sizeof subscribers / sizeof subscribers[0]; i++) {
        const struct subscription_request subscription_request = {
            .address = subscribers[i], .proof = { .way = SUBSCRIBER_BY_WEB }
        };
        DONE(subscriber_subscribe(&scene->service, &subscription_request, &outcome, &scene->error));
    }
    scene->settings.is_update = true;
    assert_reported(scene,
                    "address,state,confirmed_at,evidence\n"
                    "anna@n.example,confirmed,2026-05-20,card\n"
                    "carl@n.example,confirmed,2026-05-20,card\n"
                    "dora@n.example,confirmed,2026-05-20,card\n"
                    "emil@n.example,confirmed,2026-05-20,card\n",
                    "2 refused known: is asked anew, was erased before, and no import brings "
                    "anybody back; only the person's own answer does\n"
                    "3 refused known: is asked anew, was unsubscribed before, and no import brings "
                    "anybody back; only the person's own answer does\n"
                    "4 refused known: is asked anew, was bounced before, and no import brings "
                    "anybody back; only the person's own answer does\n"
                    "5 refused known: is asked anew, was complained before, and no import brings "
                    "anybody back; only the person's own answer does\n");
    scene->settings.evidence = "all of them said yes";
    assert_reported(scene, "address\ncarl@n.example\n",
                    "2 refused known: is asked anew, was unsubscribed before, and no import brings "
                    "anybody back; only the person's own answer does\n");
}

static void who_never_answered_is_not_asked_again(void **state)
{
    struct scene *scene = *state;
    int64_t count = 0;
    everybody_is_known(scene);
    scene->clock.fixed_at += 8 * DURATION_DAY;
    DONE(subscriber_expire(&scene->service, &count, &scene->error));
    assert_int_equal(count, 1);
    assert_reported(scene, "address,state\nbent@n.example,expired\n", "2 same\n");
    assert_reported(scene, "address,state\nanna@n.example,expired\n",
                    "2 refused state \"expired\" cannot be imported; write pending, confirmed, "
                    "unsubscribed, bounced or complained\n");
    DONE(import(scene, "address\nbent@n.example\n"));
    assert_non_null(strstr(scene->reported.data, "refused known: is expired since"));
}

/* Also where she has asked for mails again since. */
static void erased_is_said_only_of_the_erased(void **state)
{
    struct scene *scene = *state;
    bool known = false;
    bool pending = false;
    struct subscriber_outcome outcome;
    const struct subscription_request subscription_request = {
        .address = "anna@n.example", .proof = { .way = SUBSCRIBER_BY_WEB }
    };
    everybody_is_known(scene);
    DONE(subscriber_forget(&scene->service, "anna@n.example", &known, &pending, &scene->error));
    DONE(import(scene, everybody));
    assert_non_null(strstr(scene->reported.data, "2 refused suppressed: was erased"));
    assert_non_null(strstr(scene->reported.data, "3 same\n4 same\n"));
    assert_reported(scene, "address,state\nanna@n.example,unsubscribed\n",
                    "2 refused suppressed: was erased, and no import brings anybody back; only a "
                    "request of the person's own does\n");
    DONE(subscriber_subscribe(&scene->service, &subscription_request, &outcome, &scene->error));
    assert_reported(scene, "address\nanna@n.example\n", "2 same\n");
}

/* Whatever else the file says of a person who left. */
static void of_equal_addresses_the_one_who_left_counts_and_else_the_first(void **state)
{
    struct scene *scene = *state;
    assert_reported(
        scene,
        "address,state,confirmed_at,evidence\n"
        "anna@n.example,confirmed,2026-05-01,list\n"
        "bent@n.example,confirmed,2026-05-01,list\n"
        "ANNA@n.example,unsubscribed,,\n"
        "Bent@n.example,,,\n",
        "2 refused duplicate: line 4 says that the person is unsubscribed, and that counts\n"
        "3 confirmed\n4 kept out unsubscribed\n"
        "5 refused duplicate: the address stands on a line before, 3\n");
    assert_is(scene, "anna@n.example", "unsubscribed da");
}

/* A feed that is gone from feeds/ cannot stay by being left unsaid. */
static void what_cannot_stay_must_be_said(void **state)
{
    struct scene *scene = *state;
    everybody_is_known(scene);
    scene->settings.is_update = true;
    scene->service.feeds = &other;
    assert_reported(
        scene, "address,cadence\nanna@n.example,weekly\n",
        "2 refused known: follows the feed \"alt\", which is not in feeds/ any more; name "
        "the feeds\n");
    assert_reported(scene, "address,feeds\nanna@n.example,sport\n",
                    "2 changed feeds from alt to sport\n");
}

/* Another program's file of one list says nothing of the feeds that stand for other lists. */
static void what_another_program_says_of_one_list_leaves_the_others(void **state)
{
    static const struct list_map press = { "press", "alt" };
    static const struct list_map games = { "games", "Sport" };
    struct scene *scene = *state;
    scene->settings.evidence = "form";
    scene->settings.list.tool = "mlmmj";
    scene->settings.list.list_count = 1;
    scene->settings.list.lists = &press;
    assert_reported(scene, "anna@n.example\nbent@n.example\n", "1 confirmed\n2 confirmed\n");
    scene->settings.list.lists = &games;
    assert_reported(scene, "anna@n.example\ncarl@n.example\n",
                    "1 other feeds from alt to alt sport\n2 confirmed\n");
    scene->settings.is_update = true;
    assert_reported(scene, "anna@n.example\ncarl@n.example\n",
                    "1 changed feeds from alt to alt sport\n2 same\n");
    assert_is(scene, "anna@n.example", "confirmed da alt:immediate sport:immediate");
    assert_reported(scene, "anna@n.example\n", "1 same\n");
    scene->settings.list.lists = &press;
    assert_reported(scene, "anna@n.example\n", "1 same\n");
    /* What stays must be there to stay. */
    scene->service.feeds = &other;
    scene->settings.list.lists = &games;
    assert_reported(
        scene, "bent@n.example\n",
        "1 refused known: follows the feed \"alt\", which is not in feeds/ any more; name "
        "the feeds\n");
}

/* A list of another program's may stand for several feeds here. */
static void a_list_may_mean_several_feeds(void **state)
{
    static const struct list_map press = { "press", "Alt sport" };
    struct scene *scene = *state;
    scene->settings.evidence = "form";
    scene->settings.is_update = true;
    scene->settings.list.tool = "mlmmj";
    scene->settings.list.list_count = 1;
    scene->settings.list.lists = &press;
    assert_reported(scene, "anna@n.example\n", "1 confirmed\n");
    assert_reported(scene, "anna@n.example\n", "1 same\n");
    assert_is(scene, "anna@n.example", "confirmed da alt:immediate sport:immediate");
}

/* Names that stand twice are one feed, with one cadence. */
static void a_feed_that_stands_twice_is_one(void **state)
{
    struct scene *scene = *state;
    assert_reported(scene,
                    HEADER "anna@n.example,alt alt sport,daily weekly,,confirmed,2026-05-01,list\n"
                           "bent@n.example,alt alt,daily weekly,,confirmed,2026-05-01,list\n",
                    "2 confirmed\n"
                    "3 refused 2 cadences for 1 feeds; write one for all, or one each\n");
    assert_is(scene, "anna@n.example", "confirmed da alt:daily sport:weekly");
}

/* A mail that asks names one cadence, and confirming it means no other. */
static void who_is_asked_is_asked_for_one_cadence(void **state)
{
    struct scene *scene = *state;
    assert_reported(scene,
                    HEADER "anna@n.example,alt sport,daily weekly,,,,\n"
                           "bent@n.example,alt sport,daily daily,,,,\n"
                           "carl@n.example,alt sport,daily weekly,,confirmed,2026-05-01,list\n",
                    "2 refused who is asked to confirm is asked for one cadence; write one for all "
                    "feeds\n3 asked\n4 confirmed\n");
    assert_string_equal(show(scene, "bent@n.example")->events->cadence, "daily");
    assert_string_equal(show(scene, "carl@n.example")->events->cadence, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(who_is_known_and_the_same_is_counted),
        TEST(who_is_known_and_differs_changes_only_by_an_update),
        TEST(who_was_asked_is_not_changed_but_may_be_confirmed),
        TEST(who_is_said_to_have_left_is_taken_out),
        TEST(who_came_under_older_rules_is_known_too),
        TEST(nobody_who_left_comes_back),
        TEST(who_left_and_was_asked_anew_comes_back_by_an_answer_alone),
        TEST(who_never_answered_is_not_asked_again),
        TEST(erased_is_said_only_of_the_erased),
        TEST(of_equal_addresses_the_one_who_left_counts_and_else_the_first),
        TEST(what_cannot_stay_must_be_said),
        TEST(what_another_program_says_of_one_list_leaves_the_others),
        TEST(a_list_may_mean_several_feeds),
        TEST(a_feed_that_stands_twice_is_one),
        TEST(who_is_asked_is_asked_for_one_cadence),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
