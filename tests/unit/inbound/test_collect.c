/* SPDX-License-Identifier: MIT */
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
#include "inbound/inbound.h"
#include "locale/locale.h"
#include "mail/mail.h"
#include "net/mailbox.h"
#include "queue/queue.h"
#include "queue/transactional_mail.h"
#include "subscriber/standing.h"
#include "subscriber/subscriber.h"
#include "unit/phrases.h"
#include "unit/store.h"
#include "unit/subscriber/service.h"
#include "unit/words.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static struct localized_text english_title = { .language = "en", .text = "Press releases" };
static const struct feed closed = { .id = "intern" };
static const struct feed english = {
    .id = "english", .title = &english_title, .signup_open = true, .next = &closed
};
static const struct feed all = { .id = "alt", .signup_open = true, .next = &english };

/* A newsroom's stores in memory and its inbox, a Maildir. */
struct scene {
    struct database *database;
    struct clock clock;
    struct random random;
    struct token_keys *keys;
    struct subscriber_service service;
    struct inbound_settings settings;
    struct inbound_totals totals;
    struct language_words *words;
    struct mail_phrases *phrases;
    struct arena arena;
    struct error error;
    char folder[64];
    int written;
};

static int scene_make(void **state)
{
    static struct scene scene;
    static const char *const folders[] = { "new", "cur" };
    const struct database_schema *schemas[] = { &queue_schema, &digest_schema, &subscriber_schema,
                                                &inbound_schema };
    scene = (struct scene){ .clock = clock_fixed(INT64_C(1780000000000)),
                            .random = random_seeded(3),
                            .keys = token_keys_fixed(9),
                            .words = shipped_words(),
                            .phrases = shipped_phrases() };
    confined_set_program(PRESSROOM_PROGRAM);
    scene.database = test_store_in_memory(schemas, 4);
    scene.service = test_subscriber_service(scene.database, &scene.clock, &scene.random, scene.keys,
                                            &all);
    scene.settings = (struct inbound_settings){ .replies = "svar@nordhav.example",
                                                .bounces = "bounce@nordhav.example",
                                                .delimiter = "+",
                                                .words = scene.words,
                                                .phrases = scene.phrases,
                                                .mailbox_name = "inbox" };
    (void)snprintf(scene.folder, sizeof scene.folder, "/tmp/pressroom-collect-XXXXXX");
    assert_non_null(mkdtemp(scene.folder));
    for (size_t i = 0; i < 2; i++)
        assert_int_equal(mkdir(arena_format(&scene.arena, "%s/%s", scene.folder, folders[i]), 0700),
                         0);
    *state = &scene;
    return 0;
}

static int scene_remove(void **state)
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

static void mail_as(struct scene *scene, const char *name, const char *to, const char *fields,
                    const char *body)
{
    const char *path = arena_format(&scene->arena, "%s/new/%s", scene->folder, name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    (void)fprintf(file, "Delivered-To: %s\nTo: %s\n%s\n%s", to, to, fields, body);
    assert_int_equal(fclose(file), 0);
}

static void mail(struct scene *scene, const char *to, const char *fields, const char *body)
{
    const char *unlike = arena_format(&scene->arena, "Message-ID: <%d@avisen.example>\n%s",
                                      ++scene->written, fields);
    mail_as(scene, arena_format(&scene->arena, "m%d", scene->written), to, unlike, body);
}

static int mails_left(struct scene *scene)
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

static void collect(struct scene *scene)
{
    const struct mailbox_settings place = { .url = arena_format(&scene->arena, "maildir:%s",
                                                                scene->folder) };
    struct mailbox *mailbox = mailbox_open(&place, &scene->error);
    DONE(mailbox);
    scene->totals = (struct inbound_totals){ .repeated = 0 };
    DONE(inbound_run(&scene->settings, &scene->service, mailbox, &scene->totals, &scene->error));
    DONE(mailbox_close(mailbox, &scene->error));
}

static const char *address_with(struct scene *scene, const char *before, struct token token)
{
    char text[TOKEN_SIZE];
    token_write(scene->keys, &token, text);
    return arena_format(&scene->arena, "%s%s@nordhav.example", before, text);
}

static const char *bounce_address(struct scene *scene, int64_t announcement, int64_t subscriber)
{
    return address_with(scene, "bounce+", (struct token){ TOKEN_BOUNCE, subscriber, announcement });
}

/* A delivery status notification about a mail to recipient. */
static void bounce_for(struct scene *scene, const char *to, const char *recipient,
                       const char *action, const char *status)
{
    mail(
        scene, to,
        "Return-Path: <>\nFrom: MAILER-DAEMON@mx.avisen.example\nSubject: Undelivered\n"
        "Content-Type: multipart/report; report-type=delivery-status; boundary=b\n",
        arena_format(
            &scene->arena,
            "--b\n\ntext\n--b\nContent-Type: message/delivery-status\n\n"
            "Reporting-MTA: dns; mx\n\nFinal-Recipient: rfc822; %s\n"
            "Action: %s\nStatus: %s\nDiagnostic-Code: smtp; 550 %s <privat@fremmed.example> no\n--b--\n",
            recipient, action, status, status));
}

/* Whom the mail with that return path went to; somebody else where it is none of ours. */
static const char *whose(struct scene *scene, const char *to)
{
    struct token token;
    struct queue_transactional_mail mail = { 0 };
    bool flag = false;
    const char *extension = strchr(to, '+');
    size_t length = extension ? strcspn(++extension, "@") : 0;
    if (!extension)
        return "x@avisen.example";
    if (token_read(scene->keys, TOKEN_BOUNCE, extension, length, &token))
        mail.subscriber = token.row_id;
    else if (token_read(scene->keys, TOKEN_BOUNCE_TRANSACTIONAL, extension, length, &token))
        DONE(queue_transactional_find(scene->database, token.row_id, &mail, &flag, &scene->error));
    const struct subscriber *person = subscriber_find_by_row_id(
        scene->database, &scene->arena, mail.subscriber, &flag, &scene->error);
    return person ? person->address : "x@avisen.example";
}

static void bounce(struct scene *scene, const char *to, const char *action, const char *status)
{
    bounce_for(scene, to, whose(scene, to), action, status);
}

/* ---- people ---- */

static int64_t confirmed(struct scene *scene, const char *address)
{
    struct subscriber_outcome outcome;
    const struct subscription_request subscription_request = {
        .address = address, .proof = { .way = SUBSCRIBER_BY_CLI, .evidence = "blanket" }
    };
    DONE(subscriber_grant(&scene->service, &subscription_request, clock_now(&scene->clock),
                          &outcome, &scene->error));
    return outcome.subscriber;
}

static struct subscriber_outcome asking(struct scene *scene, const char *address)
{
    struct subscriber_outcome outcome;
    const struct subscription_request subscription_request = {
        .address = address, .proof = { .way = SUBSCRIBER_BY_WEB }
    };
    DONE(subscriber_subscribe(&scene->service, &subscription_request, &outcome, &scene->error));
    return outcome;
}

static enum subscriber_state state_of(struct scene *scene, int64_t row_id)
{
    bool failed = false;
    const struct subscriber *person = subscriber_find_by_row_id(scene->database, &scene->arena,
                                                                row_id, &failed, &scene->error);
    assert_non_null(person);
    return person->state;
}

static int64_t number(struct scene *scene, const char *sql)
{
    return test_store_number(scene->database, sql);
}

static void execute(struct scene *scene, const char *sql)
{
    DONE(database_begin(scene->database, &scene->error));
    DONE(database_end(scene->database, database_execute(scene->database, sql, &scene->error),
                      &scene->error));
}

/* A POP3 server may give a name again, once the message that had it is gone. */
/* Holds I9. */
static void a_name_that_was_used_before_is_no_proof(void **state)
{
    struct scene *scene = *state;
    mail_as(scene, "1", "svar+subscribe@nordhav.example", "From: ida@avisen.example\n", "");
    collect(scene);
    assert_int_equal(scene->totals.count[INBOUND_ASKED], 1);
    mail_as(scene, "1", "presse@nordhav.example", "From: ida@avisen.example\n", "Ring til mig\n");
    collect(scene);
    assert_int_equal(scene->totals.count[INBOUND_NOT_OURS], 1);
    assert_int_equal(mails_left(scene), 1);
    collect(scene);
    assert_int_equal(scene->totals.count[INBOUND_NOT_OURS], 1);
}

/* ---- confirming ---- */

static void a_yes_confirms_and_is_kept_as_proof(void **state)
{
    struct scene *scene = *state;
    struct subscriber_outcome asked = asking(scene, "Maja@avisen.example");
    const char *to = address_with(scene, "svar+confirm-",
                                  (struct token){ TOKEN_CONFIRM, asked.request, 0 });
    mail(scene, to, "From: Maja <maja@avisen.example>\n", "JA\n");
    collect(scene);
    assert_int_equal(scene->totals.count[INBOUND_CONFIRMED], 1);
    assert_int_equal(state_of(scene, asked.subscriber), SUBSCRIBER_CONFIRMED);
    assert_int_equal(mails_left(scene), 0);
    assert_int_equal(number(scene, "SELECT count(*) FROM transactional_mail WHERE kind = 2"), 1);
    assert_int_equal(number(scene, "SELECT count(*) FROM event WHERE event = 4 AND way = 1 AND"
                                   " evidence LIKE 'mail from maja@avisen.example%wrote \"JA\"'"),
                     1);
}

/* Who asks to be forgotten may have written for somebody else. */
static void nobody_else_stands_in_the_proof(void **state)
{
    struct scene *scene = *state;
    struct subscriber_outcome asked = asking(scene, "maja@avisen.example");
    mail(scene,
         address_with(scene, "svar+confirm-", (struct token){ TOKEN_CONFIRM, asked.request, 0 }),
         "From: Kaj <kaj@fremmed.example>\nMessage-ID: <1.kaj@fremmed.example>\n", "JA\n");
    collect(scene);
    assert_int_equal(state_of(scene, asked.subscriber), SUBSCRIBER_CONFIRMED);
    assert_int_equal(number(scene, "SELECT count(*) FROM event WHERE event = 4 AND evidence LIKE"
                                   " 'mail from …@fremmed.example, Message-ID %, wrote \"JA\"'"),
                     1);
    mail(scene,
         address_with(scene, "svar+unsubscribe-",
                      (struct token){ TOKEN_UNSUBSCRIBE, asked.subscriber, 0 }),
         "From: kaj@fremmed.example\n", "Slet maja og kaj@fremmed.example\n");
    collect(scene);
    assert_int_equal(state_of(scene, asked.subscriber), SUBSCRIBER_UNSUBSCRIBED);
    assert_int_equal(number(scene, "SELECT count(*) FROM event WHERE evidence LIKE '%kaj%'"), 0);
}

static void an_autoresponder_or_a_complaint_does_not_confirm(void **state)
{
    struct scene *scene = *state;
    struct subscriber_outcome asked = asking(scene, "context@avisen.example");
    const char *to = address_with(scene, "svar+confirm-",
                                  (struct token){ TOKEN_CONFIRM, asked.request, 0 });
    mail(scene, to, "From: context@avisen.example\nAuto-Submitted: auto-replied\n", "JA\n");
    mail(scene, to, "From: context@avisen.example\n", "I never asked for this\n");
    collect(scene);
    assert_int_equal(state_of(scene, asked.subscriber), SUBSCRIBER_PENDING);
    assert_int_equal(scene->totals.count[INBOUND_AUTOMATIC], 1);
    assert_int_equal(scene->totals.count[INBOUND_NOT_OURS], 1);
    assert_int_equal(mails_left(scene), 1);
    collect(scene);
    assert_int_equal(scene->totals.count[INBOUND_NOT_OURS], 1);
    assert_int_equal(scene->totals.count[INBOUND_AUTOMATIC], 0);
}

static void a_late_yes_asks_for_a_new_mail(void **state)
{
    struct scene *scene = *state;
    struct subscriber_outcome asked = asking(scene, "sen@avisen.example");
    const char *to = address_with(scene, "svar+confirm-",
                                  (struct token){ TOKEN_CONFIRM, asked.request, 0 });
    scene->clock = clock_fixed(clock_now(&scene->clock) + 8 * DURATION_DAY);
    mail(scene, to, "From: sen@avisen.example\n", "JA\n");
    collect(scene);
    assert_int_equal(scene->totals.count[INBOUND_ASKED], 1);
    assert_int_equal(state_of(scene, asked.subscriber), SUBSCRIBER_PENDING);
    assert_int_equal(number(scene, "SELECT count(*) FROM request"), 2);
}

static void an_old_yes_does_not_bring_back_who_left(void **state)
{
    struct scene *scene = *state;
    bool known = false;
    const struct subscriber_proof proof = { .way = SUBSCRIBER_BY_WEB };
    struct subscriber_outcome asked = asking(scene, "gik@avisen.example");
    const char *to = address_with(scene, "svar+confirm-",
                                  (struct token){ TOKEN_CONFIRM, asked.request, 0 });
    DONE(subscriber_unsubscribe(&scene->service, asked.subscriber, &proof, &known, &scene->error));
    mail(scene, to, "From: gik@avisen.example\n", "JA\n");
    collect(scene);
    assert_int_equal(state_of(scene, asked.subscriber), SUBSCRIBER_UNSUBSCRIBED);
    assert_int_equal(number(scene, "SELECT count(*) FROM request"), 1);
    assert_int_equal(mails_left(scene), 0);
}

/* ---- confirming, where the address was flattened ---- */

/* An answer to the mail that asked, as it comes where "+confirm-TOKEN" was taken away. */
static void answer(struct scene *scene, int64_t request, const char *from, const char *body)
{
    const char *id = address_with(scene, "", (struct token){ TOKEN_CONFIRM_MAIL, request, 0 });
    mail(scene, "presse@nordhav.example",
         arena_format(&scene->arena, "From: %s\nIn-Reply-To: <%s>\n", from, id), body);
}

static void a_yes_to_the_mail_that_asked_confirms_its_request_alone(void **state)
{
    struct scene *scene = *state;
    struct subscriber_outcome first = asking(scene, "maja@avisen.example");
    struct subscriber_outcome second = asking(scene, "maja@avisen.example");
    assert_true(first.request != second.request);
    answer(scene, first.request, "Maja <MAJA@Avisen.example>", "JA\n");
    collect(scene);
    assert_int_equal(scene->totals.count[INBOUND_CONFIRMED], 1);
    assert_int_equal(state_of(scene, first.subscriber), SUBSCRIBER_CONFIRMED);
    assert_int_equal(mails_left(scene), 0);
    assert_int_equal(number(scene, "SELECT count(*) FROM request WHERE used_at IS NOT NULL"), 1);
    assert_int_equal(number(scene, arena_format(&scene->arena,
                                                "SELECT count(*) FROM request WHERE used_at IS NOT"
                                                " NULL AND row_id = %lld",
                                                (long long)first.request)),
                     1);
    assert_int_equal(number(scene, "SELECT count(*) FROM event WHERE event = 4 AND evidence LIKE"
                                   " '%answering our mail%wrote \"JA\"'"),
                     1);
    /* Again, and it is what it was. */
    answer(scene, first.request, "maja@avisen.example", "ja\n");
    collect(scene);
    assert_int_equal(number(scene, "SELECT count(*) FROM event WHERE event = 4"), 1);
}

/* Rules get stricter: xn--0 is no label any more. */
static void a_yes_of_who_was_taken_in_under_older_rules_counts(void **state)
{
    struct scene *scene = *state;
    struct subscriber_outcome asked = asking(scene, "maja@avisen.example");
    execute(scene, "UPDATE subscriber SET address = 'Maja@xn--0.example',"
                   " folded = 'maja@xn--0.example', rate_limit_key = 'maja@xn--0.example'");
    answer(scene, asked.request, "maja@XN--0.example", "JA\n");
    collect(scene);
    assert_int_equal(scene->totals.count[INBOUND_CONFIRMED], 1);
    assert_int_equal(state_of(scene, asked.subscriber), SUBSCRIBER_CONFIRMED);
    assert_int_equal(number(scene, "SELECT count(*) FROM event WHERE event = 4 AND evidence LIKE"
                                   " 'mail from maja@XN--0.example,%'"),
                     1);
}

static void a_yes_of_somebody_else_is_left(void **state)
{
    struct scene *scene = *state;
    struct subscriber_outcome asked = asking(scene, "maja@avisen.example");
    const char *link = address_with(scene, "", (struct token){ TOKEN_CONFIRM, asked.request, 0 });
    answer(scene, asked.request, "kollega@avisen.example", "JA\n");
    answer(scene, asked.request, "maja@avisen.example.evil.example", "JA\n");
    answer(scene, asked.request, "maja+x@avisen.example", "JA\n");
    answer(scene, asked.request, "\"maja@avisen.example\" <evil@evil.example>", "JA\n");
    mail(scene, "presse@nordhav.example",
         arena_format(&scene->arena, "From: evil@evil.example\nSubject: [confirm-%.32s]\n", link),
         "JA\n");
    mail(scene, "presse@nordhav.example", "From: evil@evil.example\nSubject: Fwd: Hej\n",
         arena_format(&scene->arena, "JA\n\n> https://presse.example/confirm/%.32s\n", link));
    answer(scene, asked.request + 1, "maja@avisen.example", "JA\n");
    collect(scene);
    assert_int_equal(scene->totals.count[INBOUND_NOT_OURS], 7);
    assert_int_equal(mails_left(scene), 7);
    assert_int_equal(state_of(scene, asked.subscriber), SUBSCRIBER_PENDING);
    mail(scene, "presse@nordhav.example",
         arena_format(&scene->arena, "From: maja@avisen.example\nSubject: Re: [confirm-%.32s]\n",
                      link),
         "JA\n");
    collect(scene);
    assert_int_equal(state_of(scene, asked.subscriber), SUBSCRIBER_CONFIRMED);
}

static void what_stands_below_a_yes_is_kept_for_a_person(void **state)
{
    struct scene *scene = *state;
    struct subscriber_outcome asked = asking(scene, "maja@avisen.example");
    answer(scene, asked.request, "maja@avisen.example", "JA\n\nVil I ringe til mig i morgen?\n");
    for (int i = 0; i < 2; i++) {
        collect(scene);
        assert_int_equal(scene->totals.count[INBOUND_CONFIRMED], i == 0);
        assert_int_equal(scene->totals.count[INBOUND_NOT_OURS], 1);
        assert_int_equal(mails_left(scene), 1);
        assert_int_equal(state_of(scene, asked.subscriber), SUBSCRIBER_CONFIRMED);
    }
    /* Read once more, as when the mailbox was made anew: it does nothing again. */
    execute(scene, "DELETE FROM inbound_place");
    collect(scene);
    assert_int_equal(scene->totals.repeated, 1);
    assert_int_equal(mails_left(scene), 1);
    assert_int_equal(number(scene, "SELECT count(*) FROM event WHERE event = 4"), 1);
}

static void a_late_yes_to_a_flattened_address_asks_for_a_new_mail(void **state)
{
    struct scene *scene = *state;
    bool known = false;
    const struct subscriber_proof proof = { .way = SUBSCRIBER_BY_WEB };
    struct subscriber_outcome late = asking(scene, "sen@avisen.example");
    struct subscriber_outcome left = asking(scene, "gik@avisen.example");
    DONE(subscriber_unsubscribe(&scene->service, left.subscriber, &proof, &known, &scene->error));
    scene->clock = clock_fixed(clock_now(&scene->clock) + 8 * DURATION_DAY);
    answer(scene, late.request, "sen@avisen.example", "JA\n");
    answer(scene, left.request, "gik@avisen.example", "JA\n");
    collect(scene);
    assert_int_equal(scene->totals.count[INBOUND_ASKED], 1);
    assert_int_equal(number(scene, "SELECT count(*) FROM request"), 3);
    assert_int_equal(state_of(scene, late.subscriber), SUBSCRIBER_PENDING);
    assert_int_equal(state_of(scene, left.subscriber), SUBSCRIBER_UNSUBSCRIBED);
}

/* ---- joining and leaving ---- */

/* Holds I9. */
static void a_mail_leaves_whatever_it_says_and_once(void **state)
{
    struct scene *scene = *state;
    int64_t row_id = confirmed(scene, "maja@avisen.example");
    const char *to = address_with(scene, "svar+unsubscribe-",
                                  (struct token){ TOKEN_UNSUBSCRIBE, row_id, 0 });
    mail_as(scene, "first", to, "From: maja@avisen.example\n", "JA, jeg bliver\n");
    collect(scene);
    assert_int_equal(state_of(scene, row_id), SUBSCRIBER_UNSUBSCRIBED);
    assert_int_equal(scene->totals.count[INBOUND_UNSUBSCRIBED], 1);
    /* The same message again, as after a crash before it was removed, when the person is back. */
    struct subscriber_outcome asked = asking(scene, "maja@avisen.example");
    mail(scene,
         address_with(scene, "svar+confirm-", (struct token){ TOKEN_CONFIRM, asked.request, 0 }),
         "From: maja@avisen.example\n", "ja\n");
    mail_as(scene, "again", to, "From: maja@avisen.example\nStatus: RO\n", "JA, jeg bliver\n");
    collect(scene);
    assert_int_equal(scene->totals.repeated, 1);
    assert_int_equal(scene->totals.count[INBOUND_UNSUBSCRIBED], 0);
    assert_int_equal(state_of(scene, row_id), SUBSCRIBER_CONFIRMED);
    assert_int_equal(mails_left(scene), 0);
}

static void a_mail_asks_to_join_all_or_the_feeds_it_names(void **state)
{
    struct scene *scene = *state;
    mail(scene, "svar+subscribe@nordhav.example", "From: A <a@avisen.example>\n", "\n");
    mail(scene, "svar+subscribe@nordhav.example",
         "From: b@avisen.example\nSubject: PRESS RELEASES, please\n", "\n");
    mail(scene, "svar+subscribe@nordhav.example", "From: c@avisen.example\nSubject: intern\n",
         "English and alt\n");
    collect(scene);
    assert_int_equal(scene->totals.count[INBOUND_ASKED], 3);
    assert_int_equal(number(scene, "SELECT count(*) FROM request WHERE feeds = 'alt english'"), 2);
    assert_int_equal(number(scene, "SELECT count(*) FROM request WHERE feeds = 'english'"), 1);
    assert_int_equal(number(scene, "SELECT count(*) FROM subscriber WHERE state = 1"), 3);
    assert_int_equal(number(scene, "SELECT count(*) FROM transactional_mail WHERE kind = 1"), 3);
}

/* What a program says that it writes in, where the newsroom has texts in it. */
static void a_mail_asks_to_join_in_its_language(void **state)
{
    static const char *const languages[][2] = {
        { "sv-SE", "sv" }, { "DE", "de" }, { "en", "en" }, { "fr", "da" }, { "dansk", "da" }
    };
    struct scene *scene = *state;
    struct strings *strings = strings_new("en");
    struct mail_resources resources = { .strings = strings };
    strings_add(strings, "sv", "key", "text");
    strings_add(strings, "de", "key", "text");
    strings_add(strings, "en", "key", "text");
    scene->settings.resources = &resources;
    for (size_t i = 0; i < sizeof languages / sizeof languages[0]; i++) {
        mail(scene, "svar+subscribe@nordhav.example",
             arena_format(&scene->arena, "From: a%zu@avisen.example\nContent-Language: %s\n", i,
                          languages[i][0]),
             "\n");
        collect(scene);
        const char *sql = arena_format(
            &scene->arena,
            "SELECT count(*) FROM request r JOIN known_subscriber s ON s.row_id = r.subscriber "
            "WHERE s.address = 'a%zu@avisen.example' AND r.language = '%s'",
            i, languages[i][1]);
        if (number(scene, sql) != 1)
            fail_msg("%s", languages[i][0]);
    }
    scene->settings.resources = NULL;
    strings_free(strings);
}

static void one_address_gets_few_answers(void **state)
{
    struct scene *scene = *state;
    for (int hour = 0; hour < 20; hour++) {
        scene->clock = clock_fixed(clock_now(&scene->clock) + DURATION_HOUR);
        mail(scene, "svar+subscribe@nordhav.example", "From: flood@avisen.example\n",
             arena_format(&scene->arena, "%d\n", hour));
    }
    collect(scene);
    assert_true(number(scene, "SELECT count(*) FROM transactional_mail") <=
                SUBSCRIBER_MAILS_AN_HOUR);
    for (int hour = 0; hour < 20; hour++) {
        scene->clock = clock_fixed(clock_now(&scene->clock) + DURATION_HOUR);
        mail(scene, "svar+subscribe@nordhav.example", "From: flood@avisen.example\n",
             arena_format(&scene->arena, "x %d\n", hour));
        collect(scene);
    }
    assert_true(number(scene, "SELECT count(*) FROM transactional_mail") <=
                INT64_C(2) * SUBSCRIBER_MAILS_A_DAY);
}

static void a_sender_that_is_no_address_is_left_for_a_person(void **state)
{
    struct scene *scene = *state;
    mail(scene, "svar+subscribe@nordhav.example", "From: x@[192.0.2.1]\n", "\n");
    collect(scene);
    assert_int_equal(scene->totals.refused, 1);
    assert_int_equal(scene->totals.count[INBOUND_NOT_OURS], 1);
    assert_int_equal(mails_left(scene), 1);
    assert_int_equal(number(scene, "SELECT count(*) FROM inbound_message"), 0);
}

/* ---- bounces ---- */

/* A mailing of that number that everybody was sent just now. */
static void mailed(struct scene *scene, int announcement)
{
    long long now_at = clock_now(&scene->clock);
    execute(scene, arena_format(&scene->arena, "INSERT INTO announcement VALUES (%d, %d, 0, '')",
                                announcement, announcement));
    execute(scene, arena_format(&scene->arena,
                                "INSERT INTO mailing (row_id, announcement, state, note, is_urgent,"
                                " created_at, starts_at, message_at)"
                                " VALUES (%d, %d, 3, '', 0, %lld, %lld, %lld)",
                                announcement, announcement, now_at, now_at, now_at));
    execute(scene, arena_format(&scene->arena,
                                "INSERT INTO delivery (announcement, subscriber, mailing, version,"
                                " state, next_at, updated_at) SELECT %d, row_id, %d, 1, 2, 0, %lld"
                                " FROM subscriber WHERE state = 2",
                                announcement, announcement, now_at));
}

static void settle(struct scene *scene)
{
    struct standing_totals totals = { 0 };
    DONE(standing_process(&scene->service, &totals, &scene->error));
}

static void pass_a_day(struct scene *scene)
{
    scene->clock = clock_fixed(clock_now(&scene->clock) + DURATION_DAY);
}

/* Holds I10. */
static void a_missing_mailbox_ends_it_once_the_probe_came_back(void **state)
{
    struct scene *scene = *state;
    int64_t row_id = confirmed(scene, "ukendt@avisen.example");
    for (int day = 1; day <= 2; day++) {
        pass_a_day(scene);
        mailed(scene, day);
        bounce(scene, bounce_address(scene, day, row_id), "failed", "5.1.1");
        collect(scene);
        assert_int_equal(scene->totals.count[INBOUND_BOUNCED], 1);
        settle(scene);
    }
    assert_int_equal(state_of(scene, row_id), SUBSCRIBER_CONFIRMED);
    assert_int_equal(number(scene, "SELECT feedback FROM delivery WHERE mailing = 1"), 1);
    assert_int_equal(number(scene, "SELECT smtp_code FROM delivery WHERE mailing = 2"), 550);
    int64_t probe = number(scene, "SELECT row_id FROM transactional_mail WHERE kind = 8");
    assert_true(probe > 0);
    const char *to = address_with(scene, "bounce+",
                                  (struct token){ TOKEN_BOUNCE_TRANSACTIONAL, probe, 0 });
    bounce(scene, to, "failed", "5.2.2"); /* full: the address is there */
    bounce(scene, to, "failed", "5.7.1");
    collect(scene);
    assert_int_equal(state_of(scene, row_id), SUBSCRIBER_CONFIRMED);
    bounce(scene, to, "failed", "5.1.1");
    collect(scene);
    assert_int_equal(state_of(scene, row_id), SUBSCRIBER_BOUNCED);
}

/* An editorial desk's address goes on to several people, of whom one is gone. */
/* Holds I10. */
static void who_is_gone_behind_an_address_is_not_the_address(void **state)
{
    struct scene *scene = *state;
    int64_t row_id = confirmed(scene, "redaktion+nyt@avisen.example");
    for (int day = 1; day <= 4; day++) {
        pass_a_day(scene);
        mailed(scene, day);
        bounce_for(scene, bounce_address(scene, day, row_id), "ida@avisen.example", "failed",
                   "5.1.1");
        collect(scene);
        settle(scene);
    }
    assert_int_equal(number(scene, "SELECT count(*) FROM delivery WHERE feedback = 1"), 4);
    assert_int_equal(number(scene, "SELECT count(*) FROM transactional_mail"), 0);
    mailed(scene, 5);
    bounce_for(scene, bounce_address(scene, 5, row_id), "Redaktion@mail.avisen.example", "failed",
               "5.1.1");
    collect(scene);
    assert_int_equal(number(scene, "SELECT count(*) FROM standing_return"), 1);
}

/* What a stranger's server wrote may name somebody else, who may ask to be forgotten. */
static void nothing_of_what_a_report_says_is_kept(void **state)
{
    struct scene *scene = *state;
    int64_t row_id = confirmed(scene, "ukendt@avisen.example");
    for (int day = 1; day <= 2; day++) {
        pass_a_day(scene);
        mailed(scene, day);
        bounce(scene, bounce_address(scene, day, row_id), "failed", "5.1.1");
        collect(scene);
        settle(scene);
    }
    int64_t probe = number(scene, "SELECT row_id FROM transactional_mail WHERE kind = 8");
    bounce(scene,
           address_with(scene, "bounce+", (struct token){ TOKEN_BOUNCE_TRANSACTIONAL, probe, 0 }),
           "failed", "5.1.1");
    collect(scene);
    assert_int_equal(state_of(scene, row_id), SUBSCRIBER_BOUNCED);
    assert_int_equal(number(scene, "SELECT count(*) FROM delivery WHERE outcome LIKE '%fremmed%'"),
                     0);
    assert_int_equal(number(scene, "SELECT count(*) FROM event WHERE evidence LIKE '%fremmed%'"),
                     0);
    assert_int_equal(number(scene, "SELECT count(*) FROM delivery WHERE smtp_code = 550 AND"
                                   " enhanced = '5.1.1' AND"
                                   " outcome = 'came back: nobody is there'"),
                     2);
    assert_int_equal(number(scene, "SELECT count(*) FROM event WHERE evidence LIKE"
                                   " '%came back: 5.1.1 nobody is there'"),
                     1);
}

/* Holds I10. */
static void what_is_not_the_addresses_fault_never_counts(void **state)
{
    static const char *const statuses[] = { "5.2.2", "5.7.1", "4.4.1", "5.7.515", "5.3.4" };
    struct scene *scene = *state;
    int64_t row_id = confirmed(scene, "fuld@avisen.example");
    for (int day = 1; day <= 30; day++) {
        pass_a_day(scene);
        mailed(scene, day);
        bounce(scene, bounce_address(scene, day, row_id), "failed", statuses[day % 5]);
        collect(scene);
        settle(scene);
    }
    assert_int_equal(state_of(scene, row_id), SUBSCRIBER_CONFIRMED);
    assert_int_equal(number(scene, "SELECT count(*) FROM standing_return"), 0);
    assert_int_equal(number(scene, "SELECT count(*) FROM transactional_mail"), 0);
    assert_int_equal(number(scene, "SELECT count(*) FROM delivery WHERE feedback = 1"), 30);
}

/* As sent again by who wants to harm, or by a mailbox that forgets what it gave: other bytes each
 * time. */
static void the_same_bounce_again_and_again_counts_once(void **state)
{
    struct scene *scene = *state;
    int64_t row_id = confirmed(scene, "ukendt@avisen.example");
    mailed(scene, 1);
    for (int i = 0; i < 100; i++) {
        bounce(scene, bounce_address(scene, 1, row_id), "failed", "5.1.1");
        if (i % 10 == 0)
            pass_a_day(scene);
        collect(scene);
        settle(scene);
    }
    assert_int_equal(number(scene, "SELECT count(*) FROM standing_return"), 1);
    assert_int_equal(number(scene, "SELECT refused FROM mailing_return"), 1);
    assert_int_equal(number(scene, "SELECT count(*) FROM transactional_mail"), 0);
}

/* Holds I10. */
static void forged_and_broken_bounces_count_for_nothing(void **state)
{
    struct scene *scene = *state;
    int64_t row_id = confirmed(scene, "x@avisen.example");
    mailed(scene, 1);
    const char *real = bounce_address(scene, 1, row_id);
    char *cut = arena_copy(&scene->arena, real);
    char *at = strchr(cut, '@');
    memmove(at - 1, at, strlen(at) + 1); /* the token's last letter is lost */
    char *changed = arena_copy(&scene->arena, real);
    char *letter = strchr(changed, '+') + 9;
    *letter = *letter == 'a' ? 'b' : 'a';
    bounce(scene, cut, "failed", "5.1.1");
    bounce(scene, changed, "failed", "5.1.1");
    bounce(scene, bounce_address(scene, 2, row_id), "failed", "5.1.1"); /* never mailed */
    collect(scene);
    settle(scene);
    assert_int_equal(number(scene, "SELECT count(*) FROM standing_return WHERE mailing <> 0"), 0);
    assert_int_equal(number(scene, "SELECT feedback FROM delivery"), 0);
    assert_int_equal(state_of(scene, row_id), SUBSCRIBER_CONFIRMED);
}

/* Forty readers at one provider, three releases that it refused because we were not authenticated,
 * said by bounces: nobody is struck off, and the provider is held. */
static void forty_that_we_are_to_blame_for_hold_their_domain(void **state)
{
    struct scene *scene = *state;
    int64_t row_ids[40];
    for (int i = 0; i < 40; i++)
        row_ids[i] = confirmed(scene, arena_format(&scene->arena, "l%d@udbyder.example", i));
    (void)confirmed(scene, "andre@avisen.example");
    for (int day = 1; day <= 3; day++) {
        pass_a_day(scene);
        mailed(scene, day);
        for (int i = 0; i < 40; i++)
            bounce_for(scene, bounce_address(scene, day, row_ids[i]),
                       arena_format(&scene->arena, "l%d@udbyder.example", i), "failed", "5.7.515");
        for (int i = 0; i < 40; i++) /* again, in other words */
            bounce_for(scene, bounce_address(scene, day, row_ids[i]),
                       arena_format(&scene->arena, "l%d@udbyder.example", i), "failed", "5.7.515");
        collect(scene);
        settle(scene);
    }
    assert_int_equal(number(scene, "SELECT count(*) FROM subscriber WHERE state = 2"), 41);
    assert_int_equal(number(scene, "SELECT count(*) FROM standing_return"), 0);
    assert_int_equal(number(scene, "SELECT count(*) FROM transactional_mail"), 0);
    assert_int_equal(number(scene, "SELECT count(*) FROM notice WHERE kind = 2"
                                   " AND subject = 'udbyder.example' AND until_at IS NULL"),
                     1);
    assert_int_equal(number(scene, "SELECT refused FROM receiver WHERE name = 'udbyder.example'"),
                     120); /* each once */
    assert_int_equal(number(scene, "SELECT count(*) FROM delivery WHERE state = 3 AND worker < 0"),
                     120); /* all wait to go again */
}

/* To the base address: the return path was lost on the way. */
static void bounce_of(struct scene *scene, const char *address, const char *returned)
{
    mail(scene, "bounce@nordhav.example",
         "Return-Path: <>\nFrom: MAILER-DAEMON@mx.avisen.example\nSubject: Undelivered\n"
         "Content-Type: multipart/report; report-type=delivery-status; boundary=b\n",
         arena_format(&scene->arena,
                      "--b\n\ntext\n--b\nContent-Type: message/delivery-status\n\n"
                      "Reporting-MTA: dns; mx\n\nFinal-Recipient: rfc822; %s\n"
                      "Action: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 no\n\n%s"
                      "--b--\n",
                      address, returned));
}

/* Anybody can write one: it may cause the question, and the answer to that alone ends it. */
static void a_bounce_that_names_the_address_alone_ends_nothing(void **state)
{
    struct scene *scene = *state;
    int64_t row_id = confirmed(scene, "ukendt@avisen.example");
    for (int day = 1; day <= 9; day++) {
        pass_a_day(scene);
        mailed(scene, day);
        bounce_of(scene, "ukendt@avisen.example", "");
        collect(scene);
        settle(scene);
    }
    assert_int_equal(state_of(scene, row_id), SUBSCRIBER_CONFIRMED);
    assert_int_equal(number(scene, "SELECT count(*) FROM standing_return"), 9);
    assert_int_equal(number(scene, "SELECT count(*) FROM transactional_mail WHERE kind = 8"), 1);
    assert_int_equal(number(scene, "SELECT min(unproven) FROM mailing_return"), 1);
}

static void a_bounce_that_brings_our_header_back_is_of_the_newest_mailing(void **state)
{
    struct scene *scene = *state;
    int64_t row_id = confirmed(scene, "ukendt@avisen.example");
    mailed(scene, 1);
    pass_a_day(scene);
    mailed(scene, 2);
    const char *leave = address_with(scene, "mailto:svar+unsubscribe-",
                                     (struct token){ TOKEN_UNSUBSCRIBE, row_id, 0 });
    bounce_of(scene, "ukendt@mx.avisen.example",
              arena_format(&scene->arena,
                           "--b\nContent-Type: text/rfc822-headers\n\nFrom: a@nordhav.example\n"
                           "List-Unsubscribe: <%s>\n\n",
                           leave));
    collect(scene);
    settle(scene);
    assert_int_equal(number(scene, "SELECT mailing FROM standing_return"), 2);
    assert_int_equal(number(scene, "SELECT unproven FROM mailing_return"), 0);
}

static void a_confirmation_that_bounces_is_over_at_once(void **state)
{
    struct scene *scene = *state;
    struct subscriber_outcome asked = asking(scene, "tastefejl@avisen.example");
    int64_t transactional = number(scene, "SELECT row_id FROM transactional_mail");
    const char *to = address_with(scene, "bounce+",
                                  (struct token){ TOKEN_BOUNCE_TRANSACTIONAL, transactional, 0 });
    bounce(scene, to, "failed", "5.7.1"); /* our fault: the person may still have it */
    collect(scene);
    assert_int_equal(state_of(scene, asked.subscriber), SUBSCRIBER_PENDING);
    bounce(scene, to, "failed", "5.1.1");
    collect(scene);
    assert_int_equal(state_of(scene, asked.subscriber), SUBSCRIBER_EXPIRED);
    assert_int_equal(number(scene, "SELECT count(*) FROM request WHERE voided_at IS NULL"), 0);
}

static void a_complaint_ends_it(void **state)
{
    struct scene *scene = *state;
    int64_t row_id = confirmed(scene, "vred@avisen.example");
    mail(scene, bounce_address(scene, 7, row_id),
         "From: fbl@webmail.example\nContent-Type: multipart/report;"
         " report-type=feedback-report; boundary=b\n",
         "--b\nContent-Type: message/feedback-report\n\nFeedback-Type: abuse\nVersion: 1\n--b--\n");
    collect(scene);
    assert_int_equal(scene->totals.count[INBOUND_COMPLAINED], 1);
    assert_int_equal(state_of(scene, row_id), SUBSCRIBER_COMPLAINED);
}

/* Nobody wants to leave by it: the operator is told once, and finds the reports. */
static void a_report_of_forged_mail_is_told_and_stays(void **state)
{
    struct scene *scene = *state;
    for (int i = 0; i < 2; i++)
        mail(scene, "abuse@nordhav.example",
             "From: fbl@webmail.example\nSubject: report\n"
             "Content-Type: multipart/report; report-type=feedback-report; boundary=b\n",
             "--b\n\ntext\n--b\nContent-Type: message/feedback-report\n\n"
             "Feedback-Type: auth-failure\nReported-Domain: nordhav.example\n"
             "Source-IP: 192.0.2.7\n--b--\n");
    collect(scene);
    assert_int_equal(scene->totals.count[INBOUND_REPORTED], 2);
    assert_int_equal(mails_left(scene), 2);
    assert_int_equal(number(scene, "SELECT count(*) FROM notice WHERE kind = 8"
                                   " AND subject = 'nordhav.example'"),
                     1);
}

/* What stands in it is anybody's: no words of a stranger are told, and no flood of notices. */
static void what_a_forged_report_says_is_not_told(void **state)
{
    struct scene *scene = *state;
    for (int i = 0; i < 3; i++)
        mail(scene, "abuse@nordhav.example",
             "From: fbl@webmail.example\nSubject: report\n"
             "Content-Type: multipart/report; report-type=feedback-report; boundary=b\n",
             arena_format(&scene->arena,
                          "--b\nContent-Type: message/feedback-report\n\n"
                          "Feedback-Type: fraud\nReported-Domain: kaj%d@fremmed.example\n"
                          "Source-IP: ring til kaj@fremmed.example\n\n"
                          "--b\nContent-Type: text/rfc822-headers\n\n"
                          "From: presse@nordhav.example\n--b--\n",
                          i));
    collect(scene);
    assert_int_equal(scene->totals.count[INBOUND_REPORTED], 3);
    assert_int_equal(number(scene, "SELECT count(*) FROM notice WHERE kind = 8"), 1);
    assert_int_equal(number(scene, "SELECT count(*) FROM notice WHERE subject LIKE '%fremmed%'"
                                   " OR cause LIKE '%fremmed%'"),
                     0);
}

static void a_bounce_of_somebody_forgotten_harms_nothing(void **state)
{
    struct scene *scene = *state;
    bounce(scene, bounce_address(scene, 7, 424242), "failed", "5.1.1");
    bounce(scene,
           address_with(scene, "bounce+", (struct token){ TOKEN_BOUNCE_TRANSACTIONAL, 99, 0 }),
           "failed", "5.1.1");
    collect(scene);
    assert_int_equal(scene->totals.count[INBOUND_BOUNCED], 2);
    assert_int_equal(mails_left(scene), 0);
}

static void what_is_remembered_is_forgotten_in_time(void **state)
{
    struct scene *scene = *state;
    mail(scene, "presse@nordhav.example", "From: a@avisen.example\n", "Hej\n");
    collect(scene);
    assert_int_equal(number(scene, "SELECT count(*) FROM inbound_place"), 1);
    execute(scene, "UPDATE inbound_place SET at = 0");
    execute(scene, "INSERT INTO inbound_message (hash, at, effect) VALUES (x'78', 0, 7)");
    collect(scene);
    assert_int_equal(number(scene, "SELECT count(*) FROM inbound_message"), 0);
    assert_int_equal(number(scene, "SELECT count(*) FROM inbound_place WHERE at > 0"), 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, scene_make, scene_remove)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_name_that_was_used_before_is_no_proof),
        TEST(a_yes_confirms_and_is_kept_as_proof),
        TEST(nobody_else_stands_in_the_proof),
        TEST(an_autoresponder_or_a_complaint_does_not_confirm),
        TEST(a_late_yes_asks_for_a_new_mail),
        TEST(an_old_yes_does_not_bring_back_who_left),
        TEST(a_yes_to_the_mail_that_asked_confirms_its_request_alone),
        TEST(a_yes_of_who_was_taken_in_under_older_rules_counts),
        TEST(a_yes_of_somebody_else_is_left),
        TEST(what_stands_below_a_yes_is_kept_for_a_person),
        TEST(a_late_yes_to_a_flattened_address_asks_for_a_new_mail),
        TEST(a_mail_leaves_whatever_it_says_and_once),
        TEST(a_mail_asks_to_join_all_or_the_feeds_it_names),
        TEST(a_mail_asks_to_join_in_its_language),
        TEST(one_address_gets_few_answers),
        TEST(a_sender_that_is_no_address_is_left_for_a_person),
        TEST(a_missing_mailbox_ends_it_once_the_probe_came_back),
        TEST(who_is_gone_behind_an_address_is_not_the_address),
        TEST(nothing_of_what_a_report_says_is_kept),
        TEST(what_is_not_the_addresses_fault_never_counts),
        TEST(the_same_bounce_again_and_again_counts_once),
        TEST(forged_and_broken_bounces_count_for_nothing),
        TEST(forty_that_we_are_to_blame_for_hold_their_domain),
        TEST(a_bounce_that_names_the_address_alone_ends_nothing),
        TEST(a_bounce_that_brings_our_header_back_is_of_the_newest_mailing),
        TEST(a_confirmation_that_bounces_is_over_at_once),
        TEST(a_complaint_ends_it),
        TEST(a_report_of_forged_mail_is_told_and_stays),
        TEST(what_a_forged_report_says_is_not_told),
        TEST(a_bounce_of_somebody_forgotten_harms_nothing),
        TEST(what_is_remembered_is_forgotten_in_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
