/* SPDX-License-Identifier: MIT */
#ifndef CLI_INBOX_H
#define CLI_INBOX_H

struct command_context;
struct error;
struct inbound_settings;
struct mailbox;

/* mail.inbox, which is configured, opened. NULL as mailbox_open(); the caller closes. */
struct mailbox *inbox_open(struct command_context *context, struct error *error);

/* What inbound/ needs of the configuration. */
struct inbound_settings inbox_settings(const struct command_context *context);

#endif
