/* SPDX-License-Identifier: MIT */
#include "cmocka_all.h"

#include "address/address.h"
#include "base/arena.h"
#include "base/error.h"

#include <string.h>

#define LOCAL_64 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define LABEL_63 "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"

static void addresses_are_read_folded_and_have_a_rate_limit_key(void **state)
{
    (void)state;

    static const struct {
        const char *label;
        const char *input;
        const char *envelope;
        const char *folded;
        const char *rate_limit_key;
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
        { "blanks of a spreadsheet",
          "\xC2\xA0\xE2\x80\x8B"
          "anna@a.example\xEF\xBB\xBF\xC2\xA0 ",
          "anna@a.example", "anna@a.example", "anna@a.example", false },
        { "a mark on a letter", "e\xCC\x81va@a.example", "e\xCC\x81va@a.example",
          "\xC3\xA9va@a.example", "\xC3\xA9va@a.example", true },
        { "a sign with its selector", "\xE2\x9D\xA4\xEF\xB8\x8F@a.example",
          "\xE2\x9D\xA4\xEF\xB8\x8F@a.example", "\xE2\x9D\xA4\xEF\xB8\x8F@a.example",
          "\xE2\x9D\xA4\xEF\xB8\x8F@a.example", true },
        { "A-label in capitals", "post@XN--DAL-TLA.example", "post@xn--dal-tla.example",
          "post@xn--dal-tla.example", "post@xn--dal-tla.example", false },
        { "two hyphens", "post@r3--berlin.example", "post@r3--berlin.example",
          "post@r3--berlin.example", "post@r3--berlin.example", false },
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
        assert_string_equal(address->rate_limit_key, table[i].rate_limit_key);
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
        { "unassigned", "a\xCD\xB8@b.example", 0 },
        { "noncharacter", "a\xEF\xBF\xBF@b.example", 0 },
        { "private use", "a\xEE\x80\x80@b.example", 0 },
        { "private use, far up", "a\xF3\xB0\x80\x80@b.example", 0 },
        { "mark first",
          "\xCC\x81"
          "anna@b.example",
          0 },
        { "mark first in quotes", "\"\xCC\x81 a\"@b.example", 0 },
        { "mark behind a dot", "a.\xCC\x81@b.example", 0 },
        { "mark behind the at",
          "a@\xCC\x81"
          "b.example",
          0 },
        { "mark first in a label",
          "a@b.\xCC\x81"
          "c.example",
          0 },
        { "unassigned in the domain", "a@b\xCD\xB8.example", 0 },
        { "A-label of nothing", "a@xn--.example", 0 },
        { "A-label of ASCII", "a@xn--nordhav-.example", 0 },
        { "A-label that overflows", "a@xn--99999999.example", 0 },
        { "A-label of a control character", "a@xn--a.example", 0 },
        { "A-label beside a good one", "a@dal.XN--0.xn--dal-tla.example", 0 },
        { "A-label of what may not be in one", "a@xn--i-7iq.example", 0 },
        { "blanks in the middle", "anna\xE2\x80\x8B@b.example", 0 },
        { "nothing but blanks", "\xC2\xA0\xE2\x80\x8B\xEF\xBB\xBF", 0 },
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

static void what_was_taken_before_is_known_still(void **state)
{
    (void)state;

    static const char *const table[][2] = {
        { "Anna@XN--0.example", "anna@xn--0.example" },
        { "a\xEE\x80\x80@b.example", "a\xEE\x80\x80@b.example" },
        { "\xCC\x81"
          "ANNA@b.example",
          "\xCC\x81"
          "anna@b.example" },
        { "Anna.Berg@b.example", "anna.berg@b.example" },
    };

    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        struct arena arena = { 0 };
        struct error error = { 0 };
        const struct address *address = address_parse_known(&arena, table[i][0],
                                                            strlen(table[i][0]), &error);
        assert_non_null(address);
        assert_string_equal(address->folded, table[i][1]);
        assert_null(address_parse_known(&arena, "a\nb@c.example", 11, &error));
        arena_release(&arena);
    }
}

static void what_nobody_sees_is_taken_off_both_ends(void **state)
{
    (void)state;

    static const struct {
        const char *input;
        const char *trimmed;
    } table[] = {
        { "", "" },
        { "a", "a" },
        { " \t\r\n a b \v\f", "a b" },
        { "\xC2\xA0"
          "a\xC2\xA0",
          "a" },
        { "\xEF\xBB\xBF\xE2\x80\x8B"
          "a\xE2\x80\x8D\xE2\x81\xA0",
          "a" },
        { "\xE2\x80\xAA"
          "a\xE2\x80\xAC\xC2\xAD",
          "a" },
        { "\xE3\x80\x80"
          "a\xE2\x80\xA8\xC2\x85",
          "a" },
        { "\xC3\xA6\xC2\xA0\xC3\xA5", "\xC3\xA6\xC2\xA0\xC3\xA5" },
        { "\xC2\xA0\xC2\xA0", "" },
        { "\xA0"
          "a\xA0",
          "\xA0"
          "a\xA0" }, /* no UTF-8 */
        { "a\xC2", "a\xC2" },
        { "a\xF0\x9F\x98\x80", "a\xF0\x9F\x98\x80" },
    };

    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        const char *bytes = table[i].input;
        size_t length = strlen(bytes);
        address_trim(&bytes, &length);
        assert_int_equal(length, strlen(table[i].trimmed));
        assert_memory_equal(bytes, table[i].trimmed, length);
    }
    const char *nothing = NULL; /* a form that was not sent */
    size_t length = 0;
    address_trim(&nothing, &length);
    assert_null(nothing);
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
        { "\xEF\xBB\xBF"
          "A\xC2\xA0<\xC2\xA0p@n.example>\xE2\x80\x8B",
          "A", "p@n.example" },
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
        cmocka_unit_test(addresses_are_read_folded_and_have_a_rate_limit_key),
        cmocka_unit_test(hostile_and_malformed_addresses_are_refused),
        cmocka_unit_test(what_was_taken_before_is_known_still),
        cmocka_unit_test(what_nobody_sees_is_taken_off_both_ends),
        cmocka_unit_test(the_form_of_a_from_header_is_taken_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
