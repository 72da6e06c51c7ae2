/* SPDX-License-Identifier: MIT */
#include "confined/spawn.h"

#include "confined/process.h"

#include "base/error.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { ABOVE_STANDARD = 10, ENVIRONMENT_MAXIMUM = 64 };

static const char itself[] = "/proc/self/exe";
static const char *program = itself;

/* In the environment of what we start. */
#define STARTED_MARK "PRESSROOM_STARTED_CONFINED"

void confined_set_program(const char *path)
{
    program = path;
}

/* A program that registers no functions would ignore the argument, run its own main(), and start
 * itself again without end. */
static bool may_start(struct error *error)
{
    bool was_started = getenv(STARTED_MARK) != NULL; /* NOLINT(concurrency-mt-unsafe) */
    if (!was_started && (program != itself || confined_is_registered()))
        return true;
    return error_set(error, ERROR_SYSTEM, "this program is none that can read confined");
}

bool spawn_line(int *ours, int *theirs, struct error *error)
{
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
        return error_set_errno(error, ERROR_SYSTEM, errno, "no line to a process can be made");
    *ours = ends[0];
    *theirs = fcntl(ends[1], F_DUPFD_CLOEXEC, ABOVE_STANDARD);
    (void)close(ends[1]);
    if (*theirs >= 0 && fcntl(*ours, F_SETFL, O_NONBLOCK) == 0)
        return true;
    (void)close(*ours);
    if (*theirs >= 0)
        (void)close(*theirs);
    return error_set_errno(error, ERROR_SYSTEM, errno, "no line to a process can be made");
}

/* The environment is not inherited, because it may hold secrets; only what locates libraries, and
 * what tests need, is passed on. */
static bool is_kept(const char *variable)
{
    static const char *const prefixes[] = {
        "LD_LIBRARY_PATH=",
#ifdef PRESSROOM_TEST_HOOKS
        "PRESSROOM_",       "LD_PRELOAD=", "ASAN_OPTIONS=", "UBSAN_OPTIONS=", "LLVM_PROFILE_FILE=",
#endif
    };
    for (size_t i = 0; i < sizeof prefixes / sizeof prefixes[0]; i++)
        if (strncmp(variable, prefixes[i], strlen(prefixes[i])) == 0)
            return true;
    return false;
}

static void make_environment(char *environment[ENVIRONMENT_MAXIMUM + 1])
{
    /* One heap: each further one would take 64 MB of the address space there is. */
    static char heaps[] = "MALLOC_ARENA_MAX=1";
    static char language[] = "LC_ALL=C.UTF-8";
    static char mark[] = STARTED_MARK "=1";
    size_t count = 0;
    environment[count++] = heaps;
    environment[count++] = language;
    environment[count++] = mark;
    for (char **variable = environ; *variable && count < ENVIRONMENT_MAXIMUM; variable++)
        if (is_kept(*variable))
            environment[count++] = *variable;
    environment[count] = NULL;
}

/* Standard error goes to /dev/null too, because what a library prints may quote hostile input,
 * which must not reach the log. */
static bool set_files(posix_spawn_file_actions_t *actions, int socket)
{
    bool done = posix_spawn_file_actions_adddup2(actions, socket, CONFINED_SOCKET) == 0 &&
                posix_spawn_file_actions_addopen(actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0) ==
                    0 &&
                posix_spawn_file_actions_addopen(actions, STDOUT_FILENO, "/dev/null", O_WRONLY,
                                                 0) == 0;
#ifndef PRESSROOM_SANITIZED /* whose reports stand there */
    done = done &&
           posix_spawn_file_actions_addopen(actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0) == 0;
#endif
    return done && posix_spawn_file_actions_addclosefrom_np(actions, CONFINED_SOCKET + 1) == 0;
}

/* A group of its own, so that Ctrl-C at the terminal asks us alone: a reader that was interrupted
 * would look like one that died of what it read. */
static bool set_attributes(posix_spawnattr_t *attributes)
{
    sigset_t none;
    sigset_t all;
    (void)sigemptyset(&none);
    (void)sigfillset(&all);
    return posix_spawnattr_setflags(attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK |
                                                    POSIX_SPAWN_SETSIGDEF) == 0 &&
           posix_spawnattr_setsigmask(attributes, &none) == 0 &&
           posix_spawnattr_setsigdefault(attributes, &all) == 0;
}

static int spawn(const char *function, int socket, pid_t *process)
{
    static char name[] = "pressroom";
    static char word[] = CONFINED_WORD;
    char *environment[ENVIRONMENT_MAXIMUM + 1];
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    char *copy = strdup(function);
    char *const words[] = { name, word, copy, NULL };
    make_environment(environment);
    (void)posix_spawn_file_actions_init(&actions);
    (void)posix_spawnattr_init(&attributes);
    int failure = copy && set_files(&actions, socket) && set_attributes(&attributes)
                      ? posix_spawn(process, program, &actions, &attributes, words, environment)
                      : ENOMEM;
    (void)posix_spawn_file_actions_destroy(&actions);
    (void)posix_spawnattr_destroy(&attributes);
    free(copy);
    return failure;
}

bool spawn_template(const char *function, pid_t *process, int *socket, struct error *error)
{
    int theirs;
    if (!may_start(error) || !spawn_line(socket, &theirs, error))
        return false;
    int failure = spawn(function, theirs, process);
    (void)close(theirs);
    if (failure == 0)
        return true;
    (void)close(*socket);
    return error_set_errno(error, ERROR_SYSTEM, failure,
                           "%s: cannot be started again to read confined", program);
}
