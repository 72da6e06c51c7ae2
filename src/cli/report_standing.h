/* SPDX-License-Identifier: MIT */
#ifndef CLI_REPORT_STANDING_H
#define CLI_REPORT_STANDING_H

struct command_context;
struct standing;

/* Inside cli/ only: what counts against an address, as `subscriber show` prints it: a line, and
 * below the events each bounce and each probe. */
void report_standing_print(struct command_context *context, const struct standing *standing);
void report_standing_print_returns(struct command_context *context,
                                   const struct standing *standing);

#endif
