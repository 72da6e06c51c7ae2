/* SPDX-License-Identifier: MIT */
#ifndef CLI_DROP_WATCH_H
#define CLI_DROP_WATCH_H

#include <stdbool.h>

/* Inside cli/ only: hints from the kernel (inotify) that something changed in the drop directory or
 * in a release folder. Some file systems give none, and network shares only those of this machine's
 * changes, so the caller also scans now and then. */
struct drop_watch;

/* Never NULL. path is borrowed. */
struct drop_watch *drop_watch_open(const char *path);

/* To be polled; -1: no hints will come. */
int drop_watch_descriptor(const struct drop_watch *watch);

/* Reads what has come. True: something changed. */
bool drop_watch_take(struct drop_watch *watch);

/* Called now and then: sets the watches again where the directory was moved, or the kernel had no
 * room for all. */
void drop_watch_renew(struct drop_watch *watch);

/* Takes NULL. */
void drop_watch_close(struct drop_watch *watch);

#endif
