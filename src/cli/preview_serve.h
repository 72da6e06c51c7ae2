/* SPDX-License-Identifier: MIT */
#ifndef CLI_PREVIEW_SERVE_H
#define CLI_PREVIEW_SERVE_H

struct command_context;

/* Inside cli/ only: `preview --serve`: shows a file in a browser while it is written, until SIGINT
 * or SIGTERM. The configuration and the database are open. The exit code. */
int preview_serve(struct command_context *context);

#endif
