/* SPDX-License-Identifier: MIT */
#include "database/turn.h"

#include "base/error.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

static const char queue_file[] = "database.queue";
static const char write_file[] = "database.lock";

static bool lock_open(int directory, const char *name, int *descriptor, struct error *error)
{
    *descriptor = openat(directory, name, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (*descriptor >= 0)
        return true;
    return error_set_errno(error, ERROR_SYSTEM, errno, "state/%s", name);
}

bool turn_open(struct turn *turn, int directory, struct error *error)
{
    *turn = (struct turn){ -1, -1 };
    if (directory < 0)
        return true;
    if (lock_open(directory, queue_file, &turn->queue_lock, error) &&
        lock_open(directory, write_file, &turn->write_lock, error))
        return true;
    turn_close(turn);
    return false;
}

void turn_close(struct turn *turn)
{
    if (turn->queue_lock >= 0)
        (void)close(turn->queue_lock);
    if (turn->write_lock >= 0)
        (void)close(turn->write_lock);
    *turn = (struct turn){ -1, -1 };
}

static bool lock_wait(int descriptor, const char *name, struct error *error)
{
    while (flock(descriptor, LOCK_EX) != 0) {
        if (errno != EINTR)
            return error_set_errno(error, ERROR_SYSTEM, errno, "state/%s: lock", name);
    }
    return true;
}

bool turn_take(const struct turn *turn, struct error *error)
{
    if (turn->write_lock < 0)
        return true;
    if (!lock_wait(turn->queue_lock, queue_file, error))
        return false;
    bool done = lock_wait(turn->write_lock, write_file, error);
    (void)flock(turn->queue_lock, LOCK_UN);
    return done;
}

void turn_give(const struct turn *turn)
{
    if (turn->write_lock >= 0)
        (void)flock(turn->write_lock, LOCK_UN);
}
