/* SPDX-License-Identifier: MIT */
#include "cmocka_all.h"

#include "base/log.h"
#include "net/net.h"

#include "relay_simulation.h"
#include "unit/store.h"

static struct database *open_store(void)
{
    const struct database_schema *schemas[] = { &subscriber_tables_schema, &queue_schema };
    return test_store_in_memory(schemas, 2);
}

/* In at most one and a half times what could be, with one transmission in twenty refused at most,
 * and nobody lost or charged. */
static void try_case(const struct simulated_case *tried)
{
    struct simulation simulation = { .limit = &tried->limit,
                                     .people = tried->people,
                                     .ideal_ms = tried->ideal_ms };
    struct error error = { 0 };
    struct database *database = open_store();
    if (!simulate(&simulation, database, &error))
        fail_msg("%s: %s", tried->limit.name, error.message);
    database_close(database);
    if (simulation.sent != tried->people || simulation.refused * 20 > tried->people ||
        simulation.passed_ms > tried->ideal_ms * 3 / 2)
        print_error("%s: %d sent, %d refused, %d s\n", tried->limit.name, (int)simulation.sent,
                    simulation.refused, (int)(simulation.passed_ms / 1000));
    assert_int_equal(simulation.sent, tried->people);
    assert_int_equal(simulation.failed, 0);
    assert_int_equal(simulation.relay.total, tried->people);
    for (int i = 1; i <= tried->people; i++)
        assert_int_equal(simulation.relay.accepted[i], 1);
    /* A message more or less is under way. */
    assert_true(simulation.refused <= tried->people / 20 + (tried->limit.outage_ms ? 10 : 0));
    assert_true(simulation.passed_ms <= tried->ideal_ms * 3 / 2);
    /* Four at most heard a 4xx of their own before it was the relay's. */
    assert_in_range(simulation.most_tries, 1, 2);
}

static void each_relay_gets_what_it_takes(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof simulated_cases / sizeof simulated_cases[0]; i++)
        try_case(&simulated_cases[i]);
}

/* The same limits, told in other ways and at other places. */
static void however_it_says_so(void **state)
{
    static const struct simulated_case cases[] = {
        { { .name = "421 at MAIL",
            .at = "MAIL",
            .reply = "421 4.7.0 Try again later\r\n",
            .count = 5,
            .window_ms = 1000 },
          1000,
          200 * DURATION_SECOND },
        { { .name = "450 without a word of rates, at the dot",
            .at = "DOT",
            .reply = "450 4.3.2 Not now\r\n",
            .count = 5,
            .window_ms = 1000 },
          1000,
          200 * DURATION_SECOND },
        { { .name = "421 at the greeting",
            .at = "CONNECT",
            .reply = "421 4.3.2 Come back later\r\n",
            .count = 5,
            .window_ms = 1000 },
          500,
          500 * DURATION_SECOND },
        { { .name = "550 for a day's quota",
            .at = "RCPT",
            .reply = "550 5.4.5 Daily user sending quota exceeded\r\n",
            .count = 500,
            .window_ms = DURATION_DAY,
            .is_by_the_clock = true },
          1000,
          DURATION_DAY },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        try_case(&cases[i]);
}

/* Whoever hears it once it is the relay's is charged nothing, also where it was asked before. */
/* Holds I11. */
static void what_is_under_way_is_not_charged(void **state)
{
    static const struct simulated_limit limits[] = {
        { .name = "451 from the first",
          .at = "RCPT",
          .reply = "451 4.3.0 Try again later\r\n",
          .outage_ms = 60 * 1000 },
        { .name = "4.7.x from the first, at the dot",
          .at = "DOT",
          .reply = "451 4.7.1 Not by our policy\r\n",
          .outage_ms = 60 * 1000 },
    };
    (void)state;
    for (size_t i = 0; i < sizeof limits / sizeof limits[0]; i++) {
        struct simulation simulation = { .limit = &limits[i], .people = 200 };
        struct error error = { 0 };
        struct database *database = open_store();
        if (!simulate(&simulation, database, &error))
            fail_msg("%s: %s", limits[i].name, error.message);
        database_close(database);
        assert_int_equal(simulation.sent, simulation.people);
        assert_int_equal(simulation.charged, 4);
    }
}

/* A relay that speaks of rates, and means one person: the others do not wait for him. */
static void one_who_is_never_taken_keeps_nobody_waiting(void **state)
{
    static const struct simulated_limit limit = { .name = "450 to one",
                                                  .at = "RCPT",
                                                  .reply = "450 4.7.1 Rate limit exceeded\r\n",
                                                  .outage_ms = 6 * DURATION_HOUR,
                                                  .person = 7 };
    struct simulation simulation = { .limit = &limit, .people = 200 };
    struct error error = { 0 };
    struct database *database = open_store();
    (void)state;
    if (!simulate(&simulation, database, &error))
        fail_msg("%s", error.message);
    database_close(database);
    assert_int_equal(simulation.sent, simulation.people);
    assert_int_equal(simulation.charged, 0);
    assert_true(simulation.taken_at[simulation.people - 2] < 15 * DURATION_MINUTE);
}

/* It says that a session has had enough, in other words than 421, and does not hang up. */
static void a_session_that_has_had_enough_gets_no_more(void **state)
{
    static const char *const replies[] = {
        "450 4.4.2 Too many messages in this session\r\n",
        "452 4.5.3 Too many messages for this connection\r\n",
    };
    (void)state;
    for (size_t i = 0; i < sizeof replies / sizeof replies[0]; i++) {
        const struct simulated_limit limit = {
            .name = replies[i], .at = "MAIL", .reply = replies[i], .session = 8
        };
        struct simulation simulation = { .limit = &limit, .people = 400 };
        struct error error = { 0 };
        struct database *database = open_store();
        if (!simulate(&simulation, database, &error))
            fail_msg("%s: %s", limit.name, error.message);
        database_close(database);
        assert_int_equal(simulation.sent, simulation.people);
        assert_int_equal(simulation.charged, 0);
        /* Two are under way on a session when it says so. */
        assert_true(simulation.relay.faults <= 2 * simulation.relay.connections);
    }
}

static int start_network(void **state)
{
    (void)state;
    struct error error;
    log_set_level(LOG_ERROR);
    return net_initialize(&error) ? 0 : 1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_relay_gets_what_it_takes),
        cmocka_unit_test(however_it_says_so),
        cmocka_unit_test(what_is_under_way_is_not_charged),
        cmocka_unit_test(one_who_is_never_taken_keeps_nobody_waiting),
        cmocka_unit_test(a_session_that_has_had_enough_gets_no_more),
    };
    return cmocka_run_group_tests(tests, start_network, NULL);
}
