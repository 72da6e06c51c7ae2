/* SPDX-License-Identifier: MIT */
#include "cmocka_all.h"

#include "base/error.h"
#include "base/string_builder.h"
#include "confined/confined.h"

#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* Who is killed from outside (by the kernel, where another process took the memory) says nothing of
 * the file that it was reading. This program is its own confined process. */

enum { MEBIBYTE = 1024 * 1024 };

/* ---- what runs confined ---- */

/* With a file: as long as there is a byte to be taken from it, it waits for its end. */
static bool answer(void *state, struct confined_exchange *exchange, struct string_builder *reply,
                   struct error *error)
{
    pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
    const void *bytes = NULL;
    size_t length = 0;
    char byte;
    (void)state;
    if (strcmp(confined_request(exchange, &length), "ask") == 0 &&
        !confined_ask(exchange, "more?", 5, &bytes, &length))
        return error_set(error, ERROR_INPUT, "nobody answers");
    if (confined_descriptor(exchange) >= 0 && read(confined_descriptor(exchange), &byte, 1) == 1) {
        (void)pthread_mutex_lock(&mutex);
        (void)pthread_mutex_lock(&mutex);
    }
    string_builder_append_number(reply, getpid());
    return true;
}

static const struct confined_function reader = {
    .name = "reader",
    .limits = { .memory_bytes = 256 * MEBIBYTE,
                .cpu_seconds = 60,
                .wall_seconds = 600,
                .reply_bytes = MEBIBYTE },
    .answer = answer,
};
static const struct confined_function *const functions[] = { &reader, NULL };

/* ---- the parent ---- */

struct room {
    struct confined *confined;
    struct string_builder reply;
    struct error error;
    pid_t worker;
    pid_t template;
    int asked;
};

/* A worker may not ask for it itself. */
static pid_t parent_of(pid_t process)
{
    char path[64];
    char line[512] = "";
    (void)snprintf(path, sizeof path, "/proc/%d/stat", (int)process);
    FILE *file = fopen(path, "re");
    assert_non_null(file);
    assert_non_null(fgets(line, sizeof line, file));
    (void)fclose(file);
    const char *behind_name = strrchr(line, ')');
    assert_non_null(behind_name);
    return (pid_t)strtol(behind_name + strlen(") S "), NULL, 10);
}

/* One process, and never a group of them, as 0 and -1 would be. */
static int end_process(pid_t process)
{
    return process > 1 && process != getpid() ? kill(process, SIGKILL) : -1;
}

static bool ask_who(struct room *room, int descriptor)
{
    struct confined_call call = { .request = "who", .length = 4, .descriptor = descriptor };
    if (!confined_call(room->confined, &call, &room->reply, &room->error))
        return false;
    room->worker = (pid_t)strtol(room->reply.data, NULL, 10);
    room->template = parent_of(room->worker);
    return true;
}

static int set_up(void **state)
{
    static struct room room;
    room = (struct room){ .asked = 0 };
    string_builder_init(&room.reply, 0);
    room.confined = confined_open("reader", NULL, 0, &room.error);
    *state = &room;
    return room.confined && ask_who(&room, -1) ? 0 : -1;
}

static int tear_down(void **state)
{
    struct room *room = *state;
    confined_close(room->confined);
    string_builder_release(&room->reply);
    return 0;
}

static void test_a_worker_killed_between_two_files_costs_none(void **state)
{
    struct room *room = *state;
    pid_t before = room->worker;
    assert_int_equal(end_process(before), 0);
    assert_true(ask_who(room, -1));
    assert_int_not_equal(room->worker, before);
}

static void test_a_template_killed_between_two_files_costs_none(void **state)
{
    struct room *room = *state;
    pid_t before = room->template;
    int worker = (int)syscall(SYS_pidfd_open, room->worker, 0);
    struct pollfd end = { .fd = worker, .events = POLLIN };
    assert_true(worker >= 0);
    assert_int_equal(end_process(before), 0);
    assert_int_equal(poll(&end, 1, -1), 1); /* it goes with its template, a moment later */
    (void)close(worker);
    assert_true(ask_who(room, -1));
    assert_int_not_equal(room->template, before);
}

/* Kills process as soon as it has taken all that lies in the pipe. */
static void kill_when_taken(int pipe_end, pid_t process)
{
    if (fork() != 0)
        return;
    for (int left = 1; left > 0;) {
        (void)sched_yield();
        if (ioctl(pipe_end, FIONREAD, &left) != 0)
            break;
    }
    (void)end_process(process);
    _exit(0);
}

static void test_a_worker_killed_in_the_middle_is_followed_by_one_that_reads_it(void **state)
{
    struct room *room = *state;
    pid_t before = room->worker;
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], "x", 1), 1);
    (void)close(ends[1]);
    kill_when_taken(ends[0], before);
    assert_true(ask_who(room, ends[0]));
    assert_int_not_equal(room->worker, before);
    (void)close(ends[0]);
}

/* Its answers are gone: who holds a conversation begins it anew by himself, or not at all. */
static bool kill_instead(void *payload, const void *question, size_t length,
                         struct string_builder *answer, struct error *error)
{
    struct room *room = payload;
    (void)question;
    (void)length;
    (void)error;
    string_builder_append_bytes(answer, "yes", 3);
    room->asked++;
    return end_process(room->worker) == 0;
}

static void test_a_conversation_is_not_held_twice(void **state)
{
    struct room *room = *state;
    struct confined_call call = {
        .request = "ask", .length = 4, .descriptor = -1, .answer = kill_instead, .payload = room
    };
    bool done = confined_call(room->confined, &call, &room->reply, &room->error);
    assert_true(done || room->error.kind == ERROR_INPUT); /* it may have answered in time */
    assert_int_equal(room->asked, 1);
    assert_true(ask_who(room, -1));
}

/* Where the service itself may have less than a reader would. */
static void test_a_lower_limit_is_kept(void **state)
{
    struct rlimit limit = { .rlim_cur = 200UL * MEBIBYTE, .rlim_max = 200UL * MEBIBYTE };
    struct error error = { .kind = ERROR_NONE };
    (void)state;
#ifdef PRESSROOM_SANITIZED /* which maps more */
    skip();
#endif
    pid_t child = fork();
    if (child == 0) {
        bool done = setrlimit(RLIMIT_AS, &limit) == 0;
        struct confined *confined = done ? confined_open("reader", NULL, 0, &error) : NULL;
        confined_close(confined);
        _exit(confined ? 0 : 1);
    }
    int status = -1;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
}

int main(int count, char **argv)
{
    confined_register(functions);
    confined_serve(count, argv);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_a_worker_killed_between_two_files_costs_none, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(test_a_template_killed_between_two_files_costs_none, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(
            test_a_worker_killed_in_the_middle_is_followed_by_one_that_reads_it, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_conversation_is_not_held_twice, set_up, tear_down),
        cmocka_unit_test(test_a_lower_limit_is_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
