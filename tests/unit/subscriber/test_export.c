/* SPDX-License-Identifier: MIT */
#include "unit/subscriber/subscriber_scene.h"

#include "subscriber/transfer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct feed sport = { .id = "sport", .signup_open = true };
static const struct feed all = { .id = "alt", .signup_open = true, .next = &sport };

/* A time at which consent was given. */
#define CONSENT_AT INT64_C(1770000000000)
#define CONSENT "2026-02-02T02:40:00Z"

static int scene_make(void **state)
{
    static struct scene scene;
    scene_open(&scene, ":memory:", -1, INT64_C(1780000000000), &all);
    *state = &scene;
    return 0;
}

static int scene_remove(void **state)
{
    scene_close(*state);
    return 0;
}

static struct subscription_request request_of(const char *address, const char *const *feed,
                                              const char *evidence)
{
    return (
        struct subscription_request){ .address = address,
                                      .feeds = feed,
                                      .feed_count = 1,
                                      .language = "da",
                                      .proof = { .way = SUBSCRIBER_BY_CLI, .evidence = evidence } };
}

static void grant(struct scene *scene, const char *address, const char *evidence)
{
    static const char *const feed[] = { "alt" };
    struct subscriber_outcome outcome;
    const struct subscription_request subscription_request = request_of(address, feed, evidence);
    DONE(subscriber_grant(&scene->service, &subscription_request, CONSENT_AT, &outcome,
                          &scene->error));
}

static const char *exported(struct scene *scene, bool for_excel)
{
    char *bytes = NULL;
    size_t size = 0;
    int64_t count = 0;
    FILE *stream = open_memstream(&bytes, &size);
    assert_non_null(stream);
    DONE(subscriber_export_csv(&scene->service, stream, for_excel, &count, &scene->error));
    (void)fclose(stream);
    const char *copy = arena_copy(&scene->arena, bytes);
    free(bytes);
    return copy;
}

#define HEADING "address,feeds,cadence,language,state,confirmed_at,evidence\n"

/* Elsewhere it would count as confirmed. */
static void what_a_confirmed_person_has_not_confirmed_is_left_out(void **state)
{
    struct scene *scene = *state;
    static const char *const feed[] = { "sport" };
    const struct subscription_request subscription_request = request_of("anna@n.example", feed,
                                                                        NULL);
    const struct subscription_request other = request_of("bo@n.example", feed, NULL);
    struct subscriber_outcome outcome;
    grant(scene, "anna@n.example", "a form");
    DONE(subscriber_subscribe(&scene->service, &subscription_request, &outcome, &scene->error));
    DONE(subscriber_subscribe(&scene->service, &other, &outcome, &scene->error));
    assert_string_equal(exported(scene, false),
                        HEADING "anna@n.example,alt,immediate,da,confirmed," CONSENT ",a form\n"
                                "bo@n.example,sport,immediate,da,pending,,\n");
}

static void formulas_are_guarded_in_every_column_that_people_fill(void **state)
{
    struct scene *scene = *state;
    grant(scene, "=a@n.example", "\t-1");
    grant(scene, "'+b@n.example", "said yes; =1");
    assert_string_equal(exported(scene, false), HEADING
                        "''+b@n.example,alt,immediate,da,confirmed," CONSENT ",\"said yes; '=1\"\n"
                        "'=a@n.example,alt,immediate,da,confirmed," CONSENT ",\"'\t'-1\"\n");
}

static void a_spreadsheet_gets_a_mark_and_semicolons(void **state)
{
    struct scene *scene = *state;
    grant(scene, "s\xC3\xB8ren@n.example", "form; 2, page 3");
    assert_string_equal(exported(scene, true),
                        "\xEF\xBB\xBF"
                        "address;feeds;cadence;language;state;confirmed_at;evidence\r\n"
                        "s\xC3\xB8ren@n.example;alt;immediate;da;confirmed;" CONSENT
                        ";\"form; 2, page 3\"\r\n");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, scene_make, scene_remove)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_a_confirmed_person_has_not_confirmed_is_left_out),
        TEST(formulas_are_guarded_in_every_column_that_people_fill),
        TEST(a_spreadsheet_gets_a_mark_and_semicolons),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
