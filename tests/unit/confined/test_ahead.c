/* SPDX-License-Identifier: MIT */
/* Calls that are sent before their turn: each gets its own reply, whatever becomes of the others.
 */
#include "cmocka_all.h"

#include "base/error.h"
#include "base/string_builder.h"
#include "confined/confined.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* ---- what runs confined ---- */

static int seen; /* requests of this worker */

static bool ask_three_times(struct confined_exchange *exchange, struct string_builder *reply,
                            struct error *error)
{
    const void *answer = NULL;
    size_t length = 0;
    for (int i = 0; i < 3; i++) {
        if (!confined_ask(exchange, "more?", 5, &answer, &length))
            return error_set(error, ERROR_INPUT, "nobody answers");
        string_builder_append_bytes(reply, answer, length);
    }
    return true;
}

static void wait_for_ever(void)
{
    pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
    (void)pthread_mutex_lock(&mutex);
    (void)pthread_mutex_lock(&mutex);
}

/* The replies of this one are long: they fill the line while nobody takes them. */
static void say_much(struct string_builder *reply)
{
    for (int i = 0; i < 1024 * 1024; i++)
        string_builder_append_character(reply, 'x');
}

static bool answer(void *state, struct confined_exchange *exchange, struct string_builder *reply,
                   struct error *error)
{
    size_t length = 0;
    const char *request = confined_request(exchange, &length);
    (void)state;
    seen++;
    if (strcmp(request, "die") == 0)
        _exit(0);
    if (strcmp(request, "hang") == 0)
        wait_for_ever();
    if (strcmp(request, "spin") == 0)
        for (volatile unsigned long turns = 0;; turns++)
            ;
    if (strcmp(request, "fail") == 0)
        return error_set(error, ERROR_INPUT, "it is no text");
    if (strcmp(request, "ask") == 0)
        return ask_three_times(exchange, reply, error);
    if (strcmp(request, "much") == 0)
        say_much(reply);
    else if (strcmp(request, "count") == 0)
        string_builder_append_number(reply, seen);
    else
        string_builder_append(reply, request);
    return true;
}

#define LIMITS(cpu, wall)                                                                          \
    {                                                                                              \
        .memory_bytes = 256 * 1024 * 1024, .cpu_seconds = (cpu), .wall_seconds = (wall),           \
        .reply_bytes = 2 * 1024 * 1024                                                             \
    }

static const struct confined_function patient = { "patient", LIMITS(60, 600), NULL, answer };
static const struct confined_function hasty = { "hasty", LIMITS(60, 1), NULL, answer };
static const struct confined_function idle = { "idle", LIMITS(1, 600), NULL, answer };
static const struct confined_function *const functions[] = { &patient, &hasty, &idle, NULL };

/* ---- the parent ---- */

static struct confined *start(const char *function)
{
    struct error error = { .kind = ERROR_NONE };
    struct confined *confined = confined_open(function, NULL, 0, &error);
    if (!confined)
        fail_msg("%s", error.message);
    return confined;
}

static struct confined_call call_of(const char *word)
{
    return (struct confined_call){ .request = word, .length = strlen(word) + 1, .descriptor = -1 };
}

/* The reply, or the error's message; lives until the next. */
static const char *take(struct confined *confined, struct confined_call *call)
{
    static struct string_builder reply;
    static struct error error;
    if (!reply.maximum)
        string_builder_init(&reply, 0);
    return confined_call(confined, call, &reply, &error) ? reply.data : error.message;
}

static void what_was_begun_is_answered_in_turn(void **state)
{
    struct confined *confined = start("patient");
    struct confined_call calls[] = { call_of("one"), call_of("two"), call_of("three"),
                                     call_of("count"), call_of("fail") };
    (void)state;
    confined_begin(confined, &calls[0]);
    confined_begin(confined, &calls[1]);
    assert_int_not_equal(calls[1].begun, 0);
    assert_string_equal(take(confined, &calls[0]), "one");
    confined_begin(confined, &calls[2]);
    assert_string_equal(take(confined, &calls[1]), "two");
    assert_string_equal(take(confined, &calls[2]), "three");
    assert_string_equal(take(confined, &calls[3]), "4"); /* one worker did it all, each once */
    confined_begin(confined, &calls[4]);
    confined_begin(confined, &calls[0]);
    assert_string_equal(take(confined, &calls[4]), "it is no text");
    assert_string_equal(take(confined, &calls[0]), "one");
    confined_close(confined);
}

/* However many and however long they are: what the line holds, and no more, is begun. */
static void only_so_many_are_begun(void **state)
{
    static char requests[100][30 * 1024];
    struct confined_call calls[100];
    struct confined *confined = start("patient");
    bool was_full = false;
    (void)state;
    for (int i = 0; i < 100; i++) {
        (void)snprintf(requests[i], sizeof requests[i], "number %d", i);
        calls[i] = (struct confined_call){ .request = requests[i],
                                           .length = sizeof requests[i],
                                           .descriptor = -1 };
        if (!was_full)
            confined_begin(confined, &calls[i]);
        was_full = was_full || !calls[i].begun;
    }
    assert_true(was_full);
    for (int i = 0; i < 100; i++)
        assert_string_equal(take(confined, &calls[i]), requests[i]);
    confined_close(confined);
}

/* Long ones one at a time, and each reply is longer than the line holds. */
static void a_long_one_is_begun_where_nothing_is_ahead_of_it(void **state)
{
    static char requests[2][600 * 1024];
    struct confined_call calls[2];
    struct confined *confined = start("patient");
    (void)state;
    for (int i = 0; i < 2; i++) {
        memset(requests[i], 'a' + i, sizeof requests[i] - 1);
        calls[i] = (struct confined_call){ .request = requests[i],
                                           .length = sizeof requests[i],
                                           .descriptor = -1 };
    }
    for (int turn = 0; turn < 2; turn++) {
        confined_begin(confined, &calls[0]);
        confined_begin(confined, &calls[1]);
        assert_int_not_equal(calls[0].begun, 0);
        assert_int_equal(calls[1].begun, 0);
        assert_string_equal(take(confined, &calls[0]), requests[0]);
        assert_string_equal(take(confined, &calls[1]), requests[1]);
    }
    confined_begin(confined, &calls[0]);
    confined_renew(confined);
    assert_string_equal(take(confined, &calls[0]), requests[0]);
    confined_close(confined);
}

static void no_reply_is_taken_for_another(void **state)
{
    struct confined *confined = start("patient");
    struct confined_call first = call_of("one");
    struct confined_call second = call_of("two");
    struct confined_call other = call_of("three");
    (void)state;
    confined_begin(confined, &first);
    confined_begin(confined, &second);
    assert_string_equal(take(confined, &other), "three");
    assert_string_equal(take(confined, &second), "two");
    assert_string_equal(take(confined, &first), "one");
    confined_begin(confined, &first);
    confined_begin(confined, &second);
    assert_string_equal(take(confined, &second), "two");
    assert_string_equal(take(confined, &first), "one");
    confined_begin(confined, &first);
    confined_renew(confined);
    confined_begin(confined, &second);
    assert_string_equal(take(confined, &second), "two");
    assert_string_equal(take(confined, &first), "one");
    confined_close(confined);
}

static void what_is_behind_one_that_dies_is_answered_by_another(void **state)
{
    static const char *const deaths[] = { "die", "hang", NULL };
    (void)state;
    struct confined *confined = start("hasty");
    for (const char *const *death = deaths; *death; death++) {
        struct confined_call bad = call_of(*death);
        struct confined_call good = call_of("count");
        confined_begin(confined, &bad);
        confined_begin(confined, &good);
        (void)take(confined, &bad);
        assert_int_not_equal(bad.end, CONFINED_REPLIED);
        assert_string_equal(take(confined, &good), "1");
        assert_int_equal(good.end, CONFINED_REPLIED);
        confined_begin(confined, &good);
        confined_begin(confined, &bad);
        assert_string_equal(take(confined, &good), "2");
        (void)take(confined, &bad);
        assert_int_not_equal(bad.end, CONFINED_REPLIED);
    }
    confined_close(confined);
}

static void what_was_begun_has_a_limit_too(void **state)
{
    struct confined *confined = start("idle");
    struct confined_call first = call_of("one");
    struct confined_call spinning = call_of("spin");
    struct confined_call last = call_of("count");
    (void)state;
    confined_begin(confined, &first);
    confined_begin(confined, &spinning);
    assert_string_equal(take(confined, &first), "one");
    confined_begin(confined, &last);
    (void)take(confined, &spinning);
    assert_int_equal(spinning.end, CONFINED_HUNG);
    assert_string_equal(take(confined, &last), "1");
    confined_close(confined);
}

static bool answer_with(void *payload, const void *question, size_t length,
                        struct string_builder *reply, struct error *error)
{
    (void)payload;
    (void)question;
    (void)length;
    (void)error;
    string_builder_append(reply, "yes ");
    return true;
}

/* What would fill the line is not sent behind another, nor what is more than bytes. */
static void what_cannot_begin_is_called_as_ever(void **state)
{
    static char request[256 * 1024] = "long";
    struct confined *confined = start("patient");
    struct confined_call small = call_of("one");
    struct confined_call large = { .request = request, .length = sizeof request, .descriptor = -1 };
    struct confined_call asking = call_of("ask");
    (void)state;
    asking.answer = answer_with;
    confined_begin(confined, &small);
    confined_begin(confined, &large);
    assert_int_equal(large.begun, 0);
    confined_begin(confined, &asking);
    assert_int_equal(asking.begun, 0);
    assert_string_equal(take(confined, &large), "long");
    assert_string_equal(take(confined, &asking), "yes yes yes ");
    assert_string_equal(take(confined, &small), "one");
    confined_close(confined);
}

/* A reply that nobody takes yet fills one way of the line; the other stays free. */
static void a_long_reply_holds_nobody_up(void **state)
{
    static char request[30 * 1024] = "as long as may be";
    struct confined *confined = start("patient");
    struct confined_call much = call_of("much");
    struct confined_call next = { .request = request, .length = sizeof request, .descriptor = -1 };
    (void)state;
    confined_begin(confined, &much);
    for (int i = 0; i < 20; i++) {
        confined_begin(confined, &next);
        assert_int_not_equal(next.begun, 0);
        assert_int_equal(strlen(take(confined, &much)), 1024 * 1024);
        confined_begin(confined, &much);
        assert_string_equal(take(confined, &next), "as long as may be");
    }
    confined_close(confined);
}

static void one_whose_worker_has_gone_begins_anew(void **state)
{
    struct confined *confined = start("patient");
    struct confined_call dying = call_of("die");
    struct confined_call next = call_of("count");
    (void)state;
    (void)take(confined, &dying);
    confined_begin(confined, &next); /* starts another */
    assert_string_equal(take(confined, &next), "1");
    confined_close(confined);
}

int main(int count, char **argv)
{
    confined_register(functions);
    confined_serve(count, argv);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_begun_is_answered_in_turn),
        cmocka_unit_test(only_so_many_are_begun),
        cmocka_unit_test(a_long_one_is_begun_where_nothing_is_ahead_of_it),
        cmocka_unit_test(no_reply_is_taken_for_another),
        cmocka_unit_test(what_is_behind_one_that_dies_is_answered_by_another),
        cmocka_unit_test(what_was_begun_has_a_limit_too),
        cmocka_unit_test(what_cannot_begin_is_called_as_ever),
        cmocka_unit_test(a_long_reply_holds_nobody_up),
        cmocka_unit_test(one_whose_worker_has_gone_begins_anew),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
