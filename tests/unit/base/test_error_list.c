/* SPDX-License-Identifier: MIT */
#include "cmocka_all.h"

#include "base/arena.h"
#include "base/error_list.h"
#include "base/nearest.h"

static void nearest_name_is_found_or_none(void **state)
{
    (void)state;
    static const char *const names[] = { "embargo", "event",    "image", "documents",
                                         "status",  "contacts", "id",    NULL };

    static const struct {
        const char *given;
        const char *nearest;
    } cases[] = {
        { "embago", "embargo" },  { "EMBARGO", "embargo" },
        { "emabrgo", "embargo" }, { "document", "documents" },
        { "stauts", "status" },   { "contact", "contacts" },
        { "weather", NULL },      { "", NULL },
        { "docu", "documents" },  { "eventually", "event" },
        { "di", "id" },           { "xy", NULL },
        { "imgae", "image" },     { "0123456789012345678901234567890123456789x", NULL },
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *nearest = name_nearest(cases[i].given, names);
        if (cases[i].nearest)
            assert_string_equal(nearest, cases[i].nearest);
        else
            assert_null(nearest);
    }
}

static void problems_keep_order_and_are_capped(void **state)
{
    (void)state;
    struct arena arena = { 0 };
    struct error_list list;
    error_list_init(&list, &arena, "a.yaml");
    error_list_add(&list, 3, "first\nline %d", 1);
    list.file = "b.yaml";
    for (int i = 0; i < ERROR_LIST_MAXIMUM + 5; i++)
        error_list_add(&list, i, "more");
    assert_int_equal(list.count, ERROR_LIST_MAXIMUM + 6);
    assert_string_equal(list.first->error.message, "first line 1");
    assert_string_equal(list.first->file, "a.yaml");
    assert_string_equal(list.first->next->file, "b.yaml");
    int kept = 0;
    for (const struct file_error *problem = list.first; problem; problem = problem->next)
        kept++;
    assert_int_equal(kept, ERROR_LIST_MAXIMUM);
    arena_release(&arena);
}

static void problems_are_sorted_by_line_within_their_file(void **state)
{
    (void)state;

    static const struct {
        const char *file;
        int line;
    } added[] = { { "a", 3 }, { "a", 1 }, { "b", 2 }, { "a", 2 }, { "a", 1 }, { NULL, 0 } };

    static const int lines[] = { 1, 1, 2, 3, 2, 0 };
    struct arena arena = { 0 };
    struct error_list list;
    error_list_init(&list, &arena, NULL);
    for (size_t i = 0; i < sizeof added / sizeof *added; i++) {
        list.file = added[i].file;
        error_list_add(&list, added[i].line, "%zu", i);
    }
    error_list_sort(&list);
    const struct file_error *problem = list.first;
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++, problem = problem->next)
        assert_int_equal(problem->error.line, lines[i]);
    assert_null(problem);
    assert_string_equal(list.first->error.message, "1");
    assert_ptr_equal(list.last->next, NULL);
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nearest_name_is_found_or_none),
        cmocka_unit_test(problems_keep_order_and_are_capped),
        cmocka_unit_test(problems_are_sorted_by_line_within_their_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
