/* SPDX-License-Identifier: MIT */
#include "database/database.h"

#include <stdio.h>
#include <sys/stat.h>
#include <time.h>

/* The kernel dates files by a clock that ticks every 1 to 10 ms, and can be read. */
enum { LOOKS_MAXIMUM = 20, LOOK_NS = 1000000 };

static int64_t nanoseconds(struct timespec time)
{
    return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

/* A file that is not there is all zeros. */
static int64_t file_stamp(const char *path, int64_t parts[3])
{
    struct stat status = { 0 };
    if (stat(path, &status) != 0)
        status = (struct stat){ 0 };
    parts[0] = (int64_t)status.st_ino;
    parts[1] = (int64_t)status.st_size;
    parts[2] = nanoseconds(status.st_mtim);
    return parts[2];
}

/* All commits are in the journal first (-wal), and come into the file itself from there. */
bool database_stamp_read(const char *path, struct database_stamp *stamp)
{
    char journal[4096];
    struct timespec now;
    *stamp = (struct database_stamp){ 0 };
    if ((size_t)snprintf(journal, sizeof journal, "%s-wal", path) >= sizeof journal ||
        clock_gettime(CLOCK_REALTIME_COARSE, &now) != 0)
        return false;
    int64_t file_ns = file_stamp(path, stamp->parts);
    (void)file_stamp(journal, stamp->parts + 3);
    if (!stamp->parts[4]) /* an empty journal is made and removed by each who opens the store */
        stamp->parts[3] = stamp->parts[5] = 0;
    int64_t newest_ns = stamp->parts[5] > file_ns ? stamp->parts[5] : file_ns;
    return newest_ns < nanoseconds(now);
}

bool database_stamp_settle(const char *path, struct database_stamp *stamp)
{
    const struct timespec moment = { .tv_nsec = LOOK_NS };
    bool is_settled = database_stamp_read(path, stamp);
    for (int i = 0; !is_settled && i < LOOKS_MAXIMUM; i++) {
        (void)nanosleep(&moment, NULL);
        is_settled = database_stamp_read(path, stamp);
    }
    return is_settled;
}
