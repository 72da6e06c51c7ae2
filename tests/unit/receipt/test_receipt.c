/* SPDX-License-Identifier: MIT */
#include "cmocka_all.h"

#include "receipt/receipt.h"

#include "address/token.h"
#include "base/arena.h"
#include "base/clock.h"
#include "base/random.h"
#include "database/database.h"
#include "queue/queue.h"
#include "queue/sending.h"
#include "queue/transactional_mail.h"
#include "release/release_store.h"
#include "unit/mail/mail_test_resources.h"
#include "unit/store.h"

#include <string.h>

#define NOW INT64_C(1780000000000)

struct scene {
    struct test_resources test;
    struct database *database;
    struct token_keys *keys;
    struct random random;
    struct receipt_settings settings;
    struct error error;
};

static void open_scene(struct scene *scene)
{
    static const struct database_schema *const schemas[] = { &release_schema, &queue_schema,
                                                             &receipt_schema };
    *scene = (struct scene){ .random = random_seeded(7) };
    test_resources_open(&scene->test);
    scene->database = test_store_in_memory(schemas, sizeof schemas / sizeof schemas[0]);
    scene->keys = token_keys_fixed(1);
    scene->settings = (struct receipt_settings){ .is_read = true,
                                                 .resources = &scene->test.resources };
}

static void close_scene(struct scene *scene)
{
    database_close(scene->database);
    token_keys_free(scene->keys);
    test_resources_close(&scene->test);
}

static const struct receipt_words words = { .subject = "Modtaget: Ny bro",
                                            .title = "Vi har modtaget “Ny bro”" };

static bool tell(struct scene *scene, const struct receipt_message *message)
{
    bool is_new = false;
    struct transaction transaction = transaction_of(scene->database);
    while (transaction_run(&transaction, &scene->error))
        transaction_end(&transaction,
                        receipt_queue(scene->database, &scene->settings, scene->keys,
                                      &scene->random, &scene->test.arena, message, &is_new,
                                      &scene->error),
                        &scene->error);
    DONE(transaction.is_done);
    return is_new;
}

static struct receipt_message message(void)
{
    return (struct receipt_message){ .event = RECEIPT_DROPPED,
                                     .release = 3,
                                     .revision = 1,
                                     .address = "vagt@nordhav.example",
                                     .words = &words,
                                     .now_at = NOW };
}

/* One release, event, cause and address: one mail, however often it is told. */
static void told_once(void **state)
{
    (void)state;
    struct scene opened;
    struct scene *scene = &opened;
    open_scene(scene);
    struct receipt_message one = message();
    assert_true(tell(scene, &one));
    assert_false(tell(scene, &one));
    one.path = "flyttet.md"; /* it may be moved */
    assert_false(tell(scene, &one));
    one.cause = "another";
    assert_true(tell(scene, &one));
    one.event = RECEIPT_PUBLIC;
    assert_true(tell(scene, &one));
    one.address = "anden@nordhav.example";
    assert_true(tell(scene, &one));
    /* A file that is no release is told apart by its path. */
    one.release = 0;
    assert_true(tell(scene, &one));
    one.path = "andet.md";
    assert_true(tell(scene, &one));
    assert_false(tell(scene, &one));
    assert_int_equal(test_store_number(scene->database, "SELECT count(*) FROM receipt"), 6);
    assert_int_equal(test_store_number(scene->database, "SELECT count(*) FROM transactional_mail"),
                     6);
    assert_int_equal(
        test_store_number(scene->database, "SELECT count(*) FROM transactional_message"), 6);
    close_scene(scene);
}

static const char *bytes_of(struct scene *scene, int64_t mail)
{
    bool found = false;
    struct queue_prepared prepared;
    DONE(queue_prepared_find(scene->database, &scene->test.arena, mail, &prepared, &found,
                             &scene->error));
    return found ? prepared.bytes : NULL;
}

static struct receipt the_receipt(struct scene *scene)
{
    bool found = false;
    struct receipt receipt;
    DONE(receipt_find(scene->database, &scene->test.arena,
                      test_store_number(scene->database, "SELECT row_id FROM receipt"), &receipt,
                      &found, &scene->error));
    assert_true(found);
    return receipt;
}

static int64_t token_at(struct scene *scene, const char *at, enum token_purpose purpose,
                        size_t length)
{
    struct token token;
    assert_non_null(at);
    assert_true(token_read(scene->keys, purpose, at, length, &token));
    return token.row_id;
}

/* Its reply address and its Message-ID name the row. */
static void names_its_row(void **state)
{
    (void)state;
    struct scene opened;
    struct scene *scene = &opened;
    open_scene(scene);
    const struct hash hash = { { 5 } };
    struct receipt_message one = message();
    one.content_hash = &hash;
    assert_true(tell(scene, &one));
    struct receipt receipt = the_receipt(scene);
    assert_int_equal(receipt.event, RECEIPT_DROPPED);
    assert_int_equal(receipt.release, 3);
    assert_int_equal(receipt.revision, 1);
    assert_true(receipt.has_content_hash);
    assert_memory_equal(receipt.content_hash.bytes, hash.bytes, HASH_SIZE);
    assert_string_equal(receipt.address, "vagt@nordhav.example");
    const char *bytes = bytes_of(scene, receipt.mail);
    const char *reply = strstr(bytes, "Reply-To: svar+receipt-");
    const char *id = strstr(bytes, "Message-ID: <");
    assert_non_null(reply);
    assert_non_null(id);
    assert_int_equal(
        token_at(scene, reply + strlen("Reply-To: svar+receipt-"), TOKEN_RECEIPT, TOKEN_LENGTH),
        receipt.row_id);
    assert_int_equal(token_at(scene, id + strlen("Message-ID: <"), TOKEN_RECEIPT_MAIL,
                              TOKEN_CONFIRM_MAIL_LENGTH),
                     receipt.row_id);
    assert_non_null(strstr(bytes, "Auto-Submitted: auto-generated\r\n"));
    assert_null(strstr(bytes, "List-"));
    close_scene(scene);
}

static void without_inbox_no_reply_address(void **state)
{
    (void)state;
    struct scene opened;
    struct scene *scene = &opened;
    open_scene(scene);
    struct receipt_message one = message();
    scene->settings.is_read = false;
    assert_true(tell(scene, &one));
    assert_null(strstr(bytes_of(scene, the_receipt(scene).mail), "Reply-To"));
    close_scene(scene);
}

static void answer(struct scene *scene, int64_t row_id, enum receipt_answer answer, int64_t at)
{
    struct transaction transaction = transaction_of(scene->database);
    while (transaction_run(&transaction, &scene->error))
        transaction_end(&transaction,
                        receipt_answer(scene->database, row_id, answer, at, &scene->error),
                        &scene->error);
    DONE(transaction.is_done);
}

static void answers_are_noted(void **state)
{
    (void)state;
    struct scene opened;
    struct scene *scene = &opened;
    open_scene(scene);
    struct receipt_message one = message();
    assert_true(tell(scene, &one));
    int64_t row_id = the_receipt(scene).row_id;
    answer(scene, row_id, RECEIPT_ANSWER_OTHER, NOW + 1);
    answer(scene, row_id, RECEIPT_ANSWER_STOP, NOW + 2);
    struct receipt receipt = the_receipt(scene);
    assert_int_equal(receipt.answer, RECEIPT_ANSWER_STOP);
    assert_int_equal(receipt.answered_at, NOW + 1);
    close_scene(scene);
}

/* What the mail says goes with its end; what was told stays known for two years. */
static void ends(struct scene *scene, enum queue_state state, int64_t left)
{
    int64_t mail = the_receipt(scene).mail;
    const struct queue_row row = { .transactional = mail,
                                   .transactional_kind = QUEUE_TRANSACTIONAL_RECEIPT };
    const struct queue_result result = { .state = state };
    struct transaction transaction = transaction_of(scene->database);
    while (transaction_run(&transaction, &scene->error))
        transaction_end(&transaction,
                        queue_record(scene->database, &row, &result, NOW, &scene->error),
                        &scene->error);
    DONE(transaction.is_done);
    assert_int_equal(
        test_store_number(scene->database, "SELECT count(*) FROM transactional_message"), left);
}

static void bytes_go_with_the_mail(void **state)
{
    (void)state;

    static const struct {
        enum queue_state state;
        int64_t left;
    } cases[] = {
        { QUEUE_DEFERRED, 1 }, { QUEUE_UNKNOWN, 1 }, { QUEUE_SENT, 0 }, { QUEUE_FAILED, 0 }
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct scene opened;
        struct scene *scene = &opened;
        open_scene(scene);
        struct receipt_message one = message();
        assert_true(tell(scene, &one));
        ends(scene, cases[i].state, cases[i].left);
        assert_int_equal(test_store_number(scene->database, "SELECT count(*) FROM receipt"), 1);
        close_scene(scene);
    }
}

static void forgotten_in_time(void **state)
{
    (void)state;
    struct scene opened;
    struct scene *scene = &opened;
    open_scene(scene);
    struct receipt_message one = message();
    assert_true(tell(scene, &one));
    one.cause = "later";
    one.now_at = NOW + 10;
    assert_true(tell(scene, &one));
    int64_t count = 0;
    bool more = true;
    struct transaction transaction = transaction_of(scene->database);
    while (transaction_run(&transaction, &scene->error))
        transaction_end(&transaction,
                        receipt_retain(scene->database, NOW + 10, &count, &more, &scene->error),
                        &scene->error);
    DONE(transaction.is_done);
    assert_int_equal(count, 1);
    assert_false(more);
    assert_int_equal(test_store_number(scene->database, "SELECT created_at FROM receipt"),
                     NOW + 10);
    close_scene(scene);
}

static bool was_told(const struct receipt_service *service, struct scene *scene)
{
    bool told = false;
    DONE(receipt_trouble_was_told(service, RECEIPT_TROUBLE_DOMAINS, &told, &scene->error));
    return told;
}

static int64_t tell_domains(const struct receipt_service *service, struct scene *scene)
{
    int64_t count = 0;
    const struct receipt_trouble second = {
        .place = "firma.example", .room_mb = -1, .waiting = 1, .since_at = INSTANT_NONE
    };
    const struct receipt_trouble first = { .place = "outlook.com",
                                           .room_mb = -1,
                                           .waiting = 17,
                                           .since_at = NOW - 1000,
                                           .reply = "550 5.7.1 no thank you",
                                           .next = &second };
    DONE(receipt_tell_trouble(service, RECEIPT_TROUBLE_DOMAINS, &first, &count, &scene->error));
    return count;
}

/* Held receivers stand in one mail to each operator, once a day. */
static void operators_are_told_once_a_day(void **state)
{
    (void)state;
    struct scene opened;
    struct scene *scene = &opened;
    open_scene(scene);
    struct receipt_address second = { .address = "vagt@nordhav.example" };
    const struct receipt_address first = { .address = "drift@nordhav.example", .next = &second };
    struct clock clock = clock_fixed(NOW);
    const struct receipt_service service = { .settings = &scene->settings,
                                             .database = scene->database,
                                             .keys = scene->keys,
                                             .random = &scene->random,
                                             .clock = &clock };
    scene->settings.operators = &first;
    assert_false(was_told(&service, scene));
    assert_int_equal(tell_domains(&service, scene), 2);
    assert_true(was_told(&service, scene));
    assert_int_equal(tell_domains(&service, scene), 0);
    const char *bytes = bytes_of(
        scene, test_store_number(scene->database, "SELECT max(mail) FROM receipt"));
    assert_non_null(strstr(bytes, "outlook.com"));
    assert_non_null(strstr(bytes, "firma.example"));
    assert_non_null(strstr(bytes, "17 mails venter"));
    assert_non_null(strstr(bytes, "550 5.7.1 no thank you"));
    clock = clock_fixed(NOW + DURATION_DAY);
    assert_false(was_told(&service, scene));
    assert_int_equal(tell_domains(&service, scene), 2);
    int64_t newest_at = INSTANT_NONE;
    DONE(receipt_newest_at(scene->database, &newest_at, &scene->error));
    assert_int_equal(newest_at, NOW + DURATION_DAY);
    close_scene(scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(told_once),
        cmocka_unit_test(names_its_row),
        cmocka_unit_test(without_inbox_no_reply_address),
        cmocka_unit_test(answers_are_noted),
        cmocka_unit_test(bytes_go_with_the_mail),
        cmocka_unit_test(forgotten_in_time),
        cmocka_unit_test(operators_are_told_once_a_day),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
