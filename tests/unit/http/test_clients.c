/* SPDX-License-Identifier: MIT */
#include "cmocka_all.h"

#include "http/clients.h"

static const struct http_client_limits limits = { .open = 4, .burst = 10, .per_second = 2 };
static const struct http_client anna = { { 1 } };
static const struct http_client bo = { { 2 } };

static void one_client_holds_so_many_and_others_do_not_notice(void **state)
{
    (void)state;
    struct http_clients *clients = http_clients_new(&limits, 7);
    for (int i = 0; i < 4; i++)
        assert_int_equal(http_clients_take(clients, &anna, 1000), HTTP_CLIENT_TAKEN);
    assert_int_equal(http_clients_take(clients, &anna, 1000), HTTP_CLIENT_FULL);
    assert_int_equal(http_clients_take(clients, &bo, 1000), HTTP_CLIENT_TAKEN);
    http_clients_give_back(clients, &anna);
    assert_int_equal(http_clients_take(clients, &anna, 1000), HTTP_CLIENT_TAKEN);
    assert_int_equal(http_clients_take(clients, &anna, 1000), HTTP_CLIENT_FULL);
    http_clients_free(clients);
}

static void new_ones_come_in_a_burst_and_then_by_the_second(void **state)
{
    (void)state;
    struct http_clients *clients = http_clients_new(&limits, 7);
    for (int i = 0; i < 10; i++) {
        assert_int_equal(http_clients_take(clients, &anna, 1000), HTTP_CLIENT_TAKEN);
        http_clients_give_back(clients, &anna);
    }
    assert_int_equal(http_clients_take(clients, &anna, 1000), HTTP_CLIENT_FAST);
    assert_int_equal(http_clients_take(clients, &anna, 1499), HTTP_CLIENT_FAST);
    assert_int_equal(http_clients_take(clients, &anna, 1500), HTTP_CLIENT_TAKEN);
    http_clients_give_back(clients, &anna);
    assert_int_equal(http_clients_take(clients, &anna, 1500), HTTP_CLIENT_FAST);
    assert_int_equal(http_clients_take(clients, &bo, 1500), HTTP_CLIENT_TAKEN);
    /* After a while all of the burst is there again, and no more. */
    for (int i = 0; i < 10; i++) {
        assert_int_equal(http_clients_take(clients, &anna, 60000), HTTP_CLIENT_TAKEN);
        http_clients_give_back(clients, &anna);
    }
    assert_int_equal(http_clients_take(clients, &anna, 60000), HTTP_CLIENT_FAST);
    http_clients_free(clients);
}

/* However many come and go, those who are there are still counted. */
static void who_holds_a_connection_is_not_forgotten(void **state)
{
    (void)state;
    struct http_clients *clients = http_clients_new(&limits, 7);
    for (int i = 0; i < 4; i++)
        assert_int_equal(http_clients_take(clients, &anna, 1000), HTTP_CLIENT_TAKEN);
    for (unsigned i = 0; i < 100000; i++) {
        struct http_client other = { { 9, 0, (unsigned char)(i >> 16), (unsigned char)(i >> 8),
                                       (unsigned char)i } };
        if (http_clients_take(clients, &other, 1000 + i) == HTTP_CLIENT_TAKEN)
            http_clients_give_back(clients, &other);
    }
    assert_int_equal(http_clients_take(clients, &anna, 200000), HTTP_CLIENT_FULL);
    http_clients_free(clients);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_client_holds_so_many_and_others_do_not_notice),
        cmocka_unit_test(new_ones_come_in_a_burst_and_then_by_the_second),
        cmocka_unit_test(who_holds_a_connection_is_not_forgotten),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
