/* SPDX-License-Identifier: MIT */
#include "cmocka_all.h"

#include "address/token.h"
#include "base/arena.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/random.h"
#include "base/text.h"
#include "database/database.h"
#include "feed/feed.h"
#include "queue/queue.h"
#include "subscriber/subscriber.h"
#include "subscriber/transfer.h"
#include "unit/store.h"
#include "unit/subscriber/office.h"

#include <stdio.h>
#include <string.h>

/* What becomes of each line of a list, by who is known already and what the operator says. */

static const struct feed closed = { .id = "intern" };
static const struct feed other = { .id = "sport", .signup_open = true, .next = &closed };
static const struct feed all = { .id = "alt", .signup_open = true, .next = &other };

struct scene {
    struct database *database;
    struct clock clock;
    struct random random;
    struct subscriber_office office;
    struct token_keys *keys;
    struct arena arena;
    struct error error;
    struct subscriber_import settings;
    struct subscriber_import_counts counts;
    struct text told; /* "LINE KIND REASON\n" */
};

static bool note(void *payload, const struct subscriber_import_line *line, struct error *error)
{
    static const char *const kinds[IMPORT_KIND_COUNT] = {
        [IMPORT_CONFIRMED] = "confirmed", [IMPORT_ASKED] = "asked",
        [IMPORT_KEPT_OUT] = "kept out",   [IMPORT_CHANGED] = "changed",
        [IMPORT_TAKEN_OUT] = "taken out", [IMPORT_SAME] = "same",
        [IMPORT_OTHER] = "other",         [IMPORT_REFUSED] = "refused",
    };
    struct scene *scene = payload;
    (void)error;
    text_append_format(&scene->told, "%d %s%s%s\n", (int)line->line, kinds[line->kind],
                       line->reason ? " " : "", line->reason ? line->reason : "");
    return true;
}

static bool note_address(void *payload, const struct subscriber_import_line *line,
                         struct error *error)
{
    struct scene *scene = payload;
    (void)error;
    text_append(&scene->told, line->address);
    return true;
}

static int scene_make(void **state)
{
    static struct scene scene;
    scene = (struct scene){ .clock = clock_fixed(INT64_C(1780000000000)),
                            .random = random_seeded(3),
                            .keys = token_keys_fixed(1) };
    const struct database_schema *schemas[] = { &queue_schema, &subscriber_schema };
    scene.database = test_store_in_memory(schemas, 2);
    scene.office = test_office(scene.database, &scene.clock, &scene.random, scene.keys, &all);
    scene.settings = (struct subscriber_import){ .tell = note, .payload = &scene };
    text_init(&scene.told, 0);
    *state = &scene;
    return 0;
}

static int scene_remove(void **state)
{
    struct scene *scene = *state;
    database_close(scene->database);
    token_keys_free(scene->keys);
    arena_release(&scene->arena);
    text_release(&scene->told);
    return 0;
}

static bool import(struct scene *scene, const char *csv)
{
    FILE *stream = fmemopen(arena_copy(&scene->arena, csv), strlen(csv), "r");
    assert_non_null(stream);
    text_clear(&scene->told);
    scene->clock.fixed_at += 1;
    bool done = subscriber_import_csv(&scene->office, stream, &scene->settings, &scene->counts,
                                      &scene->error);
    (void)fclose(stream);
    return done;
}

static void assert_told(struct scene *scene, const char *csv, const char *want)
{
    DONE(import(scene, csv));
    assert_string_equal(scene->told.data ? scene->told.data : "", want);
}

static struct subscriber *show(struct scene *scene, const char *address)
{
    bool failed = false;
    struct subscriber *found = subscriber_find(scene->database, &scene->arena, address, &failed,
                                               &scene->error);
    DONE(!failed);
    return found;
}

/* "STATE LANGUAGE FEED:CADENCE …" */
static void assert_is(struct scene *scene, const char *address, const char *want)
{
    const struct subscriber *person = show(scene, address);
    if (!person) {
        assert_string_equal("unknown", want);
        return;
    }
    const char *is = arena_format(&scene->arena, "%s %s", subscriber_state_name(person->state),
                                  person->language);
    for (const struct subscriber_subscription *s = person->subscriptions; s; s = s->next)
        is = arena_format(&scene->arena, "%s %s:%s%s", is, s->feed,
                          subscriber_cadence_name(s->cadence), s->is_active ? "" : "?");
    assert_string_equal(is, want);
}

static int64_t number(struct scene *scene, const char *sql)
{
    bool found = false;
    struct statement *statement = database_prepare(scene->database, sql, &scene->error);
    DONE(statement_find(statement, &found, &scene->error));
    int64_t result = statement_integer(statement, 0);
    statement_reset(statement);
    return result;
}

#define HEADER "address,feeds,cadence,language,state,confirmed_at,evidence\n"

/* Each of every state, two of those who may be changed. */
static const char everybody[] = HEADER "anna@n.example,alt,daily,da,confirmed,2026-05-01,list 1\n"
                                       "bent@n.example,alt,daily,da,pending,,\n"
                                       "carl@n.example,,,da,unsubscribed,,\n"
                                       "dora@n.example,,,da,bounced,,\n"
                                       "emil@n.example,,,da,complained,,\n";

static void everybody_is_known(struct scene *scene)
{
    assert_told(scene, everybody,
                "2 confirmed\n3 asked\n4 kept out unsubscribed\n5 kept out bounced\n"
                "6 kept out complained\n");
    assert_int_equal(scene->counts.lines, 5);
}

static void who_is_known_and_the_same_is_counted(void **state)
{
    struct scene *scene = *state;
    everybody_is_known(scene);
    int64_t events = number(scene, "SELECT COUNT(*) FROM event");
    assert_told(scene, everybody, "2 same\n3 same\n4 same\n5 same\n6 same\n");
    scene->settings.is_update = true;
    assert_told(scene, everybody, "2 same\n3 same\n4 same\n5 same\n6 same\n");
    assert_int_equal(scene->counts.count[IMPORT_SAME], 5);
    assert_int_equal(scene->counts.lines, 5);
    assert_told(scene, "address\nANNA@N.example\nbent@n.example\n", "2 same\n3 same\n");
    /* Consent is there already. */
    assert_told(scene, "address,state\nanna@n.example,confirmed\n", "2 same\n");
    assert_int_equal(number(scene, "SELECT COUNT(*) FROM event"), events);
    assert_int_equal(number(scene, "SELECT COUNT(*) FROM single_mail"), 1);
}

static void who_is_known_and_differs_changes_only_by_an_update(void **state)
{
    struct scene *scene = *state;
    static const char list[] = "address,feeds,cadence,language\n"
                               "anna@n.example,sport alt,weekly daily,en\n";
    everybody_is_known(scene);
    assert_told(scene, list,
                "2 other feeds from alt to alt sport; cadence from daily to daily weekly; language "
                "from da to en\n");
    assert_is(scene, "anna@n.example", "confirmed da alt:daily");
    scene->settings.is_update = true;
    assert_told(scene, list,
                "2 changed feeds from alt to alt sport; cadence from daily to daily weekly; "
                "language from da to en\n");
    assert_is(scene, "anna@n.example", "confirmed en alt:daily sport:weekly");
    assert_told(scene, list, "2 same\n");
    /* What the line does not say stays, also the cadence of a feed that is kept. */
    assert_told(scene, "address,feeds\nanna@n.example,sport intern\n",
                "2 changed feeds from alt sport to intern sport; cadence from daily weekly to "
                "immediate weekly\n");
    assert_told(scene, "address,cadence\nanna@n.example,weekly\n",
                "2 changed cadence from immediate weekly to weekly\n");
    assert_told(scene, "address,language\nanna@n.example,DE\n",
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
    assert_told(scene, "address,feeds\nbent@n.example,sport\n",
                "2 other feeds from alt to sport\n");
    assert_told(scene, granted,
                "2 other state from pending to confirmed; language from da to en\n");
    scene->settings.is_update = true;
    assert_told(scene, "address,feeds\nbent@n.example,sport\n",
                "2 refused known: was asked already, and what that mail lists stands until it is "
                "answered\n");
    assert_told(scene, "address,state\nbent@n.example,confirmed\n",
                "2 refused confirmed without evidence; say where and how consent was given\n");
    assert_is(scene, "bent@n.example", "pending da alt:daily?");
    assert_told(scene, granted,
                "2 changed state from pending to confirmed; language from da to en\n");
    assert_is(scene, "bent@n.example", "confirmed en alt:daily");
    const struct subscriber *bent = show(scene, "bent@n.example");
    assert_string_equal(bent->events->next->proof.evidence, "card 4");
    assert_true(bent->requests->voided_at != INSTANT_NONE);
    assert_int_equal(number(scene, "SELECT COUNT(*) FROM single_mail WHERE state = 0"), 0);
}

static void who_is_said_to_have_left_is_taken_out(void **state)
{
    struct scene *scene = *state;
    everybody_is_known(scene);
    assert_told(scene,
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
    assert_int_equal(number(scene, "SELECT COUNT(*) FROM single_mail WHERE state = 0"), 0);
}

static void nobody_who_left_comes_back(void **state)
{
    struct scene *scene = *state;
    everybody_is_known(scene);
    scene->settings.is_update = true;
    scene->settings.may_ask = true;
    scene->settings.evidence = "all of them said yes";
    assert_told(scene,
                "address,state,confirmed_at,evidence\n"
                "carl@n.example,,,\ndora@n.example,pending,,\n"
                "emil@n.example,confirmed,2026-05-20,card\n",
                "2 refused known: is unsubscribed since 2026-05-28, and no import brings anybody "
                "back; only a request of the person's own does\n"
                "3 refused known: is bounced since 2026-05-28, and no import brings anybody back; "
                "only a request of the person's own does\n"
                "4 refused known: is complained since 2026-05-28, and no import brings anybody "
                "back; only a request of the person's own does\n");
    assert_told(scene, "address,state\ncarl@n.example,bounced\n", "2 same\n");
    assert_is(scene, "carl@n.example", "unsubscribed da");
}

static void who_never_answered_is_not_asked_again(void **state)
{
    struct scene *scene = *state;
    int64_t count = 0;
    everybody_is_known(scene);
    scene->clock.fixed_at += 8 * DURATION_DAY;
    DONE(subscriber_expire(&scene->office, &count, &scene->error));
    assert_int_equal(count, 1);
    assert_told(scene, "address,state\nbent@n.example,expired\n", "2 same\n");
    assert_told(scene, "address,state\nanna@n.example,expired\n",
                "2 refused state \"expired\" cannot be imported; write pending, confirmed, "
                "unsubscribed, bounced or complained\n");
    DONE(import(scene, "address\nbent@n.example\n"));
    assert_non_null(strstr(scene->told.data, "refused known: is expired since"));
}

/* Also where she has asked for mails again since. */
static void erased_is_said_only_of_the_erased(void **state)
{
    struct scene *scene = *state;
    bool known = false;
    bool pending = false;
    struct subscriber_outcome outcome;
    const struct subscriber_wish wish = { .address = "anna@n.example",
                                          .proof = { .way = SUBSCRIBER_BY_WEB } };
    everybody_is_known(scene);
    DONE(subscriber_forget(&scene->office, "anna@n.example", &known, &pending, &scene->error));
    DONE(import(scene, everybody));
    assert_non_null(strstr(scene->told.data, "2 refused suppressed: was erased"));
    assert_non_null(strstr(scene->told.data, "3 same\n4 same\n"));
    assert_told(scene, "address,state\nanna@n.example,unsubscribed\n",
                "2 refused suppressed: was erased, and no import brings anybody back; only a "
                "request of the person's own does\n");
    DONE(subscriber_ask(&scene->office, &wish, &outcome, &scene->error));
    assert_told(scene, "address\nanna@n.example\n", "2 same\n");
}

/* ---- consent ---- */

static void the_operators_word_is_the_evidence_of_who_has_none(void **state)
{
    struct scene *scene = *state;
    scene->settings.evidence = "fair in Aarhus, cards in the cellar";
    assert_told(scene,
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
    struct text list;
    text_init(&list, 0);
    text_append(&list, "address\nanna@n.example\nno address\n");
    for (int i = 0; i < count; i++)
        text_append_format(&list, "p%d@n.example\n", i);
    text_append(&list, "P0@n.example\n");
    const char *copy = arena_copy(&scene->arena, list.data);
    text_release(&list);
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
    assert_int_equal(scene->told.length, 0);
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
    assert_int_equal(scene->told.length, 0);
    assert_is(scene, "a@n.example", "unknown");
    DONE(import(scene, "address\na@n.example\nno\nb@n.example\n"));
    assert_int_equal(scene->counts.lines, 3);
}

/* The place of an address may hold anything, up to a record's length. */
static void what_is_no_address_is_shown_in_part(void **state)
{
    struct scene *scene = *state;
    struct text list;
    text_init(&list, 0);
    text_append(&list, "address\nx");
    for (int i = 0; i < 5000; i++)
        text_append(&list, "\xC3\xA6");
    scene->settings.tell = note_address;
    DONE(import(scene, list.data));
    text_release(&list);
    assert_int_equal(scene->told.length, 299); /* whole characters: no half of one */
}

static void twenty_are_asked(void **state)
{
    struct scene *scene = *state;
    DONE(import(scene, strangers(scene, SUBSCRIBER_ASKED_AT_ONCE - 1)));
    assert_int_equal(scene->counts.count[IMPORT_ASKED], 20);
}

/* ---- only tried ---- */

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
    const char *told = arena_copy(&scene->arena, scene->told.data);
    assert_is(scene, "anna@n.example", "confirmed da alt:daily");
    assert_is(scene, "bent@n.example", "pending da alt:daily?");
    assert_is(scene, "frida@n.example", "unknown");
    assert_int_equal(number(scene, "SELECT COUNT(*) FROM event"), 5);
    scene->settings.is_dry_run = false;
    DONE(import(scene, list));
    assert_string_equal(scene->told.data, told);
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

/* ---- one address, several lines ---- */

/* Whatever else the file says of a person who left. */
static void of_equal_addresses_the_one_who_left_counts_and_else_the_first(void **state)
{
    struct scene *scene = *state;
    assert_told(
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

/* ---- among many ---- */

/* Those of a list stand far apart in the index, and some behind its end. */
static void few_are_found_among_many(void **state)
{
    enum { PEOPLE = 3000 };
    struct scene *scene = *state;
    struct text list;
    text_init(&list, 0);
    text_append(&list, HEADER);
    for (int i = 0; i < PEOPLE; i++)
        text_append_format(&list, "p%04d@n.example,alt,,,confirmed,2026-05-01,list\n", i);
    DONE(import(scene, list.data));
    text_release(&list);
    assert_told(scene,
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
    enum { PEOPLE = 4500 };
    struct scene *scene = *state;
    struct text list;
    text_init(&list, 0);
    text_append(&list, HEADER);
    for (int i = 0; i < PEOPLE; i++)
        text_append_format(&list, "p%04d@n.example,alt,,,confirmed,2026-05-01,list\n", i);
    DONE(import(scene, list.data));
    text_clear(&list);
    text_append(&list, "address,feeds\n");
    for (int i = 0; i < PEOPLE; i++)
        text_append_format(&list, "p%04d@n.example,sport\n", i);
    scene->settings.is_update = true;
    DONE(import(scene, list.data));
    text_release(&list);
    assert_int_equal(scene->counts.count[IMPORT_CHANGED], PEOPLE);
    assert_int_equal(scene->counts.lines, PEOPLE);
    assert_int_equal(number(scene, "SELECT COUNT(*) FROM subscription WHERE feed = 'sport'"),
                     PEOPLE);
}

/* A feed that is gone from feeds/ cannot stay by being left unsaid. */
static void what_cannot_stay_must_be_said(void **state)
{
    struct scene *scene = *state;
    everybody_is_known(scene);
    scene->settings.is_update = true;
    scene->office.feeds = &other;
    assert_told(scene, "address,cadence\nanna@n.example,weekly\n",
                "2 refused known: follows the feed \"alt\", which is not in feeds/ any more; name "
                "the feeds\n");
    assert_told(scene, "address,feeds\nanna@n.example,sport\n",
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
    assert_told(scene, "anna@n.example\nbent@n.example\n", "1 confirmed\n2 confirmed\n");
    scene->settings.list.lists = &games;
    assert_told(scene, "anna@n.example\ncarl@n.example\n",
                "1 other feeds from alt to alt sport\n2 confirmed\n");
    scene->settings.is_update = true;
    assert_told(scene, "anna@n.example\ncarl@n.example\n",
                "1 changed feeds from alt to alt sport\n2 same\n");
    assert_is(scene, "anna@n.example", "confirmed da alt:immediate sport:immediate");
    assert_told(scene, "anna@n.example\n", "1 same\n");
    scene->settings.list.lists = &press;
    assert_told(scene, "anna@n.example\n", "1 same\n");
    /* What stays must be there to stay. */
    scene->office.feeds = &other;
    scene->settings.list.lists = &games;
    assert_told(scene, "bent@n.example\n",
                "1 refused known: follows the feed \"alt\", which is not in feeds/ any more; name "
                "the feeds\n");
}

/* Names that stand twice are one feed, with one cadence. */
static void a_feed_that_stands_twice_is_one(void **state)
{
    struct scene *scene = *state;
    assert_told(scene,
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
    assert_told(scene,
                HEADER "anna@n.example,alt sport,daily weekly,,,,\n"
                       "bent@n.example,alt sport,daily daily,,,,\n"
                       "carl@n.example,alt sport,daily weekly,,confirmed,2026-05-01,list\n",
                "2 refused who is asked to confirm is asked for one cadence; write one for all "
                "feeds\n3 asked\n4 confirmed\n");
    assert_string_equal(show(scene, "bent@n.example")->events->cadence, "daily");
    assert_string_equal(show(scene, "carl@n.example")->events->cadence, "");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, scene_make, scene_remove)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(who_is_known_and_the_same_is_counted),
        TEST(who_is_known_and_differs_changes_only_by_an_update),
        TEST(who_was_asked_is_not_changed_but_may_be_confirmed),
        TEST(who_is_said_to_have_left_is_taken_out),
        TEST(nobody_who_left_comes_back),
        TEST(who_never_answered_is_not_asked_again),
        TEST(erased_is_said_only_of_the_erased),
        TEST(the_operators_word_is_the_evidence_of_who_has_none),
        TEST(more_than_twenty_are_asked_only_where_the_operator_says_so),
        TEST(a_file_of_too_many_lines_is_refused_whole),
        TEST(what_is_no_address_is_shown_in_part),
        TEST(twenty_are_asked),
        TEST(a_dry_run_decides_alike_and_writes_nothing),
        TEST(a_dry_run_says_that_too_many_would_be_asked),
        TEST(of_equal_addresses_the_one_who_left_counts_and_else_the_first),
        TEST(few_are_found_among_many),
        TEST(a_change_of_many_is_whole),
        TEST(what_cannot_stay_must_be_said),
        TEST(what_another_program_says_of_one_list_leaves_the_others),
        TEST(a_feed_that_stands_twice_is_one),
        TEST(who_is_asked_is_asked_for_one_cadence),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
