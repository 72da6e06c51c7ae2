/* SPDX-License-Identifier: MIT */
#ifndef CLI_INBOX_H
#define CLI_INBOX_H

#include <stdbool.h>

struct command_context;
struct error;
struct inbound_settings;
struct inbound_totals;
struct json_t;
struct mailbox;

/* Inside cli/ only: mail.inbox, which is configured, opened. NULL as mailbox_open(); the caller
 * closes. */
struct mailbox *inbox_open(struct command_context *context, struct error *error);

/* What inbound/ needs of the configuration. */
struct inbound_settings inbox_settings(const struct command_context *context);

/* Prints the totals: a member of report where that is not NULL, else a line. */
void collect_report(const struct command_context *context, struct json_t *report,
                    const struct inbound_totals *totals, bool done);

/* One message from standard input: EXIT_LATER where it is not recorded, whatever the reason. */
int collect_stdin(struct command_context *context);

#endif
