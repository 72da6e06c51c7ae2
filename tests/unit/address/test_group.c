/* SPDX-License-Identifier: MIT */
#include "cmocka_all.h"

#include "address/group.h"

#include <string.h>

static void addresses_belong_to_their_provider(void **state)
{
    (void)state;

    static const struct {
        const char *address;
        const char *group;
    } table[] = {
        { "kari@nordhav.example", "nordhav.example" },
        { "kari@NORDHAV.Example.", "nordhav.example" },
        { "nordhav.example", "nordhav.example" },
        { "\"a@b\"@Outlook.com", "outlook.com" },
        { "a@hotmail.dk", "outlook.com" },
        { "a@live.co.uk", "outlook.com" },
        { "a@outlook.com.au", "outlook.com" },
        { "a@msn.com", "outlook.com" },
        { "a@live.nordhav.dk", "live.nordhav.dk" },
        { "a@live.example", "live.example" },
        { "a@hotmail.com.nordhav.dk", "hotmail.com.nordhav.dk" },
        { "a@myhotmail.com", "myhotmail.com" },
        { "a@googlemail.com", "gmail.com" },
        { "a@yahoo.de", "yahoo.com" },
        { "a@aol.com", "yahoo.com" },
        { "a@me.com", "icloud.com" },
        { "a@gmx.at", "gmx.net" },
        { "a@web.de", "gmx.net" },
        { "a@pm.me", "proton.me" },
        { "", "" },
    };

    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        char group[ADDRESS_GROUP_SIZE];
        address_group(table[i].address, group);
        assert_string_equal(group, table[i].group);
    }
    static char longest[2000];
    char group[ADDRESS_GROUP_SIZE];
    memset(longest, 'a', sizeof longest - 1);
    address_group(longest, group);
    assert_int_equal(strlen(group), ADDRESS_GROUP_SIZE - 1);
}

static void hosts_belong_to_their_provider(void **state)
{
    (void)state;
    assert_string_equal(address_group_of_host("nordhav-dk.mail.protection.outlook.com"),
                        "outlook.com");
    assert_string_equal(address_group_of_host("Outlook-com.OLC.protection.outlook.com."),
                        "outlook.com");
    assert_string_equal(address_group_of_host("gmail-smtp-in.l.google.com"), "gmail.com");
    assert_string_equal(address_group_of_host("mta7.am0.yahoodns.net"), "yahoo.com");
    assert_string_equal(address_group_of_host("mx01.mail.icloud.com"), "icloud.com");
    assert_string_equal(address_group_of_host("mx00.gmx.net"), "gmx.net");
    assert_null(address_group_of_host("mx.nordhav.example"));
    assert_null(address_group_of_host("notgoogle.com"));
    assert_null(address_group_of_host("google.com.nordhav.example"));
    assert_null(address_group_of_host(""));
}

static void nobody_is_named_in_what_is_kept(void **state)
{
    (void)state;
    char text[64];
    address_redact("550 5.7.1 <kari.nord+x@nordhav.example>: no, kari", text, sizeof text);
    assert_string_equal(text, "550 5.7.1 <\xe2\x80\xa6@nordhav.example>: no, kari");
    address_redact("@ a @b", text, sizeof text);
    assert_string_equal(text, "@ a @b");
    char small[12];
    address_redact("aaaaaaaaaaaaaaaaaaaaaaaa", small, sizeof small);
    assert_true(strlen(small) < sizeof small);
    address_redact("\xc3\xa6\xc3\xb8\xc3\xa5\xc3\xa6\xc3\xb8\xc3\xa5\xc3\xa6", small, sizeof small);
    assert_int_equal(strlen(small) % 2, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(addresses_belong_to_their_provider),
        cmocka_unit_test(hosts_belong_to_their_provider),
        cmocka_unit_test(nobody_is_named_in_what_is_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
