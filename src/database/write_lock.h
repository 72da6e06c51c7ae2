/* SPDX-License-Identifier: MIT */
#ifndef DATABASE_WRITE_LOCK_H
#define DATABASE_WRITE_LOCK_H

#include <stdbool.h>

struct error;

/* Inside database/ only: the lock that a writing transaction holds, fair among processes. A process
 * that wants it first takes the lock file `next` and waits there for `writer`, so that who releases
 * it and comes back at once queues behind the others. The kernel releases both when a process ends.
 */
struct write_lock {
    int next;   /* lock file of who gets it next */
    int writer; /* lock file of who has it */
};

/* Opens both files in directory (made with mode 0600 where they are not there); -1: no locks at
 * all. */
bool write_lock_open(struct write_lock *write_lock, int directory, struct error *error);
void write_lock_close(struct write_lock *write_lock);

bool write_lock_acquire(const struct write_lock *write_lock, struct error *error);
void write_lock_release(const struct write_lock *write_lock);

#endif
