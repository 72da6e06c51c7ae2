/* SPDX-License-Identifier: MIT */
#ifndef DATABASE_TURN_H
#define DATABASE_TURN_H

#include <stdbool.h>

struct error;

/* Inside database/ only: whose turn it is to write. Two lock files: one waits at the first for the
 * second, so that whoever comes back at once finds the first one taken and cannot overtake. The
 * kernel frees both with the process. */
struct turn {
    int queue_lock; /* held by the next in turn */
    int write_lock; /* held by the one whose turn it is */
};

/* Opens both files in directory (made with mode 0600 where they are not there); -1: no locks at
 * all. */
bool turn_open(struct turn *turn, int directory, struct error *error);
void turn_close(struct turn *turn);

bool turn_take(const struct turn *turn, struct error *error);
void turn_give(const struct turn *turn);

#endif
