/* SPDX-License-Identifier: MIT */
#include "cmocka_all.h"

#include "net/smtp.h"

static void what_a_relay_may_be_greeted_with(void **state)
{
    (void)state;

    static const struct {
        const char *name;
        bool is_valid;
        bool is_full;
    } cases[] = {
        { "mail.nordhav.example", true, true },
        { "xn--rsted-uua.example", true, true },
        { "1.nordhav.example", true, true },
        { "[192.0.2.1]", true, true },
        { "[IPv6:2001:db8::1]", true, true },
        { "[ipv6:::1]", true, true },
        { "presse", true, false },
        { "localhost", true, false },
        { "localhost.localdomain", true, false },
        { "presse.local", true, false },
        { "", false, false },
        { ".", false, false },
        { "nordhav..example", false, false },
        { ".nordhav.example", false, false },
        { "nordhav.example.", false, false },
        { "-a.example", false, false },
        { "a-.example", false, false },
        { "mail_1.nordhav.example", false, false },
        { "r\xc3\xb8.example", false, false },
        { "a b.example", false, false },
        { "a.example\r\nMAIL", false, false },
        { "[192.0.2]", false, false },
        { "[2001:db8::1]", false, false },
        { "192.0.2.1]", false, false },
        { "[", false, false },
        { "[]", false, false },
        { "[IPv6:]", false, false },
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        if (smtp_helo_is_valid(cases[i].name) != cases[i].is_valid ||
            (smtp_helo_is_valid(cases[i].name) &&
             smtp_helo_is_full(cases[i].name) != cases[i].is_full))
            fail_msg("%s", cases[i].name);
}

static void this_host_has_a_name_or_an_address(void **state)
{
    (void)state;
    char name[SMTP_HELO_SIZE];
    char again[SMTP_HELO_SIZE];
    smtp_helo_default(name);
    smtp_helo_default(again);
    assert_true(smtp_helo_is_valid(name));
    assert_true(smtp_helo_is_full(name));
    assert_string_equal(name, again);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_a_relay_may_be_greeted_with),
        cmocka_unit_test(this_host_has_a_name_or_an_address),
    };
    return cmocka_run_group_tests_name("greeting a relay", tests, NULL, NULL);
}
