/* SPDX-License-Identifier: MIT */
#include "net/mailbox_stamp.h"

#include "base/clock.h"

#include <fcntl.h>
#include <poll.h>

/* A second message within a tick of the file system's clock changes no time: so it is looked at now
 * and then whatever the times say. */
enum { LOOK_MS = 300, TRUST_MS = 60 * 1000, STAMP_NAMES = 2 };

static void look(const struct mailbox_stamp *stamp, struct stat found[STAMP_NAMES])
{
    for (int i = 0; i < STAMP_NAMES; i++) {
        found[i] = (struct stat){ 0 }; /* of what is not there */
        if (stamp->names[i])
            (void)fstatat(stamp->directory, stamp->names[i], &found[i], 0);
    }
}

void mailbox_stamp_take(struct mailbox_stamp *stamp, const struct mailbox_settings *settings,
                        int directory, const char *first, const char *second)
{
    *stamp = (struct mailbox_stamp){ .directory = directory,
                                     .names = { first, second },
                                     .stop = settings->stop,
                                     .beat = settings->beat };
    look(stamp, stamp->seen);
}

static bool has_changed(const struct mailbox_stamp *stamp)
{
    struct stat found[STAMP_NAMES];
    look(stamp, found);
    for (int i = 0; i < STAMP_NAMES; i++) {
        const struct stat *seen = &stamp->seen[i];
        if (found[i].st_ino != seen->st_ino || found[i].st_size != seen->st_size ||
            found[i].st_mtim.tv_sec != seen->st_mtim.tv_sec ||
            found[i].st_mtim.tv_nsec != seen->st_mtim.tv_nsec)
            return true;
    }
    return false;
}

void mailbox_stamp_wait(struct mailbox_stamp *stamp, int64_t most_ms)
{
    int64_t until_ms = clock_monotonic_now() + (most_ms < TRUST_MS ? most_ms : TRUST_MS);
    while (!stamp->stop || !*stamp->stop) {
        int64_t left_ms = until_ms - clock_monotonic_now();
        if (has_changed(stamp) || left_ms <= 0)
            return;
        if (stamp->beat)
            stamp->beat();
        (void)poll(NULL, 0, (int)(left_ms < LOOK_MS ? left_ms : LOOK_MS)); /* a signal ends it */
    }
}
