/* SPDX-License-Identifier: MIT */
#include "cmocka_all.h"

#include "base/clock.h"
#include "delivery/outcome.h"
#include "unit/phrases.h"

#include <string.h>

#define NOW INT64_C(1780000000000)

/* Holds I10, I11. */
static struct mail_phrases *phrases;

static void refusals_are_told_apart(void **state)
{
    (void)state;

    static const struct {
        enum smtp_step step;
        int code;
        const char *enhanced;
        const char *text;
        enum outcome_class class;
        enum queue_state state;
    } table[] = {
        { SMTP_STEP_RCPT, 550, "5.1.1", "no", OUTCOME_ADDRESS, QUEUE_FAILED },
        { SMTP_STEP_RCPT, 550, "5.1.2", "no such domain", OUTCOME_ADDRESS, QUEUE_FAILED },
        { SMTP_STEP_RCPT, 553, "5.1.3", "bad address", OUTCOME_ADDRESS, QUEUE_FAILED },
        { SMTP_STEP_RCPT, 556, "5.1.10", "null MX", OUTCOME_ADDRESS, QUEUE_FAILED },
        { SMTP_STEP_DOT, 550, "5.1.1", "no", OUTCOME_ADDRESS, QUEUE_FAILED },
        { SMTP_STEP_RCPT, 550, "5.2.1", "disabled", OUTCOME_ADDRESS, QUEUE_FAILED },
        { SMTP_STEP_RCPT, 550, "", "<a@x.example>: User unknown in virtual table", OUTCOME_ADDRESS,
          QUEUE_FAILED },
        { SMTP_STEP_RCPT, 550, "", "No Such User Here", OUTCOME_ADDRESS, QUEUE_FAILED },
        { SMTP_STEP_RCPT, 550, "5.0.0", "Unrouteable address", OUTCOME_ADDRESS, QUEUE_FAILED },
        /* about the sender, whatever the code */
        { SMTP_STEP_RCPT, 550, "5.1.0", "Sender address rejected: User unknown", OUTCOME_OURS,
          QUEUE_DEFERRED },
        { SMTP_STEP_RCPT, 550, "5.1.8", "domain not found", OUTCOME_OURS, QUEUE_DEFERRED },
        { SMTP_STEP_MAIL, 550, "5.1.1", "user unknown", OUTCOME_OURS, QUEUE_DEFERRED },
        { SMTP_STEP_MAIL, 553, "5.1.7", "sender", OUTCOME_OURS, QUEUE_DEFERRED },
        /* blames nobody */
        { SMTP_STEP_RCPT, 554, "5.7.1", "Relay access denied", OUTCOME_OURS, QUEUE_DEFERRED },
        { SMTP_STEP_RCPT, 550, "5.7.1", "user unknown to our policy", OUTCOME_OURS,
          QUEUE_DEFERRED },
        { SMTP_STEP_DOT, 554, "5.7.1", "spam", OUTCOME_OURS, QUEUE_DEFERRED },
        { SMTP_STEP_DOT, 552, "5.3.4", "too big", OUTCOME_OURS, QUEUE_DEFERRED },
        { SMTP_STEP_DATA, 550, "", "no", OUTCOME_OURS, QUEUE_DEFERRED },
        { SMTP_STEP_RCPT, 550, "", "not today", OUTCOME_OURS, QUEUE_DEFERRED },
        { SMTP_STEP_RCPT, 552, "5.2.2", "over quota", OUTCOME_LATER, QUEUE_DEFERRED },
        /* ours, if not for good */
        { SMTP_STEP_DOT, 451, "4.7.1", "look again", OUTCOME_OURS, QUEUE_DEFERRED },
        { SMTP_STEP_DATA, 450, "4.7.26", "this mail has no SPF", OUTCOME_OURS, QUEUE_DEFERRED },
        { SMTP_STEP_DOT, 451, "", "deferred, it looks like spam", OUTCOME_OURS, QUEUE_DEFERRED },
        { SMTP_STEP_RCPT, 450, "4.7.25", "cannot find your reverse hostname", OUTCOME_OURS,
          QUEUE_DEFERRED },
        /* not now */
        { SMTP_STEP_RCPT, 450, "4.2.0", "greylisted", OUTCOME_LATER, QUEUE_DEFERRED },
        { SMTP_STEP_RCPT, 451, "4.7.1", "greylisted", OUTCOME_LATER, QUEUE_DEFERRED },
        { SMTP_STEP_RCPT, 421, "4.7.0", "greylisted", OUTCOME_LATER, QUEUE_DEFERRED },
        { SMTP_STEP_RCPT, 450, "4.7.1", "come back", OUTCOME_LATER, QUEUE_DEFERRED },
        { SMTP_STEP_RCPT, 452, "4.2.2", "full", OUTCOME_LATER, QUEUE_DEFERRED },
        { SMTP_STEP_DOT, 451, "4.3.0", "queue", OUTCOME_LATER, QUEUE_DEFERRED },
        { SMTP_STEP_DOT, 451, "4.7.0", "too fast", OUTCOME_RELAY, QUEUE_QUEUED },
        { SMTP_STEP_MAIL, 450, "4.7.1", "too fast", OUTCOME_RELAY, QUEUE_QUEUED },
        { SMTP_STEP_RCPT, 421, "4.3.2", "bye", OUTCOME_RELAY, QUEUE_QUEUED },
        { SMTP_STEP_DOT, 421, "", "bye", OUTCOME_RELAY, QUEUE_QUEUED },
        { SMTP_STEP_RCPT, 450, "4.2.1", "receiving mail too quickly", OUTCOME_LATER,
          QUEUE_DEFERRED },
        /* the relay's own trouble, at any message */
        { SMTP_STEP_MAIL, 451, "4.3.0", "later", OUTCOME_RELAY, QUEUE_QUEUED },
        { SMTP_STEP_MAIL, 452, "4.3.1", "no room", OUTCOME_RELAY, QUEUE_QUEUED },
        { SMTP_STEP_RCPT, 450, "4.7.1", "rate limit exceeded", OUTCOME_RELAY, QUEUE_QUEUED },
        { SMTP_STEP_DOT, 550, "5.4.5", "daily sending quota exceeded", OUTCOME_RELAY,
          QUEUE_QUEUED },
        { SMTP_STEP_DOT, 432, "4.3.2", "thread limit", OUTCOME_RELAY, QUEUE_QUEUED },
        { SMTP_STEP_DOT, 451, "4.3.2", "not accepting", OUTCOME_RELAY, QUEUE_QUEUED },
        { SMTP_STEP_RCPT, 454, "", "not now", OUTCOME_RELAY, QUEUE_QUEUED },
        { SMTP_STEP_RCPT, 553, "5.6.7", "no SMTPUTF8", OUTCOME_UNABLE, QUEUE_FAILED },
    };

    const struct outcome_circumstances circumstances = { .now_at = NOW, .phrases = phrases };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        struct smtp_result result = { .kind = SMTP_RESULT_REFUSED, .step = table[i].step };
        smtp_reply_set(&result.reply, table[i].code, table[i].enhanced, table[i].text);
        struct delivery_outcome outcome;
        outcome_decide(&result, &circumstances, &outcome);
        if (outcome.class != table[i].class || outcome.state != table[i].state)
            fail_msg("%d %s %s: class %d, state %d", table[i].code, table[i].enhanced,
                     table[i].text, (int)outcome.class, (int)outcome.state);
        assert_int_equal(outcome.reply.code, table[i].code);
        if (table[i].state == QUEUE_DEFERRED)
            assert_int_equal(outcome.next_at,
                             NOW + (outcome.class == OUTCOME_OURS ? 30 : 5) * DURATION_MINUTE);
        assert_int_not_equal(outcome.class, OUTCOME_ACCEPTED);
        assert_int_equal(outcome.is_of_receiver,
                         outcome.class == OUTCOME_OURS && table[i].step >= SMTP_STEP_RCPT);
    }
}

static void a_refusal_is_meant_as_its_step_says(void **state)
{
    (void)state;

    static const struct {
        enum smtp_step step;
        int code;
        const char *enhanced;
        const char *text;
        enum refusal_kind kind;
        enum refusal_cause cause;
    } table[] = {
        { SMTP_STEP_MAIL, 550, "5.1.1", "user unknown", REFUSAL_OURS, REFUSAL_SENDER },
        { SMTP_STEP_MAIL, 550, "5.7.1", "", REFUSAL_OURS, REFUSAL_POLICY },
        { SMTP_STEP_RCPT, 550, "5.1.1", "", REFUSAL_ADDRESS, REFUSAL_UNKNOWN_ADDRESS },
        { SMTP_STEP_RCPT, 450, "4.7.1", "", REFUSAL_MAILBOX, REFUSAL_POLICY },
        { SMTP_STEP_DOT, 450, "4.7.1", "", REFUSAL_OURS, REFUSAL_POLICY },
    };
    const struct outcome_circumstances circumstances = { .now_at = NOW, .phrases = phrases };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        struct smtp_result result = { .kind = SMTP_RESULT_REFUSED, .step = table[i].step };
        smtp_reply_set(&result.reply, table[i].code, table[i].enhanced, table[i].text);
        struct delivery_outcome outcome;
        outcome_decide(&result, &circumstances, &outcome);
        assert_int_equal(outcome.refusal.kind, table[i].kind);
        assert_int_equal(outcome.refusal.cause, table[i].cause);
    }
}

static void sessions_that_end_are_told_apart(void **state)
{
    (void)state;

    static const struct {
        const char *label;
        enum smtp_result_kind kind;
        bool was_useful;
        bool is_first;
        enum outcome_class class;
        enum queue_state state;
    } table[] = {
        { "accepted", SMTP_RESULT_ACCEPTED, false, true, OUTCOME_ACCEPTED, QUEUE_SENT },
        { "of no use", SMTP_RESULT_UNSENT, false, true, OUTCOME_LOST, QUEUE_DEFERRED },
        { "had been of use", SMTP_RESULT_UNSENT, true, true, OUTCOME_UNTRIED, QUEUE_QUEUED },
        { "stood behind", SMTP_RESULT_UNSENT, false, false, OUTCOME_UNTRIED, QUEUE_QUEUED },
        { "indeterminate", SMTP_RESULT_INDETERMINATE, true, true, OUTCOME_INDETERMINATE,
          QUEUE_UNKNOWN },
    };

    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        struct smtp_result result = { .kind = table[i].kind, .step = SMTP_STEP_DOT };
        struct outcome_circumstances circumstances = { .was_useful = table[i].was_useful,
                                                       .is_first = table[i].is_first,
                                                       .now_at = NOW,
                                                       .phrases = phrases };
        struct delivery_outcome outcome;
        outcome_decide(&result, &circumstances, &outcome);
        if (outcome.class != table[i].class || outcome.state != table[i].state)
            fail_msg("%s: class %d, state %d", table[i].label, (int)outcome.class,
                     (int)outcome.state);
    }
}

static void retries_grow_and_end_after_two_days(void **state)
{
    (void)state;
    static const int64_t minutes[] = { 5, 15, 60, 240, 360, 360, 360, 360, 360, 360, 360 };
    int64_t sum = 0;
    for (int tries = 1; tries <= 11; tries++) {
        assert_int_equal(outcome_retry_ms(tries), minutes[tries - 1] * DURATION_MINUTE);
        sum += outcome_retry_ms(tries);
    }
    assert_true(sum > 46 * DURATION_HOUR && sum <= 48 * DURATION_HOUR);
    assert_int_equal(outcome_retry_ms(12), -1);

    struct smtp_result result = { .kind = SMTP_RESULT_REFUSED, .step = SMTP_STEP_RCPT };
    smtp_reply_set(&result.reply, 450, "4.2.0", "greylisted");
    struct outcome_circumstances circumstances = { .attempts = 11,
                                                   .now_at = NOW,
                                                   .phrases = phrases };
    struct delivery_outcome outcome;
    outcome_decide(&result, &circumstances, &outcome);
    assert_int_equal(outcome.state, QUEUE_FAILED);
    assert_string_equal(outcome.reply.text, "greylisted");

    /* What is ours: 30 minutes, 2 hours, then every 6 hours for two days. */
    static const int64_t ours[] = { 30, 120, 360, 360, 360, 360, 360, 360, 360, 360 };
    for (int tries = 1; tries <= 10; tries++)
        assert_int_equal(outcome_ours_retry_ms(tries), ours[tries - 1] * DURATION_MINUTE);
    assert_int_equal(outcome_ours_retry_ms(11), -1);
    smtp_reply_set(&result.reply, 550, "5.7.1", "no");
    circumstances.attempts = 9;
    outcome_decide(&result, &circumstances, &outcome);
    assert_int_equal(outcome.state, QUEUE_DEFERRED);
    assert_int_equal(outcome.next_at, NOW + 6 * DURATION_HOUR);
    circumstances.attempts = 10;
    outcome_decide(&result, &circumstances, &outcome);
    assert_int_equal(outcome.state, QUEUE_FAILED);
    assert_int_equal(outcome.class, OUTCOME_OURS);
    circumstances.attempts = 11;

    /* What may have arrived never fails. */
    result = (struct smtp_result){ .kind = SMTP_RESULT_INDETERMINATE, .step = SMTP_STEP_DOT };
    outcome_decide(&result, &circumstances, &outcome);
    assert_int_equal(outcome.state, QUEUE_UNKNOWN);
    assert_int_equal(outcome.next_at, NOW + 6 * DURATION_HOUR);
}

static int set_up(void **state)
{
    (void)state;
    phrases = shipped_phrases();
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    mail_phrases_free(phrases);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(refusals_are_told_apart),
        cmocka_unit_test(a_refusal_is_meant_as_its_step_says),
        cmocka_unit_test(sessions_that_end_are_told_apart),
        cmocka_unit_test(retries_grow_and_end_after_two_days),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
