/* SPDX-License-Identifier: MIT */
#include "cmocka_all.h"

#include "base/arena.h"
#include "endpoint/form.h"

#include <stdio.h>
#include <string.h>

/* "name=value|name=value|", NULL where it is refused. */
static const char *summary(struct arena *arena, bool done, const struct form *form)
{
    const char *result = "";
    for (const struct form_field *field = form->first; field; field = field->next)
        result = arena_format(arena, "%s%s=%s|", result, field->name, field->value);
    return done ? result : NULL;
}

static void check(const char *type, const char *body, const char *want)
{
    struct arena arena = { 0 };
    struct form form = { 0 };
    bool done = form_parse_body(&arena, type, body, strlen(body), &form);
    const char *have = summary(&arena, done, &form);
    if (want)
        assert_string_equal(have, want);
    else
        assert_null(have);
    arena_release(&arena);
}

static void urlencoded_bodies_are_read_as_browsers_write_them(void **state)
{
    (void)state;

    static const struct {
        const char *body;
        const char *want; /* NULL: refused */
    } cases[] = {
        { "", "" },
        { "a=1&b=2", "a=1|b=2|" },
        { "a=1&&b", "a=1|b=|" },
        { "feed=x&feed=y", "feed=x|feed=y|" },
        { "email=k%C3%A6re+ven%40avis.example", "email=kære ven@avis.example|" },
        { "List-Unsubscribe=One-Click", "List-Unsubscribe=One-Click|" },
        { "a=%", NULL },
        { "a=%4", NULL },
        { "a=%zz", NULL },
        { "a=%00", NULL },
        { "a=%ff", NULL },
        { "a=b=c", "a=b=c|" },
        { "a=%41", "a=A|" },
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        check("application/x-www-form-urlencoded; charset=UTF-8", cases[i].body, cases[i].want);
}

#define PART(name, value)                                                                          \
    "--XX\r\nContent-Disposition: form-data; name=\"" name "\"\r\n\r\n" value "\r\n"

static void multipart_bodies_are_read_part_by_part(void **state)
{
    (void)state;

    static const struct {
        const char *body;
        const char *want;
    } cases[] = {
        { PART("List-Unsubscribe", "One-Click") "--XX--\r\n", "List-Unsubscribe=One-Click|" },
        { PART("a", "1") PART("b", "") "--XX--", "a=1|b=|" },
        { "preamble\r\n" PART("a", "1\r\n2") "--XX--", "a=1\r\n2|" },
        { "--XX\r\ncontent-disposition:form-data;name=a\r\nX: y\r\n\r\n1\r\n--XX--", "a=1|" },
        { "--XX\r\nContent-Disposition: form-data; name=\"f\"; filename=\"x\"\r\n\r\n1\r\n--XX--",
          "" },
        { "--XX--\r\n", "" },
        { PART("a", "1"), NULL },
        { "--XX\r\n\r\n1\r\n--XX--", NULL },
        { "--XY\r\n\r\n1\r\n--XY--", NULL },
        { "--XX\nContent-Disposition: form-data; name=a\n\n1\n--XX--", NULL },
        { "--XX\r\nContent-Disposition: form-data; name=\"a", NULL },
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        check("multipart/form-data; boundary=\"XX\"", cases[i].body, cases[i].want);
    check("multipart/form-data", PART("a", "1") "--XX--", NULL);
    check("multipart/form-data; boundary=XX", PART("a", "1") "--XX--", "a=1|");
}

static void other_bodies_are_refused_unless_empty(void **state)
{
    (void)state;
    check("application/json", "{}", NULL);
    check(NULL, "a=1", NULL);
    check(NULL, "", "");
    check("application/json", "", "");
}

static void fields_have_a_maximum(void **state)
{
    (void)state;
    struct arena arena = { 0 };
    struct form form = { 0 };
    char body[4 * (FORM_FIELDS_MAXIMUM + 1) + 1] = "";
    for (size_t i = 0; i <= FORM_FIELDS_MAXIMUM; i++)
        memcpy(body + 4 * i, "a=1&", 5);
    assert_false(
        form_parse_body(&arena, "application/x-www-form-urlencoded", body, strlen(body), &form));
    assert_int_equal(form.count, FORM_FIELDS_MAXIMUM);
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(urlencoded_bodies_are_read_as_browsers_write_them),
        cmocka_unit_test(multipart_bodies_are_read_part_by_part),
        cmocka_unit_test(other_bodies_are_refused_unless_empty),
        cmocka_unit_test(fields_have_a_maximum),
    };
    return cmocka_run_group_tests_name("form", tests, NULL, NULL);
}
