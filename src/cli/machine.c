/* SPDX-License-Identifier: MIT */
#include "cli/machine.h"

#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <sys/timex.h>

enum { FILES_LEFT = 1000 };

/* For stories: PRESSROOM_MACHINE is "well", "full" or "adrift", whatever the machine is. */
static const char *pretended(void)
{
#ifdef PRESSROOM_TEST_HOOKS
    return getenv("PRESSROOM_MACHINE"); /* NOLINT(concurrency-mt-unsafe) */
#else
    return NULL;
#endif
}

bool machine_room(const char *path, struct machine_room *room)
{
    struct statvfs disk;
    const char *machine = pretended();
    if (statvfs(path, &disk) != 0)
        return false;
    *room = (struct machine_room){
        .free_mb = (int64_t)((uint64_t)disk.f_bavail * disk.f_frsize / 1024 / 1024),
        .is_out_of_files = disk.f_files > 0 && disk.f_favail < FILES_LEFT
    };
    if (machine && strcmp(machine, "full") == 0)
        room->free_mb = 12;
    room->is_short = room->free_mb < MACHINE_ROOM_MB || room->is_out_of_files;
    if (machine && strcmp(machine, "full") != 0)
        room->is_short = false;
    return true;
}

bool machine_clock_is_kept(void)
{
    struct timex state = { 0 };
    const char *machine = pretended();
    if (machine)
        return strcmp(machine, "adrift") != 0;
    return adjtimex(&state) >= 0 && !(state.status & STA_UNSYNC);
}
