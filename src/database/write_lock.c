/* SPDX-License-Identifier: MIT */
#include "database/write_lock.h"

#include "base/error.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

static const char next_file[] = "database.queue";
static const char writer_file[] = "database.lock";

static bool lock_open(int directory, const char *name, int *descriptor, struct error *error)
{
    *descriptor = openat(directory, name, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (*descriptor >= 0)
        return true;
    return error_set_errno(error, ERROR_SYSTEM, errno, "state/%s", name);
}

bool write_lock_open(struct write_lock *write_lock, int directory, struct error *error)
{
    *write_lock = (struct write_lock){ -1, -1 };
    if (directory < 0)
        return true;
    if (lock_open(directory, next_file, &write_lock->next, error) &&
        lock_open(directory, writer_file, &write_lock->writer, error))
        return true;
    write_lock_close(write_lock);
    return false;
}

void write_lock_close(struct write_lock *write_lock)
{
    if (write_lock->next >= 0)
        (void)close(write_lock->next);
    if (write_lock->writer >= 0)
        (void)close(write_lock->writer);
    *write_lock = (struct write_lock){ -1, -1 };
}

static bool lock_wait(int descriptor, const char *name, struct error *error)
{
    while (flock(descriptor, LOCK_EX) != 0) {
        if (errno != EINTR)
            return error_set_errno(error, ERROR_SYSTEM, errno, "state/%s: lock", name);
    }
    return true;
}

bool write_lock_acquire(const struct write_lock *write_lock, struct error *error)
{
    if (write_lock->writer < 0)
        return true;
    if (!lock_wait(write_lock->next, next_file, error))
        return false;
    bool done = lock_wait(write_lock->writer, writer_file, error);
    (void)flock(write_lock->next, LOCK_UN);
    return done;
}

void write_lock_release(const struct write_lock *write_lock)
{
    if (write_lock->writer >= 0)
        (void)flock(write_lock->writer, LOCK_UN);
}
