/* SPDX-License-Identifier: MIT */
#include "base/error.h"
#include "confined/confined.h"

#include <dlfcn.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* From the folder of the program. */
static bool object_path(char *path, size_t size, const char *name, struct error *error)
{
    char program[PATH_MAX];
    ssize_t length = readlink("/proc/self/exe", program, sizeof program - 1);
    if (length < 0)
        return error_set(error, ERROR_SYSTEM,
                         "/proc/self/exe: cannot be read" ERROR_ADVICE "mount /proc");
    program[length] = '\0';
    char *slash = strrchr(program, '/');
    if (slash)
        slash[1] = '\0';
    int written = snprintf(path, size, "%s../lib/pressroom/%s.so", program, name);
    return (written > 0 && (size_t)written < size) ||
           error_set(error, ERROR_SYSTEM, "%s: path too long", program);
}

const void *confined_load(const char *name, const char *symbol, const char *library, int version,
                          struct error *error)
{
    char path[PATH_MAX];
    if (!object_path(path, sizeof path, name, error))
        return NULL;
    void *handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    const void *object = handle ? dlsym(handle, symbol) : NULL;
    if (!object) {
        const char *reason = dlerror(); /* NOLINT(concurrency-mt-unsafe): one thread alone */
        (void)error_set(error, ERROR_SYSTEM, "%s" ERROR_ADVICE "install all of pressroom, and %s",
                        reason ? reason : path, library);
    } else if (*(const int *)object != version) {
        (void)error_set(error, ERROR_SYSTEM,
                        "%s.so: is of another version" ERROR_ADVICE "install pressroom anew", name);
        return NULL;
    }
    return object;
}
