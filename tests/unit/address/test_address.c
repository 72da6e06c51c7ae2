/* SPDX-License-Identifier: MIT */
#include "cmocka_all.h"

#include "address/address.h"
#include "base/arena.h"
#include "base/error.h"

#include <string.h>

#define LOCAL_64 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define LABEL_63 "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"

static void addresses_are_read_folded_and_rationed(void **state)
{
    (void)state;

    static const struct {
        const char *label;
        const char *input;
        const char *envelope;
        const char *folded;
        const char *budget;
        bool is_international;
    } table[] = {
        { "plain", "anna@nordhav.example", "anna@nordhav.example", "anna@nordhav.example",
          "anna@nordhav.example", false },
        { "capitals, dots, tag", " Anna.Berg+presse@Nordhav.EXAMPLE\t",
          "Anna.Berg+presse@nordhav.example", "anna.berg+presse@nordhav.example",
          "annaberg@nordhav.example", false },
        { "tag alone", "+x@a.example", "+x@a.example", "+x@a.example", "+x@a.example", false },
        { "every atom character", "!#$%&'*+-/=?^_`{|}~@a.example", "!#$%&'*+-/=?^_`{|}~@a.example",
          "!#$%&'*+-/=?^_`{|}~@a.example", "!#$%&'*@a.example", false },
        { "needless quotes", "\"Anna.B\"@a.example", "\"Anna.B\"@a.example", "anna.b@a.example",
          "annab@a.example", false },
        { "needed quotes", "\"a b\\\"@ (c)\"@a.example", "\"a b\\\"@ (c)\"@a.example",
          "\"a b\\\"@ (c)\"@a.example", "a b\"@ (c)@a.example", false },
        { "international domain", "post@Ådal.example", "post@xn--dal-tla.example",
          "post@xn--dal-tla.example", "post@xn--dal-tla.example", false },
        { "international name", "S\xC3\x98REN@a.example", "S\xC3\x98REN@a.example",
          "s\xC3\xB8ren@a.example", "s\xC3\xB8ren@a.example", true },
        { "taken apart", "A\xCC\x8Age@a.example", "A\xCC\x8Age@a.example", "\xC3\xA5ge@a.example",
          "\xC3\xA5ge@a.example", true },
        { "longest local part", LOCAL_64 "@a.example", LOCAL_64 "@a.example", LOCAL_64 "@a.example",
          LOCAL_64 "@a.example", false },
        { "one label", "root@mailhost", "root@mailhost", "root@mailhost", "root@mailhost", false },
    };

    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        struct arena arena = { 0 };
        struct error error = { 0 };
        struct address *address = address_parse(&arena, table[i].input, strlen(table[i].input),
                                                &error);
        if (!address) {
            fail_msg("%s: %s", table[i].label, error.message);
            return;
        }
        assert_string_equal(address->envelope, table[i].envelope);
        assert_string_equal(address->folded, table[i].folded);
        assert_string_equal(address->budget, table[i].budget);
        assert_int_equal(address->is_international, table[i].is_international);
        arena_release(&arena);
    }
}

static void hostile_and_malformed_addresses_are_refused(void **state)
{
    (void)state;

    static const struct {
        const char *label;
        const char *input;
        size_t length; /* 0: strlen */
    } table[] = {
        { "empty", "", 0 },
        { "white space", " \t ", 0 },
        { "no at", "anna.nordhav.example", 0 },
        { "nothing before", "@a.example", 0 },
        { "nothing behind", "anna@", 0 },
        { "two ats", "a@b@c.example", 0 },
        { "line feed", "a@b.example\nRCPT TO:<x@y.example>", 0 },
        { "carriage return", "a\r@b.example", 0 },
        { "NUL", "a\0b@c.example", 13 },
        { "NUL behind", "a@b.example\0x", 13 },
        { "angle bracket", "<a@b.example>", 0 },
        { "angle bracket in quotes", "\"a>b\"@c.example", 0 },
        { "comment before", "(x)a@b.example", 0 },
        { "comment behind", "a@b.example(x)", 0 },
        { "leading dot", ".a@b.example", 0 },
        { "trailing dot", "a.@b.example", 0 },
        { "two dots", "a..b@c.example", 0 },
        { "space", "a b@c.example", 0 },
        { "comma", "a@b.example,c@d.example", 0 },
        { "open quote", "\"a@b.example", 0 },
        { "quote in the middle", "a\"b\"@c.example", 0 },
        { "empty quotes", "\"\"@c.example", 0 },
        { "65 octets before", "a" LOCAL_64 "@b.example", 0 },
        { "label of 64", "a@b" LABEL_63 ".example", 0 },
        { "255 octets", "aaa@" LABEL_63 "." LABEL_63 "." LABEL_63 "." LABEL_63, 0 },
        { "literal", "a@[192.0.2.1]", 0 },
        { "network address", "a@192.0.2.1", 0 },
        { "hyphen first", "a@-b.example", 0 },
        { "root dot", "a@b.example.", 0 },
        { "empty label", "a@b..example", 0 },
        { "underscore", "a@b_c.example", 0 },
        { "no UTF-8", "a\xff@b.example", 0 },
        { "right-to-left override",
          "a\xE2\x80\xAE"
          "b@c.example",
          0 },
        { "no-break space",
          "a\xC2\xA0"
          "b@c.example",
          0 },
        { "bad A-label", "a@\xE2\x98\x83\xE2\x80\x8D.example", 0 },
    };

    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        struct arena arena = { 0 };
        struct error error = { 0 };
        size_t length = table[i].length ? table[i].length : strlen(table[i].input);
        if (address_parse(&arena, table[i].input, length, &error))
            fail_msg("%s was taken", table[i].label);
        assert_int_equal(error.kind, ERROR_INPUT);
        arena_release(&arena);
    }
}

static void the_form_of_a_from_header_is_taken_apart(void **state)
{
    (void)state;

    static const struct {
        const char *input;
        const char *name;  /* NULL: none */
        const char *typed; /* NULL: refused */
    } table[] = {
        { "Region Nordhav Presse <presse@nordhav.example>", "Region Nordhav Presse",
          "presse@nordhav.example" },
        { "\"Nordhav, \\\"presse\\\"\" <p@n.example> ", "Nordhav, \"presse\"", "p@n.example" },
        { "p@n.example", NULL, "p@n.example" },
        { "<p@n.example>", NULL, "p@n.example" },
        { "Ådal<p@n.example>", "Ådal", "p@n.example" },
        { "A \"b\" <p@n.example>", NULL, NULL },
        { "A\n <p@n.example>", "A", "p@n.example" },
        { "A\nB <p@n.example>", NULL, NULL },
        { "A <p@n.example", NULL, NULL },
        { "A <p@n.example> x", NULL, NULL },
        { "A <>", NULL, NULL },
    };

    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        struct arena arena = { 0 };
        struct error error = { 0 };
        const char *name = NULL;
        struct address *address = address_parse_display(&arena, table[i].input, &name, &error);
        if (!table[i].typed) {
            assert_null(address);
            assert_int_equal(error.kind, ERROR_INPUT);
        } else {
            assert_non_null(address);
            assert_string_equal(address->typed, table[i].typed);
            assert_string_equal(name ? name : "-", table[i].name ? table[i].name : "-");
        }
        arena_release(&arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(addresses_are_read_folded_and_rationed),
        cmocka_unit_test(hostile_and_malformed_addresses_are_refused),
        cmocka_unit_test(the_form_of_a_from_header_is_taken_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
