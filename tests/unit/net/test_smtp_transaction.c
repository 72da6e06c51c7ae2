/* SPDX-License-Identifier: MIT */
#include "cmocka_all.h"

#include "net/smtp.h"
#include "net/smtp_login.h"
#include "net/smtp_path.h"

#include <stdio.h>
#include <string.h>

#define ENVELOPE_A "MAIL FROM:<v+a@nordhav.example>\r\nRCPT TO:<a@x.example>\r\nDATA\r\n"
#define ENVELOPE_B "MAIL FROM:<v+b@nordhav.example>\r\nRCPT TO:<b@x.example>\r\nDATA\r\n"
#define TEXT "Subject: hej\r\n\r\n..tekst\r\n"

static char owner_a[] = "a";
static char owner_b[] = "b";
static const struct smtp_message message_a = { .sender = "v+a@nordhav.example",
                                               .recipient = "a@x.example",
                                               .data = TEXT,
                                               .length = sizeof TEXT - 1,
                                               .owner = owner_a };
static const struct smtp_message message_b = { .sender = "v+b@nordhav.example",
                                               .recipient = "b@x.example",
                                               .data = TEXT,
                                               .length = sizeof TEXT - 1,
                                               .owner = owner_b };
static const struct smtp_capabilities plain = { 0 };
static const struct smtp_capabilities pipelining = { .pipelining = true };

static void add(struct smtp_transaction *transaction, const struct smtp_message *message)
{
    struct smtp_result result;
    assert_true(smtp_transaction_wants_message(transaction));
    assert_true(smtp_transaction_add(transaction, message, &result));
}

/* What would be written now is exactly this; it counts as written. */
static void says(struct smtp_transaction *transaction, const char *wanted)
{
    struct smtp_piece pieces[SMTP_PIECES_MAXIMUM];
    size_t count = smtp_transaction_output(transaction, pieces);
    size_t length = 0;
    char text[4096];
    for (size_t i = 0; i < count; i++) {
        assert_true(pieces[i].length && length + pieces[i].length < sizeof text);
        memcpy(text + length, pieces[i].bytes, pieces[i].length);
        length += pieces[i].length;
    }
    text[length] = '\0';
    assert_string_equal(text, wanted);
    smtp_transaction_written(transaction, length);
}

/* The relay says so; the first event, with all bytes taken. */
static enum smtp_event hears(struct smtp_transaction *transaction, const char *bytes,
                             struct smtp_result *result)
{
    size_t used = 0;
    enum smtp_event event = smtp_transaction_receive(transaction, bytes, strlen(bytes), &used,
                                                     result);
    assert_int_equal(used, strlen(bytes));
    return event;
}

static void without_pipelining_each_command_waits(void **state)
{
    (void)state;
    struct smtp_result result;
    struct smtp_transaction *t = smtp_transaction_new(&plain, SMTP_PIPELINING_MESSAGES);
    assert_int_equal(smtp_transaction_pipelining(t), SMTP_PIPELINING_NONE);
    add(t, &message_a);
    assert_false(smtp_transaction_wants_message(t));
    says(t, "MAIL FROM:<v+a@nordhav.example>\r\n");
    assert_int_equal(hears(t, "250 ok\r\n", &result), SMTP_EVENT_NONE);
    says(t, "RCPT TO:<a@x.example>\r\n");
    assert_int_equal(hears(t, "250 ok\r\n", &result), SMTP_EVENT_NONE);
    says(t, "DATA\r\n");
    assert_int_equal(hears(t, "354 go\r\n", &result), SMTP_EVENT_READY);
    assert_string_equal(smtp_transaction_ready_owner(t), "a");
    says(t, TEXT);
    assert_int_equal(smtp_transaction_timeout_ms(t), -1);
    smtp_transaction_release(t);
    says(t, ".\r\n");
    assert_int_equal(smtp_transaction_timeout_ms(t), 600000);
    assert_int_equal(hears(t, "250 2.0.0 queued\r\n", &result), SMTP_EVENT_RESULT);
    assert_int_equal(result.kind, SMTP_RESULT_ACCEPTED);
    assert_string_equal(result.owner, "a");
    assert_string_equal(result.reply.text, "queued");
    assert_true(smtp_transaction_is_idle(t));
    smtp_transaction_free(t);
}

static void with_pipelining_the_next_envelope_follows_the_dot(void **state)
{
    (void)state;
    struct smtp_result result;
    struct smtp_transaction *t = smtp_transaction_new(&pipelining, SMTP_PIPELINING_MESSAGES);
    add(t, &message_a);
    says(t, ENVELOPE_A);
    assert_int_equal(hears(t, "250 ok\r\n250 ok\r\n354 go\r\n", &result), SMTP_EVENT_READY);
    add(t, &message_b);
    assert_false(smtp_transaction_wants_message(t));
    smtp_transaction_release(t);
    says(t, TEXT ".\r\n" ENVELOPE_B);
    size_t used = 0;
    static const char replies[] = "250 queued\r\n250 ok\r\n250 ok\r\n354 go\r\n";
    assert_int_equal(smtp_transaction_receive(t, replies, sizeof replies - 1, &used, &result),
                     SMTP_EVENT_RESULT);
    assert_string_equal(result.owner, "a");
    assert_int_equal(hears(t, replies + used, &result), SMTP_EVENT_READY);
    assert_string_equal(smtp_transaction_ready_owner(t), "b");
    smtp_transaction_release(t);
    says(t, TEXT ".\r\n");
    assert_int_equal(hears(t, "250 queued\r\n", &result), SMTP_EVENT_RESULT);
    assert_string_equal(result.owner, "b");
    smtp_transaction_free(t);
}

static void a_message_added_late_goes_behind_a_dot_that_has_left(void **state)
{
    (void)state;
    struct smtp_result result;
    struct smtp_transaction *t = smtp_transaction_new(&pipelining, SMTP_PIPELINING_MESSAGES);
    add(t, &message_a);
    says(t, ENVELOPE_A);
    assert_int_equal(hears(t, "250 ok\r\n250 ok\r\n354 go\r\n", &result), SMTP_EVENT_READY);
    smtp_transaction_release(t);
    says(t, TEXT ".\r\n");
    add(t, &message_b);
    says(t, ENVELOPE_B);
    smtp_transaction_free(t);
}

static void the_text_may_go_before_its_dot(void **state)
{
    (void)state;
    struct smtp_result result;
    struct smtp_transaction *t = smtp_transaction_new(&pipelining, SMTP_PIPELINING_MESSAGES);
    add(t, &message_a);
    says(t, ENVELOPE_A);
    assert_int_equal(hears(t, "250 ok\r\n250 ok\r\n354 go\r\n", &result), SMTP_EVENT_READY);
    add(t, &message_b);
    says(t, TEXT);
    smtp_transaction_release(t);
    says(t, ".\r\n" ENVELOPE_B);
    smtp_transaction_free(t);
}

/* RFC 5321 section 4.5.3.2, at each step of the dialogue. */
static void each_step_is_waited_for_as_long_as_the_rfc_says(void **state)
{
    (void)state;
    static const int64_t minute = 60000;
    struct smtp_result result;
    struct smtp_transaction *t = smtp_transaction_new(&plain, SMTP_PIPELINING_MESSAGES);
    assert_int_equal(smtp_transaction_timeout_ms(t), -1);
    add(t, &message_a);
    says(t, "MAIL FROM:<v+a@nordhav.example>\r\n");
    assert_int_equal(smtp_transaction_step(t), SMTP_STEP_MAIL);
    assert_int_equal(smtp_transaction_timeout_ms(t), 5 * minute);
    assert_int_equal(hears(t, "250 ok\r\n", &result), SMTP_EVENT_NONE);
    says(t, "RCPT TO:<a@x.example>\r\n");
    assert_int_equal(smtp_transaction_step(t), SMTP_STEP_RCPT);
    assert_int_equal(smtp_transaction_timeout_ms(t), 5 * minute);
    assert_int_equal(hears(t, "250 ok\r\n", &result), SMTP_EVENT_NONE);
    says(t, "DATA\r\n");
    assert_int_equal(smtp_transaction_step(t), SMTP_STEP_DATA);
    assert_int_equal(smtp_transaction_timeout_ms(t), 2 * minute);
    assert_int_equal(hears(t, "354 go\r\n", &result), SMTP_EVENT_READY);
    assert_int_equal(smtp_transaction_timeout_ms(t), 3 * minute); /* a block of the text */
    says(t, TEXT);
    assert_int_equal(smtp_transaction_timeout_ms(t), -1); /* it is our turn */
    smtp_transaction_release(t);
    says(t, ".\r\n");
    assert_int_equal(smtp_transaction_step(t), SMTP_STEP_DOT);
    assert_int_equal(smtp_transaction_timeout_ms(t), 10 * minute);
    smtp_transaction_free(t);
}

static void what_nothing_was_said_of_may_be_taken_out_again(void **state)
{
    (void)state;
    struct smtp_result result;
    struct smtp_transaction *t = smtp_transaction_new(&pipelining, SMTP_PIPELINING_MESSAGES);
    assert_int_equal(smtp_transaction_answers_ahead(t), 0);
    add(t, &message_a);
    assert_null(smtp_transaction_unsaid_owner(t)); /* its envelope is in the output */
    assert_int_equal(smtp_transaction_answers_ahead(t), 4);
    says(t, ENVELOPE_A);
    assert_int_equal(hears(t, "250 ok\r\n", &result), SMTP_EVENT_NONE);
    assert_int_equal(smtp_transaction_answers_ahead(t), 3);
    assert_int_equal(hears(t, "250 ok\r\n354 go\r\n", &result), SMTP_EVENT_READY);
    add(t, &message_b);
    assert_int_equal(smtp_transaction_answers_ahead(t), 1);
    assert_string_equal(smtp_transaction_unsaid_owner(t), "b");
    smtp_transaction_withdraw(t);
    assert_null(smtp_transaction_unsaid_owner(t));
    assert_true(smtp_transaction_wants_message(t));
    smtp_transaction_release(t);
    assert_int_equal(smtp_transaction_answers_ahead(t), 1);
    says(t, TEXT ".\r\n");
    add(t, &message_b);
    assert_null(smtp_transaction_unsaid_owner(t));
    assert_int_equal(smtp_transaction_answers_ahead(t), -1);
    says(t, ENVELOPE_B);
    smtp_transaction_withdraw(t); /* too late: it stays */
    assert_int_equal(hears(t, "250 queued\r\n", &result), SMTP_EVENT_RESULT);
    assert_int_equal(smtp_transaction_answers_ahead(t), 4);
    assert_false(smtp_transaction_is_idle(t));
    smtp_transaction_free(t);
}

/* The text is written from where it is, in as many goes as it takes. */
static void a_text_is_not_copied(void **state)
{
    (void)state;
    struct smtp_result result;
    struct smtp_piece pieces[SMTP_PIECES_MAXIMUM];
    struct smtp_transaction *t = smtp_transaction_new(&pipelining, SMTP_PIPELINING_MESSAGES);
    add(t, &message_a);
    says(t, ENVELOPE_A);
    assert_int_equal(hears(t, "250 ok\r\n250 ok\r\n354 go\r\n", &result), SMTP_EVENT_READY);
    assert_int_equal(smtp_transaction_output(t, pieces), 1);
    assert_ptr_equal(pieces[0].bytes, message_a.data);
    smtp_transaction_written(t, 3);
    add(t, &message_b);
    smtp_transaction_release(t);
    assert_int_equal(smtp_transaction_timeout_ms(t), 180000);
    assert_int_equal(smtp_transaction_output(t, pieces), 2);
    assert_ptr_equal(pieces[0].bytes, message_a.data + 3);
    assert_int_equal(pieces[0].length, message_a.length - 3);
    smtp_transaction_written(t, message_a.length - 3 + 1);
    says(t, "\r\n" ENVELOPE_B);
    assert_int_equal(hears(t, "421 bye\r\n", &result), SMTP_EVENT_RESULT);
    assert_int_equal(smtp_transaction_output(t, pieces), 0);
    smtp_transaction_free(t);
}

static void a_refused_recipient_costs_no_connection(void **state)
{
    (void)state;

    static const struct {
        const char *label;
        const char *replies; /* to MAIL, RCPT, DATA */
        enum smtp_step step;
        int code;
    } table[] = {
        { "503", "250 ok\r\n550 5.1.1 no\r\n503 5.5.1 no recipients\r\n", SMTP_STEP_RCPT, 550 },
        { "554", "250 ok\r\n450 4.2.0 greylisted\r\n554 5.5.1 no valid recipients\r\n",
          SMTP_STEP_RCPT, 450 },
        { "MAIL", "452 4.3.1 full\r\n503 5.5.1 MAIL\r\n503 5.5.1 RCPT\r\n", SMTP_STEP_MAIL, 452 },
        { "DATA", "250 ok\r\n250 ok\r\n451 4.3.0 later\r\n", SMTP_STEP_DATA, 451 },
    };

    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        struct smtp_result result;
        struct smtp_transaction *t = smtp_transaction_new(&pipelining, SMTP_PIPELINING_MESSAGES);
        add(t, &message_a);
        says(t, ENVELOPE_A);
        if (hears(t, table[i].replies, &result) != SMTP_EVENT_RESULT)
            fail_msg("%s: no result", table[i].label);
        assert_int_equal(result.kind, SMTP_RESULT_REFUSED);
        assert_int_equal(result.step, table[i].step);
        assert_int_equal(result.reply.code, table[i].code);
        add(t, &message_b);
        says(t, "RSET\r\n" ENVELOPE_B);
        assert_int_equal(hears(t, "250 ok\r\n250 ok\r\n250 ok\r\n354 go\r\n", &result),
                         SMTP_EVENT_READY);
        smtp_transaction_free(t);
    }
}

static void text_to_nobody_is_ended_by_a_lone_dot(void **state)
{
    (void)state;
    struct smtp_result result;
    struct smtp_transaction *t = smtp_transaction_new(&pipelining, SMTP_PIPELINING_MESSAGES);
    add(t, &message_a);
    says(t, ENVELOPE_A);
    assert_int_equal(hears(t, "250 ok\r\n550 5.1.1 no\r\n354 go\r\n", &result), SMTP_EVENT_NONE);
    says(t, ".\r\n");
    add(t, &message_b);
    says(t, "");
    assert_int_equal(hears(t, "554 5.5.1 no valid recipients\r\n", &result), SMTP_EVENT_RESULT);
    assert_int_equal(result.reply.code, 550);
    says(t, "RSET\r\n" ENVELOPE_B);
    smtp_transaction_free(t);
}

static void without_pipelining_a_refusal_resets_and_goes_on(void **state)
{
    (void)state;
    struct smtp_result result;
    struct smtp_transaction *t = smtp_transaction_new(&plain, SMTP_PIPELINING_MESSAGES);
    add(t, &message_a);
    says(t, "MAIL FROM:<v+a@nordhav.example>\r\n");
    (void)hears(t, "250 ok\r\n", &result);
    says(t, "RCPT TO:<a@x.example>\r\n");
    assert_int_equal(hears(t, "550 5.1.1 no\r\n", &result), SMTP_EVENT_RESULT);
    assert_int_equal(result.reply.code, 550);
    add(t, &message_b);
    says(t, "RSET\r\n");
    assert_int_equal(hears(t, "250 ok\r\n", &result), SMTP_EVENT_NONE);
    says(t, "MAIL FROM:<v+b@nordhav.example>\r\n");
    smtp_transaction_free(t);
}

static void answers_out_of_order_break_the_session(void **state)
{
    (void)state;

    static const struct {
        const char *label;
        const char *replies;
    } table[] = {
        { "354 to MAIL", "354 go\r\n" },
        { "354 to RCPT", "250 ok\r\n354 go\r\n" },
        { "250 to DATA", "250 ok\r\n250 ok\r\n250 ok\r\n" },
        { "300 to DATA", "250 ok\r\n250 ok\r\n334 go\r\n" },
        { "nonsense", "250 ok\r\nwhat?\r\n" },
    };

    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        struct smtp_result result;
        struct smtp_transaction *t = smtp_transaction_new(&pipelining, SMTP_PIPELINING_MESSAGES);
        add(t, &message_a);
        says(t, ENVELOPE_A);
        if (hears(t, table[i].replies, &result) != SMTP_EVENT_BROKEN)
            fail_msg("%s: not broken", table[i].label);
        assert_int_equal(smtp_transaction_failure(t)->code, 0);
        assert_true(smtp_transaction_abandon(t, &result));
        assert_int_equal(result.kind, SMTP_RESULT_UNSENT);
        assert_false(smtp_transaction_abandon(t, &result));
        smtp_transaction_free(t);
    }
}

/* One dialogue of two messages, the second to nobody, with the relay's answers fed in pieces that
 * end at the offsets first and first + second; its events as letters. */
static void events_of(size_t first, size_t second, char events[16])
{
    static const char *const answers[] = {
        "250-2.1.0 one\r\n250 2.1.0 two\r\n250 ok\r\n354 go\r\n",
        "250 2.0.0 queued\r\n250 ok\r\n550 5.1.1 no such user\r\n503 5.5.1 no recipients\r\n"
    };
    struct smtp_result result;
    struct smtp_transaction *t = smtp_transaction_new(&pipelining, SMTP_PIPELINING_MESSAGES);
    size_t count = 0;
    size_t base = 0;
    add(t, &message_a);
    says(t, ENVELOPE_A);
    for (size_t part = 0; part < 2; part++) {
        size_t length = strlen(answers[part]);
        for (size_t at = 0; at < length;) {
            size_t end = length;
            if (first > base + at && first < base + end)
                end = first - base;
            else if (first + second > base + at && first + second < base + end)
                end = first + second - base;
            size_t used = 0;
            switch (smtp_transaction_receive(t, answers[part] + at, end - at, &used, &result)) {
            case SMTP_EVENT_NONE:
                break;
            case SMTP_EVENT_READY:
                events[count++] = 'y';
                break;
            case SMTP_EVENT_RESULT:
                events[count++] = result.kind == SMTP_RESULT_ACCEPTED ? 'a' : 'r';
                break;
            case SMTP_EVENT_BROKEN:
                events[count++] = '!';
                break;
            }
            at += used;
            assert_true(count < 15 && (used || count));
        }
        if (part == 0) {
            add(t, &message_b);
            smtp_transaction_release(t);
            says(t, TEXT ".\r\n" ENVELOPE_B);
        }
        base += length;
    }
    events[count] = '\0';
    assert_true(smtp_transaction_is_idle(t));
    smtp_transaction_free(t);
}

static void answers_split_at_any_byte_mean_the_same(void **state)
{
    (void)state;
    char events[16];
    for (size_t first = 1; first < 150; first++) {
        for (size_t second = 1; second < 60; second++) {
            events_of(first, second, events);
            if (strcmp(events, "yar") != 0)
                fail_msg("split at %zu and %zu: %s", first, first + second, events);
        }
    }
}

static void early_answers_break_the_session(void **state)
{
    (void)state;
    struct smtp_result result;
    /* Nothing is asked at all. */
    struct smtp_transaction *t = smtp_transaction_new(&pipelining, SMTP_PIPELINING_MESSAGES);
    assert_int_equal(hears(t, "250 early\r\n", &result), SMTP_EVENT_BROKEN);
    smtp_transaction_free(t);
    /* Its command is in the output, and has not left. */
    t = smtp_transaction_new(&pipelining, SMTP_PIPELINING_MESSAGES);
    add(t, &message_a);
    assert_int_equal(hears(t, "250 early\r\n", &result), SMTP_EVENT_BROKEN);
    assert_true(smtp_transaction_abandon(t, &result));
    assert_int_equal(result.kind, SMTP_RESULT_UNSENT);
    smtp_transaction_free(t);
    /* One answer for each command, and the one to the final dot before it. */
    t = smtp_transaction_new(&pipelining, SMTP_PIPELINING_MESSAGES);
    add(t, &message_a);
    says(t, ENVELOPE_A);
    static const char replies[] = "250 ok\r\n250 ok\r\n354 go\r\n250 queued\r\n";
    size_t used = 0;
    assert_int_equal(smtp_transaction_receive(t, replies, sizeof replies - 1, &used, &result),
                     SMTP_EVENT_READY);
    assert_int_equal(hears(t, replies + used, &result), SMTP_EVENT_BROKEN);
    assert_true(smtp_transaction_abandon(t, &result));
    assert_int_equal(result.kind, SMTP_RESULT_UNSENT);
    smtp_transaction_free(t);
}

static void acceptance_before_the_end_of_data_is_not_believed(void **state)
{
    (void)state;
    for (int released = 0; released < 2; released++) {
        struct smtp_result result;
        struct smtp_transaction *t = smtp_transaction_new(&pipelining, SMTP_PIPELINING_MESSAGES);
        add(t, &message_a);
        says(t, ENVELOPE_A);
        assert_int_equal(hears(t, "250 ok\r\n250 ok\r\n354 go\r\n", &result), SMTP_EVENT_READY);
        if (released) /* in the output, but not written */
            smtp_transaction_release(t);
        assert_int_equal(hears(t, "250 queued\r\n", &result), SMTP_EVENT_BROKEN);
        assert_true(smtp_transaction_abandon(t, &result));
        assert_int_equal(result.kind, SMTP_RESULT_UNSENT);
        smtp_transaction_free(t);
    }
}

static void a_refusal_in_the_middle_of_the_text_is_the_messages(void **state)
{
    (void)state;
    struct smtp_result result;
    struct smtp_transaction *t = smtp_transaction_new(&pipelining, SMTP_PIPELINING_MESSAGES);
    add(t, &message_a);
    says(t, ENVELOPE_A);
    assert_int_equal(hears(t, "250 ok\r\n250 ok\r\n354 go\r\n", &result), SMTP_EVENT_READY);
    assert_int_equal(hears(t, "552 5.3.4 too big\r\n", &result), SMTP_EVENT_RESULT);
    assert_int_equal(result.kind, SMTP_RESULT_REFUSED);
    assert_int_equal(result.step, SMTP_STEP_DOT);
    assert_int_equal(hears(t, "", &result), SMTP_EVENT_BROKEN);
    assert_int_equal(smtp_transaction_failure(t)->code, 552);
    smtp_transaction_free(t);
}

static void a_session_lost_behind_the_dot_leaves_doubt(void **state)
{
    (void)state;

    static const struct {
        size_t missing; /* bytes that were not written, of these */
        size_t held;    /* so many lie with TLS */
        enum smtp_result_kind kind;
    } ends[] = {
        { 0, 0, SMTP_RESULT_INDETERMINATE }, { 1, 0, SMTP_RESULT_UNSENT },
        { 2, 0, SMTP_RESULT_UNSENT },        { 2, 1, SMTP_RESULT_UNSENT },
        { 2, 2, SMTP_RESULT_INDETERMINATE },
    };

    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        size_t missing = ends[i].missing;
        struct smtp_result result;
        struct smtp_transaction *t = smtp_transaction_new(&pipelining, SMTP_PIPELINING_MESSAGES);
        add(t, &message_a);
        says(t, ENVELOPE_A);
        (void)hears(t, "250 ok\r\n250 ok\r\n354 go\r\n", &result);
        smtp_transaction_release(t);
        struct smtp_piece pieces[SMTP_PIECES_MAXIMUM];
        assert_int_equal(smtp_transaction_output(t, pieces), 2);
        smtp_transaction_written(t, pieces[0].length + pieces[1].length - missing);
        smtp_transaction_held(t, ends[i].held);
        add(t, &message_b);
        assert_true(smtp_transaction_abandon(t, &result));
        assert_string_equal(result.owner, "a");
        assert_int_equal(result.kind, ends[i].kind);
        assert_true(smtp_transaction_abandon(t, &result));
        assert_string_equal(result.owner, "b");
        assert_int_equal(result.kind, SMTP_RESULT_UNSENT);
        assert_false(smtp_transaction_abandon(t, &result));
        smtp_transaction_free(t);
    }
}

static void a_closing_relay_refuses_one_and_breaks(void **state)
{
    (void)state;

    static const struct {
        const char *label;
        const char *replies;
        enum smtp_step step;
    } table[] = {
        { "MAIL", "421 4.3.2 bye\r\n", SMTP_STEP_MAIL },
        { "RCPT", "250 ok\r\n421 4.3.2 bye\r\n", SMTP_STEP_RCPT },
        { "DATA", "250 ok\r\n250 ok\r\n421 4.3.2 bye\r\n", SMTP_STEP_DATA },
    };

    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        struct smtp_result result;
        struct smtp_transaction *t = smtp_transaction_new(&pipelining, SMTP_PIPELINING_MESSAGES);
        add(t, &message_a);
        says(t, ENVELOPE_A);
        if (hears(t, table[i].replies, &result) != SMTP_EVENT_RESULT)
            fail_msg("%s: no result", table[i].label);
        assert_int_equal(result.step, table[i].step);
        assert_int_equal(result.reply.code, 421);
        assert_int_equal(hears(t, "", &result), SMTP_EVENT_BROKEN);
        assert_false(smtp_transaction_wants_message(t));
        smtp_transaction_free(t);
    }
}

static void extensions_are_used_where_offered(void **state)
{
    (void)state;
    struct smtp_capabilities capabilities = { 0 };
    static const char *const lines[] = { "PIPELINING", "SIZE 10240000", "8bitmime",
                                         "DSN",        "SMTPUTF8",      "AUTH PLAIN CRAM-MD5 X",
                                         "AUTH=LOGIN", "starttls",      "ENHANCEDSTATUSCODES" };
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++)
        smtp_capabilities_add(&capabilities, lines[i], strlen(lines[i]));
    assert_int_equal(capabilities.mechanisms, SMTP_MECHANISM_PLAIN | SMTP_MECHANISM_CRAM_MD5 |
                                                  SMTP_MECHANISM_OTHER | SMTP_MECHANISM_LOGIN);
    assert_true(capabilities.starttls);
    assert_int_equal(capabilities.size_maximum, 10240000);

    struct smtp_message message = message_a;
    message.recipient = "r\xc3\xb8nne@x.example";
    message.envelope_id = "d17-42";
    message.is_eight_bit = true;
    struct smtp_transaction *t = smtp_transaction_new(&capabilities, SMTP_PIPELINING_MESSAGES);
    add(t, &message);
    says(t, "MAIL FROM:<v+a@nordhav.example> SIZE=25 BODY=8BITMIME SMTPUTF8 RET=HDRS "
            "ENVID=d17-42\r\nRCPT TO:<r\xc3\xb8nne@x.example> NOTIFY=FAILURE\r\nDATA\r\n");
    smtp_transaction_free(t);
}

static void what_cannot_be_sent_is_refused_before_it_is_said(void **state)
{
    (void)state;
    static const struct smtp_capabilities small = { .pipelining = true,
                                                    .size = true,
                                                    .size_maximum = 10 };

    static const struct {
        const char *label;
        const struct smtp_capabilities *capabilities;
        const char *recipient;
        const char *enhanced;
    } table[] = {
        { "CR LF", &pipelining, "a@x.example>\r\nRCPT TO:<b@x.example", "5.1.3" },
        { "LF in quotes", &pipelining, "\"a\nb\"@x.example", "5.1.3" },
        { "angle bracket", &pipelining, "a@x.example> SIZE=1", "5.1.3" },
        { "empty", &pipelining, "", "5.1.3" },
        { "no SMTPUTF8", &pipelining, "r\xc3\xb8nne@x.example", "5.6.7" },
        { "SIZE", &small, "a@x.example", "5.3.4" },
    };

    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        struct smtp_result result;
        struct smtp_message message = message_a;
        message.recipient = table[i].recipient;
        struct smtp_transaction *t = smtp_transaction_new(table[i].capabilities,
                                                          SMTP_PIPELINING_MESSAGES);
        if (smtp_transaction_add(t, &message, &result))
            fail_msg("%s: taken", table[i].label);
        assert_int_equal(result.kind, SMTP_RESULT_REFUSED);
        assert_string_equal(result.reply.enhanced, table[i].enhanced);
        says(t, "");
        assert_true(smtp_transaction_wants_message(t));
        smtp_transaction_free(t);
    }
}

static void paths_are_guarded(void **state)
{
    (void)state;
    assert_true(smtp_path_is_valid("a@x.example"));
    assert_true(smtp_path_is_valid("\"a <b> c\\\"\"@x.example"));
    assert_false(smtp_path_is_valid("\"a@x.example"));
    assert_false(smtp_path_is_valid("a b@x.example"));
    assert_false(smtp_path_is_valid("\"a\\"));
    char address[300];
    memset(address, 'a', sizeof address);
    address[254] = '\0';
    assert_true(smtp_path_is_valid(address));
    address[254] = 'a';
    address[255] = '\0';
    assert_false(smtp_path_is_valid(address));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_pipelining_each_command_waits),
        cmocka_unit_test(with_pipelining_the_next_envelope_follows_the_dot),
        cmocka_unit_test(a_message_added_late_goes_behind_a_dot_that_has_left),
        cmocka_unit_test(the_text_may_go_before_its_dot),
        cmocka_unit_test(a_text_is_not_copied),
        cmocka_unit_test(each_step_is_waited_for_as_long_as_the_rfc_says),
        cmocka_unit_test(what_nothing_was_said_of_may_be_taken_out_again),
        cmocka_unit_test(a_refused_recipient_costs_no_connection),
        cmocka_unit_test(text_to_nobody_is_ended_by_a_lone_dot),
        cmocka_unit_test(without_pipelining_a_refusal_resets_and_goes_on),
        cmocka_unit_test(answers_out_of_order_break_the_session),
        cmocka_unit_test(answers_split_at_any_byte_mean_the_same),
        cmocka_unit_test(early_answers_break_the_session),
        cmocka_unit_test(acceptance_before_the_end_of_data_is_not_believed),
        cmocka_unit_test(a_refusal_in_the_middle_of_the_text_is_the_messages),
        cmocka_unit_test(a_session_lost_behind_the_dot_leaves_doubt),
        cmocka_unit_test(a_closing_relay_refuses_one_and_breaks),
        cmocka_unit_test(extensions_are_used_where_offered),
        cmocka_unit_test(what_cannot_be_sent_is_refused_before_it_is_said),
        cmocka_unit_test(paths_are_guarded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
