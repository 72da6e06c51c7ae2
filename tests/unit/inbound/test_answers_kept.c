/* SPDX-License-Identifier: MIT */
#include "answer_scene.h"
#include "database/write_transaction.h"

#include "queue/sending.h"

/* What people answer: what is kept of it, and what they get themselves. */

/* ---- too large to be sent on ---- */

static void a_large_answer_stays_and_its_contact_is_told(void **state)
{
    struct scene *scene = *state;
    char *photo = arena_allocate(&scene->arena, 400 * 1024);
    memset(photo, 'A', 400 * 1024 - 1);
    for (size_t i = 76; i < 400 * 1024 - 1; i += 77)
        photo[i] = '\n';
    mail(scene, answer_address(scene),
         "From: ida@avisen.example\nContent-Type: multipart/mixed; boundary=b\n",
         arena_format(&scene->arena,
                      "--b\nContent-Type: text/plain\n\nSe billedet\n\n--b\n"
                      "Content-Type: image/jpeg\nContent-Transfer-Encoding: base64\n\n%s\n--b--\n",
                      photo));
    collect(scene);
    assert_int_equal(scene->totals.count[INBOUND_HUMAN], 1);
    assert_int_equal(mails_left(scene), 1);
    assert_false(newest_forward(scene).is_whole);
    assert_int_equal(newest_forward(scene).length, strlen("Se billedet"));
    collect(scene);
    assert_int_equal(forwards(scene), 1);
}

/* ---- what the queue keeps ---- */

static void claim(struct scene *scene, struct queue_batch *batch)
{
    const struct queue_claim wanted = { .worker = 1, .now_at = NOW, .maximum = 10 };
    DONE(queue_claim(scene->database, &wanted, &scene->arena, batch, &scene->error));
}

static void what_is_sent_is_kept_no_longer(void **state)
{
    struct scene *scene = *state;
    bool found = true;
    struct queue_batch batch;
    struct queue_forward forward;
    enum queue_mark mark;
    const struct queue_result deferred = { .state = QUEUE_DEFERRED };
    const struct queue_result sent = { .state = QUEUE_SENT };
    answer(scene, "Hej\n");
    collect(scene);
    for (int turn = 0; turn < 2; turn++) {
        DONE(database_begin(scene->database, &scene->error));
        claim(scene, &batch);
        assert_int_equal(batch.count, 1);
        DONE(queue_mark_sending(scene->database, batch.rows, 0, NOW, &mark, &scene->error));
        assert_int_equal(mark, QUEUE_MARK_SENDING);
        assert_int_equal(newest_forward(scene).is_whole, true);
        DONE(queue_record(scene->database, batch.rows, turn ? &sent : &deferred, NOW,
                          &scene->error));
        DONE(database_commit(scene->database, &scene->error));
    }
    DONE(queue_forward_find(scene->database, &scene->arena, batch.rows->transactional, &forward,
                            &found, &scene->error));
    assert_false(found);
    assert_int_equal(number(scene,
                            "SELECT count(*) FROM transactional_forward WHERE message IS NULL"
                            " AND address IS NULL AND octets = 0"),
                     1);
}

static void forgetting_who_wrote_it_erases_it(void **state)
{
    struct scene *scene = *state;
    bool known = false;
    bool pending = false;
    mail(scene, answer_address(scene), "From: anden@avisen.example\n", "Hej\n");
    collect(scene);
    assert_int_equal(forwards(scene), 1);
    DONE(subscriber_forget(&scene->service, "Anden@avisen.example", &known, &pending,
                           &scene->error));
    assert_false(known);
    assert_int_equal(forwards(scene), 0);
    assert_int_equal(number(scene, "SELECT count(*) FROM transactional_forward"), 0);
}

static void forgetting_whose_mail_it_answers_erases_it(void **state)
{
    struct scene *scene = *state;
    bool known = false;
    bool pending = false;
    mail(scene, answer_address(scene), "From: anden@avisen.example\n", "Hej\n");
    collect(scene);
    DONE(subscriber_forget(&scene->service, "ida@avisen.example", &known, &pending, &scene->error));
    assert_true(known);
    assert_int_equal(forwards(scene), 0);
    assert_int_equal(number(scene, "SELECT count(*) FROM transactional_forward"), 0);
}

static void what_could_never_be_sent_goes_in_the_end(void **state)
{
    struct scene *scene = *state;
    bool found = false;
    bool more = true;
    int64_t count = 0;
    struct queue_retention retention = { .texts_before_at = NOW, .rows_before_at = NOW };
    answer(scene, "Hej\n");
    collect(scene);
    execute(scene, "UPDATE transactional_mail SET state = 4");
    DONE(queue_retain_find(scene->database, &retention, &found, &scene->error));
    assert_false(found);
    retention.texts_before_at = NOW + 1;
    DONE(queue_retain_find(scene->database, &retention, &found, &scene->error));
    assert_true(found);
    DONE(database_begin(scene->database, &scene->error));
    DONE(queue_retain(scene->database, &retention, &count, &more, &scene->error));
    DONE(database_commit(scene->database, &scene->error));
    assert_int_equal(number(scene, "SELECT count(*) FROM transactional_forward"), 0);
}

/* ---- leaving ---- */

static int64_t links(struct scene *scene)
{
    return number(scene, "SELECT count(*) FROM transactional_mail WHERE kind = 10");
}

static void a_wish_to_leave_gets_the_link_and_once(void **state)
{
    struct scene *scene = *state;
    answer(scene, "Afmeld\n");
    collect(scene);
    assert_int_equal(scene->totals.count[INBOUND_LEAVE_HINT], 1);
    assert_int_equal(links(scene), 1);
    assert_int_equal(forwards(scene), 0);
    assert_int_equal(mails_left(scene), 0);
    answer(scene, "Stop\n");
    collect(scene); /* who writes again is for a person to read */
    assert_int_equal(links(scene), 1);
    assert_int_equal(forwards(scene), 1);
    scene->clock = clock_fixed(NOW + SUBSCRIBER_LINK_UNSUBSCRIBE_MS + 1);
    answer(scene, "STOP\n");
    collect(scene);
    assert_int_equal(links(scene), 2);
    assert_int_equal(forwards(scene), 1);
}

static void more_words_go_to_the_contact_as_well(void **state)
{
    struct scene *scene = *state;
    answer(scene, "Hvem er det?\n\nAfmeld\n");
    collect(scene);
    assert_int_equal(scene->totals.count[INBOUND_HUMAN], 1);
    assert_int_equal(links(scene), 1);
    assert_int_equal(forwards(scene), 1);
}

static void more_words_for_nobody_stay(void **state)
{
    struct scene *scene = *state;
    scene->settings.from = "mette@nordhav.example";
    answer(scene, "Hvem er det?\n\nAfmeld\n");
    collect(scene);
    assert_int_equal(links(scene), 1);
    assert_int_equal(forwards(scene), 0);
    assert_int_equal(mails_left(scene), 1);
    collect(scene);
    assert_int_equal(links(scene), 1);
}

static void who_has_left_already_is_for_a_person(void **state)
{
    struct scene *scene = *state;
    bool known = false;
    const struct subscriber_proof proof = { .way = SUBSCRIBER_BY_MAIL };
    DONE(subscriber_unsubscribe(&scene->service, scene->ida, &proof, &known, &scene->error));
    answer(scene, "Stop\n");
    collect(scene);
    assert_int_equal(links(scene), 0);
    assert_int_equal(forwards(scene), 1);
}

/* The budget of all mails that requests cause: four an hour. */
static void the_link_is_rate_limited(void **state)
{
    struct scene *scene = *state;
    bool is_queued = false;
    for (int i = 0; i < SUBSCRIBER_MAILS_AN_HOUR; i++)
        DONE(subscriber_mail_link(&scene->service, scene->ida, SUBSCRIBER_LINK_PREFERENCES,
                                  &is_queued, &scene->error));
    assert_true(is_queued);
    answer(scene, "Stop\n");
    collect(scene);
    assert_int_equal(links(scene), 0);
    assert_int_equal(forwards(scene), 1);
    scene->newsroom.contacts = NULL;
    scene->announcement = announce(scene, 4711, QUEUE_RELEASE, "");
    answer(scene, "Stop!\n"); /* neither: it stays */
    collect(scene);
    assert_int_equal(mails_left(scene), 1);
}

/* ---- no readable yes ---- */

static void a_yes_that_is_none_is_told_how_and_once(void **state)
{
    struct scene *scene = *state;
    struct subscriber_outcome asked;
    const struct subscription_request subscription_request = {
        .address = "maja@avisen.example", .proof = { .way = SUBSCRIBER_BY_WEB }
    };
    DONE(subscriber_subscribe(&scene->service, &subscription_request, &asked, &scene->error));
    const char *to = address_with(scene, "svar+confirm-",
                                  (struct token){ TOKEN_CONFIRM, asked.request, 0 });
    static const char hints[] = "SELECT count(*) FROM transactional_mail WHERE kind = 11";
    mail(scene, to, "From: maja@avisen.example\n", "Nej tak\n");
    collect(scene);
    assert_int_equal(number(scene, hints), 0);
    assert_int_equal(mails_left(scene), 1);
    mail(scene, to, "From: maja@avisen.example\n", "Ja, det vil jeg gerne\n");
    collect(scene);
    assert_int_equal(scene->totals.count[INBOUND_CONFIRM_HINT], 1);
    assert_int_equal(number(scene, hints), 1);
    assert_int_equal(mails_left(scene), 1); /* nothing for a person in it */
    mail(scene, to, "From: maja@avisen.example\n", "Ja meget gerne\n");
    collect(scene);
    assert_int_equal(number(scene, hints), 1);
    assert_int_equal(mails_left(scene), 2);
    mail(scene, to, "From: maja@avisen.example\nAuto-Submitted: auto-replied\n", "");
    mail(scene, to, "From: maja@avisen.example\nSubject: Tak for din mail\n", "");
    collect(scene);
    assert_int_equal(number(scene, "SELECT state FROM subscriber WHERE folded = "
                                   "'maja@avisen.example'"),
                     SUBSCRIBER_PENDING);
    scene->settings.resources = NULL; /* which has no templates here */
    mail(scene, to, "From: maja@avisen.example\n", "JA\n");
    collect(scene);
    assert_int_equal(number(scene, "SELECT state FROM subscriber WHERE folded = "
                                   "'maja@avisen.example'"),
                     SUBSCRIBER_CONFIRMED);
}

static void a_question_gets_the_hint_and_stays(void **state)
{
    struct scene *scene = *state;
    struct subscriber_outcome asked;
    const struct subscription_request subscription_request = {
        .address = "maja@avisen.example", .proof = { .way = SUBSCRIBER_BY_WEB }
    };
    DONE(subscriber_subscribe(&scene->service, &subscription_request, &asked, &scene->error));
    mail(scene,
         address_with(scene, "svar+confirm-", (struct token){ TOKEN_CONFIRM, asked.request, 0 }),
         "From: maja@avisen.example\n", "Hvem er I?\n");
    collect(scene);
    assert_int_equal(scene->totals.count[INBOUND_CONFIRM_HINT], 1);
    assert_int_equal(number(scene, "SELECT count(*) FROM transactional_mail WHERE kind = 11"), 1);
    assert_int_equal(mails_left(scene), 1);
    collect(scene);
    assert_int_equal(number(scene, "SELECT count(*) FROM transactional_mail WHERE kind = 11"), 1);
}

/* ---- messages that are kept nowhere ---- */

static enum answer_end hand_over(struct scene *scene, const struct mime_message *message,
                                 struct inbound_reading reading)
{
    enum answer_end end = ANSWER_QUEUED;
    const struct effect_job job = { .settings = &scene->settings,
                                    .service = &scene->service,
                                    .arena = &scene->arena,
                                    .message = message,
                                    .reading = &reading,
                                    .bytes = "Hej\n",
                                    .length = 4,
                                    .now_at = NOW };
    DONE(database_begin(scene->database, &scene->error));
    DONE(answer_forward(&job, &end, &scene->error));
    DONE(database_commit(scene->database, &scene->error));
    return end;
}

static enum answer_end forward_any(struct scene *scene, const char *from,
                                   enum inbound_effect effect)
{
    const struct mime_message message = {
        .type = "text/plain", .subject = "", .from = from, .text = "Hej\n"
    };
    return hand_over(scene, &message,
                     (struct inbound_reading){ .effect = effect, .from = from, .own_text = "Hej" });
}

static void any_message_can_be_sent_on_to_the_publisher(void **state)
{
    struct scene *scene = *state;
    assert_int_equal(forward_any(scene, "ny@avisen.example", INBOUND_NOT_OURS), ANSWER_QUEUED);
    assert_int_equal(forwards_to(scene, "vagt@nordhav.example"), 1);
    assert_int_equal(newest_forward(scene).subscriber, 0);
    assert_int_equal(forward_any(scene, "ny@avisen.example", INBOUND_AUTOMATIC), ANSWER_AUTOMATIC);
    assert_int_equal(forward_any(scene, "presse@nordhav.example", INBOUND_NOT_OURS),
                     ANSWER_AUTOMATIC);
    scene->publisher.email = "presse@nordhav.example";
    assert_int_equal(forward_any(scene, "ny@avisen.example", INBOUND_NOT_OURS), ANSWER_OURS);
    scene->newsroom.contacts = NULL;
    assert_int_equal(forward_any(scene, "ny@avisen.example", INBOUND_NOT_OURS), ANSWER_NOBODY);
    assert_int_equal(forwards(scene), 1);
}

/* Its address would not be taken today (xn--0 is no label), as rules get stricter. */
static void who_was_taken_in_under_older_rules_is_sent_on_and_forgotten(void **state)
{
    struct scene *scene = *state;
    bool known = false;
    bool pending = false;
    assert_int_equal(forward_any(scene, "Anna@xn--0.example", INBOUND_NOT_OURS), ANSWER_QUEUED);
    assert_int_equal(forwards(scene), 1);
    DONE(subscriber_forget(&scene->service, "anna@XN--0.example", &known, &pending, &scene->error));
    assert_int_equal(forwards(scene), 0);
}

/* Of a program's messages the one that a list passed on: a person may have written it. */
static void what_comes_by_a_list_is_sent_on(void **state)
{
    struct scene *scene = *state;
    const struct mime_field list = { .name = "List-Id", .value = "<redaktion.avisen.example>" };
    const struct mime_field program = { .name = "Auto-Submitted",
                                        .value = "auto-replied",
                                        .next = &list };
    struct mime_message message = {
        .type = "text/plain", .subject = "", .from = "ny@avisen.example", .fields = &list
    };
    const struct inbound_reading reading = { .effect = INBOUND_AUTOMATIC,
                                             .from = message.from,
                                             .own_text = "Hej" };
    assert_int_equal(hand_over(scene, &message, reading), ANSWER_QUEUED);
    assert_int_equal(forwards_to(scene, "vagt@nordhav.example"), 1);
    message.fields = &program;
    assert_int_equal(hand_over(scene, &message, reading), ANSWER_AUTOMATIC);
    assert_int_equal(forwards(scene), 1);
}

/* A report that one contact was not reached goes to another one, and no further. */
static void what_came_back_is_not_sent_on_for_ever(void **state)
{
    struct scene *scene = *state;
    const struct mime_field mark = { .name = "X-Pressroom-Forward", .value = "x" };
    struct mime_message message = { .type = "multipart/report",
                                    .subject = "",
                                    .from = "mailer-daemon@mx.nordhav.example" };
    struct inbound_reading reading = { .from = message.from, .own_text = "" };
    answer(scene, "Hvor mange?\n");
    collect(scene);
    assert_int_equal(forwards_to(scene, "mette@nordhav.example"), 1);
    reading.token = (struct token){ .purpose = TOKEN_BOUNCE_TRANSACTIONAL,
                                    .row_id = number(
                                        scene, "SELECT max(row_id) FROM transactional_mail") };
    assert_int_equal(hand_over(scene, &message, reading), ANSWER_QUEUED);
    assert_int_equal(forwards_to(scene, "vagt@nordhav.example"), 1);
    reading.token.row_id = number(scene, "SELECT max(row_id) FROM transactional_mail");
    assert_int_equal(hand_over(scene, &message, reading), ANSWER_CAME_BACK);
    message.original = &mark;
    reading.token = (struct token){ .row_id = 0 };
    assert_int_equal(hand_over(scene, &message, reading), ANSWER_CAME_BACK);
    assert_int_equal(forwards(scene), 2);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, scene_make, scene_remove)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_large_answer_stays_and_its_contact_is_told),
        TEST(what_is_sent_is_kept_no_longer),
        TEST(forgetting_who_wrote_it_erases_it),
        TEST(forgetting_whose_mail_it_answers_erases_it),
        TEST(what_could_never_be_sent_goes_in_the_end),
        TEST(a_wish_to_leave_gets_the_link_and_once),
        TEST(more_words_go_to_the_contact_as_well),
        TEST(more_words_for_nobody_stay),
        TEST(who_has_left_already_is_for_a_person),
        TEST(the_link_is_rate_limited),
        TEST(a_yes_that_is_none_is_told_how_and_once),
        TEST(a_question_gets_the_hint_and_stays),
        TEST(any_message_can_be_sent_on_to_the_publisher),
        TEST(who_was_taken_in_under_older_rules_is_sent_on_and_forgotten),
        TEST(what_comes_by_a_list_is_sent_on),
        TEST(what_came_back_is_not_sent_on_for_ever),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
