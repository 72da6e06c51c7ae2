/* SPDX-License-Identifier: MIT */
#include "cmocka_all.h"

#include "base/error.h"
#include "base/memory.h"
#include "base/string_builder.h"
#include "confined/confined.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* This program is its own confined process: its functions do what the request's first word says. */

enum { MEBIBYTE = 1024 * 1024 };

/* ---- what runs confined ---- */

static int seen; /* requests of this worker */

static bool do_echo(struct confined_exchange *exchange, struct string_builder *reply,
                    struct error *error)
{
    size_t length = 0;
    const char *bytes = confined_request(exchange, &length);
    (void)error;
    string_builder_append_bytes(reply, bytes, length);
    return true;
}

static bool do_count(struct confined_exchange *exchange, struct string_builder *reply,
                     struct error *error)
{
    (void)exchange;
    (void)error;
    string_builder_append_number(reply, seen);
    return true;
}

static bool do_fail(struct confined_exchange *exchange, struct string_builder *reply,
                    struct error *error)
{
    (void)exchange;
    (void)reply;
    return error_set(error, ERROR_SYSTEM, "no\nletters here");
}

static bool do_crash(struct confined_exchange *exchange, struct string_builder *reply,
                     struct error *error)
{
    volatile char *nowhere = mmap(NULL, 1, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    (void)exchange;
    (void)reply;
    (void)error;
    *nowhere = 1;
    return true;
}

static bool do_leave(struct confined_exchange *exchange, struct string_builder *reply,
                     struct error *error)
{
    (void)exchange;
    (void)reply;
    (void)error;
    _exit(0);
}

static bool do_hang(struct confined_exchange *exchange, struct string_builder *reply,
                    struct error *error)
{
    pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
    (void)exchange;
    (void)reply;
    (void)error;
    (void)pthread_mutex_lock(&mutex);
    (void)pthread_mutex_lock(&mutex); /* for ever, without using the processor */
    return true;
}

static bool do_spin(struct confined_exchange *exchange, struct string_builder *reply,
                    struct error *error)
{
    (void)exchange;
    (void)reply;
    (void)error;
    for (volatile unsigned long turns = 0;; turns++)
        ;
    return true;
}

static bool do_grow(struct confined_exchange *exchange, struct string_builder *reply,
                    struct error *error)
{
    char *bytes = NULL;
    (void)exchange;
    (void)reply;
    (void)error;
    for (int i = 0; i < 512 && (bytes = malloc(MEBIBYTE)) != NULL; i++)
        memset(bytes, 1, MEBIBYTE);
#ifndef PRESSROOM_SANITIZED /* which knows no limit */
    if (bytes)
        return true;
#endif
    memory_failed(MEBIBYTE);
}

static bool do_flood(struct confined_exchange *exchange, struct string_builder *reply,
                     struct error *error)
{
    (void)exchange;
    (void)error;
    for (int i = 0; i < 3 * MEBIBYTE; i++)
        string_builder_append_character(reply, 'x');
    return true;
}

/* Past the function's own cap, as one that was taken over would. */
static bool do_shout(struct confined_exchange *exchange, struct string_builder *reply,
                     struct error *error)
{
    static char bytes[MEBIBYTE];
    int socket = -1;
    (void)exchange;
    (void)reply;
    (void)error;
    memset(bytes, 0x7f, sizeof bytes);
    for (int i = 3; i < 64 && socket < 0; i++) /* its line is one of these */
        if (send(i, "", 0, MSG_NOSIGNAL) == 0)
            socket = i;
    while (send(socket, bytes, sizeof bytes, MSG_NOSIGNAL) > 0)
        ;
    _exit(0);
}

static bool do_ask(struct confined_exchange *exchange, struct string_builder *reply,
                   struct error *error)
{
    const void *answer = NULL;
    size_t length = 0;
    for (int i = 0; i < 3; i++) {
        if (!confined_ask(exchange, "more?", 5, &answer, &length))
            return error_set(error, ERROR_INPUT, "nobody answers");
        string_builder_append_bytes(reply, answer, length);
    }
    return true;
}

static bool do_read(struct confined_exchange *exchange, struct string_builder *reply,
                    struct error *error)
{
    char bytes[64];
    ssize_t length = pread(confined_descriptor(exchange), bytes, sizeof bytes, 0);
    if (length < 0)
        return error_set(error, ERROR_INPUT, "no file");
    string_builder_append_bytes(reply, bytes, (size_t)length);
    return true;
}

/* Each line: what was tried, and errno. */
static bool do_try(struct confined_exchange *exchange, struct string_builder *reply,
                   struct error *error)
{
    char program[] = "/bin/true";
    char *const words[] = { program, NULL };
    (void)error;
#define TRY(what, call)                                                                            \
    do {                                                                                           \
        errno = 0;                                                                                 \
        long result = (long)(call);                                                                \
        string_builder_append_format(reply, "%s %d\n", what, result < 0 ? errno : 0);              \
    } while (0)
    TRY("open", syscall(SYS_open, "/etc/passwd", O_RDONLY));
    TRY("openat", syscall(SYS_openat, AT_FDCWD, "/etc/passwd", O_RDONLY));
    TRY("stat",
        syscall(SYS_newfstatat, confined_descriptor(exchange), "/etc", NULL, AT_EMPTY_PATH));
    TRY("socket", syscall(SYS_socket, AF_INET, SOCK_STREAM, 0));
    TRY("connect", syscall(SYS_connect, 4, NULL, 0));
    TRY("fork", syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0));
    TRY("vfork", syscall(SYS_clone, CLONE_VM | CLONE_VFORK | SIGCHLD, 0, 0, 0, 0));
    TRY("exec", syscall(SYS_execve, program, words, NULL));
    TRY("kill", syscall(SYS_kill, getppid(), 0));
    TRY("ptrace", syscall(SYS_ptrace, 16, getppid(), 0, 0));
    TRY("memfd", syscall(SYS_memfd_create, "x", 0));
    TRY("unlink", syscall(SYS_unlinkat, AT_FDCWD, "/nowhere", 0));
    TRY("limit", syscall(SYS_prlimit64, 0, 4, NULL, NULL));
    TRY("executable",
        syscall(SYS_mmap, 0, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    TRY("clone3", syscall(SYS_clone3, NULL, 0));
#undef TRY
    return true;
}

static const struct {
    const char *word;
    bool (*run)(struct confined_exchange *exchange, struct string_builder *reply,
                struct error *error);
} deeds[] = {
    { "echo", do_echo },   { "count", do_count }, { "fail", do_fail }, { "crash", do_crash },
    { "leave", do_leave }, { "hang", do_hang },   { "spin", do_spin }, { "grow", do_grow },
    { "flood", do_flood }, { "shout", do_shout }, { "ask", do_ask },   { "read", do_read },
    { "try", do_try },
};

static bool answer(void *state, struct confined_exchange *exchange, struct string_builder *reply,
                   struct error *error)
{
    size_t length = 0;
    const char *word = confined_request(exchange, &length);
    (void)state;
    seen++;
    for (size_t i = 0; i < sizeof deeds / sizeof deeds[0]; i++)
        if (strncmp(word, deeds[i].word, strlen(deeds[i].word)) == 0)
            return deeds[i].run(exchange, reply, error);
    return error_set(error, ERROR_INPUT, "no such deed" ERROR_ADVICE "do another");
}

static bool prepare(const void *setup, size_t length, void **state, struct error *error)
{
    *state = NULL;
    if (length == 3 && memcmp(setup, "bad", 3) == 0)
        return error_set(error, ERROR_SYSTEM, "words.yaml: cannot be read");
    /* Nothing of the parent's is left but the line to it. */
    for (int descriptor = 4; descriptor < 1024; descriptor++)
        if (fcntl(descriptor, F_GETFD) >= 0)
            return error_set(error, ERROR_SYSTEM, "descriptor %d is open", descriptor);
    if (getenv("SECRET"))
        return error_set(error, ERROR_SYSTEM, "the environment came along");
    return true;
}

#define LIMITS(cpu, wall)                                                                          \
    {                                                                                              \
        .memory_bytes = 256 * MEBIBYTE, .cpu_seconds = (cpu), .wall_seconds = (wall),              \
        .reply_bytes = 2 * MEBIBYTE                                                                \
    }

static const struct confined_function patient = { "patient", LIMITS(60, 600), prepare, answer };
static const struct confined_function hasty = { "hasty", LIMITS(60, 1), prepare, answer };
static const struct confined_function idle = { "idle", LIMITS(1, 600), prepare, answer };
static const struct confined_function *const functions[] = { &patient, &hasty, &idle, NULL };

/* ---- the parent ---- */

static struct confined *started;

static struct confined *start(const char *function)
{
    struct error error = { .kind = ERROR_NONE };
    started = confined_open(function, NULL, 0, &error);
    if (!started)
        fail_msg("%s", error.message);
    return started;
}

static void stop(void)
{
    confined_close(started);
    started = NULL;
}

/* After a test that failed, else the one that waits for the end of all children would wait for
 * ever. */
static int tear_down(void **state)
{
    (void)state;
    stop();
    return 0;
}

/* The reply, or the error's message; lives until the next call. */
static const char *say(struct confined *confined, const char *word, enum confined_end end)
{
    static struct string_builder reply;
    static struct error error;
    struct confined_call call = { .request = word, .length = strlen(word) + 1, .descriptor = -1 };
    if (!reply.maximum)
        string_builder_init(&reply, 0);
    bool done = confined_call(confined, &call, &reply, &error);
    assert_int_equal(call.end, end);
    return done ? reply.data : error.message;
}

static void test_it_answers(void **state)
{
    struct confined *confined = start("patient");
    (void)state;
    assert_string_equal(say(confined, "echo this", CONFINED_REPLIED), "echo this");
    assert_string_equal(say(confined, "count", CONFINED_REPLIED), "2");
    assert_string_equal(say(confined, "fail", CONFINED_REPLIED), "no letters here");
    assert_string_equal(say(confined, "count", CONFINED_REPLIED), "4");
    confined_renew(confined);
    assert_string_equal(say(confined, "count", CONFINED_REPLIED), "1");
    stop();
}

/* A worker does not decide what becomes of its parent: only of one file. */
static void test_its_errors_are_of_one_file(void **state)
{
    struct error error = { .kind = ERROR_NONE };
    struct string_builder reply;
    struct confined *confined = start("patient");
    struct confined_call call = { .request = "fail", .length = 5, .descriptor = -1 };
    (void)state;
    string_builder_init(&reply, 0);
    assert_false(confined_call(confined, &call, &reply, &error));
    assert_int_equal(error.kind, ERROR_INPUT);
    string_builder_release(&reply);
    stop();
}

/* What a worker reports has its parts on this side too. */
static void test_what_to_do_crosses_the_border(void **state)
{
    struct string_builder reply;
    struct error error = { .kind = ERROR_NONE };
    struct confined *confined = start("patient");
    struct confined_call call = { .request = "undone", .length = 7, .descriptor = -1 };
    (void)state;
    string_builder_init(&reply, 0);
    assert_false(confined_call(confined, &call, &reply, &error));
    assert_string_equal(error.message, "no such deed; do another");
    assert_string_equal(error_advice(&error), "do another");
    string_builder_release(&reply);
    stop();
}

static void test_a_template_that_cannot_begin_says_why(void **state)
{
    struct error error = { .kind = ERROR_NONE };
    (void)state;
    assert_null(confined_open("patient", "bad", 3, &error));
    assert_int_equal(error.kind, ERROR_SYSTEM);
    assert_string_equal(error.message, "words.yaml: cannot be read");
    assert_null(confined_open("no such function", NULL, 0, &error));
    assert_int_equal(error.kind, ERROR_SYSTEM);
}

/* Holds I13. */
static void test_one_that_dies_is_followed_by_another(void **state)
{
    struct confined *confined = start("patient");
    (void)state;
    assert_non_null(strstr(say(confined, "leave", CONFINED_DIED), "ended"));
    assert_string_equal(say(confined, "echo on", CONFINED_REPLIED), "echo on");
#ifndef PRESSROOM_SANITIZED /* whose own handler ends it */
    assert_non_null(strstr(say(confined, "crash", CONFINED_DIED), "SIGSEGV"));
#endif
    (void)say(confined, "crash", CONFINED_DIED);
    assert_string_equal(say(confined, "count", CONFINED_REPLIED), "1");
    (void)say(confined, "grow", CONFINED_STARVED);
    (void)say(confined, "flood", CONFINED_STARVED);
    (void)say(confined, "shout", CONFINED_FLOODED);
    assert_string_equal(say(confined, "count", CONFINED_REPLIED), "1");
    stop();
}

static void test_one_that_does_not_end_is_ended(void **state)
{
    struct confined *confined = start("hasty");
    (void)state;
    (void)say(confined, "hang", CONFINED_HUNG);
    assert_string_equal(say(confined, "count", CONFINED_REPLIED), "1");
    stop();
    confined = start("idle");
    (void)say(confined, "spin", CONFINED_HUNG);
    assert_string_equal(say(confined, "count", CONFINED_REPLIED), "1");
    stop();
}

static bool answer_with(void *payload, const void *question, size_t length,
                        struct string_builder *reply, struct error *error)
{
    int *left = payload;
    assert_int_equal(length, 5);
    assert_memory_equal(question, "more?", 5);
    string_builder_append(reply, "yes ");
    return (*left)-- > 0 || error_set(error, ERROR_TEMPORARY, "the server has gone");
}

static void test_it_may_ask(void **state)
{
    struct error error = { .kind = ERROR_NONE };
    struct string_builder reply;
    struct confined *confined = start("patient");
    int left = 3;
    struct confined_call call = {
        .request = "ask", .length = 4, .descriptor = -1, .answer = answer_with, .payload = &left
    };
    (void)state;
    string_builder_init(&reply, 0);
    assert_true(confined_call(confined, &call, &reply, &error));
    assert_string_equal(reply.data, "yes yes yes ");
    left = 1;
    assert_false(confined_call(confined, &call, &reply, &error));
    assert_int_equal(error.kind, ERROR_TEMPORARY);
    assert_string_equal(error.message, "the server has gone");
    /* Who may ask nothing, and asks, says what it may not. */
    (void)say(confined, "ask", CONFINED_FLOODED);
    string_builder_release(&reply);
    stop();
}

static void test_a_file_is_handed_over(void **state)
{
    struct error error = { .kind = ERROR_NONE };
    struct string_builder reply;
    struct confined *confined = start("patient");
    int file = memfd_create("file", MFD_CLOEXEC);
    struct confined_call call = { .request = "read", .length = 5, .descriptor = file };
    (void)state;
    assert_int_equal(write(file, "pixels", 6), 6);
    string_builder_init(&reply, 0);
    for (int i = 0; i < 200; i++) { /* and is closed there each time */
        assert_true(confined_call(confined, &call, &reply, &error));
        assert_string_equal(reply.data, "pixels");
    }
    (void)close(file);
    string_builder_release(&reply);
    stop();
}

/* Holds I13. */
static void test_it_has_no_rights(void **state)
{
    struct error error = { .kind = ERROR_NONE };
    struct string_builder reply;
    struct confined *confined = start("patient");
    int file = open("/dev/null", O_RDONLY | O_CLOEXEC);
    struct confined_call call = { .request = "try", .length = 4, .descriptor = file };
    (void)state;
    string_builder_init(&reply, 0);
    assert_true(confined_call(confined, &call, &reply, &error));
    int tried = 0;
    for (char *line = strtok(reply.data, "\n"); line; line = strtok(NULL, "\n")) {
        const char *number = strchr(line, ' ') + 1;
        int expected = strncmp(line, "clone3", 6) == 0 ? ENOSYS : EPERM;
        if (atoi(number) != expected)
            fail_msg("%s", line);
        tried++;
    }
    assert_int_equal(tried, 15);
    (void)close(file);
    string_builder_release(&reply);
    stop();
}

/* Nobody is left behind: template and worker end with the process that started them. */
static void test_they_die_with_their_parent(void **state)
{
    struct error error = { .kind = ERROR_NONE };
    int held[2];
    char byte = 0;
    (void)state;
    assert_int_equal(prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0), 0); /* they become ours */
    assert_int_equal(pipe(held), 0);
    pid_t parent = fork();
    if (parent == 0) {
        started = confined_open("patient", NULL, 0, &error);
        if (!started)
            _exit(1);
        (void)say(started, "echo", CONFINED_REPLIED);
        (void)!write(held[1], "x", 1);
        (void)pause();
        _exit(1);
    }
    (void)close(held[1]); /* the child's alone, so that its end is noticed */
    assert_int_equal(read(held[0], &byte, 1), 1);
    assert_int_equal(kill(parent, SIGKILL), 0);
    for (int i = 0; i < 3; i++)
        assert_true(waitpid(-1, NULL, 0) > 0);
    assert_int_equal(waitpid(-1, NULL, 0), -1);
    (void)close(held[0]);
}

#define TEST(function) cmocka_unit_test_teardown(function, tear_down)

int main(int count, char **argv)
{
    confined_register(functions);
    confined_serve(count, argv);
    (void)setenv("SECRET", "nobody reads this", 1);
    (void)open("/dev/null", O_RDONLY); /* without close-on-exec, as a library might */
    const struct CMUnitTest tests[] = {
        TEST(test_it_answers),
        TEST(test_its_errors_are_of_one_file),
        TEST(test_what_to_do_crosses_the_border),
        TEST(test_a_template_that_cannot_begin_says_why),
        TEST(test_one_that_dies_is_followed_by_another),
        TEST(test_one_that_does_not_end_is_ended),
        TEST(test_it_may_ask),
        TEST(test_a_file_is_handed_over),
        TEST(test_it_has_no_rights),
        TEST(test_they_die_with_their_parent),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
