/* SPDX-License-Identifier: MIT */
#include "answer_scene.h"

/* What people answer: who gets it, and what is never sent on. */

/* ---- to whom ---- */

static void an_answer_goes_to_the_contact_with_every_octet(void **state)
{
    struct scene *scene = *state;
    const char *bytes = answer(scene, "Hvor mange stuer?\n.\nH\xC3\xA5ret \xE6\n");
    collect(scene);
    assert_int_equal(scene->totals.count[INBOUND_HUMAN], 1);
    assert_int_equal(mails_left(scene), 0);
    assert_int_equal(forwards_to(scene, "mette@nordhav.example"), 1);
    const struct queue_forward forward = newest_forward(scene);
    assert_int_equal(forward.length, strlen(bytes));
    assert_memory_equal(forward.bytes, bytes, forward.length);
    assert_string_equal(forward.address, "ida@avisen.example");
    assert_string_equal(forward.title, "Ny akutmodtagelse");
    assert_string_equal(forward.page, "https://presse.nordhav.example/releases/2026/akut/");
    assert_string_equal(forward.answers, "<1@avisen.example>");
    assert_true(forward.is_whole);
    collect(scene);
    assert_int_equal(forwards(scene), 1);
}

/* Holds I9. */
static void the_same_message_is_sent_on_once(void **state)
{
    struct scene *scene = *state;
    const char *bytes = answer(scene, "Hvor mange stuer?\n");
    collect(scene);
    FILE *again = fopen(arena_format(&scene->arena, "%s/new/again", scene->folder), "w");
    assert_non_null(again);
    (void)fputs(bytes, again);
    assert_int_equal(fclose(again), 0);
    collect(scene);
    assert_int_equal(scene->totals.repeated, 1);
    assert_int_equal(forwards(scene), 1);
    assert_int_equal(mails_left(scene), 0);
}

static void without_a_contact_the_publishers_is_asked(void **state)
{
    struct scene *scene = *state;
    struct release_contact silent = { .name = "Ole" };
    int64_t release = publish(scene, "uden", &silent);
    scene->announcement = announce(scene, release, QUEUE_RELEASE, "");
    deliver(scene, scene->announcement, release);
    answer(scene, "Hvem er Ole?\n");
    collect(scene);
    assert_int_equal(forwards_to(scene, "vagt@nordhav.example"), 1);
}

static void whoever_wants_answers_elsewhere_gets_them_there(void **state)
{
    struct scene *scene = *state;
    mail(scene, answer_address(scene),
         "From: ida@avisen.example\nReply-To: Redaktionen <red@avisen.example>\n", "Ring!\n");
    collect(scene);
    assert_string_equal(newest_forward(scene).address, "red@avisen.example");
    mail(scene, answer_address(scene),
         "From: ida@avisen.example\nReply-To: svar+answer-x@nordhav.example\n", "Ring!\n");
    collect(scene);
    assert_string_equal(newest_forward(scene).address, "ida@avisen.example");
}

static void a_contact_that_the_inbox_reads_finds_it_there(void **state)
{
    struct scene *scene = *state;
    static const char *const ours[] = { "presse@nordhav.example", "svar@nordhav.example",
                                        "Bounce@Nordhav.example", "post@nordhav.example",
                                        "svar+hej@nordhav.example" };
    for (size_t i = 0; i < sizeof ours / sizeof ours[0]; i++) {
        struct release_contact contact = { .name = "Presse", .email = ours[i] };
        int64_t release = publish(scene, arena_format(&scene->arena, "vor%zu", i), &contact);
        scene->announcement = announce(scene, release, QUEUE_RELEASE, "");
        deliver(scene, scene->announcement, release);
        answer(scene, "Hvor mange stuer?\n");
        collect(scene);
        assert_int_equal(scene->totals.count[INBOUND_NOT_OURS], (int)i + 1);
    }
    assert_int_equal(forwards(scene), 0);
    assert_int_equal(mails_left(scene), 5);
}

static void nobody_to_ask_leaves_it_in_the_mailbox(void **state)
{
    struct scene *scene = *state;
    scene->newsroom.contacts = NULL;
    scene->announcement = announce(scene, 4711, QUEUE_RELEASE, "");
    answer(scene, "Hvor mange stuer?\n");
    collect(scene);
    assert_int_equal(forwards(scene), 0);
    assert_int_equal(mails_left(scene), 1);
}

static int64_t digest_of(struct scene *scene, int64_t first, int64_t second)
{
    int64_t announcement = announce(scene, 0, QUEUE_DIGEST,
                                    arena_format(&scene->arena, "d%lld", (long long)second));
    const int64_t releases[] = { first, second };
    for (size_t i = 0; i < 2 && releases[i]; i++) {
        execute(scene,
                arena_format(&scene->arena,
                             "INSERT OR IGNORE INTO digest_item (row_id, release_row_id, kind,"
                             " deduplication_key, mailing, at, ripe_at)"
                             " VALUES (%lld, %lld, 0, '', 0, 1, 1)",
                             (long long)releases[i], (long long)releases[i]));
        execute(scene, arena_format(&scene->arena,
                                    "INSERT INTO digest_content_item (content, item, version)"
                                    " VALUES (%lld, %lld, %lld)",
                                    (long long)announcement, (long long)releases[i],
                                    (long long)releases[i]));
    }
    deliver(scene, announcement, announcement);
    return announcement;
}

static void a_digests_answers_go_to_whom_its_releases_share(void **state)
{
    struct scene *scene = *state;
    struct release_contact same = { .name = "Mette", .email = "Mette@nordhav.example" };
    struct release_contact other = { .name = "Ole", .email = "ole@nordhav.example" };
    int64_t second = publish(scene, "to", &same);
    int64_t third = publish(scene, "tre", &other);
    scene->announcement = digest_of(scene, scene->release, 0);
    answer(scene, "Tak\n");
    collect(scene);
    assert_string_equal(newest_forward(scene).title, "Ny akutmodtagelse");
    assert_int_equal(forwards_to(scene, "mette@nordhav.example"), 1);
    scene->announcement = digest_of(scene, scene->release, second);
    answer(scene, "Tak\n");
    collect(scene);
    assert_null(newest_forward(scene).title);
    assert_int_equal(forwards(scene), 2);
    scene->announcement = digest_of(scene, scene->release, third);
    answer(scene, "Tak\n");
    collect(scene);
    assert_int_equal(forwards_to(scene, "vagt@nordhav.example"), 1);
}

/* ---- where the address was flattened ---- */

static const char *in_reply_to(struct scene *scene, const char *from, const char *field)
{
    char digits[MESSAGE_ID_DIGITS + 1];
    message_id_of_delivery(scene->keys, scene->announcement, scene->ida, digits);
    return arena_format(&scene->arena, "From: %s\nSubject: Re: Akut\n%s <%s@nordhav.example>\n",
                        from, field, digits);
}

static void an_answer_is_known_by_what_it_answers(void **state)
{
    struct scene *scene = *state;
    mail(scene, "presse@nordhav.example", in_reply_to(scene, "ida@avisen.example", "In-Reply-To:"),
         "Hvor mange stuer?\n");
    mail(scene, "presse@nordhav.example",
         in_reply_to(scene, "IDA@avisen.example", "References: <x@y.example>"), "Og hvornår?\n");
    collect(scene);
    assert_int_equal(scene->totals.count[INBOUND_HUMAN], 2);
    assert_int_equal(forwards_to(scene, "mette@nordhav.example"), 2);
}

static void an_answer_from_elsewhere_is_known_by_what_it_quotes(void **state)
{
    struct scene *scene = *state;
    char token[TOKEN_SIZE];
    const struct token leave = { TOKEN_UNSUBSCRIBE, scene->ida, 0 };
    token_write(scene->keys, &leave, token);
    mail(scene, "presse@nordhav.example",
         in_reply_to(scene, "privat@hjemme.example", "In-Reply-To:"), "Hvem er det?\n");
    collect(scene);
    assert_int_equal(scene->totals.count[INBOUND_NOT_OURS], 1);
    mail(scene, "presse@nordhav.example",
         in_reply_to(scene, "privat@hjemme.example", "In-Reply-To:"),
         arena_format(&scene->arena,
                      "Hvem er det?\n\n> Afmeld dig her:\n> https://p.example/unsubscribe/%s\n",
                      token));
    collect(scene);
    assert_int_equal(scene->totals.count[INBOUND_HUMAN], 1);
    assert_int_equal(newest_forward(scene).subscriber, scene->ida);
}

static void answers_to_other_mails_stay(void **state)
{
    struct scene *scene = *state;
    char digits[MESSAGE_ID_DIGITS + 1];
    message_id_of_transactional_mail(scene->keys, 1, digits);
    mail(scene, "presse@nordhav.example", "From: ida@avisen.example\n", "Hej\n");
    mail(scene, "presse@nordhav.example",
         arena_format(&scene->arena, "From: ida@avisen.example\nIn-Reply-To: <%s@x.example>\n",
                      digits),
         "Hej\n");
    mail(scene, "presse@nordhav.example",
         "From: ida@avisen.example\nIn-Reply-To: <00112233445566778899aabbccddeeff@x.example>\n",
         "Hej\n");
    collect(scene);
    assert_int_equal(scene->totals.count[INBOUND_NOT_OURS], 3);
    assert_int_equal(forwards(scene), 0);
}

/* ---- never in a loop ---- */

static void programs_and_we_ourselves_are_not_sent_on(void **state)
{
    struct scene *scene = *state;
    static const char *const fields[] = {
        "From: ida@avisen.example\nAuto-Submitted: auto-replied\n",
        "From: ida@avisen.example\nPrecedence: bulk\n",
        "From: ida@avisen.example\nX-Autoreply: yes\n",
        "From: ida@avisen.example\nX-Pressroom-Forward: andre.example\n",
        "From: ida@avisen.example\nList-Id: <andre.example>\n",
        "From: ida@avisen.example\nReturn-Path: <>\n",
        "From: svar+x@nordhav.example\n",
        "From: ida@avisen.example\nSubject: Out of office hours: whom can I call?\n",
    };
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++)
        mail(scene, answer_address(scene), fields[i], "Hej\n");
    collect(scene);
    assert_int_equal(scene->totals.count[INBOUND_AUTOMATIC], 8);
    mail(scene, answer_address(scene), "From: presse@nordhav.example\n", "Hej\n");
    mail(scene, answer_address(scene), "From: post@nordhav.example\n", "Hej\n");
    mail(scene, answer_address(scene), "From: Mette <METTE@nordhav.example>\n", "Hej\n");
    collect(scene);
    /* And what a list passed on, or has such a subject, which a person may have written. */
    assert_int_equal(scene->totals.count[INBOUND_NOT_OURS], 3 + 2);
    assert_int_equal(forwards(scene), 0);
}

/* A vacation program that says so nowhere, in a loop with another one. */
static void one_writer_is_sent_on_so_often_an_hour(void **state)
{
    struct scene *scene = *state;
    for (int i = 0; i < QUEUE_FORWARDS_AN_HOUR + 5; i++)
        answer(scene, arena_format(&scene->arena, "Jeg er her ikke (%d)\n", i));
    collect(scene);
    assert_int_equal(forwards(scene), QUEUE_FORWARDS_AN_HOUR);
    assert_int_equal(mails_left(scene), 5);
    scene->clock = clock_fixed(NOW + DURATION_HOUR + 1);
    answer(scene, "Nu er jeg her\n");
    collect(scene);
    assert_int_equal(forwards(scene), QUEUE_FORWARDS_AN_HOUR + 1);
}

/* Whoever knows the address, whatever he calls himself. */
static void one_address_is_sent_on_so_often_an_hour(void **state)
{
    struct scene *scene = *state;
    for (int i = 0; i < QUEUE_FORWARDS_OF_ONE + 5; i++)
        mail(scene, answer_address(scene),
             arena_format(&scene->arena, "From: navn%d@avisen.example\n", i), "Hej\n");
    collect(scene);
    assert_int_equal(forwards(scene), QUEUE_FORWARDS_OF_ONE);
    assert_int_equal(mails_left(scene), 5);
    /* Told in one line, and why each of them lies there. */
    assert_int_equal(scene->totals.unsent, 5);
    assert_string_equal(scene->totals.unsent_why, "as many were sent on as may be in an hour");
    assert_int_equal(number(scene, "SELECT count(*) FROM inbound_place WHERE why = @LEFT_UNSENT@"),
                     5);
}

static void what_waits_has_a_limit(void **state)
{
    struct scene *scene = *state;
    answer(scene, "Hej\n");
    collect(scene);
    execute(scene, "UPDATE transactional_forward SET octets = 200000000");
    mail(scene, answer_address(scene), "From: ole@avisen.example\n", "Hej\n");
    collect(scene);
    assert_int_equal(forwards(scene), 1);
    assert_int_equal(mails_left(scene), 1);
}

static void what_came_back_of_it_is_for_a_person(void **state)
{
    struct scene *scene = *state;
    answer(scene, "Hej\n");
    collect(scene);
    int64_t transactional = number(scene, "SELECT row_id FROM transactional_mail WHERE kind = 9");
    mail(scene,
         address_with(scene, "bounce+",
                      (struct token){ TOKEN_BOUNCE_TRANSACTIONAL, transactional, 0 }),
         "Return-Path: <>\nFrom: MAILER-DAEMON@mx.nordhav.example\nSubject: Undelivered\n"
         "Content-Type: multipart/report; report-type=delivery-status; boundary=b\n",
         "--b\n\ntext\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx\n\n"
         "Final-Recipient: rfc822; mette@nordhav.example\nAction: failed\nStatus: 5.1.1\n"
         "Diagnostic-Code: smtp; 550 5.1.1 no\n--b--\n");
    collect(scene);
    assert_int_equal(scene->totals.count[INBOUND_NOT_OURS], 1);
    assert_int_equal(mails_left(scene), 1);
    assert_int_equal(
        number(scene, "SELECT count(*) FROM inbound_place WHERE why = @LEFT_CAME_BACK@"), 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, scene_make, scene_remove)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(an_answer_goes_to_the_contact_with_every_octet),
        TEST(the_same_message_is_sent_on_once),
        TEST(without_a_contact_the_publishers_is_asked),
        TEST(whoever_wants_answers_elsewhere_gets_them_there),
        TEST(a_contact_that_the_inbox_reads_finds_it_there),
        TEST(nobody_to_ask_leaves_it_in_the_mailbox),
        TEST(a_digests_answers_go_to_whom_its_releases_share),
        TEST(an_answer_is_known_by_what_it_answers),
        TEST(an_answer_from_elsewhere_is_known_by_what_it_quotes),
        TEST(answers_to_other_mails_stay),
        TEST(programs_and_we_ourselves_are_not_sent_on),
        TEST(one_writer_is_sent_on_so_often_an_hour),
        TEST(one_address_is_sent_on_so_often_an_hour),
        TEST(what_waits_has_a_limit),
        TEST(what_came_back_of_it_is_for_a_person),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
