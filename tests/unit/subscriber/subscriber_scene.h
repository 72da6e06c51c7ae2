/* SPDX-License-Identifier: MIT */
#ifndef TESTS_UNIT_SUBSCRIBER_SUBSCRIBER_SCENE_H
#define TESTS_UNIT_SUBSCRIBER_SUBSCRIBER_SCENE_H

#include "cmocka_all.h"

#include "address/token.h"
#include "base/arena.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/random.h"
#include "database/database.h"
#include "digest/digest.h"
#include "feed/feed.h"
#include "queue/queue.h"
#include "subscriber/subscriber.h"
#include "unit/store.h"
#include "unit/subscriber/service.h"

/* A store with the tables of subscribers, and what subscriber/ works with. */
struct scene {
    struct database *database;
    struct clock clock;
    struct random random;
    struct subscriber_service service;
    struct token_keys *keys;
    struct arena arena;
    struct error error;
};

/* Over a store in the file at path, with its locks in directory; ":memory:" and -1: in memory. */
static inline void scene_open(struct scene *scene, const char *path, int directory, int64_t at,
                              const struct feed *feeds)
{
    const struct database_schema *schemas[] = { &queue_schema, &digest_schema, &subscriber_schema };
    *scene = (struct scene){ .clock = clock_fixed(at),
                             .random = random_seeded(3),
                             .keys = token_keys_fixed(1) };
    scene->database = test_store_open(path, directory, schemas, 3);
    scene->service = test_subscriber_service(scene->database, &scene->clock, &scene->random,
                                             scene->keys, feeds);
}

static inline void scene_close(struct scene *scene)
{
    database_close(scene->database);
    token_keys_free(scene->keys);
    arena_release(&scene->arena);
}

#endif
