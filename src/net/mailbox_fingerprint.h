/* SPDX-License-Identifier: MIT */
#ifndef NET_MAILBOX_FINGERPRINT_H
#define NET_MAILBOX_FINGERPRINT_H

#include "net/mailbox.h"

#include <sys/stat.h>

/* Inside net/ only: whether a file or two have changed since they were read, by their times and
 * sizes, which also a file system over a network tells. */

struct mailbox_fingerprint {
    int directory;
    const char *names[2]; /* the second may be NULL; live as long as this */
    struct stat seen[2];
    const volatile sig_atomic_t *stop;
    void (*heartbeat)(void);
};

/* Before they are read. */
void mailbox_fingerprint_take(struct mailbox_fingerprint *fingerprint,
                              const struct mailbox_settings *settings, int directory,
                              const char *first, const char *second);

/* Until they have changed, that time or a minute has passed, or told to stop. */
void mailbox_fingerprint_wait(struct mailbox_fingerprint *fingerprint, int64_t most_ms);

#endif
