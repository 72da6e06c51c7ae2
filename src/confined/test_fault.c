/* SPDX-License-Identifier: MIT */
#include "confined/process.h"

#ifdef PRESSROOM_TEST_HOOKS
#include <fcntl.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

enum {
    FAULT_GOT_THROUGH = 99,
    GROW_BY = 1024 * 1024,
    GROW_TIMES = 4096,
    LOOK_AT_MAXIMUM = 16 * 1024 * 1024
};

static void crash(int socket)
{
    (void)socket;
    volatile char *nowhere = mmap(NULL, 1, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    *nowhere = 1;
}

static void hang(int socket)
{
    char byte;
    for (;;) /* the parent says nothing before it has its answer */
        (void)!read(socket, &byte, 1);
}

static void spin(int socket)
{
    (void)socket;
    for (volatile unsigned long turns = 0;; turns++)
        ;
}

static void flood(int socket)
{
    static const char bytes[65536] = "pressroom";
    while (write(socket, bytes, sizeof bytes) > 0)
        ;
    _exit(0);
}

static void grow(int socket)
{
    char *bytes;
    (void)socket;
    for (int i = 0; i < GROW_TIMES && (bytes = malloc(GROW_BY)) != NULL; i++)
        memset(bytes, 1, GROW_BY);
    _exit(CONFINED_EXIT_MEMORY);
}

/* What is forbidden, past all that a library puts before it. */
static void open_file(int socket)
{
    (void)socket;
    if (syscall(SYS_openat, AT_FDCWD, "/etc/passwd", O_RDONLY) >= 0)
        _exit(FAULT_GOT_THROUGH);
}

static void connect_somewhere(int socket)
{
    const struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons(25) };
    (void)socket;
    int network = (int)syscall(SYS_socket, AF_INET, SOCK_STREAM, 0);
    if (network >= 0 || syscall(SYS_connect, socket, &address, sizeof address) == 0)
        _exit(FAULT_GOT_THROUGH);
}

static void fork_process(int socket)
{
    (void)socket;
    if (syscall(SYS_clone, 17 /* SIGCHLD */, 0, 0, 0, 0) >= 0)
        _exit(FAULT_GOT_THROUGH);
}

static void execute(int socket)
{
    char program[] = "/bin/true";
    char *const words[] = { program, NULL };
    (void)socket;
    (void)syscall(SYS_execve, program, words, NULL);
}

static const struct {
    const char *name;
    void (*run)(int socket);
} faults[] = {
    { "crash", crash },
    { "hang", hang },
    { "spin", spin },
    { "flood", flood },
    { "grow", grow },
    { "open", open_file },
    { "connect", connect_somewhere },
    { "fork", fork_process },
    { "exec", execute },
};

static bool file_holds(int descriptor, const char *marker)
{
    char *bytes = descriptor >= 0 ? malloc(LOOK_AT_MAXIMUM) : NULL;
    ssize_t length = bytes ? pread(descriptor, bytes, LOOK_AT_MAXIMUM, 0) : -1;
    bool found = length > 0 && memmem(bytes, (size_t)length, marker, strlen(marker)) != NULL;
    free(bytes);
    return found;
}

static const char *fault_wanted(const char *function)
{
    const char *wanted = getenv("PRESSROOM_CONFINED_FAULT"); /* NOLINT(concurrency-mt-unsafe) */
    size_t length = strlen(function);
    return wanted && strncmp(wanted, function, length) == 0 && wanted[length] == ':'
               ? wanted + length + 1
               : NULL;
}

static void run_fault(const char *what, size_t length, int socket)
{
    for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++)
        if (strlen(faults[i].name) == length && strncmp(faults[i].name, what, length) == 0)
            faults[i].run(socket);
}

void fault_confined(const char *function, const void *request, size_t length, int descriptor,
                    int socket)
{
    const char *what = fault_wanted(function);
    const char *colon = what ? strchr(what, ':') : NULL;
    if (colon && (memmem(request, length, colon + 1, strlen(colon + 1)) ||
                  file_holds(descriptor, colon + 1)))
        run_fault(what, (size_t)(colon - what), socket);
}

void fault_hardened(void)
{
    const char *what = fault_wanted("settled");
    if (what)
        run_fault(what, strcspn(what, ":"), -1);
}
#else
/* A translation unit holds at least one declaration (C17 section 6.9). */
extern int confined_faults_are_off;
#endif
