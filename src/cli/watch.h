/* SPDX-License-Identifier: MIT */
#ifndef CLI_WATCH_H
#define CLI_WATCH_H

struct command_context;

/* Commands that stay until SIGTERM or SIGINT, then end with EXIT_WELL; SIGHUP reads the
 * configuration again, and a broken one is told and not used. A step that fails is told once for
 * each change of what is wrong, and tried again with growing pauses.
 *
 * `run --watch` is one process for ingest, publish and announce, and a companion of its own for
 * sending and for the mailbox each: nothing that is read, drawn or waited for there keeps a mail
 * from leaving. They share nothing but the newsroom's files, as separate runs do. */
int watch_run(struct command_context *context);

/* Sends what comes due, within 2 seconds of its being queued. */
int watch_deliver(struct command_context *context);

/* Reads what comes into the mailbox within a second of its coming, where the mailbox tells, else
 * once a minute. */
int watch_collect(struct command_context *context);

#endif
