/* SPDX-License-Identifier: MIT */
#include "cmocka_all.h"

#include "base/arena.h"
#include "inbound/inbound.h"
#include "inbound/own_address.h"

static const struct inbound_settings settings = { .replies = "svar@nordhav.example",
                                                  .bounces = "retur@blåhav.example",
                                                  .delimiter = "+",
                                                  .from = "presse@nordhav.example",
                                                  .inbox_address = "Post@nordhav.example" };

static void addresses_are_ours_by_their_bases(void **state)
{
    (void)state;

    static const struct {
        const char *address;
        enum own_address own;
    } cases[] = {
        { "svar+confirm-abc@nordhav.example", OWN_WRITTEN },
        { "SVAR+answer-ABC@Nordhav.EXAMPLE", OWN_WRITTEN },
        { "svar+@nordhav.example", OWN_WRITTEN },
        { "retur+b7@xn--blhav-nra.example", OWN_WRITTEN },
        { "retur+b7@BLÅHAV.example", OWN_WRITTEN },
        { "svar+aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
          "@nordhav.example",
          OWN_WRITTEN },
        /* what people write from */
        { "svar@nordhav.example", OWN_READ },
        { "presse@nordhav.example", OWN_READ },
        { "presse+ida@nordhav.example", OWN_READ },
        { "post@nordhav.example", OWN_READ },
        /* and others */
        { "svarer@nordhav.example", OWN_NOT },
        { "sva@nordhav.example", OWN_NOT },
        { "svar-x@nordhav.example", OWN_NOT },
        { "svar+x@avisen.example", OWN_NOT },
        { "svar+x@sub.nordhav.example", OWN_NOT },
        { "ida@avisen.example", OWN_NOT },
        { "svar+x", OWN_NOT },
        { "@", OWN_NOT },
        { "", OWN_NOT },
        { NULL, OWN_NOT },
    };
    struct arena arena = { 0 };
    struct own_addresses own;
    own_addresses_init(&own, &arena, &settings);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        if (own_address(&own, &arena, cases[i].address) != cases[i].own)
            fail_msg("%s: not %d", cases[i].address, (int)cases[i].own);
    arena_release(&arena);
}

static void what_is_not_set_matches_nothing(void **state)
{
    (void)state;
    const struct inbound_settings few = { .replies = "svar@nordhav.example",
                                          .bounces = "svar@nordhav.example",
                                          .delimiter = "-" };
    struct arena arena = { 0 };
    struct own_addresses own;
    own_addresses_init(&own, &arena, &few);
    assert_int_equal(own_address(&own, &arena, "presse@nordhav.example"), OWN_NOT);
    assert_int_equal(own_address(&own, &arena, "svar-b7@nordhav.example"), OWN_WRITTEN);
    assert_int_equal(own_address(&own, &arena, "svar+b7@nordhav.example"), OWN_NOT);
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(addresses_are_ours_by_their_bases),
        cmocka_unit_test(what_is_not_set_matches_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
