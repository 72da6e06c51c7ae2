/* SPDX-License-Identifier: MIT */
#ifndef CLI_DROP_WATCH_H
#define CLI_DROP_WATCH_H

#include <stdbool.h>

/* The kernel's word that something changed in the drop directory or in a release folder (inotify).
 * It is a hint, never the truth: some file systems give none, and shares give only part of it, so
 * that whoever uses it looks for himself now and then. */
struct drop_watch;

/* Never NULL. path is borrowed. */
struct drop_watch *drop_watch_open(const char *path);

/* To wait for; -1: no word will come. */
int drop_watch_descriptor(const struct drop_watch *watch);

/* Reads what has come. True: something changed. */
bool drop_watch_take(struct drop_watch *watch);

/* Now and then: begins anew where the directory was moved, or the kernel had no room. */
void drop_watch_renew(struct drop_watch *watch);

/* Takes NULL. */
void drop_watch_close(struct drop_watch *watch);

#endif
