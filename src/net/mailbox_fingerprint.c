/* SPDX-License-Identifier: MIT */
#include "net/mailbox_fingerprint.h"

#include "base/clock.h"

#include <fcntl.h>
#include <poll.h>

/* A second message within one tick of the file system's clock changes no time stamp, so the mailbox
 * is read again after TRUST_MS even where nothing seems to have changed. */
enum { POLL_MS = 300, TRUST_MS = 60 * 1000, FINGERPRINT_FILES = 2 };

static void read_status(const struct mailbox_fingerprint *fingerprint,
                        struct stat found[FINGERPRINT_FILES])
{
    for (int i = 0; i < FINGERPRINT_FILES; i++) {
        found[i] = (struct stat){ 0 }; /* of what is not there */
        if (fingerprint->names[i])
            (void)fstatat(fingerprint->directory, fingerprint->names[i], &found[i], 0);
    }
}

void mailbox_fingerprint_take(struct mailbox_fingerprint *fingerprint,
                              const struct mailbox_settings *settings, int directory,
                              const char *first, const char *second)
{
    *fingerprint = (struct mailbox_fingerprint){ .directory = directory,
                                                 .names = { first, second },
                                                 .stop = settings->stop,
                                                 .heartbeat = settings->heartbeat };
    read_status(fingerprint, fingerprint->seen);
}

static bool has_changed(const struct mailbox_fingerprint *fingerprint)
{
    struct stat found[FINGERPRINT_FILES];
    read_status(fingerprint, found);
    for (int i = 0; i < FINGERPRINT_FILES; i++) {
        const struct stat *seen = &fingerprint->seen[i];
        if (found[i].st_ino != seen->st_ino || found[i].st_size != seen->st_size ||
            found[i].st_mtim.tv_sec != seen->st_mtim.tv_sec ||
            found[i].st_mtim.tv_nsec != seen->st_mtim.tv_nsec)
            return true;
    }
    return false;
}

void mailbox_fingerprint_wait(struct mailbox_fingerprint *fingerprint, int64_t most_ms)
{
    int64_t until_ms = clock_monotonic_now() + (most_ms < TRUST_MS ? most_ms : TRUST_MS);
    while (!fingerprint->stop || !*fingerprint->stop) {
        int64_t left_ms = until_ms - clock_monotonic_now();
        if (has_changed(fingerprint) || left_ms <= 0)
            return;
        if (fingerprint->heartbeat)
            fingerprint->heartbeat();
        (void)poll(NULL, 0, (int)(left_ms < POLL_MS ? left_ms : POLL_MS)); /* a signal ends it */
    }
}
