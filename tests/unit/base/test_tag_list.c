/* SPDX-License-Identifier: MIT */
#include "cmocka_all.h"

#include "base/tag_list.h"

#include <stdio.h>
#include <string.h>

/* "[v=DMARC1][t]…": names and values as they come. */
static void expect(const char *list, const char *spaces, const char *wanted)
{
    char copy[200];
    char got[400] = "";
    char *rest = copy;
    struct tag tag;
    (void)snprintf(copy, sizeof copy, "%s", list);
    while (tag_next(&rest, spaces, &tag)) {
        size_t used = strlen(got);
        (void)snprintf(got + used, sizeof got - used, "[%s%s%s]", tag.name,
                       tag.has_value ? "=" : "", tag.value);
    }
    assert_string_equal(got, wanted);
}

static void tags_are_cut_at_semicolons(void **state)
{
    (void)state;
    expect("v=DKIM1; k = rsa ;p=a=b", " ", "[v=DKIM1][k=rsa][p=a=b]");
    expect("v=1;", " ", "[v=1][]");
    expect(" ; =x;t;; p=", " ", "[][=x][t][][p=]");
    expect("", " ", "[]");
}

static void what_a_space_is_says_the_caller(void **state)
{
    (void)state;
    expect("v=1;\r\n\tp=a\r\n b \t", " \t\r\n", "[v=1][p=a\r\n b]");
    expect("v=1;\tp=a\n", " \t", "[v=1][p=a\n]");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tags_are_cut_at_semicolons),
        cmocka_unit_test(what_a_space_is_says_the_caller),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
