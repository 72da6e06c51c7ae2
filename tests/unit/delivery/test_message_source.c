/* SPDX-License-Identifier: MIT */
#include "../mail/mail_test_resources.h"

#include "delivery/announce.h"
#include "delivery/deliver.h"
#include "delivery/message_source.h"

#include "address/token.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/random.h"
#include "database/database.h"
#include "digest/digest.h"
#include "feed/feed.h"
#include "publish/publish.h"
#include "queue/queue.h"
#include "queue/sending.h"
#include "queue/transactional_mail.h"
#include "release/body.h"
#include "release/release_store.h"
#include "subscriber/subscriber.h"
#include "unit/store.h"
#include "unit/subscriber/service.h"

#include <inttypes.h>

#define NOW INT64_C(1780300000000)

struct scene {
    struct test_resources test;
    struct database *database;
    struct arena *arena;
    struct clock clock;
    struct random random;
    struct token_keys *keys;
    struct error error;
    struct subscriber_service service;
    struct publish_settings publish;
    struct message_source_settings settings;
    struct message_source *source;
    struct release_row row;
};

static const struct localized_text feed_title = { "da", "Pressemeddelelser", NULL };
static const struct feed feed = {
    .id = "nyt", .title = &feed_title, .signup_open = true, .next = NULL
};

static int set_up(void **state)
{
    static struct scene scene_memory;
    struct scene *scene = &scene_memory;
    const struct database_schema *schemas[] = { &queue_schema, &digest_schema, &subscriber_schema,
                                                &release_schema, &publish_schema };
    *scene = (struct scene){ .clock = clock_fixed(NOW), .random = random_seeded(7) };
    log_set_level(LOG_ERROR);
    test_resources_open(&scene->test);
    scene->arena = &scene->test.arena;
    scene->keys = token_keys_fixed(1);
    scene->database = test_store_in_memory(schemas, 5);
    scene->service = test_subscriber_service(scene->database, &scene->clock, &scene->random,
                                             scene->keys, &feed);
    scene->publish = (struct publish_settings){ .newsroom = &scene->test.newsroom,
                                                .strings = scene->test.strings,
                                                .locale = scene->test.locale };
    scene->settings = (struct message_source_settings){ .resources = &scene->test.resources,
                                                        .publish = &scene->publish,
                                                        .feeds = &feed,
                                                        .bounces = "bounce@nordhav.example",
                                                        .delimiter = "+" };
    scene->source = message_source_open(&scene->settings, &scene->service, &scene->error);
    if (!scene->source)
        fail_msg("%s", scene->error.message);
    *state = scene;
    return 0;
}

static int tear_down(void **state)
{
    struct scene *scene = *state;
    message_source_close(scene->source);
    database_close(scene->database);
    token_keys_free(scene->keys);
    test_resources_close(&scene->test);
    return 0;
}

static int64_t follower(struct scene *scene, const char *address, const char *language)
{
    const char *const feeds[] = { "nyt" };
    struct subscriber_outcome outcome;
    const struct subscription_request subscription_request = { .address = address,
                                                               .feeds = feeds,
                                                               .feed_count = 1,
                                                               .language = language,
                                                               .proof = { .way = SUBSCRIBER_BY_CLI,
                                                                          .evidence = "form" } };
    DONE(subscriber_grant(&scene->service, &subscription_request, NOW, &outcome, &scene->error));
    return outcome.subscriber;
}

static struct release *text_of(struct scene *scene, const char *words, const char *correction)
{
    struct release *release = arena_allocate(scene->arena, sizeof *release);
    *release = (struct release){ .public_id = "a",
                                 .title = "Ny akutmodtagelse",
                                 .language = "da",
                                 .type = "press-release",
                                 .correction = correction,
                                 .mail = true,
                                 .body = body_new(scene->arena) };
    body_append_text(scene->arena, body_append(scene->arena, release->body, BODY_PARAGRAPH), words,
                     strlen(words));
    return release;
}

static void publish(struct scene *scene)
{
    struct release_row *row = &scene->row;
    *row = (struct release_row){ .public_id = "a",
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
                                 .slug = "akut",
                                 .year = 2026,
                                 .announce_note = "" };
    DONE(release_insert(scene->database, row, text_of(scene, "Der er 24 stuer.", NULL), NOW,
                        &scene->error));
    row->public_at = NOW;
    row->public_revision = 1;
    DONE(release_update(scene->database, row, &scene->error));
}

static void publish_correction(struct scene *scene)
{
    struct release_row *row = &scene->row;
    bool failed;
    *row = *release_find_by_row_id(scene->database, scene->arena, row->row_id, &failed,
                                   &scene->error);
    row->correction = "Der er 42.";
    DONE(release_add_revision(scene->database, row,
                              text_of(scene, "Der er 42 stuer.", row->correction), NOW,
                              &scene->error));
    row->public_revision = row->revision;
    row->updated_at = NOW + DURATION_MINUTE;
    DONE(release_update(scene->database, row, &scene->error));
}

static void announce(struct scene *scene)
{
    struct announce_totals totals;
    const struct announce_settings settings = {
        .max_age_ms = DURATION_DAY, .max_new = 5, .feeds = &feed, .language = "da"
    };
    DONE(announce_run(scene->database, &settings, &scene->clock, &totals, &scene->error));
}

/* The newest delivery of a subscriber, as a worker would hold it. */
static struct queue_row row_of(struct scene *scene, int64_t subscriber)
{
    bool found;
    struct statement *statement = database_prepare(
        scene->database,
        "SELECT d.announcement, d.mailing, d.version, s.address, s.language FROM delivery d"
        " JOIN subscriber s ON s.row_id = d.subscriber WHERE s.row_id = $1 ORDER BY d.mailing DESC LIMIT 1",
        &scene->error);
    statement_bind_integer(statement, 1, subscriber);
    DONE(statement_find(statement, &found, &scene->error));
    assert_true(found);
    const struct queue_row row = { .announcement = statement_integer(statement, 0),
                                   .mailing = statement_integer(statement, 1),
                                   .version = statement_integer(statement, 2),
                                   .subscriber = subscriber,
                                   .address = statement_copy_text(statement, 3, scene->arena),
                                   .language = statement_copy_text(statement, 4, scene->arena) };
    statement_reset(statement);
    return row;
}

static const char *compose(struct scene *scene, const struct queue_row *row,
                           struct delivery_message *message)
{
    DONE(message_source_compose(scene->source, row, message, &scene->error));
    message->sender = arena_copy(scene->arena, message->sender);
    message->recipient = arena_copy(scene->arena, message->recipient);
    return arena_copy_bytes(scene->arena, message->bytes, message->length);
}

static const char *field(struct scene *scene, const char *bytes, const char *name)
{
    const char *found = strstr(bytes, arena_format(scene->arena, "\r\n%s: ", name));
    if (!found) {
        fail_msg("no %s", name);
        return "";
    }
    found += strlen(name) + 4;
    return arena_copy_bytes(scene->arena, found, strcspn(found, "\r"));
}

static void every_person_gets_a_message_of_his_own(void **state)
{
    struct scene *scene = *state;
    struct delivery_message first;
    struct delivery_message second;
    struct token token;
    int64_t anna = follower(scene, "anna@avis.example", "da");
    int64_t bo = follower(scene, "bo@avis.example", "da");
    publish(scene);
    announce(scene);
    struct queue_row row = row_of(scene, anna);
    const char *one = compose(scene, &row, &first);
    row = row_of(scene, bo);
    const char *two = compose(scene, &row, &second);
    assert_string_equal(first.recipient, "anna@avis.example");
    assert_string_equal(field(scene, one, "To"), "anna@avis.example");
    assert_string_equal(field(scene, two, "To"), "bo@avis.example");
    assert_string_not_equal(first.sender, second.sender);
    assert_string_not_equal(field(scene, one, "Message-ID"), field(scene, two, "Message-ID"));
    assert_int_equal(first.revision, 1);
    assert_memory_equal(first.sender, "bounce+", 7);
    assert_true(
        token_read(scene->keys, TOKEN_BOUNCE, first.sender + 7, TOKEN_BOUNCE_LENGTH, &token));
    assert_int_equal(token.row_id, anna);
    assert_int_equal(token.announcement, row.announcement);
    const char *link = strstr(one, "/unsubscribe/") + strlen("/unsubscribe/");
    assert_true(token_read(scene->keys, TOKEN_UNSUBSCRIBE, link, TOKEN_LENGTH, &token));
    assert_int_equal(token.row_id, anna);
    assert_null(strstr(one, "slot"));
}

static void a_second_try_is_the_same_message(void **state)
{
    struct scene *scene = *state;
    struct delivery_message message;
    int64_t anna = follower(scene, "anna@avis.example", "da");
    publish(scene);
    announce(scene);
    const struct queue_row row = row_of(scene, anna);
    const char *first = compose(scene, &row, &message);
    message_source_close(scene->source);
    scene->source = message_source_open(&scene->settings, &scene->service, &scene->error);
    scene->clock = clock_fixed(NOW + DURATION_DAY);
    assert_string_equal(compose(scene, &row, &message), first);
}

static void a_correction_in_between_is_composed_anew(void **state)
{
    struct scene *scene = *state;
    struct delivery_message message;
    int64_t anna = follower(scene, "anna@avis.example", "da");
    publish(scene);
    announce(scene);
    const struct queue_row row = row_of(scene, anna);
    const char *first = compose(scene, &row, &message);
    assert_non_null(strstr(first, "24 stuer"));
    publish_correction(scene);
    message_source_renew(scene->source);
    const char *second = compose(scene, &row, &message);
    assert_non_null(strstr(second, "42 stuer"));
    assert_null(strstr(second, "24 stuer"));
    assert_null(strstr(second, "Subject: Rettelse"));
    assert_int_equal(message.revision, 2);
    assert_string_equal(field(scene, first, "Message-ID"), field(scene, second, "Message-ID"));
}

static void a_correction_answers_the_first_mail(void **state)
{
    struct scene *scene = *state;
    struct delivery_message message;
    int64_t anna = follower(scene, "anna@avis.example", "en");
    publish(scene);
    announce(scene);
    struct queue_row row = row_of(scene, anna);
    const char *first = compose(scene, &row, &message);
    DONE(database_execute(scene->database, "UPDATE delivery SET state = 2, revision = 1;",
                          &scene->error));
    publish_correction(scene);
    announce(scene);
    row = row_of(scene, anna);
    const char *second = compose(scene, &row, &message);
    assert_string_equal(field(scene, second, "Subject"), "Correction: Ny akutmodtagelse");
    assert_string_equal(field(scene, second, "In-Reply-To"), field(scene, first, "Message-ID"));
    assert_string_equal(field(scene, second, "References"), field(scene, first, "Message-ID"));
    assert_string_not_equal(field(scene, second, "Message-ID"), field(scene, first, "Message-ID"));
    assert_non_null(strstr(second, "Der er 42."));
}

/* Told to Anna, and waiting to be sent to her. */
static struct queue_row waiting_row(struct scene *scene)
{
    int64_t anna = follower(scene, "anna@avis.example", "da");
    publish(scene);
    announce(scene);
    return row_of(scene, anna);
}

static void is_not_made(struct scene *scene, const struct queue_row *row)
{
    struct delivery_message message;
    message_source_renew(scene->source);
    assert_false(message_source_compose(scene->source, row, &message, &scene->error));
    assert_int_equal(scene->error.kind, ERROR_INPUT);
}

static void a_withdrawn_text_is_never_made(void **state)
{
    struct scene *scene = *state;
    struct delivery_message message;
    const struct queue_row row = waiting_row(scene);
    (void)compose(scene, &row, &message);
    scene->row.status = RELEASE_WITHDRAWN;
    scene->row.withdrawn_at = NOW;
    DONE(release_update(scene->database, &scene->row, &scene->error));
    is_not_made(scene, &row);
}

static void a_text_that_is_to_be_withdrawn_is_never_made(void **state)
{
    struct scene *scene = *state;
    struct delivery_message message;
    const struct queue_row row = waiting_row(scene);
    (void)compose(scene, &row, &message);
    DONE(release_ask_withdrawal(scene->database, scene->row.row_id, NOW, NULL, &scene->error));
    is_not_made(scene, &row);
}

static void a_text_that_is_not_public_is_never_made(void **state)
{
    struct scene *scene = *state;
    const struct queue_row row = waiting_row(scene);
    scene->row.public_at = INSTANT_NONE;
    DONE(release_update(scene->database, &scene->row, &scene->error));
    is_not_made(scene, &row);
    assert_non_null(strstr(scene->error.message, "not public"));
}

static void addresses_beyond_ascii_go_as_they_must(void **state)
{
    struct scene *scene = *state;
    struct delivery_message message;
    int64_t idn = follower(scene, "anna@ådal.example", "da");
    int64_t eai = follower(scene, "jørgen@ådal.example", "da");
    publish(scene);
    announce(scene);
    struct queue_row row = row_of(scene, idn);
    const char *bytes = compose(scene, &row, &message);
    assert_string_equal(message.recipient, "anna@xn--dal-tla.example");
    assert_string_equal(field(scene, bytes, "To"), "anna@xn--dal-tla.example");
    row = row_of(scene, eai);
    bytes = compose(scene, &row, &message);
    assert_string_equal(message.recipient, "jørgen@xn--dal-tla.example");
    assert_string_equal(field(scene, bytes, "To"), "jørgen@ådal.example");
}

static void broken_addresses_fail_their_own_row(void **state)
{
    struct scene *scene = *state;
    static const char *const table[] = { "a@b.example\r\nBcc: c@d.example",
                                         "a b@c.example",
                                         "<a@b.example>",
                                         "none",
                                         "",
                                         "a@b\x01.example" };
    struct delivery_message message;
    int64_t anna = follower(scene, "anna@avis.example", "da");
    publish(scene);
    announce(scene);
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        struct queue_row row = row_of(scene, anna);
        struct error error = { 0 };
        row.address = table[i];
        if (message_source_compose(scene->source, &row, &message, &error))
            fail_msg("taken: %s", table[i]);
        assert_int_equal(error.kind, ERROR_INPUT);
    }
}

static void a_request_is_confirmed_by_link_or_reply(void **state)
{
    struct scene *scene = *state;
    const char *const feeds[] = { "nyt" };
    struct subscriber_outcome outcome;
    struct delivery_message message;
    struct token token;
    const struct subscription_request subscription_request = { .address = "ny@avis.example",
                                                               .feeds = feeds,
                                                               .feed_count = 1,
                                                               .language = "da",
                                                               .proof = {
                                                                   .way = SUBSCRIBER_BY_CLI } };
    DONE(subscriber_subscribe(&scene->service, &subscription_request, &outcome, &scene->error));
    const struct queue_row row = { .transactional = 5,
                                   .transactional_kind = QUEUE_TRANSACTIONAL_CONFIRMATION,
                                   .request = outcome.request,
                                   .subscriber = outcome.subscriber,
                                   .address = "ny@avis.example",
                                   .language = "da",
                                   .created_at = NOW };
    const char *bytes = compose(scene, &row, &message);
    const char *reply = field(scene, bytes, "Reply-To");
    assert_memory_equal(reply, "svar+confirm-", 13);
    assert_true(token_read(scene->keys, TOKEN_CONFIRM, reply + 13, TOKEN_LENGTH, &token));
    assert_int_equal(token.row_id, outcome.request);
    assert_string_equal(field(scene, bytes, "Auto-Submitted"), "auto-generated");
    assert_null(strstr(bytes, "List-Unsubscribe"));
    assert_non_null(strstr(bytes, "Pressemeddelelser"));
    assert_null(strstr(bytes, "[confirm-"));
    const char *id = field(scene, bytes, "Message-ID");
    assert_string_equal(id + 1 + TOKEN_CONFIRM_MAIL_LENGTH, "@nordhav.example>");
    assert_true(
        token_read(scene->keys, TOKEN_CONFIRM_MAIL, id + 1, TOKEN_CONFIRM_MAIL_LENGTH, &token));
    assert_int_equal(token.row_id, outcome.request);
    assert_true(token_read(scene->keys, TOKEN_BOUNCE_TRANSACTIONAL, message.sender + 7,
                           TOKEN_LENGTH, &token));
    assert_int_equal(token.row_id, 5);
    assert_int_equal(message.revision, 0);
}

/* A digest for one person, whatever state the release is in. */
static struct queue_row digest_of(struct scene *scene, int64_t subscriber)
{
    static const char *const statements[] = {
        "INSERT INTO digest_item (row_id, release_row_id, kind, deduplication_key, mailing, at, ripe_at)"
        " SELECT 1, row_id, 0, '', 0, 1, 1 FROM release",
        "INSERT INTO digest_item_feed (item, feed, version, language, place)"
        " SELECT 1, 'nyt', row_id, 'da', 0 FROM release",
        "INSERT INTO announcement (row_id, release_row_id, kind, deduplication_key)"
        " VALUES (900, 0, 3, '2026-06-01')",
        "INSERT INTO mailing (row_id, announcement, state, note, is_urgent, created_at, starts_at,"
        " message_at) VALUES (900, 900, 0, '', 0, 1, 1, 1)",
        "INSERT INTO digest_issue (row_id, date, daily_at, announcement, mailing,"
        " composed_to, is_complete) VALUES (1, '2026-06-01', 1, 900, 900, 0, 1)",
        "INSERT INTO digest_content_item (content, item, version) SELECT 1, 1, row_id FROM release",
        "INSERT INTO delivery (announcement, subscriber, mailing, version, state, next_at,"
        " updated_at) SELECT 900, row_id, 900, 1, 0, 0, 1 FROM subscriber",
    };
    for (size_t i = 0; i < sizeof statements / sizeof statements[0]; i++)
        DONE(database_execute(scene->database, statements[i], &scene->error));
    struct queue_row row = row_of(scene, subscriber);
    row.kind = QUEUE_DIGEST;
    return row;
}

static void a_digest_never_shows_what_was_not_published(void **state)
{
    struct scene *scene = *state;
    struct delivery_message message;
    int64_t anna = follower(scene, "anna@avis.example", "da");
    publish(scene);
    struct queue_row row = digest_of(scene, anna);
    const int64_t public_at = scene->row.public_at;
    /* embargoed, or its page was never written: nothing is left to say */
    for (int i = 0; i < 2; i++) {
        scene->row.public_at = i ? public_at : INSTANT_NONE;
        scene->row.public_revision = i ? 0 : 1;
        DONE(release_update(scene->database, &scene->row, &scene->error));
        message_source_renew(scene->source);
        assert_false(message_source_compose(scene->source, &row, &message, &scene->error));
        assert_int_equal(scene->error.kind, ERROR_INPUT);
    }
    /* told of; then edited, and its page waits to be written anew */
    scene->row.public_revision = scene->row.announced_revision = 1;
    DONE(release_update(scene->database, &scene->row, &scene->error));
    DONE(release_add_revision(scene->database, &scene->row,
                              text_of(scene, "Der er 99 stuer.", NULL), NOW, &scene->error));
    scene->row.public_revision = 0;
    DONE(release_update(scene->database, &scene->row, &scene->error));
    message_source_renew(scene->source);
    const char *bytes = compose(scene, &row, &message);
    assert_non_null(strstr(bytes, "24 stuer"));
    assert_null(strstr(bytes, "99 stuer"));
    scene->row.public_revision = scene->row.revision;
    DONE(release_update(scene->database, &scene->row, &scene->error));
    message_source_renew(scene->source);
    assert_non_null(strstr(compose(scene, &row, &message), "99 stuer"));
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(every_person_gets_a_message_of_his_own),
        TEST(a_second_try_is_the_same_message),
        TEST(a_correction_in_between_is_composed_anew),
        TEST(a_correction_answers_the_first_mail),
        TEST(a_withdrawn_text_is_never_made),
        TEST(a_text_that_is_to_be_withdrawn_is_never_made),
        TEST(a_text_that_is_not_public_is_never_made),
        TEST(addresses_beyond_ascii_go_as_they_must),
        TEST(broken_addresses_fail_their_own_row),
        TEST(a_request_is_confirmed_by_link_or_reply),
        TEST(a_digest_never_shows_what_was_not_published),
    };
    return cmocka_run_group_tests_name("message source", tests, NULL, NULL);
}
