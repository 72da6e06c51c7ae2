/* SPDX-License-Identifier: MIT */
#include "cli/drop_watch.h"

#include "base/log.h"
#include "base/memory.h"
#include "intake/intake.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

/* Folders are watched down to this depth, because releases use no deeper ones. */
enum { DEPTH_MAXIMUM = 5 /* two containers before them */, EVENTS_SIZE = 16384 };

/* Opening a file to write is no event here, because closing it is. */
static const uint32_t wanted = IN_CLOSE_WRITE | IN_CREATE | IN_DELETE | IN_MOVED_FROM |
                               IN_MOVED_TO | IN_DELETE_SELF | IN_MOVE_SELF;

struct drop_watch {
    const char *path;
    int descriptor;  /* of inotify; -1: none */
    int root;        /* watch of the directory itself; -1: lost */
    bool is_partial; /* the kernel had no room for all folders */
    bool is_reported;
};

static int watch_directory(struct drop_watch *watch, const char *path)
{
    int number = inotify_add_watch(watch->descriptor, path,
                                   wanted | IN_ONLYDIR | IN_DONT_FOLLOW | IN_EXCL_UNLINK);
    if (number < 0 && (errno == ENOSPC || errno == ENOMEM)) {
        watch->is_partial = true;
        if (!watch->is_reported)
            log_line(LOG_NOTICE,
                     "%s: the kernel watches no more folders (fs.inotify.max_user_watches); "
                     "changes in the others are seen a little later",
                     watch->path);
        watch->is_reported = true;
    }
    return number;
}

/* A folder that is watched already keeps its watch. */
static void watch_below(struct drop_watch *watch, const char *path, int depth)
{
    DIR *directory = depth < DEPTH_MAXIMUM && !watch->is_partial ? opendir(path) : NULL;
    if (!directory)
        return;
    const struct dirent *entry;
    while (!watch->is_partial && (entry = readdir(directory))) { /* NOLINT(concurrency-mt-unsafe) */
        char below[PATH_MAX];
        if ((entry->d_type != DT_DIR && entry->d_type != DT_UNKNOWN) || entry->d_name[0] == '.' ||
            (size_t)snprintf(below, sizeof below, "%s/%s", path, entry->d_name) >= sizeof below)
            continue;
        if (watch_directory(watch, below) >= 0)
            watch_below(watch, below, depth + 1);
    }
    (void)closedir(directory);
}

static void begin(struct drop_watch *watch)
{
    watch->root = -1;
    watch->is_partial = false;
    watch->descriptor = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    if (watch->descriptor < 0)
        return;
    watch->root = watch_directory(watch, watch->path);
    if (watch->root >= 0)
        watch_below(watch, watch->path, 0);
}

struct drop_watch *drop_watch_open(const char *path)
{
    struct drop_watch *watch = memory_allocate(sizeof *watch);
    watch->path = path;
    begin(watch);
    return watch;
}

void drop_watch_close(struct drop_watch *watch)
{
    if (watch && watch->descriptor >= 0)
        (void)close(watch->descriptor);
    free(watch);
}

int drop_watch_descriptor(const struct drop_watch *watch)
{
    return watch->root >= 0 ? watch->descriptor : -1;
}

void drop_watch_renew(struct drop_watch *watch)
{
    if (watch->root >= 0)
        return;
    if (watch->descriptor >= 0)
        (void)close(watch->descriptor);
    begin(watch);
}

/* One event. True: something changed for a reader of the directory. */
static bool take_event(struct drop_watch *watch, const struct inotify_event *event)
{
    const uint32_t lost = IN_IGNORED | IN_DELETE_SELF | IN_MOVE_SELF | IN_UNMOUNT;
    if (event->mask & IN_Q_OVERFLOW) {
        watch->root = -1; /* the next renewal sets all watches again */
        return true;
    }
    if (event->mask & lost) {
        if (event->wd == watch->root)
            watch->root = -1;
        return true;
    }
    if (event->wd == watch->root && event->len && strcmp(event->name, INTAKE_STATUS_PAGE) == 0)
        return false; /* written by ourselves */
    if (!(event->mask & IN_ISDIR))
        return (event->mask & IN_CREATE) == 0;
    if (event->mask & (IN_CREATE | IN_MOVED_TO)) {
        char path[PATH_MAX];
        bool fits = (size_t)snprintf(path, sizeof path, "%s/%s", watch->path, event->name) <
                    sizeof path;
        if (event->wd != watch->root)
            watch_below(watch, watch->path, 0);
        else if (fits && watch_directory(watch, path) >= 0)
            watch_below(watch, path, 1);
    }
    return true;
}

bool drop_watch_take(struct drop_watch *watch)
{
    _Alignas(struct inotify_event) char events[EVENTS_SIZE];
    bool changed = false;
    ssize_t length;
    while (watch->descriptor >= 0 &&
           (length = read(watch->descriptor, events, sizeof events)) > 0) {
        for (size_t at = 0; at < (size_t)length;) {
            struct inotify_event event;
            memcpy(&event, events + at, sizeof event);
            changed |= take_event(watch, (const struct inotify_event *)(const void *)(events + at));
            at += sizeof event + event.len;
        }
    }
    return changed;
}
