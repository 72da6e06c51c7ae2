/* SPDX-License-Identifier: MIT */
#include "base/array.h"
#include "base/memory.h"
#include "cmocka_all.h"

#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

struct list {
    int *items;
    size_t count;
    size_t capacity;
};

static void an_array_grows_by_doubling_and_keeps_what_it_has(void **state)
{
    (void)state;
    struct list list = { 0 };
    size_t grown = 0;
    for (int i = 0; i < 10000; i++) {
        size_t before = list.capacity;
        ARRAY_GROW(list.items, list.count, list.capacity);
        grown += list.capacity != before;
        list.items[list.count++] = i;
    }
    assert_true(grown < 13);
    for (int i = 0; i < 10000; i++)
        assert_int_equal(list.items[i], i);
    free(list.items);
}

static void so_it_does_in_an_arena(void **state)
{
    (void)state;
    struct arena arena = { 0 };
    struct list list = { 0 };
    for (int i = 0; i < 10000; i++) {
        ARRAY_GROW_IN(&arena, list.items, list.count, list.capacity);
        assert_int_equal(list.items[list.count], 0);
        list.items[list.count++] = i;
    }
    for (int i = 0; i < 10000; i++)
        assert_int_equal(list.items[i], i);
    arena_release(&arena);
}

static void nothing_is_memory_too(void **state)
{
    (void)state;
    char *nothing = memory_allocate(0);
    char *none = memory_allocate_array(0, 8);
    char *empty = memory_copy("");
    assert_non_null(nothing);
    assert_non_null(none);
    assert_string_equal(empty, "");
    none = memory_resize_array(none, 0, 8);
    assert_non_null(none);
    free(nothing);
    free(none);
    free(empty);
    char *copy = memory_copy_bytes("Nordhav\0x", 4);
    assert_string_equal(copy, "Nord");
    free(copy);
}

/* What a child that does that ends by. */
static int end_of(void (*act)(void))
{
    int status = 0;
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        const struct rlimit none = { 0, 0 };
        (void)setrlimit(RLIMIT_CORE, &none);
        (void)close(STDERR_FILENO);
        (void)signal(SIGABRT, SIG_DFL);
        act();
        _exit(0);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    return status;
}

static void ask_for_more_than_there_is(void)
{
    volatile size_t much = SIZE_MAX / 2;
    free(memory_allocate_array(much, 4));
}

static void ask_in_a_child_process(void)
{
    memory_set_exit(77);
    ask_for_more_than_there_is();
}

static void memory_that_is_not_there_ends_the_program(void **state)
{
    (void)state;
    int status = end_of(ask_for_more_than_there_is);
#ifndef PRESSROOM_SANITIZED
    assert_true(WIFSIGNALED(status));
    assert_int_equal(WTERMSIG(status), SIGABRT);
    status = end_of(ask_in_a_child_process);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 77);
#else /* the sanitizer ends it before, in its own way */
    assert_int_not_equal(status, 0);
    (void)ask_in_a_child_process;
#endif
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_array_grows_by_doubling_and_keeps_what_it_has),
        cmocka_unit_test(so_it_does_in_an_arena),
        cmocka_unit_test(nothing_is_memory_too),
        cmocka_unit_test(memory_that_is_not_there_ends_the_program),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
