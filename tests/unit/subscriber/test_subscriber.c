/* SPDX-License-Identifier: MIT */
#include "unit/subscriber/subscriber_scene.h"

#include "base/string_builder.h"

#include <stdio.h>
#include <string.h>

static const struct feed closed = { .id = "intern" };
static const struct feed english = { .id = "english", .signup_open = true, .next = &closed };
static const struct feed all = { .id = "alt", .signup_open = true, .next = &english };

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

static int64_t number(struct scene *scene, const char *text)
{
    return test_store_number(scene->database, text);
}

static struct subscriber_outcome ask_by(struct scene *scene, const char *address, const char *feed,
                                        enum subscriber_way way)
{
    struct subscriber_outcome outcome = { 0 };
    struct subscription_request subscription_request = { .address = address,
                                                         .feeds = &feed,
                                                         .feed_count = feed != NULL,
                                                         .proof = { .way = way,
                                                                    .wording = "Ja tak" } };
    DONE(subscriber_subscribe(&scene->service, &subscription_request, &outcome, &scene->error));
    return outcome;
}

static struct subscriber_outcome ask(struct scene *scene, const char *address, const char *feed)
{
    return ask_by(scene, address, feed, SUBSCRIBER_BY_WEB);
}

static enum subscriber_token_result confirm(struct scene *scene, int64_t request)
{
    char token[TOKEN_SIZE];
    enum subscriber_token_result result = SUBSCRIBER_TOKEN_NOT_OURS;
    struct subscriber_proof proof = { .way = SUBSCRIBER_BY_WEB, .network = "192.0.2.0/24" };
    struct token content = { TOKEN_CONFIRM, request, 0 };
    token_write(scene->keys, &content, token);
    DONE(subscriber_confirm(&scene->service, token, &proof, &result, NULL, &scene->error));
    return result;
}

static bool grant(struct scene *scene, const char *address, const char *feed)
{
    struct subscriber_outcome outcome = { 0 };
    struct subscription_request subscription_request = {
        .address = address,
        .feeds = &feed,
        .feed_count = 1,
        .proof = { .way = SUBSCRIBER_BY_CLI, .evidence = "signed list, 3 May" }
    };
    return subscriber_grant(&scene->service, &subscription_request, scene->clock.fixed_at, &outcome,
                            &scene->error);
}

static bool leave(struct scene *scene, int64_t subscriber)
{
    bool known = false;
    struct subscriber_proof proof = { .way = SUBSCRIBER_BY_WEB };
    DONE(subscriber_unsubscribe(&scene->service, subscriber, &proof, &known, &scene->error));
    return known;
}

static struct subscriber *show(struct scene *scene, const char *address)
{
    bool failed = false;
    struct subscriber *found = subscriber_find(scene->database, &scene->arena, address, &failed,
                                               &scene->error);
    DONE(!failed);
    return found;
}

/* ---- the table ---- */

/* Holds I16. */
static void the_state_machine_knows_every_arrow_and_no_other(void **state)
{
    (void)state;
    /* A row a state, a column an event (asked … expires): r refused, s stays, else the state it
     * moves to: p, c, u, b, x (complained), e. */
    static const char *const table[SUBSCRIBER_STATE_COUNT] = {
        [SUBSCRIBER_NONE] = "ppcrrubxr",      [SUBSCRIBER_PENDING] = "prccruexe",
        [SUBSCRIBER_CONFIRMED] = "crcccubxr", [SUBSCRIBER_UNSUBSCRIBED] = "prrrrsssr",
        [SUBSCRIBER_BOUNCED] = "prrrrsssr",   [SUBSCRIBER_COMPLAINED] = "prrrrsssr",
        [SUBSCRIBER_EXPIRED] = "prrrrusxs",
    };
    static const char letters[] = "-pcubxe";
    for (int from = 0; from < SUBSCRIBER_STATE_COUNT; from++) {
        for (int event = 1; event < SUBSCRIBER_EVENT_COUNT; event++) {
            enum subscriber_state next = SUBSCRIBER_NONE;
            char want = table[from][event - 1];
            enum subscriber_step step = subscriber_step((enum subscriber_state)from,
                                                        (enum subscriber_event)event, &next);
            char got = 'r';
            if (step == SUBSCRIBER_STAYS)
                got = 's';
            else if (step == SUBSCRIBER_MOVES)
                got = letters[next];
            if (got != want)
                fail_msg("%s, %s: %c, not %c", subscriber_state_name((enum subscriber_state)from),
                         subscriber_event_name((enum subscriber_event)event), got, want);
            if (step == SUBSCRIBER_STAYS)
                assert_int_equal(next, from);
        }
    }
}

/* ---- asking and confirming ---- */

static void who_asks_is_pending_until_he_confirms(void **state)
{
    struct scene *scene = *state;
    struct subscriber_outcome outcome = ask(scene, "Anna@Nordhav.example", "alt");
    assert_int_equal(outcome.answer, SUBSCRIBER_ASKS_CONFIRMATION);
    struct subscriber *anna = show(scene, "anna@nordhav.EXAMPLE");
    assert_int_equal(anna->state, SUBSCRIBER_PENDING);
    assert_string_equal(anna->address, "Anna@Nordhav.example");
    assert_string_equal(anna->language, "da");
    assert_false(anna->subscriptions->is_active);
    assert_int_equal(number(scene, "SELECT count(*) FROM transactional_mail WHERE kind = 1"), 1);

    assert_int_equal(confirm(scene, outcome.request), SUBSCRIBER_TOKEN_WORKED);
    assert_int_equal(confirm(scene, outcome.request), SUBSCRIBER_TOKEN_WORKED);
    anna = show(scene, "anna@nordhav.example");
    assert_int_equal(anna->state, SUBSCRIBER_CONFIRMED);
    assert_true(anna->subscriptions->is_active);
    assert_null(anna->subscriptions->next);
    assert_int_equal(anna->events->event, SUBSCRIBER_REQUESTS);
    assert_string_equal(anna->events->proof.wording, "Ja tak");
    assert_string_equal(anna->events->feeds, "alt");
    assert_int_equal(anna->events->next->event, SUBSCRIBER_CONFIRMS);
    assert_string_equal(anna->events->next->proof.network, "192.0.2.0/24");
    assert_null(anna->events->next->next);
    /* The confirmation mail, had it not left yet, is of no use any more; a welcome follows. */
    assert_int_equal(
        number(scene, "SELECT count(*) FROM transactional_mail WHERE kind = 1 AND state = 5"), 1);
    assert_int_equal(number(scene, "SELECT count(*) FROM transactional_mail WHERE kind = 2"), 1);
}

static void without_feeds_all_open_ones_are_asked_for(void **state)
{
    struct scene *scene = *state;
    (void)ask(scene, "anna@n.example", NULL);
    const struct subscriber *anna = show(scene, "anna@n.example");
    assert_string_equal(anna->subscriptions->feed, "alt");
    assert_string_equal(anna->subscriptions->next->feed, "english");
    assert_null(anna->subscriptions->next->next);
}

static void bad_wishes_are_refused_and_leave_nothing(void **state)
{
    struct scene *scene = *state;
    const char *feeds[2] = { "alt", "intern" };
    struct subscriber_outcome outcome;
    struct subscription_request subscription_request = { .address = "anna@n.example",
                                                         .feeds = feeds,
                                                         .feed_count = 2 };
    assert_false(
        subscriber_subscribe(&scene->service, &subscription_request, &outcome, &scene->error));
    assert_int_equal(scene->error.kind, ERROR_INPUT);
    subscription_request.proof.way = SUBSCRIBER_BY_CLI; /* the newsroom may */
    assert_true(
        subscriber_subscribe(&scene->service, &subscription_request, &outcome, &scene->error));
    feeds[0] = "nosuch";
    subscription_request.address = "bent@n.example";
    assert_false(
        subscriber_subscribe(&scene->service, &subscription_request, &outcome, &scene->error));
    assert_non_null(strstr(scene->error.message, "nosuch"));
    feeds[0] = "alt";
    subscription_request.address = "bent@n.example>";
    assert_false(
        subscriber_subscribe(&scene->service, &subscription_request, &outcome, &scene->error));
    subscription_request.address = "bent@n.example";
    subscription_request.language = "no such thing";
    assert_false(
        subscriber_subscribe(&scene->service, &subscription_request, &outcome, &scene->error));
    assert_int_equal(number(scene, "SELECT count(*) FROM subscriber"), 1);
    assert_null(show(scene, "bent@n.example"));
}

static void a_confirmed_persons_new_feeds_wait_for_the_request(void **state)
{
    struct scene *scene = *state;
    DONE(grant(scene, "anna@n.example", "alt"));
    struct subscriber_outcome outcome = ask(scene, "anna@n.example", "english");
    assert_int_equal(outcome.answer, SUBSCRIBER_ASKS_CONFIRMATION);
    const struct subscriber *anna = show(scene, "anna@n.example");
    assert_int_equal(anna->state, SUBSCRIBER_CONFIRMED);
    assert_true(anna->subscriptions->is_active);
    assert_false(anna->subscriptions->next->is_active);
    assert_int_equal(confirm(scene, outcome.request), SUBSCRIBER_TOKEN_WORKED);
    assert_true(show(scene, "anna@n.example")->subscriptions->next->is_active);
    assert_int_equal(number(scene, "SELECT count(*) FROM transactional_mail WHERE kind = 2"), 0);
    assert_int_equal(ask(scene, "anna@n.example", "alt").answer, SUBSCRIBER_ALREADY_FOLLOWS);
    assert_int_equal(number(scene, "SELECT count(*) FROM transactional_mail WHERE kind = 3"), 1);
    assert_int_equal(ask_by(scene, "anna@n.example", "alt", SUBSCRIBER_BY_CLI).answer,
                     SUBSCRIBER_ALREADY_FOLLOWS);
    assert_int_equal(number(scene, "SELECT count(*) FROM transactional_mail WHERE kind = 3"), 1);
}

static void mails_to_one_subscriber_are_rate_limited(void **state)
{
    struct scene *scene = *state;
    static const char *const forms[] = { "anna.berg@n.example", "annaberg@n.example",
                                         "Anna.Berg+x@n.example", "a.n.n.a.berg@n.example" };
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(ask(scene, forms[i], "alt").answer, SUBSCRIBER_ASKS_CONFIRMATION);
    assert_int_equal(ask(scene, "annaberg@n.example", "alt").answer, SUBSCRIBER_RATE_LIMITED);
    assert_int_equal(ask(scene, "annaberg+y@n.example", "alt").answer, SUBSCRIBER_RATE_LIMITED);
    assert_null(show(scene, "annaberg+y@n.example"));
    assert_int_equal(ask(scene, "bent@n.example", "alt").answer, SUBSCRIBER_ASKS_CONFIRMATION);
    int64_t granted = 4;
    for (int i = 0; i < 12; i++) {
        scene->clock.fixed_at += DURATION_HOUR / 2;
        granted += ask(scene, "annaberg@n.example", "alt").answer == SUBSCRIBER_ASKS_CONFIRMATION;
    }
    assert_int_equal(granted, SUBSCRIBER_MAILS_A_DAY);
    scene->clock.fixed_at += DURATION_DAY;
    assert_int_equal(ask(scene, "annaberg@n.example", "alt").answer, SUBSCRIBER_ASKS_CONFIRMATION);
    assert_int_equal(
        number(scene, "SELECT count(*) FROM rate_limited_mail WHERE rate_limit_key LIKE 'anna%'"),
        1);
}

/* Neither uses up what the other may have. */
static void who_signs_a_person_up_does_not_keep_him_from_his_data(void **state)
{
    struct scene *scene = *state;
    struct error error;
    bool is_queued = false;
    struct subscriber_outcome outcome = ask(scene, "anna@n.example", "alt");
    assert_int_equal(confirm(scene, outcome.request), SUBSCRIBER_TOKEN_WORKED);
    for (int i = 1; i < SUBSCRIBER_MAILS_AN_HOUR; i++)
        assert_int_not_equal(ask(scene, "anna@n.example", "alt").answer, SUBSCRIBER_RATE_LIMITED);
    assert_int_equal(ask(scene, "anna@n.example", "alt").answer, SUBSCRIBER_RATE_LIMITED);
    for (int i = 0; i < SUBSCRIBER_MAILS_AN_HOUR; i++) {
        assert_true(subscriber_mail_link(&scene->service, outcome.subscriber,
                                         i % 2 ? SUBSCRIBER_LINK_ERASE : SUBSCRIBER_LINK_MY_DATA,
                                         &is_queued, &error));
        assert_true(is_queued);
    }
    assert_true(subscriber_mail_link(&scene->service, outcome.subscriber, SUBSCRIBER_LINK_MY_DATA,
                                     &is_queued, &error));
    assert_false(is_queued);
    scene->clock.fixed_at += DURATION_HOUR;
    assert_int_not_equal(ask(scene, "anna@n.example", "alt").answer, SUBSCRIBER_RATE_LIMITED);
}

static void strangers_have_a_domain_with_a_dot(void **state)
{
    struct scene *scene = *state;
    struct subscriber_outcome outcome;

    static const enum subscriber_way strange[] = { SUBSCRIBER_BY_WEB, SUBSCRIBER_BY_MAIL };

    static const char *const feeds[] = { "alt" };
    struct subscription_request subscription_request = { .address = "root@mailhost",
                                                         .feeds = feeds,
                                                         .feed_count = 1 };
    for (size_t i = 0; i < 2; i++) {
        subscription_request.proof.way = strange[i];
        assert_false(
            subscriber_subscribe(&scene->service, &subscription_request, &outcome, &scene->error));
        assert_int_equal(scene->error.kind, ERROR_INPUT);
    }
    /* The newsroom may have a mailbox in the house, and that may ask again. */
    assert_int_equal(ask_by(scene, "root@mailhost", "alt", SUBSCRIBER_BY_CLI).answer,
                     SUBSCRIBER_ASKS_CONFIRMATION);
    assert_int_equal(ask(scene, "root@mailhost", "alt").answer, SUBSCRIBER_ASKS_CONFIRMATION);
}

static void a_request_dies_after_seven_days(void **state)
{
    struct scene *scene = *state;
    int64_t count = 0;
    struct subscriber_outcome outcome = ask(scene, "anna@n.example", "alt");
    scene->clock.fixed_at += SUBSCRIBER_REQUEST_MS - 1;
    DONE(subscriber_expire(&scene->service, &count, &scene->error));
    assert_int_equal(count, 0);
    scene->clock.fixed_at += 1;
    assert_int_equal(confirm(scene, outcome.request), SUBSCRIBER_TOKEN_EXPIRED);
    DONE(subscriber_expire(&scene->service, &count, &scene->error));
    assert_int_equal(count, 1);
    const struct subscriber *anna = show(scene, "anna@n.example");
    assert_int_equal(anna->state, SUBSCRIBER_EXPIRED);
    assert_null(anna->subscriptions);
    assert_int_equal(anna->events->next->event, SUBSCRIBER_EXPIRES);
    assert_int_equal(anna->events->next->proof.way, SUBSCRIBER_BY_ITSELF);
    assert_int_equal(number(scene, "SELECT count(*) FROM transactional_mail WHERE state = 5"), 1);
    /* And comes back by a request of his own. */
    assert_int_equal(confirm(scene, ask(scene, "anna@n.example", "alt").request),
                     SUBSCRIBER_TOKEN_WORKED);
}

static void many_expire_in_small_steps(void **state)
{
    struct scene *scene = *state;
    int64_t count = 0;
    for (int i = 0; i < 450; i++)
        (void)ask(scene, arena_format(&scene->arena, "p%d@n.example", i), "alt");
    scene->clock.fixed_at += SUBSCRIBER_REQUEST_MS;
    DONE(subscriber_expire(&scene->service, &count, &scene->error));
    assert_int_equal(count, 450);
    assert_int_equal(number(scene, "SELECT count(*) FROM subscription"), 0);
}

static void what_a_confirmed_person_never_confirmed_goes(void **state)
{
    struct scene *scene = *state;
    int64_t count = 0;
    DONE(grant(scene, "anna@n.example", "alt"));
    (void)ask(scene, "anna@n.example", "english");
    scene->clock.fixed_at += SUBSCRIBER_REQUEST_MS;
    DONE(subscriber_expire(&scene->service, &count, &scene->error));
    const struct subscriber *anna = show(scene, "anna@n.example");
    assert_int_equal(anna->state, SUBSCRIBER_CONFIRMED);
    assert_string_equal(anna->subscriptions->feed, "alt");
    assert_null(anna->subscriptions->next);
}

static void strange_tokens_confirm_nothing(void **state)
{
    struct scene *scene = *state;
    char token[TOKEN_SIZE];
    enum subscriber_token_result result = SUBSCRIBER_TOKEN_WORKED;
    struct subscriber_proof proof = { .way = SUBSCRIBER_BY_MAIL };
    struct subscriber_outcome outcome = ask(scene, "anna@n.example", "alt");
    struct token other = { TOKEN_UNSUBSCRIBE, outcome.request, 0 };
    token_write(scene->keys, &other, token);
    DONE(subscriber_confirm(&scene->service, token, &proof, &result, NULL, &scene->error));
    assert_int_equal(result, SUBSCRIBER_TOKEN_NOT_OURS);
    DONE(subscriber_confirm(&scene->service, "", &proof, &result, NULL, &scene->error));
    assert_int_equal(result, SUBSCRIBER_TOKEN_NOT_OURS);
    assert_int_equal(confirm(scene, 12345), SUBSCRIBER_TOKEN_EXPIRED);
    assert_int_equal(show(scene, "anna@n.example")->state, SUBSCRIBER_PENDING);
}

/* ---- granting and leaving ---- */

static void granted_consent_wants_evidence_and_time(void **state)
{
    struct scene *scene = *state;
    const char *feed = "alt";
    struct subscriber_outcome outcome;
    struct subscription_request subscription_request = { .address = "anna@n.example",
                                                         .feeds = &feed,
                                                         .feed_count = 1 };
    assert_false(
        subscriber_grant(&scene->service, &subscription_request, 1, &outcome, &scene->error));
    assert_int_equal(scene->error.kind, ERROR_INPUT);
    subscription_request.proof.evidence = "  ";
    assert_false(
        subscriber_grant(&scene->service, &subscription_request, 1, &outcome, &scene->error));
    subscription_request.proof.evidence = "list";
    assert_false(subscriber_grant(&scene->service, &subscription_request, INSTANT_NONE, &outcome,
                                  &scene->error));
    assert_true(
        subscriber_grant(&scene->service, &subscription_request, 1, &outcome, &scene->error));
    assert_int_equal(outcome.answer, SUBSCRIBER_IS_CONFIRMED);
    const struct subscriber *anna = show(scene, "anna@n.example");
    assert_int_equal(anna->state, SUBSCRIBER_CONFIRMED);
    assert_int_equal(anna->events->consent_at, 1);
    assert_string_equal(anna->events->proof.evidence, "list");
    assert_int_equal(number(scene, "SELECT count(*) FROM transactional_mail"), 0);
}

/* What the queue sees of subscribers, and so whom it mails: in each state, with the feed followed
 * or only asked for. */
/* Holds I2. */
static void only_who_is_confirmed_and_what_is_followed_is_mailable(void **state)
{
    struct scene *scene = *state;
    DONE(grant(scene, "anna@n.example", "alt"));
    for (int now = SUBSCRIBER_NONE; now < SUBSCRIBER_STATE_COUNT; now++) {
        const char *sql = arena_format(&scene->arena, "UPDATE subscriber SET state = %d", now);
        DONE(database_execute(scene->database, sql, &scene->error));
        assert_int_equal(number(scene, "SELECT count(*) FROM mailable_subscriber"),
                         now == SUBSCRIBER_CONFIRMED);
        assert_int_equal(number(scene, "SELECT count(*) FROM known_subscriber"), 1);
    }
    assert_int_equal(number(scene, "SELECT count(*) FROM immediate_subscription"), 1);
    (void)ask(scene, "bo@n.example", "alt");
    assert_int_equal(number(scene, "SELECT count(*) FROM subscription"), 2);
    assert_int_equal(number(scene, "SELECT count(*) FROM immediate_subscription"), 1);
    DONE(database_execute(scene->database, "UPDATE subscription SET cadence = 1", &scene->error));
    assert_int_equal(number(scene, "SELECT count(*) FROM immediate_subscription"), 0);
}

/* Holds I2, I16. */
static void leaving_ends_everything_and_voids_older_links(void **state)
{
    struct scene *scene = *state;
    DONE(grant(scene, "anna@n.example", "alt"));
    struct subscriber_outcome outcome = ask(scene, "anna@n.example", "english");
    DONE(database_execute(scene->database, "INSERT INTO announcement VALUES (1, 10, 0, '');",
                          &scene->error));
    DONE(database_execute(scene->database,
                          "INSERT INTO mailing (row_id, announcement, state, note, is_urgent,"
                          " created_at, starts_at, message_at) VALUES (1, 1, 0, '', 0, 1, 1, 1)",
                          &scene->error));
    DONE(database_execute(scene->database,
                          "INSERT INTO delivery (announcement, subscriber, mailing, version, state,"
                          " next_at, updated_at) SELECT 1, row_id, 1, 10, 0, 0, 1 FROM subscriber",
                          &scene->error));
    assert_true(leave(scene, outcome.subscriber));
    assert_true(leave(scene, outcome.subscriber));
    assert_false(leave(scene, 4711));
    const struct subscriber *anna = show(scene, "anna@n.example");
    assert_int_equal(anna->state, SUBSCRIBER_UNSUBSCRIBED);
    assert_null(anna->subscriptions);
    assert_int_equal(anna->events->next->next->event, SUBSCRIBER_UNSUBSCRIBES);
    assert_string_equal(anna->events->next->next->feeds, "alt english");
    assert_null(anna->events->next->next->next);
    assert_int_equal(number(scene, "SELECT state FROM delivery"), QUEUE_SUPPRESSED);
    assert_int_equal(number(scene, "SELECT state FROM transactional_mail"), QUEUE_SUPPRESSED);
    assert_int_equal(confirm(scene, outcome.request), SUBSCRIBER_TOKEN_EXPIRED);
    /* The newsroom cannot bring the person back; the person can. */
    assert_false(grant(scene, "anna@n.example", "alt"));
    assert_int_equal(scene->error.kind, ERROR_INPUT);
    assert_non_null(strstr(scene->error.message, "unsubscribed"));
    outcome = ask(scene, "anna@n.example", "alt");
    assert_int_equal(show(scene, "anna@n.example")->state, SUBSCRIBER_PENDING);
    assert_int_equal(confirm(scene, outcome.request), SUBSCRIBER_TOKEN_WORKED);
}

/* Holds I2. */
static void an_old_unused_link_does_not_confirm_who_left_and_asks_again(void **state)
{
    struct scene *scene = *state;
    struct subscriber_outcome first = ask(scene, "anna@n.example", "alt");
    assert_true(leave(scene, first.subscriber));
    struct subscriber_outcome second = ask(scene, "anna@n.example", "alt");
    assert_int_equal(confirm(scene, first.request), SUBSCRIBER_TOKEN_EXPIRED);
    assert_int_equal(show(scene, "anna@n.example")->state, SUBSCRIBER_PENDING);
    assert_int_equal(confirm(scene, second.request), SUBSCRIBER_TOKEN_WORKED);
    /* Neither does one for more feeds, asked for by who had confirmed already. */
    struct subscriber_outcome third = ask(scene, "anna@n.example", "english");
    assert_true(leave(scene, first.subscriber));
    (void)ask(scene, "anna@n.example", "alt");
    assert_int_equal(confirm(scene, third.request), SUBSCRIBER_TOKEN_EXPIRED);
    assert_int_equal(confirm(scene, second.request), SUBSCRIBER_TOKEN_EXPIRED);
    assert_int_equal(show(scene, "anna@n.example")->state, SUBSCRIBER_PENDING);
}

/* However a request stayed open: the table has the last word. */
/* Holds I16. */
static void a_request_confirms_only_where_the_table_has_an_arrow(void **state)
{
    struct scene *scene = *state;
    for (int now = SUBSCRIBER_PENDING; now < SUBSCRIBER_STATE_COUNT; now++) {
        const char *address = arena_format(&scene->arena, "n%d@n%d.example", now, now);
        struct subscriber_outcome outcome = ask(scene, address, "alt");
        enum subscriber_state next = SUBSCRIBER_NONE;
        bool has_arrow = subscriber_step((enum subscriber_state)now, SUBSCRIBER_CONFIRMS, &next) ==
                         SUBSCRIBER_MOVES;
        DONE(database_execute(scene->database,
                              arena_format(&scene->arena,
                                           "UPDATE subscriber SET state = %d WHERE row_id = %lld",
                                           now, (long long)outcome.subscriber),
                              &scene->error));
        assert_int_equal(confirm(scene, outcome.request),
                         has_arrow ? SUBSCRIBER_TOKEN_WORKED : SUBSCRIBER_TOKEN_EXPIRED);
        assert_int_equal((int)show(scene, address)->state, has_arrow ? (int)next : now);
    }
}

static void nobody_who_left_is_granted_while_the_request_waits(void **state)
{
    struct scene *scene = *state;
    struct subscriber_outcome outcome = ask(scene, "anna@n.example", "alt");
    assert_true(leave(scene, outcome.subscriber));
    outcome = ask(scene, "anna@n.example", "alt");
    assert_false(grant(scene, "anna@n.example", "alt"));
    assert_int_equal(scene->error.kind, ERROR_INPUT);
    assert_non_null(strstr(scene->error.message, "was unsubscribed before"));
    assert_int_equal(show(scene, "anna@n.example")->state, SUBSCRIBER_PENDING);
    assert_int_equal(confirm(scene, outcome.request), SUBSCRIBER_TOKEN_WORKED);
    /* Her answer brought her back: what is granted now is no return. */
    DONE(grant(scene, "anna@n.example", "english"));
    /* Who never left may have given consent elsewhere while the mail waits. */
    (void)ask(scene, "bo@n.example", "alt");
    DONE(grant(scene, "bo@n.example", "alt"));
}

static void a_used_link_does_not_bring_back_who_left(void **state)
{
    struct scene *scene = *state;
    struct subscriber_outcome outcome = ask(scene, "anna@n.example", "alt");
    assert_int_equal(confirm(scene, outcome.request), SUBSCRIBER_TOKEN_WORKED);
    (void)leave(scene, outcome.subscriber);
    assert_int_equal(confirm(scene, outcome.request), SUBSCRIBER_TOKEN_EXPIRED);
    assert_int_equal(show(scene, "anna@n.example")->state, SUBSCRIBER_UNSUBSCRIBED);
}

static void who_leaves_before_confirming_has_left(void **state)
{
    struct scene *scene = *state;
    struct subscriber_outcome outcome = ask(scene, "anna@n.example", "alt");
    (void)leave(scene, outcome.subscriber);
    const struct subscriber *anna = show(scene, "anna@n.example");
    assert_int_equal(anna->state, SUBSCRIBER_UNSUBSCRIBED);
    assert_int_equal(anna->events->next->event, SUBSCRIBER_UNSUBSCRIBES);
    assert_int_equal(confirm(scene, outcome.request), SUBSCRIBER_TOKEN_EXPIRED);
    /* The newsroom takes that as a no. */
    assert_false(grant(scene, "anna@n.example", "alt"));
}

static void bounces_and_complaints_end_it_too(void **state)
{
    struct scene *scene = *state;
    struct subscriber_proof proof = { .way = SUBSCRIBER_BY_ITSELF };
    int64_t counts[SUBSCRIBER_STATE_COUNT];
    DONE(grant(scene, "a@n.example", "alt"));
    DONE(grant(scene, "b@n.example", "alt"));
    int64_t c = ask(scene, "c@n.example", "alt").subscriber;
    DONE(subscriber_deactivate(&scene->service, show(scene, "a@n.example")->row_id,
                               SUBSCRIBER_BOUNCES, &proof, &scene->error));
    DONE(subscriber_deactivate(&scene->service, show(scene, "b@n.example")->row_id,
                               SUBSCRIBER_COMPLAINS, &proof, &scene->error));
    DONE(subscriber_deactivate(&scene->service, c, SUBSCRIBER_BOUNCES, &proof, &scene->error));
    DONE(subscriber_count(scene->database, counts, &scene->error));
    assert_int_equal(counts[SUBSCRIBER_BOUNCED], 1);
    assert_int_equal(counts[SUBSCRIBER_COMPLAINED], 1);
    assert_int_equal(counts[SUBSCRIBER_EXPIRED], 1);
    assert_int_equal(counts[SUBSCRIBER_CONFIRMED], 0);
}

static void preferences_replace_what_was_followed(void **state)
{
    struct scene *scene = *state;
    struct subscriber_proof proof = { .way = SUBSCRIBER_BY_WEB };
    struct subscriber_choice choices[] = { { "english", SUBSCRIBER_DAILY } };
    struct subscriber_preferences preferences = { choices, 1, "EN" };
    DONE(grant(scene, "anna@n.example", "alt"));
    int64_t row_id = show(scene, "anna@n.example")->row_id;
    DONE(subscriber_change(&scene->service, row_id, &preferences, &proof, &scene->error));
    const struct subscriber *anna = show(scene, "anna@n.example");
    assert_string_equal(anna->language, "en");
    assert_string_equal(anna->subscriptions->feed, "english");
    assert_int_equal(anna->subscriptions->cadence, SUBSCRIBER_DAILY);
    assert_null(anna->subscriptions->next);
    preferences.count = 0;
    assert_false(subscriber_change(&scene->service, row_id, &preferences, &proof, &scene->error));
    preferences.count = 1;
    (void)leave(scene, row_id);
    assert_false(subscriber_change(&scene->service, row_id, &preferences, &proof, &scene->error));
}

static void who_is_forgotten_leaves_no_row(void **state)
{
    struct scene *scene = *state;
    bool known = false;
    bool pending = true;
    (void)ask(scene, "anna@n.example", "alt");
    DONE(grant(scene, "bent@n.example", "alt"));
    DONE(subscriber_forget(&scene->service, "ANNA@n.example", &known, &pending, &scene->error));
    assert_true(known);
    assert_false(pending);
    assert_null(show(scene, "anna@n.example"));
    assert_int_equal(number(scene, "SELECT (SELECT count(*) FROM event) + (SELECT count(*) FROM"
                                   " request) + (SELECT count(*) FROM transactional_mail) +"
                                   " (SELECT count(*) FROM rate_limited_mail)"),
                     1);
    assert_false(grant(scene, "anna@n.example", "alt"));
    assert_non_null(strstr(scene->error.message, "forgotten"));
    assert_int_equal(confirm(scene, ask(scene, "anna@n.example", "alt").request),
                     SUBSCRIBER_TOKEN_WORKED);
    assert_int_equal(number(scene, "SELECT count(*) FROM suppression"), 0);
    DONE(subscriber_forget(&scene->service, "nobody@n.example", &known, &pending, &scene->error));
    assert_false(known);
}

static const char *addresses(struct scene *scene, enum subscriber_state state)
{
    const char *list = "";
    struct subscriber_cursor cursor;
    const struct subscriber *subscriber;
    subscriber_cursor_open(&cursor, scene->database, state);
    while (subscriber_cursor_next(&cursor, &subscriber, &scene->error))
        list = arena_format(&scene->arena, "%s%s ", list, subscriber->address);
    DONE(subscriber_cursor_close(&cursor));
    return list;
}

/* Each has subscriptions, and stands behind the one before. */
static int count_listed(struct scene *scene)
{
    int count = 0;
    char last[64] = "";
    struct subscriber_cursor cursor;
    const struct subscriber *subscriber;
    subscriber_cursor_open(&cursor, scene->database, SUBSCRIBER_NONE);
    while (subscriber_cursor_next(&cursor, &subscriber, &scene->error)) {
        assert_true(strcmp(last, subscriber->address) < 0);
        assert_string_equal(subscriber->subscriptions->feed, "alt");
        (void)snprintf(last, sizeof last, "%s", subscriber->address);
        count++;
    }
    DONE(subscriber_cursor_close(&cursor));
    return count;
}

static void lists_are_by_state_and_address(void **state)
{
    struct scene *scene = *state;
    DONE(grant(scene, "c@n.example", "alt"));
    DONE(grant(scene, "A@n.example", "alt"));
    (void)ask(scene, "b@n.example", "alt");
    assert_string_equal(addresses(scene, SUBSCRIBER_NONE), "A@n.example b@n.example c@n.example ");
    assert_string_equal(addresses(scene, SUBSCRIBER_CONFIRMED), "A@n.example c@n.example ");
}

/* A page is 256 rows: none is lost or reported twice where one ends, nor where the last is full. */
static void a_list_of_pages_is_whole(void **state)
{
    struct scene *scene = *state;
    for (int count = 0; count < 514; count++) {
        if (count == 256 || count == 512) {
            assert_int_equal(count_listed(scene), count);
        }
        DONE(grant(scene, arena_format(&scene->arena, "n%d@n.example", count), "alt"));
    }
    assert_int_equal(count_listed(scene), 514);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, scene_make, scene_remove)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_state_machine_knows_every_arrow_and_no_other),
        TEST(who_asks_is_pending_until_he_confirms),
        TEST(without_feeds_all_open_ones_are_asked_for),
        TEST(bad_wishes_are_refused_and_leave_nothing),
        TEST(a_confirmed_persons_new_feeds_wait_for_the_request),
        TEST(mails_to_one_subscriber_are_rate_limited),
        TEST(strangers_have_a_domain_with_a_dot),
        TEST(who_signs_a_person_up_does_not_keep_him_from_his_data),
        TEST(a_request_dies_after_seven_days),
        TEST(many_expire_in_small_steps),
        TEST(what_a_confirmed_person_never_confirmed_goes),
        TEST(strange_tokens_confirm_nothing),
        TEST(granted_consent_wants_evidence_and_time),
        TEST(only_who_is_confirmed_and_what_is_followed_is_mailable),
        TEST(leaving_ends_everything_and_voids_older_links),
        TEST(an_old_unused_link_does_not_confirm_who_left_and_asks_again),
        TEST(a_request_confirms_only_where_the_table_has_an_arrow),
        TEST(nobody_who_left_is_granted_while_the_request_waits),
        TEST(a_used_link_does_not_bring_back_who_left),
        TEST(who_leaves_before_confirming_has_left),
        TEST(bounces_and_complaints_end_it_too),
        TEST(preferences_replace_what_was_followed),
        TEST(who_is_forgotten_leaves_no_row),
        TEST(lists_are_by_state_and_address),
        TEST(a_list_of_pages_is_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
