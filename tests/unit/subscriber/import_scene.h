/* SPDX-License-Identifier: MIT */
#ifndef TESTS_UNIT_SUBSCRIBER_IMPORT_SCENE_H
#define TESTS_UNIT_SUBSCRIBER_IMPORT_SCENE_H

#include "cmocka_all.h"

#include "address/token.h"
#include "base/arena.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/random.h"
#include "base/string_builder.h"
#include "database/database.h"
#include "digest/digest.h"
#include "feed/feed.h"
#include "queue/queue.h"
#include "subscriber/subscriber.h"
#include "subscriber/transfer.h"
#include "unit/store.h"
#include "unit/subscriber/service.h"

#include <stdio.h>
#include <string.h>

/* A newsroom into which lists are imported, and what is reported of their lines. */

static const struct feed closed = { .id = "intern" };
static const struct feed other = { .id = "sport", .signup_open = true, .next = &closed };
static const struct feed all = { .id = "alt", .signup_open = true, .next = &other };

struct scene {
    struct database *database;
    struct clock clock;
    struct random random;
    struct subscriber_service service;
    struct token_keys *keys;
    struct arena arena;
    struct error error;
    struct subscriber_import settings;
    struct subscriber_import_counts counts;
    struct string_builder reported; /* "LINE KIND REASON\n" */
    void (*note)(struct scene *scene, const struct subscriber_import_line *line);
};

static inline void note(struct scene *scene, const struct subscriber_import_line *line)
{
    static const char *const kinds[IMPORT_KIND_COUNT] = {
        [IMPORT_CONFIRMED] = "confirmed", [IMPORT_ASKED] = "asked",
        [IMPORT_KEPT_OUT] = "kept out",   [IMPORT_CHANGED] = "changed",
        [IMPORT_TAKEN_OUT] = "taken out", [IMPORT_SAME] = "same",
        [IMPORT_OTHER] = "other",         [IMPORT_REFUSED] = "refused",
    };
    string_builder_append_format(&scene->reported, "%d %s%s%s\n", (int)line->line,
                                 kinds[line->kind], line->reason ? " " : "",
                                 line->reason ? line->reason : "");
}

static inline int scene_make(void **state)
{
    static struct scene scene;
    scene = (struct scene){ .clock = clock_fixed(INT64_C(1780000000000)),
                            .random = random_seeded(3),
                            .keys = token_keys_fixed(1) };
    const struct database_schema *schemas[] = { &queue_schema, &digest_schema, &subscriber_schema };
    scene.database = test_store_in_memory(schemas, 3);
    scene.service = test_subscriber_service(scene.database, &scene.clock, &scene.random, scene.keys,
                                            &all);
    scene.settings = (struct subscriber_import){ .payload = &scene };
    scene.note = note;
    string_builder_init(&scene.reported, 0);
    *state = &scene;
    return 0;
}

static inline int scene_remove(void **state)
{
    struct scene *scene = *state;
    database_close(scene->database);
    token_keys_free(scene->keys);
    arena_release(&scene->arena);
    string_builder_release(&scene->reported);
    return 0;
}

static inline bool import(struct scene *scene, const char *csv)
{
    FILE *stream = fmemopen(arena_copy(&scene->arena, csv), strlen(csv), "r");
    assert_non_null(stream);
    string_builder_clear(&scene->reported);
    scene->clock.fixed_at += 1;
    struct subscriber_import_lines *lines;
    struct subscriber_import_line line;
    bool done = subscriber_import_csv(&scene->service, stream, &scene->settings, &scene->counts,
                                      &lines, &scene->error);
    (void)fclose(stream);
    while (subscriber_import_lines_next(lines, &line))
        scene->note(scene, &line);
    subscriber_import_lines_free(lines);
    return done;
}

static inline void assert_reported(struct scene *scene, const char *csv, const char *want)
{
    DONE(import(scene, csv));
    assert_string_equal(scene->reported.data ? scene->reported.data : "", want);
}

static inline struct subscriber *show(struct scene *scene, const char *address)
{
    bool failed = false;
    struct subscriber *found = subscriber_find(scene->database, &scene->arena, address, &failed,
                                               &scene->error);
    DONE(!failed);
    return found;
}

/* "STATE LANGUAGE FEED:CADENCE …" */
static inline void assert_is(struct scene *scene, const char *address, const char *want)
{
    const struct subscriber *subscriber = show(scene, address);
    if (!subscriber) {
        assert_string_equal("unknown", want);
        return;
    }
    const char *is = arena_format(&scene->arena, "%s %s", subscriber_state_name(subscriber->state),
                                  subscriber->language);
    for (const struct subscriber_subscription *s = subscriber->subscriptions; s; s = s->next)
        is = arena_format(&scene->arena, "%s %s:%s%s", is, s->feed,
                          subscriber_cadence_name(s->cadence), s->is_active ? "" : "?");
    assert_string_equal(is, want);
}

static inline int64_t number(struct scene *scene, const char *sql)
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

static inline void everybody_is_known(struct scene *scene)
{
    assert_reported(scene, everybody,
                    "2 confirmed\n3 asked\n4 kept out unsubscribed\n5 kept out bounced\n"
                    "6 kept out complained\n");
    assert_int_equal(scene->counts.lines, 5);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, scene_make, scene_remove)

#endif
