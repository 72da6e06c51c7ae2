/* SPDX-License-Identifier: MIT */
#ifndef CLI_WATCH_H
#define CLI_WATCH_H

struct command_context;

/* Inside cli/ only: commands that run until SIGTERM or SIGINT and then end with EXIT_WELL. SIGHUP
 * reads the configuration again; one that cannot be used is logged, and the old one stays. A step
 * that fails is logged once for each different failure, and tried again with growing pauses.
 *
 * `run --watch` is one process for ingest, publish and announce, with a child process each for
 * sending and for the mailbox, so that nothing that is read, rendered or waited for there delays a
 * mail. They share nothing but the newsroom's files, as separate runs do. */
int watch_run(struct command_context *context);

/* Sends what comes due, within 2 seconds of its being queued. */
int watch_deliver(struct command_context *context);

/* Collects a message within a second of its arrival where the mailbox can notify, else once a
 * minute. */
int watch_collect(struct command_context *context);

#endif
