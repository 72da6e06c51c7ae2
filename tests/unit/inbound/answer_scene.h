/* SPDX-License-Identifier: MIT */
#ifndef TESTS_UNIT_INBOUND_ANSWER_SCENE_H
#define TESTS_UNIT_INBOUND_ANSWER_SCENE_H

#include "cmocka_all.h"

#include "address/token.h"
#include "base/arena.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/random.h"
#include "confined/confined.h"
#include "database/database.h"
#include "database/write_transaction.h"
#include "digest/digest.h"
#include "feed/feed.h"
#include "inbound/answer.h"
#include "mail/mail.h"
#include "mime/mime.h"
#include "net/mailbox.h"
#include "queue/queue.h"
#include "queue/transactional_mail.h"
#include "release/body.h"
#include "release/newsroom.h"
#include "release/release_store.h"
#include "unit/phrases.h"
#include "unit/store.h"
#include "unit/subscriber/service.h"
#include "unit/words.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* A newsroom whose release was mailed to one person, and its inbox, a Maildir. */

#define NOW INT64_C(1780000000000)

static const struct feed feed = { .id = "nyt", .signup_open = true };

struct scene {
    struct database *database;
    struct clock clock;
    struct random random;
    struct token_keys *keys;
    struct language_words *words;
    struct mail_phrases *phrases;
    struct subscriber_service service;
    struct release_contact publisher;
    struct newsroom newsroom;
    struct mail_resources resources;
    struct inbound_settings settings;
    struct inbound_totals totals;
    struct arena arena;
    struct error error;
    char folder[64];
    int written;
    int64_t release;
    int64_t announcement;
    int64_t ida; /* a subscriber who was mailed it */
};

/* ---- what was mailed ---- */

static inline int64_t publish(struct scene *scene, const char *id, struct release_contact *contacts)
{
    struct release release = { .public_id = id,
                               .title = "Ny akutmodtagelse",
                               .language = "da",
                               .type = "press-release",
                               .contacts = contacts,
                               .mail = true,
                               .body = body_new(&scene->arena) };
    struct release_row row = { .public_id = id,
                               .stat_fingerprint = "",
                               .title = "Ny akutmodtagelse",
                               .language = "da",
                               .type = "press-release",
                               .topics = "",
                               .status = RELEASE_READY,
                               .published_at = NOW,
                               .due_at = NOW,
                               .ready_at = NOW,
                               .mail = true,
                               .correction = "",
                               .slug = id,
                               .year = 2026,
                               .announce_note = "" };
    DONE(database_begin(scene->database, &scene->error));
    DONE(release_insert(scene->database, &row, &release, NOW, &scene->error));
    row.public_at = NOW;
    row.public_revision = 1;
    DONE(release_update(scene->database, &row, &scene->error));
    DONE(database_commit(scene->database, &scene->error));
    return row.row_id;
}

static inline void execute(struct scene *scene, const char *sql)
{
    DONE(database_begin(scene->database, &scene->error));
    DONE(database_end(scene->database, database_execute(scene->database, sql, &scene->error),
                      &scene->error));
}

static inline int64_t announce(struct scene *scene, int64_t release, enum queue_kind kind,
                               const char *deduplication_key)
{
    bool is_new;
    int64_t row_id = 0;
    const struct queue_announcement what = { release, kind, deduplication_key };
    DONE(database_begin(scene->database, &scene->error));
    DONE(queue_announcement_open(scene->database, &what, &row_id, &is_new, &scene->error));
    DONE(database_commit(scene->database, &scene->error));
    return row_id;
}

static inline void deliver(struct scene *scene, int64_t announcement, int64_t version)
{
    execute(scene,
            arena_format(&scene->arena,
                         "INSERT INTO delivery (announcement, subscriber, mailing, version,"
                         " state, next_at, updated_at) VALUES (%lld, %lld, 1, %lld, 2, 0, 0)",
                         (long long)announcement, (long long)scene->ida, (long long)version));
}

static inline int64_t confirmed(struct scene *scene, const char *address)
{
    struct subscriber_outcome outcome;
    const struct subscription_request subscription_request = {
        .address = address, .proof = { .way = SUBSCRIBER_BY_CLI, .evidence = "blanket" }
    };
    DONE(subscriber_grant(&scene->service, &subscription_request, NOW, &outcome, &scene->error));
    return outcome.subscriber;
}

static struct release_contact mette = { .name = "Mette Holm", .email = "mette@nordhav.example" };

static inline int scene_make(void **state)
{
    static struct scene scene;
    static const char *const folders[] = { "new", "cur" };
    const struct database_schema *schemas[] = { &release_schema, &queue_schema, &digest_schema,
                                                &subscriber_schema, &inbound_schema };
    scene = (struct scene){ .clock = clock_fixed(NOW),
                            .random = random_seeded(3),
                            .keys = token_keys_fixed(9),
                            .words = shipped_words(),
                            .phrases = shipped_phrases(),
                            .publisher = { .name = "Presse", .email = "vagt@nordhav.example" } };
    confined_set_program(PRESSROOM_PROGRAM);
    scene.database = test_store_in_memory(schemas, 5);
    scene.service = test_subscriber_service(scene.database, &scene.clock, &scene.random, scene.keys,
                                            &feed);
    scene.newsroom = (struct newsroom){ .name = "Region Nordhav",
                                        .contacts = &scene.publisher,
                                        .site_url = "https://presse.nordhav.example/",
                                        .language = "da" };
    scene.resources = (struct mail_resources){ .newsroom = &scene.newsroom };
    scene.settings = (struct inbound_settings){ .replies = "svar@nordhav.example",
                                                .bounces = "bounce@nordhav.example",
                                                .delimiter = "+",
                                                .from = "presse@nordhav.example",
                                                .inbox_address = "post@nordhav.example",
                                                .words = scene.words,
                                                .phrases = scene.phrases,
                                                .resources = &scene.resources,
                                                .mailbox_name = "inbox" };
    (void)snprintf(scene.folder, sizeof scene.folder, "/tmp/pressroom-answers-XXXXXX");
    assert_non_null(mkdtemp(scene.folder));
    for (size_t i = 0; i < 2; i++)
        assert_int_equal(mkdir(arena_format(&scene.arena, "%s/%s", scene.folder, folders[i]), 0700),
                         0);
    scene.ida = confirmed(&scene, "Ida@avisen.example");
    scene.release = publish(&scene, "akut", &mette);
    scene.announcement = announce(&scene, scene.release, QUEUE_RELEASE, "");
    deliver(&scene, scene.announcement, scene.release);
    *state = &scene;
    return 0;
}

static inline int scene_remove(void **state)
{
    struct scene *scene = *state;
    char command[160];
    database_close(scene->database);
    token_keys_free(scene->keys);
    language_words_free(scene->words);
    mail_phrases_free(scene->phrases);
    arena_release(&scene->arena);
    (void)snprintf(command, sizeof command, "rm -rf '%s'", scene->folder);
    return system(command); /* NOLINT(cert-env33-c,concurrency-mt-unsafe): a folder of our own */
}

/* ---- the inbox ---- */

static inline const char *address_with(struct scene *scene, const char *before, struct token token)
{
    char text[TOKEN_SIZE];
    token_write(scene->keys, &token, text);
    return arena_format(&scene->arena, "%s%s@nordhav.example", before, text);
}

static inline const char *answer_address(struct scene *scene)
{
    return address_with(scene, "svar+answer-",
                        (struct token){ TOKEN_ANSWER, scene->ida, scene->announcement });
}

/* The file as it was written, for comparing. */
static inline const char *mail(struct scene *scene, const char *to, const char *fields,
                               const char *body)
{
    const char *path = arena_format(&scene->arena, "%s/new/m%d", scene->folder, ++scene->written);
    const char *bytes = arena_format(&scene->arena,
                                     "Delivered-To: %s\nTo: %s\nMessage-ID: <%d@avisen.example>\n"
                                     "%s\n%s",
                                     to, to, scene->written, fields, body);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    (void)fputs(bytes, file);
    assert_int_equal(fclose(file), 0);
    return bytes;
}

static inline const char *answer(struct scene *scene, const char *body)
{
    return mail(scene, answer_address(scene),
                "From: Ida Krog <ida@avisen.example>\nSubject: Re: Akut\n", body);
}

static inline int mails_left(struct scene *scene)
{
    int count = 0;
    DIR *directory = opendir(arena_format(&scene->arena, "%s/new", scene->folder));
    assert_non_null(directory);
    const struct dirent *entry;
    while ((entry = readdir(directory))) /* NOLINT(concurrency-mt-unsafe) */
        count += entry->d_name[0] != '.';
    (void)closedir(directory);
    return count;
}

static inline void collect(struct scene *scene)
{
    const struct mailbox_settings place = { .url = arena_format(&scene->arena, "maildir:%s",
                                                                scene->folder) };
    struct mailbox *mailbox = mailbox_open(&place, &scene->error);
    DONE(mailbox);
    scene->totals = (struct inbound_totals){ .repeated = 0 };
    DONE(inbound_run(&scene->settings, &scene->service, mailbox, &scene->totals, &scene->error));
    DONE(mailbox_close(mailbox, &scene->error));
}

static inline int64_t number(struct scene *scene, const char *sql)
{
    return test_store_number(scene->database, sql);
}

static inline int64_t forwards(struct scene *scene)
{
    return number(scene, "SELECT count(*) FROM transactional_mail WHERE kind = 9");
}

static inline int64_t forwards_to(struct scene *scene, const char *address)
{
    return number(scene, arena_format(&scene->arena,
                                      "SELECT count(*) FROM transactional_mail WHERE kind = 9"
                                      " AND address = '%s' AND language = 'da'",
                                      address));
}

static inline struct queue_forward newest_forward(struct scene *scene)
{
    bool found = false;
    struct queue_forward forward;
    int64_t transactional = number(scene, "SELECT max(row_id) FROM transactional_forward");
    DONE(queue_forward_find(scene->database, &scene->arena, transactional, &forward, &found,
                            &scene->error));
    assert_true(found);
    return forward;
}

#endif
