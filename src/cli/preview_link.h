/* SPDX-License-Identifier: MIT */
#ifndef CLI_PREVIEW_LINK_H
#define CLI_PREVIEW_LINK_H

struct command_context;

/* Inside cli/ only: `preview --link FILE`: prints a link to what a run has made of the file. The
 * database and the keys are open. */
int preview_link(struct command_context *context);

#endif
