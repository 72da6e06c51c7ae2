/* SPDX-License-Identifier: MIT */
#ifndef CLI_MACHINE_H
#define CLI_MACHINE_H

#include <stdbool.h>
#include <stdint.h>

/* Inside cli/ only: what the machine lets us work with, for `doctor` and for mails to operators. */

/* Below it publishing and mailing may fail. */
enum { MACHINE_ROOM_MB = 100 };

struct machine_room {
    int64_t free_mb;
    bool is_out_of_files;
    bool is_short; /* of either */
};

/* Of the disk that holds path. False: it could not be asked. */
bool machine_room(const char *path, struct machine_room *room);

/* Whether the kernel knows of something that keeps the clock right. */
bool machine_clock_is_kept(void);

#endif
