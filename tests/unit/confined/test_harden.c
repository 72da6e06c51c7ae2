/* SPDX-License-Identifier: MIT */
#include "cmocka_all.h"

#include "base/error.h"
#include "confined/confined.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* In a process of its own: what it lost, it lost for good. Answers by the line of what was wrong.
 */
#define MUST(condition)                                                                            \
    do {                                                                                           \
        if (!(condition))                                                                          \
            _exit(__LINE__ & 0xff);                                                                \
    } while (0)

static void *write_byte(void *payload)
{
    const int *ends = payload;
    return write(ends[1], "x", 1) == 1 ? payload : NULL;
}

static void try_what_is_refused(void)
{
    char name[] = "true";
    char *const arguments[] = { name, NULL };
    MUST(execv("/bin/true", arguments) == -1 && errno == EPERM);
#ifndef PRESSROOM_SANITIZED
    MUST(fork() == -1);
    MUST(vfork() == -1);
    MUST(ptrace(PTRACE_TRACEME, 0, NULL, NULL) == -1 && errno == EPERM);
#endif
    MUST(mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) ==
         MAP_FAILED);
    void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    MUST(page != MAP_FAILED);
    MUST(mprotect(page, 4096, PROT_READ | PROT_EXEC) == -1 && errno == EPERM);
    MUST(munmap(page, 4096) == 0);
    MUST(memfd_create("x", 0) == -1 && errno == EPERM);
}

/* Nor does it reach anybody: those who speak with it came to it. */
static void try_to_reach_others(int connected)
{
    struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(25) };
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    MUST(socket(AF_INET, SOCK_STREAM, 0) == -1 && errno == EPERM);
    MUST(socket(AF_UNIX, SOCK_DGRAM, 0) == -1 && errno == EPERM);
    MUST(connect(connected, (struct sockaddr *)&to, sizeof to) == -1 && errno == EPERM);
    MUST(bind(connected, (struct sockaddr *)&to, sizeof to) == -1 && errno == EPERM);
    MUST(sendto(connected, "x", 1, 0, (struct sockaddr *)&to, sizeof to) == -1 && errno == EPERM);
#ifndef PRESSROOM_SANITIZED
    MUST(kill(getppid(), 0) == -1 && errno == EPERM);
    MUST(syscall(SYS_tgkill, getppid(), getppid(), 0) == -1 && errno == EPERM);
    MUST(syscall(SYS_tgkill, getpid(), gettid(), 0) == 0);
#endif
}

static void try_what_a_server_does(void)
{
    int ends[2];
    char byte = 0;
    pthread_t thread;
    void *result = NULL;
    int file = open("/dev/null", O_RDWR | O_CLOEXEC);
    MUST(file >= 0 && close(file) == 0);
    MUST(socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0);
    MUST(pthread_create(&thread, NULL, write_byte, ends) == 0);
    MUST(pthread_join(thread, &result) == 0 && result == ends);
    MUST(read(ends[0], &byte, 1) == 1 && byte == 'x');
    try_to_reach_others(ends[0]);
    MUST(send(ends[0], "y", 1, MSG_NOSIGNAL) == 1 && read(ends[1], &byte, 1) == 1 && byte == 'y');
}

/* A socket that listens on loopback, and one that has called it. */
static void make_caller(int *listening, int *caller)
{
    struct sockaddr_in address = { .sin_family = AF_INET };
    socklen_t length = sizeof address;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    *listening = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    *caller = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_return_code(bind(*listening, (struct sockaddr *)&address, sizeof address), errno);
    assert_return_code(listen(*listening, 1), errno);
    assert_return_code(getsockname(*listening, (struct sockaddr *)&address, &length), errno);
    assert_return_code(connect(*caller, (struct sockaddr *)&address, sizeof address), errno);
}

/* Whoever asks comes in by a socket that was there before. */
static void try_to_answer(int listening, int caller)
{
    char byte = 0;
    int called = accept4(listening, NULL, NULL, SOCK_CLOEXEC);
    MUST(called >= 0 && write(called, "z", 1) == 1 && close(called) == 0);
    MUST(read(caller, &byte, 1) == 1 && byte == 'z');
}

static void what_has_settled_becomes_no_other_program(void **state)
{
    (void)state;
    int status = 0;
    int listening;
    int caller;
    make_caller(&listening, &caller);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        struct error error;
        MUST(confined_harden(&error));
        try_what_is_refused();
        try_what_a_server_does();
        try_to_answer(listening, caller);
        _exit(0);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
    (void)close(caller);
    (void)close(listening);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_has_settled_becomes_no_other_program),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
